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

/**
 * Lines of that time, and between which places of the chain they are: two who write at once may take their places in
 * the other order, but not a minute apart.
 */
function within(db: Query, { from, to }: AuditFilter): Fragment {
  const lower = db`l.at >= ${from}::text::timestamptz and l.n >= coalesce((select n from audit_log
    where at < ${from}::text::timestamptz - interval '1 minute' order by at desc limit 1), 0)`;
  const upper = db`l.at < ${to}::text::timestamptz and l.n <= coalesce((select n from audit_log
    where at > ${to}::text::timestamptz + interval '1 minute' order by at limit 1), ${Number.MAX_SAFE_INTEGER}::bigint)`;
  return db`${from === null ? db`true` : lower} and ${to === null ? db`true` : upper}`;
}

const beginsWith = (text: string) => `${text.replace(/[\\%_]/g, '\\$&')}%`;

/** The condition that line `l` is an act of one of these agents' own people, of which everything is told; null: of all. */
export function isActOf(db: Query, peopleOf: readonly AgentId[] | null): Fragment {
  return peopleOf === null
    ? db`true`
    : db`exists (select from office_user u where u.name = l.actor and u.agent_id = any(${numbers(peopleOf)}::bigint[]))`;
}

/** So many agents have most of the trail: their lines are found by going through it. */
const AGENTS_MANY = 500;

export async function listAudit(db: Query, filter: AuditFilter, page: KeysetPage): Promise<AuditLine[]> {
  const { agents, actor, action, subject, peopleOf } = filter;
  const { where, order, limit } = keyset(db, page, [{ column: db`l.n`, type: 'bigint' }]);
  const lines = (which: Fragment) => db`select l.* from audit_log l where ${which}
      and ${actor === null ? db`true` : db`l.actor = ${actor}`}
      and ${action === null ? db`true` : db`l.action like ${beginsWith(action)}`}
      and ${subject === null ? db`true` : db`l.subject like ${beginsWith(subject)}`}
      and ${within(db, filter)} and ${where} ${order} ${limit}`;
  const concerns = (whom: Fragment) =>
    db`l.detail ? 'agentId' and (l.detail ->> 'agentId')::bigint = ${whom}`;
  const list = db`${numbers(agents ?? [])}::bigint[]`;
  // By each agent, unless who or whom finds fewer lines than that.
  const throughAll = actor !== null || subject !== null || (agents ?? []).length > AGENTS_MANY;
  const found =
    agents === null
      ? lines(db`true`)
      : throughAll
        ? lines(concerns(db`any(${list})`))
        : db`select l.* from unnest(${list}) c (id) cross join lateral (${lines(concerns(db`c.id`))}) l ${order} ${limit}`;
  const rows =
    await db`select l.n, wire_time(l.at) as at, l.actor, l.action, l.subject, l.detail, left(encode(l.hash, 'hex'), 12) as hash,
    a.username as agent, ${isActOf(db, peopleOf)} as whole
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
