/** When a result counts, and what hours of rain come to: tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  contradicts,
  decideConfirmation,
  decideStatement,
  decideWeather,
  type Finding,
  type FindingDecision,
} from '../../../src/core/book/finding.ts';
import { HOUR_MS, type RainHour, rainfallOf } from '../../../src/core/book/rainfall.ts';
import type { StatedResult } from '../../../src/core/book/session-machine.ts';
import { type Instant, trusted } from '../../../src/core/ids.ts';
import { seeded } from '../../model/seed.ts';

const of = (by: string, result: StatedResult, rainMm: number | null = null): Finding => ({
  by,
  result,
  rainMm,
});
function said(decision: FindingDecision): string {
  if (!decision.ok) return decision.code;
  const { finding, counts, standing, against, rainMm } = decision;
  return `${finding.result} ${counts ? 'counts' : 'waits'} for:${standing} against:${against} ${rainMm ?? '-'}`;
}

test('statements: two different persons', () => {
  const table: readonly (readonly [before: readonly Finding[], stated: Finding, after: string])[] = [
    [[], of('anna', 'RAIN', 2), 'RAIN waits for:anna against: 2'],
    [[of('anna', 'RAIN')], of('anna', 'RAIN'), 'RAIN waits for:anna against: -'],
    [[of('anna', 'RAIN')], of(' Anna', 'RAIN'), 'RAIN waits for: Anna against: -'],
    [[of('anna', 'RAIN', 3)], of('ben', 'RAIN'), 'RAIN counts for:ben,anna against: 3'],
    [[of('anna', 'RAIN', 3)], of('ben', 'RAIN', 4), 'RAIN counts for:ben,anna against: 4'],
    [[of('anna', 'RAIN')], of('ben', 'NO_RAIN'), 'NO_RAIN waits for:ben against:anna -'],
    // Somebody who changes sides stands no longer where it stood.
    [
      [of('anna', 'RAIN'), of('ben', 'NO_RAIN')],
      of('anna', 'NO_RAIN'),
      'NO_RAIN counts for:anna,ben against: -',
    ],
    [[of('weather', 'RAIN', 7)], of('anna', 'RAIN'), 'RAIN waits for:anna,weather against: 7'],
    [
      [of('weather', 'RAIN'), of('anna', 'NO_RAIN')],
      of('ben', 'NO_RAIN'),
      'NO_RAIN counts for:ben,anna against:weather -',
    ],
    [[of('anna', 'VOID')], of('ben', 'VOID'), 'VOID counts for:ben,anna against: -'],
    [[of('anna', 'RAIN')], of('Weather ', 'RAIN'), 'not_a_person'],
    [[of('anna', 'RAIN')], of('  ', 'RAIN'), 'not_a_person'],
  ];
  for (const [before, stated, after] of table)
    assert.equal(said(decideStatement(before, stated)), after, JSON.stringify([before, stated]));
});

test('confirmations: what another has stated', () => {
  const table: readonly (readonly [
    before: readonly Finding[],
    by: string,
    result: StatedResult | null,
    after: string,
  ])[] = [
    [[], 'ben', null, 'nothing_to_confirm'],
    [[of('weather', 'RAIN')], 'ben', 'RAIN', 'nothing_to_confirm'],
    [[of('ben', 'RAIN')], 'ben', null, 'same_person'],
    [[of('ben', 'RAIN')], 'BEN', 'RAIN', 'same_person'],
    [[of('anna', 'RAIN')], 'ben', null, 'RAIN counts for:ben,anna against: -'],
    [[of('anna', 'RAIN')], 'ben', 'RAIN', 'RAIN counts for:ben,anna against: -'],
    [[of('anna', 'RAIN')], 'ben', 'NO_RAIN', 'other_result'],
    [[of('anna', 'RAIN'), of('carl', 'NO_RAIN')], 'ben', null, 'other_result'],
    [
      [of('anna', 'RAIN'), of('carl', 'NO_RAIN')],
      'ben',
      'NO_RAIN',
      'NO_RAIN counts for:ben,carl against:anna -',
    ],
    [[of('anna', 'RAIN'), of('ben', 'NO_RAIN')], 'ben', null, 'other_result'],
    [[of('anna', 'RAIN'), of('ben', 'NO_RAIN')], 'ben', 'RAIN', 'RAIN counts for:ben,anna against: -'],
    [[of('anna', 'RAIN'), of('ben', 'RAIN')], 'ben', null, 'RAIN counts for:ben,anna against: -'],
    [[of('anna', 'RAIN')], 'weather', 'RAIN', 'not_a_person'],
  ];
  for (const [before, by, result, after] of table)
    assert.equal(
      said(decideConfirmation(before, { by, result, rainMm: null })),
      after,
      JSON.stringify([before, by, result]),
    );
});

test('the weather is nobody, but where a site is automatic', () => {
  const [manual, automatic] = [{ automatic: false }, { automatic: true }];
  const told = { result: 'RAIN', rainMm: 5 } as const;
  assert.equal(said(decideWeather([], told, manual)), 'RAIN waits for:weather against: 5');
  assert.equal(
    said(decideWeather([of('anna', 'RAIN')], told, manual)),
    'RAIN waits for:weather,anna against: 5',
  );
  assert.equal(said(decideWeather([], told, automatic)), 'RAIN counts for:weather against: 5');
  assert.equal(
    said(decideWeather([of('anna', 'RAIN', 6)], told, automatic)),
    'RAIN counts for:weather,anna against: 6',
  );
  assert.equal(
    said(decideWeather([of('anna', 'NO_RAIN')], told, automatic)),
    'RAIN waits for:weather against:anna 5',
  );
  assert.equal(
    said(decideWeather([of('weather', 'NO_RAIN')], told, automatic)),
    'RAIN counts for:weather against: 5',
  );
});

test('millimetres that contradict the result', () => {
  const table: readonly (readonly [StatedResult, mm: number | null, boolean])[] = [
    ['RAIN', null, false],
    ['RAIN', 0.1, false],
    ['RAIN', 0.09, true],
    ['NO_RAIN', 0.1, true],
    ['NO_RAIN', 0, false],
    ['VOID', 0, false],
    ['VOID', -1, true],
    ['RAIN', 1.234, true],
    ['RAIN', 0.29, false],
    ['RAIN', Number.NaN, true],
    ['RAIN', Number.POSITIVE_INFINITY, true],
    ['RAIN', 100_000, true],
  ];
  for (const [result, mm, is] of table)
    assert.equal(contradicts(of('anna', result, mm), 0.1), is, `${result} ${mm}`);
});

// ---- rainfall -------------------------------------------------------------------------------------------------

const START = Date.parse('2026-11-21T00:00Z');
const span = (fromHour: number, toHour: number) => ({
  startsAt: trusted<Instant>(START + fromHour * HOUR_MS),
  endsAt: trusted<Instant>(START + toHour * HOUR_MS),
});
const hours = (...mm: readonly (number | null)[]): RainHour[] =>
  mm.flatMap((fell, hour) =>
    fell === null ? [] : [{ startsAt: trusted<Instant>(START + hour * HOUR_MS), mm: fell }],
  );

test('hours that are the session’s own decide it', () => {
  const table: readonly (readonly [fell: readonly RainHour[], after: unknown])[] = [
    [hours(9, 0, 0, 9), { kind: 'decided', result: 'NO_RAIN', rainMm: 0 }],
    [hours(0, 0.05, 0.05, 0), { kind: 'decided', result: 'RAIN', rainMm: 0.1 }],
    [hours(0, 0.05, 0.04, 0), { kind: 'decided', result: 'NO_RAIN', rainMm: 0.09 }],
    [hours(0, 40, null, 0), { kind: 'incomplete', missing: 1 }],
    [[], { kind: 'incomplete', missing: 2 }],
  ];
  for (const [fell, after] of table) assert.deepEqual(rainfallOf(span(1, 3), fell, 0.1), after);
  // Three times 0.29 is 0.87: sums are whole numbers.
  assert.deepEqual(rainfallOf(span(0, 3), hours(0.29, 0.29, 0.29), 0.87), {
    kind: 'decided',
    result: 'RAIN',
    rainMm: 0.87,
  });
});

test('hours shared with the neighbours decide nothing by themselves', () => {
  const half = span(0.5, 3.5);
  assert.deepEqual(rainfallOf(half, hours(0, 0, 0, 0), 0.1), {
    kind: 'decided',
    result: 'NO_RAIN',
    rainMm: 0,
  });
  assert.deepEqual(rainfallOf(half, hours(2, 0.1, 0, 0), 0.1), {
    kind: 'decided',
    result: 'RAIN',
    rainMm: 1.1,
  });
  assert.deepEqual(rainfallOf(half, hours(2, 0, 0, 0), 0.1), { kind: 'shared', leastMm: 0, mostMm: 2 });
  assert.deepEqual(rainfallOf(half, hours(0.04, 0.03, 0, 0.02), 0.1), {
    kind: 'decided',
    result: 'NO_RAIN',
    rainMm: 0.06,
  });
  assert.deepEqual(rainfallOf(half, hours(0, 0, 0), 0.1), { kind: 'incomplete', missing: 1 });
});

test('whatever minute the rain fell in, a decided result is right', (t) => {
  // Each hour's rain falls in one of its quarters; the naive model adds the quarters inside the session.
  const fallen = fc.array(
    fc.record({ tenths: fc.integer({ min: 0, max: 4 }), quarter: fc.integer({ min: 0, max: 3 }) }),
    {
      minLength: 6,
      maxLength: 6,
    },
  );
  const bounds = fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(fallen, bounds, fc.integer({ min: 1, max: 6 }), (fell, [from, length], threshold) => {
      const [first, end] = [from, Math.min(24, from + length)];
      const answer = rainfallOf(
        span(first / 4, end / 4),
        hours(...fell.map(({ tenths }) => tenths / 10)),
        threshold / 10,
      );
      if (answer.kind !== 'decided') return assert.equal(answer.kind, 'shared');
      const inside = fell
        .filter((each, hour) => hour * 4 + each.quarter >= first && hour * 4 + each.quarter < end)
        .reduce((sum, { tenths }) => sum + tenths, 0);
      assert.equal(answer.result, inside >= threshold ? 'RAIN' : 'NO_RAIN');
      return assert.equal(answer.rainMm >= threshold / 10, answer.result === 'RAIN');
    }),
    seeded(t, 1000),
  );
});
