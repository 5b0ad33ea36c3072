/**
 * Certifies an operator's seamless wallet: runs the checks one after another on one of its players, through the client
 * the hub uses. Needs no database and no running hub.
 *
 * After each check the player's balance is what it was before the run, or the report says so. A run that is stopped
 * ends its check and puts the balance back.
 */
import { randomBytes } from 'node:crypto';
import type { Currency } from '../../core/money.ts';
import { decimalsOf } from '../../core/money.ts';
import { type OperatorClientOptions, type OperatorTarget, openOperatorClient } from '../client.ts';
import { createGuard } from '../guard.ts';
import type { Check, Finding } from './check.ts';
import { CHECKS, needOf } from './checks.ts';
import { curlsOf } from './curl.ts';
import type { CheckReport, Report } from './report.ts';
import { restore } from './restore.ts';
import { Stand, shownAnswer } from './stand.ts';
import { runSteps } from './steps.ts';
import { latencyOf } from './times.ts';

export interface CertifyOptions {
  /** Checked before: parseCallbackUrl. */
  readonly callbackUrl: string;
  readonly username: string;
  readonly currency: Currency;
  readonly userAgent: string;
  /** What the hub signs with; null = unsigned, and what is about signatures is skipped. */
  readonly secret: string | null;
  readonly tls: OperatorTarget['tls'];
  readonly slotBooster: boolean;
  /** Ids of checks; absent = all. */
  readonly only?: readonly string[];
  /** Of an earlier run, whose packets are sent again: to an operator that has not seen them. Absent = a new one. */
  readonly seed?: string;
  /** Which addresses may be reached, and other bounds of the client. */
  readonly client: OperatorClientOptions;
  /** Of which checks the report carries the commands that do them again; absent = of the failed ones. */
  readonly curls?: 'all' | 'failed';
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly done: number;
  readonly all: number;
  /** The check that begins now; null at the end. */
  readonly title: string | null;
}

/** Balances that can't be read, one check after another, until the rest is not tried any more. */
const UNREADABLE_MAX = 3;

interface Run {
  readonly stand: Stand;
  readonly options: CertifyOptions;
  /** The balance the account had before the run; null: it could not be read. */
  readonly home: bigint | null;
  /** What all checks together need the account to hold. */
  readonly needed: bigint;
  /** As it was read last; null: it could not be. */
  balance: bigint | null;
  unreadable: number;
  readonly problems: Set<string>;
}

export async function runCertification(options: CertifyOptions): Promise<Report> {
  const client = openOperatorClient(options.client);
  try {
    const stand = standOf(options, client);
    stand.begin('home');
    const { balance: home, exchange } = await stand.look();
    const wanted = CHECKS.filter(({ id }) => options.only === undefined || options.only.includes(id));
    const needed = wanted.map(needOf).reduce((most, each) => (each > most ? each : most), 0n);
    const run: Run = { stand, options, home, needed, balance: home, unreadable: 0, problems: new Set() };
    if (home === null)
      run.problems.add(`the balance of ${options.username} can't be read: ${shownAnswer(exchange)}`);
    const checks: CheckReport[] = [];
    for (const check of wanted) {
      options.onProgress?.({ done: checks.length, all: wanted.length, title: check.title });
      checks.push(await runCheck(run, check));
    }
    options.onProgress?.({ done: checks.length, all: wanted.length, title: null });
    return reportOf(run, checks);
  } finally {
    await client.close();
  }
}

function standOf(options: CertifyOptions, client: ReturnType<typeof openOperatorClient>): Stand {
  const { callbackUrl, userAgent, secret, tls, username, currency, slotBooster } = options;
  const secrets = secret === null ? [] : [secret];
  return new Stand({
    client,
    guard: createGuard(options.client),
    target: { key: 'certify', callbackUrl, userAgent, secrets, tls },
    currency,
    settings: { username, decimals: decimalsOf(currency), slotBooster, signed: secret !== null },
    seed: options.seed ?? randomBytes(4).toString('hex'),
  });
}

async function runCheck(run: Run, check: Check): Promise<CheckReport> {
  const { stand } = run;
  stand.begin(check.id);
  const reason = await reasonToSkip(run, check);
  if (reason !== null) return written(check, { result: 'skipped', why: reason });
  stand.expected = run.balance ?? 0n;
  const finding = await runSteps(stand, check);
  const isTold = finding !== null || run.options.curls === 'all';
  const curl = isTold ? curlsOf(stand, stand.exchanges) : [];
  if (run.home !== null) run.balance = await restore(stand, run.home);
  return finding === null
    ? written(check, { result: 'passed', why: null, curl })
    : written(check, { result: 'failed', why: check.costs, finding, curl });
}

/** Why a check does not run; null: it does. What should have run is a problem of the run. */
async function reasonToSkip(run: Run, check: Check): Promise<string | null> {
  const { stand, options, problems } = run;
  if (options.signal?.aborted) {
    problems.add('the run was stopped');
    return 'the run was stopped';
  }
  const skip = check.skip?.(stand.settings) ?? null;
  if (skip !== null || check.always) return skip;
  if (run.balance === null && run.home !== null && run.unreadable < UNREADABLE_MAX)
    run.balance = (await stand.look()).balance;
  if (run.balance === null) {
    run.unreadable += 1;
    if (run.home !== null) problems.add(`the balance of ${options.username} can't be read any more`);
    return 'the balance can’t be read';
  }
  run.unreadable = 0;
  const need = needOf(check);
  if (run.balance >= need) return null;
  problems.add(
    `${options.username} has too little money: ${stand.shown(run.needed)} are needed, there are ${stand.shown(run.balance)}`,
  );
  return `it needs ${stand.shown(need)}`;
}

interface Outcome {
  readonly result: CheckReport['result'];
  readonly why: string | null;
  readonly finding?: Finding;
  readonly curl?: readonly string[];
}

function written({ id, title, severity }: Check, { result, why, finding, curl = [] }: Outcome): CheckReport {
  const { expected = null, got = null } = finding ?? {};
  return { id, title, severity, result, why, expected, got, curl };
}

function reportOf({ stand, home, balance, problems }: Run, checks: readonly CheckReport[]): Report {
  const shown = (amount: bigint | null) => (amount === null ? null : stand.shown(amount));
  if (home !== null && balance !== home)
    problems.add(
      `the balance was ${shown(home)} and is ${shown(balance) ?? 'not to be read'}: put it right by hand`,
    );
  const hasFailed = checks.some(({ severity, result }) => severity === 'must' && result === 'failed');
  return {
    ok: !hasFailed && problems.size === 0,
    seed: stand.seed,
    balance: { before: shown(home), after: shown(balance) },
    latency: latencyOf(stand.timesMs),
    problems: [...problems],
    checks,
  };
}
