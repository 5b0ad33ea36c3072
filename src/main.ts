/** `npm start`: the hub as a process. Reads settings, brings up the database, listens, and drains on SIGTERM. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { runHub } = await import('./process.ts');
await runHub(process.argv.slice(2));
