/**
 * Wrong tries to sign in. A try is counted before it is looked at, and taken back when it was right: so many at once
 * are no more than one after the other. Names nobody has are counted and locked as those somebody has.
 */
import type { Fragment } from 'postgres';
import type { Query } from './connect.ts';
import { numbers } from './connect.ts';

/** What a counted try came to. `locksForMs`: if it is wrong the door is shut for so long. */
export type Counted = { readonly lockedMs: number } | { readonly lockedMs: 0; readonly locksForMs: number };

/** The lengths of locks by number of tries (src/core/office/lockout.ts). `hash` stands for a name nobody has. */
export interface NameTry {
  readonly name: string;
  readonly hash: string;
  readonly locksMs: readonly number[];
}

/** Counts a try with a name, unless its door is shut. */
export async function countNameTry(db: Query, given: NameTry): Promise<Counted> {
  const { name, hash, locksMs } = given;
  const key = `name ${hash}`;
  const lock = (tries: Fragment) => db`(${numbers(locksMs)}::bigint[])[least(${tries}, ${locksMs.length})]`;
  const until = (tries: Fragment) =>
    db`case when ${lock(tries)} = 0 then null else clock_timestamp() + make_interval(secs => ${lock(tries)} / 1000.0) end`;
  const [row] = await db`
    with known as (update office_user set tries = tries + 1, locked_until = ${until(db`tries + 1`)}
      where name = ${name} and coalesce(locked_until, '-infinity') <= clock_timestamp() returning tries),
    nobody as (insert into office_try as t (key, tries, since)
      select ${key}, 1, clock_timestamp() where not exists (select from office_user where name = ${name})
      on conflict (key) do update set tries = t.tries + 1, locked_until = ${until(db`t.tries + 1`)}
      where coalesce(t.locked_until, '-infinity') <= clock_timestamp() returning tries)
    select ${lock(db`tries`)} as locks from (table known union all table nobody) counted`;
  if (row !== undefined) return { lockedMs: 0, locksForMs: Number(row.locks) };
  const [left] = await db`select extract(epoch from max(locked_until) - clock_timestamp()) * 1000 as ms from (
    select locked_until from office_user where name = ${name} union all select locked_until from office_try where key = ${key}) t`;
  return { lockedMs: Math.max(1, Math.ceil(left?.ms ?? 1)) };
}

/** The try was no wrong one, but the person is not in yet either: neither counted nor forgotten. */
export async function takeBackTry(db: Query, userId: number, { locked }: { locked: boolean }): Promise<void> {
  await db`update office_user set tries = greatest(tries - 1, 0),
    locked_until = case when ${locked} then null else locked_until end where id = ${userId}`;
}

export interface AddressTry {
  readonly ip: string;
  readonly triesMax: number;
  readonly windowMs: number;
}

/** A network of IPv6 is one address: its owner has more of them than there are stars. */
const network = (db: Query, ip: string) => {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  return db`'from ' || host(network(set_masklen(${plain}::text::inet, case family(${plain}::text::inet) when 6 then 64 else 32 end)))`;
};

/** Counts a try from an address. `first`: it is the one that shuts the door. */
export async function countAddressTry(
  db: Query,
  { ip, triesMax, windowMs }: AddressTry,
): Promise<{ readonly lockedMs: number; readonly first: boolean }> {
  const window = db`make_interval(secs => ${windowMs / 1000})`;
  const [row] =
    await db`insert into office_try as t (key, tries, since) values (${network(db, ip)}, 1, clock_timestamp())
    on conflict (key) do update set tries = case when t.since <= clock_timestamp() - ${window} then 1 else t.tries + 1 end,
      since = case when t.since <= clock_timestamp() - ${window} then clock_timestamp() else t.since end
    returning tries, extract(epoch from since + ${window} - clock_timestamp()) * 1000 as left`;
  const tries = Number(row?.tries);
  return {
    lockedMs: tries <= triesMax ? 0 : Math.max(1, Math.ceil(row?.left)),
    first: tries === triesMax + 1,
  };
}

export async function takeBackAddressTry(db: Query, ip: string): Promise<void> {
  await db`update office_try set tries = tries - 1 where key = ${network(db, ip)} and tries > 0`;
}

/** What nobody has tried for a day. */
export async function forgetTries(db: Query): Promise<void> {
  await db`delete from office_try where greatest(since, locked_until) < now() - interval '1 day'`;
}
