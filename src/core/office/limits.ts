/**
 * What a bet or a win would meet. Each upline, the agent itself and the house set limits of their own; of all that fit,
 * the narrowest holds, for bet and win each by itself: so whoever is below can narrow, never widen. Pure.
 */
import { effectiveLimits, fits, type LimitRow, type LimitScope } from '../limits.ts';

export interface LimitTrial<Row extends LimitRow> {
  readonly allowed: boolean;
  /** Minor units: of a bet what would be staked, of a win what would be paid. */
  readonly amount: bigint;
  readonly maxBet: bigint | null;
  readonly maxWin: bigint | null;
  /** Those that fit; `holds`: its amount is the one that counts. */
  readonly rows: readonly { readonly row: Row; readonly holds: boolean }[];
}

/** By the same function as the ledger: a bet above is refused, a win above is paid up to the limit. */
export function tryLimits<Row extends LimitRow>(
  rows: readonly Row[],
  scope: LimitScope,
  asked: { readonly what: 'bet' | 'win'; readonly amount: bigint },
): LimitTrial<Row> {
  const { maxBet, maxWin } = effectiveLimits(rows, scope);
  const most = asked.what === 'bet' ? maxBet : maxWin;
  const isAbove = most !== null && asked.amount > most;
  return {
    allowed: asked.what === 'win' || !isAbove,
    amount: !isAbove ? asked.amount : asked.what === 'win' ? most : 0n,
    maxBet,
    maxWin,
    rows: rows
      .filter((row) => fits(row, scope))
      .map((row) => ({
        row,
        holds: most !== null && (asked.what === 'bet' ? row.maxBet : row.maxWin) === most,
      })),
  };
}
