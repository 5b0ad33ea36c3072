/** The studio's parts put together: store, hub line, cashier, parlour, server. Started and stopped as one. */
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type CashierOptions, cashier } from './cashier.ts';
import { gameById } from './catalogue/games.ts';
import { studioServer } from './http.ts';
import { type HubClient, hubClient } from './hub-client.ts';
import { type Parlour, parlour } from './parlour.ts';
import type { Rng } from './rng.ts';
import type { Round } from './round.ts';
import { consequenceOf } from './rules.ts';
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
  /** Lets what runs finish, at most some seconds, and closes everything. */
  stop(): Promise<void>;
};

const SWEEP_MS = 5_000;
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

/** Replays the journal, listens, and takes up unfinished rounds in the background. */
export async function openStudio(options: StudioOptions): Promise<Studio> {
  const { log, now } = options;
  const store = await openStore({ folder: options.dataDir, now, onFatal: options.onFatal });
  const hub = hubClient({
    ...options,
    ...(options.hubTimeoutMs === undefined ? {} : { timeoutMs: options.hubTimeoutMs }),
  });
  const till = cashier({
    hub,
    store,
    log,
    now,
    game: gameById,
    consequence: consequenceIn(store, now),
    ...(options.betPatienceMs === undefined ? {} : { betPatienceMs: options.betPatienceMs }),
    ...(options.retryMs === undefined ? {} : { retryMs: options.retryMs }),
  });
  const house = parlour({
    hub,
    store,
    cashier: till,
    rng: options.rng,
    now,
    log,
    payWaitMs: PAY_WAIT_MS,
    freeIdleMs: FREE_IDLE_MS,
  });
  const app = studioServer(house);
  const url = await listen(app, options);

  let stopping = false;
  const complain = (error: unknown): void => {
    if (!stopping) log.error({ error }, 'finishing rounds failed');
  };
  const recovered = house.recover().catch(complain);
  const sweeper = setInterval(() => void house.sweep().catch(complain), SWEEP_MS);

  const stop = async (): Promise<void> => {
    stopping = true;
    clearInterval(sweeper);
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
    recovered,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
