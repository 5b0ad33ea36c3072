/** Inquiries between an agent's people and its direct upline's: nobody else sees one, but the house. */
import { type AgentId, trusted } from '../core/ids.ts';
import { may } from '../core/office/roles.ts';
import { findAgentById } from '../db/agent.ts';
import type { Between } from './inquiries-acts.ts';
import { threadRoutes } from './inquiries-routes.ts';
import { type OfficeReply, refuse } from './replies.ts';
import type { OfficeCall, OfficeRoute } from './route.ts';
import { seesAgent } from './scope.ts';

const kind = 'inquiry';

/** Whom an inquiry is between: with the own upline, or with an agent right below. */
async function betweenOf(call: OfficeCall, agent: number | undefined): Promise<Between | OfficeReply> {
  const { scope, role } = call.principal;
  const own = scope.kind === 'agent' ? scope.agentId : null;
  if (agent === undefined || agent === own) return own === null ? whom() : upwards(call, own);
  if (!(await seesAgent(call, agent))) return refuse('not_found');
  if (!may(role, 'answer')) return refuse('forbidden');
  const below = await findAgentById(call.sql, trusted(agent));
  if (below?.parentId !== own)
    return refuse('refused', { detail: 'an inquiry is with the agent’s direct upline' });
  return { kind, agentId: below.id, answererId: own, side: 'answerer' };
}

const whom = () => refuse('invalid_request', { fields: { agent: 'say which agent' } });

async function upwards({ sql }: OfficeCall, own: AgentId): Promise<Between> {
  const agent = await findAgentById(sql, own);
  return { kind, agentId: own, answererId: agent?.parentId ?? null, side: 'asker' };
}

export const INQUIRIES: readonly OfficeRoute[] = threadRoutes({
  kind,
  path: '/inquiries',
  group: 'inquiries',
  names: { all: 'Inquiries', one: 'Inquiry' },
  summaries: {
    list: 'Inquiries, those with news first',
    open: 'Ask the own upline, or an agent right below',
    show: 'An inquiry with its messages',
    write: 'A message more; a closed inquiry is open again',
    close: 'Nothing is left to say',
  },
  betweenOf,
});
