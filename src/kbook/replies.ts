/**
 * From a refusal to its code and a text. The tables are records, so a new refusal does not compile until it has an
 * answer. Figures of a refusal (the odds now, the most that would be taken) are added by whoever answers.
 */
import type { BetFailure, BookTransferRefusal, PlaceRefusal } from '../core/book/types.ts';
import type { WriterFault } from '../engine/ledger-writer.ts';
import { type ErrorCode, fail, type Reply } from './codes.ts';

interface Answer {
  readonly code: ErrorCode;
  readonly detail: string;
  /** Which of what was sent is wrong, where it is one. */
  readonly field?: string;
}

export const PLACE_ANSWERS: Readonly<Record<PlaceRefusal, Answer>> = {
  key_reused: { code: '1001', detail: 'key was used for another bet', field: 'key' },
  visit_ended: { code: '2001', detail: 'the visit is over' },
  not_allowed: { code: '2003', detail: 'the player may not bet' },
  game_status: { code: '4001', detail: 'the session takes no bets' },
  market_status: { code: '4002', detail: 'the market is not open' },
  odds_moved: { code: '4003', detail: 'the odds have moved' },
  bet_limit: { code: '4004', detail: 'the stake is outside the bet limit' },
  own_limit: { code: '4004', detail: 'the stake is above a limit the player has set' },
  exposure_exceeded: { code: '4006', detail: 'the exposure in the session would exceed its limit' },
  credit_short: { code: '4005', detail: 'the credit does not cover the exposure' },
  pool_full: { code: '4008', detail: 'the pool takes no more on that side' },
};

export const FAILURE_ANSWERS: Readonly<Record<BetFailure, Answer>> = {
  krain_refused: { code: '4007', detail: 'K-Rain did not take the bet' },
  krain_odds_moved: { code: '4007', detail: 'the odds moved at K-Rain' },
  krain_market_closed: { code: '4007', detail: 'the market is closed at K-Rain' },
  krain_unreachable: { code: '8001', detail: 'K-Rain could not be reached in time: the bet was not placed' },
};

export const TRANSFER_ANSWERS: Readonly<Record<BookTransferRefusal, Answer>> = {
  key_reused: { code: '1001', detail: 'tsCode was used for another transfer', field: 'tsCode' },
  insufficient_balance: { code: '1003', detail: 'the amount is above what can be withdrawn' },
};

/** Of a command to the ledger. What may have happened is told apart from what has not: only the former is 6002. */
export const FAULT_ANSWERS: Readonly<Record<WriterFault, Answer>> = {
  overloaded: { code: '0', detail: 'nothing was done: too much is under way, try again' },
  closing: { code: '0', detail: 'nothing was done: this node is closing, try again' },
  spent: { code: '0', detail: 'nothing was done' },
  unknown: { code: '6002', detail: 'the outcome is not known: repeat the call with the same tsCode or key' },
};

export function answer({ code, detail, field }: Answer, more?: Readonly<Record<string, unknown>>): Reply {
  return fail(code, detail, field === undefined ? more : { field, ...more });
}
