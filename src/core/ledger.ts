/**
 * The ledger's decision: a pure synchronous function from a picture and commands to outcomes and changes.
 * No clock, no random, no waiting: `now` and the ids come in. Commands are applied one after another, each seeing
 * what the ones before it did, so any split of a stream into batches gives the same outcomes.
 *
 * Invariants (asserted here, repeated as constraints in sql/002-ledger.sql, proven by `croupier audit`):
 * a transfer takes from one account what it gives to another; an account of kind < 10 is never below zero and
 * never promises more than it holds; an id has one answer.
 */
import { answerBet } from './book/answer.ts';
import { BookDesk } from './book/desk.ts';
import { placeBet } from './book/place.ts';
import { settlePosition } from './book/settle.ts';
import { transferCredit } from './book/wallet.ts';
import { CallbackBook } from './callback-book.ts';
import { FEED, mayNotGoNegative } from './chart.ts';
import type { AccountId, Instant, TransferId } from './ids.ts';
import { callbackAct, callbackDone, isAsked, learnBalance } from './ledger-callback.ts';
import { playItem, settleItem } from './ledger-play.ts';
import { endReservation, reserve } from './ledger-reserve.ts';
import { endRound } from './ledger-round.ts';
import type {
  Account,
  Changes,
  Command,
  KnownRound,
  Outcome,
  Picture,
  Reservation,
  Stored,
  Transfer,
} from './ledger-types.ts';
import { roundKeyText, storedKeyText } from './ledger-types.ts';
import { move, transferWallet } from './ledger-wallet.ts';

/** Most transfers one command can make: a win, its exceed_credit, and the zero win of what its round leaves lost. */
export const TRANSFERS_PER_COMMAND_MAX = 3;

export interface BatchInput {
  readonly picture: Picture;
  readonly commands: readonly Command[];
  readonly now: Instant;
  /** The same instant exactly, as text. */
  readonly at: string;
  /** First of a block of ids that are this batch's alone; transfers take every second one. */
  readonly firstId: TransferId;
  /** False where nobody delivers callbacks (a command line): they are then due at once, for a node that does. */
  readonly delivers?: boolean;
}

/** Decides a batch; outcomes in the order of the commands. */
export function decide(input: BatchInput): { outcomes: Outcome[]; changes: Changes } {
  const batch = new Batch(input);
  const outcomes = input.commands.map((command) => apply(batch, command));
  return { outcomes, changes: batch.changes() };
}

function apply(batch: Batch, command: Command): Outcome {
  switch (command.kind) {
    case 'wallet_transfer':
      return transferWallet(batch, command);
    case 'move':
      return move(batch, command);
    case 'studio_item':
      return playItem(batch, command);
    case 'round_end':
      return endRound(batch, command);
    case 'reserve':
      return reserve(batch, command);
    case 'post':
    case 'void':
      return endReservation(batch, command);
    case 'settle_asked':
      return settleItem(batch, command);
    case 'callback_done':
      return callbackDone(batch, command);
    case 'callback_act':
      return callbackAct(batch, command);
    case 'learn_balance':
      return learnBalance(batch, command);
    case 'book_transfer':
      return transferCredit(batch, command);
    case 'book_place':
      return placeBet(batch, command);
    case 'book_answer':
      return answerBet(batch, command);
    case 'book_settle':
      return settlePosition(batch, command);
  }
}

/** What a transfer needs to be told; before-balances and id are the batch's to add. */
export type NewTransfer = Pick<Transfer, 'code' | 'agentId' | 'playerId' | 'debit' | 'credit' | 'amount'> &
  Partial<
    Pick<Transfer, 'refererId' | 'gameId' | 'round' | 'opensRound' | 'studioId' | 'externalId' | 'ip'>
  > & {
    /** A seamless player's wallet: what it holds at the operator moves along, and the operator is told. */
    readonly tells?: AccountId | null;
  };

/** The working state of one batch: the picture, and what has been changed in it so far. */
export class Batch {
  readonly now: Instant;
  readonly picture: Picture;
  readonly callbacks: CallbackBook;
  readonly book: BookDesk;
  private nextId: number;
  private readonly transfers: Transfer[] = [];
  private readonly details: { transferId: TransferId; detail: string }[] = [];
  private readonly dirtyAccounts = new Set<Account>();
  private readonly dirtyRounds = new Map<string, KnownRound>();
  private readonly dirtyStored = new Map<string, Stored>();
  private readonly dirtyReservations = new Set<Reservation>();

