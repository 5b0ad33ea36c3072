/** Whose rows a caller sees: the house all, an agent its own and those of the agents below it. Everything else is not there. */
import type { Fragment } from 'postgres';
import { type AgentId, trusted } from '../core/ids.ts';
import type { Query } from '../db/connect.ts';
import type { OfficeCall, Scope } from './route.ts';

/** The condition that agent row `a` (its alias) is in scope. */
export function agentInScope(db: Query, scope: Scope): Fragment {
  return scope.kind === 'house' ? db`true` : db`a.path @> array[${scope.agentId}::bigint]`;
}

/**
 * The agents a call is about: all in scope, or the named one (`below`: with those below it). Null: the named one is not
 * there for the caller.
 */
export async function agentsOf(
  { sql, principal: { scope } }: Pick<OfficeCall, 'sql' | 'principal'>,
  named: { readonly agent?: string | undefined; readonly below?: boolean } = {},
): Promise<readonly AgentId[] | null> {
  const { agent, below = false } = named;
  if (agent === undefined) {
    const rows = await sql`select id from agent a where ${agentInScope(sql, scope)} order by id`;
    return rows.map((row) => trusted<AgentId>(row.id));
  }
  if (!/^\d{1,15}$/.test(agent)) return null;
  // The named one itself must be in scope: an upline's id is not there, though all of one's own are below it.
  if (!below) {
    const rows =
      await sql`select id from agent a where a.id = ${agent}::bigint and ${agentInScope(sql, scope)}`;
    return rows.length === 0 ? null : rows.map((row) => trusted<AgentId>(row.id));
  }
  const rows = await sql`select b.id from agent a join agent b on b.path @> array[a.id]
    where a.id = ${agent}::bigint and ${agentInScope(sql, scope)} order by b.id`;
  return rows.length === 0 ? null : rows.map((row) => trusted<AgentId>(row.id));
}

/** Whether the agent is the caller's own or below it. */
export async function seesAgent(
  call: Pick<OfficeCall, 'sql' | 'principal'>,
  agentId: AgentId | number | string,
): Promise<boolean> {
  return (await agentsOf(call, { agent: String(agentId) })) !== null;
}

/** Whether the agent is strictly below the caller's own: what only an upline may do. The house is everybody's upline. */
export async function isUplineOf(
  call: Pick<OfficeCall, 'sql' | 'principal'>,
  agentId: AgentId | number | string,
): Promise<boolean> {
  const { scope } = call.principal;
  if (scope.kind === 'agent' && Number(scope.agentId) === Number(agentId)) return false;
  return seesAgent(call, agentId);
}
