/** The pool itself (src/db/connect.ts): connections that end never end the process, and never leave one that hangs. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial } from 'node:net';
import { after, before, test } from 'node:test';
import { connect, type Sql } from '../../src/db/connect.ts';
import { createDatabase, type TestDatabase } from '../world.ts';

let database: TestDatabase;
let admin: Sql;
before(async () => {
  database = await createDatabase();
  admin = connect(database.url, { max: 1, name: 'test admin' });
});
after(async () => {
  await admin.end();
  await database.drop();
});

const RECOVERY_MS_MAX = 3000;

async function endVictims(): Promise<void> {
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'croupier victim' and datname = current_database()`;
}

async function untilSleeping(count: number): Promise<void> {
  for (;;) {
    const [row] =
      await admin`select count(*)::int as sleeping from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    if (row?.sleeping === count) return;
  }
}

test('transactions whose connection ends are refused, and the pool works on', async () => {
  const sql = connect(database.url, { max: 4, name: 'victim' });
  for (let turn = 0; turn < 10; turn++) {
    const work = Array.from({ length: 4 }, () => sql.begin((tx) => tx`select pg_sleep(20)`));
    const ends = Promise.allSettled(work);
    await untilSleeping(4);
    await endVictims();
    assert.deepEqual(
      (await ends).map((end) => end.status),
      ['rejected', 'rejected', 'rejected', 'rejected'],
    );
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 8 }, () => answered(sql)));
    assert.ok(performance.now() - startedAt < RECOVERY_MS_MAX);
  }
  await sql.end({ timeout: 1 });
});

test('queries asked in the very moment connections end find their way', async () => {
  const sql = connect(database.url, { max: 10, name: 'victim' });
  for (let turn = 0; turn < 20; turn++) {
    await Promise.all(Array.from({ length: 10 }, () => sql`select pg_sleep(0.01)`.catch(() => {})));
    const asked = Array.from({ length: 3 }, () => persistent(sql));
    await untilSleeping(3);
    const startedAt = performance.now();
    await endVictims();
    await Promise.all(asked);
    await Promise.all(Array.from({ length: 10 }, () => answered(sql)));
    assert.ok(performance.now() - startedAt < RECOVERY_MS_MAX, `turn ${turn}`);
  }
  await sql.end({ timeout: 1 });
});

/** Sleeps on the server; once that has ended asks at once, and again, until it is answered. */
async function persistent(sql: Sql): Promise<void> {
  await sql`select pg_sleep(20)`.catch(() => {});
  await answered(sql);
}

async function answered(sql: Sql): Promise<void> {
  for (;;) {
    try {
      await sql`select 1`;
      return;
    } catch {
      // again, in the same breath
    }
  }
}

test('a pool that could not connect does so when the server is there', { timeout: 20_000 }, async () => {
  const proxy = createServer((client) => {
    const { port, hostname } = new URL(database.url);
    const server = dial(Number(port), hostname);
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const { port } = proxy.address() as AddressInfo;
  await new Promise((resolve) => proxy.close(resolve));
  const url = new URL(database.url);
  url.host = `127.0.0.1:${port}`;
  const sql = connect(url.href, { max: 3, name: 'late' });
  for (let each = 0; each < 30; each++) await assert.rejects(sql`select 1`, { code: 'ECONNREFUSED' });
  await once(proxy.listen(port, '127.0.0.1'), 'listening');
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 12 }, () => sql`select 1`));
  assert.ok(performance.now() - startedAt < RECOVERY_MS_MAX);
  await sql.end({ timeout: 1 });
  await new Promise((resolve) => proxy.close(resolve));
});
