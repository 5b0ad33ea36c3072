/**
 * How a stake is split between the book's own pool and K-Rain. The book keeps its share; when that would let the pool
 * lose more than its limit in the session it keeps less, down to its least share, and then refuses.
 */
import { byOutcome, least, plus } from './exposure.ts';
import { stakeFor, winOf } from './odds.ts';
import type { BetType, BookSession, ByOutcome } from './types.ts';

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
  const { ownBps, ownMinBps } = session.rules;
  const room = roomOf(session, bet.type);
  const fits = stakeFor(room, bet.odds) ?? bet.stake;
  const wished = (bet.stake * BigInt(ownBps)) / BPS;
  const own = wished < fits ? wished : fits;
  // The least share is rounded up: the book never keeps less than it must.
  const needed = (bet.stake * BigInt(ownMinBps) + BPS - 1n) / BPS;
  if (own < needed) return { most: (fits * BPS) / BigInt(ownMinBps) };
  const whole = winOf(bet.stake, bet.odds) > room;
  const lost = winOf(whole ? own : bet.stake, bet.odds);
  return { own, krain: bet.stake - own, whole, risk: byOutcome(bet.type, { won: -lost, lost: 0n }) };
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
