/** What developers do by themselves: keys, callback secrets, addresses. No secret is in any answer but the one that makes it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endTryKeys } from '../../src/db/office-key.ts';
import { until } from '../http/rig.ts';
import { xtClient } from '../world.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let owner: OfficeClient;
let house: OfficeClient;
/** Secrets that were shown once, and every answer since. */
const secrets: string[] = [];
const answers: string[] = [];

before(async () => {
  rig = await openRig();
  // b's players' money is at the operator: settings alone, nobody plays.
  await rig.sql`update agent set wallet = 'seamless' where id = ${rig.agents.b.id}`;
  rig.world.hub.directory.forget();
  owner = heard(await rig.of('b'));
  house = heard(await rig.house('owner'));
});
after(() => rig.close());

/** Remembers what it is answered. */
function heard(client: OfficeClient): OfficeClient {
  const get: OfficeClient['get'] = async (path, query) => {
    const answer = await client.get(path, query);
    answers.push(answer.text);
    return answer;
  };
  return { ...client, get };
}

const at = (rest = '', branch: keyof OfficeRig['agents'] = 'b') =>
  `/developer/${rig.agents[branch].id}${rest}`;
const isIn = async (apiKey: string) => (await xtClient(rig.url, apiKey).get('/my-info')).status === 200;
const audited = async (action: string) => {
  const [line] =
    await rig.sql`select actor, subject, detail from audit_log where action = ${action} order by n desc limit 1`;
  return line;
};

test('the pages are the own agent’s alone; the house sees all', async () => {
  for (const path of [
    '',
    '/keys',
    '/callback-secrets',
    '/requests',
    '/certifications',
    '/refused-addresses',
  ]) {
    assert.equal((await owner.get(at(path))).status, 200, path);
    assert.equal((await house.get(at(path))).status, 200, path);
    for (const other of [await rig.of('root'), await rig.of('a'), await rig.of('other')])
      assert.equal((await other.get(at(path))).status, 404, path);
    assert.equal((await (await rig.of('b', 'agent_staff')).get(at(path))).status, 403, path);
    assert.equal((await (await rig.house('finance')).get(at(path))).status, 403, path);
    assert.equal((await rig.stranger().get(at(path))).status, 401, path);
  }
  assert.equal((await house.get('/developer/999999')).status, 404);
});

test('a key is shown once, works at once, and is dead once it is revoked', async () => {
  const made = await owner.post(at('/keys'), { label: 'cashier' });
  assert.equal(made.status, 200, made.text);
  const { id, key, expiresAt } = made.body;
  secrets.push(key);
  assert.equal(expiresAt, null);
  assert.equal(await isIn(key), true);
  const listed = (await owner.get(at('/keys'))).body.keys;
  assert.deepEqual([listed[0].id, listed[0].label, listed[0].hint], [id, 'cashier', key.slice(0, 6)]);
  const line = await audited('agent.key.create');
  assert.deepEqual(
    [line?.actor, line?.subject, line?.detail.agentId],
    [owner.person, rig.agents.b.username, rig.agents.b.id],
  );
  assert.equal((await (await rig.of('a')).del(at(`/keys/${id}`, 'a'))).status, 404);
  assert.equal((await (await rig.of('root')).del(at(`/keys/${id}`))).status, 404);
  assert.equal(await isIn(key), true);
  assert.equal((await owner.del(at(`/keys/${id}`))).status, 200);
  assert.equal(await isIn(key), false);
  assert.deepEqual((await owner.del(at(`/keys/${id}`))).body.code, 'conflict');
  assert.equal((await audited('agent.key.revoke'))?.detail.before.label, 'cashier');
});

test('a key for trying out ends by itself', async () => {
  const { body } = await owner.post(at('/keys'), { forTrying: true });
  secrets.push(body.key);
  const minutes = (Date.parse(body.expiresAt) - Date.now()) / 60_000;
  assert.ok(minutes > 14 && minutes <= 15.1, `${minutes} minutes`);
  await endTryKeys(rig.sql);
  assert.equal(await isIn(body.key), true);
  await rig.sql`update api_key set expires_at = now() where id = ${body.id}`;
  await endTryKeys(rig.sql);
  await until('the key is dead', async () => !(await isIn(body.key)));
  const [row] = (await owner.get(at('/keys'))).body.keys.filter(({ id }: { id: number }) => id === body.id);
  assert.ok(row.revokedAt !== null);
});

test('an expired key is refused also before anybody has revoked it', async () => {
  const { body } = await owner.post(at('/keys'), { forTrying: true });
  secrets.push(body.key);
  await rig.sql`update api_key set expires_at = now() - interval '1 second' where id = ${body.id}`;
  assert.equal(await isIn(body.key), false);
});

test('there are only so many live keys', async () => {
  await rig.sql`insert into api_key (agent_id, hash, hint, label) select ${rig.agents.b.id}, sha256(n::text::bytea), 'many', 'many' from generate_series(1, 60) n`;
  assert.deepEqual((await owner.post(at('/keys'), {})).body.code, 'too_many');
  await rig.sql`delete from api_key where label = 'many'`;
  assert.equal((await owner.post(at('/keys'), { label: 'a\nb' })).status, 422);
});

test('callback secrets: a fresh one is shown once, the one before ends when it is told to', async () => {
  const one = await owner.post(at('/callback-secrets'));
  const two = await owner.post(at('/callback-secrets'));
  secrets.push(one.body.secret, two.body.secret);
  assert.notEqual(one.body.secret, two.body.secret);
  const operator = await rig.world.hub.directory.operatorOf(rig.agents.b.id as never);
  assert.equal(operator?.sealed.length, 2);
  assert.equal((await owner.del(at('/callback-secrets/previous'))).body.revoked, 1);
  const { body } = await owner.get(at('/callback-secrets'));
  assert.deepEqual(
    body.secrets.map(({ revokedAt }: { revokedAt: string | null }) => revokedAt === null),
    [true, false],
  );
  assert.equal((await audited('agent.secret.rotate'))?.detail.agentId, rig.agents.b.id);
  assert.deepEqual((await (await rig.of('a')).post(at('/callback-secrets', 'a'))).body.code, 'refused');
});

