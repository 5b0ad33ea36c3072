/**
 * The rain book whole, over the wire: two hubs on PostgreSQL with all their loops, K-Rain's stand-in over HTTP with
 * faults, a database that breaks, players and operators who ask again. Twenty sessions in four rounds, each with its own
 * way to split a stake and its own faults, with results, corrections and voids; in the end everything must add up.
 * `SEED=…` draws the same again; what happens when is up to the machine.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FAULTS, faultNames } from '../../sim/krain/faults.ts';
import { type Krain, startKrain } from '../../sim/krain/krain.ts';
import type { Kept } from '../../sim/krain/pool.ts';
import type { StatedResult } from '../../src/core/book/session-machine.ts';
import { type RainSessionId, trusted } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { sessionName } from '../../src/db/book-pending.ts';
import { numbers } from '../../src/db/connect.ts';
import { findSession } from '../../src/db/rain-session.ts';
import { marketIdOf } from '../../src/rain/market.ts';
import { reconcileSession } from '../../src/rain/reconcile.ts';
import { stateResult } from '../../src/rain/results.ts';
import { openPage } from '../kbook/player-rig.ts';
import { type BookGround, type BookOperatorClient, eventually, openBook } from '../kbook/rig.ts';
import { createFaults } from '../simulation/faults.ts';
import { type Chance, chanceOf, seedOfRun } from '../simulation/random.ts';
import { openWorld, type World } from '../world.ts';
import { type HeardBet, judge } from './judge.ts';
import { readResultInstants, readRows } from './wire/ledger-rows.ts';
import { bet, type Heard, moveMoney, type PlayerAt, pagesAt } from './wire/people.ts';

const ROUNDS = 4;
const SESSIONS = 5;
const PLAYERS = 6;
const KEY = 'a key of tests';
const OPENS_WITH = 8000;
const OPEN_MS_MIN = 2500;
const OPEN_MS_MORE = 2000;
const TIMEOUT_MS = 180_000;

/** How the site splits a stake in each round. */
const RULES = [
  { own_bps: 3000, own_min_bps: 500, pool_max: 2_000_000 },
  { own_bps: 10_000, own_min_bps: 0, pool_max: 100_000_000 },
  { own_bps: 3000, own_min_bps: 500, pool_max: 30_000 },
  { own_bps: 0, own_min_bps: 0, pool_max: 0 },
];

interface Stage {
  readonly world: World;
  readonly book: BookGround;
  readonly krain: Krain;
  readonly operators: readonly BookOperatorClient[];
  readonly players: readonly PlayerAt[];
  readonly heard: Heard;
  readonly sessions: RainSessionId[];
  readonly chance: Chance;
}

test('two nodes, K-Rain over HTTP, everything fails: the books agree', { timeout: TIMEOUT_MS }, async (t) => {
  const chance = chanceOf(seedOfRun('rain book, wire'));
  const krain = await startKrain({ key: KEY, seed: chance.below(2 ** 31), depth: 60_000n, makers: 3 });
  t.after(() => krain.close());
  const faults = createFaults(chance.part('faults'));
  const world = await openWorld({
    logLevel: 'silent',
    rain: { krain: { url: krain.url, key: KEY, limits: { timeoutMs: 1500, openMs: 200 } }, weatherUrl: null },
    writer: { atStep: faults.atStep, batchTimeoutMs: 600, batchMax: 40 },
  });
  t.after(() => world.close());
  const stage = await setStage({ world, krain, chance });
  const stopFaults = await faults.start(world.databaseUrl);
  try {
    for (let round = 0; round < ROUNDS; round++) await playRound(stage, round);
  } finally {
    await stopFaults();
    krain.fault({});
  }
  await settled(stage);
  await judgeAll(stage);
  const { bets, moneys, codes } = stage.heard;
  const told = JSON.stringify({ ...codes, ...faults.counts() });
  process.stdout.write(`rain book, wire: ${bets.length} bets, ${moneys.length} transfers; ${told}\n`);
  assert.ok((codes[1] ?? 0) > 10, 'enough happened to prove anything');
});

async function setStage({ world, krain, chance }: Pick<Stage, 'world' | 'krain' | 'chance'>): Promise<Stage> {
  const book = openBook(world);
  const second = await world.secondHub();
  const operators = [await book.operator(), await book.operator()];
  const heard: Heard = { bets: [], moneys: [], codes: {} };
  const players: PlayerAt[] = [];
  for (let nth = 0; nth < PLAYERS; nth++) {
    const operator = operators[nth % operators.length]!;
    const player = await operator.player({ credit: OPENS_WITH });
    const amount = BigInt(OPENS_WITH * 100);
    heard.moneys.push({ command: { player }, sent: 1, answer: { ok: true, record: { amount } } });
    const page = await openPage(world.url, player);
    players.push({ player, operator, pages: pagesAt([world.url, second.url], page) });
  }
  return { world, book, krain, operators, players, heard, sessions: [], chance };
}

