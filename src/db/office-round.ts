/** Open rounds of any studio, oldest first, and the orders to end them by hand. */
import type { Fragment } from 'postgres';
import { CODE } from '../core/chart.ts';
import {
  type AgentId,
  type GameId,
  type PlayerId,
  type TransferId,
  trusted,
  trustedOrNull,
} from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface OpenRoundFilter {
  readonly agents: readonly AgentId[];
  readonly player: string | null;
  readonly games: readonly GameId[] | null;
  readonly studio: string | null;
  /** Older than the vendor's limit. */
  readonly overdue: boolean;
}

/** Amounts are minor units as text. */
export interface OpenRoundLine {
  readonly [key: string]: unknown;
  /** The opening bet. */
  readonly id: number;
  readonly openedAt: string;
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
  /** Of the bets that are still open. */
  readonly stake: string;
  readonly ageS: number;
  readonly overdue: boolean;
  /** An order to end it that waits or is carried out. */
  readonly order: number | null;
}

const overdue = (db: Query) => db`r.opened_at < now() - v.round_limit_ms * interval '1 millisecond'`;

function isOpen(db: Query, filter: OpenRoundFilter): Fragment {
  const { agents, player, games, studio } = filter;
  return db`r.state = 0 and r.studio_id = any(${studio === null ? db`array(select id from studio)` : db`array[${studio}::bigint]`})
    and r.agent_id = any(${numbers(agents)}::bigint[]) and jsonb_array_length(r.bundles) > 0
    ${player === null ? db`` : db`and r.player_id = ${player}::bigint`} ${games === null ? db`` : db`and r.game_id = any(${numbers(games)}::int[])`}
    ${filter.overdue ? db`and ${overdue(db)}` : db``}`;
}

export async function pageOfOpenRounds(
  db: Query,
  filter: OpenRoundFilter,
  page: KeysetPage,
): Promise<OpenRoundLine[]> {
  const { where, order, limit } = keyset(db, page, [
    { column: db`r.opened_at`, type: 'timestamptz' },
    { column: db`(r.bundles -> 0 ->> 0)::bigint`, type: 'bigint' },
  ]);
  const rows = await db`
    select (r.bundles -> 0 ->> 0)::bigint as id, wire_time(r.opened_at) as opened_text, r.player_id, p.username, r.agent_id, a.username as agent_name,
      a.currency, v.name as vendor, g.title as game, r.game_id, r.ref, s.bets, s.stake, extract(epoch from now() - r.opened_at)::bigint as age_s,
      ${overdue(db)} as overdue, o.id as order_id
    from round r join game g on g.id = r.game_id join vendor v on v.id = g.vendor_id join player p on p.id = r.player_id join agent a on a.id = r.agent_id
    cross join lateral (select coalesce(sum((b ->> 2)::int), 0)::int as bets, coalesce(sum((b ->> 1)::bigint), 0)::text as stake
      from jsonb_array_elements(r.bundles) b where b ->> 3 = 'open') s
    left join round_order o on o.game_id = r.game_id and o.ref = r.ref and o.player_id = r.player_id and o.state in ('waiting', 'confirmed')
    where ${isOpen(db, filter)} and ${where} ${order} ${limit}`;
  return rows.map(toLine);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLine(row: any): OpenRoundLine {
  return {
    id: Number(row.id),
    openedAt: row.opened_text,
    player: Number(row.player_id),
    username: row.username,
    agent: Number(row.agent_id),
    agentName: row.agent_name,
    currency: row.currency,
    vendor: row.vendor,
    game: row.game,
    gameId: row.game_id,
    round: row.ref,
    bets: row.bets,
    stake: row.stake,
    ageS: Number(row.age_s),
    overdue: row.overdue,
    order: row.order_id === null ? null : Number(row.order_id),
  };
}

export const OPEN_ROUNDS_COUNTED_MAX = 100_000;

export async function countOpenRounds(db: Query, filter: OpenRoundFilter) {
  const rows = await db`
    with found as (select a.currency, r.bundles, ${overdue(db)} as overdue from round r join game g on g.id = r.game_id join vendor v on v.id = g.vendor_id
      join agent a on a.id = r.agent_id where ${isOpen(db, filter)} limit ${OPEN_ROUNDS_COUNTED_MAX + 1})
    select currency, count(*)::int as count, count(*) filter (where overdue)::int as overdue,
      coalesce(sum((select sum((b ->> 1)::bigint) from jsonb_array_elements(f.bundles) b where b ->> 3 = 'open')), 0)::text as stake
    from found f group by currency order by currency`;
  const count = rows.reduce((all, row) => all + row.count, 0);
  return {
    count: Math.min(count, OPEN_ROUNDS_COUNTED_MAX),
    more: count > OPEN_ROUNDS_COUNTED_MAX,
    overdue: rows.reduce((all, row) => all + row.overdue, 0),
    sums: rows.map(({ currency, count: each, stake }) => ({ currency, count: each, stake })),
  };
}

export const ROUND_ORDER_STATES = ['waiting', 'confirmed', 'done', 'failed', 'refused', 'withdrawn'] as const;
export type RoundOrderState = (typeof ROUND_ORDER_STATES)[number];

export interface RoundOrder {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly agent: AgentId;
  readonly agentName: string;
  readonly player: PlayerId;
  readonly username: string;
  readonly gameId: GameId;
  readonly game: string;
  readonly vendor: string;
  readonly round: string;
  readonly act: 'settle' | 'void';
  readonly amount: string;
  readonly currency: string;
  readonly reason: string;
  readonly state: RoundOrderState;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly confirmedBy: string | null;
  readonly confirmedAt: string | null;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly transferId: TransferId | null;
}

const select = (db: Query) => db`
  select o.*, wire_time(o.made_at) as made_text, wire_time(o.confirmed_at) as confirmed_text, wire_time(o.ended_at) as ended_text,
    a.username as agent_name, a.currency, p.username, g.title as game, v.name as vendor
  from round_order o join agent a on a.id = o.agent_id join player p on p.id = o.player_id join game g on g.id = o.game_id join vendor v on v.id = g.vendor_id`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toOrder(row: any): RoundOrder {
  return {
    id: Number(row.id),
    agent: trusted(row.agent_id),
    agentName: row.agent_name,
    player: trusted(row.player_id),
    username: row.username,
    gameId: trusted(row.game_id),
    game: row.game,
    vendor: row.vendor,
    round: row.ref,
    act: row.act,
    amount: String(row.amount),
    currency: row.currency,
    reason: row.reason,
    state: row.state,
    madeBy: row.made_by,
    madeAt: row.made_text,
    confirmedBy: row.confirmed_by,
    confirmedAt: row.confirmed_text,
    endedBy: row.ended_by,
    endedAt: row.ended_text,
    endReason: row.end_reason,
    transferId: trustedOrNull(row.transfer_id),
  };
}

export async function pageOfOrders(
  db: Query,
  { agents, state }: { agents: readonly AgentId[]; state: RoundOrderState | null },
  page: KeysetPage,
): Promise<RoundOrder[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`o.id`, type: 'bigint' }]);
  const rows = await db`${select(db)} where o.agent_id = any(${numbers(agents)}::bigint[])
    and ${state === null ? db`true` : db`o.state = ${state}`} and ${where} ${order} ${limit}`;
  return rows.map(toOrder);
}

