/** Two-phase transfers: reserve → post | void, for everything that waits on somebody else's answer. */
import type { Batch } from './ledger.ts';
import type { EndReservation, EndReservationOutcome, Reserve, ReserveOutcome } from './ledger-types.ts';

/** Promises money of the debited account: it stays in the balance but can no longer be spent. */
export function reserve(batch: Batch, command: Reserve): ReserveOutcome {
  if (command.amount <= 0n) return { ok: false, code: 'invalid_amount' };
  if (batch.available(command.debit) < command.amount) return { ok: false, code: 'balance_too_low' };
  const account = batch.account(command.debit);
  account.reserved += command.amount;
  batch.touch(account);
  const { agentId, debit, credit, amount, code, owner } = command;
  const id = batch.takeId();
  batch.setReservation({ id, agentId, debit, credit, amount, code, owner, state: 'held', transferId: null });
  return { ok: true, reservationId: id };
}

/** Ends a reservation once: a repeat of the same end gives the same answer, the other end is refused. */
export function endReservation(batch: Batch, command: EndReservation): EndReservationOutcome {
  const held = batch.picture.reservations.get(command.reservationId);
  if (held === undefined) return { ok: false, code: 'unknown_reservation' };
  if (held.state === 'posted') {
    return command.kind === 'post'
      ? { ok: true, transferId: held.transferId, replayed: true }
      : { ok: false, code: 'already_posted' };
  }
  if (held.state === 'void') {
    return command.kind === 'void'
      ? { ok: true, transferId: null, replayed: true }
      : { ok: false, code: 'already_void' };
  }
  const amount = command.amount ?? held.amount;
  if (amount < 0n || amount > held.amount) return { ok: false, code: 'invalid_amount' };
  const account = batch.account(held.debit);
  account.reserved -= held.amount;
  batch.touch(account);
  held.state = command.kind === 'post' ? 'posted' : 'void';
  if (command.kind === 'post') {
    const { agentId, debit, credit, code } = held;
    held.transferId = batch.post({ code, agentId, playerId: null, debit, credit, amount }).id;
  }
  batch.setReservation(held);
  return { ok: true, transferId: held.transferId, replayed: false };
}
