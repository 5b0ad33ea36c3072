/**
 * What a hostile hand types into addresses, cursors and bodies: ids beyond any column, times that are none, texts in
 * every script and of every length, cursors of other lists. All of it is refused or answered; nothing is a failure.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { IdName, OfficeRoute } from '../../src/backoffice/route.ts';
import { OFFICE_ROUTES } from '../../src/backoffice/tables.ts';
import { SHARED, THINGS } from './isolation-things.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';
import { sampleOf } from './samples.ts';

let rig: OfficeRig;
let house: OfficeClient;
let agent: OfficeClient;
const things = new Map<string, string>();
before(async () => {
  rig = await openRig();
  house = await rig.house('owner');
  agent = await rig.of('a');
  for (const [name, make] of Object.entries(THINGS)) things.set(name, String(await make(rig, 'a')));
  for (const [name, find] of Object.entries(SHARED)) things.set(name, String(await find(rig)));
});
after(() => rig.close());

const NUMBERS = ['0', '2147483648', '999999999', '999999999999999', '9999999999999999'];
const TIMES = [
  '0000-00-00',
  '0001-01-01',
  '2026-02-31',
  '9999-12-31',
  '2026-11-21T24:00Z',
  '2026-11-21T99:99:99.999999+99:99',
  '9999-12-31T23:59:59.999999-15:59',
];
const TEXTS = [
  '%',
  '_\\',
  "'; drop table player; --",
  '\u202e\u0000x',
  'ﷺ'.repeat(30),
  '𒐫👩‍👩‍👧',
  '\ud800',
  '{"a":1}',
  'null',
  'all,,all',
  '::1/129',
  'x'.repeat(5000),
];
const CURSORS = [
  [],
  ['1'],
  ['999999999999999999'],
  ['2026-11-21T00:00:00.000000Z', '1'],
  ['9999-99-99T99:99:99.999999Z', '1'],
  ['0000-01-01T00:00:00.000000Z', '1', '1'],
  ['2026-11-21T00:00:00.000000Z', '-999999999999999999', '999999999999999999'],
  ['zzz', '1'],
  ['\u{10ffff}'],
  ['-1', '2026-11-21T00:00:00.000000Z', '1'],
  ['999999999999999999', '999999999999999999', '999999999999999999'],
  ['0000-00-00'],
  ['2026-13-45', '1'],
].map((key) => Buffer.from(JSON.stringify(key)).toString('base64url'));
const IDS = [...NUMBERS, '0'.repeat(300), '-1', '1.5', 'é', '%00', '..'];
const HOSTILE = [...NUMBERS, ...TIMES, ...TEXTS];

interface Shape {
  readonly properties?: Readonly<Record<string, TSchema>>;
}
const propertiesOf = (shape: TSchema | undefined) => Object.entries((shape as Shape)?.properties ?? {});

/** Only what the shape lets through gets further than the door: the rest is one try for all. */
function triesOf(shape: TSchema, values: readonly unknown[]): readonly unknown[] {
  const check = Compile(shape);
  return [...values.filter((value) => check.Check(value)), '\u0000'];
}

const pathOf = (route: OfficeRoute, ids: Readonly<Record<string, string>> = {}) =>
  route.path.replace(/:(\w+)/g, (_all, name: IdName) =>
    encodeURIComponent(ids[name] ?? things.get(name) ?? '1'),
  );
const queryOf = (route: OfficeRoute) =>
  (route.query === undefined ? {} : (sampleOf(route.query) ?? {})) as Record<string, string>;

async function asked(
  client: OfficeClient,
  route: OfficeRoute,
  given: { path?: string; query?: Record<string, string>; body?: unknown },
) {
  const { path = pathOf(route), query = queryOf(route) } = given;
  const answer = await client.call(route.method, path, {
    query,
    ...(given.body === undefined ? {} : { body: given.body }),
  });
  assert.ok(
    answer.status < 500,
    `${route.operationId} as ${client.person}: ${answer.status} to ${path} ${JSON.stringify(given).slice(0, 300)}: ${answer.text.slice(0, 300)}`,
  );
}

const READS = OFFICE_ROUTES.filter((route) => route.method === 'GET' && route.permission !== 'open');

describe('filters and cursors', () => {
  for (const route of READS)
    test(route.operationId, async () => {
      for (const [name, shape] of propertiesOf(route.query)) {
        const values = name === 'after' || name === 'before' ? CURSORS : triesOf(shape, HOSTILE);
        const queries = values.map((value) => ({ ...queryOf(route), [name]: String(value) }));
        await Promise.all(queries.map((query) => asked(agent, route, { query })));
        await Promise.all(queries.map((query) => asked(house, route, { query })));
      }
    });
});

describe('ids in addresses', () => {
  for (const route of OFFICE_ROUTES.filter((each) => each.path.includes(':')))
    test(route.operationId, async () => {
      const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => String(name));
      const body = route.body === undefined ? {} : sampleOf(route.body);
      const given = route.method === 'GET' ? {} : { body };
      for (const name of names)
        await Promise.all(
          IDS.map((id) => asked(house, route, { path: pathOf(route, { [name]: id }), ...given })),
        );
    });
});

describe('bodies', () => {
  const values = [
    ...HOSTILE,
    0,
    -1,
    0.1,
    2 ** 31,
    2 ** 53 - 1,
    1e308,
    true,
    null,
    [],
    {},
    'x'.repeat(10_000),
    '上'.repeat(300),
  ];
  const writes = OFFICE_ROUTES.filter(
    ({ method, body, permission }) => method !== 'GET' && body !== undefined && permission !== 'open',
  );
  for (const route of writes)
    test(route.operationId, async () => {
      const sample = sampleOf(route.body as TSchema) as Record<string, unknown> | undefined;
      if (sample === undefined) return;
      for (const [name, shape] of propertiesOf(route.body))
        for (const value of triesOf(shape, values))
          await asked(house, route, { body: { ...sample, [name]: value } });
      for (const body of [null, [], 'text', 1, { __proto__: null, constructor: 1 }])
        await asked(house, route, { body });
    });
});
