/**
 * Plays many rounds of a model quickly and sums them up: the check on the calculated return.
 * Uses the decision functions of real play with a seeded generator.
 */
import type { Rng } from '../rng.ts';
import { drawSpin, emptyOutcome, freeSpinsWon, type Outcome } from './evaluate.ts';
import type { Model } from './model.ts';

export type SimulationResult = {
  rounds: number;
  /** Mean win per stake. */
  rtp: number;
  /** Half width of the 99.9 % confidence interval of `rtp`. */
  halfWidth: number;
  /** Share of rounds that win anything. */
  hitRate: number;
  /** Standard deviation of a round's win, in stakes. */
  deviation: number;
  /** Largest win of a round, in stakes. */
  maxWin: number;
  freeSpinsRate: number;
};

const Z_999 = 3.2905;

/** Units of all free spins after `scatters` on the paid spin. */
function playFreeSpins(model: Model, rng: Rng, out: Outcome): number {
  let awarded = freeSpinsWon(model, out.scatters, 0);
  let left = awarded;
  let units = 0;
  while (left > 0) {
    drawSpin(model, rng, out);
    units += out.units * model.profile.freeMultiplier;
    const more = freeSpinsWon(model, out.scatters, awarded);
    awarded += more;
    left += more - 1;
  }
  return units;
}

/** Plays `rounds` whole rounds (the paid spin and its free spins). */
export function simulate(model: Model, rng: Rng, rounds: number): SimulationResult {
  const out = emptyOutcome(model);
  let sum = 0;
  let squares = 0;
  let hits = 0;
  let max = 0;
  let features = 0;
  for (let n = 0; n < rounds; n += 1) {
    drawSpin(model, rng, out);
    let units = out.units;
    if (model.freeSpins[out.scatters]! > 0) {
      features += 1;
      units += playFreeSpins(model, rng, out);
    }
    if (units === 0) continue;
    hits += 1;
    sum += units;
    squares += units * units;
    if (units > max) max = units;
  }
  const mean = sum / rounds / model.lineCount;
  const variance = squares / rounds / model.lineCount ** 2 - mean ** 2;
  return {
    rounds,
    rtp: mean,
    halfWidth: Z_999 * Math.sqrt(variance / rounds),
    hitRate: hits / rounds,
    deviation: Math.sqrt(variance),
    maxWin: max / model.lineCount,
    freeSpinsRate: features / rounds,
  };
}
