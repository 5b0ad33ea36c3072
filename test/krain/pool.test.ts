/**
 * The stand-in market's pool against what it promises: never more than was on offer, the best first, all or nothing,
 * one answer an id, no sure win, and nothing that depends on anything but seed and instant.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { memoryBooks } from '../../sim/krain/books.ts';
import { LIKELIHOOD_MAX, LIKELIHOOD_MIN, likelihoodAt } from '../../sim/krain/drift.ts';
import { SIDES } from '../../sim/krain/makers.ts';
import { closingOf, marketNameOf } from '../../sim/krain/market-name.ts';
import { type Level, match, total } from '../../sim/krain/match.ts';
import { availableOf, type Order, openPool, type PoolOptions } from '../../sim/krain/pool.ts';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SEED=${SEED}`);
const runs = { seed: SEED, numRuns: 300 };

const MARKET = 'CPS-2026-11-21-NOON-USD';
const NOW = Date.parse('2026-11-20T12:00:00Z');

const aLevel = fc.record({
  odds: fc.integer({ min: 1010, max: 60_000 }),
  available: fc.bigInt(0n, 500_000n),
});
const levels = fc.array(aLevel, { maxLength: 8 }).map((all) => all.toSorted((a, b) => b.odds - a.odds));
const wanted = fc.record({
  stake: fc.bigInt(1n, 1_000_000n),
  odds: fc.integer({ min: 1001, max: 60_000 }),
  fill: fc.constantFrom('whole' as const, 'part' as const),
});
/** Cent by cent: what is left of the level that is best now, while it is good enough. */
function naively(all: readonly Level[], { stake, odds }: { stake: bigint; odds: number }) {
  let [left, returned] = [stake, 0n];
  for (const level of all.filter((each) => each.odds >= odds)) {
    const take = level.available < left ? level.available : left;
    left -= take;
    returned += take * BigInt(level.odds - 1000);
  }
  return { stake: stake - left, win: returned / 1000n };
}

test('an order takes the best there is and never more than there is', () => {
  fc.assert(
    fc.property(levels, wanted, (all, want) => {
      const expected = naively(all, want);
      const matched = match(all, want);
      const isTaken = expected.stake > 0n && (want.fill === 'part' || expected.stake === want.stake);
      assert.equal(matched.ok, isTaken);
      if (!matched.ok) return;
      assert.equal(matched.stake, expected.stake);
      assert.equal(matched.win, expected.win);
      assert.ok(matched.odds >= want.odds);
      assert.equal(
        matched.taken.reduce((a, b) => a + b, 0n),
        matched.stake,
      );
      for (const [i, taken] of matched.taken.entries()) {
        assert.ok(taken >= 0n && taken <= all[i]!.available);
        // Nobody further down is asked while something is left further up.
        if (taken < all[i]!.available) assert.ok(matched.taken.slice(i + 1).every((each) => each === 0n));
      }
    }),
    runs,
  );
});

test('why an order is refused: there is enough elsewhere, or there is not', () => {
  const offer = [
    { odds: 2000, available: 100n },
    { odds: 1900, available: 100n },
  ];
  const table: [stake: bigint, odds: number, fill: 'whole' | 'part', reason: string][] = [
    [50n, 2001, 'part', 'odds_moved'],
    [150n, 2000, 'whole', 'odds_moved'],
    [201n, 1900, 'whole', 'no_liquidity'],
    [201n, 2001, 'part', 'odds_moved'],
  ];
  for (const [stake, odds, fill, reason] of table)
    assert.deepEqual(match(offer, { stake, odds, fill }), { ok: false, reason });
  assert.deepEqual(match([], { stake: 1n, odds: 1001, fill: 'part' }), { ok: false, reason: 'no_liquidity' });
});

let names = 0;
const order = (changed: Partial<Order> = {}): Order => ({
  id: `bet-${names++}`,
  market: MARKET,
  side: 'RAIN',
  stake: 10_000n,
  currency: 'USD',
  odds: 1010,
  fill: 'part',
  until: NOW + 10_000,
  ...changed,
});
const poolOf = (options: Partial<PoolOptions> = {}) =>
  openPool({ seed: SEED, books: memoryBooks(), ...options });

test('what is matched is gone, and comes back in time', () => {
  const pool = poolOf({ volatility: 0 });
  const before = availableOf(pool.offer(MARKET, NOW)!, 'RAIN');
  const taken = pool.place(order({ stake: before / 2n }), NOW);
  assert.ok(taken !== 'conflict' && taken.matched === before / 2n);
  assert.equal(availableOf(pool.offer(MARKET, NOW)!, 'RAIN'), before - taken.matched);
  const refilled = availableOf(pool.offer(MARKET, NOW + 60 * 60_000)!, 'RAIN');
  assert.ok(refilled > (before * 6n) / 10n, `${refilled} of ${before}`);
});

