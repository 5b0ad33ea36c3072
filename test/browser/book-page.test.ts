/**
 * A bet on the rain book's page, whatever the line does meanwhile: what the player sees beforehand is what comes, moved
 * odds are offered anew, and an answer that got lost never makes a second bet.
 */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { TOMORROW, TONIGHT } from '../book-page/scene.ts';
import { openBrowser } from '../browser.ts';
import { assertUsable, card, openVisit, PAGE_MS_MAX, pick, READY } from './book-page-rig.ts';

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

const BET = { session: TONIGHT, side: 'RAIN', stake: '100' } as const;
/** Far above what a test takes; a machine under load is slow. */
const LIMIT = { timeout: 180_000 };
const waits = { timeout: PAGE_MS_MAX };

test(
  'a bet: what the slip foretold is what the account says; then it is settled and told',
  LIMIT,
  async (t) => {
    const { book, page, errors } = await openVisit(t, browser);
    await pick(page, BET);
    assert.equal(new URL(page.url()).search, '', 'the token has left the address');
    const foretold = {
      exposure: await page.locator('[data-after=exposure]').textContent(),
      available: await page.locator('[data-after=available]').textContent(),
    };
    assert.deepEqual(foretold, { exposure: '$100.00', available: '$900.00' });
    await page.locator(READY).click();
    await page.locator('.receipt[data-status=ACTIVE]').waitFor();
    assert.equal(await page.locator('[data-figure=available]').textContent(), foretold.available);
    assert.equal(await page.locator('[data-figure=exposure]').textContent(), foretold.exposure);
    assert.deepEqual(
      book.asked.map(({ type, odds, stake }) => ({ type, odds, stake })),
      [{ type: 'RAIN', odds: 2.1, stake: 100 }],
    );
    await page.locator('.receipt .primary').click();
    await card(page, TONIGHT).getByText('+$110.00').waitFor();
    for (const bet of book.till.settle(TONIGHT, 'RAIN', book.now())) book.tellBet(bet);
    book.change(TONIGHT, { status: 'SETTLED', market: 'CLOSE', odds: null, result: 'RAIN', rainMm: 3.2 });
    await page.locator('.toast.won', { hasText: '$110.00' }).waitFor();
    await page.locator('.visit b', { hasText: '+$110.00' }).waitFor();
    await card(page, TONIGHT).getByText('It rained').waitFor();
    assert.deepEqual(errors, []);
  },
);

test('odds that move before or on the way are offered anew, and one tap takes them', LIMIT, async (t) => {
  const { book, page } = await openVisit(t, browser);
  await pick(page, BET);
  book.move(TONIGHT, { rain: 1.98, noRain: 1.81 });
  await page.locator('.slip-odds.down', { hasText: '2.10' }).waitFor();
  await page.locator(READY, { hasText: 'Accept 1.98 and bet $100.00' }).waitFor();
  // They move once more while the bet is on its way: only the hub knows.
  const session = book.sessions.get(TONIGHT)!;
  book.sessions.set(TONIGHT, { ...session, odds: { ...session.odds!, quote: 99_999, rain: 2.25 } });
  await page.locator(READY).click();
  await page.locator('.slip-error', { hasText: 'Nothing was placed' }).waitFor();
  await page.locator('.slip-odds.up', { hasText: '1.98' }).waitFor();
  await assertUsable(page, 're-offer');
  await page.locator(READY, { hasText: 'Accept 2.25 and bet $100.00' }).click();
  await page.locator('.receipt[data-status=ACTIVE]').waitFor();
  assert.deepEqual(
    book.asked.map(({ odds }) => odds),
    [1.98, 2.25],
  );
  assert.equal(new Set(book.asked.map(({ key }) => key)).size, 1, 'one intent, one key');
  assert.equal(book.till.positions().length, 1);
});

test('the button is deaf for the moment in which the odds change under a thumb', LIMIT, async (t) => {
  const { book, page } = await openVisit(t, browser);
  await pick(page, BET);
  await page.locator(READY).waitFor();
  await page.evaluate(`new MutationObserver((_, seen) => {
    seen.disconnect();
    document.querySelector('.slip-form .primary').click();
    window.pressed = true;
  }).observe(document.querySelector('.slip-odds'), { subtree: true, childList: true, characterData: true })`);
  book.move(TONIGHT, { rain: 1.5, noRain: 2.5 });
  await page.waitForFunction('window.pressed');
  await page.locator(READY, { hasText: '1.50' }).waitFor();
  assert.equal(book.asked.length, 0);
});

for (const lost of ['lost_question', 'lost_answer'] as const) {
  test(`a bet whose ${lost.replace('lost_', '')} got lost twice is one bet`, LIMIT, async (t) => {
    const { book, page } = await openVisit(t, browser);
    book.fates.push(lost, 'lost_question');
    await pick(page, BET);
    await page.locator(READY).click();
    await page.getByText('No answer yet').waitFor();
    await assertUsable(page, 'no answer yet');
    await page.locator('.receipt[data-status=ACTIVE]').waitFor();
    assert.ok(book.asked.length >= 3);
    assert.equal(new Set(book.asked.map((order) => JSON.stringify(order))).size, 1);
    assert.equal(book.till.positions()[0]?.bets, 1);
    assert.equal(await page.locator('[data-figure=exposure]').textContent(), '$100.00');
  });
}

