/**
 * How operators' seamless wallets are, for Prometheus. Agents can be thousands, so an agent is a label only while it is
 * in trouble, and no more than AGENTS_MAX of them at a time: those left alone first, then those with the most outstanding.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { OperatorHealth } from '../callbacks/client.ts';
import type { CallSeen } from '../callbacks/exchange.ts';
import { CALLBACK_STATES } from '../core/callback-types.ts';
import { ANSWER_CLASSES, MEANING } from '../core/delivery.ts';
import type { Outstanding } from '../db/callback-health.ts';

export interface OperatorSources {
  readonly outstanding: () => Promise<readonly Outstanding[]>;
  readonly lines: () => readonly OperatorHealth[];
  /** Items that wait or are under way for seamless players on this node. */
  readonly waiting: () => number;
}

const AGENTS_MAX = 100;
/** The figures of the database are read once a scrape, and not more often than this. */
const FRESH_MS = 1000;
/** A scrape is answered without them when the database is slow. */
const READ_MS_MAX = 2000;

const KEPT = CALLBACK_STATES.filter((state) => state !== 'resolved');
const CIRCUITS = ['closed', 'half_open', 'open'] as const;

/** Registers the metrics. What it returns is to be told of every call. */
export function watchOperators(registry: Registry, sources: OperatorSources): (call: CallSeen) => void {
  const registers = [registry];
  const attempts = new Counter({
    name: 'croupier_callback_attempts_total',
    help: 'changeBalance calls by what came of them',
    labelNames: ['class'],
    registers,
  });
  for (const name of ANSWER_CLASSES) attempts.inc({ class: name }, 0);
  const seconds = new Histogram({
    name: 'croupier_operator_call_seconds',
    help: 'time until an operator has answered, or was given up, by what it was called for',
    labelNames: ['purpose'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers,
  });
  new Gauge({
    name: 'croupier_seamless_waiting',
    help: 'items of seamless players that wait or are under way on this node',
    registers,
    collect() {
      this.set(sources.waiting());
    },
  });
  outstandingGauges(registry, sources);
  return ({ purpose, class: found, elapsedMs }) => {
    if (purpose !== 'balance') attempts.inc({ class: found });
    // Null: it was not called, which takes no time.
    if (MEANING[found].unwell !== null) seconds.observe({ purpose }, elapsedMs / 1000);
  };
}

function outstandingGauges(registry: Registry, sources: OperatorSources): void {
  const registers = [registry];
  const read = readTogether(sources.outstanding);
  const sumOf = (rows: readonly Outstanding[]) => rows.reduce((sum, { count }) => sum + count, 0);
  const oldestOf = (rows: readonly Outstanding[]) => Math.max(0, ...rows.map((row) => row.oldestSeconds));
  const byState = (name: string, help: string, figure: (rows: readonly Outstanding[]) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['state'],
      registers,
      async collect() {
        this.reset();
        const rows = await read();
        if (rows === null) return;
        for (const state of KEPT) this.set({ state }, figure(rows.filter((row) => row.state === state)));
      },
    });
  byState('croupier_callbacks_outstanding', 'callbacks that are not through, by state', sumOf);
  byState('croupier_callback_oldest_seconds', 'age of the oldest that is not through, by state', oldestOf);
  new Gauge({
    name: 'croupier_operator_circuit',
    help: 'operators in trouble, as this node sees them: 1 at their state. open = left alone for a while',
    labelNames: ['agent', 'state'],
    registers,
    async collect() {
      this.reset();
      for (const { agent, state } of inTrouble(sources.lines(), (await read()) ?? []))
        for (const each of CIRCUITS) this.set({ agent, state: each }, each === state ? 1 : 0);
    },
  });
}

/** Operators that are left alone or have something outstanding, the worst first; bounded. */
export function inTrouble(
  lines: readonly OperatorHealth[],
  outstanding: readonly Outstanding[],
): { agent: string; state: OperatorHealth['state'] }[] {
  const counts = new Map<string, number>();
  for (const { agentId, count } of outstanding)
    counts.set(String(agentId), (counts.get(String(agentId)) ?? 0) + count);
  const states = new Map(lines.map(({ key, state }) => [key, state]));
  const unwell = lines.filter(({ state }) => state !== 'closed').map(({ key }) => key);
  const rank = (agent: string) => CIRCUITS.indexOf(states.get(agent) ?? 'closed');
  return [...new Set([...unwell, ...counts.keys()])]
    .sort((a, b) => rank(b) - rank(a) || (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
    .slice(0, AGENTS_MAX)
    .map((agent) => ({ agent, state: states.get(agent) ?? 'closed' }));
}

/** One read for all who ask at about the same time; null when it failed or took too long. */
function readTogether<T>(read: () => Promise<T>): () => Promise<T | null> {
  let last: { readonly at: number; readonly rows: Promise<T | null> } | null = null;
  return () => {
    const at = performance.now();
    if (last === null || at - last.at > FRESH_MS) {
      const late = new Promise<null>((resolve) => setTimeout(resolve, READ_MS_MAX, null).unref());
      last = { at, rows: Promise.race([read().catch(() => null), late]) };
    }
    return last.rows;
  };
}
