/** Sessions of the rain book as the back office shows them. Amounts are minor units as text, odds thousandths. */
import type { Fragment } from 'postgres';
import type {
  BetStatus,
  BetType,
  ByOutcome,
  GameResult,
  GameStatus,
  MarketStatus,
  SessionType,
} from '../core/book/types.ts';
import { BET_STATUSES } from '../core/book/types.ts';
import type { RainSessionId } from '../core/ids.ts';
import { type Query, texts } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface SessionLine {
  readonly id: number;
  readonly site: string;
  readonly type: SessionType;
  readonly currency: string;
  readonly gameDate: string;
  readonly status: GameStatus;
  readonly market: MarketStatus;
  readonly result: GameResult;
  readonly version: number;
  readonly rainMm: number | null;
  readonly oddsRain: number | null;
  readonly oddsDry: number | null;
  readonly krainRain: number | null;
  readonly krainDry: number | null;
  readonly oddsUntil: string | null;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly resultedAt: string | null;
  /** Persons who have stated a result that does not count yet. */
  readonly said: number;
  readonly pool: ByOutcome;
  readonly risk: ByOutcome;
  readonly poolMax: bigint;
}

const columns = (
  db: Query,
) => db`s.id, s.site, s.type, s.currency, s.game_date::text as game_date, s.status, s.market,
  s.result, s.version, s.rain_mm::float8 as rain_mm, s.odds_rain, s.odds_dry, s.krain_rain, s.krain_dry, wire_time(s.quote_until) as quote_until,
  wire_time(s.opens_at) as opens_at, wire_time(s.closes_at) as closes_at, wire_time(s.starts_at) as starts_at, wire_time(s.ends_at) as ends_at,
  wire_time(s.resulted_at) as resulted_at, s.pool_rain, s.pool_dry, s.risk_rain, s.risk_dry, r.pool_max,
  (select count(*)::int from rain_finding f where f.session_id = s.id and f.round = s.version + 1 and f.by <> 'weather') as said`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLine(row: any): SessionLine {
  return {
    id: Number(row.id),
    site: row.site,
    type: row.type,
    currency: row.currency,
    gameDate: row.game_date,
    status: row.status,
    market: row.market,
    result: row.result,
    version: row.version,
    rainMm: row.rain_mm,
    oddsRain: row.odds_rain,
    oddsDry: row.odds_dry,
    krainRain: row.krain_rain,
    krainDry: row.krain_dry,
    oddsUntil: row.quote_until,
    opensAt: row.opens_at,
    closesAt: row.closes_at,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    resultedAt: row.resulted_at,
    said: row.said,
    pool: { rain: row.pool_rain, dry: row.pool_dry },
    risk: { rain: row.risk_rain, dry: row.risk_dry },
    poolMax: row.pool_max,
  };
}

export interface SessionLinesWish {
  readonly site?: string | undefined;
  readonly currency?: string | undefined;
  readonly type?: string | undefined;
  readonly statuses?: readonly GameStatus[] | undefined;
  /** Betting days, yyyy-MM-dd, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only those with a stated result that waits for a second person. */
  readonly waiting?: boolean;
}

/** By (startsAt, id). */
export async function listSessionLines(
  db: Query,
  wish: SessionLinesWish,
  page: KeysetPage,
): Promise<SessionLine[]> {
  const { site = null, currency = null, type = null, statuses = null, from = null, to = null } = wish;
  const { where, order, limit } = keyset(db, page, [
    { column: db`s.starts_at`, type: 'timestamptz' },
    { column: db`s.id`, type: 'bigint' },
  ]);
  const rows = await db`select ${columns(db)} from rain_session s join rain_site r on r.name = s.site
    where ${where} and (${site}::text is null or s.site = ${site}) and (${currency}::text is null or s.currency = ${currency})
      and (${type}::text is null or s.type = ${type}) and (${statuses === null} or s.status = any(${texts(statuses ?? [])}::text[]))
      and (${from}::text is null or s.game_date >= ${from}::text::date) and (${to}::text is null or s.game_date <= ${to}::text::date)
      and (not ${wish.waiting ?? false} or exists (select from rain_finding f where f.session_id = s.id and f.round = s.version + 1 and f.by <> 'weather'))
    ${order} ${limit}`;
  return rows.map(toLine);
}

export async function findSessionLine(db: Query, id: RainSessionId): Promise<SessionLine | null> {
  const [row] =
    await db`select ${columns(db)} from rain_session s join rain_site r on r.name = s.site where s.id = ${id}`;
  return row === undefined ? null : toLine(row);
}

// ---- figures --------------------------------------------------------------------------------------------------

export interface StateLine {
  readonly status: BetStatus;
  readonly type: BetType;
  readonly bets: number;
  readonly stake: string;
  readonly ownStake: string;
  readonly krainStake: string;
  readonly payout: string;
}

