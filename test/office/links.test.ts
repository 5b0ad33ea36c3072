/** One-time links into an agent's back office: by an upline, and by the agent's own tools. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openVault } from '../../src/engine/seal.ts';
import type { Answer } from '../world.ts';
import { cast, refusalOf } from './cast.ts';
import { type OfficeClient, type OfficeRig, officeClient, openRig } from './rig.ts';

let rig: OfficeRig;
let owner: OfficeClient;
before(async () => {
  rig = await openRig();
  owner = await rig.house('owner', 'the owner');
});
after(() => rig.close());
beforeEach(async () => {
  await rig.sql`delete from office_link`;
});

const reason = 'asked for on the phone';
const make = (client: OfficeClient, agentId: number, more: object = {}) =>
  client.post(`/links/${agentId}`, { reason, ...more });
const tokenOf = ({ body }: Answer): string => body.link.split('/').at(-1);
const enter = (token: string, client = rig.stranger()) => client.post('/enter', { token });

test('an upline enters as the agent, under its own name, for two hours at most', async () => {
  const { a } = rig.agents;
  const made = await make(owner, a.id);
  assert.equal(made.status, 200, made.text);
  assert.match(made.body.link, /^http:\/\/127\.0\.0\.1:\d+\/office\/#\/enter\/l\.enter\./);
  assert.ok(Date.parse(made.body.expiresAt) - Date.now() <= 120_000);
  const client = rig.stranger();
  const entered = await enter(tokenOf(made), client);
  assert.equal(entered.status, 200, entered.text);
  assert.match(entered.headers.getSetCookie()[0] ?? '', /HttpOnly; SameSite=Strict/);
  const { me } = entered.body;
  assert.deepEqual([me.name, me.role, me.stage, me.byLink], ['the owner', 'agent_owner', 'in', true]);
  assert.deepEqual(me.agent, { id: a.id, username: 'branch-a', currency: 'KRW' });
  for (const permission of ['people', 'developer', 'auto_login', 'rounds'])
    assert.ok(!me.permissions.includes(permission), permission);
  assert.equal((await client.get('/people')).status, 403);
  assert.deepEqual((await client.get('/agent-names')).body.agents.length, 2);
  assert.equal((await client.patch('/me', { language: 'ko' })).status, 403, 'no page of its own');
  assert.equal((await client.post('/me/totp')).status, 403);
  const [row] =
    await rig.sql`select extract(epoch from expires_at - now()) / 60 as minutes from office_session order by id desc limit 1`;
  assert.ok(row?.minutes > 119 && row?.minutes <= 120);
  const lines =
    await rig.sql`select actor, action, subject, detail from audit_log where action like 'link.%' order by n`;
  assert.deepEqual(
    lines.map(({ actor, action, subject }) => `${actor}: ${action} ${subject}`),
    ['the owner: link.make branch-a', 'the owner: link.enter branch-a'],
  );
  assert.deepEqual([lines[0]?.detail.reason, Number(lines[0]?.detail.agentId)], [reason, a.id]);
});

test('a link opens once, also for two nodes at the same time', async () => {
  const second = await rig.world.secondHub();
  for (let round = 0; round < 5; round++) {
    const token = tokenOf(await make(owner, rig.agents.a.id));
    const tries = [rig.stranger(), officeClient(second.url), rig.stranger(), officeClient(second.url)];
    const answers = await Promise.all(tries.map((client) => enter(token, client)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 401, 401, 401]);
    assert.equal(refusalOf(await enter(token)), '401 bad_link');
  }
});

test('what has expired, was forged or was never made opens nothing', async () => {
  const { vault } = rig.world.hub;
  const made = await make(owner, rig.agents.a.id);
  const token = tokenOf(made);
  const [, , id = '', expires = ''] = token.split('.');
  const later = `${Number(expires) + 60_000}`;
  const forged: readonly (readonly [string, string])[] = [
    ['another end', token.replace(expires, later)],
    ['another row', token.replace(`.${id}.`, `.${Number(id) + 1}.`)],
    ['another mark', `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    [
      'another key',
      openVault('some other key of thirty-two characters').stamp('l', `enter.${id}.${expires}`),
    ],
    ['another purpose', vault.stamp('a', `enter.${id}.${expires}`)],
    ['a link for passwords', vault.stamp('l', `link.${id}.${expires}`)],
    ['past its end', vault.stamp('l', `enter.${id}.${Date.now() - 1}`)],
    ['no row', vault.stamp('l', `enter.987654321.${later}`)],
    ['nonsense', 'nonsense'],
  ];
  for (const [why, text] of forged) assert.equal(refusalOf(await enter(text)), '401 bad_link', why);
  const asPassword = { token, password: 'four new horses' };
  assert.equal(refusalOf(await rig.stranger().post('/password-by-link', asPassword)), '401 bad_link');
  // The row has an end of its own.
  await rig.sql`update office_link set expires_at = now() - interval '1 second'`;
  assert.equal(refusalOf(await enter(token)), '401 bad_link');
  await rig.sql`update office_link set expires_at = now() + interval '1 minute'`;
  assert.equal((await enter(token)).status, 200, 'after all that, still good once');
});

test('only an upline makes one: not for oneself, not upwards, not aside', async () => {
  const { root, a, a1, b, other } = rig.agents;
  const agent = await rig.of('a');
  assert.equal((await make(agent, a1.id)).status, 200);
  assert.equal(refusalOf(await make(agent, a.id)), '403 forbidden', 'itself');
  for (const { id } of [root, b, other]) assert.equal(refusalOf(await make(agent, id)), '404 not_found');
  assert.equal(refusalOf(await make(owner, 987654321)), '404 not_found');
  assert.equal(refusalOf(await make(await rig.of('a', 'agent_staff'), a1.id)), '403 forbidden');
  assert.equal(refusalOf(await make(await rig.house('finance'), a.id)), '403 forbidden');
  assert.equal(refusalOf(await owner.post(`/links/${a.id}`, {})), '422 invalid_request', 'say why');
});

test('support comes in as staff: who moves no money for the house moves none for an agent', async () => {
  const support = await rig.house('support');
  const { a } = rig.agents;
  assert.equal(refusalOf(await make(support, a.id, { role: 'agent_owner' })), '403 forbidden');
  assert.equal((await enter(tokenOf(await make(support, a.id)))).body.me.role, 'agent_staff');
  assert.equal(
    (await enter(tokenOf(await make(owner, a.id, { role: 'agent_staff' })))).body.me.role,
    'agent_staff',
  );
});

test('a suspended agent is not entered, and whoever is in is out', async () => {
  const { b } = rig.agents;
  const client = rig.stranger();
  await enter(tokenOf(await make(owner, b.id)), client);
  const token = tokenOf(await make(owner, b.id));
  await rig.sql`update agent set blocked_at = now() where id = ${b.id}`;
  assert.equal((await client.get('/me')).status, 401);
  assert.equal(refusalOf(await enter(token)), '401 bad_link');
  assert.equal(refusalOf(await make(owner, b.id)), '409 refused');
  await rig.sql`update agent set blocked_at = null where id = ${b.id}`;
});

test('who is shut out is out of agents’ back offices too, and their links are dead', async () => {
  const actor = await cast(rig, { name: 'visitor', role: 'support' });
  const visitor = await actor.signIn();
  const inside = rig.stranger();
  await enter(tokenOf(await make(visitor, rig.agents.a.id)), inside);
  const sessions = (await visitor.get('/me/sessions')).body.sessions;
  assert.deepEqual(
    sessions.map(({ byLink, current }: { byLink: boolean; current: boolean }) => [byLink, current]),
    [
      [true, false],
      [false, true],
    ],
  );
  const token = tokenOf(await make(visitor, rig.agents.a.id));
  await owner.patch(`/people/${actor.id}`, { disabled: true });
  assert.equal((await inside.get('/me')).status, 401);
  assert.equal(refusalOf(await enter(token)), '401 bad_link');
});

test('so many links at a time, no more', async () => {
  const { a1 } = rig.agents;
  for (let each = 0; each < 50; each++) assert.equal((await make(owner, a1.id)).status, 200);
  assert.equal(refusalOf(await make(owner, a1.id)), '429 too_many');
  assert.equal((await a1.post('/auto-login')).status, 429);
  await rig.sql`update office_link set expires_at = now() where agent_id = ${a1.id}`;
  assert.equal((await make(owner, a1.id)).status, 200);
});

test("the operator's own tools ask for a link by its key", async () => {
  const { a } = rig.agents;
  const made = await a.post('/auto-login');
  assert.equal(made.status, 200, made.text);
  const { me } = (await enter(made.body.link.split('/').at(-1))).body;
  assert.deepEqual([me.name, me.role, me.agent.id, me.byLink], ['branch-a (api)', 'agent_owner', a.id, true]);
  assert.ok(!me.permissions.includes('people'));
  const staff = await a.post('/auto-login', { role: 'agent_staff' });
  assert.equal((await enter(staff.body.link.split('/').at(-1))).body.me.role, 'agent_staff');
  assert.equal((await a.post('/auto-login', { role: 'owner' })).status, 422);
  const [line] =
    await rig.sql`select actor, detail from audit_log where action = 'link.make' order by n desc limit 1`;
  assert.deepEqual([line?.actor, Number(line?.detail.agentId)], ['branch-a (api)', a.id]);
});
