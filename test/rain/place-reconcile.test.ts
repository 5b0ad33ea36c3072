/**
 * Bets whose fate at K-Rain was not known at first, however that came: in the end the ledger says what K-Rain's books
 * say, once, and nothing before that is certain.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Bet } from '../../src/core/book/types.ts';
import type { BetId } from '../../src/core/ids.ts';
import { LedgerFault, type LedgerWriter } from '../../src/engine/ledger-writer.ts';
import type { Market } from '../../src/rain/market.ts';
import type { Placed } from '../../src/rain/place.ts';
import { alarmOf } from '../../src/rain/reconcile-bets.ts';
import { openBook } from '../kbook/rig.ts';
import { openWorld, type World } from '../world.ts';
import { type Bench, betOf, booksHold, heldBy, KRAIN_MS, type Layer, openBench, seat } from './place-rig.ts';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SEED=${SEED}`);

let world: World;
let layer: Layer;
before(async () => {
  world = await openWorld();
  const ground = openBook(world);
  layer = { ground, operator: await ground.operator() };
});
after(() => world.close());

const now = async (id: BetId) => {
  const { status, reason } = await betOf(layer.ground, id);
  return reason === null ? status : `${status} ${reason}`;
};
const placedBet = (placed: Placed): Bet => {
  assert.ok(placed.ok);
  return placed.bet;
};
const lastUnclear = ({ unclear }: Bench, id: BetId) => unclear.findLast(({ bet }) => bet === id)?.why;
/** The one bet of a session, of whose placing nothing was heard. */
async function onlyBet({ session }: Bench): Promise<BetId> {
  const rows = await world.hub.sql`select id from book_bet where session_id = ${session}`;
  assert.equal(rows.length, 1);
  return Number(rows[0]?.id) as BetId;
}
const crash = (at: string) => ({
  atStep(step: string) {
    if (step === at) throw new Error('the process is gone');
  },
});
const isCrash = { message: 'the process is gone' };

test('an answer that is lost makes CHECK, and K-Rain is asked what it was', async (t) => {
  for (const fault of ['lost', 'garbage', 'errorAfter', 'tooMuch'] as const) {
    const bench = await openBench(t, layer);
    const player = await seat(layer);
    bench.krain.fault({ [fault]: 1 });
    const bet = placedBet(await bench.placing.place(bench.command(player)));
    assert.equal(bet.status, 'CHECK');
    assert.deepEqual(await heldBy(layer.ground, player), [100_000n, 20_000n]);
    await bench.reconciler.run();
    assert.equal(await now(bet.id), 'CHECK', `${fault} goes on`);
    bench.krain.fault({});
    await bench.reconciler.run();
    assert.equal(await now(bet.id), 'ACTIVE');
    assert.equal(bench.told.at(-1)?.status, 'ACTIVE');
  }
  await booksHold(layer.ground);
});

test('a refusal whose answer is lost fails the bet in the end', async (t) => {
  const bench = await openBench(t, layer);
  const player = await seat(layer);
  bench.krain.fault({ refuse: 1, lost: 1 });
  const bet = placedBet(await bench.placing.place(bench.command(player)));
  assert.equal(bet.status, 'CHECK');
  bench.krain.fault({});
  await bench.reconciler.run();
  assert.equal(await now(bet.id), 'FAILED krain_refused');
  assert.deepEqual(await heldBy(layer.ground, player), [100_000n, 0n]);
});

test('an order that never arrived is failed when K-Rain would not take it any more, and not before', async (t) => {
  const bench = await openBench(t, layer);
  const player = await seat(layer);
  bench.krain.fault({ error: 1 });
  const bet = placedBet(await bench.placing.place(bench.command(player)));
  assert.equal(bet.status, 'CHECK');
  bench.krain.fault({});
  await bench.reconciler.run();
  assert.equal(await now(bet.id), 'CHECK');
  assert.equal(lastUnclear(bench, bet.id), 'too_early');
  bench.clock.aheadMs = KRAIN_MS + 60_000;
  await bench.reconciler.run();
  assert.equal(await now(bet.id), 'FAILED krain_unreachable');
  assert.deepEqual(await heldBy(layer.ground, player), [100_000n, 0n]);
  await booksHold(layer.ground);
});

