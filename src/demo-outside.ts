/**
 * The world outside the rain book, for the demo: stand-ins for K-Rain and for the weather source. The hub must know
 * their addresses when it opens, so they come up while its database does.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startProgram } from './demo-program.ts';
import { newSecret } from './engine/seal.ts';

export interface Outside {
  readonly krain: { readonly url: string; readonly key: string };
  readonly weatherUrl: string;
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/** For this machine alone, wherever the hub itself listens: both have switches anybody who reaches them may turn. */
export async function startOutside(dataDir: string): Promise<Outside> {
  const folder = join(resolve(dataDir), 'krain');
  await mkdir(folder, { recursive: true });
  const key = newSecret();
  const shared = { HOST: '127.0.0.1', PORT: '0' };
  const [krain, weather] = await Promise.all([
    startProgram('sim/krain/main.ts', { ...shared, KRAIN_KEY: key, KRAIN_DATA_DIR: folder }),
    startProgram('sim/weather/main.ts', shared),
  ]);
  const address = addressFile(dataDir);
  await writeFile(address, JSON.stringify({ url: krain.url, key }), { mode: 0o600 });
  return {
    krain: { url: krain.url, key },
    weatherUrl: weather.url,
    lines: [`K-Rain         ${krain.url}  (stand-in)`, `weather source ${weather.url}  (stand-in)`],
    async close() {
      await rm(address, { force: true });
      await Promise.all([krain.stop(), weather.stop()]);
    },
  };
}

const addressFile = (dataDir: string) => join(resolve(dataDir), 'krain', 'address.json');

/** K-Rain of the demo that runs on the folder, for the command line; null when none does. */
export async function findDemoKrain(dataDir: string): Promise<Outside['krain'] | null> {
  const text = await readFile(addressFile(dataDir), 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}
