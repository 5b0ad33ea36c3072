/**
 * Bets whose fate at K-Rain is not known, however that came: a lost answer, a crash between the bet and the question,
 * an answer the ledger could not take. K-Rain is asked what has become of the order, until its word is definite:
 * matched, refused, or unknown to it at a time when it would not take it any more. Nothing is ever guessed.
 *
 * Any node may run it, two at once harm nothing: asking changes nothing, and the ledger takes the first definite
 * answer. How long to leave a bet alone is kept in memory; a node that begins anew asks at once.
 */
import type { Bet, BookBalance, MarketAnswer } from '../core/book/types.ts';
import { type BetId, type Instant, trusted } from '../core/ids.ts';
import { type PendingBet, pendingBets } from '../db/book-pending.ts';
import type { Sql } from '../db/connect.ts';
import { LedgerFault, type LedgerWriter } from '../engine/ledger-writer.ts';
import { answerOf, NEVER_SENT, NOT_KNOWN, orderOf } from './lay-off.ts';
import type { Market, NoAnswer, NotAsked, StatusResult } from './market.ts';

export interface BetReconcilerOptions {
  readonly sql: Sql;
  readonly writer: Pick<LedgerWriter, 'submit'>;
  /** Null: there is none to be asked; what is pending stays so, and is told of. */
  readonly market: Pick<Market, 'status'> | null;
  /** Bets this node is still asking about are left to that (place.ts). */
  readonly isAsking: (bet: BetId) => boolean;
  readonly onBet?: (bet: Bet, balance: BookBalance) => void;
  /** Told of every bet K-Rain was asked about that is not any clearer for it. */
  readonly onUnclear?: (unclear: Unclear) => void;
  /** How long a bet may be TEMP beyond its order's time, before it is looked into. */
  readonly graceMs?: number;
  readonly pauseMs?: number;
  readonly pauseMsMax?: number;
  readonly stepMsMax?: number;
}

export interface Unclear {
  readonly bet: BetId;
  readonly order: string;
  readonly ageMs: number;
  readonly tries: number;
  /** too_early: K-Rain does not know the order, but would still take it. ledger: its word could not be written down. */
  readonly why: NotAsked | NoAnswer | 'too_early' | 'ledger';
}

/** Every so many tries in vain somebody is told, about every ten minutes then. */
const TELL_EVERY_TRIES = 10;

/** What staff should read of it; null: nothing yet. A word that can't be is told of at once. */
export function alarmOf({ bet, order, ageMs, tries, why }: Unclear): string | null {
  const isOdd = why === 'contradicts' || why === 'conflict';
  const isDue = tries > 0 && tries % TELL_EVERY_TRIES === (isOdd ? 1 : 0);
  if (!isDue || isNotTried(why)) return null;
  const minutes = Math.round(ageMs / 60_000);
  return `the fate of bet ${bet} (order ${order}) is open for ${minutes} min, asked ${tries} times: ${why}`;
}

/** What a run has found and done. */
export interface Reconciled {
  /** Bets that are pending longer than they should be. */
  readonly pending: number;
  readonly asked: number;
  /** Of those asked about: they are ACTIVE or FAILED now. */
  readonly resolved: number;
  /** Of the oldest that is pending still; 0 = none is. */
  readonly oldestMs: number;
}

export interface BetReconciler {
  /** Looks at all of them once. Rejects when the database is not there. */
  run(): Promise<Reconciled>;
}

/** Longer than a call to K-Rain, and the ledger's try at writing what came of it. */
const GRACE_MS = 5000;
const PAUSE_MS = 1000;
const PAUSE_MS_MAX = 60_000;
const STEP_MS_MAX = 4000;
const PAGE = 500;
const ASKS_AT_ONCE = 8;

interface Pause {
  readonly tries: number;
  /** performance.now() before which it is left alone. */
  readonly until: number;
}

