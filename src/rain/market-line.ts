/**
 * The line to K-Rain: its connections, its permits, its breaker. What it can hold is bounded, every call ends within
 * its time, and questions have permits of their own, so that asking about old orders keeps no new one waiting.
 */
import { Pool } from 'undici';
import { asked, type Breaker, CLOSED, ended, heard, mayAsk } from '../callbacks/breaker.ts';
import { createBulkhead } from '../callbacks/bulkhead.ts';
import { call } from '../callbacks/call.ts';
import type { MarketHealth, MarketLimits, NotAsked } from './market.ts';

export interface MarketRequest {
  readonly gate: 'places' | 'questions';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | null;
  /** So much of an answer is read. */
  readonly bodyBytesMax: number;
}

export type MarketReply =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** Not a byte has left. */
  | { readonly kind: 'not_asked'; readonly why: NotAsked }
  /** It may have arrived. */
  | { readonly kind: 'lost'; readonly why: 'timed_out' | 'connection_lost' };

export interface MarketLine {
  ask(request: MarketRequest): Promise<MarketReply>;
  /** What a call that was sent has shown of K-Rain's health. */
  report(shown: { readonly unwell: boolean }): void;
  health(): MarketHealth;
  /** Sends away who waits, and ends once what is under way has ended. */
  close(): Promise<void>;
}

export interface MarketLineOptions {
  readonly url: string;
  readonly key: string;
  readonly limits: MarketLimits;
}

const notAsked = (why: NotAsked): MarketReply => ({ kind: 'not_asked', why });

export function openMarketLine({ url, key, limits }: MarketLineOptions): MarketLine {
  const { timeoutMs, placesInFlightMax, questionsInFlightMax, waitingMax, waitMsMax } = limits;
  const { origin, pathname } = new URL(url);
  const prefix = pathname.replace(/\/+$/, '');
  const gates = {
    places: createBulkhead({ inFlightMax: placesInFlightMax, waitingMax, waitMsMax }),
    questions: createBulkhead({ inFlightMax: questionsInFlightMax, waitingMax, waitMsMax }),
  };
  // One connection for each permit: a call never waits for another's.
  const pool = openPool(origin, placesInFlightMax + questionsInFlightMax, limits);
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  const breakerLimits = { ...limits, probeMsMax: timeoutMs + 1000 };
  const now = () => performance.now();
  let breaker: Breaker = CLOSED;
  let isClosed = false;
  const isLetThrough = () => mayAsk(breaker, now(), breakerLimits);
  function dismissAll(): void {
    gates.places.dismiss();
    gates.questions.dismiss();
  }
  /** Why it can't be asked now; null = it can. */
  const hindrance = (): NotAsked | null => (isClosed ? 'closed' : isLetThrough() ? null : 'circuit_open');

  /** With a permit in hand. */
  async function send(request: MarketRequest, startedAt: number): Promise<MarketReply> {
    // While this call waited K-Rain may have become unwell, or the call's time is over.
    const hindered = hindrance();
    if (hindered !== null) return notAsked(hindered);
    const askedAt = now();
    const leftMs = timeoutMs - (askedAt - startedAt);
    if (leftMs < 1) return notAsked('busy');
    breaker = asked(breaker, askedAt);
    const { method, path, body, bodyBytesMax } = request;
    const written = { method, path: `${prefix}${path}`, headers, body };
    const answer = await call(pool, written, { timeoutMs: leftMs, bodyBytesMax });
    breaker = ended(breaker, askedAt);
    if (answer.kind === 'not_sent') return notAsked('unreachable');
    return answer.kind === 'lost' ? { kind: 'lost', why: answer.reason } : answer;
  }

  return {
    async ask(request) {
      const hindered = hindrance();
      if (hindered !== null) return notAsked(hindered);
      const startedAt = now();
      const gate = gates[request.gate];
      if (!gate.tryEnter() && !(await gate.enter())) return notAsked(hindrance() ?? 'busy');
      return send(request, startedAt).finally(gate.leave);
    },
    report({ unwell }) {
      breaker = heard(breaker, { unwell, now: now() }, breakerLimits);
      if (breaker.state === 'open') dismissAll();
    },
    health: () => ({
      state: breaker.state,
      inFlight: gates.places.inFlight() + gates.questions.inFlight(),
      waiting: gates.places.waiting() + gates.questions.waiting(),
    }),
    async close() {
      isClosed = true;
      dismissAll();
      await pool.close();
    },
  };
}

function openPool(origin: string, connections: number, { connectTimeoutMs }: MarketLimits): Pool {
  return new Pool(origin, {
    connect: { timeout: connectTimeoutMs },
    connections,
    pipelining: 1,
    allowH2: false,
    // Each call has its own deadline for everything.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
