/**
 * The rain book's formulas, each against brute force or the rule it stands for. `SEED=<n>` repeats a run, `RUNS=<n>`
 * makes it so many times longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exposureOf, netOf, plus, riskOf, stakeWithin } from '../../../src/core/book/exposure.ts';
import { split } from '../../../src/core/book/hedge.ts';
import { offerOf, stakeFor, winOf } from '../../../src/core/book/odds.ts';
import type { BetType } from '../../../src/core/book/types.ts';
import { type NaiveBet, poolAtWorst, worstLoss } from '../../book/naive-exposure.ts';
import { seeded } from '../../model/seed.ts';

const stakes = fc.bigInt({ min: 1n, max: 1_000_000n });
const odds = fc.integer({ min: 1010, max: 60_000 });
const types = fc.constantFrom<BetType>('RAIN', 'NO_RAIN');
const none = { rain: 0n, dry: 0n };

const bets = fc.array(
  fc.record({
    type: types,
    stake: stakes,
    odds,
    status: fc.constantFrom('ACTIVE', 'TEMP', 'CHECK', 'FAILED'),
  }),
  { maxLength: 7 },
);

/** A bet of which nothing is at K-Rain. */
function naiveBet(bet: Pick<NaiveBet, 'type' | 'stake' | 'odds' | 'status'>): NaiveBet {
  const kept = { ownStake: bet.stake, krainStake: 0n, krainOdds: null, krainWin: 0n, krainWhole: false };
  const win = (bet.stake * BigInt(bet.odds)) / 1000n - bet.stake;
  const rest = { id: 0, player: 0, session: 0, key: '', placedAt: 0, payout: 0n, krainPayout: 0n };
  return { ...rest, ...kept, ...bet, win };
}

/** Summed as a position is. */
function positionOf(list: readonly NaiveBet[]) {
  const sum = (of: (bet: NaiveBet) => typeof none, among: readonly NaiveBet[]) =>
    among.map(of).reduce(plus, none);
  return {
    net: sum(
      netOf,
      list.filter(({ status }) => status === 'ACTIVE'),
    ),
    risk: sum(
      riskOf,
      list.filter(({ status }) => status === 'TEMP' || status === 'CHECK'),
    ),
    settledNet: 0n,
  };
}

test('exposure is the worst over all outcomes and all that may become of pending bets', (t) => {
  fc.assert(
    fc.property(bets, (list) => {
      const all = list.map((bet) => naiveBet(bet as NaiveBet));
      const position = positionOf(all);
      for (const result of ['NOT_AVAILABLE', 'RAIN', 'NO_RAIN', 'VOID'] as const)
        assert.equal(exposureOf(position, result), worstLoss(all, result), result);
    }),
    seeded(t, 1000),
  );
});

test('the largest stake within an exposure is within it, and one more is not', (t) => {
  fc.assert(
    fc.property(bets, types, stakes, (list, type, most) => {
      const all = list.map((bet) => naiveBet(bet as NaiveBet));
      const loss = (stake: bigint) =>
        worstLoss([...all, naiveBet({ type, stake, odds: 2000, status: 'TEMP' })], 'NOT_AVAILABLE');
      const stake = stakeWithin(positionOf(all), type, most);
      if (stake > 0n) assert.ok(loss(stake) <= most);
      assert.ok(loss(stake + 1n) > most);
    }),
    seeded(t, 1000),
  );
});

test('a win is the odds’, rounded against the player by less than one unit', (t) => {
  fc.assert(
    fc.property(stakes, odds, (stake, at) => {
      const thousandths = stake * BigInt(at - 1000);
      const win = winOf(stake, at);
      assert.ok(win * 1000n <= thousandths && thousandths < (win + 1n) * 1000n);
    }),
    seeded(t, 1000),
  );
});

test('the largest stake for a win wins no more with its fraction, and one more does', (t) => {
  fc.assert(
    fc.property(stakes, odds, (win, at) => {
      const stake = stakeFor(win, at)!;
      const net = BigInt(at - 1000);
      assert.ok(stake * net <= win * 1000n && (stake + 1n) * net > win * 1000n);
    }),
    seeded(t, 1000),
  );
});

test('odds offered are shorter than K-Rain’s by at least the margin, and never tempt', (t) => {
  const krain = fc.record({
    rain: fc.integer({ min: 1001, max: 200_000 }),
    dry: fc.integer({ min: 1001, max: 200_000 }),
  });
  fc.assert(
    fc.property(krain, fc.integer({ min: 0, max: 5000 }), (from, marginBps) => {
      const offer = offerOf(from, marginBps);
      if (offer === null) return;
      for (const side of ['rain', 'dry'] as const) {
        const net = offer[side] - 1000;
        assert.ok(net > 0 && net * 10_000 <= (from[side] - 1000) * (10_000 - marginBps), side);
      }
      // What both sides together cost to win one: never less than at K-Rain.
      const cost = ({ rain, dry }: typeof from) => 1 / rain + 1 / dry;
      assert.ok(cost(offer) >= cost(from));
    }),
    seeded(t, 1000),
  );
});

const rules = fc
  .tuple(fc.nat(10_000), fc.nat(10_000), fc.bigInt({ min: 0n, max: 5_000_000n }))
  .map(([a, b, poolMax]) => ({ ownBps: Math.max(a, b), ownMinBps: Math.min(a, b), poolMax }));
const amounts = fc.bigInt({ min: -2_000_000n, max: 2_000_000n });
const risks = fc.bigInt({ min: -500_000n, max: 0n });

test('a split sums to its stake, keeps to the shares, and never lets the pool lose more than it may', (t) => {
  const sessions = fc.record({
    pool: fc.record({ rain: amounts, dry: amounts }),
    risk: fc.record({ rain: risks, dry: risks }),
    rules,
  });
  fc.assert(
    fc.property(sessions, types, fc.tuple(stakes, odds), (session, type, [stake, at]) => {
      const parts = split(session, { type, stake, odds: at });
      const of = type === 'RAIN' ? 'rain' : 'dry';
      const room = session.rules.poolMax + session.pool[of] + session.risk[of];
      if ('most' in parts) {
        assert.ok(parts.most < stake, `${parts.most} of ${stake}`);
        return;
      }
      const { own, krain, whole } = parts;
      assert.equal(own + krain, stake);
      assert.ok(own >= 0n && krain >= 0n);
      assert.ok(own * 10_000n >= stake * BigInt(session.rules.ownMinBps), 'the least share');
      assert.ok((own - 1n) * 10_000n < stake * BigInt(session.rules.ownBps), 'the share');
      const laid = { ownStake: own, krainStake: krain, krainOdds: at, krainWhole: whole };
      const bet = { ...naiveBet({ type, stake, odds: at, status: 'TEMP' }), ...laid };
      const worst = poolAtWorst([bet]);
      if (worst < 0n) assert.ok(-worst <= room, `may lose ${-worst} of ${room}`);
      assert.equal(parts.risk[of], worst, 'what is counted is the worst');
    }),
    seeded(t, 3000),
  );
});
