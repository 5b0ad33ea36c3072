/** The front door: names, passwords, codes, and what happens to those who guess. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { IDLE_MIN } from '../../src/db/office-session.ts';
import { cast, knock, PASSWORD, refusalOf } from './cast.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());
beforeEach(async () => {
  await rig.sql`delete from office_try`;
});

const audited = async (action: string, subject: string) =>
  Number(
    (await rig.sql`select count(*) as n from audit_log where action = ${action} and subject = ${subject}`)[0]
      ?.n,
  );
const wrongly = (name: string, client: OfficeClient = rig.stranger()) =>
  knock(client, { name, password: 'wrong' });
/** Locks end, as if their time had passed. */
const unlocked = (name: string) =>
  rig.sql`update office_user set locked_until = now() - interval '1 second' where name = ${name}`;

test('who is right is in, and sees who they are, what they may do, and the sign-in before', async () => {
  const { name, code, freshCodes } = await cast(rig, { name: 'in', role: 'finance' });
  const client = rig.stranger();
  const first = await knock(client, { name: ' IN ', code: code() });
  assert.equal(first.status, 200, first.text);
  const { me } = first.body;
  assert.deepEqual([me.name, me.role, me.stage, me.agent, me.previous], [name, 'finance', 'in', null, null]);
  assert.ok(me.permissions.includes('pot') && !me.permissions.includes('people'));
  assert.deepEqual([me.byLink, me.totp, me.demo, me.language], [false, true, false, 'en']);
  assert.deepEqual((await client.get('/me')).body, me);
  await freshCodes();
  const again = await knock(rig.stranger(), { name, code: code() });
  assert.equal(again.body.me.previous.ip, '127.0.0.1');
  assert.match(again.body.me.previous.at, /^20.*\.\d{6}Z$/);
  assert.equal(await audited('office.sign_in', name), 2);
});

test('the cookie is for the page alone, and a new one each time', async () => {
  const { name, code, freshCodes } = await cast(rig, { name: 'cookie', role: 'read' });
  const [client, other] = [rig.stranger(), rig.stranger()];
  const answer = await knock(client, { name, code: code() });
  const [set = ''] = answer.headers.getSetCookie();
  assert.match(set, /^croupier_office=[\w-]{40}; Path=\/office; HttpOnly; SameSite=Strict$/);
  await freshCodes();
  await knock(other, { name, code: code() });
  assert.notEqual(client.cookie(), other.cookie());
  const kept = await rig.sql`select encode(hash, 'hex') as hash from office_session where person = ${name}`;
  assert.ok(kept.every(({ hash }) => hash !== client.cookie() && hash.length === 64));
});

test('who signs in where somebody is signed in already ends that session', async () => {
  const [one, two] = [
    await cast(rig, { name: 'former', role: 'read' }),
    await cast(rig, { name: 'latter', role: 'read' }),
  ];
  const client = await one.signIn();
  const former = client.cookie();
  assert.equal((await knock(client, { name: two.name, code: two.code() })).body.me?.name, 'latter');
  const headers = { cookie: `croupier_office=${former}` };
  assert.equal((await rig.stranger().call('GET', '/me', { headers })).status, 401);
});

test('behind https the cookie is for https alone', async () => {
  const { url } = await rig.world.secondHub({ publicUrl: 'https://hub.example' });
  const { name, code } = await cast(rig, { name: 'https', role: 'read' });
  const answer = await fetch(`${url}/office/v1/session`, {
    method: 'POST',
    headers: { 'x-croupier-office': '1', origin: 'https://hub.example' },
    body: JSON.stringify({ name, password: PASSWORD, code: code() }),
  });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.getSetCookie()[0] ?? '', /; Secure$/);
});

test('a wrong name and a wrong password are told alike, and take a hash each', async () => {
  await cast(rig, { name: 'known', role: 'read' });
  await wrongly('warm-up');
  // The hub works in this process, so that a hash is seen in its work, whatever else the machine does meanwhile.
  const tried = async (name: string) => {
    const answers: { readonly told: string; readonly ms: number }[] = [];
    for (let tries = 1; tries <= 3; tries++) {
      const from = process.cpuUsage();
      const { status, text } = await wrongly(name);
      const { user, system } = process.cpuUsage(from);
      answers.push({ told: `${status} ${text}`, ms: (user + system) / 1000 });
    }
    return { told: new Set(answers.map(({ told }) => told)), ms: Math.min(...answers.map(({ ms }) => ms)) };
  };
  const known = await tried('known');
  assert.match([...known.told].join(), /^401 .*bad_credentials/);
  for (const name of ['nobody at all', '-- §']) {
    const nobody = await tried(name);
    assert.deepEqual(nobody.told, known.told);
    // A hash takes tens of milliseconds, all else some.
    assert.ok(nobody.ms > known.ms / 2, `${nobody.ms} ms of ${known.ms} ms`);
  }
});

