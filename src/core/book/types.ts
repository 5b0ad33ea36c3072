/**
 * The rain book, as the ledger sees it: sessions, players, positions, bets; the commands that change them and what
 * they come to. Amounts are minor units, odds thousandths (49.0 is 49000), instants epoch ms of the database's clock.
 *
 * A player's credit account holds its money. A bet moves none: its worst case is exposure, which the account promises
 * (`reserved`), so what is left is at once withdrawable and available to bet. Settlement posts the net of a position.
 */
import type {
  AccountId,
  BetId,
  BookOperatorId,
  BookPlayerId,
  Instant,
  RainSessionId,
  TransferId,
  VisitId,
} from '../ids.ts';

export const BET_TYPES = ['RAIN', 'NO_RAIN'] as const;
export type BetType = (typeof BET_TYPES)[number];

/** Numbers in the database are places in this list. */
export const BET_STATUSES = ['TEMP', 'ACTIVE', 'FAILED', 'CHECK', 'SETTLED', 'VOID'] as const;
export type BetStatus = (typeof BET_STATUSES)[number];

export const GAME_STATUSES = ['READY', 'OPEN', 'CLOSE', 'SUSPEND', 'UNSETTLED', 'SETTLED', 'VOID'] as const;
export type GameStatus = (typeof GAME_STATUSES)[number];
export const MARKET_STATUSES = ['OPEN', 'SUSPEND', 'CLOSE'] as const;
export type MarketStatus = (typeof MARKET_STATUSES)[number];
export const GAME_RESULTS = ['NOT_AVAILABLE', 'NO_RAIN', 'RAIN', 'VOID'] as const;
export type GameResult = (typeof GAME_RESULTS)[number];
export const SESSION_TYPES = ['MORNING', 'AFTERNOON', 'NOON', 'NIGHT'] as const;
export type SessionType = (typeof SESSION_TYPES)[number];

/** Something by outcome. */
export interface ByOutcome {
  readonly rain: bigint;
  readonly dry: bigint;
}

/** The odds a session offers. */
export interface Quote {
  readonly id: number;
  readonly rain: number;
  readonly dry: number;
  readonly krainRain: number;
  readonly krainDry: number;
  readonly until: Instant;
}

export interface BookSession {
  readonly id: RainSessionId;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly status: GameStatus;
  readonly market: MarketStatus;
  readonly quote: Quote | null;
  readonly result: GameResult;
  readonly version: number;
  /** What the book itself gains by its matched bets, by outcome. */
  pool: ByOutcome;
  /** What bets not matched yet may add to that at worst: never above zero. */
  risk: ByOutcome;
  readonly rules: HedgeRules;
}

/** How a stake is split (a site's setting). Shares in hundredths of a per cent. */
export interface HedgeRules {
  readonly ownBps: number;
  readonly ownMinBps: number;
  /** Most the book itself may lose in a session. */
  readonly poolMax: bigint;
}

export interface BookPlayer {
  readonly id: BookPlayerId;
  readonly operatorId: BookOperatorId;
  readonly accountId: AccountId;
  /** As the last transfer left it; the balance beyond it is the profit and loss since. */
  credit: bigint;
  /** The narrower of the operator's limit and the vendor type's range. */
  readonly minBet: bigint;
  readonly maxBet: bigint;
  readonly maxExposure: bigint;
  readonly own: OwnLimits;
  readonly nextOwn: OwnLimits | null;
  readonly nextOwnAt: Instant | null;
  /** Days since 1970 in UTC, and what was staked on that day. */
  day: number;
  dayStake: bigint;
  /** False when the player, its operator or its vendor type is shut out. */
  readonly mayBet: boolean;
  readonly excludedUntil: Instant | null;
}
/** Limits the player has set for itself; null = none. */
export interface OwnLimits {
  readonly maxBet: bigint | null;
  readonly dayStake: bigint | null;
}

/** A player's bets in a session, summed. Invariant: `exposure` is `exposureOf` the rest (exposure.ts). */
export interface Position {
  readonly sessionId: RainSessionId;
  readonly playerId: BookPlayerId;
  readonly accountId: AccountId;
  readonly operatorId: BookOperatorId;
  bets: number;
  pending: number;
  /** What matched bets come to. */
  net: ByOutcome;
  /** What pending bets may lose. */
  risk: ByOutcome;
  /** What the part at K-Rain brings the book. */
  hedge: ByOutcome;
  exposure: bigint;
  version: number;
  settledNet: bigint;
  settledHedge: bigint;
}

