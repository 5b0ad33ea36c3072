/** The player's paid actions: a spin, and the respin of one reel. The outcome is durable before its money moves. */
import { randomBytes } from 'node:crypto';
import {
  type Acted,
  delivered,
  done,
  finishOffer,
  type House,
  refused,
  remember,
  roundOf,
  seenBefore,
  slotOf,
} from './house.ts';
import { stakesWithin } from './money.ts';
import { beginRespin, beginRound, type Round, type Step } from './round.ts';
import { modelOf } from './rules.ts';
import { spinReel, spinReels } from './slot/play.ts';
import type { Session } from './store.ts';

export type SpinOrder = { spinId: string; stake: bigint };
export type RespinOrder = { spinId: string; round: string; reel: number; price: bigint };

/** Sends the bet of a durable step and waits a while for what it won. */
async function stakeStep(house: House, round: Round, stepsBefore: number): Promise<Acted> {
  const after = await house.cashier.placeBet(round);
  const counted = after.steps.length > stepsBefore && after.ended !== 'refused' && after.ended !== 'void';
  if (!counted) return refused(house, round.sessionKey, after.code ?? 'refused');
  await delivered(house, round.id);
  return done(house, round.sessionKey);
}

/** A paid spin of all reels: a new round. Refused while free spins wait or a bet is under way. */
export async function spin(house: House, session: Session, order: SpinOrder): Promise<Acted> {
  const seen = seenBefore(house, session, order.spinId);
  if (seen !== null) return seen;
  const game = slotOf(session);
  if (session.closed) return refused(house, session.key, 'session_ended');
  if (game === null) return refused(house, session.key, 'no_game');
  if (!stakesWithin(session.currency, session.limits).includes(order.stake)) {
    return refused(house, session.key, 'invalid_stake');
  }
  const before = roundOf(house, session);
  if (before !== undefined && (before.bet !== null || (before.free?.left ?? 0) > 0)) {
    return refused(house, session.key, 'round_open');
  }
  if (before !== undefined) await finishOffer(house, before);
  const outcome = spinReels(modelOf(game), house.rng, { stake: order.stake, multiplier: 1 });
  const step: Step = { spinId: order.spinId, kind: 'spin', cost: order.stake, reel: null, spin: outcome };
  const id = `r${randomBytes(12).toString('hex')}`;
  const round = beginRound(
    { id, sessionKey: session.key, game: game.id, stake: order.stake, touchedAt: house.now() },
    step,
  );
  await house.store.addRound(round, {
    ...house.store.session(session.key)!,
    stake: order.stake,
    touchedAt: house.now(),
    spinIds: remember(session, order.spinId),
  });
  return stakeStep(house, round, 0);
}

/** The second bet of the latest round, while it is on offer and at the price that was offered. */
export async function respin(house: House, session: Session, order: RespinOrder): Promise<Acted> {
  const seen = seenBefore(house, session, order.spinId);
  if (seen !== null) return seen;
  const round = roundOf(house, session);
  const game = slotOf(session);
  if (session.closed) return refused(house, session.key, 'session_ended');
  if (game === null || round === undefined || round.id !== order.round || round.offer === null) {
    return refused(house, session.key, 'offer_over');
  }
  const over = round.ended !== null || round.stuck !== null || round.offer.until < house.now();
  if (over || round.bet !== null) {
    return refused(house, session.key, 'offer_over');
  }
  if (round.offer.prices[order.reel] !== order.price) return refused(house, session.key, 'price_changed');
  await delivered(house, round.id); // the first bet is settled before the second is made
  const paid = house.store.round(round.id)!;
  if (paid.stuck !== null) return refused(house, session.key, 'offer_over');
  if (paid.owed.length > 0) return refused(house, session.key, 'still_paying');
  const held = round.steps.at(-1)!.spin;
  const outcome = spinReel(modelOf(game), house.rng, {
    stake: round.stake,
    multiplier: 1,
    stops: held.stops,
    reel: order.reel,
  });
  const step: Step = {
    spinId: order.spinId,
    kind: 'respin',
    cost: order.price,
    reel: order.reel,
    spin: outcome,
  };
  const next = await house.store.changeBoth(round.id, {
    round: (r) => beginRespin(r, step, house.now()),
    session: (s) => ({ ...s, touchedAt: house.now(), spinIds: remember(s, order.spinId) }),
  });
  return stakeStep(house, next, round.steps.length);
}
