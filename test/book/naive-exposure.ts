/**
 * Exposure by brute force: every outcome, and every way the bets that are not matched yet may end. Slow and plain: it
 * is what the formulas of the book must agree with.
 */
import type { BetStatus, BetType, GameResult } from '../../src/core/book/types.ts';

export interface NaiveBet {
  readonly id: number;
  readonly player: number;
  readonly session: number;
  readonly key: string;
  readonly type: BetType;
  readonly odds: number;
  readonly stake: bigint;
  readonly win: bigint;
  readonly placedAt: number;
  ownStake: bigint;
  /** Asked of K-Rain while pending, then what it took. */
  krainStake: bigint;
  readonly krainOdds: number | null;
  krainWin: bigint;
  readonly krainWhole: boolean;
  status: BetStatus;
  payout: bigint;
  krainPayout: bigint;
}

const OUTCOMES: readonly BetType[] = ['RAIN', 'NO_RAIN'];

/** What the player gains by a matched bet. */
export function playerGain({ type, win, stake }: NaiveBet, outcome: GameResult): bigint {
  if (outcome === 'VOID') return 0n;
  return type === outcome ? win : -stake;
}

/** What the book gains by a matched bet: the player's loss, and what K-Rain pays or takes of its part. */
export function bookGain(bet: NaiveBet, outcome: BetType): bigint {
  const krain = bet.type === outcome ? bet.krainWin : -bet.krainStake;
  return krain - playerGain(bet, outcome);
}

export const isPending = ({ status }: NaiveBet) => status === 'TEMP' || status === 'CHECK';
export const isMatched = (bet: NaiveBet) => bet.status !== 'FAILED' && !isPending(bet);

/**
 * Most that these bets of one player in one session may still cost beyond what was posted of them: over the outcomes
 * that are possible, and over which pending ones match.
 */
export function worstLoss(bets: readonly NaiveBet[], result: GameResult): bigint {
  const matched = bets.filter(isMatched);
  const posted = matched.reduce((sum, bet) => sum + bet.payout, 0n);
  let worst = 0n;
  for (const outcome of result === 'NOT_AVAILABLE' ? OUTCOMES : [result])
    for (const chosen of subsets(bets.filter(isPending))) {
      let gain = -posted;
      for (const bet of [...matched, ...chosen]) gain += playerGain(bet, outcome);
      if (-gain > worst) worst = -gain;
    }
  return worst;
}

/** Every choice among few; among many only all, none, and each side's: the extremes lie there, sides being two. */
function subsets<T extends { readonly type: BetType }>(list: readonly T[]): T[][] {
  const MANY = 8;
  if (list.length > MANY) {
    const of = (type: BetType) => list.filter((each) => each.type === type);
    return [[], [...list], of('RAIN'), of('NO_RAIN')];
  }
  const all: T[][] = [];
  for (let mask = 0; mask < 1 << list.length; mask++)
    all.push(list.filter((_, place) => (mask & (1 << place)) !== 0));
  return all;
}

/** How a bet that is not matched yet may end for the book: failed, or with a part at K-Rain between none and all. */
function fates(bet: NaiveBet): NaiveBet[] {
  const odds = BigInt(bet.krainOdds ?? 1000);
  const parts = bet.krainWhole ? [bet.krainStake] : [0n, 1n, bet.krainStake / 2n, bet.krainStake];
  return parts
    .filter((part) => part <= bet.krainStake)
    .map((part) => ({ ...bet, krainStake: part, krainWin: (part * odds) / 1000n - part }));
}

/** Least that the book may gain in a session: over both outcomes and all that may become of pending bets. */
export function poolAtWorst(bets: readonly NaiveBet[]): bigint {
  let worst: bigint | null = null;
  for (const outcome of OUTCOMES) {
    let gain = 0n;
    for (const bet of bets) {
      if (isPending(bet)) gain += least([0n, ...fates(bet).map((each) => bookGain(each, outcome))]);
      else if (isMatched(bet)) gain += bookGain(bet, outcome);
    }
    if (worst === null || gain < worst) worst = gain;
  }
  return worst ?? 0n;
}

function least(list: readonly bigint[]): bigint {
  return list.reduce((low, each) => (each < low ? each : low));
}
