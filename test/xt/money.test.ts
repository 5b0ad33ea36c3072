/** Money over the operator API (contract xt §1, §2): amounts, idempotency keys, POT in a tree, points, refusals. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { AgentId } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { findPlayerKey } from '../../src/db/player.ts';
import { givePoints, movePot, OfficeError } from '../../src/office.ts';
import { countRows, rawCall } from '../http/rig.ts';
import { openWorld, type TestAgent, type World } from '../world.ts';

let world: World;
let agent: TestAgent;
let dollars: TestAgent;
before(async () => {
  world = await openWorld();
  agent = await world.agent({ pot: 1_000_000n });
  dollars = await world.agent({ currency: 'USD', pot: 1_000_000n });
  for (const each of [agent, dollars]) await each.post('/user/create', { username: 'payee01' });
});
afterEach(async () => {
  assert.ok((await audit(world.hub.sql)).ok, 'the books hold');
});
after(() => world.close());

const potOf = async (of: TestAgent) => (await of.get('/my-info')).body.balance;
const balanceOf = async (of: TestAgent, username: string) =>
  (await of.get('/user', { username })).body.balance;

async function gift(to: TestAgent, username: string, amount: bigint): Promise<void> {
  const player = await findPlayerKey(world.hub.sql, to.id as AgentId, username);
  assert.ok(player !== null);
  await givePoints(world.office, { player, amount, actor: 'test' });
}

// ---- amounts --------------------------------------------------------------------------------------------------

/** As JSON text: what JavaScript would write otherwise. */
const REFUSED: readonly (readonly [currency: 'KRW' | 'USD', amount: string])[] = [
  ['KRW', '0'],
  ['KRW', '"0"'],
  ['KRW', '-1'],
  ['KRW', '"-1000"'],
  ['KRW', '-0'],
  ['KRW', '0.1'],
  ['KRW', '1000.5'],
  ['KRW', '"0.1"'],
  ['KRW', '1e309'],
  ['KRW', '-1e309'],
  ['KRW', '1e-7'],
  ['KRW', '"1e3"'],
  ['KRW', '"NaN"'],
  ['KRW', '"Infinity"'],
  ['KRW', '"0x10"'],
  ['KRW', '"1,000"'],
  ['KRW', '"１０００"'],
  ['KRW', '"1000원"'],
  ['KRW', '" "'],
  ['KRW', '9007199254740993'],
  ['KRW', '9007199254740992'],
  ['KRW', '"9007199254740993"'],
  ['KRW', `"${'9'.repeat(60)}"`],
  ['KRW', 'null'],
  ['KRW', 'true'],
  ['KRW', '[1000]'],
  ['KRW', '{"toString":1}'],
  ['USD', '0.99'],
  ['USD', '"0.001"'],
  ['USD', '10.001'],
  ['USD', '90071992547409.93'],
];
for (const [currency, amount] of REFUSED) {
  test(`an amount of ${amount.slice(0, 30)} ${currency} is 422 and moves nothing`, async () => {
    const caller = currency === 'KRW' ? agent : dollars;
    const before = await countRows(world.hub.sql);
    for (const path of ['/api/user/add-balance', '/api/user/sub-balance']) {
      const answer = await rawCall(world.url, {
        ...{ method: 'POST', path, body: `{"username":"payee01","amount":${amount}}` },
        headers: { authorization: `Bearer ${caller.apiKey}`, 'content-type': 'application/json' },
      });
      assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [422, ['amount']], answer.text);
    }
    assert.deepEqual(await countRows(world.hub.sql), before);
  });
}

test('paying and taking back moves exactly the amount between POT and user', async () => {
  const paid = await agent.post('/user/add-balance', { username: 'payee01', amount: 700 });
  const { username, balance, amount, cached } = paid.body;
  assert.deepEqual([username, balance, amount, cached], ['payee01', 700, 700, false]);
  assert.ok(paid.body.transaction_id > 2 ** 31 && Number.isSafeInteger(paid.body.transaction_id));
  const taken = await agent.post('/user/sub-balance', { username: 'payee01', amount: '200' });
  assert.deepEqual([taken.body.balance, taken.body.amount], [500, -200]);
  assert.equal(await potOf(agent), 1_000_000 - 500);
  const all = await agent.post('/user/sub-balance-all', { username: 'payee01' });
  assert.deepEqual([all.body.balance, all.body.amount], [0, -500]);
  const nothing = await agent.post('/user/sub-balance-all', { username: 'payee01' });
  assert.deepEqual([nothing.status, nothing.body.balance, nothing.body.amount], [200, 0, 0]);
  assert.ok(nothing.body.transaction_id > all.body.transaction_id);
  assert.equal(await potOf(agent), 1_000_000);
});

