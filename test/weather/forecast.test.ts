/** The weather client: what of an answer is believed, by table, and what comes over a real wire. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startWeather, type Weather, type WeatherOptions } from '../../sim/weather/server.ts';
import {
  openWeatherSource,
  parseForecast,
  type WeatherAnswer,
  type WeatherSource,
} from '../../src/rain/weather.ts';

const HOUR_S = 3600;
const T = 1_795_219_200; // 2026-11-21T00:00:00Z
const CPS = { latitude: 25.2702, longitude: 91.7326 };

/** An answer as the source gives it: three hours. */
const good = () => ({
  latitude: 25.25,
  longitude: 91.75,
  generationtime_ms: 0.0509,
  utc_offset_seconds: 0,
  timezone: 'UTC',
  timezone_abbreviation: 'UTC',
  elevation: 1313,
  hourly_units: { time: 'unixtime', precipitation: 'mm', precipitation_probability: '%' },
  hourly: {
    time: [T, T + HOUR_S, T + 2 * HOUR_S],
    precipitation: [0, 0.30000001192092896, 12.5],
    precipitation_probability: [0, 13, null],
  },
});
type Good = ReturnType<typeof good>;

function said(answer: WeatherAnswer): string {
  if (answer.kind === 'malformed') return answer.fault;
  if (answer.kind === 'refused') return `refused ${answer.status}: ${answer.reason}`;
  if (answer.kind === 'unavailable') return answer.reason;
  return answer.hours
    .map(
      ({ startsAt, mm, probability }) =>
        `${startsAt / 1000 / HOUR_S - T / HOUR_S}:${mm}/${probability ?? '-'}`,
    )
    .join(' ');
}
const spoiled = (spoil: (answer: Good) => unknown) => said(parseForecast(JSON.stringify(spoil(good()))));
const withHours = (answer: Good, changed: Record<string, unknown>) => ({
  ...answer,
  hourly: { ...answer.hourly, ...changed },
});

test('a value belongs to the hour that ends at its time', () => {
  assert.equal(said(parseForecast(JSON.stringify(good()))), '-1:0/0 0:0.3/13 1:12.5/-');
});

const SPOILED: readonly (readonly [why: string, spoil: (answer: Good) => unknown, said: string])[] = [
  ['null', () => null, 'not_an_object'],
  ['a list', () => [], 'not_an_object'],
  ['a text', () => 'sunny', 'not_an_object'],
  ['nothing in it', () => ({}), 'not_utc'],
  ['local time', (a) => ({ ...a, utc_offset_seconds: 19_800 }), 'not_utc'],
  ['no units', (a) => ({ ...a, hourly_units: undefined }), 'wrong_units'],
  ['inches', (a) => ({ ...a, hourly_units: { ...a.hourly_units, precipitation: 'inch' } }), 'wrong_units'],
  ['ISO time', (a) => ({ ...a, hourly_units: { ...a.hourly_units, time: 'iso8601' } }), 'wrong_units'],
  [
    'a fraction',
    (a) => ({ ...a, hourly_units: { ...a.hourly_units, precipitation_probability: 'fraction' } }),
    'wrong_units',
  ],
  ['no hours', (a) => ({ ...a, hourly: undefined }), 'no_lists'],
  ['hours are a list', (a) => ({ ...a, hourly: [] }), 'no_lists'],
  ['no precipitation', (a) => withHours(a, { precipitation: undefined }), 'no_lists'],
  ['no probability', (a) => withHours(a, { precipitation_probability: null }), 'no_lists'],
  ['one value less', (a) => withHours(a, { precipitation: [0, 0] }), 'lists_differ'],
  ['one probability more', (a) => withHours(a, { precipitation_probability: [0, 0, 0, 0] }), 'lists_differ'],
  ['a text for a time', (a) => withHours(a, { time: ['2026-11-21T00:00', T, T + HOUR_S] }), 'bad_time'],
  ['half past', (a) => withHours(a, { time: [T, T + 1800, T + HOUR_S] }), 'bad_time'],
  ['a time that is none', (a) => withHours(a, { time: [T, null, T + HOUR_S] }), 'bad_time'],
  ['an hour twice', (a) => withHours(a, { time: [T, T, T + HOUR_S] }), 'not_in_order'],
  ['backwards', (a) => withHours(a, { time: [T + HOUR_S, T, T - HOUR_S] }), 'not_in_order'],
  ['less than no rain', (a) => withHours(a, { precipitation: [0, -0.1, 0] }), 'bad_precipitation'],
  ['a text for rain', (a) => withHours(a, { precipitation: [0, '0.1', 0] }), 'bad_precipitation'],
  ['more than ever fell', (a) => withHours(a, { precipitation: [0, 1001, 0] }), 'bad_precipitation'],
  [
    'over a hundred per cent',
    (a) => withHours(a, { precipitation_probability: [0, 101, 0] }),
    'bad_probability',
  ],
  ['an hour unknown', (a) => withHours(a, { precipitation: [0, null, 1] }), '-1:0/0 1:1/-'],
  [
    'an hour missing',
    (a) => withHours(a, { time: [T, T + HOUR_S, T + 5 * HOUR_S] }),
    '-1:0/0 0:0.3/13 4:12.5/-',
  ],
  [
    'no hours at all',
    (a) => ({ ...a, hourly: { time: [], precipitation: [], precipitation_probability: [] } }),
    '',
  ],
  [
    'years of hours',
    (a) => {
      const many = Array.from({ length: 1000 }, (_, hour) => T + hour * HOUR_S);
      const none = many.map(() => 0);
      return withHours(a, { time: many, precipitation: none, precipitation_probability: none });
    },
    'too_many_hours',
  ],
];
for (const [why, spoil, expected] of SPOILED)
  test(`answer: ${why}`, () => assert.equal(spoiled(spoil), expected));
