/**
 * A weather source of its own, in the shape of Open-Meteo's forecast API.
 * Environment: HOST (127.0.0.1), PORT (0 = any), SEED (croupier).
 */
import { startWeather } from './server.ts';

const { HOST: host = '127.0.0.1', PORT = '0', SEED: seed = 'croupier' } = process.env;
const weather = await startWeather({ host, port: Number(PORT), seed });
console.log(`weather source: ${weather.url}`);
process.send?.({ type: 'ready', url: weather.url });

let isClosing = false;
function drain(): void {
  if (isClosing) return;
  isClosing = true;
  weather.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
process.once('SIGTERM', drain);
process.once('SIGINT', drain);
process.once('disconnect', drain);
