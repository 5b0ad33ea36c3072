/**
 * The built-in studio: a program of its own that speaks only the studio API of the hub.
 * It starts by replaying its journal, serves players at once, publishes its catalogue, reports ready to its
 * parent, and stops when told to or when the parent is gone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { GAMES, publishedGame } from './catalogue/games.ts';
import { type Config, readConfig } from './config.ts';
import type { HubClient } from './hub-client.ts';
import { secureRng } from './rng.ts';
import { openStudio } from './studio.ts';

const PUBLISH_RETRY_MS_MAX = 5_000;

/** Publishes the catalogue until the hub has it; false when the studio is stopping. */
async function publish(
  hub: HubClient,
  base: string,
  by: { log: Logger; signal: AbortSignal },
): Promise<boolean> {
  const games = GAMES.map((game) => publishedGame(game, base));
  for (let n = 0; !by.signal.aborted; n += 1) {
    const failure = await hub.publish(games);
    if (failure === null) return true;
    if (n % 10 === 5) by.log.warn({ failure }, 'the catalogue could not be published yet');
    await sleep(Math.min(100 * 2 ** n, PUBLISH_RETRY_MS_MAX));
  }
  return false;
}

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, name: 'studio' });
  const studio = await openStudio({
    ...config,
    rng: secureRng(),
    log,
    now: () => Date.now(),
    onFatal: (error) => {
      log.fatal({ error }, 'the round journal cannot be written');
      process.exit(1);
    },
  });
  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await studio.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  process.on('disconnect', () => void stop());

  const url = config.publicUrl ?? studio.url;
  if (!(await publish(studio.hub, url, { log, signal: stopping.signal }))) return;
  process.send?.({ type: 'ready', url });
  console.log(`studio: ${GAMES.length} games at ${url}`);
}

try {
  await start(readConfig(process.env));
} catch (error) {
  console.error(`studio: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
