/**
 * What seamless operators have not been told yet: looked through, and acted upon. Agents see and act on their own and
 * those of agents below; what is done goes the way it goes from the operator API and the command line.
 */
import { Type } from 'typebox';
import { actOnCallbacks } from '../callbacks/act.ts';
import { CALLBACK_STATES, type CallbackAct } from '../core/callback-types.ts';
import { ANSWER_CLASSES } from '../core/delivery.ts';
import { type PlayerId, type TransferId, trusted } from '../core/ids.ts';
import {
  attemptsAt,
  CALLBACK_FILTERS,
  type CallbackSeen,
  findCallback,
  listCallbacks,
} from '../db/callback-view.ts';
import {
  countCallbacks,
  lineOfPlayer,
  type OfficeCallbackFilter,
  pageOfCallbacks,
} from '../db/office-callback.ts';
import { findPlayerById } from '../db/player.ts';
import { type Column, type ListGiven, listRoutes, type OfficeList } from './list.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf, seesAgent } from './scope.ts';
import { At, AtGiven, Id, Minor, Nullable, Reason } from './shapes.ts';

const group = 'callbacks';
const permission = 'callbacks';
const ATTEMPTS_MAX = 200;
/** Put back at a time, and in one call: who has more calls again. */
const RESEND_PAGE = 100;
const RESEND_MAX = 1000;

const Filter = Type.Object({
  state: Type.Optional(Type.Enum([...CALLBACK_FILTERS], { description: 'outstanding when absent' })),
  agent: Type.Optional(Id),
  player: Type.Optional(Id),
  olderThan: Type.Optional(Type.String({ pattern: '^\\d{1,7}$', description: 'minutes' })),
  from: Type.Optional(AtGiven),
  to: Type.Optional(AtGiven),
});

const ENDED = ['accepted', 'refused', 'taken_back', 'delivered'] as const;
const CallbackShape = Type.Object({
  id: Type.Integer({ description: "the transaction's id" }),
  agentId: Type.Integer(),
  agent: Type.String(),
  playerId: Type.Integer(),
  username: Type.String(),
  type: Type.String(),
  amount: Minor,
  after: Nullable(Minor),
  currency: Type.String(),
  refererId: Nullable(Type.Integer()),
  vendor: Nullable(Type.String()),
  game: Nullable(Type.String()),
  round: Nullable(Type.String()),
  externalId: Nullable(Type.String()),
  at: At,
  state: Type.Enum([...CALLBACK_STATES, ...ENDED]),
  attempts: Type.Integer({ description: 'in vain, since it was booked or put back' }),
  nextAt: Nullable(At),
  resolvedBy: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  lastAt: Nullable(At),
  lastClass: Nullable(Type.Enum([...ANSWER_CLASSES])),
  lastStatus: Nullable(Type.Integer()),
});

function shown({ walletId: _walletId, game, resolution, last, amount, after, ...callback }: CallbackSeen) {
  return {
    ...callback,
    amount: amount.toString(),
    after: after === null ? null : after.toString(),
    vendor: game?.vendor ?? null,
    game: game?.title ?? null,
    round: game?.round ?? null,
    resolvedBy: resolution?.by ?? null,
    reason: resolution?.reason ?? null,
    lastAt: last?.at ?? null,
    lastClass: last?.class ?? null,
    lastStatus: last?.status ?? null,
  };
}
type Row = ReturnType<typeof shown> & Readonly<Record<string, unknown>>;

