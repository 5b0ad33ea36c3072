/** The developer documents: sound OpenAPI 3.1, complete, true of real answers, and served from the hub alone. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Compile } from 'typebox/schema';
import { parse } from 'yaml';
import { createStaffKey } from '../../src/staff/keys.ts';
import { ENDPOINTS } from '../../src/xt/endpoints.ts';
import { openBook } from '../kbook/rig.ts';
import { type Answer, openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';
import { rawCall, sorted } from './rig.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Record<string, unknown>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, { readonly schema: object }> }
  >;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly securitySchemes: Record<string, object> };
}

let world: World;
let agent: TestAgent;
let studio: StudioClient;
const documents = new Map<string, Document>();
before(async () => {
  world = await openWorld();
  agent = await world.agent({ nickname: '에이전트' });
  studio = await world.studio('evolution');
  for (const name of ['openapi', 'studio', 'book', 'staff'])
    documents.set(name, (await rawCall(world.url, { method: 'GET', path: `/developer/${name}.json` })).body);
});
after(() => world.close());

const documentOf = (name: string): Document => {
  const found = documents.get(name);
  assert.ok(found !== undefined);
  return found;
};
const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

for (const [name, server] of [
  ['openapi', '/api'],
  ['studio', '/studio/v1'],
  ['book', '/vendor/api'],
  ['staff', '/staff/v1'],
] as const) {
  test(`${name}.json is sound OpenAPI 3.1`, () => {
    const document = documentOf(name);
    assert.match(document.openapi, /^3\.1\.\d$/);
    assert.ok(document.info.title !== '' && document.info.version !== '');
    assert.deepEqual(
      document.servers.map((each) => each.url),
      [server],
    );
    const schemes = Object.keys(document.components.securitySchemes);
    const operations = operationsOf(document);
    const ids = operations.map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, operations.length, `operationIds are unique: ${ids}`);
    for (const { path, method, operation } of operations) {
      assert.match(path, /^\/[\w/{}-]+$/);
      assert.match(method, /^(get|post|put|patch)$/);
      assert.match(operation.operationId, /^[a-z]\w+$/);
      assert.ok(operation.summary.length > 3);
      assert.deepEqual(
        operation.security.flatMap((each) => Object.keys(each)),
        schemes,
      );
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      const given = (operation.parameters ?? [])
        .filter((each) => each.in === 'path')
        .map((each) => each.name);
      assert.deepEqual(sorted(given), sorted(named), `${path} describes its path parameters`);
      for (const [status, response] of Object.entries(operation.responses)) {
        assert.match(status, /^[2-5]\d\d$/);
        assert.equal(typeof response.description, 'string');
        for (const { schema } of Object.values(response.content ?? {})) Compile(schema);
      }
      for (const { schema } of Object.values(operation.requestBody?.content ?? {})) Compile(schema);
    }
    assert.ok(!JSON.stringify(document).includes('"$ref"'), 'nothing points elsewhere');
  });

  test(`${name}.yaml is the same document`, async () => {
    const answer = await rawCall(world.url, { method: 'GET', path: `/developer/${name}.yaml` });
    assert.match(answer.headers.get('content-type') ?? '', /^application\/yaml/);
    assert.deepEqual(parse(answer.text), documentOf(name));
  });
}

test('every call of the operator API is documented with its parameters, and no other', () => {
  const document = documentOf('openapi');
  assert.deepEqual(sorted(Object.keys(document.paths)), sorted(ENDPOINTS.map((each) => each.path)));
  for (const { method, path, fields } of ENDPOINTS) {
    const operation = document.paths[path]?.[method.toLowerCase()];
    assert.ok(operation !== undefined, `${method} ${path}`);
    const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema as
      | { properties?: object }
      | undefined;
    const named =
      method === 'GET'
        ? (operation.parameters ?? []).map((each) => each.name)
        : Object.keys(body?.properties ?? {});
    assert.deepEqual(sorted(named), sorted(Object.keys(fields)), path);
  }
});

test('every call of the studio API is documented, items included', () => {
  const document = documentOf('studio');
  assert.equal(operationsOf(document).length, 9);
  const text = JSON.stringify(document.paths['/transactions']?.post?.requestBody);
  for (const word of ['adjust_debit', 'closesRound', 'reference', 'detail'])
    assert.ok(text.includes(word), word);
  assert.ok(JSON.stringify(document.paths['/transactions']?.post?.responses).includes('cancelled_before'));
  const rounds = (document.paths['/rounds']?.get?.parameters ?? []).map((each) => each.name);
  assert.deepEqual(sorted(rounds), ['olderThan', 'state']);
});

// ---- real answers ---------------------------------------------------------------------------------------------

/** The schema with every object closed: an answer may not carry a key the document does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const open = 'properties' in schema && !('additionalProperties' in schema);
  return Object.fromEntries(open ? [...entries, ['additionalProperties', false]] : entries);
}

function matches(name: string, where: { path: string; method: string }, answer: Answer): void {
  const operation = documentOf(name).paths[where.path]?.[where.method];
  const schema = operation?.responses[answer.status]?.content?.['application/json']?.schema;
  assert.ok(schema !== undefined, `${where.method} ${where.path} documents ${answer.status}: ${answer.text}`);
  const [fits, errors] = Compile(closed(schema) as object).Errors(answer.body);
  assert.ok(fits, `${where.path}: ${JSON.stringify(errors)} in ${answer.text}`);
}

test('real answers of the operator API are what the document says, successes and refusals', async () => {
  const at = await world.play(agent, studio, { username: 'document01', vendor: 'evolution' });
  const lobby = {
    id: 'lobby',
    title: 'L',
    type: 'lobby',
    lobby: true,
    launchUrl: 'https://x.test',
    langs: { ko: '로' },
  };
  await studio.call('PUT', '/games', {
    games: [{ ...lobby, vendor: 'evolution', thumbnail: 'https://x.test/a' }],
  });
  const common = { session: at.session, game: at.game, round: 'r', currency: 'KRW', amount: '5' };
  const [bet] = await studio.transact({ ...common, id: 'b', type: 'bet', detail: { data: { x: 1 } } });
  const token = (await agent.call('PATCH', '/user/refresh-token', { username: 'document01' })).body.token;
  const values: Record<string, unknown> = {
    ...{ username: 'document01', amount: 5, vendor: 'evolution', game_id: 'evolution-game', token },
    ...{ start: '2020-01-01 00:00:00', end: '2099-01-01 00:00:00', page: 1, perPage: 100, withDetails: 1 },
    ...{ transaction_id: bet.transactionId, start_transaction_id: 0 },
  };
  // What ends tokens comes last.
  const ending = (path: string) => Number(/kick|refresh/.test(path));
  // Callbacks need an operator in trouble: test/xt/callbacks.test.ts.
  const called = ENDPOINTS.filter(({ group }) => group !== 'callback');
  for (const { method, path, fields } of called.toSorted((a, b) => ending(a.path) - ending(b.path))) {
    const chosen = Object.fromEntries(
      Object.keys(fields)
        .filter((key) => key in values)
        .map((key) => [key, values[key]]),
    );
    const given = path === '/user/create' ? { username: 'document02' } : chosen;
    const where = { path, method: method.toLowerCase() };
    const answer = await agent.call(
      method,
      path,
      path === '/transaction-list' ? { start_transaction_id: 0 } : given,
    );
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    matches('openapi', where, answer);
    matches('openapi', where, await rawCall(world.url, { method, path: `/api${path}` }));
    if (Object.values(fields).some((field) => field.required))
      matches('openapi', where, await agent.call(method, path, {}));
  }
});

test('real answers of the studio API are what the document says', async () => {
  const launch = { username: 'document03', vendor: 'evolution', game_id: 'evolution-game', skin: 'dark' };
  const { link } = (await agent.get('/game-launch-link', launch)).body;
  const token = new URL(link).searchParams.get('token');
  const opened = await studio.call('POST', '/sessions/open', { token });
  const { session, player } = opened.body;
  const game = { id: 'evolution-game' };
  const item = { type: 'bet', session, game, round: 'open', currency: 'KRW', amount: '0' };
  const moved = {
    transactions: [
      { ...item, id: 'd1' },
      { ...item, id: 'd2', amount: '1' },
    ],
  };
  const calls: readonly (readonly [method: string, path: string, real: string, body?: unknown])[] = [
    ['post', '/sessions/open', '/sessions/open', { token: 'x' }],
    ['get', '/players/{player}/balance', `/players/${player}/balance`],
    ['get', '/players/{player}/balance', '/players/1/balance'],
    ['post', '/transactions', '/transactions', moved],
    ['post', '/transactions', '/transactions', {}],
    ['get', '/transactions/{id}', '/transactions/d1'],
    ['get', '/transactions/{id}', '/transactions/d2'],
    ['get', '/transactions/{id}', '/transactions/d3'],
    ['put', '/transactions/{id}/detail', '/transactions/d1/detail', { any: ['thing'] }],
    ['get', '/rounds', '/rounds?state=open'],
    ['post', '/rounds/close', '/rounds/close', { game: game.id, round: 'open' }],
    [
      'put',
      '/games',
      '/games',
      { games: [{ ...game, title: 'T', type: 'slot', launchUrl: 'https://x.test' }] },
    ],
    ['put', '/games', '/games', { games: [] }],
    ['post', '/sessions/close', '/sessions/close', { session }],
  ];
  matches('studio', { path: '/sessions/open', method: 'post' }, opened);
  for (const [method, path, real, body] of calls)
    matches('studio', { path, method }, await studio.call(method.toUpperCase(), real, body));
});

// ---- the page -------------------------------------------------------------------------------------------------

test('/developer is a page whose every part comes from the hub', async () => {
  const page = await fetch(`${world.url}/developer`);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  const html = await page.text();
  const outside = [...html.matchAll(/(?:https?:)?\/\/[\w.-]+\.[a-z]{2,}[^\s"'<]*/g)].map((match) => match[0]);
  assert.deepEqual(outside, []);
  const scripts = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map((match) => match[1] ?? '');
  assert.ok(scripts.length > 0);
  for (const source of scripts) {
    const address = new URL(source, page.url);
    assert.equal(address.origin, world.url);
    const script = await fetch(address);
    assert.equal(script.status, 200);
    assert.match(script.headers.get('content-type') ?? '', /javascript/);
    assert.ok((await script.text()).length > 10_000);
  }
});

