/**
 * Money of this site: whole won as bigint. The won has no decimals, so a won is also its minor unit.
 * Numbers exist on the wire only.
 */
export type Won = bigint;

/** Reads an amount as the hub writes it (1000, "1000", "1000.00"); null when it is not a whole safe number. */
export function wonOfWire(value: unknown): Won | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  if (typeof value !== 'string') return null;
  const match = /^(-?\d{1,16})(?:\.0+)?$/.exec(value.trim());
  return match?.[1] === undefined ? null : BigInt(match[1]);
}

/** The JSON number for the hub. Throws on an amount no JSON number carries exactly: the caller checked it. */
export function wireOfWon(amount: Won): number {
  const value = Number(amount);
  if (!Number.isSafeInteger(value)) throw new Error(`amount ${amount} is no safe number`);
  return value;
}

/** An amount typed by a person ("100,000" or "100000"); null unless it is 1 … 10^12 won. */
export function wonOfInput(text: string): Won | null {
  const digits = text.replace(/[,\s₩원]/g, '');
  if (!/^\d{1,13}$/.test(digits)) return null;
  const amount = BigInt(digits);
  return amount >= 1n && amount <= 1_000_000_000_000n ? amount : null;
}

/** "₩1,234,567", with a real minus sign. */
export function wonText(amount: Won): string {
  const digits = (amount < 0n ? -amount : amount).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amount < 0n ? '−' : ''}₩${digits}`;
}

/** The same with a plus sign in front of gains. */
export function signedWonText(amount: Won): string {
  return amount > 0n ? `+${wonText(amount)}` : wonText(amount);
}