/** Null: none of these agents' users has it. */
export async function findOrder(
  db: Query,
  agents: readonly AgentId[],
  id: string | number,
): Promise<RoundOrder | null> {
  const [row] =
    await db`${select(db)} where o.id = ${id}::bigint and o.agent_id = any(${numbers(agents)}::bigint[])`;
  return row === undefined ? null : toOrder(row);
}

export interface OrderWish {
  readonly agentId: AgentId;
  readonly playerId: PlayerId;
  readonly gameId: GameId;
  readonly ref: string;
  readonly act: 'settle' | 'void';
  readonly amount: bigint;
  readonly reason: string;
  readonly by: string;
}

/** Null: another order for the round waits or is being carried out. */
export async function makeOrder(db: Query, wish: OrderWish): Promise<number | null> {
  const { agentId, playerId, gameId, ref, act, amount, reason, by } = wish;
  const [row] =
    await db`insert into round_order (agent_id, player_id, game_id, ref, act, amount, reason, made_by)
    values (${agentId}, ${playerId}, ${gameId}, ${ref}, ${act}, ${amount}, ${reason}, ${by})
    on conflict (game_id, ref, player_id) where state in ('waiting', 'confirmed') do nothing returning id`;
  return row === undefined ? null : Number(row.id);
}

/** Takes a waiting order on, for one of those who do at once. */
export async function confirmOrder(db: Query, id: number, by: string): Promise<boolean> {
  const rows = await db`update round_order set state = 'confirmed', confirmed_by = ${by}, confirmed_at = now()
    where id = ${id} and state = 'waiting' and made_by <> ${by} returning id`;
  return rows.length > 0;
}

/** Lets a confirmed order wait again: nothing of it has happened. */
export async function reopenOrder(db: Query, id: number): Promise<void> {
  await db`update round_order set state = 'waiting', confirmed_by = null, confirmed_at = null where id = ${id} and state = 'confirmed'`;
}

export interface OrderEnd {
  readonly from: 'waiting' | 'confirmed';
  readonly state: 'done' | 'failed' | 'refused' | 'withdrawn';
  readonly by: string;
  readonly reason: string | null;
  readonly transferId: TransferId | null;
}

/** False: it was ended, or taken on, before. */
export async function endOrder(db: Query, id: number, end: OrderEnd): Promise<boolean> {
  const rows =
    await db`update round_order set state = ${end.state}, ended_by = ${end.by}, ended_at = now(), end_reason = ${end.reason},
      transfer_id = ${end.transferId} where id = ${id} and state = ${end.from} returning id`;
  return rows.length > 0;
}

/**
 * What a confirmed order has moved, if it was carried out and nobody wrote it down: the row that ended its round since,
 * which names no id of a studio's. Another hand's row of the same kind and amount is as good: the round ends once.
 */
export async function movedByOrder(db: Query, order: RoundOrder): Promise<TransferId | null> {
  const code = order.act === 'void' ? CODE.cancel : CODE.win;
  const amount = order.act === 'void' ? db`` : db`and t.amount = ${order.amount}::bigint`;
  const [row] =
    await db`select t.id from transfer t where t.player_id = ${order.player} and t.at >= ${order.confirmedAt}::text::timestamptz
      and t.game_id = ${order.gameId} and t.round = ${order.round} and t.code = ${code} and t.external_id is null and t.referer_id is not null ${amount}
    order by t.at, t.step limit 1`;
  return row === undefined ? null : trusted(row.id);
}

/** Whether the round is open now; null: there is none. */
export async function isRoundOpen(
  db: Query,
  { gameId, ref, playerId }: Pick<OrderWish, 'gameId' | 'ref' | 'playerId'>,
): Promise<boolean | null> {
  const [row] =
    await db`select state from round where game_id = ${gameId} and ref = ${ref} and player_id = ${playerId}`;
  return row === undefined ? null : row.state === 0;
}
