/**
 * Certifications of operators' wallets: one of an agent at a time over all nodes, the last RUNS_MAX kept. The node that
 * runs one says so again and again; one that has been silent for SILENT_S is broken off, whoever finds it so.
 */
import type { AgentId } from '../core/ids.ts';
import type { Query, Sql } from './connect.ts';

export const CERTIFICATION_STATES = ['running', 'done', 'stopped', 'broken'] as const;
export type CertificationState = (typeof CERTIFICATION_STATES)[number];

export interface CertificationSeen {
  readonly id: number;
  readonly username: string;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly state: CertificationState;
  readonly done: number;
  readonly ofAll: number;
  /** The check under way. */
  readonly title: string | null;
  /** Null: it did not come to its end. */
  readonly ok: boolean | null;
}

export interface CertificationWish {
  readonly agentId: AgentId;
  readonly username: string;
  readonly startedBy: string;
}

const SILENT_S = 15;
const RUNS_MAX = 20;

/** Null: one of the agent's is running. */
export async function startCertification(sql: Sql, wish: CertificationWish): Promise<number | null> {
  const { agentId, username, startedBy } = wish;
  await breakSilent(sql, agentId);
  return sql.begin(async (tx) => {
    const [row] =
      await tx`insert into certification (agent_id, username, started_by) values (${agentId}, ${username}, ${startedBy})
      on conflict do nothing returning id`;
    if (row === undefined) return null;
    await tx`delete from certification where agent_id = ${agentId} and id <= (
      select id from certification where agent_id = ${agentId} order by id desc offset ${RUNS_MAX} limit 1)`;
    return Number(row.id);
  });
}

async function breakSilent(db: Query, agentId: AgentId): Promise<void> {
  await db`update certification set state = 'broken', ended_at = beat_at, title = null
    where agent_id = ${agentId} and state = 'running' and beat_at < clock_timestamp() - make_interval(secs => ${SILENT_S})`;
}

export interface CertificationBeat {
  readonly done: number;
  readonly ofAll: number;
  readonly title: string | null;
}

/** Says that it is still running. False: it is to stop, or was taken for broken. */
export async function beatCertification(db: Query, id: number, beat: CertificationBeat): Promise<boolean> {
  const { done, ofAll, title } = beat;
  const [row] =
    await db`update certification set beat_at = clock_timestamp(), done = ${done}, of_all = ${ofAll}, title = ${title}
    where id = ${id} and state = 'running' returning stop_asked`;
  return row !== undefined && !row.stop_asked;
}

export interface CertificationEnd extends Omit<CertificationBeat, 'title'> {
  readonly state: Exclude<CertificationState, 'running'>;
  readonly ok: boolean | null;
  /** JSON; null: broken off. */
  readonly report: string | null;
}

/** Keeps what was found, also of one that was taken for broken meanwhile. */
export async function endCertification(db: Query, id: number, end: CertificationEnd): Promise<void> {
  const { state, ok, report, done, ofAll } = end;
  await db`update certification set state = ${state}, ok = ${ok}, report = ${report}::text::jsonb, done = ${done}, of_all = ${ofAll},
      ended_at = clock_timestamp(), title = null
    where id = ${id} and state in ('running', 'broken')`;
}

/** True when there was one to stop. */
export async function askToStop(db: Query, agentId: AgentId, id: string): Promise<boolean> {
  const rows = await db`update certification set stop_asked = true
    where id = ${id}::bigint and agent_id = ${agentId} and state = 'running' returning 1`;
  return rows.length > 0;
}

/** The newest first. */
export async function certificationsOf(db: Query, agentId: AgentId): Promise<CertificationSeen[]> {
  await breakSilent(db, agentId);
  const rows = await db`select ${seen(db)} from certification where agent_id = ${agentId} order by id desc`;
  return rows.map(toSeen);
}

/** One with its report, as JSON text. */
export async function findCertification(
  db: Query,
  agentId: AgentId,
  id: string,
): Promise<{ run: CertificationSeen; report: string | null } | null> {
  await breakSilent(db, agentId);
  const [row] =
    await db`select ${seen(db)}, report::text from certification where id = ${id}::bigint and agent_id = ${agentId}`;
  return row === undefined ? null : { run: toSeen(row), report: row.report };
}

const seen = (
  db: Query,
) => db`id, username, started_by, wire_time(started_at) as started, wire_time(ended_at) as ended,
  state, done, of_all, title, ok`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toSeen(row: any): CertificationSeen {
  return {
    id: Number(row.id),
    username: row.username,
    startedBy: row.started_by,
    startedAt: row.started,
    endedAt: row.ended,
    state: row.state,
    done: row.done,
    ofAll: row.of_all,
    title: row.title,
    ok: row.ok,
  };
}
