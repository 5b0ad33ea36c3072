/** What the page's API answers to what is sent: codes of the wire (0, 1001, 1002, 5001, 5003) and of a refused bet. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openWorld, type World } from '../world.ts';
import { callPlayer, newKey, openPage, type TestPage } from './player-rig.ts';
import { type BookGround, type BookOperatorClient, openBook, postRaw } from './rig.ts';

let world: World;
let ground: BookGround;
let operator: BookOperatorClient;
let page: TestPage;
let session: number;
before(async () => {
  world = await openWorld();
  ground = openBook(world);
  operator = await ground.operator();
  // Nothing is laid off here: K-Rain has tests of its own.
  await world.hub.sql`update rain_site set own_bps = 10000, own_min_bps = 10000`;
  session = await ground.session();
});
// Each with a player of its own, and its pace.
beforeEach(async () => {
  page = await openPage(world.url, await operator.player({ credit: 20_000 }));
});
after(() => world.close());

test('5003, 5001: what is no JSON, or is not called so', async () => {
  const headers = { authorization: `Bearer ${page.tokens.access}` };
  const send = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
    postRaw(world.url, '/player/api/bets', { body, headers: { ...headers, 'content-type': type } });
  const table: [body: string | Uint8Array<ArrayBuffer>, type: string, code: string][] = [
    ['{}', 'text/plain', '5003'],
    ['key=1', 'application/x-www-form-urlencoded', '5003'],
    ['{', 'application/json', '5001'],
    ['[]', 'application/json', '5001'],
    ['"text"', 'application/json', '5001'],
    ['12', 'application/json; charset=utf-8', '5001'],
    [new Uint8Array([0x7b, 0xff, 0x7d]), 'application/json', '5001'],
    [`{"key":"${'x'.repeat(20_000)}"}`, 'application/json', '5001'],
    ['{}', 'application/json', '1001'],
    ['', 'application/json', '1001'],
  ];
  for (const [body, type, code] of table) {
    const answer = await send(body, type);
    assert.deepEqual([answer.status, answer.body.code], [200, code], `${String(body).slice(0, 20)} ${type}`);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  }
});

test('1002: no such call, session or site', async () => {
  for (const path of ['/nothing', '/', '/state/x', '/live'])
    assert.equal((await page.get(path)).code, '1002', path);
  assert.equal((await page.post('/state')).code, '1002');
  assert.equal((await page.bet({ sessionId: 1 })).code, '1002');
  assert.equal((await page.get('/weather?site=NOWHERE')).code, '1002');
});

test('1001 names the field', async () => {
  const bet = { key: newKey(), sessionId: session, type: 'RAIN', odds: 2, stake: 100 };
  const table: [path: string, body: unknown, field: string][] = [
    ['/bets', { ...bet, key: '' }, 'key'],
    ['/bets', { ...bet, key: 'x'.repeat(65) }, 'key'],
    ['/bets', { ...bet, key: 'with blank' }, 'key'],
    ['/bets', { ...bet, key: 7 }, 'key'],
    ['/bets', { ...bet, sessionId: '20001' }, 'sessionId'],
    ['/bets', { ...bet, sessionId: -1 }, 'sessionId'],
    ['/bets', { ...bet, sessionId: 1.5 }, 'sessionId'],
    ['/bets', { ...bet, type: 'SNOW' }, 'type'],
    ['/bets', { ...bet, odds: 1 }, 'odds'],
    ['/bets', { ...bet, odds: 2.0001 }, 'odds'],
    ['/bets', { ...bet, odds: '2' }, 'odds'],
    ['/bets', { ...bet, odds: 1e9 }, 'odds'],
    ['/bets', { ...bet, stake: 0 }, 'stake'],
    ['/bets', { ...bet, stake: -5 }, 'stake'],
    ['/bets', { ...bet, stake: 10.001 }, 'stake'],
    ['/bets', { ...bet, stake: '100' }, 'stake'],
    ['/bets', { ...bet, stake: 1e30 }, 'stake'],
    ['/bets', { ...bet, stake: undefined }, 'stake'],
    ['/limits', { maxBet: 0 }, 'maxBet'],
    ['/limits', { dayStake: 'x' }, 'dayStake'],
    ['/limits', { clockMinutes: 1 }, 'clockMinutes'],
    ['/exclude', { for: '1h' }, 'for'],
    ['/exclude', {}, 'for'],
    ['/language', { language: 'EN!' }, 'language'],
    ['/password', { current: null, next: 'short' }, 'next'],
    ['/password', { current: 5, next: null }, 'current'],
    ['/login', { token: '' }, 'token'],
    ['/login', { token: 'x', password: 5 }, 'password'],
    ['/refresh', {}, 'refresh'],
  ];
  for (const [path, body, field] of table) {
    const answer = await page.post(path, body);
    assert.deepEqual([answer.code, answer.data?.field], ['1001', field], JSON.stringify(body));
  }
  for (const [path, field] of [
    ['/bets?state=lost', 'state'],
    ['/bets?before=x', 'before'],
    ['/bets?limit=0', 'limit'],
    ['/bets?limit=101', 'limit'],
    ['/transfers?before=1-2-3', 'before'],
  ])
    assert.deepEqual([(await page.get(path ?? '')).data?.field], [field], path);
});

test('amounts and odds are read as they are written', async () => {
  const [wide, key] = [await ground.session({ rain: 1234, noRain: 49_000 }), newKey()];
  const text = (stake: string, odds: string) =>
    `{"key":"${key}","sessionId":${wide},"type":"RAIN","odds":${odds},"stake":${stake}}`;
  assert.equal((await page.post('/bets', text('100.005000000000000001', '1.234'))).data.field, 'stake');
  assert.equal((await page.post('/bets', text('100.00', '1.2340000000000000001'))).data.field, 'odds');
  const { bet } = (await page.post('/bets', text('1.00010E2', '1.2340'))).data;
  // 100.01 × 0.234 = 23.40234: rounded down to the cent.
  assert.deepEqual([bet.stake, bet.odds, bet.win], [100.01, 1.234, 23.4]);
});

test('4001: a session that is not open, by its status or by the server’s time', async () => {
  for (const status of ['READY', 'CLOSE', 'SUSPEND'])
    assert.equal((await page.bet({ sessionId: await ground.session({ status }) })).code, '4001', status);
  const settled = await ground.session();
  await ground.settle(settled, 'RAIN');
  assert.equal((await page.bet({ sessionId: settled })).code, '4001');
  const closed = await ground.session({ closesInMs: -1 });
  const { sql } = world.hub;
  const [row] = await sql`select status, closes_at < now() as over from rain_session where id = ${closed}`;
  assert.deepEqual([row?.status, row?.over], ['OPEN', true], 'nobody has closed it yet');
  assert.equal((await page.bet({ sessionId: closed })).code, '4001');
});

test('4002, 4003: a market that is shut, odds that moved or ran out, with the odds now', async () => {
  for (const market of ['SUSPEND', 'CLOSE'])
    assert.equal((await page.bet({ sessionId: await ground.session({ market }) })).code, '4002', market);
  const moved = await page.bet({ sessionId: session, odds: 2.1 });
  assert.equal(moved.code, '4003');
  const { odds } = moved.data;
  assert.deepEqual([odds.quote, odds.rain, odds.noRain], [1, 2, 49]);
  assert.equal((await page.bet({ sessionId: session, type: 'NO_RAIN', odds: 2 })).code, '4003');
  const expired = await ground.session({ oddsValidMs: -1 });
  assert.equal((await page.bet({ sessionId: expired })).code, '4003');
});

test('4004: the operator’s limit, the vendor type’s, and the player’s own, with the most that goes', async () => {
  const narrow = await openPage(
    world.url,
    await operator.player({ credit: 1000, betLimit: { minBet: 150, maxBet: 200, maxExposure: 1000 } }),
  );
  const limits = async (at: TestPage, stake: number) => {
    const { code, data } = await at.bet({ sessionId: session, stake });
    return [code, data?.limit];
  };
  assert.deepEqual(await limits(narrow, 149.99), ['4004', 150]);
  assert.deepEqual(await limits(narrow, 200.01), ['4004', 200]);
  assert.deepEqual(await limits(page, 5000.01), ['4004', 5000], 'the vendor type takes 5,000 at most');
  await narrow.post('/limits', { maxBet: 160 });
  assert.deepEqual(await limits(narrow, 170), ['4004', 160]);
  assert.equal((await narrow.bet({ sessionId: session, stake: 160 })).code, '1');
});

test('4005, 4006, 4008: credit, exposure, the pool', async () => {
  const poor = await openPage(
    world.url,
    await operator.player({ credit: 300, betLimit: { minBet: 100, maxBet: 10_000, maxExposure: 400 } }),
  );
  const short = await poor.bet({ sessionId: session, stake: 350 });
  assert.deepEqual([short.code, short.data.limit], ['4005', 300]);
  const over = await poor.bet({ sessionId: session, stake: 400.01 });
  assert.deepEqual([over.code, over.data.limit], ['4006', 400]);
  assert.equal((await poor.bet({ sessionId: session, stake: 300 })).code, '1');
  // On dry the book pays 48 for 1: 2,000 of stake would cost it 96,000, and its pool is 20,000.
  const full = await page.bet({ sessionId: await ground.session(), type: 'NO_RAIN', stake: 2000 });
  assert.equal(full.code, '4008');
  assert.ok(full.data.limit > 0 && full.data.limit < 500, JSON.stringify(full.data));
  const fits = await page.bet({ sessionId: await ground.session(), type: 'NO_RAIN', stake: full.data.limit });
  assert.equal(fits.code, '1', 'the limit that was told is taken');
});

test('0: too many calls at once are refused, and how long to wait is said', async () => {
  const busy = await openPage(world.url, await operator.player());
  const all = await Promise.all(Array.from({ length: 90 }, () => busy.get('/bets')));
  const refused = all.filter(({ code }) => code === '0');
  assert.ok(refused.length > 0 && all.every(({ code }) => code === '1' || code === '0'));
  assert.ok(refused.every(({ data }) => data.retryAfterMs > 0 && data.retryAfterMs < 5000));
  assert.equal((await page.get('/bets')).code, '1', 'others go on');
  const bad = await callPlayer(world.url, '/login', { body: { token: 'x'.repeat(300) } });
  assert.equal(bad.code, '1001');
});

test('a request that offers another protocol keeps its body', async () => {
  const { request } = await import('node:http');
  const { port } = new URL(world.url);
  const text = await new Promise<string>((resolve, reject) => {
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
      'content-type': 'application/json',
    };
    const sent = request({
      port,
      host: '127.0.0.1',
      path: '/vendor/api/getCreditBalance',
      method: 'POST',
      headers,
    });
    sent.on('response', (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ certCode: operator.certCode, vendorType: 'CPS_USD', userId: 'nobody' }));
  });
  assert.equal(JSON.parse(text).code, '1002');
});
