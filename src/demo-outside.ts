/**
 * The world outside the rain book, for the demo: stand-ins for K-Rain and for the weather source. The hub must know
 * their addresses when it opens, so they come up while its database does.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startProgram } from './demo-program.ts';
import { newSecret } from './engine/seal.ts';

export interface Outside {
  readonly krain: { readonly url: string; readonly key: string };
  readonly weatherUrl: string;
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export async function startOutside(options: { host: string; dataDir: string }): Promise<Outside> {
  const folder = join(resolve(options.dataDir), 'krain');
  await mkdir(folder, { recursive: true });
  const key = newSecret();
  const shared = { HOST: options.host, PORT: '0' };
  const [krain, weather] = await Promise.all([
    startProgram('sim/krain/main.ts', { ...shared, KRAIN_KEY: key, KRAIN_DATA_DIR: folder }),
    startProgram('sim/weather/main.ts', shared),
  ]);
  return {
    krain: { url: krain.url, key },
    weatherUrl: weather.url,
    lines: [`K-Rain         ${krain.url}  (stand-in)`, `weather source ${weather.url}  (stand-in)`],
    async close() {
      await Promise.all([krain.stop(), weather.stop()]);
    },
  };
}
