/**
 * Callbacks: what operators must be asked and told. The ledger loads and writes them in its own batches, under the
 * lock of their players; here too is what looks after those nobody is at (`claimDue`) and what staff sees.
 */
import { CALLBACK_STATES, type Callback, type CallbackChanges } from '../core/callback-types.ts';
import { LEASE_MS } from '../core/delivery.ts';
import { type AccountId, type AgentId, type TransferId, trusted, trustedOrNull } from '../core/ids.ts';
import { instantOf, numbers, type Query, texts } from './connect.ts';
import type { Names } from './ledger-names.ts';
import { fundsAccount } from './player.ts';
import { type Piece, piece } from './statement.ts';

/**
 * How much of a line a batch sees beyond what it may take out of it, which are the callbacks it names: whatever leaves,
 * a line that is not empty does not look so.
 */
const LINE_LOADED = 3;

/** The first of each named player's line, and the callbacks named themselves. */
export const loadCallbacks = (names: Names) => piece`
  select c.id, c.agent_id, c.player_id, c.code, c.amount::text, c.referer_id, c.game_id, c.round, c.studio_id, c.external_id, c.after::text,
    c.at, c.state, c.attempts, c.next_at, c.resolved_by, c.reason, wire_time(c.at) as at_text, p.wallet_account_id from (
    select c.* from unnest(${numbers([...names.lines])}::bigint[]) n (id) cross join lateral (
      select * from callback l where l.player_id = n.id and l.state < 2 order by l.id limit ${LINE_LOADED + names.callbacks.size}) c
    union select * from callback where id = any(${numbers([...names.callbacks])}::bigint[])) c
  join player p on p.id = c.player_id`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
export function toCallback(row: any): Callback {
  return {
    id: trusted(row.id),
    agentId: trusted(row.agent_id),
    playerId: trusted(row.player_id),
    walletId: trusted(row.wallet_account_id),
    code: row.code,
    amount: BigInt(row.amount),
    refererId: trustedOrNull(row.referer_id),
    gameId: trustedOrNull(row.game_id),
    round: row.round,
    studioId: trustedOrNull(row.studio_id),
    externalId: row.external_id,
    after: BigInt(row.after),
    at: row.at_text,
    atMs: trusted(new Date(row.at).getTime()),
    state: CALLBACK_STATES[row.state as 0 | 1 | 2 | 3],
    attempts: row.attempts,
    nextAt: instantOf(row.next_at),
    resolution: row.reason === null ? null : { by: row.resolved_by ?? '', reason: row.reason },
  };
}

/** A bet in flight that nobody has settled in time, with the account its stake is promised from. */
export interface Orphan {
  readonly callback: Callback;
  readonly fundsId: AccountId;
}

/** Takes on bets in flight whose node has been silent for the lease. */
export async function claimOrphans(db: Query, limit: number): Promise<Orphan[]> {
  const rows = await db`with taken as (
      update callback c set next_at = now() + make_interval(secs => ${LEASE_MS / 1000}) from (
        select id from callback where state = 0 and next_at <= now() order by next_at limit ${limit} for update skip locked) d
      where c.id = d.id returning c.*)
    select c.*, wire_time(c.at) as at_text, p.wallet_account_id, ${fundsAccount(db)}
    from taken c join player p on p.id = c.player_id join agent a on a.id = p.agent_id`;
  return rows.map((row) => ({ callback: toCallback(row), fundsId: trusted(row.funds_account_id) }));
}

/** Agents with a message that is due. */
export async function agentsDue(db: Query): Promise<AgentId[]> {
  const rows = await db`with recursive agents (id) as (
      select min(agent_id) from callback where state < 2
      union all select (select min(agent_id) from callback where state < 2 and agent_id > agents.id) from agents where agents.id is not null)
    select id from agents where id is not null
      and exists (select from callback c where c.agent_id = agents.id and c.state = 1 and c.next_at <= now())`;
  return rows.map((row) => trusted(row.id));
}

/** Takes on messages of an agent that are due: heads of their lines only, longest due first. */
export async function claimDue(db: Query, agentId: AgentId, limit: number): Promise<Callback[]> {
  const rows = await db`with taken as (
      update callback c set next_at = now() + make_interval(secs => ${LEASE_MS / 1000}) from (
        select id from callback h where agent_id = ${agentId} and state = 1 and next_at <= now()
          and not exists (select from callback e where e.player_id = h.player_id and e.state < 2 and e.id < h.id)
        order by next_at limit ${limit} for update skip locked) d
      where c.id = d.id returning c.*)
    select c.*, wire_time(c.at) as at_text, p.wallet_account_id from taken c join player p on p.id = c.player_id order by c.id`;
  return rows.map(toCallback);
}

