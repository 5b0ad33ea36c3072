/**
 * An append-only journal on disk.
 * Invariants: `append` resolves only after the record is on the disk (fdatasync); records waiting together
 * share one write and one sync; every line carries its checksum; a torn last line is what a crash leaves and
 * is dropped, damage anywhere else stops the studio, because going on would lose somebody's money.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fromJson, toJson } from './json.ts';

export type Journal<T> = {
  /** Records found at the start, in the order they were written. */
  records: readonly T[];
  /** Resolves when the record will survive a crash. */
  append(record: T): Promise<void>;
  /** Replaces the whole journal by these records, atomically. */
  compact(records: Iterable<T>): Promise<void>;
  /** Bytes in the file. */
  size(): number;
  close(): Promise<void>;
};

function lineOf(record: unknown): string {
  const text = toJson(record);
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;
}

/** Reads the lines of a journal. Throws when a line before the last is damaged. */
export function parseJournal(text: string): { records: unknown[]; goodBytes: number } {
  const records: unknown[] = [];
  let goodBytes = 0;
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  for (const [n, line] of lines.entries()) {
    const body = line.slice(9);
    if (crc32(body).toString(16).padStart(8, '0') !== line.slice(0, 8)) {
      if (n === lines.length - 1 && tail === '') return { records, goodBytes };
      throw new Error(`the round journal is damaged at line ${n + 1}`);
    }
    records.push(fromJson(body));
    goodBytes += Buffer.byteLength(line) + 1;
  }
  return { records, goodBytes };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}

/** Opens the journal in a folder, making both when they are missing. `parse` turns a record into its type. */
export async function openJournal<T>(folder: string, parse: (record: unknown) => T): Promise<Journal<T>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'rounds.journal');
  const found = parseJournal(readText(path));
  let file: FileHandle = await open(path, 'a', 0o600);
  await file.truncate(found.goodBytes);
  await syncFolder(folder);
  let bytes = found.goodBytes;
  let waiting: string[] = [];
  let tail: Promise<void> = Promise.resolve();
  let batch: Promise<void> | null = null;

  const flush = async (): Promise<void> => {
    const text = waiting.join('');
    waiting = [];
    batch = null;
    await file.appendFile(text);
    await file.datasync();
    bytes += Buffer.byteLength(text);
  };
  const afterTail = (work: () => Promise<void>): Promise<void> => {
    const done = tail.then(work);
    tail = done.catch(() => undefined);
    return done;
  };

  const rewrite = async (records: Iterable<T>): Promise<void> => {
    const text = Array.from(records, lineOf).join('');
    const next = await open(`${path}.next`, 'w', 0o600);
    await next.writeFile(text);
    await next.sync();
    await next.close();
    await rename(`${path}.next`, path);
    await syncFolder(folder);
    await file.close();
    file = await open(path, 'a', 0o600);
    bytes = Buffer.byteLength(text);
  };

  return {
    records: found.records.map(parse),
    append(record) {
      waiting.push(lineOf(record));
      batch ??= afterTail(flush);
      return batch;
    },
    compact: (records) => afterTail(() => rewrite(records)),
    size: () => bytes,
    close: () => afterTail(() => file.close()),
  };
}
