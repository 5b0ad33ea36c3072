/**
 * Every page of the back office, for the house on a desk in the light and on a phone in the dark, what agents see of them
 * on one of the two: it says what it is, shows something that is no failure, no text is missing, nothing sticks out, nobody is shut out.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { permissionsOf } from '../../src/core/office/roles.ts';
import type { OfficeClient } from '../office/rig.ts';
import { assertUsable, visitOffice } from '../office-page/ground.ts';
import { type DayGround, openDay } from './office-day-ground.ts';
import { addressOf, isRead, PAGES_SOURCE, pagesThereAre, turnTo } from './office-day-pages.ts';

const LIMIT = { timeout: 240_000 };

let day: DayGround;
before(async () => {
  day = await openDay();
});
after(() => day?.close());

/** What is wrong with what the page shows, in words. */
const WRONG = `(() => {
  const main = document.querySelector('main');
  const failures = [...main.querySelectorAll('.MuiAlert-colorError')].map((each) => 'fails: ' + each.innerText);
  const texts = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.parentElement.closest('code, pre') === null) texts.push(walker.currentNode.data.trim());
  const key = /^(agents|audit|bets|callbacks|catalogue|desk|developer|entry|frame|inquiries|kit|limits|my|notices|people|players|pot|ra|rain|refusals|roles|rounds|start|statement|statistics)([.][a-z0-9_]+)+$/;
  const value = /^(undefined|NaN|null|Invalid Date)$|[[]object/;
  return [...failures, ...texts.filter((text) => key.test(text) || value.test(text))];
})()`;

async function assertShown(page: Page, at: string): Promise<void> {
  await isRead(page);
  assert.deepEqual(await page.evaluate<string[]>(WRONG), [], at);
  assert.notEqual(await page.getByRole('heading', { level: 1 }).innerText(), 'There is no such page', at);
  assert.equal(await page.title(), `${await page.getByRole('heading', { level: 1 }).innerText()} · Croupier`);
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  assert.ok(width <= (page.viewportSize()?.width ?? 0), `${at} is ${width} wide`);
  await assertUsable(page, at);
}

/** Further sides of a page: those its tabs lead to. */
const tabsOf = (page: Page) =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('main [role=tab][id^=tab-]')].slice(1).map(({ id }) => id.slice(4))`,
  );

interface Who {
  readonly name: string;
  readonly role: 'owner' | 'agent_owner';
  readonly client: () => Promise<OfficeClient>;
  readonly sizes: readonly (typeof DESKTOP | typeof PHONE)[];
  readonly sees: (path: string) => boolean;
}

const DESKTOP = { size: 'desktop', colorScheme: 'light' } as const;
const PHONE = { size: 'phone', colorScheme: 'dark' } as const;

const isOfDeveloper = (path: string) => path.startsWith('/developer');
const WHO: readonly Who[] = [
  {
    ...{ name: 'the house', role: 'owner', client: () => day.rig.house('owner') },
    sizes: [DESKTOP, PHONE],
    sees: () => true,
  },
  {
    ...{ name: 'an agent', role: 'agent_owner', client: () => day.rig.of('root') },
    sizes: [PHONE],
    sees: (path) => !isOfDeveloper(path),
  },
  {
    ...{ name: 'an agent of its own', role: 'agent_owner', client: () => day.rig.of('b') },
    sizes: [DESKTOP],
    sees: isOfDeveloper,
  },
];

const pages = pagesThereAre();
test('the table is read whole', () => {
  assert.ok(pages.length > 45);
  assert.equal(pages.length, PAGES_SOURCE.match(/ component: lazy\(/g)?.length);
});

for (const { name, role, client, sizes, sees } of WHO)
  for (const { size, colorScheme } of sizes)
    test(`every page for ${name} (${size}, ${colorScheme})`, LIMIT, async (t) => {
      const held: readonly string[] = permissionsOf(role, { byLink: false });
      const side = role === 'owner' ? 'house' : 'agent';
      const shown = pages.filter(
        ({ path, permission, only }) =>
          sees(path) &&
          (permission === null || held.includes(permission)) &&
          (only === null || only === side),
      );
      const { page, go, errors } = await visitOffice(t, day.browser, {
        ...{ url: day.rig.url, as: await client(), size, colorScheme, at: '/nowhere' },
      });
      for (const { path } of shown) {
        const at = addressOf(day, path);
        await turnTo({ page, go }, at);
        await assertShown(page, `${at} ${size}`);
        for (const tab of await tabsOf(page)) {
          // Where it led: an agent's own developer page has a number.
          await go(`${new URL(page.url()).hash.slice(1).split('?')[0]}?tab=${tab}`);
          await page.locator(`#tab-panel[aria-labelledby=tab-${tab}]`).waitFor();
          await assertShown(page, `${at}?tab=${tab} ${size}`);
        }
      }
      assert.deepEqual(errors, []);
    });
