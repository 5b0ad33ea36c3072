/**
 * What a player does to protect itself: own limits, self-exclusion, the page's password. Written under the lock of the
 * player's account, as the ledger takes it and before the player's row, so that a bet is decided either before or after
 * it; each with its line in the audit trail.
 */
import {
  changeOwnLimits,
  type ExclusionTime,
  excludeUntil,
  type LimitWish,
} from '../core/book/own-limits.ts';
import type { OwnLimits } from '../core/book/types.ts';
import type { AccountId, BookOperatorId, BookPlayerId, Instant } from '../core/ids.ts';
import { record } from './audit.ts';
import { PASSWORD_TRIES_MAX } from './book-visit.ts';
import { instantOf, numbers, type Query, type Sql } from './connect.ts';

/** Whose protection it is, and how the audit trail names it. */
export interface ProtectedPlayer {
  readonly playerId: BookPlayerId;
  readonly operatorId: BookOperatorId;
  readonly accountId: AccountId;
  readonly userId: string;
}

const actorOf = ({ operatorId, userId }: ProtectedPlayer) => `player ${operatorId}/${userId}`;
const subjectOf = ({ playerId }: ProtectedPlayer) => `book player ${playerId}`;

/** The database's clock with the lock held: what was decided by an older one is over by then. */
async function lockAccounts(db: Query, ids: readonly AccountId[]): Promise<Instant> {
  await db`select id from account where id = any(${numbers(ids)}::bigint[]) order by id for update`;
  const [row] = await db`select clock_timestamp() as now`;
  return instantOf(row?.now) as Instant;
}

// ---- own limits -----------------------------------------------------------------------------------------------

/** Absent: as it is. `clockMinutes` protects nothing: it holds at once. */
export interface OwnWish extends LimitWish {
  readonly clockMinutes?: number | null | undefined;
}

export async function setOwnLimits(sql: Sql, player: ProtectedPlayer, wish: OwnWish): Promise<void> {
  await sql.begin(async (tx) => {
    const now = await lockAccounts(tx, [player.accountId]);
    const [row] =
      await tx`select own_max_bet, own_day_stake, own_clock_min, next_limits, next_limits_at from book_player where id = ${player.playerId} for update`;
    const before = {
      own: { maxBet: row?.own_max_bet, dayStake: row?.own_day_stake },
      nextOwn: limitsIn(row?.next_limits),
      nextOwnAt: instantOf(row?.next_limits_at),
    };
    const after = changeOwnLimits(before, wish, now);
    const clockMinutes = wish.clockMinutes === undefined ? row?.own_clock_min : wish.clockMinutes;
    await tx`update book_player set own_max_bet = ${after.own.maxBet}, own_day_stake = ${after.own.dayStake}, own_clock_min = ${clockMinutes},
        next_limits = ${after.nextOwn === null ? null : limitsOut(after.nextOwn)}::text::jsonb,
        next_limits_at = ${after.nextOwnAt === null ? null : new Date(after.nextOwnAt)}::timestamptz,
        (day, day_stake) = (${stakedToday(tx, player.playerId)})
      where id = ${player.playerId}`;
    const detail = {
      own: texts(after.own),
      next: after.nextOwn === null ? null : texts(after.nextOwn),
      clockMinutes,
    };
    await record(tx, {
      actor: actorOf(player),
      action: 'book.own_limits',
      subject: subjectOf(player),
      detail,
    });
  });
}

/**
 * The ledger counts a day's stakes for those alone who have set a limit of the day: for one who sets it now they are
 * counted here. A day is UTC's; a stake that was given back is none.
 */
const stakedToday = (db: Query, id: BookPlayerId) => db`
  select floor(extract(epoch from clock_timestamp()) / 86400)::int, coalesce(sum(b.stake), 0)::bigint from book_bet b
  where b.player_id = ${id} and b.placed_at >= date_trunc('day', clock_timestamp()) and b.status not in (2, 5)`;

/** In whole minor units; a number of JSON holds them exactly (core/money.ts). */
const limitsOut = ({ maxBet, dayStake }: OwnLimits): string =>
  JSON.stringify({
    maxBet: maxBet === null ? null : Number(maxBet),
    dayStake: dayStake === null ? null : Number(dayStake),
  });

/** Limits as `next_limits` keeps them. */
export function limitsIn(value: { maxBet: number | null; dayStake: number | null } | null): OwnLimits | null {
  const minor = (amount: number | null) => (amount === null ? null : BigInt(amount));
  return value === null ? null : { maxBet: minor(value.maxBet), dayStake: minor(value.dayStake) };
}

