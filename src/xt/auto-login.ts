/** A way from the operator's own tools into its back office: a link, good once. Whoever follows it is the agent's API. */
import { AGENT_ROLES, type AgentRole } from '../core/office/roles.ts';
import { toolOf } from '../core/office/tool.ts';
import { makeEntryLink } from '../office-people.ts';
import type { Call, CallResult } from './context.ts';

/** So many links are out that none is made: they are good for two minutes. */
const FULL_WAIT_MS = 60_000;

export const ENTRY_ROLES = AGENT_ROLES;

export async function autoLogin(call: Call, { role }: { readonly role: AgentRole }): Promise<CallResult> {
  const { id: agentId, username: agentName } = call.agent;
  const person = toolOf(agentName);
  const doer = { principal: { person }, ip: call.ip };
  const parts = { ...call, base: call.baseOf() };
  const made = await makeEntryLink(parts, { agentId, agentName, role, person, reason: null }, doer);
  if (!made.ok) return { refusal: 'too_soon', retryAfterMs: FULL_WAIT_MS };
  return { body: { link: made.link, expires_at: made.expiresAt } };
}
