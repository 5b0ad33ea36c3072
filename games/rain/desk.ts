/**
 * The door to a visit: opening, looking, bringing in, leaving. Pages come here; money is moved by the keeper alone.
 * Invariant: the newest page of a player is the one that counts; what an older one still says is not heard.
 */
import { createHash } from 'node:crypto';
import { digestOf, type OpenedSession } from '../hub-client.ts';
import { exponentOf } from '../money.ts';
import { keyedQueue } from '../queue.ts';
import { languageOf } from '../view.ts';
import { type Figures, figureReader } from './figures.ts';
import type { Keeper } from './keeper.ts';
import type { Stay, Visit } from './stay.ts';
import * as stays from './stay.ts';
import type { House } from './steps.ts';
import type { RainState, RainView } from './wire.ts';

export type DeskOrder = { token: string; opening: string; language: string };
export type Refused = { ok: false; code: string };
export type Opened = { ok: true; key: string; view: RainView } | Refused;
export type Admitted = { ok: true; url: string } | Refused;
export type Viewed = { ok: true; view: RainView } | Refused;

export type Desk = ReturnType<typeof openDesk>;

const UNKNOWN: Refused = { ok: false, code: 'session_unknown' };
const OPENINGS_WAITING_MAX = 4;
/** A page that goes away may only be loaded again. */
const AWAY_MS = 5_000;
const TOUCH_MS = 15_000;

/** The player's name at the book, of at most 15 characters, for ever the same. */
export function userIdOf(player: string): string {
  if (/^\d{1,14}$/.test(player)) return `r${player}`;
  return `h${BigInt(`0x${createHash('sha256').update(player).digest('hex')}`)
    .toString(36)
    .slice(0, 14)}`;
}

function stakeMaxOf({ limits }: OpenedSession): bigint | null {
  const most = [limits.betMax, limits.winMax].filter((limit) => limit !== null);
  return most.length === 0 ? null : most.reduce((least, limit) => (limit < least ? limit : least));
}

type DeskParts = { house: House; keeper: Keeper; currency: string };

/** Opens the session at the hub and takes its player in; why not, or null. */
async function openNew(by: DeskParts, page: DeskOrder & { key: string }): Promise<Refused | null> {
  const answer = await by.house.hub.open(page.token);
  if (answer.kind === 'unknown') return { ok: false, code: 'hub_unreachable' };
  if (answer.kind === 'refused') return { ok: false, code: answer.code };
  const { player, currency } = answer.session;
  if (currency !== by.currency) return { ok: false, code: 'currency_mismatch' };
  const { store, now } = by.house;
  await store.add(stays.newStay({ player, userId: userIdOf(player), currency }));
  const visit = newVisit(answer.session, page, now());
  await store.change(player, (stay) => stays.open(stay, visit));
  return null;
}

function newVisit(session: OpenedSession, page: DeskOrder & { key: string }, now: number): Visit {
  const language = page.language === '' ? session.language : page.language;
  const { key, opening } = page;
  const times = { openedAt: now, touchedAt: now, since: now, leaveAt: null };
  const { session: id, nickname } = session;
  const stakeMax = stakeMaxOf(session);
  const begin = { state: 'entering', shown: false, code: null, sizings: 0 } as const;
  return { key, opening, session: id, nickname, language, stakeMax, ...times, ...begin };
}

