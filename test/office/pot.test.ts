/** POT between agents and their uplines, as people move it: asked, approved, given, taken, and moved once whatever happens. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { hashKey, newSecret } from '../../src/engine/seal.ts';
import { createStaffKey } from '../../src/staff/keys.ts';
import { type Branch, type OfficeClient, type OfficeRig, officeClient, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

const key = () => randomUUID();

async function potOf(branch: Branch): Promise<bigint> {
  const [row] =
    await rig.sql`select p.balance from agent a join account p on p.id = a.pot_account_id where a.id = ${rig.agents[branch].id}`;
  return row?.balance;
}

async function movesOf(branch: Branch): Promise<number> {
  const [row] =
    await rig.sql`select count(*)::int as count from transfer where agent_id = ${rig.agents[branch].id} and code in (1, 2)`;
  return row?.count;
}

const ask = (client: OfficeClient, kind: string, amount: string, note = '') =>
  client.post('/pot-requests', { kind, amount, note, key: key() });

/** Somebody of the house who came into an agent's back office by a link. */
async function byLink(branch: Branch, person: string): Promise<OfficeClient> {
  const cookie = newSecret();
  await rig.sql`insert into office_session (hash, user_id, person, agent_id, role, proven, expires_at, ip)
    values (${hashKey(cookie)}, null, ${person}, ${rig.agents[branch].id}, 'agent_owner', true, now() + interval '1 hour', '127.0.0.1')`;
  return officeClient(rig.url, { person, userId: 0, cookie });
}

test('a recharge: asked, approved by the upline, moved, and a receipt for both sides', async () => {
  const asker = await rig.of('a1', 'agent_staff');
  const upline = await rig.of('a');
  const [a, a1] = [await potOf('a'), await potOf('a1')];
  const asked = await ask(asker, 'recharge', '5000', 'for the weekend');
  assert.deepEqual(
    [asked.status, asked.body.state, asked.body.needed, asked.body.may],
    [200, 'asked', 1, ['withdraw']],
  );
  const { id } = asked.body;
  const waiting = await upline.get('/pot-requests', { view: 'waiting' });
  assert.deepEqual(
    waiting.body.rows.map((row: { id: number }) => row.id),
    [id],
  );
  for (const [client, status] of [
    [await rig.of('a', 'agent_staff'), 403],
    [asker, 403],
    [await rig.of('a1'), 409],
    [await rig.of('root'), 409],
    [await rig.house('finance'), 409],
    [await rig.of('b'), 404],
    [await rig.of('other'), 404],
  ] as const)
    assert.equal((await client.post(`/pot-requests/${id}/approve`)).status, status, client.person);
  assert.equal(await potOf('a1'), a1);
  const done = await upline.post(`/pot-requests/${id}/approve`);
  assert.deepEqual([done.status, done.body.state, done.body.may], [200, 'carried_out', []]);
  assert.deepEqual([await potOf('a'), await potOf('a1')], [a - 5000n, a1 + 5000n]);
  assert.deepEqual(done.body.agentPot, { before: String(a1), after: String(a1 + 5000n) });
  assert.deepEqual(done.body.uplinePot, { before: String(a), after: String(a - 5000n) });
  assert.deepEqual(
    done.body.approvals.map((each: { person: string }) => each.person),
    [upline.person],
  );
  const receipt = await asker.get(`/pot-requests/${id}`);
  assert.equal(receipt.body.transferId, done.body.transferId);
  assert.deepEqual(receipt.body.agentPot, done.body.agentPot);
  // The other side's POT is the other side's.
  assert.deepEqual([receipt.body.uplinePot, receipt.body.upline], [null, null]);
  assert.equal((await upline.post(`/pot-requests/${id}/approve`)).status, 409);
  const lines =
    await rig.sql`select actor, action from audit_log where detail ->> 'requestId' = ${String(id)} order by n`;
  assert.deepEqual(
    lines.map(({ actor, action }) => `${actor}: ${action}`),
    [
      `${asker.person}: pot.recharge`,
      `${upline.person}: pot.request.approve`,
      `${upline.person}: pot.request.carry_out`,
    ],
  );
});