test('an order that arrives between question and question is found', async (t) => {
  const bench = await openBench(t, layer, { client: { timeoutMs: 300 } });
  bench.krain.fault({ delay: 1 }, { only: ['place'], delayMs: 1500 });
  const bet = placedBet(await bench.placing.place(bench.command(await seat(layer))));
  assert.equal(bet.status, 'CHECK');
  const deadline = Date.now() + 60_000;
  while ((await now(bet.id)) === 'CHECK') {
    assert.ok(Date.now() < deadline);
    await bench.reconciler.run();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(await now(bet.id), 'ACTIVE');
  assert.ok(bench.unclear.some(({ why }) => why === 'too_early'));
});

test('a crash before K-Rain was asked', async (t) => {
  const bench = await openBench(t, layer, { placing: crash('placed') });
  await assert.rejects(bench.placing.place(bench.command(await seat(layer))), isCrash);
  const id = await onlyBet(bench);
  assert.equal(await now(id), 'TEMP');
  await bench.reconciler.run();
  assert.equal(await now(id), 'CHECK', 'looked into, and not clear yet');
  bench.clock.aheadMs = KRAIN_MS + 60_000;
  await bench.reconciler.run();
  assert.equal(await now(id), 'FAILED krain_unreachable');
  assert.equal(bench.krain.books.order(`bet-${id}`), null);
});

test('a crash after K-Rain has answered', async (t) => {
  const bench = await openBench(t, layer, { placing: crash('asked') });
  await assert.rejects(bench.placing.place(bench.command(await seat(layer))), isCrash);
  const id = await onlyBet(bench);
  assert.equal(await now(id), 'TEMP');
  await bench.reconciler.run();
  assert.equal(await now(id), 'ACTIVE');
});

test('a bet that is TEMP is left alone until its order has had its time', async (t) => {
  const bench = await openBench(t, layer, { placing: crash('placed'), reconciler: { graceMs: 5000 } });
  await assert.rejects(bench.placing.place(bench.command(await seat(layer))), isCrash);
  await bench.reconciler.run();
  assert.equal(await now(await onlyBet(bench)), 'TEMP');
  assert.equal(bench.krain.seen.filter(({ about }) => about.startsWith('bet-')).length, 0);
});

/** A ledger that does not take what K-Rain has matched, so many times. */
function deafLedger(times: number): Pick<LedgerWriter, 'submit'> {
  let left = times;
  return {
    submit(command, nonce) {
      const isMatched = command.kind === 'book_answer' && command.answer.kind === 'matched';
      if (isMatched && left-- > 0) return Promise.reject(new LedgerFault('unknown'));
      return world.hub.writer.submit(command, nonce);
    },
  };
}

test('an answer the ledger could not take is asked for again', async (t) => {
  const faults: unknown[] = [];
  const bench = await openBench(t, layer, {
    placing: { writer: deafLedger(1), onFault: (error) => void faults.push(error) },
    reconciler: { writer: deafLedger(1) },
  });
  const bet = placedBet(await bench.placing.place(bench.command(await seat(layer))));
  assert.equal(bet.status, 'TEMP');
  assert.equal(faults.length, 1);
  await bench.reconciler.run();
  assert.equal(await now(bet.id), 'TEMP');
  assert.equal(lastUnclear(bench, bet.id), 'ledger');
  await bench.reconciler.run();
  assert.equal(await now(bet.id), 'ACTIVE');
});

test('two nodes at once: every bet has one end, told of once', async (t) => {
  const bench = await openBench(t, layer);
  const { hub } = await world.secondHub();
  const other = await openBench(t, layer, {
    session: bench.session,
    reconciler: { sql: hub.sql, writer: hub.writer, market: bench.market },
  });
  const player = await seat(layer, 9000);
  bench.krain.fault({ lost: 1 }, { only: ['place'] });
  const commands = Array.from({ length: 24 }, () => bench.command(player, { stake: 10_000n }));
  const bets = (await Promise.all(commands.map((each) => bench.placing.place(each)))).map(placedBet);
  assert.ok(bets.every(({ status }) => status === 'CHECK'));
  const [before] = await world.hub.sql`select pending from book_position where session_id = ${bench.session}`;
  assert.equal(before?.pending, bets.length);
  await Promise.all([bench.reconciler.run(), other.reconciler.run(), bench.reconciler.run()]);
  const ends = [...bench.told, ...other.told].filter(({ status }) => status === 'ACTIVE');
  assert.deepEqual(
    ends.map(({ id }) => id).toSorted((a, b) => a - b),
    bets.map(({ id }) => id).toSorted((a, b) => a - b),
  );
  const [position] = await world.hub
    .sql`select pending, net_rain from book_position where session_id = ${bench.session}`;
  assert.deepEqual([position?.pending, position?.net_rain], [0, 240_000n]);
  await booksHold(layer.ground);
});

test('a bet this node is still asking about is left to that', async (t) => {
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  t.after(() => goOn.resolve());
  const bench = await openBench(t, layer, {
    placing: {
      async atStep(step) {
        if (step !== 'asked') return;
        asked.resolve();
        await goOn.promise;
      },
    },
  });
  const placing = bench.placing.place(bench.command(await seat(layer)));
  await asked.promise;
  const calls = bench.krain.seen.length;
  const id = await onlyBet(bench);
  assert.ok(bench.placing.isAsking(id));
  await bench.reconciler.run();
  assert.ok(!bench.krain.seen.slice(calls).some(({ about }) => about === `bet-${id}`));
  assert.equal(await now(id), 'TEMP');
  goOn.resolve();
  assert.equal(placedBet(await placing).status, 'ACTIVE');
  assert.ok(!bench.placing.isAsking(id));
});

test('who stays silent is asked less and less, and that is told of', async (t) => {
  let asked = 0;
  const silent: Pick<Market, 'status'> = {
    async status() {
      asked += 1;
      return { kind: 'unknown', why: 'timed_out' };
    },
  };
  const bench = await openBench(t, layer, { reconciler: { market: silent, pauseMs: 20, pauseMsMax: 160 } });
  bench.krain.fault({ lost: 1 });
  const bet = placedBet(await bench.placing.place(bench.command(await seat(layer))));
  const mine = () => bench.unclear.filter((each) => each.bet === bet.id);
  const askedAt: number[] = [];
  const deadline = Date.now() + 60_000;
  while (mine().length < 6) {
    assert.ok(Date.now() < deadline);
    const before = mine().length;
    await bench.reconciler.run();
    if (mine().length > before) askedAt.push(performance.now());
  }
  assert.deepEqual(
    mine().map(({ tries }) => tries),
    [1, 2, 3, 4, 5, 6],
  );
  for (const [i, least] of [20, 40, 80, 160, 160].entries())
    assert.ok(askedAt[i + 1]! - askedAt[i]! >= least - 1, `pause ${i}`);
  assert.ok(asked >= 6);
  const { pending, oldestMs } = await bench.reconciler.run();
  assert.ok(pending >= 1 && oldestMs > 0);
  assert.equal(await now(bet.id), 'CHECK');
});

test('without K-Rain what is pending stays pending, and is told of', async (t) => {
  const bench = await openBench(t, layer, { reconciler: { market: null } });
  bench.krain.fault({ lost: 1 });
  const bet = placedBet(await bench.placing.place(bench.command(await seat(layer))));
  const { pending, asked } = await bench.reconciler.run();
  assert.ok(pending >= 1);
  assert.equal(asked, 0);
  assert.equal(await now(bet.id), 'CHECK');
});

test('whatever goes wrong, in the end the ledger says what K-Rain says', async (t) => {
  const bench = await openBench(t, layer, { client: { timeoutMs: 250 }, krain: { depth: 60_000n } });
  const players = await Promise.all([seat(layer, 9000), seat(layer, 9000), seat(layer, 9000)]);
  const rate = 0.12;
  bench.krain.fault(
    {
      delay: rate,
      down: rate,
      error: rate,
      refuse: rate,
      lost: rate,
      late: rate,
      cut: rate,
      garbage: rate,
      tooMuch: rate,
      stranger: rate,
      duplicate: rate,
    },
    { seed: SEED, delayMs: 400 },
  );
  const commands = Array.from({ length: 60 }, (_, i) => {
    const side = i % 3 === 0 ? ({ type: 'NO_RAIN', odds: 49_000 } as const) : {};
    return bench.command(players[i % 3]!, { stake: 10_000n + BigInt(i), ...side });
  });
  const placed = await Promise.all(commands.map((command) => bench.placing.place(command)));
  const bets = placed.flatMap((each) => (each.ok ? [each.bet] : []));
  await bench.reconciler.run();
  bench.krain.fault({});
  bench.clock.aheadMs = KRAIN_MS + 60_000;
  const deadline = Date.now() + 60_000;
  const open = async () =>
    (await Promise.all(bets.map(({ id }) => now(id)))).some((each) => /TEMP|CHECK/.test(each));
  while (await open()) {
    assert.ok(Date.now() < deadline);
    await bench.reconciler.run();
  }
  for (const { id } of bets) {
    const bet = await betOf(layer.ground, id);
    const kept = bench.krain.books.order(`bet-${id}`);
    assert.equal(bet.status, kept?.answer.state === 'matched' ? 'ACTIVE' : 'FAILED', `bet ${id}`);
    if (bet.status === 'ACTIVE')
      assert.deepEqual([bet.krainStake, bet.krainWin], [kept?.answer.matched, kept?.answer.win]);
    else assert.equal(bet.reason === 'krain_unreachable', kept === null);
  }
  assert.ok(bets.length >= 30, `${bets.length} bets were taken`);
  await booksHold(layer.ground);
});

test('who is told of a bet that stays open, and when', () => {
  const unclear = { bet: 7 as BetId, order: 'bet-7', ageMs: 600_000, tries: 10, why: 'timed_out' } as const;
  assert.match(alarmOf(unclear) ?? '', /bet 7 \(order bet-7\).*10 min.*timed_out/);
  assert.equal(alarmOf({ ...unclear, tries: 9 }), null);
  assert.equal(alarmOf({ ...unclear, tries: 1 }), null);
  assert.notEqual(alarmOf({ ...unclear, tries: 1, why: 'contradicts' }), null);
  assert.equal(alarmOf({ ...unclear, tries: 2, why: 'contradicts' }), null);
  assert.equal(alarmOf({ ...unclear, why: 'circuit_open' }), null);
});
