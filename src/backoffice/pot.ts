/**
 * POT between agents and their uplines: asked for, approved by one or two persons, given and taken, each with a receipt.
 * A request to pay POT out holds nothing: what the POT has is checked when it is carried out.
 */
import { Type } from 'typebox';
import { type AgentId, trusted } from '../core/ids.ts';
import { type Currency, isCurrency } from '../core/money.ts';
import { POT_KINDS, POT_STATES, type PotKind, type PotState } from '../core/office/pot.ts';
import { type AgentRecord, findAgentById } from '../db/agent.ts';
import { fourEyesOf, setFourEyes } from '../db/office-pot.ts';
import {
  countPotRequests,
  findPotRequest,
  listPotRequests,
  type PotReceipt,
  type PotRow,
  type PotViewer,
  waitingPotRequests,
} from '../db/office-pot-view.ts';
import { recordAct } from './act.ts';
import { type Column, listRoutes } from './list.ts';
import { actOnRequest, decides, makePotRequest, tidyPotRequest, tidyPotRequests } from './pot-acts.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentInScope, agentsOf, seesAgent } from './scope.ts';
import { At, AtGiven, Id, Line, Minor, MinorGiven, Nullable, Reason } from './shapes.ts';

const Row = {
  id: Type.Integer(),
  kind: Type.Enum([...POT_KINDS]),
  state: Type.Enum([...POT_STATES]),
  agentId: Type.Integer(),
  agent: Type.String(),
  uplineId: Nullable(Type.Integer()),
  upline: Nullable(Type.String()),
  house: Type.Boolean({ description: 'the upline is the house' }),
  amount: Minor,
  currency: Type.String(),
  note: Type.String(),
  needed: Type.Integer({ description: 'persons of the upline who must approve' }),
  approvals: Type.Array(Type.Object({ person: Type.String(), at: At })),
  askedBy: Type.String(),
  askedAt: At,
  expiresAt: At,
  trying: Type.Boolean({ description: 'the ledger has been asked, and its answer is not known yet' }),
  trouble: Nullable(Type.String({ description: 'why the ledger refused at the last try' })),
  endedBy: Nullable(Type.String()),
  endedAt: Nullable(At),
  reason: Nullable(Type.String()),
  transferId: Nullable(Type.Integer()),
};
const Pots = Nullable(Type.Object({ before: Minor, after: Minor }));
const Receipt = Type.Object({
  ...Row,
  movedAt: Nullable(At),
  agentPot: Pots,
  uplinePot: Pots,
  may: Type.Array(Type.Enum(['approve', 'refuse', 'withdraw', 'retry'])),
});

const Filter = Type.Object({
  view: Type.Optional(
    Type.Enum(['mine', 'waiting', 'all'], {
      description: 'what the person asked for, what waits for the person, or all (when absent)',
    }),
  ),
  agent: Type.Optional(Id),
  state: Type.Optional(Type.Enum([...POT_STATES, 'open'])),
  kind: Type.Optional(Type.Enum([...POT_KINDS])),
  from: Type.Optional(AtGiven),
  to: Type.Optional(AtGiven),
  least: Type.Optional(MinorGiven),
  most: Type.Optional(MinorGiven),
});

function viewerOf({ sql, principal: { person, scope } }: Pick<OfficeCall, 'sql' | 'principal'>): PotViewer {
  return {
    person,
    inScope: agentInScope(sql, scope),
    agentId: scope.kind === 'house' ? null : scope.agentId,
  };
}

const COLUMNS: readonly Column<PotRow>[] = [
  { key: 'id', title: 'Number', type: 'number' },
  { key: 'askedAt', title: 'Asked at', type: 'instant' },
  { key: 'kind', title: 'Kind', type: 'text' },
  { key: 'agent', title: 'Agent', type: 'text' },
  { key: 'upline', title: 'Upline', type: 'text' },
  { key: 'amount', title: 'Amount', type: 'money' },
  { key: 'currency', title: 'Currency', type: 'text' },
  { key: 'state', title: 'State', type: 'text' },
  { key: 'askedBy', title: 'Asked by', type: 'text' },
  { key: 'endedBy', title: 'Ended by', type: 'text' },
  { key: 'endedAt', title: 'Ended at', type: 'instant' },
  { key: 'transferId', title: 'Transaction', type: 'number' },
  { key: 'note', title: 'Note', type: 'text' },
  { key: 'reason', title: 'Reason', type: 'text' },
];