test('answer: not JSON', () => {
  for (const text of ['', '{', '<html></html>', 'NaN']) assert.equal(said(parseForecast(text)), 'not_json');
});

// ---- over the wire --------------------------------------------------------------------------------------------

const NOON = Date.parse('2026-07-20T12:20:00Z');
async function rig(
  t: TestContext,
  options: WeatherOptions = {},
  timeoutMs = 30_000,
): Promise<{ weather: Weather; source: WeatherSource }> {
  const weather = await startWeather({ now: () => NOON, ...options });
  const source = openWeatherSource({ url: weather.url, timeoutMs });
  t.after(async () => {
    await weather.close();
    await source.close();
  });
  return { weather, source };
}

test('hours come as asked: two days back, today, two ahead', async (t) => {
  const { source } = await rig(t);
  const answer = await source.read(CPS, 2);
  assert.ok(answer.kind === 'hours');
  assert.equal(answer.hours.length, 5 * 24);
  assert.equal(answer.hours[0]?.startsAt, Date.parse('2026-07-17T23:00:00Z'));
  assert.ok(answer.hours.some(({ mm }) => mm > 0));
  const far = await source.read(CPS, 1000);
  assert.equal(far.kind === 'hours' ? far.hours.length : 0, 17 * 24);
});

test('the stand-in tells the same of the same hour, whoever asks and when; another seed tells another', async (t) => {
  const first = await rig(t);
  const later = await rig(t, { now: () => NOON + 24 * HOUR_S * 1000 });
  const other = await rig(t, { seed: 'other' });
  const past = async ({ source }: { source: WeatherSource }) => {
    const answer = await source.read(CPS, 2);
    assert.ok(answer.kind === 'hours');
    return answer.hours
      .filter(({ startsAt }) => startsAt >= NOON - 30 * HOUR_S * 1000 && startsAt < NOON - 2 * HOUR_S * 1000)
      .map(({ mm }) => mm);
  };
  const told = await past(first);
  assert.ok(told.length > 20);
  assert.deepEqual(await past(later), told);
  assert.notDeepEqual(await past(other), told);
});

const FAULTY: readonly (readonly [fault: string, said: string])[] = [
  ['status_500', 'status 500'],
  ['status_429', 'status 429'],
  ['cut', 'unreachable'],
  ['garbage', 'not_json'],
  ['html', 'not_json'],
  ['wrong_unit', 'wrong_units'],
  ['local_time', 'not_utc'],
  ['short_list', 'lists_differ'],
];
test('whatever the source does is an answer, and the next one is good', async (t) => {
  const { weather, source } = await rig(t);
  for (const [fault, expected] of FAULTY) {
    weather.fault({ fault, times: 1 });
    assert.equal(said(await source.read(CPS, 2)), expected, fault);
    assert.equal((await source.read(CPS, 2)).kind, 'hours', `after ${fault}`);
  }
});

