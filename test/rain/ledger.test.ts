/** The rain book's commands through the real writer and database: money, exposure and what the schema says of both. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BetType, Bettor } from '../../src/core/book/types.ts';
import { audit } from '../../src/db/audit.ts';
import { openWorld, type World } from '../world.ts';
import { type BookGround, openBookGround } from './ground.ts';

let world: World;
let ground: BookGround;

before(async () => {
  world = await openWorld();
  ground = await openBookGround(world.hub);
});
after(() => world.close());

let names = 0;

async function held(player: Bettor) {
  const [row] = await world.hub
    .sql`select balance::int, reserved::int, overdraft::int from account where id = ${player.accountId}`;
  return [row?.balance, row?.reserved, row?.overdraft];
}

async function bets(player: Bettor) {
  const rows = await world.hub
    .sql`select status, payout::int, own_stake::int, krain_stake::int from book_bet where player_id = ${player.id} order by id`;
  return rows.map((row) => [row.status, row.payout, row.own_stake, row.krain_stake]);
}

async function holds() {
  const report = await audit(world.hub.sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
}

test('a transfer folds profit and loss into the credit, once for each code', async () => {
  const player = await ground.seat();
  const first = await ground.deposit(player, 'd1', 1_000_000n);
  const repeated = await ground.deposit(player, 'd1', 1_000_000n);
  const other = await ground.deposit(player, 'd1', 1n);
  assert.ok(first.ok && repeated.ok);
  assert.deepEqual(repeated.record, first.record);
  assert.deepEqual([first.replayed, repeated.replayed], [false, true]);
  assert.deepEqual(other, { ok: false, code: 'key_reused' });
  assert.deepEqual(await ground.withdraw(player, 'w0', 1_000_001n), {
    ok: false,
    code: 'insufficient_balance',
  });
  const out = await ground.withdraw(player, 'w1', 'all');
  assert.ok(out.ok);
  const { amount, profitLoss, creditBefore, creditAfter } = out.record;
  assert.deepEqual([amount, profitLoss, creditBefore, creditAfter], [-1_000_000n, 0n, 1_000_000n, 0n]);
  assert.deepEqual(await held(player), [0, 0, 0]);
});

test('a bet is promised, matched in part, settled and corrected; what is short has a name', async () => {
  const player = await ground.seat();
  const sessionId = await ground.session();
  await ground.deposit(player, 'd2', 20_000n);
  const placed = await ground.place(player, sessionId, { type: 'RAIN', stake: 20_000n, key: 'k1' });
  assert.ok(placed.ok && placed.ask);
  assert.deepEqual(await held(player), [20_000, 20_000, 0]);
  assert.deepEqual(await ground.withdraw(player, 'w2', 1n), { ok: false, code: 'insufficient_balance' });
  const again = await ground.place(player, sessionId, { type: 'RAIN', stake: 20_000n, key: 'k1' });
  assert.ok(again.ok && again.replayed && !again.ask);
  assert.deepEqual(await bets(player), [[0, 0, 6000, 14_000]]);
  await ground.answer(player, placed.bet, { kind: 'unknown' });
  await ground.answer(player, placed.bet, {
    kind: 'matched',
    stake: 10_000n,
    odds: 2050,
    win: 10_500n,
  });
  assert.deepEqual(await bets(player), [[1, 0, 10_000, 10_000]]);
  await ground.result(sessionId, 'RAIN');
  const done = await ground.settle(player, sessionId);
  assert.deepEqual([done.net, done.hedge, done.left], [20_000n, 10_500n, 0]);
  assert.deepEqual((await ground.settle(player, sessionId)).net, 0n);
  assert.deepEqual(await held(player), [40_000, 0, 0]);
  const out = await ground.withdraw(player, 'w3', 'all');
  assert.ok(out.ok && out.record.profitLoss === 20_000n && out.record.creditAfter === 0n);
  await ground.result(sessionId, 'NO_RAIN');
  assert.deepEqual((await ground.settle(player, sessionId)).net, -40_000n);
  assert.deepEqual(await held(player), [-40_000, 0, 40_000]);
  assert.deepEqual(await bets(player), [[4, -20_000, 10_000, 10_000]]);
  await holds();
  const short = await ground.place(player, await ground.session(), {
    type: 'RAIN',
    stake: 10_000n,
    key: 'k2',
  });
  assert.ok(!short.ok && short.code === 'credit_short');
  const back = await ground.deposit(player, 'd3', 100_000n);
  assert.ok(back.ok && back.record.profitLoss === -40_000n && back.record.creditAfter === 60_000n);
  assert.deepEqual(await held(player), [60_000, 0, 0]);
  await ground.result(sessionId, 'VOID');
  assert.deepEqual((await ground.settle(player, sessionId)).net, 20_000n);
  assert.deepEqual(await bets(player), [[5, 0, 10_000, 10_000]]);
  await holds();
});

test('opposite matched bets net off, a pending one never does', async () => {
  const player = await ground.seat();
  const sessionId = await ground.session({ ownBps: 10_000 });
  await ground.deposit(player, 'd4', 20_000n);
  const rain = await ground.place(player, sessionId, { type: 'RAIN', stake: 20_000n, key: 'a' });
  assert.ok(rain.ok && !rain.ask && rain.bet.status === 'ACTIVE');
  assert.deepEqual(await held(player), [20_000, 20_000, 0]);
  const dry = await ground.place(player, sessionId, { type: 'NO_RAIN', stake: 10_000n, key: 'b' });
  assert.ok(dry.ok, 'ten thousand more are at risk if it rains, but rain wins twenty');
  assert.deepEqual(await held(player), [20_000, 0, 0]);
  const laidOff = await ground.session();
  const pending = await ground.place(player, laidOff, { type: 'RAIN', stake: 20_000n, key: 'c' });
  assert.ok(pending.ok && pending.ask);
  const opposite = await ground.place(player, laidOff, { type: 'NO_RAIN', stake: 10_000n, key: 'd' });
  assert.ok(opposite.ok, 'the other outcome costs less than is promised already');
  assert.deepEqual(await held(player), [20_000, 20_000, 0]);
  const more = await ground.place(player, laidOff, { type: 'NO_RAIN', stake: 20_000n, key: 'e' });
  assert.ok(!more.ok && more.code === 'credit_short');
  await ground.answer(player, pending.bet, { kind: 'refused', reason: 'krain_refused' });
  await ground.answer(player, opposite.bet, { kind: 'refused', reason: 'krain_unreachable' });
  assert.deepEqual(await held(player), [20_000, 0, 0]);
  assert.deepEqual((await bets(player)).slice(2), [
    [2, 0, 0, 0],
    [2, 0, 0, 0],
  ]);
  const [pool] = await world.hub
    .sql`select pool_rain::int, pool_dry::int, risk_rain::int, risk_dry::int from rain_session where id = ${laidOff}`;
  assert.deepEqual([pool?.pool_rain, pool?.pool_dry, pool?.risk_rain, pool?.risk_dry], [0, 0, 0, 0]);
  await holds();
});

test('doors: the visit, the hours, the odds, the limits', async () => {
  const player = await ground.seat();
  const sessionId = await ground.session();
  await ground.deposit(player, 'd5', 100_000_000n);
  const say = async (wish: Partial<{ type: BetType; stake: bigint }> = {}) => {
    const outcome = await ground.place(player, sessionId, {
      type: 'RAIN',
      stake: 10_000n,
      key: `k${names++}`,
      ...wish,
    });
    return outcome.ok ? 'ok' : outcome.code;
  };
  const { sql } = world.hub;
  assert.equal(await say({ stake: 9999n }), 'bet_limit');
  assert.equal(await say({ stake: 500_001n }), 'bet_limit');
  await sql`update rain_site set pool_max = 1000000`;
  assert.equal(await say({ type: 'NO_RAIN', stake: 500_000n }), 'pool_full');
  await sql`update rain_session set odds_rain = 1990 where id = ${sessionId}`;
  assert.equal(await say(), 'odds_moved');
  await sql`update rain_session set odds_rain = 2000, quote_until = now() where id = ${sessionId}`;
  assert.equal(await say(), 'odds_moved');
  await sql`update rain_session set quote_until = now() + interval '1 hour', market = 'SUSPEND' where id = ${sessionId}`;
  assert.equal(await say(), 'market_status');
  await sql`update rain_session set market = 'OPEN', closes_at = now() where id = ${sessionId}`;
  assert.equal(await say(), 'game_status');
  await sql`update rain_session set closes_at = starts_at where id = ${sessionId}`;
  await sql`update book_player set max_exposure = 15000 where id = ${player.id}`;
  assert.equal(await say({ stake: 20_000n }), 'exposure_exceeded');
  await sql`update book_player set own_day_stake = 15000 where id = ${player.id}`;
  assert.equal(await say(), 'ok');
  assert.equal(await say(), 'own_limit');
  await sql`update book_player set excluded_until = 'infinity' where id = ${player.id}`;
  assert.equal(await say(), 'not_allowed');
  await sql`update book_visit set ended_at = now() where id = ${player.visitId}`;
  assert.equal(await say(), 'visit_ended');
});
