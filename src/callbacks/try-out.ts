/**
 * One call to an operator to see how it answers: signed, sent and bounded as the hub's calls are, by the same parts, but
 * on a line of its own, so that it neither waits behind what is real nor tells of the operator's health.
 */
import { DecoratorHandler, type Dispatcher } from 'undici';
import { type AnswerClass, classOf, MEANING, type OperatorAnswer, readBalance } from '../core/delivery.ts';
import type { Query } from '../db/connect.ts';
import { call } from './call.ts';
import { type OperatorClientOptions, STANDARD_LIMITS } from './client.ts';
import { createGuard } from './guard.ts';
import type { Operator } from './operators.ts';
import { createRouting, type LineRequest, written } from './route.ts';
import { changeBalanceBody } from './wire.ts';

/** What can be sent. The sign of an amount is the packet's. */
export const TEST_PACKETS = [
  'bet',
  'win',
  'win_zero',
  'cancel',
  'charge',
  'adjust_plus',
  'adjust_minus',
  'promo_win',
  'exceed_credit',
] as const;
export type TestPacket = (typeof TEST_PACKETS)[number];

interface PacketKind {
  readonly type: string;
  readonly sign: 1n | -1n | 0n;
  /** It answers a packet sent before. */
  readonly refers: boolean;
  readonly purpose: 'question' | 'message';
}

export const PACKET_KINDS: Readonly<Record<TestPacket, PacketKind>> = {
  bet: { type: 'bet', sign: -1n, refers: false, purpose: 'question' },
  win: { type: 'win', sign: 1n, refers: true, purpose: 'message' },
  win_zero: { type: 'win', sign: 0n, refers: true, purpose: 'message' },
  cancel: { type: 'cancel', sign: 1n, refers: true, purpose: 'message' },
  charge: { type: 'charge', sign: -1n, refers: false, purpose: 'question' },
  adjust_plus: { type: 'adjust', sign: 1n, refers: false, purpose: 'message' },
  adjust_minus: { type: 'adjust', sign: -1n, refers: false, purpose: 'message' },
  promo_win: { type: 'promo_win', sign: 1n, refers: false, purpose: 'message' },
  exceed_credit: { type: 'exceed_credit', sign: -1n, refers: true, purpose: 'message' },
};

/** Headers, each as name and value. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface Tried {
  readonly request: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly headers: HeaderList;
    readonly body: string | null;
  };
  readonly answer: OperatorAnswer;
  readonly answerHeaders: HeaderList;
  readonly elapsedMs: number;
  /** What the hub would take it for, and what would follow from that. */
  readonly class: AnswerClass;
  readonly verdict: (typeof MEANING)[AnswerClass]['question' | 'message'];
  /** Minor units, as the answer tells it; null: it does not. */
  readonly balance: bigint | null;
}

type Reach = OperatorClientOptions;

/** Asks for a balance. */
export function tryBalance(operator: Operator, username: string, reach: Reach): Promise<Tried> {
  const payload = `username=${encodeURIComponent(username.toWellFormed())}`;
  const request: LineRequest = { method: 'GET', path: '/balance', payload };
  return tried(operator, { request, purpose: 'question', balanceRequired: true }, reach);
}

export interface PacketWish {
  readonly packet: TestPacket;
  readonly username: string;
  /** The hub's id of the user. */
  readonly playerId: number;
  /** Minor units, not negative. */
  readonly amount: bigint;
  readonly id: number;
  readonly refererId: number | null;
  /** The user's balance before, as far as it is known. */
  readonly before: bigint;
}

/** Sends a packet of the test page. */
export function tryPacket(operator: Operator, wish: PacketWish, reach: Reach): Promise<Tried> {
  const { packet, username, playerId, id, refererId, before } = wish;
  const { type, sign, purpose } = PACKET_KINDS[packet];
  const amount = sign * wish.amount;
  const payload = changeBalanceBody({
    username,
    currency: operator.currency,
    amount,
    transaction: {
      id,
      type,
      refererId,
      at: new Date().toISOString().replace('Z', '000Z'),
      game: {
        id: 'test',
        type: 'slot',
        round: `test-${refererId ?? id}`,
        title: 'Test page',
        vendor: 'test',
      },
      target: { id: playerId, username, balance: before + amount },
    },
  });
  const request: LineRequest = { method: 'POST', path: '/changeBalance', payload };
  return tried(operator, { request, purpose, balanceRequired: operator.slotBooster }, reach);
}

