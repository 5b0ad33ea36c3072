/**
 * kill -9, of the hub and of its PostgreSQL, at random instants under load: every operation that was acknowledged is
 * there exactly once, every one that was not gets a definite answer when repeated, and the hub is back within seconds.
 * Replay the instants: SEED=… node --test <this file>.
 */
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setAgent } from '../../src/db/agent.ts';
import { connect, type Sql } from '../../src/db/connect.ts';
import { findEmbedded } from '../../src/db/embedded.ts';
import { localSecret } from '../../src/db/secret.ts';
import { newSecret } from '../../src/engine/seal.ts';
import { openHub } from '../../src/hub.ts';
import { createAgentWithKey, createStudioWithSecret, movePot, openOffice } from '../../src/office.ts';
import { type HubProcess, isRunning, makeFolder, startHubProcess } from '../nodes/hub-process.ts';
import { enter } from '../simulation/entrance.ts';
import { judge } from '../simulation/judge.ts';
import { createLoad, type Load, type Player } from '../simulation/load.ts';
import { type Chance, chanceOf, seedOfRun } from '../simulation/random.ts';
import { studioClient, xtClient } from '../world.ts';

const KILLS = 10;
const PLAYERS = 16;
const BACK_MS_MAX = 8000;
const HEARD_MS_MAX = 5000;
const GIVE_UP_MS = 30_000;
const TEST_MS_MAX = 150_000;

interface Scene {
  readonly chance: Chance;
  readonly load: Load;
  readonly players: readonly Player[];
  readonly sql: Sql;
  hub(): HubProcess;
  vendors(): Promise<Readonly<Record<string, { enabled: number }>>>;
  /** Kills the hub and starts another; returns ms from its start to its first answer. */
  killHub(): Promise<number>;
  /** Kills PostgreSQL's postmaster; returns ms to the next transfer the hub made. */
  killDatabase(): Promise<number>;
}

test('the hub is killed', { timeout: TEST_MS_MAX }, async (t) => {
  const scene = await open(t, 'kill the hub');
  await ruin(scene, () => scene.killHub());
});

test('PostgreSQL is killed and the hub lives on', { timeout: TEST_MS_MAX }, async (t) => {
  const scene = await open(t, 'kill PostgreSQL');
  const { pid } = scene.hub();
  await ruin(scene, () => scene.killDatabase());
  assert.equal(scene.hub().pid, pid);
  assert.ok(isRunning(pid), scene.hub().errors());
  await hearsOfChanges(scene);
});

/** The line by which nodes are told of changes was cut too: without it the former answer would hold for a minute. */
async function hearsOfChanges({ sql, vendors }: Scene): Promise<void> {
  const startedAt = performance.now();
  assert.equal((await vendors()).evolution?.enabled, 1);
  await sql`update vendor set enabled = false where name = 'evolution'`;
  while ((await vendors()).evolution?.enabled === 1) {
    assert.ok(performance.now() - startedAt < HEARD_MS_MAX, 'the hub does not hear of changes any more');
    await pause(20);
  }
}