export interface PositionSums {
  /** Positions: who plays in two sessions has two. */
  readonly players: number;
  readonly pending: number;
  /** What matched bets come to for the players, and what K-Rain's part brings the book. */
  readonly netRain: string;
  readonly netDry: string;
  readonly hedgeRain: string;
  readonly hedgeDry: string;
}

/** A session's bets by state and side. */
export async function sessionStates(db: Query, id: RainSessionId): Promise<StateLine[]> {
  const rows =
    await db`select status, type, count(*)::int as bets, sum(stake)::text as stake, sum(own_stake)::text as own_stake,
      sum(krain_stake)::text as krain_stake, sum(payout)::text as payout
    from book_bet where session_id = ${id} group by status, type order by status, type desc`;
  return rows.map((row) => ({
    status: BET_STATUSES[row.status as 0],
    type: row.type,
    bets: row.bets,
    stake: row.stake,
    ownStake: row.own_stake,
    krainStake: row.krain_stake,
    payout: row.payout,
  }));
}

const NO_SUMS: PositionSums = {
  players: 0,
  pending: 0,
  netRain: '0',
  netDry: '0',
  hedgeRain: '0',
  hedgeDry: '0',
};

export async function positionSums(db: Query, id: RainSessionId): Promise<PositionSums> {
  const [sums = NO_SUMS] = await sumsOf(db, db`select ${id}::bigint`);
  return sums;
}

/** Of the live sessions that have positions. */
export function liveSums(
  db: Query,
  limit: number,
): Promise<readonly (PositionSums & { readonly id: number })[]> {
  return sumsOf(
    db,
    db`select s.id from rain_session s where ${isLive(db)} order by s.closes_at, s.id limit ${limit}`,
  );
}

async function sumsOf(
  db: Query,
  ids: Fragment,
): Promise<readonly (PositionSums & { readonly id: number })[]> {
  const rows =
    await db`select session_id, count(*)::int as players, sum(pending)::int as pending, sum(net_rain)::text as net_rain,
      sum(net_dry)::text as net_dry, sum(hedge_rain)::text as hedge_rain, sum(hedge_dry)::text as hedge_dry
    from book_position where session_id in (${ids}) group by session_id`;
  return rows.map((row) => ({
    id: Number(row.session_id),
    players: row.players,
    pending: row.pending,
    netRain: row.net_rain,
    netDry: row.net_dry,
    hedgeRain: row.hedge_rain,
    hedgeDry: row.hedge_dry,
  }));
}

const isLive = (db: Query) => db`s.status not in ('READY', 'SETTLED', 'VOID')`;

/** Sessions that take bets or wait for their result or its settlement, by their close. */
export async function liveSessions(db: Query, limit: number): Promise<SessionLine[]> {
  const rows = await db`select ${columns(db)} from rain_session s join rain_site r on r.name = s.site
    where ${isLive(db)} order by s.closes_at, s.id limit ${limit}`;
  return rows.map(toLine);
}

// ---- what happened --------------------------------------------------------------------------------------------

export interface QuoteLine {
  readonly at: string;
  readonly rain: number;
  readonly dry: number;
  readonly krainRain: number;
  readonly krainDry: number;
}

/** The last quotes, the oldest first. */
export async function lastQuotes(db: Query, id: RainSessionId, limit: number): Promise<QuoteLine[]> {
  const rows = await db`select wire_time(at) as at, odds_rain as rain, odds_dry as dry, krain_rain, krain_dry
    from rain_quote where session_id = ${id} order by quote desc limit ${limit}`;
  return rows
    .map(({ at, rain, dry, krain_rain, krain_dry }) => ({
      at,
      rain,
      dry,
      krainRain: krain_rain,
      krainDry: krain_dry,
    }))
    .toReversed();
}

export interface HourLine {
  readonly at: string;
  readonly mm: number;
  readonly probability: number | null;
  readonly observed: boolean;
  readonly toldAt: string;
}

/** The site's hours that overlap with the session's, in their order. */
export async function sessionHours(db: Query, id: RainSessionId): Promise<HourLine[]> {
  const rows =
    await db`select wire_time(h.hour) as at, h.mm::float8 as mm, h.probability, h.observed, wire_time(h.told_at) as told_at
    from rain_session s join rain_hour h on h.site = s.site and h.hour > s.starts_at - interval '1 hour' and h.hour < s.ends_at
    where s.id = ${id} order by h.hour limit 100`;
  return rows.map(({ at, mm, probability, observed, told_at }) => ({
    at,
    mm,
    probability,
    observed,
    toldAt: told_at,
  }));
}

export interface TrailLine {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly detail: unknown;
}

/** The audit lines about a subject, the newest first. */
export async function trailOf(db: Query, subject: string, limit: number): Promise<TrailLine[]> {
  const rows = await db`select wire_time(at) as at, actor, action, detail from audit_log
    where subject = ${subject} order by n desc limit ${limit}`;
  return rows.map(({ at, actor, action, detail }) => ({ at, actor, action, detail }));
}
