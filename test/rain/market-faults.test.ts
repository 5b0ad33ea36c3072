/**
 * K-Rain's client against everything the stand-in market can do to it: what it then says of an order is true, whatever
 * really became of it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../sim/krain/faults.ts';
import type { NoAnswer } from '../../src/rain/market.ts';
import { MARKET, openClient, openKrain, orderOf } from '../krain/rig.ts';

/** What a fault makes of any call; null: it is answered as it should be. */
const MEANT: Readonly<Record<Fault, NoAnswer | null>> = {
  delay: 'timed_out',
  down: 'connection_lost',
  error: 'failed',
  busy: 'failed',
  refuse: null,
  lost: 'connection_lost',
  errorAfter: 'failed',
  late: 'timed_out',
  slow: 'garbled',
  cut: 'garbled',
  garbage: 'garbled',
  moved: 'declined',
  lostBooks: 'declined',
  stranger: 'garbled',
  tooMuch: 'contradicts',
  duplicate: null,
};
const faults = Object.keys(MEANT) as Fault[];
/** Whether the market has done what it was asked. */
const UNDONE: readonly Fault[] = ['delay', 'down', 'error', 'busy'];
const takesLong = (fault: Fault) => ['delay', 'late', 'slow'].includes(fault);
/** Short where the time-out is what is looked for; else far more than a loaded machine needs. */
const timeoutMs = (fault: Fault) => (takesLong(fault) ? 400 : 30_000);
const NEVER_MS = 600_000;

for (const fault of faults) {
  test(`an order, and ${fault}`, async (t) => {
    const krain = await openKrain(t);
    const market = openClient(t, krain.url, { timeoutMs: timeoutMs(fault) });
    krain.fault({ [fault]: 1 }, { delayMs: NEVER_MS });
    const order = orderOf();
    const placed = await market.place(order);
    const why = MEANT[fault];
    if (why !== null) assert.deepEqual(placed, { kind: 'unknown', why });
    else assert.equal(placed.kind, fault === 'refuse' ? 'refused' : 'matched');
    assert.equal(krain.books.order(order.id) !== null, !UNDONE.includes(fault));
    assert.equal(krain.seen.length, 1, 'it is sent once');
    // Whatever it was: the truth can be asked for.
    krain.fault({});
    const fate = await openClient(t, krain.url).status(order);
    const wanted = UNDONE.includes(fault) ? 'absent' : fault === 'refuse' ? 'refused' : 'matched';
    assert.equal(fate.kind, wanted);
    if (why === null) assert.deepEqual(fate, placed);
  });

  test(`a question about an order, and ${fault}`, async (t) => {
    const krain = await openKrain(t);
    const order = orderOf();
    const placed = await openClient(t, krain.url).place(order);
    assert.equal(placed.kind, 'matched');
    krain.fault({ [fault]: 1 }, { delayMs: NEVER_MS });
    const market = openClient(t, krain.url, { timeoutMs: timeoutMs(fault) });
    const why = MEANT[fault];
    assert.deepEqual(await market.status(order), why === null ? placed : { kind: 'unknown', why });
  });

  test(`an order K-Rain never got, and ${fault}`, async (t) => {
    const krain = await openKrain(t);
    krain.fault({ [fault]: 1 }, { delayMs: NEVER_MS });
    const market = openClient(t, krain.url, { timeoutMs: timeoutMs(fault) });
    const found = await market.status(orderOf());
    // A whole answer that says so is not made doubtful by what strikes others.
    const isClear = MEANT[fault] === null || fault === 'tooMuch';
    // An answer 404 that is cut off reads as no answer to this.
    const why = ['slow', 'cut', 'stranger'].includes(fault) ? 'declined' : MEANT[fault];
    if (isClear) assert.equal(found.kind, 'absent');
    else assert.deepEqual(found, { kind: 'unknown', why });
  });

  test(`odds and statement, and ${fault}`, async (t) => {
    const krain = await openKrain(t);
    const order = orderOf();
    await openClient(t, krain.url).place(order);
    krain.fault({ [fault]: 1 }, { delayMs: NEVER_MS });
    const market = openClient(t, krain.url, { timeoutMs: timeoutMs(fault) });
    const odds = await market.odds(MARKET);
    const orders = await market.orders(MARKET);
    const why = MEANT[fault];
    // These know of no order that could be too much for them; and a statement is of nobody else.
    if (why === null || fault === 'tooMuch') assert.equal(odds.kind, 'odds');
    else assert.deepEqual(odds, { kind: 'unavailable', why });
    if (why === null || ['tooMuch', 'stranger'].includes(fault)) assert.equal(orders.kind, 'orders');
    else assert.deepEqual(orders, { kind: 'unavailable', why });
  });
}

test('an answer that comes twice is not taken for the answer to the next question', async (t) => {
  const krain = await openKrain(t);
  // One connection, so that the next question goes where the surplus answer comes from.
  const market = openClient(t, krain.url, {
    placesInFlightMax: 1,
    questionsInFlightMax: 0,
    timeoutMs: 30_000,
  });
  krain.fault({ duplicate: 1 }, { only: ['place'] });
  const orders = Array.from({ length: 20 }, (_, i) => orderOf({ stake: BigInt(100 + i), fill: 'whole' }));
  const found = await Promise.all(orders.map((order) => market.place(order)));
  const kinds = new Set(found.map(({ kind }) => kind));
  assert.ok(kinds.has('matched') && kinds.has('unknown'), 'some were met by the answer to another');
  for (const [i, placed] of found.entries())
    if (placed.kind === 'matched') assert.equal(placed.stake, orders[i]?.stake);
    else assert.deepEqual(placed, { kind: 'unknown', why: 'garbled' });
});

test('an order that is looked at too late is refused, and never taken after', async (t) => {
  const krain = await openKrain(t);
  let now = Date.now();
  const late = await openKrain(t, { now: () => now });
  const order = orderOf();
  now = order.until;
  assert.deepEqual(await openClient(t, late.url).place(order), { kind: 'refused', reason: 'krain_refused' });
  const absent = await openClient(t, late.url).status(orderOf());
  assert.ok(absent.kind === 'absent' && absent.now >= order.until);
  assert.equal(krain.books.order(order.id), null);
});
