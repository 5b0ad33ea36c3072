/** A body of a shape, with what must be in it and no more: enough to be read, so that what follows is what refuses. */
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly items?: Shape;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly minLength?: number;
}

const TEXTS = [
  '1',
  '100',
  'reason',
  'abcdefghijkl',
  '2026-11-21',
  '2026-11-21T00:00:00Z',
  'KRW',
  'a@b.example',
  '10:00',
];

/** Undefined when it cannot be guessed. `fields` stand in it whether or not they must. */
export function sampleOf(shape: TSchema, fields: Readonly<Record<string, unknown>> = {}): unknown {
  const sample = guess(shape as Shape);
  const whole = isRecord(sample) ? { ...sample, ...fields } : sample;
  return Compile(shape).Check(whole) ? whole : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function guess(shape: Shape): unknown {
  if (shape.const !== undefined) return shape.const;
  if (shape.enum !== undefined) return shape.enum[0];
  if (shape.anyOf !== undefined) return shape.anyOf.map(guess).find((each) => each !== undefined);
  switch (shape.type) {
    case 'object':
      return guessObject(shape);
    case 'array':
      return Array.from({ length: shape.minItems ?? 0 }, () => guess(shape.items ?? {}));
    case 'string':
      return guessText(shape);
    case 'integer':
    case 'number':
      return Math.max(1, shape.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function guessObject({ properties = {}, required = [], minProperties = 0 }: Shape): unknown {
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  const names = [...required, ...optional.slice(0, Math.max(0, minProperties - required.length))];
  return Object.fromEntries(names.map((name) => [name, guess(properties[name] ?? {})]));
}

function guessText(shape: Shape): unknown {
  const check = Compile(shape as TSchema);
  const texts = [...(shape.examples ?? []), ...TEXTS, 'x'.repeat(shape.minLength ?? 0)];
  return texts.find((text) => check.Check(text));
}
