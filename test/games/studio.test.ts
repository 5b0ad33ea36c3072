/** The studio as its page and the hub see it: play, doubles, refusals, troubles of the network. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { GAMES } from '../../games/catalogue/games.ts';
import { symbolNames } from '../../games/catalogue/symbols.ts';
import { FREE, LOST, openTable, QUIET_SLOT, SLOT, spinId, stopsWhere, type Table, WON } from './harness.ts';

const STAKE = '1000';

function rowsOf(table: Table, type: string) {
  return table.hub.rows.filter((row) => row.item.type === type);
}

/** Every row moved what the player's balance says, and no round is open or paid twice. */
function assertSettled(table: Table, player: { balance: bigint }, start: bigint): void {
  const moved = table.hub.rows.reduce((sum, row) => sum + row.amount, 0n);
  assert.equal(player.balance, start + moved);
  const ids = table.hub.rows.map((row) => row.item.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const [id, round] of table.hub.rounds) assert.equal(round.open.size, 0, `round ${id}`);
  assert.equal(table.hub.unsigned, 0);
}

test('a lost spin: bet, win of 0, an offer; leaving closes the round', async (t) => {
  const table = await openTable(t);
  const { token, player } = table.hub.launch(SLOT.id);
  const { key, view } = await table.open(token);
  assert.equal(view.slot?.rtpPercent, SLOT.profile.published.rtpPercent);
  table.stops.push(...LOST);
  const spun = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  assert.equal(spun.view.round?.won, '0');
  assert.equal(spun.view.balance, String(player.balance));
  assert.equal(spun.view.net, '-1000');
  assert.deepEqual(
    rowsOf(table, 'win').map((row) => row.amount),
    [0n],
  );
  const closed = await table.post(key, 'close', {});
  assert.equal(closed.view.ended, true);
  await table.studio.stop();
  assert.ok([...table.hub.rounds.values()].every((round) => round.closed));
  assertSettled(table, player, 1_000_000n);
});

test('the same spin id is the same spin, also twice at once; an old one is not played again', async (t) => {
  const table = await openTable(t);
  const { token } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  const id = spinId();
  const [a, b] = await Promise.all([1, 2].map(() => table.post(key, 'spin', { spinId: id, stake: STAKE })));
  assert.deepEqual(a!.view.round?.step, b!.view.round?.step);
  assert.equal(rowsOf(table, 'bet').length, 1);
  await table.post(key, 'close', {});
  const late = await table.post(key, 'spin', { spinId: id, stake: STAKE });
  assert.equal(late.view.round?.step.spinId, id);
  assert.equal(rowsOf(table, 'bet').length, 1);
});

test('free spins: each win once, the last one closes the round', async (t) => {
  const table = await openTable(t);
  const { token, player } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  table.stops.push(...FREE);
  let { view } = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  const round = view.round!.id;
  assert.ok(view.round!.free!.left > 0);
  const barred = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  assert.equal(barred.code, 'round_open');
  table.hub.endSession(player); // owed money is paid also when the session is over
  while ((view.round?.free?.left ?? 0) > 0) {
    ({ view } = await table.post(key, 'free', { spinId: spinId(), round }));
  }
  const wins = rowsOf(table, 'win').reduce((sum, row) => sum + row.amount, 0n);
  assert.equal(view.round!.won, String(wins));
  assert.equal(table.hub.rounds.get(round)!.closed, true);
  assert.equal(view.balance, String(player.balance));
  assertSettled(table, player, 1_000_000n);
});

test('free spins nobody plays are played by the studio', async (t) => {
  const table = await openTable(t);
  const { token, player } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  table.stops.push(...FREE);
  const { view } = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  table.later(16 * 60_000);
  await table.studio.house.sweep();
  const { view: after } = await table.get(key);
  assert.equal(after.round!.free!.left, 0);
  assert.equal(table.hub.rounds.get(view.round!.id)!.closed, true);
  assertSettled(table, player, 1_000_000n);
});

