/**
 * Which sessions a site's betting day has, and when. A calendar speaks the local time of the site's station; sessions
 * are instants. The one rule for clocks that are changed: a local time means the first instant at which the station's
 * clock shows it or a later one. So a time that is skipped means the end of the gap, one that comes twice means its
 * first coming, sessions that touch on the wall clock touch in time, and a session of a type ends before the next
 * day's begins. A session whose hours are all skipped does not exist.
 */
import { type Instant, trusted } from '../ids.ts';
import { SESSION_TYPES, type SessionType } from './types.ts';

declare const made: unique symbol;
/** A calendar day, yyyy-MM-dd. */
export type LocalDate = string & { readonly [made]: 'LocalDate' };
/** A name of the IANA time zone database. */
export type TimeZone = string & { readonly [made]: 'TimeZone' };

/** Minutes of the local day. `to` at or before `from` is on the next day; it may be 1440, `from` may not. */
export interface CalendarEntry {
  readonly type: SessionType;
  readonly fromMin: number;
  readonly toMin: number;
}
/** At most one entry of a type, none of them empty: made by `parseCalendar`. */
export type Calendar = readonly CalendarEntry[] & { readonly [made]: 'Calendar' };

/** A site's way of making sessions, checked: betting closes before the hours begin, and opens before it closes. */
export interface SitePlan {
  readonly calendar: Calendar;
  readonly timeZone: TimeZone;
  readonly opensBeforeMs: number;
  readonly closesBeforeMs: number;
  readonly [made]: 'SitePlan';
}

export interface PlannedSession {
  readonly type: SessionType;
  /** The local day its first hour is on, also when it ends on the next. */
  readonly gameDate: LocalDate;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

export type PlanRefusal =
  | 'not_a_list'
  | 'empty'
  | 'unknown_type'
  | 'type_twice'
  | 'bad_time'
  | 'no_hours'
  | 'unknown_time_zone'
  | 'opens_too_late';
export interface PlanRefused {
  readonly ok: false;
  readonly code: PlanRefusal;
  /** What is wrong: the entry's place in the list and the value, or the value alone. */
  readonly where: string;
}

const MINUTE_MS = 60_000;
const DAY_MIN = 1440;
const DAY_MS = DAY_MIN * MINUTE_MS;

/** A type's hours when an entry does not name them; MORNING and AFTERNOON are alike in the contract. */
const STANDARD_HOURS: Readonly<Record<SessionType, readonly [from: string, to: string]>> = {
  MORNING: ['06:00', '12:00'],
  AFTERNOON: ['06:00', '12:00'],
  NOON: ['06:00', '18:00'],
  NIGHT: ['18:00', '06:00'],
};

// ---- parsing --------------------------------------------------------------------------------------------------

/** Reads a calendar as it is stored: [{"type":"NOON","from":"06:00","to":"18:00"}], hours optional. */
export function parseCalendar(
  value: unknown,
): { readonly ok: true; readonly calendar: Calendar } | PlanRefused {
  if (!Array.isArray(value)) return refused('not_a_list', typeof value);
  if (value.length === 0) return refused('empty', '[]');
  const entries: CalendarEntry[] = [];
  for (const [index, each] of value.entries()) {
    const entry = parseEntry(each);
    if ('code' in entry) return refused(entry.code, `${index}: ${entry.where}`);
    // One session of a type a day: two would be on top of each other, or one day's sessions of one name.
    if (entries.some(({ type }) => type === entry.type))
      return refused('type_twice', `${index}: ${entry.type}`);
    entries.push(entry);
  }
  return { ok: true, calendar: entries as readonly CalendarEntry[] as Calendar };
}

function parseEntry(value: unknown): CalendarEntry | PlanRefused {
  if (typeof value !== 'object' || value === null)
    return refused('unknown_type', JSON.stringify(value) ?? '');
  const { type: name, from, to } = value as { type?: unknown; from?: unknown; to?: unknown };
  const type = SESSION_TYPES.find((each) => each === name);
  if (type === undefined) return refused('unknown_type', JSON.stringify(name) ?? 'none');
  const [standardFrom, standardTo] = STANDARD_HOURS[type];
  const fromMin = minutesOf(from ?? standardFrom);
  const toMin = minutesOf(to ?? standardTo);
  if (fromMin === null || fromMin === DAY_MIN) return refused('bad_time', `from ${JSON.stringify(from)}`);
  if (toMin === null) return refused('bad_time', `to ${JSON.stringify(to)}`);
  if (fromMin === toMin) return refused('no_hours', `${type} ${from}`);
  return { type, fromMin, toMin };
}

/** "HH:mm", and "24:00" for the end of a day. */
function minutesOf(value: unknown): number | null {
  const [, hours, minutes] = /^(\d\d):([0-5]\d)$/.exec(typeof value === 'string' ? value : '') ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return total <= DAY_MIN ? total : null;
}

/** Checks what a site's sessions are made from. */
export function parseSitePlan(site: {
  readonly calendar: unknown;
  readonly timeZone: string;
  readonly opensBeforeMs: number;
  readonly closesBeforeMs: number;
}): { readonly ok: true; readonly plan: SitePlan } | PlanRefused {
  const { opensBeforeMs, closesBeforeMs } = site;
  const parsed = parseCalendar(site.calendar);
  if (!parsed.ok) return parsed;
  const timeZone = parseTimeZone(site.timeZone);
  if (timeZone === null) return refused('unknown_time_zone', site.timeZone);
  if (closesBeforeMs < 0 || opensBeforeMs <= closesBeforeMs)
    return refused('opens_too_late', `${opensBeforeMs} ms before, closes ${closesBeforeMs} ms before`);
  const plan = { calendar: parsed.calendar, timeZone, opensBeforeMs, closesBeforeMs };
  return { ok: true, plan: plan as SitePlan };
}

/** Null: not a zone this system knows. */
export function parseTimeZone(text: string): TimeZone | null {
  try {
    clockOf(text as TimeZone);
    return text as TimeZone;
  } catch {
    return null;
  }
}

/** Null: not a day there is. */
export function parseLocalDate(text: string): LocalDate | null {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && dateText(ms) === text ? (text as LocalDate) : null;
}

function refused(code: PlanRefusal, where: string): PlanRefused {
  return { ok: false, code, where };
}

// ---- days -----------------------------------------------------------------------------------------------------

/** The sessions of a betting day, by their start; none on a day that the station's clock leaves out. */
export function sessionsOfDay(plan: SitePlan, gameDate: LocalDate): PlannedSession[] {
  const { timeZone, calendar } = plan;
  if (localDateOf(timeZone, firstInstantOf(timeZone, midnight(gameDate))) !== gameDate) return [];
  return calendar
    .map((entry) => planned(plan, entry, gameDate))
    .filter(({ startsAt, endsAt }) => startsAt < endsAt)
    .toSorted((a, b) => a.startsAt - b.startsAt || (a.type < b.type ? -1 : 1));
}

function planned(plan: SitePlan, entry: CalendarEntry, gameDate: LocalDate): PlannedSession {
  const { type, fromMin, toMin } = entry;
  const day = midnight(gameDate);
  const endMin = toMin > fromMin ? toMin : toMin + DAY_MIN;
  const startsAt = firstInstantOf(plan.timeZone, day + fromMin * MINUTE_MS);
  return {
    type,
    gameDate,
    opensAt: trusted(startsAt - plan.opensBeforeMs),
    closesAt: trusted(startsAt - plan.closesBeforeMs),
    startsAt,
    endsAt: firstInstantOf(plan.timeZone, day + endMin * MINUTE_MS),
  };
}

/** The day the station's clock shows. */
export function localDateOf(timeZone: TimeZone, at: Instant): LocalDate {
  return dateText(wallClock(timeZone, at)) as LocalDate;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return dateText(midnight(date) + days * DAY_MS) as LocalDate;
}

const midnight = (date: LocalDate) => Date.parse(`${date}T00:00:00Z`);

/** The day of a wall clock's reading, yyyy-MM-dd. */
function dateText(wallMs: number): string {
  const { year, month, day } = readClock(UTC, wallMs);
  const digits = (value: number, count: number) => String(value).padStart(count, '0');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

// ---- clocks ---------------------------------------------------------------------------------------------------

const UTC = 'UTC' as TimeZone;
/** More than any zone is away from UTC, and less than the time between two changes of its clock. */
const OFFSET_MS_MAX = 26 * 60 * MINUTE_MS;

interface Reading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const clocks = new Map<TimeZone, Intl.DateTimeFormat>();

/** Making one costs a hundred times its use. Throws on a zone that is none. */
function clockOf(timeZone: TimeZone): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, clock);
  return clock;
}

