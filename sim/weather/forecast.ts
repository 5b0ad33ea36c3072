/** The forecast API's answer, in the shape of Open-Meteo: lists by hour, each value of the hour that ends at its time. */
import { type Cell, type Climate, cellOf, HOUR_S } from './climate.ts';
import type { Fault } from './faults.ts';

const DAY_S = 24 * HOUR_S;
const VARIABLES = ['precipitation', 'precipitation_probability'] as const;
type Variable = (typeof VARIABLES)[number];
const UNITS: Readonly<Record<Variable, string>> = { precipitation: 'mm', precipitation_probability: '%' };

export interface Question {
  readonly cell: Cell;
  readonly hourly: readonly Variable[];
  readonly isUnixTime: boolean;
  readonly pastDays: number;
  readonly forecastDays: number;
}

/** Reads a question's parameters. Throws a text in the source's manner, which is answered with 400. */
export function parseQuestion(query: URLSearchParams): Question {
  const latitude = degrees(query, { name: 'latitude', max: 90 });
  const longitude = degrees(query, { name: 'longitude', max: 180 });
  const hourly = (query.get('hourly') ?? '').split(',').map((name) => {
    const variable = VARIABLES.find((each) => each === name);
    if (variable === undefined)
      throw new RangeError(`Cannot initialize hourly variable from invalid String value ${name}.`);
    return variable;
  });
  const zone = query.get('timezone') ?? 'GMT';
  if (!['UTC', 'GMT', 'Etc/UTC'].includes(zone))
    throw new RangeError(`This stand-in speaks UTC only, not ${zone}.`);
  return {
    cell: cellOf({ latitude, longitude }),
    hourly,
    isUnixTime: query.get('timeformat') === 'unixtime',
    pastDays: days(query, { name: 'past_days', standard: 0, max: 92 }),
    forecastDays: days(query, { name: 'forecast_days', standard: 7, max: 16 }),
  };
}

function degrees(query: URLSearchParams, { name, max }: { name: string; max: number }): number {
  const value = Number(query.get(name) ?? Number.NaN);
  if (!(Math.abs(value) <= max)) throw new RangeError(`${name} must be in range of -${max} to ${max}°.`);
  return value;
}

function days(
  query: URLSearchParams,
  { name, standard, max }: { name: string; standard: number; max: number },
): number {
  const value = Number(query.get(name) ?? standard);
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new RangeError(`${name} is invalid. Allowed range 0 to ${max}.`);
  return value;
}

export interface Answering {
  readonly climate: Climate;
  readonly nowS: number;
  readonly fault: Fault | null;
}

export function forecastOf(question: Question, { climate, nowS, fault }: Answering): Record<string, unknown> {
  const { cell, hourly, isUnixTime, pastDays, forecastDays } = question;
  const today = Math.floor(nowS / DAY_S) * DAY_S;
  const all = (pastDays + forecastDays) * 24;
  const first = today - pastDays * DAY_S;
  const times = Array.from({ length: all }, (_, hour) => first + hour * HOUR_S).filter(
    (_, hour) => fault !== 'missing_hours' || hour % 3 !== 2,
  );
  const valueAt = (variable: Variable, endS: number): number | null => {
    if (endS > nowS) {
      const { mm, probability } = climate.expected(cell, endS, nowS);
      return variable === 'precipitation' ? mm : probability;
    }
    if (fault === 'null_hours') return null;
    const mm = climate.fallen(cell, endS);
    return variable === 'precipitation' ? mm : mm >= 0.1 ? 100 : 0;
  };
  const lists = hourly.map((variable) => {
    const list = times.map((endS) => valueAt(variable, endS));
    return [variable, fault === 'short_list' ? list.slice(1) : list] as const;
  });
  const isLocal = fault === 'local_time';
  return {
    latitude: cell.latitude,
    longitude: cell.longitude,
    generationtime_ms: 0.05,
    utc_offset_seconds: isLocal ? 19_800 : 0,
    timezone: isLocal ? 'Asia/Kolkata' : 'UTC',
    timezone_abbreviation: isLocal ? 'GMT+5:30' : 'UTC',
    elevation: 1300,
    hourly_units: {
      time: isUnixTime ? 'unixtime' : 'iso8601',
      ...Object.fromEntries(hourly.map((variable) => [variable, unitOf(variable, fault)])),
    },
    hourly: {
      time: times.map((endS) => (isUnixTime ? endS : new Date(endS * 1000).toISOString().slice(0, 16))),
      ...Object.fromEntries(lists),
    },
  };
}

function unitOf(variable: Variable, fault: Fault | null): string {
  return fault === 'wrong_unit' && variable === 'precipitation' ? 'inch' : UNITS[variable];
}
