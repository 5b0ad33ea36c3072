/**
 * Days in the back office, through the page alone: each role does its work, with acts that need two persons, on a desk
 * and on phones, one of the days in Korean, one in Chinese, some in the dark.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, type TestContext, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import type { OfficeClient } from '../office/rig.ts';
import { assertUsable, type OfficeLook, visitOffice } from '../office-page/ground.ts';
import { type DayGround, openDay, wordsOf } from './office-day-ground.ts';

const LIMIT = { timeout: 240_000 };
const PASSWORD = 'a long enough phrase';
const STEP_MS = 30_000;

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
const rowOf = (page: Page, hasText: string) => page.getByRole('row').filter({ hasText });

/** Presses a button of the page, fills the dialog it opens, and sends it. */
async function act(page: Page, name: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  await button(page, name).filter({ visible: true }).first().click();
  for (const [label, value] of Object.entries(fields)) await dialog(page).getByLabel(label).fill(value);
  await dialog(page).getByRole('button', { name, exact: true }).click();
}

/** Somebody whom a link invites: sets a password, signs in, and sets up an authenticator. */
async function enrol(page: Page, name: string) {
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await button(page, 'Set your password').click();
  await button(page, 'Sign in').click();
  await signIn(page, name);
  const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  await page.getByLabel('Code it shows now').fill(totp.generate());
  await button(page, 'Confirm').click();
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await codes.first().waitFor();
  const [recovery = ''] = await codes.allTextContents();
  await page.getByLabel('I have kept them').check();
  await button(page, 'Go on').click();
  return { totp, recovery };
}

async function signIn(page: Page, name: string, code?: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await button(page, 'Sign in').click();
  if (code === undefined) return;
  await page.getByLabel('Code').fill(code);
  await button(page, 'Sign in').click();
}

test(
  'an owner of the house: two factors, an agent with POT, a vendor off, the trail, a session ended',
  LIMIT,
  async (t) => {
    const founder = await day.rig.house('owner', 'the founder');
    const wish = { name: 'olivia', shownName: 'Olivia Kim', role: 'owner' };
    const { link } = (await founder.post('/people', wish)).body;
    const { page, go, errors } = await visit(t, { at: new URL(link).hash.slice(1) });
    const { totp, recovery } = await enrol(page, 'olivia');
    await heading(page, 'Hello, Olivia Kim').waitFor();
    const phone = await visit(t, { at: '/my', size: 'phone', colorScheme: 'dark' });
    await signIn(phone.page, 'olivia', totp.generate({ timestamp: Date.now() + STEP_MS }));
    await phone.page.getByText('Previous sign-in:').waitFor();
    await assertUsable(phone.page, 'my page on a phone');

    await go('/agents');
    await button(page, 'New agent').click();
    await dialog(page).getByRole('textbox', { name: 'Agent', exact: true }).fill('harbour');
    await dialog(page).getByLabel('Currency').fill('KRW');
    await dialog(page).getByLabel('Its first person').fill('hana of harbour');
    await dialog(page).getByRole('button', { name: 'New agent' }).click();
    await dialog(page).getByLabel('Invitation link of its first person', { exact: true }).waitFor();
    await button(page, 'I have kept them').click();
    await heading(page, 'harbour').waitFor();
    await act(page, 'Give POT', { Amount: '70000' });
    await heading(page, /^Receipt no/).waitFor();
    await page.getByText('₩70,000').first().waitFor();
    await assertUsable(page, 'a receipt');

    await go(`/agents/${day.rig.agents.other.id}?tab=vendors`);
    await rowOf(page, 'CQ9').getByRole('button', { name: 'Switch off' }).click();
    await dialog(page).getByRole('button', { name: 'Switch off' }).click();
    await rowOf(page, 'CQ9').getByRole('button', { name: 'Switch on' }).waitFor();
    await go('/audit?actor=olivia');
    await rowOf(page, 'harbour').first().waitFor();
    await rowOf(page, 'trunk-other').getByText('CQ9').first().waitFor();
    await page.getByText(/newest \d+ lines continue each other/).waitFor();
    await assertUsable(page, 'the trail');

    await go('/my');
    await button(page, 'Sign out there').click();
    await page.getByText('Signed out there').waitFor();
    await phone.page.reload();
    await signIn(phone.page, 'olivia', recovery);
    await heading(phone.page, 'My page').waitFor();
    assert.deepEqual([...errors, ...phone.errors], []);
  },
);

