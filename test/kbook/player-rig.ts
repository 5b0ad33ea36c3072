/** A page of the rain book for tests: logs in as a player does, calls the player API, hears the live line. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tokens } from '../../src/kbook/player-wire.ts';
import type { BookAnswer, TestPlayer } from './rig.ts';

const TIMEOUT_MS = 60_000;
const WAIT_MS_MAX = 30_000;

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
export type Message = any;

export interface BetGiven {
  readonly sessionId: number;
  readonly type?: string;
  readonly odds?: number;
  readonly stake?: number;
  readonly key?: string;
}

export interface TestPage {
  tokens: Tokens;
  get(path: string, headers?: Record<string, string>): Promise<BookAnswer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<BookAnswer>;
  /** 100.00 on rain at 2.0, unless said otherwise. */
  bet(given: BetGiven): Promise<BookAnswer>;
  /** Data of a call whose code must be 1. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  state(): Promise<any>;
  live(since?: number): Promise<TestLine>;
}

export async function callPlayer(
  url: string,
  path: string,
  {
    access,
    body,
    headers = {},
  }: { access?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<BookAnswer> {
  const response = await fetch(`${url}/player/api${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(access === undefined ? {} : { authorization: `Bearer ${access}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  assert.equal(response.status, 200, path);
  return (await response.json()) as BookAnswer;
}

export async function openPage(url: string, player: Pick<TestPlayer, 'token'>): Promise<TestPage> {
  const login = await callPlayer(url, '/login', { body: { token: player.token } });
  assert.equal(login.code, '1', JSON.stringify(login));
  return pageOf(url, login.data);
}

export function pageOf(url: string, tokens: Tokens): TestPage {
  const page: TestPage = {
    tokens,
    get: (path, headers = {}) => callPlayer(url, path, { access: page.tokens.access, headers }),
    post: (path, body = {}, headers = {}) =>
      callPlayer(url, path, { access: page.tokens.access, body, headers }),
    bet: ({ key = newKey(), type = 'RAIN', odds = type === 'RAIN' ? 2 : 49, stake = 100, sessionId }) =>
      page.post('/bets', { key, sessionId, type, odds, stake }),
    async state() {
      const answer = await page.get('/state');
      assert.equal(answer.code, '1', JSON.stringify(answer));
      return answer.data;
    },
    live: (since) =>
      openTestLine(url, { access: page.tokens.access, ...(since === undefined ? {} : { since }) }),
  };
  return page;
}

export const newKey = () => randomBytes(8).toString('hex');

export interface TestLine {
  readonly socket: WebSocket;
  readonly heard: readonly Message[];
  /** How it was closed; null: it is open. */
  closed(): number | null;
  /** The first message, heard already or to come, of which this holds. */
  until(holds: (message: Message) => boolean): Promise<Message>;
  untilClosed(): Promise<number>;
  close(): void;
}

/** Opens a line and says `first`, when there is something to say. */
export async function openTestLine(url: string, first?: unknown): Promise<TestLine> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/player/api/live`);
  const heard: Message[] = [];
  let code: number | null = null;
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('the line did not open')));
  });
  socket.addEventListener('message', (event) => heard.push(JSON.parse(String(event.data))));
  socket.addEventListener('close', (event) => {
    code = event.code;
  });
  await opened;
  if (first !== undefined) socket.send(JSON.stringify(first));
  return {
    socket,
    heard,
    closed: () => code,
    async until(holds) {
      let found: Message;
      await within(() => {
        found = heard.find(holds);
        return found !== undefined;
      });
      return found;
    },
    async untilClosed() {
      await within(() => code !== null);
      return code ?? 0;
    },
    close: () => socket.close(),
  };
}

/** Waits until it holds, for as long as a slow machine needs. */
export async function within(holds: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await holds())) {
    assert.ok(performance.now() - startedAt < WAIT_MS_MAX, 'it did not come to hold in time');
    await delay(5);
  }
}
