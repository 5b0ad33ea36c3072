/**
 * Reads the weather of each site and proposes results by it. Every step stands by itself: what is stored is what the
 * source says now, and a proposal follows from what is stored. A source that is silent, or is wrong, changes nothing:
 * the sessions wait, and persons may decide without it. Nodes don't share the work: doing it twice does it once.
 */
import { type Rainfall, rainfallOf } from '../core/book/rainfall.ts';
import type { Instant, RainSessionId } from '../core/ids.ts';
import type { Sql } from '../db/connect.ts';
import { databaseNow } from '../db/rain-due.ts';
import { listHours, putHours } from '../db/rain-hour.ts';
import { type RainSession, sessionsWithoutResult } from '../db/rain-session.ts';
import { listSites, type RainSite } from '../db/rain-site.ts';
import { proposeByWeather, type ResultRefusal } from './results.ts';
import { PAST_DAYS_MAX, PAST_DAYS_MIN, type WeatherAnswer, type WeatherSource } from './weather.ts';

const DAY_MS = 86_400_000;
/** The source settles what it says of the last hours only after a while. */
const SETTLE_MS = 30 * 60_000;
const REST_MS = 10 * 60_000;
const REST_AFTER_FAULT_MS = 60_000;

/** What came of a session that waits for its result. */
export type Proposed =
  | {
      readonly kind: 'proposed';
      readonly result: 'RAIN' | 'NO_RAIN';
      readonly rainMm: number;
      /** It is the result now (automatic sites). */
      readonly counts: boolean;
    }
  | Exclude<Rainfall, { kind: 'decided' }>
  | { readonly kind: 'refused'; readonly code: ResultRefusal };

export interface SiteRead {
  readonly site: string;
  /** Null: the hours were read. */
  readonly fault: Exclude<WeatherAnswer, { kind: 'hours' }> | null;
  /** Hours that are new or other than before. */
  readonly changed: number;
  readonly sessions: readonly { readonly id: RainSessionId; readonly proposed: Proposed }[];
}

export interface WeatherParts {
  readonly sql: Sql;
  readonly source: WeatherSource;
  /** How long after a session's end its hours are believed. */
  readonly settleMs?: number;
}

export interface WeatherRead {
  readonly sites: readonly SiteRead[];
  /** For a log: what keeps results from being proposed. The same text as long as it is the same trouble. */
  readonly troubles: readonly string[];
  readonly restMs: number;
}

/** One step of the loop: every enabled site is read, one after the other. */
export async function readWeather(parts: WeatherParts): Promise<WeatherRead> {
  const sites: SiteRead[] = [];
  for (const site of await listSites(parts.sql)) if (site.enabled) sites.push(await readSite(parts, site));
  // A question that is wrong stays wrong.
  const isFaulty = sites.some(({ fault }) => fault !== null && fault.kind !== 'refused');
  return { sites, troubles: sites.flatMap(troublesOf), restMs: isFaulty ? REST_AFTER_FAULT_MS : REST_MS };
}

function troublesOf({ site, fault, sessions }: SiteRead): string[] {
  const own = fault === null ? [] : [`no weather for site ${site}: ${wordsOf(fault)}`];
  const undecided = sessions.flatMap(({ id, proposed }) => {
    if (proposed.kind === 'incomplete') return [`session ${id}: ${proposed.missing} hours are not known yet`];
    if (proposed.kind !== 'shared') return [];
    return [`session ${id}: from ${proposed.leastMm} to ${proposed.mostMm} mm, persons decide`];
  });
  return [...own, ...undecided];
}

function wordsOf(fault: Exclude<WeatherAnswer, { kind: 'hours' }>): string {
  if (fault.kind === 'refused') return `refused with ${fault.status}: ${fault.reason}`;
  return fault.kind === 'malformed' ? `malformed, ${fault.fault}` : fault.reason;
}

async function readSite(
  { sql, source, settleMs = SETTLE_MS }: WeatherParts,
  site: RainSite,
): Promise<SiteRead> {
  const before = await databaseNow(sql);
  const waiting = await sessionsWithoutResult(sql, site.name, {
    from: (before - PAST_DAYS_MAX * DAY_MS) as Instant,
    to: (before - settleMs) as Instant,
  });
  const oldest = Math.min(before, ...waiting.map(({ startsAt }) => startsAt));
  const pastDays = Math.max(PAST_DAYS_MIN, Math.ceil((before - oldest) / DAY_MS) + 1);
  const answer = await source.read(site, pastDays);
  // An hour that ends while the source is asked may have been told as a forecast: the clock is the one before.
  const changed =
    answer.kind === 'hours' ? await putHours(sql, site.name, { hours: answer.hours, now: before }) : 0;
  const sessions: { id: RainSessionId; proposed: Proposed }[] = [];
  for (const session of waiting)
    sessions.push({ id: session.id, proposed: await propose(sql, site, session) });
  return { site: site.name, fault: answer.kind === 'hours' ? null : answer, changed, sessions };
}

async function propose(sql: Sql, site: RainSite, session: RainSession): Promise<Proposed> {
  const { id, startsAt, endsAt } = session;
  const hours = await listHours(sql, site.name, { from: startsAt, to: endsAt });
  const rainfall = rainfallOf(
    session,
    hours.filter(({ observed }) => observed),
    site.thresholdMm,
  );
  if (rainfall.kind !== 'decided') return rainfall;
  const { result, rainMm } = rainfall;
  const outcome = await proposeByWeather(sql, { sessionId: id, result, rainMm });
  return outcome.ok
    ? { kind: 'proposed', result, rainMm, counts: outcome.counts }
    : { kind: 'refused', code: outcome.code };
}
