/** Reads from the database what the judge looks at. Accounts that are folded later are summed from their transfers. */

import {
  type AccountId,
  type BetId,
  type Instant,
  type RainSessionId,
  trusted,
} from '../../../src/core/ids.ts';
import type { Account } from '../../../src/core/ledger-types.ts';
import { toBet } from '../../../src/db/book-load.ts';
import type { Sql } from '../../../src/db/connect.ts';
import type { Books, JudgedRows } from '../judge.ts';

export async function readRows(sql: Sql): Promise<JudgedRows> {
  const accounts = await sql`select a.id, a.kind, a.reserved, a.overdraft,
      (select coalesce(sum(amount) filter (where credit_account = a.id), 0) - coalesce(sum(amount) filter (where debit_account = a.id), 0)
       from transfer where a.id in (credit_account, debit_account))::bigint as balance
    from account a`;
  const bets = await sql`select * from book_bet`;
  const sessions = await sql`select id, closes_at, result, risk_rain, risk_dry from rain_session`;
  const positions = await sql`select session_id, player_id, pending, risk_rain, risk_dry from book_position`;
  return {
    accounts: new Map(
      accounts.map(({ id, kind, balance, reserved, overdraft }) => [
        trusted<AccountId>(id),
        { kind: kind as Account['kind'], balance, reserved, overdraft },
      ]),
    ),
    bets: new Map(bets.map((row) => [trusted<BetId>(row.id), toBet(row)])),
    sessions: new Map(
      sessions.map(({ id, closes_at, result, ...row }) => [
        trusted<RainSessionId>(id),
        { closesAt: trusted<Instant>(closes_at.getTime()), result, risk: riskOf(row) },
      ]),
    ),
    positions: new Map(
      positions.map((row) => [
        `${row.session_id}/${row.player_id}`,
        { pending: Number(row.pending), risk: riskOf(row) },
      ]),
    ),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
const riskOf = (row: any) => ({ rain: BigInt(row.risk_rain), dry: BigInt(row.risk_dry) });

/** When each session had its first result: the instant of the finding that made it count. */
export async function readResultInstants(sql: Sql): Promise<Books['resultedAt']> {
  const rows =
    await sql`select session_id, max(at) as at from rain_finding where round = 1 group by session_id`;
  return new Map(
    rows.map(({ session_id, at }) => [trusted<RainSessionId>(session_id), trusted(at.getTime())]),
  );
}
