/** Every row type of contract xt §3 as a client reads it: exact keys, chains, causers, referers, details. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AgentId } from '../../src/core/ids.ts';
import { setLimit } from '../../src/db/limit.ts';
import { movePot } from '../../src/office.ts';
import { KEYS, keysOf, sorted } from '../http/rig.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';

interface Row {
  readonly id: number;
  readonly type: string;
  readonly amount: number;
  readonly before: number;
  readonly processed_at: string;
  readonly created_at: string;
  readonly referer_id: number | null;
  readonly status: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  readonly details: any;
  readonly user: { readonly id: number; readonly username: string };
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  readonly external: any;
}

let world: World;
let studio: StudioClient;
before(async () => {
  world = await openWorld();
  studio = await world.studio('evolution', 'WM Live', 'onetouch');
});
after(async () => {
  for (const row of seen) checkForm(row);
  await world.close();
});

const seen: Row[] = [];
const WINDOW = { start: '2020-01-01 00:00:00', end: '2099-01-01 00:00:00', page: 1, perPage: 1000 };

async function rowsOf(agent: TestAgent, values: Record<string, unknown> = {}): Promise<Row[]> {
  const answer = await agent.get('/transactions', { ...WINDOW, ...values });
  assert.equal(answer.status, 200, answer.text);
  seen.push(...answer.body.data);
  return answer.body.data;
}

function checkForm(row: Row): void {
  assert.deepEqual(keysOf(row), sorted(KEYS.row));
  assert.deepEqual(keysOf(row.user), ['id', 'username']);
  assert.equal(row.status, 'success');
  assert.match(row.processed_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.equal(row.created_at, row.processed_at);
  assert.ok(row.id > 2 ** 31 && row.id < 2 ** 53);
  if (row.external !== null) assert.deepEqual(keysOf(row.external), ['detail', 'id']);
  if (row.details?.game !== undefined)
    assert.deepEqual(keysOf(row.details.game), ['id', 'round', 'title', 'type', 'vendor']);
  else if (row.details !== null) assert.deepEqual(keysOf(row.details), ['ip']);
}

const brief = (rows: readonly Row[]) => rows.map((row) => [row.type, row.before, row.amount]);
const only = (rows: readonly Row[], ...types: string[]) => rows.filter((row) => types.includes(row.type));

/** A player with 10,000 at a table; `item` sends one item of its round. */
async function table(vendor: string, wish: { maxWin?: bigint } = {}) {
  const agent = await world.agent();
  const username = `row-${vendor}`;
  if (wish.maxWin !== undefined) await setLimit(world.hub.sql, { agentId: agent.id as AgentId }, wish);
  const { session, game, player } = await world.play(agent, studio, { username, vendor, balance: 10_000 });
  const prefix = agent.username;
  const item = async (id: string, type: string, rest: Record<string, unknown>) => {
    const common = { session, game, currency: 'KRW', round: 'r1' };
    const [result] = await studio.transact({ ...common, id: `${prefix}-${id}`, type, ...rest });
    return result;
  };
  const games = async (values = {}) =>
    (await rowsOf(agent, values)).filter((row) => row.details?.game || row.external);
  return { agent, player, prefix, item, games };
}

test('every pay row of a user has its causer: id + 1, same instant, the agent’s POT, referring to it', async () => {
  const agent = await world.agent({ pot: 5000n });
  const user = (await agent.post('/user/create', { username: 'payee01' })).body;
  await agent.post('/user/add-balance', { username: 'payee01', amount: 700 });
  await agent.post('/user/sub-balance', { username: 'payee01', amount: 200 });
  await agent.post('/user/sub-balance-all', { username: 'payee01' });
  await agent.post('/user/sub-balance-all', { username: 'payee01' });
  const rows = await rowsOf(agent);
  assert.deepEqual(brief(rows), [
    ['agents.give_money', 0, 5000],
    ['agent.add_balance', 0, 700],
    ['causer.agent.add_balance', 5000, -700],
    ['agent.subtract_balance', 700, -200],
    ['causer.agent.subtract_balance', 4300, 200],
    ['agent.subtract_balance_all', 500, -500],
    ['causer.agent.subtract_balance_all', 4500, 500],
    ['agent.subtract_balance_all', 0, 0],
    ['causer.agent.subtract_balance_all', 5000, 0],
  ]);
  for (let at = 1; at < rows.length; at += 2) {
    const [own, causer] = [rows[at] as Row, rows[at + 1] as Row];
    assert.deepEqual([own.referer_id, causer.referer_id, causer.id], [null, own.id, own.id + 1]);
    assert.equal(causer.processed_at, own.processed_at);
    assert.deepEqual(own.user, { id: user.id, username: 'payee01' });
    assert.deepEqual(causer.user, { id: agent.id, username: agent.username });
    assert.deepEqual([own.details, own.external], [{ ip: '127.0.0.1' }, null]);
  }
});

