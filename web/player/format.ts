/**
 * Numbers and times as people of a language write them. Hours are told in the station's zone, and beside it in the
 * player's own where that is another one.
 */
import type { SessionView } from '../../src/kbook/player-wire.ts';

const kept = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numbers(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = `n${locale}${JSON.stringify(options)}`;
  const found = kept.get(name) ?? new Intl.NumberFormat(locale, options);
  kept.set(name, found);
  return found as Intl.NumberFormat;
}

function times(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `t${locale}${JSON.stringify(options)}`;
  const found = kept.get(name) ?? new Intl.DateTimeFormat(locale, options);
  kept.set(name, found);
  return found as Intl.DateTimeFormat;
}

export interface MoneyStyle {
  readonly currency: string;
  readonly decimals: number;
}

/** An amount in the currency's unit, with all its decimals. */
export function moneyText(locale: string, amount: number, { currency, decimals }: MoneyStyle): string {
  return numbers(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(amount);
}

/** With its sign: what is won or lost. Zero has none. */
export function signedText(locale: string, amount: number, { currency, decimals }: MoneyStyle): string {
  return numbers(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: 'exceptZero',
  }).format(amount);
}

/** A round amount without decimals: limits and chips. */
export function shortMoneyText(locale: string, amount: number, { currency, decimals }: MoneyStyle): string {
  if (!Number.isInteger(amount)) return moneyText(locale, amount, { currency, decimals });
  return moneyText(locale, amount, { currency, decimals: 0 });
}

/** Odds with two decimals, three where they say something. */
export function oddsText(locale: string, odds: number): string {
  return numbers(locale, { minimumFractionDigits: 2, maximumFractionDigits: 3 }).format(odds);
}

export function mmText(locale: string, mm: number): string {
  return numbers(locale, { minimumFractionDigits: 1, maximumFractionDigits: 2 }).format(mm);
}

const HOUR: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** 18:00, in a zone; without one in the player's own. */
export function hourText(locale: string, at: number, timeZone?: string): string {
  return times(locale, { ...HOUR, ...(timeZone === undefined ? {} : { timeZone }) }).format(at);
}

/** Sat 21 Nov 18:00, in a zone; without one in the player's own. */
export function stampText(locale: string, at: number, timeZone?: string): string {
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  return times(locale, { ...day, ...HOUR, ...(timeZone === undefined ? {} : { timeZone }) }).format(at);
}

/** A betting day (dd-MM-yyyy) with its weekday. */
export function dayText(locale: string, gameDate: string): string {
  const [day, month, year] = gameDate.split('-').map(Number);
  const noon = Date.UTC(year ?? 0, (month ?? 1) - 1, day, 12);
  return times(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(noon);
}

/** The betting day it is now in a zone, dd-MM-yyyy. */
export function dayIn(timeZone: string, at: number): string {
  const parts = times('en-GB', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone });
  return parts.format(at).replaceAll('/', '-');
}

/** A betting day so that later ones are greater. */
export function dayOrder(gameDate: string): string {
  return gameDate.split('-').reverse().join('');
}

/** Whether the player's own clock shows another time than the station's. */
export function zoneDiffers(timeZone: string, at: number): boolean {
  return stampText('en-GB', at) !== stampText('en-GB', at, timeZone);
}

export function zoneName(locale: string, timeZone: string, at: number): string {
  const parts = times(locale, { timeZone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

/** The session's hours, on the station's clock and, where it differs, the player's. */
export function sessionHours(
  locale: string,
  { startsAt, endsAt, timeZone }: SessionView,
): { readonly station: string; readonly own: string | null } {
  const range = (zone?: string) => `${hourText(locale, startsAt, zone)}–${hourText(locale, endsAt, zone)}`;
  return { station: range(timeZone), own: zoneDiffers(timeZone, startsAt) ? range() : null };
}

export interface Span {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** Whole seconds, split; never below zero. */
export function spanOf(ms: number): Span {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return {
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
  };
}

/** 4:05 below an hour. */
export function minutesText({ minutes, seconds }: Span): string {
  return `${minutes}:${String(seconds).padStart(2, '0')}`;
}
