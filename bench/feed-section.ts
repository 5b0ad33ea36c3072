/**
 * Does a page of the feed cost the same when the feed is long? Two databases of one layout, a short feed and a long
 * one, a hub on each; pages are asked for in turn, so that both meet the same noise.
 */
import type { ServerProcess } from './children.ts';
import { type FilledFeed, fillFeed } from './feed-fill.ts';
import { type Answer, exchange } from './load/connection.ts';
import { startHub } from './load-section.ts';
import { createDatabase } from './setup.ts';
import { median } from './targets.ts';

export interface FeedSection {
  readonly serverUrl: string;
  readonly shortRows: number;
  readonly longRows: number;
  readonly samples: number;
  readonly onProgress: (line: string) => void;
}

export interface FeedRow {
  readonly name: string;
  readonly title: string;
  readonly times: readonly number[];
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly errors: number;
}

const PAGE = 1000;
const UNCOUNTED = 5;
/** Reading to the middle of everything by page number takes seconds: few samples. */
const DEEP_SAMPLES = 3;

interface Feed extends FilledFeed {
  readonly size: 'short' | 'long';
  readonly label: string;
  readonly hub: ServerProcess;
}

interface PageKind {
  readonly name: string;
  readonly title: string;
  readonly samples: number;
  readonly path: (feed: FilledFeed) => string;
}

export async function runFeed(section: FeedSection): Promise<FeedRow[]> {
  const feeds: Feed[] = [];
  try {
    for (const size of ['short', 'long'] as const) feeds.push(await openFeed(section, size));
    const rows: FeedRow[] = [];
    for (const kind of kinds(section.samples)) {
      const measured = await measureKind(kind, feeds);
      rows.push(...measured);
      section.onProgress(measured.map((row) => `${row.title}: ${row.medianMs.toFixed(1)} ms`).join('; '));
    }
    return rows;
  } finally {
    for (const feed of feeds) await feed.hub.stop();
  }
}

async function openFeed(section: FeedSection, size: Feed['size']): Promise<Feed> {
  const rows = size === 'short' ? section.shortRows : section.longRows;
  const label = `${rows.toLocaleString('en')} rows`;
  section.onProgress(`filling a feed of ${label}`);
  const filled = await fillFeed(await createDatabase(section.serverUrl, `bench_feed_${size}`), rows);
  return { ...filled, size, label, hub: await startHub(filled.url) };
}

const kinds = (samples: number): PageKind[] => [
  {
    name: 'first',
    title: 'first page of 14 days',
    samples,
    path: ({ from, to }) => pathOf({ from, to, page: 1 }),
  },
  {
    name: 'middle',
    title: 'page 5 of a window that begins in the middle',
    samples,
    path: ({ middle, to }) => pathOf({ from: middle, to, page: 5 }),
  },
  {
    name: 'details',
    title: 'page with details',
    samples,
    path: ({ middle, to }) => pathOf({ from: middle, to, page: 1, withDetails: 1 }),
  },
  {
    name: 'deep',
    title: 'the page in the middle of 14 days, by its number',
    samples: DEEP_SAMPLES,
    path: ({ from, to, rows }) => pathOf({ from, to, page: Math.floor(rows / PAGE / 2) }),
  },
];

function pathOf(query: { from: Date; to: Date; page: number; withDetails?: number }): string {
  const { from, to, page, withDetails = 0 } = query;
  const wire = (instant: Date) => instant.toISOString().slice(0, 19);
  const values = { start: wire(from), end: wire(to), page, perPage: PAGE, withDetails };
  return `/api/transactions?${new URLSearchParams(Object.entries(values).map(([k, v]): [string, string] => [k, String(v)]))}`;
}

async function measureKind(kind: PageKind, feeds: readonly Feed[]): Promise<FeedRow[]> {
  const times = new Map(feeds.map((feed) => [feed.size, [] as number[]]));
  const errors = new Map(feeds.map((feed) => [feed.size, 0]));
  const uncounted = Math.min(UNCOUNTED, kind.samples - 1);
  for (let turn = 0; turn < kind.samples + uncounted; turn++) {
    for (const feed of feeds) {
      const answer = await ask(feed, kind.path(feed));
      if (!isFullPage(answer)) errors.set(feed.size, (errors.get(feed.size) ?? 0) + 1);
      else if (turn >= uncounted) times.get(feed.size)?.push(answer.elapsedMs);
    }
  }
  return feeds.map(({ size, label }) => ({
    name: `feed-${kind.name}-${size}`,
    title: `${kind.title}, ${label}`,
    ...summary(times.get(size) ?? []),
    errors: errors.get(size) ?? 0,
  }));
}

function summary(times: readonly number[]): Pick<FeedRow, 'times' | 'medianMs' | 'p99Ms'> {
  const sorted = [...times].sort((a, b) => a - b);
  const p99Ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
  return { times, medianMs: median(sorted), p99Ms };
}

function ask({ hub, apiKey }: Feed, path: string): Promise<Answer> {
  return exchange(
    hub.port,
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${apiKey}\r\naccept: application/json\r\n\r\n`,
  );
}

function isFullPage({ status, body }: Answer): boolean {
  return status === 200 && (JSON.parse(body) as { data: unknown[] }).data.length === PAGE;
}
