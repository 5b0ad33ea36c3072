/** How the rain book is, for Prometheus: calls to K-Rain, what the settlement has still to do, sessions by status. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { countDuePositions } from '../db/book-settlement.ts';
import type { Sql } from '../db/connect.ts';
import type { HttpMarket, MarketCallSeen } from '../rain/market.ts';
import type { Reconciled, Unclear } from '../rain/reconcile-bets.ts';

export interface RainSources {
  readonly sql: Sql;
  readonly market: () => HttpMarket | null;
}

export interface RainMetrics {
  onCall(call: MarketCallSeen): void;
  onSettled(positions: number): void;
  onPending(found: Reconciled): void;
  onUnclear(unclear: Unclear): void;
}

const CIRCUITS = ['closed', 'half_open', 'open'] as const;
/** A scrape is answered without the database's figures when it is slow. */
const READ_MS_MAX = 2000;

/** Registers the metrics. What it returns is to be told of what happens. */
export function watchRain(registry: Registry, { sql, market }: RainSources): RainMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: 'croupier_krain_calls_total',
    help: 'calls to K-Rain by what came of them',
    labelNames: ['purpose', 'found'],
    registers,
  });
  const seconds = new Histogram({
    name: 'croupier_krain_call_seconds',
    help: 'time of a call to K-Rain, waiting included',
    labelNames: ['purpose'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers,
  });
  const settled = new Counter({
    name: 'croupier_rain_positions_settled_total',
    help: 'positions this node has posted a result of',
    registers,
  });
  const pending = new Gauge({
    name: 'croupier_krain_pending_bets',
    help: "bets that wait for K-Rain's word longer than they should, as this node found them when it last looked",
    registers,
  });
  const oldest = new Gauge({
    name: 'croupier_krain_pending_oldest_seconds',
    help: 'age of the oldest of them',
    registers,
  });
  const unclear = new Counter({
    name: 'croupier_krain_unclear_total',
    help: 'questions about such a bet that made it no clearer, by why',
    labelNames: ['why'],
    registers,
  });
  new Gauge({
    name: 'croupier_rain_positions_due',
    help: 'positions of sessions with a result that are not posted yet',
    registers,
    async collect() {
      const due = await within(countDuePositions(sql));
      if (due === null) this.reset();
      else this.set(due);
    },
  });
  new Gauge({
    name: 'croupier_krain_circuit',
    help: 'K-Rain as this node sees it: 1 at its state. open = left alone for a while',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      const state = market()?.health().state;
      if (state !== undefined) for (const each of CIRCUITS) this.set({ state: each }, each === state ? 1 : 0);
    },
  });
  return {
    onCall({ purpose, found, elapsedMs }) {
      calls.inc({ purpose, found });
      seconds.observe({ purpose }, elapsedMs / 1000);
    },
    onSettled: (positions) => settled.inc(positions),
    onPending({ pending: found, resolved, oldestMs }) {
      pending.set(found - resolved);
      oldest.set(oldestMs / 1000);
    },
    onUnclear: ({ why }) => unclear.inc({ why }),
  };
}

function within<T>(read: Promise<T>): Promise<T | null> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, READ_MS_MAX, null).unref());
  return Promise.race([read.catch(() => null), late]);
}
