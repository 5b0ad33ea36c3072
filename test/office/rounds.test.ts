/** Open rounds and ending them by hand: two persons, once, whatever happens in between. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { audit } from '../../src/db/audit.ts';
import { createStaffKey } from '../../src/staff/keys.ts';
import type { StudioClient } from '../world.ts';
import { type OfficeClient, type OfficeRig, officeClient, openRig } from './rig.ts';

let rig: OfficeRig;
let first: OfficeClient;
let second: OfficeClient;
let studio: StudioClient;
let rounds = 0;
before(async () => {
  rig = await openRig();
  first = await rig.house('finance', 'first person');
  second = await rig.house('owner', 'second person');
  studio = await rig.world.studio('evolution');
});
after(async () => {
  const report = await audit(rig.sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
  await rig.close();
});

interface Open {
  readonly player: string;
  readonly game: string;
  readonly round: string;
}

/** A round of player-a with a bet of 400 in it. */
async function openRound(stake = '400'): Promise<Open> {
  const { session, game, player } = await rig.world.play(rig.agents.a, studio, {
    username: 'player-a',
    vendor: 'evolution',
    balance: 1000,
  });
  const round = `round-${rounds++}`;
  const bet = { id: `${round}-bet`, type: 'bet', amount: stake, currency: 'KRW', session, game, round };
  const [result] = await studio.transact(bet);
  assert.equal(result.status, 'accepted');
  const [found] = await rig.sql`select id from game`;
  return { player, game: String(found?.id), round };
}

const order = async (client: OfficeClient, open: Open, rest: Record<string, unknown> = { act: 'void' }) =>
  client.post('/round-orders', { ...open, reason: 'the studio lost it', ...rest });

const balance = async () => BigInt((await first.get(`/players/${rig.players.a.id}`)).body.balance);

test('an open round is listed, oldest first, and overdue past the vendor’s limit', async () => {
  const older = await openRound();
  const newer = await openRound('7');
  const listed = await first.get('/open-rounds');
  assert.deepEqual(
    listed.body.rows.map((row: Record<string, unknown>) => [row.round, row.stake, row.overdue, row.order]),
    [
      [older.round, '400', false, null],
      [newer.round, '7', false, null],
    ],
  );
  await rig.sql`update round set opened_at = opened_at - interval '2 hours' where ref = ${older.round}`;
  const overdue = (await first.get('/open-rounds', { overdue: 'true' })).body.rows;
  assert.deepEqual([overdue.length, overdue[0].round, overdue[0].ageS > 7000], [1, older.round, true]);
  const { body: totals } = await first.get('/open-rounds/totals');
  assert.deepEqual(
    [totals.count, totals.overdue, totals.sums],
    [2, 1, [{ currency: 'KRW', count: 2, stake: '407' }]],
  );
  assert.equal((await (await rig.of('a')).get('/open-rounds')).body.rows.length, 2);
  assert.equal((await (await rig.of('b')).get('/open-rounds')).body.rows.length, 0);
  const foreign = await (await rig.of('b')).get('/open-rounds', { player: rig.players.a.id });
  assert.equal(foreign.status, 404);
});