function readClock(timeZone: TimeZone, atMs: number): Reading {
  const shown: Record<string, number> = {};
  for (const { type, value } of clockOf(timeZone).formatToParts(atMs)) shown[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return { year, month, day, hour, minute, second };
}

/** What the zone's clock shows, as the instant at which UTC's shows it: differences of readings are then plain. */
function wallClock(timeZone: TimeZone, atMs: number): number {
  const { year, month, day, hour, minute, second } = readClock(timeZone, atMs);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The first instant at which the zone's clock shows that reading or a later one. Whole seconds. */
export function firstInstantOf(timeZone: TimeZone, wallMs: number): Instant {
  const offsets = [wallMs - OFFSET_MS_MAX, wallMs + OFFSET_MS_MAX].map((at) => wallClock(timeZone, at) - at);
  // By the greater offset first: a reading that comes twice comes first under it.
  const [early, late] = [wallMs - Math.max(...offsets), wallMs - Math.min(...offsets)];
  if (wallClock(timeZone, early) === wallMs) return trusted(early);
  if (wallClock(timeZone, late) === wallMs) return trusted(late);
  return gapEnd(timeZone, wallMs, { early, late });
}

/** The reading is skipped: the clock jumps over it between the two, where it goes forward only. */
function gapEnd(
  timeZone: TimeZone,
  wallMs: number,
  { early, late }: { early: number; late: number },
): Instant {
  let [before, after] = [early, late];
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (wallClock(timeZone, middle) < wallMs) before = middle;
    else after = middle;
  }
  return trusted(after);
}
