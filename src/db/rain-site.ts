/** Sites of the rain book: a station, its calendar, and how its sessions are bet and settled. */
import { type PlanRefused, parseSitePlan, type SitePlan } from '../core/book/calendar.ts';
import type { Query } from './connect.ts';

export interface RainSite {
  readonly name: string;
  readonly station: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly timeZone: string;
  /** So much in a session's hours is rain. */
  readonly thresholdMm: number;
  /** Or what is wrong with the row: then it has no sessions. */
  readonly plan: { readonly ok: true; readonly plan: SitePlan } | PlanRefused;
  readonly marginBps: number;
  readonly oddsValidMs: number;
  readonly ownBps: number;
  readonly ownMinBps: number;
  readonly poolMax: bigint;
  /** The weather source's word is a result without a person's. */
  readonly automatic: boolean;
  readonly enabled: boolean;
  /** Of its enabled vendor types: what sessions are made in. */
  readonly currencies: readonly string[];
}

const select = (db: Query) => db`select s.*,
  coalesce((select jsonb_agg(distinct v.currency) from book_vendor_type v where v.site = s.name and v.enabled), '[]') as currencies from rain_site s`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toSite(row: any): RainSite {
  const plan = parseSitePlan({
    calendar: row.calendar,
    timeZone: row.time_zone,
    opensBeforeMs: Number(row.opens_before_ms),
    closesBeforeMs: Number(row.closes_before_ms),
  });
  return {
    name: row.name,
    station: row.station,
    latitude: row.latitude,
    longitude: row.longitude,
    timeZone: row.time_zone,
    thresholdMm: Number(row.threshold_mm),
    plan,
    marginBps: row.margin_bps,
    oddsValidMs: row.odds_valid_ms,
    ownBps: row.own_bps,
    ownMinBps: row.own_min_bps,
    poolMax: row.pool_max,
    automatic: row.automatic,
    enabled: row.enabled,
    currencies: row.currencies,
  };
}

/** All of them by name, also those that are not enabled. */
export async function listSites(db: Query): Promise<RainSite[]> {
  return (await db`${select(db)} order by s.name`).map(toSite);
}

export async function findSite(db: Query, name: string): Promise<RainSite | null> {
  const [row] = await db`${select(db)} where s.name = ${name}`;
  return row === undefined ? null : toSite(row);
}

/** What staff can change; what is absent stays. Checked by who calls (src/staff/sites.ts). */
export interface SiteChange {
  readonly station?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly timeZone?: string;
  readonly thresholdMm?: number;
  /** As it is stored: [{"type":"NOON","from":"06:00","to":"18:00"}]. */
  readonly calendar?: unknown;
  readonly opensBeforeMs?: number;
  readonly closesBeforeMs?: number;
  readonly marginBps?: number;
  readonly oddsValidMs?: number;
  readonly ownBps?: number;
  readonly ownMinBps?: number;
  readonly poolMax?: bigint;
  readonly automatic?: boolean;
  readonly enabled?: boolean;
}

/** Locks a site's row until the transaction ends, so that two changes are not checked against the same former one. */
export async function lockSite(db: Query, name: string): Promise<RainSite | null> {
  const rows = await db`select 1 from rain_site where name = ${name} for update`;
  return rows.length === 0 ? null : findSite(db, name);
}

export async function setSite(db: Query, name: string, change: SiteChange): Promise<void> {
  const calendar = change.calendar === undefined ? null : JSON.stringify(change.calendar);
  await db`update rain_site set
    station = coalesce(${change.station ?? null}::text, station),
    latitude = coalesce(${change.latitude ?? null}::float8, latitude),
    longitude = coalesce(${change.longitude ?? null}::float8, longitude),
    time_zone = coalesce(${change.timeZone ?? null}::text, time_zone),
    threshold_mm = coalesce(${change.thresholdMm ?? null}::numeric, threshold_mm),
    calendar = coalesce(${calendar}::text::jsonb, calendar),
    opens_before_ms = coalesce(${change.opensBeforeMs ?? null}::bigint, opens_before_ms),
    closes_before_ms = coalesce(${change.closesBeforeMs ?? null}::bigint, closes_before_ms),
    margin_bps = coalesce(${change.marginBps ?? null}::int, margin_bps),
    odds_valid_ms = coalesce(${change.oddsValidMs ?? null}::int, odds_valid_ms),
    own_bps = coalesce(${change.ownBps ?? null}::int, own_bps),
    own_min_bps = coalesce(${change.ownMinBps ?? null}::int, own_min_bps),
    pool_max = coalesce(${change.poolMax ?? null}::bigint, pool_max),
    automatic = coalesce(${change.automatic ?? null}::boolean, automatic),
    enabled = coalesce(${change.enabled ?? null}::boolean, enabled)
    where name = ${name}`;
}
