/**
 * What a check of an operator's wallet is made of, and the words the tables of checks are written in.
 *
 * Amounts are minor units of the account's currency, without a sign: the type of a packet tells it (an adjust carries
 * its own). Labels name transactions inside one check; each gets an id of its own when it is first named. After a
 * step the balance is read and must be exactly what the step says.
 */
import type { PacketGame } from '../wire.ts';
import type { Stand } from './stand.ts';

/** must: the hub relies on it, money is lost without. should: a second line of defence, or the players' comfort. */
export type Severity = 'must' | 'should';

export interface Check {
  readonly id: string;
  readonly title: string;
  readonly proves: string;
  /** In one sentence: how money is lost when it fails. */
  readonly costs: string;
  readonly severity: Severity;
  /** Why the check says nothing under these settings; null: it applies. */
  readonly skip?: (settings: Settings) => string | null;
  /** Runs even when the balance can't be read: it tells why. */
  readonly always?: boolean;
  /** Minor units its probes stake. What its other steps need is reckoned from them. */
  readonly needs?: bigint;
  readonly steps: readonly Step[];
}

/** What the checks may depend on. */
export interface Settings {
  readonly username: string;
  readonly decimals: number;
  readonly slotBooster: boolean;
  readonly signed: boolean;
}

/** What was wanted and what came instead, for a person to read. */
export interface Finding {
  readonly expected: string;
  readonly got: string;
}

export type Step =
  | {
      readonly kind: 'send';
      /** All at once; usually one. */
      readonly packets: readonly Packet[];
      /** How often each of them is sent at once; it moves its amount once all the same. */
      readonly copies: number;
      readonly answer: Wanted;
      readonly moves: Moves;
      /** false: how the balance is shown before the next step is the operator's affair. */
      readonly read: boolean;
    }
  /** The very bytes sent before under the label: accepted, and nothing moves. */
  | { readonly kind: 'again'; readonly label: string; readonly answer: Wanted; readonly read: boolean }
  | {
      readonly kind: 'probe';
      readonly run: (stand: Stand) => Promise<Finding | null>;
      /** Whether the balance is looked at after it. */
      readonly read: boolean;
    };

/**
 * accepted: each packet is, at least one of its copies. refused: by a status that says so, not by silence. one: exactly
 * one of the packets is accepted.
 */
export type Wanted = 'accepted' | 'refused' | 'one' | 'any';
/** accepted: what the accepted packets say. */
export type Moves = 'accepted' | 'nothing';

export type PacketType = 'bet' | 'win' | 'cancel' | 'charge' | 'adjust' | 'promo_win' | 'exceed_credit';

const TAKING: readonly PacketType[] = ['bet', 'charge', 'exceed_credit'];

/** An amount as it goes over the wire. */
export function signed(type: PacketType, amount: bigint): bigint {
  return TAKING.includes(type) ? -amount : amount;
}

/** What an amount may be drawn from: the balance at this moment, and what was sent before. */
export interface AmountSource {
  readonly balance: bigint;
  readonly amountOf: (label: string) => bigint;
}
export type Amount = bigint | ((source: AmountSource) => bigint);

export interface Packet {
  readonly label: string;
  readonly type: PacketType;
  readonly amount: Amount;
  readonly referer: string | null;
  readonly variation: Variation;
}

/** In what a packet differs from the plain one. */
export interface Variation {
  /** Packets of one check share a round unless they name others. */
  readonly round?: string;
  /** null: a packet without details. */
  readonly game?: Partial<PacketGame> | null;
  /** Its id is this far below the id of another label. */
  readonly idBelow?: { readonly label: string; readonly distance: number };
  readonly username?: (username: string) => string;
  /** What the hub says the balance is, in place of the true one. */
  readonly targetBalance?: bigint;
  /** How long ago it happened, in ms. */
  readonly ageMs?: number;
  /** Fields an operator has never seen. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** All there is, at this moment. */
export const all: Amount = ({ balance }) => balance;
export const oneMoreThanAll: Amount = ({ balance }) => balance + 1n;
export const sameAs =
  (label: string): Amount =>
  ({ amountOf }) =>
    amountOf(label);

const packet =
  (type: PacketType) =>
  (label: string, amount: Amount, variation: Variation = {}): Packet => ({
    label,
    type,
    amount,
    referer: null,
    variation,
  });
export const bet = packet('bet');
export const charge = packet('charge');
export const promoWin = packet('promo_win');
/** Its amount has a sign. */
export const adjust = packet('adjust');

interface Referring extends Variation {
  readonly amount: Amount;
}
const referring =
  (type: PacketType) =>
  (label: string, referer: string, { amount, ...variation }: Referring): Packet => ({
    label,
    type,
    amount,
    referer,
    variation,
  });
export const win = referring('win');
export const cancel = referring('cancel');
export const exceedCredit = referring('exceed_credit');
/** An adjust that names what it corrects. */
export const correct = referring('adjust');

type Answering = Pick<Extract<Step, { kind: 'send' }>, 'answer' | 'moves' | 'read'>;
const send =
  (answering: Answering) =>
  (...packets: readonly Packet[]): Step => ({ kind: 'send', packets, copies: 1, ...answering });
/** Accepted, and moves what it says. Several: all at once. */
export const accepted = send({ answer: 'accepted', moves: 'accepted', read: true });
/** Accepted, and moves nothing. */
export const still = send({ answer: 'accepted', moves: 'nothing', read: true });
/** Refused, and moves nothing. */
export const refused = send({ answer: 'refused', moves: 'nothing', read: true });
/** Whatever the answer, nothing moves. */
export const ineffective = send({ answer: 'any', moves: 'nothing', read: true });
/** Of those sent at once exactly one is accepted, and moves what it says. */
export const oneOf = send({ answer: 'one', moves: 'accepted', read: true });
/** Accepted; what it moves must be there after the next step. */
export const acceptedUnread = send({ answer: 'accepted', moves: 'accepted', read: false });
/** Whatever the answers, nothing has moved after the next step. */
export const ineffectiveUnread = send({ answer: 'any', moves: 'nothing', read: false });

/** So many copies of the same bytes at once: they move once what they say. */
export const copies = (times: number, sent: Packet): Step => ({
  kind: 'send',
  packets: [sent],
  copies: times,
  answer: 'accepted',
  moves: 'accepted',
  read: true,
});

/** The same bytes again: accepted, and nothing moves. */
export const again = (label: string): Step => ({ kind: 'again', label, answer: 'accepted', read: true });
/** The same, and the balance is looked at after a later step. */
export const againUnread = (label: string): Step => ({
  kind: 'again',
  label,
  answer: 'accepted',
  read: false,
});
/** The same bytes again: refused as before, or at least nothing moves. */
export const againInVain = (label: string): Step => ({ kind: 'again', label, answer: 'any', read: true });

type Probing = (stand: Stand) => Promise<Finding | null>;
/** Something beyond packets and balances; what it moves is in `stand.expected`. */
export const probe = (run: Probing): Step => ({ kind: 'probe', run, read: true });
/** The same without a look at the balance afterwards. */
export const probeOnly = (run: Probing): Step => ({ kind: 'probe', run, read: false });

/** So many packets, made from their number, from 1 on. */
export const several = (count: number, make: (n: number) => Packet): readonly Packet[] =>
  Array.from({ length: count }, (_each, index) => make(index + 1));
