/** The door, as a hostile page, a stolen cookie and a stranger with much to send would have it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig({ trustProxy: true });
});
after(() => rig.close());

const PAGE = { 'x-croupier-office': '1' };
const kickOf = (id: number) => `/players/${id}/kick`;

test('whatever a page elsewhere can send changes nothing', async () => {
  const owner = await rig.of('a');
  const path = kickOf(rig.players.a.id);
  const types = ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', ''];
  for (const type of types) {
    const headers = type === '' ? {} : { 'content-type': type };
    const answer = await owner.call('POST', path, { body: Buffer.from('{}'), headers });
    assert.deepEqual([answer.status, answer.body.code], [403, 'csrf'], type);
  }
  for (const origin of ['null', 'https://evil.example', `${rig.url}.evil.example`, 'http://127.0.0.1:1', ''])
    for (const method of ['POST', 'DELETE']) {
      const at = method === 'POST' ? path : '/me/sessions';
      const answer = await owner.call(method, at, { body: {}, headers: { ...PAGE, origin } });
      assert.deepEqual([answer.status, answer.body.code], [403, 'csrf'], `${method} ${origin}`);
    }
  for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method']) {
    const answer = await owner.call('GET', path, { headers: { ...PAGE, [name]: 'POST' } });
    assert.equal(answer.status, 404, name);
    const page = await owner.call('GET', `/me?_method=DELETE`, { headers: { ...PAGE, [name]: 'DELETE' } });
    assert.ok(page.status === 200, page.text);
  }
  for (const method of ['HEAD', 'OPTIONS'])
    for (const at of ['/players', '/players/export?format=csv', '/me']) {
      const headers = { cookie: `croupier_office=${owner.cookie()}` };
      const answer = await fetch(`${rig.url}/office/v1${at}`, { method, headers });
      await answer.text();
      assert.equal(answer.status, 404, `${method} ${at}`);
      assert.equal(answer.headers.get('access-control-allow-origin'), null);
    }
  const lines = await rig.sql`select 1 from audit_log where action in ('player.kick', 'office.sessions_end')`;
  assert.equal(lines.length, 0);
  assert.equal((await owner.post(path)).status, 200, 'and the page itself can');
});

test('answers are kept by nobody, framed by nobody and read as what they are', async () => {
  const owner = await rig.of('a');
  for (const path of ['/me', '/players', '/players/export?format=csv', '/nothing', '/players/99999']) {
    const { headers } = await owner.get(path);
    assert.equal(headers.get('cache-control'), 'no-store', path);
    assert.equal(headers.get('x-frame-options'), 'DENY', path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
  }
});

test('a cookie used from another address goes on, and there is a line about it', async () => {
  const owner = await rig.of('a', 'agent_owner', 'who is robbed');
  const from = (ip: string) => owner.call('GET', '/me', { headers: { ...PAGE, 'x-forwarded-for': ip } });
  const lines = () =>
    rig.sql`select detail from audit_log where action = 'office.session_moved' and actor = ${owner.person} order by n`;
  const rest = () =>
    rig.sql`update office_session set seen_at = now() - interval '2 minutes' where user_id = ${owner.userId}`;
  await rest();
  assert.equal((await from('127.0.0.1')).status, 200);
  assert.equal((await lines()).length, 0, 'where it was');
  await rest();
  const answers = await Promise.all(Array.from({ length: 8 }, () => from('203.0.113.9')));
  assert.ok(answers.every(({ status }) => status === 200));
  const [line, ...more] = await lines();
  assert.deepEqual([line?.detail.from, line?.detail.ip, more.length], ['127.0.0.1', '203.0.113.9', 0]);
  const { sessions } = (await owner.get('/me/sessions')).body;
  assert.ok(sessions.some((each: { ip: string }) => each.ip === '203.0.113.9'));
});

test('a stranger is turned away before what they send is read', async (t) => {
  const { port } = rig.world.hub.server.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  // The body never comes.
  socket.write(
    `POST /office/v1/attachments?name=x.txt HTTP/1.1\r\nhost: x\r\nx-croupier-office: 1\r\ncontent-length: 5000000\r\n\r\n`,
  );
  const [answer] = await Promise.race([once(socket, 'data'), once(AbortSignal.timeout(20_000), 'abort')]);
  assert.match(String(answer), /^HTTP\/1\.1 401 /);
});

test('who is shut out while their body is on its way does nothing any more', async (t) => {
  const staff = await rig.of('a', 'agent_staff', 'slow with a body');
  const { port } = rig.world.hub.server.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  const head = `POST /office/v1${kickOf(rig.players.a.id)} HTTP/1.1\r\nhost: x\r\nx-croupier-office: 1\r\ncookie: croupier_office=${staff.cookie()}\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n`;
  socket.write(head);
  const [first] = await Promise.race([once(socket, 'data'), once(AbortSignal.timeout(20_000), 'abort')]);
  assert.match(String(first), /^HTTP\/1\.1 100 /);
  const owner = await rig.of('a');
  assert.equal((await owner.patch(`/people/${staff.userId}`, { disabled: true })).status, 200);
  socket.write('{}');
  const [answer] = await Promise.race([once(socket, 'data'), once(AbortSignal.timeout(20_000), 'abort')]);
  assert.match(String(answer), /^HTTP\/1\.1 401 /);
});
