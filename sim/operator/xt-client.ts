/**
 * The XT API of the hub, as far as this site uses it.
 * Invariants: every call ends within its time-out; the API key travels in the Authorization header alone and is in
 * no error text; an answer is one of a closed set, so that a caller has to say what it does when nothing is known.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { type HubClock, hubClock } from './hub-clock.ts';
import { type Minor, wireOfAmount } from './money.ts';
import * as wire from './xt-wire.ts';

export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** The hub looked at the call and said no: this attempt changed nothing. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** 429 even after waiting: this attempt changed nothing, it may be repeated after the given time. */
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  /** Time-out, lost connection, 5xx, nonsense: the hub may or may not have done it. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type MoveCall =
  | {
      readonly direction: 'in' | 'out';
      readonly username: string;
      readonly amount: Minor;
      readonly uuid: string;
    }
  | { readonly direction: 'out-all'; readonly username: string; readonly uuid: string };

/** `start` inclusive, `end` exclusive, UTC `YYYY-MM-DD HH:mm:ss`; `page` counts from 1. */
export interface FeedWindow {
  readonly start: string;
  readonly end: string;
  readonly page: number;
  readonly perPage: number;
}

export interface XtClient {
  readonly clock: HubClock;
  myInfo(): Promise<Answer<wire.AgentInfo>>;
  createUser(username: string): Promise<Answer<wire.HubUser>>;
  user(username: string): Promise<Answer<wire.HubUser>>;
  userList(): Promise<Answer<readonly wire.HubUser[]>>;
  vendorList(): Promise<Answer<readonly wire.Vendor[]>>;
  gameList(): Promise<Answer<readonly wire.Game[]>>;
  lobbyList(): Promise<Answer<readonly wire.Game[]>>;
  launchLink(launch: { username: string; gameId: string; vendor: string }): Promise<Answer<string>>;
  /** One attempt. The uuid makes a repetition safe: the hub moves the money of a uuid once. */
  move(call: MoveCall): Promise<Answer<wire.Moved>>;
  /** Rows as they came, unparsed. */
  transactions(window: FeedWindow): Promise<Answer<readonly unknown[]>>;
  close(): Promise<void>;
}

export interface XtOptions {
  readonly base: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  /** How long a call may wait, all in all, for 429 to pass before it is answered `busy`. */
  readonly patienceMsMax: number;
}

interface Call<T> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly parse: (body: unknown) => T;
}

const movePaths = {
  in: '/user/add-balance',
  out: '/user/sub-balance',
  'out-all': '/user/sub-balance-all',
} as const;

interface Sender {
  readonly clock: HubClock;
  send<T>(call: Call<T>): Promise<Answer<T>>;
  close(): Promise<void>;
}

function sender(options: XtOptions): Sender {
  const dispatcher = new Agent({ connections: 16, connect: { timeout: options.timeoutMs } });
  const clock = hubClock(() => performance.now());
  const closing = new AbortController();

  async function attempt<T>(call: Call<T>): Promise<Answer<T>> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.params ?? {})) query.set(name, String(value));
    try {
      const answer = await request(`${options.base}${call.path}${call.method === 'GET' ? `?${query}` : ''}`, {
        method: call.method,
        headers: {
          authorization: `Bearer ${options.apiKey}`,
          accept: 'application/json',
          'accept-language': 'ko',
          ...(call.method === 'POST' ? { 'content-type': 'application/json' } : {}),
        },
        body: call.method === 'POST' ? JSON.stringify(call.params ?? {}) : null,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(options.timeoutMs)]),
        dispatcher,
      });
      clock.observe(headerOf(answer.headers.date));
      const body = await answer.body.text();
      return judge(call, {
        status: answer.statusCode,
        retryAfter: headerOf(answer.headers['retry-after']),
        body,
      });
    } catch (error) {
      return {
        kind: 'unknown',
        reason: error instanceof Error ? `${error.name}: ${error.message}` : 'failed',
      };
    }
  }

  async function send<T>(call: Call<T>): Promise<Answer<T>> {
    let patienceMs = options.patienceMsMax;
    for (;;) {
      const answer = await attempt(call);
      if (answer.kind !== 'busy' || answer.retryAfterMs > patienceMs) return answer;
      patienceMs -= answer.retryAfterMs;
      await sleep(answer.retryAfterMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  return {
    clock,
    send,
    async close() {
      closing.abort();
      await dispatcher.close();
    },
  };
}

export function xtClient(options: XtOptions): XtClient {
  const { clock, send, close } = sender(options);
  const get = <T>(path: string, parse: (body: unknown) => T) => send({ method: 'GET', path, parse });
  return {
    clock,
    myInfo: () => get('/my-info', wire.agentOfWire),
    createUser: (username) =>
      send({ method: 'POST', path: '/user/create', params: { username }, parse: wire.userOfWire }),
    user: (username) => send({ method: 'GET', path: '/user', params: { username }, parse: wire.userOfWire }),
    userList: () => get('/user-list', wire.usersOfWire),
    vendorList: () => get('/vendor-list', wire.vendorsOfWire),
    gameList: () => get('/game-list', wire.gamesOfWire),
    lobbyList: () => get('/lobby-list', wire.gamesOfWire),
    launchLink: ({ username, gameId, vendor }) => {
      const params = { username, game_id: gameId, vendor };
      return send({ method: 'GET', path: '/game-launch-link', params, parse: wire.linkOfWire });
    },
    move: (call) =>
      send({
        method: 'POST',
        path: movePaths[call.direction],
        params: moveParams(call),
        parse: wire.movedOfWire,
      }),
    transactions: (window) =>
      send({
        method: 'GET',
        path: '/transactions',
        params: { ...window, withDetails: 1, order: 'asc' },
        parse: wire.pageOfWire,
      }),
    close,
  };
}

function moveParams(call: MoveCall): Record<string, string | number> {
  const { username, uuid } = call;
  return call.direction === 'out-all'
    ? { username, uuid }
    : { username, uuid, amount: wireOfAmount(call.amount) };
}

interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

function judge<T>(call: Call<T>, raw: RawAnswer): Answer<T> {
  if (raw.status === 429) return { kind: 'busy', retryAfterMs: retryAfterMs(raw.retryAfter) };
  if (
    raw.status === 408 ||
    raw.status >= 500 ||
    raw.status < 200 ||
    (raw.status >= 300 && raw.status < 400)
  ) {
    return { kind: 'unknown', reason: `${call.path} answered ${raw.status}` };
  }
  if (raw.status >= 400) return { kind: 'refused', status: raw.status, message: messageOf(raw.body) };
  try {
    return { kind: 'ok', value: call.parse(JSON.parse(raw.body)) };
  } catch (error) {
    const words = error instanceof wire.WireError ? error.message : 'the body is no JSON';
    return { kind: 'unknown', reason: `${call.path}: ${words}` };
  }
}

function messageOf(body: string): string {
  try {
    const { message } = wire.fieldsOf(JSON.parse(body), 'error');
    return typeof message === 'string' ? message.slice(0, 300) : '';
  } catch {
    return '';
  }
}

/** Retry-After in seconds or as a date; a second when it is missing or odd, a minute at most. */
export function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header ?? '1');
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header ?? '') - Date.now();
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 50), 60_000) : 1000;
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
