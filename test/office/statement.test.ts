/** Statements: read to the end, each has no gap and ends at the balance; and each row tells what caused it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { trusted } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { setLimit } from '../../src/db/limit.ts';
import { findPlayer } from '../../src/db/player.ts';
import { givePoints, movePot } from '../../src/office.ts';
import { type Operator, openOperator, seamlessAgent, seat } from '../seamless/rig.ts';
import type { TestAgent } from '../world.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';
import { walk } from './walk.ts';

let rig: OfficeRig;
let house: OfficeClient;
let operator: Operator;
let seamless: TestAgent;
let seated = 0;
before(async () => {
  rig = await openRig();
  house = await rig.house('finance');
  operator = await openOperator();
  seamless = await seamlessAgent(rig.world, operator, {
    username: 'branch-seamless',
    parent: 'trunk-root',
    pot: 1_000_000n,
  });
  await moveEverything();
});
after(async () => {
  const report = await audit(rig.sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
  await rig.close();
  await operator.close();
});

/** Every kind of movement there is, many of them in one batch. */
async function moveEverything(): Promise<void> {
  const { world, agents, sql } = rig;
  const studio = await world.studio('evolution', 'Asia Gaming');
  await setLimit(sql, { agentId: trusted<never>(agents.a.id) }, { maxWin: 900n });
  await movePot(world.office, {
    username: agents.a1.username,
    direction: 'give',
    amount: 5000n,
    actor: 'test',
  });
  await movePot(world.office, {
    username: agents.a1.username,
    direction: 'take',
    amount: 700n,
    actor: 'test',
  });
  await movePot(world.office, {
    username: agents.a.username,
    direction: 'take',
    amount: 100n,
    actor: 'test',
  });
  const { session, game } = await world.play(agents.a, studio, {
    username: 'player-a',
    vendor: 'evolution',
    balance: 50_000,
  });
  const item = (id: string, type: string, amount: string, round: string) => ({
    ...{ id, type, amount, currency: 'KRW', session, game, round },
  });
  for (let n = 0; n < 10; n++)
    await studio.transact(
      ...Array.from({ length: 10 }, (_, k) => [
        item(`b${n}-${k}`, 'bet', `${k + 1}`, `r${n}-${k}`),
        item(`w${n}-${k}`, 'win', `${k * 200}`, `r${n}-${k}`),
      ]).flat(),
    );
  await studio.transact(item('x1', 'bet', '40', 'x'), item('x2', 'charge', '3', 'x'));
  await studio.transact(
    { ...item('x3', 'cancel', '40', 'x'), reference: 'x1' },
    item('x4', 'adjust_debit', '9', 'x'),
  );
  await agents.a.post('/user/sub-balance', { username: 'player-a', amount: 11 });
  const player = await findPlayer(sql, trusted<never>(agents.a.id), 'player-a');
  assert.ok(player !== null);
  await givePoints(world.office, { player, amount: 250n, actor: 'test' });
  await agents.a.call('POST', '/user/exchange-point-all', { username: 'player-a' });
  await givePoints(world.office, { player, amount: 60n, actor: 'test' });
  const place = await seat(world, { agent: seamless, studio });
  seated = Number(place.player);
  await place.send('s1', 'bet', { amount: '500' });
  await place.send('s2', 'win', { amount: '1200', closesRound: true });
}

type Line = Record<string, string | number | null>;

/** No gap between rows, from nothing to the balance. */
function holds(rows: readonly Line[], balance: string): void {
  assert.ok(rows.length > 0);
  let held = '0';
  for (const row of rows) {
    assert.equal(row.before, held, `a gap before ${row.id} (${row.what})`);
    held = String(row.after);
    assert.equal(BigInt(String(row.before)) + BigInt(String(row.amount)), BigInt(held));
  }
  assert.equal(held, balance);
}

const oldest = (path: string, query: Record<string, string> = {}) =>
  walk(house, { path, query: { order: 'oldest', ...query }, limit: 7 });

