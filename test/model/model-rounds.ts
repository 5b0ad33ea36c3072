/**
 * The naive model's rounds: a flat list of bets, each with its fate. Bets of one bundle carry the same number.
 * Written from contract studio (rules 1–8) and xt §3.
 */
import type { AccountId, GameId, Instant, PlayerId, TransferId } from '../../src/core/ids.ts';
import type {
  Answered,
  Game,
  ItemAnswer,
  ItemRefusal,
  RoundEnd,
  RoundEndOutcome,
  RoundKey,
  StudioItem,
} from '../../src/core/ledger-types.ts';
import type { CastPlayer } from './cast.ts';
import type { Model } from './model.ts';

const CODE = {
  bet: 20,
  win: 21,
  cancel: 22,
  charge: 23,
  adjust_credit: 24,
  adjust_debit: 25,
  promo_win: 26,
  cut: 27,
};

interface Bet {
  readonly itemId: string;
  readonly id: TransferId;
  readonly playerId: PlayerId;
  readonly gameId: GameId;
  readonly round: string;
  readonly amount: bigint;
  readonly bundle: number;
  readonly vendorAccount: AccountId;
  fate: 'open' | 'won' | 'lost' | 'cancelled';
}

interface Place {
  readonly firstAt: Instant;
  closed: boolean;
  cancelledAt: Instant | null;
}

type Reply = ItemRefusal | { readonly id: TransferId | null; readonly bet?: ItemAnswer['bet'] };

export class ModelRounds {
  private readonly model: Model;
  private readonly bets: Bet[] = [];
  private readonly places = new Map<string, Place>();
  /** Ids of bets whose cancel came first. */
  private readonly marks = new Set<string>();

  constructor(model: Model) {
    this.model = model;
  }

  item(item: StudioItem): Answered {
    const before = this.model.find(item.studioId, item.id);
    if (before?.content === item.content) {
      return { ...(before.outcome as Answered), replayed: true };
    }
    const reply: Reply = before !== undefined ? 'id_reused' : this.decide(item);
    const answer: ItemAnswer = {
      status: typeof reply === 'string' ? 'refused' : 'accepted',
      code: typeof reply === 'string' ? reply : null,
      transactionId: typeof reply === 'string' ? null : reply.id,
      balance: item.player === null ? null : this.model.free(item.player.walletId).toString(),
      bet: typeof reply === 'string' ? null : (reply.bet ?? null),
    };
    const outcome: Answered = { kind: 'answered', answer, replayed: false };
    if (before === undefined) this.model.keep(item.studioId, item.id, { content: item.content, outcome });
    return outcome;
  }

  private decide(item: StudioItem): Reply {
    if (item.player === null) return 'unknown_player';
    const player = this.model.cast.players.find((each) => each.id === item.player?.id)!;
    if (item.type === 'bet' || item.type === 'charge') return this.spend(item, player);
    if (item.currency !== player.currency) return 'currency_mismatch';
    if (!item.amountValid) return 'invalid_amount';
    if (item.type === 'cancel') return this.cancel(item, player);
    const amount = item.amount!;
    if (item.type === 'win') return this.win(item, { player, amount });
    if (item.type === 'promo_win' && amount === 0n) return 'invalid_amount';
    if (item.type === 'adjust_debit' && this.model.free(player.walletId) < amount)
      return 'insufficient_funds';
    const named = this.model.find(item.studioId, item.reference)?.outcome as Answered | undefined;
    const refererId = named?.answer.transactionId ?? null;
    return { id: this.book(item, { code: CODE[item.type], amount, refererId }) };
  }

  private spend(item: StudioItem, player: CastPlayer): Reply {
    const { game, amount } = item;
    if (item.sessionId !== player.sessionId) return 'session_ended';
    if (player.blocked) return 'player_blocked';
    if (game === null || !game.enabled) return 'game_disabled';
    if (item.currency !== player.currency) return 'currency_mismatch';
    if (amount === null || !item.amountValid) return 'invalid_amount';
    if (item.type === 'charge') {
      if (this.model.free(player.walletId) < amount) return 'insufficient_funds';
      return { id: this.book(item, { code: CODE.charge, amount }) };
    }
    const key = { gameId: game.id, playerId: player.id, ref: item.round! };
    const no = this.whyNoBet(item, { game, player, amount, key });
    if (no !== null) return no;
    const place = this.place(key);
    const inRound = this.inRound(key);
    const joined = game.rules.multiBet ? inRound.find((bet) => bet.fate === 'open') : undefined;
    const bundle = joined?.bundle ?? new Set(inRound.map((bet) => bet.bundle)).size;
    const id = this.book(item, { code: CODE.bet, amount });
    const { gameId, playerId, ref: round } = key;
    const vendorAccount = item.vendorAccount!;
    this.bets.push({
      itemId: item.id,
      id,
      playerId,
      gameId,
      round,
      amount,
      bundle,
      vendorAccount,
      fate: 'open',
    });
    this.tellLost(item, this.maybeClose(item, key, place));
    return { id, bet: { round, gameId, playerId, bundle, vendorAccount } };
  }