test('POT given and taken in a tree shows at the agent it was given to', async () => {
  const root = await world.agent({ pot: 10_000n });
  const child = await world.agent({ pot: 0n, parent: root.username });
  const move = (direction: 'give' | 'take', amount: bigint) =>
    movePot(world.office, { username: child.username, direction, amount, actor: 'test' });
  await move('give', 3000n);
  await move('take', 1000n);
  await assert.rejects(move('take', 2001n), /too low/);
  await assert.rejects(move('give', 8001n), /too low/);
  const rows = await rowsOf(child);
  assert.deepEqual(brief(rows), [
    ['agents.give_money', 0, 3000],
    ['agents.take_money', 3000, -1000],
  ]);
  for (const row of rows) {
    assert.deepEqual(row.user, { id: child.id, username: child.username });
    assert.deepEqual([row.referer_id, row.details, row.external], [null, null, null]);
  }
  assert.equal((await root.get('/my-info')).body.balance, 8000);
  assert.deepEqual(brief(await rowsOf(root)), [['agents.give_money', 0, 10_000]]);
});

test('bet, win, zero win, charge, promotion, corrections: the chain of balances holds', async () => {
  const { item, games, prefix, player } = await table('evolution');
  const bet = await item('b1', 'bet', { amount: '1000' });
  await item('w1', 'win', { amount: '1500', closesRound: true });
  await item('b2', 'bet', { amount: '300', round: 'r2' });
  await item('w2', 'win', { amount: '0', round: 'r2' });
  await item('c1', 'charge', { amount: '50', round: 'r2' });
  await item('p1', 'promo_win', { amount: '70', round: undefined });
  await item('a1', 'adjust_credit', { amount: '20', reference: `${prefix}-b1` });
  await item('a2', 'adjust_debit', { amount: '10' });
  const rows = await games();
  assert.deepEqual(brief(rows), [
    ['bet', 10_000, -1000],
    ['win', 9000, 1500],
    ['bet', 10_500, -300],
    ['win', 10_200, 0],
    ['charge', 10_200, -50],
    ['promo_win', 10_150, 70],
    ['adjust', 10_220, 20],
    ['adjust', 10_240, -10],
  ]);
  const [first, , second] = rows;
  assert.deepEqual(
    rows.map((row) => row.referer_id),
    [null, first?.id, null, second?.id, null, null, first?.id, null],
  );
  assert.equal(first?.id, bet.transactionId);
  assert.deepEqual(first?.details, {
    game: { id: 'evolution-game', type: 'slot', round: 'r1', title: 'evolution test', vendor: 'evolution' },
  });
  assert.deepEqual(first?.external, { id: `${prefix}-b1`, detail: null });
  assert.ok(rows.every((row) => String(row.user.id) === player));
});

test('evolution wins that name their bet refer to it; a cancel refunds and refers', async () => {
  const { item, games, prefix } = await table('evolution');
  const one = await item('b1', 'bet', { amount: '100' });
  const two = await item('b2', 'bet', { amount: '200' });
  const three = await item('b3', 'bet', { amount: '400' });
  await item('w2', 'win', { amount: '250', reference: `${prefix}-b2` });
  await item('c3', 'cancel', { reference: `${prefix}-b3`, round: undefined });
  await item('w1', 'win', { amount: '0' });
  assert.deepEqual(
    only(await games(), 'win', 'cancel').map((row) => [
      row.type,
      row.amount,
      row.referer_id,
      row.details.game.round,
    ]),
    [
      ['win', 250, two.transactionId, 'r1'],
      ['cancel', 400, three.transactionId, 'r1'],
      ['win', 0, one.transactionId, 'r1'],
    ],
  );
});

test('a bundle of bets has one win or one cancel, referring to the first bet; a cancelled one leaves no trace', async () => {
  const { item, games } = await table('WM Live');
  const first = await item('b1', 'bet', { amount: '100' });
  await item('b2', 'bet', { amount: '200' });
  await item('c1', 'cancel', { amount: '300' });
  await world.hub
    .sql`update round set cancelled_at = cancelled_at - interval '11 seconds' where cancelled_at is not null`;
  const third = await item('b3', 'bet', { amount: '50' });
  await item('b4', 'bet', { amount: '60' });
  await item('w1', 'win', { amount: '500' });
  assert.deepEqual(
    (await games()).map((row) => [row.type, row.amount, row.referer_id]),
    [
      ['bet', -100, null],
      ['bet', -200, null],
      ['cancel', 300, first.transactionId],
      ['bet', -50, null],
      ['bet', -60, null],
      ['win', 500, third.transactionId],
    ],
  );
});

