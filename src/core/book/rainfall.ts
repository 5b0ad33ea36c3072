/**
 * What the hours of a gauge come to for a session. Hours are whole ones of UTC; a session of a zone that is half an
 * hour off shares its first and last with its neighbours. How the rain of such an hour is spread nobody knows, so a
 * result follows only where it is the same however it fell. Sums are in whole hundredths of a millimetre.
 */
import type { Instant } from '../ids.ts';

export const HOUR_MS = 3_600_000;

export interface RainHour {
  readonly startsAt: Instant;
  readonly mm: number;
}

export type Rainfall =
  | { readonly kind: 'decided'; readonly result: 'RAIN' | 'NO_RAIN'; readonly rainMm: number }
  /** It depends on when the rain of a shared hour fell: persons decide. */
  | { readonly kind: 'shared'; readonly leastMm: number; readonly mostMm: number }
  /** So many hours have not been told yet. */
  | { readonly kind: 'incomplete'; readonly missing: number };

/** `observed`: what the source says of hours that are over. `rainMm` takes of a shared hour the session's part of it. */
export function rainfallOf(
  session: { readonly startsAt: Instant; readonly endsAt: Instant },
  observed: readonly RainHour[],
  thresholdMm: number,
): Rainfall {
  const { startsAt, endsAt } = session;
  const byStart = new Map(observed.map((hour) => [Number(hour.startsAt), hundredths(hour.mm)]));
  let [least, most, parts, missing] = [0, 0, 0, 0];
  for (let from = Math.floor(startsAt / HOUR_MS) * HOUR_MS; from < endsAt; from += HOUR_MS) {
    const fell = byStart.get(from);
    const insideMs = Math.min(from + HOUR_MS, endsAt) - Math.max(from, startsAt);
    if (fell === undefined) missing++;
    least += insideMs === HOUR_MS ? (fell ?? 0) : 0;
    most += fell ?? 0;
    parts += ((fell ?? 0) * insideMs) / HOUR_MS;
  }
  if (missing > 0) return { kind: 'incomplete', missing };
  const enough = hundredths(thresholdMm);
  if (least >= enough) return { kind: 'decided', result: 'RAIN', rainMm: Math.round(parts) / 100 };
  if (most < enough) return { kind: 'decided', result: 'NO_RAIN', rainMm: Math.round(parts) / 100 };
  return { kind: 'shared', leastMm: least / 100, mostMm: most / 100 };
}

const hundredths = (mm: number) => Math.round(mm * 100);
