/**
 * Takes JSON apart, a chunk at a time. JSON lines: a record a line. JSON: the elements of a list, which is the whole
 * or stands under one of LIST_KEYS in an object around it; several such in a row (pages put together) are read as one.
 * Our own, for no library at hand reads a list without holding all of it. It follows brackets and strings only; every
 * element is left to JSON.parse.
 */
import { ExportError, type RawRecord, RECORD_CHARS_MAX, type Splitter } from './export-record.ts';

const LIST_KEYS = ['data', 'transactions', 'rows', 'items', 'results'];

export function jsonLineSplitter(): Splitter<unknown> {
  let [rest, line] = ['', 0];
  const take = (lines: readonly string[]): RawRecord<unknown>[] =>
    lines.flatMap((text) => {
      line++;
      return text.trim() === '' ? [] : [{ line, value: parse(text, line) }];
    });
  return {
    push(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > RECORD_CHARS_MAX)
        throw new ExportError(line + 1, 'the line is longer than a megabyte: is it a list?');
      return take(lines);
    },
    end: () => take([rest]),
  };
}

export function jsonListSplitter(): Splitter<unknown> {
  return new ListSplitter();
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ExportError(line, 'this is no JSON');
  }
}

/** True when the value is an object around a list. */
export function wrapsList(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some(([key, list]) => LIST_KEYS.includes(key) && Array.isArray(list))
  );
}

const [QUOTE, BACKSLASH, NEWLINE, COMMA] = [34, 92, 10, 44];
const [LEFT_BRACKET, RIGHT_BRACKET, LEFT_BRACE, RIGHT_BRACE] = [91, 93, 123, 125];

class ListSplitter implements Splitter<unknown> {
  private text = '';
  private at = 0;
  private line = 1;
  /** Open brackets of all kinds, and how many there are directly within the list; 0 = not in a list. */
  private depth = 0;
  private listDepth = 0;
  private inString = false;
  /** Where the element, or the string that may be a list's key, begins; −1 = nothing has to be kept. */
  private start = -1;
  private startLine = 1;
  private key = '';
  private before: 'nothing' | 'element' | 'comma' = 'nothing';
  private lists = 0;
  private records: RawRecord<unknown>[] = [];

  push(chunk: string): RawRecord<unknown>[] {
    this.text += chunk;
    while (this.at < this.text.length) {
      if (this.inString && !this.skipString()) break;
      if (this.at < this.text.length) this.step(this.text.charCodeAt(this.at++));
    }
    const keep = this.start < 0 ? this.at : this.start;
    if (this.at - keep > RECORD_CHARS_MAX)
      throw new ExportError(this.startLine, 'longer than a megabyte: is something never closed?');
    this.text = this.text.slice(keep);
    this.at -= keep;
    if (this.start >= 0) this.start = 0;
    return this.taken();
  }

  end(): RawRecord<unknown>[] {
    if (this.depth > 0 || this.inString)
      throw new ExportError(this.line, 'the file ends before its list does');
    if (this.lists === 0) throw new ExportError(null, 'there is no list of transactions in the file');
    return this.taken();
  }

  private taken(): RawRecord<unknown>[] {
    const { records } = this;
    this.records = [];
    return records;
  }

  /** To behind the quote that ends the string; false when that is not in the text yet. */
  private skipString(): boolean {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      // What is escaped may come with the next chunk.
      if (code === BACKSLASH && ++this.at >= this.text.length) {
        this.at--;
        return false;
      }
      if (code !== QUOTE) continue;
      this.inString = false;
      if (this.depth === 1 && this.listDepth === 0) {
        this.key = this.text.slice(this.start + 1, this.at);
        this.start = -1;
      }
      this.at++;
      return true;
    }
    return false;
  }

  private step(code: number): void {
    if (code === QUOTE) this.openString();
    else if (code === LEFT_BRACKET || code === LEFT_BRACE) this.open(code);
    else if (code === RIGHT_BRACKET || code === RIGHT_BRACE) this.close(code);
    else if (code === NEWLINE) this.line++;
    else if (this.depth === this.listDepth && code > 32) this.between(code);
  }

  private openString(): void {
    if (this.depth === this.listDepth) this.between(QUOTE);
    if (this.depth === 1 && this.listDepth === 0) this.start = this.at - 1;
    this.inString = true;
  }

  private open(code: number): void {
    const { depth } = this;
    const isList = code === LEFT_BRACKET && this.listDepth === 0;
    if (isList && (depth === 0 || (depth === 1 && LIST_KEYS.includes(this.key)))) {
      this.listDepth = depth + 1;
      this.lists++;
      this.before = 'nothing';
    } else if (depth > 0 && depth === this.listDepth) {
      if (this.before === 'element') throw new ExportError(this.line, 'a comma is missing');
      this.start = this.at - 1;
      this.startLine = this.line;
    }
    this.depth++;
  }

  private close(code: number): void {
    this.depth--;
    if (this.depth < 0) throw new ExportError(this.line, 'a bracket closes nothing');
    if (this.listDepth === 0) return;
    if (this.depth === this.listDepth) {
      const text = this.text.slice(this.start, this.at);
      this.records.push({ line: this.startLine, value: parse(text, this.startLine) });
      this.start = -1;
      this.before = 'element';
    } else if (this.depth < this.listDepth) {
      if (code !== RIGHT_BRACKET || this.before === 'comma')
        throw new ExportError(this.line, 'the list is closed wrongly');
      this.listDepth = 0;
    }
  }

  /** A character between elements, or outside of everything. */
  private between(code: number): void {
    if (this.depth === 0) throw new ExportError(this.line, 'neither a list nor an object');
    if (code !== COMMA) throw new ExportError(this.line, 'neither an object nor a pair [id, amount]');
    if (this.before !== 'element') throw new ExportError(this.line, 'a comma too many');
    this.before = 'comma';
  }
}
