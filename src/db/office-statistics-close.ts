/**
 * Closing: an hour in which nothing can be folded any more gets its rows by agent and by vendor, and each of its
 * players the hour before; a day of closed hours gets its rows of all levels. One transaction a step, under a lock, in
 * the order of time; a database from before this was there catches up by the same steps.
 */
import type { Sql } from './connect.ts';
import {
  added,
  closedHours,
  DAYS,
  hourNumber,
  KIND,
  type Level,
  openHours,
  sums,
} from './office-statistics-rows.ts';

const LOCK = 7_203_016;
/** A run gives way after so long: what is not closed is figured out anew by whoever asks. */
const RUN_MS_MAX = 5000;

type Tx = Parameters<Parameters<Sql['begin']>[1]>[0];

/** Closes what can be. Returns how many hours and days were. */
export async function closeHours(sql: Sql): Promise<number> {
  const deadline = performance.now() + RUN_MS_MAX;
  let steps = 0;
  while (performance.now() < deadline && (await closeNext(sql))) steps += 1;
  return steps;
}

/** One hour or one day; false: there is none to close, or another node is at it. */
function closeNext(sql: Sql): Promise<boolean> {
  return sql.begin(async (tx) => {
    const [lock] = await tx`select pg_try_advisory_xact_lock(${LOCK}) as mine`;
    if (!lock?.mine) return false;
    // Nothing that is folded later belongs into an hour before the fold's. Hours nothing was folded in are passed over.
    const [next] = await tx`
      select wire_time(h.hour) as hour, h.hour >= c.day + interval '1 day' as ends_day, wire_time(c.day) as day, h.hour >= f.hour as is_open
      from close_cursor c cross join (select date_trunc('hour', at) as hour from fold_cursor) f cross join lateral (
        select coalesce(min(r.hour), f.hour) as hour from agent a cross join lateral (
          select hour from rollup_hour where agent_id = a.id and hour >= c.hour and hour < f.hour order by hour limit 1) r) h`;
    if (next?.ends_day) await closeDay(tx, next.day, next.hour);
    else if (!next?.is_open) await closeHour(tx, next?.hour);
    else await tx`update close_cursor set hour = greatest(hour, ${next.hour})`;
    return next?.ends_day || !next?.is_open;
  });
}

/** Its players are known by what they leave behind: `before` of its rows and their last hour. */
async function closeHour(tx: Tx, hour: string): Promise<void> {
  const spans = tx`select id as agent_id, ${hour}::timestamptz as from_at, ${hour}::timestamptz + interval '1 hour' as to_at, 0 as since from agent`;
  const rows = (level: Level) => openHours(tx, level, { spans, narrow: (db) => db`true` });
  for (const [level, kind] of [
    ['agent', KIND.agentHour],
    ['vendor', KIND.vendorHour],
  ] as const)
    await tx`insert into rollup_closed ${columns(tx)} select ${kind}, r.at, r.agent_id, r.vendor_id, r.game_id, r.currency, ${sums(tx)}, r.before from (${rows(level)}) r`;
  await tx`update rollup_hour h set before = r.before from (${rows('game')}) r
    where h.agent_id = r.agent_id and h.hour = r.at and h.game_id = r.game_id and h.vendor_id = r.vendor_id and h.currency = r.currency`;
  await tx`
    insert into rollup_last as l (player_id, vendor_id, game_id, hour)
    select distinct p.player_id, key.vendor_id, key.game_id, ${hourNumber(tx, tx`p.hour`)} from rollup_player p join game g on g.id = p.game_id
      cross join lateral (values (0, 0), (g.vendor_id, 0), (g.vendor_id, g.id)) key (vendor_id, game_id)
    where p.hour = ${hour} on conflict (player_id, vendor_id, game_id) do update set hour = excluded.hour`;
  await tx`delete from rollup_player where hour = ${hour}`;
  await tx`update close_cursor set hour = ${hour}::timestamptz + interval '1 hour'`;
}

/** `next`: the hour that comes after it. */
async function closeDay(tx: Tx, day: string, next: string): Promise<void> {
  const spans = tx`select id as agent_id, ${day}::timestamptz as from_at, ${day}::timestamptz + interval '1 day' as to_at, 0 as since from agent`;
  for (const level of ['agent', 'vendor', 'game'] as const) {
    await tx`
      with hours as materialized (${closedHours(tx, level, { spans, narrow: (db) => db`true` })})
      insert into rollup_closed ${columns(tx)}
      select ${DAYS[level]}, ${day}::timestamptz, r.agent_id, r.vendor_id, r.game_id, r.currency, ${added(tx)},
        coalesce(array_agg(r.before order by r.before) filter (where r.before is not null), '{}')
      from (
        select agent_id, vendor_id, game_id, currency, ${sums(tx)}, null::int as before from hours r
        union all select agent_id, vendor_id, game_id, currency, 0, 0, 0, 0, 0, 0, 0, 0, b from hours cross join lateral unnest(before) b
          where b < ${hourNumber(tx, tx`${day}::timestamptz`)}) r
      group by r.agent_id, r.vendor_id, r.game_id, r.currency`;
  }
  await tx`update close_cursor set day = date_trunc('day', ${next}::timestamptz)`;
}

const columns = (tx: Tx) =>
  tx`(kind, at, agent_id, vendor_id, game_id, currency, bets, bet_sum, wins, win_sum, cancels, cancel_sum, other_sum, rounds, before)`;
