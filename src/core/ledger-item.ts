/**
 * What the ladders of game money share: where an item's round and bet stand, whose money moves, and how a round that
 * ends is told.
 */
import { isSeamless } from './callback-types.ts';
import { CODE, type TransferCode } from './chart.ts';
import type { AccountId, GameId, TransferId } from './ids.ts';
import type { Batch, NewTransfer } from './ledger.ts';
import type { Game, ItemAnswer, KnownRound, StudioItem } from './ledger-types.ts';
import { roundKeyText } from './ledger-types.ts';
import { effectiveLimits } from './limits.ts';
import { closeRound, type Round } from './round.ts';

/** An item whose player is known: every ladder starts from here. */
export type PlayedItem = StudioItem & {
  readonly player: NonNullable<StudioItem['player']>;
};

export function isPlayed(item: StudioItem): item is PlayedItem {
  return item.player !== null;
}

export function findRound(batch: Batch, item: PlayedItem, gameId: GameId): KnownRound | undefined {
  if (item.round === null) return undefined;
  return batch.picture.rounds.get(roundKeyText({ gameId, ref: item.round, playerId: item.player.id }));
}

/** The round after the item: ended when the item says so, with the first bets of what that leaves lost. */
export function endIfLast(item: PlayedItem, round: Round): { round: Round; lost: readonly TransferId[] } {
  return item.closesRound ? closeRound(round) : { round, lost: [] };
}

/** Operators are told of a lost round by a win of 0, where the vendor's rules ask for one. `row` is one to the player. */
export function tellLost(
  batch: Batch,
  item: PlayedItem,
  { row, lost }: { row: NewTransfer; lost: readonly TransferId[] },
): void {
  const [refererId] = lost;
  if (refererId === undefined || !item.game?.rules.zeroWins) return;
  batch.post({ ...row, code: CODE.win, amount: 0n, refererId });
}

/** Under the name it was found by: the item's own reference may name a bet that stands elsewhere. */
export function saveRound(
  batch: Batch,
  item: PlayedItem,
  { gameId, ref, round }: Pick<KnownRound, 'gameId' | 'ref' | 'round'>,
): void {
  const { id: playerId, agentId } = item.player;
  batch.setRound({ gameId, ref, playerId, agentId, studioId: item.studioId, round });
}

/** The accepted bet of this player that `reference` names. */
export function referencedBet(batch: Batch, item: PlayedItem): NonNullable<ItemAnswer['bet']> | null {
  if (item.reference === null) return null;
  const stored = batch.stored(item.studioId, item.reference);
  if (stored === undefined || stored.content === '') return null;
  const { bet } = stored.outcome as ItemAnswer;
  return bet !== null && bet.playerId === item.player.id ? bet : null;
}

export function referencedBundle(batch: Batch, item: PlayedItem, known: KnownRound): number | null {
  const bet = referencedBet(batch, item);
  return bet !== null && bet.gameId === known.gameId && bet.round === known.ref ? bet.bundle : null;
}

export function limitsOf(batch: Batch, item: PlayedItem, game: Game) {
  const path = batch.picture.agents.get(item.player.agentId)?.path ?? [];
  return effectiveLimits(batch.picture.limits, {
    path,
    vendorId: game.vendorId,
    gameId: game.id,
    playerId: item.player.id,
  });
}

export function sameCurrency(batch: Batch, item: PlayedItem): boolean {
  return batch.account(item.player.walletId).currency === item.currency;
}

export function common(item: PlayedItem, code: TransferCode) {
  const { id: playerId, agentId } = item.player;
  const gameId = item.game?.id ?? null;
  const { round, studioId, id: externalId } = item;
  return { code, agentId, playerId, gameId, round, studioId, externalId, tells: toldWallet(item.player) };
}
export function fromFunds(item: PlayedItem) {
  return { debit: item.player.fundsId, credit: vendorAccountOf(item) };
}
export function toFunds(item: PlayedItem) {
  return { debit: vendorAccountOf(item), credit: item.player.fundsId };
}

/** The wallet whose operator must hear of what is booked; null in transfer mode. */
export function toldWallet(player: Pick<PlayedItem['player'], 'walletId' | 'fundsId'>): AccountId | null {
  return isSeamless(player) ? player.walletId : null;
}

/** There is none only in an unknown currency, and such an item was refused before. */
export function vendorAccountOf(item: PlayedItem): AccountId {
  if (item.vendorAccount === null) throw new Error(`item ${item.id} has no vendor account`);
  return item.vendorAccount;
}
