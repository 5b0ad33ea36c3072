/** What the double's book begins with: a station's sessions around one instant, one in every state, and its weather. */
import type { BetView, PlayerView, SessionView, WeatherView } from '../../src/kbook/player-wire.ts';

/** 09:30 at the station. */
export const START = Date.UTC(2026, 10, 21, 4, 0);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 06:00 at the station on the first day. */
const DAWN = Date.UTC(2026, 10, 21, 0, 30);

const TYPES = {
  MORNING: { from: 0, hours: 6 },
  AFTERNOON: { from: 6, hours: 6 },
  NOON: { from: 0, hours: 12 },
  NIGHT: { from: 12, hours: 12 },
} as const;

const dateOf = (day: number) => {
  const [year, month, date] = new Date(DAWN + day * DAY).toISOString().slice(0, 10).split('-');
  return `${date}-${month}-${year}`;
};

export const TONIGHT = 20_010;
export const TOMORROW = 20_012;
export const PAUSED = 20_011;

type Seed = {
  readonly id: number;
  readonly day: number;
  readonly type: SessionView['type'];
} & Partial<SessionView>;

export function sessionOf({ id, day, type, ...rest }: Seed): SessionView {
  const { from, hours } = TYPES[type];
  const startsAt = DAWN + day * DAY + from * HOUR;
  return {
    id,
    site: 'CPS',
    station: 'Cherrapunji',
    timeZone: 'Asia/Kolkata',
    thresholdMm: 0.1,
    type,
    gameDate: dateOf(day),
    opensAt: startsAt - DAY,
    closesAt: startsAt,
    startsAt,
    endsAt: startsAt + hours * HOUR,
    status: 'OPEN',
    market: 'OPEN',
    odds: { quote: id * 10, rain: 2.1, noRain: 1.72, until: START + 365 * DAY },
    result: 'NOT_AVAILABLE',
    rainMm: null,
    revision: id,
    ...rest,
  };
}

const NO_ODDS = { market: 'CLOSE', odds: null } as const;

export function firstSessions(): SessionView[] {
  return [
    sessionOf({
      id: 20_001,
      day: -1,
      type: 'NOON',
      status: 'SETTLED',
      ...NO_ODDS,
      result: 'RAIN',
      rainMm: 14.3,
    }),
    sessionOf({
      id: 20_002,
      day: -1,
      type: 'NIGHT',
      status: 'SETTLED',
      ...NO_ODDS,
      result: 'NO_RAIN',
      rainMm: 0,
    }),
    sessionOf({ id: 20_003, day: -2, type: 'NOON', status: 'VOID', ...NO_ODDS, result: 'VOID' }),
    sessionOf({ id: 20_005, day: 0, type: 'NOON', status: 'CLOSE', ...NO_ODDS, rainMm: 0.4 }),
    sessionOf({ id: TONIGHT, day: 0, type: 'NIGHT' }),
    sessionOf({ id: PAUSED, day: 1, type: 'MORNING', status: 'SUSPEND', market: 'SUSPEND' }),
    sessionOf({
      id: TOMORROW,
      day: 1,
      type: 'NOON',
      odds: { quote: 1, rain: 1.05, noRain: 49, until: START + 365 * DAY },
    }),
    sessionOf({ id: 20_013, day: 1, type: 'NIGHT', status: 'READY', ...NO_ODDS }),
  ];
}

export const FIRST_PLAYER: PlayerView = {
  userId: 'anna01',
  vendorType: 'CPS_USD',
  currency: 'USD',
  decimals: 2,
  language: null,
  minBet: 10,
  maxBet: 5000,
  maxExposure: 20_000,
  own: { maxBet: null, dayStake: null, clockMinutes: null },
  nextOwn: null,
  nextOwnAt: null,
  excludedUntil: null,
  hasPassword: false,
};

const OLD_BETS = 60;

/** Bets of days gone by, enough for pages. */
export function oldBets(): BetView[] {
  return Array.from({ length: OLD_BETS }, (_, at) => {
    const won = at % 3 === 0;
    const status = at % 11 === 5 ? 'VOID' : at % 13 === 7 ? 'FAILED' : 'SETTLED';
    const placedAt = START - (at + 2) * 7 * HOUR;
    return {
      id: 1_000 - at,
      key: `old-${at}`,
      sessionId: 20_001 + (at % 2),
      site: 'CPS',
      sessionType: at % 2 === 0 ? 'NOON' : 'NIGHT',
      gameDate: dateOf(-1 - Math.floor(at / 2)),
      type: won ? 'RAIN' : 'NO_RAIN',
      odds: 1.9,
      stake: 50,
      win: 45,
      status,
      reason: status === 'FAILED' ? 'krain_refused' : null,
      payout: status !== 'SETTLED' ? 0 : won ? 45 : -50,
      placedAt,
      settledAt: status === 'FAILED' ? null : placedAt + 20 * HOUR,
      updatedAt: placedAt + 20 * HOUR,
    };
  });
}

/** Two days of rain that fell, two that are foretold. */
export function weatherAt(now: number): WeatherView {
  const first = now - (now % HOUR) - 48 * HOUR;
  const hours = Array.from({ length: 96 }, (_, at) => {
    const wave = Math.max(0, Math.sin((at + 4) / 5.3) + Math.sin(at / 2.1) * 0.6 - 0.35);
    const observed = at < 48;
    return {
      at: first + at * HOUR,
      mm: Math.round(wave * 34) / 10,
      probability: observed ? null : Math.min(98, Math.round(12 + wave * 55)),
      observed,
    };
  });
  return { site: 'CPS', station: 'Cherrapunji', timeZone: 'Asia/Kolkata', thresholdMm: 0.1, hours };
}
