/** Every call of contract xt §2 answers with exactly the keys the contract names. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ENDPOINTS } from '../../src/xt/endpoints.ts';
import { KEYS, keysOf, sorted } from '../http/rig.ts';
import { type Answer, openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';

let world: World;
let agent: TestAgent;
let studio: StudioClient;
let betId: number;
before(async () => {
  world = await openWorld();
  agent = await world.agent({ pot: 1_000_000n });
  studio = await world.studio('evolution', 'CQ9');
  await studio.call('PUT', '/games', {
    games: [
      {
        ...{ id: 'lobby-1', title: 'Lobby', type: 'lobby', lobby: true, vendor: 'evolution' },
        ...{ launchUrl: 'http://127.0.0.1:1/lobby', thumbnail: 'https://img.test/1.png', rank: 3 },
        ...{ thumbnails: { '300x300': 'https://img.test/3.png' }, langs: { ko: '로비' } },
      },
    ],
  });
  const { session, game } = await world.play(agent, studio, { username: 'shape01', vendor: 'evolution' });
  const common = { session, game, currency: 'KRW', round: 'r1' };
  const detail = { participants: [], result: { outcome: 'Tie' }, table: { id: 't1' } };
  const [bet] = await studio.transact({ ...common, id: 'b1', type: 'bet', amount: '100', detail });
  betId = bet.transactionId;
});
after(() => world.close());

const window = { start: '2020-01-01 00:00:00', end: '2099-01-01 00:00:00', page: 1, perPage: 100 };
const target = { username: 'shape01', vendor: 'evolution', game_id: 'evolution-game' };
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

interface Case {
  readonly path: string;
  readonly values?: () => Record<string, unknown>;
  readonly check: (body: Answer['body']) => void;
}

const moved = (body: object) => assert.deepEqual(keysOf(body), sorted(KEYS.moved));
const user = (body: Answer['body']) => {
  assert.deepEqual(keysOf(body), sorted(KEYS.user));
  assert.match(body.created_at, time);
  assert.deepEqual([body.country, body.currency_code, body.agent_id], ['KOR', 'KRW', agent.id]);
  assert.match(body.point, /^\d+\.\d\d$/);
};
const link = (body: Answer['body']) => {
  assert.deepEqual(keysOf(body), ['link']);
  assert.ok(new URL(body.link).searchParams.has('token'));
};
const rows = (body: Answer['body']) => {
  assert.deepEqual(keysOf(body), ['data']);
  assert.ok(body.data.length > 0);
  for (const row of body.data) assert.deepEqual(keysOf(row), sorted(KEYS.row));
};
const lobby = (body: Answer['body']) => {
  assert.deepEqual(body.map(keysOf), [sorted(KEYS.lobby)]);
  assert.equal(body[0].type, 'lobby');
  assert.deepEqual(body[0].thumbnails, { '300x300': 'https://img.test/3.png' });
};
const tokenOf = async () =>
  (await agent.call('PATCH', '/user/refresh-token', { username: 'shape01' })).body.token;
let token = '';

const CASES: readonly Case[] = [
  {
    path: '/my-info',
    check: (body) => {
      assert.deepEqual(keysOf(body), sorted(KEYS.myInfo));
      assert.equal(typeof body.balance, 'number');
      assert.equal(body.callback_url, null);
      assert.match(body.created_at, time);
    },
  },
  { path: '/user/create', values: () => ({ username: 'shape02' }), check: user },
  { path: '/user', values: () => ({ username: 'shape01' }), check: user },
  { path: '/user/refresh-token', values: () => ({ username: 'shape02' }), check: user },
  {
    path: '/user-list',
    check: (body) => {
      assert.ok(Array.isArray(body) && body.length >= 2);
      for (const each of body) assert.deepEqual(keysOf(each), sorted(KEYS.listedUser));
    },
  },
  {
    path: '/vendor-list',
    check: (body) => {
      assert.deepEqual(body.evolution, { name: 'evolution', enabled: 1 });
      assert.deepEqual(body['PG Soft'], { name: 'PG Soft', enabled: 0 });
      for (const [name, vendor] of Object.entries<{ name: string }>(body)) assert.equal(vendor.name, name);
    },
  },
  {
    path: '/game-list',
    check: (body) => {
      assert.equal(body.length, 2);
      for (const each of body) assert.deepEqual(keysOf(each), sorted(KEYS.game));
    },
  },
  { path: '/lobby-list', check: lobby },
  {
    path: '/game-launch-link',
    values: () => target,
    check: (body) => {
      assert.deepEqual(keysOf(body), ['link', 'user', 'userCreated']);
      assert.deepEqual(keysOf(body.user), sorted(KEYS.launchedUser));
      assert.equal(body.userCreated, false);
      assert.equal(new URL(body.link).searchParams.get('token'), body.user.token);
    },
  },
  { path: '/get-game-url', values: () => ({ ...target, token }), check: link },
  { path: '/open', values: () => ({ ...target, token }), check: link },
  { path: '/user/add-balance', values: () => ({ username: 'shape01', amount: 10 }), check: moved },
  { path: '/user/sub-balance', values: () => ({ username: 'shape01', amount: 10 }), check: moved },
  { path: '/user/sub-balance-all', values: () => ({ username: 'shape01' }), check: moved },
  { path: '/user/exchange-point-all', values: () => ({ username: 'shape01' }), check: moved },
  { path: '/transactions', values: () => ({ ...window, withDetails: 1 }), check: rows },
  { path: '/transaction-list', values: () => ({ start_transaction_id: 0, perPage: 50 }), check: rows },
  {
    path: '/transaction-detail',
    values: () => ({ transaction_id: betId }),
    check: (body) => {
      assert.deepEqual(keysOf(body), ['data']);
      assert.deepEqual(keysOf(body.data), ['participants', 'result', 'table']);
    },
  },
  {
    path: '/auto-login',
    check: (body) => {
      assert.deepEqual(keysOf(body), ['expires_at', 'link']);
      assert.match(body.link, /\/office\/#\/enter\/l\.enter\.[\w.-]+$/);
    },
  },
  {
    path: '/user/kick',
    values: () => ({ username: 'shape01' }),
    check: (body) => assert.ok(typeof body === 'object' && !Array.isArray(body)),
  },
];

test('the table covers every call but those of callbacks (callbacks.test.ts)', () => {
  const others = ENDPOINTS.filter(({ group }) => group !== 'callback');
  assert.deepEqual(sorted(CASES.map((each) => each.path)), sorted(others.map((each) => each.path)));
});

for (const { path, values = () => ({}), check } of CASES) {
  test(`${path} answers with the keys of the contract`, async () => {
    if (path === '/get-game-url') token = await tokenOf();
    const method = ENDPOINTS.find((each) => each.path === path)?.method ?? '';
    const answer = await agent.call(method, path, values());
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json; charset=utf-8$/);
    assert.ok(
      !('message' in answer.body) && !('errors' in answer.body),
      'a success never looks like a failure',
    );
    check(answer.body);
  });
}

const REQUIRED = ENDPOINTS.flatMap(({ method, path, fields }) =>
  Object.entries(fields)
    .filter(([, field]) => field.required)
    .map(([name]) => ({ method, path, name })),
);

for (const { method, path, name } of REQUIRED) {
  test(`${path} without ${name} is 422 and names it`, async () => {
    const answer = await agent.call(method, path, {});
    assert.equal(answer.status, 422);
    assert.deepEqual(keysOf(answer.body), ['errors', 'message']);
    assert.equal(answer.body.message, 'The given data was invalid.');
    assert.deepEqual(answer.body.errors[name], [`${name}은(는) 필수 항목입니다.`]);
  });
}

const UNKNOWN_USER: readonly (readonly [string, Record<string, unknown>])[] = [
  ['/user', {}],
  ['/user/refresh-token', {}],
  ['/user/kick', {}],
  ['/user/add-balance', { amount: 1 }],
  ['/user/sub-balance', { amount: 1 }],
  ['/user/sub-balance-all', {}],
  ['/user/exchange-point-all', {}],
];
for (const [path, values] of UNKNOWN_USER) {
  test(`${path} of an unknown user is 422, and makes none`, async () => {
    const method = ENDPOINTS.find((each) => each.path === path)?.method ?? '';
    const answer = await agent.call(method, path, { username: 'nobody', ...values });
    assert.equal(answer.status, 422);
    assert.deepEqual(answer.body.errors, { username: ['선택된 username은(는) 허용하지 않습니다.'] });
    const list = await agent.get('/user-list');
    assert.ok(list.body.every((each: { username: string }) => each.username !== 'nobody'));
  });
}
