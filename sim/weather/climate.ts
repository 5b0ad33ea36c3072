/**
 * Rain that is made up, but always the same: it follows from the seed, the place and the hour alone. Weather comes in
 * spells: a day is wet or dry by its season, hours of a wet one come in showers that last a while. A forecast is what
 * will be, blurred the more the further away it is, and another one with each hour it is made in.
 */
import { createHash } from 'node:crypto';

export const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** Corner of the source's grid: a tenth of a degree. */
export interface Cell {
  readonly latitude: number;
  readonly longitude: number;
}

export function cellOf({ latitude, longitude }: Cell): Cell {
  return { latitude: Math.round(latitude * 10) / 10, longitude: Math.round(longitude * 10) / 10 };
}

export function cellKey({ latitude, longitude }: Cell): string {
  return `${latitude.toFixed(1)},${longitude.toFixed(1)}`;
}

export interface Climate {
  /** What falls in the hour that ends at `endS` (epoch seconds), in tenths of a millimetre's precision. */
  fallen(cell: Cell, endS: number): number;
  /** What is believed at `madeS` of an hour to come, and how likely rain is in it, in per cent. */
  expected(cell: Cell, endS: number, madeS: number): { readonly mm: number; readonly probability: number };
}

export function createClimate(seed: string, forced: (cell: Cell, endS: number) => number | null): Climate {
  /** From 0 to below 1, by everything named. */
  const chance = (...names: readonly (string | number)[]): number =>
    createHash('sha256')
      .update([seed, ...names].join('\n'))
      .digest()
      .readUInt32BE() /
    2 ** 32;

  /** Forced rain, or the climate's own. */
  const fallen = (cell: Cell, endS: number) => forced(cell, endS) ?? natural(chance, cell, endS);
  return {
    fallen,
    expected(cell, endS, madeS) {
      const truth = fallen(cell, endS);
      const hoursAhead = Math.max(1, (endS - madeS) / HOUR_S);
      const blur = Math.min(0.9, hoursAhead / 60);
      const made = Math.floor(madeS / HOUR_S);
      const noise = chance('forecast', cellKey(cell), endS, made);
      const wet = wetness(cell, endS);
      const isMissed = chance('missed', cellKey(cell), endS, made) < (blur * wet) / 2;
      const mm = isMissed ? noise * blur * 3 : truth * (1 + (noise - 0.5) * 2 * blur);
      const usual = wet * 60;
      const sure = mm >= 0.1 ? 95 : 3;
      return { mm: tenths(mm), probability: Math.round(sure * (1 - blur) + usual * blur) };
    },
  };
}

type Chance = (...names: readonly (string | number)[]) => number;

function natural(chance: Chance, cell: Cell, endS: number): number {
  const place = cellKey(cell);
  const wet = wetness(cell, endS);
  // Whether the day has weather at all, then whether these three hours are in a shower, then how hard it comes down.
  if (chance('day', place, Math.floor(endS / DAY_S)) > 0.25 + wet) return 0;
  if (chance('shower', place, Math.floor(endS / (3 * HOUR_S))) > wet * nightly(cell, endS)) return 0;
  const hard = chance('hour', place, endS);
  return tenths(hard ** 3 * 45 * wet);
}

/** From 0.1 in the dry season to 0.9 in the rains: monsoon in the tropics of Asia, winter rain elsewhere. */
function wetness({ latitude, longitude }: Cell, endS: number): number {
  const yearPart = (endS % (365.2425 * DAY_S)) / (365.2425 * DAY_S);
  const isMonsoon = latitude > 5 && latitude < 35 && longitude > 60 && longitude < 140;
  const peak = isMonsoon ? 0.54 : latitude < 0 ? 0.5 : 0;
  const season = (1 + Math.cos((yearPart - peak) * 2 * Math.PI)) / 2;
  return isMonsoon ? 0.1 + 0.8 * season ** 2 : 0.1 + 0.3 * season;
}

/** Hills below the Himalaya get their rain at night: up to 1.3 before dawn, 0.7 in the afternoon, local sun time. */
function nightly({ longitude }: Cell, endS: number): number {
  const sunHour = ((endS / HOUR_S + longitude / 15) % 24) / 24;
  return 1 + 0.3 * Math.cos((sunHour - 0.125) * 2 * Math.PI);
}

const tenths = (mm: number) => Math.round(mm * 10) / 10;
