/** What the readers of export files share: records before they are understood, and the error that names a line. */

export interface RawRecord<Value> {
  /** Of the text's first line, 1. */
  readonly line: number;
  readonly value: Value;
}

/** Takes text apart, a chunk at a time; what is not whole yet waits for the next chunk. */
export interface Splitter<Value> {
  push(chunk: string): RawRecord<Value>[];
  /** What was waiting, once there is no further chunk. Throws when it is not whole. */
  end(): RawRecord<Value>[];
}

/** What keeps memory bounded when a quote or a bracket is never closed. */
export const RECORD_CHARS_MAX = 1 << 20;

/** The file can't be read as it should be. The message names the line. */
export class ExportError extends Error {
  constructor(line: number | null, problem: string) {
    super(line === null ? problem : `line ${line}: ${problem}`);
  }
}
