/** Amounts as people read and type them. On the wire they are whole minor units as text, their currency beside them. */
import { decimalsOf, isCurrency, toDecimal } from '../../../src/core/money.ts';
import { amountText, readAmount } from '../../shared/money.ts';

/** Digits after the point; 0 for a currency nobody knows, whose amounts are shown as they came. */
export function decimalsIn(currency: string): number {
  return isCurrency(currency) ? decimalsOf(currency) : 0;
}

/** `₩1,234`, `−US$10.50`: exact whatever the size. A text that is no amount is shown as it is. */
export function formatMinor(minor: string | bigint, currency: string, locale: string): string {
  const text = String(minor);
  if (!isCurrency(currency) || !/^-?\d+$/.test(text)) return `${text} ${currency}`.trim();
  const decimals = decimalsOf(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  const said = format.format(toDecimal(BigInt(text), currency) as Intl.StringNumericLiteral);
  return said.replace('-', '−');
}

/** What somebody typed as minor units above zero; null: no amount of this currency. */
export function readMinor(text: string, currency: string): string | null {
  return readAmount(text, decimalsIn(currency))?.toString() ?? null;
}

/** Minor units as they stand in an input. */
export function typedMinor(minor: string, currency: string): string {
  return /^\d+$/.test(minor) ? amountText(BigInt(minor), decimalsIn(currency)) : '';
}

export function formatNumber(value: number | string | bigint, locale: string): string {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 6 })
    .format(text as Intl.StringNumericLiteral)
    .replace('-', '−');
}
