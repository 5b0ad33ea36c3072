/**
 * Seamless wallets in the ledger (contract xt §5). A bet or a charge is asked: its amount is promised from the agent's
 * POT, the question is durable, and the operator's answer, or that nobody knows it, ends it. Everything else has
 * happened when it is booked, and is told.
 *
 * Whatever was or may have been processed by the operator has its row: a bet whose answer was lost is booked together
 * with the cancel that takes it back, under the ids the operator is told.
 */
import type {
  Callback,
  CallbackAct,
  CallbackActOutcome,
  CallbackDone,
  CallbackDoneOutcome,
  LearnBalance,
  SettleAsked,
} from './callback-types.ts';
import { CODE, type TransferCode } from './chart.ts';
import type { Instant } from './ids.ts';
import type { Batch } from './ledger.ts';
import type { Answered, ItemAnswer, ItemRefusal, Reservation, StudioItem } from './ledger-types.ts';

/** What is kept under an id whose operator is being asked. */
export const PENDING: ItemAnswer = {
  status: 'pending',
  code: null,
  transactionId: null,
  balance: null,
  bet: null,
};

export function isPending(outcome: unknown): boolean {
  return (outcome as ItemAnswer | null | undefined)?.status === 'pending';
}

/** What a question needs to be put: the item, whose guards hold, and where its money goes. */
export interface Question {
  readonly item: StudioItem & { readonly player: NonNullable<StudioItem['player']>; readonly amount: bigint };
  readonly code: typeof CODE.bet | typeof CODE.charge;
  readonly vendorAccount: Reservation['credit'];
}

export type MayAsk = { readonly refused: ItemRefusal } | 'ask' | 'ask_balance' | 'wait';

/** The last guards of spending in seamless mode: the line to the operator is clear, and the money is said to be there. */
export function mayAsk(batch: Batch, { item }: Pick<Question, 'item'>): MayAsk {
  if (!item.mayAsk) return { refused: 'operator_unavailable' };
  const head = batch.callbacks.headOf(item.player.id);
  // What was told before must have arrived: a bet may not overtake a win, nor the cancel of the bet before.
  if (head !== undefined) return head.attempts > 0 ? { refused: 'operator_unavailable' } : 'wait';
  const { known } = batch.account(item.player.walletId);
  if (known !== null && known >= item.amount) return 'ask';
  if (!item.balanceAsked) return 'ask_balance';
  return { refused: 'insufficient_funds' };
}

/** Promises the amount and makes the question durable. */
export function ask(batch: Batch, { item, code, vendorAccount: credit }: Question) {
  const { id: playerId, agentId, fundsId: debit, walletId } = item.player;
  const { amount, round, studioId } = item;
  const id = batch.takeId();
  const funds = batch.account(debit);
  funds.reserved += amount;
  batch.touch(funds);
  batch.setReservation({
    id,
    agentId,
    debit,
    credit,
    amount,
    code,
    owner: 'callback',
    state: 'held',
    transferId: null,
  });
  batch.store({ scope: studioId, key: item.id, content: item.content, outcome: PENDING, transferId: null });
  return batch.callbacks.ask({
    id,
    agentId,
    playerId,
    walletId,
    code,
    amount,
    refererId: null,
    gameId: item.game?.id ?? null,
    round,
    studioId,
    externalId: item.id,
    after: (batch.account(walletId).known ?? 0n) - amount,
  });
}

/** Books what the operator consented to, under the id it was asked by; says what is kept of it. */
export type Book = (batch: Batch, item: StudioItem, id: SettleAsked['id']) => ItemAnswer['bet'];

/**
 * Ends a question, once: a second end finds the answer of the first. `book` is told for `accepted`.
 * Throws when an acceptance comes without its item: only the one who asked can know of it.
 */
export function settleAsked(batch: Batch, command: SettleAsked, book: Book): Answered {
  const held = batch.picture.reservations.get(command.id);
  const callback = batch.callbacks.find(command.id);
  const stored = batch.stored(command.scope, command.key);
  if (held === undefined || stored === undefined) throw new Error(`question ${command.id} was never asked`);
  if (held.state !== 'held' || callback === undefined)
    return { kind: 'answered', answer: stored.outcome as ItemAnswer, replayed: true };
  release(batch, held);
  if (command.attempt !== null) batch.callbacks.record(callback, command.attempt);
  batch.callbacks.leave(callback, 'done');
  const refusal = REFUSAL[command.verdict];
  let bet: ItemAnswer['bet'] = null;
  if (command.verdict === 'accepted') {
    if (command.item === null)
      throw new Error(`question ${command.id} was accepted, but by whom is not known`);
    held.state = 'posted';
    held.transferId = held.id;
    bet = book(batch, command.item, held.id);
    if (command.balance !== null) learn(batch, command.player.walletId, command.balance);
  } else if (command.verdict === 'unknown') {
    held.state = 'posted';
    held.transferId = held.id;
    bookAndTakeBack(batch, held, callback);
  } else {
    held.state = 'void';
  }
  batch.setReservation(held);
  const answer: ItemAnswer = {
    status: refusal === null ? 'accepted' : 'refused',
    code: refusal,
    transactionId: refusal === null ? held.id : null,
    balance: (batch.account(command.player.walletId).known ?? 0n).toString(),
    bet,
  };
  const { scope, key, content } = stored;
  batch.store({ scope, key, content, outcome: answer, transferId: answer.transactionId });
  return { kind: 'answered', answer, replayed: false };
}

