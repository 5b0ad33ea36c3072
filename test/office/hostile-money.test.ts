/** Money, as double clicks, lost answers, two nodes and amounts at the ends of what there is would have it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { audit } from '../../src/db/audit.ts';
import { type OfficeClient, type OfficeRig, officeClient, openRig } from './rig.ts';
import { walk } from './walk.ts';

let rig: OfficeRig;
let finance: OfficeClient;
let elsewhere: OfficeClient;
before(async () => {
  rig = await openRig();
  finance = await rig.house('finance');
  const { url } = await rig.world.secondHub();
  const { person, userId } = finance;
  elsewhere = officeClient(url, { person, userId, cookie: finance.cookie() ?? '' });
});
after(async () => {
  const report = await audit(rig.sql);
  assert.deepEqual(
    report.checks.filter(({ ok }) => !ok),
    [],
  );
  await rig.close();
});

const key = () => randomUUID();
const many = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));
const holds = async (column: 'pot' | 'points', id: number) => {
  const path = column === 'pot' ? `/agents/${id}` : `/players/${id}`;
  return BigInt((await finance.get(path)).body[column]);
};

/** Sends and goes away before the answer. */
async function forgotten(path: string, body: unknown): Promise<void> {
  const leave = new AbortController();
  const sent = fetch(`${rig.url}/office/v1${path}`, {
    method: 'POST',
    headers: { 'x-croupier-office': '1', cookie: `croupier_office=${finance.cookie()}` },
    body: JSON.stringify(body),
    signal: leave.signal,
  });
  setTimeout(() => leave.abort(), Math.random() * 20);
  await sent.then(
    (answer) => answer.text().catch(() => {}),
    () => {},
  );
}

const FORMS = {
  points: () => ({
    path: `/players/${rig.players.a.id}/points`,
    body: { amount: '700', reason: 'a gift', key: key() },
    of: () => holds('points', rig.players.a.id),
    is: 700n,
  }),
  give: () => ({
    path: `/agents/${rig.agents.b.id}/pot`,
    body: { direction: 'give', amount: '700', key: key() },
    of: () => holds('pot', rig.agents.b.id),
    is: 700n,
  }),
  take: () => ({
    path: `/agents/${rig.agents.root.id}/pot`,
    body: { direction: 'take', amount: '700', key: key() },
    of: () => holds('pot', rig.agents.root.id),
    is: -700n,
  }),
};

for (const [name, formOf] of Object.entries(FORMS)) {
  test(`${name}: clicked again and again, on two nodes, it is done once`, async () => {
    const { path, body, of, is } = formOf();
    const had = await of();
    const answers = await many(8, (n) => (n % 2 === 0 ? finance : elsewhere).post(path, body));
    const ids = answers.filter(({ status }) => status === 200).map(({ body: { transferId } }) => transferId);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200], answers[1]?.text);
    assert.equal(new Set(ids.filter((id) => id !== null)).size, 1);
    assert.equal((await of()) - had, is);
    const other = await finance.post(path, { ...body, amount: '701' });
    assert.deepEqual([other.status, other.body.code], [409, 'conflict'], 'another act under its key');
    assert.equal((await of()) - had, is);
  });

  test(`${name}: the answer is lost, the form is sent again, and it is done once`, async () => {
    for (let round = 0; round < 5; round++) {
      const { path, body, of, is } = formOf();
      const had = await of();
      await forgotten(path, body);
      const again = await finance.post(path, body);
      assert.equal(again.status, 200, again.text);
      assert.equal((await of()) - had, is);
    }
  });

  test(`${name}: what is no amount is refused`, async () => {
    const { path, body, of } = formOf();
    const had = await of();
    const amounts = ['0', '-1', '1.5', '1,5', '1e3', ' 1', '１', '', '10000000000000000', '0x10', 700, null];
    for (const amount of amounts) {
      const answer = await finance.post(path, { ...body, key: key(), amount });
      assert.deepEqual([answer.status, answer.body.code], [422, 'invalid_request'], `${amount}`);
    }
    assert.equal(await of(), had);
  });
}

test('amounts past what a double holds are exact wherever they are shown', async () => {
  const amount = '9007199254740993';
  const { id } = rig.agents.other;
  const had = await holds('pot', id);
  const given = await finance.post(`/agents/${id}/pot`, { direction: 'give', amount, key: key() });
  assert.equal(given.status, 200, given.text);
  assert.equal((await holds('pot', id)) - had, BigInt(amount));
  const receipt = await finance.get(`/pot-requests/${given.body.id}`);
  assert.equal(BigInt(receipt.body.agentPot.after) - BigInt(receipt.body.agentPot.before), BigInt(amount));
  const rows = await walk(finance, { path: `/statement/agent/${id}`, query: { order: 'oldest' }, limit: 3 });
  assert.equal(rows.at(-1).amount, amount);
  const csv = await finance.get(`/statement/agent/${id}/export`, { format: 'csv' });
  assert.ok(csv.text.includes(amount), csv.text);
  let held = '0';
  for (const { before, after } of rows) {
    assert.equal(before, held);
    held = after;
  }
  assert.equal(BigInt(held), await holds('pot', id));
  const player = rig.players.other.id;
  const points = await finance.post(`/players/${player}/points`, { amount, reason: 'much', key: key() });
  assert.equal(points.body.points, amount);
  const taken = await finance.post(`/agents/${id}/pot`, { direction: 'take', amount, key: key() });
  assert.equal(taken.body.state, 'carried_out');
  assert.equal(await holds('pot', id), had);
});

test('two approve what one POT can bear: one of them moves, and the other says why not', async () => {
  const { a, a1 } = rig.agents;
  const [asker, upline, second] = [
    await rig.of('a1', 'agent_staff'),
    await rig.of('a'),
    await rig.of('a', 'agent_owner', 'second of a'),
  ];
  const amount = String((await holds('pot', a.id)) - 10n);
  const asked = await many(2, () =>
    asker.post('/pot-requests', { kind: 'recharge', amount, key: key(), note: '' }),
  );
  const had = await holds('pot', a1.id);
  const [one, other] = await Promise.all([
    upline.post(`/pot-requests/${asked[0]?.body.id}/approve`),
    second.post(`/pot-requests/${asked[1]?.body.id}/approve`),
  ]);
  const states = [one, other].map(({ body }) => `${body.state} ${body.trouble}`).toSorted();
  assert.deepEqual(states, ['approved pot_too_low', 'carried_out null']);
  assert.equal(await holds('pot', a1.id), had + BigInt(amount));
  assert.equal(await holds('pot', a.id), 10n);
});