  constructor(input: BatchInput) {
    this.now = input.now;
    this.picture = input.picture;
    this.callbacks = new CallbackBook(input.picture.callbacks, input);
    this.book = new BookDesk(input.picture.book);
    this.nextId = input.firstId;
  }

  takeId(): TransferId {
    const id = this.nextId;
    this.nextId += 2;
    return id as TransferId;
  }

  account(id: AccountId): Account {
    const account = this.picture.accounts.get(id);
    if (account === undefined) throw new Error(`account ${id} was not prefetched`);
    return account;
  }

  /** What the account can still spend or promise. */
  available(id: AccountId): bigint {
    const account = this.account(id);
    return account.balance - account.reserved;
  }

  touch(account: Account): void {
    this.dirtyAccounts.add(account);
  }

  /** Posts a transfer. The caller has checked that the money is there: a shortage here is a bug. */
  post({ tells = null, ...wanted }: NewTransfer, id: TransferId = this.takeId()): Transfer {
    if (wanted.amount < 0n) throw new Error('a transfer can not be negative');
    const debitBefore = this.shift(wanted.debit, -wanted.amount);
    const creditBefore = this.shift(wanted.credit, wanted.amount);
    const transfer: Transfer = {
      refererId: null,
      gameId: null,
      round: null,
      opensRound: false,
      studioId: null,
      externalId: null,
      ip: null,
      ...wanted,
      id,
      debitBefore,
      creditBefore,
      playerBefore: tells === null ? null : (this.account(tells).known ?? 0n),
      step: this.transfers.length,
    };
    this.transfers.push(transfer);
    if (tells !== null) this.tell(transfer, tells);
    return transfer;
  }

  /** Moves what the player holds at its operator, who is told unless it was asked before. */
  private tell(transfer: Transfer, walletId: AccountId): void {
    const { id, agentId, playerId, code, amount, refererId, gameId, round, studioId, externalId } = transfer;
    if (playerId === null) throw new Error('nobody to tell of');
    const wallet = this.account(walletId);
    const after = (wallet.known ?? 0n) + (FEED[code].side === 'debit' ? -amount : amount);
    if (after !== wallet.known) {
      wallet.known = after;
      this.touch(wallet);
    }
    if (isAsked(code)) return;
    this.callbacks.tell({
      id,
      agentId,
      playerId,
      walletId,
      code,
      amount,
      refererId,
      gameId,
      round,
      studioId,
      externalId,
      after,
    });
  }

  /** Moves a locked account's balance and returns what it was; accounts that are folded later are not loaded. */
  private shift(id: AccountId, delta: bigint): bigint | null {
    const account = this.picture.accounts.get(id);
    if (account === undefined) return null;
    if (!mayNotGoNegative(account.kind)) return null;
    const before = account.balance;
    account.balance += delta;
    if (account.balance + account.overdraft < account.reserved)
      throw new Error(`account ${id} would go below zero`);
    if (delta !== 0n) this.touch(account);
    return before;
  }

  stored(scope: Stored['scope'], key: string): Stored | undefined {
    return this.picture.stored.get(storedKeyText(scope, key));
  }

  store(answer: Omit<Stored, 'persisted'>): void {
    const key = storedKeyText(answer.scope, answer.key);
    const persisted = this.picture.stored.get(key)?.persisted ?? false;
    const kept = { ...answer, persisted };
    this.picture.stored.set(key, kept);
    this.dirtyStored.set(key, kept);
  }

  setRound(known: KnownRound): void {
    const key = roundKeyText(known);
    this.picture.rounds.set(key, known);
    this.dirtyRounds.set(key, known);
  }

  setReservation(reservation: Reservation): void {
    this.picture.reservations.set(reservation.id, reservation);
    this.dirtyReservations.add(reservation);
  }

  addDetail(transferId: TransferId, detail: string): void {
    this.details.push({ transferId, detail });
  }

  changes(): Changes {
    return {
      transfers: this.transfers,
      accounts: [...this.dirtyAccounts],
      rounds: [...this.dirtyRounds.values()],
      stored: [...this.dirtyStored.values()],
      reservations: [...this.dirtyReservations],
      details: this.details,
      callbacks: this.callbacks.changes(),
      book: this.book.changes(),
    };
  }
}
