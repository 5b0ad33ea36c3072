/** Games, launch links and tokens (contract xt §2), and what one agent may know of another: nothing. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PlayerId } from '../../src/core/ids.ts';
import { coolOff, excludeSelf, setBlocked } from '../../src/db/player.ts';
import { until } from '../http/rig.ts';
import { openWorld, type StudioClient, type TestAgent, type World, xtClient } from '../world.ts';

let world: World;
let agent: TestAgent;
let other: TestAgent;
let studio: StudioClient;
before(async () => {
  world = await openWorld();
  agent = await world.agent();
  other = await world.agent();
  studio = await world.studio('evolution', 'CQ9', 'PG Soft');
  await world.studio('netent');
});
after(() => world.close());

const target = (username: string, vendor = 'evolution') => ({ username, vendor, game_id: `${vendor}-game` });
const tokenIn = (link: string) => new URL(link).searchParams.get('token') ?? '';
const open = (token: string) => studio.call('POST', '/sessions/open', { token });
const refresh = async (username: string): Promise<string> =>
  (await agent.call('PATCH', '/user/refresh-token', { username })).body.token;

// ---- lists ----------------------------------------------------------------------------------------------------

const LISTS: readonly (readonly [Record<string, unknown>, string[]])[] = [
  [{}, ['evolution-game', 'netent-game', 'CQ9-game', 'PG Soft-game']],
  [{ vendor: '' }, ['evolution-game', 'netent-game', 'CQ9-game', 'PG Soft-game']],
  [{ vendor: 'PG Soft' }, ['PG Soft-game']],
  [{ vendor: 'Novomatic' }, []],
];
for (const [values, ids] of LISTS) {
  test(`/game-list with ${JSON.stringify(values)} lists ${ids.length} games`, async () => {
    const answer = await agent.get('/game-list', values);
    assert.deepEqual(
      answer.body.map((game: { id: string }) => game.id),
      ids,
    );
  });
}

for (const path of ['/game-list', '/game-launch-link', '/get-game-url', '/open']) {
  test(`${path} with an unknown vendor is 422`, async () => {
    const answer = await agent.get(path, { ...target('anyone01'), token: 'none', vendor: 'no-such' });
    assert.deepEqual(
      [answer.status, answer.body.errors],
      [422, { vendor: ['선택된 vendor은(는) 허용하지 않습니다.'] }],
    );
  });
}

test('every vendor the contract names is in the list', async () => {
  const { body } = await agent.get('/vendor-list');
  for (const name of [
    'evolution',
    'WM Live',
    'Asia Gaming',
    'MicroGaming Plus Slo',
    '7777',
    'Novomatic',
    'kbook',
  ])
    assert.equal(body[name]?.name, name);
  assert.equal(Object.keys(body).length, 67);
});

test('a disabled game is neither listed nor launched', async () => {
  const game = {
    id: 'gone-game',
    title: 'Gone',
    type: 'slot',
    vendor: 'CQ9',
    launchUrl: 'https://play.test/',
  };
  await studio.call('PUT', '/games', { games: [game] });
  const ask = () => agent.get('/game-launch-link', { ...target('gone01', 'CQ9'), game_id: 'gone-game' });
  assert.equal((await ask()).status, 200);
  await studio.call('PUT', '/games', { games: [{ ...game, enabled: false }] });
  const refused = await ask();
  assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [422, ['game_id']]);
  const listed = (await agent.get('/game-list', { vendor: 'CQ9' })).body.map(
    (each: { id: string }) => each.id,
  );
  assert.deepEqual(listed, ['CQ9-game']);
});

// ---- launching ------------------------------------------------------------------------------------------------

test('a launch creates the user when it is missing, once', async () => {
  const first = await agent.get('/game-launch-link', { ...target('fresh01'), nickname: '새손님' });
  assert.deepEqual(
    [first.body.userCreated, first.body.user.nickname, first.body.user.balance],
    [true, '새손님', 0],
  );
  assert.ok(first.body.user.last_access_at !== null);
  const second = await agent.get('/game-launch-link', { ...target('FRESH01'), nickname: '다른이름' });
  assert.deepEqual([second.body.userCreated, second.body.user.nickname], [false, '새손님']);
  const rushed = await Promise.all(
    Array.from({ length: 6 }, () => agent.get('/game-launch-link', target('rushed01'))),
  );
  assert.equal(rushed.filter((each) => each.body.userCreated).length, 1);
});

test('a refused launch creates nobody', async () => {
  const refused = await agent.get('/game-launch-link', { ...target('unborn01'), game_id: 'no-such' });
  assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [422, ['game_id']]);
  assert.equal((await agent.get('/user', { username: 'unborn01' })).status, 422);
});

test('the link carries token and language; the session carries the skin', async () => {
  const headers = { 'accept-language': 'zh-TW' };
  const launched = await agent.call(
    'GET',
    '/game-launch-link',
    { ...target('skin01'), skin: 'dark' },
    headers,
  );
  const link = new URL(launched.body.link);
  assert.equal(link.searchParams.get('lang'), 'zh');
  const session = await open(tokenIn(launched.body.link));
  assert.deepEqual([session.status, session.body.skin], [200, 'dark']);
});

test('a token opens once', async () => {
  const { link } = (await agent.get('/game-launch-link', target('once01'))).body;
  const answers = await Promise.all(Array.from({ length: 5 }, () => open(tokenIn(link))));
  assert.deepEqual(answers.map((each) => each.status).sort(), [200, 401, 401, 401, 401]);
  assert.equal(answers.find((each) => each.status === 401)?.body.code, 'token_invalid');
});

test('refreshing the token kills the former one', async () => {
  const { link } = (await agent.get('/game-launch-link', target('fresh02'))).body;
  const fresh = await refresh('fresh02');
  assert.notEqual(fresh, tokenIn(link));
  assert.equal((await open(tokenIn(link))).body.code, 'token_invalid');
  const newest = await refresh('fresh02');
  const { status } = await agent.get('/open', { ...target('fresh02'), token: fresh });
  assert.equal(status, 422);
  assert.equal((await agent.get('/open', { ...target('fresh02'), token: newest })).status, 200);
});

test('a refreshed token put in the place of the link’s opens the launched game', async () => {
  await agent.get('/game-launch-link', target('swap01', 'CQ9'));
  const session = await open(await refresh('swap01'));
  assert.deepEqual([session.status, session.body.game.id], [200, 'CQ9-game']);
});

for (const path of ['/get-game-url', '/open']) {
  test(`${path} points a refreshed token at a game`, async () => {
    const username = `point${path.length}`;
    await agent.post('/user/create', { username });
    const token = await refresh(username);
    const answer = await agent.get(path, { token, vendor: 'PG Soft', game_id: 'PG Soft-game' });
    assert.equal(tokenIn(answer.body.link), token);
    assert.equal((await open(token)).body.game.id, 'PG Soft-game');
    const used = await agent.get(path, { token, vendor: 'PG Soft', game_id: 'PG Soft-game' });
    assert.deepEqual([used.status, Object.keys(used.body.errors)], [422, ['token']]);
  });
}

for (const token of [
  'nonsense',
  't1-AAAAAAAAAAAAAAAAAAAAAAAA',
  `t1-${'A'.repeat(25)}`,
  's1-AAAAAAAAAAAAAAAAAAAAAAAA',
]) {
  test(`an invented token ${token} opens nothing`, async () => {
    const answer = await agent.get('/open', { ...target('x'), token });
    assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [422, ['token']]);
  });
}

// ---- protection -----------------------------------------------------------------------------------------------

const later = () => new Date(Date.now() + 3_600_000);
const PROTECTED: readonly (readonly [string, (id: PlayerId) => Promise<void>])[] = [
  ['blocked', (id) => setBlocked(world.hub.sql, id, { reason: 'test' })],
  ['self-excluded', (id) => excludeSelf(world.hub.sql, id, later())],
  ['excluded for good', (id) => excludeSelf(world.hub.sql, id, null)],
  ['cooling off', (id) => coolOff(world.hub.sql, id, later())],
];
for (const [index, [name, protect]] of PROTECTED.entries()) {
  test(`a user who is ${name} can neither launch nor open a token got before`, async () => {
    const username = `guarded${index}`;
    const launched = await agent.get('/game-launch-link', target(username));
    await protect(launched.body.user.id);
    const refused = await agent.get('/game-launch-link', target(username));
    assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [422, ['username']]);
    const opened = await open(tokenIn(launched.body.link));
    assert.deepEqual([opened.status, opened.body.code], [403, 'player_blocked']);
    const paid = await agent.post('/user/add-balance', { username, amount: 10 });
    assert.equal(paid.status, 200, 'money can be paid and taken back all the same');
    assert.equal((await agent.post('/user/sub-balance-all', { username })).body.amount, -10);
  });
}

test('banned_at tells of a block', async () => {
  const { id } = (await agent.post('/user/create', { username: 'banned01' })).body;
  await setBlocked(world.hub.sql, id, { reason: 'test' });
  assert.match((await agent.get('/user', { username: 'banned01' })).body.banned_at, /^\d{4}-.*Z$/);
});

test('a kick ends every session and token of the user, and only of that user', async () => {
  const mine = await world.play(agent, studio, { username: 'kicked01', vendor: 'evolution' });
  const bystander = await world.play(agent, studio, { username: 'stays01', vendor: 'evolution' });
  const { link } = (await agent.get('/game-launch-link', target('kicked01'))).body;
  const kicked = await agent.post('/user/kick', { username: 'KICKED01' });
  assert.equal(kicked.status, 200);
  const bet = { type: 'bet', amount: '10', currency: 'KRW', round: 'r1', game: mine.game };
  const [out, still] = await studio.transact(
    { ...bet, id: 'k1', session: mine.session },
    { ...bet, id: 'k2', session: bystander.session },
  );
  assert.deepEqual([out.code, still.status], ['session_ended', 'accepted']);
  assert.equal((await open(tokenIn(link))).body.code, 'token_invalid');
  assert.equal((await agent.post('/user/kick', { username: 'kicked01' })).status, 200);
});

// ---- paging and isolation -------------------------------------------------------------------------------------

test('users are paged in a stable order, of this agent alone', async () => {
  const paged = await world.agent();
  const names = Array.from({ length: 7 }, (_, index) => `paged0${index}`);
  for (const username of names) await paged.post('/user/create', { username });
  const page = async (number: number, perPage: number): Promise<string[]> =>
    (await paged.get('/user-list', { page: number, perPage })).body.map(
      (user: { username: string }) => user.username,
    );
  assert.deepEqual([...(await page(1, 3)), ...(await page(2, 3)), ...(await page(3, 3))], names);
  assert.deepEqual(await page(4, 3), []);
  assert.deepEqual((await paged.get('/user-list')).body.length, 7);
  for (const values of [{ page: 0 }, { perPage: 0 }, { perPage: 10_001 }, { page: 'x' }])
    assert.equal((await paged.get('/user-list', values)).status, 422);
});

test('another agent’s user, token and transaction are unknown', async () => {
  await agent.post('/user/create', { username: 'mine01' });
  const paid = await agent.post('/user/add-balance', { username: 'mine01', amount: 5 });
  const token = await refresh('mine01');
  const calls: readonly (readonly ['GET' | 'POST' | 'PATCH', string, Record<string, unknown>, string])[] = [
    ['GET', '/user', { username: 'mine01' }, 'username'],
    ['PATCH', '/user/refresh-token', { username: 'mine01' }, 'username'],
    ['POST', '/user/kick', { username: 'mine01' }, 'username'],
    ['POST', '/user/sub-balance-all', { username: 'mine01' }, 'username'],
    ['GET', '/open', { ...target('mine01'), token }, 'token'],
    ['GET', '/transaction-detail', { transaction_id: paid.body.transaction_id }, 'transaction_id'],
  ];
  for (const [method, path, values, name] of calls) {
    const answer = await other.call(method, path, values);
    assert.deepEqual([answer.status, Object.keys(answer.body.errors ?? {})], [422, [name]], path);
  }
  assert.deepEqual((await other.get('/transaction-list')).body.data.filter(isMine), []);
  assert.equal((await agent.get('/open', { ...target('mine01'), token })).status, 200);
});

const isMine = (row: { user: { username: string } }) => row.user.username === 'mine01';

test('a new vendor’s games show on another node as soon as it is told', async () => {
  const node = xtClient((await world.secondHub()).url, agent.apiKey);
  assert.equal((await node.get('/game-list', { vendor: 'vivo' })).body.length, 0);
  await world.studio('vivo');
  await until('told', async () => (await node.get('/game-list', { vendor: 'vivo' })).body.length === 1);
});
