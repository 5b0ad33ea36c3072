/**
 * Money is a bigint of minor units; its currency travels beside it. Numbers exist only on a partner's wire, and
 * enter and leave here. No rounding happens anywhere in this file: what does not fit is refused.
 */

/** Decimals per currency, ISO 4217. A currency that is not here is not supported. */
const DECIMALS = {
  KRW: 0,
  JPY: 0,
  VND: 0,
  CLP: 0,
  ISK: 0,
  PYG: 0,
  UGX: 0,
  XAF: 0,
  XOF: 0,
  USD: 2,
  EUR: 2,
  GBP: 2,
  CNY: 2,
  HKD: 2,
  TWD: 2,
  THB: 2,
  SGD: 2,
  MYR: 2,
  PHP: 2,
  IDR: 2,
  INR: 2,
  AUD: 2,
  NZD: 2,
  CAD: 2,
  CHF: 2,
  SEK: 2,
  NOK: 2,
  DKK: 2,
  PLN: 2,
  CZK: 2,
  HUF: 2,
  TRY: 2,
  BRL: 2,
  MXN: 2,
  ZAR: 2,
  MOP: 2,
  MMK: 2,
  LAK: 2,
  KHR: 2,
  BDT: 2,
  PKR: 2,
  LKR: 2,
  UAH: 2,
  KZT: 2,
  PEN: 2,
  COP: 2,
  ARS: 2,
  NGN: 2,
  KES: 2,
  KWD: 3,
  BHD: 3,
  JOD: 3,
  OMR: 3,
  TND: 3,
} as const;

export type Currency = keyof typeof DECIMALS;

/** Largest amount any wire may carry, in minor units: beyond it a whole JSON number is no longer exact. */
export const AMOUNT_MAX = 2n ** 53n - 1n;
/** The same for a number with decimals: 15 digits survive the way through a double, the sixteenth may not. */
const FRACTIONAL_MAX = 10n ** 15n - 1n;

export type AmountRefusal = 'not_a_number' | 'too_many_decimals' | 'not_positive' | 'too_large';
export type ParsedAmount =
  | { readonly ok: true; readonly amount: bigint }
  | { readonly ok: false; readonly refusal: AmountRefusal };

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(DECIMALS, text);
}

/** Largest amount of the currency, in minor units, that a JSON number carries exactly. */
export function wireMax(currency: Currency): bigint {
  return DECIMALS[currency] === 0 ? AMOUNT_MAX : FRACTIONAL_MAX;
}

export function decimalsOf(currency: Currency): number {
  return DECIMALS[currency];
}

/**
 * Reads an amount in the currency's unit (KRW 1000, USD "10.50") into minor units. Positive amounts only.
 * A JSON number is read as the shortest text that means it, so 0.1 is one tenth; amounts above `wireMax`, which may
 * have lost digits on the way, are refused.
 */
export function parseAmount(value: unknown, currency: Currency): ParsedAmount {
  if (typeof value !== 'number' && typeof value !== 'string') return refuse('not_a_number');
  const match = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(String(value).trim());
  if (match === null)
    return refuse(typeof value === 'number' && value >= 2 ** 53 ? 'too_large' : 'not_a_number');
  const [, sign, whole = '', fraction = ''] = match;
  const decimals = DECIMALS[currency];
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > decimals) return refuse('too_many_decimals');
  const amount = BigInt(whole + significant.padEnd(decimals, '0'));
  if (sign === '-' || amount === 0n) return refuse('not_positive');
  if (amount > wireMax(currency)) return refuse('too_large');
  return { ok: true, amount };
}

/** Reads whole minor units from a decimal string (studio API). Null for anything else, or above AMOUNT_MAX. */
export function parseMinor(text: string): bigint | null {
  if (!/^\d{1,16}$/.test(text)) return null;
  const amount = BigInt(text);
  return amount <= AMOUNT_MAX ? amount : null;
}

/** Minor units as a JSON number in the currency's unit; exact up to `wireMax`. */
export function toWireNumber(amount: bigint, currency: Currency): number {
  const decimals = DECIMALS[currency];
  return decimals === 0 ? Number(amount) : Number(toDecimal(amount, currency));
}

/** Minor units as a decimal text in the currency's unit: 1050n USD is "10.50". */
export function toDecimal(amount: bigint, currency: Currency): string {
  const decimals = DECIMALS[currency];
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return amount < 0n ? `-${text}` : text;
}

function refuse(refusal: AmountRefusal): ParsedAmount {
  return { ok: false, refusal };
}
