/** Callbacks in the back office: who sees which, what is told of one, and what people may do about it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../http/rig.ts';
import { type Operator, openOperator, type Seat, seamlessAgent, seat } from '../seamless/rig.ts';
import type { StudioClient, TestAgent } from '../world.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let operator: Operator;
let studio: StudioClient;
/** Below branch-a. */
let shop: TestAgent;
let player: Seat;
let owner: OfficeClient;
/** Of messages that were given up. */
let listed: number[] = [];

before(async () => {
  rig = await openRig();
  operator = await openOperator();
  studio = await rig.world.studio('evolution');
  shop = await seamlessAgent(rig.world, operator, {
    username: 'seamless-shop',
    parent: rig.agents.a.username,
    pot: 1_000_000n,
  });
  player = await seat(rig.world, { agent: shop, studio });
  owner = await rig.of('a');
  await player.send('b1', 'bet', { amount: '100' });
  operator.fault({ error: 1 }, { only: ['win'] });
  for (const n of [1, 2, 3])
    await player.send(`w${n}`, 'win', { amount: `${n}00`, bet: `${player.username}-b1` });
  // Tried until the cut-off: the first is given up at its first failure, then the next is.
  await rig.sql`update agent set callback_cutoff_ms = 1 where id = ${shop.id}`;
  rig.world.hub.directory.forget();
  await rig.sql`update callback set next_at = now() where isfinite(next_at)`;
});
after(async () => {
  await rig.close();
  await operator.close();
});

// biome-ignore lint/suspicious/noExplicitAny: rows as they are answered
const rowsOf = async (client: OfficeClient, query: Record<string, string> = {}): Promise<any[]> => {
  const answer = await client.get('/callbacks', query);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.rows;
};
const idsOf = async (query: Record<string, string>, client = owner) =>
  (await rowsOf(client, query)).map(({ id }) => id as number);

test('what was given up is listed, with what was answered last', async () => {
  await untilLong('all are given up', async () => (await idsOf({ state: 'listed' })).length === 3);
  listed = (await idsOf({ state: 'listed', order: 'oldest' })) as number[];
  const [first] = await rowsOf(owner, { state: 'listed', order: 'oldest' });
  const { agent, username, type, amount, currency, state, lastClass, lastStatus, vendor, round } = first;
  assert.deepEqual(
    [agent, username, type, amount, currency, state, lastClass, lastStatus, vendor, round],
    ['seamless-shop', player.username, 'win', '100', 'KRW', 'listed', 'failed', 500, 'evolution', 'r1'],
  );
  assert.deepEqual((await owner.get('/callbacks/totals', {})).body, {
    asking: 0,
    due: 0,
    listed: 3,
    resolved: 0,
    more: false,
  });
  const exported = await owner.get('/callbacks/export', { format: 'csv' });
  assert.equal(exported.text.trim().split('\n').length, 4);
});

