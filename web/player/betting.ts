/**
 * What a player does with the slip. The intent to bet lives here: its key is made when a side of a session is picked,
 * stays while it is sent, refused for moved odds and sent again, and is made anew once there is a bet under it.
 */
import type { PlacedView } from '../../src/kbook/player-wire.ts';
import type { Side } from '../shared/exposure.ts';
import { amountText } from '../shared/money.ts';
import { betOfKey, withOdds, withPlaced } from './book.ts';
import type { Engine } from './engine.ts';
import { ask } from './keys.ts';
import { insist, newKey, type Outcome, wireOrder } from './order.ts';
import { offeredOdds, type Page, type Slip, slipFor, slipOfSent } from './page.ts';
import { load, type SentOrder, save } from './saved.ts';

export interface Betting {
  pick(sessionId: number, side: Side): void;
  type(text: string): void;
  /** Sends the slip at these odds; `stake` in minor units. */
  send(stake: bigint, odds: number): Promise<void>;
  /** Puts the slip away; a bet on its way goes on. */
  close(): void;
  show(): void;
  /** Takes up a bet that was on its way when the page was loaded anew. */
  resume(): void;
}

const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 10_000;

export function createBetting({ page, keys, reload }: Pick<Engine, 'page' | 'keys' | 'reload'>): Betting {
  const turnSlip = (next: (slip: Slip) => Slip | null) =>
    page.turn((now) => (now.slip === null ? now : { ...now, slip: next(now.slip) }));
  const underWay = () => page.get().slip?.phase === 'sending';
  const decimals = () => page.get().book?.player.decimals ?? 2;

  return {
    pick(sessionId, side) {
      const { book, slip } = page.get();
      if (underWay()) return turnSlip((now) => ({ ...now, hidden: false }));
      const odds = book === null ? null : offeredOdds(book, sessionId, side);
      if (odds === null) return;
      page.turn((now) => ({ ...now, slip: slipFor({ sessionId, side, odds, key: newKey() }, slip) }));
    },
    type: (text) => turnSlip((slip) => ({ ...slip, text, refusal: null })),
    async send(stake, odds) {
      const slip = page.get().slip;
      if (slip === null || slip.phase === 'sending' || slip.phase === 'placed') return;
      const { key, sessionId, side } = slip;
      turnSlip((now) => ({ ...now, odds, phase: 'sending', silences: 0, refusal: null }));
      const order: SentOrder = { key, sessionId, side, odds, stake: stake.toString() };
      const outcome = await insist(order, {
        send: () => ask<PlacedView>(keys, { path: 'bets', body: wireOrder(order, decimals()) }),
        pause: (tries) => pauseFor(Math.min(PAUSE_MS_MIN * 2 ** (tries - 1), PAUSE_MS_MAX)),
        silent: (silences) => turnSlip((now) => ({ ...now, silences })),
      });
      page.turn((now) => answered(now, outcome));
      if (outcome.kind === 'refused' && outcome.key === 'new') void reload();
    },
    close() {
      if (underWay()) return turnSlip((slip) => ({ ...slip, hidden: true }));
      save('order', null);
      turnSlip(() => null);
    },
    show: () => turnSlip((slip) => ({ ...slip, hidden: false })),
    resume() {
      const { book } = page.get();
      const order = load('order');
      if (book === null || order === null) return;
      if (betOfKey(book, order.key) !== undefined || !book.sessions.has(order.sessionId)) {
        return save('order', null);
      }
      const text = amountText(BigInt(order.stake), decimals());
      page.turn((now) => ({ ...now, slip: slipOfSent(order, text) }));
    },
  };
}

/** What the answer to a bet makes of the page. */
function answered(now: Page, outcome: Outcome): Page {
  const { slip, book } = now;
  if (slip === null || book === null) return now;
  if (outcome.kind === 'placed') {
    const { placed } = outcome;
    const next: Slip = { ...slip, phase: 'placed', refusal: null, betId: placed.bet.id, hidden: false };
    return { ...now, book: withPlaced(book, placed), slip: next };
  }
  const { code, hint, key } = outcome;
  return {
    ...now,
    book: hint?.odds === undefined ? book : withOdds(book, slip.sessionId, hint.odds),
    slip: {
      ...slip,
      phase: 'edit',
      refusal: { code, hint },
      key: key === 'new' ? newKey() : slip.key,
      hidden: false,
    },
  };
}

/** Ends early when the machine finds its network again. */
function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}
