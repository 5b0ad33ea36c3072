/** What agents earn: the rate in force, rounding, and that nobody earns more than their upline. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Instant, trusted, type VendorId } from '../../src/core/ids.ts';
import { type RateRow, rateAt, rateConflict, shareOf } from '../../src/core/office/rates.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000_000);
console.log(`# SEED=${SEED}`);

const vendor = (id: number) => trusted<VendorId>(id);
const hour = (n: number) => trusted<Instant>(n * 3_600_000);
const row = (vendorId: number | null, bps: number | null, from: number): RateRow => ({
  vendorId: vendorId === null ? null : vendor(vendorId),
  bps,
  fromAt: hour(from),
});

test('the rate in force', () => {
  const rows = [row(null, 1000, 1), row(7, 3000, 2), row(null, 2000, 5), row(7, null, 6), row(null, 2500, 5)];
  const at = (vendorId: number | null, n: number) =>
    rateAt(rows, { vendorId: vendorId === null ? null : vendor(vendorId), at: hour(n) });
  const table: [number | null, number, number | null][] = [
    [null, 0, null],
    [null, 1, 1000],
    [7, 1, 1000],
    [7, 2, 3000],
    [8, 4, 1000],
    // Of two from the same hour the later made holds.
    [8, 5, 2500],
    [7, 5, 3000],
    // Given up: the standard rate again.
    [7, 6, 2500],
  ];
  for (const [vendorId, n, bps] of table) assert.equal(at(vendorId, n), bps, `${vendorId} at ${n}`);
});

test('a share is rounded towards zero: the rest stays with the upline', () => {
  assert.equal(shareOf(999n, 3333), 332n);
  assert.equal(shareOf(-999n, 3333), -332n);
  assert.equal(shareOf(1n, 9999), 0n);
  assert.equal(shareOf(10n ** 18n + 1n, 10_000), 10n ** 18n + 1n);
});

test('a conflict is found at the instant it begins', () => {
  const above = [row(null, 4000, 0), row(null, 2000, 10)];
  assert.equal(rateConflict(above, [row(null, 2000, 0)], hour(0)), null);
  assert.deepEqual(rateConflict(above, [row(null, 3000, 0)], hour(0)), {
    vendorId: null,
    at: hour(10),
    below: 3000,
    above: 2000,
  });
  assert.equal(rateConflict([], [row(7, 1, 3)], hour(0))?.at, hour(3));
  assert.equal(rateConflict([...above, row(7, 100, 0)], [row(null, 2000, 0)], hour(0))?.vendorId, vendor(7));
});

const rates = fc.array(
  fc
    .record({
      vendorId: fc.constantFrom(null, 1, 2),
      bps: fc.constantFrom(null, 0, 1000, 2000, 3000),
      from: fc.integer({ min: 0, max: 8 }),
    })
    .map(({ vendorId, bps, from }) => row(vendorId, bps, from)),
  { maxLength: 6 },
);

test('no conflict means: at no hour from then on and for no vendor is the lower above the upper', () => {
  fc.assert(
    fc.property(rates, rates, fc.integer({ min: 0, max: 8 }), (above, below, from) => {
      let worst = false;
      for (let n = from; n <= 10; n++)
        for (const vendorId of [null, vendor(1), vendor(2), vendor(3)]) {
          const at = hour(n);
          worst ||= (rateAt(below, { vendorId, at }) ?? 0) > (rateAt(above, { vendorId, at }) ?? 0);
        }
      assert.equal(rateConflict(above, below, hour(from)) !== null, worst);
    }),
    { seed: SEED, numRuns: 3000 },
  );
});
