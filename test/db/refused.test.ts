/** A database that takes no connections: whoever asks is told, also on a connection that was lost in the middle of a statement. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, isLost } from '../../src/db/connect.ts';
import { createDatabase } from '../world.ts';

const WAIT_MS_MAX = 20_000;

/** A pool of one whose connection was lost in the middle of a statement, at a database that takes no connections now. */
async function loseStatement(url: string) {
  const sql = connect(url, { max: 1, name: 'test' });
  const name = new URL(url).pathname.slice(1);
  const server = new URL(url);
  server.pathname = '/postgres';
  const admin = connect(server.href, { max: 1, name: 'test' });
  const allow = (yes: boolean) => admin.unsafe(`alter database ${name} allow_connections ${yes}`);
  await sql`select 1`;
  await allow(false);
  const lost = sql`select pg_sleep(60)`.then(
    () => null,
    (error) => error,
  );
  for (let ended = 0; ended === 0; await delay(10)) {
    const rows =
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and query like '%pg_sleep%' and state = 'active'`;
    ended = rows.length;
  }
  assert.ok(isLost(await lost));
  return { sql, admin, allow };
}

test('every query is refused while the database is closed, and answered when it is open again', async (t) => {
  const database = await createDatabase();
  const { sql, admin, allow } = await loseStatement(database.url);
  t.after(async () => {
    await sql.end({ timeout: 1 });
    await admin.end();
    await database.drop();
  });
  for (let query = 0; query < 3; query++) {
    const fate = sql`select 1`.then(
      () => 'answered',
      (error) => error,
    );
    const error = await Promise.race([fate, delay(WAIT_MS_MAX, 'nothing came', { ref: false })]);
    assert.ok(isLost(error), String(error));
    assert.match(String(error), /not currently accepting connections/);
  }
  await allow(true);
  for (const startedAt = performance.now(); ; await delay(20)) {
    const rows = await sql`select 7 as seven`.catch(() => []);
    if (rows[0]?.seven === 7) break;
    assert.ok(performance.now() - startedAt < WAIT_MS_MAX, 'it does not come back');
  }
});

test('a pool that was refused in the middle of a statement ends', async (t) => {
  const database = await createDatabase();
  const { sql, admin } = await loseStatement(database.url);
  t.after(async () => {
    await admin.end();
    await database.drop();
  });
  await sql`select 1`.catch(() => {});
  const ending = sql.end().then(() => 'ended');
  assert.equal(await Promise.race([ending, delay(WAIT_MS_MAX, 'it waits', { ref: false })]), 'ended');
});
