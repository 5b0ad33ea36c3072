/** What the site is started with. Everything comes from the environment and is checked once, here. */
export interface Config {
  /** Base of the XT API, without a slash at its end. */
  readonly xtBase: string;
  readonly apiKey: string;
  readonly host: string;
  readonly port: number;
  /** Folder of the two journals and of the cookie key. */
  readonly dataDir: string;
  /** When set, /admin asks for it (user name "admin"); when not, /admin answers this machine only. */
  readonly adminPassword: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws with a readable sentence when something needed is missing or malformed. */
export function configOf(env: Environment): Config {
  const hub = needed(env, 'HUB_URL');
  if (!/^https?:$/.test(URL.parse(hub)?.protocol ?? ''))
    throw new Error('HUB_URL must be an http(s) address');
  const port = Number(env.PORT ?? '0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT must be 0 … 65535');
  return {
    xtBase: `${hub.replace(/\/+$/, '')}/api`,
    apiKey: needed(env, 'API_KEY'),
    host: env.HOST ?? '127.0.0.1',
    port,
    dataDir: needed(env, 'OPERATOR_DATA_DIR'),
    adminPassword: env.ADMIN_PASSWORD || null,
  };
}

function needed(env: Environment, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}
