/**
 * What an operator reads of its players' bets. Amounts are minor units, odds thousandths.
 *
 * The feed goes by the time of a bet's last change. A poller that goes on from the last time it was given misses
 * nothing: a change has its number as a transaction before it draws its time, so the reader notes the moment, waits for
 * all transactions under way (settle.ts), and reads what was changed before that moment. Only whole milliseconds are
 * given, since that is what the poller goes on by: the one under way is left to its next call, and where an answer is
 * cut it ends with a millisecond.
 */
import { BET_STATUSES, type BetStatus, type BetType, type SessionType } from '../core/book/types.ts';
import {
  type BetId,
  type BookOperatorId,
  type Instant,
  type RainSessionId,
  trusted,
  trustedOrNull,
} from '../core/ids.ts';
import type { Query, Sql } from './connect.ts';
import { FeedNotSettled } from './feed.ts';
import { writersEnded } from './settle.ts';

const SETTLE_MS_MAX = 5000;
/** So far an answer reaches from the time it was asked for. */
export const BOOK_FEED_DAYS = 2;

export interface BookFeedRow {
  readonly id: BetId;
  readonly sessionId: RainSessionId;
  readonly sessionType: SessionType;
  /** dd-MM-yyyy. */
  readonly gameDate: string;
  readonly userId: string;
  readonly stake: bigint;
  readonly status: BetStatus;
  readonly type: BetType;
  readonly odds: number;
  readonly payout: bigint;
  readonly placedAt: Instant;
  readonly settledAt: Instant | null;
  readonly updatedAt: Instant;
}

export interface BookFeedQuery {
  readonly operatorId: BookOperatorId;
  readonly vendorType: string;
  /** Bets changed in a later millisecond. */
  readonly after: Instant;
  /** Most rows, but for a millisecond that has more by itself. */
  readonly limit: number;
}

/** Throws FeedNotSettled when a transaction under way did not end in time. */
export async function readBookFeed(sql: Sql, query: BookFeedQuery): Promise<BookFeedRow[]> {
  const [start] = await sql`select wire_time(date_trunc('milliseconds', clock_timestamp())) as before`;
  if (!(await writersEnded(sql, SETTLE_MS_MAX)))
    throw new FeedNotSettled('a transaction under way did not end in time');
  const rows = await readChanged(sql, { ...query, before: start?.before, most: query.limit + 1 });
  const next = rows[query.limit];
  if (next === undefined) return rows.toSorted(byUpdate);
  const whole = rows.filter((row) => row.updatedAt < next.updatedAt);
  if (whole.length > 0) return whole.toSorted(byUpdate);
  const last = await readChanged(sql, { ...query, before: null, only: next.updatedAt, most: null });
  return last.toSorted(byUpdate);
}

const byUpdate = (a: BookFeedRow, b: BookFeedRow) => a.updatedAt - b.updatedAt || a.id - b.id;

interface Reading extends BookFeedQuery {
  /** Null: `only` is settled already. */
  readonly before: string | null;
  readonly only?: Instant;
  readonly most: number | null;
}

async function readChanged(sql: Sql, reading: Reading): Promise<BookFeedRow[]> {
  const { operatorId, vendorType, after, before, only, most } = reading;
  const from = only ?? trusted<Instant>(after + 1);
  const until = only ?? trusted<Instant>(after + BOOK_FEED_DAYS * 86_400_000);
  const rows = await sql`
    select b.id, b.session_id, b.stake, b.status, b.type, b.odds, b.payout, p.user_id, s.type as session_type,
      to_char(s.game_date, 'DD-MM-YYYY') as game_date, ${ms(sql, 'placed_at')}, ${ms(sql, 'settled_at')}, ${ms(sql, 'updated_at')}
    from book_bet b join rain_session s on s.id = b.session_id join book_player p on p.id = b.player_id
    where b.operator_id = ${operatorId} and b.vendor_type = ${vendorType}
      and b.updated_at >= ${instant(sql, from)} and b.updated_at < ${instant(sql, trusted<Instant>(until + 1))}
      and b.updated_at < coalesce(${before}::timestamptz, 'infinity')
    order by b.updated_at, b.id limit ${most}`;
  return rows.map(toRow);
}

/** Whole milliseconds, cut: a rounded one would be later than the change. */
const ms = (db: Query, column: 'placed_at' | 'settled_at' | 'updated_at') =>
  db`floor(extract(epoch from b.${db(column)}) * 1000)::bigint as ${db(column)}`;
const instant = (db: Query, at: Instant) =>
  db`('epoch'::timestamptz + ${at}::bigint * interval '1 millisecond')`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toRow(row: any): BookFeedRow {
  return {
    id: trusted(row.id),
    sessionId: trusted(row.session_id),
    sessionType: row.session_type,
    gameDate: row.game_date,
    userId: row.user_id,
    stake: row.stake,
    status: BET_STATUSES[row.status as 0 | 1 | 2 | 3 | 4 | 5],
    type: row.type,
    odds: row.odds,
    payout: row.payout,
    placedAt: trusted(row.placed_at),
    settledAt: trustedOrNull(row.settled_at),
    updatedAt: trusted(row.updated_at),
  };
}

export interface BookSummaryRow {
  readonly sessionId: RainSessionId;
  /** dd-MM-yyyy. */
  readonly gameDate: string;
  readonly userId: string;
  readonly stake: bigint;
  /** Net of all of them: below zero for a loss. */
  readonly payout: bigint;
}

/** Settled bets of the betting days, summed by session and player. Void ones came to nothing and are not in it. */
export async function summarizeBets(
  db: Query,
  query: {
    readonly operatorId: BookOperatorId;
    readonly vendorType: { readonly name: string; readonly site: string; readonly currency: string };
    /** yyyy-MM-dd, both included. */
    readonly start: string;
    readonly end: string;
    /** Most rows; null = all. */
    readonly limit: number | null;
  },
): Promise<BookSummaryRow[]> {
  const { operatorId, vendorType, start, end, limit } = query;
  const rows = await db`
    select b.session_id, to_char(s.game_date, 'DD-MM-YYYY') as day, p.user_id, sum(b.stake)::bigint as stake, sum(b.payout)::bigint as payout
    from rain_session s join book_position q on q.session_id = s.id and q.operator_id = ${operatorId}
      join book_bet b on b.session_id = q.session_id and b.player_id = q.player_id join book_player p on p.id = b.player_id
    where s.site = ${vendorType.site} and s.currency = ${vendorType.currency} and s.game_date between ${start}::text::date and ${end}::text::date
      and b.vendor_type = ${vendorType.name} and b.status = ${BET_STATUSES.indexOf('SETTLED')}
    group by s.game_date, b.session_id, p.user_id order by s.game_date, b.session_id, p.user_id limit ${limit}`;
  return rows.map((row) => ({
    sessionId: trusted<RainSessionId>(row.session_id),
    gameDate: row.day,
    userId: row.user_id,
    stake: row.stake,
    payout: row.payout,
  }));
}
