/** Amounts and instants of the page: exact whatever the size, and the zone's own clock, also when clocks change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMinor, formatNumber, readMinor, typedMinor } from '../../web/backoffice/kit/amount.ts';
import { formatInstant, formatSpan, instantAt, spanOf, wallOf } from '../../web/backoffice/kit/clock.ts';

test('amounts are said in the currency, to the last digit', () => {
  const table: [minor: string, currency: string, locale: string, said: string][] = [
    ['0', 'KRW', 'ko-KR', '₩0'],
    ['1234567', 'KRW', 'en-GB', '₩1,234,567'],
    ['-5000', 'KRW', 'ko-KR', '−₩5,000'],
    ['1050', 'USD', 'en-GB', 'US$10.50'],
    ['-5', 'USD', 'zh-TW', '−US$0.05'],
    ['1', 'KWD', 'en-GB', 'KWD\u00a00.001'],
    ['9007199254740993', 'USD', 'en-GB', 'US$90,071,992,547,409.93'],
    ['-900719925474099312345', 'KRW', 'en-GB', '−₩900,719,925,474,099,312,345'],
    ['12', 'XYZ', 'en-GB', '12 XYZ'],
    ['1.5', 'USD', 'en-GB', '1.5 USD'],
  ];
  for (const [minor, currency, locale, said] of table)
    assert.equal(formatMinor(minor, currency, locale), said, `${minor} ${currency} ${locale}`);
  assert.equal(formatNumber('123456789012345678', 'en-GB'), '123,456,789,012,345,678');
  assert.equal(formatNumber(-3, 'ko-KR'), '−3');
});

test('what is typed is an amount or nothing', () => {
  const table: [typed: string, currency: string, minor: string | null][] = [
    ['10', 'USD', '1000'],
    ['10.5', 'USD', '1050'],
    ['1,234.50', 'USD', '123450'],
    ['10.555', 'USD', null],
    ['10.5', 'KRW', null],
    ['1,000', 'KRW', '1000'],
    ['0', 'USD', null],
    ['-3', 'USD', null],
    ['1e3', 'USD', null],
    ['ten', 'USD', null],
    ['', 'USD', null],
  ];
  for (const [typed, currency, minor] of table) assert.equal(readMinor(typed, currency), minor, typed);
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      fc.constantFrom('KRW', 'USD', 'KWD'),
      (minor, currency) => {
        assert.equal(readMinor(typedMinor(String(minor), currency), currency), String(minor));
      },
    ),
  );
});

test('an instant is said by the clock of the zone', () => {
  assert.equal(formatInstant('2026-11-21T15:30:05.123456Z', 'Asia/Seoul'), '2026-11-22 00:30:05');
  assert.equal(formatInstant('2026-11-21T15:30:05.123456Z', 'UTC'), '2026-11-21 15:30:05');
  assert.equal(formatInstant('never', 'UTC'), 'never');
  assert.equal(wallOf('never', 'UTC'), null);
});

test('a clock on the wall names an instant, also where clocks change', () => {
  const table: [wall: string, zone: string, instant: string | null][] = [
    ['2026-11-22T00:30', 'Asia/Seoul', '2026-11-21T15:30:00.000Z'],
    ['2026-11-22', 'Asia/Taipei', '2026-11-21T16:00:00.000Z'],
    ['2026-11-21T09:00:01', 'Asia/Kolkata', '2026-11-21T03:30:01.000Z'],
    // Shown twice: the first of the two.
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    // Never shown: as much after the gap.
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    ['2026-13-01T00:00', 'UTC', null],
    ['soon', 'UTC', null],
  ];
  for (const [wall, zone, instant] of table) assert.equal(instantAt(wall, zone), instant, `${wall} ${zone}`);
  const zones = fc.constantFrom(
    'Asia/Seoul',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'UTC',
  );
  const minutes = fc.integer({ min: 0, max: 40 * 365 * 24 * 60 });
  fc.assert(
    fc.property(minutes, zones, (minute, zone) => {
      const wall = wallOf(Date.UTC(2000, 0, 1) + minute * 60_000, zone)!;
      // A wall that is shown leads back to itself, though perhaps to the other of two instants.
      assert.equal(wallOf(instantAt(wall, zone)!, zone), wall);
    }),
    { numRuns: 300 },
  );
});

test('spans are whole days of the zone', () => {
  const now = Date.parse('2026-11-21T15:30:00Z');
  assert.deepEqual(spanOf('today', 'Asia/Seoul', now), { from: '2026-11-21T15:00:00.000Z', to: null });
  assert.deepEqual(spanOf('yesterday', 'UTC', now), {
    from: '2026-11-20T00:00:00.000Z',
    to: '2026-11-21T00:00:00.000Z',
  });
  assert.equal(spanOf('days7', 'UTC', now).from, '2026-11-15T00:00:00.000Z');
  assert.equal(spanOf('days31', 'America/New_York', now).from, '2026-10-22T04:00:00.000Z');
  assert.equal(formatSpan(61_000, 'en-GB'), '1 min 1 sec');
  assert.equal(formatSpan(3_600_000, 'en-GB'), '1 hr');
  assert.equal(formatSpan(0, 'en-GB'), '1 sec');
});
