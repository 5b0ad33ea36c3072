/** Inquiries between an agent's people and its direct upline's: nobody else sees one, but the house. */
import { Type } from 'typebox';
import { type AgentId, trusted } from '../core/ids.ts';
import { may } from '../core/office/roles.ts';
import { findAgentById } from '../db/agent.ts';
import {
  actOnThread,
  type Between,
  openThread,
  readThread,
  showThread,
  sortThread,
} from './inquiries-acts.ts';
import { threadList } from './inquiries-list.ts';
import { Category, Files, IdNumber, Opening, Priority, ThreadDetail, ThreadText } from './inquiries-view.ts';
import { type OfficeReply, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { seesAgent } from './scope.ts';
import { Done } from './shapes.ts';

const group = 'inquiries';
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

export const INQUIRIES: readonly OfficeRoute[] = [
  ...threadList(kind, {
    path: '/inquiries',
    name: 'Inquiries',
    summary: 'Inquiries, those with news first',
    group,
  }),
  route({
    method: 'POST',
    path: '/inquiries',
    operationId: 'openInquiry',
    summary: 'Ask the own upline, or an agent right below',
    group,
    permission: 'ask',
    body: Type.Object({ ...Opening, agent: Type.Optional(IdNumber) }, { additionalProperties: false }),
    answer: Type.Object({ id: Type.Integer() }),
    async handle(call, { body: { agent, ...opening } }) {
      const between = await betweenOf(call, agent);
      return 'status' in between ? between : openThread(call, between, opening);
    },
  }),
  route({
    method: 'GET',
    path: '/inquiries/:threadId',
    operationId: 'getInquiry',
    summary: 'An inquiry with its messages',
    group,
    permission: 'look',
    answer: ThreadDetail,
    handle: (call, { params }) => showThread(call, kind, params.threadId),
  }),
  route({
    method: 'PATCH',
    path: '/inquiries/:threadId',
    operationId: 'sortInquiry',
    summary: 'Another category or priority',
    group,
    permission: 'answer',
    body: Type.Object(
      { category: Type.Optional(Category), priority: Type.Optional(Priority) },
      { additionalProperties: false },
    ),
    answer: Done,
    handle: (call, { params, body }) => sortThread(call, { kind, id: params.threadId }, body),
  }),
  route({
    method: 'POST',
    path: '/inquiries/:threadId/messages',
    operationId: 'writeInquiry',
    summary: 'A message more; a closed inquiry is open again',
    group,
    permission: 'ask',
    body: Type.Object({ text: ThreadText, attachments: Files }, { additionalProperties: false }),
    answer: Done,
    handle: (call, { params, body }) =>
      actOnThread(call, {
        kind,
        id: params.threadId,
        act: 'write',
        text: body.text,
        files: body.attachments,
      }),
  }),
  route({
    method: 'POST',
    path: '/inquiries/:threadId/close',
    operationId: 'closeInquiry',
    summary: 'Nothing is left to say',
    group,
    permission: 'ask',
    answer: Done,
    handle: (call, { params }) => actOnThread(call, { kind, id: params.threadId, act: 'close' }),
  }),
  route({
    method: 'POST',
    path: '/inquiries/:threadId/read',
    operationId: 'readInquiry',
    summary: 'The caller has read up to that message',
    group,
    permission: 'look',
    body: Type.Object({ messageId: IdNumber }, { additionalProperties: false }),
    answer: Done,
    handle: (call, { params, body }) => readThread(call, { kind, id: params.threadId }, body.messageId),
  }),
];
