/** From a source's hours to a result: the loop's step on a real database, with the stand-in source over a real wire. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startWeather, type Weather } from '../../sim/weather/server.ts';
import { type Instant, type RainSessionId, trusted } from '../../src/core/ids.ts';
import { listFindings } from '../../src/db/rain-finding.ts';
import { listHours, putHours } from '../../src/db/rain-hour.ts';
import { confirmResult, stateResult } from '../../src/rain/results.ts';
import { openWeatherSource, type WeatherSource } from '../../src/rain/weather.ts';
import { type Proposed, readWeather } from '../../src/rain/weather-loop.ts';
import { type Ground, HOUR_MS, MINUTE_MS, openGround, type Wish } from './sessions.ts';

let ground: Ground;
let weather: Weather;
let source: WeatherSource;
before(async () => {
  ground = await openGround();
  weather = await startWeather();
  source = openWeatherSource({ url: weather.url, timeoutMs: 30_000 });
  await ground.sql`update rain_site set enabled = (name = 'CPS')`;
});
beforeEach(async () => {
  await ground.sql`truncate rain_session, rain_finding, rain_quote, rain_hour, book_position, book_bet`;
  weather.fault({ fault: null });
});
after(async () => {
  await source.close();
  await weather.close();
  await ground.close();
});

const CPS = { latitude: 25.2702, longitude: 91.7326 };
/** The full hour of the database's clock, two or three hours ago: where the tests' sessions end. */
const lately = async () => Math.floor(((await ground.now()) - 2 * HOUR_MS) / HOUR_MS) * HOUR_MS;

/** A session of six hours till then, or half an hour later; `mm` falls in each of them. */
async function over(
  mm: number,
  wish: Wish = {},
): Promise<{ id: RainSessionId; from: number; origin: number }> {
  const origin = await lately();
  const from = origin - 6 * HOUR_MS;
  weather.force({ ...CPS, from: from - HOUR_MS, hours: 8, mm });
  const times = { status: 'CLOSE', opens: -30 * HOUR_MS, closes: -6 * HOUR_MS, ends: 0 };
  return { id: await ground.session({ ...times, origin, ...wish }), from, origin };
}
async function step(settleMs = 30 * MINUTE_MS) {
  const { sites, restMs, troubles } = await readWeather({ sql: ground.sql, source, settleMs });
  assert.equal(sites.length, 1);
  return { site: sites[0]!, restMs, troubles };
}
async function proposed(): Promise<Proposed | undefined> {
  const { site } = await step();
  assert.equal(site.fault, null);
  return site.sessions[0]?.proposed;
}
const findings = async (id: RainSessionId) =>
  (await listFindings(ground.sql, id)).map(({ by, result, rainMm }) => `${by} ${result} ${rainMm}`);

test('rain and no rain are proposed with their millimetres, and wait for persons', async () => {
  const { id, from } = await over(0.5);
  assert.deepEqual(await proposed(), { kind: 'proposed', result: 'RAIN', rainMm: 3, counts: false });
  assert.deepEqual(await findings(id), ['weather RAIN 3']);
  // The source revises its hours: so is the proposal, in its place.
  weather.force({ ...CPS, from, hours: 6, mm: 0 });
  assert.deepEqual(await proposed(), { kind: 'proposed', result: 'NO_RAIN', rainMm: 0, counts: false });
  assert.deepEqual(await findings(id), ['weather NO_RAIN 0']);
  const said = { sessionId: id, result: 'NO_RAIN', reason: null, rainMm: null } as const;
  await stateResult(ground.sql, { ...said, by: 'anna' });
  await confirmResult(ground.sql, { ...said, by: 'ben' });
  // After that it is only shown.
  weather.force({ ...CPS, from, hours: 6, mm: 9 });
  assert.equal(await proposed(), undefined);
  const hours = await listHours(ground.sql, 'CPS', { from: trusted(from), to: trusted(from + 6 * HOUR_MS) });
  assert.deepEqual(
    hours.map(({ mm }) => mm),
    [9, 9, 9, 9, 9, 9],
  );
  const { result, version, rainMm } = await ground.look(id);
  assert.deepEqual([result, version, rainMm], ['NO_RAIN', 1, 0]);
});

test('an automatic site has its result at once', async () => {
  await ground.sql`update rain_site set automatic = true where name = 'CPS'`;
  try {
    const { id } = await over(0.02);
    assert.deepEqual(await proposed(), { kind: 'proposed', result: 'RAIN', rainMm: 0.12, counts: true });
    const { status, result, market, rainMm } = await ground.look(id);
    assert.deepEqual([status, result, market, rainMm], ['UNSETTLED', 'RAIN', 'CLOSE', 0.12]);
    assert.equal(await proposed(), undefined);
  } finally {
    await ground.sql`update rain_site set automatic = false`;
  }
});

test('two nodes at once propose once', async () => {
  await ground.sql`update rain_site set automatic = true where name = 'CPS'`;
  try {
    const { id } = await over(1);
    const both = await Promise.all([step(), step(), step()]);
    const counted = both
      .flatMap(({ site }) => site.sessions)
      .filter(({ proposed: p }) => p.kind === 'proposed' && p.counts);
    assert.equal(counted.length, 1);
    assert.equal((await ground.look(id)).version, 1);
    assert.deepEqual(await findings(id), ['weather RAIN 6']);
  } finally {
    await ground.sql`update rain_site set automatic = false`;
  }
});

