/**
 * Connections. Every session speaks UTC, has time-outs of its own, and hands int8 out as bigint: money is exact.
 * Arrays go in as literals built here (`numbers`, `texts`): cheaper than the driver's own and free of type look-ups.
 */
import postgres from 'postgres';

export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Connection = postgres.ReservedSql<{ bigint: bigint }>;
export type Query = Sql | Connection | postgres.TransactionSql<{ bigint: bigint }>;

export interface ConnectOptions {
  readonly max: number;
  readonly name: string;
  /** 0 = none, for dumps and audits. */
  readonly statementTimeoutMs?: number;
}

/** The driver's own serializer would cut a text's microseconds down to milliseconds. */
const INSTANT = {
  to: 1184,
  from: [1082, 1114, 1184],
  serialize: (value: Date | string) => (typeof value === 'string' ? value : value.toISOString()),
  parse: (text: string) => new Date(text),
};

/** Opens a pool; connections are made on first use. */
export function connect(url: string, options: ConnectOptions): Sql {
  return postgres(url, {
    max: options.max,
    fetch_types: false,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    types: { bigint: postgres.BigInt, date: INSTANT },
    connection: {
      application_name: `croupier ${options.name}`,
      TimeZone: 'UTC',
      statement_timeout: options.statementTimeoutMs ?? 10_000,
      idle_in_transaction_session_timeout: 15_000,
    },
  }) as Sql;
}

/**
 * Takes a connection out of the pool for good. The query before it is not idle talk: with `fetch_types` off the
 * driver never answers a reserve() that is the first thing asked of a new connection.
 */
export async function reserveConnection(sql: Sql): Promise<Connection> {
  await sql`select 1`;
  return (await sql.reserve()) as Connection;
}

/** A PostgreSQL array literal of whole numbers or nulls. */
export function numbers(values: readonly (number | bigint | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** A PostgreSQL array literal of texts or nulls. */
export function texts(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : quote(value))).join(',')}}`;
}

function quote(value: string): string {
  return /["\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
}

/** A PostgreSQL array literal of booleans. */
export function booleans(values: readonly boolean[]): string {
  return `{${values.map((value) => (value ? 't' : 'f')).join(',')}}`;
}

/** Parses an array column of whole numbers (types are not fetched, so arrays arrive as text). */
export function parseNumbers(literal: string): number[] {
  return literal === '{}' ? [] : literal.slice(1, -1).split(',').map(Number);
}

/** The five-letter code of a database error, or null. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
