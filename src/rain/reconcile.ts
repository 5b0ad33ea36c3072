/**
 * The book's bets at K-Rain against K-Rain's own statement, session by session. The statement is read before the bets:
 * a bet that is matched meanwhile is then on our side alone and looks missing, so what differs is looked at again once,
 * by a fresh statement, before it is told. A bet whose fate is open yet differs from nothing.
 */
import type { BetType } from '../core/book/types.ts';
import type { RainSessionId } from '../core/ids.ts';
import { type LaidOffBet, laidOffBets } from '../db/book-laid-off.ts';
import type { Query } from '../db/connect.ts';
import type { RainSession } from '../db/rain-session.ts';
import { type Market, type MarketRecord, marketIdOf } from './market.ts';

/** One side's view of an order that was matched; null: not, or not known there. */
export interface OrderView {
  readonly side: BetType;
  /** Minor units: what was taken, and what it brings net if it wins. */
  readonly stake: bigint;
  readonly win: bigint;
}
export interface Difference {
  /** missing: we have it, K-Rain has not. extra: the other way round. different: side or amounts. */
  readonly kind: 'missing' | 'extra' | 'different';
  readonly session: RainSessionId;
  readonly market: string;
  readonly order: string;
  readonly ours: OrderView | null;
  readonly theirs: OrderView | null;
}

export interface SessionStatement {
  readonly session: RainSessionId;
  readonly market: string;
  /** Matched on both sides alike. */
  readonly matched: number;
  /** Bets whose fate K-Rain still owes. */
  readonly pending: number;
  readonly differences: readonly Difference[];
  /** Why K-Rain's statement could not be had; null: it was. */
  readonly unavailable: string | null;
}

export interface ReconcileOptions {
  readonly sql: Query;
  readonly market: Pick<Market, 'orders'>;
}

export async function reconcileSession(
  options: ReconcileOptions,
  session: RainSession,
): Promise<SessionStatement> {
  const first = await compareOnce(options, session);
  return first.differences.length === 0 ? first : compareOnce(options, session);
}

async function compareOnce(
  { sql, market }: ReconcileOptions,
  session: RainSession,
): Promise<SessionStatement> {
  const name = marketIdOf(session);
  const base = { session: session.id, market: name };
  const statement = await market.orders(name);
  if (statement.kind === 'unavailable')
    return { ...base, matched: 0, pending: 0, differences: [], unavailable: statement.why };
  const bets = await laidOffBets(sql, session.id);
  return { ...base, ...compare(base, { bets, orders: statement.orders }), unavailable: null };
}

/** What both sides have, order by order. */
export function compare(
  base: Pick<SessionStatement, 'session' | 'market'>,
  { bets, orders }: { bets: readonly LaidOffBet[]; orders: readonly MarketRecord[] },
): Pick<SessionStatement, 'matched' | 'pending' | 'differences'> {
  const theirs = new Map(orders.map((order) => [order.id, order]));
  const differences: Difference[] = [];
  const sum = { matched: 0, pending: 0 };
  const weigh = (order: string, mine: OrderView | null) => {
    const other = viewOfOrder(theirs.get(order));
    theirs.delete(order);
    const kind = differenceOf(mine, other);
    if (kind !== null) differences.push({ kind, ...base, order, ours: mine, theirs: other });
    else if (mine !== null) sum.matched++;
  };
  for (const bet of bets) {
    const order = `bet-${bet.id}`;
    if (bet.status === 'TEMP' || bet.status === 'CHECK') {
      sum.pending++;
      theirs.delete(order);
    } else weigh(order, viewOfBet(bet));
  }
  for (const order of [...theirs.keys()]) weigh(order, null);
  return { ...sum, differences };
}

function viewOfBet({ status, type, krainStake, krainWin }: LaidOffBet): OrderView | null {
  return status === 'FAILED' ? null : { side: type, stake: krainStake, win: krainWin };
}

function viewOfOrder(order: MarketRecord | undefined): OrderView | null {
  if (order === undefined || order.fate.kind === 'refused') return null;
  return { side: order.side, stake: order.fate.stake, win: order.fate.win };
}

function differenceOf(ours: OrderView | null, theirs: OrderView | null): Difference['kind'] | null {
  if (ours === null) return theirs === null ? null : 'extra';
  if (theirs === null) return 'missing';
  const isSame = ours.side === theirs.side && ours.stake === theirs.stake && ours.win === theirs.win;
  return isSame ? null : 'different';
}
