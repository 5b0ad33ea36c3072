/**
 * Bets of the rain book as the back office lists them: by id, the newest first or last. Which index serves a page
 * follows from its filters: a player's own bets, those of sessions, or all by what they are. Odds are thousandths.
 */
import type { Fragment } from 'postgres';
import { BET_STATUSES, type BetStatus, type BetType, type SessionType } from '../core/book/types.ts';
import { CODE } from '../core/chart.ts';
import type { BetId } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface BetLine {
  readonly id: number;
  readonly session: number;
  readonly site: string;
  readonly gameDate: string;
  readonly sessionType: SessionType;
  readonly operator: number;
  readonly operatorName: string;
  readonly bookPlayer: number;
  readonly userId: string;
  readonly vendorType: string;
  readonly type: BetType;
  readonly status: BetStatus;
  readonly reason: string | null;
  readonly odds: number;
  readonly currency: string;
  readonly stake: bigint;
  readonly win: bigint;
  readonly payout: bigint;
  readonly ownStake: bigint;
  readonly krainStake: bigint;
  readonly krainOdds: number | null;
  readonly krainWin: bigint;
  readonly placedAt: string;
  readonly settledAt: string | null;
  readonly updatedAt: string;
}

export interface BetsWish {
  readonly player?: string | undefined;
  readonly session?: string | undefined;
  readonly operator?: string | undefined;
  readonly site?: string | undefined;
  readonly statuses?: readonly BetStatus[] | undefined;
  readonly type?: BetType | undefined;
  /** Betting days, yyyy-MM-dd, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Sessions a page looks into at most: a year of a few sites. The newest of them. */
const SESSIONS_MAX = 4000;
const ALL = BET_STATUSES.map((_, index) => index);

export async function listBetLines(db: Query, wish: BetsWish, page: KeysetPage): Promise<BetLine[]> {
  const statuses = (wish.statuses ?? BET_STATUSES).map((each) => BET_STATUSES.indexOf(each));
  const { where, order, limit } = keyset(db, page, [{ column: db`b.id`, type: 'bigint' }]);
  const { operator = null, type = null } = wish;
  // Compared as they stand: a condition on a parameter that may be absent would keep the planner from an index.
  const fits = db`${where} and (${operator}::bigint is null or b.operator_id = ${operator}::bigint)
    and (${type}::text is null or b.type = ${type})`;
  const isOfState =
    statuses.length === ALL.length ? db`true` : db`b.status = any(${numbers(statuses)}::smallint[])`;
  const source = sourceOf(db, wish, { fits, isOfState, statuses, order, limit });
  const rows = await db`with b as materialized (${source} ${order} ${limit}) ${shown(db)} ${order}`;
  return rows.map(toLine);
}

interface Picking {
  readonly fits: Fragment;
  readonly isOfState: Fragment;
  readonly statuses: readonly number[];
  readonly order: Fragment;
  readonly limit: Fragment;
}

function sourceOf(db: Query, wish: BetsWish, { fits, isOfState, statuses, order, limit }: Picking): Fragment {
  const { player, session, site = null, from = null, to = null } = wish;
  const isOfDays = site !== null || from !== null || to !== null;
  const days = db`(${site}::text is null or s.site = ${site}) and (${from}::text is null or s.game_date >= ${from}::text::date)
    and (${to}::text is null or s.game_date <= ${to}::text::date)`;
  if (player !== undefined)
    return db`select b.* from book_bet b where b.player_id = ${player}::bigint and ${fits} and ${isOfState}
      and (${session ?? null}::bigint is null or b.session_id = ${session ?? null}::bigint)
      and (${!isOfDays} or exists (select from rain_session s where s.id = b.session_id and ${days}))`;
  if (session !== undefined)
    return db`select b.* from book_bet b where b.session_id = ${session}::bigint and ${fits} and ${isOfState}
      and (${!isOfDays} or exists (select from rain_session s where s.id = b.session_id and ${days}))`;
  if (isOfDays)
    return db`select b.* from (select s.id from rain_session s where ${days} order by s.starts_at desc limit ${SESSIONS_MAX}) s
      cross join lateral (select b.* from book_bet b where b.session_id = s.id and ${fits} and ${isOfState} ${order} ${limit}) b`;
  return db`select b.* from unnest(${numbers(statuses)}::smallint[]) st (status)
    cross join lateral (select b.* from book_bet b where b.status = st.status and ${fits} ${order} ${limit}) b`;
}

const shown = (
  db: Query,
) => db`select b.id, b.session_id, s.site, s.game_date::text as game_date, s.type as session_type, b.operator_id,
    o.name as operator_name, b.player_id, p.user_id, b.vendor_type, b.type, b.status, b.reason, b.odds, s.currency, b.stake, b.win, b.payout,
    b.own_stake, b.krain_stake, b.krain_odds, b.krain_win, wire_time(b.placed_at) as placed_at, wire_time(b.settled_at) as settled_at,
    wire_time(b.updated_at) as updated_at
  from b join rain_session s on s.id = b.session_id join book_player p on p.id = b.player_id join book_operator o on o.id = b.operator_id`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLine(row: any): BetLine {
  return {
    id: Number(row.id),
    session: Number(row.session_id),
    site: row.site,
    gameDate: row.game_date,
    sessionType: row.session_type,
    operator: Number(row.operator_id),
    operatorName: row.operator_name,
    bookPlayer: Number(row.player_id),
    userId: row.user_id,
    vendorType: row.vendor_type,
    type: row.type,
    status: BET_STATUSES[row.status as 0],
    reason: row.reason,
    odds: row.odds,
    currency: row.currency,
    stake: row.stake,
    win: row.win,
    payout: row.payout,
    ownStake: row.own_stake,
    krainStake: row.krain_stake,
    krainOdds: row.krain_odds,
    krainWin: row.krain_win,
    placedAt: row.placed_at,
    settledAt: row.settled_at,
    updatedAt: row.updated_at,
  };
}

export async function findBetLine(db: Query, id: BetId): Promise<BetLine | null> {
  const [row] = await db`with b as materialized (
      select * from book_bet where status = any(${numbers(ALL)}::smallint[]) and id = ${id}) ${shown(db)}`;
  return row === undefined ? null : toLine(row);
}

export interface BetTransfer {
  readonly id: number;
  readonly at: string;
  readonly kind: string;
  readonly amount: string;
  readonly cause: string;
}

const KINDS = new Map<number, string>(Object.entries(CODE).map(([name, code]) => [code, name]));

/** What the settlement of the bet's session has posted for its player: of all the player's bets in it together. */
export async function settlementTransfers(
  db: Query,
  { bookPlayer, session }: Pick<BetLine, 'bookPlayer' | 'session'>,
): Promise<BetTransfer[]> {
  const rows = await db`select t.id, wire_time(t.at) as at, t.code, t.amount::text as amount, t.external_id
    from rain_session s join transfer t on t.player_id = ${bookPlayer} and t.at >= s.opens_at
    where s.id = ${session} and t.code in (${CODE.bookWin}, ${CODE.bookLoss}, ${CODE.krainWin}, ${CODE.krainLoss})
      and t.external_id like ${`session ${session}.%`} order by t.at, t.id limit 200`;
  return rows.map((row) => ({
    id: Number(row.id),
    at: row.at,
    kind: KINDS.get(row.code) ?? String(row.code),
    amount: row.amount,
    cause: row.external_id,
  }));
}

/** Bets in CHECK, and for how long the oldest is. */
export async function pendingSummary(
  db: Query,
): Promise<{ readonly pending: number; readonly oldestS: number }> {
  const [row] =
    await db`select count(*)::int as pending, coalesce(extract(epoch from clock_timestamp() - min(placed_at)), 0)::int as oldest
    from (select placed_at from book_bet where status = 3 order by id limit 100000) b`;
  return { pending: row?.pending, oldestS: row?.oldest };
}
