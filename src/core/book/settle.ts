/**
 * Settlement of a position by its session's result: one transfer of the player's net, one of what K-Rain's part brings
 * the book. What has been posted before is taken off, so a correction posts the difference and a repeat nothing.
 */
import { CODE } from '../chart.ts';
import { trusted } from '../ids.ts';
import type { Batch } from '../ledger.ts';
import { nameShortage, restate } from './account.ts';
import { underResult } from './exposure.ts';
import type { BookSession, BookSettle, BookSettleOutcome } from './types.ts';
import { agentOf } from './wallet.ts';

export function settlePosition(batch: Batch, command: BookSettle): BookSettleOutcome {
  const session = batch.book.session(command.sessionId);
  const position = batch.book.position(command.sessionId, command.player);
  if (session.version === 0 || position.bets === 0)
    return { ok: true, net: 0n, hedge: 0n, left: position.pending };
  const net = underResult(position.net, session.result) - position.settledNet;
  const hedge = underResult(position.hedge, session.result) - position.settledHedge;
  if (position.version === session.version) return { ok: true, net: 0n, hedge: 0n, left: position.pending };
  const account = batch.account(position.accountId);
  position.settledNet += net;
  position.settledHedge += hedge;
  // Fully settled only when nothing more can come from K-Rain.
  position.version = position.pending === 0 ? session.version : 0;
  restate(batch, position, session.result);
  nameShortage(batch, account, net);
  postNet(batch, { command, session, net });
  postHedge(batch, { command, session, hedge });
  batch.book.settle(position, session.result);
  return { ok: true, net, hedge, left: position.pending };
}

interface Posting {
  readonly command: BookSettle;
  readonly session: BookSession;
}

/** The winner's money comes from the pool, the loser's goes there. */
function postNet(batch: Batch, { command, session, net }: Posting & { net: bigint }): void {
  if (net === 0n) return;
  const { player, accounts } = command;
  const won = net > 0n;
  batch.post({
    code: won ? CODE.bookWin : CODE.bookLoss,
    agentId: agentOf(player.operatorId),
    playerId: trusted(player.id),
    debit: won ? accounts.poolId : player.accountId,
    credit: won ? player.accountId : accounts.poolId,
    amount: won ? net : -net,
    externalId: causeOf(session),
  });
}

function postHedge(batch: Batch, { command, session, hedge }: Posting & { hedge: bigint }): void {
  if (hedge === 0n) return;
  const { player, accounts } = command;
  const won = hedge > 0n;
  batch.post({
    code: won ? CODE.krainWin : CODE.krainLoss,
    agentId: agentOf(player.operatorId),
    playerId: trusted(player.id),
    debit: won ? accounts.krainId : accounts.poolId,
    credit: won ? accounts.poolId : accounts.krainId,
    amount: won ? hedge : -hedge,
    externalId: causeOf(session),
  });
}

/** Session and version of the result: what every transfer of a settlement goes back to. */
function causeOf({ id, version }: BookSession): string {
  return `session ${id}.${version}`;
}