test('onetouch sends no zero wins: the lost round ends without a row', async () => {
  const { item, games } = await table('onetouch');
  await item('b1', 'bet', { amount: '100' });
  const lost = await item('w1', 'win', { amount: '0' });
  assert.deepEqual([lost.status, lost.transactionId, lost.balance], ['accepted', null, '9900']);
  await item('b2', 'bet', { amount: '100', round: 'r2' });
  const closed = { game: 'onetouch-game', round: 'r2' };
  assert.equal((await studio.call('POST', '/rounds/close', closed)).status, 200);
  await item('b3', 'bet', { amount: '100', round: 'r3' });
  await item('w3', 'win', { amount: '30', round: 'r3' });
  assert.deepEqual(brief(await games()), [
    ['bet', 10_000, -100],
    ['bet', 9900, -100],
    ['bet', 9800, -100],
    ['win', 9700, 30],
  ]);
});

test('what exceeds the maximum winning is cut by a row right after its win, in the same instant', async () => {
  const { item, games, prefix } = await table('evolution', { maxWin: 1000n });
  await item('b1', 'bet', { amount: '100' });
  const won = await item('w1', 'win', { amount: '1700' });
  assert.equal(won.balance, '10900');
  const [, win, cut] = await games();
  assert.deepEqual(brief([win as Row, cut as Row]), [
    ['win', 9900, 1700],
    ['exceed_credit', 11_600, -700],
  ]);
  assert.deepEqual([cut?.referer_id, cut?.id], [win?.id, (win?.id ?? 0) + 2]);
  assert.equal(cut?.processed_at, win?.processed_at);
  assert.equal(cut?.external.id, `${prefix}-w1`);
  await item('w2', 'win', { amount: '1000' });
  assert.equal(only(await games(), 'exceed_credit').length, 1, 'the maximum itself is not cut');
});

test('a detail shows on bet rows with withDetails=1 alone, also when it comes late', async () => {
  const { agent, item, games, prefix } = await table('evolution');
  await item('b1', 'bet', { amount: '100', detail: { data: { gameType: 'baccarat' } } });
  const second = await item('b2', 'bet', { amount: '100' });
  await item('w1', 'win', { amount: '10', detail: { win: true } });
  const details = async (values = {}) => (await games(values)).map((row) => row.external.detail);
  assert.deepEqual(await details(), [null, null, null]);
  assert.deepEqual(await details({ withDetails: 1 }), [{ data: { gameType: 'baccarat' } }, null, null]);
  const ask = (id: number) => agent.get('/transaction-detail', { transaction_id: id });
  const none = await ask(second.transactionId);
  assert.deepEqual([none.status, none.text], [200, '']);
  const late = { participants: [], result: '무승부' };
  assert.equal((await studio.call('PUT', `/transactions/${prefix}-b2/detail`, late)).status, 200);
  assert.deepEqual((await details({ withDetails: 'true' }))[1], late);
  assert.deepEqual((await ask(second.transactionId)).body, { data: late });
});

test('/transaction-detail of what is no row of the agent is 422', async () => {
  const { agent, item } = await table('evolution');
  const { transactionId } = await item('b1', 'bet', { amount: '100' });
  const [, paid] = await rowsOf(agent);
  assert.equal(
    (await agent.get('/transaction-detail', { transaction_id: (paid?.id ?? 0) + 1 })).status,
    200,
    'the causer',
  );
  for (const id of [1, transactionId + 1, transactionId + 2, Number.MAX_SAFE_INTEGER]) {
    const answer = await agent.get('/transaction-detail', { transaction_id: id });
    assert.deepEqual(
      [answer.status, Object.keys(answer.body.errors ?? {})],
      [422, ['transaction_id']],
      String(id),
    );
  }
});

test('points that became balance show as a correction without a referer', async () => {
  const agent = await world.agent();
  await agent.post('/user/create', { username: 'points01' });
  await agent.post('/user/exchange-point-all', { username: 'points01' });
  const [row] = only(await rowsOf(agent), 'adjust');
  assert.deepEqual([row?.amount, row?.before, row?.referer_id], [0, 0, null]);
});
