/**
 * What a spin gives: the one decision function of play, price and simulation.
 * Pure apart from the caller's own scratch record, which is filled anew on each call so that ten million
 * simulated rounds allocate nothing. Wins are in line stakes ("units"), before any multiplier.
 */
import type { Rng } from '../rng.ts';
import { CELLS, type Model, REELS, ROWS, SCATTER, WILD } from './model.ts';

export type Outcome = {
  stops: Int32Array;
  /** Symbols shown, reel by reel, top to bottom. */
  window: Uint8Array;
  /** Per line: units won, 0 for none. */
  lineUnits: Int32Array;
  /** Per line: symbols in a row, meaningful where units were won. */
  lineLengths: Uint8Array;
  scatters: number;
  scatterUnits: number;
  /** All units of lines and scatters. */
  units: number;
};

/** A scratch record for `drawSpin`, `showStops`. */
export function emptyOutcome(model: Model): Outcome {
  return {
    stops: new Int32Array(REELS),
    window: new Uint8Array(CELLS),
    lineUnits: new Int32Array(model.lineCount),
    lineLengths: new Uint8Array(model.lineCount),
    scatters: 0,
    scatterUnits: 0,
    units: 0,
  };
}

function fillReel(model: Model, out: Outcome, reel: number): void {
  const strip = model.strips[reel]!;
  let stop = out.stops[reel]!;
  for (let row = 0; row < ROWS; row += 1) {
    out.window[reel * ROWS + row] = strip[stop]!;
    stop = stop + 1 === strip.length ? 0 : stop + 1;
  }
}

function evaluateLine(model: Model, out: Outcome, line: number): number {
  const { lineCells, linePays } = model;
  const { window } = out;
  const at = line * REELS;
  const symbol = window[lineCells[at]!]!;
  let length = 1;
  while (length < REELS) {
    const next = window[lineCells[at + length]!]!;
    if (next !== symbol && next !== WILD) break;
    length += 1;
  }
  const units = linePays[symbol * (REELS + 1) + length]!;
  out.lineUnits[line] = units;
  out.lineLengths[line] = length;
  return units;
}

function evaluateWindow(model: Model, out: Outcome): void {
  let units = 0;
  for (let line = 0; line < model.lineCount; line += 1) units += evaluateLine(model, out, line);
  let scatters = 0;
  for (let cell = 0; cell < CELLS; cell += 1) if (out.window[cell] === SCATTER) scatters += 1;
  out.scatters = scatters;
  out.scatterUnits = model.scatterPays[scatters]!;
  out.units = units + out.scatterUnits;
}

/** Shows the reels at the stops already in `out` and works out what they pay. */
export function showStops(model: Model, out: Outcome): void {
  for (let reel = 0; reel < REELS; reel += 1) fillReel(model, out, reel);
  evaluateWindow(model, out);
}

/** Spins all reels: five uniform stops, then what they pay. */
export function drawSpin(model: Model, rng: Rng, out: Outcome): void {
  for (let reel = 0; reel < REELS; reel += 1) out.stops[reel] = rng.below(model.strips[reel]!.length);
  showStops(model, out);
}

/** Spins one reel with the others held at the stops in `out`. */
export function drawReel(model: Model, rng: Rng, at: { out: Outcome; reel: number }): void {
  at.out.stops[at.reel] = rng.below(model.strips[at.reel]!.length);
  showStops(model, at.out);
}

/** Free spins a spin awards, given how many this round has awarded before. */
export function freeSpinsWon(model: Model, scatters: number, awardedBefore: number): number {
  const room = model.profile.freeSpinsMax - awardedBefore;
  return Math.min(model.freeSpins[scatters]!, room);
}
