/** One-time links: to set a password, and into an agent's back office. A row is used once, by whoever comes first. */
import { type AgentId, trusted } from '../core/ids.ts';
import type { AgentRole } from '../core/office/roles.ts';
import type { Query } from './connect.ts';

export interface MadeLink {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly expiresMs: number;
  readonly expiresAt: string;
}

/** To set a password, in place of any link the person had. */
export async function addPasswordLink(
  db: Query,
  link: { readonly userId: number; readonly by: string; readonly hours: number },
): Promise<MadeLink> {
  const { userId, by, hours } = link;
  await dropPasswordLinks(db, userId);
  const [row] = await db`insert into office_link (user_id, person, made_by, expires_at)
    select id, name, ${by}, date_trunc('milliseconds', now()) + make_interval(hours => ${hours}) from office_user where id = ${userId}
    returning id, ${expiry(db)}`;
  return toLink(row);
}

export async function dropPasswordLinks(db: Query, userId: number): Promise<void> {
  await db`delete from office_link where user_id = ${userId} and used_at is null`;
}

export interface EntryLink {
  readonly agentId: AgentId;
  readonly role: AgentRole;
  /** Who comes by it. */
  readonly person: string;
  readonly by: string;
}

/** Into an agent's back office. Null: so many are out for that agent already. */
export async function addEntryLink(
  db: Query,
  { agentId, role, person, by }: EntryLink,
  { minutes, atOnceMax }: { readonly minutes: number; readonly atOnceMax: number },
): Promise<MadeLink | null> {
  const [row] = await db`insert into office_link (agent_id, role, person, made_by, expires_at)
    select ${agentId}, ${role}, ${person}, ${by}, date_trunc('milliseconds', now()) + make_interval(mins => ${minutes})
    where (select count(*) from office_link where agent_id = ${agentId} and used_at is null and expires_at > now()) < ${atOnceMax}
    returning id, ${expiry(db)}`;
  return row === undefined ? null : toLink(row);
}

/** Who may no longer do anything leaves no door open. */
export async function dropEntryLinks(db: Query, by: string): Promise<void> {
  await db`delete from office_link where made_by = ${by} and user_id is null and used_at is null`;
}

const expiry = (db: Query) =>
  db`(extract(epoch from expires_at) * 1000)::bigint as expires_ms, wire_time(expires_at) as expires_at`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLink(row: any): MadeLink {
  return { id: Number(row.id), expiresMs: Number(row.expires_ms), expiresAt: row.expires_at };
}

const good = (db: Query) => db`used_at is null and expires_at > now()`;

/** Whose password may be set by it; null when it is no good. */
export async function findPasswordLink(db: Query, id: number): Promise<{ userId: number } | null> {
  const [row] =
    await db`select user_id from office_link where id = ${id} and user_id is not null and ${good(db)}`;
  return row === undefined ? null : { userId: Number(row.user_id) };
}

export async function spendPasswordLink(db: Query, id: number, ip: string): Promise<boolean> {
  const rows = await db`update office_link set used_at = now(), used_ip = ${ip}
    where id = ${id} and user_id is not null and ${good(db)} returning id`;
  return rows.length > 0;
}

export interface UsedEntryLink extends EntryLink {
  readonly agentName: string;
}

/** Null when it is no good, or its agent is switched off. */
export async function spendEntryLink(db: Query, id: number, ip: string): Promise<UsedEntryLink | null> {
  const [row] = await db`update office_link l set used_at = now(), used_ip = ${ip} from agent a
    where l.id = ${id} and a.id = l.agent_id and a.blocked_at is null and l.user_id is null and ${good(db)}
    returning l.agent_id, l.role, l.person, l.made_by, a.username`;
  if (row === undefined) return null;
  return {
    agentId: trusted(row.agent_id),
    role: row.role,
    person: row.person,
    by: row.made_by,
    agentName: row.username,
  };
}

export async function forgetLinks(db: Query): Promise<void> {
  await db`delete from office_link where expires_at < now() - interval '7 days'`;
}
