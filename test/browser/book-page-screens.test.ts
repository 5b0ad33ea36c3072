/**
 * Every screen of the rain book's page, in every language, light and dark, on a phone and on a desk: no barrier, nothing
 * sticks out; and what a player does on them: doors, limits, password, breaks, the way out.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { START, TONIGHT } from '../book-page/scene.ts';
import { openBrowser, screenshot } from '../browser.ts';
import { assertUsable, card, type Look, openVisit, pick, READY } from './book-page-rig.ts';

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

/** Far above what a test takes; a machine under load is slow. */
const LIMIT = { timeout: 180_000 };
const DAY_MS = 86_400_000;

async function see(page: Page, name: string): Promise<void> {
  await assertUsable(page, name);
  await screenshot(page, `book-${name}`);
}

async function goTo(page: Page, screen: string): Promise<void> {
  await page.locator(`nav a[href="#${screen}"]`).click();
  await page.locator(`main[data-screen=${screen}]`).waitFor();
}

const LOOKS: readonly Required<Pick<Look, 'size' | 'language' | 'colorScheme'>>[] = [
  { size: 'phone', language: 'en', colorScheme: 'dark' },
  { size: 'phone', language: 'ko', colorScheme: 'light' },
  { size: 'desktop', language: 'zh', colorScheme: 'dark' },
  { size: 'desktop', language: 'en', colorScheme: 'light' },
];

for (const look of LOOKS) {
  const name = `${look.size}-${look.colorScheme}-${look.language}`;
  test(`screens: ${name}`, LIMIT, async (t) => {
    const { book, page, errors } = await openVisit(t, browser, look);
    book.fates.push('active', 'check');
    await card(page, TONIGHT).waitFor();
    await page.locator('.glance-now a').waitFor();
    await see(page, `${name}-sessions`);
    assert.equal(
      await page.locator('html').getAttribute('lang'),
      { en: 'en', ko: 'ko', zh: 'zh-Hant' }[look.language],
    );
    for (const stake of ['100', '40']) {
      await pick(page, { session: TONIGHT, side: 'RAIN', stake });
      await see(page, `${name}-slip`);
      await page.locator(READY).click();
      await page.locator('.receipt').waitFor();
      await see(page, `${name}-receipt`);
      await page.locator('.receipt .primary').click();
    }
    await goTo(page, 'bets');
    assert.equal(await page.locator('details.bet').count(), 2);
    await page.locator('details.bet summary').first().click();
    await see(page, `${name}-bets`);
    await page.locator('.choice.tabs label').nth(1).click();
    await page.locator('details.bet').nth(20).waitFor();
    await see(page, `${name}-settled`);
    await page.locator('.choice.tabs label').nth(2).click();
    await page.locator('.transfer').first().waitFor();
    await see(page, `${name}-statement`);
    await goTo(page, 'rain');
    await page.locator('.chart .bar').first().waitFor();
    await page.locator('.table-box summary').click();
    await see(page, `${name}-rain`);
    await goTo(page, 'mine');
    await see(page, `${name}-mine`);
    assert.deepEqual(errors, []);
  });
}

test('settled bets: filtered, and read on to the last', LIMIT, async (t) => {
  const { book, page } = await openVisit(t, browser);
  await goTo(page, 'bets');
  await page.locator('.choice.tabs label').nth(1).click();
  const rows = page.locator('details.bet');
  await rows.nth(24).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await rows.nth(49).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await rows.nth(book.till.bets.length - 1).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0);
  await page.getByText('Void', { exact: true }).first().click();
  assert.equal(await rows.count(), book.till.bets.filter(({ status }) => status === 'VOID').length);
});

const DOORS = [
  ['2001', 'This link has expired'],
  ['2002', 'Another connection'],
  ['2003', 'No access'],
  ['2006', 'You were away for long'],
  ['2007', 'This visit has ended'],
  ['1002', 'That did not work'],
] as const;

