/** The back office's page in a real browser, in front of a real hub: the door, the frame, my page, people, a list. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, type TestContext, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { type OfficeClient, type OfficeRig, openRig } from '../office/rig.ts';
import { assertUsable, type OfficeLook, visitOffice } from '../office-page/ground.ts';

const LIMIT = { timeout: 180_000 };
const PASSWORD = 'a long enough phrase';
const STEP_MS = 30_000;

let browser: Browser;
let rig: OfficeRig;
let owner: OfficeClient;
before(async () => {
  // One after the other: what is open when the next fails is closed all the same.
  browser = await openBrowser();
  rig = await openRig();
  owner = await rig.house('owner');
});
after(async () => {
  await browser?.close();
  await rig?.close();
});

const visit = (t: TestContext, look: OfficeLook = {}) => visitOffice(t, browser, { url: rig.url, ...look });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
/** The filter of a list of people. */
const nameFilter = (page: Page) => page.getByRole('search').getByRole('textbox', { name: 'Name' });
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name, exact: true });

/** The way of a link below the page's address. */
const wayOf = (link: string) => new URL(link).hash.slice(1);

async function invite(role: string, more: object = {}) {
  const name = `p${crypto.randomUUID().slice(0, 8)}`;
  const made = await owner.post('/people', { name, shownName: `Person ${name}`, role, ...more });
  assert.equal(made.status, 200, made.text);
  return { name, id: Number(made.body.id), way: wayOf(made.body.link) };
}

async function setPassword(page: Page): Promise<void> {
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await button(page, 'Set your password').click();
  await page.getByText('Your password is set').waitFor();
  await button(page, 'Sign in').click();
}

async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Sign in').click();
}

for (const size of ['desktop', 'phone'] as const)
  test(`the house's people come in by two factors (${size})`, LIMIT, async (t) => {
    const { name, way } = await invite('support');
    const { page, errors } = await visit(t, { size, at: way });
    await page.getByLabel('New password').fill('short');
    await page.getByLabel('The same again').fill('short');
    await button(page, 'Set your password').click();
    await page.getByText('too short').waitFor();
    assert.doesNotMatch(page.url(), /link\/[\w-]{10}/, 'the token has left the address');
    await assertUsable(page, 'set password');
    await setPassword(page);
    await assertUsable(page, 'sign in');
    await signIn(page, name);
    await heading(page, 'Set up your authenticator').waitFor();
    const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    assert.ok(
      await page
        .getByAltText('QR code of the secret')
        .evaluate((image: { naturalWidth: number }) => image.naturalWidth > 0),
    );
    await assertUsable(page, 'enrol');
    await page.getByLabel('Code it shows now').fill('000000');
    await button(page, 'Confirm').click();
    await page.getByText('The code is wrong').waitFor();
    await page.getByLabel('Code it shows now').fill(totp.generate());
    await button(page, 'Confirm').click();
    await heading(page, 'Recovery codes').waitFor();
    const codes = await page
      .getByRole('list', { name: 'Recovery codes' })
      .getByRole('listitem')
      .allTextContents();
    assert.equal(codes.length, 10);
    await assertUsable(page, 'recovery codes');
    assert.ok(await button(page, 'Go on').isDisabled(), 'not before they are kept');
    await page.getByLabel('I have kept them').check();
    await button(page, 'Go on').click();
    await heading(page, `Hello, Person ${name}`).waitFor();
    await button(page, new RegExp(`^Person ${name}`)).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await signIn(page, name);
    await page.getByLabel('Code').fill('123456');
    await button(page, 'Sign in').click();
    await page.getByText('The code is wrong').waitFor();
    // The step of the first code is used up; the next one is taken early.
    await page.getByLabel('Code').fill(totp.generate({ timestamp: Date.now() + STEP_MS }));
    await button(page, 'Sign in').click();
    await page.getByText('Previous sign-in:').waitFor();
    await assertUsable(page, 'start');
    assert.deepEqual(errors, []);
  });

test('too many wrong tries lock the door, and it says for how long', LIMIT, async (t) => {
  const { name, way } = await invite('agent_staff', { agentId: rig.agents.b.id });
  const { page, errors } = await visit(t, { at: way });
  await setPassword(page);
  for (let tries = 0; tries < 5; tries += 1) {
    await signIn(page, name, `wrong ${tries}`);
    await page.getByText('The name or the password is wrong').waitFor();
    await page.getByLabel('Password').fill('');
  }
  await signIn(page, name);
  await page.getByText(/Too many wrong tries\. Try again in \d+ sec/).waitFor();
  assert.ok(await button(page, 'Sign in').isDisabled());
  await assertUsable(page, 'locked');
  assert.deepEqual(errors, []);
});

