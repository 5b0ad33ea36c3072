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
import { drawn, hashOf, likelihoodAt } from './drift.ts';
import { marketNameOf } from './market-name.ts';
import { type Level, match, total } from './match.ts';

export type Side = 'RAIN' | 'NO_RAIN';
export const SIDES: readonly Side[] = ['RAIN', 'NO_RAIN'];
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

/** A maker in a market: what it still offers on each side. */
interface Maker {
  readonly name: number;
  /** Its share on top of the likelihood. */
  readonly margin: number;
  readonly size: bigint;
  readonly left: Record<Side, bigint>;
}
interface OpenMarket {
  readonly id: string;
  readonly makers: readonly Maker[];
  tick: number;
}

const MARGIN_MIN = 0.008;
const MARGIN_STEP = 0.014;
const ODDS_MIN = 1010;
/** Of its size a maker puts back so much a tick. */
const REFILL = 20n;

export function openPool(options: PoolOptions): Pool {
  const { seed, books, makers = 5, depth = 200_000n, orderMax = 2_000_000n } = options;
  const { tickMs = 5000, volatility = 1, closesAt = () => null } = options;
  const markets = new Map<string, OpenMarket>();
  let latest = 0;

  function clock(now: number): number {
    latest = Math.max(latest, now);
    return latest;
  }
  function marketOf(id: string, at: number): OpenMarket | null {
    const known = markets.get(id);
    if (known !== undefined) return known;
    if (marketNameOf(id) === null) return null;
    const market = { id, makers: makersOf(id, { seed, makers, depth }), tick: Math.floor(at / tickMs) };
    markets.set(id, market);
    return market;
  }
  /** Makers put back what was taken, a little each tick, and withdraw what is more than they want there now. */
  function catchUp(market: OpenMarket, at: number): void {
    const tick = Math.floor(at / tickMs);
    if (tick <= market.tick) return;
    const ticks = BigInt(Math.min(tick - market.tick, Number(REFILL)));
    market.tick = tick;
    for (const { name, size, left } of market.makers) {
      for (const side of SIDES) {
        const wish = (size * BigInt(Math.round(700 + 600 * drawn(name ^ SIDES.indexOf(side), tick)))) / 1000n;
        const refilled = left[side] + (ticks * size) / REFILL;
        left[side] = refilled < wish ? refilled : wish;
      }
    }
  }
  function stateOf(market: string, at: number): MarketState {
    const told = books.told(market);
    const closing = told.closesAt ?? closesAt(market);
    if (closing !== null && at >= closing) return 'closed';
    return told.state ?? 'open';
  }
  function oddsOf(market: OpenMarket, maker: Maker, side: Side): number {
    const { likelihood } = books.told(market.id);
    const rain = likelihoodAt({ seed, market: market.id, likelihood, volatility }, market.tick);
    const share = (side === 'RAIN' ? rain : 1 - rain) * (1 + maker.margin);
    return Math.max(ODDS_MIN, Math.floor(1000 / share));
  }
  /** What makers offer, the best first: a level each, so that a level's place says whose it is. */
  function levelsOf(market: OpenMarket, side: Side): (Level & { readonly maker: Maker })[] {
    return market.makers
      .map((maker) => ({ maker, odds: oddsOf(market, maker, side), available: maker.left[side] }))
      .filter(({ available }) => available > 0n)
      .sort((a, b) => b.odds - a.odds);
  }

  function decide(order: Order, at: number): Answer {
    const market = marketOf(order.market, at);
    if (at >= order.until) return refusal('too_late', at);
    if (market === null || stateOf(order.market, at) !== 'open') return refusal('market_closed', at);
    if (order.stake > orderMax) return refusal('limit', at);
    catchUp(market, at);
    const levels = levelsOf(market, order.side);
    const matched = match(levels, order);
    if (!matched.ok) return refusal(matched.reason, at);
    for (const [place, taken] of matched.taken.entries()) {
      const maker = levels[place]?.maker;
      if (maker !== undefined) maker.left[order.side] -= taken;
    }
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
    offer(id, now) {
      const at = clock(now);
      const market = marketOf(id, at);
      if (market === null) return null;
      catchUp(market, at);
      const state = stateOf(id, at);
      const levels = (side: Side) =>
        state === 'open' ? levelsOf(market, side).map(({ odds, available }) => ({ odds, available })) : [];
      return { state, levels: { RAIN: levels('RAIN'), NO_RAIN: levels('NO_RAIN') }, at };
    },
    place: (order, now) => keep(order, (at) => decide(order, at), now),
    refuse: (order, reason, now) => keep(order, (at) => refusal(reason, at), now),
    tell(id, told) {
      if (marketNameOf(id) === null) return false;
      books.setTold(id, { ...books.told(id), ...told });
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

function makersOf(
  market: string,
  { seed, makers, depth }: { seed: number; makers: number; depth: bigint },
): readonly Maker[] {
  return Array.from({ length: makers }, (_, index) => {
    const name = hashOf(`${market}/${index}`) ^ seed;
    const size = (depth * BigInt(Math.round(500 + 1000 * drawn(name, -1)))) / 1000n;
    const margin = MARGIN_MIN + MARGIN_STEP * (index + drawn(name, -2) / 2);
    return { name, margin, size, left: { RAIN: size, NO_RAIN: size } };
  });
}
