/**
 * The naive model of the rain book: lists of bets, transfers and postings, and loops over them. It is told commands in
 * the order in which they took effect, with what the ledger answered; it says what the answer must have been and keeps
 * its own books. Nothing is kept summed: balances, exposure and profit and loss are counted anew each time.
 *
 * Where the texts leave a choice (how a stake is split), it takes the split it is told and proves that it is allowed.
 */
import assert from 'node:assert/strict';
import type {
  Bet,
  BetStatus,
  BetType,
  BookAnswer,
  BookAnswerOutcome,
  BookPlace,
  BookSettle,
  BookSettleOutcome,
  BookTransfer,
  BookTransferOutcome,
  GameResult,
  PlaceOutcome,
  PlaceRefusal,
  TransferRecord,
} from '../../src/core/book/types.ts';
import { bookGain, isMatched, isPending, type NaiveBet, playerGain, worstLoss } from './naive-exposure.ts';
import { assertSplit, isCarried } from './naive-pool.ts';
import type { NaivePlayer, NaiveSession } from './naive-world.ts';

/** Something that moved a player's money. */
interface Posting {
  readonly player: number;
  readonly what: 'transfer' | 'settlement';
  readonly amount: bigint;
}

const DAY_MS = 86_400_000;
const dayOf = (instant: number) => Math.floor(instant / DAY_MS);

const TOLD = ['id', 'key', 'type', 'odds', 'stake', 'win', 'ownStake', 'krainStake'] as const;

export class NaiveBook {
  readonly players = new Map<number, NaivePlayer>();
  readonly sessions = new Map<number, NaiveSession>();
  readonly visits = new Set<number>();
  readonly bets: NaiveBet[] = [];
  readonly transfers: TransferRecord[] = [];
  readonly postings: Posting[] = [];
  /** Bets settled in the batch that is being told. */
  private readonly justSettled = new Set<NaiveBet>();
  /** The result a player's bets in a session were last looked at under: until then their worst case is kept. */
  private readonly seen = new Map<string, GameResult>();

  /** A batch ends with the settlement of its bets: until then they are told as they were before. */
  beginBatch(): void {
    this.justSettled.clear();
  }

  // ---- what anybody has -----------------------------------------------------------------------------------------

  balance(player: number): bigint {
    let sum = 0n;
    for (const posting of this.postings) if (posting.player === player) sum += posting.amount;
    return sum;
  }

  /** Of a player in a session: the worst of everything that is not settled. */
  sessionExposure(player: number, session: number, extra: readonly NaiveBet[] = []): bigint {
    const own = this.bets.filter((bet) => bet.player === player && bet.session === session);
    return worstLoss([...own, ...extra], this.seen.get(`${session}/${player}`) ?? 'NOT_AVAILABLE');
  }

  exposure(player: number): bigint {
    let sum = 0n;
    for (const session of this.sessions.keys()) sum += this.sessionExposure(player, session);
    return sum;
  }

  withdrawable(player: number): bigint {
    const free = this.balance(player) - this.exposure(player);
    return free < 0n ? 0n : free;
  }

  /** What came by settlement since the last transfer. */
  profitLoss(player: number): bigint {
    let sum = 0n;
    for (const posting of this.postings) {
      if (posting.player !== player) continue;
      sum = posting.what === 'transfer' ? 0n : sum + posting.amount;
    }
    return sum;
  }

  credit(player: number): bigint {
    return this.balance(player) - this.profitLoss(player);
  }

  /** Of everything settled: the players' winnings taken together, what K-Rain paid, and what the book kept. */
  result(): { players: bigint; krain: bigint; book: bigint } {
    let [players, hedge] = [0n, 0n];
    for (const bet of this.bets) {
      players += bet.payout;
      hedge += bet.krainPayout;
    }
    return { players, krain: -hedge, book: hedge - players };
  }

  // ---- transfers ------------------------------------------------------------------------------------------------

