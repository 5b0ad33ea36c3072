/**
 * The whole server on a real database while everything that can fail does, by a seed: in the end every id has one
 * answer, and the money is what a naive model says it is. Replay: SEED=… node --test <this file>.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { trusted } from '../../src/core/ids.ts';
import { setLimit } from '../../src/db/limit.ts';
import { setBlocked } from '../../src/db/player.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';
import { enter } from './entrance.ts';
import { createFaults } from './faults.ts';
import { judge } from './judge.ts';
import { createLoad, type Player } from './load.ts';
import { type Chance, chanceOf, seedOfRun } from './random.ts';

const PLAYERS = 24;
const DURATION_MS = Number(process.env.SIMULATION_MS ?? 25_000);
const VENDOR = 'evolution';

test('money is right whatever fails', { timeout: DURATION_MS + 90_000 }, async () => {
  const chance = chanceOf(seedOfRun('simulation'));
  const faults = createFaults(chance.part('faults'));
  const world = await openWorld({
    logLevel: 'silent',
    writer: { atStep: faults.atStep, batchTimeoutMs: 600, batchMax: 40 },
  });
  try {
    const agent = await world.agent({ pot: 3_000_000n });
    const studio = await world.studio(VENDOR);
    const players: Player[] = [];
    for (let index = 0; index < PLAYERS; index++)
      players.push(await enter({ agent, studio, username: `sim-${index}`, vendor: VENDOR }));
    const load = createLoad({ xt: () => agent, studio: () => studio, mayRetry: breath });
    const stopFaults = await faults.start(world.databaseUrl);
    const stopping = new AbortController();
    const playing = players.map((player) => load.play(player, chance.part(player.username)));
    const meddling = meddle({
      world,
      agent,
      studio,
      players,
      chance: chance.part('meddling'),
      until: load.stopped,
    });
    const over = delay(DURATION_MS, undefined, { signal: stopping.signal }).catch(() => {});
    // The first failure ends all of it, so that nothing runs on behind a failed test.
    const ends = await Promise.allSettled(
      [...playing, meddling, over.then(load.stop)].map((each) =>
        each.catch((error) => {
          load.stop();
          stopping.abort();
          throw error;
        }),
      ),
    );
    await stopFaults();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    const unanswered = load.operations.filter((operation) => operation.verdict === null).length;
    await load.settle();
    await judge(world.hub.sql, players, load.operations);
    await feedIsComplete(world, agent);
    const rate = Math.round(load.answered() / (DURATION_MS / 1000));
    process.stdout.write(
      `simulation: ${load.operations.length} ids, ${rate} answers/s, ${unanswered} open at the end; ${JSON.stringify(faults.counts())}\n`,
    );
    assert.ok(load.operations.length > 500 && unanswered > 0, 'enough happened to prove anything');
  } finally {
    await world.close();
  }
});

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Desk {
  readonly agent: TestAgent;
  readonly studio: StudioClient;
}

/** Staff and operator at work meanwhile: kicks, blocks, limits. A kicked player comes back in. */
async function meddle({
  world,
  agent,
  studio,
  players,
  chance,
  until,
}: Desk & { world: World; players: readonly Player[]; chance: Chance; until: () => boolean }): Promise<void> {
  const { sql } = world.hub;
  const kick = async (player: Player) => {
    await agent.post('/user/kick', { username: player.username });
    const { session } = await enter({ agent, studio, username: player.username, vendor: VENDOR });
    player.session = session;
  };
  const block = async (player: Player) => {
    await setBlocked(sql, trusted(Number(player.id)), { reason: 'test' });
    await breath();
    await setBlocked(sql, trusted(Number(player.id)), null);
  };
  const limit = async (player: Player) => {
    const playerId = trusted<never>(Number(player.id));
    const maxBet = chance.happens(50) ? null : BigInt(100 + chance.below(400));
    const maxWin = chance.happens(50) ? null : BigInt(100 + chance.below(1000));
    await setLimit(sql, { agentId: trusted(agent.id), playerId }, { maxBet, maxWin });
  };
  while (!until()) {
    await chance.pick([kick, block, limit, limit])(chance.pick(players));
    await delay(chance.below(60));
  }
}

/** Every row the agent should see, once, in the order of ids. */
async function feedIsComplete(world: World, agent: TestAgent): Promise<void> {
  const seen: number[] = [];
  for (let last = 0; ; last = seen.at(-1) ?? 0) {
    const page = await agent.get('/transaction-list', { start_transaction_id: last, perPage: 1000 });
    assert.equal(page.status, 200, page.text);
    if (page.body.data.length === 0) break;
    seen.push(...page.body.data.map((row: { id: number }) => row.id));
  }
  const rows = await world.hub.sql`select t.id + twin as id from transfer t, (values (0), (1)) v (twin)
    where t.agent_id = ${agent.id} and (twin = 0 or t.code in (10, 11, 12)) order by 1`;
  assert.deepEqual(
    seen,
    rows.map((row) => Number(row.id)),
  );
}
