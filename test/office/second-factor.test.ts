/** Authenticators and recovery codes: set up, renewed, given up, lost. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { resealAll } from '../../src/db/sealed.ts';
import { openVault } from '../../src/engine/seal.ts';
import { type Actor, cast, codeOf, knock, PASSWORD, refusalOf } from './cast.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());
beforeEach(async () => {
  await rig.sql`delete from office_try`;
});

const isIn = async (client: OfficeClient) => (await client.get('/me/sessions')).status === 200;

/** In with a password alone, and the authenticator begun. */
async function begun(name: string): Promise<{ client: OfficeClient; actor: Actor; secret: string }> {
  const actor = await cast(rig, { name, role: 'trader', totp: false });
  const client = rig.stranger();
  const entered = await knock(client, { name });
  assert.deepEqual([entered.status, entered.body.me.stage], [200, 'enrol'], entered.text);
  const answer = await client.post('/me/totp');
  assert.equal(answer.status, 200, answer.text);
  return { client, actor, secret: answer.body.secret };
}

test('the house sets up an authenticator at its first sign-in, and only then is in, with another cookie', async () => {
  const { client, secret } = await begun('newcomer');
  const early = client.cookie();
  assert.equal(refusalOf(await client.get('/me/sessions')), '403 enrolment_needed');
  assert.equal(refusalOf(await client.post('/me/totp/confirm', { code: '000000' })), '401 bad_code');
  assert.equal(await isIn(client), false);
  const confirmed = await client.post('/me/totp/confirm', { code: codeOf(secret) });
  assert.equal(confirmed.status, 200, confirmed.text);
  assert.equal(new Set(confirmed.body.recoveryCodes).size, 10);
  assert.match(confirmed.body.recoveryCodes[0], /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  assert.notEqual(client.cookie(), early);
  assert.equal(await isIn(client), true);
  const old = await client.call('GET', '/me', { headers: { cookie: `croupier_office=${early}` } });
  assert.equal(old.status, 401, 'the cookie of before is worth nothing');
  const { me } = { me: (await client.get('/me')).body };
  assert.deepEqual([me.stage, me.totp, me.recoveryCodes], ['in', true, 10]);
});

test('what the authenticator is shown is what it is', async () => {
  const { client, secret } = await begun('shown');
  const { uri, qr, secret: next } = (await client.post('/me/totp')).body;
  assert.notEqual(next, secret, 'begun anew');
  assert.match(uri, new RegExp(`^otpauth://totp/Croupier:shown\\?.*secret=${next}`));
  assert.match(Buffer.from(qr.replace('data:image/svg+xml;base64,', ''), 'base64').toString(), /^<svg /);
  assert.equal(refusalOf(await client.post('/me/totp/confirm', { code: codeOf(secret) })), '401 bad_code');
  assert.equal((await client.post('/me/totp/confirm', { code: codeOf(next) })).status, 200);
  const [row] = await rig.sql`select totp_sealed from office_user where name = 'shown'`;
  assert.ok(!row?.totp_sealed.includes(next), 'sealed');
});

test('the code that confirmed it does not sign in once more', async () => {
  const { client, secret } = await begun('replayed');
  const code = codeOf(secret);
  await client.post('/me/totp/confirm', { code });
  assert.equal(refusalOf(await knock(rig.stranger(), { name: 'replayed', code })), '401 bad_code');
  assert.equal((await knock(rig.stranger(), { name: 'replayed', code: codeOf(secret, 1) })).status, 200);
});

test('of two sessions that lack it the first to confirm wins, and the other is out', async () => {
  const { client, secret, actor } = await begun('twice');
  const second = rig.stranger();
  await knock(second, { name: actor.name });
  const stolen = (await second.post('/me/totp')).body.secret;
  const both = await Promise.all([
    client.post('/me/totp/confirm', { code: codeOf(secret) }),
    second.post('/me/totp/confirm', { code: codeOf(stolen) }),
  ]);
  const statuses = both.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 200).length, 1, `${statuses}`);
  const loser = both[0]?.status === 200 ? second : client;
  assert.equal((await loser.get('/me')).status, 401);
});

test('a session without the second factor never replaces one in force, whatever it knows', async () => {
  const { client, actor } = await begun('guarded');
  // As if its authenticator had been set up elsewhere meanwhile.
  const { world, sql } = rig;
  await sql`update office_user set totp_sealed = ${world.hub.vault.seal('JBSWY3DPEHPK3PXP')}, totp_at = now() where id = ${actor.id}`;
  assert.equal(refusalOf(await client.post('/me/totp', { password: PASSWORD })), '409 conflict');
  const [session] = await sql`select totp_sealed from office_session where user_id = ${actor.id}`;
  const secret = world.hub.vault.unseal(session?.totp_sealed);
  assert.equal(refusalOf(await client.post('/me/totp/confirm', { code: codeOf(secret) })), '409 conflict');
});

test('a new one in place of the old takes the password, and the old stays until it is confirmed', async () => {
  const actor = await cast(rig, { name: 'renewed', role: 'read' });
  const [client, elsewhere] = [await actor.signIn(), await actor.signIn()];
  assert.equal(refusalOf(await client.post('/me/totp')), '401 bad_credentials');
  assert.equal(refusalOf(await client.post('/me/totp', { password: 'wrong' })), '401 bad_credentials');
  const { secret } = (await client.post('/me/totp', { password: PASSWORD })).body;
  const third = await actor.signIn();
  assert.equal(await isIn(third), true, 'by the old one');
  assert.equal((await client.post('/me/totp/confirm', { code: codeOf(secret) })).status, 200);
  assert.deepEqual([await isIn(client), await isIn(elsewhere), await isIn(third)], [true, false, false]);
  await actor.freshCodes();
  assert.equal(
    refusalOf(await knock(rig.stranger(), { name: actor.name, code: actor.code() })),
    '401 bad_code',
  );
});

