/** Requests for POT for people: lists of them, one with all that is known of it, and what waits. */
import type { Fragment } from 'postgres';
import type { AgentId } from '../core/ids.ts';
import type { Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface PotRow {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly kind: string;
  readonly state: string;
  readonly agentId: number;
  readonly agent: string;
  /** Null: the house, or an upline whoever asks does not see. */
  readonly uplineId: number | null;
  readonly upline: string | null;
  /** The upline is the house. */
  readonly house: boolean;
  readonly amount: string;
  readonly currency: string;
  readonly note: string;
  readonly needed: number;
  readonly approvals: readonly { readonly person: string; readonly at: string }[];
  readonly askedBy: string;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly trying: boolean;
  readonly trouble: string | null;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly reason: string | null;
  readonly transferId: number | null;
}

/** Who asks: what of agents `a` and `u` they see, and as which upline they decide. */
export interface PotViewer {
  readonly person: string;
  /** The condition that agent `a` is in scope. */
  readonly inScope: Fragment;
  /** Null: the house. */
  readonly agentId: AgentId | null;
}

export interface PotFilter {
  readonly view?: string | undefined;
  readonly agent?: string | undefined;
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly least?: string | undefined;
  readonly most?: string | undefined;
}

/** Request `r` of agent `a`. An agent does not see what its upline has not carried out. */
const visible = (db: Query, { agentId, inScope }: PotViewer) =>
  agentId === null
    ? inScope
    : db`${inScope} and (r.agent_id <> ${agentId} or r.kind in ('recharge', 'payment') or r.state = 'carried_out')`;

/** Request `r` waits for this person's approval. */
const waits = (db: Query, { agentId, person }: PotViewer) => {
  const mine = agentId === null ? db`r.upline_id is null` : db`r.upline_id = ${agentId}`;
  return db`${mine} and r.state in ('asked', 'approved') and not r.trying and r.asked_by <> ${person}
    and not exists (select 1 from pot_approval p where p.request_id = r.id and p.person = ${person})`;
};

function matches(db: Query, viewer: PotViewer, filter: PotFilter): Fragment {
  const { view, state, kind, from, to, least, most } = filter;
  const whose =
    view === 'mine' ? db`r.asked_by = ${viewer.person}` : view === 'waiting' ? waits(db, viewer) : db`true`;
  return db`${whose}
    and ${state === undefined ? db`true` : state === 'open' ? db`r.state in ('asked', 'approved')` : db`r.state = ${state}`}
    and ${kind === undefined ? db`true` : db`r.kind = ${kind}`}
    and ${from === undefined ? db`true` : db`r.asked_at >= ${from}::text::timestamptz`}
    and ${to === undefined ? db`true` : db`r.asked_at < ${to}::text::timestamptz`}
    and ${least === undefined ? db`true` : db`r.amount >= ${least}::bigint`}
    and ${most === undefined ? db`true` : db`r.amount <= ${most}::bigint`}`;
}

/** The newest first, or the oldest. All there are by their ids; those of some agents by each agent's. */
export async function listPotRequests(
  db: Query,
  viewer: PotViewer,
  { filter, page }: { readonly filter: PotFilter; readonly page: KeysetPage },
): Promise<PotRow[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`r.id`, type: 'bigint' }]);
  const chosen = db`${where} and ${matches(db, viewer, filter)}`;
  const { agent } = filter;
  const isAll = viewer.agentId === null && agent === undefined;
  const below = agent === undefined ? db`true` : db`a.path @> array[${agent}::bigint]`;
  const source = isAll
    ? db`select r.* from pot_request r where ${chosen} ${order} ${limit}`
    : db`select r.* from agent a cross join lateral (
          select r.* from pot_request r where r.agent_id = a.id and ${chosen} and ${visible(db, viewer)} ${order} ${limit}) r
        where ${viewer.inScope} and ${below} ${order} ${limit}`;
  const rows =
    await db`with page as materialized (${source}) ${shown(db, viewer)} from page r ${joins(db)} ${order}`;
  return rows.map(toRow);
}

