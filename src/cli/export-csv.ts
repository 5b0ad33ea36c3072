/**
 * Takes delimited text apart, a chunk at a time: records of cells, with the line each begins in. Quotes as RFC 4180
 * has them: a cell that begins with one may hold delimiters, line breaks and doubled quotes; within other cells a
 * quote is a character like any other, so that a stray one never joins two lines. Lines without a cell are none.
 */
import { ExportError, type RawRecord, RECORD_CHARS_MAX, type Splitter } from './export-record.ts';

type Cells = readonly string[];
interface Format {
  readonly delimiter: string;
  readonly lineBreak: string;
}

const DELIMITERS = [',', ';', '\t'];

/** `head` is the beginning of the text, its first line at least: it decides about delimiter and line breaks. */
export function csvSplitter(head: string): Splitter<Cells> {
  // Old spreadsheets end lines by CR alone.
  const lineBreak = !head.includes('\n') && head.includes('\r') ? '\r' : '\n';
  const format = { delimiter: delimiterOf(head), lineBreak };
  let [rest, line] = ['', 1];

  function take(text: string, { isLast }: { isLast: boolean }): RawRecord<Cells>[] {
    const records: RawRecord<Cells>[] = [];
    let [from, quote] = [0, -1];
    while (from < text.length) {
      if (quote < from) quote = indexOr(text, '"', from);
      const parsed = parse(text, { from, quote, isLast }, format);
      if (parsed === 'incomplete') break;
      if ('problem' in parsed) throw new ExportError(line, parsed.problem);
      if (parsed.cells.some((cell) => cell !== '')) records.push({ line, value: parsed.cells });
      line += parsed.lines;
      from = parsed.next;
    }
    rest = text.slice(from);
    if (rest.length > RECORD_CHARS_MAX)
      throw new ExportError(line, 'the row is longer than a megabyte: is a quote never closed?');
    return records;
  }
  return {
    push: (chunk) => take(rest + chunk, { isLast: false }),
    end: () => take(rest, { isLast: true }),
  };
}

/** The delimiter that is most often in the first line, outside of quotes. */
function delimiterOf(head: string): string {
  const [line = ''] = head.replace(/"(?:[^"]|"")*"/g, '').split(/[\r\n]/, 1);
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, next) => (count(next) > count(best) ? next : best));
}

interface Place {
  readonly from: number;
  /** The next quote at or after `from`; the text's length when there is none. */
  readonly quote: number;
  readonly isLast: boolean;
}
interface Parsed {
  readonly cells: Cells;
  /** Where the next record begins, and how many lines later. */
  readonly next: number;
  readonly lines: number;
}

/** One record; incomplete when its end is not in the text yet. */
type Parse = Parsed | 'incomplete' | { readonly problem: string };

function parse(text: string, place: Place, format: Format): Parse {
  const { from, quote, isLast } = place;
  const end = indexOr(text, format.lineBreak, from);
  if (end > quote) return parseQuoted(text, place, format);
  if (end === text.length && !isLast) return 'incomplete';
  const cells = trimEnd(text.slice(from, end))
    .split(format.delimiter)
    .map((cell) => cell.trim());
  return { cells, next: end + 1, lines: 1 };
}

function parseQuoted(text: string, { from, isLast }: Place, { delimiter, lineBreak }: Format): Parse {
  const cells: string[] = [];
  let [at, lines] = [from, 1];
  for (;;) {
    const start = skipBlanks(text, at, delimiter);
    let cell = '';
    if (text[start] === '"') {
      const closed = closingQuote(text, start);
      if (closed < 0) return isLast ? { problem: 'a quote is never closed' } : 'incomplete';
      const inside = text.slice(start + 1, closed);
      cell = inside.replaceAll('""', '"').trim();
      lines += inside.split(lineBreak).length - 1;
      at = closed + 1;
    }
    const end = Math.min(indexOr(text, delimiter, at), indexOr(text, lineBreak, at));
    if (end === text.length && !isLast) return 'incomplete';
    const after = text.slice(at, end).trim();
    if (at > start && text[start] === '"' && after !== '')
      return { problem: 'something follows a closing quote' };
    cells.push(cell + after);
    at = end + 1;
    if (text[end] !== delimiter) return { cells, next: at, lines };
  }
}

/** Blanks before a quote are not part of the cell. */
function skipBlanks(text: string, at: number, delimiter: string): number {
  let start = at;
  while (text[start] === ' ' || (text[start] === '\t' && delimiter !== '\t')) start++;
  return start;
}

/** Where the quoted cell that begins at `start` is closed; −1 = not in this text. */
function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function indexOr(text: string, wanted: string, from: number): number {
  const found = text.indexOf(wanted, from);
  return found < 0 ? text.length : found;
}

const trimEnd = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line);
