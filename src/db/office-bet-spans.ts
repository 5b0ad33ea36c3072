/**
 * Pages over many agents' transfers. Each agent's rows are read by its own index and cut at the page's length; a span of
 * time bounds what is looked through, and grows until the page is full: what is dense costs an hour, what is rare costs
 * what there is.
 */
import type { Fragment } from 'postgres';
import type { Query } from './connect.ts';
import type { KeysetPage } from './keyset.ts';

/** Instants as text; null: no bound. */
export interface Span {
  readonly from: string | null;
  /** Not in it. */
  readonly to: string | null;
}

const HOUR_MS = 3_600_000;
const WIDTHS_MS = [HOUR_MS, 12 * HOUR_MS, 4 * 24 * HOUR_MS, 31 * 24 * HOUR_MS];

/** The spans a page is looked for in, one after another; the last reaches as far as there is anything. */
export function spansOf(page: KeysetPage, { from, to }: Span): Span[] {
  const start = page.after?.[0] ?? (page.descending ? to : from) ?? new Date().toISOString();
  const end = page.descending ? from : to;
  const spans: Span[] = [];
  let near: string | null = null;
  for (const width of WIDTHS_MS) {
    const far = moved(start, page.descending ? -width : width);
    if (end !== null && (page.descending ? far <= timeOf(end) : far >= timeOf(end))) break;
    const edge = new Date(far).toISOString();
    spans.push(page.descending ? { from: edge, to: near ?? to } : { from: near ?? from, to: edge });
    near = edge;
  }
  spans.push(page.descending ? { from, to: near ?? to } : { from: near ?? from, to });
  return spans;
}

const timeOf = (instant: string) => new Date(instant).getTime();
const moved = (instant: string, byMs: number) => timeOf(instant) + byMs;

/** Reads span after span until the page is full. */
export async function fillPage<Row>(
  limit: number,
  spans: readonly Span[],
  read: (span: Span, limit: number) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const span of spans) {
    rows.push(...(await read(span, limit - rows.length)));
    if (rows.length >= limit) break;
  }
  return rows;
}

/** The condition that transfer `t` is in the span, in words the planner prunes days by. */
export function inSpan(db: Query, { from, to }: Span): Fragment {
  return db`${from === null ? db`true` : db`t.at >= ${from}::text::timestamptz`} and ${to === null ? db`true` : db`t.at < ${to}::text::timestamptz`}`;
}

/** A bound on time alone that a key behind which a page begins implies: comparisons of rows prune no days. */
export function notBefore(db: Query, { after, descending }: KeysetPage): Fragment {
  const at = after?.[0];
  if (at === undefined) return db`true`;
  return descending ? db`t.at <= ${at}::text::timestamptz` : db`t.at >= ${at}::text::timestamptz`;
}
