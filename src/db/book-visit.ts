/**
 * Visits of the player page: a login link, then the tokens it became. Only hashes of tokens are kept, and all times are
 * the database's. A visit that has ended stays so, and with it every token it ever had.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  type AccountId,
  type BookOperatorId,
  type BookPlayerId,
  type Instant,
  trusted,
  type VisitId,
} from '../core/ids.ts';
import { type Currency, isCurrency } from '../core/money.ts';
import { numbers, type Query, type Sql } from './connect.ts';

/** A login link is dead after this time, whether it was used or not. */
export const LOGIN_MINUTES = 15;
/** A refresh token not used within this time is dead. */
export const REFRESH_HOURS = 12;
/** An answer may get lost: a refresh token used again within this time gets the same answer again. */
export const REPEAT_SECONDS = 10;
/** Wrong passwords in a row before the player's login links are dead. */
export const PASSWORD_TRIES_MAX = 5;
/** Open visits of a player: beyond it the one that was opened first ends. */
export const VISITS_MAX = 10;
const KEPT_DAYS = 30;

/** How tokens are stored. They are random, 256 bits and more, so a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

// ---- login links ----------------------------------------------------------------------------------------------

/** Issues a login token: 64 hexadecimal digits, good from one address. Whoever has no password tries left has them back. */
export async function issueLogin(db: Query, playerId: BookPlayerId): Promise<string> {
  const token = randomBytes(32).toString('hex');
  await db`update book_player set password_tries = 0 where id = ${playerId} and password_tries >= ${PASSWORD_TRIES_MAX}`;
  await db`insert into book_visit (player_id, login_hash, login_expires_at)
    values (${playerId}, ${hashToken(token)}, now() + make_interval(mins => ${LOGIN_MINUTES}))`;
  return token;
}

export interface LoginLink {
  readonly id: VisitId;
  readonly playerId: BookPlayerId;
  /** The address that used it first; null = it can't be used any more and never was. */
  readonly ip: string | null;
  /** Not expired, not ended. */
  readonly usable: boolean;
  /** False when the player is blocked or its operator switched off. */
  readonly mayEnter: boolean;
  readonly passwordHash: string | null;
}

/** Binds a login link to the address that uses it first, and says whose it is. Null: no such link. */
export async function claimLogin(db: Query, token: string, ip: string): Promise<LoginLink | null> {
  const hash = hashToken(token);
  // Apart, so that the row read next is the one that was written, by whomever.
  await db`update book_visit set ip = ${ip} where login_hash = ${hash} and ip is null and ended_at is null and login_expires_at > now()`;
  const [row] = await db`
    select v.id, v.player_id, v.ip, v.ended_at is null and v.login_expires_at > now() as usable,
      o.enabled and p.blocked_at is null as may_enter, p.password_hash
    from book_visit v join book_player p on p.id = v.player_id join book_operator o on o.id = p.operator_id
    where v.login_hash = ${hash}`;
  return row === undefined
    ? null
    : {
        id: trusted(row.id),
        playerId: trusted(row.player_id),
        ip: row.ip,
        usable: row.usable,
        mayEnter: row.may_enter,
        passwordHash: row.password_hash,
      };
}

/**
 * Makes a visit of a login link. Used again, the link gives a visit of its own: two windows of the page do not take
 * each other's tokens away. `refreshOf` makes the visit's first refresh token. Null: the link has ended meanwhile.
 */
export async function openVisit(
  sql: Sql,
  link: LoginLink,
  refreshOf: (id: VisitId) => string,
): Promise<{ readonly id: VisitId; readonly refresh: string } | null> {
  return sql.begin(async (tx) => {
    const id = (await openFirst(tx, link.id)) ?? (await openAnother(tx, link.id));
    if (id === null) return null;
    const refresh = refreshOf(id);
    await tx`update book_visit set refresh_hash = ${hashToken(refresh)}, refresh_expires_at = ${refreshEnd(tx)} where id = ${id}`;
    await tx`update book_visit set ended_at = now() where id in (
      select id from book_visit where player_id = ${link.playerId} and ended_at is null and opened_at is not null
      order by opened_at desc, id desc offset ${VISITS_MAX})`;
    return { id, refresh };
  });
}

const refreshEnd = (db: Query) => db`now() + make_interval(hours => ${REFRESH_HOURS})`;

async function openFirst(db: Query, id: VisitId): Promise<VisitId | null> {
  const [row] = await db`update book_visit set opened_at = now(), last_seen_at = now()
    where id = ${id} and opened_at is null and ended_at is null returning id`;
  return row === undefined ? null : trusted(row.id);
}

async function openAnother(db: Query, id: VisitId): Promise<VisitId | null> {
  const [row] =
    await db`insert into book_visit (player_id, login_hash, login_expires_at, ip, opened_at, last_seen_at)
    select player_id, ${randomBytes(32)}, now(), ip, now(), now() from book_visit where id = ${id} and ended_at is null returning id`;
  return row === undefined ? null : trusted(row.id);
}

