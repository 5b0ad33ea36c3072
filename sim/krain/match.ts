/**
 * Matching one order with what is on offer: the best odds first, down to the least that is wanted. Pure. A part is
 * whatever there is; a whole is all or nothing.
 */
export interface Level {
  /** Thousandths. */
  readonly odds: number;
  /** Stake that is taken at these odds, in minor units. */
  readonly available: bigint;
}

export interface Wanted {
  readonly stake: bigint;
  /** At least. */
  readonly odds: number;
  readonly fill: 'whole' | 'part';
}

export type Matched =
  | {
      readonly ok: true;
      readonly stake: bigint;
      /** Net, of all levels together; what is less than one is cut off. */
      readonly win: bigint;
      /** The average, cut off to thousandths. */
      readonly odds: number;
      /** What is taken of each level, in the order they came in. */
      readonly taken: readonly bigint[];
    }
  | { readonly ok: false; readonly reason: 'odds_moved' | 'no_liquidity' };

/** `levels`: best first. */
export function match(levels: readonly Level[], { stake, odds, fill }: Wanted): Matched {
  let left = stake;
  let returned = 0n;
  const taken = levels.map((level) => {
    const take = level.odds < odds ? 0n : level.available < left ? level.available : left;
    left -= take;
    returned += take * BigInt(level.odds);
    return take;
  });
  const matched = stake - left;
  if (matched === 0n || (fill === 'whole' && left > 0n)) {
    // There would be enough, but not at these odds.
    const isElsewhere = total(levels) >= (fill === 'whole' ? stake : 1n);
    return { ok: false, reason: isElsewhere ? 'odds_moved' : 'no_liquidity' };
  }
  const win = (returned - matched * 1000n) / 1000n;
  return { ok: true, stake: matched, win, odds: Number(returned / matched), taken };
}

export function total(levels: readonly Level[]): bigint {
  return levels.reduce((sum, { available }) => sum + available, 0n);
}