/** Tries wait a second and more between. */
async function untilLong(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not happen in time: ${what}`);
    await rig.sql`update callback set next_at = now() where state = 1 and isfinite(next_at)`;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('filters and pages', async () => {
  const [oldest = 0, middle = 0, newest = 0] = listed;
  assert.deepEqual(await idsOf({ state: 'listed' }), [newest, middle, oldest]);
  const page = await owner.get('/callbacks', { order: 'oldest', limit: '2' });
  assert.deepEqual(
    page.body.rows.map(({ id }: { id: number }) => id),
    [oldest, middle],
  );
  assert.deepEqual(await idsOf({ order: 'oldest', limit: '2', after: page.body.next }), [newest]);
  const [{ playerId }] = await rowsOf(owner);
  assert.equal((await idsOf({ player: String(playerId) })).length, 3);
  assert.equal((await idsOf({ agent: String(rig.agents.a.id) })).length, 3);
  assert.equal((await idsOf({ agent: String(rig.agents.a1.id) })).length, 0);
  assert.equal((await idsOf({ olderThan: '60' })).length, 0);
  assert.equal((await idsOf({ from: '2020-01-01', to: '2020-01-02' })).length, 0);
  assert.equal((await idsOf({ state: 'resolved' })).length, 0);
  assert.equal((await owner.get('/callbacks', { state: 'lost' })).status, 422);
});

test('who sees what', async () => {
  const [id] = listed;
  for (const client of [await rig.house('support'), await rig.of('root'), await rig.of('a', 'agent_staff')]) {
    assert.equal((await idsOf({}, client)).length, 3);
    assert.equal((await client.get(`/callbacks/${id}`)).status, 200);
  }
  const { playerId } = (await rowsOf(owner))[0];
  for (const client of [await rig.of('b'), await rig.of('a1'), await rig.of('other')]) {
    assert.equal((await idsOf({}, client)).length, 0);
    for (const path of [`/callbacks/${id}`]) assert.equal((await client.get(path)).status, 404);
    assert.equal((await client.get('/callbacks', { agent: String(shop.id) })).status, 404);
    assert.equal((await client.get('/callbacks', { player: String(playerId) })).status, 404);
    assert.equal((await client.get('/callback-health', { agent: String(shop.id) })).status, 404);
    assert.deepEqual((await client.get('/callback-health')).body.operators, []);
    assert.equal((await client.post(`/callbacks/${id}/resend`)).status, 404);
    assert.equal((await client.post(`/callbacks/${id}/resolve`, { reason: 'x' })).status, 404);
    assert.equal((await client.post('/callbacks/resend-listed', { agent: String(shop.id) })).status, 404);
  }
  assert.equal((await (await rig.house('read')).get('/callbacks')).status, 403);
  assert.equal((await idsOf({ state: 'listed' })).length, 3);
});

test('one callback: every attempt, and what waits before it', async () => {
  const { body } = await owner.get(`/callbacks/${listed[1]}`);
  assert.equal(body.callback.id, listed[1]);
  assert.ok(body.attempts.length >= 1);
  const [attempt] = body.attempts;
  assert.deepEqual([attempt.class, attempt.status], ['failed', 500]);
  assert.equal(JSON.parse(attempt.request).transaction.id, listed[1]);
  assert.deepEqual(body.line, []);
  assert.equal((await owner.get('/callbacks/12345')).status, 404);
});

test('sent again it arrives, in its name and with a line in the audit trail', async () => {
  const [id] = listed;
  operator.fault({});
  const answer = await owner.post(`/callbacks/${id}/resend`, { reason: 'their server is back' });
  assert.equal(answer.status, 200, answer.text);
  await until(
    'it has arrived',
    async () => (await owner.get(`/callbacks/${id}`)).body.callback.state === 'delivered',
  );
  const again = await owner.post(`/callbacks/${id}/resend`);
  assert.deepEqual([again.status, again.body.code], [409, 'unknown_callback']);
  const [line] =
    await rig.sql`select actor, subject, detail from audit_log where action = 'callback.resend' order by n desc limit 1`;
  assert.deepEqual(
    [line?.actor, line?.subject, line?.detail.agentId, line?.detail.reason, line?.detail.ip],
    [owner.person, `callback ${id}`, shop.id, 'their server is back', '127.0.0.1'],
  );
});

test('settled by hand it is not sent again, and not settled twice', async () => {
  const [, id] = listed;
  assert.equal((await owner.post(`/callbacks/${id}/resolve`, {})).status, 422);
  const done = await owner.post(`/callbacks/${id}/resolve`, { reason: 'paid by hand' });
  assert.deepEqual(
    [done.body.callback.state, done.body.callback.reason, done.body.callback.resolvedBy],
    ['resolved', 'paid by hand', owner.person],
  );
  for (const act of ['resend', 'resolve']) {
    const answer = await owner.post(`/callbacks/${id}/${act}`, { reason: 'again' });
    assert.deepEqual([answer.status, answer.body.code], [409, 'already_resolved']);
  }
  assert.equal((await idsOf({ state: 'resolved' })).length, 1);
});

test('a bet that is being asked about is nobody’s to touch, nor is anything put before it', async () => {
  operator.fault({ delay: 1 }, { delayMs: 1000, only: ['bet'] });
  const asking = player.send('b2', 'bet', { amount: '100' });
  await until('the operator is asked', async () => (await idsOf({ state: 'asking' })).length === 1);
  const [bet] = await idsOf({ state: 'asking' });
  for (const id of [bet, listed[2]]) {
    const refused = await owner.post(`/callbacks/${id}/resend`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'bet_in_flight']);
  }
  await asking;
  operator.fault({});
});

test('all that was given up of an agent is sent again', async () => {
  const answer = await owner.post('/callbacks/resend-listed', {
    agent: String(shop.id),
    reason: 'all of them',
  });
  assert.deepEqual(answer.body, { resent: 1, refused: 0, more: false });
  await until('they have arrived', async () => (await idsOf({})).length === 0);
  const none = await owner.post('/callbacks/resend-listed', { agent: String(shop.id) });
  assert.deepEqual(none.body, { resent: 0, refused: 0, more: false });
});

test('how the operator answers', async () => {
  const { body } = await owner.get('/callback-health');
  assert.equal(body.operators.length, 1);
  const [health] = body.operators;
  assert.deepEqual(
    [health.agent, health.listed, health.due, health.line.state],
    ['seamless-shop', 0, 0, 'closed'],
  );
  assert.ok(health.attempts >= 6 && health.failed >= 3 && health.lastSuccessAt !== null && health.p95Ms >= 0);
});
