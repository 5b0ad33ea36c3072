/** The audit trail, read: by place in the chain, and the proof of its newest lines. */
import type { Fragment } from 'postgres';
import type { AgentId } from '../core/ids.ts';
import { numbers, type Query, type Sql } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface AuditLine {
  /** Place in the chain. */
  readonly n: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly agentId: number | null;
  readonly agent: string | null;
  readonly ip: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
  /** What else was written down. */
  readonly more: Readonly<Record<string, unknown>>;
  /** The first characters of its hash. */
  readonly hash: string;
}

export interface AuditFilter {
  /** Lines that concern these; null: all lines. */
  readonly agents: readonly AgentId[] | null;
  readonly actor: string | null;
  /** How it begins: `agent.` is all that was done to agents. */
  readonly action: string | null;
  /** How it begins. */
  readonly subject: string | null;
  /** ISO with a zone; from inclusive, to exclusive. */
  readonly from: string | null;
  readonly to: string | null;
  /** Of acts of these agents' own people everything is told, of others' what was done; null: of all acts everything. */
  readonly peopleOf: readonly AgentId[] | null;
}

const beginsWith = (text: string) => `${text.replace(/[\\%_]/g, '\\$&')}%`;

export async function listAudit(db: Query, filter: AuditFilter, page: KeysetPage): Promise<AuditLine[]> {
  const { agents, actor, action, subject, from, to, peopleOf } = filter;
  const { where, order, limit } = keyset(db, page, [{ column: db`l.n`, type: 'bigint' }]);
  const lines = (which: Fragment) => db`select l.* from audit_log l where ${which}
      and ${actor === null ? db`true` : db`l.actor = ${actor}`}
      and ${action === null ? db`true` : db`l.action like ${beginsWith(action)}`}
      and ${subject === null ? db`true` : db`l.subject like ${beginsWith(subject)}`}
      and ${from === null ? db`true` : db`l.at >= ${from}::text::timestamptz`}
      and ${to === null ? db`true` : db`l.at < ${to}::text::timestamptz`} and ${where} ${order} ${limit}`;
  const concerning = db`l.detail ? 'agentId' and (l.detail ->> 'agentId')::bigint = c.id`;
  const found =
    agents === null
      ? lines(db`true`)
      : db`select l.* from unnest(${numbers(agents)}::bigint[]) c (id) cross join lateral (${lines(concerning)}) l ${order} ${limit}`;
  const isOwn = db`exists (select from office_user u where u.name = l.actor and u.agent_id = any(${numbers(peopleOf ?? [])}::bigint[]))`;
  const rows =
    await db`select l.n, wire_time(l.at) as at, l.actor, l.action, l.subject, l.detail, left(encode(l.hash, 'hex'), 12) as hash,
    a.username as agent, ${peopleOf === null ? db`true` : isOwn} as whole
    from (${found}) l left join agent a on a.id = case when l.detail ? 'agentId' then (l.detail ->> 'agentId')::bigint end ${order}`;
  return rows.map(toLine);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLine({ n, at, actor, action, subject, agent, hash, whole, detail }: any): AuditLine {
  const { agentId = null, ip = null, before = null, after = null, reason = null, ...more } = detail;
  const inside = whole ? { ip, reason, more } : { ip: null, reason: null, more: {} };
  return {
    ...{ n: Number(n), at, actor, action, subject, agent, hash, before, after, ...inside },
    agentId: agentId === null ? null : Number(agentId),
  };
}

export interface ChainProof {
  /** How many lines were proven, from the newest back. */
  readonly lines: number;
  /** Place of the first that does not continue the one before it; null: all do. */
  readonly brokenAt: number | null;
  /** The first characters of the newest line's hash. */
  readonly head: string | null;
  readonly checkedAt: string;
}

const PROOF_MS_MAX = 8000;

/** Proves the newest lines, as `croupier audit` proves all. Throws when it takes too long. */
export async function proveChain(sql: Sql, { linesMax }: { readonly linesMax: number }): Promise<ChainProof> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    await tx.unsafe(`set local statement_timeout = ${PROOF_MS_MAX}`);
    // The line before the first gives it its hash; of the very first there is none.
    const [row] =
      await tx`with newest as materialized (select * from audit_log order by n desc limit ${linesMax + 1}),
      proven as (select a.n, hash = audit_hash(lag(a.hash) over w, a::audit_log) and n = coalesce(lag(a.n) over w, 0) + 1 as holds,
        row_number() over w as place from newest a window w as (order by n))
      select count(*) filter (where place > 1 or n = 1) as lines, min(n) filter (where not holds and (place > 1 or n = 1)) as broken_at,
        (select left(encode(hash, 'hex'), 12) from newest order by n desc limit 1) as head, wire_time(now()) as checked_at from proven`;
    return {
      lines: Number(row?.lines),
      brokenAt: row?.broken_at === null ? null : Number(row?.broken_at),
      head: row?.head,
      checkedAt: row?.checked_at,
    };
  });
}
