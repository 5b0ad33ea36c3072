/**
 * The pool: orders are matched with what the market's makers offer. Pure but for its books: the instant comes in with
 * every call, and the seed decides the rest. What always holds:
 *  - an order id has one answer for ever; the same id with other content has none (`conflict`);
 *  - never more is matched than was on offer at the least odds asked or better, the best first; 'whole' takes all or
 *    nothing;
 *  - nothing is matched at or after the order's `until`, nor in a market that is not open;
 *  - whoever takes both sides at any offered odds may lose: the makers' shares of the likelihood sum to more than one.
 * Amounts are minor units, odds thousandths, instants epoch ms. The pool's clock does not go back.
 */
import { type Makers, openMakers, type Side } from './makers.ts';
import { marketNameOf } from './market-name.ts';
import { type Level, match, total } from './match.ts';

export type MarketState = 'open' | 'suspended' | 'closed';
export type Reason = 'odds_moved' | 'no_liquidity' | 'market_closed' | 'too_late' | 'limit';

export interface Order {
  readonly id: string;
  readonly market: string;
  readonly side: Side;
  readonly stake: bigint;
  readonly currency: string;
  /** The least that is wanted. */
  readonly odds: number;
  readonly fill: 'whole' | 'part';
  readonly until: number;
}

export interface Answer {
  readonly state: 'matched' | 'refused';
  readonly matched: bigint;
  /** Net, if it wins; what is less than one is cut off. */
  readonly win: bigint;
  /** Their average, cut off to thousandths; null when nothing was matched. */
  readonly odds: number | null;
  readonly reason: Reason | null;
  readonly at: number;
}
export interface Kept {
  readonly order: Order;
  readonly answer: Answer;
}

/** What staff has said of a market; null: nothing. */
export interface Told {
  readonly state: MarketState | null;
  readonly closesAt: number | null;
  /** Of rain, where the walk begins. */
  readonly likelihood: number | null;
}
export const UNTOLD: Told = { state: null, closesAt: null, likelihood: null };

/** Where orders are kept, and what staff has said. The pool asks for nothing it has not put there. */
export interface Books {
  order(id: string): Kept | null;
  addOrder(kept: Kept): void;
  /** In the order of ids, behind `after`. */
  ordersOf(market: string, behind: { readonly after: string; readonly limit: number }): readonly Kept[];
  told(market: string): Told;
  setTold(market: string, told: Told): void;
}

export interface PoolOptions {
  readonly seed: number;
  readonly books: Books;
  /** How many makers there are, and what each offers a side, about. */
  readonly makers?: number;
  readonly depth?: bigint;
  /** The largest order. */
  readonly orderMax?: bigint;
  readonly tickMs?: number;
  /** 1 as a rule; 0: the likelihood stays where it is. */
  readonly volatility?: number;
  /** When a market closes by itself; null: when it is told to. */
  readonly closesAt?: (market: string) => number | null;
}

export interface Offer {
  readonly state: MarketState;
  /** Best first. */
  readonly levels: Readonly<Record<Side, readonly Level[]>>;
  readonly at: number;
}

export interface Pool {
  /** Null: there is no such market. */
  offer(market: string, now: number): Offer | null;
  place(order: Order, now: number): Answer | 'conflict';
  /** Refuses an order without looking at it, and keeps that. */
  refuse(order: Order, reason: Reason, now: number): Answer | 'conflict';
  /** False: there is no such market. */
  tell(market: string, told: Partial<Told>): boolean;
  /** The pool's clock: `now`, but never before what it has been. */
  clock(now: number): number;
}

export function openPool(options: PoolOptions): Pool {
  const { seed, books, makers: count = 5, depth = 200_000n, orderMax = 2_000_000n } = options;
  const { tickMs = 5000, volatility = 1, closesAt = () => null } = options;
  const markets = new Map<string, Makers>();
  let latest = 0;

  function clock(now: number): number {
    latest = Math.max(latest, now);
    return latest;
  }
  function makersOf(market: string): Makers | null {
    const known = markets.get(market);
    if (known !== undefined || marketNameOf(market) === null) return known ?? null;
    const makers = openMakers({ seed, market, count, depth, tickMs, volatility });
    markets.set(market, makers);
    return makers;
  }
  function stateOf(market: string, at: number): MarketState {
    const told = books.told(market);
    const closing = told.closesAt ?? closesAt(market);
    if (closing !== null && at >= closing) return 'closed';
    return told.state ?? 'open';
  }
  function decide(order: Order, at: number): Answer {
    const { market, side } = order;
    if (at >= order.until) return refusal('too_late', at);
    const makers = makersOf(market);
    if (makers === null || stateOf(market, at) !== 'open') return refusal('market_closed', at);
    if (order.stake > orderMax) return refusal('limit', at);
    const matched = match(makers.levels(side, at, books.told(market).likelihood), order);
    if (!matched.ok) return refusal(matched.reason, at);
    makers.take(side, matched.taken);
    const { stake, win, odds } = matched;
    return { state: 'matched', matched: stake, win, odds, reason: null, at };
  }
  function keep(order: Order, answer: (at: number) => Answer, now: number): Answer | 'conflict' {
    const known = books.order(order.id);
    if (known !== null) return isSame(known.order, order) ? known.answer : 'conflict';
    const kept = { order, answer: answer(clock(now)) };
    books.addOrder(kept);
    return kept.answer;
  }

  return {
    clock,
    offer(market, now) {
      const at = clock(now);
      const makers = makersOf(market);
      if (makers === null) return null;
      const state = stateOf(market, at);
      const { likelihood } = books.told(market);
      const levels = (side: Side) => (state === 'open' ? makers.levels(side, at, likelihood) : []);
      return { state, levels: { RAIN: levels('RAIN'), NO_RAIN: levels('NO_RAIN') }, at };
    },
    place: (order, now) => keep(order, (at) => decide(order, at), now),
    refuse: (order, reason, now) => keep(order, (at) => refusal(reason, at), now),
    tell(market, told) {
      if (marketNameOf(market) === null) return false;
      books.setTold(market, { ...books.told(market), ...told });
      return true;
    },
  };
}

/** What could be laid off on a side now, at whatever odds. */
export const availableOf = (offer: Offer, side: Side): bigint => total(offer.levels[side]);

const refusal = (reason: Reason, at: number): Answer => ({
  state: 'refused',
  matched: 0n,
  win: 0n,
  odds: null,
  reason,
  at,
});

function isSame(one: Order, other: Order): boolean {
  const parts = ({ market, side, stake, currency, odds, fill, until }: Order) =>
    [market, side, stake, currency, odds, fill, until].join('\n');
  return parts(one) === parts(other);
}