test('a recovery code is good once, however it is written, and only its person', async () => {
  const { client, secret, actor } = await begun('forgetful');
  const { recoveryCodes } = (await client.post('/me/totp/confirm', { code: codeOf(secret) })).body;
  const enter = (code: string, name = actor.name) => knock(rig.stranger(), { name, code });
  const [first, second, third] = recoveryCodes;
  const both = await Promise.all([enter(first), enter(first)]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 401]);
  assert.equal((await enter(` ${second.toUpperCase().replaceAll('-', ' ')} `)).status, 200);
  await cast(rig, { name: 'another', role: 'read' });
  assert.equal(refusalOf(await enter(third, 'another')), '401 bad_code');
  assert.equal((await client.get('/me')).body.recoveryCodes, 8);
  const kept = await rig.sql`select encode(hash, 'escape') as hash from office_recovery`;
  assert.ok(kept.every(({ hash }) => !recoveryCodes.includes(hash)));
});

test('new recovery codes take a code and end the old ones', async () => {
  const { client, secret, actor } = await begun('recoverer');
  const before = (await client.post('/me/totp/confirm', { code: codeOf(secret) })).body.recoveryCodes;
  assert.equal(refusalOf(await client.post('/me/recovery-codes', { code: '000000' })), '401 bad_code');
  await actor.freshCodes();
  const renewed = await client.post('/me/recovery-codes', { code: codeOf(secret) });
  assert.equal(renewed.body.recoveryCodes?.length, 10, renewed.text);
  assert.equal(refusalOf(await knock(rig.stranger(), { name: actor.name, code: before[0] })), '401 bad_code');
});

test("an agent's people may do with or without; the house may not", async () => {
  const house = await (await cast(rig, { name: 'house-end', role: 'read' })).signIn();
  assert.equal(refusalOf(await house.post('/me/totp/end', { password: PASSWORD, code: '1' })), '409 refused');
  const actor = await cast(rig, { name: 'agent-end', role: 'agent_owner', branch: 'a', totp: false });
  const client = await actor.signIn();
  assert.equal(await isIn(client), true, 'in by the password alone');
  const { secret } = (await client.post('/me/totp')).body;
  await client.post('/me/totp/confirm', { code: codeOf(secret) });
  assert.equal(refusalOf(await knock(rig.stranger(), { name: actor.name })), '401 second_factor_needed');
  const end = (password: string, code: string) => client.post('/me/totp/end', { password, code });
  assert.equal(refusalOf(await end('wrong', codeOf(secret, 1))), '401 bad_credentials');
  assert.equal(refusalOf(await end(PASSWORD, '000000')), '401 bad_code');
  assert.equal((await end(PASSWORD, codeOf(secret, 1))).status, 200);
  assert.equal((await knock(rig.stranger(), { name: actor.name })).body.me?.totp, false);
});

test('guesses in a session shut the door as those at the door do', async () => {
  const actor = await cast(rig, { name: 'left-open', role: 'read' });
  const client = await actor.signIn();
  for (let tries = 1; tries <= 5; tries++)
    assert.equal((await client.post('/me/recovery-codes', { code: '000000' })).body.code, 'bad_code');
  assert.equal(refusalOf(await client.post('/me/recovery-codes', { code: actor.code() })), '429 locked');
  assert.equal(refusalOf(await client.post('/me/totp', { password: PASSWORD })), '429 locked');
  const next = { current: PASSWORD, next: 'another horse, a battery' };
  assert.equal(refusalOf(await client.post('/me/password', next)), '429 locked');
});

test('another master key takes second factors along, and what is being set up is begun anew', async () => {
  const { client, actor } = await begun('resealed');
  const settled = await cast(rig, { name: 'settled', role: 'read' });
  const { vault } = rig.world.hub;
  const other = openVault('another key for tests, of thirty-two characters');
  const counts = await resealAll(rig.sql, (sealed) => other.seal(vault.unseal(sealed)));
  const [row] = await rig.sql`select totp_sealed from office_user where id = ${settled.id}`;
  assert.equal(other.unseal(row?.totp_sealed), settled.secret);
  const people = await rig.sql`select id from office_user where totp_sealed is not null`;
  assert.equal(counts.find(({ kind }) => kind === 'second factors')?.count, people.length);
  assert.equal(refusalOf(await client.post('/me/totp/confirm', { code: actor.code() })), '409 conflict');
  await resealAll(rig.sql, (sealed) => vault.seal(other.unseal(sealed)));
  assert.ok(await isIn(await settled.signIn()));
});

test('no secret and no code is in the audit trail', async () => {
  const { client, secret } = await begun('discreet');
  const code = codeOf(secret);
  const { recoveryCodes } = (await client.post('/me/totp/confirm', { code })).body;
  const [row] = await rig.sql`select string_agg(l::text, ' ') as trail from audit_log l`;
  for (const word of [secret, ...recoveryCodes, PASSWORD, client.cookie()])
    assert.ok(!row?.trail.includes(word), 'a secret');
  assert.match(row?.trail, /office\.totp_set/);
});
