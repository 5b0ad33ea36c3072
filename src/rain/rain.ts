/**
 * The rain book's engine room: its parts and their loops, wired. Any number of nodes run it; what one does for all is
 * kept to one by a lease, and bears being done twice. Without K-Rain there are no odds, so nothing can be bet; without
 * a weather source results are for persons alone.
 */
import { randomUUID } from 'node:crypto';
import type { Registry } from 'prom-client';
import type { Sql } from '../db/connect.ts';
import { holdLease, releaseLease } from '../db/lease.ts';
import { databaseNow } from '../db/rain-due.ts';
import type { BookDirectory } from '../engine/book-directory.ts';
import type { LedgerWriter } from '../engine/ledger-writer.ts';
import { startPulse } from '../engine/pulse.ts';
import { watchRain } from '../http/rain-metrics.ts';
import { type HttpMarket, type MarketLimits, openMarket } from './market.ts';
import { openPlacing, type Placing, type PlacingOptions } from './place.ts';
import { openQuotes, type QuoteOptions } from './quotes.ts';
import { alarmOf, openBetReconciler, type Unclear } from './reconcile-bets.ts';
import { keepSessions } from './schedule.ts';
import { openSettlement, type Settlement } from './settle.ts';
import { openWeatherSource } from './weather.ts';
import { readWeather } from './weather-loop.ts';

export interface RainSettings {
  /** K-Rain; null: none. */
  readonly krain: {
    readonly url: string;
    readonly key: string;
    readonly limits?: Partial<MarketLimits>;
  } | null;
  /** Open-Meteo's address, or one that speaks like it; null: none. */
  readonly weatherUrl: string | null;
  /** False: no loops on this node, only the parts. */
  readonly works?: boolean;
}

export interface RainOptions extends RainSettings {
  readonly sql: Sql;
  readonly writer: Pick<LedgerWriter, 'submit' | 'submitAll'>;
  readonly directory: Pick<BookDirectory, 'bookAccounts'>;
  readonly registry: Registry;
  readonly onError: (loop: string, error: unknown) => void;
  /** Told once of what keeps sessions or results away, and again when it comes back. */
  readonly onTrouble: (loop: string, text: string) => void;
  /** Told of a bet whenever this node has changed it. */
  readonly onBet?: PlacingOptions['onBet'];
  readonly atStep?: PlacingOptions['atStep'];
}

export interface Rain {
  /** Null without K-Rain. */
  readonly market: HttpMarket | null;
  readonly placing: Placing;
  readonly settlement: Settlement;
  /** Ends the loops, then the calls to the outside. Again: waits for the same end. */
  close(): Promise<void>;
}

const QUOTES_EVERY_MS = 2000;
const SETTLE_EVERY_MS = 1000;
const PENDING_EVERY_MS = 1000;
const AFTER_ERROR_MS = 2000;
/** After a crash another begins so late at most; a node at work holds on to it more often. */
const LEASE_MS = 4000;
const HOLD_EVERY_MS = 1000;

export function openRain(options: RainOptions): Rain {
  const { sql, registry, works = true, onError } = options;
  const metrics = watchRain(registry, { sql, market: () => market });
  const { krain } = options;
  const market = krain === null ? null : openMarket({ ...krain, ...krain.limits, onCall: metrics.onCall });
  const source = options.weatherUrl === null ? null : openWeatherSource({ url: options.weatherUrl });
  const placing = openPlacing({
    ...told(options),
    market,
    onFault: (error) => onError('placing', error),
    ...(options.atStep === undefined ? {} : { atStep: options.atStep }),
  });
  const leases = openLeases(sql);
  const settlement = openSettlement({
    ...options,
    onChunk({ positions }) {
      metrics.onSettled(positions);
      leases.hold('settlement').catch(() => {});
    },
  });
  const { isAsking } = placing;
  const onUnclear = (unclear: Unclear) => {
    metrics.onUnclear(unclear);
    const alarm = alarmOf(unclear);
    if (alarm !== null) onError('pending bets', new Error(alarm));
  };
  const pending = openBetReconciler({ ...told(options), market, isAsking, onUnclear });
  const work: Work = {
    sessions: heeding(options, 'sessions', async () => keepSessions(sql, await databaseNow(sql))),
    'pending bets': alone(leases, {
      name: 'pending bets',
      restMs: PENDING_EVERY_MS,
      run: async () => metrics.onPending(await pending.run()),
    }),
    settlement: alone(leases, { name: 'settlement', restMs: SETTLE_EVERY_MS, run: settlement.run }),
    ...(market === null ? {} : { quotes: quoting(leases, { sql, market }) }),
    ...(source === null ? {} : { weather: heeding(options, 'weather', () => readWeather({ sql, source })) }),
  };
  const pulses = (works ? Object.entries(work) : []).map(([name, run]) =>
    startPulse({ name, run, restAfterErrorMs: AFTER_ERROR_MS, onError }),
  );
  const end = async () => {
    settlement.stop();
    await placing.close();
    await Promise.all(pulses.map((pulse) => pulse.close()));
    await leases.release().catch(() => {});
    await market?.close();
    await source?.close();
  };
  let ended: Promise<void> | null = null;
  return { market, placing, settlement, close: () => (ended ??= end()) };
}

/** A loop's step: how long it may rest then. */
type Work = Readonly<Record<string, () => Promise<number>>>;

const told = ({ sql, writer, onBet }: RainOptions) => ({
  sql,
  writer,
  ...(onBet === undefined ? {} : { onBet }),
});

interface Heeded {
  readonly troubles: readonly string[];
  readonly restMs: number;
}

function heeding(
  { onTrouble }: Pick<RainOptions, 'onTrouble'>,
  loop: string,
  run: () => Promise<Heeded>,
): () => Promise<number> {
  let known: readonly string[] = [];
  return async () => {
    const { troubles, restMs } = await run();
    for (const text of troubles) if (!known.includes(text)) onTrouble(loop, text);
    known = troubles;
    return restMs;
  };
}

function quoting(leases: Leases, parts: QuoteOptions): () => Promise<number> {
  return alone(leases, { name: 'quotes', restMs: QUOTES_EVERY_MS, run: openQuotes(parts).run });
}

interface Leases {
  /** True when this node does the work; asked of the database when it may have ended meanwhile. */
  hold(name: string): Promise<boolean>;
  release(): Promise<void>;
}

function openLeases(sql: Sql): Leases {
  const holder = randomUUID();
  const heldAt = new Map<string, number>();
  return {
    async hold(name) {
      const now = performance.now();
      if (now - (heldAt.get(name) ?? Number.NEGATIVE_INFINITY) < HOLD_EVERY_MS) return true;
      const isHeld = await holdLease(sql, { name, holder, forMs: LEASE_MS });
      if (isHeld) heldAt.set(name, now);
      else heldAt.delete(name);
      return isHeld;
    },
    async release() {
      for (const name of heldAt.keys()) await releaseLease(sql, { name, holder });
    },
  };
}

interface Turn {
  readonly name: string;
  readonly restMs: number;
  readonly run: () => Promise<unknown>;
}

/** Rests a little longer or shorter, so that nodes and sessions don't march in step. */
function alone(leases: Leases, { name, restMs, run }: Turn): () => Promise<number> {
  return async () => {
    if (await leases.hold(name)) await run();
    return restMs * (0.9 + Math.random() * 0.2);
  };
}
