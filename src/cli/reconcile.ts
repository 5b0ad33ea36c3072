/**
 * `croupier reconcile`: an operator's export against the hub's rows. Exit codes as `diff` has them: 0 equal,
 * 1 different, 2 it could not be found out.
 */
import { realpath } from 'node:fs/promises';
import { DIFFERENCE_KINDS, type FindingKind } from '../core/reconcile.ts';
import { type AgentRecord, findAgentByName } from '../db/agent.ts';
import type { Sql } from '../db/connect.ts';
import { compareExport } from '../db/reconcile.ts';
import { CliError, type Json, print, withDatabase, withProgress } from './context.ts';
import type { ColumnWish } from './export-columns.ts';
import { type ExportFormat, FORMATS, readExport } from './export-file.ts';
import { openFindingsFile } from './findings-file.ts';
import { asText, count, newTallies, type Report, reportOf } from './reconcile-report.ts';

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
  if (from !== null && to !== null && microsecondsOf(from) >= microsecondsOf(to))
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

/** Dates know milliseconds only. */
function microsecondsOf(iso: string): number {
  const fraction = /\.(\d+)/.exec(iso)?.[1] ?? '';
  return Date.parse(iso) * 1000 + Number(fraction.padEnd(6, '0').slice(3));
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
