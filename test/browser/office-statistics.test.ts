/** The page of statistics in a real browser: what is asked for is in the address, and each level leads to the next. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { HOUR_MS } from '../../src/core/office/statistics.ts';
import type { Sql } from '../../src/db/connect.ts';
import { openBrowser } from '../browser.ts';
import { type OfficeClient, type OfficeRig, openRig, TREE } from '../office/rig.ts';
import { castOf, closeAll, play, randomFrom } from '../office/statistics-ground.ts';
import { assertUsable, type OfficeLook, visitOffice } from '../office-page/ground.ts';

const LIMIT = { timeout: 240_000 };
const DAYS = 'from=2026-05-01&to=2026-05-07&zone=Asia/Seoul';

let browser: Browser;
let rig: OfficeRig;
let house: OfficeClient;
before(async () => {
  [browser, rig] = await Promise.all([openBrowser(), openRig()]);
  house = await rig.house('owner');
  const cast = await castOf(
    rig.sql,
    TREE.map((branch) => rig.agents[branch].id),
    5,
  );
  const from = Date.parse('2026-04-20T00:00:00Z') / HOUR_MS;
  await rig.sql.begin(async (tx) => {
    const given = { random: randomFrom(7), from, to: from + 20 * 24, count: 4000 };
    // First, as whoever folds takes them: else each could wait for the other.
    await tx`update fold_cursor set at = '2000-01-01'`;
    await tx`update close_cursor set hour = '2000-01-01', day = '2000-01-01'`;
    await play(tx as unknown as Sql, cast, given);
  });
  const deadline = Date.now() + 60_000;
  while ((await rig.sql`select 1 from fold_cursor where at < '2001-01-01'`).length > 0)
    assert.ok(Date.now() < deadline, 'nothing is folded');
  await closeAll(rig.sql);
});
after(async () => {
  await browser?.close();
  await rig?.close();
});

const visit = (t: TestContext, look: OfficeLook) =>
  visitOffice(t, browser, { url: rig.url, as: house, ...look });
const table = (page: Page) => page.getByRole('region', { name: 'Figures' });
const linkIn = (page: Page, name: string | RegExp) => table(page).getByRole('link', { name }).first();
const asked = (page: Page) => Object.fromEntries(new URL(page.url().replace('/#', '')).searchParams);

async function readFigures(query: string) {
  const { body } = await house.get(`/statistics?${query}`);
  return body;
}

test('from agents over vendors and games to hours, and back', LIMIT, async (t) => {
  const { page, errors } = await visit(t, { at: `/statistics?by=agent&${DAYS}` });
  const told = await readFigures(`by=agent&${DAYS}`);
  const root = told.rows.find(({ name }: { name: string }) => name === rig.agents.root.username);
  const row = table(page).getByRole('row', { name: new RegExp(`^${rig.agents.root.username}`) });
  await row.getByText(`₩${Number(root.whole.now.betSum).toLocaleString('en')}`).waitFor();
  await page.getByLabel('Figures of agents').selectOption({ label: 'Own users alone' });
  await row.getByText(`₩${Number(root.now.betSum).toLocaleString('en')}`).waitFor();
  await linkIn(page, rig.agents.root.username).click();
  await linkIn(page, 'statistics 1').waitFor();
  assert.deepEqual([asked(page).by, asked(page).agent], ['vendor', String(rig.agents.root.id)]);
  await linkIn(page, 'statistics 1').click();
  await linkIn(page, /^Statistics \d/).click();
  await table(page).getByRole('rowheader', { name: '2026-05-01 00:00' }).waitFor();
  const { by, vendor, game, agent } = asked(page);
  assert.deepEqual([by, vendor, agent], ['hour', '9001', String(rig.agents.root.id)]);
  assert.ok(Number(game) >= 9100);
  await page.goBack();
  await linkIn(page, /^Statistics \d/).waitFor();
  assert.equal(asked(page).by, 'game', 'the address is the page');
  assert.deepEqual(errors, []);
});

test(
  'beside the days before; a zone of half hours says what its days are; days that cannot be are told',
  LIMIT,
  async (t) => {
    const { page, errors } = await visit(t, { at: `/statistics?by=day&${DAYS}` });
    await linkIn(page, '2026-05-03').waitFor();
    await page.getByLabel('Compared with', { exact: true }).selectOption({ label: 'The days before' });
    await page.getByText('Compared with 2026-04-24 – 2026-04-30').waitFor();
    assert.equal(asked(page).compare, 'previous');
    await page.getByLabel('Time zone').selectOption('Australia/Adelaide');
    await page.getByText('from 30 minutes past midnight').waitFor();
    await linkIn(page, '2026-05-03').click();
    await table(page).getByRole('rowheader', { name: '2026-05-03 00:30' }).waitFor();
    assert.deepEqual(
      [asked(page).by, asked(page).from, asked(page).to],
      ['hour', '2026-05-03', '2026-05-03'],
    );
    await page.getByLabel('Last day').fill('2026-07-30');
    await page.getByText('at most 31 days').waitFor();
    await page.getByLabel('Last day').fill('2026-05-01');
    await page.getByText('The last day is before the first.').waitFor();
    assert.deepEqual(errors, []);
  },
);

test('what is shown is what is exported', LIMIT, async (t) => {
  const { page } = await visit(t, { at: `/statistics?by=vendor&${DAYS}` });
  await linkIn(page, 'statistics 1').waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  const download = await coming;
  assert.equal(download.suggestedFilename(), 'statistics-vendor-2026-05-01-2026-05-07.csv');
  await page.getByRole('dialog').getByText('3 rows').waitFor();
});

test('an agent sees its own part', LIMIT, async (t) => {
  const { page } = await visit(t, { as: await rig.of('a'), at: `/statistics?by=agent&${DAYS}` });
  await linkIn(page, rig.agents.a1.username).waitFor();
  assert.deepEqual(await table(page).getByRole('link').allTextContents(), [
    rig.agents.a.username,
    rig.agents.a1.username,
  ]);
});

for (const size of ['desktop', 'phone'] as const)
  for (const colorScheme of ['light', 'dark'] as const)
    test(`for everybody: ${size}, ${colorScheme}`, LIMIT, async (t) => {
      const look = { size, colorScheme };
      const { page, errors } = await visit(t, {
        ...look,
        at: `/statistics?by=agent&compare=previous&${DAYS}`,
      });
      await linkIn(page, rig.agents.root.username).waitFor();
      await page.locator('figure svg').first().waitFor();
      await assertUsable(page, `statistics (${size}, ${colorScheme})`);
      const nothing = await visit(t, { ...look, at: '/statistics?from=2020-01-01&to=2020-01-02' });
      await nothing.page.getByText('Nothing was played in this time.').waitFor();
      await assertUsable(nothing.page, `no statistics (${size}, ${colorScheme})`);
      assert.deepEqual([...errors, ...nothing.errors], []);
    });
