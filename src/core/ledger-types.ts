/**
 * What the ledger decides about: the picture a batch was prefetched into, the closed union of commands, their
 * outcomes, and the changes a batch makes. Amounts are minor units; instants epoch ms of the database's clock.
 */

import type { BookChanges, BookCommand, BookOutcomes, BookPicture } from './book/types.ts';
import type {
  Callback,
  CallbackAct,
  CallbackActOutcome,
  CallbackChanges,
  CallbackDone,
  CallbackDoneOutcome,
  LearnBalance,
  SettleAsked,
  Stakeholder,
} from './callback-types.ts';
import type { AccountKind, TransferCode } from './chart.ts';
import type {
  AccountId,
  AgentId,
  GameId,
  Instant,
  PlayerId,
  SessionId,
  StudioId,
  TransferId,
  VendorId,
} from './ids.ts';
import type { LimitRow, Protection } from './limits.ts';
import type { Currency } from './money.ts';
import type { Round, VendorRules } from './round.ts';

export interface Account {
  readonly id: AccountId;
  readonly kind: AccountKind;
  readonly currency: Currency;
  balance: bigint;
  reserved: bigint;
  /** How far a correction has left a rain-book player's credit short of what it promises. */
  overdraft: bigint;
  /** A seamless player's wallet: what its operator holds for it, as last told and moved since. Null: never told. */
  known: bigint | null;
  /** Instant of the last paced call that was decided. */
  pacedAt: Instant | null;
}

export interface Agent {
  readonly id: AgentId;
  readonly path: readonly AgentId[];
  readonly currency: Currency;
  readonly wallet: 'transfer' | 'seamless';
  readonly pacing: boolean;
}

export interface Player extends Protection {
  readonly id: PlayerId;
  readonly agentId: AgentId;
  readonly walletId: AccountId;
}

export interface Session {
  readonly id: SessionId;
  readonly playerId: PlayerId;
  readonly ended: boolean;
  readonly expiresAt: Instant;
}

/** A game as the catalogue knows it, resolved by the edge and fixed for the command. */
export interface Game {
  readonly id: GameId;
  readonly vendorId: VendorId;
  readonly enabled: boolean;
  readonly rules: VendorRules;
}

/** Numbers in the database are places in this list. */
export const RESERVATION_STATES = ['held', 'posted', 'void'] as const;

export interface Reservation {
  readonly id: TransferId;
  readonly agentId: AgentId;
  readonly debit: AccountId;
  readonly credit: AccountId;
  readonly amount: bigint;
  readonly code: TransferCode;
  readonly owner: string;
  state: (typeof RESERVATION_STATES)[number];
  transferId: TransferId | null;
}

/** An answer kept under its id. `content` is what the id stands for; '' is the tombstone of a cancel. */
export interface Stored {
  readonly scope: AgentId | StudioId;
  readonly key: string;
  readonly content: string;
  readonly outcome: unknown;
  readonly transferId: TransferId | null;
  /** True when the row is in the database already: a tombstone that its bet replaces. */
  readonly persisted: boolean;
}

export interface RoundKey {
  readonly gameId: GameId;
  readonly ref: string;
  readonly playerId: PlayerId;
}
export interface KnownRound extends RoundKey {
  readonly agentId: AgentId;
  readonly studioId: StudioId;
  round: Round;
}

/** Everything the commands of a batch name, loaded under lock. The batch owns it and works on it. */
export interface Picture {
  readonly accounts: Map<AccountId, Account>;
  readonly agents: Map<AgentId, Agent>;
  readonly players: Map<PlayerId, Player>;
  readonly sessions: Map<SessionId, Session>;
  readonly rounds: Map<string, KnownRound>;
  readonly stored: Map<string, Stored>;
  readonly reservations: Map<TransferId, Reservation>;
  /** The first of each named seamless player's line, and callbacks named by id. */
  readonly callbacks: Map<TransferId, Callback>;
  readonly limits: readonly LimitRow[];
  readonly book: BookPicture;
}

export function roundKeyText(key: RoundKey): string {
  return `${key.gameId}/${key.playerId}/${key.ref}`;
}
export function storedKeyText(scope: AgentId | StudioId, key: string): string {
  return `${scope}/${key}`;
}

// ---- commands -------------------------------------------------------------------------------------------------

