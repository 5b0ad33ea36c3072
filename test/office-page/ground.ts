/** The ground for tests of the back office's page: a hub with people (test/office/rig.ts) and browsers that are signed in. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { OfficeClient } from '../office/rig.ts';

/** How long a test waits for what a page does at once: a machine under load may take that long to draw it. */
export const PAGE_MS_MAX = 60_000;

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false },
} as const;
const LOCALES = { en: 'en-GB', ko: 'ko-KR', zh: 'zh-TW' } as const;

export interface OfficeLook {
  readonly size?: keyof typeof SIZES;
  /** The browser's: whoever is signed in has one of their own. */
  readonly language?: keyof typeof LOCALES;
  readonly colorScheme?: 'light' | 'dark';
  /** Who is signed in; absent: nobody. */
  readonly as?: OfficeClient;
  /** Where to begin: `/players?agent=3`. */
  readonly at?: string;
}

export interface OfficeVisit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Faults of the page and breaches of its policy; empty at the end of every test. */
  readonly errors: string[];
  /** Goes to an address of the page, `/my`. */
  go(path: string): Promise<void>;
}

/** Opens the page; it is closed when the test ends. */
export async function visitOffice(
  t: TestContext,
  browser: Browser,
  {
    url,
    size = 'desktop',
    language = 'en',
    colorScheme = 'light',
    as,
    at = '/',
  }: OfficeLook & { readonly url: string },
): Promise<OfficeVisit> {
  const context = await browser.newContext({
    ...SIZES[size],
    colorScheme,
    locale: LOCALES[language],
    timezoneId: 'Asia/Taipei',
    reducedMotion: 'reduce',
  });
  t.after(() => context.close());
  const cookie = as?.cookie() ?? null;
  if (cookie !== null)
    await context.addCookies([
      {
        name: 'croupier_office',
        value: cookie,
        domain: '127.0.0.1',
        path: '/office',
        httpOnly: true,
        sameSite: 'Strict',
      },
    ]);
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS_MAX);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Missing translation|Maximum update depth/.test(message.text()))
      errors.push(message.text());
  });
  const go = async (path: string) => {
    await page.goto(`${url}/office/#${path}`);
  };
  await go(at);
  return { page, context, errors, go };
}

let axe: string | null = null;

/** No serious barrier, and nothing sticks out sideways. */
export async function assertUsable(page: Page, name: string): Promise<void> {
  axe ??= await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  await page.evaluate(axe);
  const barriers = await page.evaluate<string[]>(
    `window.axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))`,
  );
  assert.deepEqual(barriers, [], name);
  assert.deepEqual(
    await page.evaluate<string[]>(
      `document.documentElement.scrollWidth > innerWidth ? ['sticks out sideways: ' + document.documentElement.scrollWidth] : []`,
    ),
    [],
    name,
  );
}
