/** Rounds end, whatever happens: offers by the second, the hub's report, items the hub can't read. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { openStudio } from '../../games/studio.ts';
import { LOST, openTable, SLOT, spinId, type Table, WON } from './harness.ts';

const STAKE = '1000';

async function played(table: Table, stops: readonly number[]) {
  const launched = table.hub.launch(SLOT.id);
  const { key } = await table.open(launched.token);
  table.stops.push(...stops);
  const { view } = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  return { ...launched, key, view };
}

async function statusOf(table: Table) {
  return (await fetch(`${table.studio.url}/status`)).json() as Promise<{
    status: string;
    rounds: { open: number; stuck: number };
    stuck: { item: string; type: string; code: string }[];
  }>;
}

test('a player who leaves the page declines the respin at once', async (t) => {
  const table = await openTable(t);
  const { key, view } = await played(table, LOST);
  assert.notEqual(view.round!.offer, null);
  const left = await table.post(key, 'decline', {});
  assert.equal(left.view.round!.offer, null);
  assert.equal(left.view.ended, false);
  await table.studio.stop();
  assert.equal(table.hub.rounds.get(view.round!.id)!.closed, true);
});

test('an offer that ran out while the studio was dead ends soon after the start', async (t) => {
  const table = await openTable(t);
  const { view } = await played(table, LOST);
  const { id } = view.round!;
  await table.studio.stop();
  assert.equal(table.hub.rounds.get(id)!.closed, false);
  table.later(13_000);
  const again = await openStudio(table.settings);
  t.after(() => again.stop());
  await again.recovered;
  await again.house.sweep();
  await again.stop();
  assert.equal(table.hub.rounds.get(id)!.closed, true);
});

test('one slow session does not keep the offers of others open', async (t) => {
  const table = await openTable(t);
  const slow = await played(table, LOST);
  const other = await played(table, LOST);
  table.later(12_100);
  const gate = Promise.withResolvers<void>();
  const { hub } = table.studio;
  const purse = hub.purse;
  hub.purse = async (player) => {
    if (player === slow.player.id) await gate.promise;
    return purse(player);
  };
  const looking = table.get(slow.key);
  const swept = table.studio.house.sweep();
  while (table.hub.rounds.get(other.view.round!.id)!.closed === false) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  gate.resolve();
  await Promise.all([looking, swept]);
});

test('a win the hub cannot read is parked, shown, kept over a restart and tried once more then', async (t) => {
  const table = await openTable(t);
  table.hub.onMoney = (items) => {
    if (items[0]!.type === 'bet') table.hub.trouble.push('unreadable');
  };
  // The trouble is pushed before and after the bet; the first is for the win, the second for a repeat.
  const { key, view, player } = await played(table, WON);
  const wins = () => table.hub.rows.filter((row) => row.item.type === 'win');
  assert.equal(view.round!.paying, true);
  assert.equal(view.round!.offer, null);
  const { status, stuck } = await statusOf(table);
  assert.equal(status, 'attention');
  assert.deepEqual(
    stuck.map(({ type, code }) => [type, code]),
    [['win', 'invalid_request']],
  );
  table.hub.onMoney = null;
  table.hub.trouble.length = 0;
  table.later(60_000);
  await table.studio.house.sweep();
  assert.equal(wins().length, 0, 'it is not repeated');
  table.stops.push(...LOST);
  assert.equal((await table.post(key, 'spin', { spinId: spinId(), stake: STAKE })).status, 200);
  await table.studio.stop();
  assert.equal(wins().length, 1, 'the next round has its own');
  const again = await openStudio(table.settings);
  t.after(() => again.stop());
  await again.recovered;
  await again.stop();
  assert.equal(wins().length, 2);
  const moved = table.hub.rows.reduce((sum, row) => sum + row.amount, 0n);
  assert.equal(player.balance, 1_000_000n + moved);
  for (const [id, round] of table.hub.rounds) assert.equal(round.open.size, 0, id);
});

test('a bet the hub cannot read is a refused bet', async (t) => {
  const table = await openTable(t);
  const { token, player } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  table.hub.trouble.push('unreadable');
  const refused = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  assert.equal(refused.code, 'invalid_request');
  assert.equal(player.balance, 1_000_000n);
  assert.equal((await statusOf(table)).rounds.open, 0);
});

test('a cancel the hub cannot read stays owed, and the player goes on', async (t) => {
  const table = await openTable(t);
  const { token, player } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  table.hub.onMoney = (items, when) => {
    if (when === 'before') table.hub.trouble.push(items[0]!.type === 'bet' ? 'drop' : 'unreadable');
  };
  table.hub.trouble.push('drop');
  const cut = table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  // Every repeat of the bet is dropped; the cancel that follows gets the drop, and its repeat the 400.
  assert.equal((await cut).code, 'operator_unavailable');
  table.hub.onMoney = null;
  table.hub.trouble.length = 0;
  const { stuck } = await statusOf(table);
  assert.equal(stuck[0]?.type, 'cancel');
  assert.equal((await table.post(key, 'spin', { spinId: spinId(), stake: STAKE })).status, 200);
  await table.studio.stop();
  const again = await openStudio(table.settings);
  t.after(() => again.stop());
  await again.recovered;
  assert.ok(table.hub.rows.some((row) => row.item.id === stuck[0]!.item));
  const moved = table.hub.rows.reduce((sum, row) => sum + row.amount, 0n);
  assert.equal(player.balance, 1_000_000n + moved);
});

test('open rounds of the report: unknown ones are given back, finished ones closed, those at work left', async (t) => {
  const table = await openTable(t);
  const { key, view, player } = await played(table, LOST);
  const atWork = view.round!.id;
  const { token, player: stranger } = table.hub.launch(SLOT.id);
  await table.open(token, 'opening-of-stranger');
  const { hub, studio } = table;
  const held = (id: string, owner: string) => {
    hub.rows.push({
      item: { id: `${id}-b0`, type: 'bet', game: { id: SLOT.id }, round: id, amount: '700' },
      amount: -700n,
    });
    hub.players.get(owner)!.balance -= 700n;
    hub.rounds.set(id, {
      player: owner,
      game: SLOT.id,
      open: new Set([`${id}-b0`]),
      won: false,
      closed: false,
    });
  };
  held('round-nobody-knows', stranger.id);
  hub.rounds.get(atWork)!.open.add('a bet on its way');
  await studio.reconcile();
  assert.equal(stranger.balance, 1_000_000n, 'given back');
  assert.equal(hub.rounds.get('round-nobody-knows')!.open.size, 0);
  assert.equal(hub.rounds.get(atWork)!.open.size, 1, 'not touched');
  await table.post(key, 'decline', {});
  await studio.house.idle();
  while (studio.store.round(atWork)!.owed.length > 0) await new Promise((resolve) => setImmediate(resolve));
  hub.rounds.get(atWork)!.open.add('left behind');
  const before = player.balance;
  await studio.reconcile();
  assert.equal(hub.rounds.get(atWork)!.open.size, 0, 'closed');
  assert.equal(player.balance, before);
  await studio.reconcile();
  assert.equal(stranger.balance, 1_000_000n, 'once');
});

test('a second studio on the folder does not start', async (t) => {
  const table = await openTable(t);
  await assert.rejects(openStudio(table.settings), /another studio works in/);
});
