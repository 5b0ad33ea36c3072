/**
 * Changes of a site's settings, checked as a whole: with what stays they must make sense. A change of its hours makes
 * its sessions again that nobody can have bet in; all others keep theirs. Amounts are minor units.
 */
import { type Calendar, type PlanRefusal, parseSitePlan } from '../core/book/calendar.ts';
import type { SessionType } from '../core/book/types.ts';
import { record } from '../db/audit.ts';
import type { Sql } from '../db/connect.ts';
import { findSite, lockSite, type RainSite, type SiteChange, setSite } from '../db/rain-site.ts';
import { OfficeError } from '../office.ts';
import { regenerateSessions } from '../rain/schedule.ts';

interface Range {
  readonly name: keyof SiteChange;
  readonly least: number;
  readonly most: number;
  /** True: no fractions. */
  readonly whole: boolean;
}

const DAY_MS = 86_400_000;
const RANGES: readonly Range[] = [
  { name: 'latitude', least: -90, most: 90, whole: false },
  { name: 'longitude', least: -180, most: 180, whole: false },
  { name: 'thresholdMm', least: 0.01, most: 9999, whole: false },
  { name: 'opensBeforeMs', least: 60_000, most: 30 * DAY_MS, whole: true },
  { name: 'closesBeforeMs', least: 0, most: 30 * DAY_MS, whole: true },
  { name: 'marginBps', least: 0, most: 5000, whole: true },
  // Shorter than a few looks at K-Rain, and the market would be shut between them.
  { name: 'oddsValidMs', least: 10_000, most: 600_000, whole: true },
  { name: 'ownBps', least: 0, most: 10_000, whole: true },
  { name: 'ownMinBps', least: 0, most: 10_000, whole: true },
];

export interface ChangedSite {
  readonly site: RainSite;
  /** Sessions made anew after a change of hours; null: its hours did not change. */
  readonly sessions: { readonly removed: number; readonly added: number } | null;
}

/** Throws an OfficeError that says what is wrong; then nothing has changed. */
export async function changeSite(
  sql: Sql,
  name: string,
  { change, by, ip }: { readonly change: SiteChange; readonly by: string; readonly ip?: string },
): Promise<ChangedSite> {
  checkRanges(change);
  await sql.begin(async (tx) => {
    const site = await lockSite(tx, name);
    if (site === null) throw new OfficeError(`no such site: ${name}`);
    if ((change.ownMinBps ?? site.ownMinBps) > (change.ownBps ?? site.ownBps))
      throw new OfficeError('ownMinBps is at most ownBps');
    await setSite(tx, name, change);
    const plan = (await findSite(tx, name))?.plan;
    // Taken back with the transaction.
    if (plan?.ok === false) throw new OfficeError(`the hours: ${PLAN_WORDS[plan.code]}: ${plan.where}`);
    const [before, after] = [valuesOf(site, change), plain(change)];
    const detail = { before, after, ...(ip === undefined ? {} : { ip }) };
    await record(tx, { actor: by, action: 'rain.site.set', subject: `rain site ${name}`, detail });
  });
  const { calendar, timeZone, opensBeforeMs, closesBeforeMs, enabled } = change;
  const isOfHours = [calendar, timeZone, opensBeforeMs, closesBeforeMs, enabled].some(
    (value) => value !== undefined,
  );
  const made = isOfHours ? await regenerateSessions(sql, name, { by }) : null;
  const site = await findSite(sql, name);
  if (site === null) throw new Error(`site ${name} is gone`);
  const sessions = made?.ok ? { removed: made.removed, added: made.added } : null;
  return { site, sessions };
}

/** What a site has in the places a change names. */
function valuesOf(site: RainSite, change: SiteChange): Readonly<Record<string, unknown>> {
  const plan = site.plan.ok ? site.plan.plan : null;
  const now: Required<SiteChange> = {
    ...site,
    calendar: plan === null ? null : calendarOf(plan.calendar),
    opensBeforeMs: plan?.opensBeforeMs ?? 0,
    closesBeforeMs: plan?.closesBeforeMs ?? 0,
  };
  const named = Object.keys(change) as (keyof SiteChange)[];
  return plain(Object.fromEntries(named.map((name) => [name, now[name]])));
}

function plain(change: SiteChange): Readonly<Record<string, unknown>> {
  return { ...change, ...(change.poolMax === undefined ? {} : { poolMax: String(change.poolMax) }) };
}

/** A calendar as it is stored and typed in: times of the local day. */
export function calendarOf(calendar: Calendar): readonly { type: SessionType; from: string; to: string }[] {
  return calendar.map(({ type, fromMin, toMin }) => ({ type, from: clock(fromMin), to: clock(toMin) }));
}

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function checkRanges(change: SiteChange): void {
  for (const { name, least, most, whole } of RANGES) {
    const value = change[name];
    if (value === undefined) continue;
    const isFit = typeof value === 'number' && value >= least && value <= most;
    if (!isFit || (whole && !Number.isInteger(value)))
      throw new OfficeError(`${name} is ${whole ? 'a whole number ' : ''}from ${least} to ${most}`);
  }
  if (change.poolMax !== undefined && change.poolMax < 0n) throw new OfficeError('poolMax is not below zero');
  if (change.station?.trim() === '') throw new OfficeError('a station has a name');
  if (change.calendar === undefined) return;
  const hours = { timeZone: 'UTC', opensBeforeMs: 1, closesBeforeMs: 0 };
  const parsed = parseSitePlan({ ...hours, calendar: change.calendar });
  if (!parsed.ok) throw new OfficeError(`the calendar: ${PLAN_WORDS[parsed.code]}: ${parsed.where}`);
}

/** What is wrong with a site's hours, for people. */
export const PLAN_WORDS: Readonly<Record<PlanRefusal, string>> = {
  not_a_list: 'it is a list of sessions, each with type, from and to',
  empty: 'it has no session',
  unknown_type: 'a session is MORNING, AFTERNOON, NOON or NIGHT',
  type_twice: 'a day has one session of a type',
  bad_time: 'a time is written HH:MM',
  no_hours: 'a session ends at another time than it begins',
  unknown_time_zone: 'no such time zone',
  opens_too_late: 'betting opens before it closes',
};
