/** Everything the page shows, as one value, and the small steps it goes by that need no hub. Pure. */
import type { BetHint, BetView, PasswordHint } from '../../src/kbook/player-wire.ts';
import type { Side } from '../shared/exposure.ts';
import { thousandthsOf } from '../shared/money.ts';
import { type Book, isOpen } from './book.ts';
import type { SentOrder } from './saved.ts';

/** What stands before the book: a message over the whole page. Null: nothing does. */
export type Door =
  | { readonly kind: 'starting' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'password'; readonly hint: PasswordHint; readonly busy: boolean }
  /** A code of the contract. */
  | { readonly kind: 'ended'; readonly code: string }
  | { readonly kind: 'left' };

/** `joining`: not live, but what is shown is fresh; `polling`: asked every few seconds; `lost`: nobody answers. */
export type Line = 'live' | 'joining' | 'polling' | 'lost';

export interface Refusal {
  readonly code: string;
  readonly hint: BetHint | null;
}

export interface Slip {
  readonly sessionId: number;
  readonly side: Side;
  /** The odds the player has agreed to, in thousandths. */
  readonly odds: number;
  readonly text: string;
  /** One for every intent to bet: order.ts. */
  readonly key: string;
  readonly phase: 'edit' | 'sending' | 'unsure' | 'placed';
  /** How often nobody answered. */
  readonly silences: number;
  readonly refusal: Refusal | null;
  readonly betId: number | null;
  /** Out of sight while it goes on. */
  readonly hidden: boolean;
}

export type NewsKind = 'matched' | 'failed' | 'won' | 'lost' | 'void';
export interface News {
  readonly id: number;
  readonly kind: NewsKind;
  readonly bet: BetView;
}

export interface Page {
  readonly door: Door | null;
  readonly book: Book | null;
  readonly line: Line;
  readonly slip: Slip | null;
  readonly news: readonly News[];
}

export const FIRST_PAGE: Page = {
  door: { kind: 'starting' },
  book: null,
  line: 'joining',
  slip: null,
  news: [],
};

const NEWS_MAX = 3;

/** What a player should be told when a bet has become another; null: nothing. */
export function newsKindOf(known: BetView | undefined, told: BetView): NewsKind | null {
  if (known?.status === told.status || (known !== undefined && known.updatedAt > told.updatedAt)) return null;
  switch (told.status) {
    case 'FAILED':
      return 'failed';
    case 'VOID':
      return 'void';
    case 'SETTLED':
      return told.payout > 0 ? 'won' : 'lost';
    case 'ACTIVE':
      return known !== undefined && isOpen(known) ? 'matched' : null;
    default:
      return null;
  }
}

export function withNews(page: Page, news: News): Page {
  return { ...page, news: [...page.news.filter(({ bet }) => bet.id !== news.bet.id), news].slice(-NEWS_MAX) };
}

/** The offered odds on a side, in thousandths; null when there are none. */
export function offeredOdds(book: Book, sessionId: number, side: Side): number | null {
  const odds = book.sessions.get(sessionId)?.odds;
  if (odds === undefined || odds === null) return null;
  return thousandthsOf(side === 'RAIN' ? odds.rain : odds.noRain);
}

/** A fresh slip: on another session or side a fresh intent, and the stake that was typed stays. */
export function slipFor(
  pick: { readonly sessionId: number; readonly side: Side; readonly odds: number; readonly key: string },
  old: Slip | null,
): Slip {
  const text = old === null || old.phase === 'placed' ? '' : old.text;
  return { ...pick, text, phase: 'edit', silences: 0, refusal: null, betId: null, hidden: false };
}

/** The slip of a bet that was sent before the page was loaded anew, and never answered. */
export function slipOfSent(order: SentOrder, text: string): Slip {
  const { sessionId, side, odds, key } = order;
  return {
    sessionId,
    side,
    odds,
    key,
    text,
    phase: 'unsure',
    silences: 0,
    refusal: null,
    betId: null,
    hidden: false,
  };
}
