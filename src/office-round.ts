/** Ending an open round by hand (contract studio, rule 8): what the command line and the back office share. */
import type { GameId, PlayerId, TransferId } from './core/ids.ts';
import type { RoundEndOutcome } from './core/ledger-types.ts';
import { findAgentById } from './db/agent.ts';
import type { Sql } from './db/connect.ts';
import { findPlayerById } from './db/player.ts';
import type { Directory } from './engine/directory.ts';
import type { LedgerWriter } from './engine/ledger-writer.ts';

export interface HandEnd {
  readonly mode: 'void' | 'settle';
  readonly gameId: GameId;
  readonly ref: string;
  readonly playerId: PlayerId;
  /** What it wins, minor units; 0 for a voided one. */
  readonly amount: bigint;
}

export type HandEndRefusal = Extract<RoundEndOutcome, { ok: false }>['code'];
export type HandEndOutcome =
  | { readonly ok: true; readonly transferId: TransferId | null }
  | { readonly ok: false; readonly code: HandEndRefusal };

/** Why a round can't be ended by hand, in words. */
export const HAND_END_REFUSALS: Readonly<Record<HandEndRefusal, string>> = {
  unknown_round: 'no such round',
  round_not_open: 'the round is not open',
  bet_in_flight: 'a bet of the user is with its operator just now: try again',
};

/** Ends the round in the ledger; no line in the audit trail. Rejects with a LedgerFault. */
export async function endRoundByHand(
  { sql, directory, writer }: { sql: Sql; directory: Directory; writer: LedgerWriter },
  { mode, gameId, ref, playerId, amount }: HandEnd,
): Promise<HandEndOutcome> {
  const { byId } = await directory.catalogue();
  const game = byId.get(gameId);
  const player = await findPlayerById(sql, playerId);
  const agent = player === null ? null : await findAgentById(sql, player.agentId);
  if (game === undefined || player === null || agent === null) return { ok: false, code: 'unknown_round' };
  const vendorAccount = await directory.vendorAccount({
    agentId: agent.id,
    vendorId: game.vendorId,
    currency: agent.currency,
  });
  return writer.submit({
    kind: 'round_end',
    mode,
    key: { gameId, ref, playerId },
    studioId: game.studioId,
    agentId: agent.id,
    walletId: player.walletId,
    fundsId: player.fundsId,
    ...{ vendorAccount, game, amount },
  });
}
