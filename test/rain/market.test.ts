/**
 * K-Rain's client: what it makes of an answer, word by word; that what was never sent is told from what may have
 * arrived; and that what it holds is bounded.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MarketOrder, marketIdOf, openMarket, type PlaceResult } from '../../src/rain/market.ts';
import { freePort, openPuppet, type Said } from '../krain/client-rig.ts';
import { MARKET, openClient, openKrain, orderOf } from '../krain/rig.ts';

test('the name of a session at K-Rain', () => {
  const name = { site: 'CPS', gameDate: '2026-11-21', type: 'NOON', currency: 'USD' } as const;
  assert.equal(marketIdOf(name), MARKET);
});

const order: MarketOrder = orderOf({ id: 'bet-1', odds: 2000 });
const matched = {
  id: 'bet-1',
  market: MARKET,
  side: 'RAIN',
  stake: '10000',
  state: 'matched',
  matched: '10000',
  win: '10100',
  odds: 2.01,
  reason: null,
  at: 1,
};
const refused = { ...matched, state: 'refused', matched: '0', win: '0', odds: null, reason: 'limit' };
const asIs: PlaceResult = { kind: 'matched', stake: 10_000n, odds: 2010, win: 10_100n };
const refusedFor = (reason: (PlaceResult & { kind: 'refused' })['reason']): PlaceResult => ({
  kind: 'refused',
  reason,
});
const garbled: PlaceResult = { kind: 'unknown', why: 'garbled' };
const contradicts: PlaceResult = { kind: 'unknown', why: 'contradicts' };

const ANSWERS: readonly [said: unknown, means: PlaceResult, changed?: Partial<MarketOrder>][] = [
  [matched, asIs],
  [{ ...matched, more: 'of it' }, asIs],
  // A part, and what comes of rounding.
  [
    { ...matched, matched: '3333', win: '3366' },
    { kind: 'matched', stake: 3333n, odds: 2010, win: 3366n },
  ],
  [
    { ...matched, matched: '1', win: '1' },
    { kind: 'matched', stake: 1n, odds: 2010, win: 1n },
  ],
  [
    { ...matched, odds: 2, win: '10000' },
    { kind: 'matched', stake: 10_000n, odds: 2000, win: 10_000n },
  ],
  [
    { ...matched, odds: 2, win: '10009' },
    { kind: 'matched', stake: 10_000n, odds: 2000, win: 10_009n },
  ],
  [refused, refusedFor('krain_refused')],
  [{ ...refused, reason: 'odds_moved' }, refusedFor('krain_odds_moved')],
  [{ ...refused, reason: 'no_liquidity' }, refusedFor('krain_refused')],
  [{ ...refused, reason: 'market_closed' }, refusedFor('krain_market_closed')],
  [{ ...refused, reason: 'too_late' }, refusedFor('krain_refused')],
  // It is an answer, but can't be.
  [{ ...matched, matched: '10001', win: '10101' }, contradicts],
  [{ ...matched, matched: '9999', win: '10099' }, contradicts, { fill: 'whole' }],
  [{ ...matched, odds: 1.99, win: '9900' }, contradicts],
  [{ ...matched, win: '9999' }, contradicts],
  [{ ...matched, win: '10089' }, contradicts],
  [{ ...matched, win: '10112' }, contradicts],
  [{ ...matched, win: '101000' }, contradicts],
  [{ ...matched, market: MARKET.replace('NOON', 'NIGHT') }, contradicts],
  [{ ...matched, side: 'NO_RAIN' }, contradicts],
  [{ ...matched, stake: '10001' }, contradicts],
  [{ ...refused, stake: '10001' }, contradicts],
  // It is none.
  ['', garbled],
  ['null', garbled],
  ['[]', garbled],
  ['"matched"', garbled],
  [JSON.stringify(matched).slice(0, -1), garbled],
  [`${JSON.stringify(matched)}}`, garbled],
  [{ ...matched, id: 'bet-2' }, garbled],
  [{ ...matched, id: undefined }, garbled],
  [{ ...matched, state: 'pending' }, garbled],
  [{ ...matched, state: undefined }, garbled],
  [{ ...matched, matched: 10_000 }, garbled],
  [{ ...matched, matched: '0', win: '0' }, garbled],
  [{ ...matched, matched: '-1' }, garbled],
  [{ ...matched, matched: '1e4' }, garbled],
  [{ ...matched, matched: '100000000000000000' }, garbled],
  [{ ...matched, win: '10100.5' }, garbled],
  [{ ...matched, win: undefined }, garbled],
  [{ ...matched, odds: '2.01' }, garbled],
  [{ ...matched, odds: 2.0101 }, garbled],
  [{ ...matched, odds: null }, garbled],
  [{ ...matched, reason: 'limit' }, garbled],
  [{ ...matched, at: '1' }, garbled],
  [{ ...refused, reason: null }, garbled],
  [{ ...refused, reason: 'mood' }, garbled],
  [{ ...refused, reason: 'toString' }, garbled],
  [{ ...refused, matched: '1', win: '1' }, garbled],
];

test('what an answer means', async (t) => {
  let said: Said = { body: '' };
  const puppet = await openPuppet(t, () => said);
  const market = openClient(t, puppet.url, { unwellMax: 1_000_000, timeoutMs: 30_000 });
  for (const [body, means, changed = {}] of ANSWERS) {
    said = { body };
    assert.deepEqual(await market.place({ ...order, ...changed }), means, JSON.stringify(body));
    assert.deepEqual(await market.status({ ...order, ...changed }), means, JSON.stringify(body));
  }
});

test('only a whole answer of its own says that K-Rain knows no such order', async (t) => {
  const absent = { id: 'bet-1', state: 'unknown', now: 5 };
  let said: Said = { status: 404, body: absent };
  const puppet = await openPuppet(t, () => said);
  const market = openClient(t, puppet.url, { unwellMax: 1_000_000, timeoutMs: 30_000 });
  assert.deepEqual(await market.status(order), { kind: 'absent', now: 5 });
  const others: Said[] = [
    { status: 404, body: '<h1>Not Found' },
    { status: 404, body: { ...absent, id: 'bet-2' } },
    { status: 404, body: { ...absent, now: '5' } },
    { status: 404, body: { ...absent, now: 0 } },
    { status: 404, body: { ...absent, state: 'refused' } },
    { status: 410, body: absent },
    { status: 200, body: absent },
    { status: 500, body: absent },
  ];
  for (said of others) assert.equal((await market.status(order)).kind, 'unknown', JSON.stringify(said));
  // To an order it is no answer at all.
  said = { status: 404, body: absent };
  assert.deepEqual(await market.place(order), { kind: 'unknown', why: 'declined' });
});

test('odds, as they are and as they can not be', async (t) => {
  const good = {
    market: MARKET,
    status: 'open',
    rain: 2.013,
    noRain: null,
    available: { rain: '500', noRain: '0' },
    at: 5,
  };
  let said: Said = { body: good };
  const puppet = await openPuppet(t, () => said);
  const market = openClient(t, puppet.url, { unwellMax: 1_000_000, timeoutMs: 30_000 });
  const read = {
    kind: 'odds',
    state: 'open',
    rain: 2013,
    dry: null,
    available: { rain: 500n, dry: 0n },
    at: 5,
  };
  assert.deepEqual(await market.odds(MARKET), read);
  const bad = [
    { market: 'OTHER' },
    { status: 'unknown' },
    { rain: 1 },
    { rain: '2' },
    { noRain: undefined },
    { available: null },
    { available: { rain: '5' } },
    { at: null },
  ];
  for (const changed of bad) {
    said = { body: { ...good, ...changed } };
    assert.deepEqual(
      await market.odds(MARKET),
      { kind: 'unavailable', why: 'garbled' },
      JSON.stringify(changed),
    );
  }
  said = { status: 404, body: { market: MARKET, status: 'unknown' } };
  assert.deepEqual(await market.odds(MARKET), { kind: 'unknown_market' });
  said = { status: 404, body: 'no such page' };
  assert.deepEqual(await market.odds(MARKET), { kind: 'unavailable', why: 'declined' });
});

test('a statement is read to its end, or not at all', async (t) => {
  const pages: Readonly<Record<string, unknown>> = {
    '': { orders: [{ ...matched, id: 'a' }], next: 'a' },
    a: { orders: [{ ...refused, id: 'b' }], next: null },
  };
  let broken = false;
  const puppet = await openPuppet(t, (url) => {
    const after = new URL(url, 'http://krain').searchParams.get('after') ?? '';
    return broken && after !== '' ? { status: 500, body: '' } : { body: pages[after] };
  });
  const market = openClient(t, puppet.url, { timeoutMs: 30_000 });
  const found = await market.orders(MARKET);
  assert.ok(found.kind === 'orders');
  assert.deepEqual(
    found.orders.map(({ id, fate }) => [id, fate.kind]),
    [
      ['a', 'matched'],
      ['b', 'refused'],
    ],
  );
  broken = true;
  assert.deepEqual(await market.orders(MARKET), { kind: 'unavailable', why: 'failed' });
});

test('what could not be sent is known not to have been', async (t) => {
  const nobody = openClient(t, `http://127.0.0.1:${await freePort()}`);
  assert.deepEqual(await nobody.place(orderOf()), { kind: 'unreachable', why: 'unreachable' });
  assert.deepEqual(await nobody.status(orderOf()), { kind: 'unknown', why: 'unreachable' });
  const nowhere = openClient(t, 'http://krain.invalid:1');
  assert.deepEqual(await nowhere.place(orderOf()), { kind: 'unreachable', why: 'unreachable' });
  assert.deepEqual(await nowhere.odds(MARKET), { kind: 'unavailable', why: 'unreachable' });
});

test('after many ills it is left alone, and then tried again', async (t) => {
  const krain = await openKrain(t);
  const market = openClient(t, krain.url, { unwellMax: 3, openMs: 50, openMsMax: 50 });
  krain.fault({ error: 1 });
  for (let i = 0; i < 3; i++)
    assert.deepEqual(await market.place(orderOf()), { kind: 'unknown', why: 'failed' });
  assert.equal(market.health().state, 'open');
  const before = krain.seen.length;
  assert.deepEqual(await market.place(orderOf()), { kind: 'unreachable', why: 'circuit_open' });
  assert.equal(krain.seen.length, before);
  krain.fault({});
  const deadline = Date.now() + 30_000;
  while ((await market.place(orderOf())).kind !== 'matched') {
    assert.ok(Date.now() < deadline, 'it never came back');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(market.health().state, 'closed');
});

test('refusals and conflicts are no ills', async (t) => {
  const krain = await openKrain(t);
  const market = openClient(t, krain.url, { unwellMax: 2 });
  const one = orderOf();
  await market.place(one);
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(await market.place({ ...one, stake: 7n }), { kind: 'unknown', why: 'conflict' });
    assert.equal((await market.place(orderOf({ odds: 900_000 }))).kind, 'refused');
  }
  assert.equal(market.health().state, 'closed');
});

test('what waits is bounded, in number and in time; questions have a way of their own', async (t) => {
  const puppet = await openPuppet(t, (url) => (url === '/v1/orders' ? null : { body: 'x' }));
  const bounds = { placesInFlightMax: 2, waitingMax: 3, waitMsMax: 100, timeoutMs: 1500 };
  const market = openClient(t, puppet.url, bounds);
  const places = Array.from({ length: 8 }, () => market.place(orderOf()));
  const { inFlight, waiting } = market.health();
  assert.deepEqual([inFlight, waiting], [2, 3]);
  assert.equal((await market.status(orderOf())).kind, 'unknown');
  const results = await Promise.all(places);
  const ends = results.map((result) => ('why' in result ? result.why : result.kind)).toSorted();
  assert.deepEqual(ends, [...Array(6).fill('busy'), 'timed_out', 'timed_out']);
  assert.equal(puppet.calls, 3);
});

test('closing waits for what is under way and takes nothing more', async (t) => {
  const krain = await openKrain(t);
  const market = openMarket({ url: krain.url, key: 'a key of tests' });
  const placing = market.place(orderOf());
  const closing = market.close();
  assert.equal((await placing).kind, 'matched');
  await closing;
  assert.deepEqual(await market.place(orderOf()), { kind: 'unreachable', why: 'closed' });
});

test('a wrong key is told, and harms nothing', async (t) => {
  const krain = await openKrain(t);
  const market = openClient(t, krain.url, { key: 'another' });
  assert.deepEqual(await market.place(orderOf()), { kind: 'unknown', why: 'declined' });
  assert.deepEqual(await market.odds(MARKET), { kind: 'unavailable', why: 'declined' });
  assert.equal(krain.seen.length, 0);
});
