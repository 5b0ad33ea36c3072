/** What agents earn: agreed by their uplines, from a full hour on, never above what the upline earns itself. */
import { Type } from 'typebox';
import { type AgentId, type Instant, trusted, type VendorId } from '../core/ids.ts';
import { BPS_WHOLE, type RateRow, rateAt, rateConflict } from '../core/office/rates.ts';
import { type AgentRecord, findAgentById } from '../db/agent.ts';
import type { Query } from '../db/connect.ts';
import { addRate, childrenOf, lockRates, rateHistory, ratesOf } from '../db/office-agent-rate.ts';
import { recordAct } from './act.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf, isUplineOf } from './scope.ts';
import { At, Nullable, Reason } from './shapes.ts';

const HOUR_MS = 3_600_000;

const Bps = Type.Integer({ minimum: 0, maximum: BPS_WHOLE, description: 'basis points of GGR' });
const Agreed = Type.Object({
  vendorId: Nullable(Type.Integer()),
  vendor: Nullable(Type.String({ description: 'null: the standard rate' })),
  bps: Nullable(Bps),
  fromAt: At,
  madeBy: Nullable(Type.String({ description: 'not told below' })),
  madeAt: At,
});

interface Wish {
  readonly vendorId?: number | null;
  readonly bps: number | null;
  readonly from?: string;
  readonly reason?: string;
}

async function show(call: OfficeCall, agent: AgentRecord) {
  const rows = (await ratesOf(call.sql, [agent.id])).get(agent.id) ?? [];
  const { vendors } = await call.directory.catalogue();
  const [clock] = await call.sql`select (extract(epoch from now()) * 1000)::bigint as now`;
  const at = trusted<Instant>(clock?.now);
  const own = new Set(rows.flatMap(({ vendorId }) => vendorId ?? []));
  const history = await rateHistory(call.sql, agent.id);
  const upline = await isUplineOf(call, agent.id);
  return {
    standard: rateAt(rows, { vendorId: null, at }),
    vendors: vendors
      .filter(({ id }) => own.has(id))
      .map(({ id, name }) => ({ id, name, bps: rateAt(rows, { vendorId: id, at }) })),
    // Who agreed to it above is not told below.
    history: upline ? history : history.map((each) => ({ ...each, madeBy: null })),
    mayChange: upline && call.principal.permissions.includes('agents'),
  };
}

/** The next full hour after `now`, or the hour asked for; null: that is none, or is over. */
function hourOf(from: string | undefined, now: Instant): Instant | null {
  if (from === undefined) return trusted<Instant>(Math.floor(now / HOUR_MS + 1) * HOUR_MS);
  const at = Date.parse(from);
  return Number.isNaN(at) || at % HOUR_MS !== 0 || at <= now ? null : trusted<Instant>(at);
}

/** Who would earn more than who; null: nobody. */
async function conflictOf(
  db: Query,
  agent: AgentRecord,
  rate: RateRow,
): Promise<{ readonly above: string; readonly below: string; readonly bps: number } | null> {
  const children = await childrenOf(db, agent.id);
  const all = await ratesOf(db, [
    agent.id,
    ...(agent.parentId === null ? [] : [agent.parentId]),
    ...children.map(({ id }) => id),
  ]);
  const own = [...(all.get(agent.id) ?? []), rate];
  const upper =
    agent.parentId === null ? null : rateConflict(all.get(agent.parentId) ?? [], own, rate.fromAt);
  if (upper !== null) return { above: 'its upline', below: agent.username, bps: upper.above };
  for (const { id, username } of children) {
    const lower = rateConflict(own, all.get(id) ?? [], rate.fromAt);
    if (lower !== null) return { above: agent.username, below: username, bps: lower.below };
  }
  return null;
}

async function agree(call: OfficeCall, agent: AgentRecord, wish: Wish): Promise<OfficeReply> {
  const { vendorId = null, bps, reason = null } = wish;
  const { vendors } = await call.directory.catalogue();
  const vendor = vendorId === null ? null : vendors.find(({ id }) => Number(id) === vendorId);
  if (vendor === undefined) return refuse('invalid_request', { fields: { vendorId: 'no such vendor' } });
  const refused = await call.sql.begin(async (tx) => {
    const now = await lockRates(tx);
    const fromAt = hourOf(wish.from, now);
    if (fromAt === null)
      return refuse('invalid_request', { fields: { from: 'must be a full hour to come' }, detail: 'from' });
    const rate: RateRow = { vendorId: vendor === null ? null : (vendor.id as VendorId), bps, fromAt };
    const conflict = await conflictOf(tx, agent, rate);
    if (conflict !== null)
      return refuse('refused', {
        detail: `${conflict.below} would earn more than ${conflict.above}: ${conflict.bps / 100} %`,
      });
    await addRate(tx, agent.id, { ...rate, madeBy: call.principal.person });
    const after = { vendor: vendor?.name ?? null, bps, from: new Date(fromAt).toISOString() };
    const { username: subject, id: agentId } = agent;
    await recordAct(call, tx, { action: 'agent.rate', subject, agentId, after, reason });
    return null;
  });
  return refused ?? ok(await show(call, agent));
}

async function agentSeen(call: OfficeCall, id: string): Promise<AgentRecord | null> {
  const found = await agentsOf(call, { agent: id });
  return found === null ? null : findAgentById(call.sql, trusted<AgentId>(id));
}

const Rates = Type.Object({
  standard: Nullable(Bps),
  vendors: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String(), bps: Nullable(Bps) })),
  history: Type.Array(Agreed),
  mayChange: Type.Boolean(),
});

export const AGENT_RATES: readonly OfficeRoute[] = [
  route({
    method: 'GET',
    path: '/agents/:agentId/rates',
    operationId: 'getAgentRates',
    summary: 'What an agent earns of the GGR: in force, and all that was ever agreed',
    group: 'agents',
    permission: 'look',
    answer: Rates,
    async handle(call, { params }) {
      const agent = await agentSeen(call, params.agentId);
      return agent === null ? refuse('not_found') : ok(await show(call, agent));
    },
  }),
  route({
    method: 'POST',
    path: '/agents/:agentId/rates',
    operationId: 'agreeAgentRate',
    summary: 'Agrees a rate from a full hour on; bps null: none of its own from then on. Uplines only',
    group: 'agents',
    permission: 'agents',
    body: Type.Object(
      {
        vendorId: Type.Optional(
          Nullable(Type.Integer({ minimum: 1, description: 'null: the standard rate' })),
        ),
        bps: Nullable(Bps),
        from: Type.Optional(
          Type.String({
            pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:00(:00(\\.0+)?)?(Z|[+-]\\d\\d:\\d\\d)$',
            description: 'a full hour of UTC to come; the next one when absent',
          }),
        ),
        reason: Type.Optional(Reason),
      },
      { additionalProperties: false },
    ),
    answer: Rates,
    async handle(call, { params, body }) {
      const agent = await agentSeen(call, params.agentId);
      if (agent === null) return refuse('not_found');
      if (!(await isUplineOf(call, agent.id)))
        return refuse('refused', { detail: 'only its upline agrees it' });
      return agree(call, agent, body as Wish);
    },
  }),
];
