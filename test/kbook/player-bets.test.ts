/** Bets by the page: replays, many at once, bets that queue past the close, and whatever K-Rain says (4007, 8001, CHECK). */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { audit } from '../../src/db/audit.ts';
import type { HubOptions } from '../../src/hub.ts';
import { openWorld, type World } from '../world.ts';
import { newKey, openPage, type TestPage, within } from './player-rig.ts';
import { type BookGround, type BookOperatorClient, openBook } from './rig.ts';

/** What K-Rain does with an order: a state of its wire, or nothing at all. */
type Word = 'matched' | 'no_liquidity' | 'odds_moved' | 'market_closed' | 'silence';
let word: Word = 'matched';
let orders = 0;
let krain: Server;
let gate: { wanted: boolean; reached: () => void; open: Promise<void> } | null = null;

let world: World;
let ground: BookGround;
let operator: BookOperatorClient;
before(async () => {
  krain = createServer(async (request, response) => {
    const body = await text(request);
    if (request.method !== 'POST') return void response.writeHead(503).end();
    orders += 1;
    if (word === 'silence') return;
    const order = JSON.parse(body);
    const isMatched = word === 'matched';
    const fate = {
      state: isMatched ? 'matched' : 'refused',
      matched: isMatched ? order.stake : '0',
      win: isMatched
        ? String((BigInt(order.stake) * BigInt(Math.round(order.odds * 1000) - 1000)) / 1000n)
        : '0',
      odds: isMatched ? order.odds : null,
      reason: isMatched ? null : word,
      at: Date.now(),
    };
    const { id, market, side, stake } = order;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id, market, side, stake, ...fate }));
  });
  await new Promise<void>((resolve) => krain.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(krain.address() as AddressInfo).port}`;
  const limits = { timeoutMs: 700, unwellMax: 1_000_000 };
  // No loops: nothing but the tests changes sessions and bets.
  const rain = { krain: { url, key: 'k', limits }, weatherUrl: null, works: false } as HubOptions['rain'];
  world = await openWorld({
    ...(rain === undefined ? {} : { rain }),
    lanes: 1,
    logLevel: 'silent',
    writer: {
      async atStep(step) {
        if (step !== 'begun' || gate === null || !gate.wanted) return;
        gate.wanted = false;
        gate.reached();
        await gate.open;
      },
    },
  });
  ground = openBook(world);
  operator = await ground.operator();
});
after(async () => {
  const report = await audit(world.hub.sql);
  await world.close();
  krain.closeAllConnections();
  krain.close();
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
});

const freshPage = async (credit = 10_000): Promise<TestPage> =>
  openPage(world.url, await operator.player({ credit }));

test('a bet laid off in part: ACTIVE, with what it may cost, and it shows everywhere', async () => {
  word = 'matched';
  const [page, session] = [await freshPage(), await ground.session()];
  const placed = (await page.bet({ sessionId: session, stake: 200 })).data;
  assert.equal(placed.bet.status, 'ACTIVE');
  assert.deepEqual(placed.balance, { balance: 10_000, exposure: 200, available: 9800 });
  const { sessionId, bets, netRain, netDry, exposure } = placed.position;
  assert.deepEqual([sessionId, bets, netRain, netDry, exposure], [session, 1, 200, -200, 200]);
  const state = await page.state();
  assert.deepEqual(state.openBets, [{ ...placed.bet, updatedAt: state.openBets[0].updatedAt }]);
  assert.deepEqual(state.positions, [placed.position]);
  assert.deepEqual(state.balance, placed.balance);
  assert.deepEqual((await page.get('/bets?state=open')).data.rows, state.openBets);
  await ground.settle(session, 'RAIN');
  const after = await page.state();
  assert.deepEqual([after.openBets, after.positions, after.balance.balance], [[], [], 10_200]);
  assert.equal(after.visit.net, 200);
  const [settled] = (await page.get('/bets?state=settled')).data.rows;
  assert.deepEqual([settled.status, settled.payout, settled.key], ['SETTLED', 200, placed.bet.key]);
  assert.ok(settled.settledAt !== null);
});

test('4007, 8001: K-Rain does not take it, or could not be asked; the same key is the same bet for ever', async () => {
  const [page, session] = [await freshPage(), await ground.session()];
  const table: [word: Word, code: string][] = [
    ['no_liquidity', '4007'],
    ['market_closed', '4007'],
    ['odds_moved', '4007'],
  ];
  for (const [said, code] of table) {
    word = said;
    const key = newKey();
    const refused = await page.bet({ sessionId: session, stake: 200, key });
    assert.equal(refused.code, code, said);
    assert.equal(refused.data.odds?.rain, said === 'odds_moved' ? 2 : undefined, said);
    word = 'matched';
    assert.deepEqual(
      await page.bet({ sessionId: session, stake: 200, key }),
      refused,
      'also when K-Rain would take it now',
    );
    assert.equal((await page.bet({ sessionId: session, stake: 201, key })).code, '1001');
  }
  const state = await page.state();
  assert.deepEqual([state.balance.exposure, state.openBets], [0, []]);
  const failed = (await page.get('/bets?state=settled')).data.rows;
  assert.deepEqual(new Set(failed.map((bet: { status: string }) => bet.status)), new Set(['FAILED']));
  // A hub that has no K-Rain can't lay off.
  const other = await world.secondHub();
  const elsewhere = await openPage(other.url, await operator.player({ credit: 1000 }));
  const unreached = await elsewhere.bet({ sessionId: session, stake: 200 });
  assert.deepEqual([unreached.code, unreached.message], ['8001', 'FAILED TO CALL K-RAIN API']);
});

test('CHECK: K-Rain stays silent; the bet is told as it is, and its stake stays exposed', async () => {
  word = 'silence';
  const [page, session] = [await freshPage(), await ground.session()];
  const key = newKey();
  const placed = await page.bet({ sessionId: session, stake: 200, key });
  assert.deepEqual([placed.code, placed.data.bet.status, placed.data.balance.exposure], ['1', 'CHECK', 200]);
  assert.equal(placed.data.position.riskDry, -200);
  word = 'matched';
  assert.equal((await page.bet({ sessionId: session, stake: 200, key })).data.bet.status, 'CHECK');
});

test('the same key: the same bet, once for all, and 1001 for anything else under it', async () => {
  word = 'matched';
  const [page, session, key] = [await freshPage(), await ground.session(), newKey()];
  const first = await page.bet({ sessionId: session, key });
  const again = await page.bet({ sessionId: session, key });
  assert.deepEqual([again.data.bet.id, again.data.balance], [first.data.bet.id, first.data.balance]);
  const others = [{ stake: 101 }, { type: 'NO_RAIN' }, { odds: 2.1 }, { sessionId: await ground.session() }];
  for (const other of others)
    assert.equal((await page.bet({ sessionId: session, key, ...other })).code, '1001', JSON.stringify(other));
  await ground.settle(session, 'NO_RAIN');
  const late = (await page.bet({ sessionId: session, key })).data.bet;
  assert.deepEqual([late.id, late.status, late.payout], [first.data.bet.id, 'SETTLED', -100]);
  assert.ok(late.settledAt !== null);
});

test('one key from twenty callers at once is one bet, asked of K-Rain once', async () => {
  word = 'matched';
  const [page, session, key] = [await freshPage(), await ground.session(), newKey()];
  const before = orders;
  const all = await Promise.all(
    Array.from({ length: 20 }, () => page.bet({ sessionId: session, key, stake: 200 })),
  );
  assert.deepEqual(new Set(all.map(({ code }) => code)), new Set(['1']));
  assert.equal(new Set(all.map(({ data }) => `${data.bet.id} ${data.bet.status}`)).size, 1);
  assert.equal(orders - before, 1);
  assert.equal((await page.state()).balance.exposure, 200);
});

test('many bets at once never expose more than there is', async () => {
  word = 'matched';
  const [page, session] = [await freshPage(1000), await ground.session()];
  const all = await Promise.all(
    Array.from({ length: 20 }, () => page.bet({ sessionId: session, stake: 150 })),
  );
  const codes = all.map(({ code }) => code);
  assert.equal(codes.filter((code) => code === '1').length, 6);
  assert.equal(codes.filter((code) => code === '4005').length, 14);
  assert.equal((await page.state()).balance.exposure, 900);
});

/** Holds the ledger's lane at its next batch until `open` is called. */
async function holdLane(occupy: () => Promise<unknown>): Promise<() => Promise<void>> {
  const [reached, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  gate = { wanted: true, reached: reached.resolve, open: open.promise };
  const occupied = occupy();
  await reached.promise;
  return async () => {
    gate = null;
    open.resolve();
    await occupied;
  };
}

test('past-posting: bets that wait while their session closes are refused, however early they were sent', async () => {
  word = 'matched';
  const other = await operator.player();
  const deposit = () =>
    operator.done('deposit', { userId: other.userId, tsCode: newKey(), depositAmount: 5 });
  const pages = await Promise.all(Array.from({ length: 4 }, () => freshPage()));
  // By an act of staff that is committed while they wait …
  const closed = await ground.session();
  const letGo = await holdLane(deposit);
  const bets = Promise.all(pages.map((page) => page.bet({ sessionId: closed })));
  await within(() => world.hub.writer.waiting() === 4);
  await world.hub.sql`update rain_session set status = 'CLOSE' where id = ${closed}`;
  await letGo();
  assert.deepEqual(new Set((await bets).map(({ code }) => code)), new Set(['4001']));
  // … and by the clock alone, when nobody has closed it yet.
  const closing = await ground.session({ closesInMs: 400 });
  const letGoLate = await holdLane(deposit);
  const late = Promise.all(pages.map((page) => page.bet({ sessionId: closing })));
  await within(() => world.hub.writer.waiting() === 4);
  await within(async () => {
    const [row] = await world.hub
      .sql`select closes_at < clock_timestamp() as over from rain_session where id = ${closing}`;
    return row?.over;
  });
  await letGoLate();
  assert.deepEqual(new Set((await late).map(({ code }) => code)), new Set(['4001']));
  const [row] = await world.hub.sql`select status from rain_session where id = ${closing}`;
  assert.equal(row?.status, 'OPEN');
});

test('2001: a bet that waits while its visit ends is refused', async () => {
  word = 'matched';
  const player = await operator.player({ credit: 1000 });
  const [page, session, other] = [
    await openPage(world.url, player),
    await ground.session(),
    await operator.player(),
  ];
  const letGo = await holdLane(() =>
    operator.done('deposit', { userId: other.userId, tsCode: newKey(), depositAmount: 5 }),
  );
  const bet = page.bet({ sessionId: session });
  await within(() => world.hub.writer.waiting() === 1);
  await operator.done('logout', { userId: player.userId });
  await letGo();
  assert.equal((await bet).code, '2001');
});
