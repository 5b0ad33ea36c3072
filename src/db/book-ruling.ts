/** What people say has become of a bet K-Rain contradicts itself about. Amounts are minor units, odds thousandths. */

import type { Ruling, RulingWord } from '../core/book/ruling.ts';
import { BET_STATUSES, type BetStatus } from '../core/book/types.ts';
import { type BetId, type Instant, trusted } from '../core/ids.ts';
import { type PendingBet, toPending } from './book-pending.ts';
import type { Query } from './connect.ts';

export interface RulingRecord extends RulingWord {
  readonly reason: string;
  /** What K-Rain said then, as it was shown. */
  readonly statement: unknown;
  readonly at: Instant;
}

/** Of each person the last, the oldest first. */
export async function listRulings(db: Query, betId: BetId): Promise<RulingRecord[]> {
  const rows = await db`select * from book_bet_word where bet_id = ${betId} order by at, by`;
  return rows.map((row) => ({
    by: row.by,
    ruling:
      row.fate === 'failed'
        ? { fate: 'failed' }
        : { fate: 'taken', stake: row.krain_stake, odds: row.krain_odds, win: row.krain_win },
    reason: row.reason,
    statement: row.statement,
    at: trusted(row.at.getTime()),
  }));
}

/** Keeps a person's word in place of what it said before. */
export async function putRuling(
  db: Query,
  betId: BetId,
  { by, ruling, reason, statement }: Omit<RulingRecord, 'at'>,
): Promise<void> {
  const { stake, odds, win } = amountsOf(ruling);
  await db`insert into book_bet_word (bet_id, by, fate, krain_stake, krain_odds, krain_win, reason, statement)
    values (${betId}, ${by}, ${ruling.fate}, ${stake}, ${odds}, ${win}, ${reason}, ${JSON.stringify(statement)}::text::jsonb)
    on conflict (bet_id, by) do update set fate = excluded.fate, krain_stake = excluded.krain_stake, krain_odds = excluded.krain_odds,
      krain_win = excluded.krain_win, reason = excluded.reason, statement = excluded.statement, at = clock_timestamp()`;
}

const amountsOf = (ruling: Ruling) =>
  ruling.fate === 'taken' ? ruling : { stake: null, odds: null, win: null };

/** Locks the bet until the transaction ends, as the ledger does when it writes what became of it. */
export async function lockBet(
  db: Query,
  { bet: { id, playerId, sessionId } }: Pick<PendingBet, 'bet'>,
): Promise<BetStatus> {
  const [row] = await db`select status from book_bet
    where player_id = ${playerId} and session_id = ${sessionId} and id = ${id} for update`;
  return BET_STATUSES[row?.status as 0];
}

/** By its id alone, whatever its status; null: no such bet. */
export async function findBet(db: Query, id: BetId): Promise<PendingBet | null> {
  const [row] = await db`
    select b.*, p.account_id, s.site, s.game_date::text as game_date, s.type as session_type, s.currency,
      extract(epoch from clock_timestamp() - b.placed_at)::float8 * 1000 as age_ms
    from book_bet b join book_player p on p.id = b.player_id join rain_session s on s.id = b.session_id
    where b.status in (0, 1, 2, 3, 4, 5) and b.id = ${id}`;
  return row === undefined ? null : toPending(row);
}
