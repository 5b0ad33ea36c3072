/** The log of the operator API's calls: what is kept, what never is, for whom, and how much of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setAgent } from '../../src/db/agent.ts';
import type { Sql } from '../../src/db/connect.ts';
import { forgetRequests, insertRequests, type RequestRow } from '../../src/db/request-log.ts';
import { openRequestLog } from '../../src/xt/request-log.ts';
import { until } from '../http/rig.ts';
import { xtClient } from '../world.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let owner: OfficeClient;
let house: OfficeClient;
before(async () => {
  rig = await openRig();
  owner = await rig.of('a');
  house = await rig.house('owner');
});
after(() => rig.close());

const pathOf = (branch: keyof OfficeRig['agents'] = 'a') => `/developer/${rig.agents[branch].id}/requests`;
async function rowsOf(
  client: OfficeClient,
  query: Record<string, string> = {},
  path = pathOf(),
  // biome-ignore lint/suspicious/noExplicitAny: rows as they are answered
): Promise<any[]> {
  const answer = await client.get(path, query);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.rows;
}
/** Rows are written once a second. */
async function logged(what: string, query: Record<string, string>, path = pathOf()) {
  await until(what, async () => (await rowsOf(house, query, path)).length > 0);
  return (await rowsOf(house, query, path))[0];
}

test('a call is seen with its parameters, and its refusal by name', async () => {
  const { a } = rig.agents;
  const done = await a.get('/user', { username: 'player-a' });
  assert.equal(done.status, 200);
  const seen = await logged('the call', { path: '/user', kind: 'done', username: 'Player-A' });
  assert.deepEqual(
    [seen.method, seen.path, seen.status, seen.username, seen.parameters, seen.refusal, seen.answer],
    ['GET', '/user', 200, 'player-a', { username: 'player-a' }, null, ''],
  );
  assert.equal(seen.keyHint, a.apiKey.slice(0, 6));
  assert.ok(seen.elapsedMs >= 0 && seen.ip === '127.0.0.1');
  const refused = await a.post('/user/add-balance', { username: 'x', amount: 'much' });
  assert.equal(refused.status, 422);
  const told = await logged('the refusal', { path: '/user/add-balance', kind: '4xx' });
  assert.equal(told.refusal, 'fields');
  assert.deepEqual(told.problems, { username: [{ code: 'min_length', bound: 3 }] });
  assert.deepEqual(JSON.parse(told.answer), refused.body);
});

test('every kind of refusal is told by name', async () => {
  const { a } = rig.agents;
  await a.call('DELETE', '/my-info');
  assert.equal((await logged('the method', { path: '/my-info', kind: '4xx' })).refusal, 'method_not_allowed');
  await a.post('/user/creat', { username: 'somebody' });
  assert.equal((await logged('no such call', { path: '/user/creat', kind: '4xx' })).refusal, 'not_found');
  await fetch(`${rig.url}/api/user/kick`, {
    method: 'POST',
    headers: { authorization: `Bearer ${a.apiKey}` },
    body: '{"username":',
  });
  assert.equal((await logged('the body', { path: '/user/kick', kind: '4xx' })).refusal, 'bad_body');
  await a.post('/user/sub-balance', { username: 'player-a', amount: 5_000_000 });
  const poor = await logged('the refused money', { path: '/user/sub-balance', kind: '4xx' });
  assert.equal(poor.refusal, 'user_balance_too_low');
  assert.deepEqual(poor.parameters, { username: 'player-a', amount: '5000000' });
  await setAgent(rig.sql, rig.agents.a.id as never, { allowedIps: ['198.51.100.7'] });
  await until('the list of addresses', async () => (await a.get('/vendor-list')).status === 403);
  assert.equal(
    (await logged('the address', { path: '/vendor-list', kind: '4xx' })).refusal,
    'ip_not_allowed',
  );
  await setAgent(rig.sql, rig.agents.a.id as never, { allowedIps: [] });
  const addresses = await owner.get(`/developer/${a.id}/refused-addresses`);
  assert.deepEqual(
    // biome-ignore lint/suspicious/noExplicitAny: rows as they are answered
    addresses.body.addresses.map(({ ip, refusal }: any) => [ip, refusal]),
    [['127.0.0.1', 'ip_not_allowed']],
  );
});

