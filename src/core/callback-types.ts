/**
 * Seamless wallets, as the ledger sees them (contract xt §5): what operators must be asked and told, the commands that
 * end a question or a delivery, and what they come to. Amounts are minor units; instants epoch ms of the database's
 * clock.
 */
import type { TransferCode } from './chart.ts';
import type { AnswerClass, Verdict } from './delivery.ts';
import type { AccountId, AgentId, GameId, Instant, PlayerId, StudioId, TransferId } from './ids.ts';
import type { StudioItem } from './ledger-types.ts';

/** Whose money an item moves. */
export interface Stakeholder {
  readonly id: PlayerId;
  readonly agentId: AgentId;
  /** Locked for everything about the player. */
  readonly walletId: AccountId;
  /** Where stakes come from and payouts go: the wallet, or in seamless mode the agent's POT. */
  readonly fundsId: AccountId;
}
export function isSeamless(player: Pick<Stakeholder, 'walletId' | 'fundsId'>): boolean {
  return player.fundsId !== player.walletId;
}

/**
 * What an operator has to be asked (a bet in flight) or told (what has happened), under the transaction's public id.
 * A seamless player's outstanding callbacks are a line in the order of ids; only its head is worked on.
 */
export interface Callback {
  readonly id: TransferId;
  readonly agentId: AgentId;
  readonly playerId: PlayerId;
  /** The player's wallet: whoever works on the callback locks it. */
  readonly walletId: AccountId;
  readonly code: TransferCode;
  readonly amount: bigint;
  readonly refererId: TransferId | null;
  readonly gameId: GameId | null;
  readonly round: string | null;
  readonly studioId: StudioId | null;
  readonly externalId: string | null;
  /** The player's balance after it, as the operator is told. */
  readonly after: bigint;
  /** When it was decided: exact text, and epoch ms. */
  readonly at: string;
  readonly atMs: Instant;
  state: CallbackState;
  /** How often it was tried in vain. */
  attempts: number;
  /** When somebody must look after it; null: others come first, or nobody will. */
  nextAt: Instant | null;
  resolution: { readonly by: string; readonly reason: string } | null;
}
/** Numbers in the database are places in this list. */
export const CALLBACK_STATES = ['asking', 'due', 'listed', 'resolved'] as const;
export type CallbackState = (typeof CALLBACK_STATES)[number];

/** One attempt at a callback, as it is recorded. */
export interface CallbackAttempt {
  readonly class: AnswerClass;
  readonly status: number | null;
  readonly elapsedMs: number;
  readonly request: string;
  /** The first of what came back. */
  readonly answer: string;
}

// ---- commands and their outcomes ----------------------------------------------------------------------------------

/** Ends a question to the operator: what it answered, or that nobody knows. */
export interface SettleAsked {
  readonly kind: 'settle_asked';
  readonly id: TransferId;
  readonly verdict: Verdict;
  readonly player: Stakeholder;
  /** The item that asked; null after a restart, when nobody can know the answer any more. */
  readonly item: StudioItem | null;
  readonly scope: StudioId;
  readonly key: string;
  /** The operator's own figure, where it is to be believed. */
  readonly balance: bigint | null;
  readonly attempt: CallbackAttempt | null;
}

/** What came of one attempt to deliver. */
export interface CallbackDone {
  readonly kind: 'callback_done';
  readonly id: TransferId;
  readonly player: Pick<Stakeholder, 'id' | 'walletId'>;
  readonly delivered: boolean;
  readonly balance: bigint | null;
  /** When not delivered: tried again after this, or given up once it is older than the cut-off. */
  readonly retryInMs: number;
  readonly cutoffMs: number;
  readonly attempt: CallbackAttempt;
}

/** Staff acts on a callback: send it again now, or take it off as settled by hand. */
export interface CallbackAct {
  readonly kind: 'callback_act';
  readonly act: 'resend' | 'resolve';
  readonly id: TransferId;
  readonly player: Pick<Stakeholder, 'id' | 'walletId'>;
  readonly by: string;
  readonly reason: string;
}

/** What a seamless player holds at its operator, as the operator has just said. */
export interface LearnBalance {
  readonly kind: 'learn_balance';
  readonly player: Pick<Stakeholder, 'id' | 'walletId'>;
  readonly balance: bigint;
}

export type CallbackDoneOutcome = {
  /** gone: somebody else was through with it before. */
  readonly fate: 'delivered' | 'again' | 'listed' | 'gone';
};
export type CallbackActOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'unknown_callback' | 'bet_in_flight' | 'already_resolved' };

// ---- changes ----------------------------------------------------------------------------------------------------

export interface CallbackChanges {
  readonly added: readonly Callback[];
  readonly changed: readonly Callback[];
  readonly removed: readonly TransferId[];
  readonly attempts: readonly (CallbackAttempt & { readonly callback: Callback; readonly n: number })[];
  /** Heads of lines the caller's node has taken on: to be delivered now. */
  readonly due: readonly Callback[];
}