export interface WalletTransfer {
  readonly kind: 'wallet_transfer';
  readonly direction: 'add' | 'subtract' | 'subtract_all';
  readonly agentId: AgentId;
  readonly playerId: PlayerId;
  readonly walletId: AccountId;
  readonly potId: AccountId;
  /** Minor units; ignored for subtract_all. */
  readonly amount: bigint;
  /** The caller's uuid; null = not repeatable. */
  readonly key: string | null;
  readonly ip: string | null;
}

/** Any other single transfer between two known accounts: POT up and down the tree, points given or exchanged. */
export interface Move {
  readonly kind: 'move';
  readonly code: TransferCode;
  readonly agentId: AgentId;
  readonly playerId: PlayerId | null;
  readonly debit: AccountId;
  readonly credit: AccountId;
  /** Those of the two that hold somebody's money, to be locked; the others are folded later. */
  readonly locked: readonly AccountId[];
  /** 'all' empties the debited account. */
  readonly amount: bigint | 'all';
  readonly key: string | null;
  readonly ip: string | null;
}

export type ItemType = 'bet' | 'win' | 'cancel' | 'charge' | 'adjust_credit' | 'adjust_debit' | 'promo_win';

export interface StudioItem {
  readonly kind: 'studio_item';
  readonly studioId: StudioId;
  /** The vendor's own id, unique per studio for ever. */
  readonly id: string;
  readonly type: ItemType;
  /** Hash of what the id stands for: a repeat must be the same. */
  readonly content: string;
  /** Null when the studio named nobody it has had a session with. */
  readonly player: Stakeholder | null;
  readonly sessionId: SessionId | null;
  /** Null when the currency is unknown. */
  readonly vendorAccount: AccountId | null;
  readonly game: Game | null;
  readonly round: string | null;
  /** Minor units; null when absent (cancel) or ill-formed (`amountValid` false). */
  readonly amount: bigint | null;
  readonly amountValid: boolean;
  readonly currency: string;
  readonly reference: string | null;
  readonly closesRound: boolean;
  readonly detail: string | null;
  /** Seamless: false when the operator would not be asked now; then what needs its consent is refused. */
  readonly mayAsk: boolean;
  /** Seamless: true when the operator was asked for the balance just now. */
  readonly balanceAsked: boolean;
}

export interface RoundEnd {
  readonly kind: 'round_end';
  /** close: what is open is lost; void: it is refunded; settle: it wins `amount`. */
  readonly mode: 'close' | 'void' | 'settle';
  readonly key: RoundKey;
  readonly studioId: StudioId;
  readonly agentId: AgentId;
  readonly walletId: AccountId;
  readonly fundsId: AccountId;
  readonly vendorAccount: AccountId;
  readonly game: Game;
  readonly amount: bigint;
}

export interface Reserve {
  readonly kind: 'reserve';
  readonly agentId: AgentId;
  readonly debit: AccountId;
  readonly credit: AccountId;
  readonly amount: bigint;
  readonly code: TransferCode;
  readonly owner: string;
}
export interface EndReservation {
  readonly kind: 'post' | 'void';
  readonly reservationId: TransferId;
  /** The reservation's accounts that hold somebody's money, to be locked. */
  readonly locked: readonly AccountId[];
  /** post only: at most what is reserved, the rest is released. Null = all of it. */
  readonly amount: bigint | null;
}

export type Command =
  | WalletTransfer
  | Move
  | StudioItem
  | RoundEnd
  | Reserve
  | EndReservation
  | SettleAsked
  | CallbackDone
  | CallbackAct
  | LearnBalance
  | BookCommand;

// ---- outcomes: closed unions in order of precedence -----------------------------------------------------------

export type WalletRefusal =
  | 'key_reused'
  | 'wallet_is_seamless'
  | 'too_soon'
  | 'agent_balance_too_low'
  | 'user_balance_too_low';
export type WalletOutcome =
  | {
      readonly ok: true;
      readonly transferId: TransferId;
      readonly balance: bigint;
      readonly amount: bigint;
      readonly replayed: boolean;
    }
  | { readonly ok: false; readonly code: WalletRefusal; readonly retryAfterMs: number };

export type MoveRefusal = 'key_reused' | 'balance_too_low' | 'invalid_amount';
export type MoveOutcome =
  | {
      readonly ok: true;
      readonly transferId: TransferId;
      readonly debitBalance: bigint;
      readonly creditBalance: bigint;
      readonly amount: bigint;
      readonly replayed: boolean;
    }
  | { readonly ok: false; readonly code: MoveRefusal };

