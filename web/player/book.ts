/**
 * What the page knows of the book, and how each thing the hub says changes it. Pure. What is older than what is known
 * is passed over: a session by its revision, a bet by the instant of its last change.
 */
import type {
  BalanceView,
  BetView,
  LiveMessage,
  PlacedView,
  PlayerView,
  PositionView,
  SessionView,
  StateView,
} from '../../src/kbook/player-wire.ts';
import { type Limits, type Money, NO_BETS, type Stand } from '../shared/exposure.ts';
import { minorOf } from '../shared/money.ts';

export interface Book {
  readonly player: PlayerView;
  readonly balance: BalanceView;
  readonly sessions: ReadonlyMap<number, SessionView>;
  readonly positions: ReadonlyMap<number, PositionView>;
  /** Open bets, and those that ceased to be open in front of the player. */
  readonly bets: ReadonlyMap<number, BetView>;
  readonly visit: StateView['visit'];
  readonly revision: number;
}

const OPEN_STATUSES: ReadonlySet<string> = new Set(['TEMP', 'CHECK', 'ACTIVE']);
const OLD_BETS_MAX = 200;
const LATE_MS = 3_000;

export function isOpen(bet: BetView): boolean {
  return OPEN_STATUSES.has(bet.status);
}

/** The whole state; what the page already knows newer stays. */
export function bookOf(state: StateView, known: Book | null): Book {
  const sessions = new Map(state.sessions.map((session) => [session.id, session]));
  for (const old of known?.sessions.values() ?? []) {
    const told = sessions.get(old.id);
    if (told !== undefined && told.revision < old.revision) sessions.set(old.id, old);
  }
  const bets = new Map<number, BetView>();
  for (const bet of known?.bets.values() ?? []) if (!isOpen(bet)) bets.set(bet.id, bet);
  for (const bet of state.openBets) bets.set(bet.id, newer(known?.bets.get(bet.id), bet));
  return {
    player: state.player,
    balance: state.balance,
    sessions,
    positions: new Map(state.positions.map((position) => [position.sessionId, position])),
    bets: new Map([...bets].slice(-OLD_BETS_MAX)),
    visit: state.visit,
    revision: Math.max(state.revision, known?.revision ?? 0),
  };
}

export function heard(book: Book, message: LiveMessage): Book {
  switch (message.type) {
    case 'hello':
      return { ...book, revision: Math.max(book.revision, message.revision) };
    case 'session':
      return withSession(book, message.session);
    case 'bet':
      return withBet(book, message.bet);
    case 'money':
      return withMoney(book, message);
    case 'ended':
      return book;
  }
}

export function withSession(book: Book, session: SessionView): Book {
  const known = book.sessions.get(session.id);
  const revision = Math.max(book.revision, session.revision);
  if (known !== undefined && known.revision >= session.revision) return { ...book, revision };
  return { ...book, revision, sessions: new Map(book.sessions).set(session.id, session) };
}

/** The odds a refusal told of: they are newer than the session's only if their number is. */
export function withOdds(book: Book, sessionId: number, odds: SessionView['odds']): Book {
  const known = book.sessions.get(sessionId);
  if (known === undefined || odds === null || (known.odds?.quote ?? 0) > odds.quote) return book;
  return { ...book, sessions: new Map(book.sessions).set(sessionId, { ...known, odds }) };
}

export function withBet(book: Book, bet: BetView): Book {
  const bets = new Map(book.bets);
  bets.set(bet.id, newer(bets.get(bet.id), bet));
  return { ...book, bets };
}

function newer(known: BetView | undefined, told: BetView): BetView {
  return known !== undefined && known.updatedAt > told.updatedAt ? known : told;
}

function withMoney(
  book: Book,
  told: { readonly balance: BalanceView; readonly positions: readonly PositionView[] },
): Book {
  const positions = new Map(book.positions);
  for (const position of told.positions) positions.set(position.sessionId, position);
  return { ...book, balance: told.balance, positions };
}

export function withPlaced(book: Book, { bet, balance, position }: PlacedView): Book {
  return withMoney(withBet(book, bet), { balance, positions: [position] });
}

/** The bet that was sent under a key, if it has come. */
export function betOfKey(book: Book, key: string): BetView | undefined {
  return [...book.bets.values()].find((bet) => bet.key === key);
}

/** False where every bet has failed: such a position has nothing to show. */
export function isHeld({ netRain, netDry, riskRain, riskDry }: PositionView): boolean {
  return netRain !== 0 || netDry !== 0 || riskRain !== 0 || riskDry !== 0;
}

// ---- in minor units, for the arithmetic -----------------------------------------------------------------------

export function standOf(book: Book, sessionId: number): Stand {
  const found = book.positions.get(sessionId);
  if (found === undefined) return NO_BETS;
  const minor = (amount: number) => minorOf(amount, book.player.decimals);
  return {
    netRain: minor(found.netRain),
    netDry: minor(found.netDry),
    riskRain: minor(found.riskRain),
    riskDry: minor(found.riskDry),
  };
}

export function moneyOf({ balance, player }: Book): Money {
  return {
    balance: minorOf(balance.balance, player.decimals),
    exposure: minorOf(balance.exposure, player.decimals),
  };
}

export function limitsOf({ player }: Book): Limits {
  const minor = (amount: number) => minorOf(amount, player.decimals);
  return {
    minBet: minor(player.minBet),
    maxBet: minor(player.maxBet),
    maxExposure: minor(player.maxExposure),
  };
}

// ---- what a session is for the player -------------------------------------------------------------------------

/** How a session's card looks. `paused`: open, but nothing can be bet at this moment. */
export type Phase = 'soon' | 'open' | 'paused' | 'closed' | 'running' | 'waiting' | 'settled' | 'void';

export function phaseOf(session: SessionView, now: number): Phase {
  switch (session.status) {
    case 'SETTLED':
      return 'settled';
    case 'VOID':
      return 'void';
    case 'UNSETTLED':
      return 'waiting';
    case 'SUSPEND':
      return 'paused';
    case 'READY':
      return now < session.opensAt ? 'soon' : 'paused';
    case 'OPEN':
      if (now >= session.closesAt) return running(session, now);
      return session.market === 'OPEN' && isGood(session.odds, now) ? 'open' : 'paused';
    case 'CLOSE':
      return running(session, now);
  }
}

/** Odds are good until their instant; what is just over may be on its way anew. */
function isGood(odds: SessionView['odds'], now: number): boolean {
  return odds !== null && now < odds.until + LATE_MS;
}

function running({ startsAt, endsAt }: SessionView, now: number): Phase {
  if (now < startsAt) return 'closed';
  return now < endsAt ? 'running' : 'waiting';
}