test('hours that are shared with the neighbours, as everywhere in India', async () => {
  const origin = await lately();
  const { id } = await over(0, { origin: origin - HOUR_MS / 2 });
  weather.force({ ...CPS, from: origin - 7 * HOUR_MS, hours: 1, mm: 4 });
  assert.deepEqual(await proposed(), { kind: 'shared', leastMm: 0, mostMm: 4 });
  assert.deepEqual(await findings(id), []);
  weather.force({ ...CPS, from: origin - 3 * HOUR_MS, hours: 1, mm: 1 });
  assert.deepEqual(await proposed(), { kind: 'proposed', result: 'RAIN', rainMm: 3, counts: false });
});

test('no result before the source has settled, nor with an hour unknown', async () => {
  const { id } = await over(1);
  const early = await step(4 * HOUR_MS);
  assert.deepEqual(early.site.sessions, []);
  await ground.sql`truncate rain_hour`;
  weather.fault({ fault: 'missing_hours' });
  const { site } = await step();
  assert.deepEqual(site.sessions[0]?.proposed, { kind: 'incomplete', missing: 2 });
  weather.fault({ fault: 'null_hours' });
  await ground.sql`truncate rain_hour`;
  assert.deepEqual((await step()).site.sessions[0]?.proposed, { kind: 'incomplete', missing: 6 });
  assert.deepEqual(await findings(id), []);
});

test('a source that fails changes nothing, is named, and is asked again soon', async () => {
  const { id } = await over(1);
  for (const [fault, told] of [
    ['status_500', { kind: 'unavailable', reason: 'status 500' }],
    ['garbage', { kind: 'malformed', fault: 'not_json' }],
    ['wrong_unit', { kind: 'malformed', fault: 'wrong_units' }],
  ] as const) {
    weather.fault({ fault, times: 1 });
    const { site, restMs, troubles } = await step();
    assert.deepEqual(site.fault, told);
    assert.match(
      troubles.join(),
      /^no weather for site CPS: (status 500|malformed, (not_json|wrong_units)),session/,
    );
    assert.equal(site.changed, 0);
    assert.ok(restMs <= 60_000);
  }
  assert.deepEqual(await findings(id), []);
  const { site, restMs } = await step();
  assert.ok(site.changed >= 5 * 24 && restMs > 60_000);
});

test('what was read before is enough when the source is silent afterwards', async () => {
  const { id } = await over(1);
  await step(4 * HOUR_MS);
  weather.fault({ fault: 'status_500' });
  const { site } = await step();
  assert.equal(site.sessions[0]?.proposed.kind, 'proposed');
  assert.deepEqual(await findings(id), ['weather RAIN 6']);
});

test('what was told as a forecast proves nothing, even when its hour is over', async () => {
  const { id, from } = await over(1);
  const hours = Array.from({ length: 6 }, (_, hour) => ({
    startsAt: trusted<Instant>(from + hour * HOUR_MS),
    mm: 1,
    probability: 90,
  }));
  await putHours(ground.sql, 'CPS', { hours, now: trusted(from + 5 * HOUR_MS) });
  weather.fault({ fault: 'status_500' });
  assert.deepEqual((await step()).site.sessions[0]?.proposed, { kind: 'incomplete', missing: 1 });
  assert.deepEqual(await findings(id), []);
});

test('a session of some days ago gets its hours too', async () => {
  const origin = (await lately()) - 5 * 24 * HOUR_MS;
  await over(0, { origin });
  weather.force({ ...CPS, from: origin - 6 * HOUR_MS, hours: 6, mm: 2 });
  assert.deepEqual(await proposed(), { kind: 'proposed', result: 'RAIN', rainMm: 12, counts: false });
});

test('hours: past ones are observed, coming ones forecast; an older telling does not replace a newer one', async () => {
  const { sql } = ground;
  const now = trusted<Instant>(Date.parse('2026-11-21T10:30:00Z'));
  const at = (hour: number) =>
    trusted<Instant>(Date.parse(`2026-11-21T${String(hour).padStart(2, '0')}:00:00Z`));
  const put = (mm: number, told: number, probability: number | null = 40) =>
    putHours(sql, 'CPS', {
      hours: [9, 10, 11].map((hour) => ({ startsAt: at(hour), mm, probability })),
      now: trusted(now + told),
    });
  const shown = async () =>
    (await listHours(sql, 'CPS', { from: at(9), to: at(12) })).map(
      ({ mm, probability, observed }) => `${mm}/${probability ?? '-'}${observed ? ' observed' : ''}`,
    );
  assert.equal(await put(1, 0), 3);
  assert.deepEqual(await shown(), ['1/- observed', '1/40', '1/40']);
  assert.equal(await put(1, 1000), 0);
  assert.equal(await put(2, HOUR_MS), 3);
  assert.deepEqual(await shown(), ['2/- observed', '2/- observed', '2/40']);
  assert.equal(await put(1, 1000), 0);
  assert.deepEqual(await shown(), ['2/- observed', '2/- observed', '2/40']);
  // Overlapping is what counts: from half past nine till noon are three hours.
  const half = await listHours(sql, 'CPS', { from: trusted(at(9) + HOUR_MS / 2), to: at(12) });
  assert.equal(half.length, 3);
  assert.equal((await listHours(sql, 'CPS', { from: at(10), to: at(11) })).length, 1);
});
