/** What the program is started with. Everything comes from the environment and is checked once, here. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { faultSettingsOf } from './faults.ts';
import type { KrainOptions } from './krain.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws with a readable sentence when something is missing or malformed. */
export function configOf(env: Environment): KrainOptions {
  const dataDir = env.KRAIN_DATA_DIR || null;
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return {
    path: dataDir === null ? null : join(dataDir, 'krain.db'),
    host: env.HOST ?? '127.0.0.1',
    port: countOf(env, 'PORT') ?? 0,
    key: env.KRAIN_KEY || null,
    offsetMinutes: closingsOf(env),
    ...given('seed', countOf(env, 'SEED')),
    ...given('tickMs', countOf(env, 'TICK_MS')),
    ...given('depth', bigintOf(countOf(env, 'DEPTH'))),
    ...given('faults', faultsOf(env)),
  };
}

/** Minutes ahead of UTC by which markets close; `CLOSES=told`: they don't by themselves. */
function closingsOf(env: Environment): number | null {
  if (env.CLOSES === 'told') return null;
  const minutes = Number(env.OFFSET_MINUTES ?? '330');
  if (!Number.isInteger(minutes) || Math.abs(minutes) > 840)
    throw new Error('OFFSET_MINUTES must be -840 … 840');
  return minutes;
}

function faultsOf(env: Environment) {
  if (!env.FAULTS) return null;
  const settings = faultSettingsOf(JSON.parse(env.FAULTS));
  if (typeof settings === 'string') throw new Error(`FAULTS: ${settings}`);
  return settings;
}

function countOf(env: Environment, name: string): number | null {
  const text = env[name];
  if (!text) return null;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`${name} must be a whole number`);
  return Number(text);
}

const bigintOf = (count: number | null) => (count === null ? null : BigInt(count));

function given<Name extends string, Value>(name: Name, value: Value | null) {
  return value === null ? {} : ({ [name]: value } as Readonly<Record<Name, Value>>);
}
