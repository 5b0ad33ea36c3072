/** The service desk: threads between an agent's people and the house. What the house notes in one, only the house sees. */
import { Type } from 'typebox';
import { trusted } from '../core/ids.ts';
import { may, OFFICE_ROLES } from '../core/office/roles.ts';
import { answerersOfHouse } from '../db/office-thread.ts';
import { actOnThread, type Between } from './inquiries-acts.ts';
import { ThreadMessage, threadRoutes } from './inquiries-routes.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { seesAgent } from './scope.ts';
import { Done, Line } from './shapes.ts';

const group = 'service desk';
const kind = 'desk';

async function betweenOf(call: OfficeCall, agent: number | undefined): Promise<Between | OfficeReply> {
  const { scope, role } = call.principal;
  if (scope.kind === 'agent') {
    if (agent === undefined || agent === scope.agentId)
      return { kind, agentId: scope.agentId, answererId: null, side: 'asker' };
    if (!(await seesAgent(call, agent))) return refuse('not_found');
    return refuse('refused', { detail: 'each agent’s people ask for themselves' });
  }
  if (agent === undefined) return refuse('invalid_request', { fields: { agent: 'say which agent' } });
  if (!may(role, 'answer')) return refuse('forbidden');
  if (!(await seesAgent(call, agent))) return refuse('not_found');
  return { kind, agentId: trusted(agent), answererId: null, side: 'answerer' };
}

const ANSWERERS = OFFICE_ROLES.filter((role) => may(role, 'answer'));

/** Hands a thread over, or takes it. Only who answers for the house can be handed one. */
async function take(call: OfficeCall, id: string, to: string | undefined): Promise<OfficeReply> {
  const { person } = call.principal;
  if (to !== undefined && to !== person) {
    const people = call.principal.scope.kind === 'house' ? await answerersOfHouse(call.sql, ANSWERERS) : [];
    if (call.principal.scope.kind === 'house' && !people.some(({ name }) => name === to))
      return refuse('invalid_request', { fields: { to: 'nobody of the house who answers' } });
  }
  return actOnThread(call, { kind, id, act: 'take', assignee: to ?? person });
}

const threads = threadRoutes({
  kind,
  path: '/desk',
  group,
  names: { all: 'DeskThreads', one: 'DeskThread' },
  summaries: {
    list: 'Threads of the service desk',
    open: 'Ask the house; or, as the house, write to an agent',
    show: 'A thread with its messages',
    write: 'A message more, for both sides',
    close: 'For good',
  },
  betweenOf,
});

const houses: readonly OfficeRoute[] = [
  route({
    method: 'POST',
    path: '/desk/:threadId/notes',
    operationId: 'noteDeskThread',
    summary: 'A note that only the house sees',
    group,
    permission: 'answer',
    body: ThreadMessage,
    answer: Done,
    handle: (call, { params, body }) =>
      actOnThread(call, { kind, id: params.threadId, act: 'note', text: body.text, files: body.attachments }),
  }),
  route({
    method: 'POST',
    path: '/desk/:threadId/take',
    operationId: 'takeDeskThread',
    summary: 'Look after it, or hand it to somebody of the house',
    group,
    permission: 'answer',
    body: Type.Object({ to: Type.Optional(Line(1, 64)) }, { additionalProperties: false }),
    answer: Done,
    handle: (call, { params, body }) => take(call, params.threadId, body.to),
  }),
  route({
    method: 'POST',
    path: '/desk/:threadId/release',
    operationId: 'releaseDeskThread',
    summary: 'Back to the queue',
    group,
    permission: 'answer',
    answer: Done,
    handle: (call, { params }) => actOnThread(call, { kind, id: params.threadId, act: 'release' }),
  }),
  route({
    method: 'POST',
    path: '/desk/:threadId/solve',
    operationId: 'solveDeskThread',
    summary: 'Solved; a word of the agent opens it again',
    group,
    permission: 'answer',
    answer: Done,
    handle: (call, { params }) => actOnThread(call, { kind, id: params.threadId, act: 'solve' }),
  }),
  route({
    method: 'GET',
    path: '/desk-people',
    operationId: 'listDeskPeople',
    summary: 'People of the house who may look after a thread',
    group,
    permission: 'answer',
    answer: Type.Object({
      people: Type.Array(Type.Object({ name: Type.String(), shownName: Type.String() })),
    }),
    async handle({ sql, principal }) {
      if (principal.scope.kind !== 'house') return refuse('forbidden');
      return ok({ people: await answerersOfHouse(sql, ANSWERERS) });
    },
  }),
];

export const DESK: readonly OfficeRoute[] = [...threads, ...houses];
