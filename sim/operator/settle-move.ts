/**
 * When is a movement decided? Pure.
 * The danger: attempt 1 times out but goes through, attempt 2 is turned away at the door (revoked key, blocked IP);
 * taking that for "refused" would give the member money that the games wallet also has. So a refusal counts at once
 * only when no earlier attempt can have gone through; otherwise only while the door is seen to be open.
 */
import type { Minor } from './money.ts';
import type { Direction } from './site-ledger.ts';
import type { Answer } from './xt-client.ts';
import type { Moved } from './xt-wire.ts';

export type Verdict =
  | { readonly kind: 'settled'; readonly moved: Minor }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Refused, if the hub now answers this agent at all: ask /my-info. */
  | { readonly kind: 'refused-if-door-open'; readonly reason: string }
  | { readonly kind: 'repeat'; readonly afterMs: number };

export interface Attempt {
  readonly direction: Direction;
  readonly amount: Minor;
  /** How many attempts went before, those of a former process included (at least 1 after a restart). */
  readonly before: number;
}

export function judgeMove(attempt: Attempt, answer: Answer<Moved>): Verdict {
  switch (answer.kind) {
    case 'ok':
      return judgeAmount(attempt, answer.value);
    case 'busy':
      return { kind: 'repeat', afterMs: answer.retryAfterMs };
    case 'unknown':
      return { kind: 'repeat', afterMs: repeatAfterMs(attempt.before) };
    case 'refused': {
      const reason = answer.message || `HTTP ${answer.status}`;
      // A 404 or 405 comes from something in between, not from the hub's books.
      if (answer.status === 404 || answer.status === 405) {
        return { kind: 'repeat', afterMs: repeatAfterMs(attempt.before) };
      }
      return { kind: attempt.before === 0 ? 'refused' : 'refused-if-door-open', reason };
    }
  }
}

/** 1, 2, 4 … 30 seconds. */
export function repeatAfterMs(before: number): number {
  return Math.min(1000 * 2 ** Math.min(before, 10), 30_000);
}

function judgeAmount(attempt: Attempt, moved: Moved): Verdict {
  const magnitude = attempt.direction === 'in' ? moved.amount : -moved.amount;
  const exact = attempt.direction === 'out-all' ? magnitude >= 0n : magnitude === attempt.amount;
  // An answer about another amount is no answer to this call: keep it open and visible rather than book a guess.
  return exact ? { kind: 'settled', moved: magnitude } : { kind: 'repeat', afterMs: 30_000 };
}