test('who is switched off, has no password yet or whose agent is suspended is nobody', async () => {
  const [off, none, suspended] = [
    await cast(rig, { name: 'off', role: 'read' }),
    await cast(rig, { name: 'none', role: 'read' }),
    await cast(rig, { name: 'suspended', role: 'agent_owner', branch: 'other', totp: false }),
  ];
  await rig.sql`update office_user set disabled_at = now() where id = ${off.id}`;
  await rig.sql`update office_user set password_hash = null where id = ${none.id}`;
  await rig.sql`update agent set blocked_at = now() where id = ${rig.agents.other.id}`;
  for (const { name } of [off, none, suspended])
    assert.equal(refusalOf(await knock(rig.stranger(), { name })), '401 bad_credentials');
  await rig.sql`update agent set blocked_at = null where id = ${rig.agents.other.id}`;
  assert.equal((await knock(rig.stranger(), { name: suspended.name })).status, 200);
});

test('five wrong tries shut the door, each further one for longer; the right one opens it for good', async () => {
  const { name, code, freshCodes } = await cast(rig, { name: 'guessed', role: 'read' });
  for (let tries = 1; tries <= 5; tries++)
    assert.equal(refusalOf(await wrongly(name)), '401 bad_credentials', `try ${tries}`);
  const shut = await knock(rig.stranger(), { name, code: code() });
  assert.equal(refusalOf(shut), '429 locked');
  assert.ok(shut.body.retryAfterMs > 55_000 && shut.body.retryAfterMs <= 60_000, shut.text);
  assert.ok(Number(shut.headers.get('retry-after')) >= 55);
  assert.equal(await audited('office.locked', name), 1);
  await unlocked(name);
  await wrongly(name);
  const longer = await wrongly(name);
  assert.ok(longer.body.retryAfterMs > 115_000 && longer.body.retryAfterMs <= 120_000, longer.text);
  await unlocked(name);
  await freshCodes();
  assert.equal((await knock(rig.stranger(), { name, code: code() })).status, 200);
  for (let tries = 1; tries <= 4; tries++) await wrongly(name);
  await freshCodes();
  assert.equal((await knock(rig.stranger(), { name, code: code() })).status, 200);
});

test('a name nobody has is locked as others are', async () => {
  for (let tries = 1; tries <= 5; tries++) assert.equal((await wrongly('ghost')).status, 401);
  const shut = await wrongly('ghost');
  assert.equal(refusalOf(shut), '429 locked');
  assert.ok(shut.body.retryAfterMs > 55_000 && shut.body.retryAfterMs <= 60_000);
  const kept = await rig.sql`select key from office_try`;
  assert.ok(
    kept.every(({ key }) => !key.includes('ghost')),
    'a name may be a password in the wrong field',
  );
});

test('tries at the same time are all counted: no more of them are looked at than one after the other', async () => {
  const { name } = await cast(rig, { name: 'stormed', role: 'read' });
  const answers = await Promise.all(Array.from({ length: 20 }, () => wrongly(name)));
  const codes = answers.map(({ body }) => body.code).toSorted();
  assert.deepEqual(codes, [...Array(5).fill('bad_credentials'), ...Array(15).fill('locked')]);
  const [row] = await rig.sql`select tries from office_user where name = ${name}`;
  assert.equal(row?.tries, 5);
});

test('one address that tries many names is shut out, others are not', async () => {
  const { name, code } = await cast(rig, { name: 'neighbour', role: 'read' });
  for (let each = 1; each <= 30; each++) assert.equal((await wrongly(`spray-${each}`)).status, 401);
  const shut = await knock(rig.stranger(), { name, code: code() });
  assert.equal(refusalOf(shut), '429 locked');
  assert.ok(shut.body.retryAfterMs > 800_000 && shut.body.retryAfterMs <= 900_000, shut.text);
  assert.equal(await audited('office.address_locked', '127.0.0.1'), 1);
  await rig.sql`update office_try set since = since - interval '15 minutes' where key like 'from %'`;
  assert.equal((await knock(rig.stranger(), { name, code: code() })).status, 200);
});

test('what is right does not count against an address', async () => {
  const { name, code, freshCodes } = await cast(rig, { name: 'often', role: 'read' });
  for (let each = 0; each < 3; each++) {
    await freshCodes();
    assert.equal((await knock(rig.stranger(), { name })).body.code, 'second_factor_needed');
    assert.equal((await knock(rig.stranger(), { name, code: code() })).status, 200);
  }
  const [row] = await rig.sql`select tries from office_try`;
  assert.equal(row?.tries, 0);
});

test('without a code nothing is set; wrong codes shut the door as wrong passwords do, and asking anew opens nothing', async () => {
  const { name, code } = await cast(rig, { name: 'coded', role: 'read' });
  const client = rig.stranger();
  for (let tries = 1; tries <= 5; tries++) {
    const asked = await knock(client, { name });
    assert.equal(refusalOf(asked), '401 second_factor_needed');
    assert.deepEqual([asked.headers.getSetCookie(), client.cookie()], [[], null]);
    assert.equal(refusalOf(await knock(client, { name, code: '000000' })), '401 bad_code');
  }
  assert.equal(refusalOf(await knock(client, { name, code: code() })), '429 locked');
});

