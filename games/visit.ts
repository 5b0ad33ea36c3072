/** Coming and going: opening a session, choosing a game in a lobby, looking, leaving. */
import { gameById, gamesOfVendor } from './catalogue/games.ts';
import { playOut } from './free-spins.ts';
import {
  type Acted,
  delivered,
  done,
  finishOffer,
  type House,
  type Opened,
  refused,
  roundOf,
  viewIn,
} from './house.ts';
import { digestOf } from './hub-client.ts';
import { firstStake, stakesWithin } from './money.ts';
import type { Session } from './store.ts';

export type OpenOrder = { token: string; opening: string; language: string };

/** Opens a launch token; the same token with the same opening id continues what it opened. */
export async function open(house: House, order: OpenOrder): Promise<Opened> {
  const opening = digestOf(`opening\n${order.token}\n${order.opening}`);
  const keyText = digestOf(`key\n${order.token}\n${order.opening}`);
  const key = digestOf(keyText);
  const known = house.store.sessionOfOpening(opening);
  if (known !== undefined) return { ok: true, key: keyText, view: viewIn(house, known.key) };
  const answer = await house.hub.open(order.token);
  if (answer.kind === 'unknown') return { ok: false, code: 'hub_unreachable' };
  if (answer.kind === 'refused') return { ok: false, code: answer.code };
  const game = gameById(answer.session.game);
  if (game === undefined || game.kind === 'table') return { ok: false, code: 'game_disabled' };
  await house.store.addSession({
    ...answer.session,
    language: order.language === '' ? answer.session.language : order.language,
    key,
    opening,
    entry: game.id,
    playing: game.kind === 'slot' ? game.id : null,
    openedAt: house.now(),
    touchedAt: house.now(),
    closed: false,
    staked: 0n,
    won: 0n,
    stake: firstStake(stakesWithin(answer.session.currency, answer.session.limits)),
    round: null,
    spinIds: [],
  });
  return { ok: true, key: keyText, view: viewIn(house, key) };
}

/** Refreshes the balance where nothing of the player's is under way. */
export async function state(house: House, session: Session): Promise<Acted> {
  const round = roundOf(house, session);
  if (round === undefined || (round.bet === null && round.owed.length === 0)) {
    const purse = await house.hub.purse(session.player);
    if (purse !== null && purse.balance !== session.balance) {
      await house.store.changeSession(session.key, (s) => ({ ...s, balance: purse.balance }));
    }
  } else if (round.bet === null) await delivered(house, round.id);
  return done(house, session.key);
}

/** Goes to a game of the lobby, or with null back to the lobby. */
export async function choose(house: House, session: Session, gameId: string | null): Promise<Acted> {
  const entry = gameById(session.entry)!;
  if (session.closed) return refused(house, session.key, 'session_ended');
  if (entry.kind !== 'lobby') return refused(house, session.key, 'no_game');
  const chosen = gamesOfVendor(entry.vendor).find((game) => game.id === gameId && game.kind === 'slot');
  if (gameId !== null && chosen === undefined) return refused(house, session.key, 'no_game');
  const round = roundOf(house, session);
  if (round !== undefined && round.game !== gameId && (round.free?.left ?? 0) > 0) {
    return refused(house, session.key, 'round_open');
  }
  if (round !== undefined) await finishOffer(house, round);
  await house.store.changeSession(session.key, (s) => ({
    ...s,
    playing: chosen?.id ?? null,
    touchedAt: house.now(),
  }));
  return done(house, session.key);
}

/** The player does not want the respin, or has left the page: the round closes. */
export async function decline(house: House, session: Session): Promise<Acted> {
  const round = roundOf(house, session);
  if (round !== undefined) await finishOffer(house, round);
  return done(house, session.key);
}

/** Ends the session: the offer is declined, free spins left are played, the hub is told. */
export async function close(house: House, session: Session): Promise<Acted> {
  const round = roundOf(house, session);
  if (round !== undefined) {
    await finishOffer(house, round);
    if (round.bet === null) await playOut(house, session.key, round.id);
  }
  if (!session.closed) {
    await house.store.changeSession(session.key, (s) => ({ ...s, closed: true, touchedAt: house.now() }));
    void house.hub.closeSession(session.session);
  }
  return done(house, session.key);
}
