/** The studio's parts put together: store, hub line, cashier, parlour, server. Started and stopped as one. */
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type Cashier, type CashierOptions, cashier } from './cashier.ts';
import { gameById } from './catalogue/games.ts';
import { studioServer } from './http.ts';
import { type HubClient, hubClient } from './hub-client.ts';
import { type Parlour, parlour } from './parlour.ts';
import { type Reconciled, reconcile } from './reconcile.ts';
import type { Rng } from './rng.ts';
import type { Round } from './round.ts';
import { consequenceOf } from './rules.ts';
import { statusOf } from './status.ts';
import { openStore, type Store } from './store.ts';

export type StudioOptions = {
  hubUrl: string;
  key: string;
  secret: string;
  host: string;
  port: number;
  dataDir: string;
  rng: Rng;
  log: Logger;
  now: () => number;
  /** The journal can't be written: nothing may be played any more. */
  onFatal: (error: unknown) => void;
  hubTimeoutMs?: number;
  betPatienceMs?: number;
  retryMs?: CashierOptions['retryMs'];
};

export type Studio = {
  /** Address it listens on. */
  url: string;
  hub: HubClient;
  house: Parlour;
  store: Store;
  /** Resolves when what the last run left unfinished is finished. */
  recovered: Promise<void>;
  /** Compares with the hub's report of open rounds now; also done at the start and every minute. */
  reconcile(): Promise<void>;
  /** Lets what runs finish, at most some seconds, and closes everything. */
  stop(): Promise<void>;
};

/** Offers end by the second: a lost round is settled within 15 s in any case. */
const SWEEP_MS = 1_000;
const RECONCILE_MS = 60_000;
const PAY_WAIT_MS = 4_000;
const FREE_IDLE_MS = 15 * 60_000;
const DRAIN_MS_MAX = 8_000;

function consequenceIn(store: Store, now: () => number) {
  return (round: Round) => {
    const game = gameById(round.game);
    if (game?.kind !== 'slot') throw new Error(`round ${round.id} is of no slot`);
    return consequenceOf(round, { game, limits: store.session(round.sessionKey)!.limits, now: now() });
  };
}

async function listen(app: FastifyInstance, options: StudioOptions): Promise<string> {
  await app.listen({ host: options.host, port: options.port });
  const { port } = app.server.address() as AddressInfo;
  return `http://${options.host}:${port}`;
}

/** Work done now and then; a turn that comes while the last one runs is left out. */
function everyMs(ms: number, work: () => Promise<void>): { run: () => Promise<void>; stop: () => void } {
  let running: Promise<void> | null = null;
  const run = (): Promise<void> => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
  const timer = setInterval(() => void run(), ms);
  return { run, stop: () => clearInterval(timer) };
}

function tillOf(options: StudioOptions, by: { hub: HubClient; store: Store }): Cashier {
  const { log, now, betPatienceMs, retryMs } = options;
  return cashier({
    ...by,
    log,
    now,
    game: gameById,
    consequence: consequenceIn(by.store, now),
    ...(betPatienceMs === undefined ? {} : { betPatienceMs }),
    ...(retryMs === undefined ? {} : { retryMs }),
  });
}

/** What the studio does by itself: takes up what was left, ends what players leave, compares with the hub. */
function housekeeping(
  options: StudioOptions,
  by: { hub: HubClient; store: Store; house: Parlour; note: (done: Reconciled) => void },
) {
  const { log, now } = options;
  let stopping = false;
  const complain = (error: unknown): void => {
    if (!stopping) log.error({ error }, 'finishing rounds failed');
  };
  const recovered = by.house.recover().catch(complain);
  const sweep = everyMs(SWEEP_MS, () => by.house.sweep().catch(complain));
  const compare = everyMs(RECONCILE_MS, async () => {
    const done = await reconcile({ ...by, log, now }).catch(complain);
    if (done) by.note(done);
  });
  void compare.run();
  return {
    recovered,
    reconcile: compare.run,
    stop(): void {
      stopping = true;
      sweep.stop();
      compare.stop();
    },
  };
}

/** Replays the journal, listens, and takes up unfinished rounds in the background. */
export async function openStudio(options: StudioOptions): Promise<Studio> {
  const { log, now, rng, hubTimeoutMs } = options;
  const store = await openStore({ folder: options.dataDir, now, onFatal: options.onFatal });
  const hub = hubClient({ ...options, ...(hubTimeoutMs === undefined ? {} : { timeoutMs: hubTimeoutMs }) });
  const till = tillOf(options, { hub, store });
  const waits = { payWaitMs: PAY_WAIT_MS, freeIdleMs: FREE_IDLE_MS };
  const house = parlour({ hub, store, cashier: till, rng, now, log, ...waits });
  let reconciled: Reconciled | null = null;
  const app = studioServer(house, () => statusOf(store, reconciled));
  const url = await listen(app, options);
  const keeper = housekeeping(options, {
    hub,
    store,
    house,
    note: (done) => {
      reconciled = done;
    },
  });

  const stop = async (): Promise<void> => {
    keeper.stop();
    const drained = app.close().then(() => house.idle());
    await Promise.race([drained, sleep(DRAIN_MS_MAX, undefined, { ref: false })]);
    await till.stop();
    await store.close();
    await hub.close();
  };
  let stopped: Promise<void> | null = null;

  return {
    url,
    hub,
    house,
    store,
    recovered: keeper.recovered,
    reconcile: keeper.reconcile,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