/** Contract studio, rules 1–7, in the order in which they are checked. */
export const ITEM_REFUSALS = [
  'id_reused',
  'unknown_player',
  'session_ended',
  'player_blocked',
  'game_disabled',
  'currency_mismatch',
  'invalid_amount',
  'round_ended',
  'cancelled_before',
  'bet_too_soon',
  'limit_exceeded',
  'insufficient_funds',
  'operator_refused',
  'operator_unavailable',
  'unknown_round',
  'already_settled',
  'amount_mismatch',
] as const;
export type ItemRefusal = (typeof ITEM_REFUSALS)[number];

/** What is stored and answered for an item; amounts as text because it lives as JSON. */
export interface ItemAnswer {
  /** pending: the operator is being asked; kept so that the id is taken. */
  readonly status: 'accepted' | 'refused' | 'pending';
  readonly code: ItemRefusal | null;
  readonly transactionId: TransferId | null;
  readonly balance: string | null;
  /** Where the bet stands, for a cancel or a win that names it. */
  readonly bet: {
    readonly round: string;
    readonly gameId: GameId;
    readonly playerId: PlayerId;
    readonly bundle: number;
    readonly vendorAccount: AccountId;
  } | null;
}
export type Answered = {
  readonly kind: 'answered';
  readonly answer: ItemAnswer;
  readonly replayed: boolean;
};
export type ItemOutcome =
  | Answered
  /** The money is promised and the question durable: put it to the operator, then settle. */
  | { readonly kind: 'ask'; readonly callback: Callback }
  /** Nothing was decided: the operator must be asked for the balance first. */
  | { readonly kind: 'ask_balance' }
  /** Nothing was decided: something of the player is on its way to the operator. Come again when it is through. */
  | { readonly kind: 'wait' };

export type RoundEndOutcome =
  | { readonly ok: true; readonly transferId: TransferId | null }
  | { readonly ok: false; readonly code: 'unknown_round' | 'round_not_open' | 'bet_in_flight' };

export type ReserveOutcome =
  | { readonly ok: true; readonly reservationId: TransferId }
  | { readonly ok: false; readonly code: 'balance_too_low' | 'invalid_amount' };
export type EndReservationOutcome =
  | { readonly ok: true; readonly transferId: TransferId | null; readonly replayed: boolean }
  | {
      readonly ok: false;
      readonly code: 'unknown_reservation' | 'already_posted' | 'already_void' | 'invalid_amount';
    };

export interface OutcomeByKind extends BookOutcomes {
  readonly wallet_transfer: WalletOutcome;
  readonly move: MoveOutcome;
  readonly studio_item: ItemOutcome;
  readonly round_end: RoundEndOutcome;
  readonly reserve: ReserveOutcome;
  readonly post: EndReservationOutcome;
  readonly void: EndReservationOutcome;
  readonly settle_asked: Answered;
  readonly callback_done: CallbackDoneOutcome;
  readonly callback_act: CallbackActOutcome;
  readonly learn_balance: { readonly ok: true };
}
export type OutcomeOf<C extends Command> = OutcomeByKind[C['kind']];
export type Outcome = OutcomeByKind[Command['kind']];

// ---- changes --------------------------------------------------------------------------------------------------

export interface Transfer {
  readonly id: TransferId;
  readonly code: TransferCode;
  readonly agentId: AgentId;
  readonly playerId: PlayerId | null;
  readonly debit: AccountId;
  readonly credit: AccountId;
  readonly amount: bigint;
  readonly debitBefore: bigint | null;
  readonly creditBefore: bigint | null;
  /** Seamless: the player's balance at the operator before it, as known. */
  readonly playerBefore: bigint | null;
  /** Place in its batch. */
  readonly step: number;
  readonly refererId: TransferId | null;
  readonly gameId: GameId | null;
  readonly round: string | null;
  readonly opensRound: boolean;
  readonly studioId: StudioId | null;
  readonly externalId: string | null;
  readonly ip: string | null;
}

export interface Changes {
  readonly transfers: readonly Transfer[];
  readonly accounts: readonly Account[];
  readonly rounds: readonly KnownRound[];
  readonly stored: readonly Stored[];
  readonly reservations: readonly Reservation[];
  readonly details: readonly { readonly transferId: TransferId; readonly detail: string }[];
  readonly callbacks: CallbackChanges;
  readonly book: BookChanges;
}
