/**
 * The studio's sessions and rounds, in memory and in the journal.
 * Invariant: `save…` resolves when the record would survive a crash; a reader in memory may see it before.
 * A failing disk ends the program (`onFatal`): playing on without a journal could lose a player's win.
 */

import type { OpenedSession } from './hub-client.ts';
import { type Journal, openJournal } from './journal.ts';
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

export type Store = Awaited<ReturnType<typeof openStore>>;

/** Opens the store in a folder and replays its journal. */
export async function openStore(options: {
  folder: string;
  now: () => number;
  onFatal: (error: unknown) => void;
}) {
  const sessions = new Map<string, Session>();
  const rounds = new Map<string, Round>();
  const openings = new Map<string, string>();

  const keepSession = (session: Session): void => {
    sessions.set(session.key, session);
    openings.set(session.opening, session.key);
  };
  // The journal is this program's own: its checksummed records are what it wrote.
  const journal: Journal<JournalRecord> = await openJournal(
    options.folder,
    (record) => record as JournalRecord,
  );
  for (const record of journal.records) {
    if ('session' in record) keepSession(record.session);
    else rounds.set(record.round.id, record.round);
  }

  /** Drops what nobody can ask for any more. */
  const forget = (): void => {
    const before = options.now() - SESSION_KEPT_MS;
    const busy = new Set<string>();
    for (const round of rounds.values()) if (!isDone(round)) busy.add(round.sessionKey);
    for (const session of sessions.values()) {
      if (session.touchedAt >= before || busy.has(session.key)) continue;
      sessions.delete(session.key);
      openings.delete(session.opening);
    }
    for (const round of rounds.values()) {
      const latest = sessions.get(round.sessionKey)?.round === round.id;
      if (isDone(round) && !latest) rounds.delete(round.id);
    }
  };

  function* everything(): Generator<JournalRecord> {
    for (const session of sessions.values()) yield { session };
    for (const round of rounds.values()) yield { round };
  }

  const compact = async (): Promise<void> => {
    forget();
    await journal.compact(everything());
  };

  let compacting = false;
  let nextCompaction = COMPACT_AT_BYTES;
  const compactWhenLarge = async (): Promise<void> => {
    if (compacting || journal.size() < nextCompaction) return;
    compacting = true;
    await compact();
    nextCompaction = Math.max(COMPACT_AT_BYTES, journal.size() * 2);
    compacting = false;
  };

  const write = async (...records: JournalRecord[]): Promise<void> => {
    try {
      await Promise.all(records.map((record) => journal.append(record)));
      await compactWhenLarge();
    } catch (error) {
      options.onFatal(error);
      throw error;
    }
  };

  await compact();

  /** A finished round stays only while it is its session's latest: the page may still ask for it. */
  const dropReplaced = (round: Round | undefined): void => {
    if (round === undefined || !isDone(round)) return;
    if (sessions.get(round.sessionKey)?.round !== round.id) rounds.delete(round.id);
  };

  return {
    session: (key: string): Session | undefined => sessions.get(key),
    sessionOfOpening: (opening: string): Session | undefined => sessions.get(openings.get(opening) ?? ''),
    round: (id: string): Round | undefined => rounds.get(id),
    rounds: (): IterableIterator<Round> => rounds.values(),
    /** Changes a session in one step: nothing comes between reading and writing. */
    async changeSession(key: string, change: (session: Session) => Session): Promise<void> {
      const session = change(sessions.get(key)!);
      keepSession(session);
      await write({ session });
    },
    async addSession(session: Session): Promise<void> {
      keepSession(session);
      await write({ session });
    },
    /** Changes a round in one step and answers the new record once it is durable. */
    async changeRound(id: string, change: (round: Round) => Round): Promise<Round> {
      const round = change(rounds.get(id)!);
      rounds.set(id, round);
      dropReplaced(round);
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
      keepSession(session);
      dropReplaced(round);
      await write({ round }, { session });
      return round;
    },
    /** Begins a round and makes it its session's latest, in one sync. */
    async addRound(round: Round, session: Session): Promise<void> {
      const replaced = rounds.get(session.round ?? '');
      rounds.set(round.id, round);
      keepSession({ ...session, round: round.id });
      dropReplaced(replaced);
      await write({ round }, { session: { ...session, round: round.id } });
    },
    close: (): Promise<void> => journal.close(),
  };
}
