/** Values for fuzzing, made from the shapes of the OpenAPI documents: valid ones, and ones that are wrong somewhere. */
import fc from 'fast-check';

/** What is used of JSON Schema by the documents. */
export interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly additionalProperties?: boolean | Shape;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Values that mean something to the hub, by the name of the field: without them nothing would ever be found. */
export type Dictionary = Readonly<Record<string, readonly unknown[]>>;

const JUNK: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e300, 2 ** 53, -(2 ** 63), '', ' ', '\u0000', '\ud800', 'ﷺ'.repeat(60)],
  ...[
    '__proto__',
    'constructor',
    "' or 1=1 --",
    '%00',
    '{}',
    '[]',
    'NaN',
    '-0',
    '9'.repeat(400),
    '\u202e',
    '🎰',
  ],
  ...[
    [],
    {},
    [[[]]],
    { toString: 1 },
    { length: -1 },
    'x'.repeat(5000),
    '2026-02-31 00:00:00',
    '9999-12-31 23:59:59',
  ],
];

export const junk = (): fc.Arbitrary<unknown> =>
  fc.oneof(fc.constantFrom(...JUNK), fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary' }));

/** A value of the shape. */
export function fitting(shape: Shape, known: Dictionary, name = ''): fc.Arbitrary<unknown> {
  const words = known[name];
  if (words !== undefined && words.length > 0 && shape.type !== 'object')
    return fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...words) },
      { weight: 1, arbitrary: plain(shape, known) },
    );
  return plain(shape, known);
}

function plain(shape: Shape, known: Dictionary): fc.Arbitrary<unknown> {
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  if (shape.anyOf !== undefined) return fc.oneof(...shape.anyOf.map((each) => fitting(each, known)));
  switch (shape.type) {
    case 'integer':
      return fc.integer({ min: shape.minimum ?? 0, max: Math.min(shape.maximum ?? 1000, 2 ** 31) });
    case 'number':
      return fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ noNaN: true }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return fc.string({
        unit: 'grapheme',
        minLength: shape.minLength ?? 0,
        maxLength: Math.min(shape.maxLength ?? 20, 20),
      });
    case 'array':
      return fc.array(fitting(shape.items ?? {}, known), { minLength: 1, maxLength: 4 });
    case 'object':
      return object(shape, known);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function object(shape: Shape, known: Dictionary): fc.Arbitrary<unknown> {
  if (shape.properties === undefined) return fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 });
  const fields = Object.entries(shape.properties).map(([key, field]) => [key, fitting(field, known, key)]);
  const model: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(fields);
  return fc.record(model, { requiredKeys: [...(shape.required ?? [])] });
}

/** A value of the shape with one thing wrong: a field gone, replaced by junk, or too much, at any depth. */
export function spoiled(shape: Shape, known: Dictionary): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      fitting(shape, known),
      fc.infiniteStream(fc.nat()),
      junk(),
      fc.constantFrom('drop', 'replace', 'add'),
    )
    .map(([value, steps, wrong, how]) => spoil(structuredClone(value), { steps, wrong, how }));
}

interface Spoiling {
  readonly steps: Iterator<number>;
  readonly wrong: unknown;
  readonly how: string;
}

function spoil(value: unknown, spoiling: Spoiling): unknown {
  if (typeof value !== 'object' || value === null) return spoiling.wrong;
  const into = value as Record<string, unknown>;
  const keys = Object.keys(into);
  const key = keys[(spoiling.steps.next().value ?? 0) % Math.max(1, keys.length)];
  if (key === undefined || spoiling.how === 'add') return { ...into, unasked: spoiling.wrong };
  const inner = into[key];
  if (typeof inner === 'object' && inner !== null && (spoiling.steps.next().value ?? 0) % 4 !== 0)
    into[key] = spoil(inner, spoiling);
  else if (spoiling.how === 'drop') delete into[key];
  else into[key] = spoiling.wrong;
  return into;
}
