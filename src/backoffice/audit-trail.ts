/**
 * The audit trail: the house reads all of it, an agent's people the lines about their agent and those below. From where
 * and why somebody acted is told of one's own people only; of the house and of uplines, what was done.
 */
import { Type } from 'typebox';
import { type AuditLine, listAudit, proveChain } from '../db/office-audit.ts';
import { listRoutes, type OfficeList } from './list.ts';
import { ok } from './replies.ts';
import { route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, AtGiven, Id, Line, Nullable } from './shapes.ts';

const CHAIN_LINES = 10_000;

const Filter = Type.Object({
  actor: Type.Optional(Line(1, 100)),
  action: Type.Optional(Line(1, 64)),
  subject: Type.Optional(Line(1, 200)),
  from: Type.Optional(AtGiven),
  to: Type.Optional(AtGiven),
  agent: Type.Optional(Id),
});

const Values = Nullable(Type.Record(Type.String(), Type.Unknown()));
const LineShape = Type.Object({
  n: Type.Integer({ description: 'place in the chain' }),
  at: At,
  actor: Type.String(),
  action: Type.String({ examples: ['player.block'] }),
  subject: Type.String(),
  agentId: Nullable(Type.Integer()),
  agent: Nullable(Type.String()),
  ip: Nullable(Type.String()),
  before: Values,
  after: Values,
  reason: Nullable(Type.String()),
  more: Type.Record(Type.String(), Type.Unknown()),
  hash: Type.String({ description: 'the first characters of it' }),
});

type Row = AuditLine & Readonly<Record<string, unknown>>;
/** As they are exported: what is an object becomes text. */
type ExportRow = Row & { readonly was: string; readonly became: string; readonly also: string };

const AUDIT_LIST: OfficeList<typeof Filter, ExportRow> = {
  path: '/audit',
  name: 'AuditLines',
  summary: 'The audit trail',
  group: 'audit',
  permission: 'audit',
  filter: Filter,
  orders: { newest: { key: ['bigint'], descending: true }, oldest: { key: ['bigint'], descending: false } },
  row: LineShape,
  columns: [
    { key: 'n', title: 'n', type: 'number' },
    { key: 'at', title: 'at', type: 'instant' },
    { key: 'actor', title: 'actor', type: 'text' },
    { key: 'action', title: 'action', type: 'text' },
    { key: 'subject', title: 'subject', type: 'text' },
    { key: 'agent', title: 'agent', type: 'text' },
    { key: 'ip', title: 'address', type: 'text' },
    { key: 'was', title: 'before', type: 'text' },
    { key: 'became', title: 'after', type: 'text' },
    { key: 'reason', title: 'reason', type: 'text' },
    { key: 'also', title: 'more', type: 'text' },
    { key: 'hash', title: 'hash', type: 'text' },
  ],
  async read(call, { filter }, page) {
    const { agent, actor = null, action = null, subject = null, from = null, to = null } = filter;
    const isHouse = call.principal.scope.kind === 'house';
    const own = isHouse ? null : await agentsOf(call);
    const agents = agent === undefined ? own : await agentsOf(call, { agent, below: true });
    if (agents === null && agent !== undefined) return null;
    const given = { agents, actor, action, subject, from, to, peopleOf: own };
    return (await listAudit(call.sql, given, page)).map(toRow);
  },
  keyOf: ({ n }) => [String(n)],
};

function toRow(line: AuditLine): ExportRow {
  const text = (value: unknown) => (value === null ? '' : JSON.stringify(value));
  const { before, after, more } = line;
  return { ...line, was: text(before), became: text(after), also: text(more) };
}

export const AUDIT_TRAIL = [
  ...listRoutes(AUDIT_LIST),
  route({
    method: 'GET',
    path: '/audit/chain',
    operationId: 'proveAuditChain',
    summary: `Whether the newest ${CHAIN_LINES} lines continue each other; croupier audit proves all`,
    group: 'audit',
    permission: 'audit',
    answer: Type.Object({
      lines: Type.Integer({ description: 'how many were proven, from the newest back' }),
      ok: Type.Boolean(),
      brokenAt: Nullable(Type.Integer()),
      head: Nullable(Type.String()),
      checkedAt: At,
    }),
    async handle({ sql }) {
      const proof = await proveChain(sql, { linesMax: CHAIN_LINES });
      return ok({ ok: proof.brokenAt === null, ...proof });
    },
  }),
];
