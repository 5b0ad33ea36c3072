/** What waits for a person, each counted up to a bound and found by index: callbacks, orders, results, open rounds. */
import type { AgentId } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';

export interface Waits {
  readonly count: number;
  readonly more: boolean;
  /** Since when the first of them waits; null: none does. */
  readonly oldest: string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
const toWaits = (row: any, most: number): Waits => ({
  count: Math.min(row.count, most),
  more: row.count > most,
  oldest: row.oldest,
});

/** Callbacks that were given up and nobody has resolved. Null: of all agents. */
export async function waitingCallbacks(
  db: Query,
  agents: readonly AgentId[] | null,
  most: number,
): Promise<Waits> {
  const of = agents === null ? db`(select id from agent)` : db`unnest(${numbers(agents)}::bigint[])`;
  const [row] = await db`select count(*)::int as count, wire_time(min(at)) as oldest from (
    select c.at from ${of} of (agent_id) cross join lateral (
      select at from callback c where c.agent_id = of.agent_id and c.state = 2 order by id limit ${most + 1}) c limit ${most + 1}) c`;
  return toWaits(row, most);
}

/** Orders to end a round that another person than this one must confirm. */
export async function waitingOrders(db: Query, person: string, most: number): Promise<Waits> {
  const [row] = await db`select count(*)::int as count, wire_time(min(made_at)) as oldest from (
    select made_at from round_order where state = 'waiting' and made_by <> ${person} order by made_at limit ${most + 1}) o`;
  return toWaits(row, most);
}

/** Sessions of which another person has stated a result that is not one yet. */
export async function waitingResults(db: Query, person: string, most: number): Promise<Waits> {
  const [row] = await db`select count(*)::int as count, wire_time(min(at)) as oldest from (
    select min(f.at) as at from rain_finding f join rain_session s on s.id = f.session_id and f.round = s.version + 1
    where f.by <> 'weather' group by f.session_id having not bool_or(lower(f.by) = lower(${person})) limit ${most + 1}) s`;
  return toWaits(row, most);
}

/** Open rounds older than their vendor's limit. */
export async function overdueRounds(db: Query, most: number): Promise<Waits> {
  const [row] = await db`select count(*)::int as count, wire_time(min(opened_at)) as oldest from (
    select r.opened_at from studio s cross join lateral (
      select r.opened_at from round r join game g on g.id = r.game_id join vendor v on v.id = g.vendor_id
      where r.studio_id = s.id and r.state = 0 and r.opened_at < now() - v.round_limit_ms * interval '1 millisecond'
        and r.opened_at < now() - (select min(round_limit_ms) from vendor where studio_id = s.id) * interval '1 millisecond'
      order by r.opened_at limit ${most + 1}) r limit ${most + 1}) o`;
  return toWaits(row, most);
}
