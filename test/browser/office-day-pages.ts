/** The pages of the back office as a test walks them: the table of them, their addresses on a day's ground, turning to one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { OfficeVisit } from '../office-page/ground.ts';
import type { DayGround } from './office-day-ground.ts';

export interface Listed {
  readonly path: string;
  readonly permission: string | null;
  readonly only: string | null;
}

export const PAGES_SOURCE = readFileSync(new URL('../../web/backoffice/pages.tsx', import.meta.url), 'utf8');

/** The table of pages, read as text: it is made of parts of a browser. */
export function pagesThereAre(): readonly Listed[] {
  const entries =
    PAGES_SOURCE.slice(PAGES_SOURCE.indexOf('PAGES')).match(/\{[^{}]*?path: '[\s\S]*?component/g) ?? [];
  const field = (entry: string, name: string) => new RegExp(`${name}: '([^']*)'`).exec(entry)?.[1] ?? null;
  return entries.map((entry) => ({
    path: field(entry, 'path') ?? assert.fail(entry),
    permission: field(entry, 'permission'),
    only: field(entry, 'only'),
  }));
}

/** The address of a page about a thing of this ground. */
export function addressOf(day: Pick<DayGround, 'rig' | 'things'>, path: string): string {
  const { threadId, ...things } = day.things;
  // Who certifies and has keys is branch-b.
  const agentId = path.startsWith('/developer') ? day.rig.agents.b.id : things.agentId;
  const ids = { ...things, agentId, threadId: threadId[path.startsWith('/desk') ? 'desk' : 'inquiries'] };
  return path.replaceAll(/:(\w+)/g, (_all, name: string) => {
    const id = new Map<string, unknown>(Object.entries(ids)).get(name);
    return id === undefined ? assert.fail(`${path}: nothing of that kind is made here`) : String(id);
  });
}

/** Marks the page that is seen, so that the next one is known from it. */
const SEEN = `document.querySelector('main h1')?.setAttribute('data-seen', '')`;
const here = (page: Page) => page.locator('main h1:not([data-seen])').filter({ hasText: /./ }).waitFor();
/** What was asked for has come. */
export const isRead = (page: Page) =>
  page
    .locator('main :is(.MuiSkeleton-root, .MuiLinearProgress-indeterminate)')
    .first()
    .waitFor({ state: 'detached' });

/** Goes to a page and waits until it is there. */
export async function turnTo({ page, go }: Pick<OfficeVisit, 'page' | 'go'>, at: string): Promise<void> {
  // An agent's own developer page is where the one without a number leads.
  const already = new URL(page.url()).hash.split('?')[0] === `#${at.split('?')[0]}`;
  if (!already) await page.evaluate(SEEN);
  await go(at);
  await here(page);
}
