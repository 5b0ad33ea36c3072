/** The agents a person may choose from, for the filters of every list. */
import { Type } from 'typebox';
import { ok } from './replies.ts';
import { route } from './route.ts';
import { agentInScope } from './scope.ts';
import { Id, Line } from './shapes.ts';

const CHOICES_MAX = 50;

export const AGENTS_SEEN = [
  route({
    method: 'GET',
    path: '/agent-names',
    operationId: 'searchAgentNames',
    summary: 'Agents in scope whose name begins so, for choosing one',
    group: 'agents',
    permission: 'self',
    query: Type.Object(
      { begins: Type.Optional(Line(0, 64)), id: Type.Optional(Id) },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      agents: Type.Array(
        Type.Object({
          id: Type.Integer(),
          username: Type.String(),
          nickname: Type.String(),
          currency: Type.String(),
        }),
      ),
    }),
    async handle({ sql, principal }, { query }) {
      const begins = `${(query.begins ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
      const rows = await sql`select a.id, a.username, a.nickname, a.currency from agent a
        where a.username_key like ${begins} and (${query.id ?? null}::bigint is null or a.id = ${query.id ?? null}) and ${agentInScope(sql, principal.scope)} order by a.username_key limit ${CHOICES_MAX}`;
      return ok({ agents: rows.map((row) => ({ ...row, id: Number(row.id) })) });
    },
  }),
];