test('a respin is a second bet of the round at its price, once, and only while it is on offer', async (t) => {
  const table = await openTable(t);
  const { token, player } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  table.stops.push(...WON);
  const { view } = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  const { id: round, offer } = view.round!;
  const reel = offer!.prices.findIndex((price) => price !== null);
  const price = offer!.prices[reel]!;
  const wrong = await table.post(key, 'respin', {
    spinId: spinId(),
    round,
    reel,
    price: `${BigInt(price) - 1n}`,
  });
  assert.equal(wrong.code, 'price_changed');
  table.stops.push(0);
  const again = await table.post(key, 'respin', { spinId: spinId(), round, reel, price });
  assert.equal(again.view.round!.step.kind, 'respin');
  const bets = rowsOf(table, 'bet');
  assert.deepEqual(
    bets.map((row) => row.item.round),
    [round, round],
  );
  assert.equal(bets[1]!.amount, -BigInt(price));
  const third = await table.post(key, 'respin', { spinId: spinId(), round, reel, price });
  assert.equal(third.code, 'offer_over');
  assertSettled(table, player, 1_000_000n);
});

test('an offer ends by itself and closes its round', async (t) => {
  const table = await openTable(t);
  const { token } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  table.stops.push(...LOST);
  const { view } = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  assert.ok(view.round!.offer!.leftMs <= 12_000);
  table.later(12_100);
  await table.studio.house.sweep();
  const { view: after } = await table.get(key);
  assert.equal(after.round!.offer, null);
  assert.equal(after.round!.ended, 'settled');
  await table.studio.stop();
  assert.equal(table.hub.rounds.get(view.round!.id)!.closed, true);
});

test('refusals: each is told by its code and takes nothing', async (t) => {
  const table = await openTable(t);
  const { token, player } = table.hub.launch(SLOT.id, { balance: 1_500n });
  const { key } = await table.open(token);
  const poor = await table.post(key, 'spin', { spinId: spinId(), stake: '2000' });
  assert.equal(poor.code, 'insufficient_funds');
  const odd = await table.post(key, 'spin', { spinId: spinId(), stake: '1001' });
  assert.equal(odd.code, 'invalid_stake');
  player.blocked = true;
  assert.equal((await table.post(key, 'spin', { spinId: spinId(), stake: STAKE })).code, 'player_blocked');
  player.blocked = false;
  table.hub.endSession(player);
  assert.equal((await table.post(key, 'spin', { spinId: spinId(), stake: STAKE })).code, 'session_ended');
  assert.equal(player.balance, 1_500n);
  assert.equal((await table.post('not a key', 'spin', { spinId: spinId(), stake: STAKE })).status, 401);
  assert.equal((await table.post(key, 'spin', { spinId: 'x', stake: STAKE })).code, 'invalid_request');
  assert.equal((await table.post(key, 'spin', { spinId: spinId(), stake: '1e3' })).code, 'invalid_request');
});

test('limits shape the stakes offered', async (t) => {
  const table = await openTable(t);
  const { token } = table.hub.launch(SLOT.id, { limits: { betMin: '500', betMax: '3000' } });
  const { key, view } = await table.open(token);
  assert.deepEqual(view.stakes, ['600', '1000', '2000', '3000']);
  const over = await table.post(key, 'spin', { spinId: spinId(), stake: '5000' });
  assert.equal(over.code, 'invalid_stake');
});

test('a vendor without wins of 0 closes a lost round and offers no respin', async (t) => {
  const table = await openTable(t);
  const { token } = table.hub.launch(QUIET_SLOT.id);
  const { key } = await table.open(token);
  table.stops.push(...stopsWhere(QUIET_SLOT, (out) => out.units === 0));
  const { view } = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  assert.equal(view.round!.offer, null);
  assert.equal(rowsOf(table, 'win').length, 0);
  await table.studio.stop();
  assert.equal(table.hub.rounds.get(view.round!.id)!.closed, true);
});

for (const trouble of ['drop', 'deaf', 'retry'] as const) {
  test(`bet and win arrive once when the hub's first answers fail (${trouble})`, async (t) => {
    const table = await openTable(t);
    const { token, player } = table.hub.launch(SLOT.id);
    const { key } = await table.open(token);
    table.stops.push(...WON);
    table.hub.trouble.push(trouble);
    const { view } = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
    assert.equal(view.round!.ended, null);
    table.stops.push(...WON);
    table.hub.trouble.push(trouble, trouble);
    await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
    await table.post(key, 'close', {});
    await table.studio.stop();
    assert.equal(rowsOf(table, 'bet').length, 2);
    assert.equal(rowsOf(table, 'win').length, 2);
    assertSettled(table, player, 1_000_000n);
  });
}

