/** Ending a round without a vendor's win: closed by the studio, voided or settled by the back office (rule 8). */
import { CODE } from './chart.ts';
import type { Batch } from './ledger.ts';
import { toldWallet } from './ledger-item.ts';
import { cutExcess } from './ledger-play.ts';
import type { KnownRound, RoundEnd, RoundEndOutcome } from './ledger-types.ts';
import { roundKeyText } from './ledger-types.ts';
import { addWin, cancelBets, closeRound } from './round.ts';

/**
 * close: what is open is lost, told by a win of 0 where the vendor's rules ask for one; closing twice is accepted.
 * void and settle need an open bundle.
 */
export function endRound(batch: Batch, command: RoundEnd): RoundEndOutcome {
  // What the bet in flight will do to the round is not known yet.
  if (batch.callbacks.isAsking(command.key.playerId)) return { ok: false, code: 'bet_in_flight' };
  const known = batch.picture.rounds.get(roundKeyText(command.key));
  if (known === undefined) return { ok: false, code: 'unknown_round' };
  if (command.mode === 'close') return close(batch, command, known);
  return command.mode === 'void' ? voidRound(batch, command, known) : settle(batch, command, known);
}

function close(batch: Batch, command: RoundEnd, known: KnownRound): RoundEndOutcome {
  if (known.round.closed) return { ok: true, transferId: null };
  const { round, lost } = closeRound(known.round);
  batch.setRound({ ...known, round });
  const [refererId] = lost;
  if (refererId === undefined || !command.game.rules.zeroWins) return { ok: true, transferId: null };
  return { ok: true, transferId: batch.post({ ...row(command, CODE.win), amount: 0n, refererId }).id };
}

function voidRound(batch: Batch, command: RoundEnd, known: KnownRound): RoundEndOutcome {
  const cancelled = cancelBets(known.round, { bundle: null, amount: null, now: batch.now });
  if (cancelled.kind !== 'refund') return { ok: false, code: 'round_not_open' };
  batch.setRound({ ...known, round: closeRound(cancelled.round).round });
  const { sum: amount, refererId } = cancelled;
  return { ok: true, transferId: batch.post({ ...row(command, CODE.cancel), amount, refererId }).id };
}

function settle(batch: Batch, command: RoundEnd, known: KnownRound): RoundEndOutcome {
  if (!known.round.bundles.some((bundle) => bundle.state === 'open'))
    return { ok: false, code: 'round_not_open' };
  const settled = addWin(known.round, null);
  if (settled === 'unknown_round') return { ok: false, code: 'round_not_open' };
  batch.setRound({ ...known, round: closeRound(settled.round).round });
  const { refererId } = settled;
  const won = batch.post({ ...row(command, CODE.win), amount: command.amount, refererId });
  cutExcess(batch, won, { vendorId: command.game.vendorId, tells: toldWallet(command) });
  return { ok: true, transferId: won.id };
}

function row(command: RoundEnd, code: typeof CODE.win | typeof CODE.cancel) {
  const { agentId, fundsId: credit, vendorAccount: debit, studioId } = command;
  const { playerId, gameId, ref: round } = command.key;
  return { code, agentId, playerId, debit, credit, gameId, round, studioId, tells: toldWallet(command) };
}
