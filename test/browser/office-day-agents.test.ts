/**
 * Days of an agent's people and of whoever only looks: an owner of an agent from its recharge to its certification and
 * into the back office of the agent below; staff on a phone, in Korean; a reader of the house, who finds no act anywhere.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { after, before, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { permissionsOf } from '../../src/core/office/roles.ts';
import { assertUsable, type OfficeLook, visitOffice } from '../office-page/ground.ts';
import { type DayGround, openDay, wordsOf } from './office-day-ground.ts';
import { addressOf, isRead, pagesThereAre, turnTo } from './office-day-pages.ts';

const LIMIT = { timeout: 240_000 };

let day: DayGround;
before(async () => {
  day = await openDay();
});
after(() => day?.close());

const visit = (t: TestContext, look: OfficeLook) =>
  visitOffice(t, day.browser, { url: day.rig.url, ...look });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const dialog = (page: Page) => page.getByRole('dialog');

/** Presses a button of the page, fills the dialog it opens, and sends it. */
async function act(page: Page, name: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  await button(page, name).filter({ visible: true }).first().click();
  for (const [label, value] of Object.entries(fields)) await dialog(page).getByLabel(label).fill(value);
  await dialog(page).getByRole('button', { name, exact: true }).click();
}

test(
  'an owner of an agent: only what is below, POT asked for, a limit, a sub-agent, the desk',
  LIMIT,
  async (t) => {
    const { rig, shop } = day;
    const { page, go, errors } = await visit(t, { as: await rig.of('b'), at: '/agents' });
    await page.getByRole('treeitem').filter({ hasText: 'branch-b' }).first().waitFor();
    assert.doesNotMatch(await page.locator('main').innerText(), /trunk-|branch-a/);
    await button(page, 'New agent').click();
    await dialog(page).getByRole('textbox', { name: 'Agent', exact: true }).fill('branch-below');
    await dialog(page).getByRole('button', { name: 'New agent' }).click();
    await button(page, 'I have kept them').click();
    await heading(page, 'branch-below').waitFor();
    await go('/pot-requests');
    await act(page, 'Ask for a recharge', { Amount: '50000', Note: 'weekend' });
    await heading(page, /^Request no/).waitFor();
    await page.getByText('It waits for the upline').waitFor();
    await assertUsable(page, 'a request');

    await go('/bet-limits?tab=set');
    await page.getByRole('combobox', { name: /^Agent/ }).fill(shop.username);
    await page.getByRole('option', { name: new RegExp(`^${shop.username}`) }).click();
    await page.getByRole('combobox', { name: /^User/ }).fill('given');
    await page.getByRole('option', { name: /^given-up/ }).click();
    await page.getByLabel('Maximum bet (KRW)').fill('7000');
    await button(page, 'Set').click();
    await page.getByRole('row').filter({ hasText: 'given-up' }).getByText('₩7,000').waitFor();
    await assertUsable(page, 'limits');
    await go('/desk/new');
    await page.getByLabel('Subject').fill('A question about settling');
    await page.getByLabel('Message').fill('When is a week closed?');
    await button(page, 'Send').click();
    await heading(page, 'A question about settling').waitFor();
    assert.deepEqual(errors, []);
  },
);

test(
  'the same owner as a developer: a key and a call, an address, every packet, a certification',
  LIMIT,
  async (t) => {
    const { rig } = day;
    const at = (tab: string) => `/developer/${rig.agents.b.id}?tab=${tab}`;
    const { page, go, errors } = await visit(t, { as: await rig.of('b'), at: at('keys') });
    await act(page, 'New key', { Label: 'till' });
    const key = await dialog(page).getByRole('textbox', { name: 'New API key' }).inputValue();
    await button(page, 'Close').click();
    await go(`${at('guide')}&call=user`);
    await page.getByLabel('API key to try with').fill(key);
    await page.getByLabel('username').fill('player-b');
    await button(page, 'Send').click();
    await page.getByRole('region', { name: 'Answered' }).getByText('"username": "player-b"').waitFor();
    await go(at('reach'));
    const servers = page.getByRole('region', { name: 'Servers that may call the API' });
    await servers.getByRole('button', { name: 'Change' }).click();
    await dialog(page).getByRole('textbox').fill('127.0.0.1\n203.0.113.0/24');
    await dialog(page).getByRole('button', { name: 'Change' }).click();
    await page.getByRole('listitem').filter({ hasText: '203.0.113.0/24' }).waitFor();
    await assertUsable(page, 'addresses');
    await go(at('test'));
    await page.getByLabel('User at the operator').fill('tester-b');
    await page.getByLabel(/^Amount/).fill('100');
    await button(page, 'Send every packet').click();
    await page.getByRole('heading', { name: 'adjust −: a correction downwards' }).waitFor();
    assert.equal(await page.getByText('Delivered', { exact: true }).count(), 7);
    await go(at('certification'));
    await act(page, 'Certify', { 'User at the operator': 'certified-b' });
    await page.getByRole('link', { name: '#2' }).click();
    await heading(page, 'Certification #2').waitFor();
    await page.getByText(/^(Not certified|Certified)$/).waitFor();
    await assertUsable(page, 'a certification');
    assert.deepEqual(errors, []);
  },
);

