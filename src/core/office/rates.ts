/**
 * What agents earn of the GGR: a standard rate, and rates of single vendors in its place. Rates are dated and never
 * rewritten. Nobody earns more than their upline does. Pure.
 */
import type { Instant, VendorId } from '../ids.ts';

/** Basis points in the whole. */
export const BPS_WHOLE = 10_000;

export interface RateRow {
  /** Null: the standard rate. */
  readonly vendorId: VendorId | null;
  /** Basis points of GGR; null: from then on no rate of its own. */
  readonly bps: number | null;
  readonly fromAt: Instant;
}

/**
 * The rate in force at an instant, in basis points; null = none is agreed. `rows` are one agent's in the order they
 * were made: of two from the same instant the later one holds. A vendor without a rate of its own has the standard one.
 */
export function rateAt(
  rows: readonly RateRow[],
  { vendorId, at }: { readonly vendorId: VendorId | null; readonly at: Instant },
): number | null {
  const own = vendorId === null ? null : newest(rows, vendorId, at);
  return own ?? newest(rows, null, at);
}

function newest(rows: readonly RateRow[], vendorId: VendorId | null, at: Instant): number | null {
  let found: RateRow | null = null;
  for (const row of rows) {
    if (row.vendorId !== vendorId || row.fromAt > at) continue;
    if (found === null || row.fromAt >= found.fromAt) found = row;
  }
  return found?.bps ?? null;
}

/**
 * An agent's share of a GGR, minor units. Rounded towards zero: the fraction of a unit stays with the upline, of a
 * gain as of a loss.
 */
export function shareOf(ggr: bigint, bps: number): bigint {
  return (ggr * BigInt(bps)) / BigInt(BPS_WHOLE);
}

export interface RateConflict {
  readonly vendorId: VendorId | null;
  readonly at: Instant;
  readonly below: number;
  readonly above: number;
}

/** Where, from an instant on, the rates of an agent are above its upline's; null = nowhere. No rate earns nothing. */
export function rateConflict(
  above: readonly RateRow[],
  below: readonly RateRow[],
  from: Instant,
): RateConflict | null {
  const all = [...above, ...below];
  const vendors = new Set([null, ...all.map(({ vendorId }) => vendorId)]);
  const instants = new Set([from, ...all.map(({ fromAt }) => fromAt).filter((at) => at > from)]);
  for (const at of [...instants].sort((a, b) => a - b)) {
    for (const vendorId of vendors) {
      const [upper, lower] = [above, below].map((rows) => rateAt(rows, { vendorId, at }) ?? 0);
      if ((lower ?? 0) > (upper ?? 0)) return { vendorId, at, below: lower ?? 0, above: upper ?? 0 };
    }
  }
  return null;
}
