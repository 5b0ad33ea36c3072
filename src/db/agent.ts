/** Agents, their keys and their POT accounts. */
import { ACCOUNT, type AccountKind } from '../core/chart.ts';
import { type AccountId, type AgentId, trusted, trustedOrNull } from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import { parseNumbers, type Query, texts } from './connect.ts';

export interface AgentRecord {
  readonly id: AgentId;
  readonly parentId: AgentId | null;
  readonly path: readonly AgentId[];
  readonly username: string;
  readonly nickname: string;
  readonly currency: Currency;
  readonly wallet: 'transfer' | 'seamless';
  readonly potId: AccountId;
  readonly callbackUrl: string | null;
  readonly userAgent: string;
  /** The operator's answers must carry the balance, which is then believed. */
  readonly slotBooster: boolean;
  /** How long a callback is tried. */
  readonly callbackCutoffMs: number;
  /** Sealed: client certificate, its key and the authority of its callbacks. */
  readonly callbackTls: string | null;
  readonly pacing: boolean;
  readonly feedIntervalMs: number;
  readonly allowedIps: readonly string[];
  readonly browserOrigins: readonly string[];
  readonly blocked: boolean;
  readonly createdAt: string;
}

const columns = (
  db: Query,
) => db`a.id, a.parent_id, a.path::text as path, a.username, a.nickname, a.currency, a.wallet, a.pot_account_id,
  a.callback_url, a.callback_user_agent, a.slot_booster, a.callback_cutoff_ms, a.callback_tls, a.pacing, a.feed_interval_ms, to_json(a.allowed_ips) as allowed_ips, to_json(a.browser_origins) as browser_origins,
  a.blocked_at is not null as blocked, wire_time(a.created_at) as created_at`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toAgent(row: any): AgentRecord {
  return {
    id: trusted(row.id),
    parentId: trustedOrNull(row.parent_id),
    path: parseNumbers(row.path).map((id) => trusted<AgentId>(id)),
    username: row.username,
    nickname: row.nickname,
    currency: row.currency,
    wallet: row.wallet,
    potId: trusted(row.pot_account_id),
    callbackUrl: row.callback_url,
    userAgent: row.callback_user_agent,
    slotBooster: row.slot_booster,
    callbackCutoffMs: Number(row.callback_cutoff_ms),
    callbackTls: row.callback_tls,
    pacing: row.pacing,
    feedIntervalMs: row.feed_interval_ms,
    allowedIps: row.allowed_ips,
    browserOrigins: row.browser_origins,
    blocked: row.blocked,
    createdAt: row.created_at,
  };
}

export async function findAgentByKey(
  db: Query,
  hash: Buffer,
): Promise<{ agent: AgentRecord; keyId: number } | null> {
  const [row] =
    await db`select ${columns(db)}, k.id as key_id from api_key k join agent a on a.id = k.agent_id
    where k.hash = ${hash} and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`;
  return row === undefined ? null : { agent: toAgent(row), keyId: Number(row.key_id) };
}

export async function findAgentByName(db: Query, username: string): Promise<AgentRecord | null> {
  const [row] = await db`select ${columns(db)} from agent a where a.username_key = ${foldName(username)}`;
  return row === undefined ? null : toAgent(row);
}

export async function findAgentById(db: Query, id: AgentId): Promise<AgentRecord | null> {
  const [row] = await db`select ${columns(db)} from agent a where a.id = ${id}`;
  return row === undefined ? null : toAgent(row);
}

export interface OperatorRecord {
  readonly agent: AgentRecord;
  /** Live secrets of its callbacks, sealed, the newest first. */
  readonly sealed: readonly string[];
}

/** An agent with what its callbacks are signed by. */
export async function findOperator(db: Query, id: AgentId): Promise<OperatorRecord | null> {
  const [row] = await db`select ${columns(db)}, (select coalesce(json_agg(sealed order by s.id desc), '[]')
      from callback_secret s where s.agent_id = a.id and s.revoked_at is null) as sealed
    from agent a where a.id = ${id}`;
  return row === undefined ? null : { agent: toAgent(row), sealed: row.sealed };
}

export async function listAgents(db: Query): Promise<AgentRecord[]> {
  return (await db`select ${columns(db)} from agent a order by a.path`).map(toAgent);
}

/** All browser origins of all agents: a preflight carries no key, so it is answered for anyone's. */
export async function allBrowserOrigins(db: Query): Promise<string[]> {
  return (await db`select distinct unnest(browser_origins) as origin from agent`).map((row) => row.origin);
}

