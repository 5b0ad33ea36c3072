/**
 * Placing a bet. Durable as TEMP before K-Rain is asked; a bet the book keeps whole is ACTIVE at once. Whether the
 * session takes bets is decided here, under its lock, by the time of the transaction: however long a bet waited on its
 * way, after the close it is refused.
 */
import { type BetId, type Instant, trusted } from '../ids.ts';
import type { Batch } from '../ledger.ts';
import { balanceOf, restate, spendable } from './account.ts';
import { exposureOf, minus, netOf, plus, riskOf, stakeWithin } from './exposure.ts';
import { type Split, split } from './hedge.ts';
import { leastStake, oddsOf, winOf } from './odds.ts';
import {
  type Bet,
  type BookPlace,
  type BookPlayer,
  type BookSession,
  betKeyText,
  type OwnLimits,
  type PlaceOutcome,
  type PlaceRefusal,
  type Position,
  type Quote,
} from './types.ts';

const DAY_MS = 86_400_000;

export function placeBet(batch: Batch, command: BookPlace): PlaceOutcome {
  const { player, key, stake, type, odds } = command;
  const placed = batch.book.picture.betsByKey.get(betKeyText(player.id, key));
  if (placed !== undefined) return again(batch, placed, command);
  if (!batch.book.picture.visits.has(command.visitId)) return refuse('visit_ended');
  const known = batch.book.player(player.id);
  const session = batch.book.session(command.sessionId);
  const closed = mayNot(batch.now, { known, session, command });
  if (closed !== null) return refuse(closed, { quote: session.quote });
  const least = known.minBet > leastStake(odds) ? known.minBet : leastStake(odds);
  if (stake < least) return refuse('bet_limit', { limit: least });
  if (stake > known.maxBet) return refuse('bet_limit', { limit: known.maxBet });
  const own = ownRoom(known, batch.now);
  if (own !== null && stake > own) return refuse('own_limit', { limit: own });
  const position = batch.book.position(session.id, player);
  const pending = withPending(position, { type, stake });
  const exposure = exposureOf(pending, session.result);
  if (exposure > known.maxExposure)
    return refuse('exposure_exceeded', { limit: stakeWithin(position, type, known.maxExposure) });
  if (isShort(batch, command)) return refuse('credit_short', { limit: 0n });
  const covered = position.exposure + spendable(batch, player.accountId);
  if (exposure > covered) return refuse('credit_short', { limit: stakeWithin(position, type, covered) });
  const parts = split(session, { type, stake, odds });
  if ('most' in parts) return refuse('pool_full', { limit: parts.most });
  // From here on it must succeed.
  const bet = newBet(batch, command, parts);
  countDay(batch, known, stake);
  if (bet.status === 'ACTIVE') takeWhole(batch, { bet, position, session });
  else takePending(batch, { bet, position, session, parts });
  return {
    ok: true,
    bet: { ...bet },
    ask: bet.status === 'TEMP',
    replayed: false,
    balance: balanceOf(batch, player.accountId),
    position: { ...position },
  };
}

/** The doors, in order: who bets, the session, its market, the odds. Null: open. */
function mayNot(
  now: Instant,
  { known, session, command }: { known: BookPlayer; session: BookSession; command: BookPlace },
): PlaceRefusal | null {
  if (!known.mayBet || (known.excludedUntil !== null && known.excludedUntil > now)) return 'not_allowed';
  if (session.status !== 'OPEN' || now < session.opensAt || now >= session.closesAt) return 'game_status';
  if (session.market !== 'OPEN') return 'market_status';
  if (session.quote === null || session.quote.until <= now) return 'odds_moved';
  return oddsOf(session.quote, command.type) === command.odds ? null : 'odds_moved';
}

/** The most the player's own limits leave to be staked now; null = no limit. */
function ownRoom(known: BookPlayer, now: Instant): bigint | null {
  const { maxBet, dayStake } = ownLimitsAt(known, now);
  const staked = known.day === dayOf(now) ? known.dayStake : 0n;
  const left = dayStake === null ? null : dayStake > staked ? dayStake - staked : 0n;
  if (maxBet === null) return left;
  return left === null || maxBet < left ? maxBet : left;
}

