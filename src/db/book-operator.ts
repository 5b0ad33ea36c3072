/** Book operators: outside sites that sell the rain book to their players. The certCode is kept as its hash alone. */
import { type BookOperatorId, trusted } from '../core/ids.ts';
import { type Query, texts } from './connect.ts';

export interface BookOperator {
  readonly id: BookOperatorId;
  readonly name: string;
  /** First characters of the certCode, to tell which one it was. */
  readonly certHint: string;
  /** Addresses and networks that may call; empty = any. */
  readonly allowedIps: readonly string[];
  /** How its updateTime is read. */
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly createdAt: string;
}

const columns = (db: Query) =>
  db`id, name, cert_hint, to_json(allowed_ips) as allowed_ips, time_zone, enabled, wire_time(created_at) as created_at`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toOperator(row: any): BookOperator {
  return {
    id: trusted(row.id),
    name: row.name,
    certHint: row.cert_hint,
    allowedIps: row.allowed_ips,
    timeZone: row.time_zone,
    enabled: row.enabled,
    createdAt: row.created_at,
  };
}

export async function findBookOperatorByCert(db: Query, hash: Buffer): Promise<BookOperator | null> {
  const [row] = await db`select ${columns(db)} from book_operator where cert_hash = ${hash}`;
  return row === undefined ? null : toOperator(row);
}

export async function findBookOperatorById(db: Query, id: BookOperatorId): Promise<BookOperator | null> {
  const [row] = await db`select ${columns(db)} from book_operator where id = ${id}`;
  return row === undefined ? null : toOperator(row);
}

export async function findBookOperatorByName(db: Query, name: string): Promise<BookOperator | null> {
  const [row] = await db`select ${columns(db)} from book_operator where name = ${name}`;
  return row === undefined ? null : toOperator(row);
}

export async function listBookOperators(db: Query): Promise<BookOperator[]> {
  return (await db`select ${columns(db)} from book_operator order by id`).map(toOperator);
}

export interface BookCert {
  readonly hash: Buffer;
  readonly hint: string;
}

/** Throws the database's 23505 when the name is taken. */
export async function createBookOperator(
  db: Query,
  operator: BookCert & { readonly name: string },
): Promise<BookOperatorId> {
  const [row] = await db`insert into book_operator (name, cert_hash, cert_hint)
    values (${operator.name}, ${operator.hash}, ${operator.hint}) returning id`;
  return trusted(row?.id);
}

export interface BookOperatorSettings {
  readonly allowedIps?: readonly string[];
  readonly timeZone?: string;
  readonly enabled?: boolean;
  readonly cert?: BookCert;
}

export async function setBookOperator(
  db: Query,
  id: BookOperatorId,
  { allowedIps, timeZone, enabled, cert }: BookOperatorSettings,
): Promise<void> {
  await db`update book_operator set
    allowed_ips = coalesce(${allowedIps === undefined ? null : texts(allowedIps)}::text[], allowed_ips),
    time_zone = coalesce(${timeZone ?? null}::text, time_zone),
    enabled = coalesce(${enabled ?? null}::boolean, enabled),
    cert_hash = coalesce(${cert?.hash ?? null}::bytea, cert_hash),
    cert_hint = coalesce(${cert?.hint ?? null}::text, cert_hint)
    where id = ${id}`;
}
