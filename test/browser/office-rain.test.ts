/**
 * The rain book's pages in a real Chromium: two persons make a result count and it settles, the exposure moves while a
 * bet is placed, two persons rule on a bet in check, the week on a phone, and everything else is there and usable.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Krain, startKrain } from '../../sim/krain/krain.ts';
import type { RainSessionId } from '../../src/core/ids.ts';
import { openBrowser } from '../browser.ts';
import type { TestPlayer } from '../kbook/rig.ts';
import { KEY } from '../krain/rig.ts';
import { openRainRig, type RainRig } from '../office/rain-rig.ts';
import { assertUsable, type OfficeLook, visitOffice } from '../office-page/ground.ts';

let krain: Krain;
let rig: RainRig;
let browser: Browser;
let player: TestPlayer;
before(async () => {
  krain = await startKrain({ key: KEY, seed: 7, volatility: 0 });
  [rig, browser] = await Promise.all([openRainRig(krain.url), openBrowser()]);
  // The page is bundled when it is first asked for.
  await fetch(`${rig.url}/office/`);
  player = await (await rig.ground.operator()).player({ credit: 50_000, userId: 'mina' });
});
after(async () => {
  await browser?.close();
  await rig?.close();
  await krain?.close();
});

const see = (t: Parameters<typeof visitOffice>[0], look: OfficeLook) =>
  visitOffice(t, browser, { url: rig.url, ...look });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const bet = (session: RainSessionId, stake: bigint, type: 'RAIN' | 'NO_RAIN' = 'RAIN') =>
  rig.ground.bet(player, { session, type, stake });
/** The page answers within its own reading of every two seconds. */
const shows = (page: Page, text: string | RegExp) =>
  page.getByText(text).filter({ visible: true }).first().waitFor();

test('a result: one states it, another names and confirms it, and it settles before their eyes', async (t) => {
  const id = await rig.ground.session();
  const number = await bet(id, 50_000n);
  await rig.end(id);
  const [anna, ben] = [await rig.house('trader', 'anna'), await rig.house('finance', 'ben')];
  const first = await see(t, { as: anna, at: `/rain/sessions/${id}?tab=result` });
  await button(first.page, 'State the result').click();
  await dialog(first.page).getByLabel('Result').selectOption('RAIN');
  await dialog(first.page).getByLabel('Rain (mm)').fill('0');
  await dialog(first.page).getByRole('button', { name: 'State the result' }).click();
  await dialog(first.page)
    .getByRole('alert')
    .getByText('The millimetres are not what the result says')
    .waitFor();
  await dialog(first.page).getByLabel('Rain (mm)').fill('4,2');
  await dialog(first.page).getByRole('button', { name: 'State the result' }).click();
  await shows(first.page, 'anna says: Rain');
  assert.equal(await button(first.page, 'Confirm').count(), 0, 'nobody confirms their own word');
  await first.page.getByText('Not possible now').click();
  await shows(first.page, 'Confirm: A second person must confirm: you said it.');

  const second = await see(t, { as: ben, at: '/rain/sessions?waiting=yes' });
  await second.page.getByRole('link', { name: String(id) }).click();
  await shows(second.page, 'anna says: Rain');
  await button(second.page, 'Confirm').click();
  await assertUsable(second.page, 'confirming');
  const answer = dialog(second.page).getByRole('button', { name: 'Confirm', exact: true });
  await dialog(second.page).getByLabel('Result').selectOption('NO_RAIN');
  await answer.click();
  await dialog(second.page).getByText('That is not what the other person said').waitFor();
  await dialog(second.page).getByLabel('Result').selectOption('RAIN');
  await answer.click();
  await shows(second.page, 'The result counts');
  await button(second.page, 'Settle now').click();
  await dialog(second.page).getByRole('button', { name: 'Settle now' }).click();
  const settled = first.page.getByRole('list', { name: 'Course of the session' });
  await settled.locator('[aria-current=step]', { hasText: 'Settled' }).waitFor();
  await shows(first.page, '1 of 1 positions posted');
  await first.go(`/rain/bets/${number}`);
  await shows(first.page, 'Win, pool → player');
  await assertUsable(first.page, 'a settled bet');
  await first.go(`/rain/sessions/${id}?tab=trail`);
  await shows(first.page, 'rain.result');
  assert.deepEqual([...first.errors, ...second.errors], []);
});

