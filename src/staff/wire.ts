/** Shapes of the staff API. Amounts are whole minor units as decimal strings, odds decimal numbers, times ISO. */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { GAME_RESULTS, GAME_STATUSES, MARKET_STATUSES, SESSION_TYPES } from '../core/book/types.ts';

// No controls and no half of a surrogate pair: the store keeps neither.
const Text = (min: number, max: number) =>
  Type.String({ minLength: min, maxLength: max, pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$' });
const Minor = Type.String({ description: 'minor units', examples: ['-5000'] });
const Nullable = <Shape extends Parameters<typeof Type.Union>[0][number]>(shape: Shape) =>
  Type.Union([shape, Type.Null()]);
const ByOutcome = Type.Object({ rain: Minor, noRain: Minor });
const At = Type.String({ examples: ['2026-11-21T00:30:00.000Z'] });
const Millimetres = Type.Number({ minimum: 0, maximum: 99_999 });

export const SessionShape = Type.Object({
  id: Type.Integer(),
  site: Type.String(),
  type: Type.Enum([...SESSION_TYPES]),
  currency: Type.String(),
  gameDate: Type.String({ examples: ['2026-11-21'] }),
  status: Type.Enum([...GAME_STATUSES]),
  market: Type.Enum([...MARKET_STATUSES]),
  result: Type.Enum([...GAME_RESULTS]),
  version: Type.Integer({ description: 'of the result: 0 none, 1 the first, more are corrections' }),
  rainMm: Nullable(Type.Number()),
  odds: Nullable(Type.Object({ rain: Type.Number(), noRain: Type.Number(), until: Nullable(At) })),
  opensAt: At,
  closesAt: At,
  startsAt: At,
  endsAt: At,
  resultedAt: Nullable(At),
});
const FindingShape = Type.Object({
  round: Type.Integer({ description: 'the version of the result it is to become' }),
  by: Type.String({ description: 'a person, or "weather"' }),
  result: Type.Enum(['RAIN', 'NO_RAIN', 'VOID']),
  rainMm: Nullable(Type.Number()),
  reason: Nullable(Type.String()),
  at: At,
});
const ProgressShape = Type.Object({
  positions: Type.Integer(),
  due: Type.Integer({ description: 'not posted under the result yet' }),
  pending: Type.Integer({ description: 'of these, with a bet K-Rain has not answered for' }),
});

export const SESSIONS_MAX = 500;
export const SessionsQueryShape = Type.Object({
  site: Type.Optional(Text(1, 32)),
  from: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'betting day' })),
  to: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })),
  status: Type.Optional(Type.String({ maxLength: 100, description: 'statuses, by comma' })),
});
export const SessionsShape = Type.Object({
  sessions: Type.Array(SessionShape),
  more: Type.Boolean({ description: 'true: there are more than were listed; narrow the days' }),
});
export const SessionDetailShape = Type.Object({
  session: SessionShape,
  findings: Type.Array(FindingShape),
  progress: ProgressShape,
});

export const IdParamShape = Type.Object({
  id: Type.String({ description: 'id of the session, or of the operator' }),
});
export const ActShape = Type.Object({
  result: Type.Optional(Type.Enum(['RAIN', 'NO_RAIN', 'VOID'])),
  rainMm: Type.Optional(Nullable(Millimetres)),
  reason: Type.Optional(Nullable(Text(0, 500))),
});
export const ActedShape = Type.Object({
  session: SessionShape,
  counts: Nullable(
    Type.Boolean({ description: 'false: waits for a second person; null: it is about no result' }),
  ),
  findings: Type.Array(FindingShape),
  progress: Nullable(ProgressShape),
});

export const ExposureShape = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.Integer(),
      site: Type.String(),
      gameDate: Type.String(),
      type: Type.Enum([...SESSION_TYPES]),
      currency: Type.String(),
      status: Type.Enum([...GAME_STATUSES]),
      market: Type.Enum([...MARKET_STATUSES]),
      result: Type.Enum([...GAME_RESULTS]),
      closesAt: At,
      players: Type.Integer(),
      bets: Type.Integer(),
      pending: Type.Integer(),
      stake: ByOutcome,
      pool: ByOutcome,
      poolAtWorst: ByOutcome,
      krain: ByOutcome,
      krainStake: ByOutcome,
      playersNet: ByOutcome,
      worst: Minor,
      poolMax: Minor,
      usedPercent: Type.Number(),
    }),
  ),
});

const OrderShape = Type.Object({ side: Type.Enum(['RAIN', 'NO_RAIN']), stake: Minor, win: Minor });
export const ReconcileQueryShape = Type.Object({
  session: Type.Optional(Type.String({ pattern: '^\\d{1,15}$' })),
  days: Type.Optional(Type.String({ pattern: '^\\d{1,3}$', description: 'how far back; 7 by itself' })),
});
export const StatementsShape = Type.Object({
  equal: Type.Boolean(),
  sessions: Type.Array(
    Type.Object({
      session: Type.Integer(),
      market: Type.String(),
      matched: Type.Integer(),
      pending: Type.Integer(),
      unavailable: Nullable(Type.String()),
      differences: Type.Array(
        Type.Object({
          kind: Type.Enum(['missing', 'extra', 'different']),
          order: Type.String(),
          ours: Nullable(OrderShape),
          theirs: Nullable(OrderShape),
        }),
      ),
    }),
  ),
});

export const OperatorShape = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  certHint: Type.String(),
  allowedIps: Type.Array(Type.String()),
  timeZone: Type.String(),
  enabled: Type.Boolean(),
  createdAt: Type.String(),
});
export const OperatorsShape = Type.Object({ operators: Type.Array(OperatorShape) });
const Addresses = Type.Array(Text(1, 64), {
  maxItems: 256,
  description: 'addresses and networks; none = any',
});
export const OperatorChangeShape = Type.Object({
  allowedIps: Type.Optional(Addresses),
  timeZone: Type.Optional(Text(1, 64)),
  enabled: Type.Optional(Type.Boolean()),
});
export const NewOperatorShape = Type.Object({
  name: Text(1, 200),
  allowedIps: Type.Optional(Addresses),
  timeZone: Type.Optional(Text(1, 64)),
  enabled: Type.Optional(Type.Boolean()),
});
export const MadeOperatorShape = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  certCode: Type.String({ description: 'shown once' }),
});
export const RefusalShape = Type.Object({ code: Type.String(), message: Type.String() });

export const checks = {
  sessionsQuery: Compile(SessionsQueryShape),
  act: Compile(ActShape),
  reconcileQuery: Compile(ReconcileQueryShape),
  newOperator: Compile(NewOperatorShape),
  operatorChange: Compile(OperatorChangeShape),
};