const LIST = listRoutes<typeof Filter, PotRow>({
  path: '/pot-requests',
  name: 'PotRequests',
  summary: 'Requests for POT, and POT given and taken',
  group: 'pot',
  permission: 'look',
  filter: Filter,
  orders: {
    newest: { key: ['bigint'], descending: true },
    oldest: { key: ['bigint'], descending: false },
  },
  row: Type.Object(Row),
  columns: COLUMNS,
  async read(call, { filter }, page) {
    if (filter.agent !== undefined && !(await seesAgent(call, filter.agent))) return null;
    await tidyPotRequests(call);
    return listPotRequests(call.sql, viewerOf(call), { filter, page });
  },
  keyOf: (row) => [String(row.id)],
  totals: {
    shape: Type.Object({
      count: Type.Integer(),
      more: Type.Boolean(),
      sums: Type.Array(Type.Object({ kind: Type.String(), currency: Type.String(), sum: Minor })),
    }),
    async read(call, { filter }) {
      if (filter.agent !== undefined && !(await seesAgent(call, filter.agent))) return null;
      return countPotRequests(call.sql, viewerOf(call), filter);
    },
  },
});

/** What waits for this person; null: nothing ever can. */
export async function potWaiting(
  call: Pick<OfficeCall, 'sql' | 'principal'>,
): Promise<{ count: number; more: boolean; oldest: string | null } | null> {
  return call.principal.permissions.includes('pot') ? waitingPotRequests(call.sql, viewerOf(call)) : null;
}

/** The request as the caller may see it, with what they may do; null: not there for them. */
async function look(call: OfficeCall, id: number) {
  const found = await findPotRequest(call.sql, viewerOf(call), id);
  return found === null ? null : { ...found, may: mayDo(call, found) };
}

function mayDo({ principal }: OfficeCall, found: PotReceipt): string[] {
  const { person, permissions, scope } = principal;
  const state = found.state as PotState;
  if ((state !== 'asked' && state !== 'approved') || found.trying) return [];
  const asked = found.askedBy === person;
  // An upline that is not seen is not the caller's own.
  const own = scope.kind === 'house' ? found.house : found.uplineId === Number(scope.agentId);
  const uplineId = own && scope.kind === 'agent' ? scope.agentId : found.house ? null : 0;
  const deciding =
    permissions.includes('pot') && decides(principal, { uplineId, kind: found.kind as PotKind });
  const approved = found.approvals.some((each) => each.person === person);
  const due = state === 'approved' && found.approvals.length >= found.needed;
  return [
    ...(deciding && !asked && !approved && !due ? ['approve'] : []),
    ...(deciding && due ? ['retry'] : []),
    ...(deciding && !asked ? ['refuse'] : []),
    ...(asked ? ['withdraw'] : []),
  ];
}

async function answer(call: OfficeCall, done: Awaited<ReturnType<typeof makePotRequest>>) {
  if ('refused' in done) return done.refused;
  const found = await look(call, done.id);
  return found === null ? refuse('not_found') : ok(found);
}

const Wish = {
  amount: MinorGiven,
  note: Type.Optional(Line(0, 500)),
  key: Line(8, 100),
};
const KEY_TEXT =
  '`key` is drawn by the page: the same again is answered by the same request and moves nothing';

function actRoute(act: 'approve' | 'refuse' | 'withdraw' | 'retry', summary: string): OfficeRoute {
  const takesReason = act === 'refuse';
  return route({
    method: 'POST',
    path: `/pot-requests/:requestId/${act}`,
    operationId: `${act}PotRequest`,
    summary,
    group: 'pot',
    permission: act === 'withdraw' ? 'look' : 'pot',
    body: Type.Object(
      { reason: takesReason ? Reason : Type.Optional(Reason) },
      { additionalProperties: false },
    ),
    answer: Receipt,
    async handle(call, { params, body: { reason } }) {
      const id = Number(params.requestId);
      if ((await look(call, id)) === null) return refuse('not_found');
      return answer(call, await actOnRequest(call, { id, act, reason: reason ?? null }));
    },
  });
}

