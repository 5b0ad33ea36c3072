/**
 * One round of one user whole: every row that stands in it or answers one that does, in the order in which the money
 * moved, with what the studio told of it.
 */
import { CALLBACK_STATES } from '../core/callback-types.ts';
import { CODE, FEED, type TransferCode } from '../core/chart.ts';
import { type AgentId, type TransferId, trusted } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';
import type { OpeningKey } from './office-bet.ts';

/** A transfer, found by either of its two public ids. */
export interface FoundTransfer extends OpeningKey {
  readonly code: TransferCode;
  readonly playerId: number | null;
  readonly gameId: number | null;
  readonly round: string | null;
}

/** Public ids of transfers are odd; the even one after is its causer's row. */
export function transferIdOf(publicId: string | number | bigint): TransferId {
  const id = BigInt(publicId);
  return trusted(id % 2n === 0n ? id - 1n : id);
}

/** Null: none of these agents has it. */
export async function findTransfer(
  db: Query,
  agents: readonly AgentId[],
  id: TransferId,
): Promise<FoundTransfer | null> {
  const [row] =
    await db`select id, wire_time(at) as at_text, agent_id, code, player_id, game_id, round from transfer
    where agent_id = any(${numbers(agents)}::bigint[]) and id = ${id}`;
  return row === undefined
    ? null
    : {
        ...{ id: trusted(row.id), agentId: trusted(row.agent_id), at: row.at_text, code: row.code },
        ...{
          playerId: row.player_id === null ? null : Number(row.player_id),
          gameId: row.game_id,
          round: row.round,
        },
      };
}

/** Amounts are minor units as text; `amount` as the user's money moves. */
export interface RoundRow {
  readonly id: number;
  readonly at: string;
  readonly what: string;
  readonly amount: string;
  /** What the user had before and after it; of a seamless user as its operator was told. */
  readonly before: string | null;
  readonly after: string | null;
  /** Seamless: of the agent's POT, which covers it. */
  readonly potBefore: string | null;
  readonly potAfter: string | null;
  readonly refererId: number | null;
  readonly externalId: string | null;
  readonly ip: string | null;
  /** False: it answers a row of the round, but names another round itself. */
  readonly inRound: boolean;
  /** Seamless: where the message to the operator is; 'ended': it has arrived, or was answered. */
  readonly callback: (typeof CALLBACK_STATES)[number] | 'ended' | null;
  /** What the studio told, as it was sent; null: nothing, or it is kept no longer. */
  readonly detail: string | null;
}

export const ROUND_ROWS_MAX = 4000;

