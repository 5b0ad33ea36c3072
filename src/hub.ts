/**
 * The hub on a database: the only wiring of its parts. main.ts adds the process around it, tests use it as it is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { officePage } from './backoffice/page.ts';
import { officeRoutes } from './backoffice/routes.ts';
import { type Outreach, type OutreachOptions, openOutreach } from './callbacks/outreach.ts';
import type { Bet } from './core/book/types.ts';
import { outstandingCallbacks } from './db/callback-health.ts';
import { connect, type Sql } from './db/connect.ts';
import { type BookDirectory, openBookDirectory } from './engine/book-directory.ts';
import { type Directory, openDirectory } from './engine/directory.ts';
import { type LedgerWriter, type LedgerWriterOptions, openLedgerWriter } from './engine/ledger-writer.ts';
import { startLoops } from './engine/loops.ts';
import { openVault, type Vault } from './engine/seal.ts';
import { developerRoutes } from './http/developer.ts';
import { watchOperators } from './http/operator-metrics.ts';
import { createMetrics, createServer, type Metrics } from './http/server.ts';
import { playerPage } from './kbook/player-page.ts';
import { playerRoutes } from './kbook/player-routes.ts';
import { vendorRoutes } from './kbook/vendor-routes.ts';
import { openRain, type Rain, type RainSettings } from './rain/rain.ts';
import { staffRoutes } from './staff/routes.ts';
import { studioRoutes } from './studio/routes.ts';
import { openRequestLog, type RequestLog } from './xt/request-log.ts';
import { xtRoutes } from './xt/routes.ts';

export interface HubOptions {
  /** A migrated database. */
  readonly databaseUrl: string;
  readonly secretKey: string;
  readonly lanes: number;
  readonly retentionDays: number;
  readonly trustProxy: boolean;
  /** Base address players reach this hub by; absent = as whoever asks has reached it. */
  readonly publicUrl?: string | null;
  /** Its demo runs beside it: people are told that nothing here is real. */
  readonly demo?: boolean;
  readonly logLevel: string;
  readonly outreach?: Pick<OutreachOptions, 'client'> & Partial<Pick<OutreachOptions, 'atStep'>>;
  /** K-Rain and the weather source. Absent: this hub does none of the rain book's background work. */
  readonly rain?: RainSettings;
  readonly writer?: Partial<Pick<LedgerWriterOptions, 'queueMax' | 'batchMax' | 'batchTimeoutMs' | 'atStep'>>;
}

export interface Hub {
  readonly server: FastifyInstance;
  readonly sql: Sql;
  readonly writer: LedgerWriter;
  readonly directory: Directory;
  /** The rain book's. */
  readonly book: BookDirectory;
  readonly rain: Rain;
  readonly vault: Vault;
  readonly log: Logger;
  /**
   * Stops taking calls, answers those in flight, then closes everything. With `noticeMs`, calls are still taken for so
   * long, while readiness says no and every answer asks its caller not to come back on that connection.
   */
  close(noticeMs?: number): Promise<void>;
}

const POOL_SIZE = 10;

