/** What the studio is told by its environment. Wrong or missing values stop it with one clear line. */
export type Config = {
  hubUrl: string;
  key: string;
  secret: string;
  host: string;
  port: number;
  /** Where players' browsers reach the studio; null until it listens on a port of its own choice. */
  publicUrl: string | null;
  dataDir: string;
  logLevel: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`the studio needs ${name}`);
  return value;
}

function httpUrl(text: string, name: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`${name} must be an http address: ${text}`);
  return text.replace(/\/+$/, '');
}

/** Reads the environment. Throws an Error with a message for the operator. */
export function readConfig(env: Environment): Config {
  const port = Number(env.PORT || '0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is not a port: ${env.PORT}`);
  return {
    hubUrl: httpUrl(required(env, 'HUB_URL'), 'HUB_URL'),
    key: required(env, 'STUDIO_KEY'),
    secret: required(env, 'STUDIO_SECRET'),
    host: env.HOST || '127.0.0.1',
    port,
    publicUrl: env.PUBLIC_URL ? httpUrl(env.PUBLIC_URL, 'PUBLIC_URL') : null,
    dataDir: required(env, 'STUDIO_DATA_DIR'),
    logLevel: env.LOG_LEVEL || 'warn',
  };
}
