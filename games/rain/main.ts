/**
 * Sells the rain book to players of the hub: a studio towards the hub, an operator towards the book. A program of its
 * own that knows both by their APIs alone.
 * Environment: what every studio is told (HUB_URL, STUDIO_KEY, STUDIO_SECRET, STUDIO_DATA_DIR, HOST, PORT, PUBLIC_URL),
 * BOOK_CERT_CODE; BOOK_URL (the hub's), BOOK_VENDOR_TYPE (CPS_USD), BOOK_BET_LIMIT (100-5000-50000), STAKE_MAX (minor
 * units, 0 = all there is), IDLE_MS (600000), FEED_MS (5000), VENDOR (kbook).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { type Config, readConfig } from './config.ts';
import { openSeller, type Seller } from './seller.ts';
import { publishedRain } from './seller-game.ts';

const PUBLISH_RETRY_MS_MAX = 5_000;

/** Publishes the game until the hub has it; false when the seller is stopping. */
async function publish(seller: Seller, config: Config, signal: AbortSignal): Promise<boolean> {
  const game = publishedRain(config.publicUrl ?? seller.url, config.vendor);
  for (let n = 0; !signal.aborted; n += 1) {
    const failure = await seller.hub.publish([game]);
    if (failure === null) return true;
    if (n % 10 === 5) console.error(`rain seller: the game could not be published yet: ${failure}`);
    await sleep(Math.min(100 * 2 ** n, PUBLISH_RETRY_MS_MAX));
  }
  return false;
}

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, name: 'rain-seller' });
  const seller = await openSeller({
    ...config,
    rules: { idleMs: config.idleMs },
    pace: { feedMs: config.feedMs },
    log,
    now: () => Date.now(),
    onFatal: (error) => {
      log.fatal({ err: error }, 'the journal cannot be written');
      process.exit(1);
    },
  });
  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await seller.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  process.on('disconnect', () => void stop());
  if (!(await publish(seller, config, stopping.signal))) return;
  process.send?.({ type: 'ready', url: config.publicUrl ?? seller.url });
  console.log(`rain seller: ${config.vendorType} at ${seller.url}`);
}

try {
  await start(readConfig(process.env));
} catch (error) {
  console.error(`rain seller: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
