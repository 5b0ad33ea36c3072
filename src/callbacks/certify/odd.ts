/**
 * Calls that differ from the hub's: signed wrongly, unsigned, too old, with other headers, on connections that are
 * counted. The hub's client makes none of them, so they are put together here, of its parts.
 */
import { Pool } from 'undici';
import { call } from '../call.ts';
import { guardedConnector } from '../guard.ts';
import { addSignature, signingKeys } from '../signature.ts';
import { parseCallbackUrl } from '../url.ts';
import type { Exchange, Sent, Stand } from './stand.ts';

const TIMEOUT_MS = 5000;
const BODY_BYTES_MAX = 16_384;

/** In what a call differs; what is absent is as the hub has it. */
export interface OddCall {
  readonly userAgent?: string;
  /** null: no such header. */
  readonly contentType?: string | null;
  /** Empty: unsigned. */
  readonly secrets?: readonly string[];
  readonly ageMs?: number;
}

/** Headers as name and value by turns: those of the hub, and what differs. */
export function oddHeaders(stand: Stand, payload: string, odd: OddCall): string[] {
  const { userAgent = stand.target.userAgent, contentType = 'application/json', ageMs = 0 } = odd;
  const headers = ['User-Agent', userAgent, 'Accept', 'application/json'];
  if (contentType !== null) headers.push('Content-Type', contentType);
  const keys = signingKeys(odd.secrets ?? stand.target.secrets);
  addSignature(headers, keys, { at: Date.now() - ageMs, payload });
  return headers;
}

export interface OddLine {
  balance(odd: OddCall): Promise<Exchange>;
  post(sent: Sent, odd: OddCall): Promise<Exchange>;
  /** How many connections were made. */
  connections(): number;
}

/** Opens a line of its own for calls that differ, and closes it after. */
export async function withOddLine<Result>(
  stand: Stand,
  run: (line: OddLine) => Promise<Result>,
): Promise<Result> {
  const url = parseCallbackUrl(stand.target.callbackUrl ?? '');
  if (!url.ok) throw new Error('the callback address was checked before');
  const connect = guardedConnector(stand.guard, { tls: stand.target.tls, timeoutMs: TIMEOUT_MS });
  let made = 0;
  const pool = new Pool(url.origin, {
    connections: 1,
    pipelining: 1,
    allowH2: false,
    connect(options, callback) {
      made += 1;
      connect(options, callback);
    },
  });
  async function ask(asked: Pick<Exchange, 'what' | 'method' | 'payload'>, odd: OddCall): Promise<Exchange> {
    const { method, payload } = asked;
    const path = method === 'GET' ? `/balance?${payload}` : '/changeBalance';
    const startedAt = performance.now();
    const answer = await call(
      pool,
      {
        method,
        path: url.ok ? url.path + path : path,
        headers: oddHeaders(stand, payload, odd),
        body: method === 'GET' ? null : Buffer.from(payload),
      },
      { timeoutMs: TIMEOUT_MS, bodyBytesMax: BODY_BYTES_MAX },
    );
    const elapsedMs = Math.round(performance.now() - startedAt);
    return stand.record({ ...asked, group: null, odd, answer, elapsedMs });
  }
  const { username } = stand.settings;
  const payload = `username=${encodeURIComponent(username.toWellFormed())}`;
  try {
    return await run({
      balance: (odd) => ask({ what: `balance of ${username}`, method: 'GET', payload }, odd),
      post: ({ what, body }, odd) => ask({ what, method: 'POST', payload: body }, odd),
      connections: () => made,
    });
  } finally {
    await pool.destroy();
  }
}
