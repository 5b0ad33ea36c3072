/**
 * A bet on its way, from the pressed button to a definite answer.
 * Invariant: one intent has one key. However often it is sent, before and after new odds, across a reload too, the hub
 * takes at most one bet for it. Only an answer that is definite ends the sending: silence and troubles of the hub don't.
 */
import type { BetHint, PlacedView } from '../../src/kbook/player-wire.ts';
import { majorOf } from '../shared/money.ts';
import type { Answer } from './calls.ts';
import { type SentOrder, save } from './saved.ts';

/** What came of it. `key` says whether the next bet of this slip may go under the same key. */
export type Outcome =
  | { readonly kind: 'placed'; readonly placed: PlacedView }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly hint: BetHint | null;
      readonly key: 'same' | 'new';
    };

export interface Sender {
  /** One attempt. */
  readonly send: (order: SentOrder) => Promise<Answer<PlacedView>>;
  /** Waits before attempt number `tries`; ends early when the line is back. */
  readonly pause: (tries: number) => Promise<void>;
  /** Told of the first silence and of every further one. */
  readonly silent: (tries: number) => void;
}

/** The hub could not do it, and does not say whether it did: the same is asked again. */
const UNSURE = new Set(['0', '999', '5002', '6001', '6002']);
/** The bet exists and has failed: the next one is another bet. 1001: there is a bet under this key, of other content. */
const SPENT = new Set(['4007', '8001', '1001']);

/** What POST /bets takes. */
export function wireOrder({ key, sessionId, side, odds, stake }: SentOrder, decimals: number) {
  return { key, sessionId, type: side, odds: odds / 1000, stake: majorOf(BigInt(stake), decimals) };
}

/** A key nobody else has. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sends until the answer is definite. */
export async function insist(order: SentOrder, { send, pause, silent }: Sender): Promise<Outcome> {
  save('order', order);
  for (let tries = 1; ; tries += 1) {
    const answer = await send(order);
    if (answer.kind === 'ok') {
      save('order', null);
      return { kind: 'placed', placed: answer.data };
    }
    if (answer.kind === 'refused' && !UNSURE.has(answer.code)) {
      save('order', null);
      const key = SPENT.has(answer.code) ? 'new' : 'same';
      return { kind: 'refused', code: answer.code, hint: hintOf(answer.data), key };
    }
    silent(tries);
    await pause(tries);
  }
}

function hintOf(data: unknown): BetHint | null {
  return typeof data === 'object' && data !== null ? (data as BetHint) : null;
}