test('a payment that the POT cannot bear stays approved, with the trouble said, and is tried again', async () => {
  const asker = await rig.of('other');
  const house = await rig.house('finance');
  const had = await potOf('other');
  const { body } = await ask(asker, 'payment', String(had + 1n));
  const stuck = await house.post(`/pot-requests/${body.id}/approve`);
  assert.deepEqual(
    [stuck.status, stuck.body.state, stuck.body.trouble, stuck.body.trying],
    [200, 'approved', 'pot_too_low', false],
  );
  assert.ok(stuck.body.may.includes('retry'));
  assert.equal((await house.post(`/pot-requests/${body.id}/retry`)).body.state, 'approved');
  const given = await house.post(`/agents/${rig.agents.other.id}/pot`, {
    direction: 'give',
    amount: '1',
    key: key(),
  });
  assert.equal(given.body.state, 'carried_out');
  const done = await house.post(`/pot-requests/${body.id}/retry`);
  assert.deepEqual([done.body.state, done.body.trouble], ['carried_out', null]);
  assert.equal(await potOf('other'), 0n);
  await house.post(`/agents/${rig.agents.other.id}/pot`, {
    direction: 'give',
    amount: String(had),
    key: key(),
  });
});

test('a double click gives once, in parallel too; another amount under the key is refused', async () => {
  const upline = await rig.of('root');
  const [root, b, moves] = [await potOf('root'), await potOf('b'), await movesOf('b')];
  const body = { direction: 'give', amount: '700', note: 'start', key: key() };
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => upline.post(`/agents/${rig.agents.b.id}/pot`, body)),
  );
  assert.deepEqual(
    answers.map(({ status, body: { state } }) => `${status} ${state}`),
    answers.map(() => '200 carried_out'),
  );
  assert.equal(new Set(answers.map((each) => each.body.id)).size, 1);
  assert.deepEqual([await potOf('root'), await potOf('b')], [root - 700n, b + 700n]);
  assert.equal(await movesOf('b'), moves + 1);
  const other = await upline.post(`/agents/${rig.agents.b.id}/pot`, { ...body, amount: '701' });
  assert.deepEqual([other.status, other.body.code], [409, 'conflict']);
});

test('who may give and take: direct uplines and the house; too much is refused in words and forgotten', async () => {
  const root = await rig.of('root');
  const a = await rig.of('a');
  const give = (client: OfficeClient, branch: Branch, amount = '10') =>
    client.post(`/agents/${rig.agents[branch].id}/pot`, { direction: 'give', amount, key: key() });
  assert.equal((await give(root, 'a1')).status, 409, 'only those directly below');
  assert.equal((await give(root, 'root')).status, 409, 'not itself');
  assert.equal((await give(a, 'b')).status, 404);
  assert.equal((await give(a, 'other')).status, 404);
  assert.equal((await give(await rig.of('a', 'agent_staff'), 'a1')).status, 403);
  assert.equal((await give(await rig.house('support'), 'root')).status, 403);
  const before = await potOf('a');
  // The house gives to any agent; the money comes from that agent's upline.
  assert.equal((await give(await rig.house('finance'), 'a1')).body.state, 'carried_out');
  assert.equal(await potOf('a'), before - 10n);
  const parallel = await Promise.all(
    Array.from({ length: 6 }, () =>
      a.post(`/agents/${rig.agents.a1.id}/pot`, {
        direction: 'give',
        amount: '999999999999',
        key: 'one form',
      }),
    ),
  );
  assert.ok(parallel.every(({ body: { code } }) => code === 'pot_too_low'));
  const form = { direction: 'give', amount: String(before), key: key() };
  for (const body of [form, form]) {
    const tooMuch = await a.post(`/agents/${rig.agents.a1.id}/pot`, body);
    assert.deepEqual([tooMuch.status, tooMuch.body.code], [409, 'pot_too_low']);
  }
  assert.equal(await potOf('a'), before - 10n);
  const open = await a.get('/pot-requests', { state: 'open' });
  assert.deepEqual(open.body.rows, []);
  const took = await a.post(`/agents/${rig.agents.a1.id}/pot`, {
    direction: 'take',
    amount: '10',
    key: key(),
  });
  assert.deepEqual([took.body.state, await potOf('a')], ['carried_out', before]);
});

