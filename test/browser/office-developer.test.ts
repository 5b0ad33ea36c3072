/** Developer pages and callbacks in a real browser: a key, a call, addresses, every packet, a certification, a callback sent again. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { type OfficeClient, type OfficeRig, openRig } from '../office/rig.ts';
import { assertUsable, type OfficeLook, visitOffice } from '../office-page/ground.ts';
import { type Operator, openOperator, seamlessAgent, seat } from '../seamless/rig.ts';
import type { TestAgent } from '../world.ts';

const LIMIT = { timeout: 240_000 };
const USER = 'tester01';

let browser: Browser;
let rig: OfficeRig;
let operator: Operator;
/** Below branch-b; branch-b's own players are at the operator too. */
let shop: TestAgent;
let owner: OfficeClient;
let house: OfficeClient;

before(async () => {
  [browser, rig, operator] = await Promise.all([openBrowser(), openRig(), openOperator()]);
  const { b } = rig.agents;
  await rig.sql`update agent set wallet = 'seamless', callback_url = ${operator.url} where id = ${b.id}`;
  rig.world.hub.directory.forget();
  shop = await seamlessAgent(rig.world, operator, {
    username: 'seamless-shop',
    parent: b.username,
    pot: 100_000n,
  });
  owner = await rig.of('b');
  house = await rig.house('owner');
});
after(async () => {
  await browser?.close();
  await rig?.close();
  await operator?.close();
});

const visit = (t: TestContext, look: OfficeLook) => visitOffice(t, browser, { url: rig.url, ...look });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const inDialog = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true });
const at = (tab: string) => `/developer/${rig.agents.b.id}?tab=${tab}`;

