/** Players (XT's users). Ids and accounts never change once made; profile and protection do. */
import { ACCOUNT } from '../core/chart.ts';
import {
  type AccountId,
  type AgentId,
  type PlayerId,
  type SessionId,
  trusted,
  trustedOrNull,
} from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import { foldName } from './agent.ts';
import type { Query } from './connect.ts';

/** What never changes about a player: safe to remember. */
export interface PlayerKey {
  readonly id: PlayerId;
  readonly agentId: AgentId;
  readonly walletId: AccountId;
  readonly pointsId: AccountId;
  readonly username: string;
}

export interface PlayerRecord extends PlayerKey {
  /** Differs from the wallet in seamless mode. */
  readonly fundsId: AccountId;
  readonly nickname: string;
  /** Of a seamless player: what its operator holds, as far as is known here. */
  readonly balance: bigint;
  readonly points: bigint;
  /** The session whose token is the user's current one, when that token is still good. */
  readonly tokenSession: SessionId | null;
  readonly blockedAt: string | null;
  readonly blockReason: string | null;
  readonly excludedUntil: string | null;
  readonly coolingUntil: string | null;
  readonly mayPlay: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastAccessAt: string | null;
}

/** Whether player `p` may play now; the ledger decides the same under lock (src/core/limits.ts). */
export const mayPlay = (db: Query) =>
  db`(p.blocked_at is null and coalesce(p.excluded_until, '-infinity') <= now() and coalesce(p.cooling_until, '-infinity') <= now())`;

/** Where stakes of player `p` of agent `a` come from: its wallet, or in seamless mode the POT that covers it. */
export const fundsAccount = (db: Query) =>
  db`case when a.wallet = 'seamless' then a.pot_account_id else p.wallet_account_id end as funds_account_id`;

const select = (
  db: Query,
) => db`select p.id, p.agent_id, p.wallet_account_id, p.points_account_id, p.username, coalesce(p.nickname, p.username) as nickname,
  ${fundsAccount(db)}, coalesce(w.known, w.balance) as balance, t.balance as points, s.id as token_session, wire_time(p.blocked_at) as blocked_at, p.block_reason,
  case when p.excluded_until = 'infinity' then 'for good' else wire_time(p.excluded_until) end as excluded_until, wire_time(p.cooling_until) as cooling_until,
  ${mayPlay(db)} as may_play,
  wire_time(p.created_at) as created_at, wire_time(p.updated_at) as updated_at, wire_time(p.last_access_at) as last_access_at
  from player p join agent a on a.id = p.agent_id join account w on w.id = p.wallet_account_id join account t on t.id = p.points_account_id
  left join session s on s.id = p.session_id and s.ended_at is null and s.expires_at > now()`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toPlayer(row: any): PlayerRecord {
  return {
    ...toKey(row),
    fundsId: trusted(row.funds_account_id),
    nickname: row.nickname,
    balance: row.balance,
    points: row.points,
    tokenSession: trustedOrNull(row.token_session),
    blockedAt: row.blocked_at,
    blockReason: row.block_reason,
    excludedUntil: row.excluded_until,
    coolingUntil: row.cooling_until,
    mayPlay: row.may_play,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastAccessAt: row.last_access_at,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toKey(row: any): PlayerKey {
  return {
    id: trusted(row.id),
    agentId: trusted(row.agent_id),
    walletId: trusted(row.wallet_account_id),
    pointsId: trusted(row.points_account_id),
    username: row.username,
  };
}

export async function findPlayerKey(
  db: Query,
  agentId: AgentId,
  username: string,
): Promise<PlayerKey | null> {
  const [row] =
    await db`select id, agent_id, wallet_account_id, points_account_id, username from player where agent_id = ${agentId} and username_key = ${foldName(username)}`;
  return row === undefined ? null : toKey(row);
}

export async function findPlayer(
  db: Query,
  agentId: AgentId,
  username: string,
): Promise<PlayerRecord | null> {
  const [row] =
    await db`${select(db)} where p.agent_id = ${agentId} and p.username_key = ${foldName(username)}`;
  return row === undefined ? null : toPlayer(row);
}

export async function findPlayerById(db: Query, id: PlayerId): Promise<PlayerRecord | null> {
  const [row] = await db`${select(db)} where p.id = ${id}`;
  return row === undefined ? null : toPlayer(row);
}

export async function findUsername(db: Query, id: PlayerId): Promise<string | null> {
  const [row] = await db`select username from player where id = ${id}`;
  return row?.username ?? null;
}

/** Users of that name at any agent: names are unique only within one. */
export async function findPlayersByName(db: Query, username: string): Promise<PlayerRecord[]> {
  return (await db`${select(db)} where p.username_key = ${foldName(username)} limit 10`).map(toPlayer);
}

export async function listPlayers(
  db: Query,
  agentId: AgentId,
  page: { offset: number; limit: number },
): Promise<PlayerRecord[]> {
  return (
    await db`${select(db)} where p.agent_id = ${agentId} order by p.id limit ${page.limit} offset ${page.offset}`
  ).map(toPlayer);
}

export interface NewPlayer {
  readonly agentId: AgentId;
  readonly username: string;
  readonly nickname: string | null;
  readonly currency: Currency;
}

/** Creates a player with wallet and points accounts; null when the name is taken. */
export async function createPlayer(db: Query, player: NewPlayer): Promise<PlayerId | null> {
  const { agentId, username, nickname, currency } = player;
  const [row] = await db`
    with made as (insert into player (agent_id, username, username_key, nickname, wallet_account_id, points_account_id)
      values (${agentId}, ${username}, ${foldName(username)}, ${nickname}, nextval('account_id_seq'), nextval('account_id_seq'))
      on conflict (agent_id, username_key) do nothing returning *),
    accounts as (insert into account (id, agent_id, kind, owner_id, currency)
      select wallet_account_id, agent_id, ${ACCOUNT.wallet}::smallint, id, ${currency} from made
      union all select points_account_id, agent_id, ${ACCOUNT.points}::smallint, id, ${currency} from made)
    select id from made`;
  return row === undefined ? null : trusted(row.id);
}

/** Blocks or unblocks. Self-exclusion and cooling-off are the player's own and are not touched by it. */
export async function setBlocked(
  db: Query,
  id: PlayerId,
  block: { readonly reason: string } | null,
): Promise<void> {
  await db`update player set blocked_at = case when ${block !== null} then coalesce(blocked_at, now()) end, block_reason = ${block?.reason ?? null}, updated_at = now() where id = ${id}`;
}

/** Self-exclusion can only be made longer. `until` null = for good. */
export async function excludeSelf(db: Query, id: PlayerId, until: Date | null): Promise<void> {
  await db`update player set excluded_until = greatest(excluded_until, coalesce(${until}::timestamptz, 'infinity')), updated_at = now() where id = ${id}`;
}

/** A break can only be made longer. */
export async function coolOff(db: Query, id: PlayerId, until: Date): Promise<void> {
  await db`update player set cooling_until = greatest(cooling_until, ${until}::timestamptz), updated_at = now() where id = ${id}`;
}
