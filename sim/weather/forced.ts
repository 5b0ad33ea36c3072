/** Rain that somebody wants: so much in so many hours of a place, whatever the climate says. The last wish holds. */
import { type Cell, cellKey, cellOf, HOUR_S } from './climate.ts';
import { isWhole } from './faults.ts';

const HOURS_MAX = 24 * 31;

export interface ForcedRain {
  /** {"latitude":25.27,"longitude":91.73,"from":"2026-11-21T00:00Z","hours":6,"mm":2.5}: `mm` falls in each hour. */
  force(value: unknown): void;
  clear(): void;
  /** Null: nothing is wished for that hour. */
  of(cell: Cell, endS: number): number | null;
}

export function createForcedRain(): ForcedRain {
  const byHour = new Map<string, number>();
  return {
    force(value) {
      const { cell, fromS, hours, mm } = parseWish(value);
      for (let hour = 1; hour <= hours; hour++) byHour.set(`${cellKey(cell)} ${fromS + hour * HOUR_S}`, mm);
    },
    clear: () => byHour.clear(),
    of: (cell, endS) => byHour.get(`${cellKey(cell)} ${endS}`) ?? null,
  };
}

function parseWish(value: unknown): { cell: Cell; fromS: number; hours: number; mm: number } {
  const { latitude, longitude, from, hours, mm } = (value ?? {}) as Record<string, unknown>;
  if (typeof latitude !== 'number' || typeof longitude !== 'number')
    throw new RangeError('latitude and longitude must be numbers');
  const fromMs = typeof from === 'number' ? from : Date.parse(String(from));
  if (Number.isNaN(fromMs)) throw new RangeError('from must be an instant: ISO 8601 or epoch ms');
  if (!isWhole(hours, 1) || hours > HOURS_MAX)
    throw new RangeError(`hours must be a whole number from 1 to ${HOURS_MAX}`);
  if (typeof mm !== 'number' || !(mm >= 0 && mm <= 500)) throw new RangeError('mm must be from 0 to 500');
  const fromS = Math.floor(fromMs / 1000 / HOUR_S) * HOUR_S;
  return { cell: cellOf({ latitude, longitude }), fromS, hours, mm };
}
