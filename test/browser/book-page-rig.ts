/** The rain book's page in a real browser, in front of the double of its API. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type FakeBook, startFakeBook } from '../book-page/fake-book.ts';

/** How long a test waits for what a page does at once: a machine under load may take that long to draw it. */
export const PAGE_MS_MAX = 60_000;

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 900 }, isMobile: false, hasTouch: false },
} as const;
const LOCALES = { en: 'en-GB', ko: 'ko-KR', zh: 'zh-TW' } as const;

export interface Look {
  readonly size?: keyof typeof SIZES;
  readonly language?: keyof typeof LOCALES;
  readonly colorScheme?: 'light' | 'dark';
  /** What the double does before the page comes. */
  readonly prepare?: (book: FakeBook) => void;
  readonly query?: Readonly<Record<string, string>>;
}

export interface Visit {
  readonly book: FakeBook;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Faults of the page, and of nothing else. */
  readonly errors: string[];
}

/** A player who has just followed a link. */
export async function openVisit(t: TestContext, browser: Browser, look: Look = {}): Promise<Visit> {
  const { size = 'phone', language = 'en', colorScheme = 'dark', prepare, query } = look;
  const book = await startFakeBook();
  const context = await browser.newContext({
    ...SIZES[size],
    colorScheme,
    locale: LOCALES[language],
    timezoneId: 'Asia/Taipei',
    reducedMotion: 'reduce',
  });
  t.after(async () => {
    await context.close();
    await book.close();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_MS_MAX);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) errors.push(message.text());
  });
  prepare?.(book);
  await page.goto(book.link(query));
  return { book, page, context, errors };
}

export function card(page: Page, sessionId: number) {
  return page.locator(`[data-session="${sessionId}"]`);
}

/** Opens the slip on a side and types a stake. */
export async function pick(
  page: Page,
  {
    session,
    side,
    stake,
  }: { readonly session: number; readonly side: 'RAIN' | 'NO_RAIN'; readonly stake: string },
): Promise<void> {
  await card(page, session).locator(`[data-side=${side}]`).click();
  await page.locator('.stake input').fill(stake);
}

/** The slip's button, when pressing it does something. */
export const READY = '.slip-form .primary[aria-disabled=false]';

let axe: string | null = null;

/** No serious barrier, nothing sticks out sideways, nothing to press is smaller than a fingertip. */
export async function assertUsable(page: Page, name: string): Promise<void> {
  axe ??= await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  const barriers = await page.evaluate<string[]>(
    `(async () => {
      if (!window.axe) { ${axe} }
      const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | '));
    })()`,
  );
  assert.deepEqual(barriers, [], name);
  assert.deepEqual(await page.evaluate<string[]>(OUTSIZED), [], name);
}

const OUTSIZED = `(() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push('sticks out sideways');
  for (const each of document.querySelectorAll('button, summary, nav a, .choice label, input:not(.unseen)')) {
    const { width, height } = each.getBoundingClientRect();
    if (width > 0 && (height < 43.5 || width < 43.5)) found.push('too small: ' + each.outerHTML.slice(0, 120));
  }
  return found;
})()`;
