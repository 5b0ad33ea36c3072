/**
 * `npm test`: everything. Starts one database server for the run, then Node's test runner over all test files, and
 * leaves nothing behind. `npm test -- <part of a path>` runs only the files whose path contains it.
 */
import { spawn } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { prepareTemplate, startDatabaseServer } from './world.ts';

const wanted = process.argv.slice(2);
const files: string[] = [];
for await (const file of glob('test/**/*.test.ts')) {
  if (wanted.length === 0 || wanted.some((part) => file.includes(part))) files.push(file);
}
files.sort();

const server = await startDatabaseServer();
await prepareTemplate(server.url);
const runner = spawn(
  process.execPath,
  [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-concurrency=2',
    // What hangs fails, and the run goes on.
    '--test-timeout=900000',
    '--test-reporter=spec',
    ...files,
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, TEST_SERVER_URL: server.url },
  },
);
const forward = (signal: NodeJS.Signals) => runner.kill(signal);
process.on('SIGINT', forward).on('SIGTERM', forward);
const code = await new Promise<number>((resolve) => runner.once('exit', (status) => resolve(status ?? 1)));
await server.stop();
process.exit(code);
