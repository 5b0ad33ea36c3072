/** Where rain is drawn: hours to places on the chart, and what falls in a session's hours. Pure. */
import type { SessionView, WeatherView } from '../../src/kbook/player-wire.ts';

export type Hour = WeatherView['hours'][number];

export const HOUR_MS = 3_600_000;

export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly mmTop: number;
  readonly ticks: readonly number[];
  readonly x: (at: number) => number;
  readonly y: (mm: number) => number;
  readonly chance: (percent: number) => number;
}

export const CHART_HEIGHT = 200;
const FOOT = 26;
const HEAD = 40;
const TOPS = [0.5, 1, 2, 4, 6, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300];

/** Where hours are drawn: `step` wide each, mm and per cent up to the same top. */
export function plotOf(hours: readonly Hour[], width: number): Plot {
  const first = hours[0]?.at ?? 0;
  const count = Math.max(hours.length, 1);
  const step = Math.max(width / count, 13);
  const most = Math.max(0.1, ...hours.map(({ mm }) => mm));
  const mmTop = TOPS.find((top) => top >= most) ?? Math.ceil(most / 100) * 100;
  const room = CHART_HEIGHT - FOOT - HEAD;
  const y = (mm: number) => CHART_HEIGHT - FOOT - (Math.min(mm, mmTop) / mmTop) * room;
  return {
    width: step * count,
    height: CHART_HEIGHT,
    step,
    mmTop,
    ticks: [0, mmTop / 2, mmTop],
    x: (at) => ((at - first) / HOUR_MS) * step,
    y,
    chance: (percent) => y((percent / 100) * mmTop),
  };
}

/** The chance of rain as a line, broken where nobody foretells it. */
export function chanceLine(hours: readonly Hour[], { x, chance, step }: Plot): string {
  let path = '';
  let drawn = false;
  for (const { at, probability } of hours) {
    if (probability !== null)
      path += `${drawn ? 'L' : 'M'}${(x(at) + step / 2).toFixed(1)} ${chance(probability).toFixed(1)}`;
    drawn = probability !== null;
  }
  return path;
}

export interface Band {
  readonly session: SessionView;
  /** What has fallen and is foretold in its hours, as far as they are in sight. */
  readonly mm: number;
}

/** Sessions whose hours are in sight; where one is part of a longer one, the longer one is drawn. */
export function bandsOf(hours: readonly Hour[], sessions: Iterable<SessionView>): readonly Band[] {
  const from = hours[0]?.at ?? 0;
  const to = (hours.at(-1)?.at ?? 0) + HOUR_MS;
  const inSight = [...sessions].filter(({ startsAt, endsAt }) => startsAt < to && endsAt > from);
  const longest = inSight.filter(
    (one) =>
      !inSight.some(
        (other) =>
          other.startsAt <= one.startsAt &&
          other.endsAt >= one.endsAt &&
          other.endsAt - other.startsAt > one.endsAt - one.startsAt,
      ),
  );
  return longest
    .toSorted((a, b) => a.startsAt - b.startsAt)
    .map((session) => ({ session, mm: fallenIn(hours, session) }));
}

export function fallenIn(
  hours: readonly Hour[],
  { startsAt, endsAt }: Pick<SessionView, 'startsAt' | 'endsAt'>,
): number {
  const inside = hours.filter(({ at }) => at >= startsAt && at < endsAt);
  return Math.round(inside.reduce((sum, { mm }) => sum + mm, 0) * 100) / 100;
}
