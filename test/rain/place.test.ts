/** A bet from the page to K-Rain and back, with the real ledger and the stand-in market, when nothing is left unclear. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBook } from '../kbook/rig.ts';
import { freePort } from '../krain/client-rig.ts';
import { openWorld, type World } from '../world.ts';
import { betOf, booksHold, heldBy, KRAIN_STAKE, type Layer, openBench, STAKE, seat } from './place-rig.ts';

let world: World;
let layer: Layer;
before(async () => {
  world = await openWorld();
  const ground = openBook(world);
  layer = { ground, operator: await ground.operator() };
});
after(() => world.close());

test('what K-Rain takes is a bet', async (t) => {
  const bench = await openBench(t, layer);
  const player = await seat(layer);
  const placed = await bench.placing.place(bench.command(player));
  assert.ok(placed.ok && placed.bet.status === 'ACTIVE');
  assert.deepEqual([placed.bet.ownStake, placed.bet.krainStake], [STAKE - KRAIN_STAKE, KRAIN_STAKE]);
  assert.deepEqual(placed.balance, { balance: 100_000n, exposure: STAKE });
  const kept = bench.krain.books.order(`bet-${placed.bet.id}`);
  assert.equal(kept?.answer.matched, KRAIN_STAKE);
  assert.equal(kept?.answer.win, placed.bet.krainWin);
  assert.equal(kept?.answer.odds, placed.bet.krainOdds);
  assert.deepEqual([kept?.order.market, kept?.order.odds], [bench.marketId, 2000]);
  assert.deepEqual(await betOf(layer.ground, placed.bet.id), placed.bet);
  assert.deepEqual(
    bench.told.map(({ status }) => status),
    ['TEMP', 'ACTIVE'],
  );
  await booksHold(layer.ground);
});

test('of what K-Rain takes in part, the pool keeps the rest', async (t) => {
  const bench = await openBench(t, layer, { krain: { depth: 2000n, makers: 3 } });
  const placed = await bench.placing.place(bench.command(await seat(layer)));
  assert.ok(placed.ok && placed.bet.status === 'ACTIVE');
  const { ownStake, krainStake } = placed.bet;
  assert.ok(krainStake > 0n && krainStake < KRAIN_STAKE, `${krainStake}`);
  assert.equal(ownStake + krainStake, STAKE);
  await booksHold(layer.ground);
});

test('what the pool could not carry is all or nothing', async (t) => {
  const { ground } = layer;
  await world.hub.sql`update rain_site set pool_max = 10000 where name = 'CPS2'`;
  const session = await ground.session({ site: 'CPS2' });
  const bench = await openBench(t, layer, { session, krain: { depth: 2000n, makers: 3 } });
  const player = await seat(layer, 1000, 'CPS2_USD');
  const placed = await bench.placing.place(bench.command(player));
  assert.ok(placed.ok && placed.bet.krainWhole);
  assert.deepEqual([placed.bet.status, placed.bet.reason], ['FAILED', 'krain_refused']);
  assert.equal(bench.krain.books.order(`bet-${placed.bet.id}`)?.order.fill, 'whole');
  await booksHold(ground);
});

test('a refusal fails the bet, says why, and gives everything back', async (t) => {
  const table: [reason: string, refuse: (bench: Awaited<ReturnType<typeof openBench>>) => void][] = [
    ['krain_odds_moved', ({ krain, marketId }) => krain.tell(marketId, { likelihood: 0.7 })],
    ['krain_market_closed', ({ krain, marketId }) => krain.tell(marketId, { state: 'suspended' })],
    ['krain_refused', ({ krain }) => krain.fault({ refuse: 1 })],
    ['krain_refused', ({ clock }) => (clock.aheadMs = 3_600_000)],
  ];
  for (const [reason, refuse] of table) {
    const bench = await openBench(t, layer);
    const player = await seat(layer);
    refuse(bench);
    const placed = await bench.placing.place(bench.command(player));
    assert.ok(placed.ok);
    assert.deepEqual([placed.bet.status, placed.bet.reason], ['FAILED', reason]);
    assert.deepEqual(await heldBy(layer.ground, player), [100_000n, 0n]);
  }
  await booksHold(layer.ground);
});

test('what can not be sent fails as never sent', async (t) => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const benches = [
    await openBench(t, layer, { placing: { market: null } }),
    await openBench(t, layer, { client: { url } }),
    await openBench(t, layer, { placing: { asksMax: 0 } }),
  ];
  for (const bench of benches) {
    const player = await seat(layer);
    const placed = await bench.placing.place(bench.command(player));
    assert.ok(placed.ok);
    assert.deepEqual([placed.bet.status, placed.bet.reason], ['FAILED', 'krain_unreachable']);
    assert.equal(bench.krain.seen.length, 0);
    assert.deepEqual(await heldBy(layer.ground, player), [100_000n, 0n]);
  }
});

test('of too many at once, those beyond are not sent', async (t) => {
  const bench = await openBench(t, layer, { placing: { asksMax: 3 } });
  const player = await seat(layer, 5000);
  bench.krain.fault({ late: 1 }, { delayMs: 300 });
  const all = await Promise.all(
    Array.from({ length: 8 }, () => bench.placing.place(bench.command(player, { stake: 10_000n }))),
  );
  const ends = all.map((placed) => (placed.ok ? (placed.bet.reason ?? placed.bet.status) : placed.code));
  const failed = ends.filter((end) => end === 'krain_unreachable').length;
  assert.equal(ends.filter((end) => end === 'ACTIVE').length, 8 - failed);
  assert.ok(failed > 0 && bench.krain.seen.length === 8 - failed, ends.join());
  await booksHold(layer.ground);
});

test('what the ledger refuses, K-Rain never hears of; what the book keeps whole neither', async (t) => {
  const bench = await openBench(t, layer);
  const player = await seat(layer, 150);
  const short = await bench.placing.place(bench.command(player));
  assert.deepEqual(short, { ok: false, code: 'credit_short', quote: null, limit: 15_000n });
  const nowhere = await bench.placing.place(bench.command(player, { sessionId: 1 as never }));
  assert.deepEqual(nowhere, { ok: false, code: 'game_status', quote: null, limit: null });
  await world.hub.sql`update rain_site set own_bps = 10000, pool_max = 2000000 where name = 'CPS2'`;
  const session = await layer.ground.session({ site: 'CPS2' });
  const kept = await openBench(t, layer, { session });
  const placed = await kept.placing.place(kept.command(await seat(layer, 1000, 'CPS2_USD')));
  assert.ok(placed.ok && placed.bet.status === 'ACTIVE' && placed.bet.krainStake === 0n);
  assert.equal(bench.krain.seen.length + kept.krain.seen.length, 0);
});

test('the same bet many times at once is asked of K-Rain once, and all get its end', async (t) => {
  const bench = await openBench(t, layer);
  const command = bench.command(await seat(layer));
  bench.krain.fault({ late: 1 }, { delayMs: 50 });
  const all = await Promise.all(Array.from({ length: 6 }, () => bench.placing.place(command)));
  const ends = new Set(
    all.map((placed) => (placed.ok ? `${placed.bet.id} ${placed.bet.status}` : placed.code)),
  );
  assert.equal(ends.size, 1);
  assert.match([...ends].join(), /ACTIVE/);
  assert.equal(all.filter((placed) => placed.ok && !placed.replayed).length, 1);
  assert.equal(bench.krain.seen.length, 1);
  const other = await bench.placing.place({ ...command, stake: STAKE + 100n });
  assert.ok(!other.ok && other.code === 'key_reused');
});
