/** Who may call the operator API, from where, and how refusals look in three languages (contract xt §1). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AgentId } from '../../src/core/ids.ts';
import { revokeApiKey, setAgent } from '../../src/db/agent.ts';
import { keysOf, type RawRequest, rawCall, until } from '../http/rig.ts';
import { type Answer, openWorld, type TestAgent, type World, xtClient } from '../world.ts';

let world: World;
before(async () => {
  world = await openWorld({ trustProxy: true });
});
after(() => world.close());

const idOf = (agent: TestAgent) => agent.id as AgentId;
const call = (agent: TestAgent | null, request: Partial<RawRequest>): Promise<Answer> =>
  rawCall(world.url, {
    ...{ method: 'GET', path: '/api/my-info' },
    ...request,
    headers: { ...(agent === null ? {} : { authorization: `Bearer ${agent.apiKey}` }), ...request.headers },
  });

test('without a key that is known and live: 401 with the contract’s text', async () => {
  const authorizations = [
    '',
    'Bearer',
    'Bearer nonsense',
    'Basic dXNlcjpwYXNz',
    `Bearer ${'x'.repeat(5000)}`,
    'Bearer a b',
  ];
  for (const authorization of authorizations) {
    const answer = await call(null, { headers: { authorization } });
    assert.deepEqual([answer.status, answer.body], [401, { message: 'Unauthenticated.' }], authorization);
  }
  assert.equal((await call(null, {})).status, 401);
});

// ---- forms of refusals ----------------------------------------------------------------------------------------

interface Refused {
  readonly status: number;
  readonly request: Partial<RawRequest>;
  readonly known?: boolean;
  readonly text: Readonly<Record<'ko' | 'en' | 'zh', string>>;
}
const JSON_TYPE = { 'content-type': 'application/json' };
const REFUSED: readonly Refused[] = [
  {
    ...{ status: 401, request: {}, known: false },
    text: { ko: 'Unauthenticated.', en: 'Unauthenticated.', zh: 'Unauthenticated.' },
  },
  {
    ...{ status: 404, request: { path: '/api/no-such-call' } },
    text: { ko: '존재하지 않는 주소입니다.', en: 'There is no such call.', zh: '沒有這個介面。' },
  },
  {
    ...{ status: 405, request: { method: 'DELETE' } },
    text: {
      ko: '지원하지 않는 메서드입니다.',
      en: 'This call does not take that method.',
      zh: '此介面不支援該方法。',
    },
  },
  {
    ...{
      status: 413,
      request: { method: 'POST', path: '/api/user/create', headers: JSON_TYPE, body: 'x'.repeat(100_000) },
    },
    text: { ko: '본문이 너무 큽니다.', en: 'The body is too large.', zh: '內容過大。' },
  },
  {
    ...{
      status: 422,
      request: { method: 'POST', path: '/api/user/create', headers: JSON_TYPE, body: '{"username":' },
    },
    text: {
      ko: '본문을 읽을 수 없습니다. JSON 또는 urlencoded 형식이어야 합니다.',
      en: 'The body could not be read: send a JSON object or urlencoded parameters.',
      zh: '無法讀取內容，請使用 JSON 物件或 urlencoded。',
    },
  },
  {
    ...{ status: 403, request: { headers: { origin: 'https://elsewhere.test' } } },
    text: {
      ko: '방화벽에 등록되지 않은 출처입니다.',
      en: 'This origin is not registered for calls from a browser.',
      zh: '此來源未登記瀏覽器呼叫。',
    },
  },
];
const LANGUAGES = { ko: ['ko-KR,ko;q=0.9', '', 'fr'], en: ['en-US,en;q=0.5'], zh: ['zh-TW'] } as const;
for (const { status, request, known = true, text } of REFUSED) {
  test(`${status} is an object with a message, in three languages`, async () => {
    const agent = known ? await world.agent() : null;
    for (const language of ['ko', 'en', 'zh'] as const) {
      for (const accepted of LANGUAGES[language]) {
        const headers = { ...request.headers, 'accept-language': accepted };
        const answer = await call(agent, { ...request, headers });
        assert.equal(answer.status, status, answer.text);
        assert.deepEqual(answer.body, { message: text[language] });
        assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
      }
    }
  });
}

test('422 names every parameter at once, in the caller’s language', async () => {
  const agent = await world.agent();
  const TEXTS = {
    ko: ['username은(는) 최소 3자 이상이어야 합니다.', 'amount은(는) 필수 항목입니다.'],
    en: ['The username must have at least 3 characters.', 'The amount field is required.'],
    zh: ['username 至少需要 3 個字元。', 'amount 為必填。'],
  };
  for (const [language, [username, amount]] of Object.entries(TEXTS)) {
    const answer = await agent.call(
      'POST',
      '/user/add-balance',
      { username: 'a' },
      { 'accept-language': language },
    );
    const errors = { username: [username], amount: [amount] };
    assert.deepEqual(answer.body, { message: 'The given data was invalid.', errors });
  }
});

test('405 names the method that is allowed', async () => {
  const agent = await world.agent();
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await call(agent, { method, path: '/api/user/add-balance' });
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST']);
  }
  const overridden = { 'x-http-method-override': 'DELETE' };
  assert.equal(
    (await call(agent, { method: 'POST', path: '/api/user/kick', headers: overridden })).status,
    405,
  );
});

// ---- keys -----------------------------------------------------------------------------------------------------

test('an agent has several keys; a revoked one is dead at once on every node, and use is noted', async () => {
  const agent = await world.agent();
  const other = await world.secondHub();
  const spare = await world.office.addKey(idOf(agent), 'spare');
  const clients = [xtClient(world.url, spare), xtClient(other.url, spare)];
  for (const client of clients) assert.equal((await client.get('/my-info')).body.id, agent.id);
  await world.hub.directory.flushKeyUse();
  const keys = await world.hub
    .sql`select id, label, last_used_at from api_key where agent_id = ${agent.id} order by id`;
  assert.deepEqual(
    keys.map((key) => [key.label, key.last_used_at !== null]),
    [
      ['first', false],
      ['spare', true],
    ],
  );
  assert.equal(await revokeApiKey(world.hub.sql, idOf(agent), Number(keys[1]?.id)), true);
  for (const client of clients)
    await until('the key is dead', async () => (await client.get('/my-info')).status === 401);
  assert.equal((await agent.get('/my-info')).status, 200);
});

test('a suspended agent is refused with an object, and let in again', async () => {
  const agent = await world.agent();
  await setAgent(world.hub.sql, idOf(agent), { blocked: true });
  await until('suspended', async () => (await agent.get('/my-info')).status === 403);
  assert.deepEqual((await agent.get('/my-info')).body, { message: '사용이 중지된 에이전트입니다.' });
  await setAgent(world.hub.sql, idOf(agent), { blocked: false });
  await until('let in', async () => (await agent.get('/my-info')).status === 200);
});

// ---- addresses ------------------------------------------------------------------------------------------------

const ADDRESSES: readonly (readonly [entries: string[], from: string, allowed: boolean])[] = [
  [[], '203.0.113.9', true],
  [['203.0.113.9'], '203.0.113.9', true],
  [['203.0.113.9'], '203.0.113.10', false],
  [['203.0.113.9'], '::ffff:203.0.113.9', true],
  [['203.0.113.0/24', '2001:db8::/32'], '203.0.113.77', true],
  [['203.0.113.0/24', '2001:db8::/32'], '2001:db8::1', true],
  [['203.0.113.0/24', '2001:db8::/32'], '2001:db9::1', false],
  [['nonsense'], '203.0.113.9', false],
];
for (const [entries, from, allowed] of ADDRESSES) {
  test(`with the list [${entries}] a call from ${from} is ${allowed ? 'taken' : 'refused'}`, async () => {
    const agent = await world.agent();
    await setAgent(world.hub.sql, idOf(agent), { allowedIps: entries });
    const answer = await call(agent, { headers: { 'x-forwarded-for': from } });
    assert.equal(answer.status, allowed ? 200 : 403, answer.text);
    if (!allowed) assert.deepEqual(answer.body, { message: '허용되지 않은 IP입니다.' });
  });
}

// ---- browsers -------------------------------------------------------------------------------------------------

const PAGE = 'https://office.operator.test';
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization',
};

test('a page of a registered origin may call, and is told so; another agent’s origin may not', async () => {
  const [agent, other] = [await world.agent(), await world.agent()];
  await setAgent(world.hub.sql, idOf(agent), { browserOrigins: [`${PAGE}/`] });
  await until('registered', async () => (await call(agent, { headers: { origin: PAGE } })).status === 200);
  const answer = await call(agent, { headers: { origin: PAGE } });
  assert.equal(answer.headers.get('access-control-allow-origin'), PAGE);
  assert.equal(answer.headers.get('vary'), 'Origin');
  const failed = await call(agent, { path: '/api/user', headers: { origin: PAGE } });
  assert.deepEqual([failed.status, failed.headers.get('access-control-allow-origin')], [422, PAGE]);
  assert.equal((await call(other, { headers: { origin: PAGE } })).status, 403);
  for (const origin of [
    'https://elsewhere.test',
    'null',
    `${PAGE}.evil.test`,
    'http://office.operator.test',
  ]) {
    const foreign = await call(agent, { headers: { origin } });
    assert.deepEqual([foreign.status, foreign.headers.get('access-control-allow-origin')], [403, null]);
  }
});

test('a preflight is answered without a key for registered origins only', async () => {
  const agent = await world.agent();
  await setAgent(world.hub.sql, idOf(agent), { browserOrigins: ['https://preflight.test'] });
  const ask = (origin: string) =>
    call(null, { method: 'OPTIONS', path: '/api/user/add-balance', headers: { origin, ...PREFLIGHT } });
  await until('registered', async () => (await ask('https://preflight.test')).status === 204);
  const granted = await ask('https://preflight.test');
  assert.equal(granted.headers.get('access-control-allow-origin'), 'https://preflight.test');
  assert.match(granted.headers.get('access-control-allow-methods') ?? '', /POST.*PATCH/);
  assert.match(granted.headers.get('access-control-allow-headers') ?? '', /authorization.*idempotency-key/);
  const denied = await ask('https://elsewhere.test');
  assert.deepEqual([denied.status, keysOf(denied.body)], [403, ['message']]);
});

test('the browser list may name an address; it is a list apart from the allow list', async () => {
  const agent = await world.agent();
  await setAgent(world.hub.sql, idOf(agent), { browserOrigins: ['198.51.100.7'] });
  const from = (address: string) =>
    call(agent, { headers: { origin: 'https://any.test', 'x-forwarded-for': address } });
  await until('registered', async () => (await from('198.51.100.7')).status === 200);
  assert.equal((await from('198.51.100.8')).status, 403);
  assert.equal((await call(agent, { headers: { 'x-forwarded-for': '198.51.100.8' } })).status, 200);
});

test('the hub’s own reference page may call without being registered', async () => {
  const agent = await world.agent();
  assert.equal((await call(agent, { headers: { origin: world.url } })).status, 200);
});
