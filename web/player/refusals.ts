/** Every code of the contract in plain words, with the limit where there is one. */
import type { BetView } from '../../src/kbook/player-wire.ts';
import type { Refusal } from './page.ts';
import type { Speech } from './speech.tsx';
import type { Words } from './words/en.ts';

/** What a refused bet is told. `limit` in the second word's text is the most (or least) that would be taken. */
const BET_WORDS: Readonly<Record<string, readonly [plain: keyof Words, limited?: keyof Words]>> = {
  '1001': ['refusedRepeated'],
  '2001': ['refusedVisit'],
  '2003': ['refusedNotAllowed'],
  '4001': ['refusedGame'],
  '4002': ['refusedMarket'],
  '4003': ['refusedOdds'],
  '4004': ['refusedLimit', 'refusedLimitOf'],
  '4005': ['refusedCredit', 'refusedCreditOf'],
  '4006': ['refusedExposure', 'refusedExposureOf'],
  '4007': ['refusedMarketMaker'],
  '4008': ['refusedPool', 'refusedPoolOf'],
  '8001': ['refusedUnreachable'],
};

export function refusalText({ say, short }: Speech, { code, hint }: Refusal): string {
  const [plain, limited] = BET_WORDS[code] ?? ['refusedOther'];
  if (limited !== undefined && hint?.limit !== undefined) return say(limited, { limit: short(hint.limit) });
  return say(plain, { code });
}

const REASON_WORDS: Readonly<Record<string, keyof Words>> = {
  krain_refused: 'reasonRefused',
  krain_odds_moved: 'reasonOddsMoved',
  krain_market_closed: 'reasonMarketClosed',
  krain_unreachable: 'reasonUnreachable',
};

/** Why a bet failed. */
export function reasonText({ say }: Speech, reason: BetView['reason']): string {
  return say(REASON_WORDS[reason ?? ''] ?? 'reasonRefused');
}

/** What stands on the door when the visit is over. */
export const DOOR_WORDS: Readonly<Record<string, readonly [title: keyof Words, text: keyof Words]>> = {
  '2001': ['doorExpired', 'doorExpiredText'],
  '2002': ['doorAddress', 'doorAddressText'],
  '2003': ['doorBlocked', 'doorBlockedText'],
  '2006': ['doorTimeout', 'doorTimeoutText'],
  '2007': ['doorReplaced', 'doorReplacedText'],
};
