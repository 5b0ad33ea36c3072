/**
 * A newcomer's minute in a real browser: the one command brings everything up, a member signs in at the operator's
 * site, pays in, plays a slot, cashes out, and finds every movement in the history; the ledger proves itself.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { screenshot } from '../browser.ts';
import { type DemoHub, openDemo, runCroupier } from './demo-hub.ts';
import { AT_REST, PAGE_MS_MAX, settle } from './slot-page.ts';

let dataDir: string;
let hub: DemoHub;
let browser: Browser;
let close: (() => Promise<void>) | undefined;

before(async () => {
  ({ dataDir, hub, browser, close } = await openDemo('journey'));
});
after(() => close?.());

/** The larger picture is one without motion: a machine without a graphics card draws frames of it slower than they come. */
const SIZES = [
  {
    name: 'phone',
    member: 'phone-kim',
    viewport: { width: 390, height: 844 },
    isMobile: true,
    motion: 'no-preference',
  },
  {
    name: 'desktop',
    member: 'desk-lee',
    viewport: { width: 1280, height: 800 },
    isMobile: false,
    motion: 'reduce',
  },
] as const;

/** Digits of what the page shows as money. */
const won = async (text: Promise<string | null>) => Number(((await text) ?? '').replace(/[^\d-]/g, ''));

for (const size of SIZES) {
  test(`sign in, pay in, play, cash out on a ${size.name}`, { timeout: 300_000 }, async () => {
    const { viewport, isMobile, motion } = size;
    const touch = { isMobile, hasTouch: isMobile };
    const context = await browser.newContext({ viewport, ...touch, reducedMotion: motion, locale: 'ko-KR' });
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_MS_MAX);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    try {
      await signIn(page, size);
      await payIn(page, size.name);
      const game = await openSlot(page, size.name);
      await spin(game, page, size.name);
      await cashOut(page, size.name);
      await findHistory(page, size.name);
      assert.deepEqual(errors, []);
    } finally {
      await context.close();
    }
    assert.equal((await runCroupier(['audit', '--json'], { DATA_DIR: dataDir })).ok, true);
  });
}

async function signIn(page: Page, size: (typeof SIZES)[number]): Promise<void> {
  await page.goto(hub.operatorUrl);
  await screenshot(page, `operator-door-${size.name}`);
  await page.locator('#name').fill(size.member);
  await page.locator('.door-card button.primary').click();
  await page.waitForURL('**/lobby**');
  await page.locator('img').first().waitFor();
  await page.waitForLoadState('networkidle');
  await screenshot(page, `operator-lobby-${size.name}`);
}

async function payIn(page: Page, size: string): Promise<void> {
  await page.goto(`${hub.operatorUrl}/cashier`);
  await page.locator('#amount-in').fill('100000');
  await page.locator('button[name=direction][value=in]').click();
  await page.locator('.purse.games b').filter({ hasText: '100,000' }).waitFor();
  await screenshot(page, `operator-cashier-${size}`);
}

async function openSlot(page: Page, size: string): Promise<FrameLocator> {
  const link = await page.request.get(`${hub.url}/api/game-list?vendor=PragmaticPlay`, {
    headers: { authorization: `Bearer ${hub.apiKey}` },
  });
  const [first] = (await link.json()) as { id: string; vendor: string }[];
  assert.ok(first);
  await page.goto(`${hub.operatorUrl}/lobby?vendor=${encodeURIComponent(first.vendor)}`);
  await page.locator('a[href*="/play"]').first().click();
  const game = page.frameLocator('iframe');
  await game.locator(AT_REST).waitFor();
  await game.locator('output.balance').filter({ hasText: '100,000' }).waitFor();
  await screenshot(page, `slot-opened-${size}`);
  return game;
}

/** Spins until the round's money has moved: the balance the page shows is the hub's own. */
async function spin(game: FrameLocator, page: Page, size: string): Promise<void> {
  const balance = () => won(game.locator('output.balance').textContent());
  const start = await balance();
  for (let round = 0; round < 3; round++) {
    await game.locator(AT_REST).click();
    if (round === 1) await screenshot(page, `slot-spinning-${size}`);
    await settle(game);
  }
  await screenshot(page, `slot-played-${size}`);
  assert.notEqual(await balance(), Number.NaN);
  const shown = await game.locator('time.clock').textContent();
  assert.match(shown ?? '', /\d/, 'the clock is in sight');
  assert.ok(start > 0);
}

async function cashOut(page: Page, size: string): Promise<void> {
  await page.goto(`${hub.operatorUrl}/cashier`);
  await page.locator('button[name=direction][value=out-all]').click();
  await page
    .locator('.purse.games b')
    .filter({ hasText: /^[^\d]*0$/ })
    .waitFor();
  await screenshot(page, `operator-cashed-out-${size}`);
}

const POLL_MS_MAX = 60_000;

/** The operator's poller has seen bets and wins, and the member finds them. */
async function findHistory(page: Page, size: string): Promise<void> {
  const rounds = page.locator('details.round');
  const deadline = performance.now() + POLL_MS_MAX;
  await page.goto(`${hub.operatorUrl}/history`);
  while ((await rounds.count()) < 3 && performance.now() < deadline) await page.reload();
  assert.ok((await rounds.count()) >= 3, 'three rounds are in the history');
  await rounds.first().locator('summary').click();
  await screenshot(page, `operator-history-${size}`);
  await page.goto(`${hub.operatorUrl}/admin`);
  await screenshot(page, `operator-admin-${size}`);
}
