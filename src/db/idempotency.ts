/** Answers kept under their ids, read back by themselves; the ledger reads and writes them in its own batches. */
import { type AgentId, type StudioId, type TransferId, trustedOrNull } from '../core/ids.ts';
import { type Query, sqlState } from './connect.ts';

export interface KeptAnswer {
  readonly outcome: unknown;
  readonly transferId: TransferId | null;
  /** The transfer's instant, exactly. */
  readonly at: string;
}

/** The answer given under an id; null when there is none yet (a cancel's tombstone is none). */
export async function findAnswer(
  db: Query,
  scope: AgentId | StudioId,
  key: string,
): Promise<KeptAnswer | null> {
  const [row] =
    await db`select i.outcome, i.transfer_id, wire_time(i.at) as at from idempotency i where scope = ${scope} and key = ${key} and content <> ''`;
  return row === undefined
    ? null
    : { outcome: JSON.parse(row.outcome), transferId: trustedOrNull(row.transfer_id), at: row.at };
}

/** Stores or replaces the late detail of a transfer. False when its day's details are gone already. */
export async function putDetail(
  db: Query,
  detail: { transferId: TransferId; at: string; json: string },
): Promise<boolean> {
  try {
    await db`insert into transfer_detail (transfer_id, at, detail) values (${detail.transferId}, ${detail.at}, ${detail.json})
      on conflict (transfer_id, at) do update set detail = excluded.detail`;
    return true;
  } catch (error) {
    if (sqlState(error) === '23514') return false; // no partition for that day
    throw error;
  }
}

/** Forgets answers older than their keep (at least four months), a chunk at a time. Returns how many went. */
export async function forgetAnswers(db: Query, keepDays: number): Promise<number> {
  const rows = await db`delete from idempotency where ctid = any(array(select ctid from idempotency
    where at < now() - make_interval(days => ${keepDays}) limit 10000)) returning 1`;
  return rows.length;
}
