/** What the settlement still has to do: sessions with a result that is not posted everywhere, and their positions. */
import type { BookPlayerId, RainSessionId } from '../core/ids.ts';
import { type AccountId, type BookOperatorId, trusted } from '../core/ids.ts';
import { type Currency, isCurrency } from '../core/money.ts';
import type { Query } from './connect.ts';

export interface DueSession {
  readonly id: RainSessionId;
  readonly currency: Currency;
  /** Of its result. */
  readonly version: number;
}

/** Sessions with a result, the oldest result first. */
export async function sessionsToSettle(db: Query): Promise<DueSession[]> {
  const rows = await db`select id, currency, version from rain_session
    where status = 'UNSETTLED' and version > 0 order by resulted_at, id`;
  return rows.map(toDue);
}

/** One of them; null when it has nothing to settle. */
export async function sessionToSettle(db: Query, id: RainSessionId): Promise<DueSession | null> {
  const [row] = await db`select id, currency, version from rain_session
    where id = ${id} and status = 'UNSETTLED' and version > 0`;
  return row === undefined ? null : toDue(row);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toDue(row: any): DueSession {
  if (!isCurrency(row.currency)) throw new Error(`session ${row.id}: unknown currency ${row.currency}`);
  return { id: trusted(row.id), currency: row.currency, version: row.version };
}

export interface DuePosition {
  readonly playerId: BookPlayerId;
  readonly operatorId: BookOperatorId;
  readonly accountId: AccountId;
}

/** Positions that are not posted under the version, in the order of players, after the one named. */
export async function duePositions(
  db: Query,
  { id, version }: Pick<DueSession, 'id' | 'version'>,
  page: { readonly after: BookPlayerId | null; readonly limit: number },
): Promise<DuePosition[]> {
  const rows = await db`select player_id, operator_id, account_id from book_position
    where session_id = ${id} and player_id > ${page.after ?? 0} and version <> ${version}
    order by player_id limit ${page.limit}`;
  return rows.map((row) => ({
    playerId: trusted(row.player_id),
    operatorId: trusted(row.operator_id),
    accountId: trusted(row.account_id),
  }));
}

export interface SettlementProgress {
  readonly positions: number;
  /** Not posted under the version. */
  readonly due: number;
  /** Of these, those with a bet whose fate K-Rain still owes. */
  readonly pending: number;
}

export async function settlementProgress(
  db: Query,
  { id, version }: Pick<DueSession, 'id' | 'version'>,
): Promise<SettlementProgress> {
  const [row] =
    await db`select count(*)::int as positions, count(*) filter (where version <> ${version})::int as due,
    count(*) filter (where version <> ${version} and pending > 0)::int as pending
    from book_position where session_id = ${id}`;
  return { positions: row?.positions, due: row?.due, pending: row?.pending };
}

/** Positions of all sessions with a result that are not posted yet. */
export async function countDuePositions(db: Query): Promise<number> {
  const [row] =
    await db`select count(*)::int as due from rain_session s join book_position p on p.session_id = s.id
    where s.status = 'UNSETTLED' and s.version > 0 and p.version <> s.version`;
  return row?.due;
}
