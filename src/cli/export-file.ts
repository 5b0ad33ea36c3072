/**
 * Reads an operator's export, a chunk at a time: a file or the standard input, plain or gzipped, CSV, JSON or JSON
 * lines. Nothing in it is passed over in silence: what can't be read ends the reading with its line.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import type { Currency } from '../core/money.ts';
import type { ExportedRow } from '../core/reconcile.ts';
import { type ColumnWish, jsonReader, type RowReader, tableReader } from './export-columns.ts';
import { csvSplitter } from './export-csv.ts';
import { jsonLineSplitter, jsonListSplitter, wrapsList } from './export-json.ts';
import { ExportError, type Splitter } from './export-record.ts';

export const FORMATS = ['csv', 'json', 'jsonl'] as const;
export type ExportFormat = (typeof FORMATS)[number];

export interface ExportSource {
  /** `-` is the standard input. */
  readonly file: string;
  /** Null: found out from its beginning. */
  readonly format: ExportFormat | null;
  readonly currency: Currency;
  readonly columns: ColumnWish;
  /** Told how much of the file has been read, 0 to 1; not of the standard input, whose length nobody knows. */
  readonly onProgress?: (share: number) => void;
}

const CHUNK_BYTES = 1 << 16;
/** The first line should be in it; a longer one can only be JSON. */
const HEAD_CHARS = 1 << 16;
/** Enough to make the way to the database cheap; more would only be more memory. */
const BATCH_ROWS = 2000;

/** The rows of the file in batches. Throws ExportError when it can't be read. */
export async function* readExport(source: ExportSource): AsyncGenerator<ExportedRow[]> {
  const chunks = textOf(await bytesOf(source));
  const head = await headOf(chunks);
  if (head.trim() === '') throw new ExportError(null, 'the file is empty');
  const format = source.format ?? formatOf(head);
  const { currency, columns } = source;
  if (format === 'csv')
    yield* rowsOf(followed(head, chunks), csvSplitter(head), tableReader(currency, columns));
  else {
    const splitter = format === 'jsonl' ? jsonLineSplitter() : jsonListSplitter();
    yield* rowsOf(followed(head, chunks), splitter, jsonReader(currency, columns));
  }
}

async function* rowsOf<Value>(
  chunks: AsyncIterable<string>,
  splitter: Splitter<Value>,
  reader: RowReader<Value>,
): AsyncGenerator<ExportedRow[]> {
  let batch: ExportedRow[] = [];
  for await (const chunk of chunks) {
    batch = batch.concat(reader.read(splitter.push(chunk)));
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  yield batch.concat(reader.read(splitter.end()));
}

// ---- bytes --------------------------------------------------------------------------------------------------------

async function bytesOf({ file, onProgress = () => {} }: ExportSource): Promise<AsyncIterable<Buffer>> {
  if (file === '-') return process.stdin;
  const size = await stat(file).then(
    (found) =>
      found.isDirectory() ? Promise.reject(new ExportError(null, `${file} is a folder`)) : found.size,
    (error: Error) => Promise.reject(new ExportError(null, error.message)),
  );
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  return counted(stream, (bytes) => onProgress(Math.min(1, bytes / Math.max(1, size))));
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk;
  }
}

/** What files begin with that are no plain text. */
const GZIP = [0x1f, 0x8b];
const UNREADABLE: readonly (readonly [magic: readonly number[], problem: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'this is a ZIP archive or a workbook of a spreadsheet: save it as CSV'],
  [[0xff, 0xfe], 'this is UTF-16: save it as UTF-8'],
  [[0xfe, 0xff], 'this is UTF-16: save it as UTF-8'],
];
const MAGIC_BYTES = 4;

async function* textOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  try {
    const { first, rest } = await peeked(bytes);
    const begins = (magic: readonly number[]) => magic.every((byte, index) => first[index] === byte);
    const problem = UNREADABLE.find(([magic]) => begins(magic))?.[1];
    if (problem !== undefined) throw new ExportError(null, problem);
    yield* decoded(begins(GZIP) ? unzipped(followed(first, rest)) : followed(first, rest));
  } catch (error) {
    if (error instanceof ExportError) throw error;
    throw new ExportError(null, `the file can't be read to its end: ${(error as Error).message}`);
  }
}

/** Takes chunks until there are enough bytes to know what it is, or no more. */
async function peeked(bytes: AsyncIterable<Buffer>) {
  const chunks = bytes[Symbol.asyncIterator]();
  let first: Buffer = Buffer.alloc(0);
  while (first.length < MAGIC_BYTES) {
    const { value, done } = await chunks.next();
    if (done) break;
    first = Buffer.concat([first, value]);
  }
  return { first, rest: { [Symbol.asyncIterator]: () => chunks } };
}

async function* followed<Chunk>(first: Chunk, rest: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  yield first;
  yield* rest;
}

function unzipped(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const plain = createGunzip({ chunkSize: CHUNK_BYTES });
  // A failure of any part ends the last one, and so reaches its reader.
  pipeline(Readable.from(bytes), plain, () => {});
  return plain;
}

async function* decoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  for await (const chunk of bytes) {
    const text = decoder.write(chunk);
    yield isFirst && text.startsWith('\ufeff') ? text.slice(1) : text;
    isFirst &&= text === '';
  }
  yield decoder.end();
}

// ---- which format -------------------------------------------------------------------------------------------------

/** Takes chunks until they hold the first line. */
async function headOf(chunks: AsyncGenerator<string>): Promise<string> {
  let head = '';
  while (!head.trimStart().includes('\n') && head.length < HEAD_CHARS) {
    const { value, done } = await chunks.next();
    if (done) break;
    head += value;
  }
  return head;
}

function formatOf(head: string): ExportFormat {
  const text = head.trimStart();
  if (!/^[[{]/.test(text)) return 'csv';
  const first = parsed(text.split('\n', 1)[0] ?? '');
  // Objects below each other are lines, also where the first is broken.
  if (first === undefined) return /^\{[^\n]*[^\s:,{[]\s*\n\s*\{/.test(text) ? 'jsonl' : 'json';
  if (wrapsList(first)) return 'json';
  // A list of plain values is a pair.
  if (Array.isArray(first))
    return first.length > 0 && first.every((each) => typeof each !== 'object') ? 'jsonl' : 'json';
  return 'jsonl';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
