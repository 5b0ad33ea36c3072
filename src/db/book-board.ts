/** Sessions as players are shown them, with what is shown of their site, and the site's hours of rain. */
import type { GameResult, GameStatus, MarketStatus, SessionType } from '../core/book/types.ts';
import { type Instant, type RainSessionId, trusted } from '../core/ids.ts';
import { instantOf, numbers, type Query } from './connect.ts';

export interface BoardSession {
  readonly id: RainSessionId;
  readonly site: string;
  readonly currency: string;
  readonly station: string;
  readonly timeZone: string;
  readonly thresholdMm: number;
  readonly type: SessionType;
  /** dd-MM-yyyy, the site's day. */
  readonly gameDate: string;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly status: GameStatus;
  readonly market: MarketStatus;
  /** Thousandths. */
  readonly odds: {
    readonly quote: number;
    readonly rain: number;
    readonly dry: number;
    readonly until: Instant;
  } | null;
  readonly result: GameResult;
  readonly rainMm: number | null;
  readonly revision: number;
}

/** A session whose hours are over and that is settled is shown for so long. */
const SHOWN_DAYS = 2;

const select = (
  db: Query,
) => db`select s.id, s.site, s.currency, s.type, s.opens_at, s.closes_at, s.starts_at, s.ends_at, s.status, s.market, s.quote, s.odds_rain, s.odds_dry,
    s.quote_until, s.result, s.rain_mm, s.revision, to_char(s.game_date, 'DD-MM-YYYY') as game_date, r.station, r.time_zone, r.threshold_mm
  from rain_session s join rain_site r on r.name = s.site`;

const isShown = (db: Query) =>
  db`(s.status not in ('SETTLED', 'VOID') or s.ends_at > now() - make_interval(days => ${SHOWN_DAYS}))`;

/** All that are shown: what is not settled yet, and what was settled lately. */
export async function boardSessions(db: Query): Promise<BoardSession[]> {
  return (await db`${select(db)} where ${isShown(db)}`).map(toBoardSession);
}

/** Of those that are shown the ones changed after a revision. */
export async function boardSessionsAfter(db: Query, revision: number): Promise<BoardSession[]> {
  return (await db`${select(db)} where ${isShown(db)} and s.revision > ${revision}`).map(toBoardSession);
}

/** Those with these ids, shown or not. */
export async function boardSessionsOf(db: Query, ids: readonly RainSessionId[]): Promise<BoardSession[]> {
  return (await db`${select(db)} where s.id = any(${numbers(ids)}::bigint[])`).map(toBoardSession);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toBoardSession(row: any): BoardSession {
  const until = instantOf(row.quote_until);
  return {
    id: trusted(row.id),
    site: row.site,
    currency: row.currency,
    station: row.station,
    timeZone: row.time_zone,
    thresholdMm: Number(row.threshold_mm),
    type: row.type,
    gameDate: row.game_date,
    opensAt: trusted(row.opens_at.getTime()),
    closesAt: trusted(row.closes_at.getTime()),
    startsAt: trusted(row.starts_at.getTime()),
    endsAt: trusted(row.ends_at.getTime()),
    status: row.status,
    market: row.market,
    odds:
      until === null || row.odds_rain === null || row.odds_dry === null
        ? null
        : { quote: Number(row.quote), rain: row.odds_rain, dry: row.odds_dry, until },
    result: row.result,
    rainMm: row.rain_mm === null ? null : Number(row.rain_mm),
    revision: Number(row.revision),
  };
}

export interface BoardHour {
  readonly at: Instant;
  readonly mm: number;
  /** Per cent, of a forecast. */
  readonly probability: number | null;
  readonly observed: boolean;
}

/** A site's hours of rain, from two days ago to as far as the forecast goes. */
export async function boardHours(db: Query, site: string): Promise<BoardHour[]> {
  const rows =
    await db`select hour, mm, probability, observed from rain_hour where site = ${site} and hour > now() - make_interval(days => 2)
    order by hour limit 200`;
  return rows.map((row) => ({
    at: trusted(row.hour.getTime()),
    mm: Number(row.mm),
    probability: row.probability,
    observed: row.observed,
  }));
}