/** How names are compared: compatibility forms and case folded. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

export interface NewAgent {
  readonly username: string;
  readonly nickname: string;
  readonly parent: AgentRecord | null;
  readonly currency: Currency;
  readonly wallet: 'transfer' | 'seamless';
  readonly callbackUrl: string | null;
}

/** Creates an agent with its POT account. Throws the database's 23505 when the name is taken. */
export async function createAgent(db: Query, agent: NewAgent): Promise<AgentId> {
  const [made] = await db`
    with ids as (select nextval('party_id_seq') as agent_id, nextval('account_id_seq') as pot_id),
    pot as (insert into account (id, agent_id, kind, owner_id, currency)
      select pot_id, agent_id, ${ACCOUNT.pot}, agent_id, ${agent.currency} from ids)
    insert into agent (id, parent_id, path, username, username_key, nickname, currency, wallet, pot_account_id, callback_url)
    select agent_id, ${agent.parent?.id ?? null}, ${`{${agent.parent?.path.join(',') ?? ''}}`}::bigint[] || agent_id, ${agent.username}, ${foldName(agent.username)},
      ${agent.nickname}, ${agent.currency}, ${agent.wallet}, pot_id, ${agent.callbackUrl} from ids returning id`;
  return trusted(made?.id);
}

export interface AgentSettings {
  readonly nickname?: string;
  readonly pacing?: boolean;
  readonly feedIntervalMs?: number;
  readonly allowedIps?: readonly string[];
  readonly browserOrigins?: readonly string[];
  readonly callbackUrl?: string | null;
  readonly userAgent?: string;
  readonly slotBooster?: boolean;
  readonly callbackCutoffMs?: number;
  readonly callbackTls?: string | null;
  readonly blocked?: boolean;
}

export async function setAgent(db: Query, id: AgentId, settings: AgentSettings): Promise<void> {
  const { nickname, pacing, feedIntervalMs, allowedIps, browserOrigins, callbackUrl, blocked } = settings;
  const { userAgent, slotBooster, callbackCutoffMs, callbackTls } = settings;
  await db`update agent set
    nickname = coalesce(${nickname ?? null}::text, nickname),
    pacing = coalesce(${pacing ?? null}::boolean, pacing),
    feed_interval_ms = coalesce(${feedIntervalMs ?? null}::integer, feed_interval_ms),
    allowed_ips = coalesce(${allowedIps === undefined ? null : texts(allowedIps)}::text[], allowed_ips),
    browser_origins = coalesce(${browserOrigins === undefined ? null : texts(browserOrigins)}::text[], browser_origins),
    callback_url = case when ${callbackUrl !== undefined} then ${callbackUrl ?? null}::text else callback_url end,
    callback_user_agent = coalesce(${userAgent ?? null}::text, callback_user_agent),
    slot_booster = coalesce(${slotBooster ?? null}::boolean, slot_booster),
    callback_cutoff_ms = coalesce(${callbackCutoffMs ?? null}::bigint, callback_cutoff_ms),
    callback_tls = case when ${callbackTls !== undefined} then ${callbackTls ?? null}::text else callback_tls end,
    blocked_at = case ${blocked ?? null}::boolean when true then coalesce(blocked_at, now()) when false then null else blocked_at end
    where id = ${id}`;
}

export async function addApiKey(
  db: Query,
  key: { agentId: AgentId; hash: Buffer; hint: string; label: string },
): Promise<number> {
  const [row] =
    await db`insert into api_key (agent_id, hash, hint, label) values (${key.agentId}, ${key.hash}, ${key.hint}, ${key.label}) returning id`;
  return Number(row?.id);
}

export async function listApiKeys(db: Query, agentId: AgentId) {
  const rows =
    await db`select id, hint, label, wire_time(created_at) as created_at, wire_time(revoked_at) as revoked_at,
    wire_time(last_used_at) as last_used_at from api_key where agent_id = ${agentId} order by id`;
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}

/** True when the key was live until now. */
export async function revokeApiKey(db: Query, agentId: AgentId, keyId: number): Promise<boolean> {
  const rows =
    await db`update api_key set revoked_at = now() where id = ${keyId} and agent_id = ${agentId} and revoked_at is null returning id`;
  return rows.length > 0;
}

export async function touchApiKeys(db: Query, keyIds: readonly number[]): Promise<void> {
  await db`update api_key set last_used_at = now() where id = any(${`{${keyIds.join(',')}}`}::bigint[])`;
}

/** The balance of an account in minor units. */
export async function balanceOf(db: Query, id: AccountId): Promise<bigint> {
  const [row] = await db`select balance from account where id = ${id}`;
  return row?.balance ?? 0n;
}

/** The account of that description, made when missing: vendor and house accounts come into being on first use. */
export async function ensureAccount(
  db: Query,
  wanted: { agentId: AgentId | null; kind: AccountKind; ownerId: number; currency: Currency },
): Promise<AccountId> {
  const { agentId, kind, ownerId, currency } = wanted;
  // `is not distinct from` can't use the index.
  const owner = agentId === null ? db`agent_id is null` : db`agent_id = ${agentId}`;
  const find = () =>
    db`select id from account where ${owner} and kind = ${kind} and owner_id = ${ownerId} and currency = ${currency}`;
  const [known] = await find();
  if (known !== undefined) return trusted(known.id);
  await db`insert into account (agent_id, kind, owner_id, currency) values (${agentId}, ${kind}, ${ownerId}, ${currency}) on conflict do nothing`;
  const [made] = await find();
  return trusted(made?.id);
}
