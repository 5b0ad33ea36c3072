/**
 * The return to player, calculated and not measured.
 * Every line sees, on each reel, every stop of the strip equally often, so the expectation of a line is a sum
 * over symbols and lengths of products of shares; scatters are one per reel at most, so their count is a
 * convolution; free spins are a finite recursion over (left, awarded), which honours their upper bound.
 */
import { freeSpinsWon } from './evaluate.ts';
import { type Model, REELS, ROWS, SCATTER, SYMBOL_COUNT, WILD } from './model.ts';

export type ExactReturn = {
  /** Shares of the stake. */
  lines: number;
  scatters: number;
  freeSpins: number;
  total: number;
  /** Chance that a paid spin starts free spins. */
  freeSpinsChance: number;
};

function share(model: Model, reel: number, symbol: number): number {
  const strip = model.strips[reel]!;
  return strip.reduce((n, s) => n + (s === symbol ? 1 : 0), 0) / strip.length;
}

function matchShare(model: Model, reel: number, symbol: number): number {
  return share(model, reel, symbol) + (reel === 0 ? 0 : share(model, reel, WILD));
}

/** Expected units of one line: for each symbol and length, the chance of exactly that run, times its pay. */
function lineUnitsExpected(model: Model): number {
  let units = 0;
  for (let symbol = SCATTER + 1; symbol < SYMBOL_COUNT; symbol += 1) {
    let run = 1;
    for (let length = 1; length <= REELS; length += 1) {
      run *= matchShare(model, length - 1, symbol);
      const stops = length === REELS ? 1 : 1 - matchShare(model, length, symbol);
      units += run * stops * model.linePays[symbol * (REELS + 1) + length]!;
    }
  }
  return units;
}

/** Chances of 0…5 scatters in the window. */
export function scatterChances(model: Model): number[] {
  let chances = [1];
  for (let reel = 0; reel < REELS; reel += 1) {
    const p = share(model, reel, SCATTER) * ROWS;
    const next = new Array<number>(chances.length + 1).fill(0);
    chances.forEach((chance, n) => {
      next[n]! += chance * (1 - p);
      next[n + 1]! += chance * p;
    });
    chances = next;
  }
  return chances;
}

/** Expected free spins played in all after an award of `first`, retriggers included. */
export function freeSpinsExpected(model: Model, first: number): number {
  const chances = scatterChances(model);
  const known = new Map<number, number>();
  const further = (left: number, awarded: number): number => {
    if (left === 0) return 0;
    const key = awarded * 1000 + left;
    const before = known.get(key);
    if (before !== undefined) return before;
    let spins = 1;
    chances.forEach((chance, scatters) => {
      const more = freeSpinsWon(model, scatters, awarded);
      spins += chance * further(left - 1 + more, awarded + more);
    });
    known.set(key, spins);
    return spins;
  };
  return further(first, first);
}

/** The exact return of a paid spin, by its parts. */
export function exactReturn(model: Model): ExactReturn {
  const chances = scatterChances(model);
  const lines = lineUnitsExpected(model);
  const scatters = chances.reduce((sum, p, n) => sum + p * model.scatterPays[n]!, 0) / model.lineCount;
  const freeSpin = (lines + scatters) * model.profile.freeMultiplier;
  let freeSpins = 0;
  let freeSpinsChance = 0;
  chances.forEach((chance, n) => {
    const award = freeSpinsWon(model, n, 0);
    if (award === 0) return;
    freeSpinsChance += chance;
    freeSpins += chance * freeSpinsExpected(model, award) * freeSpin;
  });
  return { lines, scatters, freeSpins, total: lines + scatters + freeSpins, freeSpinsChance };
}

/** What a count of scatters is worth in free spins, as a share of the stake. */
export function freeSpinsWorth(model: Model): number[] {
  const { lines, scatters } = exactReturn(model);
  const freeSpin = (lines + scatters) * model.profile.freeMultiplier;
  return [0, 1, 2, 3, 4, 5].map((n) => freeSpinsExpected(model, freeSpinsWon(model, n, 0)) * freeSpin);
}
