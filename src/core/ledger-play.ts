/**
 * Game money (contract studio, rules 1–7): one function per item type, each a ladder in the contract's order of
 * refusals. Every answer, refusals too, is kept under the vendor's id for ever.
 */
import { type Callback, isSeamless, type SettleAsked } from './callback-types.ts';
import { CODE, type TransferCode } from './chart.ts';
import type { AccountId, TransferId, VendorId } from './ids.ts';
import type { Batch } from './ledger.ts';
import { ask, isPending, mayAsk, settleAsked } from './ledger-callback.ts';
import {
  common,
  endIfLast,
  findRound,
  fromFunds,
  isPlayed,
  limitsOf,
  type PlayedItem,
  referencedBet,
  referencedBundle,
  sameCurrency,
  saveRound,
  tellLost,
  toFunds,
  toldWallet,
  vendorAccountOf,
} from './ledger-item.ts';
import type {
  Answered,
  ItemAnswer,
  ItemOutcome,
  ItemRefusal,
  KnownRound,
  StudioItem,
  Transfer,
} from './ledger-types.ts';
import { roundKeyText } from './ledger-types.ts';
import { effectiveLimits, mayNotPlay } from './limits.ts';
import { addBet, addWin, cancelBets, mayNotBet, newRound, tooSoonAfterCancel } from './round.ts';

type Decided =
  | { readonly refused: ItemRefusal }
  | { readonly transferId: TransferId | null; readonly bet?: ItemAnswer['bet'] }
  /** Nothing is booked and nothing kept: the operator is asked, or comes first. */
  | { readonly asks: Callback }
  | 'ask_balance'
  | 'wait';

/** Applies one item, or repeats the answer of its id. */
export function playItem(batch: Batch, item: StudioItem): ItemOutcome {
  const stored = batch.stored(item.studioId, item.id);
  if (stored !== undefined && stored.content !== '') {
    if (stored.content !== item.content) return answered(answer(batch, item, { refused: 'id_reused' }));
    if (isPending(stored.outcome)) return { kind: 'wait' };
    return { kind: 'answered', answer: stored.outcome as ItemAnswer, replayed: true };
  }
  const decided = decideItem(batch, item);
  if (decided === 'wait' || decided === 'ask_balance') return { kind: decided };
  if ('asks' in decided) return { kind: 'ask', callback: decided.asks };
  const kept = answer(batch, item, decided);
  const { studioId: scope, id: key, content } = item;
  batch.store({ scope, key, content, outcome: kept, transferId: kept.transactionId });
  keepDetail(batch, item, kept.transactionId);
  return answered(kept);
}

/** Ends what was asked; an accepted bet or charge is booked as if its player's wallet were here. */
export function settleItem(batch: Batch, command: SettleAsked): Answered {
  return settleAsked(batch, command, (_batch, item, id) => {
    if (!isPlayed(item)) throw new Error(`question ${id} is nobody's`);
    keepDetail(batch, item, id);
    if (item.type === 'bet') return placeBet(batch, item, id);
    placeCharge(batch, item, id);
    return null;
  });
}

function keepDetail(batch: Batch, item: StudioItem, transferId: TransferId | null): void {
  if (item.detail !== null && transferId !== null) batch.addDetail(transferId, item.detail);
}

const answered = (kept: ItemAnswer): Answered => ({ kind: 'answered', answer: kept, replayed: false });

function answer(
  batch: Batch,
  item: StudioItem,
  decided: Exclude<Decided, string | { readonly asks: Callback }>,
): ItemAnswer {
  const balance = item.player === null ? null : balanceOf(batch, item.player).toString();
  if ('refused' in decided)
    return { status: 'refused', code: decided.refused, transactionId: null, balance, bet: null };
  return {
    status: 'accepted',
    code: null,
    transactionId: decided.transferId,
    balance,
    bet: decided.bet ?? null,
  };
}

/** What the player can play with, as the studio is told. */
function balanceOf(batch: Batch, player: PlayedItem['player']): bigint {
  return isSeamless(player) ? (batch.account(player.walletId).known ?? 0n) : batch.available(player.walletId);
}

function decideItem(batch: Batch, item: StudioItem): Decided {
  if (!isPlayed(item)) return { refused: 'unknown_player' };
  if (batch.callbacks.isAsking(item.player.id)) return 'wait';
  switch (item.type) {
    case 'bet':
      return bet(batch, item);
    case 'charge':
      return charge(batch, item);
    case 'win':
      return win(batch, item);
    case 'cancel':
      return cancel(batch, item);
    case 'adjust_debit':
      return correct(batch, item, CODE.adjustDebit);
    case 'adjust_credit':
      return correct(batch, item, CODE.adjustCredit);
    case 'promo_win':
      return correct(batch, item, CODE.promoWin);
  }
}

// ---- new spending: every guard applies ------------------------------------------------------------------------

