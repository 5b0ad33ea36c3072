/**
 * How likely rain looks to the market's makers, as time goes. Pure: the same seed, market and instant give the same
 * likelihood, so a restarted market goes on where it was, and two of one seed agree.
 *
 * It is a walk that is drawn back to where it began: each tick's shock is a number of the seed, and what is seen is the
 * sum of the last ones, the older the less. A slow walk carries a fast one.
 */

/** Nobody is surer than that: it bounds the odds, and keeps both sides worth offering. */
export const LIKELIHOOD_MIN = 0.02;
export const LIKELIHOOD_MAX = 0.98;

const SHOCKS = 64;
const DECAY = 0.95;
const FAST = 0.012;
const SLOW = 0.06;
/** A step of the slow walk takes so many ticks. */
const SLOW_TICKS = 60;

export interface Drift {
  readonly seed: number;
  readonly market: string;
  /** Where the walk began; null: the seed decides. */
  readonly likelihood: number | null;
  /** 1 as a rule; 0: it stays where it is. */
  readonly volatility: number;
}

/** The likelihood of rain at a tick. */
export function likelihoodAt({ seed, market, likelihood, volatility }: Drift, tick: number): number {
  const name = hashOf(market) ^ seed;
  const base = likelihood ?? 0.15 + 0.7 * drawn(name, 0);
  const [slowTick, part] = [Math.floor(tick / SLOW_TICKS), (tick % SLOW_TICKS) / SLOW_TICKS];
  const slow = walkAt(name ^ 0x51, slowTick) * (1 - part) + walkAt(name ^ 0x51, slowTick + 1) * part;
  const moved = Math.log(base / (1 - base)) + volatility * (FAST * walkAt(name ^ 0xfa, tick) + SLOW * slow);
  return Math.min(LIKELIHOOD_MAX, Math.max(LIKELIHOOD_MIN, 1 / (1 + Math.exp(-moved))));
}

/** The sum of the last shocks, each -1 … 1. */
function walkAt(name: number, tick: number): number {
  let sum = 0;
  let weight = 1;
  for (let back = 0; back < SHOCKS; back++) {
    sum += weight * (2 * drawn(name, tick - back) - 1);
    weight *= DECAY;
  }
  return sum;
}

/** A number from 0 to below 1 that belongs to a name and a place: nothing is remembered between two. */
export function drawn(name: number, place: number): number {
  let mixed = Math.imul(name ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(place ^ (place / 2 ** 32), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** FNV-1a of a text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
