/** Calendar weeks as texts: `2026-11-21`, beginning on Mondays, whatever the zone. */

const DAY_MS = 86_400_000;

/** The Monday of the day's week; null: it is no day. */
export function mondayOf(day: string): string | null {
  const ms = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms)) return null;
  const weekday = (new Date(ms).getUTCDay() + 6) % 7;
  return dayText(ms - weekday * DAY_MS);
}

export function addDays(day: string, days: number): string {
  return dayText(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

export function weekDays(monday: string): readonly string[] {
  return Array.from({ length: 7 }, (_, index) => addDays(monday, index));
}

const dayText = (ms: number) => new Date(ms).toISOString().slice(0, 10);
