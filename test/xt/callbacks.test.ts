/** Callbacks in the operator API: an agent sees its own, sends them again, resolves them, and nobody else's. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Compile } from 'typebox/schema';
import { keysOf, rawCall, sorted, until } from '../http/rig.ts';
import { type Operator, openOperator, seat } from '../seamless/rig.ts';
import { openTrouble, processed, type Trouble } from '../seamless/trouble.ts';
import { type Answer, openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';

let world: World;
let operator: Operator;
let studio: StudioClient;
let trouble: Trouble;
let agent: TestAgent;
let stranger: TestAgent;
/** Holds questions back between their commit and the operator. */
let gate: (() => Promise<void>) | null = null;
// biome-ignore lint/suspicious/noExplicitAny: the document, checked in openapi.test.ts
let paths: any;

before(async () => {
  const client = { allowLoopback: true, allowedNetworks: [] };
  const atStep = async (step: string) => (step === 'asked' ? gate?.() : undefined);
  world = await openWorld({ logLevel: 'silent', outreach: { client, atStep } });
  operator = await openOperator();
  studio = await world.studio('evolution');
  trouble = await openTrouble(world, operator, { studio });
  agent = trouble.agent;
  stranger = (await openTrouble(world, operator, { studio })).agent;
  paths = (await rawCall(world.url, { method: 'GET', path: '/developer/openapi.json' })).body.paths;
});
after(async () => {
  await world.close();
  await operator.close();
});

const KEYS = [
  ...['transaction_id', 'type', 'amount', 'state', 'attempts', 'next_at', 'last', 'details', 'processed_at'],
  ...['referer_id', 'user', 'resolved_by', 'reason'],
];
const ATTEMPT_KEYS = ['at', 'class', 'meaning', 'status', 'elapsed_ms', 'request', 'answer'];

/** As documented; and nowhere the keys that clients take for failure. */
function assertSuccess(path: string, answer: Answer): void {
  assert.equal(answer.status, 200, answer.text);
  const method = path.startsWith('/callback/') ? 'post' : 'get';
  const schema = paths[path][method].responses[200].content['application/json'].schema;
  const [fits, errors] = Compile(schema).Errors(answer.body);
  assert.ok(fits, JSON.stringify(errors));
  assert.ok(!/"(message|errors)":/.test(answer.text), answer.text);
}

const list = async (values: Record<string, unknown> = {}, by = agent) => {
  const answer = await by.get('/callback-list', values);
  assertSuccess('/callback-list', answer);
  for (const row of answer.body.data) assert.deepEqual(keysOf(row), sorted(KEYS));
  return answer.body.data.map((row: { transaction_id: number }) => row.transaction_id);
};
const show = async (id: number, by = agent) => {
  const answer = await by.get('/callback', { transaction_id: id });
  assertSuccess('/callback', answer);
  assert.deepEqual(keysOf(answer.body.data), sorted([...KEYS, 'history']));
  for (const each of answer.body.data.history) assert.deepEqual(keysOf(each), sorted(ATTEMPT_KEYS));
  return answer.body.data;
};
const acts = (id: number) =>
  world.hub.sql`select actor, action, detail from audit_log where subject = ${`callback ${id}`} order by id`;
const ofAnother = { transaction_id: ['선택된 transaction_id은(는) 허용하지 않습니다.'] };

test('a callback in trouble: listed, told with its attempts in the caller’s language, sent again', async () => {
  const id = await trouble.lose('first');
  const answer = await agent.get('/callback-list');
  const [row] = answer.body.data;
  assert.deepEqual(
    [row.transaction_id, row.type, row.amount, row.state, row.last.class, row.last.status],
    [id, 'win', 250, 'due', 'failed', 500],
  );
  assert.deepEqual([row.user.username, row.details.game.round], [trouble.seat.username, 'first']);
  const { history } = await show(id);
  assert.equal(JSON.parse(history[0].request).transaction.id, id);
  const words = {
    ko: '5xx 서버 오류입니다.',
    en: "Answered 5xx: the operator's server failed.",
    zh: '回應 5xx，營運商伺服器錯誤。',
  };
  for (const [language, meaning] of Object.entries(words)) {
    const told = await agent.call(
      'GET',
      '/callback',
      { transaction_id: id },
      { 'accept-language': language },
    );
    assert.equal(told.body.data.history[0].meaning, meaning);
  }
  await world.hub.sql`update callback set next_at = now() + interval '1 hour' where id = ${id}`;
  operator.fault({});
  const resent = await agent.post('/callback/resend', { transaction_id: String(id) });
  assertSuccess('/callback/resend', resent);
  assert.equal(resent.body.data.transaction_id, id);
  await until('it is delivered', async () => (await trouble.stateOf(id)) === null);
  assert.ok(processed(operator).includes(id));
  assert.deepEqual(await list(), []);
  assert.equal((await show(id)).state, 'delivered');
  const [line] = await acts(id);
  assert.deepEqual(
    [line?.actor, line?.action, line?.detail.ip],
    [`agent:${agent.username}`, 'callback.resend', '127.0.0.1'],
  );
});