export async function openHub(options: HubOptions): Promise<Hub> {
  const log = pino({ level: options.logLevel, name: 'croupier' }, pino.destination(2));
  const sql = connect(options.databaseUrl, { max: POOL_SIZE, name: 'hub' });
  const metrics = createMetrics();
  const vault = openVault(options.secretKey);
  const directory = await openDirectory(sql);
  const book = await openBookDirectory(sql);
  let outreach: Outreach | null = null;
  const writer = writerOf(options, { metrics, log, onDue: (callbacks) => outreach?.take(callbacks) });
  const onCall = watchOperators(metrics.registry, {
    outstanding: () => outstandingCallbacks(sql),
    lines: () => outreach?.health() ?? [],
    waiting: () => outreach?.play.waiting() ?? 0,
  });
  const { client = { allowLoopback: false, allowedNetworks: [] }, atStep } = options.outreach ?? {};
  const seam = atStep === undefined ? {} : { atStep };
  outreach = openOutreach({ sql, directory, writer, vault, log, client, onCall, ...seam });
  const { close: closeOutreach, sweep } = outreach;
  let draining = false;
  const server = await createServer(
    { sql, trustProxy: options.trustProxy, waitingCommands: writer.waiting, isDraining: () => draining },
    metrics,
  );
  const onLoopError = (loop: string, error: unknown) =>
    log.warn({ err: error, loop }, 'background work failed');
  const bets = listenersOf<Bet>();
  const rain = openRain({
    ...(options.rain ?? { krain: null, weatherUrl: null, works: false }),
    ...{ sql, writer, directory: book, registry: metrics.registry, onError: onLoopError, onBet: bets.tell },
    onTrouble: (loop, text) => log.warn({ loop }, text),
  });
  const onFailure = (error: unknown) => log.error({ err: error }, 'a request failed');
  const requests = openRequestLog({ sql, onError: (error) => onLoopError('request log', error) });
  const { publicUrl = null, demo = false } = options;
  const parts = { sql, directory, book, writer, vault, outreach, rain, onFailure, requests };
  await registerApis(server, { ...parts, publicUrl, demo, watchBets: bets.watch });
  const loops = startLoops({
    sql,
    directory,
    retentionDays: options.retentionDays,
    sweepCallbacks: sweep,
    onError: onLoopError,
  });
  return {
    server,
    sql,
    writer,
    directory,
    book,
    rain,
    vault,
    log,
    async close(noticeMs = 0) {
      draining = true;
      if (noticeMs > 0) await delay(noticeMs);
      await server.close();
      await requests.close();
      await rain.close();
      await loops.close();
      await closeOutreach();
      await writer.close();
      await directory.flushKeyUse().catch(() => {});
      await directory.close().catch(() => {});
      await book.close().catch(() => {});
      await sql.end();
    },
  };
}

/** Tells what happens to whoever has said, by then, that it wants to know. */
function listenersOf<What>() {
  let listener: (what: What) => void = () => {};
  return {
    tell: (what: What) => listener(what),
    watch(next: (what: What) => void): void {
      listener = next;
    },
  };
}

interface ApiParts extends Pick<Hub, 'sql' | 'directory' | 'book' | 'writer' | 'vault' | 'rain'> {
  readonly outreach: Outreach;
  readonly requests: RequestLog;
  readonly publicUrl: string | null;
  readonly demo: boolean;
  readonly watchBets: (listener: (bet: Bet) => void) => void;
  readonly onFailure: (error: unknown) => void;
}

async function registerApis(server: FastifyInstance, parts: ApiParts): Promise<void> {
  const { rain, book } = parts;
  await server.register(xtRoutes, { prefix: '/api', ...parts });
  await server.register(studioRoutes, { prefix: '/studio/v1', ...parts, now: Date.now });
  await server.register(vendorRoutes, { prefix: '/vendor/api', ...parts });
  await server.register(playerRoutes, {
    prefix: '/player/api',
    ...parts,
    placing: rain.placing,
    site: book.site,
  });
  await server.register(playerPage, { prefix: '/player' });
  await server.register(staffRoutes, { prefix: '/staff/v1', ...parts, ...rain });
  await server.register(officePage, { prefix: '/office' });
  await server.register(officeRoutes, { prefix: '/office/v1', ...parts });
  await server.register(developerRoutes);
}

type WriterParts = Pick<LedgerWriterOptions, 'onDue'> & { readonly metrics: Metrics; readonly log: Logger };

function writerOf(options: HubOptions, { metrics, log, ...parts }: WriterParts): LedgerWriter {
  return openLedgerWriter({
    ...options.writer,
    ...parts,
    url: options.databaseUrl,
    lanes: options.lanes,
    onBatch: (size, elapsedMs) => {
      metrics.batchSize.observe(size);
      metrics.batchSeconds.observe(elapsedMs / 1000);
    },
    onFault: (error, fate) => log.warn({ err: error, fate }, 'a ledger batch failed'),
  });
}
