/** After a day's use the store has no secret in words: no password, code, cookie, link or key, in whatever table or column. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createStaffKey } from '../../src/staff/keys.ts';
import { cast, codeOf, knock, PASSWORD } from './cast.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

/** Every row of every table as text, in pieces. */
async function* everything(): AsyncGenerator<{ readonly table: string; readonly text: string }> {
  const tables =
    await rig.sql`select relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = 'public' and relkind in ('r', 'm') order by relname`;
  for (const { name } of tables) {
    const rows = await rig.sql.unsafe(`select t::text as text from "${name}" t`);
    yield { table: name, text: rows.map(({ text }) => text).join('\n') };
  }
}

const secrets = new Map<string, string>([['the password of all', PASSWORD]]);
const tokenOf = (link: string) => link.split('/').at(-1) ?? '';

function keep(what: string, secret: unknown): void {
  assert.ok(typeof secret === 'string' && secret.length >= 6, `${what}: ${secret}`);
  secrets.set(what, secret);
}

/** People sign in, are invited, choose passwords and authenticators, and come by links. Returns an owner. */
async function usePeople(): Promise<OfficeClient> {
  const owner = await cast(rig, { name: 'who has secrets', role: 'owner' });
  keep('authenticator of an owner', owner.secret);
  const client = await owner.signIn();
  keep('cookie of an owner', client.cookie());
  // Wrong ones are often right elsewhere.
  const wrong = { name: owner.name, password: 'my bank’s password', code: '000000' };
  await knock(rig.stranger(), wrong);
  await knock(rig.stranger(), { ...wrong, name: 'a password in the wrong field' });
  keep('a wrong password', wrong.password);
  keep('a password in the field of the name', 'a password in the wrong field');

  const invited = await client.post('/people', { name: 'invited one', shownName: 'One', role: 'finance' });
  assert.equal(invited.status, 200, invited.text);
  keep('link of an invitation', tokenOf(invited.body.link));
  const chosen = 'an elephant in the dark';
  const set = { token: tokenOf(invited.body.link), password: chosen };
  assert.equal((await rig.stranger().post('/password-by-link', set)).status, 200);
  keep('password by a link', chosen);
  const one = rig.stranger();
  await knock(one, { name: 'invited one', password: chosen });
  const begun = await one.post('/me/totp');
  keep('authenticator that was set up', begun.body.secret);
  const codes = await one.post('/me/totp/confirm', { code: codeOf(begun.body.secret) });
  assert.equal(codes.status, 200, codes.text);
  for (const code of codes.body.recoveryCodes) keep(`recovery code ${code}`, code);
  keep('cookie of one', one.cookie());
  const next = 'another elephant at dawn';
  assert.equal((await one.post('/me/password', { current: chosen, next })).status, 200);
  keep('password changed to', next);
  const entry = await client.post(`/links/${rig.agents.a.id}`, { reason: 'to look' });
  keep('link into an agent’s', tokenOf(entry.body.link));
  assert.equal((await rig.stranger().post('/enter', { token: tokenOf(entry.body.link) })).status, 200);
  const tool = await rig.agents.a.call('POST', '/auto-login', { role: 'agent_staff' });
  keep('link of the API', tokenOf(tool.body.link));
  return client;
}

/** Keys and secrets of staff, agents and studios are made and used. */
async function useKeys(client: OfficeClient): Promise<void> {
  keep('staff key', (await createStaffKey(rig.sql, { name: 'scripted', role: 'read', actor: 'test' })).key);
  const seamless = {
    username: 'with-secrets',
    wallet: 'seamless',
    callbackUrl: 'https://operator.example/callback',
    currency: 'KRW',
    person: { name: 'first of with-secrets', shownName: 'First' },
  };
  const agent = await client.post('/agents', seamless);
  assert.equal(agent.status, 200, agent.text);
  keep('first key of an agent', agent.body.apiKey);
  keep('first callback secret', agent.body.callbackSecret);
  keep('link of its first person', tokenOf(agent.body.person.link));
  const made = await client.post(`/developer/${agent.body.id}/keys`, { label: 'another' });
  keep('key of an agent', made.body.key);
  const rotated = await client.post(`/developer/${agent.body.id}/callback-secrets`);
  keep('callback secret', rotated.body.secret);
  const studio = await client.post('/studios', { name: 'studio-of-secrets', vendors: ['Habanero'] });
  keep('secret of a studio', studio.body.secret);
  await fetch(`${rig.url}/api/my-info`, { headers: { authorization: `Bearer ${made.body.key}` } });
  await fetch(`${rig.url}/api/my-info`, {
    headers: { authorization: 'Bearer nobody-has-this-key-at-all' },
  });
  keep('key that nobody has', 'nobody-has-this-key-at-all');
}

test('nothing that opens a door is kept in words', async () => {
  await useKeys(await usePeople());
  // The log of calls is written behind them.
  const end = Date.now() + 20_000;
  while ((await rig.sql`select 1 from request_log where agent_id is null`).length === 0) {
    assert.ok(Date.now() < end, 'the call of nobody is not in the log');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(secrets.size > 25);
  let isRead = false;
  for await (const { table, text } of everything()) {
    isRead ||= table === 'audit_log' && text.includes('person.invite');
    for (const [what, secret] of secrets)
      for (const written of [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64'),
      ])
        assert.ok(!text.includes(written), `${what} is in table ${table}`);
  }
  assert.ok(isRead);
});