test('the exposure moves while a bet is placed, on the session and on the board', async (t) => {
  const id = await rig.ground.session();
  const anna = await rig.house('trader', 'anna');
  const [one, board] = [
    await see(t, { as: anna, at: `/rain/sessions/${id}` }),
    await see(t, { as: anna, at: '/rain/exposure', colorScheme: 'dark' }),
  ];
  const used = one.page.getByRole('region', { name: 'Exposure' });
  await used.getByText('0 % of the limit').waitFor();
  await bet(id, 200_000n);
  await used.getByText('US$600.00').first().waitFor();
  await used.getByText('3 % of the limit').waitFor();
  const row = board.page
    .getByRole('row')
    .filter({ has: board.page.locator(`a[href$="/rain/sessions/${id}"]`) });
  await row.getByText('3 % of the limit').waitFor();
  await bet(id, 100_000n);
  await row.getByText('4.5 % of the limit').waitFor();
  await assertUsable(one.page, 'a session');
  await assertUsable(board.page, 'the board, dark');
  await one.page.getByRole('tab', { name: 'Bets' }).click();
  await one.page.getByRole('row').filter({ hasText: 'US$1,000.00' }).first().waitFor();
  await assertUsable(one.page, 'bets of a session');
  assert.deepEqual([...one.errors, ...board.errors], []);
});

test('a bet in check: the statement is read, one rules, another the same', async (t) => {
  const id = await rig.ground.session();
  const number = await rig.ground.bet(player, {
    session: id,
    type: 'RAIN',
    stake: 20_000n,
    krain: 'is silent',
  });
  const [anna, ben] = [await rig.house('trader', 'anna'), await rig.house('finance', 'ben')];
  // A market that answers rubbish: nothing can be taken from it, and people may call the bet failed.
  krain.fault({ garbage: 1 });
  t.after(() => krain.fault({}));
  const visits = [];
  for (const who of [anna, ben]) {
    const visit = await see(t, { as: who, at: `/rain/bets/${number}` });
    visits.push(visit);
    await shows(visit.page, 'its answer cannot be read');
    await shows(visit.page, 'Rule: taken as stated: What K-Rain');
    await button(visit.page, 'Rule: failed').click();
    await dialog(visit.page).getByLabel('Reason').fill('K-Rain by phone: it has no such order');
    await dialog(visit.page).getByRole('button', { name: 'Rule: failed' }).click();
    await shows(visit.page, who === anna ? 'A second person must say the same' : 'It is booked');
  }
  const [first] = visits;
  await first?.page.getByText('K-Rain refused it').waitFor();
  const [row] = await rig.sql`select status from book_bet where id = ${number}`;
  assert.equal(row?.status, 2);
  if (first !== undefined) await assertUsable(first.page, 'a bet that was ruled on');
  assert.deepEqual(
    visits.flatMap(({ errors }) => errors),
    [],
  );
});

test('the week on a phone, in three languages; a site and a week are in the address', async (t) => {
  await rig.ground.session({ gameDate: '2026-03-03', type: 'NIGHT' });
  for (const [language, name] of [
    ['en', 'Night · USD'],
    ['ko', '야간 · USD'],
    ['zh', '夜間 · USD'],
  ] as const) {
    const anna = await rig.house('trader', `anna ${language}`);
    await rig.sql`update office_user set language = ${language} where name = ${`anna ${language}`}`;
    const visit = await see(t, {
      ...{ as: anna, size: 'phone', language, colorScheme: 'dark' },
      at: '/rain/calendar?site=CPS&week=2026-03-05',
    });
    const card = visit.page.getByRole('link', { name });
    await card.waitFor();
    await assertUsable(visit.page, `the week in ${language}`);
    await card.click();
    await visit.page.getByRole('heading', { level: 1 }).getByText('CPS · 2026-03-03').waitFor();
    await assertUsable(visit.page, `a session in ${language}`);
    assert.deepEqual(visit.errors, []);
  }
});

