/**
 * The fields of the vendor API. A field is a shape (for the documentation) and a parser (for the wire), which gives a
 * clean value or the code and the rule that was broken. Absent, null and empty are the same.
 */
import { type TSchema, Type } from 'typebox';
import {
  firstInstantOf,
  type LocalDate,
  parseLocalDate,
  parseTimeZone,
  type TimeZone,
} from '../core/book/calendar.ts';
import { type Instant, trusted } from '../core/ids.ts';
import { type AmountRefusal, type Currency, decimalsOf, parseAmount } from '../core/money.ts';
import type { BetLimit } from '../db/book-player.ts';
import type { ErrorCode } from './codes.ts';
import { digitsOf, fieldsOf, plainDecimal, readJson } from './vendor-json.ts';

/** What the meaning of a field depends on. */
export interface Setting {
  readonly currency: Currency;
  /** The operator's. */
  readonly timeZone: string;
}

export interface Problem {
  readonly code: Extract<ErrorCode, '1001' | '1004' | '4004'>;
  readonly rule: string;
}
export type Parsed<Value> = { readonly value: Value } | { readonly problem: Problem };

export interface Field<Value> {
  readonly schema: TSchema;
  readonly required: boolean;
  parse(raw: unknown, setting: Setting): Parsed<Value>;
}
export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer Value> ? Value : never;
};

const broken = (rule: string, code: Problem['code'] = '1001'): { problem: Problem } => ({
  problem: { code, rule },
});

/** Controls, blanks, bidi, invisible and unassigned characters, lone surrogates: nothing that looks like another name. */
const FORBIDDEN = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** A name of visible characters, compared as it is written. */
export function name(rule: { max: number; about: string; example: string }): Field<string> {
  const { max, about, example } = rule;
  return {
    schema: Type.String({ minLength: 1, maxLength: max, description: about, examples: [example] }),
    required: true,
    parse(raw) {
      if (typeof raw !== 'string') return broken('must be a string');
      const value = raw.normalize('NFC');
      if (FORBIDDEN.test(value)) return broken('must have visible characters only, and no blanks');
      return [...value].length > max ? broken(`must have at most ${max} characters`) : { value };
    },
  };
}

const AMOUNT_RULES: Readonly<Record<AmountRefusal, (currency: Currency) => string>> = {
  not_a_number: () => 'must be a number',
  too_many_decimals: (currency) => `must have at most ${decimalsOf(currency)} decimals`,
  not_positive: () => 'must be above 0',
  too_large: () => 'is too large',
};

function readAmount(raw: unknown, currency: Currency): { amount: bigint } | { rule: string } {
  const digits = digitsOf(raw);
  const parsed = parseAmount(digits === null ? raw : plainDecimal(digits), currency);
  return parsed.ok ? { amount: parsed.amount } : { rule: AMOUNT_RULES[parsed.refusal](currency) };
}

/** An amount in the vendor type's currency, as a number or a text; the value is minor units. */
export function amount(about: string): Field<bigint> {
  return {
    schema: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.String()], {
      description: about,
      examples: [10000],
    }),
    required: true,
    parse(raw, { currency }) {
      const read = readAmount(raw, currency);
      return 'rule' in read ? broken(read.rule) : { value: read.amount };
    },
  };
}

export function optional<Value>(field: Field<Value>): Field<Value | null> {
  return { ...field, required: false };
}

/** The contract's bounds of a player's limit, in the currency's unit. */
const BET_MIN = 100n;
const BET_MAX = 10_000n;
const EXPOSURE_MAX = 50_000n;

const LimitShape = Type.Object({
  minBet: Type.Number({ minimum: Number(BET_MIN) }),
  maxBet: Type.Number({ maximum: Number(BET_MAX) }),
  maxExposure: Type.Number({ maximum: Number(EXPOSURE_MAX), description: 'per session' }),
});

