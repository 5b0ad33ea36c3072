/**
 * The vendor API with generated bodies, made from its own document, whole and spoiled: always HTTP 200, always an
 * envelope the document knows, never a bug, and the books hold at the end. SEED=… repeats a run.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/schema';
import { audit } from '../../src/db/audit.ts';
import { CODES } from '../../src/kbook/codes.ts';
import { ENDPOINTS } from '../../src/kbook/vendor-calls.ts';
import { rawCall } from '../http/rig.ts';
import { type Dictionary, fitting, type Shape, spoiled } from '../http/shapes.ts';
import { openWorld, type World } from '../world.ts';
import { type BookOperatorClient, openBook, postRaw, WIDE } from './rig.ts';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 1200;
const MS_MAX = 8000;
/** With so many answers every code that a body can bring about is among them. */
const ENOUGH = 800;
const settings = { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: MS_MAX, endOnFailure: true };

interface Operation {
  readonly name: string;
  readonly body: Shape;
  readonly answer: { Check(value: unknown): boolean };
}

let world: World;
let operator: BookOperatorClient;
let operations: Operation[];
let known: Dictionary;
before(async () => {
  console.log(`fuzz: SEED=${SEED}`);
  world = await openWorld();
  operator = await openBook(world).operator();
  const players = [await operator.player({ credit: 1000 }), await operator.player({ credit: 5 })];
  const { body } = await rawCall(world.url, { method: 'GET', path: '/developer/book.json' });
  operations = Object.entries<{ post: never }>(body.paths).map(([path, { post }]) => toOperation(path, post));
  const tsCodes = Array.from({ length: 6 }, (_, index) => `ts-${index}`);
  known = {
    certCode: [operator.certCode],
    vendorType: ['CPS_USD', 'CPS_USD', 'CPS_USD', 'CPS2_USD', 'CPS_HKD'],
    userId: [...players.map(({ userId }) => userId), 'fuzz'],
    tsCode: tsCodes,
    depositAmount: [1, 25, '3.50', 0.1],
    withdrawAmount: [1, '2', 0.5, 1_000_000, null],
    betLimit: [WIDE, JSON.stringify(WIDE)],
    updateTime: ['20240101000000000', new Date(Date.now() - 60_000).toISOString().replace(/\D/g, '')],
    startDate: ['20240101', '20240115'],
    endDate: ['20240116', '20240131'],
  };
});
after(() => world.close());

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI operation
function toOperation(path: string, post: any): Operation {
  const answer = post.responses['200'].content['application/json'].schema;
  return {
    name: path.slice(1),
    body: Object.values<{ schema: Shape }>(post.requestBody.content)[0]?.schema ?? {},
    answer: Compile(closed(answer) as object),
  };
}

function operationOf(name: string): Operation {
  const found = operations.find((each) => each.name === name);
  assert.ok(found !== undefined, name);
  return found;
}

/** The schema with every object closed: an answer may not carry a key the document does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const open = 'properties' in schema && !('additionalProperties' in schema);
  return Object.fromEntries(open ? [...entries, ['additionalProperties', false]] : entries);
}

/** Codes that no body may bring about. */
const NEVER = ['0', '999', '5002', '6001', '6002', '2005'];

test('every call is in the document', () => {
  assert.deepEqual(
    operations.map(({ name }) => name).toSorted(),
    ENDPOINTS.map(({ name }) => name).toSorted(),
  );
  for (const { fields, name } of ENDPOINTS) {
    const { body } = operationOf(name);
    assert.deepEqual(Object.keys(body.properties ?? {}), ['certCode', 'vendorType', ...Object.keys(fields)]);
    const required = Object.keys(fields).filter((field) => fields[field]?.required);
    assert.deepEqual([...(body.required ?? [])], ['certCode', 'vendorType', ...required]);
  }
});

test('any body', { timeout: 120_000 }, async () => {
  const requests = fc.constantFrom(...operations).chain((operation) =>
    fc.record({
      call: fc.constant(operation.name),
      body: fc.oneof(
        fitting(operation.body, known),
        spoiled(operation.body, known),
        spoiled(operation.body, known),
      ),
    }),
  );
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(requests, async ({ call, body }) => {
      const operation = operationOf(call);
      const text = (JSON.stringify(body) ?? '').toWellFormed();
      const answer = await postRaw(world.url, `/vendor/api/${operation.name}`, { body: text });
      const what = `${operation.name} ${text.slice(0, 300)} → ${answer.status} ${answer.text.slice(0, 300)}`;
      assert.equal(answer.status, 200, what);
      assert.ok(operation.answer.Check(answer.body), `not as documented: ${what}`);
      const { code, message } = answer.body;
      assert.equal(message, CODES[code as keyof typeof CODES], what);
      assert.ok(!NEVER.includes(code), what);
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }),
    settings,
  );
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total < ENOUGH) return;
  for (const code of ['1', '1001', '1002', '1004', '2003', '4004'])
    assert.ok((counts.get(code) ?? 0) > 0, `no answer ${code} among ${JSON.stringify([...counts])}`);
});

test('any bytes', { timeout: 120_000 }, async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json({ maxDepth: 5 }).map((text) => Buffer.from(text)),
    // A body with one byte of it changed.
    fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => {
      const body = Buffer.from(
        JSON.stringify({ certCode: operator.certCode, vendorType: 'CPS_USD', userId: 'fuzz', tsCode: 'b' }),
      );
      body[at % body.length] = byte;
      return body;
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...operations.map(({ name }) => name)), bytes, async (call, body) => {
      const operation = operationOf(call);
      const answer = await postRaw(world.url, `/vendor/api/${operation.name}`, {
        body: new Uint8Array(body),
      });
      assert.equal(answer.status, 200);
      assert.ok(operation.answer.Check(answer.body) && !NEVER.includes(answer.body.code), answer.text);
    }),
    settings,
  );
});

test('the books hold after all that', async () => {
  const { checks } = await audit(world.hub.sql);
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
  const [counts] = await world.hub.sql`select count(*)::int as transfers from book_transfer`;
  assert.ok(counts?.transfers > 3, 'the fuzz reached the ledger');
});
