/**
 * Hours of rain at a site, each by the instant it begins. An hour that is over is observed; before that the value is a
 * forecast. Of a value that changes only the last is kept: what a result went by is in its finding.
 */

import { HOUR_MS, type RainHour } from '../core/book/rainfall.ts';
import { type Instant, trusted } from '../core/ids.ts';
import type { Query } from './connect.ts';
import { numbers, texts } from './connect.ts';

export interface ToldHour extends RainHour {
  /** Per cent. */
  readonly probability: number | null;
}
export interface RainHourRecord extends ToldHour {
  readonly observed: boolean;
}

/** Keeps what a source told at `now`. Returns how many hours are new or other than before. */
export async function putHours(
  db: Query,
  site: string,
  { hours, now }: { readonly hours: readonly ToldHour[]; readonly now: Instant },
): Promise<number> {
  const isOver = (hour: ToldHour) => hour.startsAt + HOUR_MS <= now;
  const rows = await db`
    insert into rain_hour as h (site, hour, mm, probability, observed, told_at)
    select ${site}, n.hour, n.mm, case when not n.observed then n.probability end, n.observed, ${new Date(now)}
    from unnest(${texts(hours.map((hour) => new Date(hour.startsAt).toISOString()))}::timestamptz[], ${texts(hours.map(({ mm }) => String(mm)))}::numeric(8, 2)[],
      ${numbers(hours.map(({ probability }) => probability))}::int[], ${texts(hours.map((hour) => (isOver(hour) ? 't' : 'f')))}::boolean[])
      n (hour, mm, probability, observed)
    order by n.hour
    on conflict (site, hour) do update set mm = excluded.mm, probability = excluded.probability, observed = excluded.observed, told_at = excluded.told_at
      where (h.mm, h.probability, h.observed) is distinct from (excluded.mm, excluded.probability, excluded.observed) and h.told_at <= excluded.told_at
    returning 1`;
  return rows.length;
}

/** A site's hours that overlap with [from, to), in their order. */
export async function listHours(
  db: Query,
  site: string,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<RainHourRecord[]> {
  const rows = await db`select hour, mm, probability, observed from rain_hour
    where site = ${site} and hour > ${new Date(from - HOUR_MS)} and hour < ${new Date(to)} order by hour`;
  return rows.map((row) => ({
    startsAt: trusted(row.hour.getTime()),
    mm: Number(row.mm),
    probability: row.probability,
    observed: row.observed,
  }));
}