export const POT: readonly OfficeRoute[] = [
  ...LIST,
  route({
    method: 'GET',
    path: '/pot-requests/:requestId',
    operationId: 'getPotRequest',
    summary: 'A request with who approved it, and its receipt once it is carried out',
    group: 'pot',
    permission: 'look',
    answer: Receipt,
    async handle(call, { params }) {
      const id = Number(params.requestId);
      if ((await look(call, id)) === null) return refuse('not_found');
      await tidyPotRequest(call, id);
      const found = await look(call, id);
      return found === null ? refuse('not_found') : ok(found);
    },
  }),
  route({
    method: 'POST',
    path: '/pot-requests',
    operationId: 'askForPot',
    summary: `Asks the upline for POT, or to pay POT out; ${KEY_TEXT}`,
    group: 'pot',
    permission: 'pot_request',
    body: Type.Object({ kind: Type.Enum(['recharge', 'payment']), ...Wish }, { additionalProperties: false }),
    answer: Receipt,
    async handle(call, { body }) {
      const { scope } = call.principal;
      if (scope.kind === 'house') return refuse('refused', { detail: 'the house has nobody to ask' });
      const agent = await findAgentById(call.sql, scope.agentId);
      if (agent === null) return refuse('not_found');
      const { kind, amount, note = '', key } = body;
      return answer(call, await makePotRequest(call, { agent, kind, amount: BigInt(amount), note, key }));
    },
  }),
  route({
    method: 'POST',
    path: '/agents/:agentId/pot',
    operationId: 'movePot',
    summary: `Gives POT to an agent, or takes it, from or to its upline's; ${KEY_TEXT}`,
    group: 'pot',
    permission: 'pot',
    body: Type.Object({ direction: Type.Enum(['give', 'take']), ...Wish }, { additionalProperties: false }),
    answer: Receipt,
    async handle(call, { params, body }) {
      const agent = await agentBelow(call, params.agentId);
      if (agent === null) return refuse('not_found');
      const { scope } = call.principal;
      if (scope.kind === 'agent' && agent.parentId !== scope.agentId)
        return refuse('refused', { detail: 'POT goes between an agent and those directly below it' });
      const { direction: kind, amount, note = '', key } = body;
      return answer(call, await makePotRequest(call, { agent, kind, amount: BigInt(amount), note, key }));
    },
  }),
  actRoute('approve', 'Approves a request; with the last approval it needs, the money moves'),
  actRoute('retry', 'Tries again to carry out what is approved and the ledger refused'),
  actRoute('refuse', 'Refuses a request; the reason is told to who asked'),
  actRoute('withdraw', 'Takes back what the person asked for'),
  route({
    method: 'GET',
    path: '/pot-rules',
    operationId: 'getPotRules',
    summary: 'From which amount on a second person must approve, of the house or the own agent',
    group: 'pot',
    permission: 'pot',
    answer: Type.Object({
      currencies: Type.Array(
        Type.Object({
          currency: Type.String(),
          above: Nullable(Minor),
          setBy: Nullable(Type.String()),
          setAt: Nullable(At),
        }),
      ),
    }),
    async handle(call) {
      const agentId = ownerOf(call);
      const rules = await fourEyesOf(call.sql, agentId);
      const currencies = await currenciesOf(call);
      return ok({
        currencies: currencies.map((currency) => {
          const rule = rules.find((each) => each.currency === currency);
          const { above = null, setBy = null, setAt = null } = rule ?? {};
          return { currency, above: above?.toString() ?? null, setBy, setAt };
        }),
      });
    },
  }),
  route({
    method: 'PUT',
    path: '/pot-rules',
    operationId: 'setPotRule',
    summary: 'Sets from which amount on a second person must approve; null: one is enough. Owners only',
    group: 'pot',
    permission: 'pot',
    body: Type.Object(
      {
        currency: Type.String({ pattern: '^[A-Z]{3}$' }),
        above: Nullable(Type.String({ pattern: '^\\d{1,16}$', description: 'minor units' })),
        reason: Reason,
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({ ok: Type.Literal(true) }),
    async handle(call, { body: { currency, above, reason } }) {
      const { person, role } = call.principal;
      if (role !== 'owner' && role !== 'agent_owner') return refuse('forbidden');
      if (!isCurrency(currency) || !(await currenciesOf(call)).includes(currency))
        return refuse('invalid_request', { fields: { currency: 'not one of the agents here' } });
      const agentId = ownerOf(call);
      const agent = agentId === null ? null : await findAgentById(call.sql, agentId);
      await call.sql.begin(async (tx) => {
        const given = { agentId, currency, above: above === null ? null : BigInt(above), setBy: person };
        const before = await setFourEyes(tx, given);
        await recordAct(call, tx, {
          action: 'pot.rule.set',
          subject: agent?.username ?? 'house',
          agentId,
          before: { currency, above: before?.toString() ?? null },
          after: { currency, above },
          reason,
        });
      });
      return ok({ ok: true });
    },
  }),
];

const ownerOf = ({ principal: { scope } }: OfficeCall): AgentId | null =>
  scope.kind === 'house' ? null : scope.agentId;

async function currenciesOf({ sql, principal: { scope } }: OfficeCall): Promise<Currency[]> {
  const rows =
    await sql`select distinct a.currency from agent a where ${agentInScope(sql, scope)} order by 1`;
  return rows.map((row) => row.currency);
}

/** Null: not there for the caller. */
async function agentBelow(call: OfficeCall, id: string): Promise<AgentRecord | null> {
  const seen = await agentsOf(call, { agent: id });
  return seen === null ? null : findAgentById(call.sql, trusted<AgentId>(id));
}
