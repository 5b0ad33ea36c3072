/** A file that is read while it is made: bit by bit, counted, and put together at its end. */

export interface Received {
  readonly bytes: number;
  /** Of a CSV: lines without the heading. Null: cannot be told. */
  readonly rows: number | null;
}

const NEWLINE = 10;
/** So much is handed to the browser at a time, which keeps it where it likes: a file may be larger than memory. */
const PART_BYTES = 8_000_000;
const TELL_MS = 200;

/** Rejects when it ends before its end: half a file is none. */
export async function receive(response: Response, tell: (received: Received) => void): Promise<Blob> {
  const type = response.headers.get('content-type') ?? 'application/octet-stream';
  const countsRows = type.startsWith('text/csv');
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('there is nothing to read');
  const parts: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let [bytes, lines, held, toldAt] = [0, 0, 0, 0];
  const counted = () => tell({ bytes, rows: countsRows ? Math.max(0, lines - 1) : null });
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    held += value.length;
    if (countsRows) lines += linesIn(value);
    waiting.push(value);
    if (held >= PART_BYTES) {
      parts.push(new Blob(waiting));
      [waiting, held] = [[], 0];
    }
    if (performance.now() - toldAt < TELL_MS) continue;
    toldAt = performance.now();
    counted();
  }
  counted();
  return new Blob([...parts, ...waiting], { type });
}

function linesIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
