/**
 * The parameters of the operator API. A field is a shape (for the documentation) and a parser (for the wire): the
 * parser takes whatever a liberal client sends and gives a clean value or names what is wrong with it.
 */
import { type TSchema, Type } from 'typebox';
import { AMOUNT_MAX } from '../core/money.ts';

/** Problems that need no figure to be told. */
export type SimpleProblem =
  | 'required'
  | 'selected'
  | 'text'
  | 'encoding'
  | 'characters'
  | 'integer'
  | 'date'
  | 'boolean'
  | 'order'
  | 'uuid_reused'
  | 'amount'
  | 'amount_decimals'
  | 'amount_positive'
  | 'amount_large'
  | 'seamless'
  | 'operator_user'
  | 'blocked'
  | 'window'
  | 'callback_ended'
  | 'callback_asking'
  | 'callback_resolved';
export type Problem =
  | { readonly code: SimpleProblem }
  | { readonly code: 'min_length' | 'max_length' | 'min' | 'max'; readonly bound: number };

export type Parsed<Value> = { readonly value: Value } | { readonly problem: Problem };

export interface Field<Value> {
  readonly schema: TSchema;
  readonly required: boolean;
  /** What an absent parameter means. */
  readonly absent: Value | undefined;
  parse(raw: unknown): Parsed<Value>;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer Value> ? Value : never;
};

const problem = (code: SimpleProblem): { problem: Problem } => ({ problem: { code } });
const bounded = (code: 'min_length' | 'max_length' | 'min' | 'max', bound: number): { problem: Problem } => ({
  problem: { code, bound },
});

/** Makes a field optional with a value for when it is absent. */
export function optional<Value, Absent>(field: Field<Value>, absent: Absent): Field<Value | Absent> {
  return { ...field, required: false, absent };
}

interface TextRule {
  readonly min: number;
  readonly max: number;
  readonly about: string;
  readonly example?: string;
}

/** Controls, bidi, invisible and unassigned characters, lone surrogates: nothing that could look like another name. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

export function text(rule: TextRule): Field<string> {
  const { min, max, about, example } = rule;
  return {
    schema: Type.String({
      minLength: min,
      maxLength: max,
      description: about,
      ...(example === undefined ? {} : { examples: [example] }),
    }),
    required: true,
    absent: undefined,
    parse(raw) {
      if (typeof raw !== 'string' && typeof raw !== 'number') return problem('text');
      const value = String(raw).trim().normalize('NFC');
      if (FORBIDDEN.test(value)) return problem('characters');
      const length = [...value].length;
      if (length < min) return bounded('min_length', min);
      return length > max ? bounded('max_length', max) : { value };
    },
  };
}

export function integer(rule: { min: number; max: number; about: string }): Field<number> {
  const { min, max, about } = rule;
  return {
    schema: Type.Integer({ minimum: min, maximum: max, description: about }),
    required: true,
    absent: undefined,
    parse(raw) {
      if ((typeof raw !== 'number' && typeof raw !== 'string') || !/^-?\d{1,16}$/.test(String(raw).trim()))
        return problem('integer');
      const value = Number(raw);
      if (value < min) return bounded('min', min);
      return value > max ? bounded('max', max) : { value };
    },
  };
}

/** An amount stays as it came: only the agent's currency says what it means. */
export function amount(): Field<number | string> {
  return {
    schema: Type.Number({
      minimum: 1,
      maximum: Number(AMOUNT_MAX),
      description: "Amount in the agent's currency",
      examples: [1000],
    }),
    required: true,
    absent: undefined,
    parse: (raw) => (typeof raw === 'number' || typeof raw === 'string' ? { value: raw } : problem('amount')),
  };
}

const FLAGS = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

export function flag(about: string): Field<boolean> {
  return {
    schema: Type.Integer({ minimum: 0, maximum: 1, description: about }),
    required: true,
    absent: undefined,
    parse(raw) {
      const value = typeof raw === 'object' ? undefined : FLAGS.get(String(raw).toLowerCase());
      return value === undefined ? problem('boolean') : { value };
    },
  };
}

export function choice<const Choice extends string>(
  choices: readonly Choice[],
  about: string,
  otherwise: SimpleProblem = 'selected',
): Field<Choice> {
  return {
    schema: Type.Enum([...choices], { description: about }),
    required: true,
    absent: undefined,
    parse(raw) {
      const value = typeof raw === 'string' ? choices.find((each) => each === raw.toLowerCase()) : undefined;
      return value === undefined ? problem(otherwise) : { value };
    },
  };
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?Z?$/;

/** `YYYY-MM-DD HH:mm:ss` in UTC, also with T; the value is an ISO text. */
export function instant(about: string): Field<string> {
  return {
    schema: Type.String({ description: about, examples: ['2026-01-31 09:00:00'] }),
    required: true,
    absent: undefined,
    parse(raw) {
      const match = typeof raw === 'string' ? INSTANT.exec(raw.trim()) : null;
      if (match === null) return problem('date');
      const [, year, month, day, hour, minute, second] = match;
      const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
      const parsed = new Date(iso);
      // A 31st of February comes back as another day.
      return Number(year) < 1 || Number.isNaN(parsed.getTime()) || parsed.toISOString() !== iso
        ? problem('date')
        : { value: iso };
    },
  };
}

export const username = () =>
  text({ min: 3, max: 64, about: 'User id, 3 characters or more, case-insensitive', example: 'player01' });
export const nickname = () =>
  optional(
    text({ min: 3, max: 64, about: 'Name shown in games, 3 characters or more; absent = the user id' }),
    null,
  );
export const uuid = () =>
  optional(
    text({ min: 1, max: 128, about: 'Idempotency key: a repeat answers the first answer and moves nothing' }),
    null,
  );

export type Problems = Readonly<Record<string, readonly Problem[]>>;

/** Reads all fields from the parameters; every problem of every field at once. */
export function readFields<F extends Fields>(
  fields: F,
  given: { values: ReadonlyMap<string, unknown>; undecodable: ReadonlySet<string> },
): { values: ValuesOf<F> } | { problems: Problems } {
  const values: Record<string, unknown> = {};
  // A Map: a parameter may be called __proto__.
  const problems = new Map<string, Problem[]>();
  for (const name of given.undecodable) problems.set(name === '?' ? 'body' : name, [{ code: 'encoding' }]);
  for (const [name, field] of Object.entries(fields)) {
    if (given.undecodable.has(name)) continue;
    const raw = given.values.get(name);
    const parsed = isAbsent(raw) ? absent(field) : field.parse(raw);
    if ('problem' in parsed) problems.set(name, [parsed.problem]);
    else values[name] = parsed.value;
  }
  return problems.size > 0 ? { problems: Object.fromEntries(problems) } : { values: values as ValuesOf<F> };
}

const isAbsent = (raw: unknown) =>
  raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');

function absent(field: Field<unknown>): Parsed<unknown> {
  return field.required ? problem('required') : { value: field.absent };
}