test('language, colours and time zone are the person’s own, and stay', LIMIT, async (t) => {
  const { name, way } = await invite('agent_owner', { agentId: rig.agents.a.id });
  const { page, go, errors } = await visit(t, { at: way });
  await setPassword(page);
  await signIn(page, name);
  await heading(page, `Hello, Person ${name}`).waitFor();
  await go('/my');
  await heading(page, 'My page').waitFor();
  await page.getByLabel('Time zone').fill('Asia/Seoul');
  await page.getByRole('option', { name: 'Asia/Seoul' }).click();
  await page.getByLabel('Shown name').fill('Kim Minji');
  await button(page, 'Save').click();
  await page.getByText('Saved').waitFor();
  const since = page.locator('time').first();
  const [shown, at] = [await since.textContent(), await since.getAttribute('datetime')];
  const wall = new Date(Date.parse(at!) + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  assert.equal(shown, wall, 'nine hours ahead of UTC');
  await button(page, /^Kim Minji/).click();
  await page.getByRole('menuitem', { name: '한국어' }).click();
  await heading(page, '마이페이지').waitFor();
  assert.equal(await page.evaluate('document.documentElement.lang'), 'ko');
  await assertUsable(page, 'my page in Korean');
  await button(page, '어두운 화면').click();
  await button(page, '밝은 화면').waitFor();
  await assertUsable(page, 'my page in the dark');
  await page.reload();
  await heading(page, '마이페이지').waitFor();
  await button(page, '밝은 화면').waitFor();
  await button(page, /^Kim Minji/).click();
  await page.getByRole('menuitem', { name: '繁體中文' }).click();
  await heading(page, '我的頁面').waitFor();
  assert.equal(await page.evaluate('document.documentElement.lang'), 'zh-Hant');
  assert.deepEqual(errors, []);
});

test('somebody is invited, comes in, and is signed out from elsewhere where they were', LIMIT, async (t) => {
  const { page, go, errors } = await visit(t, { as: owner, at: '/people' });
  await heading(page, 'People').waitFor();
  await button(page, 'Invite').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Name/).fill('lee-agent');
  await dialog.getByLabel('Shown name').fill('Lee');
  await dialog.getByLabel(/^Role/).selectOption({ label: 'Agent owner' });
  await assertUsable(page, 'invitation');
  await dialog.getByLabel('Agent (for agent roles)').fill('branch-a');
  await page.getByRole('option', { name: 'branch-a', exact: true }).click();
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const link = await page
    .getByRole('dialog', { name: 'Hand over this link' })
    .getByRole('textbox', { name: 'Link' })
    .inputValue();
  await assertUsable(page, 'link');
  await button(page, 'Close').click();
  await page.getByRole('link', { name: 'lee-agent' }).waitFor();
  const theirs = await visit(t, { at: wayOf(link), size: 'phone', colorScheme: 'dark' });
  await setPassword(theirs.page);
  await signIn(theirs.page, 'lee-agent');
  await heading(theirs.page, 'Hello, Lee').waitFor();
  await assertUsable(theirs.page, 'start on a phone');
  await button(theirs.page, 'Menu').click();
  await assertUsable(theirs.page, 'menu on a phone');
  await theirs.page.getByRole('link', { name: 'People' }).click();
  await heading(theirs.page, 'People').waitFor();
  await theirs.page.getByRole('link', { name: 'lee-agent' }).waitFor();
  assert.equal(
    await theirs.page.getByText('owner of the house').count(),
    0,
    "the house's people are not theirs to see",
  );
  await button(theirs.page, /Filters/).click();
  await nameFilter(theirs.page).fill('lee');
  await nameFilter(theirs.page).press('Enter');
  await theirs.page.getByText('Name: lee').waitFor();
  await page.getByRole('link', { name: 'lee-agent' }).click();
  await heading(page, 'Lee').waitFor();
  await assertUsable(page, 'person');
  await button(page, 'Sign out everywhere').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByText('Signed out everywhere').waitFor();
  await theirs.page.reload();
  await button(theirs.page, 'Sign in').waitFor();
  await signIn(theirs.page, 'lee-agent');
  await heading(theirs.page, 'People').waitFor();
  assert.match(theirs.page.url(), /people\?name=lee$/, 'where they were, with what they had asked for');
  await go('/no/such/page');
  await heading(page, 'There is no such page').waitFor();
  assert.deepEqual([...errors, ...theirs.errors], []);
});

test('one’s other sessions end by a press', LIMIT, async (t) => {
  const { name, way } = await invite('agent_owner', { agentId: rig.agents.a.id });
  const first = await visit(t, { at: way });
  await setPassword(first.page);
  await signIn(first.page, name);
  await heading(first.page, `Hello, Person ${name}`).waitFor();
  const second = await visit(t, { size: 'phone', at: '/my' });
  await signIn(second.page, name);
  await heading(second.page, 'My page').waitFor();
  await assertUsable(second.page, 'my page on a phone');
  assert.equal(await button(second.page, 'Sign out there').count(), 1, 'not for this one');
  await button(second.page, 'Sign out there').click();
  await second.page.getByText('Signed out there').waitFor();
  await first.go('/people');
  await button(first.page, 'Sign in').waitFor();
  await second.page.getByLabel('Current password').fill('not it at all');
  await second.page.getByLabel('New password').fill('another long phrase');
  await second.page.getByLabel('The same again').fill('another long phrase');
  await button(second.page, 'Change password').click();
  await second.page.getByText('The name or the password is wrong').waitFor();
  await second.page.getByLabel('Current password').fill(PASSWORD);
  await button(second.page, 'Change password').click();
  await second.page.getByText('The password is changed').waitFor();
  await signIn(first.page, name, 'another long phrase');
  await heading(first.page, 'People').waitFor();
  assert.deepEqual([...first.errors, ...second.errors], []);
});

