/** The last calls of the operator API: an agent's own, and for the house those of whom nobody knows. */
import { Type } from 'typebox';
import { ANSWER_KINDS, listRequests, type RequestSeen, refusedAddresses } from '../db/request-log.ts';
import { ownAgent, withOwnAgent } from './developer-own.ts';
import { type Column, listRoutes, type OfficeList } from './list.ts';
import { ok } from './replies.ts';
import { type OfficeRoute, route } from './route.ts';
import { At, AtGiven, Line, Nullable } from './shapes.ts';

const group = 'developer';
const permission = 'developer';

const Filter = Type.Object({
  kind: Type.Optional(Type.Enum([...ANSWER_KINDS])),
  path: Type.Optional(Line(1, 120)),
  from: Type.Optional(AtGiven),
  to: Type.Optional(AtGiven),
  ip: Type.Optional(Line(1, 64)),
  username: Type.Optional(Line(1, 64)),
});

const Problem = Type.Object({ code: Type.String(), bound: Type.Optional(Type.Number()) });
const RequestShape = Type.Object({
  id: Type.Integer(),
  at: At,
  method: Type.String(),
  path: Type.String(),
  status: Type.Integer(),
  elapsedMs: Type.Number(),
  ip: Type.String(),
  keyHint: Nullable(Type.String()),
  username: Nullable(Type.String()),
  parameters: Type.Record(Type.String(), Type.String()),
  refusal: Nullable(Type.String({ description: "what it was refused for; 'fields': see problems" })),
  problems: Nullable(Type.Record(Type.String(), Type.Array(Problem))),
  answer: Type.String({ description: 'the body of a refusal' }),
  leftOut: Type.Integer({ description: 'calls since the row before that were answered but not kept' }),
});

type Row = Omit<RequestSeen, 'agentId'> & Readonly<Record<string, unknown>>;

const columns: readonly Column<Row>[] = [
  { key: 'at', title: 'Time (UTC)', type: 'instant' },
  { key: 'method', title: 'Method', type: 'text' },
  { key: 'path', title: 'Call', type: 'text' },
  { key: 'status', title: 'Status', type: 'number' },
  { key: 'elapsedMs', title: 'ms', type: 'number' },
  { key: 'ip', title: 'From', type: 'text' },
  { key: 'keyHint', title: 'Key', type: 'text' },
  { key: 'username', title: 'User', type: 'text' },
  { key: 'refusal', title: 'Refused for', type: 'text' },
  { key: 'answer', title: 'Answer', type: 'text' },
];

const rowOf = ({ agentId: _agentId, ...row }: RequestSeen): Row => row;

const common = {
  group,
  permission,
  filter: Filter,
  orders: { newest: { key: ['bigint'], descending: true } },
  row: RequestShape,
  columns,
  keyOf: ({ id }: Row) => [String(id)],
} as const satisfies Partial<OfficeList<typeof Filter, Row>>;

const ofAgent: OfficeList<typeof Filter, Row> = {
  ...common,
  path: '/developer/:agentId/requests',
  name: 'Requests',
  summary: 'The last calls of an agent, newest first',
  async read(call, { params, filter }, page) {
    const agent = await ownAgent(call, params.agentId);
    if (agent === null) return null;
    return (await listRequests(call.sql, { agentId: agent.id, filter: filter }, page)).map(rowOf);
  },
};

const ofNobody: OfficeList<typeof Filter, Row> = {
  ...common,
  path: '/unknown-callers',
  name: 'UnknownCallers',
  summary: 'Calls that were refused before anybody knew whose they were; for the house',
  async read(call, { filter }, page) {
    if (call.principal.scope.kind !== 'house') return null;
    return (await listRequests(call.sql, { agentId: null, filter: filter }, page)).map(rowOf);
  },
};

const addresses = route({
  method: 'GET',
  path: '/developer/:agentId/refused-addresses',
  operationId: 'refusedAddresses',
  summary: "From where an agent's calls were turned away in the last days",
  group,
  permission,
  answer: Type.Object({
    addresses: Type.Array(
      Type.Object({
        ip: Type.String(),
        refusal: Type.Enum(['ip_not_allowed', 'origin_not_allowed']),
        count: Type.Integer(),
        at: At,
      }),
    ),
  }),
  handle: (call, { params }) =>
    withOwnAgent(call, params, async ({ id }) => ok({ addresses: await refusedAddresses(call.sql, id) })),
});

export const DEVELOPER_REQUESTS: readonly OfficeRoute[] = [
  ...listRoutes(ofAgent),
  ...listRoutes(ofNobody),
  addresses,
];
