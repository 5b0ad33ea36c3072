/**
 * Waiting for writers: what makes "everything up to here" a true sentence. A transaction draws its number before its
 * ids and its time (src/db/ledger.ts). Whoever draws a number now and sees every lower one ended sees all ids and
 * times drawn before, or they will never exist.
 * A snapshot's xmax is no such number: it is one past the last that has ended, and younger ones may be writing already.
 */
import type { Sql } from './connect.ts';

const POLL_MS = 2;

/** Waits until every transaction that was under way has ended; false when that takes longer than the limit. */
export async function writersEnded(sql: Sql, limitMs: number): Promise<boolean> {
  const [mine] = await sql`select pg_current_xact_id()::text::bigint as number`;
  const deadline = performance.now() + limitMs;
  for (;;) {
    const [now] =
      await sql`select pg_snapshot_xmin(pg_current_snapshot())::text::bigint > ${mine?.number}::bigint as ended`;
    if (now?.ended) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