/** Plays, kills, and plays on, KILLS times; then asks for every answer and judges. */
async function ruin({ chance, load, players, sql }: Scene, kill: () => Promise<number>): Promise<void> {
  const playing = Promise.all(players.map((player) => load.play(player, chance.part(player.username))));
  const backMs: number[] = [];
  const killing = (async () => {
    for (let turn = 0; turn < KILLS && !load.stopped(); turn++) {
      await pause(chance.below(900));
      backMs.push(Math.round(await kill()));
    }
  })().finally(load.stop);
  const ends = await Promise.allSettled([playing.finally(load.stop), killing]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const open = load.operations.filter((operation) => operation.verdict === null).length;
  await load.settle();
  await judge(sql, players, load.operations);
  process.stdout.write(
    `${load.operations.length} ids, ${open} without an answer at the end; back after ${backMs.join(', ')} ms\n`,
  );
  assert.ok(load.operations.length > 200, 'enough happened to prove anything');
  assert.ok(Math.max(...backMs) < BACK_MS_MAX, `back after ${Math.max(...backMs)} ms`);
}

async function open(t: TestContext, name: string): Promise<Scene> {
  const chance = chanceOf(seedOfRun(name));
  const folder = await makeFolder();
  const env = { DATA_DIR: join(folder, 'data') };
  let hub = await startHubProcess(env);
  let up = Promise.resolve();
  t.after(async () => {
    hub.signal('SIGTERM');
    const { code } = await hub.exited;
    await rm(folder, { recursive: true, force: true });
    assert.equal(code, 0, 'the last hub drains and stops its database');
  });
  const databaseUrl = await findEmbedded(env.DATA_DIR);
  assert.ok(databaseUrl !== null);
  const sql = connect(databaseUrl, { max: 2, name: 'judge', statementTimeoutMs: 0 });
  t.after(() => sql.end());
  const keys = await furnish(databaseUrl, sql);
  const xt = () => xtClient(hub.url, keys.apiKey);
  const studio = () => studioClient(hub.url, keys);
  const players: Player[] = [];
  for (let index = 0; index < PLAYERS; index++)
    players.push(
      await enter({ agent: xt(), studio: studio(), username: `kill-${index}`, vendor: 'evolution' }),
    );
  const load = createLoad({ xt, studio, mayRetry: () => up.then(() => pause(20)) });
  return {
    chance,
    load,
    players,
    sql,
    hub: () => hub,
    vendors: async () => (await xt().get('/vendor-list')).body,
    async killHub() {
      const back = Promise.withResolvers<void>();
      up = back.promise;
      hub.signal('SIGKILL');
      await hub.exited;
      const startedAt = performance.now();
      hub = await startHubProcess(env);
      await firstAnswer(() => xt().get('/my-info'));
      back.resolve();
      return performance.now() - startedAt;
    },
    async killDatabase() {
      const startedAt = performance.now();
      const killed = await postmasterOf(sql);
      process.kill(killed, 'SIGKILL');
      // Its children answer for a moment longer.
      while ((await postmasterOf(sql)) === killed) await pause(10);
      await firstAnswer(() => xt().post('/user/add-balance', { username: 'canary', amount: 1 }));
      return performance.now() - startedAt;
    },
  };
}

/** An agent with POT and a studio with a game, made as the back office makes them. */
async function furnish(
  databaseUrl: string,
  sql: Sql,
): Promise<{ apiKey: string; key: string; secret: string }> {
  const secretKey = await localSecret(sql, newSecret());
  const hub = await openHub({
    databaseUrl,
    secretKey,
    lanes: 1,
    retentionDays: 1826,
    trustProxy: false,
    logLevel: 'silent',
  });
  try {
    const office = openOffice(hub);
    const agent = await createAgentWithKey(office, { username: 'survivor', actor: 'test' });
    await setAgent(sql, agent.id, { pacing: false });
    await movePot(office, { username: 'survivor', direction: 'give', amount: 50_000_000n, actor: 'test' });
    const studio = await createStudioWithSecret(office, {
      name: 'studio',
      vendors: ['evolution'],
      actor: 'test',
    });
    await hub.server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = hub.server.server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const game = { id: 'evolution-game', title: 'game', type: 'slot', launchUrl: 'http://127.0.0.1:1/play' };
    const published = await studioClient(url, studio).call('PUT', '/games', { games: [game] });
    assert.equal(published.status, 200, published.text);
    await xtClient(url, agent.apiKey).post('/user/create', { username: 'canary' });
    return { ...studio, apiKey: agent.apiKey };
  } finally {
    await hub.close();
  }
}

async function postmasterOf(sql: Sql): Promise<number> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (performance.now() < deadline) {
    const [row] = await sql`select current_setting('data_directory') as dir`.catch(() => []);
    const file =
      row === undefined ? '' : await readFile(join(row.dir, 'postmaster.pid'), 'utf8').catch(() => '');
    if (file !== '') return Number(file.split('\n')[0]);
    await pause(10);
  }
  throw new Error('PostgreSQL did not come back');
}

/** Asks until it is answered with 200. */
async function firstAnswer(ask: () => Promise<{ status: number }>): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (performance.now() < deadline) {
    const status = await ask().then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await pause(10);
  }
  throw new Error('no answer any more');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