for (const [code, title] of DOORS) {
  test(`door ${code}: says what happened and the way back`, LIMIT, async (t) => {
    const { page } = await openVisit(t, browser, {
      colorScheme: code === '2001' ? 'light' : 'dark',
      query: { home: 'https://site.example/games?a=1' },
      prepare: (book) => book.doors.push({ code }),
    });
    await page.getByRole('heading', { name: title }).waitFor();
    const home = page.getByRole('link', { name: 'Back to the site' });
    assert.equal(await home.getAttribute('href'), 'https://site.example/games?a=1');
    await see(page, `door-${code}`);
  });
}

test('a way back that is not plain https is no way back', LIMIT, async (t) => {
  for (const home of [
    'javascript:alert(1)',
    'http://site.example/',
    'https://user:pass@site.example/',
    'site',
  ]) {
    const { page } = await openVisit(t, browser, { query: { home } });
    await card(page, TONIGHT).waitFor();
    assert.equal(await page.locator('a[target=_top]').count(), 0, home);
  }
});

test('the password is asked for, wrong, right; and the link still opens after a reload', LIMIT, async (t) => {
  const { page } = await openVisit(t, browser, {
    prepare: (book) =>
      book.doors.push(
        { code: '2004', data: { detail: 'asked' } },
        { code: '2004', data: { detail: 'asked' } },
        { code: '2004', data: { detail: 'wrong', triesLeft: 3 } },
      ),
  });
  const field = page.getByLabel('Password');
  await field.waitFor();
  await page.reload();
  await field.fill('sunshade');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('Tries left: 3.').waitFor();
  await see(page, 'door-password');
  await field.fill('umbrella');
  await page.keyboard.press('Enter');
  await card(page, TONIGHT).waitFor();
});

test('a password whose answer is lost is sent again, and typed once', LIMIT, async (t) => {
  const { page } = await openVisit(t, browser, {
    prepare: (book) => book.doors.push({ code: '2004', data: { detail: 'asked' } }),
  });
  const field = page.getByLabel('Password');
  await field.waitFor();
  const sent: unknown[] = [];
  await page.route('**/api/login', async (route) => {
    sent.push(route.request().postDataJSON().password);
    await (sent.length === 1 ? route.abort() : route.continue());
  });
  await field.fill('umbrella');
  await page.keyboard.press('Enter');
  await card(page, TONIGHT).waitFor();
  assert.deepEqual(sent, ['umbrella', 'umbrella']);
});

test('a lock-out counts down, or sends the player back for another link', LIMIT, async (t) => {
  const timed = await openVisit(t, browser, {
    prepare: (book) =>
      book.doors.push({ code: '2004', data: { detail: 'locked', until: Date.now() + 300_000 } }),
  });
  await timed.page.getByText(/Too many tries. Try again in/).waitFor();
  const spent = await openVisit(t, browser, {
    prepare: (book) => book.doors.push({ code: '2004', data: { detail: 'locked' } }),
  });
  await spent.page.getByText('open the page again from your site').waitFor();
  assert.equal(await spent.page.locator('.door .primary').getAttribute('aria-disabled'), 'true');
});

test('tokens are renewed unnoticed; a visit that ends puts a door over everything', LIMIT, async (t) => {
  const { book, page } = await openVisit(t, browser, {
    prepare: (double) => {
      double.accessMs = 3_000;
    },
  });
  await card(page, TONIGHT).waitFor();
  while (book.counts.refreshes < 2) await page.waitForResponse('**/api/refresh');
  assert.equal(await page.locator('.door').count(), 0);
  book.refreshCode = '2006';
  await page.getByRole('heading', { name: 'You were away for long' }).waitFor();
  assert.equal(await page.evaluate(`sessionStorage.getItem('rain.tokens')`), null);
});

