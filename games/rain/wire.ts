/** What the seller's server and its page say to each other. Amounts are minor units as decimal strings. */

export type RainState = 'entering' | 'in' | 'leaving' | 'left' | 'refused' | 'replaced';

export type RainView = {
  state: RainState;
  /** Why the player was not let in, or no more money was brought in. */
  code: string | null;
  currency: string;
  decimals: number;
  language: 'en' | 'ko' | 'zh';
  /** What is in the wallet at the hub; null = not known now. */
  wallet: string | null;
  /** What is at the book, and what of it open bets may cost. */
  book: { balance: string; exposure: string } | null;
  /** Money is on its way and the answer is awaited. */
  moving: boolean;
};

export type RainOpened = { key: string; view: RainView };
export type RainError = { code: string };

/** What the book's page tells the page around it. */
export type RainMessage = { type: 'rain:active' } | { type: 'rain:leave' };
