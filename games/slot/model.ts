/**
 * The mathematical model of a slot: reels, lines, what pays, what the free spins do.
 * Invariants (checked when a model is built): five reels; no wild on the first reel, so a line always has
 * a paying symbol of its own; scatters at least three stops apart, so a reel shows one at most.
 */
import { strict as assert } from 'node:assert';

export const REELS = 5;
export const ROWS = 3;
export const CELLS = REELS * ROWS;

/** Symbols by number: 0 wild, 1 scatter, 2–5 the pictures from best to least, 6–10 the low ones. */
export const SYMBOLS = 'WSABCDabcde';
export const SYMBOL_COUNT = SYMBOLS.length;
export const WILD = 0;
export const SCATTER = 1;

/** How a profile is written down. Pays are for 3, 4 and 5 in a line, in line stakes. */
export type Profile = {
  id: string;
  lines: 10 | 20;
  /** One letter per stop, as in SYMBOLS. */
  strips: readonly [string, string, string, string, string];
  pays: Readonly<
    Record<'A' | 'B' | 'C' | 'D' | 'a' | 'b' | 'c' | 'd' | 'e', readonly [number, number, number]>
  >;
  /** For 3, 4 and 5 scatters anywhere, in whole stakes. */
  scatterPays: readonly [number, number, number];
  /** For 3, 4 and 5 scatters anywhere, also during free spins. */
  freeSpins: readonly [number, number, number];
  freeMultiplier: number;
  /** No round gives more free spins than this. */
  freeSpinsMax: number;
  /** Shown to the player: 1 calm … 4 wild. */
  volatility: 1 | 2 | 3 | 4;
};

export type Model = {
  profile: Profile;
  lineCount: number;
  strips: readonly Uint8Array[];
  /** Cells of every line, five each; a cell is reel * ROWS + row. */
  lineCells: Uint8Array;
  /** Pay in line stakes of [symbol * 6 + count]. */
  linePays: Int32Array;
  /** Pay in line stakes of a count of scatters. */
  scatterPays: Int32Array;
  /** Free spins of a count of scatters. */
  freeSpins: Int32Array;
};

/** Rows (0 top … 2 bottom) a line passes on each reel, in the order they are numbered for the player. */
const LINE_ROWS = [
  '11111',
  '00000',
  '22222',
  '01210',
  '21012',
  '00100',
  '22122',
  '10001',
  '12221',
  '01110',
  '21112',
  '10101',
  '12121',
  '01010',
  '21212',
  '11011',
  '11211',
  '00122',
  '22100',
  '02020',
] as const;

/** The rows of a model's lines, for showing them. */
export function lineRows(lineCount: number): readonly string[] {
  return LINE_ROWS.slice(0, lineCount);
}

function stripOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const symbol = SYMBOLS.indexOf(letter);
    assert(symbol >= 0, `unknown symbol ${letter}`);
    return symbol;
  });
}

function checkStrip(strip: Uint8Array, reel: number): void {
  assert(strip.length >= 20 && strip.length <= 255, `reel ${reel}: length`);
  for (let stop = 0; stop < strip.length; stop += 1) {
    if (reel === 0) assert(strip[stop] !== WILD, 'wild on the first reel');
    if (strip[stop] !== SCATTER) continue;
    assert(strip[(stop + 1) % strip.length] !== SCATTER, `reel ${reel}: scatters too close`);
    assert(strip[(stop + 2) % strip.length] !== SCATTER, `reel ${reel}: scatters too close`);
  }
}

/** Turns the written profile into tables the evaluation reads. Throws on a profile that breaks an invariant. */
export function buildModel(profile: Profile): Model {
  const strips = profile.strips.map(stripOf);
  strips.forEach(checkStrip);
  const linePays = new Int32Array(SYMBOL_COUNT * (REELS + 1));
  for (const [letter, pays] of Object.entries(profile.pays)) {
    pays.forEach((pay, i) => {
      linePays[SYMBOLS.indexOf(letter) * (REELS + 1) + 3 + i] = pay;
    });
  }
  const lineCells = Uint8Array.from(
    lineRows(profile.lines).flatMap((rows) => [...rows].map((row, reel) => reel * ROWS + Number(row))),
  );
  return {
    profile,
    lineCount: profile.lines,
    strips,
    lineCells,
    linePays,
    scatterPays: Int32Array.from([0, 0, 0, ...profile.scatterPays.map((pay) => pay * profile.lines)]),
    freeSpins: Int32Array.from([0, 0, 0, ...profile.freeSpins]),
  };
}