/** Limits of a player's bets, as an object or as a text holding one. */
export function betLimit(): Field<BetLimit> {
  return {
    schema: Type.Union([LimitShape, Type.String()], {
      description: `${BET_MIN} ≤ minBet ≤ maxBet ≤ ${BET_MAX}, maxExposure ≤ ${EXPOSURE_MAX}; an object, or a string holding one`,
      examples: [{ minBet: 100, maxBet: 10000, maxExposure: 50000 }],
    }),
    required: true,
    parse(raw, { currency }) {
      const fields = fieldsOf(typeof raw === 'string' ? readJson(Buffer.from(raw)) : raw);
      if (fields === null) return broken('must be an object, or a string holding one');
      const [minBet, maxBet, maxExposure] = ['minBet', 'maxBet', 'maxExposure'].map((key) => {
        const read = readAmount(fields.get(key), currency);
        return 'rule' in read ? `${key} ${read.rule}` : read.amount;
      });
      const wrong = [minBet, maxBet, maxExposure].find((each) => typeof each === 'string');
      if (typeof minBet !== 'bigint' || typeof maxBet !== 'bigint' || typeof maxExposure !== 'bigint')
        return broken(`${wrong}`, '4004');
      const rule = limitRule({ minBet, maxBet, maxExposure }, 10n ** BigInt(decimalsOf(currency)));
      return rule === null ? { value: { minBet, maxBet, maxExposure } } : broken(rule, '4004');
    },
  };
}

function limitRule({ minBet, maxBet, maxExposure }: BetLimit, unit: bigint): string | null {
  if (minBet < BET_MIN * unit) return `minBet must be at least ${BET_MIN}`;
  if (maxBet < minBet) return 'maxBet must be at least minBet';
  if (maxBet > BET_MAX * unit) return `maxBet must be at most ${BET_MAX}`;
  return maxExposure > EXPOSURE_MAX * unit ? `maxExposure must be at most ${EXPOSURE_MAX}` : null;
}

const FIRST_YEAR = 1970;

/** yyyyMMddHHmmssSSS on the operator's clock. A reading that its clock shows twice means the first. */
export function updateTime(): Field<Instant> {
  return {
    schema: Type.Union([Type.Integer(), Type.String({ pattern: '^\\d{17}$' })], {
      description: 'yyyyMMddHHmmssSSS, of 17 digits; a number must be written without loss',
      examples: ['20240326040113595'],
    }),
    required: true,
    parse(raw, { timeZone }) {
      const text = digitsOf(raw) ?? raw;
      const zone = parseTimeZone(timeZone);
      const at = typeof text === 'string' && zone !== null ? instantOfReading(text, zone) : null;
      return at === null ? broken('must be a time there is, as yyyyMMddHHmmssSSS', '1004') : { value: at };
    },
  };
}

function instantOfReading(text: string, zone: TimeZone): Instant | null {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, ms] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
  const wallMs = Date.parse(iso);
  // A 31st of February comes back as another day, an hour 24 as the next one.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString() !== iso || Number(year) < FIRST_YEAR)
    return null;
  const at = firstInstantOf(zone, wallMs - Number(ms));
  return trusted<Instant>(at + Number(ms));
}

/** A betting day, yyyyMMdd. */
export function gameDate(about: string): Field<LocalDate> {
  return {
    schema: Type.String({ pattern: '^\\d{8}$', description: about, examples: ['20240326'] }),
    required: true,
    parse(raw) {
      const text = digitsOf(raw) ?? raw;
      const [, year, month, day] = (typeof text === 'string' && /^(\d{4})(\d\d)(\d\d)$/.exec(text)) || [];
      const date = year === undefined ? null : parseLocalDate(`${year}-${month}-${day}`);
      return date === null || Number(year) < FIRST_YEAR
        ? broken('must be a day there is, as yyyyMMdd', '1004')
        : { value: date };
    },
  };
}

/** Reads all fields; the first problem in their order ends it. */
export function readFields<F extends Fields>(
  fields: F,
  given: ReadonlyMap<string, unknown>,
  setting: Setting,
): { values: ValuesOf<F> } | { field: string; problem: Problem } {
  const values: Record<string, unknown> = {};
  for (const [field, { required, parse }] of Object.entries(fields)) {
    const raw = given.get(field) ?? '';
    if (raw === '' && required) return { field, problem: { code: '1001', rule: 'is required' } };
    const parsed = raw === '' ? { value: null } : parse(raw, setting);
    if ('problem' in parsed) return { field, problem: parsed.problem };
    values[field] = parsed.value;
  }
  return { values: values as ValuesOf<F> };
}
