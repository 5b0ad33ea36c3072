/** A site with a seamless wallet and the real hub: the balance at the site is what games are played with. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { configsOf } from '../../sim/operator/config.ts';
import { setAgent } from '../../src/db/agent.ts';
import { createAgentWithKey, movePot } from '../../src/office.ts';
import { openWorld, type StudioClient, type World } from '../world.ts';
import { doubleFor, folderFor } from './rig.ts';
import { type Browser, browser, sitesFor } from './visitor.ts';

const VENDOR = 'PragmaticPlay';
const POT = 100_000_000n;
const FEED_MS_MAX = 20_000;

let world: World;
let studio: StudioClient;
before(async () => {
  world = await openWorld();
  studio = await world.studio(VENDOR);
});
after(() => world?.close());

/** An agent of its own kind and a site of it, each with the other's address. */
async function seamlessSite(t: Parameters<typeof sitesFor>[0], username: string) {
  const made = await createAgentWithKey(world.office, { username, wallet: 'seamless', actor: 'test' });
  await movePot(world.office, { username, direction: 'give', amount: POT, actor: 'test' });
  const { sites } = await sitesFor(t, {
    HUB_URL: world.url,
    API_KEY: made.apiKey,
    OPERATOR_DATA_DIR: await folderFor(t),
    WALLET: 'seamless',
    CALLBACK_SECRET: made.callbackSecret ?? '',
  });
  const [site] = sites;
  assert.ok(site?.callbackUrl);
  await setAgent(world.office.sql, made.id, { callbackUrl: site.callbackUrl });
  return { url: site.url, callbackUrl: site.callbackUrl };
}

async function member(url: string, name: string): Promise<Browser> {
  const visitor = browser(url);
  await visitor.get('/');
  assert.equal((await visitor.post('/sign-in', { name })).location, '/lobby');
  return visitor;
}

const balanceOf = async (visitor: Browser) => JSON.parse((await visitor.get('/balance')).text);

/** Opens the game by the site's own page; sends items of it as the studio does. */
async function openGame(visitor: Browser) {
  const page = await visitor.get(`/play?vendor=${VENDOR}&game=${VENDOR}-game`);
  assert.equal(page.status, 200, page.text);
  const link = /<iframe[^>]+src="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const token = new URL(link, world.url).searchParams.get('token');
  const opened = await studio.call('POST', '/sessions/open', { token });
  assert.equal(opened.status, 200, opened.text);
  const { session, game, player } = opened.body;
  return async (id: string, type: string, amount: number) => {
    const more = { session, game, round: 'r1', currency: 'KRW', amount: String(amount) };
    const [result] = await studio.transact({ id: `${player.id ?? player}-${id}`, type, ...more });
    return result;
  };
}

/** Reads a page again until it says so. */
async function untilPage(visitor: Browser, path: string, pattern: RegExp): Promise<string> {
  const deadline = performance.now() + FEED_MS_MAX;
  let text = '';
  while (performance.now() < deadline) {
    text = (await visitor.get(path)).text;
    if (pattern.test(text)) return text;
  }
  return assert.fail(`${path} never said ${pattern}: ${text}`);
}

