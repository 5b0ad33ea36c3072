/**
 * Rounds as people look them up, one line each, by the bet that opened it. Stakes are the round's own; what came of them
 * is read from the rows that answer its bets, and the rows that answer those: exact at every moment.
 */
import type { Fragment } from 'postgres';
import { CODE } from '../core/chart.ts';
import { type AgentId, type GameId, type TransferId, trusted } from '../core/ids.ts';
import { numbers, type Query, texts } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';
import { fillPage, inSpan, notBefore, type Span, spansOf } from './office-bet-spans.ts';

export const ROUND_STATE_NAMES = ['open', 'settled', 'cancelled'] as const;
export type RoundStateName = (typeof ROUND_STATE_NAMES)[number];

export interface RoundFilter extends Span {
  readonly agents: readonly AgentId[];
  readonly player: string | null;
  /** Null: all. */
  readonly games: readonly GameId[] | null;
  readonly state: RoundStateName | null;
  readonly ref: string | null;
  /** Minor units. */
  readonly minStake: string | null;
}

/** Names a round's opening bet: agent, id, instant. */
export interface OpeningKey {
  readonly agentId: AgentId;
  readonly id: TransferId;
  readonly at: string;
}

/** Amounts are minor units as text. */
export interface RoundLine {
  readonly [key: string]: unknown;
  /** The opening bet. */
  readonly id: number;
  readonly at: string;
  readonly player: number;
  readonly username: string;
  readonly agent: number;
  readonly agentName: string;
  readonly currency: string;
  readonly vendor: string;
  readonly game: string;
  readonly gameId: number;
  readonly round: string;
  readonly bets: number;
  readonly stake: string;
  /** Wins and promotions, less what a maximum took. */
  readonly payout: string;
  readonly refunds: string;
  /** Corrections that name one of its rows. */
  readonly other: string;
  /** What the player has won by it. */
  readonly net: string;
  readonly state: RoundStateName;
}

const KEY = (db: Query) => [
  { column: db`t.at`, type: 'timestamptz' } as const,
  { column: db`t.id`, type: 'bigint' } as const,
];