const shown = (db: Query, { agentId }: PotViewer) => db`
  select r.*, a.username as agent, case when ${agentId === null} or u.path @> array[${agentId}::bigint] then u.username end as upline,
    wire_time(r.asked_at) as asked, wire_time(r.expires_at) as expires, wire_time(r.ended_at) as ended,
    (select coalesce(json_agg(json_build_object('person', person, 'at', wire_time(p.at)) order by p.at, person), '[]')
      from pot_approval p where p.request_id = r.id) as approvals`;
const joins = (db: Query) => db`join agent a on a.id = r.agent_id left join agent u on u.id = r.upline_id`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toRow(row: any): PotRow {
  return {
    id: Number(row.id),
    kind: row.kind,
    state: row.state,
    agentId: Number(row.agent_id),
    agent: row.agent,
    uplineId: row.upline === null ? null : Number(row.upline_id),
    upline: row.upline,
    house: row.upline_id === null,
    amount: row.amount.toString(),
    currency: row.currency,
    note: row.note,
    needed: row.needed,
    approvals: row.approvals,
    askedBy: row.asked_by,
    askedAt: row.asked,
    expiresAt: row.expires,
    trying: row.trying,
    trouble: row.trouble,
    endedBy: row.ended_by,
    endedAt: row.ended,
    reason: row.reason,
    transferId: row.transfer_id === null ? null : Number(row.transfer_id),
  };
}

const COUNTED_MAX = 100_000;

/** How many a list comes to, and their amounts by kind and currency; counted to a limit. */
export async function countPotRequests(db: Query, viewer: PotViewer, filter: PotFilter) {
  const { agent } = filter;
  const below = agent === undefined ? db`true` : db`a.path @> array[${agent}::bigint]`;
  const rows = await db`
    select kind, currency, count(*)::int as count, sum(amount)::text as sum from (
      select r.kind, r.currency, r.amount from pot_request r join agent a on a.id = r.agent_id
      where ${visible(db, viewer)} and ${below} and ${matches(db, viewer, filter)} limit ${COUNTED_MAX}) r
    group by kind, currency order by kind, currency`;
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const sums = rows.map((row) => ({
    kind: row.kind as string,
    currency: row.currency as string,
    sum: row.sum as string,
  }));
  return { count, more: count === COUNTED_MAX, sums };
}

/** What a party's POT was before and after. */
export interface Balances {
  readonly before: string;
  readonly after: string;
}

export interface PotReceipt extends PotRow {
  /** When the money moved. */
  readonly movedAt: string | null;
  /** Null until it is carried out. */
  readonly agentPot: Balances | null;
  /** Null also when whoever asks does not see the upline, or it is the house. */
  readonly uplinePot: Balances | null;
}

/** Null: not there for whoever asks. */
export async function findPotRequest(db: Query, viewer: PotViewer, id: number): Promise<PotReceipt | null> {
  const [row] = await db`
    ${shown(db, viewer)}, wire_time(t.at) as moved_at, t.debit_account = a.pot_account_id as taken, t.debit_before, t.credit_before
    from pot_request r ${joins(db)}
    left join transfer t on t.agent_id = r.agent_id and t.id = r.transfer_id and t.at = r.transfer_at
    where r.id = ${id} and ${visible(db, viewer)}`;
  if (row === undefined) return null;
  const debit = balances(row.debit_before, 0n - row.amount);
  const credit = balances(row.credit_before, row.amount);
  const [agentPot, uplinePot] = row.taken ? [debit, credit] : [credit, debit];
  return {
    ...toRow(row),
    movedAt: row.moved_at,
    agentPot,
    uplinePot: row.upline === null ? null : uplinePot,
  };
}

function balances(before: bigint | null, change: bigint): Balances | null {
  return before === null ? null : { before: before.toString(), after: (before + change).toString() };
}

const WAITING_MAX = 100;

/** What waits for this person's approval: how many (at most so many are counted), and since when the oldest does. */
export async function waitingPotRequests(
  db: Query,
  viewer: PotViewer,
): Promise<{ count: number; more: boolean; oldest: string | null }> {
  const [row] = await db`
    select count(*)::int as count, wire_time(min(asked_at)) as oldest from (
      select r.asked_at from pot_request r where ${waits(db, viewer)} order by r.id limit ${WAITING_MAX + 1}) few`;
  const count = row?.count ?? 0;
  return { count: Math.min(count, WAITING_MAX), more: count > WAITING_MAX, oldest: row?.oldest ?? null };
}
