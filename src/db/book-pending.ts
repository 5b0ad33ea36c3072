/** Bets whose fate at K-Rain is not known, and the names their orders go by there. */
import type { Bet, Bettor, SessionType } from '../core/book/types.ts';
import { type BetId, type RainSessionId, trusted } from '../core/ids.ts';
import { toBet } from './book-load.ts';
import type { Query } from './connect.ts';

/** What names a session outside. Never changes. */
export interface SessionName {
  readonly site: string;
  /** yyyy-MM-dd, the site's day. */
  readonly gameDate: string;
  readonly type: SessionType;
  readonly currency: string;
}

export interface PendingBet {
  readonly bet: Bet;
  readonly player: Bettor;
  readonly session: SessionName;
  /** How long ago it was placed, by the database's clock. */
  readonly ageMs: number;
}

export interface PendingPage {
  /** A bet that is being asked about is not disturbed before its order's time is over for so long. */
  readonly graceMs: number;
  /** Bets behind this one, in the order of ids. */
  readonly after: BetId;
  readonly limit: number;
}

/** Bets in CHECK, and those still TEMP though K-Rain would not take them any more. */
export async function pendingBets(db: Query, { graceMs, after, limit }: PendingPage): Promise<PendingBet[]> {
  const rows = await db`
    select b.*, p.account_id, s.site, s.game_date::text as game_date, s.type as session_type, s.currency,
      extract(epoch from clock_timestamp() - b.placed_at)::float8 * 1000 as age_ms
    from book_bet b join book_player p on p.id = b.player_id join rain_session s on s.id = b.session_id
    where b.status in (0, 3) and b.id > ${after}
      and (b.status = 3 or coalesce(b.krain_until, b.placed_at) + ${graceMs} * interval '1 millisecond' < clock_timestamp())
    order by b.id limit ${limit}`;
  return rows.map(toPending);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
export function toPending(row: any): PendingBet {
  const bet = toBet(row);
  const { playerId: id, operatorId, vendorType } = bet;
  return {
    bet,
    player: { id, operatorId, vendorType, accountId: trusted(row.account_id) },
    session: { site: row.site, gameDate: row.game_date, type: row.session_type, currency: row.currency },
    ageMs: Math.max(0, row.age_ms),
  };
}

/** Null: there is no such session. */
export async function sessionName(db: Query, id: RainSessionId): Promise<SessionName | null> {
  const [row] =
    await db`select site, game_date::text as game_date, type, currency from rain_session where id = ${id}`;
  if (row === undefined) return null;
  return { site: row.site, gameDate: row.game_date, type: row.type, currency: row.currency };
}