/** Opening bets of a page, in its order. */
export async function pageOfOpenings(
  db: Query,
  filter: RoundFilter,
  page: KeysetPage,
): Promise<OpeningKey[]> {
  if (filter.ref !== null || filter.state === 'open' || filter.state === 'cancelled')
    return (await openingsOfRounds(db, filter, page)).map(toKey);
  if (filter.player !== null) return (await openingsOfPlayer(db, filter, page)).map(toKey);
  const spans = spansOf(page, filter);
  const rows = await fillPage(page.limit, spans, (span, limit) =>
    openingsOfAgents(db, { ...filter, ...span }, { ...page, limit }),
  );
  return rows.map(toKey);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
const toKey = (row: any): OpeningKey => ({
  agentId: trusted(row.agent_id),
  id: trusted(row.id),
  at: row.at_text,
});

const columns = (db: Query) => db`t.agent_id, t.id, t.at, wire_time(t.at) as at_text`;

/** Conditions on transfer `t` that opens a round. */
function opens(db: Query, filter: RoundFilter, page: KeysetPage): Fragment {
  const { games, state, minStake } = filter;
  return db`t.code = ${CODE.bet} and t.opens_round and ${inSpan(db, filter)} and ${notBefore(db, page)}
    ${games === null ? db`` : db`and t.game_id = any(${numbers(games)}::int[])`}
    ${
      state === null && minStake === null
        ? db``
        : db`and exists (select from round r where r.game_id = t.game_id and r.ref = t.round and r.player_id = t.player_id and ${isRound(db, filter)})`
    }`;
}

/** Conditions on round `r`. */
function isRound(db: Query, { state, minStake }: RoundFilter): Fragment {
  return db`${state === null ? db`true` : db`r.state = ${ROUND_STATE_NAMES.indexOf(state)}`}
    and ${minStake === null ? db`true` : db`${stakeOf(db)} >= ${minStake}::bigint`}`;
}

const stakeOf = (db: Query) =>
  db`(select coalesce(sum((b ->> 1)::bigint), 0) from jsonb_array_elements(r.bundles) b)`;

function openingsOfPlayer(db: Query, filter: RoundFilter, page: KeysetPage) {
  const { where, order, limit } = keyset(db, page, KEY(db));
  return db`select ${columns(db)} from transfer t where t.player_id = ${filter.player}::bigint
    and t.agent_id = any(${numbers(filter.agents)}::bigint[]) and ${opens(db, filter, page)} and ${where} ${order} ${limit}`;
}

/**
 * Each agent's newest in the span. A game asked about may be rare among an agent's: the hourly sums tell in which hours
 * it was played, up to where they are filled.
 */
async function openingsOfAgents(db: Query, filter: RoundFilter, page: KeysetPage) {
  const { where, order, limit } = keyset(db, page, KEY(db));
  const agents = db`${numbers(filter.agents)}::bigint[]`;
  const { games, from, to } = filter;
  const places =
    games === null
      ? db`select unnest(${agents}) as agent_id, '-infinity'::timestamptz as starts, 'infinity'::timestamptz as ends`
      : db`select distinct agent_id, hour as starts, hour + interval '1 hour' as ends from rollup_hour
            where agent_id = any(${agents}) and game_id = any(${numbers(games)}::int[]) and rounds > 0 and hour < (select hour from folded)
              and ${from === null ? db`true` : db`hour > ${from}::text::timestamptz - interval '1 hour'`} and ${to === null ? db`true` : db`hour < ${to}::text::timestamptz`}
          union all select unnest(${agents}), (select hour from folded), 'infinity'`;
  return db`
    with folded as materialized (select date_trunc('hour', at) as hour from fold_cursor), places as (${places})
    select t.* from places p cross join lateral (
      select ${columns(db)} from transfer t where t.agent_id = p.agent_id and t.at >= p.starts and t.at < p.ends
        and ${opens(db, filter, page)} and ${where} ${order} ${limit}) t ${order} ${limit}`;
}

/** By the rounds themselves: those that are open, the few that were cancelled, those of one name. */
function openingsOfRounds(db: Query, filter: RoundFilter, page: KeysetPage) {
  const { where, order, limit } = keyset(db, page, KEY(db));
  const { agents, games, player, ref, state, from, to } = filter;
  const rounds =
    ref !== null
      ? db`select r.* from unnest(${games === null ? db`array(select id from game)` : db`${numbers(games)}::int[]`}) g (id)
          cross join lateral (select * from round where game_id = g.id and ref = ${ref} offset 0) r`
      : state === 'open'
        ? db`select r.* from round r where r.state = 0 and r.studio_id = any(array(select id from studio))`
        : db`select r.* from round r where r.state = 2`;
  return db`
    with rounds as materialized (select r.agent_id, r.opened_at, (r.bundles -> 0 ->> 0)::bigint as id from (${rounds}) r
      where r.agent_id = any(${numbers(agents)}::bigint[]) and jsonb_array_length(r.bundles) > 0 and ${isRound(db, filter)}
      ${player === null ? db`` : db`and r.player_id = ${player}::bigint`} ${games === null ? db`` : db`and r.game_id = any(${numbers(games)}::int[])`}
      ${from === null ? db`` : db`and r.opened_at >= ${from}::text::timestamptz - interval '1 second'`}
      ${to === null ? db`` : db`and r.opened_at < ${to}::text::timestamptz`}
      ${besidesCursor(db, page)}
      order by r.opened_at ${page.descending ? db`desc` : db`asc`} fetch first (${page.limit + ROUNDS_OF_AN_INSTANT}) rows with ties)
    select ${columns(db)} from rounds r join lateral (select * from transfer t
        where t.agent_id = r.agent_id and t.id = r.id and t.at >= r.opened_at - interval '1 millisecond' and t.at < r.opened_at + interval '1 second' offset 0) t on true
    where ${inSpan(db, filter)} and ${where} ${order} ${limit}`;
}

/** Rounds of the instant a page begins behind are read again and left out: no more than a batch makes. */
const ROUNDS_OF_AN_INSTANT = 1024;

/** Rounds keep their instant in milliseconds: the transfer's own is within the next one. */
function besidesCursor(db: Query, { after, descending }: KeysetPage): Fragment {
  const at = after?.[0];
  if (at === undefined) return db``;
  return descending
    ? db`and r.opened_at <= ${at}::text::timestamptz`
    : db`and r.opened_at >= ${at}::text::timestamptz - interval '1 millisecond'`;
}

/**
 * Lines of rounds by their opening bets, in the order given. `offset 0` keeps look-ups of a few rows what they are: a
 * planner that does not know how few would read whole days instead.
 */
export async function roundLines(db: Query, keys: readonly OpeningKey[]): Promise<RoundLine[]> {
  if (keys.length === 0) return [];
  const rows = await db`
    with recursive page as materialized (select * from unnest(${numbers(keys.map((key) => key.agentId))}::bigint[], ${numbers(keys.map((key) => key.id))}::bigint[],
        ${texts(keys.map((key) => key.at))}::timestamptz[]) with ordinality p (agent_id, id, at, place)),
    opened as materialized (select p.place, t.id, t.at, t.agent_id, t.player_id, t.game_id, t.round, coalesce(r.state, 0) as state,
        coalesce(r.bundles, jsonb_build_array(jsonb_build_array(t.id, t.amount::text, 1, 'open'))) as bundles
      from page p cross join lateral (select * from transfer t where t.agent_id = p.agent_id and t.id = p.id and t.at = p.at offset 0) t
      left join lateral (select * from round r where r.game_id = t.game_id and r.ref = t.round and r.player_id = t.player_id offset 0) r on true),
    bundles as materialized (select o.place, o.player_id, o.at, (b ->> 0)::bigint as id, (b ->> 1)::bigint as stake, (b ->> 2)::int as bets
      from opened o cross join jsonb_array_elements(o.bundles) b),
    staked as (select place, sum(stake) as stake, sum(bets)::int as bets, count(*)::int as bundles, array_agg(id) as firsts from bundles group by place),
    joined as (select o.place, t.id, t.at, o.player_id from opened o join staked s on s.place = o.place and s.bets > s.bundles
      cross join lateral (${betsOf(db)}) t where t.id <> all(s.firsts)),
    chain (place, id, at, player_id, code, amount) as (
      select place, id, at, player_id, null::smallint, 0::bigint from bundles union all select place, id, at, player_id, null, 0 from joined
      union all select c.place, t.id, t.at, c.player_id, t.code, t.amount from chain c cross join lateral (
        select t.id, t.at, t.code, t.amount from transfer t where t.referer_id = c.id and t.at >= c.at and t.player_id = c.player_id offset 0) t),
    came as (select place, ${sumsOf(db)} from chain group by place)
    select o.id, wire_time(o.at) as at_text, o.player_id, p.username, o.agent_id, a.username as agent_name, a.currency, v.name as vendor, g.title as game,
      o.game_id, o.round, o.state, s.bets, s.stake, c.payout, c.refunds, c.other
    from opened o join staked s using (place) join came c using (place) join player p on p.id = o.player_id join agent a on a.id = o.agent_id
    join game g on g.id = o.game_id join vendor v on v.id = g.vendor_id order by o.place`;
  return rows.map(toLine);
}

/** All bets of round `o` with sums `s`; those that were taken back, because no answer came, belong to no bundle. */
const betsOf = (db: Query) => db`
  select t.id, t.at from transfer t where t.player_id = o.player_id and t.at >= o.at and t.game_id = o.game_id and t.round = o.round and t.code = ${CODE.bet}
    and (t.id = any(s.firsts) or not exists (select from transfer c where c.referer_id = t.id and c.at >= t.at and c.code = ${CODE.cancel}))
  order by t.at limit s.bets`;

/** What the rows of a round come to, whose bets have no code here. */
const sumsOf = (db: Query) => db`
  coalesce(sum(case when code in (${CODE.win}, ${CODE.promoWin}) then amount when code = ${CODE.exceedCredit} then -amount end), 0) as payout,
  coalesce(sum(amount) filter (where code = ${CODE.cancel}), 0) as refunds,
  coalesce(sum(case when code = ${CODE.adjustCredit} then amount when code in (${CODE.adjustDebit}, ${CODE.charge}) then -amount end), 0) as other`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLine(row: any): RoundLine {
  const [stake, payout, refunds, other] = [row.stake, row.payout, row.refunds, row.other].map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return {
    id: Number(row.id),
    at: row.at_text,
    player: Number(row.player_id),
    username: row.username,
    agent: Number(row.agent_id),
    agentName: row.agent_name,
    currency: row.currency,
    vendor: row.vendor,
    game: row.game,
    gameId: row.game_id,
    round: row.round,
    bets: row.bets,
    stake: String(stake),
    payout: String(payout),
    refunds: String(refunds),
    other: String(other),
    net: String(payout + refunds + other - stake),
    state: ROUND_STATE_NAMES[row.state as 0 | 1 | 2],
  };
}
