/**
 * kill -9 of the hub in the middle of a settlement, again and again: what is posted stays, what is not is posted by the
 * next hub, nothing twice, and only then does the session call itself settled.
 * Replay the instants: SEED=… node --test <this file>.
 */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fillSession } from '../../bench/settle-fill.ts';
import type { RainSessionId } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { connect, type Sql } from '../../src/db/connect.ts';
import { findEmbedded } from '../../src/db/embedded.ts';
import { type HubProcess, makeFolder, startHubProcess } from '../nodes/hub-process.ts';
import { chanceOf, seedOfRun } from '../simulation/random.ts';

const PLAYERS = 20_000;
const BETS = 100_000;
/** The hub is killed when about so many positions are posted, in per cent. */
const KILLS = [5, 30, 55, 80];
const GIVE_UP_MS = 60_000;

interface Scene {
  readonly sql: Sql;
  readonly session: RainSessionId;
  hub: HubProcess;
  readonly env: Readonly<Record<string, string>>;
}

/** A hub on a database of its own, with a session that waits for its result. */
async function open(t: TestContext): Promise<Scene> {
  const folder = await makeFolder();
  const env = { DATA_DIR: join(folder, 'data') };
  const scene: { hub: HubProcess } = { hub: await startHubProcess(env) };
  t.after(async () => {
    scene.hub.signal('SIGTERM');
    const { code } = await scene.hub.exited;
    await rm(folder, { recursive: true, force: true });
    assert.equal(code, 0, 'the last hub drains and stops its database');
  });
  const databaseUrl = await findEmbedded(env.DATA_DIR);
  assert.ok(databaseUrl !== null);
  const session = await fillSession(databaseUrl, { players: PLAYERS, bets: BETS, status: 'CLOSE' });
  const sql = connect(databaseUrl, { max: 2, name: 'judge', statementTimeoutMs: 0 });
  t.after(() => sql.end());
  return Object.assign(scene, { sql, session, env });
}

/** Waits until so many positions are posted, or the session says it is settled. */
async function posted({ sql, session }: Scene, atLeast: number): Promise<number> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (performance.now() < deadline) {
    const [row] =
      await sql`select count(*)::int as posted from book_position where session_id = ${session} and version = 1`;
    if (row?.posted >= atLeast) return row?.posted;
  }
  throw new Error(`not ${atLeast} positions posted within ${GIVE_UP_MS} ms`);
}

async function statusOf({ sql, session }: Scene): Promise<string> {
  const [row] = await sql`select status from rain_session where id = ${session}`;
  return row?.status;
}

test('the hub is killed while it settles', { timeout: 240_000 }, async (t) => {
  const chance = chanceOf(seedOfRun('kill the settlement'));
  const scene = await open(t);
  const { sql, session } = scene;
  await sql`update rain_session set status = 'UNSETTLED', result = 'RAIN', version = 1, resulted_at = now() where id = ${session}`;
  const left: number[] = [];
  for (const percent of KILLS) {
    await posted(scene, (PLAYERS * (percent + chance.below(8))) / 100);
    scene.hub.signal('SIGKILL');
    await scene.hub.exited;
    left.push(await posted(scene, 0));
    assert.equal(await statusOf(scene), 'UNSETTLED', 'not settled as long as anything is left');
    scene.hub = await startHubProcess(scene.env);
  }
  await posted(scene, PLAYERS);
  const deadline = performance.now() + GIVE_UP_MS;
  while ((await statusOf(scene)) !== 'SETTLED') assert.ok(performance.now() < deadline, 'it is settled');
  process.stdout.write(`posted when killed: ${left.join(', ')} of ${PLAYERS}\n`);
  assert.ok(left.every((count, index) => count < PLAYERS && count > (left[index - 1] ?? 0)));
  const [counted] =
    await sql`select count(*)::int as transfers, count(distinct (player_id, code))::int as different
    from transfer where external_id = ${`session ${session}.1`}`;
  assert.deepEqual(
    counted,
    { transfers: 2 * PLAYERS, different: 2 * PLAYERS },
    "a net and K-Rain's part, each once",
  );
  const report = await audit(sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
});
