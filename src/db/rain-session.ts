/**
 * Sessions of the rain book. Every act on one is decided under its row's lock by core/book/session-machine.ts, with
 * the database's clock, and written with its audit line in one transaction. What time alone does (opening, closing,
 * ending) is set-based in rain-due.ts and leaves no line: anybody can recompute it from the row.
 */

import type { LocalDate, PlannedSession } from '../core/book/calendar.ts';
import {
  decideAct,
  type SessionAct,
  type SessionAfter,
  type SessionRefusal,
  type SessionState,
} from '../core/book/session-machine.ts';
import type {
  ByOutcome,
  GameResult,
  GameStatus,
  MarketStatus,
  Quote,
  SessionType,
} from '../core/book/types.ts';
import { type Instant, type RainSessionId, trusted } from '../core/ids.ts';
import { record } from './audit.ts';
import { instantOf, numbers, type Query, type Sql, texts } from './connect.ts';

export interface RainSession extends SessionState {
  readonly id: RainSessionId;
  readonly site: string;
  readonly currency: string;
  readonly type: SessionType;
  readonly gameDate: LocalDate;
  readonly startsAt: Instant;
  readonly market: MarketStatus;
  /** As offered last, also when it is not good any more. */
  readonly quote: Quote | null;
  readonly resultedAt: Instant | null;
  readonly rainMm: number | null;
  /** What the book itself gains by its matched bets, and what pending ones may add to that at worst. */
  readonly pool: ByOutcome;
  readonly risk: ByOutcome;
  readonly revision: number;
}

const columns = (db: Query) => db`s.*, to_char(s.game_date, 'YYYY-MM-DD') as game_day`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
export function toSession(row: any): RainSession {
  const quoteUntil = instantOf(row.quote_until);
  return {
    id: trusted(row.id),
    site: row.site,
    currency: row.currency,
    type: row.type as SessionType,
    gameDate: row.game_day as LocalDate,
    opensAt: trusted(row.opens_at.getTime()),
    closesAt: trusted(row.closes_at.getTime()),
    startsAt: trusted(row.starts_at.getTime()),
    endsAt: trusted(row.ends_at.getTime()),
    status: row.status as GameStatus,
    market: row.market as MarketStatus,
    quote:
      quoteUntil === null || row.odds_rain === null
        ? null
        : {
            id: Number(row.quote),
            rain: row.odds_rain,
            dry: row.odds_dry,
            krainRain: row.krain_rain,
            krainDry: row.krain_dry,
            until: quoteUntil,
          },
    quoteUntil,
    result: row.result as GameResult,
    version: row.version,
    resultedAt: instantOf(row.resulted_at),
    rainMm: row.rain_mm === null ? null : Number(row.rain_mm),
    pool: { rain: row.pool_rain, dry: row.pool_dry },
    risk: { rain: row.risk_rain, dry: row.risk_dry },
    revision: Number(row.revision),
  };
}

// ---- making and finding ---------------------------------------------------------------------------------------

/** Adds the sessions that are not there yet, in each currency. One that is there keeps its hours. Returns how many. */
export async function insertSessions(
  db: Query,
  site: string,
  { currencies, planned }: { currencies: readonly string[]; planned: readonly PlannedSession[] },
): Promise<number> {
  const instants = (of: (session: PlannedSession) => Instant) =>
    texts(planned.map((session) => new Date(of(session)).toISOString()));
  const rows = await db`
    insert into rain_session (site, currency, type, game_date, opens_at, closes_at, starts_at, ends_at)
    select ${site}, c.currency, n.type, n.game_date, n.opens_at, n.closes_at, n.starts_at, n.ends_at
    from unnest(${texts(planned.map(({ type }) => type))}::text[], ${texts(planned.map(({ gameDate }) => gameDate))}::date[],
      ${instants((s) => s.opensAt)}::timestamptz[], ${instants((s) => s.closesAt)}::timestamptz[],
      ${instants((s) => s.startsAt)}::timestamptz[], ${instants((s) => s.endsAt)}::timestamptz[])
      n (type, game_date, opens_at, closes_at, starts_at, ends_at)
    cross join unnest(${texts(currencies)}::text[]) c (currency)
    where not exists (select from rain_session s where (s.site, s.currency, s.game_date, s.type) = (${site}, c.currency, n.game_date, n.type))
    order by n.starts_at, n.type, c.currency
    on conflict (site, currency, game_date, type) do nothing returning 1`;
  return rows.length;
}

