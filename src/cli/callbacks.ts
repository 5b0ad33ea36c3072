/** Commands about callbacks: what operators have not been told yet, what was given up, and how operators are. */
import { type ActParts, actOnCallbacks } from '../callbacks/act.ts';
import type { CallbackAct, CallbackActOutcome } from '../core/callback-types.ts';
import { type AgentId, type PlayerId, type TransferId, trusted } from '../core/ids.ts';
import { toDecimal } from '../core/money.ts';
import { type AgentRecord, findAgentById, findAgentByName } from '../db/agent.ts';
import { HEALTH_MINUTES, operatorReports } from '../db/callback-health.ts';
import {
  type AttemptSeen,
  attemptsAt,
  CALLBACK_FILTERS,
  type CallbackFilter,
  type CallbackSeen,
  findCallback,
  listCallbacks,
} from '../db/callback-view.ts';
import type { Query } from '../db/connect.ts';
import { findPlayer, findPlayerById, findPlayersByName } from '../db/player.ts';
import type { Office } from '../office.ts';
import { CLASS_WORDS } from '../xt/callback-words.ts';
import { actor, CliError, type Json, print, requireText, table, withOffice } from './context.ts';

const LIMIT_MAX = 10_000;
const ATTEMPTS_MAX = 10_000;
/** Put back at a time: one group of the ledger writer. */
const RESEND_PAGE = 100;

interface ListOptions extends Json {
  readonly agent?: string;
  readonly player?: string;
  readonly state: string;
  readonly olderThan?: string;
  readonly limit: string;
}

/** Kept callbacks, oldest first. */
export async function list(options: ListOptions): Promise<void> {
  const { state } = options;
  if (!isFilter(state)) throw new CliError(`--state must be one of ${CALLBACK_FILTERS.join(', ')}`, 2);
  const limit = wholeNumber('--limit', options.limit, { min: 1, max: LIMIT_MAX });
  const olderThanMs =
    options.olderThan === undefined
      ? 0
      : wholeNumber('--older-than', options.olderThan, { min: 0, max: 5_256_000 }) * 60_000;
  const callbacks = await withOffice(async ({ sql }) => {
    const agentId = options.agent === undefined ? null : (await agentCalled(sql, options.agent)).id;
    const playerId =
      options.player === undefined ? null : await playerCalled(sql, { name: options.player, agentId });
    return listCallbacks(sql, { state, order: 'asc', limit, agentId, playerId, olderThanMs });
  });
  print(options, callbacks.map(describe), (rows) => table(rows.map(asLine)));
}

const isFilter = (text: string): text is CallbackFilter => CALLBACK_FILTERS.some((each) => each === text);

interface OneOptions extends Json {
  readonly agent?: string;
}

/** The facts of one callback and every attempt at it. */
export async function show(id: string, options: OneOptions): Promise<void> {
  const shown = await withOffice(async ({ sql }) => {
    const callback = await callbackNamed(sql, { id, agent: options.agent });
    return { ...describe(callback), attempts: await attemptsAt(sql, callback.id, ATTEMPTS_MAX) };
  });
  const told = shown.attempts.map((attempt) => ({ ...attempt, meaning: CLASS_WORDS[attempt.class].en }));
  print(options, { ...shown, attempts: told }, asPage);
}

interface ActOptions extends Json {
  readonly reason?: string;
  readonly agent?: string;
  readonly allListed?: boolean;
}

/** Sends one again now, or all of an agent that were given up. */
export async function resend(id: string | undefined, options: ActOptions): Promise<void> {
  const reason = options.reason ?? '';
  if (options.allListed) {
    if (id !== undefined || options.agent === undefined)
      throw new CliError('--all-listed goes with --agent and without an id', 2);
    const { agent } = options;
    const counts = await withOffice((office) => resendAllListed(office, { agent, reason }));
    return print(options, counts, ({ resent }) => `${resent} put back into their lines`);
  }
  if (id === undefined) throw new CliError('an id is needed, or --agent with --all-listed', 2);
  await actOnOne(id, options, { act: 'resend', reason });
}

/** Takes one off as settled by hand. */
export async function resolve(id: string, options: ActOptions): Promise<void> {
  await actOnOne(id, options, { act: 'resolve', reason: requireText(options.reason, '--reason') });
}

const REFUSALS: Readonly<Record<Extract<CallbackActOutcome, { ok: false }>['code'], string>> = {
  unknown_callback: 'has ended: nothing of it is outstanding',
  bet_in_flight: 'is a bet the operator is being asked about just now: try again',
  already_resolved: 'was resolved by hand before',
};

async function actOnOne(
  id: string,
  options: ActOptions,
  { act, reason }: Pick<CallbackAct, 'act' | 'reason'>,
): Promise<void> {
  const callback = await withOffice(async (office) => {
    const { sql } = office;
    const found = await callbackNamed(sql, { id, agent: options.agent });
    const detail = { agent: found.agent, player: found.username };
    const [outcome] = await actOnCallbacks(office, [found], { act, by: actor(), reason, detail });
    if (outcome?.ok !== true)
      throw new CliError(`callback ${id} ${REFUSALS[outcome?.code ?? 'unknown_callback']}`);
    return (await findCallback(sql, found.id, found.agentId)) ?? found;
  });
  print(options, describe(callback), (row) => table([asLine(row)]));
}

