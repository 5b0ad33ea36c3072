/**
 * The back office in a real Chromium: an inquiry with a picture and its answer, the service desk with a note, a notice
 * that must be confirmed, a limit that is set and tried. On a desk and on a phone.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { type OfficeRig, openRig } from '../office/rig.ts';
import { assertUsable, type OfficeLook, visitOffice } from '../office-page/ground.ts';

let rig: OfficeRig;
let browser: Browser;
before(async () => {
  [rig, browser] = await Promise.all([openRig(), openBrowser()]);
  // The page is bundled when it is first asked for.
  await fetch(`${rig.url}/office/`);
});
after(async () => {
  await browser?.close();
  await rig?.close();
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

const see = (t: Parameters<typeof visitOffice>[0], look: OfficeLook) =>
  visitOffice(t, browser, { url: rig.url, ...look });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** How much the menu says is new. */
const news = (page: Page, group: string) =>
  page.getByRole('navigation').getByText(group, { exact: true }).locator('xpath=ancestor::li[1]');

test('an inquiry with a picture: asked, shown as new above, answered, closed', async (t) => {
  const [asker, upline] = [await rig.of('a1'), await rig.of('a')];
  const mine = await see(t, { as: asker, at: '/inquiries/new' });
  const { page } = mine;
  await page.getByLabel('Subject').fill('A bet is <b>missing</b>');
  await page.getByLabel('Category').selectOption('bet');
  await page.getByLabel('Message').fill('Where is it?\n<img src=x onerror=alert(1)> https://example.org');
  await assertUsable(page, 'a new inquiry');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'what I see.png', mimeType: 'image/png', buffer: PNG });
  await page.getByText('what I see.png').waitFor();
  await button(page, 'Send').click();
  await page.getByRole('heading', { name: 'A bet is <b>missing</b>' }).waitFor();
  const picture = page.locator('ol img');
  await picture.waitFor();
  const width = () => picture.evaluate('element => element.naturalWidth').then(Number);
  await page.waitForFunction(`document.querySelector('ol img')?.naturalWidth === 10`);
  assert.equal(await page.locator('ol img').count(), 1, 'what was typed is text');
  assert.ok((await width()) !== 0);

  const theirs = await see(t, { as: upline, at: '/inquiries' });
  await theirs.page.getByRole('img', { name: 'Unread' }).waitFor();
  await news(theirs.page, '1:1 inquiries').getByText('1', { exact: true }).waitFor();
  await assertUsable(theirs.page, 'inquiries');
  await theirs.page.getByText('A bet is <b>missing</b>').click();
  await theirs.page.getByText('https://example.org').waitFor();
  assert.equal(
    await theirs.page.locator('ol a[href*="example.org"]').count(),
    0,
    'nothing typed is followed',
  );
  // Read now: the number goes without a reload.
  await news(theirs.page, '1:1 inquiries').getByText('1', { exact: true }).waitFor({ state: 'detached' });
  await theirs.page.getByLabel('Message', { exact: true }).fill('It is settled now.');
  await button(theirs.page, 'Send').click();
  await theirs.page.getByText('Answered', { exact: true }).waitFor();
  await assertUsable(theirs.page, 'an inquiry');

  await mine.go('/inquiries');
  await page.getByRole('img', { name: 'Unread' }).waitFor();
  await page.getByText('A bet is <b>missing</b>').click();
  await page.getByText('It is settled now.').waitFor();
  await button(page, 'Close').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByText('closed it').waitFor();
  assert.deepEqual([...mine.errors, ...theirs.errors], []);
});