test('above the set amount a second, different person: by name, whatever way they come', async () => {
  const finance = await rig.house('finance', 'fin one');
  const owner = await rig.house('owner', 'own one');
  const rule = { currency: 'KRW', above: '100000', reason: 'house rule' };
  assert.equal((await finance.put('/pot-rules', rule)).status, 403, 'owners only');
  assert.equal((await owner.put('/pot-rules', { ...rule, currency: 'USD' })).status, 422);
  assert.equal((await owner.put('/pot-rules', rule)).status, 200);
  const shown = await finance.get('/pot-rules');
  assert.deepEqual(
    shown.body.currencies.map((each: { above: string; setBy: string }) => [each.above, each.setBy]),
    [['100000', 'own one']],
  );
  const before = await potOf('other');
  const asker = await rig.of('other', 'agent_owner', 'mia');
  const small = await ask(asker, 'recharge', '100000');
  assert.equal(small.body.needed, 1);
  await asker.post(`/pot-requests/${small.body.id}/withdraw`);
  const { body } = await ask(asker, 'recharge', '100001');
  assert.equal(body.needed, 2);
  const path = `/pot-requests/${body.id}/approve`;
  // The asker by another door: a house person of the same name with a staff key.
  const sameName = await createStaffKey(rig.sql, { name: 'mia', role: 'owner', actor: 'test' });
  const asMia = { headers: { authorization: `Bearer ${sameName.key}` } };
  const stranger = rig.stranger();
  assert.equal((await stranger.call('POST', path, asMia)).body.code, 'second_person_needed');
  assert.deepEqual(await finance.post(path).then(({ body: { state, needed } }) => [state, needed]), [
    'approved',
    2,
  ]);
  const finKey = await createStaffKey(rig.sql, { name: 'fin one', role: 'owner', actor: 'test' });
  const again = await stranger.call('POST', path, {
    headers: { authorization: `Bearer ${finKey.key}` },
  });
  assert.deepEqual([again.status, again.body.code], [409, 'second_person_needed']);
  assert.equal(await potOf('other'), before);
  assert.equal((await owner.post(path)).body.state, 'carried_out');
  assert.equal(await potOf('other'), before + 100_001n);
  // Giving is under the same rule, or it would be the way round it.
  const give = { direction: 'give', amount: '200000', key: key() };
  const half = await finance.post(`/agents/${rig.agents.other.id}/pot`, give);
  assert.deepEqual([half.body.state, half.body.needed], ['approved', 2]);
  assert.equal(
    (await finance.post(`/pot-requests/${half.body.id}/approve`)).body.code,
    'second_person_needed',
  );
  // What its upline has only begun is not there for the agent.
  assert.equal((await asker.get(`/pot-requests/${half.body.id}`)).status, 404);
  assert.equal((await owner.post(`/pot-requests/${half.body.id}/approve`)).body.state, 'carried_out');
  assert.equal((await asker.get(`/pot-requests/${half.body.id}`)).status, 200);
  assert.equal((await owner.put('/pot-rules', { ...rule, above: null })).status, 200);
});

