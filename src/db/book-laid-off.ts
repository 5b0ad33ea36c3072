/** Bets the book has asked K-Rain to take a part of: its side of K-Rain's statement. Amounts are minor units. */
import { BET_STATUSES, type BetStatus, type BetType } from '../core/book/types.ts';
import { type BetId, type RainSessionId, trusted } from '../core/ids.ts';
import type { Query } from './connect.ts';
import type { RainSession } from './rain-session.ts';
import { findSessions } from './rain-session.ts';

export interface LaidOffBet {
  readonly id: BetId;
  readonly status: BetStatus;
  readonly type: BetType;
  /** What K-Rain took, and what that brings net if it wins; while the bet is pending, what was asked. */
  readonly krainStake: bigint;
  readonly krainWin: bigint;
}

/** All of a session's bets that K-Rain was asked about, by id. */
export async function laidOffBets(db: Query, sessionId: RainSessionId): Promise<LaidOffBet[]> {
  const rows =
    await db`select id, status, type, krain_stake, krain_win from book_position q join book_bet b using (session_id, player_id)
    where q.session_id = ${sessionId} and krain_until is not null order by id`;
  return rows.map((row) => ({
    id: trusted(row.id),
    status: BET_STATUSES[row.status as 0 | 1 | 2 | 3 | 4 | 5],
    type: row.type,
    krainStake: row.krain_stake,
    krainWin: row.krain_win,
  }));
}

/** Sessions whose statement can be asked for: opened already, and over since no longer than so many days. */
export async function sessionsWithStatement(db: Query, days: number): Promise<RainSession[]> {
  const rows = await db`select id from rain_session
    where opens_at <= clock_timestamp() and ends_at > clock_timestamp() - ${days} * interval '1 day' order by id`;
  return findSessions(
    db,
    rows.map((row) => trusted<RainSessionId>(row.id)),
  );
}
