/** Bet and win limits with names and whose they are, for people: lists by key, and changes of one. */
import type { Fragment } from 'postgres';
import {
  type AgentId,
  type GameId,
  type PlayerId,
  trusted,
  trustedOrNull,
  type VendorId,
} from '../core/ids.ts';
import type { LimitRow } from '../core/limits.ts';
import type { Currency } from '../core/money.ts';
import { numbers, parseNumbers, type Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';
import type { LimitTarget } from './limit.ts';

export interface NamedLimit extends LimitRow {
  readonly id: number;
  readonly agent: string;
  readonly currency: Currency;
  readonly vendor: string | null;
  readonly game: string | null;
  readonly player: string | null;
  /** Null: the house. */
  readonly setBy: AgentId | null;
  readonly setByName: string | null;
  readonly setPerson: string;
  readonly setAt: string;
}

const columns = (
  db: Query,
) => db`l.id, l.agent_id, a.username as agent, a.currency, l.vendor_id, coalesce(v.name, gv.name) as vendor, l.game_id, g.title as game,
  l.player_id, p.username as player, l.max_bet, l.max_win, l.set_by, s.username as set_by_name, l.set_person, wire_time(l.set_at) as set_at`;

const names = (
  db: Query,
) => db`join agent a on a.id = l.agent_id left join agent s on s.id = l.set_by left join vendor v on v.id = l.vendor_id
  left join game g on g.id = l.game_id left join vendor gv on gv.id = g.vendor_id left join player p on p.id = l.player_id`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toNamed(row: any): NamedLimit {
  return {
    id: Number(row.id),
    agentId: trusted(row.agent_id),
    agent: row.agent,
    currency: row.currency,
    vendorId: trustedOrNull(row.vendor_id),
    vendor: row.vendor,
    gameId: trustedOrNull(row.game_id),
    game: row.game,
    playerId: trustedOrNull(row.player_id),
    player: row.player,
    maxBet: row.max_bet,
    maxWin: row.max_win,
    setBy: trustedOrNull(row.set_by),
    setByName: row.set_by_name,
    setPerson: row.set_person,
    setAt: row.set_at,
  };
}

export interface LimitFilter {
  /** Null: all. */
  readonly agents: readonly AgentId[] | null;
  /** Agents above: of theirs only what is for nobody in particular. */
  readonly above: readonly AgentId[];
  readonly kind: 'bet' | 'win' | null;
  readonly vendorId: string | null;
  readonly gameId: string | null;
  readonly playerId: string | null;
}

/** At most `page.limit`, by id. */
export async function listLimits(db: Query, filter: LimitFilter, page: KeysetPage): Promise<NamedLimit[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`l.id`, type: 'bigint' }]);
  const { agents, above } = filter;
  const rows =
    agents === null
      ? db`select l.* from bet_limit l where ${matches(db, filter)} and ${where} ${order} ${limit}`
      : db`select l.* from unnest(${numbers([...agents, ...above])}::bigint[]) of (agent_id) cross join lateral (
          select l.* from bet_limit l where l.agent_id = of.agent_id and (l.player_id is null or not of.agent_id = any(${numbers(above)}::bigint[]))
            and ${matches(db, filter)} and ${where} ${order} ${limit}) l ${order} ${limit}`;
  return (await db`select ${columns(db)} from (${rows}) l ${names(db)} ${order}`).map(toNamed);
}

/** Counted up to `most`. */
export async function countLimits(db: Query, filter: LimitFilter, most: number): Promise<number> {
  const { agents, above } = filter;
  const among =
    agents === null
      ? db`true`
      : db`(l.agent_id = any(${numbers(agents)}::bigint[]) or (l.player_id is null and l.agent_id = any(${numbers(above)}::bigint[])))`;
  const [row] =
    await db`select count(*)::int as count from (select from bet_limit l where ${among} and ${matches(db, filter)} limit ${most}) l`;
  return row?.count;
}

function matches(db: Query, { kind, vendorId, gameId, playerId }: LimitFilter): Fragment {
  const amount = { bet: db`l.max_bet is not null`, win: db`l.max_win is not null` };
  return db`${kind === null ? db`(l.max_bet is not null or l.max_win is not null)` : amount[kind]}
    and ${vendorId === null ? db`true` : db`(l.vendor_id = ${vendorId}::int or l.game_id in (select id from game where vendor_id = ${vendorId}::int))`}
    and ${gameId === null ? db`true` : db`l.game_id = ${gameId}::int`}
    and ${playerId === null ? db`true` : db`l.player_id = ${playerId}::bigint`}`;
}

