/** What `croupier reconcile` found, counted, and as it is printed: as JSON, or for people. */
import { type Currency, toDecimal } from '../core/money.ts';
import {
  DIFFERENCE_KINDS,
  type Finding,
  type FindingKind,
  noteText,
  OTHER_KINDS,
  surplusOf,
} from '../core/reconcile.ts';
import type { AgentRecord } from '../db/agent.ts';
import type { Compared } from '../db/reconcile.ts';
import { table } from './context.ts';

export interface Tally {
  count: number;
  /** By how much the export's sum is above the hub's. */
  surplus: bigint;
  readonly first: Finding[];
}
export type Tallies = Readonly<Record<FindingKind, Tally>>;

export function newTallies(): Tallies {
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

export function count(tally: Tally, finding: Finding, limit: number): void {
  tally.count++;
  tally.surplus += surplusOf(finding);
  if (tally.first.length < limit) tally.first.push(finding);
}

/** What the report calls them. */
const KEYS = {
  missing_there: 'missing_there',
  missing_here: 'missing_here',
  different_amount: 'different_amount',
  duplicate: 'duplicates',
  void_pair: 'void_pairs',
  under_way: 'under_way',
} as const satisfies Record<FindingKind, string>;

export interface Report extends Readonly<Record<(typeof KEYS)[FindingKind], Section>> {
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

export function reportOf({ agent, compared, tallies, out }: Outcome): Report {
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
    duplicates: section(tallies.duplicate),
    void_pairs: section(tallies.void_pair),
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

export function asText(report: Report): string {
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
    { what: 'exported', rows: exported, surplus: '' },
    { what: 'matched', rows: matched, surplus: '' },
    ...kinds.map((kind) => sumOf(KEYS[kind], report[KEYS[kind]])),
    { what: 'outside_window', rows: outside, surplus: '' },
  ];
  const sections = kinds
    .filter((kind) => report[KEYS[kind]].rows.length > 0)
    .map((kind) => {
      const { count: all, rows } = report[KEYS[kind]];
      const { length } = rows;
      return `${TITLES[kind]} (${length === all ? all : `${length} of ${all}`})\n${table(rows.map(forPeople))}`;
    });
  const verdict = report.equal
    ? 'equal'
    : `DIFFERENT: the export's sum less the hub's is ${surplus} ${currency}`;
  return [
    `${agent} (${wallet}, ${currency}), ${windowText(window)}\n${table(counts)}`,
    ...sections,
    ...(out === null ? [] : [`all differences are in ${out}`]),
    verdict,
  ].join('\n\n');
}

const sumOf = (what: string, { count: rows, surplus }: Section) => ({ what, rows, surplus });

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
