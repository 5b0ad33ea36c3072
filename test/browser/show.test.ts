/**
 * What the slot's page shows, and for how long: with reels that stop where the test wants them, so that rounds of
 * one in a million come at once. However long a show is, a player gets past it by pressing; however slow a page is,
 * a show ends.
 */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { GAMES, type SlotGame } from '../../games/catalogue/games.ts';
import { openBrowser, screenshot } from '../browser.ts';
import { openTable, stopsWhere, type Table } from '../games/harness.ts';
import { AT_REST, PAGE_MS_MAX, settle } from './slot-page.ts';

const START = 1_000_000n;
/** The game with the most free spins per paid spin. */
const GAME = GAMES.find((game): game is SlotGame => game.kind === 'slot' && game.profile.id === 'calm')!;
const FREE_FIRST = GAME.profile.freeSpins[0]!;
const FREE_MOST = GAME.profile.freeSpinsMax;

const LOST = stopsWhere(GAME, (out) => out.units === 0 && out.scatters === 0);
const BONUS = stopsWhere(GAME, (out) => out.scatters === 3);
/** Three FREE and a win that is told with a curtain. */
const BIG_BONUS = stopsWhere(GAME, (out) => out.scatters === 3 && out.units >= 15 * GAME.profile.lines);

let browser: Browser;

before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

interface Seat {
  readonly table: Table;
  readonly page: Page;
  /** Checks that the screen, the hub and every round agree, and that nothing went wrong on the page. */
  readonly finish: () => Promise<void>;
}

/** A player in front of the game; `meddle` changes the page's world before the page begins. */
async function sit(t: TestContext, meddle?: (page: Page) => Promise<unknown>): Promise<Seat> {
  const table = await openTable(t);
  const context = await browser.newContext({ viewport: { width: 640, height: 600 }, locale: 'en' });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS_MAX);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await meddle?.(page);
  const { token, player } = table.hub.launch(GAME.id, { balance: START });
  await page.goto(`${table.studio.url}/play/${GAME.id}?token=${token}&lang=en`);
  await page.locator(AT_REST).waitFor();
  const finish = async () => {
    const shown = (await page.locator('output.balance').textContent()) ?? '';
    assert.equal(BigInt(shown.replace(/\D/g, '')), player.balance, 'the screen shows the hub’s balance');
    assert.equal(player.balance, START + table.hub.rows.reduce((sum, row) => sum + row.amount, 0n));
    assert.deepEqual(errors, []);
  };
  return { table, page, finish };
}

/** A page that is hidden, covered or slow: it asks for frames and never gets one. */
const NO_FRAMES = 'window.requestAnimationFrame = () => 1';

/** Presses what is there, in one task of the page. */
const press = (selector: string) => `document.querySelector('${selector}')?.click()`;

/** Waits until the page has its answers. */
function callsUnderWay(page: Page) {
  const open = new Set<Promise<unknown>>();
  page.on('request', (request) => {
    const answered = request.response().then(
      (response) => response?.finished(),
      () => null,
    );
    open.add(answered);
    void answered.finally(() => open.delete(answered));
  });
  return { answered: () => Promise.all(open) };
}

const spinsPlayed = (page: Page) => {
  const played = { free: 0 };
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('/api/free')) played.free += 1;
  });
  return played;
};

test('a lost spin: the respin is offered and its time counts down in sight', async (t) => {
  const { table, page, finish } = await sit(t);
  table.stops.push(...LOST);
  await page.locator(AT_REST).click();
  await settle(page);
  await page.locator('.respins:not(.off) .label').filter({ hasText: /\d/ }).waitFor();
  await finish();
});

test('free spins wait for the player, and every press gets on with them', async (t) => {
  const { table, page, finish } = await sit(t);
  const played = spinsPlayed(page);
  table.stops.push(...BONUS, ...Array.from({ length: FREE_FIRST }, () => LOST).flat());
  const spin = page.locator('button.spin');
  assert.equal(await spin.getAttribute('aria-label'), 'Spin');
  await spin.click();
  await page.locator('.curtain .primary').waitFor();
  assert.equal(await spin.getAttribute('aria-label'), 'Skip', 'the button says what a press does now');
  assert.equal(await spin.isEnabled(), true);
  await screenshot(page, 'show-free-spins-won');
  await spin.click();
  await page.locator('.curtain').waitFor({ state: 'detached' });
  await settle(page);
  assert.equal(played.free, FREE_FIRST);
  await finish();
});