export function openBetReconciler(options: BetReconcilerOptions): BetReconciler {
  const { sql, market, isAsking } = options;
  const { graceMs = GRACE_MS, stepMsMax = STEP_MS_MAX } = options;
  let pauses = new Map<BetId, Pause>();
  const isDue = ({ bet }: PendingBet) =>
    !isAsking(bet.id) && (pauses.get(bet.id)?.until ?? 0) <= performance.now();

  async function findPending(): Promise<PendingBet[]> {
    const all: PendingBet[] = [];
    for (let after = trusted<BetId>(0); ; ) {
      const page = await pendingBets(sql, { graceMs, after, limit: PAGE });
      all.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return all;
      after = last.bet.id;
    }
  }
  return {
    async run() {
      const pending = await findPending();
      const known = new Set(pending.map(({ bet }) => bet.id));
      pauses = new Map([...pauses].filter(([id]) => known.has(id)));
      const due = market === null ? [] : pending.filter(isDue);
      const until = performance.now() + stepMsMax;
      const resolved = new Set<BetId>();
      let asked = 0;
      const worker = async () => {
        for (let next = due.shift(); next !== undefined; next = due.shift()) {
          if (performance.now() > until) return;
          asked += 1;
          const { id } = next.bet;
          const pause = await lookInto(options, next, pauses.get(id)?.tries ?? 0);
          if (pause === null) resolved.add(id);
          else pauses.set(id, pause);
        }
      };
      await Promise.all(Array.from({ length: ASKS_AT_ONCE }, worker));
      const oldestMs = pending.reduce(
        (oldest, { bet, ageMs }) => (resolved.has(bet.id) ? oldest : Math.max(oldest, ageMs)),
        0,
      );
      return { pending: pending.length, asked, resolved: resolved.size, oldestMs };
    },
  };
}

/** null: it is resolved. */
async function lookInto(
  options: BetReconcilerOptions,
  pending: PendingBet,
  tries: number,
): Promise<Pause | null> {
  const { market, onUnclear, pauseMs = PAUSE_MS, pauseMsMax = PAUSE_MS_MAX } = options;
  const { bet, session, ageMs } = pending;
  const order = orderOf(bet, session);
  const status: StatusResult =
    market === null ? { kind: 'unknown', why: 'closed' } : await market.status(order);
  const { answer, unclear } = meaningOf(status, order.until);
  // That it is unclear need not be written down twice.
  const isTold = (unclear !== null && bet.status === 'CHECK') || (await tell(options, pending, answer));
  if (isTold && unclear === null) return null;
  const why = isTold && unclear !== null ? unclear.why : 'ledger';
  const heard = isNotTried(why) ? tries : tries + 1;
  onUnclear?.({ bet: bet.id, order: order.id, ageMs, tries: heard, why });
  const growingMs = Math.min(pauseMs * 2 ** Math.min(tries, 20), pauseMsMax);
  const restMs = isNotTried(why) ? pauseMs : Math.max(growingMs, unclear?.waitMs ?? 0);
  return { tries: heard, until: performance.now() + Math.min(restMs, pauseMsMax) };
}

const isNotTried = (why: Unclear['why']) => why === 'circuit_open' || why === 'busy' || why === 'closed';

interface Meaning {
  readonly answer: MarketAnswer;
  /** Why it is not known yet; `waitMs`: sooner there can be no other answer. */
  readonly unclear: { readonly why: Unclear['why']; readonly waitMs: number } | null;
}

function meaningOf(status: StatusResult, until: Instant): Meaning {
  if (status.kind === 'unknown') return { answer: NOT_KNOWN, unclear: { why: status.why, waitMs: 0 } };
  if (status.kind !== 'absent') return { answer: answerOf(status), unclear: null };
  // By K-Rain's own clock: from then on it takes no order that says so.
  if (status.now >= until) return { answer: NEVER_SENT, unclear: null };
  return { answer: NOT_KNOWN, unclear: { why: 'too_early', waitMs: until - status.now } };
}

/** False: the ledger could not take it, and the bet is as it was. */
async function tell(
  { writer, onBet }: BetReconcilerOptions,
  { bet, player }: PendingBet,
  answer: MarketAnswer,
): Promise<boolean> {
  try {
    const command = { kind: 'book_answer', player, sessionId: bet.sessionId, betId: bet.id, answer } as const;
    const outcome = await writer.submit(command);
    if (outcome.ok && !outcome.replayed) onBet?.(outcome.bet, outcome.balance);
    return outcome.ok;
  } catch (error) {
    if (error instanceof LedgerFault) return false;
    throw error;
  }
}
