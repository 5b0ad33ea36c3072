/**
 * The studio's line to the hub: signed requests over one pool, each with a time-out.
 * Invariant: an answer is either definite (the hub said something about this very request) or `unknown`;
 * nothing here guesses. Repeating is safe because every money item carries the studio's own id.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { parseMinor } from './money.ts';

export type HubGame = { id: string; type: string; title: string };

export type MoneyItem = {
  id: string;
  type: 'bet' | 'win' | 'cancel' | 'adjust_credit';
  session?: string;
  player?: string;
  game: HubGame;
  round: string;
  /** Left out of a cancel that gives back whatever is open. */
  amount?: string;
  currency: string;
  reference?: string;
  closesRound?: boolean;
  at: string;
};

export type MoneyAnswer =
  | { kind: 'accepted'; balance: bigint | null }
  | { kind: 'refused'; code: string; balance: bigint | null }
  /** The hub could not read the request, and never will: repeating it is of no use. Nothing has happened. */
  | { kind: 'rejected'; code: string }
  /** The hub has no such item (yet). */
  | { kind: 'absent' }
  | { kind: 'unknown' };

export type OpenedSession = {
  session: string;
  player: string;
  nickname: string;
  currency: string;
  language: string;
  balance: bigint;
  game: string;
  limits: { betMin: bigint | null; betMax: bigint | null; winMax: bigint | null };
};

export type OpenAnswer =
  | { kind: 'opened'; session: OpenedSession }
  | { kind: 'refused'; code: string }
  | { kind: 'unknown' };

/** A round the hub holds open. */
export type OpenRound = { game: string; round: string; player: string };

/** An HTTP answer, or null when none came in time. */
type Reply = { status: number; body: unknown };

export type HubClientOptions = { hubUrl: string; key: string; secret: string; timeoutMs?: number };

export type HubClient = ReturnType<typeof hubClient>;

const BASE = '/studio/v1';
/** Answers that say the request itself is wrong. Anything else below 500 may pass: keys, clocks, paces. */
const UNREADABLE: ReadonlySet<number> = new Set([400, 413, 422]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function textOf(value: unknown, fallback: string): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : fallback;
}

/** The signature headers of a request, as the studio API asks for them. */
export function signatureHeaders(
  credentials: { key: string; secret: string },
  request: { method: string; path: string; body: string; timestampMs: number; nonce: string },
): Record<string, string> {
  const timestamp = String(request.timestampMs);
  const signature = createHmac('sha256', credentials.secret)
    .update(`${request.method}\n${request.path}\n${timestamp}\n${request.nonce}\n`)
    .update(request.body)
    .digest('hex');
  return {
    'x-studio-key': credentials.key,
    'x-timestamp': timestamp,
    'x-nonce': request.nonce,
    'x-signature': signature,
  };
}

/** Reads one result of `/transactions`; anything that is not a result is no definite answer. */
export function readResult(value: unknown): MoneyAnswer {
  const status = field(value, 'status');
  const balance = parseMinor(field(value, 'balance'));
  if (status === 'accepted') return { kind: 'accepted', balance };
  if (status === 'refused')
    return { kind: 'refused', code: textOf(field(value, 'code'), 'refused'), balance };
  return { kind: 'unknown' };
}

function readOpened(body: unknown): OpenAnswer {
  const balance = parseMinor(field(body, 'balance'));
  const session = textOf(field(body, 'session'), '');
  const player = textOf(field(body, 'player'), '');
  const currency = field(body, 'currency');
  if (balance === null || session === '' || player === '' || typeof currency !== 'string') {
    return { kind: 'refused', code: 'invalid_answer' };
  }
  const limits = field(body, 'limits');
  const game = field(body, 'game');
  return {
    kind: 'opened',
    session: {
      session,
      player,
      currency,
      balance,
      nickname: textOf(field(body, 'nickname'), ''),
      language: textOf(field(body, 'language'), 'en'),
      game: typeof game === 'string' ? game : textOf(field(game, 'id'), ''),
      limits: {
        betMin: parseMinor(field(limits, 'betMin')),
        betMax: parseMinor(field(limits, 'betMax')),
        winMax: parseMinor(field(limits, 'winMax')),
      },
    },
  };
}

type Call = (method: 'GET' | 'POST' | 'PUT', route: string, content?: unknown) => Promise<Reply | null>;

/** Makes signed requests over a pool; null when no answer came. */
function signedCaller(pool: Pool, credentials: { key: string; secret: string; prefix: string }): Call {
  return async (method, route, content) => {
    const body = content === undefined ? '' : JSON.stringify(content);
    const path = credentials.prefix + route;
    const request = { method, path, body, timestampMs: Date.now(), nonce: randomUUID() };
    const type: Record<string, string> = body === '' ? {} : { 'content-type': 'application/json' };
    try {
      const response = await pool.request({
        method,
        path,
        body: body === '' ? null : body,
        headers: { ...signatureHeaders(credentials, request), ...type },
      });
      const text = await response.body.text();
      return { status: response.statusCode, body: text === '' ? null : JSON.parse(text) };
    } catch {
      return null; // refused connection, time-out, cut answer: nothing is known
    }
  };
}

