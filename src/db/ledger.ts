/**
 * The two round trips of a ledger batch: load and lock what the commands name, then write what was decided.
 * All statements of a trip are sent without waiting for each other. Rows are locked in the order of their ids, so
 * batches never deadlock; reads after the lock see what the former holder committed (READ COMMITTED).
 */
import { type AccountId, type Instant, type TransferId, trusted } from '../core/ids.ts';
import type { Changes, Picture } from '../core/ledger-types.ts';
import { lockRainSessions } from './book-load.ts';
import { type Connection, inOneWrite, numbers } from './connect.ts';
import { type LoadedRows, loadRows, type Row, toPicture } from './ledger-load.ts';
import type { Names } from './ledger-names.ts';
import { writeChanges } from './ledger-write.ts';
import { type Nonce, nonceText, spendNonces } from './studio.ts';

export interface Prefetched {
  readonly picture: Picture;
  /** The transaction's time on the database's clock: epoch ms, and exactly as text. */
  readonly now: Instant;
  readonly at: string;
  readonly firstId: TransferId;
  /** Nonces that were new, as `nonceText`. */
  readonly fresh: Set<string>;
}

/** Begins the transaction and loads the picture. Must be followed by `persist` or `abandon` on the same connection. */
export async function prefetch(
  db: Connection,
  names: Names,
  nonces: readonly Nonce[] = [],
): Promise<Prefetched> {
  const [, spent, accounts, rainSessions, [loaded]] = await all(db, [
    db.unsafe('begin').simple(),
    nonces.length === 0 ? [] : spendNonces(db, nonces),
    lockAccounts(db, [...names.accounts]),
    names.book.sessions.size === 0 ? [] : lockRainSessions(db, [...names.book.sessions]),
    loadRows(db, names),
  ]);
  const { at, id, ...rows } = loaded as LoadedRows & { at: string; id: bigint };
  return {
    picture: toPicture({ accounts, rainSessions }, rows),
    now: trusted(Date.parse(at)),
    at,
    firstId: trusted(id),
    fresh: new Set((spent as Nonce[]).map(nonceText)),
  };
}

const lockAccounts = (db: Connection, ids: AccountId[]) => db`
  select id, kind, currency, balance, reserved, overdraft, known, paced_at from account
  where id = any(${numbers(ids)}::bigint[]) order by id for update`;

/** Ends a transaction that changed nothing. */
export async function abandon(db: Connection): Promise<void> {
  await db.unsafe('rollback').simple();
}

/**
 * Writes the changes and commits. Rejects with the first statement's error when the database refused one: then
 * nothing was written. A lost connection means the commit may or may not have happened.
 */
export async function persist(db: Connection, changes: Changes, at: string): Promise<void> {
  await all(db, [...writeChanges(db, changes, at), db.unsafe('commit').simple()]);
}

/** Waits for all, also when one fails, so that no later statement of the trip is left in the air; then throws the first. */
async function all(
  db: Connection,
  parts: readonly (PromiseLike<Row> | readonly Row[] | null)[],
): Promise<Row[]> {
  const settled = await inOneWrite(db, () => Promise.allSettled(parts));
  const values = [];
  for (const part of settled) {
    if (part.status === 'rejected') throw part.reason;
    values.push(part.value);
  }
  return values;
}
