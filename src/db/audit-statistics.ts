/** Statistics' part of the proof: closed hours and days, and the players in them, are those of sums and transfers. */
import { CODE } from '../core/chart.ts';
import type { Check, Tx } from './audit.ts';
import { added, hourNumber, KIND, sums } from './office-statistics-rows.ts';

/** Hours by game are not in the table of the others, and need a kind here alone. */
const GAME_HOUR = 0;

/** The kinds of hours and days of the three levels, and how much of vendor and game a level tells. */
const levels = (tx: Tx) => tx`(values
  (${KIND.agentHour}::int, ${KIND.agentDay}::int, 0), (${KIND.vendorHour}::int, ${KIND.vendorDay}::int, 1), (${GAME_HOUR}::int, ${KIND.gameDay}::int, 2)
  ) l (hour_kind, day_kind, depth)`;
const keys = (tx: Tx) => tx`
  case when l.depth >= 1 then r.vendor_id else 0 end as vendor_id, case when l.depth >= 2 then r.game_id else 0 end as game_id`;

const closed = (tx: Tx) => tx`
  select r.kind::int, r.at, r.agent_id, r.vendor_id, r.game_id, r.currency, ${sums(tx)} from rollup_closed r`;
const fromHours = (tx: Tx) => tx`
  select l.hour_kind as kind, r.hour as at, r.agent_id, ${keys(tx)}, r.currency, ${added(tx)} from rollup_hour r cross join ${levels(tx)}
    where l.hour_kind <> ${GAME_HOUR} and r.hour < (select hour from close_cursor) group by 1, 2, 3, 4, 5, 6
  union all select l.day_kind, date_trunc('day', r.hour), r.agent_id, ${keys(tx)}, r.currency, ${added(tx)} from rollup_hour r cross join ${levels(tx)}
    where r.hour < (select day from close_cursor) group by 1, 2, 3, 4, 5, 6`;

/** Days are detached whole, from the oldest: who bet before the first that is here has bet at some time or never. */
const bets = (tx: Tx) => tx`
  first as (select date_trunc('day', min(at)) as at from transfer),
  bets as materialized (
    select distinct date_trunc('hour', t.at) as hour, t.agent_id, g.vendor_id, t.game_id, t.player_id
    from transfer t join game g on g.id = t.game_id
    where t.code = ${CODE.bet} and t.player_id is not null and t.at <= (select at from fold_cursor)),
  active as (
    select distinct r.hour, l.hour_kind, l.day_kind, r.agent_id, ${keys(tx)}, r.player_id from bets r cross join ${levels(tx)})`;

/** A row for every player of an hour or a day, with the hour they bet in before. */
const playersOfBets = (tx: Tx) => tx`
  expected as materialized (
    select *, coalesce(lag(${hourNumber(tx, tx`hour`)}) over (partition by hour_kind, player_id, vendor_id, game_id order by hour), 0) as before from active),
  wanted as (
    select hour_kind as kind, hour as at, agent_id, vendor_id, game_id, before from expected where hour < (select hour from close_cursor)
    union all select day_kind, date_trunc('day', hour), agent_id, vendor_id, game_id, before from expected
      where hour < (select day from close_cursor) and before < ${hourNumber(tx, tx`date_trunc('day', hour)`)})`;
const playersOfRows = (tx: Tx) => tx`
  stored as (
    select kind::int, at, agent_id, vendor_id, game_id, before from rollup_closed
    union all select ${GAME_HOUR}::int, hour, agent_id, vendor_id, game_id, before from rollup_hour),
  found as (
    select s.kind, s.at, s.agent_id, s.vendor_id, s.game_id, case when b < ${hourNumber(tx, tx`f.at`)} then 0 else b end as before
    from stored s cross join first f cross join lateral unnest(s.before) b where s.at >= f.at)`;

export const STATISTICS_CHECKS: readonly Check[] = [
  [
    'closed hours and days equal the hourly sums',
    (tx) => tx`
    with closed as (${closed(tx)}), hours as (${fromHours(tx)})
    select format('kind %s of agent %s vendor %s game %s at %s', kind, agent_id, vendor_id, game_id, at) as finding from (
      (table closed except table hours) union all (table hours except table closed)) d limit 10`,
  ],
  [
    'players of closed hours and days equal the transfers',
    (tx) => tx`
    with ${bets(tx)}, ${playersOfBets(tx)}, ${playersOfRows(tx)}
    select format('kind %s of agent %s vendor %s game %s at %s: %s', kind, agent_id, vendor_id, game_id, at, before) as finding from (
      (table found except all table wanted) union all (table wanted except all table found)) d limit 10`,
  ],
  [
    'players of hours that are not closed equal the transfers, and so do their last hours',
    (tx) => tx`
    with ${bets(tx)}, fresh as (
      select hour, agent_id, game_id, player_id from bets where hour >= (select hour from close_cursor)),
    kept as (select p.hour, p.agent_id, p.game_id, p.player_id from rollup_player p cross join first f where p.hour >= f.at),
    last as (
      select player_id, vendor_id, game_id, max(${hourNumber(tx, tx`hour`)}) as hour from active where hour < (select hour from close_cursor) group by 1, 2, 3),
    known as (
      select l.player_id, l.vendor_id, l.game_id, l.hour from rollup_last l cross join first f where l.hour >= ${hourNumber(tx, tx`f.at`)})
    (select format('player %s of agent %s in game %s at %s', player_id, agent_id, game_id, hour) as finding from (
      (table fresh except table kept) union all (table kept except table fresh)) d limit 10)
    union all (select format('last hour of player %s vendor %s game %s: %s', player_id, vendor_id, game_id, hour) from (
      (table last except table known) union all (table known except table last)) d limit 10)`,
  ],
];
