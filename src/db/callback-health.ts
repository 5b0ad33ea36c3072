/** How operators are: what each has outstanding, and what its attempts of the last minutes say. */
import { CALLBACK_STATES, type CallbackState } from '../core/callback-types.ts';
import type { AnswerClass } from '../core/delivery.ts';
import { type AgentId, trusted } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';

/** As the database numbers it. */
const RESOLVED = CALLBACK_STATES.indexOf('resolved');

export interface Outstanding {
  readonly agentId: AgentId;
  readonly state: Exclude<CallbackState, 'resolved'>;
  readonly count: number;
  /** Age of the oldest in seconds. */
  readonly oldestSeconds: number;
}

/** How many callbacks of whom are outstanding, by state. */
export async function outstandingCallbacks(db: Query): Promise<Outstanding[]> {
  const rows =
    await db`select agent_id, state, count(*)::integer as count, extract(epoch from now() - min(at))::float8 as oldest
    from callback where state < ${RESOLVED} group by agent_id, state`;
  return rows.map((row) => ({
    agentId: trusted(row.agent_id),
    state: CALLBACK_STATES[row.state as 0 | 1 | 2],
    count: row.count,
    oldestSeconds: Math.max(0, row.oldest),
  }));
}

/** What a class says about an operator's health. refused: it spoke, and said no. */
const HEALTH: Readonly<Record<AnswerClass, 'well' | 'refused' | 'failed'>> = {
  accepted: 'well',
  accepted_without_balance: 'well',
  refused: 'refused',
  other_success: 'failed',
  redirected: 'failed',
  failed: 'failed',
  nonsense: 'failed',
  no_callback_url: 'failed',
  address_forbidden: 'failed',
  unreachable: 'failed',
  busy: 'failed',
  circuit_open: 'failed',
  timed_out: 'failed',
  connection_lost: 'failed',
};
const classesThat = (health: 'well' | 'refused' | 'failed') =>
  `{${Object.entries(HEALTH)
    .filter(([, each]) => each === health)
    .map(([name]) => name)
    .join(',')}}`;

export const HEALTH_MINUTES = 5;

export interface OperatorReport {
  readonly agentId: AgentId;
  readonly agent: string;
  readonly callbackUrl: string | null;
  readonly asking: number;
  readonly due: number;
  readonly listed: number;
  readonly oldestSeconds: number | null;
  readonly lastSuccessAt: string | null;
  /** Of the last HEALTH_MINUTES. */
  readonly attempts: number;
  readonly failed: number;
  readonly refused: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Operators with a seamless wallet in the order of the tree, all or those named; what their attempts of the last minutes say. */
export async function operatorReports(
  db: Query,
  agentIds: readonly AgentId[] | null,
): Promise<OperatorReport[]> {
  const outstanding = await outstandingCallbacks(db);
  const rows =
    await db`select a.id, a.username, a.callback_url, wire_time(s.at) as last_success, r.* from agent a
    left join lateral (select at from callback_attempt t where t.agent_id = a.id and t.class = any(${classesThat('well')}::text[])
      order by t.at desc limit 1) s on true
    cross join lateral (select count(*)::integer as attempts, count(*) filter (where class = any(${classesThat('failed')}::text[]))::integer as failed,
      count(*) filter (where class = any(${classesThat('refused')}::text[]))::integer as refused,
      percentile_disc(array[0.5, 0.95]) within group (order by elapsed_ms)::text as times
      from callback_attempt t where t.agent_id = a.id and t.at > now() - make_interval(mins => ${HEALTH_MINUTES})) r
    where a.wallet = 'seamless' and ${agentIds === null ? db`true` : db`a.id = any(${numbers(agentIds)}::bigint[])`} order by a.path`;
  return rows.map((row) =>
    toReport(
      row,
      outstanding.filter((each) => each.agentId === Number(row.id)),
    ),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toReport(row: any, outstanding: readonly Outstanding[]): OperatorReport {
  const countOf = (state: Outstanding['state']) =>
    outstanding.find((each) => each.state === state)?.count ?? 0;
  const [p50Ms = null, p95Ms = null] =
    row.times === null ? [] : (JSON.parse(row.times.replace('{', '[').replace('}', ']')) as number[]);
  return {
    agentId: trusted(row.id),
    agent: row.username,
    callbackUrl: row.callback_url,
    asking: countOf('asking'),
    due: countOf('due'),
    listed: countOf('listed'),
    oldestSeconds:
      outstanding.length === 0 ? null : Math.max(...outstanding.map((each) => each.oldestSeconds)),
    lastSuccessAt: row.last_success,
    attempts: row.attempts,
    failed: row.failed,
    refused: row.refused,
    p50Ms,
    p95Ms,
  };
}
