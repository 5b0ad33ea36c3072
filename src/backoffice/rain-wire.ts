/**
 * Shapes of the rain book's calls. Amounts are whole minor units as decimal strings beside their currency, odds decimal
 * numbers that include the stake, days the site's own; times ISO, UTC.
 */
import { type Static, Type } from 'typebox';
import { RAIN_ACTS } from '../core/book/rain-acts.ts';
import { STATED_RESULTS } from '../core/book/session-machine.ts';
import {
  BET_STATUSES,
  BET_TYPES,
  GAME_RESULTS,
  GAME_STATUSES,
  MARKET_STATUSES,
  SESSION_TYPES,
} from '../core/book/types.ts';
import { At, Minor, Nullable } from './shapes.ts';

export const DayGiven = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'betting day' });
const Odds = Nullable(Type.Number({ description: 'with the stake: 2.05 wins 1.05' }));

/** What the book itself gains by outcome: below zero is a loss. */
const PoolFields = {
  currency: Type.String(),
  poolRain: Minor,
  poolDry: Minor,
  riskRain: Type.String({
    description: 'what bets not matched yet may add to it at worst: never above zero',
  }),
  riskDry: Minor,
  worst: Type.String({ description: 'the most the book itself can still lose' }),
  poolMax: Minor,
  usedPercent: Type.Number({ description: 'of poolMax' }),
};

export const RainSessionRow = Type.Object({
  id: Type.Integer(),
  site: Type.String(),
  type: Type.Enum([...SESSION_TYPES]),
  gameDate: Type.String({ examples: ['2026-11-21'] }),
  status: Type.Enum([...GAME_STATUSES]),
  market: Type.Enum([...MARKET_STATUSES]),
  result: Type.Enum([...GAME_RESULTS]),
  version: Type.Integer({ description: 'of the result: 0 none, 1 the first, more are corrections' }),
  rainMm: Nullable(Type.Number()),
  oddsRain: Odds,
  oddsDry: Odds,
  krainRain: Odds,
  krainDry: Odds,
  oddsUntil: Nullable(At),
  opensAt: At,
  closesAt: At,
  startsAt: At,
  endsAt: At,
  resultedAt: Nullable(At),
  said: Type.Integer({ description: 'persons who have stated a result that does not count yet' }),
  ...PoolFields,
});
export type RainSessionRow = Static<typeof RainSessionRow>;

export const FindingRow = Type.Object({
  round: Type.Integer({ description: 'the version of the result it is to become' }),
  by: Type.String({ description: 'a person, or "weather"' }),
  result: Type.Enum([...STATED_RESULTS]),
  rainMm: Nullable(Type.Number()),
  reason: Nullable(Type.String()),
  at: At,
});
export type FindingRow = Static<typeof FindingRow>;

const Progress = Type.Object({
  positions: Type.Integer(),
  due: Type.Integer({ description: 'not posted under the result yet' }),
  pending: Type.Integer({ description: 'of these, with a bet K-Rain has not answered for' }),
});

export const RainSessionDetail = Type.Object({
  now: At,
  session: RainSessionRow,
  site: Type.Object({
    station: Type.String(),
    timeZone: Type.String(),
    thresholdMm: Type.Number(),
    marginBps: Type.Integer(),
    ownBps: Type.Integer(),
    ownMinBps: Type.Integer(),
    oddsValidMs: Type.Integer(),
    automatic: Type.Boolean(),
  }),
  findings: Type.Array(FindingRow),
  progress: Nullable(Progress),
  acts: Type.Array(
    Type.Object({
      act: Type.Enum([...RAIN_ACTS]),
      refusal: Nullable(Type.String({ description: 'why the caller cannot do it now' })),
    }),
  ),
});
export type RainSessionDetail = Static<typeof RainSessionDetail>;

export const RainActed = Type.Object({
  counts: Nullable(Type.Boolean({ description: 'false: waits for a second person; null: about no result' })),
  session: RainSessionRow,
  progress: Nullable(Progress),
});
export type RainActed = Static<typeof RainActed>;

export const SessionFigures = Type.Object({
  currency: Type.String(),
  players: Type.Integer(),
  states: Type.Array(
    Type.Object({
      status: Type.Enum([...BET_STATUSES]),
      type: Type.Enum([...BET_TYPES]),
      bets: Type.Integer(),
      stake: Minor,
      ownStake: Minor,
      krainStake: Minor,
      payout: Minor,
    }),
  ),
  playersRain: Type.String({ description: "what players' matched bets come to, for the players" }),
  playersDry: Minor,
  krainNetRain: Type.String({ description: 'what the part at K-Rain brings the book' }),
  krainNetDry: Minor,
});
export type SessionFigures = Static<typeof SessionFigures>;

export const OddsHistory = Type.Object({
  quotes: Type.Array(
    Type.Object({
      at: At,
      rain: Type.Number(),
      dry: Type.Number(),
      krainRain: Type.Number(),
      krainDry: Type.Number(),
    }),
  ),
  more: Type.Boolean({ description: 'true: older ones were left out' }),
});
export type OddsHistory = Static<typeof OddsHistory>;

export const SessionHours = Type.Object({
  thresholdMm: Type.Number(),
  startsAt: At,
  endsAt: At,
  hours: Type.Array(
    Type.Object({
      at: At,
      mm: Type.Number(),
      probability: Nullable(Type.Integer({ description: 'per cent, of a forecast' })),
      observed: Type.Boolean(),
      toldAt: At,
    }),
  ),
});
export type SessionHours = Static<typeof SessionHours>;

export const TrailLines = Type.Object({
  lines: Type.Array(
    Type.Object({ at: At, actor: Type.String(), action: Type.String(), detail: Type.Unknown() }),
  ),
});
export type TrailLines = Static<typeof TrailLines>;

