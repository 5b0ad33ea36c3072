/** Commands about agents. Amounts on the command line are in the currency's unit. */
import { type Currency, toDecimal } from '../core/money.ts';
import type { AgentRecord } from '../db/agent.ts';
import { balanceOf, listAgents, listApiKeys, revokeApiKey, setAgent } from '../db/agent.ts';
import { record } from '../db/audit.ts';
import { type LimitTarget, limitsOfAgent, setLimit } from '../db/limit.ts';
import { findPlayer } from '../db/player.ts';
import { isAddressEntry } from '../http/addresses.ts';
import { agentNamed, createAgentWithKey, movePot, type Office } from '../office.ts';
import {
  changeTls,
  checkCallbackUrl,
  checkUserAgent,
  cutoffMsOf,
  readTlsFiles,
  type TlsOptions,
  warnOfCallbackUrl,
} from './agent-callback.ts';
import {
  actor,
  amountOf,
  CliError,
  type Json,
  onOff,
  print,
  requireText,
  table,
  withOffice,
} from './context.ts';

interface CreateOptions extends Json {
  readonly username: string;
  readonly nickname?: string;
  readonly parent?: string;
  readonly currency?: string;
  readonly pot?: string;
  readonly wallet: string;
  readonly callbackUrl?: string;
}

export async function create(options: CreateOptions): Promise<void> {
  const { username, nickname, parent, currency, wallet, callbackUrl } = options;
  if (wallet !== 'transfer' && wallet !== 'seamless')
    throw new CliError('--wallet must be transfer or seamless', 2);
  if (wallet === 'seamless' && callbackUrl === undefined)
    throw new CliError('a seamless wallet needs --callback-url', 2);
  if (callbackUrl !== undefined) checkCallbackUrl(callbackUrl);
  const made = await withOffice(async (office) => {
    if (callbackUrl !== undefined) warnOfCallbackUrl(callbackUrl);
    const given = {
      ...(nickname === undefined ? {} : { nickname }),
      ...(parent === undefined ? {} : { parent }),
      ...(currency === undefined ? {} : { currency }),
    };
    if (options.pot !== undefined) amountOf('--pot', options.pot, await currencyFor(office, options));
    const agent = await createAgentWithKey(office, {
      username,
      wallet,
      actor: actor(),
      callbackUrl: callbackUrl ?? null,
      ...given,
    });
    if (options.pot !== undefined) await givePot(office, agent.username, options.pot);
    return agent;
  });
  print(options, made, ({ id, apiKey, callbackSecret }) => {
    const secret = callbackSecret === undefined ? '' : `\ncallback secret, shown once: ${callbackSecret}`;
    return `agent ${username} (id ${id})\nAPI key, shown once: ${apiKey}${secret}`;
  });
}

async function currencyFor(office: Office, options: CreateOptions): Promise<Currency> {
  const upline = options.parent === undefined ? undefined : await agentNamed(office, options.parent);
  return (options.currency ?? upline?.currency ?? 'KRW') as Currency;
}

async function givePot(office: Office, username: string, text: string): Promise<void> {
  const { currency } = await agentNamed(office, username);
  await movePot(office, {
    username,
    direction: 'give',
    amount: amountOf('--pot', text, currency),
    actor: actor(),
  });
}

interface SetOptions extends Json, TlsOptions {
  readonly username: string;
  readonly pacing?: string;
  readonly feedIntervalMs?: string;
  readonly maxBet?: string;
  readonly maxWin?: string;
  readonly allowedIps?: string;
  readonly browserOrigins?: string;
  readonly callbackUrl?: string;
  readonly userAgent?: string;
  readonly slotBooster?: string;
  readonly callbackCutoffHours?: string;
  readonly suspended?: string;
}

