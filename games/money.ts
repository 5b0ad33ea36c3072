/**
 * Money as the studio sees it: bigint minor units, decimal strings on every wire.
 * The stake ladder is in steps of twenty minor units at least, so a stake divides by ten and by twenty lines.
 */

/** Currencies whose minor unit is not a hundredth. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/** Units of a currency that buy roughly what one dollar buys, to the power of ten; 1 where not listed. */
const SCALES: Readonly<Record<string, bigint>> = {
  IDR: 10_000n,
  INR: 100n,
  JPY: 100n,
  KRW: 1_000n,
  PHP: 50n,
  RUB: 100n,
  THB: 50n,
  TWD: 50n,
  VND: 10_000n,
};

/** Stakes in hundredths of the scale. */
const LADDER = [20n, 40n, 60n, 100n, 200n, 300n, 500n, 1_000n, 2_000n, 5_000n, 10_000n] as const;
const STAKE_STEP = 20n;

export type StakeLimits = { betMin: bigint | null; betMax: bigint | null };

/** Decimals of a currency (ISO 4217). */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

function ladderOf(currency: string): bigint[] {
  const unit = (SCALES[currency] ?? 1n) * 10n ** BigInt(exponentOf(currency));
  return LADDER.map((step) => (step * unit) / 100n).map((s) => s - (s % STAKE_STEP));
}

/**
 * Stakes the player may choose, ascending, in minor units. Where the limits leave none of the ladder, the
 * least possible stake within them; empty when there is none at all.
 */
export function stakesWithin(currency: string, limits: StakeLimits): bigint[] {
  const least = limits.betMin ?? 0n;
  const allowed = (stake: bigint): boolean =>
    stake > 0n && stake >= least && (limits.betMax === null || stake <= limits.betMax);
  const stakes = ladderOf(currency).filter(allowed);
  if (stakes.length > 0) return stakes;
  const roundedUp = ((least + STAKE_STEP - 1n) / STAKE_STEP) * STAKE_STEP;
  const only = roundedUp === 0n ? STAKE_STEP : roundedUp;
  return allowed(only) ? [only] : [];
}

/** The stake offered first: the fourth of the ladder, or the nearest below it. */
export function firstStake(stakes: readonly bigint[]): bigint {
  return stakes[Math.min(3, stakes.length - 1)] ?? 0n;
}

/** A decimal string of minor units; null for anything else. */
export function parseMinor(text: unknown): bigint | null {
  return typeof text === 'string' && /^-?\d{1,30}$/.test(text) ? BigInt(text) : null;
}