/** Lets go of messages that were taken on and not tried: whoever sweeps next finds them. */
export async function letGo(db: Query, ids: readonly TransferId[]): Promise<void> {
  await db`update callback set next_at = now() where id = any(${numbers(ids)}::bigint[]) and state = 1 and next_at <> 'infinity'`;
}

/** Gives a date to heads of lines that have none: nothing makes such, but money must not hang on that. Returns how many. */
export async function healLines(db: Query): Promise<number> {
  const rows = await db`update callback c set next_at = now() where state = 1 and next_at = 'infinity'
      and not exists (select from callback e where e.player_id = c.player_id and e.state < 2 and e.id < c.id) returning 1`;
  return rows.length;
}

/** What writes a batch's changes of them, but for those removed. */
export function writeCallbacks(changes: CallbackChanges, at: string): { as: string; sql: Piece | null }[] {
  const { added, changed, attempts } = changes;
  return [
    { as: 'changed', sql: changed.length === 0 ? null : updateCallbacks(changed) },
    { as: 'added', sql: added.length === 0 ? null : insertCallbacks(added, at) },
    { as: 'attempts', sql: attempts.length === 0 ? null : insertAttempts(attempts, at) },
  ];
}

const stateOf = ({ state }: Callback) => CALLBACK_STATES.indexOf(state);
const nextAtOf = ({ nextAt }: Callback) => (nextAt === null ? 'infinity' : new Date(nextAt).toISOString());

export const removeCallbacks = (ids: readonly TransferId[]) =>
  piece`delete from callback where id = any(${numbers(ids)}::bigint[])`;

const updateCallbacks = (rows: readonly Callback[]) => piece`
  update callback c set state = n.state, attempts = n.attempts, next_at = n.next_at, resolved_by = n.resolved_by, reason = n.reason
  from unnest(${numbers(rows.map((r) => r.id))}::bigint[], ${numbers(rows.map(stateOf))}::smallint[], ${numbers(rows.map((r) => r.attempts))}::int[],
    ${texts(rows.map(nextAtOf))}::timestamptz[], ${texts(rows.map((r) => r.resolution?.by ?? null))}::text[], ${texts(rows.map((r) => r.resolution?.reason ?? null))}::text[])
    n (id, state, attempts, next_at, resolved_by, reason)
  where c.id = n.id`;

const insertCallbacks = (rows: readonly Callback[], at: string) => piece`
  insert into callback (id, agent_id, player_id, code, amount, referer_id, game_id, round, studio_id, external_id, after, at, state, next_at)
  select id, agent_id, player_id, code, amount, referer_id, game_id, round, studio_id, external_id, after, ${at}::timestamptz, state, next_at
  from unnest(${numbers(rows.map((r) => r.id))}::bigint[], ${numbers(rows.map((r) => r.agentId))}::bigint[], ${numbers(rows.map((r) => r.playerId))}::bigint[],
    ${numbers(rows.map((r) => r.code))}::smallint[], ${numbers(rows.map((r) => r.amount))}::bigint[], ${numbers(rows.map((r) => r.refererId))}::bigint[],
    ${numbers(rows.map((r) => r.gameId))}::int[], ${texts(rows.map((r) => r.round))}::text[], ${numbers(rows.map((r) => r.studioId))}::bigint[],
    ${texts(rows.map((r) => r.externalId))}::text[], ${numbers(rows.map((r) => r.after))}::bigint[], ${numbers(rows.map(stateOf))}::smallint[],
    ${texts(rows.map(nextAtOf))}::timestamptz[])
    n (id, agent_id, player_id, code, amount, referer_id, game_id, round, studio_id, external_id, after, state, next_at)`;

const insertAttempts = (rows: CallbackChanges['attempts'], at: string) => piece`
  insert into callback_attempt (callback_id, at, agent_id, player_id, n, class, status, elapsed_ms, request, answer)
  select callback_id, ${at}::timestamptz, agent_id, player_id, n, class, status, elapsed_ms, request, answer
  from unnest(${numbers(rows.map((r) => r.callback.id))}::bigint[], ${numbers(rows.map((r) => r.callback.agentId))}::bigint[],
    ${numbers(rows.map((r) => r.callback.playerId))}::bigint[], ${numbers(rows.map((r) => r.n))}::int[], ${texts(rows.map((r) => r.class))}::text[],
    ${numbers(rows.map((r) => r.status))}::int[], ${numbers(rows.map((r) => Math.round(r.elapsedMs)))}::int[], ${texts(rows.map((r) => r.request))}::text[],
    ${texts(rows.map((r) => r.answer))}::text[])
    n (callback_id, agent_id, player_id, n, class, status, elapsed_ms, request, answer)`;