  transfer({ direction, amount, player, tsCode }: BookTransfer, outcome: BookTransferOutcome): void {
    const kind = direction === 'deposit' ? 'deposit' : amount === 'all' ? 'withdraw_all' : 'withdraw';
    const signed = direction === 'deposit' ? (amount as bigint) : amount === 'all' ? null : -amount;
    const known = this.transfers.find(
      (each) => each.operatorId === player.operatorId && each.tsCode === tsCode,
    );
    if (known !== undefined) {
      const isSame =
        known.playerId === player.id && known.kind === kind && (signed === null || known.amount === signed);
      if (isSame) assert.deepEqual(outcome, { ok: true, record: known, replayed: true }, tsCode);
      else assert.deepEqual(outcome, { ok: false, code: 'key_reused' }, tsCode);
      return;
    }
    const free = this.withdrawable(player.id);
    const moved = signed ?? -free;
    if (-moved > free || (signed === null && !outcome.ok && free === 0n)) {
      assert.deepEqual(
        outcome,
        { ok: false, code: 'insufficient_balance' },
        `${tsCode}: ${moved} of ${free}`,
      );
      return;
    }
    assert.ok(outcome.ok, `${tsCode} was refused: ${outcome.ok ? '' : outcome.code}`);
    const { transferId, at, ...told } = outcome.record;
    const creditBefore = this.credit(player.id);
    const profitLoss = this.profitLoss(player.id);
    assert.deepEqual(told, {
      operatorId: player.operatorId,
      playerId: player.id,
      tsCode,
      kind,
      amount: moved,
      profitLoss,
      exposure: this.exposure(player.id),
      creditBefore,
      creditAfter: creditBefore + profitLoss + moved,
    });
    assert.equal(outcome.replayed, false);
    this.transfers.push(outcome.record);
    this.postings.push({ player: player.id, what: 'transfer', amount: moved });
  }

  // ---- bets -----------------------------------------------------------------------------------------------------

  place(command: BookPlace, outcome: PlaceOutcome, now: number): void {
    const known = this.bets.find((bet) => bet.player === command.player.id && bet.key === command.key);
    if (known !== undefined && isSameBet(known, command)) {
      assert.ok(outcome.ok && outcome.replayed, `${command.key}: the same bet again`);
      this.assertTold(known, outcome.bet);
      return;
    }
    const refusal = known === undefined ? this.refusal(command, now) : 'key_reused';
    if (refusal !== null) {
      assert.equal(outcome.ok ? 'taken' : outcome.code, refusal, command.key);
      if (!outcome.ok) this.assertHint(command, outcome, now);
      return;
    }
    if (!outcome.ok) {
      assert.equal(outcome.code, 'pool_full', command.key);
      assert.ok(!this.isCarried(command, 1n), `${command.key}: refused as full, and there is room`);
      const most = outcome.limit;
      if (most !== null && most > 0n)
        assert.ok(this.isCarried({ ...command, stake: most }, 0n), `most: ${most}`);
      return;
    }
    this.take(command, outcome, now);
  }

  /** The first guard that refuses, but for the pool: that depends on the split. */
  private refusal(command: BookPlace, now: number): PlaceRefusal | null {
    const player = this.playerOf(command);
    const session = this.sessionOf(command);
    const stake = command.stake;
    const quote = session.quote;
    if (!this.visits.has(command.visitId)) return 'visit_ended';
    if (!player.mayBet) return 'not_allowed';
    if (player.excludedUntil !== null && now < player.excludedUntil) return 'not_allowed';
    if (session.status !== 'OPEN') return 'game_status';
    if (now < session.opensAt || now >= session.closesAt) return 'game_status';
    if (session.market !== 'OPEN') return 'market_status';
    if (quote === null) return 'odds_moved';
    if (now >= quote.until) return 'odds_moved';
    if ((command.type === 'RAIN' ? quote.rain : quote.dry) !== command.odds) return 'odds_moved';
    if (stake < player.minBet || stake > player.maxBet) return 'bet_limit';
    const own = ownLimits(player, now);
    if (own.maxBet !== null && stake > own.maxBet) return 'own_limit';
    if (own.dayStake !== null && this.stakedOnDay(player.id, now) + stake > own.dayStake) return 'own_limit';
    const before = this.sessionExposure(player.id, command.sessionId);
    const after = this.exposureWith(command);
    if (after > player.maxExposure) return 'exposure_exceeded';
    const exposure = this.exposure(player.id);
    const balance = this.balance(player.id);
    if (exposure > balance || exposure - before + after > balance) return 'credit_short';
    return null;
  }

