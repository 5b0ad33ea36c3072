/** The audit trail as people read it: whose lines, what of them, and the proof that none is missing. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { recordAct } from '../../src/backoffice/act.ts';
import { record } from '../../src/db/audit.ts';
import { type Branch, type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let house: OfficeClient;
before(async () => {
  rig = await openRig();
  house = await rig.house('read');
  const own = await rig.of('a', 'agent_owner', 'own');
  for (const branch of ['root', 'a', 'a1', 'b'] as const) await act('someone', branch);
  await act(own.person, 'a');
  await record(rig.sql, { actor: 'cli:root', action: 'hub.thing', subject: 'house' });
});
after(() => rig.close());

function act(person: string, branch: Branch): Promise<void> {
  const doer = { principal: { person }, ip: '192.0.2.7' };
  return recordAct(doer, rig.sql, {
    action: 'test.act',
    subject: `of ${branch}`,
    agentId: rig.agents[branch].id as never,
    before: { on: false },
    after: { on: true },
    reason: 'because',
    more: { extra: 1 },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
async function rows(client: OfficeClient, query: Record<string, string | number> = {}): Promise<any[]> {
  const answer = await client.get('/audit', { limit: 500, ...query });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.rows;
}
const subjects = async (client: OfficeClient, query: Record<string, string | number> = {}) =>
  (await rows(client, { action: 'test.', ...query })).map(({ subject }) => subject).toSorted();

test('the house reads all lines, an agent those of its tree', async () => {
  assert.deepEqual(await subjects(house), ['of a', 'of a', 'of a1', 'of b', 'of root']);
  assert.deepEqual(await subjects(await rig.of('a')), ['of a', 'of a', 'of a1']);
  assert.deepEqual(await subjects(await rig.of('root')), ['of a', 'of a', 'of a1', 'of b', 'of root']);
  assert.deepEqual(await subjects(await rig.of('b')), ['of b']);
  const ofHouse = (line: { subject: string }) => line.subject === 'house';
  assert.ok((await rows(house)).some(ofHouse));
  assert.ok(!(await rows(await rig.of('root'))).some(ofHouse));
  assert.equal((await (await rig.of('a', 'agent_staff')).get('/audit')).status, 403);
});

test('of whom one does not look after one sees what was done, not from where and why', async () => {
  const lines = await rows(await rig.of('a'), { action: 'test.', subject: 'of a' });
  const of = (actor: string) => lines.find((line) => line.actor === actor && line.subject === 'of a');
  const { ip, reason, more, before, after } = of('own');
  assert.deepEqual(
    { ip, reason, more, before, after },
    { ip: '192.0.2.7', reason: 'because', more: { extra: 1 }, before: { on: false }, after: { on: true } },
  );
  const outside = of('someone');
  assert.deepEqual(
    [outside.ip, outside.reason, outside.more, outside.before, outside.after],
    [null, null, {}, { on: false }, { on: true }],
  );
  const [seen] = await rows(house, { subject: 'of b' });
  assert.deepEqual([seen.ip, seen.reason, seen.agent], ['192.0.2.7', 'because', 'branch-b']);
});

test('filters narrow it', async () => {
  assert.deepEqual(await subjects(house, { actor: 'own' }), ['of a']);
  assert.deepEqual(await subjects(house, { subject: 'of a' }), ['of a', 'of a', 'of a1']);
  assert.deepEqual(await subjects(house, { agent: rig.agents.a.id }), ['of a', 'of a', 'of a1']);
  assert.deepEqual(await subjects(house, { action: 'test.act' }), await subjects(house));
  assert.deepEqual(await subjects(house, { action: 'test_' }), [], 'letters are letters');
  const all = await rows(house, { order: 'oldest', action: 'test.' });
  const middle = all[2].at;
  assert.equal((await rows(house, { action: 'test.', from: middle })).length, 3, 'from it on');
  assert.equal((await rows(house, { action: 'test.', to: middle })).length, 2, 'before it');
  const bad = await house.get('/audit', { from: '2026-02-31' });
  assert.deepEqual([bad.status, bad.body.code], [422, 'invalid_request']);
  const unknown = await house.get('/audit', { agent: 987654321 });
  assert.equal(unknown.status, 404);
});

test('pages join without a gap, for the house and for an agent', async () => {
  for (const client of [house, await rig.of('root')]) {
    const all = (await rows(client)).map(({ n }) => n);
    const walked: number[] = [];
    let after: string | null = null;
    do {
      const query: Record<string, string | number> = { limit: 2, ...(after === null ? {} : { after }) };
      const { body } = await client.get('/audit', query);
      walked.push(...body.rows.map(({ n }: { n: number }) => n));
      after = body.next;
    } while (after !== null);
    assert.deepEqual(walked, all);
    assert.deepEqual(
      all,
      all.toSorted((a, b) => b - a),
    );
  }
});

test('as a file it says the same', async () => {
  const file = await house.get('/audit/export', {
    format: 'csv',
    action: 'test.',
    columns: 'actor,subject,was,became,reason',
  });
  const [, ...lines] = file.text.trim().split('\r\n');
  assert.equal(lines.length, 5);
  assert.ok(lines.includes('own,of a,"{""on"":false}","{""on"":true}",because'), file.text);
});

test('the chain holds, and what is changed behind its back shows', async () => {
  const [row] = await rig.sql`select count(*) as n from audit_log`;
  const proof = (await house.get('/audit/chain')).body;
  assert.deepEqual([proof.ok, proof.lines, proof.brokenAt], [true, Number(row?.n), null]);
  assert.match(proof.head, /^[0-9a-f]{12}$/);
  assert.match(proof.checkedAt, /Z$/);
  const broken = Math.floor(proof.lines / 2);
  await rig.sql.begin(async (tx) => {
    await tx`alter table audit_log disable trigger audit_kept`;
    await tx`update audit_log set subject = 'somebody else' where n = ${broken}`;
    await tx`alter table audit_log enable trigger audit_kept`;
  });
  const after = (await house.get('/audit/chain')).body;
  assert.deepEqual([after.ok, after.brokenAt, after.lines], [false, broken, proof.lines]);
});
