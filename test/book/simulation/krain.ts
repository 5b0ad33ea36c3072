/**
 * K-Rain and the way to it: the stand-in's own pool (sim/krain), its books in memory, and everything that can become
 * of a call. K-Rain itself never fails and forgets nothing; what fails is the way.
 */
import { type Books, type Kept, openPool, type Pool, type Told, UNTOLD } from '../../../sim/krain/pool.ts';
import type { BetFailure } from '../../../src/core/book/types.ts';
import { trusted } from '../../../src/core/ids.ts';
import type { Market, MarketOrder, OrderFate, PlaceResult, StatusResult } from '../../../src/rain/market.ts';
import { type Clock, type Owner, WORLD } from '../../seamless/simulation/clock.ts';
import { strike } from '../../seamless/simulation/plan.ts';
import type { Chance } from '../../simulation/random.ts';
import { T0 } from '../cast.ts';
import type { CallFault, Plan } from './plan.ts';

export interface KRainParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly plan: Plan;
  readonly isFaulty: () => boolean;
  readonly log: (line: () => string) => void;
}

const TIMEOUT_MS = 4000;
const LATE_MS_MAX = 15_000;
const REASONS: Readonly<Record<string, BetFailure>> = {
  odds_moved: 'krain_odds_moved',
  market_closed: 'krain_market_closed',
};

export class KRain {
  readonly orders = new Map<string, Kept>();
  readonly counts: Record<string, number> = {};
  private readonly parts: KRainParts;
  private readonly pool: Pool;
  private inFlight = 0;

  constructor(parts: KRainParts) {
    this.parts = parts;
    const { seed, depth, volatility } = parts.plan;
    this.pool = openPool({ seed, depth, volatility, tickMs: 700, makers: 3, books: booksOver(this.orders) });
  }

  /** Best odds on both sides; null: there is a side nobody offers. */
  best(market: string): { rain: number; dry: number } | null {
    const offer = this.pool.offer(market, this.now());
    const [rain, dry] = [offer?.levels.RAIN[0]?.odds, offer?.levels.NO_RAIN[0]?.odds];
    return rain === undefined || dry === undefined ? null : { rain, dry };
  }

  isQuiet(): boolean {
    return this.inFlight === 0;
  }

  /** As a node has it: its calls end with it, what they do at K-Rain does not. */
  clientOf(owner: Owner): Pick<Market, 'place' | 'status'> {
    return {
      place: (order) =>
        this.call<PlaceResult>(owner, {
          work: () => this.take(order),
          unheard: { kind: 'unknown', why: 'timed_out' },
          unsent: { kind: 'unreachable', why: 'unreachable' },
        }),
      status: (order) =>
        this.call<StatusResult>(owner, {
          work: () => this.find(order),
          unheard: { kind: 'unknown', why: 'timed_out' },
          unsent: { kind: 'unknown', why: 'unreachable' },
        }),
    };
  }

  private now(): number {
    return T0 + this.parts.clock.now() + this.parts.plan.skewMs;
  }

  private take(order: MarketOrder): PlaceResult {
    const answer = this.pool.place(order, this.now());
    if (answer === 'conflict') throw new Error(`${order.id} is asked twice, and otherwise`);
    this.parts.log(() => `K-Rain: ${order.id} ${answer.state} ${answer.matched} ${answer.reason ?? ''}`);
    this.count(
      answer.state === 'matched' && answer.matched < order.stake ? 'in part' : (answer.reason ?? 'all'),
    );
    return fateOf({ order, answer });
  }

  private find(order: MarketOrder): StatusResult {
    const kept = this.orders.get(order.id);
    if (kept === undefined) {
      this.count('absent');
      return { kind: 'absent', now: trusted(this.now()) };
    }
    return fateOf(kept);
  }

  private call<Result>(
    owner: Owner,
    { work, unheard, unsent }: { work: () => Result; unheard: Result; unsent: Result },
  ): Promise<Result> {
    const { clock, chance, plan, isFaulty } = this.parts;
    const fault = isFaulty() ? strike<CallFault>(chance, plan.call) : null;
    if (fault !== null) this.count(fault);
    return new Promise((resolve) => {
      const hear = (result: Result, afterMs: number) => clock.after(afterMs, owner, () => resolve(result));
      const go = (afterMs: number, then: (result: Result) => void = () => {}) => {
        this.inFlight += 1;
        clock.after(afterMs, WORLD, () => {
          this.inFlight -= 1;
          then(work());
        });
      };
      const [there, back] = [1 + chance.below(40), 1 + chance.below(40)];
      const deaf = () => hear(unheard, TIMEOUT_MS);
      if (fault === 'unreachable') return hear(unsent, chance.pick([0, 1500]));
      if (fault === 'lost_before') return deaf();
      if (fault === 'failed_before') return hear(unheard, there + back);
      if (fault === 'late') {
        go(chance.below(LATE_MS_MAX));
        return deaf();
      }
      if (fault === 'lost_after') {
        go(there);
        return deaf();
      }
      if (fault === 'twice') go(there + chance.below(LATE_MS_MAX));
      const backMs = fault === 'slow' ? chance.below(TIMEOUT_MS - 100) : back;
      return go(there, (result) => hear(fault === 'failed_after' ? unheard : result, backMs));
    });
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

function fateOf({ answer }: Kept): OrderFate {
  const { state, matched, odds, win, reason } = answer;
  if (state === 'refused') return { kind: 'refused', reason: REASONS[reason ?? ''] ?? 'krain_refused' };
  return { kind: 'matched', stake: matched, odds: odds!, win };
}

function booksOver(orders: Map<string, Kept>): Books {
  const told = new Map<string, Told>();
  return {
    order: (id) => orders.get(id) ?? null,
    addOrder: (kept) => void orders.set(kept.order.id, kept),
    ordersOf: (market) => [...orders.values()].filter(({ order }) => order.market === market),
    told: (market) => told.get(market) ?? UNTOLD,
    setTold: (market, what) => void told.set(market, what),
  };
}
