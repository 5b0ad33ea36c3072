/**
 * Rows of figures at three levels: an agent's, an agent's at a vendor, an agent's in a game. Hours and days that are
 * closed stand ready; of hours that are not, the same rows are made here, by the one rule that also closes them.
 * Every row holds, of each player who bet in its time, the hour they bet in before (`before`, sorted, hours since 1970).
 */
import type { Fragment } from 'postgres';
import type { Query } from './connect.ts';

export type Level = 'agent' | 'vendor' | 'game';

/** Kinds of rows in rollup_closed. Hours by game are rollup_hour's own. */
export const KIND = { agentHour: 1, vendorHour: 2, agentDay: 3, vendorDay: 4, gameDay: 5 } as const;
const HOURS = { agent: KIND.agentHour, vendor: KIND.vendorHour } as const;
export const DAYS = { agent: KIND.agentDay, vendor: KIND.vendorDay, game: KIND.gameDay } as const;

/** Agents and times: a relation of (agent_id, from_at, to_at), whole hours, the end not counted. */
export type Spans = Fragment;

/** Narrows rows r by the columns agent_id, vendor_id, game_id and currency that every level has. */
export type Narrow = (db: Query) => Fragment;

export const hourNumber = (db: Query, at: Fragment) => db`(extract(epoch from ${at}) / 3600)::int`;

/** What a row adds up. */
export const sums = (db: Query) =>
  db`r.bets, r.bet_sum, r.wins, r.win_sum, r.cancels, r.cancel_sum, r.other_sum, r.rounds`;
const row = (db: Query) => db`r.at, r.agent_id, r.vendor_id, r.game_id, r.currency, ${sums(db)}`;

/** Sums of sums; columns of the same names. */
export const added = (db: Query) => db`
  sum(r.bets)::bigint as bets, sum(r.bet_sum)::bigint as bet_sum, sum(r.wins)::bigint as wins, sum(r.win_sum)::bigint as win_sum,
  sum(r.cancels)::bigint as cancels, sum(r.cancel_sum)::bigint as cancel_sum, sum(r.other_sum)::bigint as other_sum, sum(r.rounds)::bigint as rounds`;

/** The closed hours of the spans. */
export function closedHours(db: Query, level: Level, { spans, narrow }: Wanted): Fragment {
  const hours =
    level === 'game'
      ? db`select r.hour as at, r.agent_id, r.vendor_id, r.game_id, r.currency, ${sums(db)}, r.before from rollup_hour r
        where r.agent_id = s.agent_id and r.hour >= s.from_at and r.hour < s.to_at and ${narrow(db)}`
      : db`select ${row(db)}, r.before from rollup_closed r
        where r.kind = ${HOURS[level]} and r.game_id = 0 and r.agent_id = s.agent_id and r.at >= s.from_at and r.at < s.to_at and ${narrow(db)}`;
  return db`select ${row(db)}, r.before, s.since from (${spans}) s cross join lateral (${hours}) r`;
}

/** The closed days of the spans, which begin and end with days of UTC. */
export function closedDays(db: Query, level: Level, { spans, narrow }: Wanted): Fragment {
  const game = level === 'game' ? db`r.game_id > 0` : db`r.game_id = 0`;
  return db`select ${row(db)}, r.before, s.since from (${spans}) s cross join lateral (
    select ${row(db)}, r.before from rollup_closed r
    where r.kind = ${DAYS[level]} and ${game} and r.agent_id = s.agent_id and r.at >= s.from_at and r.at < s.to_at and ${narrow(db)}) r`;
}

export interface Wanted {
  /** With a column `since`, which is carried into the rows. */
  readonly spans: Spans;
  readonly narrow: Narrow;
}

/**
 * The hours of the spans that are not closed: none of them before close_cursor.hour. Sums and players are added up in one
 * pass: joined, a planner that does not know how many there are would take each with each.
 */
export function openHours(db: Query, level: Level, { spans, narrow }: Wanted): Fragment {
  const vendor = level === 'agent' ? db`0` : db`r.vendor_id`;
  const game = level === 'game' ? db`r.game_id` : db`0`;
  return db`
    select r.at, r.agent_id, r.vendor_id, r.game_id, r.currency, ${added(db)},
      coalesce(array_agg(r.before order by r.before) filter (where r.before is not null), '{}') as before, r.since
    from (
      select r.hour as at, r.agent_id, ${vendor} as vendor_id, ${game} as game_id, r.currency, ${sums(db)}, null::int as before, s.since
      from (${spans}) s cross join lateral (
        select * from rollup_hour r where r.agent_id = s.agent_id and r.hour >= s.from_at and r.hour < s.to_at and ${narrow(db)}) r
      union all
      select r.at, r.agent_id, r.vendor_id, r.game_id, r.currency, 0, 0, 0, 0, 0, 0, 0, 0, r.before, s.since
      from (${spans}) s join (${openPlayers(db, level, spans)}) r on r.agent_id = s.agent_id and r.at >= s.from_at and r.at < s.to_at
      where ${narrow(db)}) r
    group by 1, 2, 3, 4, 5, r.since`;
}

/** Who bet in hours that are not closed, and when they did before: in another of these hours, or in a closed one. */
function openPlayers(db: Query, level: Level, spans: Spans): Fragment {
  const vendor = level === 'agent' ? db`0` : db`g.vendor_id`;
  const game = level === 'game' ? db`p.game_id` : db`0`;
  return db`
    select p.hour as at, p.agent_id, p.vendor_id, p.game_id, a.currency, coalesce(
      lag(${hourNumber(db, db`p.hour`)}) over (partition by p.player_id, p.vendor_id, p.game_id order by p.hour), l.hour, 0) as before
    from (
      select distinct p.hour, p.agent_id, ${vendor} as vendor_id, ${game} as game_id, p.player_id
      from rollup_player p join game g on g.id = p.game_id
      where p.hour >= (select hour from close_cursor) and p.hour < (select max(to_at) from (${spans}) s)
        and p.agent_id in (select agent_id from (${spans}) s)) p
    join agent a on a.id = p.agent_id left join rollup_last l using (player_id, vendor_id, game_id)`;
}
