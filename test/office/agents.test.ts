/** The tree of agents: who sees and changes what of it, sub-agents, suspension, rates. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { xtClient } from '../world.ts';
import { type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

const names = (body: { rows: { username: string }[] }) => body.rows.map(({ username }) => username);

test('a tree that opens node by node, each with what is below it', async () => {
  const house = await rig.house('read');
  const top = await house.get('/agents', { parent: 'top' });
  assert.deepEqual(names(top.body), ['trunk-other', 'trunk-root']);
  const root = top.body.rows[1];
  assert.deepEqual(
    [root.agentsBelow, root.players, root.playersMore, root.level, root.pot, root.wallet],
    [3, 4, false, 1, String(100_000_000n - 10_000_000n - 1_000_000n), 'transfer'],
  );
  assert.deepEqual(names((await house.get('/agents', { parent: root.id })).body), ['branch-a', 'branch-b']);
  const a = await rig.of('a');
  const mine = await a.get('/agents', { parent: 'top' });
  assert.deepEqual(names(mine.body), ['branch-a']);
  assert.deepEqual(
    [mine.body.rows[0].parent, mine.body.rows[0].parentId, mine.body.rows[0].agentsBelow],
    [null, null, 1],
  );
  assert.deepEqual(names((await a.get('/agents')).body), ['branch-a', 'branch-a1']);
  assert.deepEqual(names((await a.get('/agents', { begins: 'BRANCH-A1' })).body), ['branch-a1']);
  for (const query of [{ parent: rig.agents.root.id }, { agent: rig.agents.b.id }]) {
    assert.equal((await a.get('/agents', query)).status, 404);
    assert.equal((await a.get('/agents/totals', query)).status, 404);
  }
  const totals = await house.get('/agents/totals');
  assert.deepEqual(totals.body, { count: 5, pots: [{ currency: 'KRW', sum: '101000000' }] });
});

test('pages by key, both ways', async () => {
  const house = await rig.house('read');
  for (const order of ['name', 'newest']) {
    const all = names((await house.get('/agents', { order })).body);
    const first = await house.get('/agents', { order, limit: 2 });
    const second = await house.get('/agents', { order, limit: 2, after: first.body.next });
    const third = await house.get('/agents', { order, limit: 2, after: second.body.next });
    assert.deepEqual(
      [first, second, third].flatMap(({ body }) => names(body)),
      all,
    );
    assert.equal(third.body.next, null);
    const back = await house.get('/agents', { order, limit: 2, before: third.body.previous });
    assert.deepEqual(names(back.body), names(second.body));
  }
});

test('an agent with its settings; what only its upline may set', async () => {
  const id = rig.agents.a.id;
  const [own, upline] = [await rig.of('a'), await rig.of('root')];
  const seen = await own.get(`/agents/${id}`);
  assert.deepEqual(
    [seen.body.uplines, seen.body.upline, seen.body.direct, seen.body.callbackCutoffHours],
    [[{ id, username: 'branch-a' }], false, false, 24],
  );
  assert.deepEqual(
    (await upline.get(`/agents/${id}`)).body.uplines.map((each: { username: string }) => each.username),
    ['trunk-root', 'branch-a'],
  );
  assert.equal((await (await rig.of('b')).get(`/agents/${id}`)).status, 404);
  const changed = await own.patch(`/agents/${id}`, {
    nickname: 'Alpha',
    slotBooster: true,
    callbackCutoffHours: 48,
    userAgent: 'Hub/1',
  });
  assert.deepEqual(
    [
      changed.body.nickname,
      changed.body.slotBooster,
      changed.body.callbackCutoffHours,
      changed.body.userAgent,
    ],
    ['Alpha', true, 48, 'Hub/1'],
  );
  for (const body of [{ pacing: true }, { feedIntervalMs: 5 }, { suspended: true, reason: 'x' }]) {
    assert.equal((await own.patch(`/agents/${id}`, body)).body.code, 'refused', JSON.stringify(body));
    assert.equal((await (await rig.of('b')).patch(`/agents/${id}`, body)).status, 404);
  }
  assert.equal(
    (await (await rig.of('a', 'agent_staff')).patch(`/agents/${id}`, { nickname: 'x' })).status,
    403,
  );
  const set = await upline.patch(`/agents/${id}`, { pacing: false, feedIntervalMs: 5 });
  assert.deepEqual([set.body.pacing, set.body.feedIntervalMs], [false, 5]);
  const [line] =
    await rig.sql`select actor, detail from audit_log where action = 'agent.set' order by n desc limit 1`;
  assert.equal(line?.actor, upline.person);
  assert.deepEqual([line?.detail.before.feedIntervalMs, line?.detail.after.feedIntervalMs], [1000, 5]);
  assert.equal(line?.detail.agentId, id);
});

test('a suspended agent: its API and its people are out, those below it go on', async () => {
  const { root, a, a1 } = rig.agents;
  const [upline, own, below] = [await rig.of('root'), await rig.of('a'), await rig.of('a1')];
  assert.equal((await upline.patch(`/agents/${a.id}`, { suspended: true })).body.code, 'reason_needed');
  const done = await upline.patch(`/agents/${a.id}`, { suspended: true, reason: 'unpaid' });
  assert.equal(done.body.suspended, true);
  assert.equal((await a.get('/vendor-list')).status, 403);
  assert.equal((await own.get('/agents')).status, 401);
  assert.equal((await a1.get('/vendor-list')).status, 200);
  assert.equal((await below.get('/agents')).status, 200);
  assert.equal((await root.get('/vendor-list')).status, 200);
  assert.deepEqual(names((await upline.get('/agents', { suspended: 'true' })).body), ['branch-a']);
  await upline.patch(`/agents/${a.id}`, { suspended: false, reason: 'paid' });
  assert.equal((await a.get('/vendor-list')).status, 200);
  assert.equal((await own.get('/agents')).status, 200);
});

test('a sub-agent: made by an upline for its own subtree, its key and its first person shown once', async () => {
  const upline = await rig.of('a');
  const made = await upline.post('/agents', {
    username: 'branch-a2',
    nickname: 'Second',
    wallet: 'transfer',
    person: { name: 'Ada Two', shownName: 'Ada' },
  });
  assert.equal(made.status, 200);
  assert.deepEqual([made.body.callbackSecret, made.body.person.name], [null, 'ada two']);
  assert.match(made.body.person.link, /\/office\/#\/link\//);
  assert.equal((await xtClient(rig.url, made.body.apiKey).get('/vendor-list')).status, 200);
  const one = await upline.get(`/agents/${made.body.id}`);
  assert.deepEqual(
    [one.body.parent, one.body.currency, one.body.pot, one.body.direct],
    ['branch-a', 'KRW', '0', true],
  );
  const seamless = await upline.post('/agents', {
    agent: String(rig.agents.a1.id),
    username: 'branch-a1-x',
    wallet: 'seamless',
    callbackUrl: 'https://operator.example/callback',
  });
  assert.equal(seamless.body.callbackSecret.length > 20, true);
  const text = JSON.stringify(await rig.sql`select detail from audit_log`);
  for (const secret of [made.body.apiKey, seamless.body.apiKey, seamless.body.callbackSecret])
    assert.ok(!text.includes(secret), 'a secret in the audit trail');
  const table: [Record<string, unknown>, number, string][] = [
    [{ username: 'branch-a2' }, 409, 'refused'],
    [{ wallet: 'seamless' }, 422, 'invalid_request'],
    [{ wallet: 'seamless', callbackUrl: 'ftp://x' }, 422, 'invalid_request'],
    [{ callbackUrl: 'https://me:pw@x.example' }, 422, 'invalid_request'],
    [{ currency: 'USD' }, 409, 'refused'],
    [{ agent: String(rig.agents.b.id) }, 404, 'not_found'],
    [{ agent: String(rig.agents.root.id) }, 404, 'not_found'],
    [{ person: { name: '??', shownName: 'x' } }, 422, 'invalid_request'],
    [{ username: 'x' }, 422, 'invalid_request'],
  ];
  const [before] = await rig.sql`select count(*)::int as count from agent`;
  for (const [wish, status, code] of table) {
    const given = { username: `agent-${randomUUID().slice(0, 8)}`, wallet: 'transfer', ...wish };
    const answer = await upline.post('/agents', given);
    assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(wish));
  }
  const [after] = await rig.sql`select count(*)::int as count from agent`;
  assert.equal(after?.count, before?.count);
  const own = { username: 'by-staff', wallet: 'transfer' };
  assert.equal((await (await rig.of('a', 'agent_staff')).post('/agents', own)).status, 403);
  const house = await rig.house('owner');
  const root = await house.post('/agents', { username: 'house-root', wallet: 'transfer', currency: 'USD' });
  assert.equal((await house.get(`/agents/${root.body.id}`)).body.level, 1);
});

test('rates: dated, from full hours, never above the upline’s', async () => {
  const [house, root, a] = [await rig.house('owner'), await rig.of('root'), await rig.of('a')];
  const path = (id: number) => `/agents/${id}/rates`;
  const { agents } = rig;
  const agree = async (client: typeof house, id: number, body: object) => {
    const { status, body: answer } = await client.post(path(id), body);
    return `${status} ${answer.code ?? ''}`;
  };
  assert.equal(await agree(root, agents.root.id, { bps: 5000 }), '409 refused', 'nobody agrees their own');
  assert.equal(await agree(root, agents.a.id, { bps: 100 }), '409 refused', 'the upline earns nothing yet');
  assert.equal(await agree(house, agents.root.id, { bps: 4000, reason: 'contract' }), '200 ');
  assert.equal(await agree(root, agents.a.id, { bps: 4001 }), '409 refused');
  assert.equal(await agree(root, agents.a.id, { bps: 3000 }), '200 ');
  assert.equal(await agree(a, agents.a1.id, { bps: 3000 }), '200 ');
  assert.equal(await agree(root, agents.a.id, { bps: 2999 }), '409 refused', 'those below earn more');
  assert.equal(await agree(root, agents.a1.id, { bps: 2000 }), '200 ', 'from further above, too');
  assert.equal(await agree(a, agents.b.id, { bps: 1 }), '404 not_found');
  const [vendor] = await rig.sql`select id from vendor where name = 'evolution'`;
  assert.equal(await agree(root, agents.a.id, { vendorId: vendor?.id, bps: 4500 }), '409 refused');
  assert.equal(await agree(root, agents.a.id, { vendorId: vendor?.id, bps: 3500 }), '200 ');
  assert.equal(await agree(root, agents.a.id, { vendorId: 99_999, bps: 1 }), '422 invalid_request');
  assert.equal(await agree(root, agents.a.id, { bps: 10_001 }), '422 invalid_request');
  for (const from of ['2020-01-01T00:00:00Z', '2099-01-01T00:30:00Z'])
    assert.equal(await agree(root, agents.a.id, { bps: 1, from }), '422 invalid_request', from);
  // Two changes at once that each fit alone: the second is seen against the first.
  const race = await Promise.all([
    agree(root, agents.b.id, { bps: 4000, from: '2099-01-01T00:00:00Z' }),
    agree(house, agents.root.id, { bps: 3500, from: '2099-01-01T00:00:00Z' }),
  ]);
  assert.deepEqual(race.toSorted(), ['200 ', '409 refused']);
  const seen = await a.get(path(agents.a.id));
  assert.deepEqual([seen.body.mayChange, seen.body.history.length], [false, 2]);
  assert.equal(seen.body.standard, null, 'in force from the next hour on');
  await rig.sql`update agent_rate set from_at = from_at - interval '1 day' where from_at < now() + interval '2 hours'`;
  const later = await a.get(path(agents.a.id));
  assert.deepEqual(
    [later.body.standard, later.body.vendors],
    [3000, [{ id: vendor?.id, name: 'evolution', bps: 3500 }]],
  );
  assert.deepEqual(
    (await a.get('/agents')).body.rows.slice(0, 2).map((row: { bps: number }) => row.bps),
    [3000, 2000],
  );
});
