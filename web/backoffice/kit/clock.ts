/**
 * Instants as people read and type them: in the time zone they have chosen. On the wire and in the address they are ISO
 * texts of UTC.
 */

/** The clock on the wall in a zone, as inputs have it: `2026-11-21T09:30:15`. Null: no instant. */
export function wallOf(instant: string | number | Date, timeZone: string): string | null {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return null;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(date);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '00';
  const year = part('year').padStart(4, '0');
  return `${year}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/** `2026-11-21 09:30:15` in the zone; what is no instant is shown as it is. */
export function formatInstant(instant: string, timeZone: string): string {
  return wallOf(instant, timeZone)?.replace('T', ' ') ?? instant;
}

/**
 * The instant at which the wall of the zone shows so: ISO, UTC. A wall that is shown twice (clocks put back) is the first
 * of the two, one that is never shown (put forward) is as much after the gap. Null: no such text.
 */
export function instantAt(wall: string, timeZone: string): string | null {
  const full = /^\d{4}-\d\d-\d\d$/.test(wall) ? `${wall}T00:00:00` : wall;
  const wanted = Date.parse(`${full.length === 16 ? `${full}:00` : full}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(full) || Number.isNaN(wanted)) return null;
  // The offset a day before and a day after: one of the two is in force, whatever changes in between.
  const offsets = [-1, 1].map((days) => offsetAt(wanted + days * DAY_MS, timeZone));
  const tries = offsets.map((offset) => wanted - offset).toSorted((a, b) => a - b);
  const exact = tries.find((each) => each + offsetAt(each, timeZone) === wanted);
  const found = exact ?? wanted - (offsets[0] ?? 0);
  return new Date(found).toISOString();
}

const DAY_MS = 86_400_000;

function offsetAt(instantMs: number, timeZone: string): number {
  const whole = Math.floor(instantMs / 1000) * 1000;
  const wall = wallOf(whole, timeZone);
  return wall === null ? 0 : Date.parse(`${wall}Z`) - whole;
}

export interface Span {
  readonly from: string;
  /** Null: until now and on. */
  readonly to: string | null;
}

export const SPANS = ['today', 'yesterday', 'days7', 'days31'] as const;

/** A span people ask for by name, of whole days of the zone. */
export function spanOf(name: (typeof SPANS)[number], timeZone: string, now: number): Span {
  const day = (back: number) =>
    instantAt(dayBefore(now, timeZone, back), timeZone) ?? new Date(now).toISOString();
  switch (name) {
    case 'today':
      return { from: day(0), to: null };
    case 'yesterday':
      return { from: day(1), to: day(0) };
    case 'days7':
      return { from: day(6), to: null };
    case 'days31':
      return { from: day(30), to: null };
  }
}

/** The date of the zone so many days ago: `2026-11-21`. */
function dayBefore(now: number, timeZone: string, back: number): string {
  const today = wallOf(now, timeZone)?.slice(0, 10) ?? '1970-01-01';
  return new Date(Date.parse(`${today}T00:00:00Z`) - back * DAY_MS).toISOString().slice(0, 10);
}

/** How long something takes or took: `2 h 5 min`, in parts of the unit's short names of the language. */
export function formatSpan(ms: number, locale: string): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor((seconds % 86_400) / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, unit]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count),
    )
    .join(' ');
}
