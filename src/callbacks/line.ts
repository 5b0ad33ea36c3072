/**
 * The line to one operator: its connections, its permits, its breaker. Lines share nothing, so a dead operator costs
 * the others nothing. A line follows its target: when address or certificates change, connections are made anew, and
 * what is under way on the former ones is finished there.
 */
import type { KeyObject } from 'node:crypto';
import { Pool } from 'undici';
import type { OperatorAnswer } from '../core/delivery.ts';
import { asked, type Breaker, type BreakerLimits, CLOSED, ended, heard, mayAsk } from './breaker.ts';
import { type Bulkhead, type BulkheadLimits, createBulkhead } from './bulkhead.ts';
import { call } from './call.ts';
import type { OperatorTarget } from './client.ts';
import { type Guard, guardedConnector } from './guard.ts';
import { addSignature, signingKeys } from './signature.ts';
import { parseCallbackUrl } from './url.ts';

export type Purpose = 'question' | 'message';

export interface LineLimits extends BreakerLimits {
  readonly timeoutMs: Readonly<Record<Purpose, number>>;
  readonly permits: Readonly<Record<Purpose, BulkheadLimits>>;
  readonly connectTimeoutMs: number;
  readonly bodyBytesMax: number;
}

export interface LineParts {
  readonly guard: Guard;
  readonly limits: LineLimits;
  /** What the breaker counts by, in ms. */
  readonly now: () => number;
}

/** What to send, below the callback address. The payload is signed; a GET carries it as its query. */
export interface LineRequest {
  readonly method: 'GET' | 'POST';
  readonly path: '/balance' | '/changeBalance';
  readonly payload: string;
}

export interface Line {
  ask(target: OperatorTarget, request: LineRequest, purpose: Purpose): Promise<OperatorAnswer>;
  mayAsk(): boolean;
  report(shown: { readonly unwell: boolean }): void;
  health(): { state: Breaker['state']; inFlight: number; waiting: number };
  /** When it was last asked, by `now`. */
  lastUsedAt(): number;
  /** Sends away who waits and closes connections once what is under way has ended. */
  close(): Promise<void>;
}

/** A target made ready for sending. */
interface Route {
  readonly target: OperatorTarget;
  readonly pool: Pool;
  readonly path: string;
  readonly headers: readonly string[];
  readonly keys: readonly KeyObject[];
}

const notSent = (reason: 'no_callback_url' | 'busy' | 'circuit_open'): OperatorAnswer => ({
  kind: 'not_sent',
  reason,
});
const NO_CALLBACK_URL = notSent('no_callback_url');
const BUSY = notSent('busy');
const CIRCUIT_OPEN = notSent('circuit_open');

export function openLine({ guard, limits, now }: LineParts): Line {
  const gates: Readonly<Record<Purpose, Bulkhead>> = {
    question: createBulkhead(limits.permits.question),
    message: createBulkhead(limits.permits.message),
  };
  let breaker: Breaker = CLOSED;
  let route: Route | null = null;
  let usedAt = now();
  const closing = new Set<Promise<void>>();

  function retire(pool: Pool): void {
    const closed = pool.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  /** The route of a target; connections are kept while they lead to the same place. */
  function follow(target: OperatorTarget): Route | null {
    if (route?.target === target) return route;
    const url = target.callbackUrl === null ? null : parseCallbackUrl(target.callbackUrl);
    const kept = route !== null && leadsToSame(route.target, target) ? route.pool : null;
    if (route !== null && kept === null) {
      retire(route.pool);
      breaker = CLOSED;
    }
    route = url?.ok
      ? readyRoute(target, kept ?? openPool(url.origin, target, { guard, limits }), url.path)
      : null;
    return route;
  }

  function dismissAll(): void {
    gates.question.dismiss();
    gates.message.dismiss();
  }

  return {
    async ask(target, request, purpose) {
      if (follow(target) === null) return NO_CALLBACK_URL;
      const startedAt = now();
      usedAt = startedAt;
      if (!mayAsk(breaker, startedAt, limits)) return CIRCUIT_OPEN;
      const gate = gates[purpose];
      if (!gate.tryEnter() && !(await gate.enter()))
        return mayAsk(breaker, now(), limits) ? BUSY : CIRCUIT_OPEN;
      try {
        const askedAt = now();
        if (!mayAsk(breaker, askedAt, limits)) return CIRCUIT_OPEN;
        // The target may have changed while this call waited, and its time may be over.
        if (route === null) return NO_CALLBACK_URL;
        const timeoutMs = limits.timeoutMs[purpose] - (askedAt - startedAt);
        if (timeoutMs < 1) return BUSY;
        breaker = asked(breaker, askedAt);
        const answer = await call(route.pool, written(route, request), {
          timeoutMs,
          bodyBytesMax: limits.bodyBytesMax,
        });
        breaker = ended(breaker, askedAt);
        return answer;
      } finally {
        gate.leave();
      }
    },
    mayAsk: () => mayAsk(breaker, now(), limits),
    report({ unwell }) {
      breaker = heard(breaker, { unwell, now: now() }, limits);
      if (breaker.state === 'open') dismissAll();
    },
    health: () => ({
      state: breaker.state,
      inFlight: gates.question.inFlight() + gates.message.inFlight(),
      waiting: gates.question.waiting() + gates.message.waiting(),
    }),
    lastUsedAt: () => usedAt,
    async close() {
      dismissAll();
      if (route !== null) retire(route.pool);
      route = null;
      await Promise.all(closing);
    },
  };
}

function leadsToSame(one: OperatorTarget, other: OperatorTarget): boolean {
  return (
    one.callbackUrl === other.callbackUrl &&
    one.tls?.cert === other.tls?.cert &&
    one.tls?.key === other.tls?.key &&
    one.tls?.ca === other.tls?.ca
  );
}

function readyRoute(target: OperatorTarget, pool: Pool, path: string): Route {
  const { userAgent, secrets } = target;
  const headers = ['User-Agent', userAgent, 'Content-Type', 'application/json', 'Accept', 'application/json'];
  return { target, pool, path, headers, keys: signingKeys(secrets) };
}

function openPool(
  origin: string,
  { tls }: OperatorTarget,
  { guard, limits }: Pick<LineParts, 'guard' | 'limits'>,
): Pool {
  return new Pool(origin, {
    connect: guardedConnector(guard, { tls, timeoutMs: limits.connectTimeoutMs }),
    // One for each permit: a call never waits for another's connection.
    connections: limits.permits.question.inFlightMax + limits.permits.message.inFlightMax,
    pipelining: 1,
    allowH2: false,
    // Each call has its own deadline for everything.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

function written({ path, headers, keys }: Route, request: LineRequest) {
  const { method, payload } = request;
  const isPost = method === 'POST';
  const body = isPost ? Buffer.from(payload) : null;
  const signed = [...headers];
  addSignature(signed, keys, { at: Date.now(), payload: body ?? payload });
  return {
    method,
    path: isPost ? `${path}${request.path}` : `${path}${request.path}?${payload}`,
    headers: signed,
    body,
  };
}
