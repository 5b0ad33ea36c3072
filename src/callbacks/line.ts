/**
 * The line to one operator: its connections, its permits, its breaker. Lines share nothing, so a dead operator costs
 * the others nothing.
 */
import type { OperatorAnswer } from '../core/delivery.ts';
import { asked, type Breaker, type BreakerLimits, CLOSED, ended, heard, mayAsk } from './breaker.ts';
import { type Bulkhead, type BulkheadLimits, createBulkhead } from './bulkhead.ts';
import { call } from './call.ts';
import type { OperatorTarget } from './client.ts';
import type { Guard } from './guard.ts';
import { createRouting, type LineRequest, written } from './route.ts';

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
  /** What deadlines and the breaker count by, in ms. */
  readonly now: () => number;
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

const notSent = (reason: 'no_callback_url' | 'busy' | 'circuit_open'): OperatorAnswer => ({
  kind: 'not_sent',
  reason,
});
const NO_CALLBACK_URL = notSent('no_callback_url');
const BUSY = notSent('busy');
const CIRCUIT_OPEN = notSent('circuit_open');

export function openLine({ guard, limits, now }: LineParts): Line {
  const { permits, connectTimeoutMs, bodyBytesMax } = limits;
  const gates: Readonly<Record<Purpose, Bulkhead>> = {
    question: createBulkhead(permits.question),
    message: createBulkhead(permits.message),
  };
  // One connection for each permit: a call never waits for another's.
  const connectionsMax = permits.question.inFlightMax + permits.message.inFlightMax;
  const routing = createRouting({ guard, connectionsMax, connectTimeoutMs });
  let breaker: Breaker = CLOSED;
  let usedAt = now();
  const isLetThrough = () => mayAsk(breaker, now(), limits);
  function dismissAll(): void {
    gates.question.dismiss();
    gates.message.dismiss();
  }
  /** With a permit in hand. */
  async function send(request: LineRequest, purpose: Purpose, startedAt: number): Promise<OperatorAnswer> {
    // While this call waited the operator may have become unwell, or moved; or the call's time is over.
    if (!isLetThrough()) return CIRCUIT_OPEN;
    const route = routing.current();
    if (route === null) return NO_CALLBACK_URL;
    const askedAt = now();
    const timeoutMs = limits.timeoutMs[purpose] - (askedAt - startedAt);
    if (timeoutMs < 1) return BUSY;
    breaker = asked(breaker, askedAt);
    const answer = await call(route.pool, written(route, request), { timeoutMs, bodyBytesMax });
    breaker = ended(breaker, askedAt);
    return answer;
  }
  return {
    async ask(target, request, purpose) {
      const { route, isElsewhere } = routing.follow(target);
      if (isElsewhere) breaker = CLOSED;
      if (route === null) return NO_CALLBACK_URL;
      usedAt = now();
      if (!isLetThrough()) return CIRCUIT_OPEN;
      const startedAt = usedAt;
      const gate = gates[purpose];
      if (!gate.tryEnter() && !(await gate.enter())) return isLetThrough() ? BUSY : CIRCUIT_OPEN;
      return send(request, purpose, startedAt).finally(gate.leave);
    },
    mayAsk: isLetThrough,
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
    close() {
      dismissAll();
      return routing.close();
    },
  };
}
