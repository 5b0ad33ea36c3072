/**
 * What every action of a player needs: the studio's parts, and the small questions asked everywhere.
 * Refusals are values with a code the page can explain; every answer carries the session's whole view.
 */
import type { Logger } from 'pino';
import type { Cashier } from './cashier.ts';
import { gameById, type SlotGame } from './catalogue/games.ts';
import type { HubClient } from './hub-client.ts';
import type { Rng } from './rng.ts';
import { declineOffer, type Round } from './round.ts';
import type { Session, Store } from './store.ts';
import { viewOf } from './view.ts';
import type { WireView } from './wire.ts';

export type Refusal = { ok: false; code: string };
export type Acted = { ok: true; view: WireView } | (Refusal & { view: WireView });
export type Opened = { ok: true; key: string; view: WireView } | Refusal;

export type House = {
  hub: HubClient;
  store: Store;
  cashier: Cashier;
  rng: Rng;
  now: () => number;
  log: Logger;
  /** How long an answer to the page waits for a win to be paid. */
  payWaitMs: number;
  /** Free spins nobody plays are played by the studio after this time, so that every round ends. */
  freeIdleMs: number;
};

const SPIN_IDS_KEPT = 32;

/** The session's latest round. */
export function roundOf(house: House, session: Session): Round | undefined {
  return house.store.round(session.round ?? '');
}

export function viewIn(house: House, key: string): WireView {
  const session = house.store.session(key)!;
  return viewOf(session, roundOf(house, session), house.now());
}

export function done(house: House, key: string): Acted {
  return { ok: true, view: viewIn(house, key) };
}

export function refused(house: House, key: string, code: string): Acted {
  return { ok: false, code, view: viewIn(house, key) };
}

/** Waits until a round's money is delivered, but not for ever: delivery goes on behind the answer. */
export async function delivered(house: House, id: string): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, house.payWaitMs);
  await Promise.race([house.cashier.deliver(id), timer.promise]);
  clearTimeout(timeout);
}

/** The slot the session plays; null in a lobby. */
export function slotOf(session: Session): SlotGame | null {
  const game = gameById(session.playing ?? '');
  return game?.kind === 'slot' ? game : null;
}

export function remember(session: Session, spinId: string): string[] {
  return [...session.spinIds, spinId].slice(-SPIN_IDS_KEPT);
}

/** The answer of a spin id seen before, or null when it is new. */
export function seenBefore(house: House, session: Session, spinId: string): Acted | null {
  if (!session.spinIds.includes(spinId)) return null;
  const latest = roundOf(house, session)?.steps.some((step) => step.spinId === spinId);
  return latest || session.spinIds.at(-1) === spinId
    ? done(house, session.key)
    : refused(house, session.key, 'old_spin');
}

/** Closes the round of an offer that was not taken. */
export async function finishOffer(house: House, round: Round): Promise<void> {
  if (round.offer === null || round.ended !== null || round.bet !== null) return;
  await house.store.changeRound(round.id, declineOffer);
  void house.cashier.deliver(round.id);
}
