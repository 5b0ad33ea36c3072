/**
 * Day partitions of transfers and of their details. Made a week ahead; details are dropped after 14 days (never
 * before 7), transfers detached after the retention (default 5 years), their sums carried in account.archived.
 */
import type { Query, Sql } from './connect.ts';

export const DETAIL_DAYS = 14;
/** Large and of no use after some days: details of bets, and attempts to reach operators. */
const SHORT_LIVED = ['transfer_detail', 'callback_attempt'];
const DAYS_AHEAD = 7;
const DAY_MS = 86_400_000;
const LOCK = 7_203_002;

const dayOf = (instantMs: number) => new Date(instantMs).toISOString().slice(0, 10);
const nameOf = (table: string, day: string) => `${table}_${day.replaceAll('-', '')}`;

/** Name of the partition that holds an instant. */
export const partitionOf = (table: string, at: Date) => nameOf(table, dayOf(at.getTime()));

/** Makes the partitions from yesterday to a week ahead. */
export async function ensurePartitions(sql: Sql, now: Date): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    for (let offset = -1; offset <= DAYS_AHEAD; offset++) {
      const day = dayOf(now.getTime() + offset * DAY_MS).replaceAll('-', '');
      for (const table of ['transfer', ...SHORT_LIVED]) await createPartition(tx, table, day);
    }
  });
}

/** Makes the partition of a day (YYYYMMDD) unless it is there. */
export async function createPartition(db: Query, table: string, day: string): Promise<void> {
  const from = dashed(day);
  const to = dayOf(Date.parse(`${from}T00:00:00Z`) + DAY_MS);
  await db.unsafe(
    `create table if not exists ${nameOf(table, from)} partition of ${table} for values from ('${from} 00:00:00+00') to ('${to} 00:00:00+00')`,
  );
}

/** The days that have a partition, oldest first, as YYYYMMDD. */
export async function partitionDays(sql: Query, table: string): Promise<string[]> {
  const rows = await sql`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${table}::regclass order by 1`;
  return rows.map((row) => String(row.name).slice(table.length + 1));
}

/** Drops partitions of details and attempts whose every row is older than DETAIL_DAYS. Returns the days dropped. */
export async function dropOldDetails(sql: Sql, now: Date): Promise<string[]> {
  const keepFrom = dayOf(now.getTime() - DETAIL_DAYS * DAY_MS).replaceAll('-', '');
  const dropped = new Set<string>();
  for (const table of SHORT_LIVED) {
    for (const day of await partitionDays(sql, table)) {
      if (day >= keepFrom) continue;
      await sql.unsafe(`drop table ${nameOf(table, dashed(day))}`);
      dropped.add(day);
    }
  }
  return [...dropped].sort();
}

/**
 * Detaches transfer partitions older than the retention, after folding their sums into account.archived in the same
 * transaction, so that every balance still equals its entries. The detached table stays, for archive.
 */
export async function detachOldTransfers(sql: Sql, now: Date, retentionDays: number): Promise<string[]> {
  const keepFrom = dayOf(now.getTime() - retentionDays * DAY_MS).replaceAll('-', '');
  const [cursor] = await sql`select at from fold_cursor`;
  // A day that is not folded yet would be missing from the sums for ever.
  const foldedBefore = dayOf(cursor?.at.getTime()).replaceAll('-', '');
  const days = await partitionDays(sql, 'transfer');
  const old = days.filter((day) => day < keepFrom && day < foldedBefore);
  for (const day of old) await detachDay(sql, nameOf('transfer', dashed(day)));
  return old;
}

async function detachDay(sql: Sql, name: string): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe(`update account a set archived = archived + n.net from (
      select id, sum(net) as net from (
        select credit_account as id, amount as net from ${name}
        union all select debit_account, -amount from ${name}) e group by id) n where n.id = a.id`);
    await tx.unsafe(`alter table transfer detach partition ${name}`);
  });
}

const dashed = (day: string) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`;
