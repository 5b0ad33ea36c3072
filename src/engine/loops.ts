/**
 * Background work of a node: each loop runs at most once at a time, waits its interval after it has ended, and stops
 * by waiting for what is under way. Across nodes the database's locks keep one at a time.
 */

import { forgetVisits } from '../db/book-visit.ts';
import { healLines } from '../db/callback.ts';
import type { Sql } from '../db/connect.ts';
import { forgetAnswers } from '../db/idempotency.ts';
import { forgetLooseAttachments } from '../db/office-attachment.ts';
import { endTryKeys } from '../db/office-key.ts';
import { forgetLinks } from '../db/office-link.ts';
import { forgetOfficeSessions } from '../db/office-session.ts';
import { closeHours } from '../db/office-statistics-close.ts';
import { forgetTries } from '../db/office-try.ts';
import { forgetTurns } from '../db/pace.ts';
import { detachOldTransfers, dropOldDetails, ensurePartitions } from '../db/partition.ts';
import { forgetRequests } from '../db/request-log.ts';
import { foldTransfers, summarizeToday } from '../db/rollup.ts';
import { forgetNonces } from '../db/studio.ts';
import type { Directory } from './directory.ts';

/** Answers are kept at least four months. */
const ANSWER_DAYS = 130;

export interface Loops {
  close(): Promise<void>;
}

interface Loop {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

export interface LoopOptions {
  readonly sql: Sql;
  readonly directory: Directory;
  readonly retentionDays: number;
  /** Finds callbacks whose time has come (src/callbacks/deliver.ts). */
  readonly sweepCallbacks: () => Promise<number>;
  readonly onError: (loop: string, error: unknown) => void;
}

export function startLoops(options: LoopOptions): Loops {
  const { sql, directory, retentionDays } = options;
  const loops: readonly Loop[] = [
    { name: 'callbacks', everyMs: 250, run: options.sweepCallbacks },
    { name: 'callback lines', everyMs: 30_000, run: () => healLines(sql) },
    { name: 'fold', everyMs: 1000, run: () => foldTransfers(sql) },
    { name: 'hours', everyMs: 5000, run: () => closeHours(sql) },
    { name: 'summaries', everyMs: 5000, run: () => summarizeToday(sql, new Date()) },
    { name: 'key use', everyMs: 10_000, run: () => directory.flushKeyUse() },
    { name: 'nonces', everyMs: 60_000, run: () => forgetNonces(sql) },
    { name: 'try keys', everyMs: 5000, run: () => endTryKeys(sql) },
    { name: 'requests', everyMs: 60_000, run: () => forgetRequests(sql) },
    { name: 'turns', everyMs: 600_000, run: () => forgetTurns(sql) },
    { name: 'partitions', everyMs: 3_600_000, run: () => keepPartitions(sql, retentionDays) },
    { name: 'answers', everyMs: 3_600_000, run: () => forgetAnswers(sql, ANSWER_DAYS) },
    { name: 'sign-ins', everyMs: 3_600_000, run: () => forgetSignIns(sql) },
    { name: 'files', everyMs: 3_600_000, run: () => forgetLooseAttachments(sql) },
    { name: 'visits', everyMs: 3_600_000, run: () => forgetVisits(sql) },
  ];
  const stops = loops.map((loop) => startLoop(loop, options.onError));
  return {
    async close() {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

async function forgetSignIns(sql: Sql): Promise<void> {
  await forgetOfficeSessions(sql);
  await forgetLinks(sql);
  await forgetTries(sql);
}

async function keepPartitions(sql: Sql, retentionDays: number): Promise<void> {
  const now = new Date();
  await ensurePartitions(sql, now);
  await dropOldDetails(sql, now);
  await detachOldTransfers(sql, now, retentionDays);
}

function startLoop(loop: Loop, onError: LoopOptions['onError']): () => Promise<void> {
  let stopped = false;
  let underWay: Promise<void> = Promise.resolve();
  let timer = setTimeout(tick, loop.everyMs);
  function tick(): void {
    underWay = loop
      .run()
      .then(
        () => {},
        (error) => onError(loop.name, error),
      )
      .then(() => {
        if (!stopped) timer = setTimeout(tick, loop.everyMs);
      });
  }
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await underWay;
  };
}
