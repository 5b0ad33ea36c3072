/** What the book's own pool may carry: the rules a split is proven by, and when a stake may be refused as too much. */
import assert from 'node:assert/strict';
import type { HedgeRules } from '../../src/core/book/types.ts';
import { type NaiveBet, poolAtWorst } from './naive-exposure.ts';

/** A split is allowed when it sums, keeps to the site's shares, and the pool can carry it however it ends. */
export function assertSplit(bet: NaiveBet, others: readonly NaiveBet[], rules: HedgeRules): void {
  assert.equal(bet.ownStake + bet.krainStake, bet.stake, 'a split sums to its stake');
  assert.ok(bet.ownStake >= 0n && bet.krainStake >= 0n);
  const most = ceilShare(bet.stake, rules.ownBps);
  const least = floorShare(bet.stake, rules.ownMinBps);
  assert.ok(bet.ownStake <= most && bet.ownStake >= least, `kept ${bet.ownStake} of ${bet.stake}`);
  const worst = poolAtWorst([...others, bet]);
  assert.ok(worst >= -rules.poolMax, `the pool may lose ${-worst} of ${rules.poolMax}`);
}

/** True when the pool could carry it with the least share kept and all the rest at K-Rain, and so much to spare. */
export function isCarried(
  wished: NaiveBet,
  others: readonly NaiveBet[],
  { rules, spare }: { rules: HedgeRules; spare: bigint },
): boolean {
  const { stake, odds } = wished;
  const least = ceilShare(stake, rules.ownMinBps);
  const ownStake = least < stake ? least : stake;
  const laid = { ownStake, krainStake: stake - ownStake, krainOdds: odds, krainWhole: true };
  return poolAtWorst([...others, { ...wished, ...laid }]) >= spare - rules.poolMax;
}

const floorShare = (stake: bigint, bps: number) => (stake * BigInt(bps)) / 10_000n;
const ceilShare = (stake: bigint, bps: number) => (stake * BigInt(bps) + 9999n) / 10_000n;
