/** Operators that are wrong in what they read, answer or let in, and the checks that must find it. */
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import type { Quirk } from './quirks.ts';
import { IMPATIENT } from './rig.ts';
import type { TinyPacket } from './tiny-operator.ts';

const SECRET = 'a secret of the test';
const roundOf = ({ transaction }: TinyPacket) => transaction.details?.game.round ?? '';
const titleOf = ({ transaction }: TinyPacket) => transaction.details?.game.title ?? '';

function isSigned(request: IncomingMessage, payload: string): boolean {
  const { 'x-timestamp': timestamp, 'x-signature': newest, 'x-signature-previous': former } = request.headers;
  const expected = createHmac('sha256', SECRET).update(`${timestamp}${payload}`).digest('hex');
  return newest === expected || former === expected;
}
const isFresh = ({ headers }: IncomingMessage) =>
  Math.abs(Date.now() - Number(headers['x-timestamp'])) < 60_000;

export const CALL_QUIRKS: Readonly<Record<string, Quirk>> = {
  'knows only bet, win and cancel': {
    habits: {
      refuse: ({ transaction }) => (['bet', 'win', 'cancel'].includes(transaction.type) ? null : 400),
    },
    fails: [
      'charge-exact',
      'promo-win',
      'adjust-plus',
      'adjust-minus',
      'adjust-of-a-win',
      'exceed-credit',
      'types-apart',
      'debt',
      'details-null',
      'ids-last-digit',
    ],
  },
  'needs details': {
    habits: { refuse: ({ transaction }) => (transaction.details === null ? 500 : null) },
    fails: ['details-null'],
  },
  'has a column of three-byte UTF-8': {
    habits: { refuse: (packet) => (/\p{Emoji_Presentation}/u.test(titleOf(packet)) ? 500 : null) },
    fails: ['title-emoji'],
  },
  'has a column of ASCII': {
    habits: { refuse: (packet) => (/[^ -~]/.test(titleOf(packet)) ? 500 : null) },
    fails: ['title-korean', 'title-emoji', 'texts-long'],
  },
  'reads Korean as Latin-1': {
    habits: { decode: (bytes) => bytes.toString('latin1') },
    options: { username: '홍길동' },
    accounts: { 홍길동: 10_000 },
    fails: ['bet-exact', 'win-exact', 'title-korean'],
    others: 'may',
  },
  'has short columns': {
    habits: {
      refuse: (packet) => (roundOf(packet).length > 64 || titleOf(packet).length > 100 ? 500 : null),
    },
    fails: ['texts-long'],
  },
  'knows all fields': {
    habits: { turnAway: (_request, payload) => (payload.includes('added_later') ? 422 : null) },
    fails: ['fields-unknown'],
  },
  'knows only exact spellings of names': {
    habits: { nameOf: (username) => username },
    fails: ['username-case'],
  },
  'has an account of 0 for everyone': {
    habits: { unknownUser: { status: 200, body: '{"balance":0}' } },
    fails: ['balance-unknown', 'balance-encoding', 'bet-unknown-user'],
  },
  'fails at unknown users': {
    habits: { unknownUser: { status: 500, body: 'Trying to get property of null' } },
    fails: ['balance-encoding'],
  },
  'lets only browsers in': {
    habits: { turnAway: ({ headers }) => (headers['user-agent']?.includes('Mozilla') ? null : 403) },
    fails: ['balance-known', 'user-agent'],
  },
  'sends changes to a log-in': {
    habits: { turnAway: ({ method }) => (method === 'POST' ? 302 : null) },
    options: { only: ['no-redirect', 'bet-exact', 'balance-known', 'bet-over-balance'] },
    fails: ['bet-exact', 'no-redirect'],
  },
  'knows one Content-Type': {
    habits: {
      turnAway: ({ method, headers }) =>
        method === 'POST' && headers['content-type'] !== 'application/json' ? 415 : null,
    },
    fails: ['content-type'],
  },
  'wants JSON from a GET': {
    habits: { turnAway: ({ headers }) => (headers['content-type'] === undefined ? 415 : null) },
    fails: ['get-without-body'],
  },
  'closes connections': { habits: { headers: { connection: 'close' } }, fails: ['keep-alive'] },
  'says thanks': { habits: { bodyOf: () => 'OK' }, fails: [] },
  'says thanks where the balance is wanted': {
    habits: { bodyOf: () => 'OK' },
    options: { slotBooster: true },
    fails: ['answer-balance', 'bet-exact'],
    others: 'may',
  },
  'tells the balance before': {
    habits: { bodyOf: (balance, { amount }) => JSON.stringify({ balance: balance - amount }) },
    options: { slotBooster: true },
    fails: ['answer-balance'],
  },
  'shows binary fractions': {
    habits: {},
    accounts: { player01: 100.30000000000001 },
    fails: ['balance-decimals'],
  },
  'checks no signature': {
    habits: {},
    options: { secret: SECRET },
    fails: ['signature-wrong', 'signature-missing', 'signature-old'],
  },
  'checks signatures if there are any': {
    habits: {
      turnAway: (request, payload) =>
        request.headers['x-signature'] === undefined || isSigned(request, payload) ? null : 401,
    },
    options: { secret: SECRET },
    fails: ['signature-missing', 'signature-old'],
  },
  'checks no time': {
    habits: { turnAway: (request, payload) => (isSigned(request, payload) ? null : 401) },
    options: { secret: SECRET },
    fails: ['signature-old'],
  },
  'looks at the newest signature only': {
    habits: {
      turnAway: (request, payload) => {
        delete request.headers['x-signature-previous'];
        return isSigned(request, payload) && isFresh(request) ? null : 401;
      },
    },
    options: { secret: SECRET },
    fails: ['signature-rotation'],
  },
  'is slow': {
    habits: { think: ({ transaction: { id, type } }) => (type === 'win' && id % 10 < 2 ? after(510) : null) },
    options: { only: ['bet-exact', 'latency', 'latency-limit'] },
    fails: ['latency'],
  },
  'is silent at times': {
    habits: { think: ({ transaction }) => (transaction.type === 'charge' ? after(1500) : null) },
    options: { client: IMPATIENT },
    fails: ['charge-exact', 'charge-over-balance', 'refusal-status', 'latency-limit'],
    others: 'may',
  },
};
