/**
 * The second bet of a round: one reel spins again while four are held.
 * The price is the exact expected win of the respin (every stop of the reel, free spins included) divided by
 * the published return, rounded up to the smallest coin. A respin whose rounding would cost the player more
 * than 2 % is not offered, so its return is always between 94 and 96 %.
 */
import { emptyOutcome, showStops } from './evaluate.ts';
import { freeSpinsWorth } from './exact.ts';
import { type Model, REELS } from './model.ts';

/** Return of a respin before rounding, in hundredths of a percent. */
export const RESPIN_RTP_BPS = 9600n;
/** A respin dearer than this many stakes is not offered. */
export const RESPIN_PRICE_STAKES_MAX = 10n;

const SCALE = 1_000_000_000;

/** Expected win of respinning `reel` with the others held, as a share of the stake. */
export function respinWorth(model: Model, stops: readonly number[], reel: number): number {
  const out = emptyOutcome(model);
  const free = freeSpinsWorth(model);
  out.stops.set(stops);
  const length = model.strips[reel]!.length;
  let worth = 0;
  for (let stop = 0; stop < length; stop += 1) {
    out.stops[reel] = stop;
    showStops(model, out);
    worth += out.units / model.lineCount + free[out.scatters]!;
  }
  return worth / length;
}

/** Price in minor units of a respin of each reel, null where it is not offered. `stake` is in minor units. */
export function respinPrices(model: Model, stops: readonly number[], stake: bigint): (bigint | null)[] {
  return Array.from({ length: REELS }, (_, reel) =>
    priceOf(BigInt(Math.round(respinWorth(model, stops, reel) * SCALE)), stake),
  );
}

/** Rounds up; null when nothing can be won, the price is over its bound, or rounding costs more than 2 %. */
export function priceOf(worthScaled: bigint, stake: bigint): bigint | null {
  const numerator = worthScaled * stake * 10_000n;
  const divisor = BigInt(SCALE) * RESPIN_RTP_BPS;
  const price = (numerator + divisor - 1n) / divisor;
  if (price <= 0n || price > stake * RESPIN_PRICE_STAKES_MAX) return null;
  const roundingCost = price * divisor - numerator;
  return roundingCost * 50n > numerator ? null : price;
}