const columns: readonly Column<Row>[] = [
  { key: 'id', title: 'Transaction', type: 'number' },
  { key: 'at', title: 'Time (UTC)', type: 'instant' },
  { key: 'agent', title: 'Agent', type: 'text' },
  { key: 'username', title: 'User', type: 'text' },
  { key: 'type', title: 'Type', type: 'text' },
  { key: 'amount', title: 'Amount', type: 'money' },
  { key: 'currency', title: 'Currency', type: 'text' },
  { key: 'state', title: 'State', type: 'text' },
  { key: 'attempts', title: 'Tried in vain', type: 'number' },
  { key: 'nextAt', title: 'Next try', type: 'instant' },
  { key: 'lastClass', title: 'Last answer', type: 'text' },
  { key: 'lastStatus', title: 'Status', type: 'number' },
  { key: 'lastAt', title: 'Last tried', type: 'instant' },
  { key: 'vendor', title: 'Vendor', type: 'text' },
  { key: 'game', title: 'Game', type: 'text' },
  { key: 'round', title: 'Round', type: 'text' },
  { key: 'resolvedBy', title: 'Resolved by', type: 'text' },
  { key: 'reason', title: 'Reason', type: 'text' },
];

/** Null: the filter names an agent that is not there for the caller. A player of others has no rows among these. */
async function filterOf(
  call: OfficeCall,
  { filter }: ListGiven<typeof Filter>,
): Promise<OfficeCallbackFilter | null> {
  const { state = 'outstanding', agent, olderThan, ...rest } = filter;
  const isAll = agent === undefined && call.principal.scope.kind === 'house';
  const agents = isAll ? null : await agentsOf(call, agent === undefined ? {} : { agent, below: true });
  if (!isAll && agents === null) return null;
  if (rest.player !== undefined && !(await seesPlayer(call, rest.player))) return null;
  return {
    ...rest,
    state,
    agents,
    olderThanMinutes: olderThan === undefined ? undefined : Number(olderThan),
  };
}

async function seesPlayer(call: OfficeCall, playerId: string): Promise<boolean> {
  const player = await findPlayerById(call.sql, trusted<PlayerId>(playerId));
  return player !== null && seesAgent(call, player.agentId);
}

const list: OfficeList<typeof Filter, Row> = {
  path: '/callbacks',
  name: 'Callbacks',
  summary: 'What operators have not been told yet, or was given up',
  group,
  permission,
  filter: Filter,
  orders: {
    newest: { key: ['bigint'], descending: true },
    oldest: { key: ['bigint'], descending: false },
  },
  row: CallbackShape,
  columns,
  async read(call, given, page) {
    const filter = await filterOf(call, given);
    return filter === null ? null : (await pageOfCallbacks(call.sql, filter, page)).map(shown);
  },
  keyOf: ({ id }) => [String(id)],
  totals: {
    shape: Type.Object({
      asking: Type.Integer(),
      due: Type.Integer(),
      listed: Type.Integer(),
      resolved: Type.Integer(),
      more: Type.Boolean(),
    }),
    async read(call, given) {
      const filter = await filterOf(call, given);
      return filter === null ? null : countCallbacks(call.sql, filter);
    },
  },
};

const AttemptShape = Type.Object({
  n: Type.Integer(),
  at: At,
  class: Type.Enum([...ANSWER_CLASSES]),
  status: Nullable(Type.Integer()),
  elapsedMs: Type.Integer(),
  request: Type.String(),
  answer: Type.String({ description: 'the first of what came back' }),
});
const LineShape = Type.Object({
  id: Type.Integer(),
  type: Type.String(),
  state: Type.Enum([...CALLBACK_STATES]),
  attempts: Type.Integer(),
  at: At,
  nextAt: Nullable(At),
});

const one = route({
  method: 'GET',
  path: '/callbacks/:callbackId',
  operationId: 'showCallback',
  summary: "One callback with its attempts and the player's line, also one that has ended",
  group,
  permission,
  answer: Type.Object({
    callback: CallbackShape,
    attempts: Type.Array(AttemptShape),
    line: Type.Array(LineShape, {
      description: 'what the player’s operator has not been told, the first first',
    }),
  }),
  async handle(call, { params }) {
    const callback = await callbackInScope(call, params.callbackId);
    if (callback === null) return refuse('not_found');
    const attempts = await attemptsAt(call.sql, callback.id, ATTEMPTS_MAX);
    const line = await lineOfPlayer(call.sql, callback.playerId);
    return ok({ callback: shown(callback), attempts, line });
  },
});