  /** Of everything placed on a day of UTC that has not failed. */
  private stakedOnDay(player: number, now: number): bigint {
    let sum = 0n;
    for (const bet of this.bets)
      if (bet.player === player && bet.status !== 'FAILED' && dayOf(bet.placedAt) === dayOf(now))
        sum += bet.stake;
    return sum;
  }

  /** With this bet beside the others: until it is matched it nets nothing off. */
  private exposureWith(command: BookPlace): bigint {
    return this.sessionExposure(command.player.id, command.sessionId, [betOf(command, 'TEMP')]);
  }

  private take(command: BookPlace, outcome: PlaceOutcome & { ok: true }, now: number): void {
    const { bet } = outcome;
    assert.equal(outcome.replayed, false);
    assert.ok(bet.status === 'TEMP' || bet.status === 'ACTIVE', bet.status);
    assert.equal(bet.krainStake > 0n, bet.status === 'TEMP', 'what is laid off waits for K-Rain');
    assert.equal(outcome.ask, bet.status === 'TEMP');
    const made: NaiveBet = {
      ...betOf(command, bet.status),
      id: bet.id,
      placedAt: now,
      ownStake: bet.ownStake,
      krainStake: bet.krainStake,
      krainOdds: bet.krainOdds,
      krainWhole: bet.krainWhole,
    };
    assert.equal(bet.placedAt, now);
    assertSplit(made, this.inSession(made.session), this.sessionOf(command).rules);
    this.bets.push(made);
    this.assertTold(made, bet);
    this.assertBalance(command.player.id, outcome.balance);
  }

  answer({ betId, answer }: BookAnswer, outcome: BookAnswerOutcome): void {
    const bet = this.bets.find((each) => each.id === betId);
    if (bet === undefined) {
      assert.deepEqual(outcome, { ok: false, code: 'unknown_bet' });
      return;
    }
    assert.ok(outcome.ok);
    if (isPending(bet)) {
      const isTaken = answer.kind === 'matched' && answer.stake > 0n;
      if (answer.kind === 'unknown') bet.status = 'CHECK';
      else this.seen.set(`${bet.session}/${bet.player}`, this.sessions.get(bet.session)!.result);
      if (isTaken) {
        assert.ok(answer.stake <= bet.krainStake);
        bet.status = 'ACTIVE';
        bet.krainStake = answer.stake;
        bet.krainWin = answer.win;
        bet.ownStake = bet.stake - answer.stake;
      } else if (answer.kind !== 'unknown') {
        bet.status = 'FAILED';
        bet.krainStake = 0n;
        bet.ownStake = 0n;
      }
    }
    this.assertTold(bet, outcome.bet);
    this.assertBalance(bet.player, outcome.balance);
  }

  // ---- settlement -----------------------------------------------------------------------------------------------

  settle({ sessionId, player }: BookSettle, outcome: BookSettleOutcome): void {
    const { result } = this.sessions.get(sessionId)!;
    const own = this.inSession(sessionId).filter((bet) => bet.player === player.id);
    const left = own.filter(isPending).length;
    let [net, hedge] = [0n, 0n];
    if (result !== 'NOT_AVAILABLE') {
      this.seen.set(`${sessionId}/${player.id}`, result);
      for (const bet of own.filter(isMatched)) {
        const payout = playerGain(bet, result);
        const krainPayout = playerGain({ ...bet, win: bet.krainWin, stake: bet.krainStake }, result);
        net += payout - bet.payout;
        hedge += krainPayout - bet.krainPayout;
        bet.payout = payout;
        bet.krainPayout = krainPayout;
        bet.status = result === 'VOID' ? 'VOID' : 'SETTLED';
        this.justSettled.add(bet);
      }
    }
    assert.deepEqual(outcome, { ok: true, net, hedge, left }, `settling ${sessionId} of ${player.id}`);
    if (net !== 0n) this.postings.push({ player: player.id, what: 'settlement', amount: net });
  }

