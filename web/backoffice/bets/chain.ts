/** The rows of a round as a tree: under each row those that answer it. Pure. */

export interface RoundRowGiven {
  readonly id: number;
  readonly at: string;
  readonly what: string;
  /** Minor units, as the user's money moves. */
  readonly amount: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly potBefore: string | null;
  readonly potAfter: string | null;
  readonly refererId: number | null;
  readonly externalId: string | null;
  readonly ip: string | null;
  readonly inRound: boolean;
  readonly callback: string | null;
  readonly detail: string | null;
}

export interface ChainLink {
  readonly row: RoundRowGiven;
  readonly answers: readonly ChainLink[];
}

/** Rows that name no row of the round come first to last; each answer stands below what it names. */
export function chainOf(rows: readonly RoundRowGiven[]): readonly ChainLink[] {
  const ids = new Set(rows.map(({ id }) => id));
  const below = Map.groupBy(rows, ({ id, refererId }) =>
    refererId !== null && refererId !== id && ids.has(refererId) ? refererId : null,
  );
  const linksUnder = (parent: number | null): readonly ChainLink[] =>
    (below.get(parent) ?? []).map((row) => ({ row, answers: linksUnder(row.id) }));
  return linksUnder(null);
}

export interface Came {
  readonly staked: bigint;
  readonly paid: bigint;
  readonly refunded: bigint;
  readonly corrected: bigint;
  readonly tips: bigint;
  readonly net: bigint;
}

/** What all rows come to for the user, by kind. */
export function cameTo(rows: readonly RoundRowGiven[]): Came {
  const sum = (...kinds: readonly string[]) =>
    rows.filter(({ what }) => kinds.includes(what)).reduce((all, { amount }) => all + BigInt(amount), 0n);
  return {
    staked: -sum('bet'),
    paid: sum('win', 'promoWin', 'exceedCredit'),
    refunded: sum('cancel'),
    corrected: sum('adjustCredit', 'adjustDebit'),
    tips: -sum('charge'),
    net: rows.reduce((all, { amount }) => all + BigInt(amount), 0n),
  };
}
