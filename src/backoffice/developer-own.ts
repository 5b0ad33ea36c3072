/**
 * Whose developer pages a caller sees: an agent's people their own agent's alone, since its keys act in its name; the
 * house any agent's.
 */
import { type AgentId, trusted } from '../core/ids.ts';
import { type AgentRecord, findAgentById } from '../db/agent.ts';
import { type OfficeReply, refuse } from './replies.ts';
import type { OfficeCall, Streamed } from './route.ts';

export async function ownAgent(
  { sql, principal: { scope } }: Pick<OfficeCall, 'sql' | 'principal'>,
  agentId: string,
): Promise<AgentRecord | null> {
  if (scope.kind === 'agent' && Number(scope.agentId) !== Number(agentId)) return null;
  return findAgentById(sql, trusted<AgentId>(agentId));
}

type Answer = OfficeReply | Streamed;

/** Answers about the agent of the address, or that there is none. */
export async function withOwnAgent(
  call: OfficeCall,
  { agentId }: { readonly agentId: string },
  answer: (agent: AgentRecord) => Answer | Promise<Answer>,
): Promise<Answer> {
  const agent = await ownAgent(call, agentId);
  return agent === null ? refuse('not_found') : answer(agent);
}

/** The same, for what only a seamless wallet has. */
export function withSeamlessAgent(
  call: OfficeCall,
  params: { readonly agentId: string },
  answer: (agent: AgentRecord) => Answer | Promise<Answer>,
): Promise<Answer> {
  return withOwnAgent(call, params, (agent) =>
    agent.wallet === 'seamless'
      ? answer(agent)
      : refuse('refused', { detail: `${agent.username} has a transfer wallet: it is never called back` }),
  );
}
