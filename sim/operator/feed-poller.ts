/**
 * Reads the hub's feed and keeps it.
 * Invariants: rows are on the disk before the cursor that lies behind them, so a crash re-reads and never skips;
 * a row read twice is kept once; two calls to /transactions are at least `intervalMsMin` apart.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { FeedIndex } from './feed-index.ts';
import { firstCursor, lateWindow, msOfXtTime, nextWindow, type Window } from './feed-windows.ts';
import type { Journal } from './journal.ts';
import type { XtClient } from './xt-client.ts';
import { type FeedRow, fieldsOf, rowOfWire, WireError } from './xt-wire.ts';

export interface FeedPoller {
  /** One step: the next window, or the late re-read when it is due. True when more is waiting right behind. */
  step(): Promise<boolean>;
  /** Steps until closed. */
  run(): Promise<void>;
  /** How far the feed has been read, UTC; null before the first answer. */
  cursor(): string | null;
  close(): void;
}

export interface PollerParts {
  readonly xt: XtClient;
  readonly index: FeedIndex;
  readonly journal: Journal;
  readonly log: Logger;
  /** What `replayFeed` found; null for a site without rows. */
  readonly cursor: string | null;
  readonly pollMs: number;
  readonly intervalMsMin: number;
  readonly lateEveryMs: number;
  readonly lateStretchMs: number;
  readonly perPage: number;
}

interface ParsedRow {
  readonly raw: unknown;
  readonly row: FeedRow;
}

type FeedRecord = { readonly row: unknown } | { readonly cursor: string };

/** Reads the journal's records back into the index; `cursor()` tells where reading goes on. */
export function feedReplay(index: FeedIndex): { replay(record: unknown): void; cursor(): string | null } {
  let cursor: string | null = null;
  return {
    replay(record) {
      const fields = fieldsOf(record, 'feed record');
      if (typeof fields.cursor === 'string') cursor = fields.cursor;
      else index.add(rowOfWire(fields.row));
    },
    cursor: () => cursor,
  };
}

interface RowKeeper {
  /** Keeps what is new and tells it; null when a row is not as agreed, then nothing is kept. */
  keep(rows: readonly unknown[]): Promise<FeedRow[] | null>;
}

function rowKeeper(parts: Pick<PollerParts, 'index' | 'journal' | 'log'>): RowKeeper {
  const { index, journal, log } = parts;

  /** A row we cannot read keeps the cursor where it is: a loud log line is better than a hole in the books. */
  function parsed(rows: readonly unknown[]): ParsedRow[] | null {
    try {
      return rows.map((raw) => ({ raw, row: rowOfWire(raw) }));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      log.error({ words: error.message }, 'a row of the feed is not as agreed');
      return null;
    }
  }

  async function store(rows: readonly ParsedRow[]): Promise<FeedRow[]> {
    const fresh: FeedRow[] = [];
    const records: FeedRecord[] = [];
    for (const { raw, row } of rows) {
      const kind = index.add(row);
      if (kind !== 'known') records.push({ row: raw });
      if (kind === 'new') fresh.push(row);
    }
    await journal.append(records);
    return fresh;
  }

  return {
    keep(rows) {
      const known = parsed(rows);
      return known === null ? Promise.resolve(null) : store(known);
    },
  };
}

export function feedPoller(parts: PollerParts): FeedPoller {
  const { xt, journal, log } = parts;
  const keeper = rowKeeper(parts);
  const closing = new AbortController();
  let cursor = parts.cursor;
  let lastCallMs = Number.NEGATIVE_INFINITY;
  let lastLateMs = performance.now();

  function pause(ms: number): Promise<unknown> {
    return sleep(Math.max(ms, 0), undefined, { signal: closing.signal }).catch(() => undefined);
  }

  /** Reads a closed window to its end. Null when the hub gave no answer: the window is read again later. */
  async function readWindow(window: Window): Promise<FeedRow[] | null> {
    const fresh: FeedRow[] = [];
    for (let page = 1; !closing.signal.aborted; page++) {
      await pause(lastCallMs + parts.intervalMsMin - performance.now());
      const answer = await xt.transactions({ ...window, page, perPage: parts.perPage });
      lastCallMs = performance.now();
      if (answer.kind !== 'ok') {
        log.warn({ window, page, answer }, 'the feed could not be read');
        return null;
      }
      const kept = await keeper.keep(answer.value);
      if (kept === null) return null;
      fresh.push(...kept);
      if (answer.value.length < parts.perPage) return fresh;
    }
    return null;
  }

  async function begin(): Promise<void> {
    const info = await xt.myInfo();
    const nowMs = xt.clock.nowMs();
    if (info.kind !== 'ok' || nowMs === null) return;
    cursor ??= firstCursor(info.value.createdAt, nowMs);
  }

  async function readLate(from: string): Promise<void> {
    lastLateMs = performance.now();
    const ids = (await readWindow(lateWindow(from, parts.lateStretchMs)))?.map((row) => row.id) ?? [];
    if (ids.length > 0) log.warn({ ids }, 'rows had appeared behind the reader');
  }

  async function step(): Promise<boolean> {
    if (cursor === null || xt.clock.nowMs() === null) await begin();
    const nowMs = xt.clock.nowMs();
    if (cursor === null || nowMs === null) return false;
    const window = nextWindow(cursor, nowMs);
    if (window !== null && (await readWindow(window)) !== null) {
      cursor = window.end;
      await journal.append([{ cursor } satisfies FeedRecord]);
    }
    if (performance.now() - lastLateMs >= parts.lateEveryMs) await readLate(cursor);
    return nowMs - msOfXtTime(cursor) > 60_000 && window !== null && cursor === window.end;
  }

  return {
    step,
    async run() {
      while (!closing.signal.aborted) {
        const more = await step();
        if (!more) await pause(parts.pollMs);
      }
    },
    cursor: () => cursor,
    close: () => closing.abort(),
  };
}
