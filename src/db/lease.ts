/**
 * Work that one node does for all of them: who holds the lease does it, and holds on to it while at work. A holder that
 * is slow may find another beside it, so such work must bear being done twice; the lease only spares it.
 */
import type { Query } from './connect.ts';

export interface Lease {
  readonly name: string;
  /** Who wants it; the same again makes it last longer. */
  readonly holder: string;
  readonly forMs: number;
}

/** False: another holds it. */
export async function holdLease(db: Query, { name, holder, forMs }: Lease): Promise<boolean> {
  const rows = await db`
    insert into lease as l (name, holder, until) values (${name}, ${holder}, clock_timestamp() + ${forMs} * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, until = excluded.until
      where l.holder = excluded.holder or l.until < clock_timestamp()
    returning 1 as held`;
  return rows.length > 0;
}

/** Lets another have it at once. */
export async function releaseLease(db: Query, { name, holder }: Omit<Lease, 'forMs'>): Promise<void> {
  await db`delete from lease where name = ${name} and holder = ${holder}`;
}