test('a key is made, shown once, tried on a call and revoked', LIMIT, async (t) => {
  const { page, errors, go } = await visit(t, { as: owner, at: '/developer' });
  await page.getByRole('heading', { level: 1, name: `Developer: ${rig.agents.b.username}` }).waitFor();
  await page.getByRole('tab', { name: 'Keys' }).click();
  await button(page, 'New key').click();
  await page.getByRole('dialog').getByLabel('Label').fill('till');
  await inDialog(page, 'New key').click();
  const key = await page.getByRole('dialog').getByRole('textbox', { name: 'New API key' }).inputValue();
  assert.match(key, /^[\w-]{40}$/);
  await assertUsable(page, 'a new key');
  await inDialog(page, 'Close').click();
  await page.getByRole('cell', { name: 'till' }).waitFor();
  assert.ok(!(await page.content()).includes(key));

  await go(`${at('guide')}&call=user`);
  await page.getByLabel('API key to try with').fill(key);
  await page.getByLabel('username').fill('player-b');
  await page
    .getByRole('region', { name: /curl: GET/ })
    .getByText('/user?username=player-b')
    .waitFor();
  await page.getByRole('tab', { name: 'Python' }).click();
  await page
    .getByRole('region', { name: /Python: GET/ })
    .getByText('urllib.request')
    .first()
    .waitFor();
  await button(page, 'Send').click();
  await page.getByRole('region', { name: 'Answered' }).getByText('"username": "player-b"').waitFor();
  await assertUsable(page, 'a call tried out');

  await go(`${at('guide')}&call=userKick`);
  await page.getByLabel('username').fill('nobody-there');
  await button(page, 'Make one for 15 minutes').click();
  await inDialog(page, 'Make one for 15 minutes').click();
  await button(page, 'End it now').waitFor();
  await button(page, 'Send').click();
  await inDialog(page, 'Send').click();
  await page.getByText(/^422 · \d+ ms/).waitFor();
  await button(page, 'End it now').click();
  await button(page, 'Make one for 15 minutes').waitFor();

  await go(at('keys'));
  await page.getByRole('row', { name: /till/ }).getByRole('button', { name: 'Revoke' }).click();
  await inDialog(page, 'Revoke').click();
  await page.getByRole('row', { name: /till/ }).getByText('Revoked').waitFor();
  const gone = await fetch(`${rig.url}/api/my-info`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal(gone.status, 401);

  await go(at('requests'));
  await page.getByRole('button', { name: 'Details: POST /user/kick' }).first().click();
  await page.getByText('What to do:').waitFor();
  await page.getByText('names something that is not there').waitFor();
  await assertUsable(page, 'a refused call');
  assert.deepEqual(errors, []);
});

test('addresses are set, a wrong one is said, and who was turned away is let in', LIMIT, async (t) => {
  const { page, errors } = await visit(t, { as: owner, at: at('reach') });
  await page.getByText('The list is empty').waitFor();
  const servers = page.getByRole('region', { name: 'Servers that may call the API' });
  await servers.getByRole('button', { name: 'Change' }).click();
  const field = page.getByRole('dialog').getByRole('textbox');
  await field.fill('203.0.113.0/24\nnowhere');
  await inDialog(page, 'Change').click();
  await page.getByText('not an address or network: nowhere').first().waitFor();
  await field.fill('203.0.113.0/24\n198.51.100.7');
  await inDialog(page, 'Change').click();
  await page.getByRole('listitem').filter({ hasText: '203.0.113.0/24' }).waitFor();
  assert.equal((await rig.agents.b.get('/my-info')).status, 403);
  await assert.doesNotReject(async () => {
    for (let tries = 0; tries < 30; tries++) {
      await page.reload();
      const allow = button(page, 'Allow');
      await servers.getByText('198.51.100.7').waitFor();
      if ((await allow.count()) > 0) return;
      await page.waitForTimeout(200);
    }
    throw new Error('the refused address was not shown');
  });
  await assertUsable(page, 'addresses');
  await button(page, 'Allow').click();
  await inDialog(page, 'Allow').click();
  await page.getByRole('listitem').filter({ hasText: '127.0.0.1' }).waitFor();
  assert.equal((await rig.agents.b.get('/my-info')).status, 200);
  assert.deepEqual(errors, []);
});

for (const size of ['desktop', 'phone'] as const)
  test(`every packet is sent and told (${size})`, LIMIT, async (t) => {
    const { page, errors } = await visit(t, { as: owner, at: at('test'), size });
    await page.getByLabel('User at the operator').fill(`${USER}-${size}`);
    await page.getByLabel(/^Amount/).fill('100');
    await button(page, 'Send every packet').click();
    await page.getByRole('heading', { name: 'adjust −: a correction downwards' }).waitFor();
    assert.equal(await page.getByText('Delivered', { exact: true }).count(), 7);
    assert.equal(await page.getByText('Accepted: the bet stands').count(), 2);
    await page.getByText('Request and answer').first().click();
    await page.getByRole('region', { name: 'Sent' }).first().getByText('X-Signature').waitFor();
    await assertUsable(page, `packets ${size}`);
    assert.deepEqual(errors, []);
  });

for (const size of ['desktop', 'phone'] as const)
  test(`a certification is started, watched and read (${size})`, LIMIT, async (t) => {
    const { page, errors } = await visit(t, { as: owner, at: at('certification'), size });
    await button(page, 'Certify').click();
    await page.getByRole('dialog').getByLabel('User at the operator').fill(`${USER}-c-${size}`);
    await inDialog(page, 'Certify').click();
    await page
      .getByRole('link', { name: /^#\d+$/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: /^Certification #/ }).waitFor();
    await page.getByText(/^(Not certified|Certified)$/).waitFor();
    await page.getByRole('heading', { name: 'Checks' }).waitFor();
    await page.locator('summary').last().click();
    await page
      .getByRole('region', { name: /Commands that do it again/ })
      .first()
      .getByText('curl -i')
      .first()
      .waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'As Markdown' }).click();
    assert.match((await download).suggestedFilename(), /^certification-\d+\.md$/);
    await assertUsable(page, `certification ${size}`);
    assert.deepEqual(errors, []);
  });

/** A message of a new player that is given up. */
async function listOne(username: string): Promise<void> {
  const studio = await rig.world.studio(`vendor-${username}`);
  const player = await seat(rig.world, { agent: shop, studio, username, vendor: `vendor-${username}` });
  await player.send('b', 'bet', { amount: '100' });
  operator.fault({ error: 1 }, { only: ['win'] });
  await player.send('w', 'win', { amount: '200', bet: `${username}-b` });
  await rig.sql`update agent set callback_cutoff_ms = 1 where id = ${shop.id}`;
  rig.world.hub.directory.forget();
  const deadline = performance.now() + 30_000;
  for (;;) {
    const [row] = await rig.sql`select count(*)::integer as count from callback where state = 2`;
    if (row?.count > 0) break;
    if (performance.now() > deadline) throw new Error('it was not given up');
    await rig.sql`update callback set next_at = now() where state = 1 and isfinite(next_at)`;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  operator.fault({});
}

for (const size of ['desktop', 'phone'] as const)
  test(`a callback that was given up is found, read and sent again (${size})`, LIMIT, async (t) => {
    await listOne(`given-up-${size}`);
    const { page, errors, go } = await visit(t, { as: house, at: '/callbacks?state=listed', size });
    await page.getByText(`given-up-${size}`).first().waitFor();
    await assertUsable(page, `callbacks ${size}`);
    const { body } = await house.get('/callbacks', { state: 'listed' });
    await go(`/callbacks/${body.rows[0].id}`);
    await page.locator('summary').first().click();
    await page.getByRole('region', { name: 'Sent' }).getByText('"type": "win"').waitFor();
    await assertUsable(page, `a callback ${size}`);
    await button(page, 'Send again').click();
    await page.getByRole('dialog').getByLabel('Reason').fill('their server is back');
    await inDialog(page, 'Send again').click();
    await page.getByText('The operator has been told.').waitFor();
    await go('/callback-health');
    await page.getByRole('cell', { name: 'seamless-shop' }).waitFor();
    await assertUsable(page, `health ${size}`);
    assert.deepEqual(errors, []);
  });

test('the house chooses an agent, and sees who called with no key of ours', LIMIT, async (t) => {
  await fetch(`${rig.url}/api/my-info`, {
    headers: { authorization: 'Bearer nobody-has-ever-had-this-key-anywhere' },
  });
  const { page, errors, go } = await visit(t, { as: house, at: '/developer' });
  await page.getByRole('combobox', { name: 'Agent' }).fill('branch-a');
  await page
    .getByRole('option', { name: /^branch-a$|branch-a ·/ })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: /^Developer: branch-a/ }).waitFor();
  assert.equal(await page.getByRole('tab', { name: 'Test page' }).count(), 0);
  await go('/unknown-callers');
  await page.getByText('Unknown key').first().waitFor();
  await assertUsable(page, 'unknown callers');
  assert.deepEqual(errors, []);
});
