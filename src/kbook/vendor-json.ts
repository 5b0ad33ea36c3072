/**
 * JSON read without loss: a number stays the text it was written as, since a double keeps neither the 17 digits of an
 * updateTime nor every amount. Texts, lists and objects are as usual.
 */
import { decodeUtf8 } from '../http/query.ts';

const DIGITS = Symbol('digits');

/** A number as it was written. No JSON can forge one: its key is a symbol. */
export interface NumberText {
  readonly [DIGITS]: string;
}

/** Given by the engine to a reviver beside a value that is no object or list. */
interface Context {
  readonly source?: string;
}

/** The value, or undefined when the bytes are no JSON in UTF-8, or nested deeper than anybody means. */
export function readJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  try {
    return text === null ? undefined : JSON.parse(text, keepDigits);
  } catch {
    return undefined;
  }
}

function keepDigits(_key: string, value: unknown, context?: Context): unknown {
  return typeof value === 'number' ? { [DIGITS]: context?.source ?? String(value) } : value;
}

/** How a number was written; null for anything else. */
export function digitsOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && DIGITS in value ? String(value[DIGITS]) : null;
}

/** The fields of an object; null for anything else. */
export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && digitsOf(value) === null ? new Map(Object.entries(value)) : null;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
/** No amount has more digits; the exponent of a stranger must not make a text of any length. */
const EXPONENT_MAX = 40;

/**
 * A JSON number as a plain decimal: 1.0E4, as some languages write ten thousand, is "10000". Exact. What is written
 * without an exponent, or with one beyond all amounts, stays as it is.
 */
export function plainDecimal(digits: string): string {
  const [, sign = '', whole = '', fraction = '', exponent] = NUMBER.exec(digits) ?? [];
  const shift = Number(exponent);
  if (exponent === undefined || Math.abs(shift) > EXPONENT_MAX) return digits;
  const all = `${whole}${fraction}`;
  const point = whole.length + shift;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  if (point >= all.length) return `${sign}${all}${'0'.repeat(point - all.length)}`;
  return `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}
