/** Shapes of the rain book's players and what belongs to them; units as in rain-wire.ts. */
import { type Static, Type } from 'typebox';
import { GAME_RESULTS, GAME_STATUSES, SESSION_TYPES } from '../core/book/types.ts';
import { TrailLines } from './rain-wire.ts';
import { At, Minor, Nullable } from './shapes.ts';

export const BookPlayerRow = Type.Object({
  id: Type.Integer(),
  operator: Type.Integer(),
  operatorName: Type.String(),
  vendorType: Type.String(),
  site: Type.String(),
  userId: Type.String(),
  currency: Type.String(),
  balance: Type.String({ description: 'credit and what was won and lost since' }),
  exposure: Minor,
  minBet: Minor,
  maxBet: Minor,
  maxExposure: Minor,
  ownMaxBet: Nullable(Minor),
  ownDayStake: Nullable(Minor),
  excludedUntil: Nullable(Type.String({ description: 'an instant, or forever' })),
  blockedAt: Nullable(At),
  createdAt: At,
});
export type BookPlayerRow = Static<typeof BookPlayerRow>;

export const BookPlayerDetail = Type.Object({
  player: BookPlayerRow,
  credit: Type.String({ description: 'as the last transfer left it' }),
  nextMaxBet: Nullable(Minor),
  nextDayStake: Nullable(Minor),
  nextLimitsAt: Nullable(At),
  clockMinutes: Nullable(Type.Integer()),
  dayStake: Type.String({ description: 'staked today (UTC)' }),
  hasPassword: Type.Boolean(),
  passwordTries: Type.Integer({ description: 'wrong ones in a row' }),
  language: Nullable(Type.String()),
  visits: Type.Array(
    Type.Object({
      id: Type.Integer(),
      ip: Nullable(Type.String()),
      openedAt: Nullable(At),
      seenAt: Nullable(At),
      endsAt: At,
    }),
  ),
  trail: TrailLines.properties.lines,
});
export type BookPlayerDetail = Static<typeof BookPlayerDetail>;

export const PositionRow = Type.Object({
  session: Type.Integer(),
  site: Type.String(),
  gameDate: Type.String(),
  sessionType: Type.Enum([...SESSION_TYPES]),
  status: Type.Enum([...GAME_STATUSES]),
  result: Type.Enum([...GAME_RESULTS]),
  currency: Type.String(),
  bets: Type.Integer(),
  pending: Type.Integer(),
  netRain: Type.String({ description: 'what matched bets come to for the player' }),
  netDry: Minor,
  exposure: Minor,
  settledNet: Type.String({ description: 'posted so far' }),
  posted: Type.Boolean(),
});
export type PositionRow = Static<typeof PositionRow>;

export const BookTransferRow = Type.Object({
  id: Type.Integer(),
  at: At,
  tsCode: Type.String(),
  kind: Type.Enum(['deposit', 'withdraw', 'withdraw_all']),
  currency: Type.String(),
  amount: Type.String({ description: 'withdrawals below zero' }),
  profitLoss: Minor,
  exposure: Minor,
  creditBefore: Minor,
  creditAfter: Minor,
});
export type BookTransferRow = Static<typeof BookTransferRow>;