test('into the back office of the agent below, on a phone, and there by one’s own name', LIMIT, async (t) => {
  const { rig, shop } = day;
  const owner = await rig.of('b');
  const { page, errors } = await visit(t, { as: owner, at: `/agents/${shop.id}` });
  await act(page, 'Enter back office', { Reason: 'to look at it together' });
  const link = await dialog(page).getByRole('textbox', { name: 'Link' }).inputValue();
  await assertUsable(page, 'a link');
  const inside = await visit(t, { at: new URL(link).hash.slice(1), size: 'phone', colorScheme: 'dark' });
  await button(inside.page, 'Enter').click();
  await button(inside.page, new RegExp(owner.person)).click();
  await inside.page.getByText(new RegExp(shop.username)).filter({ visible: true }).first().waitFor();
  await inside.page.keyboard.press('Escape');
  await inside.go('/players');
  await inside.page.getByRole('link', { name: 'given-up' }).waitFor();
  await assertUsable(inside.page, 'users, by a link');
  await inside.go('/people');
  await heading(inside.page, 'There is no such page').waitFor();
  assert.deepEqual([...errors, ...inside.errors], []);
});

test(
  'staff of an agent on a phone, in Korean: a user and its history, POT asked for, no people, no keys',
  LIMIT,
  async (t) => {
    const { rig } = day;
    const say = await wordsOf('ko');
    const staff = await rig.of('a', 'agent_staff', 'kim of branch-a');
    await rig.sql`update office_user set language = 'ko' where id = ${staff.userId}`;
    const look = { as: staff, language: 'ko', size: 'phone' } as const;
    const { page, go, errors } = await visit(t, { ...look, at: '/players' });
    await page.getByRole('link', { name: 'player-a', exact: true }).click();
    await heading(page, 'player-a').waitFor();
    await page.getByRole('row').filter({ hasText: 'Asia Gaming' }).first().waitFor();
    await assertUsable(page, 'a user in Korean');
    await page.getByRole('tab', { name: say('players.tabs.statement') }).click();
    await page.getByRole('row').nth(3).waitFor();
    await assertUsable(page, 'a history in Korean');
    await go('/pot-requests');
    await act(page, say('pot.ask.recharge'), { [say('pot.amount')]: '30000' });
    await page.getByText(say('pot.now.waits')).waitFor();
    await assertUsable(page, 'a request in Korean');
    await button(page, say('frame.menu')).click();
    const menu = page.getByRole('navigation');
    await menu.getByText(say('frame.groups.pot_requests')).waitFor();
    for (const group of ['people', 'developer', 'audit', 'rain'])
      assert.equal(await menu.getByText(say(`frame.groups.${group}`), { exact: true }).count(), 0, group);
    await page.keyboard.press('Escape');
    for (const hidden of ['/people', '/developer', '/audit']) {
      await go(hidden);
      await heading(page, say('frame.no_page')).waitFor();
      assert.equal(
        (await staff.get(hidden === '/developer' ? `/developer/${rig.agents.a.id}` : hidden)).status,
        403,
      );
    }
    assert.deepEqual(errors, []);
  },
);

/** What the buttons that act say, wherever one stands in the source of the page. */
async function actsThereAre(): Promise<ReadonlySet<string>> {
  const say = await wordsOf('en');
  const folder = new URL('../../web/backoffice/', import.meta.url).pathname;
  const source = globSync('**/*.tsx', { cwd: folder, exclude: ['my/**', 'kit/**'] });
  const acts = source.flatMap((name) =>
    [
      ...readFileSync(folder + name, 'utf8').matchAll(/<ActButton[^>]*?\blabel(?:=|: )("|'|\{[^}]*?\})/g),
    ].flatMap(({ 0: found, index }) => {
      const text = readFileSync(folder + name, 'utf8').slice(index, index + found.length + 60);
      return [...text.matchAll(/['"]([a-z_]+(?:\.[a-z_]+)+)['"]/g)].slice(0, 2).map(([, key = '']) => key);
    }),
  );
  return new Set(acts.filter((key) => !key.startsWith('kit.')).map(say));
}

test('a reader of the house: sees every page, and not one act', LIMIT, async (t) => {
  const { rig } = day;
  const acts = await actsThereAre();
  assert.ok(acts.size > 30 && acts.has('Block') && acts.has('Switch off'));
  const reader = await rig.house('read', 'rhea');
  const held: readonly string[] = permissionsOf('read', { byLink: false });
  const pages = pagesThereAre().filter(
    ({ path, permission, only }) =>
      path !== '/my' && only !== 'agent' && (permission === null || held.includes(permission)),
  );
  assert.ok(pages.length > 30);
  const visited = await visit(t, { as: reader, at: '/nowhere', colorScheme: 'dark' });
  for (const { path } of pages) {
    await turnTo(visited, addressOf(day, path));
    await isRead(visited.page);
    const said = await visited.page.locator('main').locator('button:enabled').allInnerTexts();
    assert.deepEqual(
      said.filter((text) => acts.has(text)),
      [],
      path,
    );
    await assertUsable(visited.page, path);
  }
  const tries: readonly Promise<{ status: number }>[] = [
    reader.post(`/players/${rig.players.a.id}/block`, { reason: 'x' }),
    reader.post(`/agents/${rig.agents.a.id}/pot`, { kind: 'give', amount: '1', key: 'a reader gives' }),
    reader.post(`/callbacks/${day.things.callbackId}/resend`, { reason: 'x' }),
    reader.put('/limits', { agent: rig.agents.a.id, maxBet: '1' }),
    reader.post('/notices', {}),
  ];
  for (const { status } of await Promise.all(tries))
    assert.ok(status === 403 || status === 404, String(status));
  assert.deepEqual(visited.errors, []);
});