for (const size of ['desktop', 'phone'] as const)
  test(
    `a list: what it shows is in the address, also on the way back; as a file (${size})`,
    LIMIT,
    async (t) => {
      const mark = `list-${size}`;
      for (let index = 0; index < 60; index += 1)
        await owner.post('/people', {
          name: `${mark}-${String(index).padStart(2, '0')}`,
          shownName: 'x',
          role: 'read',
        });
      const { page, errors } = await visit(t, { as: owner, size, at: `/people?name=${mark}` });
      const row = (index: string) => page.getByRole('link', { name: `${mark}-${index}` });
      await row('00').waitFor();
      assert.equal(await page.locator('tbody tr').count(), 50);
      await assertUsable(page, 'list');
      await button(page, 'Next').click();
      await row('59').waitFor();
      assert.equal(await page.locator('tbody tr').count(), 10);
      const second = page.url();
      assert.match(second, /name=list-\w+&after=/);
      await row('59').click();
      await page.getByRole('link', { name: '‹ People' }).waitFor();
      await page.goBack();
      await row('59').waitFor();
      assert.equal(page.url(), second);
      await button(page, 'Previous').click();
      await row('00').waitFor();
      if (size === 'phone') await button(page, /Filters/).click();
      await nameFilter(page).fill(`${mark}-3`);
      await nameFilter(page).press('Enter');
      await row('35').waitFor();
      await page.getByText(`Name: ${mark}-3`).waitFor();
      await assertUsable(page, 'filters');
      await page.goBack();
      await row('49').waitFor();
      await page.goForward();
      await page.getByText(`Name: ${mark}-3`).waitFor();
      await button(page, 'Export').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Authenticator').uncheck();
      await assertUsable(page, 'export');
      const download = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Export' }).click();
      const file = await readFile(await (await download).path(), 'utf8');
      await dialog.getByText('10 rows').waitFor();
      assert.equal((await download).suggestedFilename(), 'people.csv');
      assert.ok(file.startsWith('\ufeff'), 'spreadsheets read it as UTF-8');
      const lines = file.trim().split('\r\n');
      assert.equal(lines.length, 11);
      assert.match(lines[0]!, /^name,shown name,role,agent,signed in,invited$/);
      assert.match(lines[1]!, new RegExp(`^${mark}-30,x,read,,,`));
      await dialog.getByRole('button', { name: 'Close' }).click();
      await button(page, 'Columns').click();
      await page.getByRole('menuitemcheckbox', { name: 'Shown name', checked: true }).click();
      await assertUsable(page, 'columns');
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await page.locator('th', { hasText: 'Shown name' }).waitFor({ state: 'detached' });
      await page.reload();
      await row('35').waitFor();
      assert.equal(await page.locator('th', { hasText: 'Shown name' }).count(), 0, 'the choice is kept');
      await nameFilter(page).fill('nobody-at-all');
      await nameFilter(page).press('Enter');
      await page.getByText('Nothing matches').waitFor();
      assert.deepEqual(errors, []);
    },
  );

test(
  'an upline’s link lets in once, into the agent’s back office; the audit log tells of it',
  LIMIT,
  async (t) => {
    const made = await owner.post(`/links/${rig.agents.a.id}`, { reason: 'to look at it together' });
    assert.equal(made.status, 200, made.text);
    const { page, go, errors } = await visit(t, { at: wayOf(made.body.link) });
    await heading(page, 'Enter the back office').waitFor();
    await assertUsable(page, 'enter');
    await button(page, 'Enter').click();
    await button(page, /branch-a/).waitFor();
    await go('/my');
    await page.getByText('You came by a one-time link').waitFor();
    const again = await visit(t, { at: wayOf(made.body.link) });
    await button(again.page, 'Enter').click();
    await again.page.getByText('This link was used before').waitFor();
    const audit = await visit(t, { as: owner, at: '/audit?action=link' });
    await audit.page.getByText('link.enter').waitFor();
    await audit.page.getByText(/newest \d+ lines continue each other/).waitFor();
    await assertUsable(audit.page, 'audit log');
    assert.deepEqual([...errors, ...again.errors, ...audit.errors], []);
  },
);

test('a hub that does not answer is told, and tried again', LIMIT, async (t) => {
  const { page, context, go } = await visit(t, { as: owner, at: '/audit' });
  await heading(page, 'Audit log').waitFor();
  await context.route('**/office/v1/people**', (route) =>
    route.fulfill({ status: 503, json: { code: 'overloaded' } }),
  );
  await go('/people?name=owner');
  await page.getByText('The hub is overloaded').waitFor();
  await assertUsable(page, 'trouble');
  await context.unroute('**/office/v1/people**');
  await button(page, 'Try again').click();
  await page.getByRole('link', { name: 'owner of the house' }).waitFor();
});
