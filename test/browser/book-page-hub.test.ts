/**
 * The rain book's page against the real hub: every view of the wire is what the page takes it for, from the login link
 * to the settled bet, with nothing of the double between.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { HubOptions } from '../../src/hub.ts';
import { openBrowser } from '../browser.ts';
import { type BookGround, type BookOperatorClient, openBook } from '../kbook/rig.ts';
import { openWorld, type World } from '../world.ts';
import { assertUsable, card, PAGE_MS_MAX, READY } from './book-page-rig.ts';

interface KrainOrder {
  readonly id: string;
  readonly market: string;
  readonly side: string;
  readonly stake: string;
  readonly odds: number;
}

let krain: Server;
/** What K-Rain does with orders: takes them whole, or says nothing. */
let word: 'matched' | 'silence' = 'matched';
let world: World;
let ground: BookGround;
let operator: BookOperatorClient;
let browser: Browser;

before(async () => {
  krain = createServer(async (request, response) => {
    if (request.method !== 'POST' || word === 'silence') return void response.writeHead(503).end();
    const { id, market, side, stake, odds } = (await json(request)) as KrainOrder;
    const win = (BigInt(stake) * BigInt(Math.round(odds * 1000) - 1000)) / 1000n;
    const fate = {
      state: 'matched',
      matched: stake,
      win: win.toString(),
      odds,
      reason: null,
      at: Date.now(),
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id, market, side, stake, ...fate }));
  });
  await new Promise<void>((resolve) => krain.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(krain.address() as AddressInfo).port}`;
  // No loops: nothing but the tests changes sessions and bets.
  const rain = { krain: { url, key: 'k', limits: {} }, weatherUrl: null, works: false } as HubOptions['rain'];
  world = await openWorld({ ...(rain === undefined ? {} : { rain }), logLevel: 'silent' });
  ground = openBook(world);
  operator = await ground.operator();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await world?.close();
  krain?.closeAllConnections();
  krain?.close();
});

/** Far above what a test takes; a machine under load is slow. */
const LIMIT = { timeout: 180_000 };

async function open(t: TestContext, url: string): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS_MAX);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

async function place(page: Page, session: number): Promise<void> {
  await card(page, session).locator('[data-side=RAIN]').click();
  await page.locator('.stake input').fill('100');
  await page.locator(READY).click();
}

test('from the link to the settled bet', LIMIT, async (t) => {
  word = 'matched';
  const session = await ground.session({ rain: 2100 });
  const { url } = await operator.player({ credit: 1_000 });
  const { page, errors } = await open(t, url);
  await page.locator('[data-figure=available]', { hasText: '$1,000.00' }).waitFor();
  await card(page, session).locator('[data-side=RAIN]', { hasText: '2.10' }).click();
  await page.locator('.stake input').fill('100');
  await world.hub.sql`update rain_session set quote = 2, odds_rain = 1980 where id = ${session}`;
  await page.locator(READY, { hasText: 'Accept 1.98 and bet $100.00' }).click();
  await page.locator('.receipt[data-status=ACTIVE]').waitFor();
  await page.locator('[data-figure=available]', { hasText: '$900.00' }).waitFor();
  await page.locator('.receipt .primary').click();
  await card(page, session).getByText('+$98.00').waitFor();
  await ground.settle(session, 'RAIN');
  await page.locator('.toast.won', { hasText: '$98.00' }).waitFor();
  await page.locator('[data-figure=balance]', { hasText: '$1,098.00' }).waitFor();
  await page.locator('.visit b', { hasText: '+$98.00' }).waitFor();
  await page.reload();
  await page.locator('[data-figure=balance]', { hasText: '$1,098.00' }).waitFor();
  await page.locator('nav a[href="#bets"]').click();
  await page.locator('.choice.tabs label').nth(1).click();
  await page.locator('details.bet', { hasText: '+$98.00' }).waitFor();
  await page.locator('.choice.tabs label').nth(2).click();
  await page.locator('.transfer', { hasText: '+$1,000.00' }).waitFor();
  assert.deepEqual(errors, []);
});

test(
  'K-Rain says nothing: the bet is being confirmed, and stays one when the answer got lost too',
  LIMIT,
  async (t) => {
    word = 'silence';
    const session = await ground.session();
    const player = await operator.player({ credit: 1_000 });
    const { page, errors } = await open(t, player.url);
    let answers = 0;
    await page.route('**/api/bets', async (route) => {
      const response = await route.fetch();
      answers += 1;
      await (answers < 3 ? route.abort() : route.fulfill({ response }));
    });
    await place(page, session);
    await page.locator('.receipt[data-status=CHECK]').waitFor();
    await assertUsable(page, 'being confirmed');
    const [row] = await world.hub
      .sql`select count(*)::int as bets from book_bet where player_id = ${player.id}`;
    assert.equal(row?.bets, 1);
    await page.locator('[data-figure=exposure]', { hasText: '$100.00' }).waitFor();
    assert.deepEqual(errors, []);
  },
);

test('limits, password, a break, and the way out, as the hub keeps them', LIMIT, async (t) => {
  word = 'matched';
  const session = await ground.session();
  const who = { userId: 'limits01', betLimit: { minBet: 100, maxBet: 5000, maxExposure: 50_000 } };
  const { url } = await operator.player({ ...who, credit: 1_000 });
  const { page, errors } = await open(t, url);
  await page.locator('nav a[href="#mine"]').click();
  await page.getByLabel('Highest stake of a bet').fill('150');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Your limits hold now').waitFor();
  await page.getByLabel('Highest stake of a bet').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('holds after 24 hours').waitFor();
  await page.getByLabel('New password').fill('umbrella');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('holds from the next visit on').waitFor();
  await page.getByText('30 days', { exact: true }).click();
  await page.getByRole('button', { name: 'Stop betting…' }).click();
  await page.getByRole('button', { name: 'Yes, stop' }).click();
  await page.locator('.excluded').first().waitFor();
  await page.locator('nav a[href="#sessions"]').click();
  await place(page, session);
  await page.locator('.slip-error', { hasText: 'not allowed' }).waitFor();
  await page.locator('.window .round').click();
  await page.getByRole('button', { name: 'Leave' }).first().click();
  await page.getByRole('heading', { name: 'Goodbye' }).waitFor();
  await page.goto(await operator.done('getLoginUrl', who));
  await page.getByLabel('Password').fill('sunshade');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('That is not the password').waitFor();
  await page.getByLabel('Password').fill('umbrella');
  await page.getByRole('button', { name: 'Open' }).click();
  await card(page, session).waitFor();
  await operator.done('logout', { userId: who.userId });
  await page.getByRole('heading', { name: 'This visit has ended' }).waitFor();
  assert.deepEqual(errors, []);
});
