/** People and their sessions: invited, changed, helped, shut out. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createStaffKey } from '../../src/staff/keys.ts';
import { cast, knock, PASSWORD, refusalOf } from './cast.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let owner: OfficeClient;
before(async () => {
  rig = await openRig();
  owner = await rig.house('owner', 'the owner');
});
after(() => rig.close());

const tokenOf = (link: string) => link.split('/').at(-1) ?? '';
const isIn = async (client: OfficeClient) => (await client.get('/me')).status === 200;
const linesOf = async (subject: string) =>
  (await rig.sql`select action, actor, detail from audit_log where subject = ${subject} order by n`).map(
    (row) => ({
      action: row.action,
      actor: row.actor,
      detail: row.detail,
    }),
  );

test('who is invited sets a password by the link, once, and signs in', async () => {
  const made = await owner.post('/people', { name: ' Mary  Ann ', shownName: 'Mary Ann', role: 'read' });
  assert.equal(made.status, 200, made.text);
  const { id, link, expiresAt } = made.body;
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/office\/#\/link\/l\./);
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 72 * 3_600_000) < 60_000);
  const early = await knock(rig.stranger(), { name: 'mary ann' });
  assert.equal(refusalOf(early), '401 bad_credentials');
  const set = (password: string) =>
    rig.stranger().post('/password-by-link', { token: tokenOf(link), password });
  assert.equal(refusalOf(await set('mary ann 2026')), '422 weak_password');
  const done = await set(PASSWORD);
  assert.deepEqual([done.status, done.body], [200, { ok: true, name: 'mary ann' }]);
  assert.equal(refusalOf(await set('yet another horse')), '401 bad_link');
  assert.equal((await knock(rig.stranger(), { name: 'Mary Ann' })).body.me?.stage, 'enrol');
  const person = (await owner.get(`/people/${id}`)).body;
  assert.deepEqual([person.name, person.shownName, person.createdBy], ['mary ann', 'Mary Ann', 'the owner']);
  assert.deepEqual(
    (await linesOf('mary ann')).map(({ action, actor }) => `${actor}: ${action}`),
    ['the owner: person.invite', 'mary ann: office.password_by_link', 'mary ann: office.sign_in'],
  );
});

test('names are of persons, one each, across people and keys', async () => {
  const invite = (name: string, more: object) => owner.post('/people', { name, shownName: 'X', ...more });
  const of = { role: 'agent_staff', agentId: rig.agents.a.id };
  assert.equal((await invite('one', { role: 'read' })).status, 200);
  assert.equal(refusalOf(await invite('ONE', { role: 'read' })), '409 taken');
  assert.equal((await invite('weather', { role: 'read' })).body.fields?.name, 'is not the name of a person');
  assert.equal((await invite('(api)', { role: 'read' })).status, 422);
  await createStaffKey(rig.sql, { name: 'keyholder', role: 'trader', actor: 'test' });
  assert.equal((await invite('keyholder', { role: 'trader' })).status, 200, 'the same person of the house');
  await createStaffKey(rig.sql, { name: 'keyholder2', role: 'trader', actor: 'test' });
  assert.equal(
    refusalOf(await invite('keyholder2', of)),
    '409 taken',
    "an agent's person is never the house's",
  );
  const answers = await Promise.all(Array.from({ length: 4 }, () => invite('raced', { role: 'read' })));
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409, 409, 409]);
});

test('roles of the house are for the house, those of agents for agents, each in its own tree', async () => {
  const invite = (client: OfficeClient, name: string, more: object) =>
    client.post('/people', { name, shownName: name, ...more });
  assert.equal((await invite(owner, 'k1', { role: 'agent_owner' })).status, 422, 'of which agent?');
  assert.equal((await invite(owner, 'k2', { role: 'finance', agentId: rig.agents.a.id })).status, 422);
  assert.equal(
    refusalOf(await invite(owner, 'k3', { role: 'agent_owner', agentId: 987654321 })),
    '404 not_found',
  );
  const agent = await rig.of('a');
  assert.equal(refusalOf(await invite(agent, 'k4', { role: 'owner' })), '403 forbidden');
  assert.equal(
    refusalOf(await invite(agent, 'k5', { role: 'agent_staff', agentId: rig.agents.b.id })),
    '404 not_found',
  );
  const own = await invite(agent, 'k6', { role: 'agent_staff' });
  const below = await invite(agent, 'k7', { role: 'agent_owner', agentId: rig.agents.a1.id });
  const agents = await Promise.all(
    [own, below].map(async ({ body }) => (await agent.get(`/people/${body.id}`)).body.agent),
  );
  assert.deepEqual(agents, ['branch-a', 'branch-a1']);
  assert.equal((await agent.patch(`/people/${own.body.id}`, { role: 'finance' })).status, 422);
  const finance = await rig.house('finance', 'changed kind');
  assert.equal((await owner.patch(`/people/${finance.userId}`, { role: 'agent_owner' })).status, 422);
});

test('the list shows those one looks after, filtered and in order', async () => {
  const [a, a1, b] = [await rig.of('a'), await rig.of('a1', 'agent_staff'), await rig.of('b')];
  const names = async (client: OfficeClient, query: Record<string, string | number> = {}) =>
    (await client.get('/people', { limit: 500, ...query })).body.rows.map(
      ({ name }: { name: string }) => name,
    );
  const seen = await names(a);
  assert.ok(seen.includes(a.person) && seen.includes(a1.person) && !seen.includes(b.person));
  assert.ok(!seen.includes(owner.person));
  const all = await names(owner);
  assert.ok([a, a1, b, owner].every(({ person }) => all.includes(person)));
  assert.deepEqual(await names(owner, { agent: rig.agents.a1.id }), [
    ...(await names(owner, { agent: rig.agents.a1.id, order: 'name' })),
  ]);
  assert.deepEqual(await names(owner, { role: 'agent_staff', agent: rig.agents.a1.id }), [a1.person]);
  assert.deepEqual(await names(owner, { name: 'The Own' }), ['the owner']);
  assert.deepEqual(await names(owner, { name: '%' }), []);
  assert.deepEqual(await names(owner, { disabled: 'true' }), []);
  const newest = (await owner.get('/people', { order: 'newest', limit: 2 })).body;
  const next = (await owner.get('/people', { order: 'newest', limit: 2, after: newest.next })).body;
  assert.equal(new Set([...newest.rows, ...next.rows].map(({ id }) => id)).size, 4);
  const file = await owner.get('/people/export', { format: 'csv', columns: 'name,role' });
  assert.match(file.text, /the owner,owner/);
});

test('nobody changes their own role or shuts themselves out', async () => {
  const me = `/people/${owner.userId}`;
  for (const change of [{ role: 'read' }, { disabled: true }])
    assert.equal(refusalOf(await owner.patch(me, change)), '409 refused');
  assert.equal((await owner.patch(me, { role: 'owner', shownName: 'Olivia' })).body.shownName, 'Olivia');
  for (const what of ['password', 'totp'])
    assert.equal(refusalOf(await owner.post(`${me}/reset`, { what })), '409 refused');
});

test('the house is never left without an owner, also when two shut each other out', async () => {
  await rig.sql`update office_user set disabled_at = now() where role = 'owner' and name <> 'the owner'`;
  const [one, two] = [owner, await rig.house('owner', 'the other owner')];
  const [third] = [await rig.house('owner', 'an owner without a password')];
  await rig.sql`update office_user set password_at = null where id = ${third.userId}`;
  const both = await Promise.all([
    one.patch(`/people/${two.userId}`, { disabled: true }),
    two.patch(`/people/${one.userId}`, { role: 'read' }),
  ]);
  const [row] =
    await rig.sql`select count(*) as n from office_user where role = 'owner' and disabled_at is null and password_at is not null`;
  assert.equal(Number(row?.n), 1, `${both.map(({ text }) => text)}`);
  await rig.sql`update office_user set role = 'owner', disabled_at = null where id = any(${`{${one.userId},${two.userId}}`}::bigint[])`;
  owner = await rig.house('owner', 'the owner');
  await owner.patch(`/people/${two.userId}`, { disabled: true });
  const { key } = await createStaffKey(rig.sql, { name: 'key of an owner', role: 'owner', actor: 'test' });
  const headers = { authorization: `Bearer ${key}` };
  const last = await rig
    .stranger()
    .call('PATCH', `/people/${owner.userId}`, { headers, body: { disabled: true } });
  assert.equal(refusalOf(last), '409 refused', 'the last one who can sign in');
});

test('who is shut out, gets another role or another password is out at once, everywhere', async () => {
  const actor = await cast(rig, { name: 'shut-out', role: 'support' });
  const path = `/people/${actor.id}`;
  const cases: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['another role', () => owner.patch(path, { role: 'read' })],
    ['signed out', () => owner.del(`${path}/sessions`)],
    ['authenticator', () => owner.post(`${path}/reset`, { what: 'totp' })],
    ['switched off', () => owner.patch(path, { disabled: true })],
  ];
  for (const [why, act] of cases) {
    const [client, elsewhere] = [
      await rig.house('support', 'control'),
      await actor.signIn().catch(() => null),
    ];
    // Where the authenticator is gone, one signs in without it.
    const there = elsewhere ?? rig.stranger();
    if (elsewhere === null) await knock(there, { name: actor.name });
    assert.ok(await isIn(there), why);
    await act();
    assert.equal(await isIn(there), false, why);
    assert.ok(await isIn(client), 'nobody else');
  }
  assert.equal(refusalOf(await knock(rig.stranger(), { name: actor.name })), '401 bad_credentials');
  await owner.patch(path, { disabled: false });
  assert.equal((await knock(rig.stranger(), { name: actor.name })).status, 200);
  const actions = (await linesOf(actor.name)).map(({ action }) => action);
  for (const action of [
    'person.change',
    'person.sign_out',
    'person.reset.totp',
    'person.disable',
    'person.enable',
  ])
    assert.ok(actions.includes(action), action);
});

test('a shown name alone signs nobody out', async () => {
  const actor = await cast(rig, { name: 'renamed', role: 'read' });
  const client = await actor.signIn();
  assert.equal(
    (await owner.patch(`/people/${actor.id}`, { shownName: 'Renamed', role: 'read' })).status,
    200,
  );
  assert.ok(await isIn(client));
  const line = (await linesOf('renamed')).at(-1);
  assert.deepEqual(
    [line?.detail.before.shownName, line?.detail.after.shownName, line?.detail.ip],
    ['renamed', 'Renamed', '127.0.0.1'],
  );
});

test('a lost password is set anew by a link; the old one is dead at once, and so is a link before', async () => {
  const actor = await cast(rig, { name: 'lost', role: 'agent_staff', branch: 'a', totp: false });
  const reset = async () => (await owner.post(`/people/${actor.id}/reset`, { what: 'password' })).body.link;
  const first = tokenOf(await reset());
  assert.equal(refusalOf(await knock(rig.stranger(), { name: actor.name })), '401 bad_credentials');
  const second = tokenOf(await reset());
  const set = (token: string) =>
    rig.stranger().post('/password-by-link', { token, password: 'four new horses' });
  assert.equal(refusalOf(await set(first)), '401 bad_link');
  assert.equal((await set(second)).status, 200);
  assert.equal((await knock(rig.stranger(), { name: actor.name, password: 'four new horses' })).status, 200);
});

test('a thousand people are enough for an agent', async () => {
  const { id } = rig.agents.other;
  await rig.sql`insert into office_user (name, shown_name, agent_id, role, created_by)
    select 'crowd ' || i, 'crowd', ${id}, 'agent_staff', 'test' from generate_series(1, 999) i`;
  const invite = (name: string) =>
    owner.post('/people', { name, shownName: name, role: 'agent_staff', agentId: id });
  assert.equal((await invite('the thousandth')).status, 200);
  assert.equal(refusalOf(await invite('one more')), '429 too_many');
  assert.equal((await owner.get('/people', { agent: id, limit: 500 })).body.rows.length, 500);
});

test('a lock of wrong tries is opened', async () => {
  const actor = await cast(rig, { name: 'locked', role: 'agent_staff', branch: 'a', totp: false });
  for (let tries = 1; tries <= 5; tries++)
    await knock(rig.stranger(), { name: actor.name, password: 'wrong' });
  assert.match((await owner.get(`/people/${actor.id}`)).body.lockedUntil, /^20/);
  const agent = await rig.of('a');
  assert.equal((await agent.post(`/people/${actor.id}/reset`, { what: 'lock' })).status, 200);
  assert.equal((await knock(rig.stranger(), { name: actor.name })).status, 200);
});

test('a shut-out person has no use for an invitation', async () => {
  const { id, link } = (await owner.post('/people', { name: 'uninvited', shownName: 'U', role: 'read' }))
    .body;
  await owner.patch(`/people/${id}`, { disabled: true });
  const set = await rig.stranger().post('/password-by-link', { token: tokenOf(link), password: PASSWORD });
  assert.equal(refusalOf(set), '401 bad_link');
});