test('who came by a link is the person who made it: one person, not two', async () => {
  const owner = await rig.of('root', 'agent_owner', 'rita');
  assert.equal((await owner.put('/pot-rules', { currency: 'KRW', above: '0', reason: 'all' })).status, 200);
  const asker = await rig.of('b');
  const { body } = await ask(asker, 'recharge', '50');
  const linked = await byLink('root', 'support sam');
  assert.equal((await linked.post(`/pot-requests/${body.id}/approve`)).body.state, 'approved');
  const linkedAgain = await byLink('root', 'support sam');
  const again = await linkedAgain.post(`/pot-requests/${body.id}/approve`);
  assert.deepEqual([again.status, again.body.code], [409, 'second_person_needed']);
  // Nor may somebody ask in the agent's name and approve in the upline's.
  const inB = await byLink('b', 'support sam');
  const own = await ask(inB, 'recharge', '60');
  assert.equal((await linked.post(`/pot-requests/${own.body.id}/approve`)).body.code, 'second_person_needed');
  assert.equal((await owner.post(`/pot-requests/${body.id}/approve`)).body.state, 'carried_out');
  assert.equal(
    (await owner.post(`/pot-requests/${own.body.id}/refuse`, { reason: 'no' })).body.state,
    'refused',
  );
  await owner.put('/pot-rules', { currency: 'KRW', above: null, reason: 'enough' });
});

test('two approvers at once over two nodes move the money once', async () => {
  const { url } = await rig.world.secondHub();
  const first = await rig.of('root', 'agent_owner', 'pat one');
  const second = await rig.of('root', 'agent_owner', 'pat two');
  const elsewhere = officeClient(url, { person: 'pat two', userId: 0, cookie: second.cookie() ?? '' });
  const asker = await rig.of('b');
  for (const needed of [1, 2]) {
    const above = needed === 2 ? '0' : null;
    await first.put('/pot-rules', { currency: 'KRW', above, reason: 'test' });
    for (let round = 0; round < 5; round++) {
      const [root, b, moves] = [await potOf('root'), await potOf('b'), await movesOf('b')];
      const { body } = await ask(asker, 'recharge', '9');
      const path = `/pot-requests/${body.id}/approve`;
      const answers = await Promise.all([first.post(path), elsewhere.post(path), first.post(path)]);
      assert.ok(answers.every(({ status }) => status === 200 || status === 409));
      assert.equal((await asker.get(`/pot-requests/${body.id}`)).body.state, 'carried_out');
      assert.deepEqual([await potOf('root'), await potOf('b')], [root - 9n, b + 9n]);
      assert.equal(await movesOf('b'), moves + 1);
    }
  }
  await first.put('/pot-rules', { currency: 'KRW', above: null, reason: 'test' });
});

test('a crash between the ledger and the state is healed at the next look, and moves nothing again', async () => {
  const upline = await rig.of('root');
  const asker = await rig.of('b');
  await rig.sql.unsafe(`create function fail_once() returns trigger language plpgsql as $$ begin raise exception 'crash'; end $$;
    create trigger fail_once before update on pot_request for each row when (new.state = 'carried_out') execute function fail_once()`);
  const [root, moves] = [await potOf('root'), await movesOf('b')];
  const { body } = await ask(asker, 'recharge', '33');
  const path = `/pot-requests/${body.id}`;
  assert.equal((await upline.post(`${path}/approve`)).status, 500);
  assert.equal(await potOf('root'), root - 33n, 'the ledger has it');
  const [row] = await rig.sql`select state, trying from pot_request where id = ${body.id}`;
  assert.deepEqual({ ...row }, { state: 'approved', trying: true });
  // As long as it cannot be finished, it keeps no other from being seen.
  assert.equal((await upline.get('/pot-requests')).status, 200);
  assert.equal((await upline.get(path)).status, 500);
  await rig.sql.unsafe('drop trigger fail_once on pot_request; drop function fail_once()');
  // Nobody can turn it back now.
  const refused = await upline.post(`${path}/refuse`, { reason: 'changed my mind' });
  assert.equal(refused.body.state, 'carried_out');
  const seen = await asker.get(path);
  assert.equal(seen.body.state, 'carried_out');
  assert.deepEqual([await potOf('root'), await movesOf('b')], [root - 33n, moves + 1]);
  // Also when nobody has written down that the ledger was asked.
  const lost = await ask(asker, 'recharge', '3');
  const there = await upline.post(`/pot-requests/${lost.body.id}/approve`);
  await rig.sql`update pot_request set state = 'approved', transfer_id = null, transfer_at = null, ended_at = null, ended_by = null
    where id = ${lost.body.id}`;
  const kept = await asker.post(`/pot-requests/${lost.body.id}/withdraw`);
  assert.deepEqual([kept.body.state, kept.body.transferId], ['carried_out', there.body.transferId]);
  assert.deepEqual([await potOf('root'), await movesOf('b')], [root - 36n, moves + 2]);
  // One that never reached the ledger, too: a node that died right after the approval.
  const next = await ask(asker, 'recharge', '44');
  await rig.sql`insert into pot_approval (request_id, person) values (${next.body.id}, 'rita')`;
  await rig.sql`update pot_request set state = 'approved', trying = true where id = ${next.body.id}`;
  const list = await upline.get('/pot-requests', { agent: rig.agents.b.id });
  assert.equal(list.body.rows[0].state, 'carried_out');
  assert.deepEqual([await potOf('root'), await movesOf('b')], [root - 80n, moves + 3]);
});

