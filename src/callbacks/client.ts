/**
 * Speaks to operators' seamless wallets (contract xt §5). Every call has an answer within its time, whatever the
 * operator does, and never throws. An operator's own line bounds what it can hold: connections, permits, waiting, and
 * a breaker that leaves it alone while it is unwell.
 */
import type { OperatorAnswer } from '../core/delivery.ts';
import type { Breaker } from './breaker.ts';
import { createGuard, type GuardOptions } from './guard.ts';
import { type Line, type LineLimits, openLine, type Purpose } from './line.ts';
import type { LineRequest } from './route.ts';

export interface OperatorTarget {
  /** One line for each key: the agent's id as text. */
  readonly key: string;
  readonly callbackUrl: string | null;
  readonly userAgent: string;
  /** The newest first, at most two. */
  readonly secrets: readonly string[];
  /** PEM: what is shown of ourselves, and whom to trust instead of the public authorities. */
  readonly tls:
    | { readonly cert: string; readonly key: string; readonly ca: string | null }
    | { readonly cert: null; readonly key: null; readonly ca: string }
    | null;
}

export interface Attempted {
  readonly answer: OperatorAnswer;
  /** What was sent, or would have been: the body of a POST, the line of a GET. */
  readonly request: string;
  /** Whole milliseconds from the call to the answer, waiting included. */
  readonly elapsedMs: number;
}

export interface OperatorHealth {
  readonly key: string;
  readonly state: Breaker['state'];
  readonly inFlight: number;
  readonly waiting: number;
}

export interface OperatorClient {
  /** `purpose` picks permits and time: a question (bet, charge) has 2 s in all, a message 5 s. */
  changeBalance(target: OperatorTarget, body: string, purpose: Purpose): Promise<Attempted>;
  /** A question. */
  balance(target: OperatorTarget, username: string): Promise<Attempted>;
  /** False while the operator is left alone: nothing would be sent. */
  mayAsk(target: OperatorTarget): boolean;
  /** What a call has shown of the operator's health (MEANING.unwell). What was not asked shows nothing: no report. */
  readonly report: (target: OperatorTarget, unwell: boolean) => void;
  health(): readonly OperatorHealth[];
  /** Takes no more calls, and ends once those under way have ended. */
  close(): Promise<void>;
}

/** All bounds. Times in ms; those of the breaker and the permits are one operator's. */
export interface OperatorClientLimits {
  readonly questionTimeoutMs: number;
  readonly messageTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly questionsInFlightMax: number;
  readonly messagesInFlightMax: number;
  /** For questions and for messages alike. */
  readonly waitingMax: number;
  readonly waitMsMax: number;
  readonly unwellMax: number;
  readonly openMs: number;
  readonly openMsMax: number;
  readonly bodyBytesMax: number;
  /** So many operators have a line at a time; a line not used for `idleMsMax` is closed. */
  readonly linesMax: number;
  readonly idleMsMax: number;
}

export const STANDARD_LIMITS: OperatorClientLimits = {
  questionTimeoutMs: 2000,
  messageTimeoutMs: 5000,
  connectTimeoutMs: 1500,
  questionsInFlightMax: 64,
  messagesInFlightMax: 16,
  waitingMax: 512,
  waitMsMax: 500,
  unwellMax: 10,
  openMs: 1000,
  openMsMax: 30_000,
  bodyBytesMax: 16_384,
  linesMax: 2000,
  idleMsMax: 300_000,
};

export interface OperatorClientOptions extends GuardOptions, Partial<OperatorClientLimits> {
  /** The clock of waiting and breakers, in ms; only goes forward. */
  readonly now?: () => number;
}

const SWEEP_MS = 30_000;
const BUSY: OperatorAnswer = { kind: 'not_sent', reason: 'busy' };

export function openOperatorClient(options: OperatorClientOptions): OperatorClient {
  const limits: OperatorClientLimits = { ...STANDARD_LIMITS, ...options };
  const now = options.now ?? (() => performance.now());
  const parts = { guard: createGuard(options), limits: lineLimits(limits), now };
  const lines = new Map<string, Line>();
  const closing = new Set<Promise<void>>();
  let isClosed = false;

  function end(key: string, line: Line): void {
    lines.delete(key);
    const closed = line.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }
  /** Ends lines not used for so long. One whose breaker has something to remember is kept as long as that matters. */
  function endIdle(idleMsMax: number): void {
    const at = now();
    for (const [key, line] of lines) {
      const { state, inFlight, waiting } = line.health();
      const unusedMs = at - line.lastUsedAt();
      const neededMs = state === 'closed' ? idleMsMax : Math.max(idleMsMax, limits.openMsMax);
      if (inFlight === 0 && waiting === 0 && unusedMs >= neededMs) end(key, line);
    }
  }
  /** Null: there is no room for another. */
  function lineOf(key: string): Line | null {
    const known = lines.get(key);
    if (known !== undefined) return known;
    if (lines.size >= limits.linesMax) endIdle(0);
    if (lines.size >= limits.linesMax) return null;
    const line = openLine(parts);
    lines.set(key, line);
    return line;
  }
  async function attempt(
    target: OperatorTarget,
    purpose: Purpose,
    { request, shown }: { request: LineRequest; shown: string },
  ): Promise<Attempted> {
    const startedAt = performance.now();
    const line = isClosed ? null : lineOf(target.key);
    const answer = line === null ? BUSY : await line.ask(target, request, purpose);
    return { answer, request: shown, elapsedMs: Math.round(performance.now() - startedAt) };
  }

  const sweeping = setInterval(endIdle, SWEEP_MS, limits.idleMsMax).unref();
  return {
    changeBalance: (target, body, purpose) =>
      attempt(target, purpose, {
        request: { method: 'POST', path: '/changeBalance', payload: body },
        shown: body,
      }),
    balance(target, username) {
      const payload = `username=${encodeURIComponent(username.toWellFormed())}`;
      const request: LineRequest = { method: 'GET', path: '/balance', payload };
      return attempt(target, 'question', { request, shown: `GET /balance?${payload}` });
    },
    mayAsk: (target) => lines.get(target.key)?.mayAsk() ?? !isClosed,
    report: (target, unwell) => lines.get(target.key)?.report({ unwell }),
    health: () => [...lines].map(([key, line]) => ({ key, ...line.health() })),
    async close() {
      isClosed = true;
      clearInterval(sweeping);
      for (const [key, line] of lines) end(key, line);
      await Promise.all(closing);
    },
  };
}

function lineLimits(limits: OperatorClientLimits): LineLimits {
  const { questionTimeoutMs, messageTimeoutMs, questionsInFlightMax, messagesInFlightMax } = limits;
  const { waitingMax, waitMsMax, connectTimeoutMs, bodyBytesMax, unwellMax, openMs, openMsMax } = limits;
  return {
    timeoutMs: { question: questionTimeoutMs, message: messageTimeoutMs },
    permits: {
      question: { inFlightMax: questionsInFlightMax, waitingMax, waitMsMax },
      message: { inFlightMax: messagesInFlightMax, waitingMax, waitMsMax },
    },
    connectTimeoutMs,
    bodyBytesMax,
    unwellMax,
    openMs,
    openMsMax,
    probeMsMax: Math.max(questionTimeoutMs, messageTimeoutMs) + 1000,
  };
}
