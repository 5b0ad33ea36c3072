/**
 * Who bets on the rain in tests: two operators, their players, sessions whose sites split stakes differently. Made
 * twice, once for the store and once for the naive model, so that neither sees what the other does to it.
 */
import type { BookPlayer, BookSession, HedgeRules, Quote } from '../../src/core/book/types.ts';
import { ACCOUNT } from '../../src/core/chart.ts';
import {
  type AccountId,
  type BookOperatorId,
  type Instant,
  trusted,
  type VisitId,
} from '../../src/core/ids.ts';
import { NaiveBook } from './naive.ts';
import { BookStore } from './store.ts';

export const T0 = trusted<Instant>(Date.UTC(2026, 0, 5, 22));
export const HOUR_MS = 3_600_000;
export const POOL = trusted<AccountId>(901);
export const KRAIN = trusted<AccountId>(902);

export interface CastPlayer {
  readonly id: BookPlayer['id'];
  readonly operatorId: BookOperatorId;
  readonly accountId: AccountId;
  readonly outsideId: AccountId;
  readonly vendorType: string;
  readonly visitId: VisitId;
  readonly endedVisitId: VisitId;
}

export interface BookCast {
  readonly players: readonly CastPlayer[];
  readonly sessions: readonly BookSession['id'][];
}

/** How the sites of the cast split a stake: in three parts, all kept, all laid off, a small pool, shares alike. */
export const RULES: readonly HedgeRules[] = [
  { ownBps: 3000, ownMinBps: 500, poolMax: 2_000_000n },
  { ownBps: 10_000, ownMinBps: 0, poolMax: 1_000_000_000n },
  { ownBps: 3000, ownMinBps: 500, poolMax: 3_000n },
  { ownBps: 3333, ownMinBps: 3333, poolMax: 40_000n },
  { ownBps: 0, ownMinBps: 0, poolMax: 0n },
];

export function quoteOf(id: number, { rain, dry }: { rain: number; dry: number }, until: number): Quote {
  return { id, rain, dry, krainRain: rain + 40, krainDry: dry + 20, until: trusted(until) };
}

export interface Ground {
  readonly cast: BookCast;
  readonly store: BookStore;
  readonly model: NaiveBook;
}

export interface GroundWish {
  /** Of each operator. */
  readonly players: readonly number[];
  /** A session for each, that closes so long after T0. */
  readonly sessions: readonly { readonly rules: HedgeRules; readonly closesMs: number }[];
}

/** A fresh store and a fresh model of the same world: every session open, with odds, and every player with a visit. */
export function openGround({ players: counts, sessions: wished }: GroundWish): Ground {
  const [store, model] = [new BookStore(), new NaiveBook()];
  store.addAccount(POOL, ACCOUNT.rainPool);
  store.addAccount(KRAIN, ACCOUNT.krainClearing);
  const players = counts.flatMap((count, place) =>
    Array.from({ length: count }, (_, nth) => addPlayer({ store, model }, { place, nth })),
  );
  const sessions = wished.map((each, index) => addSession({ store, model }, { ...each, index }));
  return { cast: { players, sessions }, store, model };
}

type Books = Pick<Ground, 'store' | 'model'>;

function addPlayer({ store, model }: Books, { place, nth }: { place: number; nth: number }): CastPlayer {
  const number = 100 * (place + 1) + nth;
  const outsideId = trusted<AccountId>(910 + place);
  const player: CastPlayer = {
    id: trusted(10_000 + number),
    operatorId: trusted(1001 + place),
    accountId: trusted(20_000 + number),
    outsideId,
    vendorType: 'CPS_USD',
    visitId: trusted(30_000 + number),
    endedVisitId: trusted(40_000 + number),
  };
  if (!store.accounts.has(outsideId)) store.addAccount(outsideId, ACCOUNT.outside);
  store.addAccount(player.accountId, ACCOUNT.credit);
  store.visits.add(player.visitId);
  model.visits.add(player.visitId);
  const { id, operatorId, accountId } = player;
  const limits = {
    minBet: 100n,
    maxBet: 10_000n,
    maxExposure: 15_000n,
    own: { maxBet: null, dayStake: nth === 1 ? 20_000n : null },
    nextOwn: null,
    nextOwnAt: null,
    mayBet: true,
    excludedUntil: null,
  };
  store.players.set(id, { id, operatorId, accountId, ...limits, credit: 0n, day: 0, dayStake: 0n });
  model.players.set(id, { id, operatorId, ...limits });
  return player;
}

function addSession(
  { store, model }: Books,
  { rules, index, closesMs }: GroundWish['sessions'][number] & { index: number },
): BookSession['id'] {
  const id = trusted<BookSession['id']>(20_001 + index);
  const shown = {
    id,
    opensAt: trusted<Instant>(T0 - HOUR_MS),
    closesAt: trusted<Instant>(T0 + closesMs),
    status: 'OPEN',
    market: 'OPEN',
    quote: quoteOf(1, { rain: 2500, dry: 1530 }, T0 + 10 * HOUR_MS),
    result: 'NOT_AVAILABLE',
    version: 0,
    rules,
  } as const;
  const none = { rain: 0n, dry: 0n };
  store.sessions.set(id, { ...shown, pool: none, risk: none });
  model.sessions.set(id, { ...shown });
  return id;
}

/** What staff and the clock do to a session, beside the ledger. */
export function setSession(
  { store, model }: Books,
  id: BookSession['id'],
  change: Partial<Pick<BookSession, 'status' | 'market' | 'quote' | 'result' | 'version'>>,
): void {
  store.sessions.set(id, { ...store.sessions.get(id)!, ...change });
  Object.assign(model.sessions.get(id)!, change);
}

/** What an operator or the player itself does to the player, beside the ledger. */
export function setPlayer(
  { store, model }: Books,
  id: BookPlayer['id'],
  change: Partial<
    Pick<
      BookPlayer,
      'minBet' | 'maxBet' | 'maxExposure' | 'own' | 'nextOwn' | 'nextOwnAt' | 'mayBet' | 'excludedUntil'
    >
  >,
): void {
  store.players.set(id, { ...store.players.get(id)!, ...change });
  Object.assign(model.players.get(id)!, change);
}
