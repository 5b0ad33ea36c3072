/** Readers of the feed while bets are in flight: nothing appears behind them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AgentId } from '../../src/core/ids.ts';
import { feedWindow } from '../../src/db/feed.ts';
import type { StudioClient, TestAgent, World } from '../world.ts';
import { closeGround, type Ground, gate, openGround, openPlace } from './place.ts';
import { seat } from './rig.ts';
import { answer, ofType, rowsOf, type Stand } from './stand.ts';

let world: World;
let stand: Stand;
let studio: StudioClient;
let ground: Ground;
before(async () => {
  ground = await openGround();
  ({ world, stand, studio } = ground);
});
after(() => closeGround(ground));

test('a reader by ids stops before a bet in flight at another player, and misses nothing afterwards', async () => {
  const slow = await openPlace(ground);
  const quick = await seat(world, { agent: slow.agent, studio, username: 'of-the-same-agent' });
  const bets = gate((type) => type === 'bet');
  slow.becomes(async (call, response) =>
    call.packet?.username === slow.username ? bets.script(call, response) : answer(call, response),
  );
  await quick.send('b0', 'bet', { amount: '1' });
  const flying = slow.send('b1', 'bet', { amount: '100' });
  await stand.arrived(ofType('bet', slow.username));
  for (const index of [1, 2, 3]) await quick.send(`b${index}`, 'bet', { amount: '1', round: `r${index}` });
  const seen: number[] = [];
  const poll = async () => {
    const values = { start_transaction_id: seen.at(-1) ?? 0, perPage: 2 };
    const page = (await slow.agent.get('/transaction-list', values)).body.data as { id: number }[];
    seen.push(...page.map(({ id }) => id));
    return page.length;
  };
  const pollAll = async () => {
    while ((await poll()) > 0);
  };
  await pollAll();
  const before = seen.length;
  const byTime = (await rowsOf(slow.agent)).length;
  assert.equal(byTime, 4, 'what has been decided is there by time');
  bets.open();
  const { transactionId } = await flying;
  await pollAll();
  assert.equal(seen[before], transactionId, 'the bet that was in flight comes next');
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    seen,
  );
  const all = (await rowsOf(slow.agent)).map(({ id }) => id).sort((a, b) => a - b);
  const users = new Set(all);
  assert.deepEqual(
    seen.filter((id) => users.has(id)),
    all,
  );
});

test('readers that never stop see every row once while bets of many come late', async () => {
  const agent = await world.agent({
    pot: 1_000_000n,
    wallet: 'seamless',
    callbackUrl: stand.under('late', null),
  });
  let turn = 0;
  stand.under('late', async (call, response) => {
    const waitMs = call.packet === null ? 0 : (turn++ * 37) % 90;
    const done = await call.process();
    setTimeout(() => response.writeHead(done.status, done.headers).end(done.body), waitMs);
  });
  const seats = await Promise.all(
    Array.from({ length: 6 }, (_each, index) => seat(world, { agent, studio, username: `late-${index}` })),
  );
  let isOver = false;
  const playing = Promise.all(
    seats.map(async ({ send }) => {
      for (let n = 0; n < 8; n++) {
        await send(`b${n}`, 'bet', { amount: '10', round: `r${n}` });
        await send(`w${n}`, 'win', { amount: '5', round: `r${n}` });
      }
    }),
  ).finally(() => {
    isOver = true;
  });
  const over = () => isOver;
  const [byId, byTime] = await Promise.all([readById(agent, over), readByTime(agent, over), playing]);
  const expected = (await rowsOf(agent)).map(({ id }) => id).sort((a, b) => a - b);
  assert.equal(expected.length, 96);
  const ofUsers = new Set(expected);
  assert.deepEqual(
    byId.filter((id) => ofUsers.has(id)),
    expected,
  );
  assert.deepEqual(
    byTime.filter((id) => ofUsers.has(id)).sort((a, b) => a - b),
    expected,
  );
});

async function readById(agent: TestAgent, isOver: () => boolean): Promise<number[]> {
  const seen: number[] = [];
  for (let isLast = false; ; ) {
    const values = { start_transaction_id: seen.at(-1) ?? 0, perPage: 3 };
    const page = (await agent.get('/transaction-list', values)).body.data as { id: number }[];
    seen.push(...page.map(({ id }) => id));
    if (isLast && page.length === 0) return seen;
    isLast = isOver();
  }
}

async function readByTime(agent: TestAgent, isOver: () => boolean): Promise<number[]> {
  const seen: number[] = [];
  const { sql } = world.hub;
  const rest = {
    agentId: agent.id as AgentId,
    offset: 0,
    limit: 1000,
    descending: false,
    withDetails: false,
  };
  for (let start = '2020-01-01T00:00:00Z', isLast = false; !isLast; ) {
    isLast = isOver();
    const [row] = await sql`select wire_time(clock_timestamp()) as now`;
    const page = await feedWindow(sql, { ...rest, start, end: row?.now });
    seen.push(...page.map(({ id }) => id));
    start = row?.now;
  }
  return seen;
}
