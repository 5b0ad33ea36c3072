/**
 * A slot of the built-in studio in a real browser against the real hub: bets that are refused, lines that break,
 * pages that are loaded again. Whatever the page lives through, the hub's rows move each stake and each win once,
 * and the balance on the screen is what the rows come to.
 */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser, screenshot } from '../browser.ts';
import { type DemoHub, runCroupier, startDemoHub } from './demo-hub.ts';
import { AT_REST, PAGE_MS_MAX, settle } from './slot-page.ts';

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  side: { viewport: { width: 780, height: 360 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false },
} as const;

let folder: string;
let dataDir: string;
let hub: DemoHub;
let browser: Browser;
let axe: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'croupier-slot-'));
  // The database may have to run as another user, who must get through; the hub keeps its own folder closed.
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
  axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  browser = await openBrowser();
  hub = await startDemoHub(dataDir);
  await croupier('agent', 'set', '--username', 'demo', '--pacing', 'off');
});
after(async () => {
  await browser?.close();
  await hub?.stop();
  await rm(folder, { recursive: true, force: true });
});

const croupier = (...args: string[]) => runCroupier([...args, '--json'], { DATA_DIR: dataDir });

const TRIES_MAX = 20;

interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly values?: Record<string, string>;
  /** Of the player the call is for; a launch link carries it on. */
  readonly language?: string;
}

