/** Rates of agents: dated rows, added and never changed. */
import { type AgentId, type Instant, trusted, trustedOrNull, type VendorId } from '../core/ids.ts';
import type { RateRow } from '../core/office/rates.ts';
import { instantOf, numbers, type Query } from './connect.ts';

/** All rates ever agreed with these agents, in the order they were made. */
export async function ratesOf(
  db: Query,
  agents: readonly AgentId[],
): Promise<Map<AgentId, readonly RateRow[]>> {
  const rows = await db`
    select agent_id, vendor_id, bps, from_at from agent_rate where agent_id = any(${numbers(agents)}::bigint[]) order by id`;
  const found = new Map<AgentId, RateRow[]>(agents.map((id) => [id, []]));
  for (const { agent_id, vendor_id, bps, from_at } of rows)
    found.get(trusted<AgentId>(agent_id))?.push({
      vendorId: trustedOrNull<VendorId>(vendor_id),
      bps,
      fromAt: instantOf(from_at) ?? trusted<Instant>(0),
    });
  return found;
}

export interface AgreedRate {
  readonly vendorId: number | null;
  readonly vendor: string | null;
  readonly bps: number | null;
  readonly fromAt: string;
  readonly madeBy: string;
  readonly madeAt: string;
}

const HISTORY_MAX = 1000;

/** The newest first, for people. */
export async function rateHistory(db: Query, agentId: AgentId): Promise<AgreedRate[]> {
  const rows = await db`
    select r.vendor_id, v.name as vendor, r.bps, wire_time(r.from_at) as from_at, r.made_by, wire_time(r.made_at) as made_at
    from agent_rate r left join vendor v on v.id = r.vendor_id where r.agent_id = ${agentId} order by r.id desc limit ${HISTORY_MAX}`;
  return rows.map((row) => ({
    vendorId: row.vendor_id,
    vendor: row.vendor,
    bps: row.bps,
    fromAt: row.from_at,
    madeBy: row.made_by,
    madeAt: row.made_at,
  }));
}

const LOCK = 7_203_015;

/** One rate at a time is agreed, or two that each fit alone might not fit together. For the transaction under way. */
export async function lockRates(db: Query): Promise<Instant> {
  await db`select pg_advisory_xact_lock(${LOCK})`;
  const [row] = await db`select clock_timestamp() as now`;
  return instantOf(row?.now ?? null) ?? trusted<Instant>(0);
}

export async function addRate(
  db: Query,
  agentId: AgentId,
  { vendorId, bps, fromAt, madeBy }: RateRow & { readonly madeBy: string },
): Promise<void> {
  await db`insert into agent_rate (agent_id, vendor_id, bps, from_at, made_by)
    values (${agentId}, ${vendorId}, ${bps}, to_timestamp(${fromAt}::float8 / 1000), ${madeBy})`;
}

export async function childrenOf(db: Query, agentId: AgentId): Promise<{ id: AgentId; username: string }[]> {
  const rows = await db`select id, username from agent where parent_id = ${agentId} order by id`;
  return rows.map((row) => ({ id: trusted<AgentId>(row.id), username: row.username }));
}
