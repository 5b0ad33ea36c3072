/** What a run found out, and how it is told to a person. */
import type { Severity } from './check.ts';
import { CHECKS } from './checks.ts';
import type { Latency } from './times.ts';

export interface CheckReport {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Of a failed check how that costs money, of a skipped one the reason; null when it passed. */
  readonly why: string | null;
  readonly expected: string | null;
  readonly got: string | null;
  /** Commands that do it again. */
  readonly curl: readonly string[];
}

export interface Report {
  /** Every check that must pass has passed or does not apply, and nothing was in the way. */
  readonly ok: boolean;
  readonly seed: string;
  /** Amounts with their currency; null: it could not be read. */
  readonly balance: { readonly before: string | null; readonly after: string | null };
  readonly latency: Latency;
  /** What kept checks from running or the balance from being put back. */
  readonly problems: readonly string[];
  readonly checks: readonly CheckReport[];
}

const MARK: Readonly<Record<CheckReport['result'], string>> = {
  passed: 'ok  ',
  failed: 'FAIL',
  skipped: 'skip',
};

/** Some of the checks certify nothing. */
const VERDICT = {
  all: { ok: 'CERTIFIED', not: 'NOT CERTIFIED' },
  some: { ok: 'PASSED, what was chosen of all checks', not: 'NOT PASSED' },
} as const;

export function reportText(report: Report): string {
  const { checks, problems } = report;
  const width = Math.max(0, ...checks.map(({ id }) => id.length));
  const lines = checks.map(({ id, title, severity, result, why }) => {
    const reason = result === 'skipped' ? ` (${why})` : '';
    return `${MARK[result]}  ${severity.padEnd(6)}  ${id.padEnd(width)}  ${title}${reason}`;
  });
  const failures = checks.filter(({ result }) => result === 'failed').map(failureText);
  return [
    lines.join('\n'),
    ...failures,
    ...problems.map((problem) => `PROBLEM: ${problem}`),
    summaryOf(report),
  ].join('\n\n');
}

function failureText({ id, title, severity, expected, got, why, curl }: CheckReport): string {
  return [
    `---- ${id} (${severity}): ${title}`,
    `expected  ${expected}`,
    `got       ${got}`,
    `costs     ${why}`,
    'again by',
    ...curl.map((command) => `  ${command}`),
  ].join('\n');
}

function summaryOf({ ok, seed, checks, latency, balance }: Report): string {
  const count = (result: CheckReport['result']) => checks.filter((check) => check.result === result).length;
  const { calls, p50Ms, p95Ms, msMax } = latency;
  const musts = checks.filter(({ severity, result }) => severity === 'must' && result === 'failed').length;
  return [
    `${checks.length} checks: ${count('passed')} passed, ${count('failed')} failed (${musts} that must pass), ${count('skipped')} skipped`,
    `${calls} calls: half within ${p50Ms} ms, 95 % within ${p95Ms} ms, the slowest ${msMax} ms`,
    `balance before ${balance.before ?? 'unknown'}, after ${balance.after ?? 'unknown'}; seed ${seed}`,
    VERDICT[checks.length === CHECKS.length ? 'all' : 'some'][ok ? 'ok' : 'not'],
  ].join('\n');
}
