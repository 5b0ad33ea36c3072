/**
 * Settlement of a session: every position once, whatever happens in between — corrections, players who have taken
 * their winnings away, K-Rain's late word, two nodes at once, a ledger that fails. The audit is asked after each.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BookSettle } from '../../src/core/book/types.ts';
import { type AccountId, type RainSessionId, trusted } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { settlementProgress } from '../../src/db/book-settlement.ts';
import { findSession } from '../../src/db/rain-session.ts';
import { LedgerFault } from '../../src/engine/ledger-writer.ts';
import { openSettlement, type SettlementOptions } from '../../src/rain/settle.ts';
import { type BookGround, type BookOperatorClient, openBook, type TestPlayer } from '../kbook/rig.ts';
import { openWorld, type World } from '../world.ts';

const ONE = 100n;

let world: World;
let ground: BookGround;
let site: BookOperatorClient;
let outsideId: AccountId;

before(async () => {
  world = await openWorld();
  ground = openBook(world);
  site = await ground.operator();
  outsideId = await world.hub.book.outsideAccount(site.id, 'USD');
  // So that the pool carries a whole crowd while K-Rain is asked.
  await world.hub.sql`update rain_site set pool_max = 1000000000`;
});
after(() => world.close());

const settlement = (changed: Partial<SettlementOptions> = {}) =>
  openSettlement({ sql: world.hub.sql, writer: world.hub.writer, directory: world.hub.book, ...changed });

/** Gives the session a result by hand; nothing is settled yet. */
async function result(id: RainSessionId, text: 'RAIN' | 'NO_RAIN' | 'VOID'): Promise<void> {
  await world.hub.sql`update rain_session set status = 'UNSETTLED', market = 'CLOSE', result = ${text},
    version = version + 1, resulted_at = now() where id = ${id}`;
}

async function stateOf(id: RainSessionId) {
  const session = await findSession(world.hub.sql, id);
  assert.ok(session !== null);
  return session;
}

/** In the currency's unit, as the operator sees it. */
async function money(player: TestPlayer) {
  const data = await site.done('getCreditBalance', { userId: player.userId });
  return [data.currentBalance, data.exposureAmount, data.withdrawableAmount];
}

