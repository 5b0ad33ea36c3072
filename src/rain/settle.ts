/**
 * The settlement of sessions that have a result: every position is posted through the ledger like any other command,
 * chunk by chunk in the order of players, until none is left, and only then is the session called settled. Nothing is
 * remembered between chunks but what the positions say of themselves, so it goes on after a crash where it stood, on
 * any node, and two at once only do each other's work in vain.
 *
 * A chunk is one batch of the ledger, and the next is handed in when it is through: what players do meanwhile waits
 * for one chunk at most. A position with a bet whose fate K-Rain still owes is posted as far as it goes, and left to a
 * later run.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { BookAccounts, BookSettle } from '../core/book/types.ts';
import type { RainSessionId } from '../core/ids.ts';
import { TRANSFERS_PER_COMMAND_MAX } from '../core/ledger.ts';
import {
  type DuePosition,
  type DueSession,
  duePositions,
  sessionsToSettle,
  sessionToSettle,
} from '../db/book-settlement.ts';
import type { Sql } from '../db/connect.ts';
import { markSettled } from '../db/rain-session.ts';
import type { BookDirectory } from '../engine/book-directory.ts';
import { LedgerFault, type LedgerWriter } from '../engine/ledger-writer.ts';

export interface SettlementOptions {
  readonly sql: Sql;
  readonly writer: Pick<LedgerWriter, 'submitAll'>;
  readonly directory: Pick<BookDirectory, 'bookAccounts'>;
  /** Most positions of a chunk; by itself as many as one batch of the ledger takes. */
  readonly chunkMax?: number;
  readonly onChunk?: (chunk: { session: RainSessionId; positions: number; elapsedMs: number }) => void;
}

/** What became of a session in a run. `waiting`: positions K-Rain still owes a bet of. */
export interface Settled {
  readonly session: RainSessionId;
  readonly version: number;
  readonly positions: number;
  readonly waiting: number;
  /** True when every position is posted and the session says so. */
  readonly done: boolean;
}

export interface Settlement {
  /** Settles everything that can be, the oldest result first. Rejects when the ledger or the database is not there. */
  run(): Promise<Settled[]>;
  /** One session; null when it has nothing to settle. */
  runOne(id: RainSessionId): Promise<Settled | null>;
  /** No further chunk is begun. */
  stop(): void;
}

const CHUNK_MAX = Math.floor(512 / TRANSFERS_PER_COMMAND_MAX);
/** A batch the ledger did not take, or whose end nobody knows, is handed in again: it posts nothing twice. */
const TRIES_MAX = 5;
const AGAIN_MS = 200;
const BY = 'settlement';

export function openSettlement(options: SettlementOptions): Settlement {
  const { sql } = options;
  let stopped = false;
  const isStopped = () => stopped;
  return {
    async run() {
      const settled: Settled[] = [];
      for (const session of await sessionsToSettle(sql)) {
        if (!stopped) settled.push(await settleSession(options, session, isStopped));
      }
      return settled;
    },
    async runOne(id) {
      const session = await sessionToSettle(sql, id);
      return session === null ? null : settleSession(options, session, isStopped);
    },
    stop() {
      stopped = true;
    },
  };
}

async function settleSession(
  options: SettlementOptions,
  session: DueSession,
  isStopped: () => boolean,
): Promise<Settled> {
  const { sql, directory, chunkMax: limit = CHUNK_MAX } = options;
  const { id, version, currency } = session;
  const accounts = await directory.bookAccounts(currency);
  const sum = { positions: 0, waiting: 0 };
  let page = await duePositions(sql, session, { after: null, limit });
  while (page.length > 0 && !isStopped()) {
    // The next is read while this one is written.
    const [waiting, next] = await Promise.all([
      postChunk(options, session, { page, accounts }),
      page.length < limit ? [] : duePositions(sql, session, { after: page.at(-1)?.playerId ?? null, limit }),
    ]);
    sum.positions += page.length - waiting;
    sum.waiting += waiting;
    page = next;
  }
  const marked = isStopped() || sum.waiting > 0 ? null : await markSettled(sql, id, { version, by: BY });
  // Another node may have been quicker to say so.
  const done = marked !== null && (marked.ok || marked.session?.status !== 'UNSETTLED');
  return { session: id, version, ...sum, done };
}

/** Returns how many of the chunk's positions are not through yet. */
async function postChunk(
  { writer, onChunk }: SettlementOptions,
  { id: sessionId }: DueSession,
  { page, accounts }: { page: readonly DuePosition[]; accounts: BookAccounts },
): Promise<number> {
  const commands = page.map(
    ({ playerId, operatorId, accountId }): BookSettle => ({
      kind: 'book_settle',
      sessionId,
      player: { id: playerId, operatorId, accountId },
      accounts,
    }),
  );
  const startedAt = performance.now();
  const outcomes = await submit(writer, commands);
  onChunk?.({ session: sessionId, positions: page.length, elapsedMs: performance.now() - startedAt });
  return outcomes.filter(({ left }) => left > 0).length;
}

async function submit(writer: Pick<LedgerWriter, 'submitAll'>, commands: readonly BookSettle[]) {
  for (let tries = 1; ; tries++) {
    try {
      return await writer.submitAll(commands);
    } catch (error) {
      const mayRepeat = error instanceof LedgerFault && error.fault !== 'closing' && tries < TRIES_MAX;
      if (!mayRepeat) throw error;
      await delay(AGAIN_MS * tries);
    }
  }
}