// ---- visits ---------------------------------------------------------------------------------------------------

/** What never changes about a visit that was opened: safe to remember. */
export interface VisitHolder {
  readonly visitId: VisitId;
  readonly playerId: BookPlayerId;
  readonly operatorId: BookOperatorId;
  readonly accountId: AccountId;
  readonly vendorType: string;
  readonly userId: string;
  readonly site: string;
  readonly currency: Currency;
  readonly ip: string;
  readonly since: Instant;
}

export interface VisitRecord {
  readonly holder: VisitHolder;
  readonly ended: boolean;
  /** False when the player is blocked or its operator switched off. */
  readonly mayEnter: boolean;
}

/** A visit as it is now; null when it was never opened. */
export async function findVisit(db: Query, id: VisitId): Promise<VisitRecord | null> {
  const [row] = await db`
    select v.id, v.player_id, v.ip, v.opened_at, v.ended_at is not null as ended, o.enabled and p.blocked_at is null as may_enter,
      p.operator_id, p.account_id, p.vendor_type, p.user_id, t.site, t.currency
    from book_visit v join book_player p on p.id = v.player_id join book_operator o on o.id = p.operator_id
    join book_vendor_type t on t.name = p.vendor_type where v.id = ${id} and v.opened_at is not null`;
  return row === undefined ? null : { holder: toHolder(row), ended: row.ended, mayEnter: row.may_enter };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toHolder(row: any): VisitHolder {
  if (!isCurrency(row.currency)) throw new Error(`visit ${row.id}: unknown currency ${row.currency}`);
  return {
    visitId: trusted(row.id),
    playerId: trusted(row.player_id),
    operatorId: trusted(row.operator_id),
    accountId: trusted(row.account_id),
    vendorType: row.vendor_type,
    userId: row.user_id,
    site: row.site,
    currency: row.currency,
    ip: row.ip,
    since: trusted(row.opened_at.getTime()),
  };
}

/** expired: right, but too old. ended: the visit is over. reused: it was one once; the visit is over now. */
export type RefreshOutcome = 'renewed' | 'repeated' | 'other_address' | 'expired' | 'ended' | 'reused';

/**
 * Uses a refresh token up: `next` takes its place. The last one again, soon after, is an answer that got lost and
 * changes nothing; any other that is no more means that two hold the visit's tokens, and ends it.
 */
export async function renewVisit(
  sql: Sql,
  id: VisitId,
  { used, next, ip }: { readonly used: string; readonly next: string; readonly ip: string },
): Promise<RefreshOutcome> {
  return sql.begin(async (tx) => {
    const [row] = await tx`
      select ip, ended_at is not null as ended, refresh_hash = ${hashToken(used)} as current, refresh_hash = ${hashToken(next)} as followed,
        refresh_expires_at <= now() as expired, refresh_expires_at > ${refreshEnd(tx)} - make_interval(secs => ${REPEAT_SECONDS}) as fresh
      from book_visit where id = ${id} for update`;
    if (row === undefined || row.ended) return 'ended';
    if (row.ip !== ip) return 'other_address';
    if (row.followed && row.fresh) return 'repeated';
    if (!row.current) {
      await tx`update book_visit set ended_at = now() where id = ${id}`;
      return 'reused';
    }
    if (row.expired) return 'expired';
    await tx`update book_visit set refresh_hash = ${hashToken(next)}, refresh_expires_at = ${refreshEnd(tx)}, last_seen_at = now() where id = ${id}`;
    return 'renewed';
  });
}

/** Ends all visits of a player, those not begun among them. Returns how many. */
export async function endVisits(db: Query, playerId: BookPlayerId): Promise<number> {
  const rows =
    await db`update book_visit set ended_at = now() where player_id = ${playerId} and ended_at is null returning id`;
  return rows.length;
}

/** Ends a player's login links; visits made of them go on. */
export async function endLogins(db: Query, playerId: BookPlayerId): Promise<void> {
  await db`update book_visit set login_expires_at = now() where player_id = ${playerId} and login_expires_at > now()`;
}

/** Of these visits those that are over, or whose player may not be here any more. */
export async function visitsOver(db: Query, ids: readonly VisitId[]): Promise<VisitId[]> {
  const rows =
    await db`select v.id from book_visit v join book_player p on p.id = v.player_id join book_operator o on o.id = p.operator_id
    where v.id = any(${numbers(ids)}::bigint[]) and (v.ended_at is not null or p.blocked_at is not null or not o.enabled)`;
  return rows.map((row) => trusted(row.id));
}

/** Forgets visits whose last token has been dead for a month. */
export async function forgetVisits(db: Query): Promise<void> {
  await db`delete from book_visit where greatest(login_expires_at, refresh_expires_at) < now() - make_interval(days => ${KEPT_DAYS})`;
}
