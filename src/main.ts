/** `npm start`: the hub as a process. Reads settings, brings up the database, listens, and drains on SIGTERM. */
import { enableCompileCache } from 'node:module';

/**
 * Room for young objects, in MiB. Node's own choice grows to hundreds of megabytes under load and is no faster here
 * (docs/decisions.md). It can only be given at the start of the process, so the process starts over, in place.
 */
const YOUNG_MIB = '--max-semi-space-size=16';
if (!process.execArgv.includes(YOUNG_MIB) && process.execve !== undefined) {
  const flags = [...process.execArgv, YOUNG_MIB, '--disable-warning=ExperimentalWarning'];
  process.execve(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)], process.env);
}

enableCompileCache();
const { runHub } = await import('./process.ts');
await runHub(process.argv.slice(2));
