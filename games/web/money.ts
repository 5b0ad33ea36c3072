/** Amounts for people: minor units as bigint or decimal string into the player's notation. */
import type { Language } from '../wire.ts';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', ko: 'ko-KR', zh: 'zh-TW' };

export type MoneyFormat = {
  /** With the currency's sign. */
  full(minor: bigint | string): string;
  /** Digits only, for tight places. */
  plain(minor: bigint | string): string;
  /** With a plus or minus. */
  signed(minor: bigint | string): string;
};

function digits(minor: bigint, exponent: number): string {
  const sign = minor < 0n ? '-' : '';
  const text = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  const at = text.length - exponent;
  const whole = text.slice(0, at).replace(/\B(?=(\d{3})+$)/g, ',');
  return exponent === 0 ? sign + whole : `${sign}${whole}.${text.slice(at)}`;
}

function signOf(currency: string, language: Language): string {
  try {
    const parts = new Intl.NumberFormat(LOCALES[language], {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
    }).formatToParts(0);
    return parts.find((part) => part.type === 'currency')?.value ?? `${currency} `;
  } catch {
    return `${currency} `; // not a currency the browser knows
  }
}

/** Formatting for one currency. */
export function moneyFormat(currency: string, exponent: number, language: Language): MoneyFormat {
  const sign = signOf(currency, language);
  const full = (minor: bigint | string): string => {
    const text = digits(BigInt(minor), exponent);
    return text.startsWith('-') ? `-${sign}${text.slice(1)}` : sign + text;
  };
  return {
    full,
    plain: (minor) => digits(BigInt(minor), exponent),
    signed: (minor) => (BigInt(minor) > 0n ? `+${full(minor)}` : full(minor)),
  };
}