  private isCarried(command: BookPlace, spare: bigint): boolean {
    const { rules } = this.sessionOf(command);
    return isCarried(betOf(command, 'TEMP'), this.inSession(command.sessionId), { rules, spare });
  }

  // ---- what was told --------------------------------------------------------------------------------------------

  private assertTold(bet: NaiveBet, told: Bet): void {
    for (const name of TOLD) assert.equal(told[name], bet[name], `${bet.key}: ${name}`);
    assert.deepEqual([told.playerId, told.sessionId], [bet.player, bet.session], bet.key);
    const isBefore = this.justSettled.has(bet) && told.status !== bet.status;
    if (!isBefore) assert.equal(told.status, bet.status, bet.key);
  }

  private assertBalance(player: number, told: { balance: bigint; exposure: bigint }): void {
    assert.equal(told.balance, this.balance(player), 'balance');
    assert.equal(told.exposure, this.exposure(player), 'exposure');
  }

  /** What is named as the most that would be taken passes the guard that refused, and a little more does not. */
  private assertHint(command: BookPlace, outcome: PlaceOutcome & { ok: false }, now: number): void {
    const { code, limit, quote } = outcome;
    if (code === 'odds_moved') assert.deepEqual(quote, this.sessionOf(command).quote);
    if (limit === null) return;
    const at = (stake: bigint) => (stake <= 0n ? null : this.refusal({ ...command, stake }, now));
    assert.notEqual(at(limit), code, `${code}: ${limit} is named, and would be refused`);
    if (code === 'bet_limit') return;
    const more = at(limit + 1n);
    assert.ok(more === code || more === 'bet_limit', `${code}: more than ${limit} would be taken`);
  }

  private playerOf(command: BookPlace): NaivePlayer {
    return this.players.get(command.player.id)!;
  }
  private sessionOf(command: BookPlace): NaiveSession {
    return this.sessions.get(command.sessionId)!;
  }
  inSession(session: number): NaiveBet[] {
    return this.bets.filter((bet) => bet.session === session);
  }
  /** What the book gains by an outcome of a session, by the bets that are matched. */
  poolGain(session: number, outcome: BetType): bigint {
    let sum = 0n;
    for (const bet of this.inSession(session)) if (isMatched(bet)) sum += bookGain(bet, outcome);
    return sum;
  }
}

function isSameBet(bet: NaiveBet, command: BookPlace): boolean {
  return (
    bet.session === command.sessionId &&
    bet.type === command.type &&
    bet.stake === command.stake &&
    bet.odds === command.odds
  );
}

function betOf(command: BookPlace, status: BetStatus): NaiveBet {
  const { player, sessionId: session, key, type, odds, stake } = command;
  // The win of a stake, of decimal odds in thousandths: what is below a cent stays with the book.
  const win = (stake * BigInt(odds)) / 1000n - stake;
  const rest = { ownStake: stake, krainStake: 0n, krainOdds: null, krainWin: 0n, krainWhole: false };
  const ended = { payout: 0n, krainPayout: 0n };
  return {
    id: 0,
    placedAt: 0,
    player: player.id,
    session,
    key,
    type,
    odds,
    stake,
    win,
    status,
    ...rest,
    ...ended,
  };
}

/** Looser limits hold from the instant they were put off to. */
function ownLimits({ own, nextOwn, nextOwnAt }: NaivePlayer, now: number) {
  return nextOwn !== null && nextOwnAt !== null && now >= nextOwnAt ? nextOwn : own;
}
