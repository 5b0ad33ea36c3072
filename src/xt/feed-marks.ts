/**
 * Where pages of the feed ended, so that the next page of the same window begins there by index instead of counting all
 * rows before it. Only of windows in which the rows of a page stay the same: read upwards, or ended when they were read.
 * A node's own memory, bounded; what is not known is counted.
 */
import type { FeedMark } from '../db/feed.ts';

const WINDOWS_MAX = 1000;
const PAGES_MAX = 100;

export interface FeedMarks {
  /** The last known end of a page before this one. */
  before(window: string, page: number): { readonly page: number; readonly mark: FeedMark } | null;
  keep(window: string, page: number, mark: FeedMark): void;
}

export function openFeedMarks(): FeedMarks {
  const windows = new Map<string, Map<number, FeedMark>>();
  return {
    before(window, page) {
      const pages = windows.get(window) ?? new Map<number, FeedMark>();
      const known = [...pages.keys()].filter((each) => each < page);
      if (known.length === 0) return null;
      const nearest = Math.max(...known);
      const mark = pages.get(nearest);
      return mark === undefined ? null : { page: nearest, mark };
    },
    keep(window, page, mark) {
      const pages = windows.get(window) ?? new Map<number, FeedMark>();
      windows.delete(window);
      windows.set(window, pages);
      pages.delete(page);
      pages.set(page, mark);
      forgetOldest(pages, PAGES_MAX);
      forgetOldest(windows, WINDOWS_MAX);
    },
  };
}

function forgetOldest<Key>(map: Map<Key, unknown>, sizeMax: number): void {
  const [oldest] = map.keys();
  if (map.size > sizeMax && oldest !== undefined) map.delete(oldest);
}
