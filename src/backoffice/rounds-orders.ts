/**
 * Orders to end a round by hand: confirmed, refused or withdrawn. Whoever confirms takes the order on first; then the
 * ledger ends the round, once whatever happens, since a round ends once; then the order says what came of it. If a node
 * ends in between, the order stays confirmed, and confirming it again finds what was done or does it.
 */
import { type TSchema, Type } from 'typebox';
import {
  confirmOrder,
  endOrder,
  findOrder,
  movedByOrder,
  ROUND_ORDER_STATES,
  type RoundOrder,
  reopenOrder,
} from '../db/office-round.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';
import { endRoundByHand, HAND_END_REFUSALS } from '../office-round.ts';
import { recordAct } from './act.ts';
import { subjectOf } from './players-scope.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Minor, Nullable, Reason } from './shapes.ts';

export const orderShape: TSchema = Type.Object({
  id: Type.Integer(),
  agent: Type.Integer(),
  agentName: Type.String(),
  player: Type.Integer(),
  username: Type.String(),
  gameId: Type.Integer(),
  game: Type.String(),
  vendor: Type.String(),
  round: Type.String(),
  act: Type.Enum(['settle', 'void']),
  amount: Minor,
  currency: Type.String(),
  reason: Type.String(),
  state: Type.Enum([...ROUND_ORDER_STATES]),
  madeBy: Type.String(),
  madeAt: At,
  confirmedBy: Nullable(Type.String()),
  confirmedAt: Nullable(At),
  endedBy: Nullable(Type.String()),
  endedAt: Nullable(At),
  endReason: Nullable(Type.String()),
  transferId: Nullable(Type.Integer()),
});

/** Whoever took it on may still be at it for so long. */
const CARRYING_MS_MAX = 30_000;

async function orderOf(call: OfficeCall, orderId: string | number): Promise<RoundOrder | null> {
  return findOrder(call.sql, (await agentsOf(call)) ?? [], orderId);
}

const audited = (order: RoundOrder, action: string) => ({
  action,
  subject: subjectOf({ agentId: order.agent, username: order.username }),
  agentId: order.agent,
});

const confirm = route({
  method: 'POST',
  path: '/round-orders/:orderId/confirm',
  operationId: 'confirmRoundOrder',
  summary: 'Confirm an order of somebody else’s, which carries it out',
  group: 'rounds',
  permission: 'rounds',
  answer: orderShape,
  async handle(call, { params }) {
    const order = await orderOf(call, params.orderId);
    if (order === null) return refuse('not_found');
    const { person } = call.principal;
    if (order.madeBy === person) return refuse('second_person_needed');
    const taken = await call.sql.begin(async (tx) => {
      const mine = await confirmOrder(tx, order.id, person);
      if (mine)
        await recordAct(call, tx, { ...audited(order, 'round-order.confirm'), after: { order: order.id } });
      return mine;
    });
    if (!taken && !(await wasLeft(call, order.id))) return refuse('conflict');
    return carryOut(call, order.id);
  },
});

/** Somebody confirmed it long ago, and did not come to its end. */
async function wasLeft(call: OfficeCall, id: number): Promise<boolean> {
  const now = await orderOf(call, id);
  return now?.state === 'confirmed' && Date.now() - Date.parse(now.confirmedAt ?? '') > CARRYING_MS_MAX;
}

/** Ends the round and then the order. Both may be repeated. */
async function carryOut(call: OfficeCall, id: number): Promise<OfficeReply> {
  const order = await orderOf(call, id);
  if (order === null) return refuse('not_found');
  const ended = await endRoundByHand(call, {
    ...{ mode: order.act, gameId: order.gameId, ref: order.round, playerId: order.player },
    amount: BigInt(order.amount),
  }).catch(async (error: unknown) => {
    // Nothing was done: the order waits for its next confirmation.
    if (error instanceof LedgerFault && error.fault === 'overloaded') await reopenOrder(call.sql, id);
    throw error;
  });
  if (!ended.ok && ended.code === 'bet_in_flight') {
    await reopenOrder(call.sql, id);
    return refuse('refused', { detail: HAND_END_REFUSALS[ended.code] });
  }
  const transferId = ended.ok ? ended.transferId : await movedByOrder(call.sql, order);
  const reason = ended.ok || transferId !== null ? null : HAND_END_REFUSALS[ended.code];
  await finish(call, order, { transferId, reason });
  const done = await orderOf(call, id);
  if (done?.state === 'failed') return refuse('refused', { detail: done.endReason ?? '' });
  return ok(done);
}

async function finish(
  call: OfficeCall,
  order: RoundOrder,
  { transferId, reason }: Pick<Parameters<typeof endOrder>[2], 'transferId' | 'reason'>,
): Promise<void> {
  const { id, act, round, amount, madeBy } = order;
  await call.sql.begin(async (tx) => {
    const state = transferId === null ? 'failed' : 'done';
    const by = order.confirmedBy ?? call.principal.person;
    if (!(await endOrder(tx, id, { from: 'confirmed', state, by, reason, transferId }))) return;
    await recordAct(call, tx, {
      ...audited(order, state === 'done' ? `round.${act}` : 'round-order.fail'),
      reason: order.reason,
      after: { order: id, game: order.gameId, round, amount, state },
      more: { transactionId: transferId, madeBy, confirmedBy: by },
    });
  });
}

type End = { readonly state: 'refused' | 'withdrawn'; readonly mayBeMaker: 'yes' | 'no' };

function end(verb: 'refuse' | 'withdraw', summary: string, { state, mayBeMaker }: End): OfficeRoute {
  return route({
    method: 'POST',
    path: `/round-orders/:orderId/${verb}`,
    operationId: `${verb}RoundOrder`,
    summary,
    group: 'rounds',
    permission: 'rounds',
    body: Type.Object({ reason: Reason }, { additionalProperties: false }),
    answer: orderShape,
    async handle(call, { params, body: { reason } }) {
      const order = await orderOf(call, params.orderId);
      if (order === null) return refuse('not_found');
      const { person: by } = call.principal;
      if (order.madeBy === by && mayBeMaker === 'no') return refuse('second_person_needed');
      if (order.madeBy !== by && mayBeMaker === 'yes') return refuse('forbidden');
      const ended = await call.sql.begin(async (tx) => {
        const done = await endOrder(tx, order.id, { from: 'waiting', state, by, reason, transferId: null });
        if (done)
          await recordAct(call, tx, {
            ...audited(order, `round-order.${verb}`),
            ...{ reason, before: { state: order.state }, after: { order: order.id, state } },
          });
        return done;
      });
      return ended ? ok(await orderOf(call, order.id)) : refuse('conflict');
    },
  });
}

const look = route({
  method: 'GET',
  path: '/round-orders/:orderId',
  operationId: 'getRoundOrder',
  summary: 'An order',
  group: 'rounds',
  permission: 'rounds',
  answer: orderShape,
  async handle(call, { params }) {
    const order = await orderOf(call, params.orderId);
    return order === null ? refuse('not_found') : ok(order);
  },
});

export const ORDER_ACTS: readonly OfficeRoute[] = [
  look,
  confirm,
  end('refuse', 'Refuse an order of somebody else’s', { state: 'refused', mayBeMaker: 'no' }),
  end('withdraw', 'Take back an order of one’s own', { state: 'withdrawn', mayBeMaker: 'yes' }),
];