const texts = ({ maxBet, dayStake }: OwnLimits) => ({
  maxBet: maxBet === null ? null : String(maxBet),
  dayStake: dayStake === null ? null : String(dayStake),
});

// ---- self-exclusion -------------------------------------------------------------------------------------------

/**
 * Shuts a person out of betting: the operator's user in every vendor type, and in those it has not entered yet, which
 * take the exclusion over as they are made (book-player.ts reads these rows under lock). Open bets are settled as ever.
 */
export async function excludeSelf(sql: Sql, player: ProtectedPlayer, wish: ExclusionTime): Promise<void> {
  await sql.begin((tx) =>
    exclude(tx, player, { wish, actor: actorOf(player), action: 'book.exclude_self', more: {} }),
  );
}

export interface Excluding {
  readonly wish: ExclusionTime;
  /** Who does it, and what the audit trail calls it. */
  readonly actor: string;
  readonly action: 'book.exclude_self' | 'book.player.exclude';
  readonly more: Readonly<Record<string, unknown>>;
}

/** In a transaction of the caller's, which has locked nothing of the player yet. */
export async function exclude(
  tx: Transaction,
  player: ProtectedPlayer,
  { wish, actor, action, more }: Excluding,
): Promise<void> {
  const { operatorId, userId } = player;
  const kin =
    await tx`select account_id from book_player where operator_id = ${operatorId} and user_id = ${userId}`;
  const now = await lockAccounts(
    tx,
    kin.map((row) => row.account_id),
  );
  const rows =
    await tx`select excluded_until::text as until from book_player where operator_id = ${operatorId} and user_id = ${userId} order by id for update`;
  const held = rows.map((row) => exclusionOf(row.until)).reduce(later, null);
  const until = excludeUntil(held, wish, now);
  const text = textOf(until);
  await tx`update book_player set excluded_until = ${text}::text::timestamptz where operator_id = ${operatorId} and user_id = ${userId}`;
  const detail = { for: wish, until: text, before: held === null ? null : textOf(held), ...more };
  await record(tx, { actor, action, subject: subjectOf(player), detail });
}

type Transaction = Parameters<Parameters<Sql['begin']>[1]>[0];

const textOf = (until: Instant | 'forever') =>
  until === 'forever' ? 'infinity' : new Date(until).toISOString();

type Exclusion = Instant | 'forever' | null;

/** A column read as text: a date of the driver's knows no infinity. */
export function exclusionOf(text: string | null): Exclusion {
  return text === 'infinity' ? 'forever' : instantOf(text);
}

function later(a: Exclusion, b: Exclusion): Exclusion {
  if (a === 'forever' || b === 'forever') return 'forever';
  return a === null || (b !== null && b > a) ? b : a;
}

// ---- the page's password --------------------------------------------------------------------------------------

/**
 * Takes one of the tries before the password is looked at, so that many at once are not more than one after another.
 * Returns how many are left after it; null = there was none left.
 */
export async function takeTry(db: Query, id: BookPlayerId): Promise<number | null> {
  const [row] = await db`update book_player set password_tries = password_tries + 1
    where id = ${id} and password_tries < ${PASSWORD_TRIES_MAX} returning ${PASSWORD_TRIES_MAX} - password_tries as left`;
  return row === undefined ? null : row.left;
}

/** One that was taken and not used. */
export async function returnTry(db: Query, id: BookPlayerId): Promise<void> {
  await db`update book_player set password_tries = password_tries - 1 where id = ${id} and password_tries > 0`;
}

export async function giveTriesBack(db: Query, id: BookPlayerId): Promise<void> {
  await db`update book_player set password_tries = 0 where id = ${id} and password_tries > 0`;
}

export async function findPassword(db: Query, id: BookPlayerId): Promise<string | null> {
  const [row] = await db`select password_hash from book_player where id = ${id}`;
  return row?.password_hash ?? null;
}

/** Sets it in the place of `before`, or takes it away (null). False: it is another one by now. */
export async function setPassword(
  sql: Sql,
  player: ProtectedPlayer,
  { before, after }: { readonly before: string | null; readonly after: string | null },
): Promise<boolean> {
  return sql.begin(async (tx) => {
    const rows = await tx`update book_player set password_hash = ${after}, password_tries = 0
      where id = ${player.playerId} and password_hash is not distinct from ${before} returning id`;
    if (rows.length === 0) return false;
    const action = after === null ? 'book.password_removed' : 'book.password_set';
    await record(tx, { actor: actorOf(player), action, subject: subjectOf(player) });
    return true;
  });
}

export async function setLanguage(db: Query, id: BookPlayerId, language: string): Promise<void> {
  await db`update book_player set language = ${language} where id = ${id} and language is distinct from ${language}`;
}