test('cents are exact', async () => {
  for (const amount of [1.1, 2.2, '3.30'])
    await dollars.post('/user/add-balance', { username: 'payee01', amount });
  assert.equal(await balanceOf(dollars, 'payee01'), 6.6);
  const all = await dollars.post('/user/sub-balance-all', { username: 'payee01' });
  assert.deepEqual([all.body.amount, await potOf(dollars)], [-6.6, 10_000]);
});

test('more than the POT holds, and more than the user holds, are 403', async () => {
  const poor = await world.agent({ pot: 100n });
  await poor.post('/user/create', { username: 'poor01' });
  const much = await poor.post('/user/add-balance', { username: 'poor01', amount: 101 });
  assert.deepEqual([much.status, much.body], [403, { message: '에이전트의 잔고가 부족합니다.' }]);
  await poor.post('/user/add-balance', { username: 'poor01', amount: 100 });
  const back = await poor.post('/user/sub-balance', { username: 'poor01', amount: 101 });
  assert.deepEqual([back.status, back.body], [403, { message: '유저의 잔고가 부족합니다.' }]);
  assert.deepEqual([await potOf(poor), await balanceOf(poor, 'poor01')], [0, 100]);
});

test('payments sent at once never spend the POT twice', async () => {
  const poor = await world.agent({ pot: 1000n });
  await poor.post('/user/create', { username: 'rush01' });
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => poor.post('/user/add-balance', { username: 'rush01', amount: 100 })),
  );
  assert.equal(answers.filter((each) => each.status === 200).length, 10);
  assert.equal(answers.filter((each) => each.status === 403).length, 10);
  assert.equal(await balanceOf(poor, 'rush01'), 1000);
});

test('a seamless agent’s users hold no money here', async () => {
  const seamless = await world.agent({ wallet: 'seamless', callbackUrl: 'http://127.0.0.1:1/' });
  await seamless.post('/user/create', { username: 'away01' });
  for (const path of ['add-balance', 'sub-balance', 'sub-balance-all', 'exchange-point-all']) {
    const answer = await seamless.post(`/user/${path}`, { username: 'away01', amount: 10 });
    assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [422, ['username']]);
  }
});

// ---- idempotency ----------------------------------------------------------------------------------------------

const REPEATS: readonly (readonly [path: string, values: Record<string, unknown>])[] = [
  ['/user/add-balance', { amount: 50 }],
  ['/user/sub-balance', { amount: 20 }],
  ['/user/sub-balance-all', {}],
  ['/user/exchange-point-all', {}],
];
for (const [path, values] of REPEATS) {
  test(`${path} with the same uuid answers the first answer and moves nothing`, async () => {
    const username = `repeat${path.replace(/\W/g, '')}`;
    await agent.post('/user/create', { username });
    await agent.post('/user/add-balance', { username, amount: 100 });
    await gift(agent, username, 30n);
    const wish = { username, ...values, uuid: `first ${path}` };
    const first = await agent.post(path, wish);
    assert.deepEqual([first.status, first.body.cached], [200, false], first.text);
    await agent.post('/user/add-balance', { username, amount: 7 });
    const before = await countRows(world.hub.sql);
    const again = await agent.post(path, { ...wish, username: username.toUpperCase() });
    assert.deepEqual(again.body, { ...first.body, cached: true });
    const byHeader = await agent.call(
      'POST',
      path,
      { username, ...values },
      { 'idempotency-key': wish.uuid },
    );
    assert.deepEqual(byHeader.body, { ...first.body, cached: true });
    assert.deepEqual(await countRows(world.hub.sql), before);
  });
}

