/**
 * Who acts, as hostile hands would have it: one human with two names, and what an agent's people learn of those above
 * them from what those have done.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type OfficeClient, type OfficeRig, officeClient, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

const key = () => randomUUID();

/** Into an agent's own back office with a key of its API, as its tools come. */
async function byKey(branch: 'a'): Promise<OfficeClient> {
  const made = await rig.agents[branch].call('POST', '/auto-login', { role: 'agent_owner' });
  assert.equal(made.status, 200, made.text);
  const client = officeClient(rig.url);
  const entered = await client.post('/enter', { token: made.body.link.split('/').at(-1) });
  assert.equal(entered.status, 200, entered.text);
  return client;
}

test('a key of the agent is no second person, neither before nor after the first', async () => {
  const owner = await rig.of('a');
  const tool = await byKey('a');
  const rule = { currency: 'KRW', above: '1000', reason: 'large ones' };
  assert.equal((await owner.put('/pot-rules', rule)).status, 200);
  const path = `/agents/${rig.agents.a1.id}/pot`;
  const give = (client: OfficeClient, amount: string) =>
    client.post(path, { direction: 'give', amount, key: key() });

  const large = await give(owner, '1001');
  assert.deepEqual([large.status, large.body.state, large.body.needed], [200, 'approved', 2]);
  const second = await tool.post(`/pot-requests/${large.body.id}/approve`);
  assert.deepEqual([second.status, second.body.code], [409, 'second_person_needed']);
  const first = await give(tool, '1001');
  assert.deepEqual([first.status, first.body.code], [409, 'second_person_needed']);
  assert.equal((await give(tool, '1000')).body.state, 'carried_out', 'one is enough for it');
  const other = await rig.of('a', 'agent_owner', 'somebody else of a');
  assert.equal((await other.post(`/pot-requests/${large.body.id}/approve`)).body.state, 'carried_out');
});

test('of what the house did to a user its agent learns neither from where nor why', async () => {
  const house = await rig.house('owner', 'the careful owner');
  const { id } = rig.players.a;
  const reason = 'suspected of colluding with his agent';
  const given = await house.post(`/players/${id}/points`, { amount: '500', reason, key: key() });
  assert.equal(given.status, 200, given.text);
  await house.post(`/players/${id}/kick`, { reason });
  const own = await rig.of('a', 'agent_owner', 'owner who blocks');
  await own.post(`/players/${id}/block`, { reason: 'our own reason' });
  const { transferId } = given.body;
  for (const agent of [await rig.of('a'), await rig.of('root')]) {
    const audit = await agent.get(`/players/${id}/audit`);
    assert.deepEqual(
      audit.body.rows.map((row: { action: string }) => row.action),
      ['player.block', 'player.kick', 'player.points'],
    );
    const [block, kick, points] = audit.body.rows;
    assert.deepEqual([block.detail.reason, block.detail.ip], ['our own reason', '127.0.0.1']);
    assert.deepEqual(Object.keys(kick.detail).sort(), ['after', 'agentId']);
    assert.deepEqual(Object.keys(points.detail).sort(), ['after', 'agentId', 'before']);
    const answers = [
      await agent.get(`/players/${id}/audit`),
      await agent.get(`/movements/${transferId}`),
      await agent.get('/statement', { player: id }),
      await agent.get(`/statement/player/${id}`, { account: 'points' }),
      await agent.get('/audit', { agent: rig.agents.a.id }),
    ];
    for (const { status, text } of answers) {
      assert.equal(status, 200, text);
      assert.ok(!text.includes(reason), text);
    }
    const lines = (await agent.get('/statement', { player: id })).body.rows;
    assert.deepEqual(
      lines.map((row: { what: string; ip: string | null }) => [row.what, row.ip]),
      [['pointsGive', null]],
    );
    const { act } = answers[1]?.body.cause ?? {};
    assert.deepEqual([act?.actor, act?.action, act?.reason], ['the careful owner', 'player.points', null]);
  }
  const whole = await house.get(`/players/${id}/audit`);
  assert.deepEqual([whole.body.rows[2].detail.reason, whole.body.rows[2].detail.ip], [reason, '127.0.0.1']);
  assert.equal((await house.get(`/movements/${transferId}`)).body.cause.act.reason, reason);
});
