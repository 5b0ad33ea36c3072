/**
 * Placing a bet, whole: the ledger takes it (TEMP, durable), K-Rain is asked for its part outside of any transaction,
 * the ledger takes the answer. What always holds:
 *  - K-Rain is asked by this file alone, once for each bet, and only for a bet that is durable;
 *  - an answer the ledger could not take is no loss: the bet stays pending, and reconcile-bets.ts asks K-Rain again;
 *  - so many are under way at most; one more is not sent at all, and fails as never sent.
 */
import type {
  Bet,
  BookAnswer,
  BookBalance,
  BookPlace,
  MarketAnswer,
  PlaceOutcome,
} from '../core/book/types.ts';
import type { BetId, RainSessionId } from '../core/ids.ts';
import { type SessionName, sessionName } from '../db/book-pending.ts';
import type { Sql } from '../db/connect.ts';
import { createCache } from '../engine/cache.ts';
import { LedgerFault, type LedgerWriter } from '../engine/ledger-writer.ts';
import { answerOf, NEVER_SENT, NOT_KNOWN, orderOf } from './lay-off.ts';
import type { Market } from './market.ts';

/** A bet as far as it has got: ACTIVE, FAILED or CHECK; TEMP only when the ledger could not take K-Rain's answer. */
export type Placed =
  | Omit<PlaceOutcome & { readonly ok: true }, 'ask'>
  | (PlaceOutcome & { readonly ok: false });

export interface PlacingOptions {
  readonly sql: Sql;
  readonly writer: Pick<LedgerWriter, 'submit'>;
  /** Null: there is none, and what would be laid off fails as never sent. */
  readonly market: Pick<Market, 'place'> | null;
  readonly asksMax?: number;
  /** Told of a bet whenever this node has changed it. */
  readonly onBet?: (bet: Bet, balance: BookBalance) => void;
  /** Told of an answer that stays with the reconciler. */
  readonly onFault?: (error: unknown, bet: BetId) => void;
  /** Test seam: may throw, as a crash there would, or delay. */
  readonly atStep?: (step: 'placed' | 'asked', bet: BetId) => void | Promise<void>;
}

export interface Placing {
  /** Rejects with a LedgerFault when it is not known whether there is such a bet: the same key asks again. */
  place(command: BookPlace): Promise<Placed>;
  /** Whether this node is still at it. */
  isAsking(bet: BetId): boolean;
  /** Ends once every bet under way has its answer. */
  close(): Promise<void>;
}

const ASKS_MAX = 500;
const SESSIONS_MAX = 1000;

type Standing = Pick<Placed & { readonly ok: true }, 'bet' | 'balance' | 'position'>;

export function openPlacing(options: PlacingOptions): Placing {
  const { sql, writer, market, asksMax = ASKS_MAX, onBet, onFault, atStep } = options;
  const asks = new Map<BetId, Promise<Standing>>();
  const names = createCache((id: RainSessionId) => sessionName(sql, id), {
    sizeMax: SESSIONS_MAX,
    ttlMs: () => Number.POSITIVE_INFINITY,
    keep: (name) => name !== null,
  });

  async function answerFor(bet: Bet, session: SessionName): Promise<MarketAnswer> {
    if (market === null || asks.size > asksMax) return NEVER_SENT;
    const result = await market.place(orderOf(bet, session));
    if (result.kind === 'unreachable') return NEVER_SENT;
    return result.kind === 'unknown' ? NOT_KNOWN : answerOf(result);
  }
  /** From the durable bet to its answer in the ledger. */
  async function ask(standing: Standing, command: BookPlace, session: SessionName): Promise<Standing> {
    const { bet } = standing;
    await atStep?.('placed', bet.id);
    const answer = await answerFor(bet, session);
    await atStep?.('asked', bet.id);
    const { player, sessionId } = command;
    const answering: BookAnswer = { kind: 'book_answer', player, sessionId, betId: bet.id, answer };
    try {
      const outcome = await writer.submit(answering);
      if (!outcome.ok) throw new Error(`bet ${bet.id} is not in the ledger`);
      onBet?.(outcome.bet, outcome.balance);
      return outcome;
    } catch (error) {
      if (!(error instanceof LedgerFault)) throw error;
      onFault?.(error, bet.id);
      return standing;
    }
  }
  function askOnce(standing: Standing, command: BookPlace, session: SessionName): Promise<Standing> {
    const { id } = standing.bet;
    const asking = Promise.resolve().then(() => ask(standing, command, session));
    asks.set(id, asking);
    return asking.finally(() => asks.delete(id));
  }

  return {
    async place(command) {
      const session = await names.get(command.sessionId);
      if (session === null) return { ok: false, code: 'game_status', quote: null, limit: null };
      const placed = await writer.submit(command);
      if (!placed.ok) return placed;
      const { bet, balance, position, replayed } = placed;
      if (!replayed) onBet?.(bet, balance);
      // A repeat that comes while the first is under way gets what that gets.
      const underWay = placed.ask ? askOnce(placed, command, session) : asks.get(bet.id);
      if (underWay === undefined) return { ok: true, bet, balance, position, replayed };
      const last = await underWay;
      return { ok: true, bet: last.bet, balance: last.balance, position: last.position, replayed };
    },
    isAsking: (bet) => asks.has(bet),
    async close() {
      await Promise.allSettled(asks.values());
    },
  };
}
