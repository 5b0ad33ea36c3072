/** Figures and their times by themselves: percentages, days of zones, periods to compare with, pieces of rates. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalDate, TimeZone } from '../../src/core/book/calendar.ts';
import { type AgentId, type Instant, trusted } from '../../src/core/ids.ts';
import {
  HOUR_MS,
  holdOf,
  hoursOf,
  lengthOf,
  minutesLate,
  movedTo,
  NOTHING,
  yearBefore,
} from '../../src/core/office/statistics.ts';
import { piecesOf } from '../../src/core/office/statistics-share.ts';

const period = (from: string, to: string, zone: string) => ({
  from: from as LocalDate,
  to: to as LocalDate,
  zone: zone as TimeZone,
});

test('hold: percent of the stakes that stood, half away from zero', () => {
  const table: [bet: bigint, cancel: bigint, win: bigint, other: bigint, hold: string | null][] = [
    [0n, 0n, 0n, 0n, null],
    [100n, 100n, 0n, 5n, null],
    [10_000n, 0n, 9500n, 0n, '5.00'],
    [10_000n, 2000n, 8000n, 0n, '0.00'],
    [80_000n, 0n, 79_996n, 0n, '0.01'],
    [80_000n, 0n, 79_997n, 0n, '0.00'],
    [80_000n, 0n, 80_004n, 0n, '-0.01'],
    [80_000n, 0n, 80_003n, 0n, '0.00'],
    [3n, 0n, 5n, 0n, '-66.67'],
    [1000n, 0n, 0n, 500n, '150.00'],
  ];
  for (const [betSum, cancelSum, winSum, other, hold] of table)
    assert.equal(holdOf({ ...NOTHING, betSum, cancelSum, winSum, other }), hold, `${betSum} ${winSum}`);
});

test('days of a zone begin with its first full hour of UTC; clocks that change make them 23 or 25 hours', () => {
  const starts = (from: string, to: string, zone: string) => {
    const { days, end } = hoursOf(period(from, to, zone));
    return [...days, end].map((hour) => new Date(hour * HOUR_MS).toISOString().slice(0, 13));
  };
  assert.deepEqual(starts('2025-11-02', '2025-11-02', 'Asia/Seoul'), ['2025-11-01T15', '2025-11-02T15']);
  assert.deepEqual(starts('2025-11-02', '2025-11-02', 'America/New_York'), [
    '2025-11-02T04',
    '2025-11-03T05',
  ]);
  assert.deepEqual(starts('2025-03-09', '2025-03-09', 'America/New_York'), [
    '2025-03-09T05',
    '2025-03-10T04',
  ]);
  assert.deepEqual(starts('2025-11-02', '2025-11-02', 'Asia/Kolkata'), ['2025-11-01T19', '2025-11-02T19']);
  const late = (zone: string) => minutesLate(period('2025-11-02', '2025-11-02', zone));
  assert.deepEqual(['UTC', 'Asia/Kolkata', 'Asia/Kathmandu'].map(late), [0, 30, 45]);
});

test('periods to compare with', () => {
  const week = period('2024-02-26', '2024-03-03', 'UTC');
  assert.equal(lengthOf(week), 7);
  assert.deepEqual(movedTo(week, '2024-02-19' as LocalDate), period('2024-02-19', '2024-02-25', 'UTC'));
  assert.equal(yearBefore('2024-02-29' as LocalDate), '2023-02-28');
  assert.equal(yearBefore('2025-03-01' as LocalDate), '2024-03-01');
});

test('time is cut where a rate of the agent or of one above it changes', () => {
  const [top, below] = [trusted<AgentId>(1), trusted<AgentId>(2)];
  const change = (hour: number) => ({ vendorId: null, bps: 100, fromAt: trusted<Instant>(hour * HOUR_MS) });
  const rates = new Map([
    [top, [change(5), change(20), change(99)]],
    [below, [change(20), change(30), change(0)]],
  ]);
  const branches = [
    { id: top, path: [top] },
    { id: below, path: [top, below] },
  ];
  assert.deepEqual(
    piecesOf(branches, rates, { since: 5, until: 40 }).map(({ agentId, since, until }) => [
      agentId,
      since,
      until,
    ]),
    [
      [top, 5, 20],
      [top, 20, 40],
      [below, 5, 20],
      [below, 20, 30],
      [below, 30, 40],
    ],
  );
});