/** The player's own limits: looser ones hold from their hour on. */
export function ownLimitsAt(
  known: Pick<BookPlayer, 'own' | 'nextOwn' | 'nextOwnAt'>,
  now: Instant,
): OwnLimits {
  const { own, nextOwn, nextOwnAt } = known;
  return nextOwn !== null && nextOwnAt !== null && nextOwnAt <= now ? nextOwn : own;
}

/** Days since 1970 in UTC: what "a day" of the player's own limit means. */
export function dayOf(now: Instant): number {
  return Math.floor(now / DAY_MS);
}

/** After a correction took more than was there, nothing is bet until that is made good. */
function isShort(batch: Batch, { player }: BookPlace): boolean {
  return batch.account(player.accountId).overdraft > 0n;
}

function countDay(batch: Batch, known: BookPlayer, stake: bigint): void {
  if (ownLimitsAt(known, batch.now).dayStake === null && known.nextOwn === null) return;
  const day = dayOf(batch.now);
  known.dayStake = known.day === day ? known.dayStake + stake : stake;
  known.day = day;
  batch.book.touchPlayer(known);
}

function newBet(batch: Batch, command: BookPlace, { own, krain, whole }: Split): Bet {
  const { player, sessionId, key, type, odds, stake, ip } = command;
  const laidOff = krain > 0n;
  return {
    id: trusted<BetId>(batch.takeId()),
    operatorId: player.operatorId,
    vendorType: player.vendorType,
    playerId: player.id,
    sessionId,
    key,
    type,
    odds,
    stake,
    win: winOf(stake, odds),
    ownStake: own,
    krainStake: krain,
    // Whatever K-Rain gives from the player's own odds on costs the book nothing.
    krainOdds: laidOff ? odds : null,
    krainWin: 0n,
    krainWhole: laidOff && whole,
    krainUntil: laidOff ? trusted<Instant>(batch.now + command.krainMs) : null,
    status: laidOff ? 'TEMP' : 'ACTIVE',
    reason: null,
    payout: 0n,
    ip,
    placedAt: batch.now,
    updatedAt: batch.now,
  };
}

interface Taken {
  readonly bet: Bet;
  readonly position: Position;
  readonly session: BookSession;
}

function takePending(batch: Batch, { bet, position, session, parts }: Taken & { parts: Split }): void {
  position.bets += 1;
  position.pending += 1;
  position.risk = plus(position.risk, riskOf(bet));
  session.risk = plus(session.risk, parts.risk);
  finish(batch, { bet, position, session });
}

function takeWhole(batch: Batch, { bet, position, session }: Taken): void {
  position.bets += 1;
  position.net = plus(position.net, netOf(bet));
  session.pool = minus(session.pool, netOf(bet));
  finish(batch, { bet, position, session });
}

function finish(batch: Batch, { bet, position, session }: Taken): void {
  restate(batch, position, session.result);
  batch.book.touchSession(session);
  batch.book.setBet(bet);
}

function withPending(position: Position, bet: Pick<Bet, 'type' | 'stake'>) {
  return { net: position.net, risk: plus(position.risk, riskOf(bet)), settledNet: position.settledNet };
}

function again(batch: Batch, bet: Bet, command: BookPlace): PlaceOutcome {
  const same =
    bet.sessionId === command.sessionId &&
    bet.type === command.type &&
    bet.odds === command.odds &&
    bet.stake === command.stake;
  if (!same) return refuse('key_reused');
  return {
    ok: true,
    bet: { ...bet },
    ask: false,
    replayed: true,
    balance: balanceOf(batch, command.player.accountId),
    position: { ...batch.book.position(bet.sessionId, command.player) },
  };
}

function refuse(
  code: PlaceRefusal,
  { quote = null, limit = null }: { quote?: Quote | null; limit?: bigint | null } = {},
): PlaceOutcome {
  return { ok: false, code, quote, limit };
}