test('free spins that a refusal has stopped go on with the next press', async (t) => {
  const { table, page, finish } = await sit(t);
  table.stops.push(...BONUS, ...Array.from({ length: FREE_FIRST }, () => LOST).flat());
  const refusal = { status: 409, json: { code: 'other' } };
  await page.route('**/api/free', (route) => route.fulfill(refusal), { times: 1 });
  await page.locator(AT_REST).click();
  await page.locator('.curtain .primary').click();
  await page.locator('dialog[open] .primary').click();
  await page.locator(AT_REST).click();
  await page.locator('.curtain').getByText(`${FREE_FIRST} free spins are waiting`).waitFor();
  await settle(page);
  const kinds = table.hub.rows.map((row) => row.item.type);
  assert.equal(kinds.filter((kind) => kind === 'bet').length, 1);
  await finish();
});

/** The longest a free spin may keep a player who only watches, and one who presses (ms). */
const SHOW_MS_MAX = { watches: 12_000, presses: 1_500 } as const;
const CLOCK_STEP_MS = { watches: 500, presses: 100 } as const;

for (const player of ['watches', 'presses'] as const) {
  test(`the longest bonus there is, every spin a big win, and a player who ${player}`, async (t) => {
    const { table, page, finish } = await sit(t, async (each) => {
      await each.clock.install();
      await each.addInitScript(NO_FRAMES); // the time is the test's, and drawing all of it would take minutes
    });
    const played = spinsPlayed(page);
    const calls = callsUnderWay(page);
    for (let n = 0; n <= FREE_MOST; n += 1) table.stops.push(...BIG_BONUS);
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.evaluate(press('button.spin'));
    let shownMs = 0;
    const wanted = player === 'presses' ? 'button.spin.busy' : '.curtain .primary';
    while (!(await page.locator(AT_REST).isVisible())) {
      await calls.answered();
      await page.evaluate(press(wanted));
      await page.clock.runFor(CLOCK_STEP_MS[player]);
      shownMs += CLOCK_STEP_MS[player];
    }
    t.diagnostic(`${played.free} free spins shown in ${shownMs} ms`);
    assert.equal(played.free, FREE_MOST);
    assert.ok(shownMs < FREE_MOST * SHOW_MS_MAX[player], `${shownMs} ms`);
    await finish();
  });
}

test('a page that draws no frames plays on: no show waits for a picture', async (t) => {
  const { table, page, finish } = await sit(t, (each) => each.addInitScript(NO_FRAMES));
  table.stops.push(...BIG_BONUS, ...Array.from({ length: FREE_FIRST }, () => LOST).flat());
  await page.evaluate(press('button.spin'));
  await page.locator('.curtain.free').waitFor();
  await settle(page);
  await finish();
});

test('a key held down is one press', async (t) => {
  const { table, page, finish } = await sit(t);
  table.stops.push(...LOST, ...LOST, ...LOST, ...LOST);
  const bets = () => table.hub.rows.filter((row) => row.item.type === 'bet').length;
  await page.locator('button.spin').focus();
  await page.keyboard.down('Enter');
  await table.hub.row((item) => item.type === 'bet');
  await page.locator(AT_REST).waitFor();
  await page.keyboard.down('Enter'); // the key's own repeat
  await page.keyboard.up('Enter');
  await settle(page);
  assert.equal(bets(), 1);
  await page.keyboard.down('Space');
  await page.keyboard.down('Space');
  await page.keyboard.up('Space');
  await settle(page);
  assert.equal(bets(), 2);
  await finish();
});

test('the page’s time stands still: only the press repeats a call that was lost, and the notice stays', async (t) => {
  const { table, page, finish } = await sit(t, (each) => each.clock.install());
  table.stops.push(...LOST);
  const ids: string[] = [];
  await page.route('**/api/spin', async (route) => {
    ids.push(route.request().postDataJSON().spinId);
    const response = await route.fetch();
    await (ids.length <= 3 ? route.abort() : route.fulfill({ response }));
  });
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.locator(AT_REST).click();
  const again = page.locator('.toast button[aria-disabled=false]');
  await again.waitFor();
  await page.evaluate(`document.querySelector('.toast').id = 'first'`);
  await again.click();
  await again.click();
  assert.equal(ids.length, 3, 'a call for the spin and one for each press');
  await page.locator('.toast#first').waitFor();
  await page.clock.runFor(10_000);
  await page.locator('.toast').waitFor({ state: 'detached' });
  assert.equal(ids.length, 4, 'and then the page tries by itself');
  await page.clock.resume();
  await settle(page);
  assert.equal(new Set(ids).size, 1);
  assert.equal(table.hub.rows.filter((row) => row.item.type === 'bet').length, 1);
  await finish();
});