interface Asked {
  readonly request: LineRequest;
  readonly purpose: 'question' | 'message';
  readonly balanceRequired: boolean;
}

async function tried(operator: Operator, asked: Asked, reach: Reach): Promise<Tried> {
  const limits = { ...STANDARD_LIMITS, ...reach };
  const { connectTimeoutMs, bodyBytesMax, questionTimeoutMs, messageTimeoutMs } = limits;
  const timeoutMs = asked.purpose === 'question' ? questionTimeoutMs : messageTimeoutMs;
  const routing = createRouting({ guard: createGuard(reach), connectionsMax: 1, connectTimeoutMs });
  try {
    const { route } = routing.follow(operator.target);
    if (route === null) return judged(operator, asked, NOTHING_SENT);
    const sent = written(route, asked.request);
    let answerHeaders: HeaderList = [];
    const seeing = seeingHeaders(route.pool, (headers) => {
      answerHeaders = headers;
    });
    const startedAt = performance.now();
    const answer = await call(seeing, sent, { timeoutMs, bodyBytesMax });
    const elapsedMs = Math.round(performance.now() - startedAt);
    const body = sent.body?.toString('utf8') ?? null;
    const url = new URL(operator.target.callbackUrl ?? '').origin + sent.path;
    const request = { method: asked.request.method, url, headers: pairs(sent.headers), body };
    return judged(operator, asked, { request, answer, answerHeaders, elapsedMs });
  } finally {
    await routing.close();
  }
}

type Exchanged = Pick<Tried, 'request' | 'answer' | 'answerHeaders' | 'elapsedMs'>;

const NOTHING_SENT: Exchanged = {
  request: { method: 'GET', url: '', headers: [], body: null },
  answer: { kind: 'not_sent', reason: 'no_callback_url' },
  answerHeaders: [],
  elapsedMs: 0,
};

function judged(operator: Operator, { purpose, balanceRequired }: Asked, exchanged: Exchanged): Tried {
  const { answer } = exchanged;
  const balance =
    answer.kind === 'answered' && answer.status === 200 ? readBalance(answer.body, operator.currency) : null;
  const found = classOf(answer, { balance, balanceRequired });
  return { ...exchanged, class: found, verdict: MEANING[found][purpose], balance };
}

function pairs(flat: readonly string[]): HeaderList {
  const list: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) list.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return list;
}

/** The same dispatcher, with a look at the headers of what comes back. */
function seeingHeaders(dispatcher: Dispatcher, onHeaders: (headers: HeaderList) => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    return dispatch(options, new SeesHeaders(handler, onHeaders));
  });
}

type Handler = Dispatcher.DispatchHandler;

class SeesHeaders extends DecoratorHandler implements Handler {
  readonly #handler: Handler;
  readonly #onHeaders: (headers: HeaderList) => void;

  constructor(handler: Handler, onHeaders: (headers: HeaderList) => void) {
    super(handler);
    this.#handler = handler;
    this.#onHeaders = onHeaders;
  }

  onResponseStart(
    ...[controller, status, headers, text]: Parameters<NonNullable<Handler['onResponseStart']>>
  ) {
    const list = Object.entries(headers).slice(0, HEADERS_MAX);
    this.#onHeaders(list.map(([name, value]) => [name, String(value).slice(0, HEADER_CHARS_MAX)]));
    this.#handler.onResponseStart?.(controller, status, headers, text);
  }
}

const HEADERS_MAX = 50;
const HEADER_CHARS_MAX = 500;

/**
 * Ids of test packets: sixteen digits that begin with 5. The hub counts its own up from three thousand million, and
 * those of certifications lie higher (certify/ids.ts).
 */
const FIRST = 5_000_000_000_000_000;
const LAST = 5_999_999_999_999_999;

/** The next one: the second it is drawn in, and a number no other node draws within it. */
export async function nextTestId(db: Query): Promise<number> {
  const [row] =
    await db`select nextval('test_packet_seq') as n, extract(epoch from clock_timestamp())::bigint as second`;
  if (row === undefined) throw new Error('a sequence without a next');
  return FIRST + Number(row.second) * 100_000 + Number(row.n);
}

export function isTestId(id: number): boolean {
  return Number.isSafeInteger(id) && id >= FIRST && id <= LAST;
}
