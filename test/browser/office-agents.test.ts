/**
 * Agents, POT and vendors in a real browser: a recharge asked on a phone and approved by two persons to its receipt, a
 * sub-agent made, a vendor switched off that its game list then lacks.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { type OfficeRig, openRig } from '../office/rig.ts';
import { assertUsable, visitOffice } from '../office-page/ground.ts';
import { xtClient } from '../world.ts';

let rig: OfficeRig;
let browser: Browser;
before(async () => {
  [rig, browser] = await Promise.all([openRig(), openBrowser()]);
  await rig.world.studio('evolution', 'netent');
});
after(async () => {
  await browser?.close();
  await rig?.close();
});

/** Presses a button of the page, fills the dialog it opens in, and sends it. */
async function act(page: Page, name: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.locator('main').getByRole('button', { name, exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole('button', { name, exact: true }).click();
}

test('a recharge: asked on a phone, approved by two persons of the upline, and its receipt', async (t) => {
  const first = await rig.of('a', 'agent_owner', 'ann of a');
  const second = await rig.of('a', 'agent_owner', 'bob of a');
  await first.put('/pot-rules', { currency: 'KRW', above: '100000', reason: 'test' });
  const asker = await rig.of('a1', 'agent_staff');
  const { url } = rig;
  const phone = await visitOffice(t, browser, { url, as: asker, at: '/pot-requests', size: 'phone' });
  await phone.page.getByRole('heading', { name: 'POT recharge / payment' }).waitFor();
  await act(phone.page, 'Ask for a recharge', { Amount: '250000', Note: 'weekend' });
  await phone.page.getByRole('heading', { name: /Request no/ }).waitFor();
  await phone.page.getByText('It waits for the upline').waitFor();
  await assertUsable(phone.page, 'a request on a phone');
  const [, id] = /pot-requests\/(\d+)/.exec(phone.page.url()) ?? [];

  const ann = await visitOffice(t, browser, { url, as: first, at: '/pot-requests?view=waiting' });
  await ann.page.getByRole('link', { name: String(id), exact: true }).click();
  await ann.page.getByText('₩250,000').first().waitFor();
  await act(ann.page, 'Approve');
  await ann.page.getByText('It waits for a second person').waitFor();
  assert.equal(await ann.page.getByRole('button', { name: 'Approve' }).count(), 0);

  const bob = await visitOffice(t, browser, {
    ...{ url, as: second, at: `/pot-requests/${id}`, colorScheme: 'dark' },
  });
  await act(bob.page, 'Approve');
  await bob.page.getByRole('heading', { name: `Receipt no. ${id}` }).waitFor();
  await bob.page.getByText('₩8,750,000').waitFor();
  await bob.page.getByRole('button', { name: 'Print' }).waitFor();
  await assertUsable(bob.page, 'a receipt in the dark');

  await phone.page.getByRole('heading', { name: `Receipt no. ${id}` }).waitFor();
  await phone.page.getByText('₩1,250,000').waitFor();
  assert.equal(await phone.page.getByText('₩8,750,000').count(), 0, 'the upline’s POT is its own');
  await assertUsable(phone.page, 'a receipt on a phone');
  assert.deepEqual([...phone.errors, ...ann.errors, ...bob.errors], []);
});

test('a sub-agent: made, its key shown once and good, found in the tree and given POT', async (t) => {
  const { url } = rig;
  const { page, errors } = await visitOffice(t, browser, { url, as: await rig.of('root'), at: '/agents' });
  await page.getByRole('tree').waitFor();
  await page.locator('main').getByRole('button', { name: 'New agent' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Agent', exact: true }).fill('branch-new');
  await dialog.getByLabel('Its first person').fill('nina new');
  await assertUsable(page, 'the form of a new agent');
  await dialog.getByRole('button', { name: 'New agent' }).click();
  const shown = page.getByRole('dialog', { name: /branch-new was made/ });
  const apiKey = await shown.getByLabel('API key', { exact: true }).inputValue();
  assert.match(
    await shown.getByLabel('Invitation link of its first person', { exact: true }).inputValue(),
    /#\/link\//,
  );
  assert.equal((await xtClient(url, apiKey).get('/vendor-list')).status, 200);
  await shown.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('heading', { name: 'branch-new' }).waitFor();
  assert.equal((await page.content()).includes(apiKey), false);
  await act(page, 'Give POT', { Amount: '999999999999' });
  await page.getByText('The POT is too low').waitFor();
  // The same form again, with less.
  await page.getByRole('dialog').getByLabel('Amount').fill('70000');
  await page.getByRole('dialog').getByRole('button', { name: 'Give POT' }).click();
  await page.getByRole('heading', { name: /Receipt no/ }).waitFor();
  await page.getByText('₩70,000').first().waitFor();
  await page.getByRole('link', { name: 'Agents', exact: true }).first().click();
  await page.getByRole('treeitem').filter({ hasText: 'branch-new' }).waitFor();
  await page.getByRole('treeitem').first().focus();
  await page.keyboard.press('ArrowDown');
  assert.match((await page.evaluate<string>('document.activeElement.textContent')) ?? '', /branch-a/);
  await assertUsable(page, 'the tree');
  assert.deepEqual(errors, []);
});

test('a vendor switched off for an agent is gone from its game list, and is not for the agent to switch on', async (t) => {
  const { url, agents } = rig;
  const sold = async () =>
    (await agents.b.get('/game-list')).body.map((game: { vendor: string }) => game.vendor).toSorted();
  assert.deepEqual(await sold(), ['evolution', 'netent']);
  const upline = await visitOffice(t, browser, {
    ...{ url, as: await rig.of('root'), at: `/agents/${agents.b.id}?tab=vendors` },
  });
  const row = upline.page.getByRole('row').filter({ hasText: 'evolution' });
  await row.getByRole('button', { name: 'Switch off' }).click();
  await upline.page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
  await row.getByText('trunk-root', { exact: false }).waitFor();
  await assertUsable(upline.page, 'vendors of an agent');
  assert.deepEqual(await sold(), ['netent']);
  const own = await visitOffice(t, browser, { url, as: await rig.of('b'), at: '/catalogue', size: 'phone' });
  const seen = own.page.getByRole('row').filter({ hasText: 'evolution' });
  await seen.getByText('by an upline').waitFor();
  assert.equal(await seen.getByRole('button').count(), 0);
  await assertUsable(own.page, 'own vendors on a phone');
  assert.deepEqual([...upline.errors, ...own.errors], []);
});
