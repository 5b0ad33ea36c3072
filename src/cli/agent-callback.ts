/** What an agent's callbacks need: address, certificates and secrets, as the command line gives them. */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { createGuard } from '../callbacks/guard.ts';
import { fingerprintOf, readTls, type TlsParts, tlsRefusal, writeTls } from '../callbacks/tls.ts';
import { type CallbackUrlRefusal, parseCallbackUrl } from '../callbacks/url.ts';
import { readConfig } from '../config.ts';
import type { AgentRecord } from '../db/agent.ts';
import { listCallbackSecrets } from '../db/callback-secret.ts';
import { agentNamed, type Office, revokePreviousCallbackSecrets, rotateCallbackSecret } from '../office.ts';
import { actor, CliError, type Json, print, table, withOffice } from './context.ts';

const URL_TEXT: Readonly<Record<CallbackUrlRefusal, string>> = {
  not_http: 'must be an http or https address',
  has_credentials: 'must not carry a name or password: it is stored and shown',
  has_query: 'must not carry a query: the paths of the calls are appended to it',
  has_fragment: 'must not carry a fragment',
};

export function checkCallbackUrl(text: string): void {
  const url = parseCallbackUrl(text);
  if (!url.ok) throw new CliError(`--callback-url ${URL_TEXT[url.refusal]}: ${withoutCredentials(text)}`, 2);
}

/** Warns of an address that production would regret. */
export function warnOfCallbackUrl(text: string): void {
  const { production, callbackNetworks } = readConfig(process.env);
  const url = parseCallbackUrl(text);
  if (!production || !url.ok) return;
  const { protocol, hostname } = new URL(url.origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isLiteral = isIP(host) !== 0;
  const isPublic = createGuard(PUBLIC_ONLY).allows(host);
  const isAllowed = createGuard({ ...PUBLIC_ONLY, allowedNetworks: callbackNetworks }).allows(host);
  if (isLiteral && !isAllowed)
    warn(`callbacks to ${host} will be refused: it is in no network of CALLBACK_NETWORKS`);
  else if (protocol === 'http:' && (!isLiteral || isPublic))
    warn('the callback address is not https: anyone on the way can read it');
}

const PUBLIC_ONLY = { allowLoopback: false, allowedNetworks: [] };

const withoutCredentials = (text: string) => text.replace(/\/\/[^/]*@/, '//…@');

function warn(text: string): void {
  process.stderr.write(`warning: ${text}\n`);
}

/** What User-Agent may say: visible ASCII. */
export function checkUserAgent(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[!-~](?:[ -~]{0,198}[!-~])?$/.test(text))
    throw new CliError('--user-agent must be 1 to 200 visible ASCII characters', 2);
  return text;
}

const HOUR_MS = 3_600_000;
const CUTOFF_HOURS_MAX = 8760;

export function cutoffMsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (hours < 1 || hours > CUTOFF_HOURS_MAX)
    throw new CliError(`--callback-cutoff-hours must be a whole number from 1 to ${CUTOFF_HOURS_MAX}`, 2);
  return hours * HOUR_MS;
}

export interface TlsOptions {
  readonly callbackCert?: string;
  readonly callbackKey?: string;
  readonly callbackCa?: string;
}

/** The files of the options: undefined = not given, null = `none`. */
export async function readTlsFiles(options: TlsOptions): Promise<Partial<TlsParts>> {
  const parts: { -readonly [Part in keyof TlsParts]?: TlsParts[Part] } = {};
  if (options.callbackCert !== undefined) parts.cert = await pem('--callback-cert', options.callbackCert);
  if (options.callbackKey !== undefined) parts.key = await pem('--callback-key', options.callbackKey);
  if (options.callbackCa !== undefined) parts.ca = await pem('--callback-ca', options.callbackCa);
  return parts;
}

const PEM_BYTES_MAX = 262_144;

async function pem(name: string, path: string): Promise<string | null> {
  if (path === 'none') return null;
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) throw new CliError(`${name}: can't be read: ${path}`, 2);
  if (bytes.length > PEM_BYTES_MAX) throw new CliError(`${name}: too large for PEM: ${path}`, 2);
  return bytes.toString('utf8');
}

export interface TlsChange {
  /** As the agent keeps it. */
  readonly sealed: string | null;
  /** What may be told of it. */
  readonly shown: { readonly certificate: string | null; readonly ca: string | null };
}

/** The agent's TLS settings with the parts that were given put in. Undefined: none was given. */
export function changeTls(
  { vault }: Pick<Office, 'vault'>,
  agent: AgentRecord,
  given: Partial<TlsParts>,
): TlsChange | undefined {
  if (Object.keys(given).length === 0) return undefined;
  const none: TlsParts = { cert: null, key: null, ca: null };
  const now = agent.callbackTls === null ? none : readTls(vault.unseal(agent.callbackTls));
  const parts: TlsParts = { ...now, ...given };
  const refusal = tlsRefusal(parts, Date.now());
  if (refusal !== null) throw new CliError(`--callback-cert, --callback-key, --callback-ca: ${refusal}`, 2);
  const text = writeTls(parts);
  return {
    sealed: text === null ? null : vault.seal(text),
    shown: { certificate: fingerprintOf(parts.cert), ca: fingerprintOf(parts.ca) },
  };
}

interface SecretOptions extends Json {
  readonly username: string;
  readonly rotate?: boolean;
  readonly revokePrevious?: boolean;
}

/** Lists, rotates, revokes callback secrets. With both options the new one is the only one left. */
export async function secret(options: SecretOptions): Promise<void> {
  const result = await withOffice(async (office) => {
    const wish = { username: options.username, actor: actor() };
    const callbackSecret = options.rotate ? await rotateCallbackSecret(office, wish) : null;
    if (options.revokePrevious) await revokePreviousCallbackSecrets(office, wish);
    const { id, username } = await agentNamed(office, options.username);
    return { username, callbackSecret, secrets: await listCallbackSecrets(office.sql, id) };
  });
  print(options, result, ({ callbackSecret, secrets }) => {
    const fresh = callbackSecret === null ? '' : `callback secret, shown once: ${callbackSecret}\n`;
    const beside =
      options.rotate && !options.revokePrevious
        ? '\nThe secret before it signs too until the next rotation, or until --revoke-previous.'
        : '';
    return `${fresh}${table(secrets)}${beside}`;
  });
}