test('voiding takes two persons, by whatever way they come', async () => {
  const open = await openRound();
  const before = await balance();
  const made = await order(first, open);
  assert.equal(made.status, 200);
  const path = `/round-orders/${made.body.id}`;
  assert.equal((await order(second, open)).body.code, 'conflict');
  assert.equal((await first.post(`${path}/confirm`)).body.code, 'second_person_needed');
  const { key } = await createStaffKey(rig.sql, { name: 'first person', role: 'owner', actor: 'test' });
  const byKey = await officeClient(rig.url).call('POST', `${path}/confirm`, {
    body: {},
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(byKey.body.code, 'second_person_needed');
  assert.equal((await (await rig.house('support')).post(`${path}/confirm`)).status, 403);
  assert.equal(
    (await (await rig.of('a')).post('/round-orders', { ...open, act: 'void', reason: 'x' })).status,
    403,
  );
  assert.equal(await balance(), before);
  const done = await second.post(`${path}/confirm`);
  assert.deepEqual([done.status, done.body.state, done.body.confirmedBy], [200, 'done', 'second person']);
  assert.equal(await balance(), before + 400n);
  assert.equal((await second.post(`${path}/confirm`)).body.code, 'conflict');
  const [line] = await rig.sql`select actor, detail from audit_log where action = 'round.void'`;
  assert.deepEqual(
    [line?.actor, line?.detail.madeBy, line?.detail.reason, line?.detail.transactionId],
    ['second person', 'first person', 'the studio lost it', done.body.transferId],
  );
  assert.equal((await order(first, open)).body.code, 'refused');
});

test('settling pays what was ordered; an order can be refused or withdrawn instead', async () => {
  const open = await openRound();
  const before = await balance();
  for (const rest of [
    { act: 'settle' },
    { act: 'void', amount: '5' },
    { act: 'settle', amount: '-5' },
    { act: 'close' },
  ])
    assert.equal((await order(first, open, rest)).status, 422);
  assert.equal((await order(first, { ...open, round: 'no such' })).status, 404);
  assert.equal((await order(first, open, { act: 'void', reason: '' })).status, 422);
  const settle = { act: 'settle', amount: '900' };
  const refused = (await order(first, open, settle)).body.id;
  const why = { reason: 'not so much' };
  assert.equal((await first.post(`/round-orders/${refused}/refuse`, why)).body.code, 'second_person_needed');
  assert.equal((await second.post(`/round-orders/${refused}/withdraw`, why)).status, 403);
  assert.equal((await second.post(`/round-orders/${refused}/refuse`, why)).body.state, 'refused');
  assert.equal((await second.post(`/round-orders/${refused}/confirm`)).body.code, 'conflict');
  const withdrawn = (await order(first, open, settle)).body.id;
  assert.equal((await first.post(`/round-orders/${withdrawn}/withdraw`, why)).body.state, 'withdrawn');
  const paid = (await order(second, open, settle)).body.id;
  assert.equal((await first.post(`/round-orders/${paid}/confirm`)).body.state, 'done');
  assert.equal(await balance(), before + 900n);
  const states = (await first.get('/round-orders')).body.rows.map((row: { state: string }) => row.state);
  assert.deepEqual(states.slice(0, 3), ['done', 'withdrawn', 'refused']);
});

test('many confirmations at once, over two nodes, end the round once', async () => {
  const { url } = await rig.world.secondHub();
  const open = await openRound();
  const before = await balance();
  const { id } = (await order(first, open, { act: 'settle', amount: '777' })).body;
  const { key } = await createStaffKey(rig.sql, { name: 'third person', role: 'owner', actor: 'test' });
  const there = officeClient(url);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      n % 2 === 0
        ? second.post(`/round-orders/${id}/confirm`)
        : there.call('POST', `/round-orders/${id}/confirm`, {
            body: {},
            headers: { authorization: `Bearer ${key}` },
          }),
    ),
  );
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array(7).fill(409)]);
  assert.equal(await balance(), before + 777n);
  const lines =
    await rig.sql`select action from audit_log where detail -> 'after' ->> 'order' = ${String(id)} order by n`;
  assert.deepEqual(
    lines.map(({ action }) => action),
    ['round-order.make', 'round-order.confirm', 'round.settle'],
  );
});

test('an order whose node ended in between is carried out once by the next confirmation', async () => {
  const { sql } = rig;
  const left = `update round_order set state = 'confirmed', confirmed_by = 'second person', ended_by = null, ended_at = null, transfer_id = null`;
  // Before the ledger: nothing has moved yet.
  const unmoved = (await order(first, await openRound(), { act: 'settle', amount: '50' })).body.id;
  await sql.unsafe(`${left}, confirmed_at = now() - interval '5 seconds' where id = ${unmoved}`);
  assert.equal((await second.post(`/round-orders/${unmoved}/confirm`)).body.code, 'conflict', 'still at it');
  await sql.unsafe(`${left}, confirmed_at = now() - interval '1 minute' where id = ${unmoved}`);
  const before = await balance();
  assert.equal((await second.post(`/round-orders/${unmoved}/confirm`)).body.state, 'done');
  assert.equal(await balance(), before + 50n);
  // Behind it: the money has moved, and the order does not know.
  const moved = (await order(first, await openRound(), { act: 'void' })).body.id;
  const { transferId } = (await second.post(`/round-orders/${moved}/confirm`)).body;
  const held = await balance();
  await sql.unsafe(`${left}, confirmed_at = now() - interval '1 minute' where id = ${moved}`);
  const again = await second.post(`/round-orders/${moved}/confirm`);
  assert.deepEqual([again.body.state, again.body.transferId], ['done', transferId]);
  assert.equal(await balance(), held);
});

test('an order whose round ended meanwhile fails, and says so', async () => {
  const open = await openRound();
  const { id } = (await order(first, open)).body;
  const { session, game } = await rig.world.play(rig.agents.a, studio, {
    username: 'player-a',
    vendor: 'evolution',
    balance: 0,
  });
  await studio.transact({
    id: `${open.round}-win`,
    type: 'win',
    amount: '10',
    currency: 'KRW',
    session,
    game,
    round: open.round,
  });
  const before = await balance();
  const answer = await second.post(`/round-orders/${id}/confirm`);
  assert.deepEqual([answer.status, answer.body.code], [409, 'refused']);
  assert.equal((await first.get(`/round-orders/${id}`)).body.state, 'failed');
  assert.equal(await balance(), before);
});
