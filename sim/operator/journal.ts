/**
 * An append-only file of JSON lines.
 * Invariants: when `append` resolves, the records are on the disk (fdatasync); a last line cut short by a crash was
 * never acknowledged and is cut off at the next start; after a failed write nothing more is accepted.
 */
import { type FileHandle, open } from 'node:fs/promises';

export interface Journal {
  /** Durable when it resolves. Records of one call stay together and in order. */
  append(records: readonly unknown[]): Promise<void>;
  /** Waits for what was appended, then closes the file. */
  close(): Promise<void>;
}

interface Waiting {
  readonly text: string;
  readonly done: PromiseWithResolvers<void>;
}

export interface JournalReader {
  /** Gets every record of the file, oldest first, before `openJournal` resolves. */
  replay(record: unknown): void;
  /** The disk failed: what is in memory is ahead of it from now on, so the owner had better end the process. */
  broken(error: unknown): void;
}

/** Opens the file, or creates it. */
export async function openJournal(path: string, reader: JournalReader): Promise<Journal> {
  const file = await open(path, 'a+', 0o600);
  await replayFile(file, reader);
  const queue: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let broken: unknown = null;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0);
      try {
        if (broken !== null) throw broken;
        await file.appendFile(batch.map((one) => one.text).join(''));
        await file.datasync();
        for (const one of batch) one.done.resolve();
      } catch (error) {
        if (broken === null) reader.broken(error);
        broken = error;
        for (const one of batch) one.done.reject(error);
      }
    }
    writing = null;
  }

  return {
    append(records) {
      if (records.length === 0) return Promise.resolve();
      const done = Promise.withResolvers<void>();
      queue.push({ text: records.map((record) => `${JSON.stringify(record)}\n`).join(''), done });
      writing ??= drain();
      return done.promise;
    },
    async close() {
      while (writing !== null) await writing;
      await file.close();
    },
  };
}

async function replayFile(file: FileHandle, reader: JournalReader): Promise<void> {
  let completeBytes = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    rest = Buffer.concat([rest, chunk]);
    const end = rest.lastIndexOf(0x0a) + 1;
    for (const line of rest.subarray(0, end).toString('utf8').split('\n')) {
      if (line !== '') reader.replay(JSON.parse(line));
    }
    completeBytes += end;
    rest = rest.subarray(end);
  }
  if (rest.length > 0) await file.truncate(completeBytes);
}