/** A call of the operator's site; one that comes too soon after the last is made again. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
async function operator(call: Call): Promise<any> {
  const { method = 'GET', path, values = {}, language = 'ko' } = call;
  for (let n = 0; n < TRIES_MAX; n += 1) {
    const response = await fetch(`${hub.url}/api${path}?${new URLSearchParams(values)}`, {
      method,
      headers: { authorization: `Bearer ${hub.apiKey}`, 'accept-language': language },
      signal: AbortSignal.timeout(PAGE_MS_MAX),
    });
    const body = await response.json();
    if (response.ok) return body;
    assert.equal(response.status, 429, JSON.stringify(body));
    await pause(Number(response.headers.get('retry-after') ?? '1') * 1000);
  }
  throw new Error(`${path}: never let in`);
}

const pay = (username: string, amount: number) =>
  operator({ method: 'POST', path: '/user/add-balance', values: { username, amount: String(amount) } });

interface Visit {
  readonly username: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly errors: string[];
}

interface Wish {
  readonly username: string;
  readonly size: keyof typeof SIZES;
  readonly language: 'en' | 'ko' | 'zh';
  readonly motion?: 'reduce' | 'no-preference';
  readonly paidIn?: number;
  readonly vendor?: string;
  readonly game?: (list: readonly { id: string }[]) => string;
}

/** Pays a new user in, launches a game for it and opens the link. */
async function enter(wish: Wish): Promise<Visit> {
  const { username, vendor = 'evolution' } = wish;
  const games = await operator({ path: '/game-list', values: { vendor } });
  const game_id = wish.game?.(games) ?? games[0].id;
  const { link } = await operator({
    path: '/game-launch-link',
    values: { username, vendor, game_id },
    language: wish.language,
  });
  await pay(username, wish.paidIn ?? 100_000);
  const context = await browser.newContext({
    ...SIZES[wish.size],
    reducedMotion: wish.motion ?? 'reduce',
    serviceWorkers: 'block',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS_MAX);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(link);
  return { username, context, page, errors };
}

async function opened(wish: Wish): Promise<Visit> {
  const visit = await enter(wish);
  await visit.page.locator(AT_REST).waitFor();
  return visit;
}

interface Row {
  readonly type: string;
  readonly amount: number;
  readonly user: { readonly username: string };
  readonly details: { readonly game?: { readonly round: string } } | null;
}

/** The hub's rows of a user, in order. */
async function rowsOf(username: string): Promise<Row[]> {
  const rows: Row[] = [];
  let last = '0';
  for (;;) {
    const { data } = await operator({
      path: '/transaction-list',
      values: { start_transaction_id: last, perPage: '1000' },
    });
    if (data.length === 0) return rows;
    last = String(data.at(-1).id);
    rows.push(
      ...data.filter((row: Row) => row.user.username === username && !row.type.startsWith('causer.')),
    );
  }
}

const betsIn = (rows: readonly Row[]) => rows.filter((row) => row.type === 'bet');

async function shownBalance(page: Page): Promise<number> {
  const text = (await page.locator('output.balance').textContent()) ?? '';
  return Number(text.replace(/[^\d]/g, ''));
}

/** The screen and the hub agree, every round has a bet once, and its win came. Returns the number of bets. */
async function assertMoneyOnce({ page, username, errors }: Visit): Promise<number> {
  const rows = await rowsOf(username);
  const sum = rows.reduce((total, row) => total + row.amount, 0);
  assert.equal(await shownBalance(page), sum, 'the balance on the screen is what the rows come to');
  const bets = betsIn(rows);
  const rounds = new Set(bets.map((row) => row.details?.game?.round));
  assert.equal(rounds.size, bets.length, 'one bet a round');
  for (const round of rounds) {
    assert.ok(
      rows.some((row) => row.type === 'win' && row.details?.game?.round === round),
      `round ${round} was told its win`,
    );
  }
  assert.deepEqual(errors, []);
  return bets.length;
}

/** What must always be in sight and is not: the clock, the time played, the balance. */
const HIDDEN = `['time.clock', '.session time', 'output.balance'].filter((name) => {
  const found = document.querySelector(name);
  const box = found?.getBoundingClientRect();
  if (!box || box.width === 0 || found.textContent === '') return true;
  const over = [...document.querySelectorAll('dialog[open], .toast, .curtain')].some((each) => {
    const cover = each.getBoundingClientRect();
    return cover.left < box.right && cover.right > box.left && cover.top < box.bottom && cover.bottom > box.top;
  });
  return over || box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth;
})`;

/** Looks at a state: what must be in sight is, nothing sticks out, no serious barrier; and a picture of it. */
async function look(page: Page, name: string, options?: { hud: 'gone' }): Promise<void> {
  if (options?.hud !== 'gone') assert.deepEqual(await page.evaluate<string[]>(HIDDEN), [], name);
  const over = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  assert.equal(over, false, `${name}: nothing sticks out sideways`);
  const barriers = await page.evaluate<string[]>(
    `(async () => {
      if (!window.axe) { ${axe} }
      const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' | '));
    })()`,
  );
  assert.deepEqual(barriers, [], name);
  await screenshot(page, name);
}

const dialogText = async (page: Page) =>
  (await page.locator('dialog[open] .window-body').textContent()) ?? '';

for (const [size, language] of [
  ['phone', 'zh'],
  ['desktop', 'en'],
] as const) {
  test(`a spin by the space bar on a ${size} (${language}): told, counted, silent, in sight`, async () => {
    const visit = await opened({ username: `plays-${size}`, size, language, motion: 'no-preference' });
    const { page } = visit;
    assert.equal(await page.locator('html').getAttribute('lang'), { zh: 'zh-Hant', en: 'en' }[language]);
    const sound = page.getByRole('button', { name: { zh: '開啟聲音', en: 'Turn sound on' }[language] });
    assert.notEqual(await sound.getAttribute('aria-pressed'), 'true', 'sound is off until it is asked for');
    await look(page, `slot-${size}-${language}-ready`);
    const status = page.locator('[role=status][aria-live=polite]');
    assert.equal(await status.textContent(), '');
    await page.keyboard.press('Space');
    await screenshot(page, `slot-${size}-${language}-spinning`);
    await settle(page);
    assert.notEqual(await status.textContent(), '', 'the result is told to who cannot see it');
    await look(page, `slot-${size}-${language}-played`);
    await page
      .getByRole('button', { name: { zh: '規則與賠付表', en: 'Rules and paytable' }[language] })
      .click();
    await look(page, `slot-${size}-${language}-rules`);
    await page.keyboard.press('Escape');
    assert.equal(await assertMoneyOnce(visit), 1);
    await visit.context.close();
  });
}

test('a phone on its side shows everything, and little motion is little motion', async () => {
  const visit = await opened({ username: 'plays-side', size: 'side', language: 'ko' });
  const { page } = visit;
  await page.locator(AT_REST).click();
  await settle(page);
  assert.equal(await page.evaluate<number>('document.getAnimations().length'), 0);
  assert.equal(await page.locator('.coins').count(), 0);
  await look(page, 'slot-side-ko-played');
  await assertMoneyOnce(visit);
  await visit.context.close();
});

test('refused bets take nothing and say why: no money, blocked, kicked out', async () => {
  const visit = await opened({ username: 'refused', size: 'phone', language: 'en', paidIn: 10_000 });
  const { page, username } = visit;
  const ok = page.locator('dialog[open] .primary');
  // The money goes behind the page's back, so it is the hub that refuses.
  await operator({ method: 'POST', path: '/user/sub-balance-all', values: { username } });
  await page.locator(AT_REST).click();
  assert.match(await dialogText(page), /balance is too low/);
  assert.equal(await shownBalance(page), 0, 'the balance is the hub’s again');
  await look(page, 'slot-phone-en-no-money');
  await ok.click();
  await pay(username, 10_000);
  await croupier('player', 'block', '--username', username, '--reason', 'test');
  await page.locator(AT_REST).click();
  assert.match(await dialogText(page), /blocked/);
  await look(page, 'slot-phone-en-blocked');
  await ok.click();
  await croupier('player', 'unblock', '--username', username);
  await operator({ method: 'POST', path: '/user/kick', values: { username } });
  await page.reload();
  await page.locator(AT_REST).click();
  await page.getByText('This session has ended').waitFor();
  await look(page, 'slot-phone-en-kicked', { hud: 'gone' });
  const rows = await rowsOf(username);
  assert.deepEqual([...new Set(rows.map((row) => row.type))].sort(), [
    'agent.add_balance',
    'agent.subtract_balance_all',
  ]);
  await visit.context.close();
});

test('a line that breaks before and after the bet: the spin goes on and is one spin', async () => {
  const visit = await opened({ username: 'offline', size: 'desktop', language: 'zh' });
  const { page, context } = visit;
  await context.setOffline(true);
  await page.keyboard.press('Space');
  await page.locator('.toast').waitFor();
  await look(page, 'slot-desktop-zh-offline');
  // The page tries again by itself, too: as long as the line is cut, the button comes back after every try.
  const again = page.locator('.toast button[aria-disabled=false]');
  await again.click();
  await again.click();
  await context.setOffline(false);
  await settle(page);
  assert.equal(await page.locator('.toast').count(), 0);
  assert.equal(await assertMoneyOnce(visit), 1);

  const ids: string[] = [];
  let cut = true;
  await page.route('**/api/spin', async (route) => {
    ids.push(route.request().postDataJSON().spinId);
    const response = await route.fetch(); // the studio hears it, the page does not hear the answer
    await (cut ? route.abort() : route.fulfill({ response }));
  });
  await page.keyboard.press('Space');
  await again.click();
  await again.click();
  cut = false;
  await settle(page);
  assert.ok(ids.length >= 3, `${ids.length} calls`);
  assert.equal(new Set(ids).size, 1, 'every repeat is of the same spin');
  assert.equal(await assertMoneyOnce(visit), 2);
  await visit.context.close();
});

test('a reload, at rest or in the middle of a spin, goes on where the hub is', async () => {
  const visit = await opened({ username: 'reloads', size: 'phone', language: 'ko' });
  const { page } = visit;
  await page.locator(AT_REST).click();
  await settle(page);
  await page.reload();
  await settle(page);
  assert.equal(await assertMoneyOnce(visit), 1);

  const heard = Promise.withResolvers<void>();
  await page.route('**/api/spin', async (route) => {
    await route.fetch();
    heard.resolve(); // and the page is gone before it hears
  });
  await page.locator(AT_REST).click();
  await heard.promise;
  await page.reload();
  await page.unroute('**/api/spin');
  await settle(page);
  assert.equal(await assertMoneyOnce(visit), 2);
  await look(page, 'slot-phone-ko-reloaded');
  const address = new URL(page.url());
  assert.equal(address.searchParams.get('token'), null, 'the launch token is not left in the address');
  await visit.context.close();
});

test('the lobby of a table vendor sells its slots, and a round there ends by itself', async () => {
  const lobbies = await operator({ path: '/lobby-list' });
  const lobby = lobbies.find((each: { vendor: string }) => each.vendor === 'WM Live');
  const game = () => lobby.id;
  const visit = await enter({ username: 'lobby', size: 'phone', language: 'en', vendor: 'WM Live', game });
  const { page } = visit;
  await page.locator('button.card').first().waitFor();
  assert.equal(await page.locator('button.card').count(), 4);
  await page.waitForLoadState('networkidle');
  await look(page, 'slot-phone-en-lobby');
  await page.locator('button.card').first().click();
  await page.locator(AT_REST).click();
  await settle(page);
  assert.equal(await assertMoneyOnce(visit), 1);
  const rows = await rowsOf('lobby');
  assert.equal(rows.at(-1)?.type, 'win', 'the win is told while the respin is still on offer');
  await visit.context.close();
});

test('at the end the ledger proves itself', async () => {
  assert.equal((await croupier('audit')).ok, true);
});