test('a source that hangs is left after the time-out', async (t) => {
  const { weather, source } = await rig(t, {}, 300);
  weather.fault({ fault: 'hang' });
  assert.equal(said(await source.read(CPS, 2)), 'timed_out');
  weather.fault({ fault: 'slow', slowMs: 60_000 });
  assert.equal(said(await source.read(CPS, 2)), 'timed_out');
});

test('nobody there, somebody else there, too much of it', async (t) => {
  const { source } = await rig(t);
  assert.equal(
    said(await source.read({ latitude: 100, longitude: 0 }, 2)),
    'refused 400: latitude must be in range of -90 to 90°.',
  );
  const nobody = openWeatherSource({ url: 'http://127.0.0.1:1', timeoutMs: 30_000 });
  t.after(() => nobody.close());
  assert.equal(said(await nobody.read(CPS, 2)), 'unreachable');
  const flood = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
    const pour = async () => {
      while (!socket.destroyed) {
        socket.write(' '.repeat(65_536));
        await delay(1);
      }
    };
    void pour();
  });
  await new Promise<void>((resolve) => {
    flood.listen(0, '127.0.0.1', resolve);
  });
  const { port } = flood.address() as { port: number };
  const flooded = openWeatherSource({ url: `http://127.0.0.1:${port}`, timeoutMs: 30_000 });
  t.after(async () => {
    flood.close();
    await flooded.close();
  });
  assert.equal(said(await flooded.read(CPS, 2)), 'too_long');
});

test('a key in the address goes with the question', async (t) => {
  const asked: string[] = [];
  const server = (await import('node:http')).createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify(good()));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  const source = openWeatherSource({ url: `http://127.0.0.1:${port}/weather/?apikey=k1`, timeoutMs: 30_000 });
  t.after(async () => {
    await source.close();
    server.close();
  });
  assert.equal((await source.read(CPS, 2)).kind, 'hours');
  const url = new URL(asked[0] ?? '', 'http://x');
  assert.equal(url.pathname, '/weather/v1/forecast');
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    apikey: 'k1',
    latitude: '25.2702',
    longitude: '91.7326',
    hourly: 'precipitation,precipitation_probability',
    timezone: 'UTC',
    timeformat: 'unixtime',
    precipitation_unit: 'mm',
    past_days: '2',
    forecast_days: '3',
  });
});

test('the stand-in by HTTP: rain on demand, faults, and what it refuses', async (t) => {
  const { weather, source } = await rig(t);
  const put = async (path: string, body: unknown, method = 'PUT') => {
    const response = await fetch(`${weather.url}${path}`, {
      method,
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    await response.text();
    return response.status;
  };
  const from = NOON - 5 * HOUR_S * 1000;
  const first = async () => {
    const answer = await source.read(CPS, 2);
    return answer.kind === 'hours'
      ? answer.hours.find(({ startsAt }) => startsAt === Math.floor(from / 3_600_000) * 3_600_000)?.mm
      : answer.kind;
  };
  const natural = await first();
  assert.equal(await put('/admin/rain', { ...CPS, from, hours: 3, mm: 77.7 }), 200);
  assert.equal(await first(), 77.7);
  assert.equal(await put('/admin/rain', null, 'DELETE'), 200);
  assert.equal(await first(), natural);
  assert.equal(await put('/admin/rain', { ...CPS, from: 'soon', hours: 3, mm: 1 }), 400);
  assert.equal(await put('/admin/rain', { ...CPS, from, hours: 0, mm: 1 }), 400);
  assert.equal(await put('/admin/faults', { fault: 'bored' }), 400);
  assert.equal(await put('/admin/faults', { fault: 'status_500', times: 1 }), 200);
  assert.equal(await first(), 'unavailable');
  assert.equal(await put('/admin/nothing', {}), 404);
});
