/**
 * Reconciliation: an operator's export of transaction ids and amounts against the hub's rows. Here is what can be said
 * without the database: which rows an operator must have, how an exported id and amount are read, what a difference
 * is and what is known about why. Amounts are minor units, signed as the feed signs them: from the player's side.
 */
import { CODE, FEED, type FeedShape, type TransferCode } from './chart.ts';
import { type AnswerClass, MEANING } from './delivery.ts';
import { AMOUNT_MAX, type Currency, decimalsOf, wireMax } from './money.ts';

// ---- which rows ---------------------------------------------------------------------------------------------------

const codes = Object.keys(FEED).map((code) => Number(code) as TransferCode);
const codesOf = (pick: (shape: FeedShape, code: TransferCode) => boolean): readonly TransferCode[] =>
  codes.filter((code) => pick(FEED[code], code));

/** What a seamless wallet is asked or told. */
const TOLD = ['bet', 'win', 'cancel', 'charge', 'adjust', 'promo_win', 'exceed_credit'];
const OF_POT: readonly TransferCode[] = [CODE.potGive, CODE.potTake];

export const FEED_CODES = {
  shown: codesOf(({ type }) => type !== null),
  twinned: codesOf(({ twin }) => twin !== null),
  /** Their rows are + for the player; the others −. */
  credited: codesOf(({ side }) => side === 'credit'),
} as const;

/**
 * The rows an export must contain: all of the operator's users. Rows of its own POT (causer's twins, POT given and
 * taken) may be there, and are compared then; few operators keep them beside their users' books.
 */
export const DEMANDED: Readonly<Record<'transfer' | 'seamless', readonly TransferCode[]>> = {
  transfer: codesOf(({ type }, code) => type !== null && !OF_POT.includes(code)),
  seamless: codesOf(({ type }) => type !== null && TOLD.includes(type)),
};

/** The type a row has in the feed; `twin` is 1 for the causer's. */
export function feedType(code: TransferCode, twin: number): string {
  return (twin === 1 ? FEED[code].twin : FEED[code].type) ?? '';
}

// ---- what an export says ------------------------------------------------------------------------------------------

export interface ExportedRow {
  /** Where it stands in the file. */
  readonly line: number;
  readonly id: bigint;
  readonly amount: bigint;
}

/** A value, or what is wrong with it in words that follow "the id" or "the amount". */
export type Reading = { readonly value: bigint } | { readonly problem: string };

const ID_MAX = 2n ** 63n - 1n;

/** Reads a transaction id: a whole number, or its digits as text. */
export function readId(given: unknown): Reading {
  if (given === undefined || given === null || given === '') return { problem: 'is missing' };
  if (typeof given === 'number') {
    if (Number.isSafeInteger(given) && given >= 0) return { value: BigInt(given) };
    return { problem: `${given} is no whole number a JSON number can carry: give it as text` };
  }
  if (typeof given !== 'string') return { problem: 'is neither a number nor text' };
  const text = given.trim();
  if (/^\d+(\.\d+)?e\+?\d+$/i.test(text)) return { problem: `${text} was rounded by a spreadsheet` };
  // Tables with gaps make 3000000001.0 of every whole number.
  const digits = /^(\d{1,19})(?:\.0+)?$/.exec(text)?.[1];
  if (digits === undefined || BigInt(digits) > ID_MAX)
    return { problem: `${quoted(text)} is no transaction id` };
  return { value: BigInt(digits) };
}

/**
 * Reads a signed amount in the currency's unit into minor units, exactly: text digit by digit, a JSON number as the
 * shortest text that means it, up to where it may have lost digits. Zero is an amount; no separators of thousands.
 */
