/** The table on the screen and the file beside it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { BOOK_ROWS, type BookOutcome } from './book-section.ts';
import type { FeedRow } from './feed-section.ts';
import type { LiveRow } from './live-section.ts';
import type { Measured } from './load/main.ts';
import type { LoadOutcome } from './load-section.ts';
import type { OfficeRow } from './office-section.ts';
import type { ReconcileRow } from './reconcile-section.ts';
import { LOAD_ROWS } from './rows.ts';
import type { SettleRow } from './settle-section.ts';
import type { StartRow } from './start-section.ts';
import { type Figures, judge, median, type Verdict } from './targets.ts';

export interface Results {
  readonly load: LoadOutcome | null;
  readonly feed: readonly FeedRow[];
  readonly reconcile: readonly ReconcileRow[];
  readonly settle: readonly SettleRow[];
  readonly live: readonly LiveRow[];
  readonly book: BookOutcome | null;
  readonly office: readonly OfficeRow[];
  readonly start: readonly StartRow[];
}

export interface Conclusion {
  readonly verdicts: readonly Verdict[];
  readonly errors: number;
  readonly auditHolds: boolean;
  readonly passed: boolean;
}

export interface TableRow {
  readonly name: string;
  readonly title: string;
  readonly requestsPerSecond: number | null;
  readonly itemsPerSecond: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number | null;
  readonly errors: number;
  readonly serverCpu: number | null;
  readonly generatorCpu: number | null;
}

/** Everything in one table; rows under load are medians of their rounds. */
export function tableOf({ load, book, feed, reconcile, settle, live, office, start }: Results): TableRow[] {
  const none = { requestsPerSecond: null, itemsPerSecond: null, serverCpu: null, generatorCpu: null };
  return [
    ...LOAD_ROWS.flatMap((row) => loadedRow(row, load)),
    ...BOOK_ROWS.flatMap((row) => loadedRow(row, book)),
    ...feed.map(({ medianMs: p50Ms, ...row }) => ({ ...none, ...row, p50Ms })),
    ...reconcile.map(({ name, title, elapsedMs, errors }) => ({
      ...none,
      name,
      title,
      p50Ms: elapsedMs,
      p99Ms: null,
      errors,
    })),
    ...[...settle, ...office].map(({ name, title, medianMs, errors }) => ({
      ...none,
      name,
      title,
      p50Ms: medianMs,
      p99Ms: null,
      errors,
    })),
    ...live.map((row) => ({ ...none, ...row })),
    ...start.map(({ name, title, medianMs }) => ({
      ...none,
      name,
      title,
      p50Ms: medianMs,
      p99Ms: null,
      errors: 0,
    })),
  ];
}

/** Of a row whose rounds were run; a wrong answer before the first round counts too. */
function loadedRow({ name, title }: { name: string; title: string }, ran: BookOutcome | null): TableRow[] {
  const rounds = ran?.rounds.get(name) ?? [];
  const errors = [ran?.warmUps.get(name), ...rounds].reduce((sum, round) => sum + (round?.errors ?? 0), 0);
  return rounds.length === 0 ? [] : [{ name, title, ...medians(rounds), errors }];
}

function medians(rounds: readonly Measured[]) {
  const of = (pick: (round: Measured) => number) => median(rounds.map(pick));
  return {
    requestsPerSecond: of((round) => round.requestsPerSecond),
    itemsPerSecond: of((round) => round.itemsPerSecond),
    p50Ms: of((round) => round.p50Ms),
    p99Ms: of((round) => round.p99Ms),
    serverCpu: rounds.some((round) => round.serverCpu === null) ? null : of((round) => round.serverCpu ?? 0),
    generatorCpu: of((round) => round.generatorCpu),
  };
}

