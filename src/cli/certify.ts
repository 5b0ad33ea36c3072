/** `certify`: an operator's seamless wallet put to the test. Needs no database and no running hub. */
import { readFile } from 'node:fs/promises';
import { type CertifyOptions, type Progress, runCertification } from '../callbacks/certify/certify.ts';
import { CHECKS, checksTable } from '../callbacks/certify/checks.ts';
import { reportText } from '../callbacks/certify/report.ts';
import type { OperatorTarget } from '../callbacks/client.ts';
import { tlsRefusal } from '../callbacks/tls.ts';
import { ConfigError, readConfig } from '../config.ts';
import { isCurrency } from '../core/money.ts';
import { checkCallbackUrl, checkUserAgent } from './agent-callback.ts';
import { CliError, type Json, onOff, print, requireText, withProgress } from './context.ts';

interface Options extends Json {
  readonly callbackUrl?: string;
  readonly username: string;
  readonly secret?: string;
  readonly userAgent: string;
  readonly currency: string;
  readonly slotBooster: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly only?: string;
  readonly seed?: string;
  readonly list?: boolean;
}

/** Exit codes: 0 all that must pass has passed, 1 it has not, 2 wrong usage. */
export async function certify(options: Options): Promise<void> {
  if (options.list) return print(options, CHECKS.map(shownCheck), checksTable);
  const wish = await wishOf(options);
  const stop = new AbortController();
  const onStop = () => stop.abort();
  // Whoever stops a run gets the player's balance back, and the report so far.
  process.once('SIGINT', onStop).once('SIGTERM', onStop);
  try {
    const report = await withProgress(options, (onProgress) =>
      runCertification({
        ...wish,
        signal: stop.signal,
        onProgress: ({ done, all }: Progress) => onProgress(done, all),
      }),
    );
    print(options, report, reportText);
    if (!report.ok) process.exitCode = 1;
  } finally {
    process.off('SIGINT', onStop).off('SIGTERM', onStop);
  }
}

const shownCheck = ({ id, title, severity, proves, costs }: (typeof CHECKS)[number]) => ({
  id,
  title,
  severity,
  proves,
  costs,
});

async function wishOf(options: Options): Promise<CertifyOptions> {
  const callbackUrl = requireText(options.callbackUrl, '--callback-url');
  checkCallbackUrl(callbackUrl);
  checkUserAgent(options.userAgent);
  if (!isCurrency(options.currency)) throw new CliError(`unknown currency: ${options.currency}`, 2);
  if (options.seed !== undefined && !/^[\w-]{1,32}$/.test(options.seed))
    throw new CliError('--seed must be the seed of an earlier run', 2);
  const only = onlyOf(options.only);
  return {
    callbackUrl,
    username: requireText(options.username, '--username'),
    currency: options.currency,
    userAgent: options.userAgent,
    secret: secretOf(options),
    tls: await tlsOf(options),
    slotBooster: onOff(options.slotBooster, '--slot-booster') ?? false,
    ...(only === null ? {} : { only }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    client: reach(),
  };
}

/** From the environment when it should not stand in the list of processes. Null: unsigned. */
function secretOf({ secret = process.env.CALLBACK_SECRET }: Options): string | null {
  return secret === undefined ? null : requireText(secret, '--secret');
}

/** What the hub may reach: public addresses, the networks of its settings, and this machine unless in production. */
function reach(): CertifyOptions['client'] {
  const { NODE_ENV, CALLBACK_NETWORKS = '' } = process.env;
  try {
    // By itself: in production the rest of the settings wants a database.
    const { callbackNetworks: allowedNetworks } = readConfig({ CALLBACK_NETWORKS });
    return { allowLoopback: NODE_ENV?.trim() !== 'production', allowedNetworks };
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, 2);
    throw error;
  }
}

function onlyOf(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const unknown = ids.find((id) => !CHECKS.some((check) => check.id === id));
  if (unknown !== undefined) throw new CliError(`--only: no such check: ${unknown} (see --list)`, 2);
  if (ids.length === 0) throw new CliError('--only: names no check (see --list)', 2);
  return ids;
}

async function tlsOf(options: Options): Promise<OperatorTarget['tls']> {
  const [cert, key, ca] = await Promise.all([
    pem('--cert', options.cert),
    pem('--key', options.key),
    pem('--ca', options.ca),
  ]);
  const refusal = tlsRefusal({ cert, key, ca }, Date.now());
  if (refusal !== null) throw new CliError(`--cert, --key, --ca: ${refusal}`, 2);
  if (cert !== null && key !== null) return { cert, key, ca };
  return ca === null ? null : { cert: null, key: null, ca };
}

async function pem(name: string, path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  return readFile(path, 'utf8').catch(() => {
    throw new CliError(`${name}: can't be read: ${path}`, 2);
  });
}