test('a user’s wallet and points follow from nothing to what they hold', async () => {
  for (const branch of ['a', 'a1'] as const) {
    const { id } = rig.players[branch];
    const { balance, points } = (await house.get(`/players/${id}`)).body;
    if (branch === 'a') {
      const wallet = await oldest(`/statement/player/${id}`);
      holds(wallet, balance);
      for (const what of [
        'bet',
        'win',
        'exceedCredit',
        'cancel',
        'charge',
        'adjustDebit',
        'addBalance',
        'subBalance',
        'pointsExchange',
      ])
        assert.ok(
          wallet.some((row: Line) => row.what === what),
          what,
        );
      holds(await oldest(`/statement/player/${id}`, { account: 'points' }), points);
    } else assert.deepEqual((await oldest(`/statement/player/${id}`)).length, 0);
  }
});

test('every POT of the tree follows from nothing to what it holds', async () => {
  const pots =
    await rig.sql`select a.id, a.username, p.balance from agent a join account p on p.id = a.pot_account_id`;
  assert.equal(pots.length, 6);
  for (const { id, balance } of pots) {
    const rows = await oldest(`/statement/agent/${id}`);
    if (rows.length > 0 || balance !== 0n) holds(rows, String(balance));
  }
  const ofRoot = await oldest(`/statement/agent/${rig.agents.root.id}`, { type: 'potGive' });
  assert.ok(ofRoot.some((row: Line) => row.agent === rig.agents.a.id && String(row.amount).startsWith('-')));
});

test('of a seamless user what the operator was told is shown, and the POT that covers it', async () => {
  const [bet, win] = await oldest(`/statement/player/${seated}`);
  assert.deepEqual([bet.what, bet.amount, bet.before, bet.after], ['bet', '-500', '100000', '99500']);
  assert.deepEqual([bet.potBefore, bet.potAfter], ['1000000', '999500']);
  assert.deepEqual([win.what, win.before, win.after, win.potAfter], ['win', '99500', '100700', '1000700']);
});

test('a movement tells its accounts and its cause', async () => {
  const { body: statement } = await house.get('/statement', {
    player: rig.players.a.id,
    type: 'exceedCredit',
    limit: '1',
  });
  const cut = (await house.get(`/movements/${statement.rows[0].id}`)).body;
  assert.deepEqual(
    [cut.debit.kind, cut.credit.kind, cut.cause.kind, cut.answers.what],
    ['wallet', 'vendor', 'round', 'win'],
  );
  const win = (await house.get(`/movements/${cut.answers.id}`)).body;
  assert.deepEqual([win.answers.what, win.answeredBy[0].id], ['bet', cut.id]);
  const uuid = 'asked-by-me';
  const paid = await rig.agents.a.post('/user/add-balance', { username: 'player-a', amount: 5, uuid });
  const asked = (await house.get(`/movements/${paid.body.transaction_id + 1}`)).body;
  assert.deepEqual(
    [asked.cause.kind, asked.cause.key, asked.debit.kind, asked.debit.name],
    ['api', uuid, 'pot', 'branch-a'],
  );
  const points = { amount: '5', reason: 'for the test', key: 'a-key-of-mine' };
  const given = await house.post(`/players/${rig.players.a.id}/points`, points);
  const staff = (await house.get(`/movements/${given.body.transferId}`)).body;
  assert.deepEqual(
    [staff.cause.kind, staff.cause.act.actor, staff.cause.act.reason],
    ['staff', house.person, 'for the test'],
  );
});

test('agents see their own, and of an upline’s POT not even the name', async () => {
  const owner = await rig.of('a');
  for (const path of [
    `/statement/agent/${rig.agents.root.id}`,
    `/statement/agent/${rig.agents.b.id}`,
    `/statement/player/${seated}`,
  ])
    assert.equal((await owner.get(path)).status, 404, path);
  assert.equal((await owner.get('/statement', { agent: rig.agents.b.id })).status, 404);
  assert.equal((await owner.get('/statement', { player: seated })).status, 404);
  const { rows } = (
    await owner.get(`/statement/agent/${rig.agents.a.id}`, { type: 'potGive', order: 'oldest' })
  ).body;
  const given = (await owner.get(`/movements/${rows[0].id}`)).body;
  assert.deepEqual([given.debit.kind, given.debit.name, given.debit.before], ['pot', null, null]);
  assert.ok(!JSON.stringify(given).includes('trunk-root'));
  const foreign = (await house.get('/statement', { player: seated })).body.rows[0];
  assert.equal((await owner.get(`/movements/${foreign.id}`)).status, 404);
});