/** Targets, errors and audit together: a fast hub that errs or whose books don't balance has failed. */
export function conclude(results: Results): Conclusion {
  const { load, book, feed, reconcile, settle, live, office, start } = results;
  const figures: Figures = {
    rounds: new Map([...(load?.rounds ?? []), ...(book?.rounds ?? [])]),
    times: new Map([
      ...[...feed, ...settle, ...start].map((row) => [row.name, row.times] as const),
      ...reconcile.map((row) => [row.name, [row.elapsedMs]] as const),
    ]),
    reconcileMb: reconcile.length === 0 ? null : Math.max(...reconcile.map((row) => row.peakMb)),
    slowestMs: new Map(
      (['office-list', 'office-statistics'] as const).flatMap((name) => {
        const times = office.filter((row) => row.name === name).map((row) => row.medianMs);
        return times.length === 0 ? [] : [[name, Math.max(...times)] as const];
      }),
    ),
    liveP99Ms: live[0]?.p99Ms ?? null,
    residentMb: load?.residentMb ?? null,
  };
  const verdicts = judge(figures);
  const errors = tableOf(results).reduce((sum, row) => sum + row.errors, 0);
  const auditHolds = (load?.audit.ok ?? true) && (book?.audit.ok ?? true);
  const passed = errors === 0 && auditHolds && verdicts.every((verdict) => verdict.met);
  return { verdicts, errors, auditHolds, passed };
}

export function printReport(results: Results, { verdicts }: Conclusion): void {
  const cell = (value: number | null, digits = 0) =>
    value === null
      ? ''
      : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const share = (value: number | null) => (value === null ? '' : `${Math.round(value * 100)} %`);
  const head = ['', 'requests/s', 'items/s', 'p50 ms', 'p99 ms', 'errors', 'server', 'generator'];
  const body = tableOf(results).map((row) => [
    row.title,
    cell(row.requestsPerSecond),
    cell(row.itemsPerSecond),
    cell(row.p50Ms, 1),
    cell(row.p99Ms, 1),
    cell(row.errors),
    share(row.serverCpu),
    share(row.generatorCpu),
  ]);
  printTable([head, ...body]);
  const judged = verdicts.map(({ name, bound, figure, met }) => [
    name,
    cell(figure, 2),
    bound,
    met ? 'met' : 'MISSED',
  ]);
  if (judged.length > 0) printTable([['target', 'figure', 'bound', ''], ...judged]);
  for (const text of errorTexts(results)) process.stdout.write(`error: ${text}\n`);
  for (const { audit } of [results.load, results.book].filter((each) => each !== null)) {
    const said = audit.ok ? 'holds' : 'BROKEN';
    process.stdout.write(`audit of ${cell(audit.transfers)} transfers: ${said}\n`);
    for (const check of audit.checks.filter((each) => !each.ok))
      process.stdout.write(`  ${check.name}: ${check.findings.join('; ')}\n`);
  }
}

/** Each once, a few a row. */
function errorTexts({ load, book }: Results): string[] {
  const texts = [...LOAD_ROWS, ...BOOK_ROWS].flatMap(({ name }) => {
    const rounds = [load, book].flatMap((ran) => [ran?.warmUps.get(name), ...(ran?.rounds.get(name) ?? [])]);
    return rounds.flatMap((round) => round?.errorTexts.map((text) => `${name}: ${text}`) ?? []);
  });
  return [...new Set(texts)];
}

/** The first column to the left, figures to the right. */
function printTable(lines: readonly (readonly string[])[]): void {
  const columns = lines[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...lines.map((line) => line[i]?.length ?? 0)),
  );
  for (const line of lines) {
    const cells = line.map((text, i) =>
      i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0),
    );
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
  process.stdout.write('\n');
}

/** Writes the whole run as JSON. */
export async function writeReport(file: URL, report: Readonly<Record<string, unknown>>): Promise<void> {
  await mkdir(new URL('.', file), { recursive: true });
  const plain = (_key: string, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value);
  await writeFile(file, `${JSON.stringify(report, plain, 2)}\n`);
}
