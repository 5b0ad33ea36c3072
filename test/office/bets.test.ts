/** Rounds as people see them: figures exact in every turn a round can take, the page of one round, and the search. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { trusted } from '../../src/core/ids.ts';
import { setLimit } from '../../src/db/limit.ts';
import type { StudioClient } from '../world.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let house: OfficeClient;
let studio: StudioClient;
const ids = new Map<string, number>();

before(async () => {
  rig = await openRig();
  house = await rig.house('read');
  studio = await rig.world.studio('evolution', 'Asia Gaming', 'netent');
  await playEverything();
});
after(() => rig.close());

type Item = readonly [id: string, type: string, amount: string | null, rest?: Record<string, unknown>];

/** Plays items one after another; their transaction ids are kept by their own. */
async function playRound(vendor: string, round: string, items: readonly Item[]): Promise<void> {
  const { session, game } = await rig.world.play(rig.agents.a, studio, {
    username: 'player-a',
    vendor,
    balance: 0,
  });
  for (const [id, type, amount, rest = {}] of items) {
    const item = { id, type, currency: 'KRW', session, game, round, ...rest };
    const [result] = await studio.transact(amount === null ? item : { ...item, amount });
    assert.equal(result.status, 'accepted', `${id}: ${JSON.stringify(result)}`);
    if (result.transactionId !== null) ids.set(id, Number(result.transactionId));
  }
}

async function playEverything(): Promise<void> {
  await rig.agents.a.post('/user/add-balance', { username: 'player-a', amount: 1_000_000 });
  const agentId = trusted<never>(rig.agents.a.id);
  await setLimit(rig.sql, { agentId }, { maxWin: 1000n });
  await playRound('evolution', 'won', [
    ['won-b', 'bet', '100', { detail: { data: { gameType: 'baccarat' } } }],
    ['won-w', 'win', '250', { closesRound: true }],
  ]);
  await playRound('Asia Gaming', 'bundle', [
    ['bundle-1', 'bet', '100'],
    ['bundle-2', 'bet', '200'],
    ['bundle-3', 'bet', '300'],
    ['bundle-w', 'win', '500'],
    ['bundle-adjust', 'adjust_debit', '50', { reference: 'bundle-2' }],
  ]);
  await playRound('Asia Gaming', 'cancelled', [
    ['cancelled-1', 'bet', '100'],
    ['cancelled-2', 'bet', '50'],
    ['cancelled-c', 'cancel', null],
  ]);
  await playRound('evolution', 'cut', [
    ['cut-b', 'bet', '10'],
    ['cut-w', 'win', '5000', { closesRound: true }],
    ['cut-adjust', 'adjust_credit', '30', { reference: 'cut-w' }],
    ['cut-again', 'adjust_debit', '7', { reference: 'cut-adjust' }],
  ]);
  await playRound('evolution', 'open', [['open-b', 'bet', '400']]);
  await playRound('evolution', 'promoted', [
    ['promoted-b', 'bet', '100'],
    ['promoted-p', 'promo_win', '40', { reference: 'promoted-b' }],
    ['promoted-tip', 'charge', '10'],
    ['promoted-w', 'win', '0', { closesRound: true }],
  ]);
}

const listed = async (query: Record<string, string | number> = {}) => {
  const answer = await house.get('/rounds', query);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.rows as Record<string, string | number>[];
};

test('every turn a round can take is told exactly', async () => {
  const rows = (await listed({ player: rig.players.a.id })).map((row) => [
    ...[row.round, row.bets, row.stake, row.payout, row.refunds, row.other, row.net, row.state],
  ]);
  assert.deepEqual(rows, [
    ['promoted', 1, '100', '40', '0', '0', '-60', 'settled'],
    ['open', 1, '400', '0', '0', '0', '-400', 'open'],
    ['cut', 1, '10', '1000', '0', '23', '1013', 'settled'],
    ['cancelled', 2, '150', '0', '150', '0', '0', 'cancelled'],
    ['bundle', 3, '600', '500', '0', '-50', '-150', 'settled'],
    ['won', 1, '100', '250', '0', '0', '150', 'settled'],
  ]);
});

test('filters choose, and what they name must be in scope', async () => {
  const rounds = async (query: Record<string, string | number>) =>
    (await listed(query)).map((row) => row.round);
  const [, vendor] = await Promise.all([
    0,
    rig.sql`select v.id from vendor v where name = 'Asia Gaming'`.then(([row]) => row?.id),
  ]);
  assert.deepEqual(await rounds({ vendor }), ['cancelled', 'bundle']);
  assert.deepEqual(await rounds({ state: 'open' }), ['open']);
  assert.deepEqual(await rounds({ state: 'cancelled' }), ['cancelled']);
  assert.deepEqual(await rounds({ state: 'cancelled', agent: rig.agents.b.id }), []);
  assert.deepEqual(await rounds({ state: 'settled', vendor }), ['bundle']);
  assert.deepEqual(await rounds({ round: 'cut' }), ['cut']);
  assert.deepEqual(await rounds({ minStake: '150', player: rig.players.a.id }), [
    'open',
    'cancelled',
    'bundle',
  ]);
  assert.deepEqual(await rounds({ agent: rig.agents.root.id, to: '2020-01-01' }), []);
  assert.equal((await rounds({ agent: rig.agents.root.id, from: '2020-01-01' })).length, 6);
  const wide = await house.get('/rounds', { minStake: '150' });
  assert.deepEqual([wide.status, wide.body.fields.minStake !== undefined], [422, true]);
  const other = await rig.of('b');
  assert.deepEqual((await other.get('/rounds')).body.rows, []);
  assert.equal((await other.get('/rounds', { player: rig.players.a.id })).status, 404);
  assert.equal((await other.get('/rounds', { agent: rig.agents.a.id })).status, 404);
});