/** Sessions that close in a moment, players who bet in them, results, and more than one of some. */
async function playRound(stage: Stage, round: number): Promise<void> {
  const { book, world, krain, players, heard, chance } = stage;
  const { sql } = world.hub;
  const { own_bps, own_min_bps, pool_max } = RULES[round % RULES.length]!;
  await sql`update rain_site set own_bps = ${own_bps}, own_min_bps = ${own_min_bps}, pool_max = ${pool_max} where name = 'CPS'`;
  krain.fault(drawFaults(chance), { delayMs: 400, seed: chance.below(2 ** 31) });
  const sessions: RainSessionId[] = [];
  for (let nth = 0; nth < SESSIONS; nth++) {
    const closesInMs = OPEN_MS_MIN + chance.below(OPEN_MS_MORE);
    const id = await book.session({ rain: 2000, noRain: 1600, closesInMs });
    krain.tell(await marketOf(stage, id), { likelihood: 0.45 });
    sessions.push(id);
  }
  const until = Date.now() + OPEN_MS_MIN + OPEN_MS_MORE;
  stage.sessions.push(...sessions);
  const betting = players.flatMap((who, place) => {
    const part = chance.part(`${round}-${place}`);
    const at = { sessions, until, heard, tab: `r${round}` };
    return [bet(who, part.part('bets'), at), moveMoney(who, part.part('money'), at)];
  });
  await Promise.all(betting);
  for (const id of sessions) await stateResults(stage, id);
}

async function marketOf({ world }: Stage, id: RainSessionId): Promise<string> {
  const name = await sessionName(world.hub.sql, id);
  assert.ok(name !== null);
  return marketIdOf(name);
}

/** Two or three things at a time, in one of ten calls each. */
function drawFaults(chance: Chance): Partial<Record<keyof typeof FAULTS, number>> {
  const names = Array.from({ length: 2 + chance.below(2) }, () => chance.pick(faultNames));
  return Object.fromEntries(names.map((name) => [name, 0.15]));
}

/** Its hours are over at once; then the result, and of every third session another. */
async function stateResults({ world, chance }: Stage, sessionId: RainSessionId): Promise<void> {
  const { sql } = world.hub;
  await sql`update rain_session set starts_at = closes_at, ends_at = closes_at + interval '1 millisecond' where id = ${sessionId}`;
  const first = chance.pick(['RAIN', 'NO_RAIN'] as const);
  const course: StatedResult[] = [first];
  if (chance.happens(35)) course.push(chance.pick(['VOID', first === 'RAIN' ? 'NO_RAIN' : 'RAIN'] as const));
  for (const [nth, result] of course.entries()) {
    const statement = { sessionId, result, reason: 'as measured', rainMm: null, correction: nth > 0 };
    for (const by of ['anna', 'bert']) {
      const outcome = await stateResult(sql, { ...statement, by });
      assert.ok(outcome.ok, `${sessionId} ${result}: ${outcome.ok ? '' : outcome.code}`);
    }
  }
}

async function settled({ world, sessions }: Stage): Promise<void> {
  const { sql } = world.hub;
  await eventually('every bet has its fate, and every session is settled', async () => {
    const [row] = await sql`select (select count(*) from book_bet where status in (0, 1, 3))::int as open,
      (select count(*) from rain_session where id = any(${numbers(sessions)}::bigint[]) and status not in ('SETTLED', 'VOID'))::int as unsettled`;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return row?.open === 0 && row.unsettled === 0;
  });
}

async function judgeAll(stage: Stage): Promise<void> {
  const { world, krain, players, heard, sessions } = stage;
  const { sql } = world.hub;
  const orders = new Map<string, Kept>();
  for (const id of sessions) {
    for (const kept of krain.books.ordersOf(await marketOf(stage, id), { after: '', limit: 100_000 }))
      orders.set(kept.order.id, kept);
    assert.ok(world.hub.rain.market !== null);
    const session = await findSession(sql, id);
    const statement = await reconcileSession({ sql, market: world.hub.rain.market }, session!);
    assert.deepEqual([statement.differences, statement.unavailable], [[], null]);
  }
  const rows = await readRows(sql);
  const bets = heard.bets.map((wish): HeardBet => ({ ...wish, answer: asJudged(wish, rows.bets) }));
  const resultedAt = await readResultInstants(sql);
  const everybody = players.map(({ player }) => player);
  judge({ rows, players: everybody, orders, bets, moneys: heard.moneys, resultedAt });
  const { checks } = await audit(sql);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
  await feedsAreWhole(stage);
}

/** A page is not told the id of a bet that failed. */
function asJudged(
  { command, answer }: Heard['bets'][number],
  bets: ReadonlyMap<unknown, { id: unknown }>,
): HeardBet['answer'] {
  if (answer !== 'failed') return answer;
  const made = [...(bets as Parameters<typeof judge>[0]['rows']['bets']).values()].find(
    ({ playerId, key }) => playerId === command.player.id && key === command.key,
  );
  assert.ok(made !== undefined, `${command.key} failed, and was never there`);
  return { ok: true, bet: { id: made.id, status: 'FAILED' } };
}

/** What an operator reads by update time, from the beginning, is every bet of its players as it is now. */
async function feedsAreWhole({ world, operators }: Stage): Promise<void> {
  for (const operator of operators) {
    const seen = new Map<number, string>();
    for (let last = Date.now() - 3_600_000; ; ) {
      const updateTime = new Date(last).toISOString().replace(/\D/g, '');
      const rows = await operator.done('getVendorTransactionByUpdateTime', { updateTime });
      for (const row of rows)
        seen.set(
          row.id,
          `${row.transactionStatus} ${row.originStake.toFixed(2)} ${row.originPayout.toFixed(2)}`,
        );
      if (rows.length === 0) break;
      last = rows.at(-1).updateTime;
    }
    const rows = await world.hub
      .sql`select id, (array['TEMP','ACTIVE','FAILED','CHECK','SETTLED','VOID'])[status + 1] || ' ' || (stake / 100.0)::numeric(20, 2) || ' ' || (payout / 100.0)::numeric(20, 2) as text
      from book_bet where operator_id = ${operator.id}`;
    assert.deepEqual(seen, new Map(rows.map(({ id, text }) => [Number(trusted(id)), text])));
  }
}
