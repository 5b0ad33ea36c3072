/**
 * Waiting for writers: what makes "everything up to here" a true sentence. A transaction has its number before it
 * draws its ids and its time (src/db/ledger.ts), and whoever has a number is in the list of running transactions until
 * its rows can be seen. So: look at the list, wait until all that were on it have left, then read with a new snapshot.
 * All ids and times drawn before the look can then be seen, or will never exist.
 *
 * Only this database's transactions count: numbers are shared by all databases of a server, and a long one of somebody
 * else must not hold up the feed. When the list is not ours to read in full, the server's oldest running number is
 * waited for instead, which is never too short, only sometimes too long.
 * A snapshot's xmax is no such mark: it is one past the last that has ended, and younger ones may be writing already.
 */
import type { Sql } from './connect.ts';

const POLL_MS = 2;

/** Waits until every transaction that was under way has ended; false when that takes longer than the limit. */
export async function writersEnded(sql: Sql, limitMs: number): Promise<boolean> {
  const running = await runningHere(sql);
  if (running === null) return everyNumberEnded(sql, limitMs);
  if (running.length === 0) return true;
  const left = async () => {
    const now = new Set(await runningHere(sql));
    return !running.some((transaction) => now.has(transaction));
  };
  return poll(left, limitMs);
}

/** Transactions of this database that may have written, as `process number`; null when some are hidden from us. */
async function runningHere(sql: Sql): Promise<string[] | null> {
  const rows =
    await sql`select pid || ' ' || coalesce(backend_xid::text, '') as name, query = ${HIDDEN} as hidden
    from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and (backend_xid is not null or query = ${HIDDEN})`;
  return rows.some((row) => row.hidden) ? null : rows.map((row) => row.name);
}

/** What PostgreSQL shows instead of the query of a role that is none of ours; its number is hidden as well. */
const HIDDEN = '<insufficient privilege>';

async function everyNumberEnded(sql: Sql, limitMs: number): Promise<boolean> {
  const [mine] = await sql`select pg_current_xact_id()::text::bigint as number`;
  const ended = async () => {
    const [now] =
      await sql`select pg_snapshot_xmin(pg_current_snapshot())::text::bigint > ${mine?.number}::bigint as ended`;
    return now?.ended === true;
  };
  return poll(ended, limitMs);
}

async function poll(done: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!(await done())) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}
