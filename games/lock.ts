/**
 * One studio per data folder. Two of them on one journal would play, and pay, without knowing of each other.
 * The lock is the kernel's, taken through an empty SQLite file: it goes with the process, however that ends, so
 * there is no stale lock to judge and nothing to clear after a crash.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Takes the folder, making it when it is missing; answers how to give it back. Throws when it is taken. */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(join(folder, 'studio.lock'), { timeout: 0 });
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch {
    file.close();
    throw new Error(`another studio works in ${folder}: give each one a data folder of its own`);
  }
  return () => file.close();
}