/** All that could bind a bet of this agent's player: its own and those of its uplines. */
export async function limitsOver(
  db: Query,
  path: readonly AgentId[],
  playerId: PlayerId | null,
): Promise<NamedLimit[]> {
  const rows =
    await db`select ${columns(db)} from bet_limit l ${names(db)} where l.agent_id = any(${numbers(path)}::bigint[])
    and (l.player_id is null or l.player_id = ${playerId}) order by l.id`;
  return rows.map(toNamed);
}

/** Locked until the transaction ends; null: none with that id, or (`agents`) of no agent among these. */
export async function lockLimit(
  tx: Query,
  id: string,
  agents: readonly AgentId[] | null,
): Promise<NamedLimit | null> {
  await tx`select from bet_limit where id = ${id}::bigint for update`;
  const [row] = await tx`select ${columns(tx)} from bet_limit l ${names(tx)} where l.id = ${id}::bigint
    and ${agents === null ? tx`true` : tx`l.agent_id = any(${numbers(agents)}::bigint[])`}`;
  return row === undefined ? null : toNamed(row);
}

/** The limit of that setter on that target, locked; null: none. */
export async function lockLimitOn(tx: Query, target: LimitTarget): Promise<NamedLimit | null> {
  const { agentId, vendorId = null, gameId = null, playerId = null, setBy = null } = target;
  const [row] =
    await tx`select id from bet_limit where agent_id = ${agentId} and vendor_id is not distinct from ${vendorId}::int and game_id is not distinct from ${gameId}::int
    and player_id is not distinct from ${playerId}::bigint and set_by is not distinct from ${setBy}::bigint for update`;
  return row === undefined ? null : lockLimit(tx, String(row.id), null);
}

/** Who has set it last; a limit of nothing goes. */
export async function signLimit(tx: Query, target: LimitTarget, person: string): Promise<void> {
  const { agentId, vendorId = null, gameId = null, playerId = null, setBy = null } = target;
  const isIt = tx`agent_id = ${agentId} and vendor_id is not distinct from ${vendorId}::int and game_id is not distinct from ${gameId}::int
    and player_id is not distinct from ${playerId}::bigint and set_by is not distinct from ${setBy}::bigint`;
  await tx`update bet_limit set set_person = ${person}, set_at = now() where ${isIt}`;
  await tx`delete from bet_limit where ${isIt} and max_bet is null and max_win is null`;
}

export async function deleteLimit(tx: Query, id: number): Promise<void> {
  await tx`delete from bet_limit where id = ${id}`;
}

/** The agents above an agent, the root first. */
export async function agentsAbove(db: Query, agentId: AgentId): Promise<readonly AgentId[]> {
  const [row] = await db`select path::text as path from agent where id = ${agentId}`;
  return row === undefined
    ? []
    : parseNumbers(row.path)
        .slice(0, -1)
        .map((id) => trusted<AgentId>(id));
}

export interface LimitGame {
  readonly id: GameId;
  readonly vendorId: VendorId;
  readonly title: string;
}

export async function findGameForLimit(db: Query, id: number): Promise<LimitGame | null> {
  const [row] = await db`select id, vendor_id, title from game where id = ${id}`;
  return row === undefined
    ? null
    : { id: trusted(row.id), vendorId: trusted(row.vendor_id), title: row.title };
}

/** Vendors with their games, to choose from; both wholes are small. */
export async function catalogueForLimits(db: Query): Promise<
  readonly {
    readonly id: number;
    readonly name: string;
    readonly games: readonly { readonly id: number; readonly title: string }[];
  }[]
> {
  const rows =
    await db`select v.id, v.name, coalesce(json_agg(json_build_object('id', g.id, 'title', g.title) order by g.title, g.id) filter (where g.id is not null), '[]') as games
    from vendor v left join game g on g.vendor_id = v.id group by v.id order by v.name`;
  return rows.map((row) => ({ id: row.id, name: row.name, games: row.games }));
}