test('a bet nobody answers for is cancelled, and the player can play on', async (t) => {
  const table = await openTable(t);
  const { token, player } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  let cancels = 0;
  table.hub.onMoney = (items) => {
    if (items[0]!.type === 'cancel') cancels += 1;
    if (cancels === 0) table.hub.trouble.push('drop');
  };
  table.hub.trouble.push('drop');
  const lost = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  assert.equal(lost.code, 'operator_unavailable');
  assert.equal(lost.view.round?.ended, 'void');
  assert.equal(player.balance, 1_000_000n);
  table.hub.onMoney = null;
  table.hub.trouble.length = 0;
  const next = await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  assert.equal(next.status, 200);
});

test('a token opens once; the same opening continues, another one does not', async (t) => {
  const table = await openTable(t);
  const { token } = table.hub.launch(SLOT.id);
  const first = await table.open(token);
  const again = await table.open(token);
  assert.equal(first.key, again.key);
  const other = (await table.open(token, 'another-opening')) as unknown as { code: string };
  assert.equal(other.code, 'token_invalid');
});

test('a lobby lists its vendor’s games and lets one be played in the same session', async (t) => {
  const table = await openTable(t);
  const lobby = GAMES.find((game) => game.kind === 'lobby' && game.vendor === SLOT.vendor)!;
  const { token } = table.hub.launch(lobby.id);
  const { key, view } = await table.open(token);
  const sold = view.lobby!.filter((game) => game.playable);
  assert.ok(sold.length >= 4 && sold.every((game) => game.kind === 'slot'));
  assert.ok(sold.some((game) => game.id === SLOT.id));
  const chosen = await table.post(key, 'choose', { game: SLOT.id });
  assert.equal(chosen.view.game.id, SLOT.id);
  table.stops.push(...LOST);
  await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  assert.equal(rowsOf(table, 'bet')[0]!.item.game.id, SLOT.id);
  const back = await table.post(key, 'choose', { game: null });
  assert.notEqual(back.view.lobby, null);
  assert.equal((await table.post(key, 'choose', { game: 'evolution_lobby' })).code, 'no_game');
});

test('the detail of a round reaches its bet', async (t) => {
  const table = await openTable(t);
  const { token } = table.hub.launch(SLOT.id);
  const { key } = await table.open(token);
  table.stops.push(...WON);
  await table.post(key, 'spin', { spinId: spinId(), stake: STAKE });
  await table.studio.stop();
  const detail = table.hub.details.get(rowsOf(table, 'bet')[0]!.item.id) as {
    steps: { window: string[][] }[];
  };
  const { window } = detail.steps[0]!;
  assert.deepEqual(
    window.map((row) => row.length),
    [5, 5, 5],
  );
  const names = symbolNames(SLOT);
  const { spin } = table.studio.store.round(String(rowsOf(table, 'bet')[0]!.item.round))!.steps[0]!;
  assert.equal(window[2]![1], names[spin.window[5]!]);
});

test('pages come with their guards and small enough', async (t) => {
  const { studio } = await openTable(t);
  const page = await fetch(`${studio.url}/play/${SLOT.id}?token=x`);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src 'self'/);
  assert.match(policy, /frame-ancestors \*/);
  assert.ok(!policy.includes('unsafe'));
  assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
  const html = await page.text();
  assert.ok(!/<script(?![^>]*src=)/.test(html));
  const script = /src="([^"]+main\.ts)"/.exec(html)![1]!;
  const styles = [...html.matchAll(/href="([^"]+\.css)"/g)].map(([, href]) => href!);
  assert.equal(styles.length, 4);
  const names = new Set([script, ...styles]);
  let bytes = 0;
  for (const name of names) {
    const response = await fetch(new URL(name, page.url), { headers: { 'accept-encoding': 'br' } });
    assert.equal(response.status, 200, name);
    assert.match(response.headers.get('cache-control') ?? '', /immutable/);
    const source = await response.text();
    bytes += Number(response.headers.get('content-length'));
    for (const [, found] of source.matchAll(/from '\.\/([a-z-]+\.ts)'/g)) {
      names.add(script.replace('main.ts', found!));
    }
  }
  assert.ok(names.size > 10 && bytes < 60_000, `${names.size} files, ${bytes} bytes`);
  for (const path of [`thumb/${SLOT.id}.svg`, `backdrop/${SLOT.id}.svg`, `symbol/${SLOT.id}/0.svg`]) {
    const picture = await fetch(`${studio.url}/${path}`);
    assert.equal(picture.headers.get('content-type'), 'image/svg+xml; charset=utf-8');
  }
  assert.equal((await fetch(`${studio.url}/symbol/${SLOT.id}/11.svg`)).status, 404);
  assert.equal((await fetch(`${studio.url}/web/0/main.ts`)).status, 404);
});
