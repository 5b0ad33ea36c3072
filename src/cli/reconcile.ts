/**
 * `croupier reconcile`: an operator's export against the hub's rows. Exit codes as `diff` has them: 0 equal,
 * 1 different, 2 it could not be found out.
 */
import { realpath } from 'node:fs/promises';
import { type Currency, toDecimal } from '../core/money.ts';
import {
  DIFFERENCE_KINDS,
  type Finding,
  type FindingKind,
  noteText,
  OTHER_KINDS,
  surplusOf,
} from '../core/reconcile.ts';
import { type AgentRecord, findAgentByName } from '../db/agent.ts';
import type { Sql } from '../db/connect.ts';
import { type Compared, compareExport } from '../db/reconcile.ts';
import { CliError, type Json, print, table, withDatabase, withProgress } from './context.ts';
import type { ColumnWish } from './export-columns.ts';
import { type ExportFormat, FORMATS, readExport } from './export-file.ts';
import { openFindingsFile } from './findings-file.ts';

interface ReconcileOptions extends Json, ColumnWish {
  readonly agent: string;
  readonly file: string;
  readonly format?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
  readonly out?: string;
}

export async function reconcile(options: ReconcileOptions): Promise<void> {
  try {
    const wish = await check(options);
    const report = await withDatabase(async (sql, _config, url) => {
      const agent = await agentNamed(sql, options.agent);
      return withProgress(options, (onProgress) => run({ ...wish, agent, url, onProgress }));
    });
    print(options, report, asText);
    process.exitCode = report.equal ? 0 : 1;
  } catch (error) {
    // 1 is an answer of this command: whatever prevented one is 2.
    throw error instanceof CliError && error.exitCode === 2 ? error : new CliError(wordsOf(error), 2);
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (process.env.LOG_LEVEL === 'debug' && error.stack) || error.message;
}

// ---- what is wanted -----------------------------------------------------------------------------------------------

interface Wish {
  readonly file: string;
  readonly format: ExportFormat | null;
  readonly columns: ColumnWish;
  readonly from: string | null;
  readonly to: string | null;
  readonly limit: number;
  readonly out: string | null;
}

async function check(options: ReconcileOptions): Promise<Wish> {
  const { file, idColumn, amountColumn, out = null } = options;
  const format = FORMATS.find((each) => each === options.format) ?? null;
  if (options.format !== undefined && format === null)
    throw new CliError(`--format must be one of ${FORMATS.join(', ')}`, 2);
  if (!/^\d{1,5}$/.test(options.limit)) throw new CliError('--limit must be a whole number', 2);
  const [from, to] = [instantOf('--from', options.from), instantOf('--to', options.to)];
  if (from !== null && to !== null && Date.parse(from) >= Date.parse(to))
    throw new CliError('--from must be before --to', 2);
  if (out !== null && (await isSameFile(file, out)))
    throw new CliError('--out would overwrite the export', 2);
  const columns = {
    ...(idColumn === undefined ? {} : { idColumn }),
    ...(amountColumn === undefined ? {} : { amountColumn }),
  };
  return { file, format, columns, from, to, limit: Number(options.limit), out };
}

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** An ISO text, in UTC unless it says otherwise. */
function instantOf(name: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, day = '', time = '00:00', zone = 'Z'] = INSTANT.exec(text.trim()) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  const iso = `${day}T${time}${zone}`;
  // A 31st of February would come back as another day.
  const isReal = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  if (!isReal || Number.isNaN(Date.parse(iso)))
    throw new CliError(`${name} must be an instant such as 2026-01-31T09:00:00Z: ${text}`, 2);
  return iso;
}

async function isSameFile(file: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([file, other].map((path) => realpath(path).catch(() => null)));
  return one !== null && one === two;
}

async function agentNamed(sql: Sql, name: string): Promise<AgentRecord> {
  const agent = await findAgentByName(sql, name);
  if (agent === null) throw new CliError(`no such agent: ${name}`, 2);
  return agent;
}

// ---- the work -----------------------------------------------------------------------------------------------------

interface Job extends Wish {
  readonly agent: AgentRecord;
  readonly url: string;
  readonly onProgress: (done: number, all: number) => void;
}

/** Of the progress bar: reading takes most of the time, matching most of the rest. */
const SHARES = { read: 70, matched: 95, all: 100 };

async function run(job: Job): Promise<Report> {
  const { agent, url, from, to, limit, onProgress } = job;
  const { currency } = agent;
  const tallies = newTallies();
  const file = job.out === null ? null : await openFindingsFile(job.out, currency);
  const rows = readExport({
    ...job,
    currency,
    onProgress: (share) => onProgress(Math.floor(share * SHARES.read), SHARES.all),
  });
  try {
    const compared = await compareExport(url, {
      agent,
      rows,
      from,
      to,
      onStage: (stage) => onProgress(SHARES[stage], SHARES.all),
      async onFindings(page) {
        for (const finding of page) count(tallies[finding.kind], finding, limit);
        await file?.write(page.filter(({ kind }) => isDifference(kind)));
      },
    });
    if (compared.exported === 0 && (from === null || to === null))
      throw new CliError('the export has no rows: say by --from and --to which it should have', 2);
    await file?.finish();
    return reportOf({ agent, compared, tallies, out: job.out });
  } catch (error) {
    await file?.discard();
    throw error;
  }
}

const isDifference = (kind: FindingKind) => DIFFERENCE_KINDS.some((each) => each === kind);

