/** The hub's OpenAPI document as the guide shows it: calls by group, their parameters, and what they answer. Pure. */

/** As much of JSON Schema as the document uses. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
}

interface Content {
  readonly content?: { readonly 'application/json'?: { readonly schema?: Schema } };
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema: Schema;
    readonly example?: unknown;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly about: string;
  readonly schema: Schema;
  /** What the form begins with. */
  readonly example: string;
}

export interface ApiCall {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly group: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  /** By status; null: no shape is given. */
  readonly answers: readonly { readonly status: string; readonly schema: Schema | null }[];
}

/** All calls, in the document's order. */
export function callsOf({ paths }: OpenApi): ApiCall[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      group: operation.tags[0] ?? '',
      summary: operation.summary,
      parameters: parametersOf(operation),
      answers: Object.entries(operation.responses).map(([status, { content }]) => ({
        status,
        schema: content?.['application/json']?.schema ?? null,
      })),
    })),
  );
}

function parametersOf({ parameters = [], requestBody }: Operation): Parameter[] {
  const given = parameters.map(({ name, required = false, description = '', schema, example }) => ({
    ...{ name, required, schema },
    about: description,
    example: textOf(example ?? schema.examples?.[0]),
  }));
  const body = requestBody?.content?.['application/json']?.schema;
  const inBody = Object.entries(body?.properties ?? {}).map(([name, schema]) => ({
    ...{ name, schema },
    required: body?.required?.includes(name) ?? false,
    about: schema.description ?? '',
    example: textOf(schema.examples?.[0]),
  }));
  return [...given, ...inBody];
}

const textOf = (value: unknown) => (value === undefined ? '' : String(value));

/** Whether a value is a number on the wire. */
export const isNumber = ({ type }: Schema) => type === 'number' || type === 'integer';

/** What a schema allows, in a few signs: `3…64`, `≥ 1`. */
export function boundsOf({ minimum, maximum, minLength, maxLength }: Schema): string {
  const least = minimum ?? minLength;
  const most = maximum ?? maxLength;
  const isOpen = most === undefined || most >= Number.MAX_SAFE_INTEGER;
  if (least !== undefined) return isOpen ? `≥ ${least}` : `${least}…${most}`;
  return isOpen ? '' : `≤ ${most}`;
}

const DEPTH_MAX = 6;

/** A shape as people read it: `{ username: string, balance: number }`, a property a line, notes behind. */
export function outline(schema: Schema, depth = 0): string {
  const pad = '  '.repeat(depth + 1);
  if (depth > DEPTH_MAX) return '…';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((each) => outline(each, depth)).join(' | ');
  if (schema.type === 'array') return `[${outline(schema.items ?? {}, depth)}]`;
  const { properties, additionalProperties } = schema;
  if (properties === undefined && typeof additionalProperties === 'object')
    return `{ [name]: ${outline(additionalProperties, depth)} }`;
  if (properties === undefined) return schema.type ?? 'any';
  if (Object.keys(properties).length === 0) return 'object';
  const lines = Object.entries(properties).map(([name, each]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    const note = each.description === undefined ? '' : `  // ${each.description}`;
    return `${pad}${name}${optional}: ${outline(each, depth + 1)}${note}`;
  });
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}