test('who may call: addresses and origins are checked, kept, and in force at once', async () => {
  const changed = await owner.patch(at(), {
    allowedIps: ['203.0.113.0/24', '2001:db8::1', '127.0.0.1'],
    browserOrigins: ['https://Shop.example/', '198.51.100.9'],
  });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual(changed.body.settings.browserOrigins, ['https://shop.example', '198.51.100.9']);
  assert.equal(changed.body.settings.yourAddress, '127.0.0.1');
  const line = await audited('agent.set');
  assert.deepEqual(line?.detail.before, { allowedIps: [], browserOrigins: [] });
  assert.equal(await isIn(rig.agents.b.apiKey), true);
  await owner.patch(at(), { allowedIps: ['203.0.113.9'] });
  assert.equal(await isIn(rig.agents.b.apiKey), false);
  await owner.patch(at(), { allowedIps: [] });
  assert.equal(await isIn(rig.agents.b.apiKey), true);
  for (const [field, bad] of [
    ['allowedIps', '203.0.113.0/33'],
    ['allowedIps', 'shop.example'],
    ['browserOrigins', 'https://shop.example/path'],
    ['browserOrigins', 'shop.example'],
    ['browserOrigins', 'javascript:alert(1)'],
  ] as const) {
    const refused = await owner.patch(at(), { [field]: [bad] });
    assert.deepEqual([refused.status, Object.keys(refused.body.fields)], [422, [field]], bad);
    assert.ok(refused.body.fields[field].includes(bad));
  }
  assert.equal((await owner.patch(at(), { pacing: false })).status, 422);
  assert.equal((await (await rig.of('root')).patch(at(), { allowedIps: [] })).status, 404);
});

test('where callbacks go: what would never arrive is refused', async () => {
  const changed = await owner.patch(at(), {
    callbackUrl: 'https://203.0.114.7/wallet',
    userAgent: 'Croupier/1',
    cutoffHours: 48,
    slotBooster: true,
  });
  assert.deepEqual(changed.body.warnings, []);
  const { callbackUrl, userAgent, cutoffHours, slotBooster } = changed.body.settings;
  assert.deepEqual(
    [callbackUrl, userAgent, cutoffHours, slotBooster],
    ['https://203.0.114.7/wallet', 'Croupier/1', 48, true],
  );
  assert.equal((await owner.get(at())).body.cutoffHours, 48);
  for (const [url, why] of [
    ['ftp://shop.example', 'must be an http'],
    ['https://me:secret@shop.example', 'name or password'],
    ['https://shop.example?a=1', 'a query'],
    ['https://shop.example#a', 'a fragment'],
    ['http://10.1.2.3/wallet', 'an internal network'],
    ['http://0x0a010203/wallet', 'an internal network'],
    ['http://[::ffff:169.254.169.254]/latest', 'an internal network'],
  ] as const) {
    const refused = await owner.patch(at(), { callbackUrl: url });
    assert.equal(refused.status, 422, url);
    assert.ok(refused.body.fields.callbackUrl.includes(why), url);
  }
  const plain = await owner.patch(at(), { callbackUrl: 'http://203.0.114.7' });
  assert.deepEqual(plain.body.warnings, ['not_https']);
  for (const bad of [
    { cutoffHours: 0 },
    { cutoffHours: 8761 },
    { userAgent: 'a\r\nb' },
    { slotBooster: 'on' },
  ])
    assert.equal((await owner.patch(at(), bad)).status, 422, JSON.stringify(bad));
  assert.deepEqual((await (await rig.of('a')).patch(at('', 'a'), { userAgent: 'x' })).body.code, 'refused');
  const none = await owner.patch(at(), { callbackUrl: null });
  assert.equal(none.body.settings.callbackUrl, null);
});

test('outside of development a callback may not lead to this machine', async () => {
  const strict = { outreach: { client: { allowLoopback: false, allowedNetworks: ['10.9.0.0/16'] } } };
  const { url } = await rig.world.secondHub(strict);
  const there = async (callbackUrl: string) => {
    const response = await fetch(`${url}/office/v1${at()}`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        'x-croupier-office': '1',
        cookie: `croupier_office=${owner.cookie()}`,
      },
      body: JSON.stringify({ callbackUrl }),
    });
    return response.status;
  };
  assert.equal(await there('http://127.0.0.1:9/'), 422);
  assert.equal(await there('http://localhost:9/'), 422);
  assert.equal(await there('http://10.9.1.1/'), 200);
  assert.equal((await owner.patch(at(), { callbackUrl: 'http://127.0.0.1:9/' })).status, 200);
});

test('no secret is in any answer, log line or audit line', async () => {
  for (const path of ['', '/keys', '/callback-secrets', '/requests', '/refused-addresses']) {
    await owner.get(at(path));
    await house.get(at(path));
  }
  const [row] =
    await rig.sql`select (select string_agg(r::text, ' ') from request_log r) as log, (select string_agg(l::text, ' ') from audit_log l) as audit`;
  const all = [...answers, row?.log ?? '', row?.audit ?? ''].join('\n');
  assert.ok(secrets.length >= 5 && answers.length > 20);
  for (const secret of secrets) assert.ok(!all.includes(secret), 'a secret was told');
});
