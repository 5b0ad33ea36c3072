/**
 * Figures of play: what they come to, and the times they are told for. Sums come from hourly roll-ups (src/db/rollup.ts,
 * `sums`), so times are whole hours of UTC, here as numbers since 1970. Pure.
 */
import { addDays, firstInstantOf, type LocalDate, type TimeZone } from '../book/calendar.ts';

/** Amounts in minor units of one currency. Wins count what the player keeps of them. */
export interface Sums {
  readonly bets: number;
  readonly betSum: bigint;
  readonly wins: number;
  readonly winSum: bigint;
  readonly cancels: number;
  readonly cancelSum: bigint;
  /** Charges and adjustments, as gain of the house. */
  readonly other: bigint;
  readonly rounds: number;
  /** Different ones who bet. Players belong to one agent: those of agents add up, those of times and games do not. */
  readonly players: number;
}

export const NOTHING: Sums = {
  bets: 0,
  betSum: 0n,
  wins: 0,
  winSum: 0n,
  cancels: 0,
  cancelSum: 0n,
  other: 0n,
  rounds: 0,
  players: 0,
};

/** Of different players: figures of agents, not of times or games. */
export function plus(a: Sums, b: Sums): Sums {
  return {
    bets: a.bets + b.bets,
    betSum: a.betSum + b.betSum,
    wins: a.wins + b.wins,
    winSum: a.winSum + b.winSum,
    cancels: a.cancels + b.cancels,
    cancelSum: a.cancelSum + b.cancelSum,
    other: a.other + b.other,
    rounds: a.rounds + b.rounds,
    players: a.players + b.players,
  };
}

/** Gross gaming revenue: stakes less what was given back and what was won, and what charges and adjustments brought. */
export function ggrOf({ betSum, cancelSum, winSum, other }: Sums): bigint {
  return betSum - cancelSum - winSum + other;
}

/** GGR in percent of the stakes that stood, two decimals, half away from zero; null: nothing was staked. */
export function holdOf(sums: Sums): string | null {
  const stakes = sums.betSum - sums.cancelSum;
  if (stakes <= 0n) return null;
  const ggr = ggrOf(sums);
  const size = ggr < 0n ? -ggr : ggr;
  const hundredths = (size * 20_000n + stakes) / (2n * stakes);
  const text = `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
  return ggr < 0n && hundredths > 0n ? `-${text}` : text;
}

// ---- times ----------------------------------------------------------------------------------------------------

export const HOUR_MS = 3_600_000;
export const DAYS_MAX = 366;
/** Hours are told apart of at most so many days. */
export const DAYS_MAX_BY_HOUR = 31;

export interface Period {
  readonly from: LocalDate;
  /** The last day, which counts. */
  readonly to: LocalDate;
  readonly zone: TimeZone;
}

/** Hours that the days of a period begin with, and the hour after the last. */
export interface Hours {
  readonly days: readonly number[];
  readonly end: number;
}

/**
 * An hour of UTC belongs to the day it begins in. So where clocks are off UTC by half hours or quarters, days are told
 * from the first full hour of UTC in them on.
 */
export function hoursOf({ from, to, zone }: Period): Hours {
  const start = (day: LocalDate) => Math.ceil(firstInstantOf(zone, Date.parse(`${day}T00:00:00Z`)) / HOUR_MS);
  const days: number[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(start(day));
  return { days, end: start(addDays(to, 1)) };
}

/** How many minutes after midnight the zone's days are told from here; 0 nearly everywhere. */
export function minutesLate({ from, zone }: Period): number {
  const midnight = firstInstantOf(zone, Date.parse(`${from}T00:00:00Z`));
  return (Math.ceil(midnight / HOUR_MS) * HOUR_MS - midnight) / 60_000;
}

/** How many days. */
export function lengthOf({ from, to }: Pick<Period, 'from' | 'to'>): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / (24 * HOUR_MS) + 1;
}

/** As many days that begin elsewhere. */
export function movedTo(period: Period, from: LocalDate): Period {
  return { ...period, from, to: addDays(from, lengthOf(period) - 1) };
}

/** The same day a year before; of 29 February the 28th. */
export function yearBefore(day: LocalDate): LocalDate {
  const [year = '', month = '', date = ''] = day.split('-');
  const kept = month === '02' && date === '29' ? '28' : date;
  return `${String(Number(year) - 1).padStart(4, '0')}-${month}-${kept}` as LocalDate;
}
