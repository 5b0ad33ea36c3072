/**
 * The rain book sold by the hub, in a real browser: a member of the operator's dollar site finds it in the lobby, its
 * balance goes into the book, it bets there, leaves, and has back what the bet does not hold; the ledger proves itself.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { screenshot } from '../browser.ts';
import { type DemoHub, openDemo, runCroupier } from './demo-hub.ts';
import { PAGE_MS_MAX } from './slot-page.ts';

let dataDir: string;
let hub: DemoHub;
let browser: Browser;
let close: (() => Promise<void>) | undefined;

before(async () => {
  ({ dataDir, hub, browser, close } = await openDemo('rain'));
});
after(() => close?.());

const SIZES = [
  { name: 'phone', member: 'rain-kim', viewport: { width: 390, height: 844 }, isMobile: true },
  { name: 'desktop', member: 'rain-lee', viewport: { width: 1280, height: 800 }, isMobile: false },
] as const;

for (const size of SIZES) {
  test(`from the lobby into the rain and back on a ${size.name}`, { timeout: 300_000 }, async () => {
    const { viewport, isMobile } = size;
    const context = await browser.newContext({
      viewport,
      isMobile,
      hasTouch: isMobile,
      reducedMotion: 'reduce',
      locale: 'en-US',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_MS_MAX);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    try {
      await payIn(page, size.member);
      await page.goto(`${hub.dollarUrl}/lobby?q=Rain&vendor=kbook`);
      await page.locator('a[href*="vendor=kbook"]').first().click();
      const rain = page.frameLocator('iframe.stage');
      const book = await enter(rain, page, size.name);
      await bet(book, page, size.name);
      await leave(rain, page, size.name);
      await comeBack(rain, page, size.name);
      assert.deepEqual(errors, []);
    } finally {
      await context.close();
    }
    assert.equal((await runCroupier(['audit', '--json'], { DATA_DIR: dataDir })).ok, true);
  });
}

async function payIn(page: Page, member: string): Promise<void> {
  await page.goto(hub.dollarUrl);
  await page.locator('#name').fill(member);
  await page.locator('.door-card button.primary').click();
  await page.waitForURL('**/lobby**');
  await page.goto(`${hub.dollarUrl}/cashier`);
  await page.locator('#amount-in').fill('1,250.50');
  await page.locator('button[name=direction][value=in]').click();
  await page.locator('.purse.games b').filter({ hasText: '$1,250.50' }).waitFor();
}

async function enter(rain: FrameLocator, page: Page, size: string): Promise<FrameLocator> {
  await rain.locator('.bar .book', { hasText: '$1,250.50' }).waitFor();
  const book = rain.frameLocator('iframe.book-page');
  await book.locator('[data-figure=available]', { hasText: '1,250.50' }).waitFor();
  await page.locator('.play-bar [data-balance=games]', { hasText: '$0.00' }).waitFor();
  await screenshot(page, `rain-entered-${size}`);
  return book;
}

async function bet(book: FrameLocator, page: Page, size: string): Promise<void> {
  await book.locator('button.odds:not([disabled])').first().click();
  await book.locator('.stake input').fill('200');
  await book.locator('.slip-form .primary:not([aria-disabled=true])').click();
  await book.locator('.receipt[data-status=ACTIVE]').waitFor();
  await screenshot(page, `rain-bet-${size}`);
  await book.locator('.receipt .primary').click();
  await book.locator('[data-figure=available]', { hasText: '1,050.50' }).waitFor();
}

/** What the open bet may cost stays; the rest is in the wallet again. */
async function leave(rain: FrameLocator, page: Page, size: string): Promise<void> {
  await rain.locator('.bar .leave').click();
  await rain.locator('.say', { hasText: '$1,050.50' }).waitFor();
  await rain.locator('.say', { hasText: '$200.00' }).waitFor();
  await page.locator('.play-bar [data-balance=games]', { hasText: '$1,050.50' }).waitFor();
  await screenshot(page, `rain-left-${size}`);
}

async function comeBack(rain: FrameLocator, page: Page, size: string): Promise<void> {
  await rain.locator('.again').click();
  await rain.locator('.bar .book', { hasText: '$1,250.50' }).waitFor();
  await rain.locator('.bar .exposure', { hasText: '$200.00' }).waitFor();
  // Going away takes the player out as well.
  await page.goto(`${hub.dollarUrl}/cashier`);
  await page.locator('.purse.games b').filter({ hasText: '$1,050.50' }).waitFor();
  await screenshot(page, `rain-away-${size}`);
}

test('whoever has another currency is told so', { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS_MAX);
  try {
    await page.goto(hub.operatorUrl);
    await page.locator('#name').fill('won-park');
    await page.locator('.door-card button.primary').click();
    await page.waitForURL('**/lobby**');
    await page.goto(`${hub.operatorUrl}/play?vendor=kbook&game=rain`);
    await page.frameLocator('iframe.stage').locator('.say', { hasText: '미국 달러' }).waitFor();
    await screenshot(page, 'rain-other-currency');
  } finally {
    await context.close();
  }
});