interface Tally {
  count: number;
  /** By how much the export's sum is above the hub's. */
  surplus: bigint;
  readonly first: Finding[];
}
type Tallies = Readonly<Record<FindingKind, Tally>>;

function newTallies(): Tallies {
  const none = (): Tally => ({ count: 0, surplus: 0n, first: [] });
  const [missing_there, missing_here, different_amount] = [none(), none(), none()];
  return {
    missing_there,
    missing_here,
    different_amount,
    duplicate: none(),
    void_pair: none(),
    under_way: none(),
  };
}

function count(tally: Tally, finding: Finding, limit: number): void {
  tally.count++;
  tally.surplus += surplusOf(finding);
  if (tally.first.length < limit) tally.first.push(finding);
}

// ---- the report ---------------------------------------------------------------------------------------------------

interface Report extends Readonly<Record<FindingKind, Section>> {
  readonly equal: boolean;
  readonly agent: string;
  readonly wallet: string;
  readonly currency: Currency;
  readonly window: Compared['window'];
  readonly exported: number;
  readonly matched: number;
  readonly outside_window: number;
  /** By how much the export's sum is above the hub's, of all differences. */
  readonly surplus: string;
  readonly out: string | null;
}
interface Section {
  readonly count: number;
  readonly surplus: string;
  readonly rows: readonly ShownRow[];
}

interface Outcome {
  readonly agent: AgentRecord;
  readonly compared: Compared;
  readonly tallies: Tallies;
  readonly out: string | null;
}

function reportOf({ agent, compared, tallies, out }: Outcome): Report {
  const { username, wallet, currency } = agent;
  const { window, exported, matched, outside } = compared;
  const section = ({ count: rows, surplus, first }: Tally): Section => ({
    count: rows,
    surplus: toDecimal(surplus, currency),
    rows: first.map((finding) => shown(finding, currency)),
  });
  const differences = DIFFERENCE_KINDS.map((kind) => tallies[kind]);
  return {
    equal: differences.every((tally) => tally.count === 0),
    agent: username,
    wallet,
    currency,
    window,
    exported,
    matched,
    missing_there: section(tallies.missing_there),
    missing_here: section(tallies.missing_here),
    different_amount: section(tallies.different_amount),
    duplicate: section(tallies.duplicate),
    void_pair: section(tallies.void_pair),
    under_way: section(tallies.under_way),
    outside_window: outside,
    surplus: toDecimal(
      differences.reduce((sum, tally) => sum + tally.surplus, 0n),
      currency,
    ),
    out,
  };
}

type ShownRow = ReturnType<typeof shown>;

function shown(finding: Finding, currency: Currency) {
  const { id, line, time, type, username, round, here, there, cancelId, note } = finding;
  const money = (amount: bigint | null) => (amount === null ? null : toDecimal(amount, currency));
  return {
    id: idOf(id),
    line,
    time,
    type,
    username,
    round,
    here: money(here),
    there: money(there),
    cancel_id: cancelId === null ? null : idOf(cancelId),
    note: note?.code ?? null,
    note_text: note === null ? null : noteText(note),
  };
}

/** What an export takes for an id may be more than a number carries. */
const idOf = (id: bigint) => (id <= Number.MAX_SAFE_INTEGER ? Number(id) : id.toString());

const TITLES: Readonly<Record<FindingKind, string>> = {
  missing_there: 'missing there: the hub has it, the export does not',
  missing_here: 'missing here: the export has it, the hub does not',
  different_amount: 'different amount',
  duplicate: 'duplicates: once more in the export',
  void_pair: 'void pairs: bets that never arrived, and were taken back; no difference',
  under_way: 'under way: bets the hub has no answer to yet; no difference',
};

function asText(report: Report): string {
  const {
    agent,
    wallet,
    currency,
    window,
    exported,
    matched,
    outside_window: outside,
    surplus,
    out,
  } = report;
  const kinds = [...DIFFERENCE_KINDS, ...OTHER_KINDS];
  const counts = [
    { what: 'exported', rows: exported, sum: '' },
    { what: 'matched', rows: matched, sum: '' },
    ...kinds.map((what) => ({ what, rows: report[what].count, sum: report[what].surplus })),
    { what: 'outside_window', rows: outside, sum: '' },
  ];
  const sections = kinds
    .filter((kind) => report[kind].rows.length > 0)
    .map((kind) => {
      const { count: all, rows } = report[kind];
      const { length } = rows;
      return `${TITLES[kind]} (${length === all ? all : `${length} of ${all}`})\n${table(rows.map(forPeople))}`;
    });
  const verdict = report.equal
    ? 'equal'
    : `DIFFERENT: the export's sum is ${surplus} ${currency} above the hub's`;
  return [
    `${agent} (${wallet}, ${currency}), ${windowText(window)}\n${table(counts)}`,
    ...sections,
    ...(out === null ? [] : [`all differences are in ${out}`]),
    verdict,
  ].join('\n\n');
}

function windowText(window: Report['window']): string {
  if (window === null) return "no row asked for: none of the export's ids is this agent's";
  const { from, to, toInclusive } = window;
  return `${from} up to ${toInclusive ? 'and with ' : ''}${to}`;
}

/** Control characters of a name must not reach the terminal. */
function forPeople({ note: _code, note_text: note, ...row }: ShownRow) {
  const plain = (text: string | null) => text?.replace(/\p{Cc}/gu, '?') ?? null;
  return { ...row, username: plain(row.username), round: plain(row.round), note };
}