export interface Bet {
  readonly id: BetId;
  readonly operatorId: BookOperatorId;
  readonly vendorType: string;
  readonly playerId: BookPlayerId;
  readonly sessionId: RainSessionId;
  /** The page's own id: a repeat is the same bet. */
  readonly key: string;
  readonly type: BetType;
  readonly odds: number;
  readonly stake: bigint;
  /** Net, if it wins. */
  readonly win: bigint;
  ownStake: bigint;
  /** Asked of K-Rain while pending, then what it took; likewise the odds: the least asked, then what it gave. */
  krainStake: bigint;
  krainOdds: number | null;
  krainWin: bigint;
  /** All or nothing: the pool could not carry what K-Rain leaves over. */
  readonly krainWhole: boolean;
  /** K-Rain takes it before this instant, or never. */
  readonly krainUntil: Instant | null;
  status: BetStatus;
  reason: BetFailure | null;
  payout: bigint;
  readonly ip: string | null;
  readonly placedAt: Instant;
  /** When it last changed. */
  updatedAt: Instant;
}

/** Why a bet failed after it was placed. krain_unreachable: K-Rain never got it (8001); the others are its refusals (4007). */
export const BET_FAILURES = [
  'krain_refused',
  'krain_odds_moved',
  'krain_market_closed',
  'krain_unreachable',
] as const;
export type BetFailure = (typeof BET_FAILURES)[number];

// ---- commands -------------------------------------------------------------------------------------------------

/** Whose position it is, and the accounts beside it. */
export interface Bettor {
  readonly id: BookPlayerId;
  readonly operatorId: BookOperatorId;
  readonly accountId: AccountId;
  readonly vendorType: string;
}
/** The book's own accounts in the currency. */
export interface BookAccounts {
  readonly poolId: AccountId;
  readonly krainId: AccountId;
}

/** Money in from the operator or back to it. */
export interface BookTransfer {
  readonly kind: 'book_transfer';
  readonly direction: 'deposit' | 'withdraw';
  readonly player: Bettor;
  /** The operator's account with the book: what it brought in, below zero. */
  readonly outsideId: AccountId;
  readonly tsCode: string;
  /** 'all': everything withdrawable. */
  readonly amount: bigint | 'all';
}

export interface BookPlace {
  readonly kind: 'book_place';
  readonly player: Bettor;
  readonly visitId: VisitId;
  readonly sessionId: RainSessionId;
  readonly key: string;
  readonly type: BetType;
  /** The odds the player saw. */
  readonly odds: number;
  readonly stake: bigint;
  readonly ip: string | null;
  /** How long K-Rain may take the lay-off, from the instant of the bet. */
  readonly krainMs: number;
}

/** What K-Rain said, or that it is not known yet. */
export type MarketAnswer =
  /** `stake` at most what was asked; `win` is what it brings net if it wins, as K-Rain rounds it. */
  | { readonly kind: 'matched'; readonly stake: bigint; readonly odds: number; readonly win: bigint }
  | { readonly kind: 'refused'; readonly reason: BetFailure }
  | { readonly kind: 'unknown' };
export interface BookAnswer {
  readonly kind: 'book_answer';
  readonly player: Bettor;
  readonly sessionId: RainSessionId;
  readonly betId: BetId;
  readonly answer: MarketAnswer;
}

/** Posts what a position comes to under the session's result now. Again: nothing. */
export interface BookSettle {
  readonly kind: 'book_settle';
  readonly sessionId: RainSessionId;
  readonly player: Omit<Bettor, 'vendorType'>;
  readonly accounts: BookAccounts;
}

export type BookCommand = BookTransfer | BookPlace | BookAnswer | BookSettle;

// ---- outcomes -------------------------------------------------------------------------------------------------