/** Takes away a site's sessions that have not opened, and that nobody has bet in or stated a result of. Returns how many. */
export async function removeUntouched(db: Query, site: string, from: LocalDate): Promise<number> {
  const rows = await db`with gone as (
      select id from rain_session s where site = ${site} and game_date >= ${from}::text::date and status = 'READY' and version = 0
        and not exists (select from book_position p where p.session_id = s.id)
        and not exists (select from rain_finding f where f.session_id = s.id)
      order by id for update),
    quotes as (delete from rain_quote q using gone where q.session_id = gone.id)
    delete from rain_session s using gone where s.id = gone.id returning 1`;
  return rows.length;
}

export async function findSession(db: Query, id: RainSessionId): Promise<RainSession | null> {
  const [row] = await db`select ${columns(db)} from rain_session s where s.id = ${id}`;
  return row === undefined ? null : toSession(row);
}

export interface SessionFilter {
  readonly site?: string;
  readonly currency?: string;
  /** Betting days, both included. */
  readonly from?: LocalDate;
  readonly to?: LocalDate;
  readonly statuses?: readonly GameStatus[];
}
/** Where the page before ended: the last row's own start and id. */
export interface SessionCursor {
  readonly startsAt: Instant;
  readonly id: RainSessionId;
}

/** Sessions by (startsAt, id). */
export async function listSessions(
  db: Query,
  filter: SessionFilter,
  page: { readonly after?: SessionCursor | null; readonly limit: number },
): Promise<RainSession[]> {
  const { site = null, currency = null, from = null, to = null, statuses = null } = filter;
  const after = page.after ?? null;
  const rows = await db`select ${columns(db)} from rain_session s
    where (${site}::text is null or s.site = ${site}) and (${currency}::text is null or s.currency = ${currency})
      and (${from}::text is null or s.game_date >= ${from}::text::date) and (${to}::text is null or s.game_date <= ${to}::text::date)
      and (${statuses === null} or s.status = any(${texts(statuses ?? [])}::text[]))
      and (${after === null} or (s.starts_at, s.id) > (${new Date(after?.startsAt ?? 0)}, ${after?.id ?? 0}))
    order by s.starts_at, s.id limit ${page.limit}`;
  return rows.map(toSession);
}

/** A site's sessions whose hours ended in [from, to] and that have no result, by their start. */
export async function sessionsWithoutResult(
  db: Query,
  site: string,
  ended: { readonly from: Instant; readonly to: Instant },
): Promise<RainSession[]> {
  const rows = await db`select ${columns(db)} from rain_session s
    where s.site = ${site} and s.version = 0 and s.status not in ('SETTLED', 'VOID')
      and s.ends_at between ${new Date(ended.from)} and ${new Date(ended.to)} order by s.starts_at, s.id`;
  return rows.map(toSession);
}

// ---- acts -----------------------------------------------------------------------------------------------------

export interface LockedSession {
  readonly session: RainSession;
  /** The database's clock, read with the lock held. */
  readonly now: Instant;
}

/** Locks a session's row until the transaction ends. Nobody else can bet in it or change it meanwhile. */
export async function lockSession(db: Query, id: RainSessionId): Promise<LockedSession | null> {
  const [row] = await db`select ${columns(db)} from rain_session s where s.id = ${id} for update`;
  if (row === undefined) return null;
  const [clock] = await db`select clock_timestamp() as now`;
  return { session: toSession(row), now: trusted(clock?.now.getTime()) };
}