test('the service desk: taken, noted, answered with what is ready; the agent sees no note', async (t) => {
  const [asker, support] = [await rig.of('b'), await rig.house('support', 'sue')];
  await support.post('/faq', {
    ...{ category: 'technical', rank: 1, published: true },
    texts: { en: { question: 'A white screen', answer: 'Please clear the cache.' } },
  });
  await asker.post('/desk', { subject: 'White screen', category: 'technical', text: 'Since noon.' });
  const { page, errors, go } = await see(t, { as: support, at: '/desk?state=live' });
  await assertUsable(page, 'the desk');
  await page.getByText('White screen', { exact: true }).click();
  await button(page, 'Take').click();
  await page.getByText('sue looks after it').waitFor();
  await page.getByLabel('Note the agent does not see').fill('Known: the studio is told.');
  await button(page, 'Keep note').click();
  await page.getByText('Note: the agent does not see it').waitFor();
  await page.getByLabel('Ready answers').selectOption({ label: 'A white screen' });
  assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'Please clear the cache.');
  await button(page, 'Send').click();
  await page.getByText('Waiting for the agent', { exact: true }).waitFor();
  await assertUsable(page, 'a thread of the desk');
  await go('/faq');
  await button(page, 'A white screenTechnical').or(page.getByText('A white screen')).first().click();
  await page.getByText('Please clear the cache.').waitFor();
  await assertUsable(page, 'questions often asked');

  const theirs = await see(t, { as: asker, at: '/desk', size: 'phone', colorScheme: 'dark' });
  await theirs.page.getByText('White screen', { exact: true }).click();
  await theirs.page.getByText('Please clear the cache.').waitFor();
  const seen = await theirs.page.locator('main').innerText();
  assert.ok(!/Known|looks after|Note/.test(seen), seen);
  await assertUsable(theirs.page, 'a thread of the desk on a phone');
  assert.deepEqual([...errors, ...theirs.errors], []);
});

test('a notice that must be confirmed: written, read, confirmed, counted', async (t) => {
  const [owner, reader] = [await rig.house('owner', 'olive'), await rig.of('other', 'agent_staff')];
  const house = await see(t, { as: owner, at: '/written-notices' });
  await button(house.page, 'Write a notice').click();
  await house.page.getByLabel('Must be confirmed').check();
  const english = house.page.getByRole('group', { name: 'English' });
  await english.getByLabel('Title').fill('Maintenance');
  await english.getByLabel('Text').fill('On Monday\nat four.');
  await assertUsable(house.page, 'writing a notice');
  await button(house.page, 'Publish').click();
  await house.page.getByText('Maintenance', { exact: true }).waitFor();

  for (const [size, colorScheme] of [
    ['desktop', 'dark'],
    ['phone', 'light'],
  ] as const) {
    const { page, errors } = await see(t, { as: reader, at: '/notices', size, colorScheme });
    await page.getByText('Maintenance', { exact: true }).click();
    await page.getByText('On Monday').waitFor();
    const isFirst = size === 'desktop';
    await page
      .getByText(isFirst ? 'To be confirmed' : 'Confirmed', { exact: true })
      .first()
      .waitFor();
    await assertUsable(page, `a notice, ${size}`);
    if (isFirst) {
      await button(page, 'I have read this').click();
      await button(page, 'I have read this').waitFor({ state: 'detached' });
    }
    assert.deepEqual(errors, []);
  }
  assert.equal((await reader.get('/unread')).body.notices, 0);
  const [row] = (await owner.get('/written-notices')).body.rows;
  assert.deepEqual([row.reads, row.confirmations], [1, 1]);
  assert.deepEqual(house.errors, []);
});

test('a limit: set, tried, refused by it; an upline’s is seen and stays', async (t) => {
  await rig.world.studio('evolution');
  const [root, a] = [await rig.of('root'), await rig.of('a')];
  await root.put('/limits', { agent: rig.agents.a.id, maxBet: '500000' });
  const { page, errors, go } = await see(t, { as: a, at: '/bet-limits?tab=set' });
  await page.getByLabel('Maximum bet (KRW)').fill('20,000');
  await page.getByLabel('Vendor').selectOption({ label: 'evolution' });
  await assertUsable(page, 'setting a limit');
  await button(page, 'Set').click();
  await page.getByText('your upline').waitFor();
  await page.getByText('₩20,000').waitFor();
  await page.getByText('₩500,000').waitFor();
  assert.equal(await button(page, 'Lift').count(), 1, 'only one’s own');
  await assertUsable(page, 'limits');
  await go('/bet-limits?tab=try');
  await page.getByLabel('Vendor').selectOption({ label: 'evolution' });
  await page.getByLabel('Game').selectOption({ label: 'evolution test' });
  await page.getByLabel('Bet (KRW)').fill('20001');
  await button(page, 'Try').click();
  await page.getByText('Refused: it is above the limit.').waitFor();
  await page.getByText('holds', { exact: true }).waitFor();
  await assertUsable(page, 'a limit tried');
  await page.getByLabel('Bet (KRW)').fill('20000');
  await button(page, 'Try').click();
  await page.getByText('No limit stands against this bet.').waitFor();

  const phone = await see(t, { as: a, at: '/win-limits', size: 'phone', colorScheme: 'dark' });
  await phone.page.getByText('No maximum win is set.').waitFor();
  await assertUsable(phone.page, 'limits on a phone');
  assert.deepEqual([...errors, ...phone.errors], []);
});