test('real answers of the staff API are what the document says, successes and refusals', async () => {
  const { key } = await createStaffKey(world.hub.sql, { name: 'olga', role: 'owner', actor: 'test' });
  const id = await openBook(world).session();
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    values: Readonly<Record<string, unknown>> = {},
  ) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = method === 'GET' ? {} : { body: JSON.stringify(values) };
    const answer = await rawCall(world.url, { method, path: `/staff/v1${path}`, headers, ...body });
    const documented = path.replace(/\/(\d+)(?=\/|$)/, '/{id}').replace(/\?.*/, '');
    matches('staff', { path: documented, method: method.toLowerCase() }, answer);
    return answer;
  };
  const statuses = [
    await ask('GET', '/rain/sessions?from=2001-01-01'),
    await ask('GET', '/rain/sessions?from=never'),
    await ask('GET', `/rain/sessions/${id}`),
    await ask('POST', `/rain/sessions/${id}/suspend`, { reason: 'thunder' }),
    await ask('POST', `/rain/sessions/${id}/void`, { reason: 'the station burns' }),
    await ask('POST', `/rain/sessions/${id}/confirm`),
    await ask('POST', '/rain/sessions/1/settle'),
    await ask('GET', '/book/exposure'),
    await ask('GET', '/book/reconcile'),
    await ask('POST', '/book/operators', { name: 'documented' }),
    await ask('GET', '/book/operators'),
    await ask('POST', '/book/operators/1', { enabled: false }),
  ].map(({ status }) => status);
  assert.deepEqual(statuses, [200, 400, 200, 200, 200, 409, 404, 200, 409, 200, 200, 404]);
});