test('a round’s page has every row, what it answers, balances that follow, and what the studio told', async () => {
  const { body } = await house.get(`/rounds/${ids.get('cut-adjust')}`);
  const [bet, win, cut, adjust, again] = ['cut-b', 'cut-w', 'cut', 'cut-adjust', 'cut-again'];
  const seen = body.rows.map((row: Record<string, unknown>) => [row.what, row.amount, row.refererId]);
  assert.deepEqual(seen, [
    ['bet', '-10', null],
    ['win', '5000', ids.get(bet)],
    ['exceedCredit', '-4000', ids.get(win)],
    ['adjustCredit', '30', ids.get(win)],
    ['adjustDebit', '-7', ids.get(adjust)],
  ]);
  for (const [index, row] of body.rows.entries()) {
    assert.equal(BigInt(row.before) + BigInt(row.amount), BigInt(row.after));
    assert.equal(row.after, body.rows[index + 1]?.before ?? row.after, `${cut} ${again}`);
  }
  assert.deepEqual(
    [body.state, body.closed, body.username, body.vendor],
    ['settled', true, 'player-a', 'evolution'],
  );
  const won = (await house.get(`/rounds/${ids.get('won-b')}`)).body;
  assert.equal(won.rows[0].detail, '{"data":{"gameType":"baccarat"}}');
  const bundle = (await house.get(`/rounds/${ids.get('bundle-3')}`)).body;
  assert.deepEqual(bundle.bundles, [{ firstId: ids.get('bundle-1'), stake: '600', bets: 3, state: 'won' }]);
  assert.deepEqual(
    bundle.rows.map((row: Record<string, unknown>) => row.what),
    ['bet', 'bet', 'bet', 'win', 'adjustDebit'],
  );
  const promoted = (await house.get(`/rounds/${ids.get('promoted-b')}`)).body;
  assert.equal(promoted.rows.length, 4);
});

test('whatever id somebody holds leads to its round or row', async () => {
  const found = async (what: string | number | undefined, client = house) =>
    (await client.get('/find', { what: String(what) })).body.found.map((each: Record<string, unknown>) => [
      each.by,
      each.id,
      each.inRound,
    ]);
  const bet = ids.get('won-b') ?? 0;
  assert.deepEqual(await found(bet), [['transaction', bet, true]]);
  // The causer's row has the id after it.
  const paid = await rig.agents.a.post('/user/add-balance', {
    username: 'player-a',
    amount: 5,
    uuid: 'my-uuid',
  });
  const paidId = paid.body.transaction_id;
  assert.deepEqual(await found(paidId + 1), [['transaction', paidId, false]]);
  assert.deepEqual(await found('my-uuid'), [['key', paidId, false]]);
  assert.deepEqual(await found('cut-w'), [['key', ids.get('cut-w'), true]]);
  assert.deepEqual(await found('bundle'), [['round', ids.get('bundle-1'), true]]);
  assert.deepEqual(await found('no such thing'), []);
  const other = await rig.of('b');
  for (const what of [bet, paidId, 'my-uuid', 'cut-w', 'bundle'])
    assert.deepEqual(await found(what, other), []);
});

test('the totals of plain filters are the hourly sums, those of others a count', async () => {
  const counted = (await house.get('/rounds/totals', { player: rig.players.a.id })).body;
  assert.deepEqual([counted.count, counted.more, counted.sums], [6, false, null]);
  const deadline = Date.now() + 20_000;
  let sums: Record<string, unknown>[] = [];
  while (sums[0]?.bets !== 9 && Date.now() < deadline)
    sums = (await house.get('/rounds/totals', { agent: rig.agents.a.id })).body.sums;
  assert.deepEqual(sums, [
    { currency: 'KRW', bets: 9, stake: '1360', payout: '1790', refunds: '150', other: '-37' },
  ]);
});

test('rounds of a state are counted as they are listed', async () => {
  for (const state of ['settled', 'cancelled', 'open']) {
    const { rows } = (await house.get('/rounds', { state })).body;
    const { count, more, sums } = (await house.get('/rounds/totals', { state })).body;
    assert.deepEqual([count, more, sums], [rows.length, false, null], state);
    const from = new Date(Date.parse(rows[0]?.at ?? '2026-01-01') + 1000).toISOString();
    assert.equal((await house.get('/rounds/totals', { state, from })).body.count, 0, `${state} from ${from}`);
  }
});

test('the export is the same list', async () => {
  const { text } = await house.get('/rounds/export', {
    format: 'csv',
    columns: 'round,stake,net',
    state: 'settled',
  });
  assert.deepEqual(text.trim().split('\r\n').slice(1), [
    'promoted,100,-60',
    'cut,10,1013',
    'bundle,600,-150',
    'won,100,150',
  ]);
});
