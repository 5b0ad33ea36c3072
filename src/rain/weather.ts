/**
 * Client of a weather source that speaks Open-Meteo's forecast API. It is believed only when everything is as asked:
 * unix time, UTC, millimetres, whole hours in their order. A value of the source belongs to the hour that ends at its
 * time; here an hour goes by the instant it begins. What a source doesn't know (null) is left out.
 */
import { Agent, request } from 'undici';
import { HOUR_MS } from '../core/book/rainfall.ts';
import { trusted } from '../core/ids.ts';
import type { ToldHour } from '../db/rain-hour.ts';

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export type WeatherFault =
  | 'not_json'
  | 'not_an_object'
  | 'not_utc'
  | 'wrong_units'
  | 'no_lists'
  | 'lists_differ'
  | 'too_many_hours'
  | 'bad_time'
  | 'not_in_order'
  | 'bad_precipitation'
  | 'bad_probability';

export type WeatherAnswer =
  | { readonly kind: 'hours'; readonly hours: readonly ToldHour[] }
  /** It answers, and says that the question is wrong: asking again helps nobody. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  | {
      readonly kind: 'unavailable';
      readonly reason: 'timed_out' | 'unreachable' | 'too_long' | `status ${number}`;
    }
  | { readonly kind: 'malformed'; readonly fault: WeatherFault };

export interface WeatherSource {
  /** Hours from so many days ago to the day after tomorrow. Never rejects. */
  read(place: Place, pastDays: number): Promise<WeatherAnswer>;
  close(): Promise<void>;
}

export interface WeatherSourceOptions {
  /** Base address; what is in its query (a key) goes with every question, and into no log. */
  readonly url: string;
  /** For all of a question. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const BODY_BYTES_MAX = 1_000_000;
const FORECAST_DAYS = 3;
export const PAST_DAYS_MIN = 2;
/** The source has more; a session that waits longer for its result is for persons. */
export const PAST_DAYS_MAX = 14;
const HOURS_MAX = (PAST_DAYS_MAX + FORECAST_DAYS + 2) * 24;
/** The wettest hour ever measured had about 400. */
const MM_MAX = 1000;
const REASON_CHARS_MAX = 200;

export function openWeatherSource({ url, timeoutMs = TIMEOUT_MS }: WeatherSourceOptions): WeatherSource {
  const agent = new Agent({
    connect: { timeout: timeoutMs },
    connections: 4,
    pipelining: 1,
    maxResponseSize: BODY_BYTES_MAX,
  });
  return {
    read: (place, pastDays) => ask(agent, { address: questionOf(url, place, pastDays), timeoutMs }),
    close: () => agent.close(),
  };
}

function questionOf(base: string, { latitude, longitude }: Place, pastDays: number): URL {
  const address = new URL(base);
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/v1/forecast`;
  const question = {
    latitude,
    longitude,
    hourly: 'precipitation,precipitation_probability',
    timezone: 'UTC',
    timeformat: 'unixtime',
    precipitation_unit: 'mm',
    past_days: Math.min(PAST_DAYS_MAX, Math.max(PAST_DAYS_MIN, pastDays)),
    forecast_days: FORECAST_DAYS,
  };
  for (const [name, value] of Object.entries(question)) address.searchParams.set(name, String(value));
  return address;
}

async function ask(
  agent: Agent,
  { address, timeoutMs }: { address: URL; timeoutMs: number },
): Promise<WeatherAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { statusCode, body } = await request(address, { dispatcher: agent, signal });
    const text = await body.text();
    if (statusCode === 200) return parseForecast(text);
    // Too many questions pass by themselves; so does whatever is the source's own fault.
    if (statusCode < 400 || statusCode === 408 || statusCode === 429 || statusCode >= 500)
      return { kind: 'unavailable', reason: `status ${statusCode}` };
    return { kind: 'refused', status: statusCode, reason: reasonOf(text) };
  } catch (error) {
    if (signal.aborted) return { kind: 'unavailable', reason: 'timed_out' };
    const isTooLong =
      error instanceof Error && 'code' in error && error.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
    return { kind: 'unavailable', reason: isTooLong ? 'too_long' : 'unreachable' };
  }
}

/** The source's own words: {"error":true,"reason":"…"}. */
function reasonOf(text: string): string {
  const { reason } = asObject(parseJson(text)) ?? {};
  return typeof reason === 'string' ? reason.slice(0, REASON_CHARS_MAX) : '';
}

// ---- the answer -----------------------------------------------------------------------------------------------

/** Reads an answer, or says what is wrong with it: one wrong value condemns all of them. */
export function parseForecast(text: string): WeatherAnswer {
  const json = parseJson(text);
  if (json === undefined) return malformed('not_json');
  const answer = asObject(json);
  if (answer === null) return malformed('not_an_object');
  const units = asObject(answer.hourly_units) ?? {};
  const hourly = asObject(answer.hourly) ?? {};
  if (answer.utc_offset_seconds !== 0) return malformed('not_utc');
  if (units.time !== 'unixtime' || units.precipitation !== 'mm') return malformed('wrong_units');
  if (units.precipitation_probability !== '%') return malformed('wrong_units');
  const { time: times, precipitation, precipitation_probability: chances } = hourly;
  if (!Array.isArray(times) || !Array.isArray(precipitation) || !Array.isArray(chances))
    return malformed('no_lists');
  if (times.length !== precipitation.length || times.length !== chances.length)
    return malformed('lists_differ');
  if (times.length > HOURS_MAX) return malformed('too_many_hours');
  return hoursOf(times, precipitation, chances);
}

function hoursOf(
  times: readonly unknown[],
  precipitation: readonly unknown[],
  chances: readonly unknown[],
): WeatherAnswer {
  const hours: ToldHour[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const [index, time] of times.entries()) {
    const endsAt = typeof time === 'number' ? time * 1000 : Number.NaN;
    if (!Number.isSafeInteger(endsAt) || endsAt % HOUR_MS !== 0) return malformed('bad_time');
    if (endsAt <= before) return malformed('not_in_order');
    before = endsAt;
    const [mm, probability] = [precipitation[index], chances[index]];
    if (mm !== null && !isIn(mm, MM_MAX)) return malformed('bad_precipitation');
    if (probability !== null && !isIn(probability, 100)) return malformed('bad_probability');
    if (mm === null) continue;
    hours.push({
      startsAt: trusted(endsAt - HOUR_MS),
      mm: Math.round(mm * 100) / 100,
      probability: probability === null ? null : Math.round(probability),
    });
  }
  return { kind: 'hours', hours };
}

function isIn(value: unknown, max: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= max;
}

function malformed(fault: WeatherFault): WeatherAnswer {
  return { kind: 'malformed', fault };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}
