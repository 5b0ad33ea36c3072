/**
 * How a stake is split between the book's own pool and K-Rain. The book keeps its share; when that would let the pool
 * lose more than its limit in the session it keeps less, down to its least share, and then refuses.
 */
import { byOutcome, least, plus } from './exposure.ts';
import { stakeFor, winOf } from './odds.ts';
import type { Bet, BetType, BookSession, ByOutcome } from './types.ts';

export interface Split {
  readonly own: bigint;
  readonly krain: bigint;
  /** K-Rain must take all of its part or nothing: the pool could not carry what is left over. */
  readonly whole: boolean;
  /** What the pool may lose by the bet until K-Rain has answered; never above zero. */
  readonly risk: ByOutcome;
}
export type SplitOutcome = Split | { readonly most: bigint };

const BPS = 10_000n;

/** Splits a stake (minor units), or says the most that would be taken. */
export function split(
  session: Pick<BookSession, 'pool' | 'risk' | 'rules'>,
  bet: { readonly type: BetType; readonly stake: bigint; readonly odds: number },
): SplitOutcome {
  const { stake, odds } = bet;
  const { ownBps, ownMinBps } = session.rules;
  const room = roomOf(session, bet.type);
  const whole = winOf(stake, odds) > room;
  // With its fraction: a stake may win one more than its parts do, since of each part the fraction is cut off.
  const fits = whole ? (stakeFor(room, odds) ?? stake) : stake;
  const wished = shareOf(stake, ownBps);
  const own = wished < fits ? wished : fits;
  if (own < shareOf(stake, ownMinBps)) return { most: (fits * BPS) / BigInt(ownMinBps) };
  const krain = stake - own;
  return { own, krain, whole, risk: poolRisk({ ...bet, krainStake: krain, krainWhole: whole }) };
}

/** Rounded up: the book never keeps less than it must. */
function shareOf(stake: bigint, bps: number): bigint {
  return (stake * BigInt(bps) + BPS - 1n) / BPS;
}

/** What a pending bet may cost the pool: all of its win, or what is left of it when K-Rain takes its part whole. */
export function poolRisk(bet: Pick<Bet, 'type' | 'stake' | 'odds' | 'krainStake' | 'krainWhole'>): ByOutcome {
  const covered = bet.krainWhole ? winOf(bet.krainStake, bet.odds) : 0n;
  return byOutcome(bet.type, { won: covered - winOf(bet.stake, bet.odds), lost: 0n });
}

/** What the pool may still lose in the session if the outcome is the one bet on; never below zero. */
function roomOf({ pool, risk, rules }: Pick<BookSession, 'pool' | 'risk' | 'rules'>, type: BetType): bigint {
  const now = plus(pool, risk);
  const room = rules.poolMax + (type === 'RAIN' ? now.rain : now.dry);
  return room < 0n ? 0n : room;
}

/** The most the book itself can lose in a session as it stands. Never below zero. */
export function poolExposure({ pool, risk }: Pick<BookSession, 'pool' | 'risk'>): bigint {
  const worst = least(plus(pool, risk));
  return worst < 0n ? -worst : 0n;
}