test(
  'own limits: tighter at once, looser later and shown; a break is confirmed and seen',
  LIMIT,
  async (t) => {
    const { book, page } = await openVisit(t, browser);
    await goTo(page, 'mine');
    await page.getByLabel('Highest stake of a bet').fill('50');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your limits hold now').waitFor();
    assert.deepEqual(book.player.own, { maxBet: 50, dayStake: null, clockMinutes: null });
    await page.getByLabel('Highest stake of a bet').fill('5o0');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Please enter amounts').waitFor();
    await page.getByLabel('Highest stake of a bet').fill('500');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('holds after 24 hours').waitFor();
    await page.getByText('highest stake $500, in a day no limit').waitFor();
    await page.getByText('7 days', { exact: true }).click();
    await page.getByRole('button', { name: 'Stop betting…' }).click();
    const dialog = page.locator('dialog');
    await dialog.getByText('7 days').waitFor();
    await see(page, 'exclude');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(book.player.excludedUntil, null);
    await page.getByRole('button', { name: 'Stop betting…' }).click();
    await dialog.getByRole('button', { name: 'Yes, stop' }).click();
    await page.locator('.excluded', { hasText: 'You have stopped betting until 28' }).waitFor();
    assert.ok(Number(book.player.excludedUntil) > START + 6 * DAY_MS);
  },
);

test('password: set, changed only by who knows it; language: at once', LIMIT, async (t) => {
  const { book, page } = await openVisit(t, browser);
  await goTo(page, 'mine');
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('At least 6 characters').waitFor();
  await page.getByLabel('New password').fill('umbrella');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('holds from the next visit on').waitFor();
  await page.getByLabel('Password now').fill('sunshade');
  await page.getByRole('button', { name: 'Remove password' }).click();
  await page.getByText('That is not the password').waitFor();
  assert.equal(book.player.hasPassword, true);
  await page.getByText('한국어').click();
  await page.getByRole('heading', { name: '내 한도' }).waitFor();
  assert.equal(book.player.language, 'ko');
});

test(
  'the reality check comes when it is due; leaving ends the visit and tells the site',
  LIMIT,
  async (t) => {
    const { book, page } = await openVisit(t, browser, {
      prepare: (double) => {
        double.player = { ...double.player, own: { ...double.player.own, clockMinutes: 10 } };
        double.since = START - 11 * 60_000;
      },
    });
    const dialog = page.getByRole('dialog', { name: 'Time check' });
    await dialog.getByText('11 minutes').waitFor();
    await see(page, 'reality');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.waitFor({ state: 'detached' });
    // Framed by a site of its own, as sites do.
    const words = `<!doctype html><iframe src="${book.link()}" width="390" height="800"></iframe>
    <script>heard = []; addEventListener('message', (event) => heard.push(event.data.type))</script>`;
    const site = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end(words),
    );
    site.listen(0, 'localhost');
    await once(site, 'listening');
    t.after(() => site.close());
    await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Go on' }).click();
    await frame.getByRole('button', { name: 'Leave' }).first().click();
    await frame.getByRole('heading', { name: 'Goodbye' }).waitFor();
    assert.deepEqual(await page.evaluate<string[]>('heard'), ['rain:active', 'rain:leave']);
    assert.equal(book.counts.logouts, 1);
  },
);

test('by keyboard alone: from the odds through the slip and back to the odds', LIMIT, async (t) => {
  const { book, page } = await openVisit(t, browser, { size: 'desktop' });
  const odds = card(page, TONIGHT).locator('[data-side=NO_RAIN]');
  await odds.focus();
  await page.keyboard.press('Enter');
  await page.locator('.stake input:focus').waitFor();
  await page.keyboard.type('25');
  await page.keyboard.press('Escape');
  await page.locator('.empty-slip').waitFor();
  await card(page, TONIGHT).locator('[data-side=NO_RAIN]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('25');
  await page.locator(READY).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.receipt[data-status=ACTIVE]').waitFor();
  assert.equal(book.asked.length, 1);
});
