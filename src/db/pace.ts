/** Pacing of reads, exact across nodes: one row a key. */
import type { Query } from './connect.ts';

/** Takes the key's turn. Returns 0, or how many ms are left to wait. */
export async function takeTurn(db: Query, key: string, intervalMs: number): Promise<number> {
  const taken = await db`insert into pace (key, at) values (${key}, clock_timestamp())
    on conflict (key) do update set at = clock_timestamp() where pace.at <= clock_timestamp() - make_interval(secs => ${intervalMs / 1000}) returning 1`;
  if (taken.length > 0) return 0;
  const [row] =
    await db`select extract(epoch from at - clock_timestamp()) * 1000 + ${intervalMs}::double precision as left from pace where key = ${key}`;
  return Math.max(1, Math.ceil(row?.left ?? 1));
}

export async function forgetTurns(db: Query): Promise<void> {
  await db`delete from pace where at < clock_timestamp() - interval '1 hour'`;
}