async function holds(): Promise<void> {
  const report = await audit(world.hub.sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
}

async function postedFor(id: RainSessionId): Promise<number> {
  const [row] = await world.hub
    .sql`select count(*)::int as posted from transfer where external_id like ${`session ${id}.%`}`;
  return row?.posted;
}

/** So many players, each with a bet on rain and, every third one, one on none. */
async function crowd(count: number, id: RainSessionId): Promise<TestPlayer[]> {
  const seats = await Promise.all(Array.from({ length: count }, () => site.player({ credit: 1000 })));
  await Promise.all(
    seats.map(async (player, index) => {
      await ground.bet(player, { session: id, type: 'RAIN', stake: 500n * ONE });
      if (index % 3 === 0) await ground.bet(player, { session: id, type: 'NO_RAIN', stake: 100n * ONE });
    }),
  );
  return seats;
}

test('many positions with their part at K-Rain: each is posted once, and the session says settled', async () => {
  const id = await ground.session();
  const [first, second] = await crowd(60, id);
  assert.ok(first !== undefined && second !== undefined);
  const chunks: number[] = [];
  await result(id, 'RAIN');
  const settled = await settlement({
    chunkMax: 16,
    onChunk: ({ positions }) => chunks.push(positions),
  }).runOne(id);
  assert.deepEqual(
    [settled?.positions, settled?.waiting, settled?.done],
    [60, 0, true],
    JSON.stringify(settled),
  );
  assert.deepEqual(chunks, [16, 16, 16, 12]);
  assert.equal((await stateOf(id)).status, 'SETTLED');
  assert.deepEqual(await money(first), [1400, 0, 1400], 'won 500, lost 100');
  assert.deepEqual(await money(second), [1500, 0, 1500]);
  const posted = await postedFor(id);
  assert.equal(posted, 120, "one of the player's net and one of K-Rain's part, each");
  assert.equal(await settlement().runOne(id), null, 'there is nothing left');
  assert.equal(await postedFor(id), posted);
  await holds();
});

test('rain, no rain, void: each correction posts the difference, also to one who has taken it all away', async () => {
  const id = await ground.session();
  const [player] = await crowd(9, id);
  assert.ok(player !== undefined);
  const userId = player.userId;
  await ground.settle(id, 'RAIN');
  assert.deepEqual(await money(player), [1400, 0, 1400]);
  const out = await site.done('withdraw', { userId, tsCode: `all-${id}` });
  assert.equal(out.transferAmount, -1400);
  await holds();
  await ground.settle(id, 'NO_RAIN');
  // 49.0 on 100 wins 4800, the 500 on rain are lost: 4300 instead of the 400 that are gone.
  assert.deepEqual(await money(player), [3900, 0, 3900]);
  await site.done('withdraw', { userId, tsCode: `again-${id}` });
  await ground.settle(id, 'RAIN');
  const [short] = await world.hub
    .sql`select balance::int, overdraft::int from account where id = ${player.accountId}`;
  assert.deepEqual([short?.balance, short?.overdraft], [-390_000, 390_000], 'the shortage has a name');
  assert.deepEqual(await money(player), [-3900, 0, 0]);
  await holds();
  await ground.settle(id, 'VOID');
  assert.deepEqual(await money(player), [-4300, 0, 0], 'as if never bet: 1000 in, 5300 out');
  assert.equal((await stateOf(id)).status, 'VOID');
  const made = await site.done('deposit', { userId, tsCode: `back-${id}`, depositAmount: 5000 });
  assert.equal(made.afterCredit, 700);
  const statuses = await world.hub.sql`select distinct status, payout from book_bet where session_id = ${id}`;
  assert.deepEqual(
    statuses.map((row) => [row.status, row.payout]),
    [[5, 0n]],
  );
  await holds();
});

test("K-Rain's word comes after the result: the rest is settled, the waiting bet follows", async () => {
  const id = await ground.session();
  const player = await site.player({ credit: 1000 });
  await ground.bet(player, { session: id, type: 'RAIN', stake: 100n * ONE });
  const open = await ground.bet(player, { session: id, type: 'RAIN', stake: 200n * ONE, krain: 'is silent' });
  const lost = await ground.bet(player, {
    session: id,
    type: 'NO_RAIN',
    stake: 100n * ONE,
    krain: 'is silent',
  });
  await result(id, 'RAIN');
  const first = await settlement().runOne(id);
  assert.deepEqual([first?.waiting, first?.done], [1, false]);
  assert.deepEqual(await settlementProgress(world.hub.sql, await stateOf(id)), {
    positions: 1,
    due: 1,
    pending: 1,
  });
  assert.equal((await stateOf(id)).status, 'UNSETTLED');
  assert.deepEqual(await money(player), [1100, 100, 1000], 'only what may still be lost is kept back');
  await holds();
  const answer = { kind: 'matched', stake: 14_000n, odds: 2050, win: 14_700n } as const;
  await world.hub.writer.submit({
    kind: 'book_answer',
    player,
    sessionId: id,
    betId: trusted(open),
    answer,
  });
  assert.deepEqual([(await settlement().runOne(id))?.done], [false], 'one is still owed');
  assert.deepEqual(await money(player), [1300, 100, 1200]);
  const refused = { kind: 'refused', reason: 'krain_refused' } as const;
  await world.hub.writer.submit({
    kind: 'book_answer',
    player,
    sessionId: id,
    betId: trusted(lost),
    answer: refused,
  });
  assert.equal((await settlement().runOne(id))?.done, true);
  assert.deepEqual(await money(player), [1300, 0, 1300]);
  assert.equal((await stateOf(id)).status, 'SETTLED');
  await holds();
});

test('two nodes settle at once and nothing is posted twice', async () => {
  const id = await ground.session();
  await crowd(40, id);
  const { hub: other } = await world.secondHub();
  await result(id, 'NO_RAIN');
  const both = await Promise.all([
    settlement().runOne(id),
    settlement({ sql: other.sql, writer: other.writer, directory: other.book }).runOne(id),
  ]);
  assert.ok(
    both.every((settled) => settled === null || settled.done),
    JSON.stringify(both),
  );
  assert.equal((await stateOf(id)).status, 'SETTLED');
  assert.equal(await postedFor(id), 80);
  await holds();
});

test('a chunk whose end nobody knows is handed in again; stopped, it goes on where it stood', async () => {
  const id = await ground.session();
  await crowd(20, id);
  await result(id, 'RAIN');
  const { writer } = world.hub;
  let faults = 0;
  const shaky = {
    async submitAll(commands: readonly BookSettle[]) {
      const outcomes = await writer.submitAll(commands);
      if (faults++ === 0) throw new LedgerFault('unknown');
      return outcomes;
    },
  };
  const stopped = settlement();
  stopped.stop();
  assert.deepEqual([(await stopped.runOne(id))?.done], [false]);
  assert.equal(await postedFor(id), 0);
  const settled = await settlement({ writer: shaky as SettlementOptions['writer'] }).runOne(id);
  assert.deepEqual([settled?.done, faults], [true, 2]);
  assert.equal(await postedFor(id), 40);
  await holds();
});

test('what players do meanwhile waits for a chunk at most', async () => {
  const id = await ground.session();
  const seats = await crowd(48, id);
  const [player] = seats;
  assert.ok(player !== undefined);
  await result(id, 'RAIN');
  let chunks = 0;
  let moved: Promise<number> | null = null;
  const tsCode = `meanwhile-${id}`;
  await settlement({
    chunkMax: 4,
    onChunk() {
      chunks += 1;
      moved ??= world.hub.writer
        .submit({ kind: 'book_transfer', direction: 'withdraw', player, outsideId, tsCode, amount: 1n })
        .then(() => chunks);
    },
  }).runOne(id);
  assert.equal(chunks, 12);
  assert.ok(moved !== null && (await moved) <= 3, `served behind chunk ${await moved}`);
  await holds();
});

test('a correction in the middle of a settlement is settled by the next run', async () => {
  const id = await ground.session();
  const [player] = await crowd(10, id);
  assert.ok(player !== undefined);
  await result(id, 'RAIN');
  const { writer } = world.hub;
  const meanwhile = {
    async submitAll(commands: readonly BookSettle[]) {
      const outcomes = await writer.submitAll(commands);
      await result(id, 'NO_RAIN');
      return outcomes;
    },
  };
  const first = await settlement({ writer: meanwhile as SettlementOptions['writer'] }).runOne(id);
  assert.equal(first?.done, false, 'the version it has settled is not the session’s any more');
  assert.equal((await stateOf(id)).status, 'UNSETTLED');
  const second = await settlement().runOne(id);
  assert.deepEqual([second?.version, second?.done], [2, true]);
  assert.deepEqual(await money(player), [5300, 0, 5300]);
  await holds();
});
