/** Players of the rain book as the back office sees them, and what staff change of them. Amounts are minor units. */
import type { GameResult, GameStatus, SessionType } from '../core/book/types.ts';
import { type AccountId, type BookOperatorId, type BookPlayerId, trusted } from '../core/ids.ts';
import { exclusionOf } from './book-protection.ts';
import { REFRESH_HOURS } from './book-visit.ts';
import type { Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface BookPlayerLine {
  readonly id: number;
  readonly operator: number;
  readonly operatorName: string;
  readonly vendorType: string;
  readonly site: string;
  readonly userId: string;
  readonly currency: string;
  readonly balance: bigint;
  readonly exposure: bigint;
  readonly minBet: bigint;
  readonly maxBet: bigint;
  readonly maxExposure: bigint;
  readonly ownMaxBet: bigint | null;
  readonly ownDayStake: bigint | null;
  /** 'forever', or an instant; null: not, or not any more. */
  readonly excludedUntil: string | null;
  readonly blockedAt: string | null;
  readonly createdAt: string;
}

const columns = (
  db: Query,
) => db`p.id, p.operator_id, o.name as operator_name, p.vendor_type, v.site, p.user_id, v.currency, a.balance, a.reserved,
  p.min_bet, p.max_bet, p.max_exposure,
  case when p.next_limits_at <= now() then (p.next_limits ->> 'maxBet')::bigint else p.own_max_bet end as own_max_bet,
  case when p.next_limits_at <= now() then (p.next_limits ->> 'dayStake')::bigint else p.own_day_stake end as own_day_stake,
  case when p.excluded_until = 'infinity' then 'forever' when p.excluded_until > now() then wire_time(p.excluded_until) end as excluded,
  wire_time(p.blocked_at) as blocked_at, wire_time(p.created_at) as created_at`;
const from = (db: Query) => db`book_player p join book_operator o on o.id = p.operator_id
  join book_vendor_type v on v.name = p.vendor_type join account a on a.id = p.account_id`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLine(row: any): BookPlayerLine {
  return {
    id: Number(row.id),
    operator: Number(row.operator_id),
    operatorName: row.operator_name,
    vendorType: row.vendor_type,
    site: row.site,
    userId: row.user_id,
    currency: row.currency,
    balance: row.balance,
    exposure: row.reserved,
    minBet: row.min_bet,
    maxBet: row.max_bet,
    maxExposure: row.max_exposure,
    ownMaxBet: row.own_max_bet,
    ownDayStake: row.own_day_stake,
    excludedUntil: row.excluded,
    blockedAt: row.blocked_at,
    createdAt: row.created_at,
  };
}

export interface BookPlayersWish {
  readonly operator?: string | undefined;
  readonly vendorType?: string | undefined;
  /** What the userId begins with, case-sensitive. */
  readonly user?: string | undefined;
  readonly state?: 'blocked' | 'excluded' | undefined;
}

export async function listBookPlayerLines(
  db: Query,
  wish: BookPlayersWish,
  { order: by, ...page }: KeysetPage & { readonly order: string },
): Promise<BookPlayerLine[]> {
  const id = { column: db`p.id`, type: 'bigint' } as const;
  const key = by === 'user' ? [{ column: db`p.user_id collate "C"`, type: 'text' } as const, id] : [id];
  const { where, order, limit } = keyset(db, page, key);
  const { operator, vendorType, user, state } = wish;
  const begins = `${(user ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const parts = [
    where,
    ...(operator === undefined ? [] : [db`p.operator_id = ${operator}::bigint`]),
    ...(vendorType === undefined ? [] : [db`p.vendor_type = ${vendorType}`]),
    ...(user === undefined ? [] : [db`p.user_id collate "C" like ${begins}`]),
    ...(state === 'blocked' ? [db`p.blocked_at is not null`] : []),
    ...(state === 'excluded' ? [db`p.excluded_until is not null and p.excluded_until > now()`] : []),
  ];
  const all = parts.reduce((some, part) => db`${some} and ${part}`);
  const rows = await db`with p as materialized (select p.* from book_player p where ${all} ${order} ${limit})
    select ${columns(db)} from p join book_operator o on o.id = p.operator_id join book_vendor_type v on v.name = p.vendor_type
      join account a on a.id = p.account_id ${order}`;
  return rows.map(toLine);
}

export interface BookPlayerFacts {
  readonly line: BookPlayerLine;
  readonly accountId: AccountId;
  readonly credit: bigint;
  readonly nextMaxBet: bigint | null;
  readonly nextDayStake: bigint | null;
  readonly nextLimitsAt: string | null;
  readonly clockMinutes: number | null;
  readonly dayStake: bigint;
  readonly hasPassword: boolean;
  readonly passwordTries: number;
  readonly language: string | null;
}

export async function findBookPlayerFacts(db: Query, id: BookPlayerId): Promise<BookPlayerFacts | null> {
  const [row] =
    await db`select ${columns(db)}, p.account_id, p.credit, p.own_clock_min, p.password_hash is not null as has_password, p.password_tries, p.language,
      (p.next_limits ->> 'maxBet')::bigint as next_max, (p.next_limits ->> 'dayStake')::bigint as next_day,
      case when p.next_limits_at > now() then wire_time(p.next_limits_at) end as next_at,
      (select coalesce(sum(b.stake), 0)::bigint from book_bet b where b.player_id = p.id and b.placed_at >= date_trunc('day', now()) and b.status not in (2, 5)) as day_stake
    from ${from(db)} where p.id = ${id}`;
  if (row === undefined) return null;
  const isNext = row.next_at !== null;
  return {
    line: toLine(row),
    accountId: trusted(row.account_id),
    credit: row.credit,
    nextMaxBet: isNext ? row.next_max : null,
    nextDayStake: isNext ? row.next_day : null,
    nextLimitsAt: row.next_at,
    clockMinutes: row.own_clock_min,
    dayStake: row.day_stake,
    hasPassword: row.has_password,
    passwordTries: row.password_tries,
    language: row.language,
  };
}

// ---- what belongs to a player ---------------------------------------------------------------------------------

export interface PositionLine {
  readonly session: number;
  readonly site: string;
  readonly gameDate: string;
  readonly sessionType: SessionType;
  readonly status: GameStatus;
  readonly result: GameResult;
  readonly currency: string;
  readonly bets: number;
  readonly pending: number;
  readonly netRain: bigint;
  readonly netDry: bigint;
  readonly exposure: bigint;
  readonly settledNet: bigint;
  /** Under the result as it is now. */
  readonly posted: boolean;
}

/** By session. */
export async function listPositions(db: Query, id: BookPlayerId, page: KeysetPage): Promise<PositionLine[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`q.session_id`, type: 'bigint' }]);
  const rows =
    await db`select q.*, s.site, s.game_date::text as game_date, s.type, s.status, s.result, s.currency, s.version > 0 and q.version = s.version as posted
    from book_position q join rain_session s on s.id = q.session_id where q.player_id = ${id} and ${where} ${order} ${limit}`;
  return rows.map((row) => ({
    session: Number(row.session_id),
    site: row.site,
    gameDate: row.game_date,
    sessionType: row.type,
    status: row.status,
    result: row.result,
    currency: row.currency,
    bets: row.bets,
    pending: row.pending,
    netRain: row.net_rain,
    netDry: row.net_dry,
    exposure: row.exposure,
    settledNet: row.settled_net,
    posted: row.posted,
  }));
}

export interface BookTransferLine {
  readonly id: number;
  readonly at: string;
  readonly tsCode: string;
  readonly kind: 'deposit' | 'withdraw' | 'withdraw_all';
  readonly currency: string;
  readonly amount: bigint;
  readonly profitLoss: bigint;
  readonly exposure: bigint;
  readonly creditBefore: bigint;
  readonly creditAfter: bigint;
}

/** By (at, id). */
export async function listBookTransferLines(
  db: Query,
  id: BookPlayerId,
  page: KeysetPage,
): Promise<BookTransferLine[]> {
  const { where, order, limit } = keyset(db, page, [
    { column: db`t.at`, type: 'timestamptz' },
    { column: db`t.transfer_id`, type: 'bigint' },
  ]);
  const rows = await db`select t.*, wire_time(t.at) as wire_at, v.currency
    from book_transfer t join book_player p on p.id = t.player_id join book_vendor_type v on v.name = p.vendor_type
    where t.player_id = ${id} and ${where} ${order} ${limit}`;
  return rows.map((row) => ({
    id: Number(row.transfer_id),
    at: row.wire_at,
    tsCode: row.ts_code,
    kind: row.kind,
    currency: row.currency,
    amount: row.amount,
    profitLoss: row.profit_loss,
    exposure: row.exposure,
    creditBefore: row.credit_before,
    creditAfter: row.credit_after,
  }));
}

export interface VisitLine {
  readonly id: number;
  readonly ip: string | null;
  readonly openedAt: string | null;
  readonly seenAt: string | null;
  readonly endsAt: string;
}

/** Visits that go on, and login links that can still become one; the last first. */
export async function openVisits(db: Query, id: BookPlayerId): Promise<VisitLine[]> {
  const rows = await db`select id, ip, wire_time(opened_at) as opened_at, wire_time(last_seen_at) as seen_at,
      wire_time(greatest(refresh_expires_at, case when opened_at is null then login_expires_at end)) as ends_at
    from book_visit where player_id = ${id} and ended_at is null
      and greatest(refresh_expires_at, case when opened_at is null then login_expires_at end) > now()
    order by coalesce(opened_at, login_expires_at - ${REFRESH_HOURS} * interval '1 hour') desc, id desc limit 50`;
  return rows.map((row) => ({
    id: Number(row.id),
    ip: row.ip,
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    endsAt: row.ends_at,
  }));
}

/** False: it was over, or is nobody's or another's. */
export async function endVisit(db: Query, player: BookPlayerId, visit: number): Promise<boolean> {
  const rows = await db`update book_visit set ended_at = now()
    where id = ${visit} and player_id = ${player} and ended_at is null returning 1`;
  return rows.length > 0;
}

// ---- what staff change ----------------------------------------------------------------------------------------

export interface LockedPlayer {
  readonly id: BookPlayerId;
  readonly operatorId: BookOperatorId;
  readonly accountId: AccountId;
  readonly userId: string;
  readonly minBet: bigint;
  readonly maxBet: bigint;
  readonly maxExposure: bigint;
  readonly blocked: boolean;
  readonly hasPassword: boolean;
  readonly excludedUntil: number | 'forever' | null;
}

/**
 * Locks the player's account, as the ledger does, and then its row, until the transaction ends: a bet is decided before
 * the change or after it. Null: no such player.
 */
export async function lockBookPlayer(db: Query, id: BookPlayerId): Promise<LockedPlayer | null> {
  await db`select a.id from account a where a.id = (select account_id from book_player where id = ${id}) for update`;
  const [row] =
    await db`select *, excluded_until::text as excluded from book_player where id = ${id} for update`;
  if (row === undefined) return null;
  return {
    id: trusted(row.id),
    operatorId: trusted(row.operator_id),
    accountId: trusted(row.account_id),
    userId: row.user_id,
    minBet: row.min_bet,
    maxBet: row.max_bet,
    maxExposure: row.max_exposure,
    blocked: row.blocked_at !== null,
    hasPassword: row.password_hash !== null,
    excludedUntil: exclusionOf(row.excluded),
  };
}

export async function setBlocked(db: Query, id: BookPlayerId, state: 'blocked' | 'free'): Promise<void> {
  await db`update book_player set blocked_at = case when ${state === 'blocked'} then clock_timestamp() end where id = ${id}`;
}

/** The page's password is gone, and with it the wrong tries at it. */
export async function forgetPassword(db: Query, id: BookPlayerId): Promise<void> {
  await db`update book_player set password_hash = null, password_tries = 0 where id = ${id}`;
}
