/** Free spins: one at a time as the player goes on, or all that are left when nobody plays them. */
import { gameById } from './catalogue/games.ts';
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
} from './house.ts';
import { playFree, type Round, type Step } from './round.ts';
import { consequenceOf, modelOf } from './rules.ts';
import { spinReels } from './slot/play.ts';
import type { Session } from './store.ts';

export type FreeOrder = { spinId: string; round: string };

/** Draws one free spin and makes it durable; its money is owed from then on. */
async function drawFree(
  house: House,
  session: Session,
  { round, spinId }: { round: Round; spinId: string },
): Promise<void> {
  const game = gameById(round.game);
  if (game?.kind !== 'slot') throw new Error(`round ${round.id} is of no slot`);
  const model = modelOf(game);
  const { freeMultiplier } = model.profile;
  const outcome = spinReels(model, house.rng, { stake: round.stake, multiplier: freeMultiplier });
  const step: Step = { spinId, kind: 'free', cost: 0n, reel: null, spin: outcome };
  const drawn: Round = { ...round, steps: [...round.steps, step] };
  const after = consequenceOf(drawn, { game, limits: session.limits, now: house.now() });
  await house.store.changeBoth(round.id, {
    round: (r) => playFree(r, step, after),
    session: (s) => ({
      ...s,
      won: s.won + outcome.win,
      touchedAt: house.now(),
      spinIds: remember(s, spinId),
    }),
  });
}

/** The next free spin of the round. */
export async function free(house: House, session: Session, order: FreeOrder): Promise<Acted> {
  const seen = seenBefore(house, session, order.spinId);
  if (seen !== null) return seen;
  const round = roundOf(house, session);
  if (round === undefined || round.id !== order.round || (round.free?.left ?? 0) === 0) {
    return refused(house, session.key, 'no_free_spins');
  }
  await drawFree(house, session, { round, spinId: order.spinId });
  await delivered(house, round.id);
  return done(house, session.key);
}

/** Plays what free spins are left, so that the round ends and is paid. */
export async function playOut(house: House, key: string, roundId: string): Promise<void> {
  for (;;) {
    const session = house.store.session(key);
    const round = house.store.round(roundId);
    if (session === undefined || round === undefined || (round.free?.left ?? 0) === 0) return;
    await drawFree(house, session, { round, spinId: `auto-${round.steps.length}-${round.id}` });
    void house.cashier.deliver(roundId);
  }
}

/** True when the studio is to end what the player has left behind: an old offer, free spins nobody plays. */
export function isLeft(house: House, round: Round): boolean {
  if (round.ended !== null || round.bet !== null) return false;
  if (round.offer !== null) return round.offer.until < house.now();
  return (round.free?.left ?? 0) > 0 && round.touchedAt + house.freeIdleMs < house.now();
}

/** Ends what the player has left behind. */
export async function endIfLeft(house: House, id: string): Promise<void> {
  const round = house.store.round(id);
  if (round === undefined || !isLeft(house, round)) return;
  await finishOffer(house, round);
  await playOut(house, round.sessionKey, id);
}
