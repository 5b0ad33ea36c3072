/**
 * The rows of the feed in memory. Pure but for its own state.
 * Invariants: a row id is in here at most once; each member's rows are sorted by (time, id); totals count every row
 * ever added, also those that have left the memory.
 */
import { foldName } from './seamless.ts';
import type { FeedRow } from './xt-wire.ts';

export interface FeedIndex {
  /** `new` row, `detail` that came late for a known row, or `known` already. */
  add(row: FeedRow): 'new' | 'detail' | 'known';
  /** Oldest first. */
  rowsOf(username: string): readonly FeedRow[];
  usernames(): readonly string[];
  /** The newest rows, newest first. */
  newest(count: number): readonly FeedRow[];
  totals(): Totals;
}

export interface Totals {
  readonly rows: number;
  /** Σ of what was staked less what was given back by cancels, ≥ 0 in sane data. */
  readonly stakes: bigint;
  readonly payouts: bigint;
  /** stakes − payouts: what the house kept. */
  readonly ggr: bigint;
}

const playTypes = new Set(['bet', 'win', 'cancel', 'charge', 'adjust', 'promo_win', 'exceed_credit']);
const stakeTypes = new Set(['bet', 'charge', 'cancel']);

export function isPlay(row: FeedRow): boolean {
  return playTypes.has(row.type);
}

/** Rows of an agent's own purse: the `causer.` twins and transfers between agents. */
export function isAgentRow(row: FeedRow): boolean {
  return row.type.startsWith('causer.') || row.type.startsWith('agents.');
}

export function feedIndex(rowsMax: number): FeedIndex {
  const byId = new Map<number, FeedRow>();
  const byMember = new Map<string, FeedRow[]>();
  const totals = { rows: 0, stakes: 0n, payouts: 0n };

  function count(row: FeedRow): void {
    totals.rows++;
    if (!isPlay(row)) return;
    if (stakeTypes.has(row.type)) totals.stakes -= row.amount;
    else totals.payouts += row.amount;
  }

  function insert(row: FeedRow): void {
    byId.set(row.id, row);
    const rows = byMember.get(foldName(row.username)) ?? [];
    byMember.set(foldName(row.username), rows);
    rows.splice(placeOf(rows, row), 0, row);
  }

  function forgetOldest(): void {
    const oldest = byId.values().next().value;
    if (oldest === undefined) return;
    byId.delete(oldest.id);
    const rows = byMember.get(foldName(oldest.username)) ?? [];
    rows.splice(
      rows.findIndex((row) => row.id === oldest.id),
      1,
    );
  }

  function replace(row: FeedRow): void {
    byId.set(row.id, row);
    const rows = byMember.get(foldName(row.username)) ?? [];
    rows[rows.findIndex((one) => one.id === row.id)] = row;
  }

  return {
    add(row) {
      const known = byId.get(row.id);
      if (known === undefined) {
        count(row);
        insert(row);
        if (byId.size > rowsMax) forgetOldest();
        return 'new';
      }
      if (row.detail === null || known.detail !== null) return 'known';
      replace(row);
      return 'detail';
    },
    rowsOf: (username) => byMember.get(foldName(username)) ?? [],
    usernames: () => [...byMember.keys()],
    newest: (count) => [...byId.values()].slice(-count).reverse(),
    totals: () => ({ ...totals, ggr: totals.stakes - totals.payouts }),
  };
}

/** Rows come nearly sorted, so the place is looked for from the end. */
function placeOf(rows: readonly FeedRow[], row: FeedRow): number {
  let place = rows.length;
  while (place > 0 && isAfter(rows[place - 1], row)) place--;
  return place;
}

function isAfter(left: FeedRow | undefined, right: FeedRow): boolean {
  if (left === undefined) return false;
  return left.processedAt === right.processedAt ? left.id > right.id : left.processedAt > right.processedAt;
}

export interface ChainBreak {
  readonly after: FeedRow;
  readonly next: FeedRow;
}

/** Where before + amount of a member's row is not the before of the next one. Rows sorted, oldest first. */
export function chainBreaks(rows: readonly FeedRow[]): readonly ChainBreak[] {
  const own = rows.filter((row) => !isAgentRow(row));
  return own.flatMap((next, index) => {
    const after = own[index - 1];
    return after === undefined || after.before + after.amount === next.before ? [] : [{ after, next }];
  });
}
