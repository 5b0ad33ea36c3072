/**
 * Settlement of a position by its session's result: one transfer of the player's net, one of what K-Rain's part brings
 * the book. What has been posted before is taken off, so a correction posts the difference and a repeat nothing.
 */
import { CODE, type TransferCode } from '../chart.ts';
import { type AccountId, trusted } from '../ids.ts';
import type { Batch } from '../ledger.ts';
import { nameShortage, restate } from './account.ts';
import { underResult } from './exposure.ts';
import type { BookSession, BookSettle, BookSettleOutcome } from './types.ts';
import { agentOf } from './wallet.ts';

export function settlePosition(batch: Batch, command: BookSettle): BookSettleOutcome {
  const session = batch.book.session(command.sessionId);
  const position = batch.book.position(command.sessionId, command.player);
  if (position.bets === 0 || position.version === session.version)
    return { ok: true, net: 0n, hedge: 0n, left: position.pending };
  const net = underResult(position.net, session.result) - position.settledNet;
  const hedge = underResult(position.hedge, session.result) - position.settledHedge;
  const account = batch.account(position.accountId);
  position.settledNet += net;
  position.settledHedge += hedge;
  // Fully settled only when nothing more can come from K-Rain.
  position.version = position.pending === 0 ? session.version : 0;
  restate(batch, position, session.result);
  nameShortage(batch, account, net);
  const { poolId, krainId } = command.accounts;
  const cause = { player: command.player, externalId: causeOf(session) };
  // The winner's money comes from the pool, the loser's goes there.
  post(batch, cause, {
    amount: net,
    winner: position.accountId,
    loser: poolId,
    won: CODE.bookWin,
    lost: CODE.bookLoss,
  });
  post(batch, cause, {
    amount: hedge,
    winner: poolId,
    loser: krainId,
    won: CODE.krainWin,
    lost: CODE.krainLoss,
  });
  batch.book.settle(position, session.result);
  return { ok: true, net, hedge, left: position.pending };
}

interface Posting {
  /** From the loser to the winner; below zero the other way. */
  readonly amount: bigint;
  readonly winner: AccountId;
  readonly loser: AccountId;
  readonly won: TransferCode;
  readonly lost: TransferCode;
}

function post(
  batch: Batch,
  { player, externalId }: Pick<BookSettle, 'player'> & { readonly externalId: string },
  { amount, winner, loser, won, lost }: Posting,
): void {
  if (amount === 0n) return;
  const isWon = amount > 0n;
  batch.post({
    code: isWon ? won : lost,
    agentId: agentOf(player.operatorId),
    playerId: trusted(player.id),
    debit: isWon ? loser : winner,
    credit: isWon ? winner : loser,
    amount: isWon ? amount : -amount,
    externalId,
  });
}

/** Session and version of the result: what every transfer of a settlement goes back to. */
function causeOf({ id, version }: BookSession): string {
  return `session ${id}.${version}`;
}