export async function set(options: SetOptions): Promise<void> {
  const settings = settingsOf(options);
  const tlsFiles = await readTlsFiles(options);
  const shown = await withOffice(async (office) => {
    const agent = await agentNamed(office, options.username);
    const tls = changeTls(office, agent, tlsFiles);
    if (typeof settings.callbackUrl === 'string') warnOfCallbackUrl(settings.callbackUrl);
    await setAgent(office.sql, agent.id, clean({ ...settings, callbackTls: tls?.sealed }));
    await applyLimit(office, { agentId: agent.id }, { options, currency: agent.currency });
    const { json: _json, username: _username, ...changed } = options;
    await record(office.sql, {
      actor: actor(),
      action: 'agent.set',
      subject: agent.username,
      detail: tls === undefined ? changed : { ...changed, callbackTls: tls.shown },
    });
    return describe(await agentNamed(office, options.username), await balanceOf(office.sql, agent.potId));
  });
  print(options, shown, (agent) => table([agent]));
}

/** The settings that stand for themselves, read from their texts. */
function settingsOf(options: SetOptions) {
  const allowedIps = options.allowedIps === undefined ? undefined : listOf(options.allowedIps);
  const bad = allowedIps?.find((entry) => !isAddressEntry(entry));
  if (bad !== undefined) throw new CliError(`--allowed-ips: not an address or network: ${bad}`, 2);
  const { feedIntervalMs } = options;
  const callbackUrl = options.callbackUrl === 'none' ? null : options.callbackUrl;
  if (typeof callbackUrl === 'string') checkCallbackUrl(callbackUrl);
  return {
    pacing: onOff(options.pacing, '--pacing'),
    blocked: onOff(options.suspended, '--suspended'),
    feedIntervalMs:
      feedIntervalMs === undefined ? undefined : wholeNumber(feedIntervalMs, '--feed-interval-ms'),
    allowedIps,
    browserOrigins: options.browserOrigins === undefined ? undefined : listOf(options.browserOrigins),
    callbackUrl,
    userAgent: checkUserAgent(options.userAgent),
    slotBooster: onOff(options.slotBooster, '--slot-booster'),
    callbackCutoffMs: cutoffMsOf(options.callbackCutoffHours),
  };
}

/** Drops what was not given: an absent setting stays as it is. */
function clean<T extends Record<string, unknown>>(
  settings: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

const listOf = (text: string) =>
  text === 'none' || text === ''
    ? []
    : text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CliError(`${name} must be a whole number`, 2);
  return Number(text);
}

type Amounts = { readonly maxBet?: string; readonly maxWin?: string };

async function applyLimit(
  office: Office,
  target: LimitTarget,
  { options, currency }: { options: Amounts; currency: Currency },
): Promise<void> {
  const read = (name: string, text: string | undefined) =>
    text === undefined ? undefined : text === 'none' ? null : amountOf(name, text, currency);
  const [maxBet, maxWin] = [read('--max-bet', options.maxBet), read('--max-win', options.maxWin)];
  if (maxBet === undefined && maxWin === undefined) return;
  await setLimit(office.sql, target, clean({ maxBet, maxWin }));
}

interface PotOptions extends Json {
  readonly username: string;
  readonly give?: string;
  readonly take?: string;
}

export async function pot(options: PotOptions): Promise<void> {
  if ((options.give === undefined) === (options.take === undefined))
    throw new CliError('give or take: exactly one of --give and --take', 2);
  const direction = options.give === undefined ? 'take' : 'give';
  const moved = await withOffice(async (office) => {
    const { username, currency } = await agentNamed(office, options.username);
    const amount = amountOf(`--${direction}`, requireText(options[direction], `--${direction}`), currency);
    const result = await movePot(office, { username, direction, amount, actor: actor() });
    return {
      username,
      transactionId: result.transactionId,
      balance: Number(toDecimal(result.balance, currency)),
      currency,
    };
  });
  print(options, moved, ({ username, balance, currency }) => `POT of ${username}: ${balance} ${currency}`);
}

export async function list(options: Json): Promise<void> {
  const agents = await withOffice(async (office) => {
    const all = await listAgents(office.sql);
    return Promise.all(
      all.map(async (agent) => ({
        ...describe(agent, await balanceOf(office.sql, agent.potId)),
        level: agent.path.length,
      })),
    );
  });
  print(options, agents, (rows) =>
    table(
      rows.map(({ level, username, ...row }) => ({
        username: `${'  '.repeat(level - 1)}${username}`,
        ...row,
      })),
    ),
  );
}

