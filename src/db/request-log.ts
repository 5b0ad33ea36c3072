/**
 * The last calls of the operator API, for the developers who make them. Kept for days and for so many of an agent;
 * lost in a crash. What a row may hold is decided where it is made (src/xt/request-log.ts).
 */
import { type AgentId, trusted } from '../core/ids.ts';
import type { Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface RequestRow {
  readonly at: string;
  readonly agentId: AgentId | null;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly elapsedMs: number;
  readonly ip: string;
  readonly keyHint: string | null;
  readonly username: string | null;
  /** A JSON object. */
  readonly parameters: string;
  readonly refusal: string | null;
  /** A JSON object. */
  readonly problems: string | null;
  readonly answer: string;
  readonly leftOut: number;
}

/** Adds rows in one statement. */
export async function insertRequests(db: Query, rows: readonly RequestRow[]): Promise<void> {
  await db`insert into request_log (at, agent_id, method, path, status, elapsed_ms, ip, key_hint, username, parameters, refusal, problems, answer, left_out)
    select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (at timestamptz, "agentId" bigint, method text, path text, status smallint,
      "elapsedMs" real, ip text, "keyHint" text, username text, parameters text, refusal text, problems text, answer text, "leftOut" integer)`;
}

export const REQUEST_DAYS = 3;
export const REQUESTS_MAX = 10_000;

/** Forgets what is older than REQUEST_DAYS, and of each agent (and of nobody) all but the last REQUESTS_MAX. */
export async function forgetRequests(db: Query, requestsMax = REQUESTS_MAX): Promise<void> {
  await db`delete from request_log where at < now() - make_interval(days => ${REQUEST_DAYS})`;
  await db`delete from request_log r using (
      select a.id, (select l.id from request_log l where l.agent_id = a.id order by l.id desc offset ${requestsMax} limit 1) as last from agent a) a
    where r.agent_id = a.id and r.id <= a.last`;
  await db`delete from request_log where agent_id is null
    and id <= (select id from request_log where agent_id is null order by id desc offset ${requestsMax} limit 1)`;
}

/** The kinds of answers that can be asked for. */
export const ANSWER_KINDS = ['done', 'refused', '4xx', '5xx'] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

export interface RequestFilter {
  readonly kind?: AnswerKind | undefined;
  /** Begins so. */
  readonly path?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly ip?: string | undefined;
  readonly username?: string | undefined;
}

export interface RequestSeen extends Omit<RequestRow, 'parameters' | 'problems'> {
  readonly id: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly problems: Readonly<Record<string, readonly { code: string; bound?: number }[]>> | null;
}

/** Calls of an agent, or of nobody known (null). By id, which is about the order of time. */
export async function listRequests(
  db: Query,
  { agentId, filter }: { agentId: AgentId | null; filter: RequestFilter },
  page: KeysetPage,
): Promise<RequestSeen[]> {
  const { kind, path, from, to, ip, username } = filter;
  const { where, order, limit } = keyset(db, page, [{ column: db`id`, type: 'bigint' }]);
  const rows = await db`select *, wire_time(at) as at_text from request_log
    where ${agentId === null ? db`agent_id is null` : db`agent_id = ${agentId}`} and ${where}
      ${kind === undefined ? db`` : db`and ${kindIs(db, kind)}`}
      ${path === undefined ? db`` : db`and starts_with(path, ${path})`}
      ${from === undefined ? db`` : db`and at >= ${from}::text::timestamptz`} ${to === undefined ? db`` : db`and at < ${to}::text::timestamptz`}
      ${ip === undefined ? db`` : db`and ip = ${ip}`} ${username === undefined ? db`` : db`and lower(username) = lower(${username})`}
    ${order} ${limit}`;
  return rows.map(toSeen);
}

function kindIs(db: Query, kind: AnswerKind) {
  if (kind === 'done') return db`status < 400`;
  if (kind === 'refused') return db`status >= 400`;
  return kind === '4xx' ? db`status between 400 and 499` : db`status >= 500`;
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toSeen(row: any): RequestSeen {
  return {
    id: Number(row.id),
    at: row.at_text,
    agentId: row.agent_id === null ? null : trusted(row.agent_id),
    method: row.method,
    path: row.path,
    status: row.status,
    elapsedMs: row.elapsed_ms,
    ip: row.ip,
    keyHint: row.key_hint,
    username: row.username,
    parameters: JSON.parse(row.parameters),
    refusal: row.refusal,
    problems: row.problems === null ? null : JSON.parse(row.problems),
    answer: row.answer,
    leftOut: row.left_out,
  };
}

export interface RefusedAddress {
  readonly ip: string;
  readonly refusal: 'ip_not_allowed' | 'origin_not_allowed';
  readonly count: number;
  readonly at: string;
}

const ADDRESSES_MAX = 20;

/** From where an agent's calls were turned away, the latest first. */
export async function refusedAddresses(db: Query, agentId: AgentId): Promise<RefusedAddress[]> {
  const rows =
    await db`select ip, refusal, count(*)::integer as count, wire_time(max(at)) as at from request_log
    where agent_id = ${agentId} and refusal in ('ip_not_allowed', 'origin_not_allowed') group by ip, refusal order by max(at) desc limit ${ADDRESSES_MAX}`;
  return rows.map(({ ip, refusal, count, at }) => ({ ip, refusal, count, at }));
}
