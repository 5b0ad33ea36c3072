/** What happened to the money in a row, and why, as the key of a sentence with what it names. Pure. */

export interface RowTold {
  readonly id: number;
  readonly what: string;
  /** Minor units; only whether it is nothing counts. */
  readonly amount: string;
  readonly refererId: number | null;
  readonly externalId: string | null;
  readonly wallet: 'transfer' | 'seamless';
  /** A bet nobody knows the answer to, or the cancel that takes it back. */
  readonly taken?: boolean;
}

type Sentence = [key: string, values: Readonly<Record<string, string | number>>];

/** Sentences that differ by where the user's money is. */
const BY_WALLET = ['bet', 'win', 'cancel'];

export function whyOf(row: RowTold): Sentence {
  return [`statement.why.${sentenceOf(row)}`, { id: row.refererId ?? row.id }];
}

function sentenceOf({ what, amount, refererId, externalId, wallet, taken = false }: RowTold): string {
  if (taken && what === 'bet') return 'bet_unanswered';
  if (taken && what === 'cancel') return 'cancel_unanswered';
  if (what === 'win' && /^-?0+$/.test(amount)) return 'lost';
  // What a studio did has its id.
  if ((what === 'win' || what === 'cancel') && externalId === null) return `${what}_by_hand`;
  if (what === 'adjustCredit' || what === 'adjustDebit') return refererId === null ? `${what}_alone` : what;
  return BY_WALLET.includes(what) && wallet === 'seamless' ? `${what}_seamless` : what;
}