function describe(agent: AgentRecord, balance: bigint) {
  const {
    id,
    username,
    currency,
    wallet,
    pacing,
    feedIntervalMs,
    allowedIps,
    browserOrigins,
    callbackUrl,
    userAgent,
    slotBooster,
    callbackCutoffMs,
    callbackTls,
    blocked: suspended,
  } = agent;
  return {
    id,
    username,
    currency,
    wallet,
    pot: Number(toDecimal(balance, currency)),
    pacing,
    feedIntervalMs,
    allowedIps,
    browserOrigins,
    callbackUrl,
    userAgent,
    slotBooster,
    callbackCutoffHours: callbackCutoffMs / 3_600_000,
    callbackTls: callbackTls !== null,
    suspended,
  };
}

interface KeysOptions extends Json {
  readonly username: string;
  readonly add?: string;
  readonly revoke?: string;
}

export async function keys(options: KeysOptions): Promise<void> {
  const result = await withOffice(async (office) => {
    const agent = await agentNamed(office, options.username);
    if (options.revoke !== undefined) {
      const revoked = await revokeApiKey(office.sql, agent.id, wholeNumber(options.revoke, '--revoke'));
      if (!revoked) throw new CliError(`no live key ${options.revoke} of ${agent.username}`);
      await record(office.sql, {
        actor: actor(),
        action: 'agent.key.revoke',
        subject: agent.username,
        detail: { key: options.revoke },
      });
    }
    const apiKey = options.add === undefined ? null : await office.addKey(agent.id, options.add);
    if (apiKey !== null)
      await record(office.sql, {
        actor: actor(),
        action: 'agent.key.add',
        subject: agent.username,
        detail: { label: options.add ?? '' },
      });
    return { apiKey, keys: await listApiKeys(office.sql, agent.id) };
  });
  print(
    options,
    result,
    ({ apiKey, keys }) => `${apiKey === null ? '' : `API key, shown once: ${apiKey}\n`}${table(keys)}`,
  );
}

interface LimitOptions extends Json, Amounts {
  readonly username: string;
  readonly vendor?: string;
  readonly game?: string;
  readonly player?: string;
}

export async function limit(options: LimitOptions): Promise<void> {
  if (options.game !== undefined && options.vendor === undefined)
    throw new CliError('--game needs its --vendor', 2);
  const rows = await withOffice(async (office) => {
    const agent = await agentNamed(office, options.username);
    const target = await targetOf(office, agent, options);
    await applyLimit(office, target, { options, currency: agent.currency });
    const { json: _json, username: _username, ...changed } = options;
    if (options.maxBet !== undefined || options.maxWin !== undefined)
      await record(office.sql, {
        actor: actor(),
        action: 'agent.limit',
        subject: agent.username,
        detail: changed,
      });
    const decimal = (amount: bigint | null) =>
      amount === null ? null : Number(toDecimal(amount, agent.currency));
    return (await limitsOfAgent(office.sql, agent.id)).map((row) => ({
      ...row,
      maxBet: decimal(row.maxBet),
      maxWin: decimal(row.maxWin),
    }));
  });
  print(options, rows, table);
}

async function targetOf(office: Office, agent: AgentRecord, options: LimitOptions): Promise<LimitTarget> {
  const { vendors, byVendor } = await office.directory.catalogue();
  const vendor = options.vendor === undefined ? null : vendors.find((each) => each.name === options.vendor);
  if (vendor === undefined) throw new CliError(`no such vendor: ${options.vendor}`);
  const game =
    options.game === undefined
      ? null
      : byVendor.get(vendor?.name ?? '')?.find((each) => each.publicId === options.game);
  if (game === undefined) throw new CliError(`no such game: ${options.game}`);
  const player = options.player === undefined ? null : await findPlayer(office.sql, agent.id, options.player);
  if (options.player !== undefined && player === null)
    throw new CliError(`no such user of ${agent.username}: ${options.player}`);
  // A game's limit is kept by the game alone: its vendor follows from it.
  return {
    agentId: agent.id,
    vendorId: game === null ? (vendor?.id ?? null) : null,
    gameId: game?.id ?? null,
    playerId: player?.id ?? null,
  };
}