function bet(batch: Batch, item: PlayedItem): Decided {
  const game = item.game;
  const refusal = mayNotSpend(batch, item);
  if (refusal !== null) return { refused: refusal };
  if (game === null || item.round === null || item.amount === null) return { refused: 'round_ended' };
  const known = findRound(batch, item, game.id);
  const round = known?.round ?? newRound(batch.now);
  const ended = mayNotBet(round, game.rules, batch.now);
  if (ended !== null) return { refused: ended };
  // Anything kept under its own id is a tombstone here: an answer would have been repeated.
  const tombstoned = batch.stored(item.studioId, item.id) !== undefined;
  if (tombstoned || (round.bundles.length === 0 && round.cancelledAt !== null))
    return { refused: 'cancelled_before' };
  if (tooSoonAfterCancel(round, game.rules, batch.now)) return { refused: 'bet_too_soon' };
  const { maxBet } = limitsOf(batch, item, game);
  if (maxBet !== null && item.amount > maxBet) return { refused: 'limit_exceeded' };
  return spend(batch, item, { code: CODE.bet, place: (id) => placeBet(batch, item, id) });
}

/** The money must be there; then it is spent, or in seamless mode the operator is asked whether it may be. */
function spend(
  batch: Batch,
  item: PlayedItem,
  {
    code,
    place,
  }: { code: typeof CODE.bet | typeof CODE.charge; place: (id: TransferId) => ItemAnswer['bet'] },
): Decided {
  const { amount, player } = item;
  if (amount === null || batch.available(player.fundsId) < amount) return { refused: 'insufficient_funds' };
  if (!isSeamless(player)) {
    const id = batch.takeId();
    return { transferId: id, bet: place(id) };
  }
  const question = { item: { ...item, amount }, code, vendorAccount: vendorAccountOf(item) };
  const may = mayAsk(batch, question);
  return may === 'ask' ? { asks: ask(batch, question) } : may;
}

/** Books a bet that nothing speaks against any more. */
function placeBet(batch: Batch, item: PlayedItem, id: TransferId): ItemAnswer['bet'] {
  const { game, round: ref, amount } = item;
  if (game === null || ref === null || amount === null) throw new Error(`bet ${item.id} has no place`);
  const round = findRound(batch, item, game.id)?.round ?? newRound(batch.now);
  const joined = addBet(round, game.rules, { id, amount });
  const next = endIfLast(item, joined.round);
  saveRound(batch, item, { gameId: game.id, ref, round: next.round });
  const opensRound = round.bundles.length === 0;
  batch.post({ ...common(item, CODE.bet), ...fromFunds(item), amount, opensRound }, id);
  const row = { ...common(item, CODE.win), ...toFunds(item), amount: 0n };
  tellLost(batch, item, { row, lost: next.lost });
  return {
    round: ref,
    gameId: game.id,
    playerId: item.player.id,
    bundle: joined.bundle,
    vendorAccount: vendorAccountOf(item),
  };
}

function charge(batch: Batch, item: PlayedItem): Decided {
  const refusal = mayNotSpend(batch, item);
  if (refusal !== null) return { refused: refusal };
  return spend(batch, item, { code: CODE.charge, place: (id) => placeCharge(batch, item, id) });
}

function placeCharge(batch: Batch, item: PlayedItem, id: TransferId): null {
  if (item.amount === null) throw new Error(`charge ${item.id} has no amount`);
  batch.post({ ...common(item, CODE.charge), ...fromFunds(item), amount: item.amount }, id);
  return null;
}

/** The first guards of a bet, in the contract's order; null = none holds. */
function mayNotSpend(batch: Batch, item: PlayedItem): ItemRefusal | null {
  const player = batch.picture.players.get(item.player.id);
  if (player === undefined) return 'unknown_player';
  const session = item.sessionId === null ? undefined : batch.picture.sessions.get(item.sessionId);
  if (session === undefined || session.ended || session.expiresAt <= batch.now) return 'session_ended';
  if (mayNotPlay(player, batch.now)) return 'player_blocked';
  if (item.game === null || !item.game.enabled) return 'game_disabled';
  if (!sameCurrency(batch, item)) return 'currency_mismatch';
  if (item.amount === null || !item.amountValid) return 'invalid_amount';
  return null;
}

// ---- money owed: never refused for session, block or limit ----------------------------------------------------

function win(batch: Batch, item: PlayedItem): Decided {
  if (!sameCurrency(batch, item)) return { refused: 'currency_mismatch' };
  if (item.amount === null || !item.amountValid) return { refused: 'invalid_amount' };
  const game = item.game;
  const known = game === null ? undefined : findRound(batch, item, game.id);
  if (game === null || known === undefined) return { refused: 'unknown_round' };
  const settled = addWin(known.round, referencedBundle(batch, item, known));
  if (settled === 'unknown_round') return { refused: 'unknown_round' };
  // From here on it must succeed.
  const next = endIfLast(item, settled.round);
  saveRound(batch, item, { ...known, round: next.round });
  if (item.amount === 0n && !game.rules.zeroWins) return { transferId: null };
  const { refererId } = settled;
  const row = { ...common(item, CODE.win), ...toFunds(item), amount: item.amount, refererId };
  const won = batch.post(row);
  cutExcess(batch, won, { vendorId: game.vendorId, tells: toldWallet(item.player) });
  tellLost(batch, item, { row, lost: next.lost });
  return { transferId: won.id };
}

