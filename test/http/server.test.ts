/** The doors that belong to no API: health, readiness, metrics, and addresses nobody serves. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorld, type World } from '../world.ts';
import { rawCall } from './rig.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const get = (path: string, url = world.url) => rawCall(url, { method: 'GET', path });

test('/healthz and /readyz say yes', async () => {
  assert.deepEqual([(await get('/healthz')).status, (await get('/healthz')).body], [200, { ok: true }]);
  assert.deepEqual([(await get('/readyz')).status, (await get('/readyz')).body], [200, { ready: true }]);
});

test('/metrics counts requests by API and status, and tells of the ledger', async () => {
  const agent = await world.agent();
  await agent.get('/my-info');
  await agent.get('/user', { username: 'nobody' });
  const { status, text, headers } = await get('/metrics');
  assert.equal(status, 200);
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  for (const line of [
    /croupier_request_seconds_count\{api="api",status="200"\} [1-9]/,
    /croupier_request_seconds_count\{api="api",status="422"\} [1-9]/,
    /croupier_ledger_batch_commands_count [1-9]/,
    /croupier_ledger_waiting 0/,
  ])
    assert.match(text, line);
});

for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
  test(`${method} of an unknown address is 404 with an object`, async () => {
    const answer = await rawCall(world.url, { method, path: '/no/such/thing' });
    assert.equal(answer.status, 404);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(typeof answer.body.message, 'string');
  });
}

test('HEAD is answered without a body', async () => {
  const answer = await rawCall(world.url, { method: 'HEAD', path: '/healthz' });
  assert.deepEqual([answer.status, answer.text], [200, '']);
});

test('a hub that can’t reach its database is not ready, and says so within two seconds', async () => {
  const { hub, url } = await world.secondHub();
  await hub.sql.end({ timeout: 0 });
  const answer = await get('/readyz', url);
  assert.deepEqual([answer.status, answer.body.ready], [503, false]);
  assert.equal((await get('/healthz', url)).status, 200);
});