test('a code is good once, one step early or late, no more', async () => {
  const { name, code, freshCodes } = await cast(rig, { name: 'timed', role: 'read' });
  const enter = (aside: number) => knock(rig.stranger(), { name, code: code(aside) });
  assert.equal((await enter(0)).status, 200);
  assert.equal(refusalOf(await enter(0)), '401 bad_code', 'played back');
  assert.equal(refusalOf(await enter(-1)), '401 bad_code', 'older than the last used');
  assert.equal((await enter(1)).status, 200);
  await freshCodes();
  assert.equal(refusalOf(await enter(3)), '401 bad_code');
  assert.equal(refusalOf(await enter(-3)), '401 bad_code');
  await freshCodes();
  const both = await Promise.all([enter(0), enter(0)]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 401], 'two at once');
});

test('a session ends after half an hour of nothing, and after twelve hours whatever is done', async () => {
  const actor = await cast(rig, { name: 'timely', role: 'read' });
  const shift = (column: string, minutes: number) =>
    rig.sql`update office_session set ${rig.sql(column)} = now() + make_interval(secs => ${minutes * 60}) where user_id = ${actor.id}`;
  const idle = await actor.signIn();
  await shift('seen_at', -IDLE_MIN + 0.5);
  assert.equal((await idle.get('/me')).status, 200, 'not yet, and seen again');
  await shift('seen_at', -IDLE_MIN - 0.1);
  assert.equal(refusalOf(await idle.get('/me')), '401 unauthenticated');
  const long = await actor.signIn();
  const [row] =
    await rig.sql`select extract(epoch from max(expires_at) - now()) / 3600 as hours from office_session where user_id = ${actor.id}`;
  assert.ok(row?.hours > 11.99 && row?.hours <= 12);
  await shift('expires_at', -0.1);
  assert.equal(refusalOf(await long.get('/me')), '401 unauthenticated');
});

test('who signs out is out, and the browser forgets the cookie', async () => {
  const client = await (await cast(rig, { name: 'leaver', role: 'read' })).signIn();
  const cookie = client.cookie();
  const left = await client.del('/session');
  assert.equal(left.status, 200);
  assert.match(left.headers.getSetCookie()[0] ?? '', /^croupier_office=; .*Max-Age=0/);
  assert.equal(client.cookie(), null);
  const headers = { cookie: `croupier_office=${cookie}` };
  assert.equal((await client.call('GET', '/me', { headers })).status, 401);
  assert.equal(await audited('office.sign_out', 'leaver'), 1);
});

test('what changes anything must come from the page; nothing may be framed or kept', async () => {
  const client = await (await cast(rig, { name: 'forged', role: 'read' })).signIn();
  const from = (headers: Record<string, string>) =>
    client.call('PATCH', '/me', { body: { shownName: 'Forged' }, headers });
  assert.equal(refusalOf(await from({})), '403 csrf', 'no header');
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal(refusalOf(await from(form)), '403 csrf', 'a form');
  const page = { 'x-croupier-office': '1' };
  assert.equal(refusalOf(await from({ ...page, origin: 'https://evil.example' })), '403 csrf', 'elsewhere');
  assert.equal(refusalOf(await from({ ...page, origin: 'null' })), '403 csrf', 'nowhere');
  const door = rig.stranger();
  const forged = await door.call('POST', '/session', {
    body: { name: 'forged', password: PASSWORD },
    headers: {},
  });
  assert.equal(refusalOf(forged), '403 csrf', 'at the door too');
  const good = await from({ ...page, origin: rig.url });
  assert.equal(good.status, 200, good.text);
  for (const [name, value] of [
    ['x-frame-options', 'DENY'],
    ['cache-control', 'no-store'],
    ['x-content-type-options', 'nosniff'],
  ] as const)
    assert.equal(good.headers.get(name), value);
});

test('a key of the staff says who it is, and has no page of its own', async () => {
  const { createStaffKey } = await import('../../src/staff/keys.ts');
  const { key } = await createStaffKey(rig.sql, { name: 'keyed', role: 'read', actor: 'test' });
  const headers = { authorization: `Bearer ${key}` };
  const me = await rig.stranger().call('GET', '/me', { headers });
  assert.deepEqual([me.status, me.body.name, me.body.stage, me.body.byLink], [200, 'keyed', 'in', false]);
  const changed = await rig.stranger().call('PATCH', '/me', { headers, body: { language: 'ko' } });
  assert.equal(refusalOf(changed), '403 forbidden');
  const wrong = await rig.stranger().call('GET', '/me', { headers: { authorization: 'Bearer nonsense' } });
  assert.equal(wrong.status, 401);
});
