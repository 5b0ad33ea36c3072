/** A member's history made of rows: rounds of play, and what went through the cashier. Pure. */
import { isAgentRow, isPlay } from './feed-index.ts';
import type { FeedRow, RowGame } from './xt-wire.ts';

export interface Round {
  /** Game and round: the key the hub's rows are grouped by. */
  readonly key: string;
  readonly game: RowGame;
  /** Oldest first, at least one. */
  readonly rows: readonly FeedRow[];
  /** Σ of the bets (and tips), ≥ 0. */
  readonly staked: bigint;
  /** Σ of wins, promotions, corrections. */
  readonly won: bigint;
  /** Σ of cancelled bets given back. */
  readonly cancelled: bigint;
  /** What the round did to the wallet. */
  readonly net: bigint;
  /** Wallet before the first and after the last row. */
  readonly before: bigint;
  readonly after: bigint;
  readonly startedAt: string;
  readonly state: 'open' | 'won' | 'lost' | 'cancelled';
}

export type HistoryItem =
  | { readonly kind: 'round'; readonly round: Round }
  | { readonly kind: 'row'; readonly row: FeedRow };

/** Newest first. A round stands where its first row stands. `rows` sorted, oldest first. */
export function historyOf(rows: readonly FeedRow[]): readonly HistoryItem[] {
  const groups = new Map<string, FeedRow[]>();
  for (const row of rows) {
    if (isAgentRow(row)) continue;
    const key =
      isPlay(row) && row.game !== null ? JSON.stringify([row.game.id, row.game.round]) : `row ${row.id}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(row);
  }
  return [...groups].map(([key, group]) => itemOf(key, group)).reverse();
}

function itemOf(key: string, rows: readonly FeedRow[]): HistoryItem {
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) throw new Error('a group of rows is never empty');
  if (!isPlay(first) || first.game === null) return { kind: 'row', row: first };
  const staked = -sum(rows, ['bet', 'charge']);
  const won = sum(rows, ['win', 'promo_win', 'adjust', 'exceed_credit']);
  const cancelled = sum(rows, ['cancel']);
  return {
    kind: 'round',
    round: {
      key,
      game: first.game,
      rows,
      staked,
      won,
      cancelled,
      net: won + cancelled - staked,
      before: first.before,
      after: last.before + last.amount,
      startedAt: first.processedAt,
      state: stateOf(rows),
    },
  };
}

function sum(rows: readonly FeedRow[], types: readonly string[]): bigint {
  return rows.filter((row) => types.includes(row.type)).reduce((total, row) => total + row.amount, 0n);
}

function stateOf(rows: readonly FeedRow[]): Round['state'] {
  const win = rows.filter((row) => row.type === 'win' || row.type === 'promo_win');
  if (win.some((row) => row.amount > 0n)) return 'won';
  if (win.length > 0) return 'lost';
  return rows.some((row) => row.type === 'cancel') ? 'cancelled' : 'open';
}
