/**
 * What people do in the back office about users and rounds, in a browser: a bet found by its id and explained, a user
 * blocked, a statement followed to its cause, an open round voided by two persons; on a desktop and on a phone.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { type OfficeClient, type OfficeRig, openRig } from '../office/rig.ts';
import { type FilledRounds, fillRounds } from '../office-page/bets-ground.ts';
import { assertUsable, type OfficeLook, visitOffice } from '../office-page/ground.ts';

let rig: OfficeRig;
let browser: Browser;
let filled: FilledRounds;
let owner: OfficeClient;
let finance: OfficeClient;
before(async () => {
  [rig, browser] = await Promise.all([openRig(), openBrowser()]);
  filled = await fillRounds(rig);
  owner = await rig.house('owner', 'olivia');
  finance = await rig.house('finance', 'fred');
});
after(async () => {
  await browser.close();
  await rig.close();
});

const visit = (t: Parameters<typeof visitOffice>[0], look: OfficeLook) =>
  visitOffice(t, browser, { url: rig.url, as: owner, ...look });

for (const [size, colorScheme] of [
  ['desktop', 'light'],
  ['phone', 'dark'],
] as const)
  describe(`on a ${size}`, () => {
    test('a bet is found by the vendor’s id and explained', async (t) => {
      const { page, errors } = await visit(t, { size, colorScheme, at: '/rounds' });
      await page
        .getByRole('link', { name: /^\d{4}-/ })
        .first()
        .waitFor();
      await assertUsable(page, 'betting history');
      await page.getByLabel('Find by id').fill('ag-3');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('heading', { name: 'Round AG-20261121-001' }).waitFor();
      await page
        .getByRole('group', { name: 'Player' })
        .getByRole('img', { name: '10 of diamonds' })
        .waitFor();
      await page.getByText('given back: a tie').waitFor();
      await page.getByText(`The game paid this for bet ${filled.baccarat}.`).waitFor();
      await page.getByText('₩900,000 → ₩890,000').waitFor();
      await assertUsable(page, 'a round of baccarat');
      assert.deepEqual(errors, []);
    });

    test('a slot is shown spin by spin, with the symbols that won', async (t) => {
      const { page, errors } = await visit(t, { size, colorScheme, at: `/rounds/${filled.slot}` });
      const respin = page.getByRole('region', { name: '2. Respin' });
      await respin.getByText('Line 1, 4 symbols:').waitFor();
      await respin.getByText('Multiplied by 2').waitFor();
      assert.equal(await respin.getByRole('cell', { name: 'dragon' }).count(), 5);
      await assertUsable(page, 'a round of a slot');
      assert.deepEqual(errors, []);
    });

    test('a statement leads to what caused its rows', async (t) => {
      const at = `/players/${rig.players.a.id}?tab=statement`;
      const { page, errors } = await visit(t, { size, colorScheme, at });
      const row = page.getByRole('row').filter({ hasText: 'Balance added' });
      await row.waitFor();
      await assertUsable(page, 'a statement');
      await row.getByRole('link').first().click();
      await page.getByText('A call of the operator’s API').waitFor();
      await page.getByText('The operator moved money from its POT into the user’s wallet.').waitFor();
      await assertUsable(page, 'a movement');
      await page.getByRole('link', { name: 'branch-a' }).last().click();
      await page.getByRole('heading', { name: 'POT history of branch-a' }).waitFor();
      await page.getByRole('cell', { name: 'POT given' }).first().waitFor();
      await assertUsable(page, 'the statement of a POT');
      assert.deepEqual(errors, []);
    });
  });

test('a user is blocked with a reason, and let in again', async (t) => {
  const { page, errors } = await visit(t, { at: '/players' });
  await page.getByRole('link', { name: 'player-a1' }).click();
  await page.getByRole('heading', { name: 'player-a1' }).waitFor();
  await page.getByRole('button', { name: 'Block', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('two accounts');
  await assertUsable(page, 'blocking');
  await dialog.getByRole('button', { name: 'Block' }).click();
  await page.getByText(/Blocked since .*: two accounts/).waitFor();
  await page.getByText('Blocked', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Unblock' }).click();
  await page.getByRole('dialog').getByLabel('Reason').fill('one person');
  await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click();
  await page.getByText('Active', { exact: true }).waitFor();
  await page.getByRole('tab', { name: 'Notes' }).click();
  await page.getByRole('button', { name: 'Write a note' }).click();
  await page.getByRole('dialog').getByLabel('Note').fill('Called back.');
  await page.getByRole('dialog').getByRole('button', { name: 'Write a note' }).click();
  await page.getByText('Called back.').waitFor();
  await assertUsable(page, 'a user');
  assert.deepEqual(errors, []);
});

test('an open round is voided by two persons', async (t) => {
  const maker = await visit(t, { as: finance, at: '/open-rounds' });
  const open = maker.page.getByRole('row').filter({ hasText: filled.openRound });
  await open.getByRole('button', { name: 'Void' }).click();
  await maker.page.getByRole('dialog').getByLabel('Reason').fill('the studio lost it');
  await maker.page.getByRole('dialog').getByRole('button', { name: 'Void' }).click();
  await open.getByText('to be confirmed').waitFor();
  await assertUsable(maker.page, 'open rounds');
  await maker.go('/open-rounds?tab=orders');
  await maker.page.getByRole('button', { name: 'Withdraw' }).waitFor();
  assert.equal(await maker.page.getByRole('button', { name: 'Confirm' }).count(), 0);
  const second = await visit(t, { size: 'phone', at: '/open-rounds?tab=orders' });
  await second.page.getByRole('button', { name: 'Confirm' }).click();
  const dialog = second.page.getByRole('dialog');
  await dialog.getByText(`Ends round ${filled.openRound} of player-a as fred ordered.`).waitFor();
  await assertUsable(second.page, 'confirming');
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await second.page.getByText('The round was ended').waitFor();
  await second.page.getByRole('row').filter({ hasText: filled.openRound }).getByText('done').waitFor();
  await assertUsable(second.page, 'orders');
  await second.go('/open-rounds');
  await second.page.getByText('Every round has ended').waitFor();
  assert.deepEqual([...maker.errors, ...second.errors], []);
});
