/** Sessions of betting days over changes of the clock: a table of known days, and what must hold on any. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addDays,
  localDateOf,
  type PlannedSession,
  parseCalendar,
  parseLocalDate,
  parseSitePlan,
  parseTimeZone,
  type SitePlan,
  sessionsOfDay,
} from '../../../src/core/book/calendar.ts';
import { SESSION_TYPES } from '../../../src/core/book/types.ts';
import { type Instant, trusted } from '../../../src/core/ids.ts';
import { seeded } from '../../model/seed.ts';

const DAY_MS = 86_400_000;

function planOf(
  timeZone: string,
  calendar: unknown,
  before = { opensBeforeMs: DAY_MS, closesBeforeMs: 0 },
): SitePlan {
  const parsed = parseSitePlan({ calendar, timeZone, ...before });
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.plan;
}
function day(text: string) {
  const date = parseLocalDate(text);
  assert.ok(date !== null, text);
  return date;
}
const iso = (at: Instant) => new Date(at).toISOString().replace(':00.000Z', 'Z');
const shown = (sessions: readonly PlannedSession[]) =>
  sessions.map(({ type, startsAt, endsAt }) => `${type} ${iso(startsAt)} ${iso(endsAt)}`);
const NOON_NIGHT = [{ type: 'NOON' }, { type: 'NIGHT' }];
const at = (from: string, to: string) => [{ type: 'NOON', from, to }];

const DAYS: readonly (readonly [
  why: string,
  zone: string,
  calendar: unknown,
  date: string,
  sessions: readonly string[],
])[] = [
  [
    'half-hour zone, night over midnight',
    'Asia/Kolkata',
    NOON_NIGHT,
    '2026-11-21',
    ['NOON 2026-11-21T00:30Z 2026-11-21T12:30Z', 'NIGHT 2026-11-21T12:30Z 2026-11-22T00:30Z'],
  ],
  [
    'night of 11 hours: clocks go forward in it',
    'America/New_York',
    NOON_NIGHT,
    '2026-03-07',
    ['NOON 2026-03-07T11:00Z 2026-03-07T23:00Z', 'NIGHT 2026-03-07T23:00Z 2026-03-08T10:00Z'],
  ],
  [
    'night of 13 hours: clocks go back in it',
    'America/New_York',
    NOON_NIGHT,
    '2026-10-31',
    ['NOON 2026-10-31T10:00Z 2026-10-31T22:00Z', 'NIGHT 2026-10-31T22:00Z 2026-11-01T11:00Z'],
  ],
  [
    'starts in the gap: at its end',
    'America/New_York',
    at('02:30', '04:00'),
    '2026-03-08',
    ['NOON 2026-03-08T07:00Z 2026-03-08T08:00Z'],
  ],
  [
    'ends in the gap: at its end',
    'America/New_York',
    at('01:00', '02:30'),
    '2026-03-08',
    ['NOON 2026-03-08T06:00Z 2026-03-08T07:00Z'],
  ],
  ['wholly in the gap: none', 'America/New_York', at('02:00', '03:00'), '2026-03-08', []],
  [
    'a day of 23 hours',
    'Europe/London',
    at('00:00', '24:00'),
    '2026-03-29',
    ['NOON 2026-03-29T00:00Z 2026-03-29T23:00Z'],
  ],
  [
    'a day of 25 hours',
    'Europe/London',
    at('00:00', '24:00'),
    '2026-10-25',
    ['NOON 2026-10-24T23:00Z 2026-10-26T00:00Z'],
  ],
  [
    'starts in an hour that comes twice: its first coming',
    'Europe/London',
    at('01:30', '03:00'),
    '2026-10-25',
    ['NOON 2026-10-25T00:30Z 2026-10-25T03:00Z'],
  ],
  [
    'ends in an hour that comes twice: its first coming',
    'Europe/London',
    at('00:00', '01:30'),
    '2026-10-25',
    ['NOON 2026-10-24T23:00Z 2026-10-25T00:30Z'],
  ],
  [
    'goes over the whole of it: its second coming is inside',
    'Europe/London',
    at('01:00', '02:00'),
    '2026-10-25',
    ['NOON 2026-10-25T00:00Z 2026-10-25T02:00Z'],
  ],
  [
    'a change of half an hour, forward',
    'Australia/Lord_Howe',
    at('02:00', '06:00'),
    '2026-10-04',
    ['NOON 2026-10-03T15:30Z 2026-10-03T19:00Z'],
  ],
  [
    'a change of half an hour, back',
    'Australia/Lord_Howe',
    at('01:30', '06:00'),
    '2026-04-05',
    ['NOON 2026-04-04T14:30Z 2026-04-04T19:30Z'],
  ],
  [
    'midnight is skipped',
    'America/Sao_Paulo',
    at('00:00', '06:00'),
    '2018-11-04',
    ['NOON 2018-11-04T03:00Z 2018-11-04T08:00Z'],
  ],
  ['a day that is skipped', 'Pacific/Apia', NOON_NIGHT, '2011-12-30', []],
  [
    'the night before it: till the day after it begins',
    'Pacific/Apia',
    NOON_NIGHT,
    '2011-12-29',
    ['NOON 2011-12-29T16:00Z 2011-12-30T04:00Z', 'NIGHT 2011-12-30T04:00Z 2011-12-30T10:00Z'],
  ],
  [
    'a quarter-hour zone',
    'Asia/Kathmandu',
    at('06:00', '07:15'),
    '2026-02-28',
    ['NOON 2026-02-28T00:15Z 2026-02-28T01:30Z'],
  ],
];

for (const [why, zone, calendar, date, sessions] of DAYS) {
  test(`${zone} ${date}: ${why}`, () => {
    assert.deepEqual(shown(sessionsOfDay(planOf(zone, calendar), day(date))), sessions);
  });
}

test('the hours printed in the contract are the standard, all of one day', () => {
  const plan = planOf(
    'UTC',
    SESSION_TYPES.map((type) => ({ type })),
  );
  assert.deepEqual(shown(sessionsOfDay(plan, day('2026-11-21'))), [
    'AFTERNOON 2026-11-21T06:00Z 2026-11-21T12:00Z',
    'MORNING 2026-11-21T06:00Z 2026-11-21T12:00Z',
    'NOON 2026-11-21T06:00Z 2026-11-21T18:00Z',
    'NIGHT 2026-11-21T18:00Z 2026-11-22T06:00Z',
  ]);
});

test('betting opens and closes so long before the hours, counted in real time', () => {
  const plan = planOf('Europe/London', at('06:00', '18:00'), {
    opensBeforeMs: DAY_MS,
    closesBeforeMs: 600_000,
  });
  const [session] = sessionsOfDay(plan, day('2026-03-29'));
  assert.equal(iso(session!.opensAt), '2026-03-28T05:00Z');
  assert.equal(iso(session!.closesAt), '2026-03-29T04:50Z');
  assert.equal(session!.gameDate, '2026-03-29');
});

const REFUSED: readonly (readonly [calendar: unknown, code: string, where: string])[] = [
  [null, 'not_a_list', 'object'],
  [{ type: 'NOON' }, 'not_a_list', 'object'],
  [[], 'empty', '[]'],
  [[null], 'unknown_type', '0: null'],
  [['NOON'], 'unknown_type', '0: "NOON"'],
  [[{ type: 'NOON' }, { type: 'noon' }], 'unknown_type', '1: "noon"'],
  [
    [
      { type: 'NOON', from: '06:00', to: '08:00' },
      { type: 'NOON', from: '07:00', to: '09:00' },
    ],
    'type_twice',
    '1: NOON',
  ],
  [
    [
      { type: 'NOON', from: '06:00', to: '07:00' },
      { type: 'NOON', from: '08:00', to: '09:00' },
    ],
    'type_twice',
    '1: NOON',
  ],
  [[{ type: 'NOON', from: '06:00', to: '06:00' }], 'no_hours', '0: NOON 06:00'],
  [[{ type: 'NOON', from: '24:00', to: '06:00' }], 'bad_time', '0: from "24:00"'],
  [[{ type: 'NOON', from: '6:00' }], 'bad_time', '0: from "6:00"'],
  [[{ type: 'NOON', from: '06:60' }], 'bad_time', '0: from "06:60"'],
  [[{ type: 'NOON', from: 600 }], 'bad_time', '0: from 600'],
  [[{ type: 'NOON', to: '24:01' }], 'bad_time', '0: to "24:01"'],
];
for (const [calendar, code, where] of REFUSED) {
  test(`a calendar is refused: ${JSON.stringify(calendar)}`, () => {
    assert.deepEqual(parseCalendar(calendar), { ok: false, code, where });
  });
}

test('a plan is refused for its zone and for betting that closes before it opens', () => {
  const site = { calendar: NOON_NIGHT, timeZone: 'Asia/Kolkata', opensBeforeMs: 1000, closesBeforeMs: 0 };
  const codeOf = (changed: Partial<typeof site>) => {
    const parsed = parseSitePlan({ ...site, ...changed });
    return parsed.ok ? 'ok' : parsed.code;
  };
  assert.equal(codeOf({}), 'ok');
  assert.equal(codeOf({ timeZone: 'Asia/Nowhere' }), 'unknown_time_zone');
  assert.equal(codeOf({ timeZone: '' }), 'unknown_time_zone');
  assert.equal(codeOf({ closesBeforeMs: 1000 }), 'opens_too_late');
  assert.equal(codeOf({ closesBeforeMs: -1 }), 'opens_too_late');
  assert.equal(codeOf({ calendar: [] }), 'empty');
});

test('dates are days there are', () => {
  for (const text of ['2024-02-29', '2026-12-31', '1999-01-01']) assert.equal(parseLocalDate(text), text);
  for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '2026-11-31', '', '2026-11-21T00:00'])
    assert.equal(parseLocalDate(text), null, text);
  assert.equal(addDays(day('2024-02-28'), 2), '2024-03-01');
  assert.equal(addDays(day('2026-01-01'), -1), '2025-12-31');
  const zone = parseTimeZone('Asia/Kolkata')!;
  assert.equal(localDateOf(zone, trusted(Date.parse('2026-11-20T18:29:59Z'))), '2026-11-20');
  assert.equal(localDateOf(zone, trusted(Date.parse('2026-11-20T18:30:00Z'))), '2026-11-21');
});

const ZONES = [
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Antarctica/Troll',
  'UTC',
];
const clock = fc
  .integer({ min: 0, max: 1439 })
  .map((min) => `${String(Math.floor(min / 60)).padStart(2, '0')}:${String(min % 60).padStart(2, '0')}`);
const anyCase = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    // Days since 2010: the changes of 17 years, with Apia's lost day in them.
    start: fc.integer({ min: 0, max: 6200 }).map((days) => addDays(day('2010-01-01'), days)),
    from: clock,
    to: clock,
  })
  .filter(({ from, to }) => from !== to);

test('days in a row: a type never overlaps with itself, instants go forward, hours are a day at most', (t) => {
  fc.assert(
    fc.property(anyCase, ({ zone, start, from, to }) => {
      const plan = planOf(zone, [{ type: 'NIGHT', from, to }]);
      const days = Array.from({ length: 4 }, (_, index) => addDays(start, index));
      const sessions = days.flatMap((date) => sessionsOfDay(plan, date));
      for (const [index, session] of sessions.entries()) {
        const { opensAt, closesAt, startsAt, endsAt, gameDate } = session;
        assert.ok(opensAt < closesAt && closesAt <= startsAt && startsAt < endsAt);
        assert.ok(endsAt - startsAt <= 25 * 3_600_000 + 1_800_000);
        const before = sessions[index - 1];
        if (before !== undefined) assert.ok(before.endsAt <= startsAt, `${before.gameDate} and ${gameDate}`);
      }
    }),
    seeded(t, 400),
  );
});

/** A model that shares nothing with it: walks minute by minute until the clock shows the reading or a later one. */
test('a start is the first minute at which the clock shows it or a later one', (t) => {
  fc.assert(
    fc.property(anyCase, ({ zone, start, from, to }) => {
      const [session] = sessionsOfDay(planOf(zone, [{ type: 'NIGHT', from, to }]), start);
      if (session === undefined) return;
      const reading = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'short',
      });
      const wanted = `${start} ${from}`;
      assert.ok(reading.format(session.startsAt) >= wanted);
      for (let minute = 1; minute <= 150; minute++)
        assert.ok(reading.format(session.startsAt - minute * 60_000) < wanted, `${minute} minutes before`);
    }),
    seeded(t, 60),
  );
});