async function resendAllListed(
  { sql, writer }: ActParts & Pick<Office, 'sql'>,
  { agent, reason }: { agent: string; reason: string },
): Promise<{ resent: number; refused: number }> {
  const { id: agentId, username } = await agentCalled(sql, agent);
  const act = { act: 'resend', by: actor(), reason, detail: { agent: username, all: true } } as const;
  let [resent, refused, beyondId] = [0, 0, 0];
  // By ids, so that what fails meanwhile and is listed again is not sent in circles.
  for (;;) {
    const query = { state: 'listed', order: 'asc', limit: RESEND_PAGE, agentId, beyondId } as const;
    const page = await listCallbacks(sql, query);
    const last = page.at(-1);
    if (last === undefined) return { resent, refused };
    const outcomes = await actOnCallbacks({ sql, writer }, page, act);
    resent += outcomes.filter(({ ok }) => ok).length;
    refused += outcomes.filter(({ ok }) => !ok).length;
    beyondId = last.id;
  }
}

/** How operators are: what is outstanding, and how they answered in the last minutes. */
export async function health(options: OneOptions): Promise<void> {
  const operators = await withOffice(async ({ sql }) =>
    operatorReports(sql, options.agent === undefined ? null : [(await agentCalled(sql, options.agent)).id]),
  );
  const rows = operators.map(({ oldestSeconds, ...operator }) => ({
    ...operator,
    oldestSeconds: oldestSeconds === null ? null : Math.round(oldestSeconds),
    failureRate: operator.attempts === 0 ? null : operator.failed / operator.attempts,
  }));
  print(options, rows, (all) =>
    table(
      all.map(({ agent, asking, due, listed, oldestSeconds, lastSuccessAt, ...rest }) => ({
        ...{ agent, asking, due, listed, oldest: age(oldestSeconds), 'last success': lastSuccessAt },
        ...{ [`calls ${HEALTH_MINUTES} min`]: rest.attempts, failed: percent(rest.failureRate) },
        ...{ refused: rest.refused, 'p50 ms': rest.p50Ms, 'p95 ms': rest.p95Ms },
      })),
    ),
  );
}

// ---- what is named --------------------------------------------------------------------------------------------

async function agentCalled(sql: Query, name: string): Promise<AgentRecord> {
  const byName = await findAgentByName(sql, name);
  const agent = byName ?? (isId(name) ? await findAgentById(sql, trusted<AgentId>(name)) : null);
  if (agent === null) throw new CliError(`no such agent: ${name}`);
  return agent;
}

async function playerCalled(
  sql: Query,
  { name, agentId }: { name: string; agentId: AgentId | null },
): Promise<PlayerId> {
  const named =
    agentId === null ? await findPlayersByName(sql, name) : [await findPlayer(sql, agentId, name)];
  if (named.length > 1) throw new CliError(`${named.length} agents have a user of that name: add --agent`, 2);
  const byId = isId(name) ? await findPlayerById(sql, trusted<PlayerId>(name)) : null;
  const player = named[0] ?? (agentId === null || byId?.agentId === agentId ? byId : null);
  if (player === null) throw new CliError(`no such user: ${name}`);
  return player.id;
}

async function callbackNamed(
  sql: Query,
  { id, agent }: { id: string; agent: string | undefined },
): Promise<CallbackSeen> {
  if (!isId(id)) throw new CliError(`a callback is named by its transaction's id, not "${id}"`, 2);
  const agentId = agent === undefined ? null : (await agentCalled(sql, agent)).id;
  const callback = await findCallback(sql, trusted<TransferId>(id), agentId);
  if (callback === null) throw new CliError(`no such callback: ${id}`);
  return callback;
}

const isId = (text: string) => /^\d{1,15}$/.test(text);

function wholeNumber(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new CliError(`${name} must be a whole number from ${min} to ${max}`, 2);
  return value;
}

// ---- what is shown --------------------------------------------------------------------------------------------

function describe(callback: CallbackSeen) {
  const { walletId: _walletId, amount, after, currency, ...facts } = callback;
  const decimal = (minor: bigint) => Number(toDecimal(minor, currency));
  return { ...facts, currency, amount: decimal(amount), after: after === null ? null : decimal(after) };
}
type Described = ReturnType<typeof describe>;

function asLine({
  id,
  agent,
  username,
  type,
  amount,
  currency,
  state,
  attempts,
  at,
  last,
  ...rest
}: Described) {
  return {
    ...{ id, agent, player: username, type, amount: `${amount} ${currency}`, state, 'in vain': attempts, at },
    next: rest.nextAt,
    'last answer': last === null ? null : `${last.class}${last.status === null ? '' : ` (${last.status})`}`,
    reason: rest.resolution?.reason ?? null,
  };
}

type Page = Omit<Described, 'attempts'> & {
  readonly attempts: readonly (AttemptSeen & { readonly meaning: string })[];
};

function asPage({ attempts, game, resolution, last: _last, ...facts }: Page): string {
  const shown = {
    ...facts,
    game: game === null ? null : `${game.vendor} ${game.id} (${game.title}), round ${game.round}`,
    resolution: resolution === null ? null : `by ${resolution.by}: ${resolution.reason}`,
  };
  const width = Math.max(...Object.keys(shown).map((name) => name.length));
  const lines = Object.entries(shown).map(
    ([name, value]) => `${name.padEnd(width)}  ${visible(String(value ?? '-'))}`,
  );
  const tries = attempts.map(
    ({ n, at, class: found, status, elapsedMs, meaning, request, answer }) =>
      `#${n} ${at}  ${found}${status === null ? '' : ` ${status}`}  ${elapsedMs} ms\n   ${meaning}\n   sent:     ${visible(request)}\n   answered: ${visible(answer) || '-'}`,
  );
  return [...lines, '', ...(tries.length === 0 ? ['no attempts, or none of the last days'] : tries)].join(
    '\n',
  );
}

/** What came from outside must not steer the terminal. */
const visible = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, '\u00b7');

function age(seconds: number | null): string | null {
  if (seconds === null) return null;
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

const percent = (rate: number | null) => (rate === null ? null : `${(rate * 100).toFixed(1)} %`);
