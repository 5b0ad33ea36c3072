/**
 * All stays, in memory and in the journal, and how far the book's changes have been read.
 * Invariant: a change resolves when its record would survive a crash; a reader in memory may see it before. A failing
 * disk ends the program (`onFatal`): moving on without a journal could lose a player's money.
 */
import { type Journal, openJournal } from '../journal.ts';
import { lockFolder } from '../lock.ts';
import { isEven, type Stay, takenUp } from './stay.ts';

type JournalRecord = { stay: Stay } | { readTo: number };

const COMPACT_AT_BYTES = 16 * 1024 * 1024;
/** A correction of a result may come late; after that a player's past is forgotten. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

type Shelf = {
  stays: Map<string, Stay>;
  byKey: Map<string, string>;
  byOpening: Map<string, string>;
  byUserId: Map<string, string>;
  /** Epoch ms; null = never. */
  readTo: number | null;
};

function put(shelf: Shelf, stay: Stay): void {
  shelf.stays.set(stay.player, stay);
  shelf.byUserId.set(stay.userId, stay.player);
  for (const key of stay.former) shelf.byKey.set(key, stay.player);
  if (stay.visit === null) return;
  shelf.byKey.set(stay.visit.key, stay.player);
  shelf.byOpening.set(stay.visit.opening, stay.player);
}

function emptyShelf(): Shelf {
  return { stays: new Map(), byKey: new Map(), byOpening: new Map(), byUserId: new Map(), readTo: null };
}

/** What the records of a journal, in their order, come to. */
function replayed(records: readonly JournalRecord[]): Shelf {
  const shelf = emptyShelf();
  for (const record of records) {
    if ('stay' in record) put(shelf, record.stay);
    else shelf.readTo = record.readTo;
  }
  return shelf;
}

/** Without those nobody asks for any more, and as a new process takes the others up. */
function kept(shelf: Shelf, now: number): Shelf {
  const next = { ...emptyShelf(), readTo: shelf.readTo };
  for (const stay of shelf.stays.values()) {
    const forgotten = isEven(stay) && (stay.visit?.touchedAt ?? 0) < now - KEPT_MS;
    if (!forgotten) put(next, takenUp(stay, now));
  }
  return next;
}

function* everything(shelf: Shelf): Generator<JournalRecord> {
  for (const stay of shelf.stays.values()) yield { stay };
  if (shelf.readTo !== null) yield { readTo: shelf.readTo };
}

export type Store = Awaited<ReturnType<typeof openStore>>;

/** Opens the store in a folder, which is its alone from then on. */
export async function openStore(options: {
  folder: string;
  now: () => number;
  onFatal: (error: unknown) => void;
}) {
  const { folder, now, onFatal } = options;
  const unlock = lockFolder(folder);
  // The journal is this program's own: its checksummed records are what it wrote.
  const journal: Journal<JournalRecord> = await openJournal(
    folder,
    (record) => record as JournalRecord,
  ).catch((error) => {
    unlock();
    throw error;
  });
  const shelf = kept(replayed(journal.records), now());
  await journal.compact(everything(shelf));
  let compactAt = Math.max(COMPACT_AT_BYTES, journal.size() * 2);

  const write = async (record: JournalRecord): Promise<void> => {
    try {
      await journal.append(record);
      if (journal.size() < compactAt) return;
      compactAt = Number.POSITIVE_INFINITY;
      await journal.compact(everything(shelf));
      compactAt = Math.max(COMPACT_AT_BYTES, journal.size() * 2);
    } catch (error) {
      onFatal(error);
      throw error;
    }
  };
  const stayAt = (player: string | undefined): Stay | undefined => shelf.stays.get(player ?? '');

  return {
    stay: stayAt,
    stays: (): IterableIterator<Stay> => shelf.stays.values(),
    stayOfKey: (key: string): Stay | undefined => stayAt(shelf.byKey.get(key)),
    stayOfOpening: (opening: string): Stay | undefined => stayAt(shelf.byOpening.get(opening)),
    stayOfUser: (userId: string): Stay | undefined => stayAt(shelf.byUserId.get(userId)),
    readTo: (): number | null => shelf.readTo,
    /** Changes a stay in one step; the new one once it is durable. */
    async change(player: string, by: (stay: Stay) => Stay): Promise<Stay> {
      const before = shelf.stays.get(player)!;
      const stay = by(before);
      if (stay === before) return stay;
      put(shelf, stay);
      await write({ stay });
      return stay;
    },
    /** Takes a player in, if it is not known yet. */
    async add(stay: Stay): Promise<void> {
      if (shelf.stays.has(stay.player)) return;
      put(shelf, stay);
      await write({ stay });
    },
    async markRead(readTo: number): Promise<void> {
      shelf.readTo = readTo;
      await write({ readTo });
    },
    async close(): Promise<void> {
      await journal.close();
      unlock();
    },
  };
}