test('however orders come, never more is matched than was on offer', () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 20_000 }),
    side: fc.constantFrom(...SIDES),
    stake: fc.bigInt(1n, 900_000n),
    odds: fc.integer({ min: 1010, max: 8000 }),
    fill: fc.constantFrom('whole' as const, 'part' as const),
  });
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 40 }), (seed, steps) => {
      const pool = poolOf({ seed });
      let now = NOW;
      for (const { waitMs, ...want } of steps) {
        now += waitMs;
        const before = pool.offer(MARKET, now)!.levels[want.side];
        const asked = order({ ...want, until: now + 1 });
        const answer = pool.place(asked, now);
        assert.ok(answer !== 'conflict');
        assert.ok(answer.matched <= total(before.filter(({ odds }) => odds >= want.odds)));
        assert.ok(answer.matched === 0n || want.fill === 'part' || answer.matched === want.stake);
        assert.equal(total(pool.offer(MARKET, now)!.levels[want.side]), total(before) - answer.matched);
        assert.equal(pool.place(asked, now + 3_600_000), answer, 'again: the same answer');
      }
    }),
    runs,
  );
});

test('the same id with anything else is a conflict', () => {
  const pool = poolOf();
  const first = order();
  pool.place(first, NOW);
  const others: Partial<Order>[] = [
    { market: 'CPS-2026-11-21-NIGHT-USD' },
    { side: 'NO_RAIN' },
    { stake: 10_001n },
    { odds: 1011 },
    { fill: 'whole' },
    { until: NOW + 10_001 },
  ];
  for (const other of others) assert.equal(pool.place({ ...first, ...other }, NOW), 'conflict');
});

test('refusals, in their order', () => {
  const pool = poolOf({ orderMax: 50_000n });
  const reasonOf = (changed: Partial<Order>, now = NOW) => {
    const answer = pool.place(order(changed), now);
    return answer === 'conflict' ? answer : answer.reason;
  };
  assert.equal(reasonOf({ until: NOW }), 'too_late');
  assert.equal(reasonOf({ until: NOW + 1 }), null);
  assert.equal(reasonOf({ market: 'CPS-2026-11-21-NOON' }), 'market_closed');
  assert.equal(reasonOf({ stake: 50_001n }), 'limit');
  assert.equal(reasonOf({ odds: 900_000 }), 'odds_moved');
  pool.tell(MARKET, { state: 'suspended' });
  assert.equal(reasonOf({}), 'market_closed');
  assert.deepEqual(pool.offer(MARKET, NOW)?.levels, { RAIN: [], NO_RAIN: [] });
  pool.tell(MARKET, { state: 'open', closesAt: NOW + 5000 });
  assert.equal(reasonOf({}, NOW + 4999), null);
  assert.equal(reasonOf({}, NOW + 5000), 'market_closed');
  // The clock does not go back, whatever it is told.
  assert.equal(reasonOf({}, NOW), 'market_closed');
});

test('whoever takes both sides may lose', () => {
  const any = fc.record({
    seed: fc.integer(),
    hours: fc.integer({ min: 0, max: 100_000 }),
    likelihood: fc.option(fc.double({ min: LIKELIHOOD_MIN, max: LIKELIHOOD_MAX, noNaN: true })),
    makers: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(any, ({ seed, hours, likelihood, makers }) => {
      const pool = poolOf({ seed, makers });
      pool.tell(MARKET, { likelihood });
      const { levels: offered } = pool.offer(MARKET, NOW + hours * 3_600_000)!;
      const [rain, dry] = [offered.RAIN[0]!.odds, offered.NO_RAIN[0]!.odds];
      assert.ok(1000 / rain + 1000 / dry > 1, `${rain} and ${dry}`);
    }),
    runs,
  );
});

test('odds move, and by seed, market and instant alone', () => {
  const oddsAt = (pool: ReturnType<typeof poolOf>, now: number) =>
    pool.offer(MARKET, now)!.levels.RAIN[0]!.odds;
  const [one, restarted] = [poolOf(), poolOf()];
  const seen = new Set<number>();
  for (let hour = 0; hour < 24; hour++) seen.add(oddsAt(one, NOW + hour * 3_600_000));
  assert.ok(seen.size > 5, `only ${seen.size} different odds in a day`);
  assert.equal(oddsAt(restarted, NOW + 23 * 3_600_000), oddsAt(one, NOW + 23 * 3_600_000));
  const drift = { seed: SEED, market: MARKET, likelihood: 0.5, volatility: 1 };
  for (let tick = 0; tick < 1000; tick++) {
    const step = Math.abs(likelihoodAt(drift, tick + 1) - likelihoodAt(drift, tick));
    assert.ok(step < 0.03, `a jump of ${step}`);
  }
});

test('names of markets, and when they close by them', () => {
  for (const bad of [
    '',
    'CPS',
    'CPS-2026-13-21-NOON-USD',
    'CPS-2026-02-30-NOON-USD',
    'cps-2026-11-21-NOON-USD',
    `${MARKET}D`,
  ])
    assert.equal(marketNameOf(bad), null, bad);
  const name = marketNameOf('CPS2-2026-11-21-NIGHT-USD')!;
  assert.deepEqual(name, { site: 'CPS2', day: '2026-11-21', type: 'NIGHT', currency: 'USD' });
  assert.equal(closingOf(name, 330), Date.parse('2026-11-21T18:00:00+05:30'));
});