/** Presses export in the format, and the file it gives. */
async function exported(page: Page, format: 'CSV' | 'Excel'): Promise<Buffer> {
  await button(page, 'Export').first().click();
  await dialog(page).getByLabel('Format').selectOption({ label: format });
  const coming = page.waitForEvent('download');
  await dialog(page).getByRole('button', { name: 'Export' }).click();
  const file = await readFile(await (await coming).path());
  await dialog(page).getByText('complete').waitFor();
  await dialog(page).getByRole('button', { name: 'Close' }).click();
  return file;
}

test(
  'finance: a bet found and explained, its figures, files, a large recharge and an open round with the owner',
  LIMIT,
  async (t) => {
    const { rig } = day;
    const [finance, owner] = [await rig.house('finance', 'fred'), await rig.house('owner', 'olga')];
    const asker = await rig.of('root', 'agent_staff');
    const wish = { kind: 'recharge', amount: '900000', key: 'a large recharge', note: 'for the weekend' };
    const { id } = (await asker.post('/pot-requests', wish)).body;
    const { page, go, errors } = await visit(t, { as: finance, at: '/rounds' });
    await page.getByLabel('Find by id').fill('ag-4');
    await button(page, 'Find').click();
    await heading(page, 'Round AG-20261121-001').waitFor();
    await page.getByText(`The game paid this for bet ${day.filled.baccarat}.`).waitFor();
    await page.getByRole('group', { name: 'Player' }).getByRole('img', { name: '10 of diamonds' }).waitFor();
    await page.getByText('₩11,500').first().waitFor();
    await assertUsable(page, 'a round');
    await go('/statistics?by=game');
    const figures = page.getByRole('region', { name: 'Figures' });
    await figures.getByRole('row').filter({ hasText: 'Asia Gaming test' }).getByText('₩11,500').waitFor();

    await go(`/rounds?player=${rig.players.a.id}`);
    await rowOf(page, 'AG-20261121-001').waitFor();
    const lines = (await exported(page, 'CSV')).toString('utf8').trim().split('\r\n');
    assert.equal(lines.length, 6);
    assert.match(lines.find((line) => line.includes('AG-20261121-001')) ?? '', /11500.*19000.*7500/);
    assert.equal((await exported(page, 'Excel')).toString('latin1', 0, 2), 'PK');

    await go(`/pot-requests/${id}`);
    await act(page, 'Approve');
    await page.getByText('It waits for a second person').waitFor();
    await go('/open-rounds');
    const open = rowOf(page, day.filled.openRound);
    await open.getByRole('button', { name: 'Void' }).click();
    await dialog(page).getByLabel('Reason').fill('the studio lost it');
    await dialog(page).getByRole('button', { name: 'Void' }).click();
    await open.getByText('To be confirmed').waitFor();

    const phone = await visit(t, { as: owner, size: 'phone', at: `/pot-requests/${id}` });
    await act(phone.page, 'Approve');
    await heading(phone.page, `Receipt no. ${id}`).waitFor();
    await phone.page.getByText('₩900,000').first().waitFor();
    await assertUsable(phone.page, 'a receipt on a phone');
    await phone.go('/open-rounds?tab=orders');
    await act(phone.page, 'Confirm');
    await phone.page.getByText('The round was ended').waitFor();
    assert.deepEqual([...errors, ...phone.errors], []);
  },
);

