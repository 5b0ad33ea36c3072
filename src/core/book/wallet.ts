/**
 * Money between a book operator and its player's credit (contract kbook, Calls). A transfer folds the profit and loss
 * since the last one into the credit: after = before + profit and loss + amount.
 */
import { CODE } from '../chart.ts';
import { type AgentId, trusted } from '../ids.ts';
import type { Batch } from '../ledger.ts';
import { nameShortage, spendable } from './account.ts';
import { type BookTransfer, type BookTransferOutcome, type TransferRecord, tsCodeText } from './types.ts';

/** The same code with the same content gives the first answer again and moves nothing; nothing is kept of a refusal. */
export function transferCredit(batch: Batch, command: BookTransfer): BookTransferOutcome {
  const { player, tsCode, direction } = command;
  const stored = batch.book.picture.transfers.get(tsCodeText(player.operatorId, tsCode));
  if (stored !== undefined) {
    return isSame(stored, command)
      ? { ok: true, record: stored, replayed: true }
      : { ok: false, code: 'key_reused' };
  }
  const withdrawable = spendable(batch, player.accountId);
  const amount = command.amount === 'all' ? withdrawable : command.amount;
  if (direction === 'withdraw' && amount > withdrawable) return { ok: false, code: 'insufficient_balance' };
  // From here on it must succeed.
  const account = batch.account(player.accountId);
  const known = batch.book.player(player.id);
  const { balance: balanceBefore, reserved: exposure } = account;
  const signed = direction === 'deposit' ? amount : -amount;
  nameShortage(batch, account, signed);
  const { id: transferId } = batch.post({
    code: direction === 'deposit' ? CODE.bookDeposit : CODE.bookWithdraw,
    agentId: agentOf(player.operatorId),
    playerId: trusted(player.id),
    debit: direction === 'deposit' ? command.outsideId : player.accountId,
    credit: direction === 'deposit' ? player.accountId : command.outsideId,
    amount,
    externalId: tsCode,
  });
  const record: TransferRecord = {
    operatorId: player.operatorId,
    tsCode,
    playerId: player.id,
    kind: kindOf(command),
    amount: signed,
    profitLoss: balanceBefore - known.credit,
    exposure,
    creditBefore: known.credit,
    creditAfter: account.balance,
    transferId,
    at: batch.now,
  };
  known.credit = account.balance;
  batch.book.touchPlayer(known);
  batch.book.addTransfer(record);
  return { ok: true, record, replayed: false };
}

/** An operator's money is kept as an agent's: both draw their ids from one sequence. */
export function agentOf(operatorId: BookTransfer['player']['operatorId']): AgentId {
  return trusted<AgentId>(operatorId);
}

function kindOf({ direction, amount }: BookTransfer): TransferRecord['kind'] {
  return amount === 'all' ? 'withdraw_all' : direction;
}

function isSame(stored: TransferRecord, command: BookTransfer): boolean {
  if (stored.playerId !== command.player.id || stored.kind !== kindOf(command)) return false;
  const amount = stored.amount < 0n ? -stored.amount : stored.amount;
  return command.amount === 'all' || command.amount === amount;
}
