/** Money of the book's wire: JSON numbers in the currency's unit, which all have two decimals. Here: bigint minor units. */

const MINOR_PER_UNIT = 100n;

/** A wire number to minor units; null for what is no amount of at most two decimals. */
export function minorOf(value: unknown): bigint | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  const parts = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/.exec(String(value));
  if (parts === null) return null;
  const [, sign, whole = '0', cents = ''] = parts;
  const minor = BigInt(whole) * MINOR_PER_UNIT + BigInt(cents.padEnd(2, '0'));
  return sign === '-' ? -minor : minor;
}

/** Minor units to a wire number, exactly. Throws on more than a number can carry. */
export function unitsOf(minor: bigint): number {
  if (minor > BigInt(Number.MAX_SAFE_INTEGER) || minor < -BigInt(Number.MAX_SAFE_INTEGER))
    throw new Error(`${minor} is no amount of the book's wire`);
  return Number(minor) / Number(MINOR_PER_UNIT);
}

/** An instant as the book's `updateTime`: yyyyMMddHHmmssSSS, UTC. More than a JSON number carries, so it is a text. */
export function updateTimeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\D/g, '');
}