export function readDelta(given: unknown, currency: Currency): Reading {
  if (given === undefined || given === null || given === '') return { problem: 'is missing' };
  if (typeof given !== 'number' && typeof given !== 'string')
    return { problem: 'is neither a number nor text' };
  const text = String(given).trim();
  const match = /^([+-]?)(\d{0,30})(?:\.(\d{0,40}))?$/.exec(text);
  if (match === null || !/\d/.test(text)) return { problem: `${quoted(text)} is no decimal number` };
  const [, sign, whole = '', fraction = ''] = match;
  const significant = fraction.replace(/0+$/, '');
  const decimals = decimalsOf(currency);
  if (significant.length > decimals) return { problem: `${text} has more decimals than ${currency} has` };
  const amount = BigInt(whole + significant.padEnd(decimals, '0'));
  if (amount > AMOUNT_MAX) return { problem: `${text} is too large` };
  if (typeof given === 'number' && amount > wireMax(currency))
    return { problem: `${text} is more than a JSON number carries exactly: give it as text` };
  return { value: sign === '-' ? -amount : amount };
}

const QUOTED_MAX = 40;
/** What a file said, short enough for one line of a terminal, and without what would move its cursor. */
export function quoted(text: string): string {
  const short = text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text;
  return `"${short.replace(/\p{Cc}/gu, '?')}"`;
}

// ---- what differs -------------------------------------------------------------------------------------------------

export const DIFFERENCE_KINDS = ['missing_there', 'missing_here', 'different_amount', 'duplicate'] as const;
/** Told apart because they are none: nothing moved on either side; or the answer is not known yet. */
export const OTHER_KINDS = ['void_pair', 'under_way'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];
export type FindingKind = DifferenceKind | (typeof OTHER_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly id: bigint;
  /** Line of the export; null where it has none. */
  readonly line: number | null;
  /** What the hub's row says; null where there is none. Of a void pair: its bet's. */
  readonly here: bigint | null;
  readonly there: bigint | null;
  readonly type: string | null;
  /** UTC, six decimals. */
  readonly time: string | null;
  readonly username: string | null;
  readonly round: string | null;
  /** The cancel of a void pair, and its line where the export has it, with an amount of 0. */
  readonly cancelId: bigint | null;
  readonly cancelLine: number | null;
  readonly note: Note | null;
}

/** By how much the export's sum is above the hub's because of it. */
export function surplusOf({ kind, here, there }: Finding): bigint {
  if (kind === 'void_pair' || kind === 'under_way') return 0n;
  // A duplicate is counted once more, whatever the hub's row says.
  return (there ?? 0n) - (kind === 'duplicate' ? 0n : (here ?? 0n));
}

// ---- and what is known about why ----------------------------------------------------------------------------------

export type NoteCode =
  | 'not_delivered_yet'
  | 'listed'
  | 'resolved'
  | 'delivered'
  | 'cancel_there'
  | 'refused'
  | 'not_sent'
  | 'void';

export interface Note {
  readonly code: NoteCode;
  /** What the operator answered, and when. */
  readonly status: number | null;
  readonly at: string | null;
}

export function noteText({ code, status, at }: Note): string {
  const when = at === null ? '' : ` at ${at}`;
  const texts: Readonly<Record<NoteCode, string>> = {
    not_delivered_yet: 'not delivered yet',
    listed: 'delivery was given up; it is on the list of callbacks',
    resolved: 'was never delivered; settled by hand',
    delivered: `the hub was told status ${status ?? 'none'}${when}`,
    cancel_there: 'never taken by the operator, but its cancel is in the export: was it paid out?',
    refused: `the hub was told it was refused: status ${status ?? 'none'}${when}`,
    not_sent: `the hub never sent it${when}`,
    void: 'the hub was told it was refused',
  };
  return texts[code];
}

/** What the last attempt at a callback says about a row one side lacks; null when it explains nothing. */
export function attemptNote(
  kind: FindingKind,
  attempt: { class: AnswerClass; status: number | null; at: string },
): Note | null {
  const { status, at } = attempt;
  const { question, message } = MEANING[attempt.class];
  if (kind === 'missing_there') return message === 'delivered' ? { code: 'delivered', status, at } : null;
  if (kind !== 'missing_here') return null;
  if (question === 'refused') return { code: 'refused', status, at };
  return question === 'unavailable' ? { code: 'not_sent', status, at } : null;
}
