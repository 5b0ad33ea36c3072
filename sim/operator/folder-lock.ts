/** One process per data folder: two writers on one journal would each believe in their own balances. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Takes the folder; throws when a living process holds it. Returns the release. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'operator.pid');
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder !== process.pid && isAlive(holder))
      throw new Error(`the data folder is in use by process ${holder}`);
    await rm(path, { force: true });
  }
  throw new Error('the data folder could not be locked');
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
