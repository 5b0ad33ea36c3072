/**
 * A stand-in for K-Rain, the market the rain book lays bets off to: a pool of makers whose odds drift, over HTTP.
 * Environment: PORT (0 = any), HOST (127.0.0.1), KRAIN_KEY (none = everybody may ask), KRAIN_DATA_DIR (none = books in
 * memory), SEED, TICK_MS (5000), DEPTH (minor units a maker offers a side, about), OFFSET_MINUTES (330: by which
 * markets close by their names) or CLOSES=told, FAULTS (JSON as for PUT /admin/faults).
 */
import { configOf } from './config.ts';
import { type Krain, startKrain } from './krain.ts';

async function start(): Promise<Krain> {
  try {
    return await startKrain(configOf(process.env));
  } catch (error) {
    console.error(`K-Rain: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

const krain = await start();
const { url, seed } = krain;
console.log(JSON.stringify({ type: 'ready', url, seed }));
process.send?.({ type: 'ready', url, seed });

let isClosing = false;
function drain(): void {
  if (isClosing) return;
  isClosing = true;
  krain.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
process.once('SIGTERM', drain);
process.once('SIGINT', drain);
process.once('disconnect', drain);
