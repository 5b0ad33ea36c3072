/** The seller's parts put together: store, lines to hub and book, keeper, desk, server. Started and stopped as one. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type HubClient, hubClient } from '../hub-client.ts';
import { type BetLimit, bookClient } from './book-client.ts';
import { openDesk } from './desk.ts';
import { sellerServer } from './http.ts';
import { type Keeper, keeper, type Pace } from './keeper.ts';
import { type Compared, type Status, statusOf, strangersOf } from './status.ts';
import type { Rules } from './stay.ts';
import type { House, Waits } from './steps.ts';
import { openStore, type Store } from './store.ts';
import { everyMs } from './turns.ts';

export type SellerOptions = {
  hubUrl: string;
  key: string;
  secret: string;
  bookUrl: string;
  certCode: string;
  vendorType: string;
  betLimit: BetLimit;
  /** Most that goes into the book at once, in minor units; null = all there is. */
  stakeMax: bigint | null;
  host: string;
  port: number;
  dataDir: string;
  log: Logger;
  now: () => number;
  /** The journal can't be written: nothing may be moved any more. */
  onFatal: (error: unknown) => void;
  rules?: Partial<Rules>;
  waits?: Partial<Waits>;
  pace?: Partial<Pace>;
  timeoutMs?: number;
};

export type Seller = {
  /** Address it listens on. */
  url: string;
  hub: HubClient;
  store: Store;
  keeper: Keeper;
  status(): Status;
  /** Compares with the hub's report of open rounds now; also done every minute. */
  compare(): Promise<void>;
  /** Lets what runs finish, at most some seconds, and closes everything. */
  stop(): Promise<void>;
};

const RULES: Rules = { idleMs: 10 * 60_000, lookMs: 60_000 };
const WAITS: Waits = { patienceMs: 20_000, doubtMs: 60_000 };
const PACE: Pace = { retryMs: { first: 200, most: 30_000 }, sweepMs: 1_000, feedMs: 5_000 };
const COMPARE_MS = 60_000;
/** Younger rounds are left alone: what is on its way may be in the report before it is in anybody's answer. */
const COMPARE_GRACE_MS = 30_000;
const DRAIN_MS_MAX = 8_000;

/** The currency is the vendor type's: CPS_USD is USD. */
export const currencyOf = (vendorType: string): string => vendorType.slice(vendorType.lastIndexOf('_') + 1);

async function openHouse(options: SellerOptions): Promise<House> {
  const { log, now, timeoutMs, stakeMax } = options;
  const bound = timeoutMs === undefined ? {} : { timeoutMs };
  const store = await openStore({ folder: options.dataDir, now, onFatal: options.onFatal });
  return {
    hub: hubClient({ ...options, ...bound }),
    book: bookClient({ ...options, ...bound }),
    store,
    log,
    now,
    newId: randomUUID,
    rules: { ...RULES, ...options.rules },
    waits: { ...WAITS, ...options.waits },
    stakeMax,
  };
}

/** Replays the journal, listens, and takes up what the last run left in the background. */
export async function openSeller(options: SellerOptions): Promise<Seller> {
  const house = await openHouse(options);
  const { hub, book, store, log, now } = house;
  const keeps = keeper(house, { ...PACE, ...options.pace });
  const desk = openDesk({ house, keeper: keeps, currency: currencyOf(options.vendorType) });
  let compared: Compared | null = null;
  const comparing = everyMs(COMPARE_MS, {
    async work() {
      const report = await hub.openRounds(now() - COMPARE_GRACE_MS);
      if (report === null) return;
      compared = { at: now(), reported: report.length, strangers: strangersOf(store, report) };
      if (compared.strangers.length > 0)
        log.error({ rounds: compared.strangers }, 'the hub holds rounds open that the journal does not know');
    },
    onError: (error) => log.error({ err: error }, 'rounds could not be compared'),
  });
  const status = () => statusOf({ store, keeper: keeps, compared });
  const app = sellerServer(desk, status);
  await app.listen({ host: options.host, port: options.port });
  const { port } = app.server.address() as AddressInfo;
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    const drained = Promise.all([app.close(), keeps.stop(), comparing.stop()]);
    await Promise.race([drained, sleep(DRAIN_MS_MAX, undefined, { ref: false })]);
    await Promise.all([store.close(), hub.close(), book.close()]);
  };
  return {
    url: `http://${options.host}:${port}`,
    hub,
    store,
    keeper: keeps,
    status,
    compare: comparing.run,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
