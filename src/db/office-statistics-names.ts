/** Names of what figures are told of. */
import { type AgentId, trusted } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';

export interface NamedAgent {
  readonly id: AgentId;
  readonly name: string;
  /** From the root down to itself. */
  readonly path: readonly AgentId[];
}

/** From the top down, each before those below it. */
export async function namedAgents(db: Query, agents: readonly AgentId[]): Promise<NamedAgent[]> {
  const rows = await db`
    select a.id, a.username, array_to_string(a.path, ',') as path from agent a where a.id = any(${numbers(agents)}::bigint[])
    order by (select array_agg(u.username_key order by p.place) from unnest(a.path) with ordinality p (id, place) join agent u on u.id = p.id)`;
  return rows.map(({ id, username, path }) => ({
    id: trusted<AgentId>(id),
    name: username,
    path: String(path)
      .split(',')
      .map((each) => trusted<AgentId>(each)),
  }));
}

export interface NamedGame {
  readonly name: string;
  readonly vendorId: number;
  readonly vendor: string;
}

export async function namedVendors(db: Query): Promise<ReadonlyMap<number, string>> {
  const rows = await db`select id, name from vendor`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function namedGames(
  db: Query,
  games: readonly number[],
): Promise<ReadonlyMap<number, NamedGame>> {
  const rows = await db`
    select g.id, g.title, g.vendor_id, v.name as vendor from game g join vendor v on v.id = g.vendor_id where g.id = any(${numbers(games)}::int[])`;
  return new Map(
    rows.map((row) => [row.id, { name: row.title, vendorId: row.vendor_id, vendor: row.vendor }]),
  );
}