  private whyNoBet(
    item: StudioItem,
    bet: { game: Game; player: CastPlayer; amount: bigint; key: RoundKey },
  ): ItemRefusal | null {
    const { game, player, amount, key } = bet;
    const { now } = this.model;
    const { bettingMs, cancelPauseMs } = game.rules;
    const place = this.places.get(text(key));
    const started = this.inRound(key).length > 0;
    if (place?.closed) return 'round_ended';
    if (place && started && bettingMs > 0 && now - place.firstAt > bettingMs) return 'round_ended';
    if (this.marks.has(`${item.studioId}:${item.id}`)) return 'cancelled_before';
    if (place && !started && place.cancelledAt !== null) return 'cancelled_before';
    if (place?.cancelledAt != null && now < place.cancelledAt + cancelPauseMs) return 'bet_too_soon';
    const limit = this.limit(player, game, 'maxBet');
    if (limit !== null && amount > limit) return 'limit_exceeded';
    return this.model.free(player.walletId) < amount ? 'insufficient_funds' : null;
  }

  private win(item: StudioItem, { player, amount }: { player: CastPlayer; amount: bigint }): Reply {
    const { game } = item;
    if (game === null || item.round === null) return 'unknown_round';
    const key = { gameId: game.id, playerId: player.id, ref: item.round };
    const place = this.places.get(text(key));
    if (place === undefined || place.closed) return 'unknown_round';
    const all = this.inRound(key);
    const named = item.reference === null ? undefined : all.find((bet) => bet.itemId === item.reference);
    const won = named
      ? all.filter((bet) => bet.bundle === named.bundle)
      : all.filter((bet) => bet.fate === 'open');
    if (named?.fate === 'cancelled') return 'unknown_round';
    const first = won[0] ?? lastWon(all);
    if (first === undefined) return 'unknown_round';
    for (const bet of won) bet.fate = 'won';
    const lost = this.maybeClose(item, key, place);
    if (amount === 0n && !game.rules.zeroWins) return { id: null };
    const refererId = all.find((bet) => bet.bundle === first.bundle)!.id;
    const id = this.book(item, { code: CODE.win, amount, refererId });
    const most = this.limit(player, game, 'maxWin');
    if (most !== null && amount > most)
      this.book(item, { code: CODE.cut, amount: amount - most, refererId: id });
    this.tellLost(item, lost);
    return { id };
  }

  private cancel(item: StudioItem, player: CastPlayer): Reply {
    const target = this.cancelTarget(item, player);
    if (target === 'tombstone') return this.mark(item, player);
    const { key, bets } = target;
    const open = bets.filter((bet) => bet.fate === 'open');
    if (open.length === 0) return bets.at(-1)!.fate === 'cancelled' ? { id: null } : 'already_settled';
    const sum = open.reduce((total, bet) => total + bet.amount, 0n);
    if (item.amount !== null && item.amount !== sum) return 'amount_mismatch';
    for (const bet of open) bet.fate = 'cancelled';
    const place = this.place(key);
    place.cancelledAt = this.model.now;
    const lost = this.maybeClose(item, key, place);
    const vendor = item.reference === null ? item.vendorAccount! : open[0]!.vendorAccount;
    const id = this.book(item, { code: CODE.cancel, amount: sum, refererId: open[0]!.id, vendor });
    this.tellLost(item, lost, vendor);
    return { id };
  }

  private cancelTarget(item: StudioItem, player: CastPlayer): { key: RoundKey; bets: Bet[] } | 'tombstone' {
    if (item.reference !== null) {
      const bet = this.bets.find((each) => each.itemId === item.reference && each.playerId === player.id);
      if (bet === undefined) return 'tombstone';
      const key = { gameId: bet.gameId, playerId: bet.playerId, ref: bet.round };
      return { key, bets: this.inRound(key).filter((each) => each.bundle === bet.bundle) };
    }
    if (item.game === null || item.round === null) return 'tombstone';
    const key = { gameId: item.game.id, playerId: player.id, ref: item.round };
    const all = this.inRound(key);
    if (all.length === 0) return 'tombstone';
    const lastBundle = Math.max(...all.map((bet) => bet.bundle));
    const open = all.filter((bet) => bet.fate === 'open');
    return { key, bets: open.length > 0 ? open : all.filter((bet) => bet.bundle === lastBundle) };
  }

