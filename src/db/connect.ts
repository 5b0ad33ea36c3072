/**
 * Connections. Every session speaks UTC, has time-outs of its own, and hands int8 out as bigint: money is exact.
 * Arrays go in as literals built here (`numbers`, `texts`): cheaper than the driver's own and free of type look-ups.
 *
 * The driver must never be asked to write on a connection that is gone: it throws outside of any promise, which ends
 * the process. Pooled queries are safe by themselves; `begin` and reserved connections are made safe here (`onClose`).
 */
import { connect as dial, type Socket } from 'node:net';
import postgres from 'postgres';
import { type Instant, trusted } from '../core/ids.ts';

export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Connection = postgres.ReservedSql<{ bigint: bigint }>;
export type Query = Sql | Connection | postgres.TransactionSql<{ bigint: bigint }>;

export interface ConnectOptions {
  readonly max: number;
  readonly name: string;
  /** 0 = none, for dumps and audits. */
  readonly statementTimeoutMs?: number;
  /** PostgreSQL settings of these connections alone. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told of every connection that ended or could not be made. A reserved one must not be used after it. */
  readonly onClose?: () => void;
  /** Told of the server's warnings; mere notices are passed over. */
  readonly onWarning?: (text: string) => void;
}

/**
 * A connection that could not be made is tried again after this, when asked for. The driver's own pause grows to 20 s,
 * by the failures of all connections together: a hub would stay away from a database that is back for as long.
 */
const RECONNECT_S_MIN = 0.02;
const RECONNECT_S_MAX = 0.5;

/**
 * Fills the first message of a connection up, so that the driver sends it at once. Smaller ones wait for a timer that
 * it may have lost when the former connection ended in the middle of a write: then it would never connect again.
 * Trailing blanks of this setting mean nothing to the server.
 */
const DATE_STYLE = `ISO, MDY${' '.repeat(1024)}`;

/** The driver's own serializer would cut a text's microseconds down to milliseconds. */
const INSTANT = {
  to: 1184,
  from: [1082, 1114, 1184],
  serialize: (value: Date | string) => (typeof value === 'string' ? value : value.toISOString()),
  parse: (text: string) => new Date(text),
};

interface Address {
  /** A unix socket; empty for TCP. */
  readonly path: string | false | undefined;
  readonly host: readonly string[];
  readonly port: readonly number[];
}

/**
 * The driver leaves the kernel's wait for fuller packets on: a trip of several writes then waits for its own answers.
 * Handed over while it still dials: the driver must see how a dial that fails ends, else it never tries again.
 */
function openSocket({ path, host, port }: Address): Socket {
  const target = path ? { path } : { host: host[0] ?? '', port: port[0] ?? 0 };
  const socket = dial({ ...target, noDelay: true });
  watchForRefusal(socket);
  return socket;
}

/**
 * A server that does not take a new connection (it starts up, shuts down, is closed to all) says so and hangs up. When
 * the connection before was lost in the middle of a statement, the driver takes this for an answer to that one: whoever
 * waits is not told, and it dials again at once, for as long as it takes. As an error of the socket it is understood.
 */
function watchForRefusal(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0);
  const watch = (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    // One byte alone is the answer to a question about TLS: what follows is not for us to read.
    let isOver = rest.length === 1 || rest.length > GREETING_BYTES_MAX;
    while (!isOver && rest.length >= 5) {
      const length = 1 + rest.readUInt32BE(1);
      if (rest.length < length) return;
      const kind = String.fromCharCode(rest[0] ?? 0);
      if (kind === 'E') socket.destroy(refusalIn(rest.subarray(5, length)));
      isOver = kind === 'E' || kind === 'Z';
      rest = rest.subarray(length);
    }
    if (isOver) socket.off('data', watch);
  };
  socket.on('data', watch);
}

const GREETING_BYTES_MAX = 64 * 1024;

/** The server's words as an error: fields of a letter and a text each. */
function refusalIn(body: Buffer): Error {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field[0], field.slice(1)]),
  );
  return Object.assign(new Error(fields.get('M') ?? 'the server refused the connection'), {
    code: fields.get('C') ?? 'CONNECTION_REFUSED',
    severity: fields.get('V') ?? 'FATAL',
  });
}

