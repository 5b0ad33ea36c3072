/** Parameters arrive the liberal way (contract xt §1): any carrier, any method, any spelling; names fold; bytes must be UTF-8. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { countRows, EUC_KR, type RawRequest, rawCall } from '../http/rig.ts';
import { type Answer, openWorld, type TestAgent, type World } from '../world.ts';

let world: World;
let agent: TestAgent;
let dollars: TestAgent;
before(async () => {
  world = await openWorld();
  agent = await world.agent();
  dollars = await world.agent({ currency: 'USD', pot: 100_000_000n });
  await dollars.post('/user/create', { username: 'dollar01' });
  await agent.post('/user/create', { username: 'Carrier01' });
});
after(() => world.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

function send({ headers, ...rest }: RawRequest, caller: TestAgent = agent): Promise<Answer> {
  return rawCall(world.url, { headers: { authorization: `Bearer ${caller.apiKey}`, ...headers }, ...rest });
}

const json = (value: unknown) => JSON.stringify(value);
const CARRIERS: readonly (RawRequest & { readonly name: string })[] = [
  { name: 'GET with a query', method: 'GET', path: '/api/user?username=carrier01' },
  {
    name: 'GET with a JSON body',
    ...{ method: 'GET', path: '/api/user', headers: JSON_TYPE, body: json({ username: 'carrier01' }) },
  },
  {
    name: 'GET with a form body',
    ...{ method: 'GET', path: '/api/user', headers: FORM_TYPE, body: 'username=carrier01' },
  },
  {
    name: 'GET with a query, JSON type and an empty body',
    ...{ method: 'GET', path: '/api/user?username=carrier01', headers: JSON_TYPE, body: '' },
  },
  {
    name: 'POST with a query and an empty body',
    ...{ method: 'POST', path: '/api/user/kick?username=carrier01' },
  },
  {
    name: 'POST with a query, JSON type and no body',
    ...{ method: 'POST', path: '/api/user/kick?username=carrier01', headers: JSON_TYPE },
  },
  {
    name: 'POST with a query and an empty JSON object',
    ...{ method: 'POST', path: '/api/user/kick?username=carrier01', headers: JSON_TYPE, body: '{}' },
  },
  {
    name: 'POST with a query and an empty PHP array',
    ...{ method: 'POST', path: '/api/user/kick?username=carrier01', headers: JSON_TYPE, body: '[]' },
  },
  {
    name: 'POST with a JSON body',
    ...{ method: 'POST', path: '/api/user/kick', headers: JSON_TYPE, body: json({ username: 'carrier01' }) },
  },
  {
    name: 'POST with a JSON body and a byte order mark',
    method: 'POST',
    ...{ path: '/api/user/kick', headers: JSON_TYPE, body: `\ufeff${json({ username: 'carrier01' })}` },
  },
  {
    name: 'POST with a JSON body called a form',
    ...{ method: 'POST', path: '/api/user/kick', headers: FORM_TYPE, body: json({ username: 'carrier01' }) },
  },
  {
    name: 'POST with a JSON body and no content type',
    ...{ method: 'POST', path: '/api/user/kick', body: json({ username: 'carrier01' }) },
  },
  {
    name: 'POST with a form body',
    ...{ method: 'POST', path: '/api/user/kick', headers: FORM_TYPE, body: 'username=carrier01' },
  },
  {
    name: 'POST with a form body and a charset',
    method: 'POST',
    path: '/api/user/kick',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: 'username=carrier%301',
  },
  {
    name: 'PATCH with a query',
    ...{ method: 'PATCH', path: '/api/user/refresh-token?username=carrier01' },
  },
  {
    name: 'PATCH with a JSON body',
    method: 'PATCH',
    ...{ path: '/api/user/refresh-token', headers: JSON_TYPE, body: json({ username: 'carrier01' }) },
  },
  {
    name: 'POST that means PATCH',
    method: 'POST',
    path: '/api/user/refresh-token',
    headers: { ...JSON_TYPE, 'x-http-method-override': 'patch' },
    body: json({ username: 'carrier01' }),
  },
  {
    name: 'a path with a slash at its end',
    ...{ method: 'GET', path: '/api/user/?username=carrier01' },
  },
];
for (const { name, ...request } of CARRIERS) {
  test(`${name} is read`, async () => {
    const answer = await send(request);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(typeof answer.body, 'object');
  });
}

test('the body wins over the query', async () => {
  const answer = await send({
    ...{ method: 'GET', path: '/api/user?username=nobody', headers: JSON_TYPE },
    body: json({ username: 'carrier01' }),
  });
  assert.equal(answer.body.username, 'Carrier01');
});

const AMOUNTS: readonly (readonly [string, number])[] = [
  ['{"amount":1000}', 1000],
  ['{"amount":"1000"}', 1000],
  ['{"amount":"50000.5"}', 50000.5],
  ['{"amount":50000.50}', 50000.5],
  ['{"amount":" 10.10 "}', 10.1],
  ['{"amount":1e3}', 1000],
];
for (const [body, amount] of AMOUNTS) {
  test(`a dollar agent pays ${body}`, async () => {
    const paid = await send(
      { method: 'POST', path: '/api/user/add-balance?username=dollar01', headers: JSON_TYPE, body },
      dollars,
    );
    assert.equal(paid.status, 200, paid.text);
    assert.equal(paid.body.amount, amount);
    const form = new URLSearchParams({ amount: String(JSON.parse(body).amount) }).toString();
    const back = await send(
      { method: 'POST', path: `/api/user/sub-balance?username=DOLLAR01&${form}` },
      dollars,
    );
    assert.deepEqual([back.body.amount, back.body.balance], [-amount, 0]);
  });
}

// ---- names ----------------------------------------------------------------------------------------------------

test('usernames are stored as given and compared folded', async () => {
  const made = await agent.post('/user/create', { username: 'FoldedName' });
  assert.equal(made.body.username, 'FoldedName');
  for (const spelling of [
    'foldedname',
    'FOLDEDNAME',
    ' FoldedName ',
    'ｆｏｌｄｅｄｎａｍｅ',
    'ＦoldedName',
  ]) {
    const again = await agent.post('/user/create', { username: spelling });
    assert.deepEqual([again.status, Object.keys(again.body.errors)], [422, ['username']], spelling);
    assert.equal((await agent.get('/user', { username: spelling })).body.username, 'FoldedName');
    const paid = await agent.post('/user/add-balance', { username: spelling, amount: 1 });
    assert.equal(paid.body.username, 'FoldedName');
  }
});

test('Korean usernames are found in composed and decomposed form, and shown', async () => {
  const composed = '홍길동';
  const made = await agent.post('/user/create', {
    username: composed.normalize('NFD'),
    nickname: '길동이네',
  });
  assert.deepEqual([made.body.username, made.body.nickname], [composed, '길동이네']);
  assert.equal((await agent.post('/user/create', { username: composed })).status, 422);
  const encoded = await send({ method: 'GET', path: `/api/user?username=${encodeURIComponent(composed)}` });
  assert.equal(encoded.body.username, composed);
});

test('the same username belongs to each agent separately', async () => {
  const first = await agent.post('/user/create', { username: 'twin-name' });
  const second = await dollars.post('/user/create', { username: 'twin-name' });
  assert.deepEqual([first.status, second.status], [200, 200]);
  assert.notEqual(first.body.id, second.body.id);
});

const LENGTHS: readonly (readonly [Record<string, unknown>, string | null])[] = [
  [{ username: 'ab' }, 'username'],
  [{ username: '  ab  ' }, 'username'],
  [{ username: '가나' }, 'username'],
  [{ username: 'a'.repeat(65) }, 'username'],
  [{ username: 123 }, null],
  [{ username: '가나다' }, null],
  [{ username: 'nick-short', nickname: 'ab' }, 'nickname'],
  [{ username: 'nick-empty', nickname: '' }, null],
  [{ username: 'nick-null', nickname: null }, null],
  [{ username: 'nick-good', nickname: 'abc' }, null],
];
for (const [values, problem] of LENGTHS) {
  test(`creating ${json(values)} is ${problem === null ? 'accepted' : `refused for its ${problem}`}`, async () => {
    const answer = await agent.post('/user/create', values);
    if (problem === null) {
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.body.nickname, values.nickname || answer.body.username);
    } else {
      assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [422, [problem]]);
    }
  });
}

// ---- encodings ------------------------------------------------------------------------------------------------

const koreanForm = [...EUC_KR].map((byte) => `%${byte.toString(16)}`).join('');
const quoted = (value: Buffer) =>
  Buffer.concat([Buffer.from('{"username":"encoded01","nickname":"'), value, Buffer.from('"}')]);
const MANGLED: readonly (RawRequest & { readonly name: string })[] = [
  {
    name: 'escaped in the query',
    method: 'POST',
    path: `/api/user/create?username=encoded01&nickname=${koreanForm}`,
  },
  {
    name: 'raw in a form',
    ...{ method: 'POST', path: '/api/user/create', headers: FORM_TYPE },
    body: Buffer.concat([Buffer.from('username=encoded01&nickname='), EUC_KR]),
  },
  {
    name: 'escaped in a form',
    ...{ method: 'POST', path: '/api/user/create', headers: FORM_TYPE },
    body: `username=encoded01&nickname=${koreanForm}`,
  },
  {
    name: 'in JSON',
    ...{ method: 'POST', path: '/api/user/create', headers: JSON_TYPE, body: quoted(EUC_KR) },
  },
  {
    name: 'in JSON that says it is UTF-8',
    method: 'POST',
    path: '/api/user/create',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: quoted(Buffer.from([0xed, 0xa0, 0x80])),
  },
  {
    name: 'in a launch link',
    method: 'GET',
    path: `/api/game-launch-link?username=encoded01&nickname=${koreanForm}&vendor=evolution&game_id=x`,
  },
];
for (const { name, ...request } of MANGLED) {
  test(`bytes that are not UTF-8, ${name}, are 422 naming the parameter, and nothing is stored`, async () => {
    const before = await countRows(world.hub.sql);
    const answer = await send(request);
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(answer.body.errors.nickname, [
      'nickname은(는) UTF-8이 아닙니다. BOM 없는 UTF-8로 보내 주세요.',
    ]);
    assert.deepEqual(await countRows(world.hub.sql), before);
  });
}

test('a parameter nobody asked for must be UTF-8 too, whatever its name', async () => {
  for (const name of ['other', '__proto__', 'constructor']) {
    const answer = await send({ method: 'GET', path: `/api/user?username=carrier01&${name}=%ff` });
    assert.deepEqual([answer.status, Object.keys(answer.body.errors ?? {})], [422, [name]], answer.text);
  }
});

test('raw bytes in the request line are no HTTP: 400 with an object, and nothing is stored', async () => {
  const before = await countRows(world.hub.sql);
  const path = `/api/user/create?username=encoded02&nickname=${EUC_KR.toString('latin1')}`;
  const answer = await send({ method: 'POST', path });
  assert.deepEqual([answer.status, typeof answer.body.message], [400, 'string']);
  assert.deepEqual(await countRows(world.hub.sql), before);
});

const ODD: readonly (readonly [name: string, value: unknown])[] = [
  ['withDetails', { toString: 1, valueOf: 1 }],
  ['withDetails', 'constructor'],
  ['withDetails', '__proto__'],
  ['withDetails', [1]],
  ['withDetails', 2],
  ['order', { toString: 1, valueOf: 1 }],
  ['order', ['asc']],
  ['order', 'up'],
  ['perPage', 0],
  ['perPage', 1001],
  ['page', 0],
  ['page', '1.5'],
  ['start', 'yesterday'],
  ['start', '2026-02-31 00:00:00'],
  ['start', { toString: 1 }],
  ['end', '2020-01-01 00:00:00'],
];
for (const [name, value] of ODD) {
  test(`/transactions with ${name} ${json(value)} is 422 for ${name}`, async () => {
    const window = { start: '2026-01-01 00:00:00', end: '2026-01-02T00:00:00', page: 1, perPage: 1 };
    const body = json({ ...window, [name]: value });
    const answer = await send({ method: 'GET', path: '/api/transactions', headers: JSON_TYPE, body });
    assert.deepEqual([answer.status, Object.keys(answer.body.errors ?? {})], [422, [name]], answer.text);
  });
}

test('the last minute a date can name is a window too', async () => {
  const values = { start: '9999-12-31 00:00:00', end: '9999-12-31 23:59:59', page: 1, perPage: 1 };
  assert.deepEqual((await agent.get('/transactions', values)).body, { data: [] });
});
