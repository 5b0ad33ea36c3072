/**
 * Operators that are wrong in one rule about money each, as integrators' code really is, and the checks that must find
 * it: all others must pass.
 */
import { setTimeout as after } from 'node:timers/promises';
import type { CertifyOptions } from '../../src/callbacks/certify/certify.ts';
import type { Habits, TinyPacket } from './tiny-operator.ts';

export interface Quirk {
  readonly habits: Partial<Habits>;
  readonly options?: Partial<CertifyOptions>;
  readonly accounts?: Readonly<Record<string, number>>;
  readonly fails: readonly string[];
  /** What follows from it in other checks is not told; absent: they pass. */
  readonly others?: 'may';
}

const roundOf = ({ transaction }: TinyPacket) => transaction.details?.game.round ?? '';
const isSpending = ({ transaction }: TinyPacket) => ['bet', 'charge'].includes(transaction.type);

/** Turns away what comes a second time in a round under the same name. */
const oncePer =
  (nameOf: (packet: TinyPacket) => string | null): Habits['refuse'] =>
  (packet, { notes, seen }) => {
    const name = nameOf(packet);
    if (name === null || seen.has(packet.transaction.id)) return null;
    const id = notes.get(name) ?? packet.transaction.id;
    notes.set(name, id);
    return id === packet.transaction.id ? null : 409;
  };

