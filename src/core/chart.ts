/**
 * The chart of accounts and the codes of transfers. docs/ledger.md tells the same with worked examples, which a
 * test executes. Numbers are stored: they are never reused for anything else.
 */

/** Kinds 1–9 hold somebody's money: never below zero, locked in every batch. From 10 on: folded later. */
export const ACCOUNT = {
  pot: 1, // an agent's prepaid money with the hub
  wallet: 2, // a player's money in play
  points: 3, // a player's bonus points
  credit: 4, // a rain-book player's credit
  vendor: 10, // what an agent's players won from or lost to a vendor
  promotion: 11, // what the house gave away
  outside: 12, // the world beyond the hub: where POT comes from and goes to
  rainPool: 13,
  krainClearing: 14,
} as const;
export type AccountKind = (typeof ACCOUNT)[keyof typeof ACCOUNT];

export function mayNotGoNegative(kind: AccountKind): boolean {
  return kind < 10;
}

/** What a transfer is. The comment names debit → credit. */
export const CODE = {
  potGive: 1, // upline POT or outside → POT
  potTake: 2, // POT → upline POT or outside
  addBalance: 10, // POT → wallet
  subBalance: 11, // wallet → POT
  subBalanceAll: 12, // wallet → POT
  bet: 20, // wallet → vendor
  win: 21, // vendor → wallet
  cancel: 22, // vendor → wallet
  charge: 23, // wallet → vendor
  adjustCredit: 24, // vendor → wallet
  adjustDebit: 25, // wallet → vendor
  promoWin: 26, // vendor → wallet
  exceedCredit: 27, // wallet → vendor
  pointsGive: 30, // promotion → points
  pointsExchange: 31, // points → wallet
  bookDeposit: 40, // outside → credit
  bookWithdraw: 41, // credit → outside
  bookWin: 42, // rainPool → credit
  bookLoss: 43, // credit → rainPool
  krainWin: 44, // krainClearing → rainPool
  krainLoss: 45, // rainPool → krainClearing
} as const;
export type TransferCode = (typeof CODE)[keyof typeof CODE];

/** Whose balance a feed row of the code shows: the debited account's (amount −) or the credited one's (amount +). */
export type Side = 'debit' | 'credit';
export interface FeedShape {
  /** The XT row type; null for transfers that move no balance an operator sees. */
  readonly type: string | null;
  readonly side: Side;
  /** The causer's row that follows the user's row, if any. */
  readonly twin: string | null;
}

/** XT's row types (contract xt §3), one per code. The SQL of the feed is built from this table. */
export const FEED: Readonly<Record<TransferCode, FeedShape>> = {
  [CODE.potGive]: { type: 'agents.give_money', side: 'credit', twin: null },
  [CODE.potTake]: { type: 'agents.take_money', side: 'debit', twin: null },
  [CODE.addBalance]: { type: 'agent.add_balance', side: 'credit', twin: 'causer.agent.add_balance' },
  [CODE.subBalance]: { type: 'agent.subtract_balance', side: 'debit', twin: 'causer.agent.subtract_balance' },
  [CODE.subBalanceAll]: {
    type: 'agent.subtract_balance_all',
    side: 'debit',
    twin: 'causer.agent.subtract_balance_all',
  },
  [CODE.bet]: { type: 'bet', side: 'debit', twin: null },
  [CODE.win]: { type: 'win', side: 'credit', twin: null },
  [CODE.cancel]: { type: 'cancel', side: 'credit', twin: null },
  [CODE.charge]: { type: 'charge', side: 'debit', twin: null },
  [CODE.adjustCredit]: { type: 'adjust', side: 'credit', twin: null },
  [CODE.adjustDebit]: { type: 'adjust', side: 'debit', twin: null },
  [CODE.promoWin]: { type: 'promo_win', side: 'credit', twin: null },
  [CODE.exceedCredit]: { type: 'exceed_credit', side: 'debit', twin: null },
  [CODE.pointsGive]: { type: null, side: 'credit', twin: null },
  // The contract has no type of its own for it; an adjustment without a corrected row is the one clients know.
  [CODE.pointsExchange]: { type: 'adjust', side: 'credit', twin: null },
  // The rain book has an API and a statement of its own.
  [CODE.bookDeposit]: { type: null, side: 'credit', twin: null },
  [CODE.bookWithdraw]: { type: null, side: 'debit', twin: null },
  [CODE.bookWin]: { type: null, side: 'credit', twin: null },
  [CODE.bookLoss]: { type: null, side: 'debit', twin: null },
  [CODE.krainWin]: { type: null, side: 'credit', twin: null },
  [CODE.krainLoss]: { type: null, side: 'debit', twin: null },
};
