/**
 * The studio's sessions and rounds, in memory and in the journal.
 * Invariant: a change resolves when its record would survive a crash; a reader in memory may see it before.
 * A failing disk ends the program (`onFatal`): playing on without a journal could lose a player's win.
 */

import type { OpenedSession } from './hub-client.ts';
import { type Journal, openJournal } from './journal.ts';
import { lockFolder } from './lock.ts';
import { isDone, type Round } from './round.ts';

export type Session = OpenedSession & {
  /** Digest of the key the player's page holds. */
  key: string;
  /** Digest of the page's own opening id, so that an opening whose answer was lost can be repeated. */
  opening: string;
  /** The game launched; a lobby when `entry` is one. */
  entry: string;
  /** The game played now, null in a lobby. */
  playing: string | null;
  openedAt: number;
  touchedAt: number;
  closed: boolean;
  staked: bigint;
  won: bigint;
  stake: bigint;
  /** The latest round's id. */
  round: string | null;
  /** Client-made ids of the latest spins, newest last: an old one that arrives late is not played again. */
  spinIds: string[];
};

type JournalRecord = { session: Session } | { round: Round };

const COMPACT_AT_BYTES = 16 * 1024 * 1024;
const SESSION_KEPT_MS = 24 * 60 * 60 * 1000;

/** Everything known, in memory. */
type Shelf = {
  sessions: Map<string, Session>;
  rounds: Map<string, Round>;
  /** Session keys by opening. */
  openings: Map<string, string>;
};

function keepSession(shelf: Shelf, session: Session): void {
  shelf.sessions.set(session.key, session);
  shelf.openings.set(session.opening, session.key);
}

/** A finished round stays only while it is its session's latest: the page may still ask for it. */
function dropReplaced(shelf: Shelf, round: Round | undefined): void {
  if (round === undefined || !isDone(round)) return;
  if (shelf.sessions.get(round.sessionKey)?.round !== round.id) shelf.rounds.delete(round.id);
}

/** Drops what nobody can ask for any more: sessions untouched since `before` (epoch ms), replaced rounds. */
function forget(shelf: Shelf, before: number): void {
  const busy = new Set<string>();
  for (const round of shelf.rounds.values()) if (!isDone(round)) busy.add(round.sessionKey);
  for (const session of shelf.sessions.values()) {
    if (session.touchedAt >= before || busy.has(session.key)) continue;
    shelf.sessions.delete(session.key);
    shelf.openings.delete(session.opening);
  }
  for (const round of shelf.rounds.values()) dropReplaced(shelf, round);
}

function* everything(shelf: Shelf): Generator<JournalRecord> {
  for (const session of shelf.sessions.values()) yield { session };
  for (const round of shelf.rounds.values()) yield { round };
}

/** What the records of a journal, in their order, come to. */
function replayed(records: readonly JournalRecord[]): Shelf {
  const shelf: Shelf = { sessions: new Map(), rounds: new Map(), openings: new Map() };
  for (const record of records) {
    if ('session' in record) keepSession(shelf, record.session);
    else shelf.rounds.set(record.round.id, record.round);
  }
  return shelf;
}

/** The journal is this program's own: its checksummed records are what it wrote, maybe in an earlier version. */
function parseRecord(record: unknown): JournalRecord {
  const known = record as JournalRecord;
  return 'round' in known ? { round: { ...known.round, stuck: known.round.stuck ?? null } } : known;
}

type Write = (...records: JournalRecord[]) => Promise<void>;

/** Appends records, and now and then writes the journal anew without what is forgotten. */
function writerOf(
  journal: Journal<JournalRecord>,
  by: { compact: () => Promise<void>; onFatal: (error: unknown) => void },
): Write {
  let compacting = false;
  let nextCompaction = COMPACT_AT_BYTES;
  const compactWhenLarge = async (): Promise<void> => {
    if (compacting || journal.size() < nextCompaction) return;
    compacting = true;
    await by.compact();
    nextCompaction = Math.max(COMPACT_AT_BYTES, journal.size() * 2);
    compacting = false;
  };
  return async (...records) => {
    try {
      await Promise.all(records.map((record) => journal.append(record)));
      await compactWhenLarge();
    } catch (error) {
      by.onFatal(error);
      throw error;
    }
  };
}

export type Store = Awaited<ReturnType<typeof openStore>>;

/** The ways to change the store: each is one step in memory and one sync on the disk. */
function changesOf({ shelf, write }: { shelf: Shelf; write: Write }) {
  const { sessions, rounds } = shelf;
  return {
    /** Changes a session in one step: nothing comes between reading and writing. */
    async changeSession(key: string, change: (session: Session) => Session): Promise<void> {
      const session = change(sessions.get(key)!);
      keepSession(shelf, session);
      await write({ session });
    },
    async addSession(session: Session): Promise<void> {
      keepSession(shelf, session);
      await write({ session });
    },
    /** Changes a round in one step and answers the new record once it is durable. */
    async changeRound(id: string, change: (round: Round) => Round): Promise<Round> {
      const round = change(rounds.get(id)!);
      rounds.set(id, round);
      dropReplaced(shelf, round);
      await write({ round });
      return round;
    },
    /** Changes a round and its session together. */
    async changeBoth(
      id: string,
      change: { round: (round: Round) => Round; session: (session: Session) => Session },
    ): Promise<Round> {
      const round = change.round(rounds.get(id)!);
      const session = change.session(sessions.get(round.sessionKey)!);
      rounds.set(id, round);
      keepSession(shelf, session);
      dropReplaced(shelf, round);
      await write({ round }, { session });
      return round;
    },
    /** Begins a round and makes it its session's latest, in one sync. */
    async addRound(round: Round, session: Session): Promise<void> {
      const replaced = rounds.get(session.round ?? '');
      rounds.set(round.id, round);
      keepSession(shelf, { ...session, round: round.id });
      dropReplaced(shelf, replaced);
      await write({ round }, { session: { ...session, round: round.id } });
    },
  };
}

/** Opens the store in a folder, which is its alone from then on, and replays its journal. */
export async function openStore(options: {
  folder: string;
  now: () => number;
  onFatal: (error: unknown) => void;
}) {
  const unlock = lockFolder(options.folder);
  const journal: Journal<JournalRecord> = await openJournal(options.folder, parseRecord).catch((error) => {
    unlock();
    throw error;
  });
  const shelf = replayed(journal.records);
  const compact = async (): Promise<void> => {
    forget(shelf, options.now() - SESSION_KEPT_MS);
    await journal.compact(everything(shelf));
  };
  await compact();
  return {
    session: (key: string): Session | undefined => shelf.sessions.get(key),
    sessionOfOpening: (opening: string): Session | undefined =>
      shelf.sessions.get(shelf.openings.get(opening) ?? ''),
    round: (id: string): Round | undefined => shelf.rounds.get(id),
    rounds: (): IterableIterator<Round> => shelf.rounds.values(),
    ...changesOf({ shelf, write: writerOf(journal, { compact, onFatal: options.onFatal }) }),
    async close(): Promise<void> {
      await journal.close();
      unlock();
    },
  };
}