export const MONEY_QUIRKS: Readonly<Record<string, Quirk>> = {
  'pays a win as often as it comes': {
    habits: {
      isRepeat: ({ transaction }, { seen }) => transaction.type !== 'win' && seen.has(transaction.id),
    },
    fails: ['win-repeat', 'win-repeat-at-once', 'win-repeat-later'],
  },
  'takes a bet as often as it comes': {
    habits: {
      isRepeat: ({ transaction }, { seen }) => transaction.type !== 'bet' && seen.has(transaction.id),
    },
    fails: ['bet-repeat', 'bet-repeat-at-once', 'win-repeat-later'],
  },
  'books corrections and promotions as often as they come': {
    habits: {
      isRepeat: ({ transaction }, { seen }) =>
        !['promo_win', 'adjust', 'charge', 'exceed_credit'].includes(transaction.type) &&
        seen.has(transaction.id),
    },
    fails: ['charge-exact', 'promo-win', 'adjust-plus', 'adjust-minus', 'exceed-credit', 'ids-last-digit'],
  },
  'gives back as often as the cancel comes': {
    habits: {
      isRepeat: ({ transaction }, { seen }) => transaction.type !== 'cancel' && seen.has(transaction.id),
      backOf: ({ amount }, bet) => (bet?.isTaken ? amount : 0),
    },
    fails: [
      'cancel-and-bet-at-once',
      'cancel-repeat',
      'cancel-repeat-at-once',
      'bundle-cancel',
      'cancel-twice',
    ],
  },
  'gives back for a second cancel': {
    habits: { backOf: ({ amount }, bet) => (bet?.isTaken ? amount : 0) },
    fails: ['cancel-twice'],
  },
  'gives back whatever a cancel says': {
    habits: { backOf: ({ amount }) => amount },
    fails: ['cancel-unknown', 'cancel-before-bet', 'cancel-refused-bet', 'cancel-twice', 'referer-exact'],
  },
  'gives back only the first bet of a bundle': {
    habits: {
      refuse: ({ amount, transaction }, { notes }) => {
        if (transaction.type === 'bet') notes.set(`bet ${transaction.id}`, -amount);
        return null;
      },
      backOf: ({ transaction }, bet, { notes }) =>
        bet?.isTaken && !bet.isCancelled ? (notes.get(`bet ${transaction.referer_id}`) ?? 0) : 0,
    },
    fails: ['bundle-cancel', 'cancel-rebet-cancel', 'cancel-twice'],
  },
  'keeps what is cancelled': {
    habits: { backOf: () => 0 },
    fails: [
      ...['cancel-exact', 'cancel-repeat', 'cancel-repeat-at-once', 'cancelled-bet-repeat', 'bundle-cancel'],
      ...['bundle-cancel-one', 'cancel-rebet', 'cancel-rebet-cancel', 'cancel-twice'],
    ],
    others: 'may',
  },
  'has one cancel a round': {
    habits: { refuse: oncePer((packet) => (packet.transaction.type === 'cancel' ? roundOf(packet) : null)) },
    fails: ['cancel-rebet-cancel', 'cancel-twice'],
  },
  'closes a round by its cancel': {
    habits: {
      refuse: (packet, { notes, seen }) => {
        if (packet.transaction.type === 'cancel') notes.set(roundOf(packet), 1);
        return isSpending(packet) && notes.has(roundOf(packet)) && !seen.has(packet.transaction.id)
          ? 410
          : null;
      },
    },
    fails: ['cancel-rebet', 'cancel-rebet-cancel'],
  },
  'cancels the whole round': {
    habits: {
      refuse: (packet, { notes }) => {
        if (packet.transaction.type === 'cancel') notes.set(roundOf(packet), 1);
        return packet.transaction.type === 'win' && notes.has(roundOf(packet)) ? 409 : null;
      },
    },
    fails: ['bundle-cancel-one', 'cancel-rebet', 'referer-exact'],
  },
  'answers 404 to an unknown cancel': {
    habits: { unknownCancelStatus: 404 },
    fails: ['cancel-unknown', 'cancel-before-bet', 'referer-exact'],
  },
  'forgets an unknown cancel': {
    habits: { remembersUnknownCancel: false },
    fails: ['cancel-before-bet'],
  },
  'turns zero wins away': {
    habits: {
      refuse: ({ amount, transaction }) => (transaction.type === 'win' && amount === 0 ? 422 : null),
    },
    fails: ['win-zero', 'wins-several'],
  },
  'turns zero bets away': {
    habits: {
      refuse: ({ amount, transaction }) => (transaction.type === 'bet' && amount === 0 ? 422 : null),
    },
    fails: ['bet-zero'],
  },
  'has one win a round': {
    habits: { refuse: oncePer((packet) => (packet.transaction.type === 'win' ? roundOf(packet) : null)) },
    fails: ['wins-several'],
  },
  'has one bet a round': {
    habits: { refuse: oncePer((packet) => (packet.transaction.type === 'bet' ? roundOf(packet) : null)) },
    fails: [
      'bundle-win',
      'bundle-cancel',
      'bundle-cancel-one',
      'cancel-rebet',
      'cancel-rebet-cancel',
      'cancel-twice',
    ],
  },
  'has one round at a time': {
    habits: {
      refuse: (packet, { notes, seen }) => {
        const { type, id } = packet.transaction;
        if (type === 'bet' && !seen.has(id)) {
          notes.clear();
          notes.set(roundOf(packet), 1);
        }
        return type === 'win' && !notes.has(roundOf(packet)) ? 409 : null;
      },
    },
    fails: ['bets-and-wins-at-once', 'win-repeat-later', 'wins-crossed', 'decimals'],
  },
  'remembers a player’s last transaction only': {
    habits: {
      isRepeat: ({ transaction }, { seen }) => [...seen.keys()].at(-1) === transaction.id,
    },
    fails: ['win-repeat-later', 'ids-last-digit'],
  },
  'has a cut for old news': {
    habits: {
      refuse: ({ transaction }) =>
        Date.now() - Date.parse(transaction.processed_at) > 3_600_000 ? 422 : null,
    },
    fails: ['win-of-yesterday'],
  },
  'reads before it writes': {
    habits: { think: () => after(2), readsBefore: true },
    fails: ['bets-at-once', 'bets-and-wins-at-once'],
    others: 'may',
  },
  'looks before it books': {
    habits: { think: () => after(2) },
    fails: ['bet-repeat-at-once', 'win-repeat-at-once'],
    others: 'may',
  },
  'deletes what is cancelled': {
    habits: { forgets: ({ transaction }) => (transaction.type === 'cancel' ? transaction.referer_id : null) },
    fails: ['cancel-before-bet', 'cancelled-bet-repeat'],
  },
  'keeps no one below zero': {
    habits: { covered: ['bet', 'charge', 'adjust', 'exceed_credit'] },
    fails: ['debt'],
  },
  'lends money': {
    habits: { covered: [] },
    fails: [
      'bet-over-balance',
      'bet-refused-repeat',
      'last-money-at-once',
      'charge-over-balance',
      'cancel-refused-bet',
      'refusal-status',
    ],
  },
  'refuses by 500': { habits: { shortStatus: 500 }, fails: ['refusal-status'] },
  'keeps the last unit': {
    habits: {
      refuse: ({ amount, transaction }) => (amount < 0 && transaction.target.balance === 0 ? 402 : null),
    },
    fails: ['bet-whole-balance', 'debt'],
  },
  'keeps ids in 32 bits': {
    habits: { keyOf: (id) => id | 0, isRepeat: (p, b) => b.seen.has(p.transaction.id | 0) },
    fails: ['ids-64-bit'],
  },
  'keeps ids as short floats': {
    habits: {
      keyOf: (id) => id.toPrecision(15),
      isRepeat: (packet, { seen }) => seen.has(packet.transaction.id.toPrecision(15)),
    },
    fails: ['ids-last-digit', 'bets-at-once'],
    others: 'may',
  },
  'finds bets by short floats': {
    habits: { betKeyOf: (id) => id.toPrecision(15) },
    fails: ['referer-exact'],
    others: 'may',
  },
  'adds in floating point': {
    habits: { add: (balance, change) => balance + change },
    // Its figures are read as what they mean, but it compares with what they are.
    fails: ['bet-whole-balance', 'last-money-at-once', 'debt'],
  },
  'rounds to whole units': {
    habits: { add: (balance, change) => Math.round(balance + change) },
    fails: ['smallest-unit', 'bet-exact', 'win-exact', 'amount-once', 'decimals'],
    others: 'may',
  },
  'keeps amounts in 32 bits': {
    habits: { changeOf: ({ amount }) => (Math.round(amount * 100) | 0) / 100 },
    fails: ['win-large'],
  },
  'adds the amount twice': {
    habits: { changeOf: ({ amount }) => 2 * amount },
    fails: ['amount-once', 'bet-exact', 'win-exact'],
    others: 'may',
  },
  'takes corrections for payments': {
    habits: {
      changeOf: ({ amount, transaction }) => (transaction.type === 'adjust' ? Math.abs(amount) : amount),
    },
    fails: ['adjust-minus', 'adjust-of-a-win', 'debt'],
  },
  'undoes what a correction names': {
    habits: {
      changeOf: ({ amount, transaction }) =>
        transaction.type === 'adjust' && transaction.referer_id !== null ? 0 : amount,
    },
    fails: ['adjust-of-a-win'],
  },
  'takes the hub’s figure over': {
    habits: { add: (_balance, _change, { transaction }) => transaction.target.balance },
    fails: ['target-balance'],
  },
};
