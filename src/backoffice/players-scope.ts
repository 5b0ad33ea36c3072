/** Which users and agents a call about users may be about. What is out of scope is not there. */
import { type AgentId, type PlayerId, trusted } from '../core/ids.ts';
import { findPlayerById, type PlayerRecord } from '../db/player.ts';
import type { OfficeCall, Params } from './route.ts';
import { agentInScope, agentsOf } from './scope.ts';

type Called = Pick<OfficeCall, 'sql' | 'principal'>;

export interface AgentsAsked {
  /** Null: all there are. */
  readonly agents: readonly AgentId[] | null;
}

/** The agent of a filter with those below it, or all in scope. Null: it is not there for the caller. */
export async function agentsAsked(call: Called, agent: string | undefined): Promise<AgentsAsked | null> {
  if (agent === undefined && call.principal.scope.kind === 'house') return { agents: null };
  const agents = await agentsOf(call, agent === undefined ? {} : { agent, below: true });
  return agents === null ? null : { agents };
}

/** Whether the user of a filter is there for the caller; a filter that names nobody is fine. */
export async function seesPlayer({ sql, principal }: Called, player: string | undefined): Promise<boolean> {
  if (player === undefined) return true;
  const rows = await sql`select 1 from player p join agent a on a.id = p.agent_id
    where p.id = ${player}::bigint and ${agentInScope(sql, principal.scope)}`;
  return rows.length > 0;
}

/** The user an address names; null: not there for the caller. */
export async function playerOf(
  call: Called,
  { playerId }: Pick<Params, 'playerId'>,
): Promise<PlayerRecord | null> {
  if (!(await seesPlayer(call, playerId))) return null;
  return findPlayerById(call.sql, trusted<PlayerId>(playerId));
}

/** The name of a user in the audit trail. */
export function subjectOf({ agentId, username }: Pick<PlayerRecord, 'agentId' | 'username'>): string {
  return `${agentId}/${username}`;
}
