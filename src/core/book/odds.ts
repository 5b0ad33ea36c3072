/** Odds in thousandths (49.0 is 49000): what a stake wins, and what the book offers beside K-Rain's own odds. */
import type { BetType, Quote } from './types.ts';

const ONE = 1000n;
const ODDS_LEAST = 1010;
const BPS = 10_000;

/** What a stake wins net, in minor units; less than one is cut off, in the book's favour. */
export function winOf(stake: bigint, odds: number): bigint {
  return (stake * (BigInt(odds) - ONE)) / ONE;
}

/** The smallest stake that wins anything at all. */
export function leastStake(odds: number): bigint {
  const net = BigInt(odds) - ONE;
  return (ONE + net - 1n) / net;
}

/** The largest stake whose win, fraction and all, is at most so much; null = any. */
export function stakeFor(win: bigint, odds: number): bigint | null {
  const net = BigInt(odds) - ONE;
  return net <= 0n ? null : (win * ONE) / net;
}

/**
 * What is offered beside K-Rain's odds: their net less the margin, rounded down to the tick. So the book lays off at
 * better odds than it gives, and both offers together never favour the player more than K-Rain's do.
 * Null when a side would be too short to be offered.
 */
export function offerOf(
  krain: { readonly rain: number; readonly dry: number },
  marginBps: number,
): { readonly rain: number; readonly dry: number } | null {
  const [rain, dry] = [offered(krain.rain, marginBps), offered(krain.dry, marginBps)];
  return rain < ODDS_LEAST || dry < ODDS_LEAST ? null : { rain, dry };
}

function offered(odds: number, marginBps: number): number {
  const cut = 1000 + Math.floor(((odds - 1000) * (BPS - marginBps)) / BPS);
  return cut - (cut % tickOf(cut));
}

/** Odds are shown in steps a person can compare: 1.87, 12.4, 49. */
function tickOf(odds: number): number {
  if (odds < 10_000) return 10;
  return odds < 50_000 ? 100 : 1000;
}

export function oddsOf(quote: Quote, type: BetType): number {
  return type === 'RAIN' ? quote.rain : quote.dry;
}
