/**
 * What an operator's answer means (contract xt §5). One table from what came back to what it decides: for a question
 * (a bet or a charge, whose money is only promised) and for a message (everything that has happened already and must
 * reach the operator). Pure.
 *
 * The line that matters runs between `not sent` and `lost`: of the first not a byte has left, so a bet is off and
 * nothing is to be cancelled; of the second the operator may have acted, so it is cancelled there.
 */
import type { Currency } from './money.ts';
import { decimalsOf } from './money.ts';

/** Certain: no byte of the request has left this node. */
export type NotSent = 'no_callback_url' | 'address_forbidden' | 'unreachable' | 'busy' | 'circuit_open';
/** The request may have been received and acted upon. */
export type Lost = 'timed_out' | 'connection_lost';

export type OperatorAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** What was read of the body within its bounds of size and time. */
      readonly body: string;
    }
  | { readonly kind: 'not_sent'; readonly reason: NotSent }
  | { readonly kind: 'lost'; readonly reason: Lost };

export const ANSWER_CLASSES = [
  'accepted',
  'accepted_without_balance',
  'other_success',
  'redirected',
  'refused',
  'failed',
  'nonsense',
  'no_callback_url',
  'address_forbidden',
  'unreachable',
  'busy',
  'circuit_open',
  'timed_out',
  'connection_lost',
] as const;
export type AnswerClass = (typeof ANSWER_CLASSES)[number];

/** accepted: post it. refused, unavailable: it never was. unknown: it may have been, and is cancelled there. */
export type Verdict = 'accepted' | 'refused' | 'unavailable' | 'unknown';

interface Meaning {
  readonly question: Verdict;
  readonly message: 'delivered' | 'again';
  /**
   * Counts against the operator's health: enough of these in a row and it is left alone for a while. Null: it was not
   * asked, so this says nothing about it.
   */
  readonly unwell: boolean | null;
}

export const MEANING: Readonly<Record<AnswerClass, Meaning>> = {
  // 200, with a balance where one is required
  accepted: { question: 'accepted', message: 'delivered', unwell: false },
  // 200, but the balance that is required can't be read: whether it was taken is not said
  accepted_without_balance: { question: 'unknown', message: 'delivered', unwell: false },
  // 201–299: not what was agreed for acceptance, and no refusal either
  other_success: { question: 'unknown', message: 'again', unwell: false },
  // 3xx is never followed
  redirected: { question: 'refused', message: 'again', unwell: false },
  // 4xx
  refused: { question: 'refused', message: 'again', unwell: false },
  // 5xx
  failed: { question: 'refused', message: 'again', unwell: true },
  // a status outside of 200–599
  nonsense: { question: 'unknown', message: 'again', unwell: true },
  no_callback_url: { question: 'unavailable', message: 'again', unwell: null },
  address_forbidden: { question: 'unavailable', message: 'again', unwell: null },
  unreachable: { question: 'unavailable', message: 'again', unwell: true },
  busy: { question: 'unavailable', message: 'again', unwell: null },
  circuit_open: { question: 'unavailable', message: 'again', unwell: null },
  timed_out: { question: 'unknown', message: 'again', unwell: true },
  connection_lost: { question: 'unknown', message: 'again', unwell: true },
};

/** Which class an answer is of. `balance` is what was read of it, `balanceRequired` the agent's slot booster. */
export function classOf(
  answer: OperatorAnswer,
  { balance, balanceRequired }: { balance: bigint | null; balanceRequired: boolean },
): AnswerClass {
  if (answer.kind !== 'answered') return answer.reason;
  const { status } = answer;
  if (status === 200) return balanceRequired && balance === null ? 'accepted_without_balance' : 'accepted';
  if (status > 200 && status < 300) return 'other_success';
  if (status >= 300 && status < 400) return 'redirected';
  if (status >= 400 && status < 500) return 'refused';
  if (status >= 500 && status < 600) return 'failed';
  return 'nonsense';
}

/**
 * The balance an operator's body tells, in minor units: `{"balance":n}`, a number or a numeric text. Digits beyond the
 * currency's decimals are cut off: a player can't stake what is less than the smallest unit. Null: not told.
 */
export function readBalance(body: string, currency: Currency): bigint | null {
  const value = balanceField(body);
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const decimals = decimalsOf(currency);
  // A wallet that adds in floating point tells 30.299999999999997 of 30.30, and 5.6e-14 of nothing.
  const text = typeof value === 'number' ? value.toFixed(decimals + FLOAT_DIGITS) : value.trim();
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,30}))?$/.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = ''] = match;
  const minor = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (minor > BALANCE_MAX) return null;
  return sign === '-' ? -minor : minor;
}

/** So many digits beyond the currency's are looked at before they are cut off. */
const FLOAT_DIGITS = 4;

/** What the store holds in one number, with room for what is added. */
const BALANCE_MAX = 10n ** 18n;

function balanceField(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'balance' in parsed ? parsed.balance : null;
  } catch {
    return null;
  }
}

const RETRY_MS = 1000;
const RETRY_MS_MAX = 300_000;

/** How long to wait after the n-th attempt failed (n from 1), in ms: doubling, and spread so that no crowd forms. */
export function retryAfterMs(attempt: number, random: number): number {
  const wholeMs = Math.min(RETRY_MS * 2 ** Math.min(attempt - 1, 20), RETRY_MS_MAX);
  return Math.round(wholeMs * (0.5 + random / 2));
}

/**
 * How long a node that has taken a callback on may be silent about it, in ms, before another node looks after it:
 * longer than any call to an operator with its two commits.
 */
export const LEASE_MS = 10_000;
