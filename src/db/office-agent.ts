/** Agents as the back office shows them: a tree whose nodes are read when they are opened, and a list by name. */
import type { Fragment } from 'postgres';
import type { AgentId } from '../core/ids.ts';
import type { Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

/** More are counted as so many, "or more": 50 rows of a list are 50 counts. */
export const PLAYERS_COUNTED_MAX = 10_000;

export interface AgentRow {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly username: string;
  readonly nickname: string;
  readonly parentId: number | null;
  readonly parent: string | null;
  /** 1: a root. */
  readonly level: number;
  readonly currency: string;
  readonly wallet: string;
  readonly suspended: boolean;
  readonly pot: string;
  readonly agentsBelow: number;
  /** Its own and of those below it. */
  readonly players: number;
  readonly playersMore: boolean;
  /** Standard rate in force, basis points. */
  readonly bps: number | null;
  readonly createdAt: string;
}

export interface AgentFilter {
  readonly parent?: string | undefined;
  readonly agent?: string | undefined;
  readonly begins?: string | undefined;
  readonly wallet?: string | undefined;
  readonly suspended?: string | undefined;
}

/** The first agents of a scope: roots for the house, itself for an agent. */
export const TOP = 'top';

export interface AgentScope {
  /** The condition that agent `a` is in scope. */
  readonly inScope: Fragment;
  /** The condition that agent `a` is one of the first of the scope. */
  readonly isTop: Fragment;
}

export async function listOfficeAgents(
  db: Query,
  { inScope, isTop }: AgentScope,
  { filter, page }: { readonly filter: AgentFilter; readonly page: KeysetPage & { readonly order: string } },
): Promise<AgentRow[]> {
  const columns =
    page.order === 'name'
      ? ([{ column: db`a.username_key`, type: 'text' }] as const)
      : ([{ column: db`a.id`, type: 'bigint' }] as const);
  const { where, order, limit } = keyset(db, page, columns);
  const rows = await db`
    with page as materialized (select a.* from agent a where ${inScope} and ${where} and ${matches(db, filter, isTop)} ${order} ${limit})
    ${details(db)} ${order}`;
  return rows.map(toRow);
}

/** Null: not there for whoever asks. */
export async function findOfficeAgent(db: Query, inScope: Fragment, id: AgentId): Promise<AgentRow | null> {
  const [row] = await db`
    with page as materialized (select a.* from agent a where a.id = ${id} and ${inScope}) ${details(db)}`;
  return row === undefined ? null : toRow(row);
}

function matches(db: Query, filter: AgentFilter, isTop: Fragment): Fragment {
  const { parent, agent, begins, wallet, suspended } = filter;
  const children =
    parent === undefined ? db`true` : parent === TOP ? isTop : db`a.parent_id = ${parent}::bigint`;
  const below = agent === undefined ? db`true` : db`a.path @> array[${agent}::bigint]`;
  const named =
    begins === undefined || begins === ''
      ? db`true`
      : db`a.username_key like ${`${begins
          .normalize('NFKC')
          .toLowerCase()
          .replace(/[\\%_]/g, '\\$&')}%`}`;
  const kind = wallet === undefined ? db`true` : db`a.wallet = ${wallet}`;
  const state = suspended === undefined ? db`true` : db`(a.blocked_at is not null) = ${suspended === 'true'}`;
  return db`${children} and ${below} and ${named} and ${kind} and ${state}`;
}

/** Of the rows of `page`, by index for each: never of more than are shown. */
const details = (db: Query) => db`
  select a.id, a.username, a.username_key, a.nickname, a.parent_id, u.username as parent, cardinality(a.path) as level, a.currency, a.wallet,
    a.blocked_at is not null as suspended, p.balance::text as pot, b.agents, n.players, r.bps, wire_time(a.created_at) as created_at
  from page a join account p on p.id = a.pot_account_id left join agent u on u.id = a.parent_id
  cross join lateral (select count(*)::int - 1 as agents from agent c where c.path @> array[a.id]) b
  cross join lateral (select count(*)::int as players from (select 1 from agent c join player on player.agent_id = c.id
    where c.path @> array[a.id] limit ${PLAYERS_COUNTED_MAX + 1}) few) n
  left join lateral (select bps from agent_rate where agent_id = a.id and vendor_id is null and from_at <= now()
    order by from_at desc, id desc limit 1) r on true`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toRow(row: any): AgentRow {
  return {
    id: Number(row.id),
    username: row.username,
    nickname: row.nickname,
    parentId: row.parent_id === null ? null : Number(row.parent_id),
    parent: row.parent,
    level: row.level,
    currency: row.currency,
    wallet: row.wallet,
    suspended: row.suspended,
    pot: row.pot,
    agentsBelow: row.agents,
    players: Math.min(row.players, PLAYERS_COUNTED_MAX),
    playersMore: row.players > PLAYERS_COUNTED_MAX,
    bps: row.bps,
    createdAt: row.created_at,
  };
}

/** How many agents a list comes to, and their POT by currency. */
export async function countOfficeAgents(
  db: Query,
  { inScope, isTop }: AgentScope,
  filter: AgentFilter,
): Promise<{ count: number; pots: { currency: string; sum: string }[] }> {
  const rows = await db`
    select a.currency, count(*)::int as count, sum(p.balance)::text as sum from agent a join account p on p.id = a.pot_account_id
    where ${inScope} and ${matches(db, filter, isTop)} group by a.currency order by a.currency`;
  return {
    count: rows.reduce((sum, row) => sum + row.count, 0),
    pots: rows.map(({ currency, sum }) => ({ currency, sum })),
  };
}

/** An agent and those above it, the root first; only as far up as the caller sees. */
export async function uplinesOf(
  db: Query,
  inScope: Fragment,
  id: AgentId,
): Promise<{ id: number; username: string }[]> {
  const rows = await db`
    select a.id, a.username from agent a where a.id = any((select path from agent where id = ${id})::bigint[]) and ${inScope}
    order by cardinality(a.path)`;
  return rows.map((row) => ({ id: Number(row.id), username: row.username }));
}