const REFUSAL: Readonly<Record<SettleAsked['verdict'], ItemRefusal | null>> = {
  accepted: null,
  refused: 'operator_refused',
  unavailable: 'operator_unavailable',
  unknown: 'operator_unavailable',
};

function release(batch: Batch, held: Reservation): void {
  const funds = batch.account(held.debit);
  funds.reserved -= held.amount;
  batch.touch(funds);
}

/** Nobody knows whether the operator took it: booked, and taken back by a cancel it is told of. Not part of its round. */
function bookAndTakeBack(batch: Batch, held: Reservation, callback: Callback): void {
  const { agentId, debit, credit, amount } = held;
  const { playerId, gameId, round, studioId, externalId, walletId: tells } = callback;
  const row = { agentId, playerId, amount, gameId, round, studioId, tells };
  batch.post({ ...row, code: held.code, debit, credit, externalId }, held.id);
  batch.post({ ...row, code: CODE.cancel, debit: credit, credit: debit, refererId: held.id });
}

/** Ends one attempt to deliver: done with, tried again later, or given up and put on the list. */
export function callbackDone(batch: Batch, command: CallbackDone): CallbackDoneOutcome {
  const callback = batch.callbacks.find(command.id);
  if (callback === undefined || callback.state !== 'due') return { fate: 'gone' };
  batch.callbacks.record(callback, command.attempt);
  if (command.delivered) {
    batch.callbacks.leave(callback, 'done');
    // Only what the operator says after all it was told is the player's balance.
    const isLast = batch.callbacks.headOf(command.player.id) === undefined;
    if (command.balance !== null && isLast) learn(batch, command.player.walletId, command.balance);
    return { fate: 'delivered' };
  }
  callback.attempts += 1;
  if (batch.now - callback.atMs >= command.cutoffMs) {
    callback.state = 'listed';
    batch.callbacks.leave(callback, 'kept');
    return { fate: 'listed' };
  }
  callback.nextAt = (batch.now + command.retryInMs) as Instant;
  batch.callbacks.touch(callback);
  return { fate: 'again' };
}

/** Staff sends a callback again now, or takes it off the line or the list as settled by hand. */
export function callbackAct(batch: Batch, command: CallbackAct): CallbackActOutcome {
  const callback = batch.callbacks.find(command.id);
  if (callback === undefined) return { ok: false, code: 'unknown_callback' };
  if (callback.state === 'asking') return { ok: false, code: 'bet_in_flight' };
  if (callback.state === 'resolved') return { ok: false, code: 'already_resolved' };
  if (command.act === 'resend') {
    // Nothing is put before a question: it stays the head of its line, where every batch sees it.
    if (callback.state === 'listed' && batch.callbacks.isAsking(callback.playerId))
      return { ok: false, code: 'bet_in_flight' };
    if (callback.state === 'listed') batch.callbacks.putBack(callback);
    else if (callback === batch.callbacks.headOf(callback.playerId)) batch.callbacks.takeOn(callback);
    return { ok: true };
  }
  callback.state = 'resolved';
  callback.resolution = { by: command.by, reason: command.reason };
  batch.callbacks.leave(callback, 'kept');
  return { ok: true };
}

/** Believes what the operator has just said, unless something of the player is on its way there. */
export function learnBalance(batch: Batch, command: LearnBalance): { ok: true } {
  if (batch.callbacks.headOf(command.player.id) === undefined)
    learn(batch, command.player.walletId, command.balance);
  return { ok: true };
}

function learn(batch: Batch, walletId: LearnBalance['player']['walletId'], balance: bigint): void {
  const wallet = batch.account(walletId);
  if (wallet.known === balance) return;
  wallet.known = balance;
  batch.touch(wallet);
}

/** A question was put before it was booked: what is booked of it is not told again. */
export function isAsked(code: TransferCode): boolean {
  return code === CODE.bet || code === CODE.charge;
}