/** A wrong signature is the clock's or the key's fault and passes; a pace passes; the rest below 500 stays. */
function answeredForGood(reply: Reply | null): boolean {
  return reply !== null && reply.status < 500 && reply.status !== 401 && reply.status !== 429;
}

async function storedResult(call: Call, id: string): Promise<MoneyAnswer> {
  const reply = await call('GET', `/transactions/${encodeURIComponent(id)}`);
  const absent = reply?.status === 404 && field(reply.body, 'code') === 'unknown_transaction';
  if (absent) return { kind: 'absent' };
  return reply?.status === 200 ? readResult(reply.body) : { kind: 'unknown' };
}

async function moveItem(call: Call, item: MoneyItem): Promise<MoneyAnswer> {
  const reply = await call('POST', '/transactions', { transactions: [item] });
  if (reply === null) {
    const stored = await storedResult(call, item.id);
    return stored.kind === 'absent' ? { kind: 'unknown' } : stored; // it may still be on its way
  }
  const code = field(reply.body, 'code');
  if (UNREADABLE.has(reply.status) && typeof code === 'string') return { kind: 'rejected', code };
  const results = field(reply.body, 'results');
  return reply.status === 200 && Array.isArray(results) ? readResult(results[0]) : { kind: 'unknown' };
}

function readOpenRounds(body: unknown): OpenRound[] {
  const rounds = field(body, 'rounds');
  return (Array.isArray(rounds) ? rounds : []).map((each) => ({
    game: textOf(field(each, 'game'), ''),
    round: textOf(field(each, 'round'), ''),
    player: textOf(field(each, 'player'), ''),
  }));
}

function poolTo(base: URL, timeoutMs: number): Pool {
  return new Pool(base.origin, {
    connections: 64,
    connectTimeout: timeoutMs,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 10_000,
  });
}

/** Opens the pool to the hub. Call `close` at the end. */
export function hubClient(options: HubClientOptions) {
  const base = new URL(options.hubUrl);
  const pool = poolTo(base, options.timeoutMs ?? 5_000);
  const { key, secret } = options;
  const call = signedCaller(pool, { key, secret, prefix: base.pathname.replace(/\/+$/, '') + BASE });

  return {
    /** Opens a launch token. Once only: a token that was opened before is refused by the hub. */
    async open(token: string): Promise<OpenAnswer> {
      const reply = await call('POST', '/sessions/open', { token });
      if (reply === null || reply.status >= 500 || reply.status === 429) return { kind: 'unknown' };
      if (reply.status === 200) return readOpened(reply.body);
      return { kind: 'refused', code: textOf(field(reply.body, 'code'), 'token_invalid') };
    },

    /** Tells the hub the player has left; true when it was told. */
    async closeSession(session: string): Promise<boolean> {
      return (await call('POST', '/sessions/close', { session }))?.status === 200;
    },

    /** The player's balance in minor units and its currency, null when they could not be learned. */
    async purse(player: string): Promise<{ balance: bigint; currency: string } | null> {
      const reply = await call('GET', `/players/${encodeURIComponent(player)}/balance`);
      const balance = parseMinor(field(reply?.body, 'balance'));
      const currency = textOf(field(reply?.body, 'currency'), '');
      return reply?.status === 200 && balance !== null ? { balance, currency } : null;
    },

    /** Rounds the hub has held open since before an instant (epoch ms), oldest first; null without an answer. */
    async openRounds(olderThan: number): Promise<OpenRound[] | null> {
      const reply = await call('GET', `/rounds?state=open&olderThan=${olderThan}`);
      return reply?.status === 200 ? readOpenRounds(reply.body) : null;
    },

    /** Moves one item. After silence it asks for the stored result before it says `unknown`. */
    move: (item: MoneyItem): Promise<MoneyAnswer> => moveItem(call, item),

    /** The stored result of an item. */
    stored: (id: string): Promise<MoneyAnswer> => storedResult(call, id),

    /** Attaches the course of a round to its bet; true when it is settled (stored, or never will be). */
    async putDetail(id: string, detail: unknown): Promise<boolean> {
      const reply = await call('PUT', `/transactions/${encodeURIComponent(id)}/detail`, detail);
      return answeredForGood(reply);
    },

    /** Ends a round without moving money; true when the hub has answered for good. */
    async closeRound(round: { game: string; round: string; player: string }): Promise<boolean> {
      const reply = await call('POST', '/rounds/close', round);
      return answeredForGood(reply);
    },

    /** Publishes the catalogue; the answer's words when it failed, null when it is done. */
    async publish(games: readonly unknown[]): Promise<string | null> {
      const reply = await call('PUT', '/games', { games });
      if (reply?.status === 200) return null;
      return reply === null ? 'no answer' : `${reply.status} ${JSON.stringify(reply.body)?.slice(0, 300)}`;
    },

    async close(): Promise<void> {
      await pool.close();
    },
  };
}

/** A stable short name of a secret text, for keeping instead of the text itself. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