test(
  'support on a phone: an inquiry answered with a file, a note, a user blocked, a callback sent again',
  LIMIT,
  async (t) => {
    const { rig, things } = day;
    const asker = await rig.of('root');
    const opening = { subject: 'No answer since noon', category: 'technical', text: 'Our players wait.' };
    await asker.post('/inquiries', opening);
    const look = { as: await rig.house('support', 'sue'), size: 'phone', colorScheme: 'dark' } as const;
    const { page, go, errors } = await visit(t, { ...look, at: '/inquiries' });
    await page.getByText(opening.subject).click();
    await page.getByLabel('Message', { exact: true }).fill('It was our line: here is the report.');
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'report.txt', mimeType: 'text/plain', buffer: Buffer.from('all is well') });
    await page.getByText('report.txt').waitFor();
    await button(page, 'Send').click();
    await page.getByText('Answered', { exact: true }).waitFor();
    await page.getByRole('link', { name: /report\.txt/ }).waitFor();
    await assertUsable(page, 'an inquiry');
    await go(`/desk/${things.threadId.desk}`);
    await page.getByLabel('Note the agent does not see').fill('The studio is told.');
    await button(page, 'Keep note').click();
    await page.getByText('Note: the agent does not see it').waitFor();

    await go(`/players/${rig.players.a.id}`);
    await act(page, 'Block', { Reason: 'two accounts' });
    await page.getByText(/Blocked since/).waitFor();
    await act(page, 'End sessions', { Reason: 'two accounts' });
    await page.getByText('All sessions were ended').waitFor();
    await go(`/callbacks/${things.callbackId}`);
    await act(page, 'Send again', { Reason: 'their server is back' });
    await page.getByText('The operator has been told.').waitFor();
    await assertUsable(page, 'a callback');
    assert.deepEqual(errors, []);
  },
);

test(
  'a trader and finance, in Chinese: two persons make a result count, it settles, the exposure goes',
  LIMIT,
  async (t) => {
    const { rig, things } = day;
    const say = await wordsOf('zh');
    const speak = async (who: OfficeClient) => {
      await rig.sql`update office_user set language = 'zh' where id = ${who.userId}`;
      return who;
    };
    const [tom, fay] = [
      await speak(await rig.house('trader', 'tom')),
      await speak(await rig.house('finance', 'fay')),
    ];
    const at = `/rain/sessions/${things.rainSessionId}`;
    const first = await visit(t, { as: tom, at, language: 'zh' });
    await button(first.page, say('rain.act.result')).click();
    await dialog(first.page).getByLabel(say('rain.result')).selectOption('RAIN');
    await dialog(first.page).getByLabel(say('rain.rain_mm')).fill('4.2');
    await dialog(first.page)
      .getByRole('button', { name: say('rain.act.result') })
      .click();
    await first.page.getByText('tom').filter({ visible: true }).first().waitFor();
    await assertUsable(first.page, 'a session in Chinese');
    const second = await visit(t, { as: fay, at, language: 'zh', size: 'phone', colorScheme: 'dark' });
    await button(second.page, say('rain.act.confirm')).click();
    await dialog(second.page).getByLabel(say('rain.result')).selectOption('RAIN');
    await dialog(second.page)
      .getByRole('button', { name: say('rain.act.confirm'), exact: true })
      .click();
    await second.page.getByText(say('rain.result_counts')).first().waitFor();
    await act(second.page, say('rain.act.settle'));
    const step = first.page.locator('[aria-current=step]');
    await step.filter({ hasText: say('rain.statuses.SETTLED') }).waitFor();
    await first.go('/rain/exposure');
    await first.page.getByRole('row').nth(1).waitFor();
    assert.equal(await first.page.locator(`main a[href$="${at}"]`).count(), 0, 'nothing is at risk in it');
    await assertUsable(first.page, 'the board in Chinese');
    assert.deepEqual([...first.errors, ...second.errors], []);
  },
);
