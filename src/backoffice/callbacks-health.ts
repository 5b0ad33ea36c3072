/** How operators answer: what each has outstanding, how its calls of the last minutes went, and its line on this node. */
import { Type } from 'typebox';
import { HEALTH_MINUTES, type OperatorReport, operatorReports } from '../db/callback-health.ts';
import { ok, refuse } from './replies.ts';
import { route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Id, Nullable } from './shapes.ts';

const OperatorShape = Type.Object({
  agentId: Type.Integer(),
  agent: Type.String(),
  callbackUrl: Nullable(Type.String()),
  asking: Type.Integer(),
  due: Type.Integer(),
  listed: Type.Integer(),
  oldestSeconds: Nullable(Type.Number()),
  lastSuccessAt: Nullable(At),
  attempts: Type.Integer({ description: `of the last ${HEALTH_MINUTES} minutes, as the following` }),
  failed: Type.Integer(),
  refused: Type.Integer(),
  p50Ms: Nullable(Type.Number()),
  p95Ms: Nullable(Type.Number()),
  line: Nullable(
    Type.Object(
      {
        state: Type.Enum(['closed', 'open', 'half_open']),
        inFlight: Type.Integer(),
        waiting: Type.Integer(),
      },
      { description: 'of the node that answers; open: the operator is left alone; null: not called lately' },
    ),
  ),
});

export const CALLBACK_HEALTH = [
  route({
    method: 'GET',
    path: '/callback-health',
    operationId: 'callbackHealth',
    summary: 'Seamless operators: what is outstanding, and how they answer',
    group: 'callbacks',
    permission: 'callbacks',
    query: Type.Object({ agent: Type.Optional(Id) }, { additionalProperties: false }),
    answer: Type.Object({ minutes: Type.Integer(), operators: Type.Array(OperatorShape) }),
    async handle(call, { query: { agent } }) {
      const isAll = agent === undefined && call.principal.scope.kind === 'house';
      const agents = isAll ? null : await agentsOf(call, agent === undefined ? {} : { agent, below: true });
      if (!isAll && agents === null) return refuse('not_found');
      const lines = call.outreach.health();
      const lineOf = ({ agentId }: OperatorReport) => {
        const { key: _key, ...line } = lines.find(({ key }) => key === String(agentId)) ?? { key: '' };
        return 'state' in line ? line : null;
      };
      const reports = await operatorReports(call.sql, agents);
      const operators = reports.map((each) => ({ ...each, line: lineOf(each) }));
      return ok({ minutes: HEALTH_MINUTES, operators });
    },
  }),
];