const Order = Nullable(Type.Object({ side: Type.Enum([...BET_TYPES]), stake: Minor, win: Minor }));
export const StatementRow = Type.Object({
  session: Type.Integer(),
  market: Type.String(),
  currency: Type.String(),
  matched: Type.Integer({ description: 'orders alike on both sides' }),
  pending: Type.Integer({ description: 'bets whose fate K-Rain still owes' }),
  unavailable: Nullable(Type.String({ description: "why K-Rain's statement could not be had" })),
  differences: Type.Array(
    Type.Object({
      kind: Type.Enum(['missing', 'extra', 'different']),
      order: Type.String(),
      ours: Order,
      theirs: Order,
    }),
  ),
});
export type StatementRow = Static<typeof StatementRow>;

export const KrainHealth = Type.Object({
  configured: Type.Boolean(),
  circuit: Nullable(Type.Enum(['closed', 'open', 'half_open'])),
  inFlight: Type.Integer(),
  waiting: Type.Integer(),
  heardAt: Nullable(At),
  pending: Type.Integer({ description: 'bets in CHECK' }),
  pendingOldestS: Type.Integer(),
});
export type KrainHealth = Static<typeof KrainHealth>;

export const SessionKrain = Type.Object({
  market: Type.String(),
  state: Nullable(Type.String({ description: "K-Rain's own: open, suspended, closed, unknown_market" })),
  rain: Odds,
  dry: Odds,
  availableRain: Nullable(Minor),
  availableDry: Nullable(Minor),
  currency: Type.String(),
  unavailable: Nullable(Type.String({ description: 'why K-Rain could not be asked' })),
  statement: StatementRow,
});
export type SessionKrain = Static<typeof SessionKrain>;

export const ExposureBoard = Type.Object({
  sessions: Type.Array(RainSessionRow),
  totals: Type.Array(
    Type.Object({
      currency: Type.String(),
      sessions: Type.Integer(),
      worst: Type.String({ description: 'of all sessions together' }),
      poolMax: Minor,
    }),
  ),
  more: Type.Boolean({ description: 'true: there are more live sessions than are shown' }),
});
export type ExposureBoard = Static<typeof ExposureBoard>;

export const ExposurePositions = Type.Object({
  sessions: Type.Array(
    Type.Object({
      id: Type.Integer(),
      players: Type.Integer(),
      pending: Type.Integer({ description: 'bets K-Rain has not answered for' }),
      krainNetRain: Type.String({ description: 'what the part at K-Rain brings the book' }),
      krainNetDry: Minor,
    }),
  ),
});
export type ExposurePositions = Static<typeof ExposurePositions>;

// ---- bets -----------------------------------------------------------------------------------------------------

export const RainBetRow = Type.Object({
  id: Type.Integer(),
  session: Type.Integer(),
  site: Type.String(),
  gameDate: Type.String(),
  sessionType: Type.Enum([...SESSION_TYPES]),
  operator: Type.Integer(),
  operatorName: Type.String(),
  bookPlayer: Type.Integer(),
  userId: Type.String(),
  vendorType: Type.String(),
  type: Type.Enum([...BET_TYPES]),
  status: Type.Enum([...BET_STATUSES]),
  reason: Nullable(Type.String()),
  odds: Type.Number(),
  currency: Type.String(),
  stake: Minor,
  win: Type.String({ description: 'net, if it wins' }),
  payout: Type.String({ description: 'net: below zero for a loss' }),
  ownStake: Minor,
  krainStake: Type.String({ description: 'asked of K-Rain while pending, then what it took' }),
  krainOdds: Odds,
  krainWin: Minor,
  placedAt: At,
  settledAt: Nullable(At),
  updatedAt: At,
});
export type RainBetRow = Static<typeof RainBetRow>;

export const RainBetDetail = Type.Object({
  bet: RainBetRow,
  key: Type.String({ description: "the page's own id of the bet" }),
  ip: Nullable(Type.String()),
  order: Nullable(
    Type.Object({
      id: Type.String(),
      market: Type.String(),
      fill: Type.Enum(['whole', 'part']),
      until: Nullable(At),
    }),
  ),
  rulings: Type.Array(
    Type.Object({
      by: Type.String(),
      fate: Type.Enum(['taken', 'failed']),
      stake: Nullable(Minor),
      odds: Odds,
      win: Nullable(Minor),
      reason: Type.String(),
      at: At,
    }),
  ),
  transfers: Type.Array(
    Type.Object({
      id: Type.Integer(),
      at: At,
      kind: Type.String({ description: 'bookWin, bookLoss, krainWin, krainLoss' }),
      amount: Minor,
      currency: Type.String(),
      cause: Type.String({ description: 'session and version of the result' }),
    }),
  ),
  trail: TrailLines.properties.lines,
});
export type RainBetDetail = Static<typeof RainBetDetail>;

export const BetAtKrain = Type.Object({
  order: Type.String(),
  currency: Type.String(),
  /** What the hub makes of K-Rain's answer: matched, refused, absent, or why nothing. */
  meaning: Type.String(),
  record: Nullable(
    Type.Object({
      market: Type.String(),
      side: Type.Enum([...BET_TYPES]),
      stake: Minor,
      state: Type.Enum(['matched', 'refused']),
      matched: Minor,
      odds: Odds,
      win: Minor,
      reason: Nullable(Type.String()),
      at: At,
    }),
  ),
  unavailable: Nullable(Type.String()),
  /** Why a ruling cannot be made now; null: it may. */
  taken: Nullable(Type.String()),
  failed: Nullable(Type.String()),
});
export type BetAtKrain = Static<typeof BetAtKrain>;
