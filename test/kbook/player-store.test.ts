/** The page's API while its database is away (5002, 6001, 0), and after it has come back; the live line beside it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorld, type World } from '../world.ts';
import { openSwitch } from './away.ts';
import { callPlayer, newKey, openPage, type TestPage, within } from './player-rig.ts';
import { type BookGround, openBook, type TestPlayer } from './rig.ts';

let world: World;
let ground: BookGround;
let player: TestPlayer;
let page: TestPage;
let database: ReturnType<typeof openSwitch>;
before(async () => {
  world = await openWorld({ logLevel: 'silent' });
  ground = openBook(world);
  player = await (await ground.operator()).player({ credit: 1000 });
  await world.hub.sql`update rain_site set own_bps = 10000, own_min_bps = 10000`;
  page = await openPage(world.url, player);
  database = openSwitch(world.databaseUrl);
});
after(async () => {
  await database.reachable(true);
  await database.close();
  await world.close();
});

test('5002, 6001, 0: the database is away, and comes back', { timeout: 120_000 }, async () => {
  const session = await ground.session();
  const line = await page.live(0);
  await line.until((message) => message.type === 'session' && message.session.id === session);
  const key = newKey();
  assert.equal((await page.bet({ sessionId: session, key: newKey() })).code, '1');
  await database.reachable(false);
  for (const path of ['/state', '/bets', '/transfers', '/weather'])
    assert.equal((await page.get(path)).code, '5002', path);
  for (const [path, body] of [
    ['/limits', { maxBet: 200 }],
    ['/exclude', { for: '24h' }],
    ['/password', { current: null, next: 'a secret' }],
    ['/language', { language: 'en' }],
    ['/logout', {}],
  ] as const)
    assert.equal((await page.post(path, body)).code, '6001', path);
  assert.equal((await callPlayer(world.url, '/login', { body: { token: player.token } })).code, '6001');
  assert.equal(
    (await callPlayer(world.url, '/refresh', { body: { refresh: page.tokens.refresh } })).code,
    '6001',
  );
  // The ledger knows that it has not begun to write.
  assert.equal((await page.bet({ sessionId: session, key })).code, '0');
  await database.reachable(true);
  await within(async () => (await page.bet({ sessionId: session, key })).code === '1');
  const { balance, openBets } = await page.state();
  assert.deepEqual([balance.exposure, openBets.length], [200, 2]);
  // What changed while nobody could be told is found again.
  await world.hub.sql`update rain_session set odds_rain = 2750 where id = ${session}`;
  await line.until((message) => message.type === 'session' && message.session.odds.rain === 2.75);
  await line.until(({ type, balance: told }) => type === 'money' && told.exposure === 200);
  assert.equal(line.closed(), null);
  line.close();
});
