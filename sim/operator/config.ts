/**
 * What the program is started with: one site, or two in one process. Everything comes from the environment and is
 * checked once, here.
 */
export interface Config {
  /** Base of the XT API, without a slash at its end. */
  readonly xtBase: string;
  readonly apiKey: string;
  readonly host: string;
  readonly port: number;
  /** Folder of the books and of the cookie key. */
  readonly dataDir: string;
  /** When set, /admin asks for it (user name "admin"); when not, /admin answers this machine only. */
  readonly adminPassword: string | null;
  readonly wallet: WalletConfig;
}

/** Where a member's money is while it plays: in the hub's transfer wallet, or here, and the hub calls for it. */
export type WalletConfig =
  | { readonly kind: 'transfer' }
  | {
      readonly kind: 'seamless';
      /** What the hub signs its callbacks with. */
      readonly secret: string;
    };

type Environment = Readonly<Record<string, string | undefined>>;

const SECOND = 'SECOND_';

/**
 * The site of the environment, and a second one when there is SECOND_API_KEY: what is set for it by names with
 * SECOND_ before them differs. Throws with a readable sentence when something is missing or malformed.
 */
export function configsOf(env: Environment): readonly Config[] {
  if (!env[`${SECOND}API_KEY`]) return [configOf(env)];
  const own = Object.entries(env).filter(([name]) => name.startsWith(SECOND));
  const second = {
    ...env,
    ...Object.fromEntries(own.map(([name, value]) => [name.slice(SECOND.length), value])),
  };
  return [configOf(env), configOf(second)];
}

function configOf(env: Environment): Config {
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
    wallet: walletOf(env),
  };
}

function walletOf(env: Environment): WalletConfig {
  const kind = env.WALLET ?? 'transfer';
  if (kind === 'seamless') return { kind, secret: needed(env, 'CALLBACK_SECRET') };
  if (kind === 'transfer') return { kind };
  throw new Error('WALLET must be transfer or seamless');
}

function needed(env: Environment, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}