/** Writes what the machine has decided. A new version of the result carries its instant and the rain it goes by. */
export async function writeAfter(
  db: Query,
  { session, now }: LockedSession,
  after: SessionAfter & { readonly rainMm?: number | null },
): Promise<RainSession> {
  const isNew = after.version !== session.version;
  const [row] =
    await db`update rain_session s set status = ${after.status}, market = ${after.market}, result = ${after.result}, version = ${after.version},
      resulted_at = case when ${isNew} then ${new Date(now)} else resulted_at end,
      rain_mm = case when ${isNew} then ${after.rainMm ?? null}::numeric else rain_mm end
    where id = ${session.id} returning ${columns(db)}`;
  return toSession(row);
}

export type ActOutcome =
  | { readonly ok: true; readonly session: RainSession }
  | {
      readonly ok: false;
      readonly code: SessionRefusal | 'unknown_session';
      /** As it is; null when there is none. */
      readonly session: RainSession | null;
    };
/** What staff do by themselves. Results need findings (src/rain/results.ts). */
export type StaffAct = Extract<SessionAct, { kind: 'open' | 'suspend' | 'resume' | 'close_early' | 'end' }>;

/** Does an act, or says why not. A change is one commit with its line in the audit trail. */
export async function actOnSession(
  sql: Sql,
  id: RainSessionId,
  wish: {
    readonly act: StaffAct;
    readonly by: string;
    readonly reason?: string | null;
    /** Where the person sits; absent: not known. */
    readonly ip?: string;
  },
): Promise<ActOutcome> {
  const { act, by, reason = null, ip } = wish;
  return sql.begin(async (tx) => {
    const locked = await lockSession(tx, id);
    if (locked === null) return { ok: false, code: 'unknown_session', session: null };
    return carryOut(tx, locked, { act, by, detail: { reason, ...(ip === undefined ? {} : { ip }) } });
  });
}

/**
 * Makes a session SETTLED, or VOID, once every position is posted under this version of its result. `positions_left`:
 * not yet; `other_version`: it was corrected meanwhile, and is to be settled again.
 */
export async function markSettled(
  sql: Sql,
  id: RainSessionId,
  { version, by }: { readonly version: number; readonly by: string },
): Promise<ActOutcome> {
  return sql.begin(async (tx) => {
    const locked = await lockSession(tx, id);
    if (locked === null) return { ok: false, code: 'unknown_session', session: null };
    const [row] =
      await tx`select count(*)::int as left from book_position where session_id = ${id} and version <> ${version}`;
    const act = { kind: 'settled', version, left: row?.left } as const;
    return carryOut(tx, locked, { act, by, detail: { version } });
  });
}

async function carryOut(
  db: Query,
  locked: LockedSession,
  { act, by, detail }: { act: SessionAct; by: string; detail: Readonly<Record<string, unknown>> },
): Promise<ActOutcome> {
  const { session, now } = locked;
  const after = decideAct(session, act, now);
  if (!after.ok) return { ok: false, code: after.code, session };
  const written = await writeAfter(db, locked, after);
  await record(db, {
    actor: by,
    action: `rain.${act.kind}`,
    subject: subjectOf(session),
    detail: { ...detail, before: session.status, after: written.status },
  });
  return { ok: true, session: written };
}

/** How the audit trail names a session. */
export const subjectOf = (session: Pick<RainSession, 'id'>): string => `rain session ${session.id}`;

/** Ids as an array literal, for those who ask about many. */
export async function findSessions(db: Query, ids: readonly RainSessionId[]): Promise<RainSession[]> {
  const rows =
    await db`select ${columns(db)} from rain_session s where s.id = any(${numbers(ids)}::bigint[]) order by s.starts_at, s.id`;
  return rows.map(toSession);
}