/** Opens a pool; connections are made on first use. */
export function connect(url: string, options: ConnectOptions): Sql {
  const sql = postgres(url, {
    max: options.max,
    // The option is the driver's, but missing in its types.
    ...{
      socket: (address: Address) => {
        const socket = openSocket(address);
        sockets.set(sql, socket);
        return socket;
      },
    },
    fetch_types: false,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    backoff: (failures: number) => Math.min(RECONNECT_S_MIN * 2 ** failures, RECONNECT_S_MAX),
    onnotice: (notice) => {
      if (notice.severity === 'WARNING') options.onWarning?.(String(notice.message));
    },
    onclose: () => options.onClose?.(),
    types: { bigint: postgres.BigInt, date: INSTANT },
    connection: {
      application_name: `croupier ${options.name}`,
      TimeZone: 'UTC',
      DateStyle: DATE_STYLE,
      statement_timeout: options.statementTimeoutMs ?? 10_000,
      idle_in_transaction_session_timeout: 15_000,
      ...options.settings,
    },
  }) as Sql;
  return Object.assign(sql, { begin: safeBegin(sql.begin), end: boundedEnd(sql.end) }) as Sql;
}

/** What is under way may take so long when its pool ends. */
const END_S_MAX = 5;

/**
 * The end of a pool has a limit of its own. A connection whose socket failed in the middle of a statement keeps that
 * statement, though it was refused: left to itself the driver would wait for its answer, for ever.
 */
function boundedEnd(end: Sql['end']): Sql['end'] {
  return (options) => end({ timeout: END_S_MAX, ...options });
}

type Work = (tx: unknown) => unknown;

/**
 * A transaction as the driver makes it, but one whose connection is gone is left alone: the driver would write its
 * rollback on it. The work never settles then, so that rollback is never reached, and the caller is told here.
 */
function safeBegin(begin: Sql['begin']) {
  return (...given: [Work] | [string, Work]): Promise<unknown> => {
    const [options, work] = given.length === 1 ? ['', given[0]] : given;
    return new Promise((resolve, reject) => {
      const guarded: Work = async (tx) => {
        try {
          return await work(tx);
        } catch (error) {
          if (!isLost(error)) throw error;
          reject(error);
          return new Promise(() => {});
        }
      };
      begin(options, guarded).then(resolve, reject);
    });
  };
}

/**
 * Takes a connection out of the pool for good. The query before it is not idle talk: with `fetch_types` off the
 * driver never answers a reserve() that is the first thing asked of a new connection.
 */
export async function reserveConnection(sql: Sql): Promise<Connection> {
  await sql`select 1`;
  const connection = (await sql.reserve()) as Connection;
  const socket = sockets.get(sql);
  if (socket !== undefined) sockets.set(connection, socket);
  return connection;
}

/** The socket a pool opened last; of a pool of one, and of the connection reserved from it, the only one. */
const sockets = new WeakMap<Sql | Connection, Socket>();
const ISSUE_TICKS = 8;

/**
 * Sends all statements issued by `issue` in one write. The driver writes each statement by itself, and every write
 * wakes the server: a trip of ten cost ten system calls and as many switches.
 * Statements reach the driver a few microtasks after they are issued, and its last write waits for the next round of
 * immediates: the socket is let go right behind it. One that comes later is only sent by itself.
 */
export function inOneWrite<T>(db: Connection, issue: () => T): T {
  const socket = sockets.get(db);
  if (socket === undefined) return issue();
  socket.cork();
  const issued = issue();
  let ticks = 0;
  const letGo = () => {
    if (++ticks < ISSUE_TICKS) queueMicrotask(letGo);
    else setImmediate(() => socket.uncork());
  };
  queueMicrotask(letGo);
  return issued;
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

/** An instant of a row in epoch ms; null for none and for infinity. Dates come as the driver's or, in JSON, as text. */
export function instantOf(value: Date | string | null): Instant | null {
  const ms = value === null ? Number.NaN : new Date(value).getTime();
  return Number.isNaN(ms) ? null : trusted<Instant>(ms);
}

/** The five-letter code of a database error, or null. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/** What the driver calls a connection that ended, and the system's own words for it. */
const LOST = /^(CONNECTION_|CONNECT_TIMEOUT$|ECONN|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENETUNREACH$|ENOTFOUND$)/;

/** True when the error means that the connection is gone: the server's last words on it, or a socket that ended. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  if ('severity' in error && (error.severity === 'FATAL' || error.severity === 'PANIC')) return true;
  const code = String(error.code);
  return LOST.test(code) || /^(08...|57P0.|25P0[34])$/.test(code);
}
