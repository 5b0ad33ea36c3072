/**
 * Exposure: the most a player can still lose in a session. Matched bets count with what they come to by outcome, so
 * opposite ones net off. A pending bet counts with what it may lose and never with what it may win: K-Rain may yet
 * refuse it, and then nothing would be there to net it off.
 */
import type { Bet, BetType, ByOutcome, GameResult, Position } from './types.ts';

export const NOTHING: ByOutcome = { rain: 0n, dry: 0n };

export function plus(a: ByOutcome, b: ByOutcome): ByOutcome {
  return { rain: a.rain + b.rain, dry: a.dry + b.dry };
}
export function minus(a: ByOutcome, b: ByOutcome): ByOutcome {
  return { rain: a.rain - b.rain, dry: a.dry - b.dry };
}

/** What comes of a bet on `type`: `won` if it is right, `lost` taken if it is wrong. */
export function byOutcome(type: BetType, { won, lost }: { won: bigint; lost: bigint }): ByOutcome {
  return type === 'RAIN' ? { rain: won, dry: -lost } : { rain: -lost, dry: won };
}

/** What a matched bet comes to for the player. */
export function netOf(bet: Pick<Bet, 'type' | 'stake' | 'win'>): ByOutcome {
  return byOutcome(bet.type, { won: bet.win, lost: bet.stake });
}
/** What a pending bet may lose. */
export function riskOf(bet: Pick<Bet, 'type' | 'stake'>): ByOutcome {
  return byOutcome(bet.type, { won: 0n, lost: bet.stake });
}
/** What the part of a matched bet that is at K-Rain brings the book. */
export function hedgeOf(bet: Pick<Bet, 'type' | 'krainStake' | 'krainWin'>): ByOutcome {
  return byOutcome(bet.type, { won: bet.krainWin, lost: bet.krainStake });
}

/** By result; a void session comes to nothing. */
export function underResult(amounts: ByOutcome, result: GameResult): bigint {
  if (result === 'RAIN') return amounts.rain;
  return result === 'NO_RAIN' ? amounts.dry : 0n;
}

/** The most a position can still cost beyond what has been posted of it. Never below zero. */
export function exposureOf(
  position: Pick<Position, 'net' | 'risk' | 'settledNet'>,
  result: GameResult,
): bigint {
  const worst = plus(position.net, position.risk);
  const comes = result === 'NOT_AVAILABLE' ? least(worst) : underResult(worst, result);
  const left = comes - position.settledNet;
  return left < 0n ? -left : 0n;
}

/** The largest pending bet that leaves a position's exposure within so much, before there is a result. Never below zero. */
export function stakeWithin(
  { net, risk }: Pick<Position, 'net' | 'risk'>,
  type: BetType,
  exposureMax: bigint,
): bigint {
  const { rain, dry } = plus(net, risk);
  const [won, lost] = type === 'RAIN' ? [rain, dry] : [dry, rain];
  const room = exposureMax + lost;
  return -won > exposureMax || room < 0n ? 0n : room;
}

export function least({ rain, dry }: ByOutcome): bigint {
  return rain < dry ? rain : dry;
}
