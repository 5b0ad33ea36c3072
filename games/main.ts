/**
 * The built-in studio: a program of its own that speaks only the studio API of the hub. The only wiring.
 * It starts by replaying its journal, serves players at once, publishes its catalogue, reports ready to its
 * parent, and stops when told to or when the parent is gone.
 */
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { cashier } from './cashier.ts';
import { GAMES, gameById, publishedGame } from './catalogue/games.ts';
import { type Config, readConfig } from './config.ts';
import { studioServer } from './http.ts';
import { hubClient } from './hub-client.ts';
import { parlour } from './parlour.ts';
import { secureRng } from './rng.ts';
import { consequenceOf } from './rules.ts';
import { openStore } from './store.ts';

const SWEEP_MS = 5_000;
const DRAIN_MS_MAX = 8_000;

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, name: 'studio' });
  const now = (): number => Date.now();
  const store = await openStore({
    folder: config.dataDir,
    now,
    onFatal: (error) => {
      log.fatal({ error }, 'the round journal cannot be written');
      process.exit(1);
    },
  });
  const hub = hubClient(config);
  const till = cashier({
    hub,
    store,
    log,
    now,
    game: gameById,
    consequence: (round) => {
      const game = gameById(round.game);
      if (game?.kind !== 'slot') throw new Error(`round ${round.id} is of no slot`);
      return consequenceOf(round, { game, limits: store.session(round.sessionKey)!.limits, now: now() });
    },
  });
  const house = parlour({ hub, store, cashier: till, rng: secureRng(), now, log });
  const app = studioServer(house);
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;
  const url = config.publicUrl ?? `http://${config.host}:${port}`;

  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    const drained = app.close().then(() => house.idle());
    await Promise.race([drained, sleep(DRAIN_MS_MAX, undefined, { ref: false })]);
    await till.stop();
    await store.close();
    await hub.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  process.on('disconnect', () => void stop());

  const swept = (error: unknown): void => {
    if (!stopping.signal.aborted) log.error({ error }, 'ending idle rounds failed');
  };
  house.recover().catch(swept);
  const sweeper = setInterval(() => void house.sweep().catch(swept), SWEEP_MS);
  stopping.signal.addEventListener('abort', () => clearInterval(sweeper));

  const games = GAMES.map((game) => publishedGame(game, url));
  for (let n = 0; !stopping.signal.aborted; n += 1) {
    const failure = await hub.publish(games);
    if (failure === null) break;
    if (n % 10 === 5) log.warn({ failure }, 'the catalogue could not be published yet');
    await sleep(Math.min(100 * 2 ** n, 5_000));
  }
  if (stopping.signal.aborted) return;
  process.send?.({ type: 'ready', url });
  console.log(`studio: ${GAMES.length} games at ${url}`);
}

try {
  await start(readConfig(process.env));
} catch (error) {
  console.error(`studio: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
