/** My page: settings, password, sessions. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cast, knock, PASSWORD, refusalOf } from './cast.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

const isIn = async (client: OfficeClient) => (await client.get('/me')).status === 200;

test('settings are kept, and say what they were', async () => {
  const client = await rig.of('a', 'agent_staff', 'setter');
  const change = {
    shownName: '김 에이전트',
    language: 'ko',
    timeZone: 'Asia/Seoul',
    notify: { pot: true, 'desk.new': false },
  };
  const changed = await client.patch('/me', change);
  assert.equal(changed.status, 200, changed.text);
  const { shownName, language, timeZone, notify } = (await client.get('/me')).body;
  assert.deepEqual({ shownName, language, timeZone, notify }, change);
  assert.deepEqual(changed.body, (await client.get('/me')).body);
  await client.patch('/me', { language: 'zh' });
  assert.equal((await client.get('/me')).body.timeZone, 'Asia/Seoul', 'the rest stays');
  const [line] =
    await rig.sql`select detail from audit_log where action = 'office.settings' order by n limit 1`;
  assert.deepEqual([line?.detail.before.language, line?.detail.after.language], ['en', 'ko']);
});

test('settings that are none are refused and change nothing', async () => {
  const client = await rig.of('a', 'agent_staff', 'misfit');
  const before = (await client.get('/me')).body;
  const bad: readonly object[] = [
    { timeZone: 'Asia/Atlantis' },
    { timeZone: '+09:00' },
    { timeZone: '' },
    { language: 'de' },
    { shownName: '' },
    { shownName: 'x'.repeat(81) },
    { shownName: 'a\u0000b' },
    { notify: { 'NOT ONE': true } },
    { notify: { pot: 'yes' } },
    {
      notify: Object.fromEntries(
        Array.from({ length: 51 }, (_, n) => [
          `x.${'a'.repeat(n % 30)}${'b'.repeat(Math.floor(n / 30))}`,
          true,
        ]),
      ),
    },
    { role: 'owner' },
  ];
  for (const change of bad)
    assert.equal(refusalOf(await client.patch('/me', change)), '422 invalid_request', JSON.stringify(change));
  assert.deepEqual((await client.get('/me')).body, before);
});

test('another password takes the one there is, ends all other sessions, and is no weak one', async () => {
  const actor = await cast(rig, { name: 'changer', role: 'agent_owner', branch: 'a', totp: false });
  const [client, elsewhere] = [await actor.signIn(), await actor.signIn()];
  const change = (current: string, next: string) => client.post('/me/password', { current, next });
  assert.equal(refusalOf(await change('wrong', 'four new horses')), '401 bad_credentials');
  for (const weak of ['short', 'password123', 'changer-of-things', '1234567890'])
    assert.equal(refusalOf(await change(PASSWORD, weak)), '422 weak_password', weak);
  assert.ok(await isIn(elsewhere));
  assert.equal((await change(PASSWORD, 'four new horses')).status, 200);
  assert.deepEqual([await isIn(client), await isIn(elsewhere)], [true, false]);
  const enter = (password: string) => knock(rig.stranger(), { name: actor.name, password });
  assert.equal(refusalOf(await enter(PASSWORD)), '401 bad_credentials');
  assert.equal((await enter('four new horses')).status, 200);
});

test('one sees where one is signed in, and signs out there', async () => {
  const actor = await cast(rig, { name: 'seen', role: 'read' });
  const [client, phone, third] = [await actor.signIn(), await actor.signIn(), await actor.signIn()];
  const { sessions } = (await client.get('/me/sessions')).body;
  assert.equal(sessions.length, 3);
  assert.deepEqual(
    sessions.map(({ current }: { current: boolean }) => current),
    [false, false, true],
  );
  assert.deepEqual(Object.keys(sessions[0]).toSorted(), [
    'browser',
    'byLink',
    'createdAt',
    'current',
    'id',
    'ip',
    'proven',
    'seenAt',
  ]);
  const [ofThird] = sessions;
  assert.equal((await client.del(`/me/sessions/${ofThird.id}`)).status, 200);
  assert.deepEqual([await isIn(third), await isIn(phone)], [false, true]);
  assert.equal(refusalOf(await client.del(`/me/sessions/${ofThird.id}`)), '404 not_found');
  assert.deepEqual((await client.del('/me/sessions')).body, { ok: true, ended: 1 });
  assert.deepEqual([await isIn(phone), await isIn(client)], [false, true]);
});

test("nobody ends another's session", async () => {
  const [mine, theirs] = [await rig.house('read', 'reader one'), await rig.house('read', 'reader two')];
  const [session] = (await theirs.get('/me/sessions')).body.sessions;
  assert.equal(refusalOf(await mine.del(`/me/sessions/${session.id}`)), '404 not_found');
  assert.equal((await mine.del('/me/sessions')).body.ended, 0);
  assert.ok(await isIn(theirs));
});

test('twenty sessions are enough: the oldest ends', async () => {
  const actor = await cast(rig, { name: 'many', role: 'agent_staff', branch: 'a', totp: false });
  const first = await actor.signIn();
  const second = await actor.signIn();
  for (let more = 0; more < 19; more++) await actor.signIn();
  assert.deepEqual([await isIn(first), await isIn(second)], [false, true]);
});

test('what is over is forgotten after a week, and nothing that is not', async () => {
  const { forgetOfficeSessions } = await import('../../src/db/office-session.ts');
  const { forgetLinks } = await import('../../src/db/office-link.ts');
  const { forgetTries } = await import('../../src/db/office-try.ts');
  const client = await rig.house('read', 'kept');
  const gone = await rig.house('read', 'gone');
  await rig.sql`update office_session set expires_at = now() - interval '8 days' where user_id = ${gone.userId}`;
  await rig.sql`insert into office_try (key, tries, since) values ('from a', 1, now() - interval '2 days'), ('from b', 1, now())`;
  await forgetOfficeSessions(rig.sql);
  await forgetLinks(rig.sql);
  await forgetTries(rig.sql);
  assert.ok(await isIn(client));
  const rows = await rig.sql`select id from office_session where user_id = ${gone.userId}`;
  assert.equal(rows.length, 0);
  const tries = await rig.sql`select key from office_try where key in ('from a', 'from b')`;
  assert.deepEqual(
    tries.map(({ key }) => key),
    ['from b'],
  );
});
