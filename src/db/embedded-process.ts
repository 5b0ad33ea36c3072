/**
 * What `embedded.ts` asks of processes and ports: running PostgreSQL's programs, speaking to a server, ending one,
 * and finding a port. Nothing here knows who owns a server.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import * as files from './embedded-files.ts';

export const USER = 'croupier';
export const HOST = '127.0.0.1';
const END_POLL_MS = 10;
const SHUTDOWN_MS_MAX = 60_000;
const PROGRAM_MS_MAX = 120_000;
const STATEMENT_MS_MAX = 60_000;
const CONNECT_S_MAX = 5;

export const urlOf = ({ password, port }: files.Connection): string =>
  `postgres://${USER}:${password}@${HOST}:${port}/${USER}`;

export async function createDatabase(connection: files.Connection): Promise<void> {
  const sql = connect(connection, 'postgres');
  try {
    await sql`create database ${sql(USER)}`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function connect(connection: files.Connection, database: string): postgres.Sql {
  const { port, password } = connection;
  const bounds = {
    max: 1,
    connect_timeout: CONNECT_S_MAX,
    connection: { statement_timeout: STATEMENT_MS_MAX },
  };
  return postgres({ host: HOST, port, user: USER, password, database, fetch_types: false, ...bounds });
}

/** Whether we are let in there and the server keeps its data in this very folder. */
export async function answers(connection: files.Connection, dataDir: string): Promise<boolean> {
  const sql = connect(connection, USER);
  try {
    const [row] = await sql<{ dir: string }[]>`select current_setting('data_directory') as dir`;
    return row !== undefined && realpathSync(row.dir) === realpathSync(files.pgDirOf(dataDir));
  } finally {
    await sql.end({ timeout: 1 });
  }
}

export async function shutDown(dataDir: string): Promise<void> {
  const found = await files.readPostmaster(dataDir);
  await end(found === null ? null : await files.markOf(found.pid, 'postgres'));
}

/** Fast shutdown: open transactions are rolled back, a checkpoint is written; waits until the process is gone. */
export async function end(server: files.ProcessMark | null): Promise<void> {
  if (server === null || !(await files.isAlive(server))) return;
  process.kill(server.pid, 'SIGINT');
  const deadline = performance.now() + SHUTDOWN_MS_MAX;
  let forced = false;
  while (await files.isAlive(server)) {
    if (!forced && performance.now() > deadline) {
      // Without the final checkpoint: the next start recovers, nothing that was committed is lost.
      process.kill(server.pid, 'SIGQUIT');
      forced = true;
    }
    await delay(END_POLL_MS);
  }
}

/** Runs one of PostgreSQL's programs to its end; rejects with its last lines. */
export async function run(place: files.Placement, command: readonly string[]): Promise<void> {
  const [program = '', ...args] = command;
  const child = spawn(join(place.nativeDir, 'bin', program), args, {
    ...processOptions(place),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PROGRAM_MS_MAX,
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = files.lastLines(output + chunk.toString());
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} failed; its last lines:\n${output}`);
}

/** The environment is a clean one: PG… variables of the hub would reach into the server. */
export function processOptions({ account, dataDir }: files.Placement) {
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };
  return { cwd: files.pgDirOf(dataDir), env, ...(account ?? {}) };
}

/**
 * The remembered port if it is free, else another. Below the range of outgoing connections on purpose: a client
 * that keeps dialling a dead server up there may be given that very port as its own end, and hold it.
 */
export async function freePort(remembered: number): Promise<number> {
  for (let port = remembered, attempt = 0; attempt < 50; attempt += 1) {
    if (port > 0 && (await isFree(port))) return port;
    port = randomInt(20_000, 32_000);
  }
  throw new Error(`no free port found on ${HOST} between 20000 and 32000`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, HOST);
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return free;
}
