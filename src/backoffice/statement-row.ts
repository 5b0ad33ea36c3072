/** One movement of money whole: between which accounts, why, and who or what caused it. */
import { type TSchema, Type } from 'typebox';
import { ACCOUNT } from '../core/chart.ts';
import { findTransfer, transferIdOf } from '../db/office-bet-round.ts';
import { actOf, findMovement, keyOf } from '../db/office-statement-row.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Minor, Nullable } from './shapes.ts';

const Side = Type.Object({
  kind: Type.Enum(Object.keys(ACCOUNT)),
  owner: Nullable(Type.Integer()),
  name: Nullable(Type.String()),
  before: Nullable(Minor),
  after: Nullable(Minor),
});
const Named: TSchema = Type.Object({ id: Type.Integer(), what: Type.String(), amount: Minor, at: At });

const movement = route({
  method: 'GET',
  path: '/movements/:transferId',
  operationId: 'getMovement',
  summary: 'A transaction: both its accounts, what it answers, what answers it, and what caused it',
  group: 'statement',
  permission: 'look',
  answer: Type.Object({
    id: Type.Integer(),
    at: At,
    what: Type.String(),
    amount: Minor,
    currency: Type.String(),
    agent: Type.Integer(),
    agentName: Type.String(),
    player: Nullable(Type.Integer()),
    username: Nullable(Type.String()),
    playerBefore: Nullable(Minor),
    vendor: Nullable(Type.String()),
    game: Nullable(Type.String()),
    round: Nullable(Type.String()),
    studio: Nullable(Type.String()),
    externalId: Nullable(Type.String()),
    ip: Nullable(Type.String()),
    callback: Nullable(Type.String()),
    debit: Side,
    credit: Side,
    answers: Nullable(Named),
    answeredBy: Type.Array(Named),
    cause: Type.Object({
      kind: Type.Enum(['round', 'studio', 'api', 'staff', 'pot_request', 'pot']),
      key: Nullable(Type.String({ description: 'the id the call was given' })),
      requestId: Nullable(Type.String()),
      act: Nullable(
        Type.Object({
          n: Type.Integer(),
          actor: Type.String(),
          action: Type.String(),
          reason: Nullable(Type.String()),
          at: At,
        }),
      ),
    }),
  }),
  async handle(call, { params }) {
    const agents = (await agentsOf(call)) ?? [];
    const found = await findTransfer(call.sql, agents, transferIdOf(params.transferId));
    if (found === null) return refuse('not_found');
    const seen = await findMovement(call.sql, found, agents);
    const key = await keyOf(call.sql, found);
    const subjects = [seen.agentName, `${seen.agent}/${seen.username}`];
    const peopleOf = call.principal.scope.kind === 'house' ? null : agents;
    const act = await actOf(call.sql, found, { subjects, peopleOf });
    const [, requestId = null] = /^pot-request-(\d+)$/.exec(key ?? '') ?? [];
    const kind =
      seen.round !== null && seen.game !== null
        ? 'round'
        : seen.studio !== null
          ? 'studio'
          : requestId !== null
            ? 'pot_request'
            : act !== null
              ? 'staff'
              : seen.player === null
                ? 'pot'
                : 'api';
    return ok({ ...seen, cause: { kind, key, requestId, act } });
  },
});

export const MOVEMENT: readonly OfficeRoute[] = [movement];
