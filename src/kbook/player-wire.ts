/**
 * The player page's API: what goes over its wire. Amounts are JSON numbers in the currency's unit, odds decimal
 * (49.0), instants epoch ms. Every answer is HTTP 200 with {code, message, data}: codes of contract kbook.
 *
 * Every call but /login and /refresh carries `authorization: Bearer <access>`. What a call answers:
 * POST /login {token, password?} → Tokens; 2004 with PasswordHint, and the token may be used again with a password.
 * POST /refresh {refresh} → Tokens, POST /logout {} → nothing. POST /bets → PlacedView, refused with BetHint.
 * POST /limits OwnLimitsView, POST /exclude {for}, POST /language {language} → PlayerView.
 * POST /password {current: string | null, next: string | null} → PlayerView; null `next` takes it away, 2004 with
 * PasswordHint when `current` is not it.
 */
import type {
  BetStatus,
  BetType,
  GameResult,
  GameStatus,
  MarketStatus,
  SessionType,
} from '../core/book/types.ts';

export interface Envelope<Data> {
  readonly code: string;
  readonly message: string;
  readonly data?: Data;
}

/** POST /login {token, password?}; POST /refresh {refresh}. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly accessExpiresAt: number;
  readonly serverTime: number;
}

/** `data` of 2004: a password is wanted, was wrong, or has been wrong too often and is not looked at `until`. */
export interface PasswordHint {
  readonly detail: 'asked' | 'wrong' | 'locked';
  readonly triesLeft?: number;
  readonly until?: number;
}

export interface PlayerView {
  readonly userId: string;
  readonly vendorType: string;
  readonly currency: string;
  readonly decimals: number;
  readonly language: string | null;
  /** What a bet may be: the narrowest of the operator's, the vendor type's and the player's own. */
  readonly minBet: number;
  readonly maxBet: number;
  readonly maxExposure: number;
  readonly own: OwnLimitsView;
  /** Looser limits the player asked for, and when they begin to hold. */
  readonly nextOwn: OwnLimitsView | null;
  readonly nextOwnAt: number | null;
  /** null: not excluded; 'forever'. */
  readonly excludedUntil: number | 'forever' | null;
  readonly hasPassword: boolean;
}
export interface OwnLimitsView {
  readonly maxBet: number | null;
  readonly dayStake: number | null;
  readonly clockMinutes: number | null;
}

export interface BalanceView {
  /** Everything the player has, and what of it open bets may cost. */
  readonly balance: number;
  readonly exposure: number;
  /** What can be withdrawn or exposed: never below zero. */
  readonly available: number;
}

export interface SessionView {
  readonly id: number;
  readonly site: string;
  readonly station: string;
  readonly timeZone: string;
  readonly thresholdMm: number;
  readonly type: SessionType;
  /** dd-MM-yyyy, the site's day. */
  readonly gameDate: string;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly status: GameStatus;
  readonly market: MarketStatus;
  readonly odds: {
    readonly quote: number;
    readonly rain: number;
    readonly noRain: number;
    readonly until: number;
  } | null;
  readonly result: GameResult;
  readonly rainMm: number | null;
  /** Grows with every change of what is shown. */
  readonly revision: number;
}

/** What the player has in a session: nets if it rains or not, of matched bets, and what pending ones may lose. */
export interface PositionView {
  readonly sessionId: number;
  readonly bets: number;
  readonly netRain: number;
  readonly netDry: number;
  readonly riskRain: number;
  readonly riskDry: number;
  readonly exposure: number;
}

export interface BetView {
  readonly id: number;
  readonly key: string;
  readonly sessionId: number;
  readonly site: string;
  readonly sessionType: SessionType;
  readonly gameDate: string;
  readonly type: BetType;
  readonly odds: number;
  readonly stake: number;
  /** Net, if it wins. */
  readonly win: number;
  readonly status: BetStatus;
  readonly reason: string | null;
  readonly payout: number;
  readonly placedAt: number;
  readonly settledAt: number | null;
  readonly updatedAt: number;
}

export interface TransferView {
  readonly tsCode: string;
  readonly amount: number;
  readonly profitLoss: number;
  readonly creditBefore: number;
  readonly creditAfter: number;
  readonly at: number;
}

/** GET /state: everything the page starts with. */
export interface StateView {
  readonly serverTime: number;
  /** Where live updates go on. */
  readonly revision: number;
  readonly player: PlayerView;
  readonly balance: BalanceView;
  readonly sessions: readonly SessionView[];
  readonly positions: readonly PositionView[];
  readonly openBets: readonly BetView[];
  /** Since when this visit lasts, and the net of what was settled since. */
  readonly visit: { readonly since: number; readonly net: number };
}

/** POST /bets {key, sessionId, type, odds, stake}. */
export interface PlacedView {
  readonly bet: BetView;
  readonly balance: BalanceView;
  readonly position: PositionView;
}
/** `data` of a refused bet: the odds now (4003), or the most that would be taken (4004, 4005, 4006, 4008). */
export interface BetHint {
  readonly detail: string;
  readonly odds?: SessionView['odds'];
  readonly limit?: number;
}

/** GET /bets?state=open|settled&before=<id>&limit=; GET /transfers?before=<ms>&limit=. `next` null: that was all. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** GET /weather?site=CPS: past and coming hours. */
export interface WeatherView {
  readonly site: string;
  readonly station: string;
  readonly timeZone: string;
  readonly thresholdMm: number;
  readonly hours: readonly {
    readonly at: number;
    readonly mm: number;
    /** Per cent, of a forecast. */
    readonly probability: number | null;
    readonly observed: boolean;
  }[];
}

/** POST /exclude {for}. */
export const EXCLUSIONS = ['24h', '7d', '30d', '180d', 'forever'] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

/**
 * The live line: WebSocket /live. The page's first message is {access, since}: its access token and the revision it
 * has. After that the hub speaks: `hello`, sessions changed since, and whatever changes; `hello` again every 10 s, so
 * that a page knows that silence means a line that is gone. The page may send a fresh {access} when its token has been
 * renewed. Bets and money that changed while there was no line are not told again: the page reads /state.
 */
export type LiveMessage =
  | { readonly type: 'hello'; readonly serverTime: number; readonly revision: number }
  | { readonly type: 'session'; readonly serverTime: number; readonly session: SessionView }
  | { readonly type: 'bet'; readonly bet: BetView }
  | { readonly type: 'money'; readonly balance: BalanceView; readonly positions: readonly PositionView[] }
  /** The visit is over, or the token: a code of the contract. */
  | { readonly type: 'ended'; readonly code: string; readonly message: string };