  private mark(item: StudioItem, player: CastPlayer): Reply {
    const { reference, studioId } = item;
    if (reference !== null) {
      if (this.model.find(studioId, reference) === undefined) this.marks.add(`${studioId}:${reference}`);
    } else if (item.game !== null && item.round !== null) {
      const key = { gameId: item.game.id, playerId: player.id, ref: item.round };
      if (!this.places.has(text(key)))
        this.places.set(text(key), { firstAt: this.model.now, closed: false, cancelledAt: this.model.now });
    }
    return { id: null };
  }

  end(command: RoundEnd): RoundEndOutcome {
    const place = this.places.get(text(command.key));
    if (place === undefined) return { ok: false, code: 'unknown_round' };
    const open = this.inRound(command.key).filter((bet) => bet.fate === 'open');
    if (command.mode === 'close') {
      place.closed = true;
      for (const bet of open) bet.fate = 'lost';
      if (open.length === 0 || !command.game.rules.zeroWins) return { ok: true, transferId: null };
      return { ok: true, transferId: this.close(command, { code: CODE.win, amount: 0n, first: open[0]! }) };
    }
    if (open.length === 0) return { ok: false, code: 'round_not_open' };
    place.closed = true;
    const sum = open.reduce((total, bet) => total + bet.amount, 0n);
    const voids = command.mode === 'void';
    for (const bet of open) bet.fate = voids ? 'cancelled' : 'won';
    if (voids) place.cancelledAt = this.model.now;
    const paid = voids ? { code: CODE.cancel, amount: sum } : { code: CODE.win, amount: command.amount };
    const id = this.close(command, { ...paid, first: open[0]! });
    const player = this.model.cast.players.find((each) => each.id === command.key.playerId)!;
    const most = this.limit(player, command.game, 'maxWin');
    if (!voids && most !== null && paid.amount > most) {
      const { walletId: debit, vendorAccount: credit } = command;
      this.model.post({ code: CODE.cut, debit, credit, amount: paid.amount - most, refererId: id });
    }
    return { ok: true, transferId: id };
  }

  private close(command: RoundEnd, row: { code: number; amount: bigint; first: Bet }): TransferId {
    const { vendorAccount: debit, walletId: credit } = command;
    return this.model.post({ code: row.code, debit, credit, amount: row.amount, refererId: row.first.id });
  }

  /** A row between wallet and vendor; spending codes take from the wallet. */
  private book(
    item: StudioItem,
    row: { code: number; amount: bigint; refererId?: TransferId | null; vendor?: AccountId },
  ): TransferId {
    const takes = [CODE.bet, CODE.charge, CODE.adjust_debit, CODE.cut].includes(row.code);
    const sides: [AccountId, AccountId] = [item.player!.walletId, row.vendor ?? item.vendorAccount!];
    const [debit, credit] = takes ? sides : sides.toReversed();
    const { code, amount, refererId = null } = row;
    return this.model.post({ code, debit: debit!, credit: credit!, amount, refererId });
  }

  private limit(player: CastPlayer, game: Game, which: 'maxBet' | 'maxWin'): bigint | null {
    const path = this.model.agent(player.agentId).path;
    const fitting = this.model.cast.limits.filter(
      (row) =>
        path.includes(row.agentId) &&
        [null, game.vendorId].includes(row.vendorId) &&
        [null, game.id].includes(row.gameId) &&
        [null, player.id].includes(row.playerId),
    );
    const values = fitting.map((row) => row[which]).filter((value) => value !== null);
    return values.toSorted((a, b) => Number(a - b))[0] ?? null;
  }

  private inRound({ gameId, playerId, ref }: RoundKey): Bet[] {
    return this.bets.filter((b) => b.gameId === gameId && b.playerId === playerId && b.round === ref);
  }

  private place(key: RoundKey): Place {
    const known = this.places.get(text(key));
    if (known !== undefined) return known;
    const fresh = { firstAt: this.model.now, closed: false, cancelledAt: null };
    this.places.set(text(key), fresh);
    return fresh;
  }

  /** The bets that are lost by it. */
  private maybeClose(item: StudioItem, key: RoundKey, place: Place): Bet[] {
    if (!item.closesRound) return [];
    place.closed = true;
    const lost = this.inRound(key).filter((bet) => bet.fate === 'open');
    for (const bet of lost) bet.fate = 'lost';
    return lost;
  }

  /** By the rules of the game the item names; of one nobody knows there are none. */
  private tellLost(item: StudioItem, [first]: Bet[], vendor: AccountId = item.vendorAccount!): void {
    if (first !== undefined && item.game?.rules.zeroWins)
      this.book(item, { code: CODE.win, amount: 0n, refererId: first.id, vendor });
  }
}

const text = ({ gameId, playerId, ref }: RoundKey) => `${gameId} ${playerId} ${ref}`;
const lastWon = (bets: readonly Bet[]) => {
  const bundle = Math.max(-1, ...bets.filter((bet) => bet.fate === 'won').map((bet) => bet.bundle));
  return bets.find((bet) => bet.bundle === bundle);
};