/** Rows of the round the transfer stands in; at most ROUND_ROWS_MAX, the first. */
export async function rowsOfRound(db: Query, found: FoundTransfer): Promise<RoundRow[]> {
  const { playerId, gameId, round, at } = found;
  const rows = await db`
    with recursive start as (select least(${at}::text::timestamptz, (select opened_at from round
        where game_id = ${gameId} and ref = ${round} and player_id = ${playerId})) - interval '1 day' as at),
    chain (id, at, agent_id, in_round) as (
      (select t.id, t.at, t.agent_id, true from transfer t where t.player_id = ${playerId} and t.at >= (select at from start)
        and t.game_id = ${gameId} and t.round = ${round} order by t.at limit ${ROUND_ROWS_MAX})
      union select t.id, t.at, t.agent_id, t.game_id is not distinct from ${gameId} and t.round is not distinct from ${round}
        from chain c cross join lateral (select * from transfer t where t.referer_id = c.id and t.at >= c.at and t.player_id = ${playerId} offset 0) t)
    select t.id, wire_time(t.at) as at_text, t.code, t.amount, t.debit_before, t.credit_before, t.player_before, t.referer_id, t.external_id, t.ip,
      c.in_round, b.state as callback_state, d.detail
    from chain c cross join lateral (select * from transfer t where t.agent_id = c.agent_id and t.id = c.id and t.at = c.at offset 0) t
    left join callback b on b.id = t.id left join lateral (select detail from transfer_detail where transfer_id = t.id and at = t.at offset 0) d on true
    order by t.at, t.step, t.id limit ${ROUND_ROWS_MAX}`;
  return rows.map(toRow);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toRow(row: any): RoundRow {
  const { side } = FEED[row.code as TransferCode];
  const amount: bigint = side === 'debit' ? -row.amount : row.amount;
  const funds: bigint | null = side === 'debit' ? row.debit_before : row.credit_before;
  const seamless = row.player_before !== null;
  const before: bigint | null = row.player_before ?? funds;
  const plus = (from: bigint | null) => (from === null ? null : String(from + amount));
  return {
    id: Number(row.id),
    at: row.at_text,
    what: whatOf(row.code),
    amount: String(amount),
    before: before === null ? null : String(before),
    after: plus(before),
    potBefore: seamless && funds !== null ? String(funds) : null,
    potAfter: seamless ? plus(funds) : null,
    refererId: row.referer_id === null ? null : Number(row.referer_id),
    externalId: row.external_id,
    ip: row.ip,
    inRound: row.in_round,
    callback: !seamless
      ? null
      : row.callback_state === null
        ? 'ended'
        : CALLBACK_STATES[row.callback_state as 0 | 1 | 2 | 3],
    detail: row.detail,
  };
}

/** Names of codes as the back office knows them. */
export function whatOf(code: TransferCode): string {
  const [name = ''] = Object.entries(CODE).find(([, each]) => each === code) ?? [];
  return name;
}

/** A bet whose operator is being asked just now: its money is promised, nothing is booked. */
export interface AskedBet {
  readonly id: number;
  readonly at: string;
  readonly what: string;
  readonly amount: string;
  readonly externalId: string | null;
}

export async function askedInRound(db: Query, found: FoundTransfer): Promise<AskedBet[]> {
  const { playerId, gameId, round } = found;
  const rows = await db`select id, wire_time(at) as at_text, code, amount, external_id from callback
    where player_id = ${playerId} and state = 0 and game_id is not distinct from ${gameId} and round is not distinct from ${round}`;
  return rows.map((row) => ({
    id: Number(row.id),
    at: row.at_text,
    what: whatOf(row.code),
    amount: String(row.amount),
    externalId: row.external_id,
  }));
}

/** The round's state and its bundles; null: no bet stands in it (one that was taken back does not). */
export async function findRound(db: Query, { playerId, gameId, round }: FoundTransfer) {
  const [row] = await db`
    select r.state, r.closed, wire_time(r.opened_at) as opened_at, r.bundles, r.opened_at < now() - v.round_limit_ms * interval '1 millisecond' as overdue
    from round r join game g on g.id = r.game_id join vendor v on v.id = g.vendor_id
    where r.game_id = ${gameId} and r.ref = ${round} and r.player_id = ${playerId}`;
  if (row === undefined) return null;
  return {
    state: row.state as 0 | 1 | 2,
    closed: row.closed as boolean,
    openedAt: row.opened_at as string,
    overdue: row.state === 0 && (row.overdue as boolean),
    bundles: (row.bundles as [number, string, number, string][]).map(([firstId, stake, bets, state]) => ({
      ...{ firstId, stake, bets, state },
    })),
  };
}

/** Transfers answered under an id that a studio or one of these agents made. */
export async function answersUnderKey(
  db: Query,
  agents: readonly AgentId[],
  key: string,
): Promise<TransferId[]> {
  const rows =
    await db`select i.transfer_id from (select id from studio union all select unnest(${numbers(agents)}::bigint[])) s (id)
    cross join lateral (select transfer_id from idempotency where scope = s.id and key = ${key} and transfer_id is not null offset 0) i limit 20`;
  return rows.map((row) => trusted<TransferId>(row.transfer_id));
}
