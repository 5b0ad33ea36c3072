/** Settings from the environment, parsed once. Every one is listed here, in `--help` and in the README. */
import { parseNetwork } from './callbacks/guard.ts';

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Null: run the embedded database in dataDir. */
  readonly databaseUrl: string | null;
  readonly demo: boolean;
  readonly production: boolean;
  /** Base address the outside reaches this hub by; null = as it listens. */
  readonly publicUrl: string | null;
  readonly trustProxy: boolean;
  readonly lanes: number;
  readonly secretKey: string | null;
  readonly retentionDays: number;
  readonly logLevel: string;
  /** Networks that callbacks may reach though they are not public. */
  readonly callbackNetworks: readonly string[];
  /** The rain book's outside market; null = none: then nothing can be bet. */
  readonly krain: { readonly url: string; readonly key: string } | null;
  /** Null = results are for persons alone. */
  readonly weatherUrl: string | null;
}

interface Setting {
  readonly name: string;
  readonly standard: string;
  readonly about: string;
}

export const SETTINGS: readonly Setting[] = [
  { name: 'PORT', standard: '8080', about: 'port of the hub; 0 = any free one, printed' },
  { name: 'HOST', standard: '127.0.0.1', about: 'address to listen on' },
  { name: 'DATA_DIR', standard: './data', about: 'folder of the embedded database and of local secrets' },
  {
    name: 'DATABASE_URL',
    standard: '',
    about: 'an outside PostgreSQL (15 or later) instead of the embedded one',
  },
  {
    name: 'DEMO',
    standard: 'on',
    about:
      'demo data, built-in studio and stand-in operator: on | off; off by default with DATABASE_URL or in production',
  },
  {
    name: 'SECRET_KEY',
    standard: '',
    about:
      'seals stored secrets and signs tokens, 32 characters or more; made and kept in DATA_DIR when absent',
  },
  { name: 'PUBLIC_URL', standard: '', about: 'address by which players and operators reach the hub' },
  { name: 'TRUST_PROXY', standard: 'off', about: "take the caller's address from X-Forwarded-For: on | off" },
  { name: 'LEDGER_LANES', standard: '1', about: 'database connections that write the ledger, 1 to 8' },
  {
    name: 'RETENTION_DAYS',
    standard: '1826',
    about: 'how long transfers stay attached before their day is put to archive',
  },
  {
    name: 'CALLBACK_NETWORKS',
    standard: '',
    about:
      'addresses and networks, by comma, that callbacks may reach though they are not public (10.1.0.0/16,fd00::5)',
  },
  {
    name: 'KRAIN_URL',
    standard: '',
    about: 'K-Rain, to which the rain book lays off (docs/krain.md); none = no bets',
  },
  { name: 'KRAIN_KEY', standard: '', about: 'the key K-Rain knows the book by' },
  {
    name: 'WEATHER_URL',
    standard: '',
    about:
      'hours of rain, as Open-Meteo gives them (https://api.open-meteo.com); none = results by persons alone',
  },
  { name: 'LOG_LEVEL', standard: 'warn', about: 'trace | debug | info | warn | error | fatal | silent' },
  {
    name: 'NODE_ENV',
    standard: 'development',
    about: 'production refuses to start without DATABASE_URL and SECRET_KEY',
  },
];

export class ConfigError extends Error {}

/** Reads the settings. Throws a ConfigError that names what is wrong and what to set. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const read = (name: string) =>
    env[name]?.trim() || (SETTINGS.find((each) => each.name === name)?.standard ?? '');
  const production = read('NODE_ENV') === 'production';
  const databaseUrl = read('DATABASE_URL') || null;
  const secretKey = read('SECRET_KEY') || null;
  if (production && databaseUrl === null)
    throw new ConfigError('NODE_ENV=production needs DATABASE_URL: the embedded database is for development');
  if (production && secretKey === null)
    throw new ConfigError('NODE_ENV=production needs SECRET_KEY (32 characters or more)');
  if (secretKey !== null && secretKey.length < 32)
    throw new ConfigError('SECRET_KEY must have 32 characters or more');
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl))
    throw new ConfigError('DATABASE_URL must start with postgres://');
  const demoStandard = databaseUrl === null && !production ? 'on' : 'off';
  return {
    port: whole('PORT', read('PORT'), { min: 0, max: 65_535 }),
    host: read('HOST'),
    dataDir: read('DATA_DIR'),
    databaseUrl,
    demo: onOff('DEMO', env.DEMO?.trim() || demoStandard),
    production,
    publicUrl: read('PUBLIC_URL').replace(/\/+$/, '') || null,
    trustProxy: onOff('TRUST_PROXY', read('TRUST_PROXY')),
    lanes: whole('LEDGER_LANES', read('LEDGER_LANES'), { min: 1, max: 8 }),
    secretKey,
    retentionDays: whole('RETENTION_DAYS', read('RETENTION_DAYS'), { min: 14, max: 36_500 }),
    logLevel: read('LOG_LEVEL'),
    callbackNetworks: networks('CALLBACK_NETWORKS', read('CALLBACK_NETWORKS')),
    krain: krainOf(read('KRAIN_URL'), read('KRAIN_KEY')),
    weatherUrl: read('WEATHER_URL') === '' ? null : httpUrl('WEATHER_URL', read('WEATHER_URL')),
  };
}

/** The table of settings as `--help` prints it. */
export function settingsHelp(): string {
  const lines = SETTINGS.map(
    ({ name, standard, about }) =>
      `  ${name.padEnd(16)} ${about}${standard === '' ? '' : ` (default ${standard})`}`,
  );
  return `Settings, by environment:\n${lines.join('\n')}\n`;
}

function whole(name: string, text: string, range: { min: number; max: number }): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < range.min || value > range.max)
    throw new ConfigError(`${name} must be a whole number from ${range.min} to ${range.max}, not "${text}"`);
  return value;
}

function krainOf(url: string, key: string): Config['krain'] {
  if (url === '' && key === '') return null;
  if (url === '' || key === '') throw new ConfigError('KRAIN_URL and KRAIN_KEY go together');
  return { url: httpUrl('KRAIN_URL', url), key };
}

/** Without the slash at its end. What is in it may be a secret, so it is not told. */
function httpUrl(name: string, text: string): string {
  if (!/^https?:\/\/[^/]/.test(text) || !URL.canParse(text))
    throw new ConfigError(`${name} must be an http or https address`);
  return text.replace(/\/+$/, '');
}

function networks(name: string, text: string): string[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const bad = entries.find((entry) => parseNetwork(entry) === null);
  if (bad !== undefined) throw new ConfigError(`${name}: not an address or network: "${bad}"`);
  return entries;
}

function onOff(name: string, text: string): boolean {
  const value = { on: true, off: false, '1': true, '0': false, true: true, false: false }[text.toLowerCase()];
  if (value === undefined) throw new ConfigError(`${name} must be on or off, not "${text}"`);
  return value;
}