test('resolved by the agent: kept with its reason, never sent, and cannot be acted on again', async () => {
  const id = await trouble.lose('second');
  const reason = '수동 지급';
  const resolved = await agent.post('/callback/resolve', { transaction_id: id, reason });
  assertSuccess('/callback/resolve', resolved);
  const { state, reason: kept, resolved_by: by } = resolved.body.data;
  assert.deepEqual([state, kept, by], ['resolved', reason, `agent:${agent.username}`]);
  assert.deepEqual([await list(), await list({ state: 'resolved' })], [[], [id]]);
  operator.fault({});
  const errors: Record<string, string> = {
    ko: 'transaction_id의 콜백은 이미 수동으로 처리되었습니다.',
    en: 'The callback of this transaction_id was resolved by hand before.',
    zh: '此 transaction_id 的回呼已由人工處理。',
  };
  for (const path of ['/callback/resend', '/callback/resolve']) {
    for (const [language, text] of Object.entries(errors)) {
      const values = { transaction_id: id, reason: 'again' };
      const refused = await agent.call('POST', path, values, { 'accept-language': language });
      assert.deepEqual([refused.status, refused.body.errors], [422, { transaction_id: [text] }]);
    }
  }
  assert.equal((await acts(id)).length, 1);
});

test('pages by number and by id, newest or oldest first, by state and user', async () => {
  await trouble.giveUpSoon();
  const other = await seat(world, { agent, studio });
  const ids: number[] = [];
  for (const round of ['p1', 'p2', 'p3', 'p4']) ids.push(await trouble.lose(round));
  await until('all are listed', async () => (await list({ state: 'listed' })).length === ids.length);
  const newest = ids.toReversed();
  assert.deepEqual(await list(), newest);
  assert.deepEqual(await list({ order: 'asc' }), ids);
  assert.deepEqual(await list({ state: 'LISTED', perPage: 3 }), newest.slice(0, 3));
  assert.deepEqual(await list({ perPage: 3, page: 2 }), newest.slice(3));
  assert.deepEqual(await list({ after_id: newest[1] }), newest.slice(2));
  assert.deepEqual(await list({ after_id: ids[1], order: 'asc' }), ids.slice(2));
  assert.deepEqual(await list({ state: 'due' }), []);
  assert.deepEqual(await list({ username: trouble.seat.username.toUpperCase() }), newest);
  assert.deepEqual(await list({ username: other.username }), []);
  operator.fault({});
  for (const id of ids) await agent.post('/callback/resend', { transaction_id: id, reason: 'back' });
  await until('all are through', async () => (await list()).length === 0);
});

test('another agent’s callbacks are unknown, to look at and to act on', async () => {
  const id = await trouble.lose('mine');
  await until('it is listed', async () => (await trouble.stateOf(id)) === 'listed');
  assert.deepEqual(await list({}, stranger), []);
  for (const call of [
    () => stranger.get('/callback', { transaction_id: id }),
    () => stranger.post('/callback/resend', { transaction_id: id }),
    () => stranger.post('/callback/resolve', { transaction_id: id, reason: 'theft' }),
    () => agent.get('/callback', { transaction_id: 4_999_999_999 }),
    () => agent.post('/callback/resend', { transaction_id: 4_999_999_999 }),
  ]) {
    const answer = await call();
    assert.deepEqual([answer.status, answer.body.errors], [422, ofAnother]);
  }
  assert.deepEqual([await trouble.stateOf(id), (await acts(id)).length], ['listed', 0]);
  const unknown = await stranger.get('/callback-list', { username: trouble.seat.username });
  assert.deepEqual([unknown.status, keysOf(unknown.body.errors)], [422, ['username']]);
  operator.fault({});
  await agent.post('/callback/resend', { transaction_id: id });
  await until('it is through', async () => (await trouble.stateOf(id)) === null);
});

test('what has ended, and what is being asked, cannot be acted on; a POT movement is no callback', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  gate = async () => {
    asked.resolve();
    await answer.promise;
  };
  const bet = trouble.seat.send('slow', 'bet', { amount: '10' });
  await asked.promise;
  const [id] = await list({ state: 'asking' });
  const english = { 'accept-language': 'en' };
  const refusal = async (values: Record<string, unknown>) => {
    const refused = await agent.call('POST', '/callback/resolve', { reason: 'x', ...values }, english);
    assert.equal(refused.status, 422);
    return refused.body.errors.transaction_id[0];
  };
  assert.match(await refusal({ transaction_id: id }), /being asked/);
  gate = null;
  answer.resolve();
  const { transactionId } = await bet;
  assert.equal(transactionId, id);
  assert.match(await refusal({ transaction_id: id }), /has ended/);
  assert.equal((await show(id)).state, 'accepted');
  const feed = await agent.get('/transaction-list', { start_transaction_id: 0 });
  const pot = feed.body.data.find(({ type }: { type: string }) => type === 'agents.give_money');
  assert.match(await refusal({ transaction_id: pot.id }), /not allowed/);
});

const WRONG: readonly (readonly [path: string, values: Record<string, unknown>, names: string[]])[] = [
  ['/callback-list', { state: 'lost' }, ['state']],
  ['/callback-list', { order: 'up', page: 0, perPage: 1001 }, ['order', 'page', 'perPage']],
  ['/callback-list', { after_id: 'x' }, ['after_id']],
  ['/callback', {}, ['transaction_id']],
  ['/callback', { transaction_id: 1.5 }, ['transaction_id']],
  ['/callback/resolve', { transaction_id: 5 }, ['reason']],
  ['/callback/resolve', { transaction_id: 5, reason: 'x'.repeat(501) }, ['reason']],
  ['/callback/resend', { transaction_id: 'all' }, ['transaction_id']],
];
for (const [path, values, names] of WRONG) {
  test(`${path} ${JSON.stringify(values).slice(0, 60)}: 422 names ${names.join(', ')}`, async () => {
    const answer = await agent.call(path.startsWith('/callback/') ? 'POST' : 'GET', path, values);
    assert.deepEqual([answer.status, keysOf(answer.body.errors)], [422, names]);
  });
}
