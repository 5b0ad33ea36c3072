/** Sites: a weather station, its calendar of sessions, and how the book deals there. Amounts are minor units. */
import type { Query } from './connect.ts';

export interface RainSite {
  readonly name: string;
  readonly station: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly timeZone: string;
  /** So much in a session's hours is rain. */
  readonly thresholdMm: number;
  /** As stored: core/book/calendar.ts reads it. */
  readonly calendar: unknown;
  readonly opensBeforeMs: number;
  readonly closesBeforeMs: number;
  readonly marginBps: number;
  readonly oddsValidMs: number;
  readonly ownBps: number;
  readonly ownMinBps: number;
  readonly poolMax: bigint;
  /** The weather source settles without a person. */
  readonly automatic: boolean;
  readonly enabled: boolean;
}

const columns = (
  db: Query,
) => db`name, station, latitude, longitude, time_zone, threshold_mm::float8 as threshold_mm, calendar, opens_before_ms,
  closes_before_ms, margin_bps, odds_valid_ms, own_bps, own_min_bps, pool_max, automatic, enabled`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toSite(row: any): RainSite {
  return {
    name: row.name,
    station: row.station,
    latitude: row.latitude,
    longitude: row.longitude,
    timeZone: row.time_zone,
    thresholdMm: row.threshold_mm,
    calendar: row.calendar,
    opensBeforeMs: Number(row.opens_before_ms),
    closesBeforeMs: Number(row.closes_before_ms),
    marginBps: row.margin_bps,
    oddsValidMs: row.odds_valid_ms,
    ownBps: row.own_bps,
    ownMinBps: row.own_min_bps,
    poolMax: row.pool_max,
    automatic: row.automatic,
    enabled: row.enabled,
  };
}

export async function findSite(db: Query, name: string): Promise<RainSite | null> {
  const [row] = await db`select ${columns(db)} from rain_site where name = ${name}`;
  return row === undefined ? null : toSite(row);
}

export async function listSites(db: Query): Promise<RainSite[]> {
  return (await db`select ${columns(db)} from rain_site order by name`).map(toSite);
}