test('keys and tokens are never kept, wherever they are put', async () => {
  const { a } = rig.agents;
  const { apiKey } = a;
  const user = await a.get('/user', { username: 'player-a' });
  const token =
    user.body.token ?? (await a.call('PATCH', '/user/refresh-token', { username: 'player-a' })).body.token;
  assert.ok(typeof token === 'string' && token.length > 10);
  await a.get('/open', { token, vendor: 'evolution', game_id: 'none' });
  await a.get('/game-list', { vendor: apiKey, api_key: apiKey, password: 'hunter-number-two' });
  await a.get(`/${apiKey}/x`);
  await fetch(`${rig.url}/api/user?username=${encodeURIComponent(apiKey)}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  await logged('the last of them', { path: '/user', kind: '4xx' });
  await logged('the path', { path: '/…/x' });
  const opened = await logged('the opened game', { path: '/open' });
  assert.equal(opened.parameters.token, '…');
  const listed = await logged('the listed games', { path: '/game-list' });
  assert.deepEqual(listed.parameters, { vendor: '…', api_key: '…', password: '…' });
  const [stored] = await rig.sql`select coalesce(string_agg(r::text, ' '), '') as text from request_log r`;
  for (const secret of [apiKey, token, 'hunter-number-two'])
    assert.ok(!stored?.text.includes(secret), 'a secret was stored');
});

test('an agent sees its own calls alone; those of nobody are for the house', async () => {
  await rig.agents.b.get('/my-info');
  await logged('a call of b', { path: '/my-info', kind: 'done' }, pathOf('b'));
  for (const client of [owner, await rig.of('root'), await rig.of('a1')])
    assert.equal((await client.get(pathOf('b'))).status, 404);
  assert.equal((await (await rig.of('b', 'agent_staff')).get(pathOf('b'))).status, 403);
  assert.equal((await rowsOf(await rig.of('b'), {}, pathOf('b'))).length > 0, true);
  const guess = xtClient(rig.url, 'a-key-that-nobody-has-ever-been-given-by-us');
  assert.equal((await guess.get('/my-info')).status, 401);
  await logged('the stranger', { ip: '127.0.0.1' }, '/unknown-callers');
  const [row] = await rowsOf(house, { kind: '4xx' }, '/unknown-callers');
  assert.deepEqual([row.refusal, row.keyHint, row.parameters], ['unauthenticated', 'a-key-', {}]);
  assert.equal((await owner.get('/unknown-callers')).status, 404);
});

test('calls of all nodes are in one list, and pages walk through it', async () => {
  const second = await rig.world.secondHub();
  const { a1 } = rig.agents;
  const there = xtClient(second.url, a1.apiKey);
  for (let i = 0; i < 4; i++) await (i % 2 === 0 ? a1 : there).get('/user', { username: `walker-${i}` });
  const path = pathOf('a1');
  await until(
    'both nodes',
    async () => (await rowsOf(house, { path: '/user', kind: '4xx' }, path)).length === 4,
  );
  const walked: string[] = [];
  let next: string | null = '';
  while (next !== null) {
    const query: Record<string, string> = { path: '/user', kind: '4xx', limit: '1' };
    const { body } = await house.get(path, next === '' ? query : { ...query, after: next });
    walked.push(...body.rows.map((row: { username: string }) => row.username));
    next = body.next;
  }
  assert.deepEqual(walked.toSorted(), ['walker-0', 'walker-1', 'walker-2', 'walker-3']);
  const now = Date.now();
  const span = (from: number, to: number) => ({
    path: '/user',
    from: new Date(now + from).toISOString(),
    to: new Date(now + to).toISOString(),
  });
  assert.equal((await rowsOf(house, span(-60_000, 1000), path)).length >= 4, true);
  assert.equal((await rowsOf(house, span(1000, 60_000), path)).length, 0);
});

// ---- bounds ---------------------------------------------------------------------------------------------------

const request = (url = '/api/my-info') =>
  ({ method: 'GET', url, ip: '127.0.0.1', headers: {} }) as unknown as FastifyRequest;
const reply = (statusCode: number) => ({ statusCode, elapsedTime: 1 }) as unknown as FastifyReply;

test('so many a second are kept, refusals before successes; the rest is counted', async () => {
  const { id } = rig.agents.other;
  const log = openRequestLog({ sql: rig.sql, onError: assert.ifError });
  const calls = (count: number, status: number) => {
    for (let i = 0; i < count; i++) {
      const one = request();
      log.of(one).agentId = id as never;
      log.ended(one, reply(status));
    }
  };
  calls(500, 200);
  calls(500, 403);
  await log.flush();
  calls(1, 200);
  await log.close();
  const [row] =
    await rig.sql`select count(*) filter (where status = 200)::integer as done, count(*) filter (where status = 403)::integer as refused,
    sum(left_out)::integer as left_out from request_log where agent_id = ${id} and ip = '127.0.0.1' and path = '/my-info'`;
  assert.deepEqual({ ...row }, { done: 21, refused: 50, left_out: 930 });
});

test('a store that is away fails no call, and nothing grows', async () => {
  const failures: unknown[] = [];
  const away = (() => Promise.reject(new Error('away'))) as unknown as Sql;
  const log = openRequestLog({ sql: away, onError: (error) => failures.push(error) });
  log.ended(request(`/api/${'x'.repeat(5000)}`), reply(404));
  await log.flush();
  await log.close();
  assert.equal(failures.length, 1);
});

test('the last of an agent stay, and nothing older than days', async () => {
  const { id } = rig.agents.root;
  const row: RequestRow = {
    ...{ at: new Date().toISOString(), agentId: id as never, method: 'GET', path: '/kept', status: 200 },
    ...{ elapsedMs: 1, ip: '192.0.2.1', keyHint: null, username: null, parameters: '{}', refusal: null },
    ...{ problems: null, answer: '', leftOut: 0 },
  };
  const old = { ...row, at: new Date(Date.now() - 4 * 86_400_000).toISOString(), path: '/old' };
  const nobody = { ...row, agentId: null };
  await insertRequests(rig.sql, [old, ...Array(30).fill(row), ...Array(30).fill(nobody)]);
  await forgetRequests(rig.sql, 25);
  const [left] = await rig.sql`select count(*) filter (where agent_id = ${id})::integer as mine,
    count(*) filter (where agent_id is null)::integer as of_nobody, count(*) filter (where path = '/old')::integer as old from request_log`;
  assert.deepEqual({ ...left }, { mine: 25, of_nobody: 25, old: 0 });
});
