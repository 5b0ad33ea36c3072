/** What the contract tests share: requests as raw bytes, row counts of the whole database, waiting for an event. */
import { request } from 'node:http';
import type { Sql } from '../../src/db/connect.ts';
import type { Answer } from '../world.ts';

export interface RawRequest {
  readonly method: string;
  /** Path and query exactly as they go on the wire, one character a byte. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

const TIMEOUT_MS = 30_000;

/** Sends what `fetch` would refuse or change: bodies with GET, bytes above 0x7f, odd headers. */
export function rawCall(base: string, { method, path, headers = {}, body }: RawRequest): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const bytes = body === undefined ? null : Buffer.from(body);
  const length: Record<string, string> = bytes === null ? {} : { 'content-length': String(bytes.length) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method, path, headers: { ...length, ...headers }, agent: false, timeout: TIMEOUT_MS },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
        incoming.on('end', () => {
          const given = Object.entries(incoming.headers).map(([k, v]): [string, string] => [k, String(v)]);
          resolve(answerOf(incoming.statusCode ?? 0, new Headers(given), Buffer.concat(chunks).toString()));
        });
      },
    );
    outgoing.on('error', reject).on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.end(bytes ?? undefined);
  });
}

function answerOf(status: number, headers: Headers, text: string): Answer {
  try {
    return { status, headers, text, body: JSON.parse(text) };
  } catch {
    return { status, headers, text, body: text };
  }
}

/** Rows per table that a call could write to: not spent nonces and turns, which refused calls leave, nor sums, which are folded later. */
export async function countRows(sql: Sql): Promise<Record<string, number>> {
  const tables =
    await sql`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname not in ('pace', 'studio_nonce', 'request_log', 'fold_cursor', 'rollup_hour', 'rollup_player', 'rollup_closed', 'rollup_last') order by 1`;
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await sql.unsafe(`select count(*)::integer as count from ${name}`);
    counts[name] = row?.count;
  }
  return counts;
}

const WAIT_MS_MAX = 5000;

/** Waits for something that is told from elsewhere (a NOTIFY, a lock). Fails when it does not come. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not happen in time: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The EUC-KR bytes of 한국인, as a Windows server sends them. */
export const EUC_KR = Buffer.from([0xc7, 0xd1, 0xb1, 0xb9, 0xc0, 0xce]);

export const KEYS = {
  myInfo: ['id', 'type', 'username', 'nickname', 'callback_url', 'balance', 'created_at'],
  user: [
    ...['id', 'username', 'nickname', 'country', 'currency_code', 'token', 'balance', 'point', 'config'],
    ...['banned_at', 'created_at', 'updated_at', 'last_access_at', 'agent_id'],
  ],
  listedUser: [
    ...[
      'id',
      'username',
      'nickname',
      'token',
      'balance',
      'point',
      'created_at',
      'last_access_at',
      'agent_id',
    ],
  ],
  launchedUser: ['id', 'username', 'nickname', 'balance', 'last_access_at', 'token'],
  game: ['title', 'type', 'id', 'vendor', 'provider', 'thumbnail', 'thumbnails', 'rank', 'langs'],
  lobby: ['title', 'type', 'id', 'vendor', 'provider', 'thumbnail', 'thumbnails'],
  moved: ['username', 'balance', 'amount', 'transaction_id', 'cached'],
  row: [
    ...['id', 'type', 'amount', 'before', 'status', 'details', 'processed_at', 'referer_id', 'created_at'],
    ...['user', 'external'],
  ],
} as const;

/** The keys of an object, in order: the contracts name exact sets. */
export const keysOf = (value: object): string[] => Object.keys(value).sort();
export const sorted = (keys: readonly string[]): string[] => [...keys].sort();
