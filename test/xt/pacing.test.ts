/** Pacing (contract xt §1): one add/sub a second for a user, one look a second, an interval for the feed; 429 says when. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AgentId } from '../../src/core/ids.ts';
import { setAgent } from '../../src/db/agent.ts';
import { keysOf, until } from '../http/rig.ts';
import { type Answer, openWorld, type TestAgent, type World, xtClient } from '../world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const WINDOW = { start: '2026-01-01 00:00:00', end: '2026-01-02 00:00:00', page: 1, perPage: 1 };
const TOO_SOON = '짧은 시간내 너무 많은 요청 시도가 발생했습니다. 1초 후 다시 시도해 주세요.';
const FEED_TOO_SOON = '[Too Many Request]지정된 요청 간격 이상으로 API를 호출 하실 수 없습니다.';

async function pacedAgent(...usernames: string[]): Promise<TestAgent> {
  const agent = await world.agent({ pacing: true });
  for (const username of usernames) await agent.post('/user/create', { username });
  return agent;
}

function assertPaced(answer: Answer, message: string): void {
  assert.equal(answer.status, 429, answer.text);
  assert.deepEqual(answer.body, { message });
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
}

/** Puts a user's last paced call into the past, as if the second had gone by. */
const passSecond = (username: string, ms = 1000) => world.hub.sql`
  update account a set paced_at = paced_at - make_interval(secs => ${ms / 1000}) from player p
  where p.username = ${username} and p.wallet_account_id = a.id`;
const passTurns = (ms: number) =>
  world.hub.sql`update pace set at = at - make_interval(secs => ${ms / 1000})`;

const MOVES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['/user/add-balance', { amount: 10 }],
  ['/user/sub-balance', { amount: 1 }],
  ['/user/sub-balance-all', {}],
];
for (const [index, [first, values]] of MOVES.entries()) {
  test(`after ${first} every add and sub of that user waits a second; other users do not`, async () => {
    const [username, other] = [`paced${index}`, `free${index}`];
    const agent = await pacedAgent(username, other);
    await agent.post('/user/add-balance', { username, amount: 100 });
    await passSecond(username);
    assert.equal((await agent.post(first, { username, ...values })).status, 200);
    for (const [path, more] of MOVES) assertPaced(await agent.post(path, { username, ...more }), TOO_SOON);
    assert.equal((await agent.post('/user/add-balance', { username: other, amount: 1 })).status, 200);
    await passSecond(username);
    assert.equal((await agent.post('/user/sub-balance-all', { username })).status, 200);
  });
}

test('a call that was refused for pacing takes no turn of its own', async () => {
  const agent = await pacedAgent('turn01');
  await agent.post('/user/add-balance', { username: 'turn01', amount: 1 });
  await passSecond('turn01', 600);
  assertPaced(await agent.post('/user/add-balance', { username: 'turn01', amount: 1 }), TOO_SOON);
  await passSecond('turn01', 400);
  assert.equal((await agent.post('/user/add-balance', { username: 'turn01', amount: 1 })).status, 200);
});

test('pacing is exact on two nodes at once', async () => {
  const agent = await pacedAgent('nodes01');
  const other = xtClient((await world.secondHub()).url, agent.apiKey);
  const wish = { username: 'nodes01', amount: 1 };
  const answers = await Promise.all(
    [agent, other, agent, other, agent, other].map((client) => client.post('/user/add-balance', wish)),
  );
  assert.deepEqual(answers.map((each) => each.status).sort(), [200, 429, 429, 429, 429, 429]);
  const looks = await Promise.all(
    [agent, other, agent, other].map((c) => c.get('/user', { username: 'nodes01' })),
  );
  assert.deepEqual(looks.map((each) => each.status).sort(), [200, 429, 429, 429]);
});

test('a repeat with its uuid is not paced, other parameters are still 422', async () => {
  const agent = await pacedAgent('again01');
  const wish = { username: 'again01', amount: 5, uuid: 'u-1' };
  const first = await agent.post('/user/add-balance', wish);
  for (let round = 0; round < 3; round++) {
    const again = await agent.post('/user/add-balance', wish);
    assert.deepEqual([again.status, again.body], [200, { ...first.body, cached: true }]);
  }
  assert.equal((await agent.post('/user/add-balance', { ...wish, amount: 6 })).status, 422);
  assertPaced(await agent.post('/user/add-balance', { ...wish, uuid: 'u-2' }), TOO_SOON);
});

test('GET /user is paced for each user by itself', async () => {
  const agent = await pacedAgent('look01', 'look02');
  assert.equal((await agent.get('/user', { username: 'look01' })).status, 200);
  assertPaced(await agent.get('/user', { username: 'LOOK01' }), TOO_SOON);
  assert.equal((await agent.get('/user', { username: 'look02' })).status, 200);
  await passTurns(1000);
  assert.equal((await agent.get('/user', { username: 'look01' })).status, 200);
});

test('GET /transactions keeps the agent’s interval; invalid calls take no turn', async () => {
  const agent = await pacedAgent();
  assert.equal((await agent.get('/transactions', { ...WINDOW, page: 0 })).status, 422);
  assert.equal((await agent.get('/transactions', WINDOW)).status, 200);
  assertPaced(await agent.get('/transactions', WINDOW), FEED_TOO_SOON);
  const [other] = [await pacedAgent()];
  assert.equal((await other.get('/transactions', WINDOW)).status, 200);
  await passTurns(1000);
  assert.equal((await agent.get('/transactions', WINDOW)).status, 200);
  await setAgent(world.hub.sql, agent.id as AgentId, { feedIntervalMs: 5000 });
  await passTurns(1000);
  await until('the interval is known', async () => {
    const answer = await agent.get('/transactions', WINDOW);
    return Number(answer.headers.get('retry-after')) > 1;
  });
  await passTurns(5000);
  assert.equal((await agent.get('/transactions', WINDOW)).status, 200);
});

test('the texts come in the caller’s language, and 429 carries nothing but them', async () => {
  const agent = await pacedAgent('texts01');
  await agent.get('/user', { username: 'texts01' });
  const english = await agent.call('GET', '/user', { username: 'texts01' }, { 'accept-language': 'en' });
  assert.deepEqual(keysOf(english.body), ['message']);
  assertPaced(english, 'Too many requests for this user. Try again in a second.');
});

test('with pacing off nothing waits', async () => {
  const agent = await world.agent({ pacing: false });
  await agent.post('/user/create', { username: 'hurry01' });
  for (let round = 0; round < 3; round++) {
    assert.equal((await agent.post('/user/add-balance', { username: 'hurry01', amount: 1 })).status, 200);
    assert.equal((await agent.get('/user', { username: 'hurry01' })).status, 200);
    assert.equal((await agent.get('/transactions', WINDOW)).status, 200);
  }
});
