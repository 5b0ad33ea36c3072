/**
 * Every call of both documents with generated values, valid and spoiled: never a 5xx, always JSON, errors always in
 * the contract's form, successes as documented, and the books hold at the end. SEED=… repeats a run.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/schema';
import { audit } from '../../src/db/audit.ts';
import { type Answer, openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';
import { rawCall } from './rig.ts';
import { type Dictionary, fitting, type Shape, spoiled } from './shapes.ts';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 1500;
const MS_MAX = 9000;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Shape;
}
interface Call {
  readonly method: string;
  readonly path: string;
  readonly parameters: Shape;
  readonly inPath: readonly string[];
  readonly body: Shape | null;
  readonly answers: ReadonlyMap<number, { Check(value: unknown): boolean }>;
}

let world: World;
let agent: TestAgent;
let studio: StudioClient;
let known: Dictionary;
before(async () => {
  console.log(`fuzz: SEED=${SEED}`);
  world = await openWorld();
  agent = await world.agent({ pot: 10_000_000_000n });
  studio = await world.studio('evolution', 'WM Live');
  const seats = [];
  for (const vendor of ['evolution', 'WM Live'])
    seats.push(await world.play(agent, studio, { username: `fuzz ${vendor}`, vendor }));
  const { link } = (
    await agent.get('/game-launch-link', {
      username: 'fuzz01',
      vendor: 'evolution',
      game_id: 'evolution-game',
    })
  ).body;
  const items = Array.from({ length: 12 }, (_, index) => `item-${index}`);
  known = {
    username: ['fuzz evolution', 'FUZZ wm live', 'fuzz01'],
    token: [new URL(link).searchParams.get('token')],
    vendor: ['evolution', 'WM Live'],
    game_id: ['evolution-game', 'WM Live-game'],
    game: ['evolution-game'],
    amount: ['1', '25', 3],
    start: ['2020-01-01 00:00:00'],
    end: ['2099-01-01 00:00:00'],
    session: seats.map((seat) => seat.session),
    player: seats.map((seat) => seat.player),
    id: [...items, 'evolution-game'],
    reference: items,
    round: ['r1', 'r2', 'r3'],
    currency: ['KRW', 'KRW', 'KRW', 'USD'],
    launchUrl: ['https://play.test/'],
    uuid: ['u1', 'u2'],
  };
});
after(() => world.close());

async function callsOf(name: string): Promise<Call[]> {
  const { body } = await rawCall(world.url, { method: 'GET', path: `/developer/${name}.json` });
  const calls: Call[] = [];
  for (const [path, item] of Object.entries<Record<string, never>>(body.paths))
    for (const [method, operation] of Object.entries(item)) calls.push(toCall(path, method, operation));
  return calls;
}

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI operation, checked in openapi.test.ts
function toCall(path: string, method: string, operation: any): Call {
  const parameters: Parameter[] = operation.parameters ?? [];
  const body = Object.values<{ schema: Shape }>(operation.requestBody?.content ?? {})[0]?.schema ?? null;
  const answers = Object.entries<{ content?: Record<string, { schema: object }> }>(operation.responses).map(
    ([status, response]) =>
      [Number(status), Compile(response.content?.['application/json']?.schema ?? {})] as const,
  );
  return {
    method: method.toUpperCase(),
    path,
    parameters: {
      type: 'object',
      properties: Object.fromEntries(parameters.map((each) => [each.name, each.schema])),
      required: parameters.filter((each) => each.required).map((each) => each.name),
    },
    inPath: parameters.filter((each) => each.in === 'path').map((each) => each.name),
    body,
    answers: new Map(answers),
  };
}

type Values = Readonly<Record<string, unknown>>;
const textOf = (value: unknown) =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed();
const queryOf = (values: Values) =>
  new URLSearchParams(
    Object.entries(values).map(([key, value]): [string, string] => [key, textOf(value)]),
  ).toString();
const valuesOf = (made: unknown): Values =>
  typeof made === 'object' && made !== null ? (made as Values) : { unasked: made };

/** One request: the call, what it carries, and by which carrier. */
const requests = (calls: readonly Call[]) =>
  fc.constantFrom(...calls).chain((call) =>
    fc.record({
      call: fc.constant(call),
      parameters: fc.oneof(fitting(call.parameters, known), spoiled(call.parameters, known)),
      body:
        call.body === null
          ? fc.constant(undefined)
          : fc.oneof(fitting(call.body, known), spoiled(call.body, known)),
      carrier: fc.constantFrom('query', 'json', 'form'),
    }),
  );

function checkAnswer(call: Call, answer: Answer, errorKeys: readonly string[]): void {
  const what = `${call.method} ${call.path} → ${answer.status} ${answer.text.slice(0, 300)}`;
  assert.ok(answer.status < 500, what);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, what);
  if (answer.status === 200 && answer.text === '' && call.path === '/transaction-detail') return;
  assert.ok(typeof answer.body === 'object' && answer.body !== null, what);
  if (answer.status !== 200)
    for (const key of errorKeys) assert.equal(typeof answer.body[key], 'string', what);
  const shape = call.answers.get(answer.status);
  if (shape !== undefined) assert.ok(shape.Check(answer.body), `not as documented: ${what}`);
  else assert.ok([400, 404, 413].includes(answer.status), `not documented: ${what}`);
}

const settings = { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: MS_MAX, endOnFailure: true };

test('operator API', { timeout: 60_000 }, async () => {
  const calls = await callsOf('openapi');
  await fc.assert(
    fc.asyncProperty(requests(calls), async ({ call, parameters, body, carrier }) => {
      const values = { ...valuesOf(parameters), ...(body === undefined ? {} : valuesOf(body)) };
      const path = `/api${call.path}`;
      const authorization = `Bearer ${agent.apiKey}`;
      const query = queryOf(values);
      const answer = await rawCall(
        world.url,
        carrier === 'query'
          ? { method: call.method, path: `${path}?${query.slice(0, 12_000)}`, headers: { authorization } }
          : {
              ...{ method: call.method, path, body: carrier === 'json' ? JSON.stringify(values) : query },
              headers: {
                authorization,
                'content-type': carrier === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
              },
            },
      );
      checkAnswer(call, answer, ['message']);
      if (answer.status === 200 && !Array.isArray(answer.body))
        assert.ok(answer.text === '' || !('message' in answer.body || 'errors' in answer.body));
    }),
    settings,
  );
});

test('studio API', { timeout: 60_000 }, async () => {
  const calls = await callsOf('studio');
  await fc.assert(
    fc.asyncProperty(requests(calls), async ({ call, parameters, body }) => {
      const values = valuesOf(parameters);
      const rest = Object.fromEntries(Object.entries(values).filter(([key]) => !call.inPath.includes(key)));
      const path = call.path.replace(
        /\{(\w+)\}/g,
        (_all, name: string) => encodeURIComponent(textOf(values[name]).slice(0, 500)) || '-',
      );
      const query = queryOf(rest).slice(0, 4000);
      checkAnswer(call, await studio.call(call.method, query === '' ? path : `${path}?${query}`, body), [
        'code',
        'message',
      ]);
    }),
    settings,
  );
});

test('the books hold after all that', async () => {
  const report = await audit(world.hub.sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
  const counts = await world.hub.sql`select count(*)::int as items from idempotency`;
  assert.ok(counts[0]?.items > 10, 'the fuzz reached the ledger');
});