test('a player is blocked, its password taken away; a site is changed in units people think in', async (t) => {
  const olga = await rig.house('owner', 'olga');
  const { page, go, errors } = await see(t, { as: olga, at: '/rain/players?user=min' });
  await page.getByRole('link', { name: 'mina' }).click();
  await button(page, 'Block').click();
  await dialog(page).getByLabel('Reason').fill('asked for by mail');
  await dialog(page).getByRole('button', { name: 'Block' }).click();
  await button(page, 'Unblock').waitFor();
  await button(page, 'Set limits').click();
  await dialog(page).getByLabel('Most bet').fill('250.5');
  await dialog(page).getByLabel('Reason').fill('asked for by mail');
  await dialog(page).getByRole('button', { name: 'Set limits' }).click();
  await shows(page, 'US$250.50');
  await assertUsable(page, 'a player');
  await go('/rain/setup?tab=sites');
  await page.getByRole('heading', { name: 'CPS', exact: true }).waitFor();
  await button(page, 'Odds and limits').first().click();
  await dialog(page).getByLabel('Margin (%)').fill('70');
  await dialog(page).getByRole('button', { name: 'Odds and limits' }).click();
  await dialog(page).getByText('marginBps is a whole number from 0 to 5000').waitFor();
  await dialog(page).getByLabel('Margin (%)').fill('4.5');
  await dialog(page).getByRole('button', { name: 'Odds and limits' }).click();
  await shows(page, '4.5 %');
  const [site] = await rig.sql`select margin_bps from rain_site where name = 'CPS'`;
  assert.equal(site?.margin_bps, 450);
  await button(page, 'Hours').first().click();
  await dialog(page).getByLabel('Sessions of a day').fill('NOON 07:00-19:00\nnight 19:00-07:00');
  await dialog(page).getByRole('button', { name: 'Hours' }).click();
  await shows(page, 'NIGHT 19:00-07:00');
  await assertUsable(page, 'sites');
  await go('/rain/setup');
  await button(page, 'New operator').click();
  await dialog(page).getByLabel('Name').fill('Monsoon Club');
  await dialog(page).getByRole('button', { name: 'New operator' }).click();
  const cert = dialog(page).getByLabel('certCode', { exact: true });
  await cert.waitFor();
  assert.ok((await cert.inputValue()).length > 20);
  await button(page, 'Close').click();
  await shows(page, 'Monsoon Club');
  assert.deepEqual(errors, []);
});

test('every page is there and usable: lists, K-Rain, weather, reconciliation', async (t) => {
  const id = await rig.ground.session();
  const zoe = await (await rig.ground.operator()).player({ credit: 1000, userId: 'zoe' });
  await rig.ground.bet(zoe, { session: id, type: 'RAIN', stake: 20_000n });
  const anna = await rig.house('trader', 'anna');
  for (const size of ['desktop', 'phone'] as const) {
    const { page, go, errors } = await see(t, { as: anna, size, at: '/rain/bets' });
    for (const [at, text] of [
      ['/rain/bets', 'Bets'],
      ['/rain/sessions', 'Sessions'],
      ['/rain/players', 'Players'],
      [`/rain/sessions/${id}?tab=weather`, 'The weather source has told nothing of these hours yet'],
      [`/rain/sessions/${id}?tab=krain`, 'How K-Rain is'],
      ['/rain/setup?tab=vendor-types', 'CPS_USD'],
    ] as const) {
      await go(at);
      await shows(page, text);
      await assertUsable(page, `${at} ${size}`);
    }
    await go('/rain/reconcile?days=1');
    await button(page, 'Compare now').click();
    await shows(page, /(\d+) of \1 sessions/);
    await assertUsable(page, `reconciliation ${size}`);
    assert.deepEqual(errors, []);
  }
  const agent = await rig.of('root');
  const shut = await see(t, { as: agent, at: `/rain/sessions/${id}` });
  await shows(shut.page, 'There is no such page');
  assert.equal(await shut.page.getByText('Rain book').count(), 0);
});