async function callbackInScope(call: OfficeCall, id: string): Promise<CallbackSeen | null> {
  const callback = await findCallback(call.sql, trusted<TransferId>(id), null);
  return callback !== null && (await seesAgent(call, callback.agentId)) ? callback : null;
}

type Wish = Pick<CallbackAct, 'act' | 'reason'>;

async function act(call: OfficeCall, id: string, wish: Wish) {
  const callback = await callbackInScope(call, id);
  if (callback === null) return refuse('not_found');
  const [outcome] = await actOnCallbacks(call, [callback], { ...wish, ...signedBy(call, callback) });
  if (outcome?.ok !== true) return refuse(outcome?.code ?? 'unknown_callback');
  return ok({ callback: shown((await callbackInScope(call, id)) ?? callback) });
}

/** Under whose name, and what the audit trail keeps beside the reason. */
function signedBy({ principal, ip }: OfficeCall, { agentId, agent, username }: CallbackSeen) {
  return { by: principal.person, detail: { agentId, agent, player: username, ip } };
}

const Shown = Type.Object({ callback: CallbackShape });

const acts = [
  route({
    method: 'POST',
    path: '/callbacks/:callbackId/resend',
    operationId: 'resendCallback',
    summary: 'Sends one again now, in its place in the line',
    group,
    permission,
    body: Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false }),
    answer: Shown,
    handle: (call, { params, body }) =>
      act(call, params.callbackId, { act: 'resend', reason: body.reason ?? '' }),
  }),
  route({
    method: 'POST',
    path: '/callbacks/:callbackId/resolve',
    operationId: 'resolveCallback',
    summary: 'Takes one off as settled by hand: it is not sent again',
    group,
    permission,
    body: Type.Object({ reason: Reason }, { additionalProperties: false }),
    answer: Shown,
    handle: (call, { params, body }) => act(call, params.callbackId, { act: 'resolve', reason: body.reason }),
  }),
  route({
    method: 'POST',
    path: '/callbacks/resend-listed',
    operationId: 'resendListedCallbacks',
    summary: `Sends again what was given up of an agent, at most ${RESEND_MAX} at a time`,
    group,
    permission,
    body: Type.Object({ agent: Id, reason: Type.Optional(Reason) }, { additionalProperties: false }),
    answer: Type.Object({
      resent: Type.Integer(),
      refused: Type.Integer(),
      more: Type.Boolean({ description: 'there are others still' }),
    }),
    handle: (call, { body }) => resendListed(call, body),
  }),
];

async function resendListed(call: OfficeCall, { agent, reason = '' }: { agent: string; reason?: string }) {
  const [agentId] = (await agentsOf(call, { agent })) ?? [];
  if (agentId === undefined) return refuse('not_found');
  let [resent, refused, beyondId] = [0, 0, 0];
  // By ids, so that what fails meanwhile and is listed again is not sent in circles.
  while (resent + refused < RESEND_MAX) {
    const query = { state: 'listed', order: 'asc', limit: RESEND_PAGE, agentId, beyondId } as const;
    const page = await listCallbacks(call.sql, query);
    const last = page.at(-1);
    if (last === undefined) return ok({ resent, refused, more: false });
    const { by, detail } = signedBy(call, last);
    const { player: _player, ...ofAll } = detail;
    const wish = { act: 'resend', by, reason, detail: { ...ofAll, all: true } } as const;
    const outcomes = await actOnCallbacks(call, page, wish);
    resent += outcomes.filter((outcome) => outcome.ok).length;
    refused += outcomes.filter((outcome) => !outcome.ok).length;
    beyondId = last.id;
  }
  return ok({ resent, refused, more: true });
}

export const CALLBACKS: readonly OfficeRoute[] = [...listRoutes(list), one, ...acts];