test('a bet takes from the site’s balance, a win gives to it, all of it is on its pages', async (t) => {
  const { url } = await seamlessSite(t, 'seamless-one');
  const visitor = await member(url, '민지123');
  assert.deepEqual(await balanceOf(visitor), { site: '₩1,000,000', games: '₩1,000,000' });
  const lobby = await visitor.get('/lobby');
  assert.ok(!lobby.text.includes('게임 지갑'), 'there is one balance');

  const paid = await visitor.post('/cashier', { direction: 'deposit', amount: '50,000' });
  assert.match((await visitor.get(paid.location)).text, /₩50,000 충전되었습니다/);
  assert.equal((await visitor.post('/cashier', { direction: 'withdraw', amount: '9,999,999' })).status, 422);
  assert.equal((await visitor.post('/cashier', { direction: 'in', amount: '1' })).status, 422);
  await visitor.post('/cashier', { direction: 'withdraw', amount: '20000' });
  assert.equal((await balanceOf(visitor)).site, '₩1,030,000');

  const send = await openGame(visitor);
  assert.equal((await send('1', 'bet', 30_000)).status, 'accepted');
  assert.equal((await balanceOf(visitor)).games, '₩1,000,000', 'the bet is taken here at once');
  assert.equal((await send('2', 'win', 45_000)).status, 'accepted');
  // What the hub knows of the balance may be old: the site decides.
  await visitor.post('/cashier', { direction: 'withdraw', amount: '1,000,000' });
  assert.equal((await send('3', 'bet', 100_000)).code, 'operator_refused');
  const topUp = await visitor.post('/cashier', { direction: 'deposit', amount: '1,500,000', back: '/lobby' });
  assert.equal(topUp.location, '/lobby');
  assert.equal((await send('4', 'bet', 1_500_000)).status, 'accepted', 'also of what came in the meantime');

  await untilPage(visitor, '/history', /₩1,000,000 → ₩1,045,000/);
  assert.equal((await balanceOf(visitor)).site, '₩45,000');
  const admin = (await visitor.get('/admin')).text;
  for (const pattern of [/허브의 호출/, /<code>win<\/code>/, />402</, /badge done">일치/])
    assert.match(admin, pattern);
  const csv = (await visitor.get('/admin/entries.csv')).text;
  assert.equal(csv.split('\n').length, 5, csv);
});

test('staff break the wallet and mend it', async (t) => {
  const { url, callbackUrl } = await seamlessSite(t, 'seamless-two');
  const visitor = await member(url, 'minji');
  const send = await openGame(visitor);
  await visitor.get('/admin');
  const broken = await visitor.post('/admin/faults', {
    dropAfter: '1',
    only: 'bet',
    delayMs: '0',
    seed: '3',
  });
  assert.equal(broken.location, '/admin#faults');
  // Taken here, the answer lost: the hub takes it back.
  assert.equal((await send('1', 'bet', 1000)).status, 'refused');
  await untilPage(visitor, '/balance', /₩1,000,000/);
  const admin = (await visitor.get('/admin')).text;
  assert.match(admin, /처리 후 끊기/);
  assert.match(admin, /<code>cancel<\/code>/);
  await visitor.post('/admin/faults', { delayMs: '0', seed: '3' });
  assert.equal((await send('2', 'bet', 1000)).status, 'accepted');
  assert.equal((await balanceOf(visitor)).site, '₩999,000');
  assert.equal((await visitor.post('/admin/faults', { delayMs: 'x', seed: '3' })).status, 422);
  assert.equal((await visitor.post('/admin/faults', { delayMs: '0', seed: '3', csrf: '' })).status, 403);

  const unsigned = await fetch(`${callbackUrl}/balance?username=minji`);
  assert.equal(unsigned.status, 401);
  const forwarded = await fetch(`${callbackUrl}/entries`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
  assert.equal(forwarded.status, 403);
});

test('two sites in one process, each with its own members', async (t) => {
  const double = await doubleFor(t);
  const own = { HUB_URL: double.url, API_KEY: double.apiKey, OPERATOR_DATA_DIR: await folderFor(t) };
  const { sites } = await sitesFor(t, {
    ...own,
    SECOND_API_KEY: double.apiKey,
    SECOND_OPERATOR_DATA_DIR: await folderFor(t),
    SECOND_WALLET: 'seamless',
    SECOND_CALLBACK_SECRET: 'what the hub signs with',
  });
  const [first, second] = sites;
  assert.equal(first?.callbackUrl, null);
  assert.equal(second?.callbackUrl, `${second?.url}/seamless`);
  await member(first?.url ?? '', 'minji');
  const visitor = await member(second?.url ?? '', 'jisoo');
  assert.match((await visitor.get('/cashier')).text, /하나의 잔액/);
  assert.equal((await fetch(`${first?.url}/seamless/balance?username=minji`)).status, 404);
});

test('what a site can not be started with', () => {
  const base = { HUB_URL: 'http://127.0.0.1:1', API_KEY: 'k', OPERATOR_DATA_DIR: 'd' };
  const rows: readonly [env: Record<string, string>, reason: RegExp][] = [
    [{ ...base, API_KEY: '' }, /API_KEY is missing/],
    [{ ...base, HUB_URL: 'ftp://x' }, /HUB_URL/],
    [{ ...base, PORT: '70000' }, /PORT/],
    [{ ...base, WALLET: 'purse' }, /WALLET/],
    [{ ...base, WALLET: 'seamless' }, /CALLBACK_SECRET is missing/],
    [{ ...base, SECOND_API_KEY: 'k', SECOND_PORT: 'x' }, /PORT/],
  ];
  for (const [env, reason] of rows) assert.throws(() => configsOf(env), reason);
  const [, second] = configsOf({ ...base, PORT: '81', SECOND_API_KEY: 'other', SECOND_PORT: '82' });
  assert.deepEqual([second?.apiKey, second?.port, second?.dataDir], ['other', 82, 'd']);
});
