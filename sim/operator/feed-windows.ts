/**
 * Which windows of /transactions to read. Pure.
 * Windows are half-open, [start, end), in whole UTC seconds: consecutive ones share their border and give every row
 * exactly once.
 */
export interface Window {
  readonly start: string;
  readonly end: string;
}

/** While catching up, a window is at most this long. */
export const windowMsMax = 24 * 60 * 60 * 1000;

/** Rows are searchable for 14 days; asking for more would be asking for nothing. */
export const searchableMs = 14 * 24 * 60 * 60 * 1000;

/** `YYYY-MM-DD HH:mm:ss` in UTC; fractions of a second are cut off. */
export function xtTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** Milliseconds of an `xtTime`. */
export function msOfXtTime(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

/** The next window after `cursor`, or null while not a whole second has passed. `nowMs` is the hub's time. */
export function nextWindow(cursor: string, nowMs: number): Window | null {
  const end = xtTime(Math.min(nowMs, msOfXtTime(cursor) + windowMsMax));
  return end > cursor ? { start: cursor, end } : null;
}

/** Where a site without any row begins: the birth of the agent, as far back as rows can be searched. */
export function firstCursor(agentCreatedAt: string, nowMs: number): string {
  const bornMs = Date.parse(agentCreatedAt);
  const earliestMs = nowMs - searchableMs;
  return xtTime(Number.isFinite(bornMs) ? Math.min(Math.max(bornMs, earliestMs), nowMs) : earliestMs);
}

/** The stretch that is read again for details that came late. It never reaches beyond the cursor. */
export function lateWindow(cursor: string, stretchMs: number): Window {
  return { start: xtTime(msOfXtTime(cursor) - stretchMs), end: cursor };
}
