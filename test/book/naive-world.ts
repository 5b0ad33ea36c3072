/** Who and what the naive model knows beside bets and money: set by the test, as staff and operators set it. */
import type {
  GameResult,
  GameStatus,
  HedgeRules,
  MarketStatus,
  OwnLimits,
  Quote,
} from '../../src/core/book/types.ts';

export interface NaivePlayer {
  readonly id: number;
  readonly operatorId: number;
  minBet: bigint;
  maxBet: bigint;
  maxExposure: bigint;
  own: OwnLimits;
  nextOwn: OwnLimits | null;
  nextOwnAt: number | null;
  mayBet: boolean;
  excludedUntil: number | null;
}

export interface NaiveSession {
  readonly id: number;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly rules: HedgeRules;
  status: GameStatus;
  market: MarketStatus;
  quote: Quote | null;
  result: GameResult;
  version: number;
}