test('after seven days a request is over', async () => {
  const asker = await rig.of('b');
  const { body } = await ask(asker, 'payment', '5');
  await rig.sql`update pot_request set expires_at = now() where id = ${body.id}`;
  const late = await (await rig.of('root')).post(`/pot-requests/${body.id}/approve`);
  assert.deepEqual([late.status, late.body.code], [409, 'conflict']);
  assert.equal((await asker.get(`/pot-requests/${body.id}`)).body.state, 'expired');
});

test('lists, filters, totals, bounds', async () => {
  const asker = await rig.of('a1');
  const upline = await rig.of('a');
  const made = [];
  for (const amount of ['11', '22', '33']) made.push((await ask(asker, 'payment', amount)).body.id);
  const open = { kind: 'payment', state: 'open' };
  const page = await upline.get('/pot-requests', { ...open, least: 12, limit: 1 });
  assert.deepEqual([page.body.rows[0].id, page.body.rows.length], [made[2], 1]);
  const next = await upline.get('/pot-requests', { ...open, least: 12, limit: 1, after: page.body.next });
  assert.deepEqual([next.body.rows[0].id, next.body.next], [made[1], null]);
  const totals = await upline.get('/pot-requests/totals', open);
  assert.deepEqual(totals.body, {
    count: 3,
    more: false,
    sums: [{ kind: 'payment', currency: 'KRW', sum: '66' }],
  });
  assert.equal((await asker.get('/pot-requests', { view: 'mine', ...open })).body.rows.length, 3);
  assert.deepEqual(
    (await (await rig.of('b')).get('/pot-requests', { kind: 'payment', state: 'open' })).body.rows,
    [],
  );
  assert.equal((await (await rig.of('b')).get('/pot-requests', { agent: rig.agents.a1.id })).status, 404);
  assert.equal(
    (await (await rig.of('b')).get('/pot-requests/totals', { agent: rig.agents.root.id })).status,
    404,
  );
  const file = await upline.get('/pot-requests/export', { format: 'csv', ...open });
  assert.equal(file.text.trim().split('\r\n').length, 4);
  for (const bad of [{ amount: '0' }, { amount: '-5' }, { amount: '1.5' }, { kind: 'give' }])
    assert.equal(
      (await asker.post('/pot-requests', { kind: 'recharge', amount: '1', key: key(), ...bad })).status,
      422,
    );
  const many = await Promise.all(Array.from({ length: 60 }, () => ask(asker, 'recharge', '1')));
  assert.ok(many.some(({ status, body: { code } }) => status === 429 && code === 'too_many'));
  // Nobody keeps the upline from acting by asking a lot.
  const took = await upline.post(`/agents/${rig.agents.a1.id}/pot`, {
    direction: 'take',
    amount: '1',
    key: key(),
  });
  assert.equal(took.body.state, 'carried_out');
});