/** A transfer as the contract tells it: creditAfter = creditBefore + profitLoss + amount. */
export interface TransferRecord {
  readonly operatorId: BookOperatorId;
  readonly tsCode: string;
  readonly playerId: BookPlayerId;
  readonly kind: 'deposit' | 'withdraw' | 'withdraw_all';
  /** Signed: withdrawals below zero. */
  readonly amount: bigint;
  readonly profitLoss: bigint;
  readonly exposure: bigint;
  readonly creditBefore: bigint;
  readonly creditAfter: bigint;
  readonly transferId: TransferId;
  readonly at: Instant;
}
export type BookTransferRefusal = 'key_reused' | 'insufficient_balance';
export type BookTransferOutcome =
  | { readonly ok: true; readonly record: TransferRecord; readonly replayed: boolean }
  | { readonly ok: false; readonly code: BookTransferRefusal };

/** In the order in which they are checked. */
export const PLACE_REFUSALS = [
  'key_reused',
  'visit_ended',
  'not_allowed',
  'game_status',
  'market_status',
  'odds_moved',
  'bet_limit',
  'own_limit',
  'exposure_exceeded',
  'credit_short',
  'pool_full',
] as const;
export type PlaceRefusal = (typeof PLACE_REFUSALS)[number];
/** What a refused player may want to know: the odds now (odds_moved), or the most that would be taken. */
export interface PlaceHint {
  readonly quote: Quote | null;
  readonly limit: bigint | null;
}
export type PlaceOutcome =
  | {
      readonly ok: true;
      readonly bet: Bet;
      /** True when K-Rain must be asked now: the bet is TEMP and durable. */
      readonly ask: boolean;
      readonly replayed: boolean;
      readonly balance: BookBalance;
      /** The player's in the session, with this bet. */
      readonly position: Position;
    }
  | ({ readonly ok: false; readonly code: PlaceRefusal } & PlaceHint);

export interface BookBalance {
  /** Credit and profit and loss: below zero only after a correction. */
  readonly balance: bigint;
  readonly exposure: bigint;
}

export type BookAnswerOutcome =
  | {
      readonly ok: true;
      readonly bet: Bet;
      readonly balance: BookBalance;
      readonly position: Position;
      readonly replayed: boolean;
    }
  | { readonly ok: false; readonly code: 'unknown_bet' };

/** What was posted now, from the player's and from the book's side at K-Rain. `left`: bets whose fate K-Rain still owes. */
export interface BookSettleOutcome {
  readonly ok: true;
  readonly net: bigint;
  readonly hedge: bigint;
  readonly left: number;
}

export interface BookOutcomes {
  readonly book_transfer: BookTransferOutcome;
  readonly book_place: PlaceOutcome;
  readonly book_answer: BookAnswerOutcome;
  readonly book_settle: BookSettleOutcome;
}

// ---- picture and changes --------------------------------------------------------------------------------------

export interface BookPicture {
  readonly players: Map<BookPlayerId, BookPlayer>;
  readonly sessions: Map<RainSessionId, BookSession>;
  readonly positions: Map<string, Position>;
  readonly bets: Map<BetId, Bet>;
  /** By `betKeyText`. */
  readonly betsByKey: Map<string, Bet>;
  /** By `tsCodeText`. */
  readonly transfers: Map<string, TransferRecord>;
  /** Visits that are not over. */
  readonly visits: Set<VisitId>;
}
export interface BookChanges {
  readonly players: readonly BookPlayer[];
  readonly sessions: readonly BookSession[];
  readonly positions: readonly Position[];
  readonly bets: readonly Bet[];
  /** Of these, those that are new. */
  readonly fresh: { readonly positions: ReadonlySet<Position>; readonly bets: ReadonlySet<Bet> };
  readonly transfers: readonly TransferRecord[];
  /** Positions settled by a result: their matched bets become SETTLED or VOID, but for those matched behind it. */
  readonly settled: readonly {
    readonly position: Position;
    readonly result: GameResult;
    readonly later: ReadonlySet<BetId>;
  }[];
}

export function positionKeyText(sessionId: RainSessionId, playerId: BookPlayerId): string {
  return `${sessionId}/${playerId}`;
}
export function betKeyText(playerId: BookPlayerId, key: string): string {
  return `${playerId}/${key}`;
}
export function tsCodeText(operatorId: BookOperatorId, tsCode: string): string {
  return `${operatorId}/${tsCode}`;
}
