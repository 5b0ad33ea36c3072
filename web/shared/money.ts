/**
 * Money on a page: whole minor units inside, numbers of the currency's unit on the wire and on the screen. What a
 * person types is read strictly: anything but an amount with at most the currency's decimals is null, never guessed at.
 */

/** A wire amount in minor units. */
export function minorOf(amount: number, decimals: number): bigint {
  return BigInt(Math.round(amount * 10 ** decimals));
}

/** Minor units as the number the wire carries: exact to the cent for every amount a book holds. */
export function majorOf(minor: bigint, decimals: number): number {
  return Number(minor) / 10 ** decimals;
}

/** Odds in thousandths: 2.1 is 2100. */
export function thousandthsOf(odds: number): number {
  return Math.round(odds * 1000);
}

/** More digits would not come through a number of the wire unharmed. */
const DIGITS_MAX = 15;

/**
 * An amount above zero as somebody typed it; null when it is none. Commas between thousands are read over; where a
 * keypad has only a comma, one before the last one or two digits is the point.
 */
export function readAmount(text: string, decimals: number): bigint | null {
  const tight = text.replace(/[\s\u00a0]/g, '');
  const pointed = /^\d+,\d{1,2}$/.test(tight) ? tight.replace(',', '.') : tight;
  if (!/^(\d+|\d{1,3}(,\d{3})+)(\.\d*)?$/.test(pointed)) return null;
  const [whole = '', part = ''] = pointed.replaceAll(',', '').split('.');
  if (part.length > decimals || whole.length + decimals > DIGITS_MAX) return null;
  const minor = BigInt(whole + part.padEnd(decimals, '0'));
  return minor > 0n ? minor : null;
}

/** An amount as it stands in an input: no symbol, no grouping, decimals only where there are any. */
export function amountText(minor: bigint, decimals: number): string {
  const digits = minor.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const part = decimals === 0 ? '' : digits.slice(-decimals);
  return /^0*$/.test(part) ? whole : `${whole}.${part}`;
}
