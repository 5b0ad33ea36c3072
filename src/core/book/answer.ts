/**
 * K-Rain's answer to a bet's lay-off: TEMP or CHECK → ACTIVE, FAILED, or CHECK. A second answer changes nothing.
 * What K-Rain leaves over of a part stays in the pool, which had room for it. A bet matched after its session's result
 * is settled by the next run over its position.
 */
import type { Batch } from '../ledger.ts';
import { balanceOf, nameShortage, restate } from './account.ts';
import { hedgeOf, minus, netOf, plus, riskOf } from './exposure.ts';
import { poolRisk } from './hedge.ts';
import { dayOf } from './place.ts';
import type { Bet, BookAnswer, BookAnswerOutcome, BookSession, MarketAnswer, Position } from './types.ts';

export function answerBet(batch: Batch, command: BookAnswer): BookAnswerOutcome {
  const bet = batch.book.bet(command.betId);
  if (bet === undefined) return { ok: false, code: 'unknown_bet' };
  const again = () => tell(batch, { bet, command, replayed: true });
  const done = () => tell(batch, { bet, command, replayed: false });
  if (!isPending(bet)) return again();
  if (command.answer.kind === 'unknown') {
    if (bet.status === 'CHECK') return again();
    bet.status = 'CHECK';
    bet.updatedAt = batch.now;
    batch.book.setBet(bet);
    return done();
  }
  const session = batch.book.session(bet.sessionId);
  const position = batch.book.position(bet.sessionId, command.player);
  leavePending({ bet, session, position });
  if (command.answer.kind === 'matched' && command.answer.stake > 0n)
    match(batch, { bet, session, position }, command.answer);
  else fail(batch, bet, command.answer);
  // Settled before: it is not any more.
  position.version = 0;
  restate(batch, position, session.result);
  nameShortage(batch, batch.account(position.accountId));
  bet.updatedAt = batch.now;
  batch.book.touchSession(session);
  batch.book.setBet(bet);
  return done();
}

interface Tale {
  readonly bet: Bet;
  readonly command: BookAnswer;
  readonly replayed: boolean;
}

/** As it stands now: what the batch does next changes nothing that was told. */
function tell(batch: Batch, { bet, command: { player }, replayed }: Tale): BookAnswerOutcome {
  const position = batch.book.position(bet.sessionId, player);
  return {
    ok: true,
    bet: { ...bet },
    balance: balanceOf(batch, player.accountId),
    position: { ...position },
    replayed,
  };
}

export function isPending(bet: Pick<Bet, 'status'>): boolean {
  return bet.status === 'TEMP' || bet.status === 'CHECK';
}

interface Taken {
  readonly bet: Bet;
  readonly session: BookSession;
  readonly position: Position;
}

/** Takes out what the pending bet was counted with: what `placeBet` put in (place.ts, hedge.ts). */
function leavePending({ bet, session, position }: Taken): void {
  position.pending -= 1;
  position.risk = minus(position.risk, riskOf(bet));
  session.risk = minus(session.risk, poolRisk(bet));
}

function match(
  batch: Batch,
  { bet, session, position }: Taken,
  answer: MarketAnswer & { kind: 'matched' },
): void {
  if (answer.stake > bet.krainStake) throw new Error(`bet ${bet.id}: K-Rain took more than it was asked`);
  bet.status = 'ACTIVE';
  bet.krainStake = answer.stake;
  bet.ownStake = bet.stake - answer.stake;
  bet.krainOdds = answer.odds;
  bet.krainWin = answer.win;
  const [net, hedge] = [netOf(bet), hedgeOf(bet)];
  position.net = plus(position.net, net);
  position.hedge = plus(position.hedge, hedge);
  session.pool = plus(session.pool, minus(hedge, net));
  batch.book.matchedLater(position, bet);
}

function fail(batch: Batch, bet: Bet, answer: MarketAnswer): void {
  giveBackDay(batch, bet);
  bet.status = 'FAILED';
  bet.reason = answer.kind === 'refused' ? answer.reason : 'krain_refused';
  bet.krainStake = 0n;
  bet.ownStake = 0n;
}

/** A stake that was not taken does not count against the player's own limit of the day. */
function giveBackDay(batch: Batch, bet: Bet): void {
  const player = batch.book.player(bet.playerId);
  if (player.day !== dayOf(bet.placedAt) || player.dayStake < bet.stake) return;
  player.dayStake -= bet.stake;
  batch.book.touchPlayer(player);
}