/** Opens the desk. Players come in the currency of the book only. */
export function openDesk(by: DeskParts) {
  const { house, keeper } = by;
  const { store, now } = house;
  const openings = keyedQueue(OPENINGS_WAITING_MAX);
  const figuresOf = figureReader(house);

  /** The stay whose page this key is, when that page is the one that counts. */
  function mine(keyText: string): { stay: Stay; visit: Visit } | null {
    const key = digestOf(keyText);
    const stay = store.stayOfKey(key);
    return stay?.visit?.key === key ? { stay, visit: stay.visit } : null;
  }

  async function viewOfKey(keyText: string): Promise<Viewed> {
    const key = digestOf(keyText);
    const stay = store.stayOfKey(key);
    if (stay === undefined) return UNKNOWN;
    const figures = await figuresOf(stay);
    return { ok: true, view: viewOf(store.stay(stay.player)!, { key, figures, now: now() }) };
  }

  /** Changes the visit of this page, if it is the one that counts, and sees to what follows. */
  async function act(keyText: string, change: (stay: Stay) => Stay): Promise<Viewed> {
    const found = mine(keyText);
    if (found !== null) {
      const { player } = found.stay;
      await store.change(player, change);
      keeper.stir(player);
    }
    return viewOfKey(keyText);
  }

  /** Opens a launch token; the same token with the same opening id goes on with what it opened, and wants in again. */
  async function open(order: DeskOrder): Promise<Opened> {
    const opening = digestOf(`opening\n${order.token}\n${order.opening}`);
    const keyText = digestOf(`key\n${order.token}\n${order.opening}`);
    const known = store.stayOfOpening(opening);
    if (known === undefined) {
      const refused = await openNew(by, { ...order, opening, key: digestOf(keyText) });
      if (refused !== null) return refused;
    }
    const viewed = await act(keyText, (stay) =>
      stay.visit?.state === 'in' ? stays.touch(stay, now()) : stays.wantIn(stay, now()),
    );
    return viewed.ok ? { ...viewed, key: keyText } : viewed;
  }

  return {
    open: async (order: DeskOrder): Promise<Opened> =>
      openings.run(digestOf(order.token), () => open(order)) ?? { ok: false, code: 'busy' },
    view: viewOfKey,
    /** Brings into the book what is in the wallet: at first, again after leaving, or more. */
    enter: (keyText: string) => act(keyText, (stay) => stays.wantIn(stay, now())),
    leave: (keyText: string) => act(keyText, (stay) => stays.leaving(stay, now())),
    /** The page goes away, perhaps only to be loaded again. */
    away: (keyText: string) => act(keyText, (stay) => stays.leaving(stay, now() + AWAY_MS)),
    /** The player does something. */
    touch: (keyText: string) => act(keyText, (stay) => touched(stay, now())),
    /** The address of the book's page, while the player is in. */
    async login(keyText: string): Promise<Admitted> {
      const found = mine(keyText);
      return found === null ? UNKNOWN : loginOf(house, found);
    },
  };
}

function touched(stay: Stay, now: number): Stay {
  const { visit } = stay;
  const isFresh = visit !== null && visit.leaveAt === null && now - visit.touchedAt < TOUCH_MS;
  return isFresh ? stay : stays.touch(stay, now);
}

async function loginOf(house: House, { stay, visit }: { stay: Stay; visit: Visit }): Promise<Admitted> {
  if (!visit.shown) return { ok: false, code: 'not_in' };
  const login = await house.book.loginUrl(stay.userId);
  if (login.kind === 'ok') return { ok: true, url: login.value };
  return { ok: false, code: login.kind === 'refused' ? 'book_refused' : 'book_unreachable' };
}

function viewOf(stay: Stay, by: { key: string; figures: Figures; now: number }): RainView {
  const { visit, currency } = stay;
  const { wallet, book } = by.figures;
  return {
    state: stateOf(stay, by),
    code: visit?.key === by.key ? visit.code : null,
    currency,
    decimals: exponentOf(currency),
    language: languageOf(visit?.language ?? 'en'),
    wallet: wallet?.toString() ?? null,
    book,
    moving: stay.step !== null || visit?.state === 'entering',
  };
}

function stateOf(stay: Stay, by: { key: string; now: number }): RainState {
  const { visit } = stay;
  if (visit === null || visit.key !== by.key) return 'replaced';
  if (stays.isHere(visit) && visit.leaveAt !== null && visit.leaveAt <= by.now) return 'leaving';
  if (visit.state === 'entering') return visit.shown ? 'in' : 'entering';
  if (visit.state !== 'left') return visit.state;
  const isGoing = stay.step !== null || (stay.holds && stay.lookAt === 0);
  return isGoing ? 'leaving' : 'left';
}