/** Rule 7: the win is paid whole, what exceeds the maximum is taken by a row of its own in the same commit. */
export function cutExcess(
  batch: Batch,
  won: Transfer,
  { vendorId, tells }: { vendorId: VendorId; tells: AccountId | null },
): void {
  const { id: refererId, agentId, playerId, gameId, debit: vendor, credit: funds } = won;
  if (playerId === null || gameId === null) return;
  const path = batch.picture.agents.get(agentId)?.path ?? [];
  const { maxWin } = effectiveLimits(batch.picture.limits, { path, vendorId, gameId, playerId });
  if (maxWin === null || won.amount <= maxWin) return;
  const amount = won.amount - maxWin;
  batch.post(
    { ...won, code: CODE.exceedCredit, debit: funds, credit: vendor, amount, refererId, tells },
    batch.takeId(),
  );
}

function cancel(batch: Batch, item: PlayedItem): Decided {
  if (!sameCurrency(batch, item)) return { refused: 'currency_mismatch' };
  if (!item.amountValid) return { refused: 'invalid_amount' };
  const target = findCancelled(batch, item);
  if (target === null) return tombstone(batch, item);
  const { known, bundle, vendorAccount } = target;
  const cancelled = cancelBets(known.round, { bundle, amount: item.amount, now: batch.now });
  if (cancelled.kind === 'nothing') return { transferId: null };
  if (cancelled.kind === 'refused') return { refused: cancelled.code };
  // From here on it must succeed.
  const next = endIfLast(item, cancelled.round);
  saveRound(batch, item, { ...known, round: next.round });
  const { refererId, sum } = cancelled;
  // The item may name another round or game than its bet's: the refund is booked where the bet was.
  const place = { gameId: known.gameId, round: known.ref, debit: vendorAccount ?? vendorAccountOf(item) };
  const row = { ...common(item, CODE.cancel), ...toFunds(item), ...place, amount: sum, refererId };
  const { id } = batch.post(row);
  tellLost(batch, item, { row, lost: next.lost });
  return { transferId: id };
}

interface CancelTarget {
  readonly known: KnownRound;
  /** Null: all that is open in the round. */
  readonly bundle: number | null;
  /** The bet's; null = the item's own. */
  readonly vendorAccount: AccountId | null;
}

/** What the cancel is about; null when no accepted bet of that name or round is known. */
function findCancelled(batch: Batch, item: PlayedItem): CancelTarget | null {
  if (item.reference === null) {
    const known = item.game === null ? undefined : findRound(batch, item, item.game.id);
    if (known === undefined || known.round.bundles.length === 0) return null;
    return { known, bundle: null, vendorAccount: null };
  }
  const bet = referencedBet(batch, item);
  if (bet === null) return null;
  const known = batch.picture.rounds.get(roundKeyText({ ...bet, ref: bet.round }));
  return known === undefined ? null : { known, bundle: bet.bundle, vendorAccount: bet.vendorAccount };
}

/**
 * Rule 4: a cancel that overtook its bet leaves a mark where the bet will look: under its id, or, when the cancel
 * names only a round nobody has bet in yet, in the round.
 */
function tombstone(batch: Batch, item: PlayedItem): Decided {
  if (item.reference !== null) {
    const stored = batch.stored(item.studioId, item.reference);
    if (stored === undefined) {
      batch.store({
        scope: item.studioId,
        key: item.reference,
        content: '',
        outcome: null,
        transferId: null,
      });
    }
  } else if (
    item.game !== null &&
    item.round !== null &&
    findRound(batch, item, item.game.id) === undefined
  ) {
    const round = { ...newRound(batch.now), cancelledAt: batch.now };
    saveRound(batch, item, { gameId: item.game.id, ref: item.round, round });
  }
  return { transferId: null };
}

/** Corrections and promotions: only the amount is checked, and for a debit the money must be there. */
function correct(batch: Batch, item: PlayedItem, code: TransferCode): Decided {
  if (!sameCurrency(batch, item)) return { refused: 'currency_mismatch' };
  if (item.amount === null || !item.amountValid || (code === CODE.promoWin && item.amount === 0n))
    return { refused: 'invalid_amount' };
  const debits = code === CODE.adjustDebit;
  if (debits && batch.available(item.player.fundsId) < item.amount) return { refused: 'insufficient_funds' };
  const refererId =
    item.reference === null ? null : (batch.stored(item.studioId, item.reference)?.transferId ?? null);
  const sides = debits ? fromFunds(item) : toFunds(item);
  return { transferId: batch.post({ ...common(item, code), ...sides, amount: item.amount, refererId }).id };
}