test('a uuid that stood for something else is 422, also for another call', async () => {
  const uuid = 'used once';
  for (const username of ['reuse01', 'reuse02']) await agent.post('/user/create', { username });
  await agent.post('/user/add-balance', { username: 'reuse01', amount: 100, uuid });
  const others: readonly (readonly [string, Record<string, unknown>])[] = [
    ['/user/add-balance', { username: 'reuse01', amount: 101 }],
    ['/user/add-balance', { username: 'reuse02', amount: 100 }],
    ['/user/sub-balance', { username: 'reuse01', amount: 100 }],
    ['/user/sub-balance-all', { username: 'reuse01' }],
    ['/user/exchange-point-all', { username: 'reuse01' }],
  ];
  for (const [path, values] of others) {
    const answer = await agent.post(path, { ...values, uuid });
    assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [422, ['uuid']], path);
  }
  assert.equal(await balanceOf(agent, 'reuse01'), 100);
});

test('a uuid is the agent’s own; uuid wins over the header; a repeat sent at once moves once', async () => {
  await agent.post('/user/create', { username: 'own01' });
  await dollars.post('/user/create', { username: 'own01' });
  const uuid = 'shared between agents';
  await agent.post('/user/add-balance', { username: 'own01', amount: 5, uuid });
  const other = await dollars.post('/user/add-balance', { username: 'own01', amount: 5, uuid });
  assert.deepEqual([other.status, other.body.cached], [200, false]);
  const both = { 'idempotency-key': uuid };
  const fresh = await agent.call(
    'POST',
    '/user/add-balance',
    { username: 'own01', amount: 6, uuid: 'mine' },
    both,
  );
  assert.equal(fresh.body.cached, false);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      agent.post('/user/add-balance', { username: 'own01', amount: 9, uuid: 'eight' }),
    ),
  );
  assert.equal(answers.filter((each) => each.body.cached === false).length, 1);
  assert.equal(new Set(answers.map((each) => each.body.transaction_id)).size, 1);
  assert.equal(await balanceOf(agent, 'own01'), 20);
});

test('a refused payment may be repeated with its uuid once the money is there', async () => {
  const poor = await world.agent({ pot: 10n });
  await poor.post('/user/create', { username: 'later01' });
  const wish = { username: 'later01', amount: 15, uuid: 'later' };
  assert.equal((await poor.post('/user/add-balance', wish)).status, 403);
  await movePot(world.office, { username: poor.username, direction: 'give', amount: 5n, actor: 'test' });
  const answer = await poor.post('/user/add-balance', wish);
  assert.deepEqual([answer.status, answer.body.cached, answer.body.balance], [200, false, 15]);
});

test('keys longer than the limit are refused, never cut: two long keys are two payments or none', async () => {
  await agent.post('/user/create', { username: 'long01' });
  const long = 'k'.repeat(129);
  const byHeader = await agent.call(
    ...([
      'POST',
      '/user/add-balance',
      { username: 'long01', amount: 1 },
      { 'idempotency-key': long },
    ] as const),
  );
  assert.deepEqual([byHeader.status, Object.keys(byHeader.body.errors ?? {})], [422, ['uuid']]);
  const byName = await agent.post('/user/add-balance', { username: 'long01', amount: 1, uuid: long });
  assert.deepEqual([byName.status, Object.keys(byName.body.errors)], [422, ['uuid']]);
  assert.equal(await balanceOf(agent, 'long01'), 0);
});

// ---- points ---------------------------------------------------------------------------------------------------

test('points show on the user and become balance all at once', async () => {
  await dollars.post('/user/create', { username: 'points01' });
  await gift(dollars, 'points01', 250n);
  assert.equal((await dollars.get('/user', { username: 'points01' })).body.point, '2.50');
  const exchanged = await dollars.post('/user/exchange-point-all', { username: 'points01' });
  assert.deepEqual([exchanged.body.balance, exchanged.body.amount, exchanged.body.cached], [2.5, 2.5, false]);
  assert.equal((await dollars.get('/user', { username: 'points01' })).body.point, '0.00');
  const nothing = await dollars.post('/user/exchange-point-all', { username: 'points01' });
  assert.deepEqual([nothing.body.balance, nothing.body.amount], [2.5, 0]);
  await assert.rejects(gift(dollars, 'points01', 0n), OfficeError);
});