test(
  'a page loaded anew in the middle of a bet asks about the same bet, not for another',
  LIMIT,
  async (t) => {
    const { book, page } = await openVisit(t, browser);
    // The hub has placed it, says nothing, and does not show it at first either: the worst that can be.
    let cut = true;
    await page.route('**/api/bets', async (route) => {
      if (cut) await route.fetch();
      await (cut ? route.abort() : route.continue());
    });
    const answers = page.waitForEvent('requestfailed');
    await pick(page, BET);
    await page.locator(READY).click();
    await answers;
    const hidden = book.till.bets.shift()!;
    cut = false;
    await page.reload();
    await page.getByText('Before the page was loaded anew').waitFor();
    await assertUsable(page, 'unsure');
    book.till.bets.unshift(hidden);
    await page.locator(READY).click();
    await page.locator('.receipt').waitFor();
    assert.equal(new Set(book.asked.map(({ key }) => key)).size, 1);
    assert.equal(book.till.bets.filter(({ key }) => key === book.asked[0]!.key).length, 1);
  },
);

test(
  'a bet whose fate the market still owes is told as that, and its fate when it comes',
  LIMIT,
  async (t) => {
    const { book, page } = await openVisit(t, browser);
    book.fates.push('check', { code: '4007', hint: { detail: 'krain_refused' } });
    await pick(page, { session: TOMORROW, side: 'NO_RAIN', stake: '20' });
    await page.locator(READY).click();
    await page
      .locator('.receipt[data-status=CHECK]', { hasText: 'being confirmed with the market' })
      .waitFor();
    await page.locator('.receipt .primary').click();
    const bet = book.till.bets.find(({ status }) => status === 'CHECK')!;
    book.tellBet(book.till.change(bet.id, { status: 'FAILED', reason: 'krain_market_closed' }));
    await page.locator('.toast.failed', { hasText: 'The market had closed' }).waitFor();
    await page.locator('[data-figure=available]', { hasText: '$1,000.00' }).waitFor();
    await pick(page, BET);
    await page.locator(READY).click();
    await page.locator('.slip-error', { hasText: 'The market did not take the bet' }).waitFor();
    await page.locator(READY).click();
    await page.locator('.receipt[data-status=ACTIVE]').waitFor();
    assert.equal(
      new Set(book.asked.map(({ key }) => key)).size,
      3,
      'a bet that failed is not asked for again',
    );
  },
);

const REFUSALS: readonly (readonly [code: string, limit: number | null, says: string])[] = [
  ['2003', null, 'not allowed'],
  ['4001', null, 'takes no bets any more'],
  ['4002', null, 'paused'],
  ['4004', 60, 'the limit is $60'],
  ['4005', 50, '$50 is left'],
  ['4006', 40, '$40 at most'],
  ['4008', 30, 'most it takes is $30'],
  ['8001', null, 'could not be reached'],
  ['5001', null, 'code 5001'],
];

test('every refusal is told in words, with the limit, and leaves the slip as it was', LIMIT, async (t) => {
  const { book, page } = await openVisit(t, browser);
  await pick(page, BET);
  for (const [code, limit, says] of REFUSALS) {
    book.fates.push({ code, hint: { detail: 'x', ...(limit === null ? {} : { limit }) } });
    await page.locator(READY).click();
    await page.locator('.slip-error', { hasText: says }).waitFor();
    assert.equal(await page.locator('.stake input').inputValue(), '100');
  }
  assert.equal(book.till.positions().length, 0);
});

async function gone(t: TestContext) {
  const visit = await openVisit(t, browser);
  await card(visit.page, TONIGHT).locator('[data-side=RAIN]:enabled').waitFor();
  return visit;
}

test(
  'no network: the odds are marked as old and nothing is bet; back, it goes on where it was',
  LIMIT,
  async (t) => {
    const { book, page, context } = await gone(t);
    await context.setOffline(true);
    await page.locator('.line.lost').waitFor();
    assert.equal(await card(page, TONIGHT).locator('[data-side=RAIN].stale:disabled').count(), 1);
    await assertUsable(page, 'offline');
    book.move(TONIGHT, { rain: 3.4, noRain: 1.3 });
    await context.setOffline(false);
    await card(page, TONIGHT).locator('[data-side=RAIN]:enabled', { hasText: '3.40' }).waitFor();
    await page.locator('.line').waitFor({ state: 'detached' });
  },
);

test(
  'no live line: the page reads the state every few seconds, and resumes by revision',
  LIMIT,
  async (t) => {
    const { book, page } = await gone(t);
    const revision = Math.max(...[...book.sessions.values()].map((session) => session.revision));
    book.cut();
    await page.locator('.line.polling').waitFor(waits);
    book.move(TONIGHT, { rain: 2.6, noRain: 1.5 });
    await card(page, TONIGHT).locator('[data-side=RAIN]:enabled', { hasText: '2.60' }).waitFor(waits);
    book.mend();
    await page.locator('.line').waitFor({ state: 'detached', ...waits });
    assert.ok(book.joined.length >= 2);
    assert.ok(book.joined.at(-1)! > revision, 'it says what it has');
    book.change(TONIGHT, { market: 'SUSPEND' });
    await card(page, TONIGHT).locator('.badge', { hasText: 'Paused' }).waitFor();
  },
);
