/**
 * A spin as play and journal keep it: plain data, made from the outcome of the decision function.
 * Amounts are minor units; the stake is a multiple of the number of lines, so every win is exact.
 */
import type { Rng } from '../rng.ts';
import { drawReel, drawSpin, emptyOutcome, type Outcome, showStops } from './evaluate.ts';
import type { Model } from './model.ts';

export type LineWin = { line: number; length: number; win: bigint };

export type Spin = {
  stops: number[];
  window: number[];
  scatters: number;
  scatterWin: bigint;
  lineWins: LineWin[];
  multiplier: number;
  win: bigint;
};

export type SpinTerms = { stake: bigint; multiplier: number };

function spinOf(model: Model, out: Outcome, terms: SpinTerms): Spin {
  const unit = (terms.stake / BigInt(model.lineCount)) * BigInt(terms.multiplier);
  const lineWins: LineWin[] = [];
  out.lineUnits.forEach((units, line) => {
    if (units === 0) return;
    lineWins.push({ line, length: out.lineLengths[line]!, win: BigInt(units) * unit });
  });
  return {
    stops: [...out.stops],
    window: [...out.window],
    scatters: out.scatters,
    scatterWin: BigInt(out.scatterUnits) * unit,
    lineWins,
    multiplier: terms.multiplier,
    win: BigInt(out.units) * unit,
  };
}

/** Spins all five reels. */
export function spinReels(model: Model, rng: Rng, terms: SpinTerms): Spin {
  const out = emptyOutcome(model);
  drawSpin(model, rng, out);
  return spinOf(model, out, terms);
}

/** Spins one reel again with the other four held at `stops`. */
export function spinReel(
  model: Model,
  rng: Rng,
  held: SpinTerms & { stops: readonly number[]; reel: number },
): Spin {
  const out = emptyOutcome(model);
  out.stops.set(held.stops);
  drawReel(model, rng, { out, reel: held.reel });
  return spinOf(model, out, held);
}

/** What the reels show and pay at given stops; used to check a kept spin. */
export function spinAt(model: Model, stops: readonly number[], terms: SpinTerms): Spin {
  const out = emptyOutcome(model);
  out.stops.set(stops);
  showStops(model, out);
  return spinOf(model, out, terms);
}
