/** People of the back office: the house's own staff and agents' people. */
import { type AgentId, trustedOrNull } from '../core/ids.ts';
import type { OfficeRole } from '../core/office/roles.ts';
import type { Query } from './connect.ts';

export type OfficeLanguage = 'en' | 'ko' | 'zh';

export interface OfficeUser {
  readonly id: number;
  /** The person, in lower case. */
  readonly name: string;
  readonly shownName: string;
  readonly agentId: AgentId | null;
  readonly role: OfficeRole;
  /** Null: not set yet. */
  readonly passwordHash: string | null;
  readonly passwordAt: string | null;
  /** The second factor in force; null: none is. */
  readonly totpSealed: string | null;
  readonly language: OfficeLanguage;
  readonly timeZone: string;
  readonly notify: Readonly<Record<string, boolean>>;
  readonly signedInAt: string | null;
  readonly signedInIp: string | null;
  /** Switched off, or its agent is. */
  readonly disabled: boolean;
  readonly disabledAt: string | null;
}

const columns = (db: Query) => db`u.id, u.name, u.shown_name, u.agent_id, u.role, u.password_hash,
  wire_time(u.password_at) as password_at, case when u.totp_at is null then null else u.totp_sealed end as totp_sealed,
  u.language, u.time_zone, u.notify, wire_time(u.signed_in_at) as signed_in_at, u.signed_in_ip,
  u.disabled_at is not null or a.blocked_at is not null as disabled, wire_time(u.disabled_at) as disabled_at`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toUser(row: any): OfficeUser {
  return {
    id: Number(row.id),
    name: row.name,
    shownName: row.shown_name,
    agentId: trustedOrNull(row.agent_id),
    role: row.role,
    passwordHash: row.password_hash,
    passwordAt: row.password_at,
    totpSealed: row.totp_sealed,
    language: row.language,
    timeZone: row.time_zone,
    notify: row.notify,
    signedInAt: row.signed_in_at,
    signedInIp: row.signed_in_ip,
    disabled: row.disabled,
    disabledAt: row.disabled_at,
  };
}

export async function findOfficeUser(db: Query, id: number): Promise<OfficeUser | null> {
  const [row] =
    await db`select ${columns(db)} from office_user u left join agent a on a.id = u.agent_id where u.id = ${id}`;
  return row === undefined ? null : toUser(row);
}

export async function findOfficeUserByName(db: Query, name: string): Promise<OfficeUser | null> {
  const [row] =
    await db`select ${columns(db)} from office_user u left join agent a on a.id = u.agent_id where u.name = ${name}`;
  return row === undefined ? null : toUser(row);
}

/** The same, held until the transaction ends: who changes a person or their sessions does it one after the other. */
export async function lockOfficeUser(db: Query, id: number): Promise<OfficeUser | null> {
  const [row] =
    await db`select ${columns(db)} from office_user u left join agent a on a.id = u.agent_id where u.id = ${id} for update of u`;
  return row === undefined ? null : toUser(row);
}

export interface NewOfficeUser {
  readonly name: string;
  readonly shownName: string;
  readonly role: OfficeRole;
  readonly agentId: AgentId | null;
  readonly by: string;
}

/** Null when the name is taken: by a person, or, for an agent's people, by a key of the house's staff. */
export async function addOfficeUser(db: Query, user: NewOfficeUser): Promise<number | null> {
  const { name, shownName, role, agentId, by } = user;
  const [row] = await db`insert into office_user (name, shown_name, agent_id, role, created_by)
    select ${name}, ${shownName}, ${agentId}::bigint, ${role}, ${by}
    where ${agentId === null} or not exists (select from staff_key where name = ${name})
    on conflict (name) do nothing returning id`;
  return row === undefined ? null : Number(row.id);
}

/** How many people an agent has, or the house; shut out or not. */
export async function countOfficeUsers(db: Query, agentId: AgentId | null): Promise<number> {
  const whose = agentId === null ? db`agent_id is null` : db`agent_id = ${agentId}`;
  const [row] = await db`select count(*) as count from office_user where ${whose}`;
  return Number(row?.count);
}

export interface OfficeUserChange {
  readonly role?: OfficeRole;
  readonly shownName?: string;
  readonly disabled?: boolean;
  readonly language?: OfficeLanguage;
  readonly timeZone?: string;
  readonly notify?: Readonly<Record<string, boolean>>;
}

export async function changeOfficeUser(db: Query, id: number, change: OfficeUserChange): Promise<void> {
  const { role = null, shownName = null, disabled = null, language = null, timeZone = null } = change;
  const notify = change.notify === undefined ? null : JSON.stringify(change.notify);
  await db`update office_user set role = coalesce(${role}, role), shown_name = coalesce(${shownName}, shown_name),
    language = coalesce(${language}, language), time_zone = coalesce(${timeZone}, time_zone),
    notify = coalesce(${notify}::text::jsonb, notify),
    disabled_at = case ${disabled}::boolean when true then coalesce(disabled_at, now()) when false then null else disabled_at end
    where id = ${id}`;
}

/** Owners of the house who can sign in, but for this one; held until the transaction ends, in the order of ids. */
export async function lockOtherOwners(db: Query, id: number): Promise<number> {
  const rows =
    await db`select id from office_user where role = 'owner' and disabled_at is null order by id for update`;
  const able = await db`select id from office_user
    where role = 'owner' and disabled_at is null and password_at is not null and id <> ${id}`;
  return rows.length === 0 ? 0 : able.length;
}

/** Null: none until a new one is set by a link. A new one opens a door that wrong tries have shut. */
export async function setOfficePassword(db: Query, id: number, hash: string | null): Promise<void> {
  await db`update office_user set password_hash = ${hash}, password_at = case when ${hash}::text is null then null else now() end,
    tries = 0, locked_until = null where id = ${id}`;
}

/** Null: none any more, and no recovery codes either. `step`: the last that was used. */
export async function setTotp(
  db: Query,
  id: number,
  totp: { readonly sealed: string; readonly step: number } | null,
): Promise<void> {
  await db`update office_user set totp_sealed = ${totp?.sealed ?? null}, totp_step = ${totp?.step ?? 0},
    totp_at = case when ${totp === null} then null else now() end where id = ${id}`;
  if (totp === null) await db`delete from office_recovery where user_id = ${id}`;
}

/** False when that step, or one after it, was used before: a code is good once. */
export async function spendTotpStep(db: Query, id: number, step: number): Promise<boolean> {
  const rows =
    await db`update office_user set totp_step = ${step} where id = ${id} and totp_step < ${step} returning id`;
  return rows.length > 0;
}

/** In place of all there were. */
export async function setRecoveryCodes(db: Query, id: number, hashes: readonly Buffer[]): Promise<void> {
  await db`delete from office_recovery where user_id = ${id}`;
  for (const hash of hashes) await db`insert into office_recovery (user_id, hash) values (${id}, ${hash})`;
}

/** False when there is no such code, or it was used before. */
export async function spendRecoveryCode(db: Query, id: number, hash: Buffer): Promise<boolean> {
  const rows = await db`update office_recovery set used_at = now()
    where user_id = ${id} and hash = ${hash} and used_at is null returning user_id`;
  return rows.length > 0;
}

export async function countRecoveryCodes(db: Query, id: number): Promise<number> {
  const [row] =
    await db`select count(*) as left from office_recovery where user_id = ${id} and used_at is null`;
  return Number(row?.left);
}

/** Somebody has signed in: what went wrong before is forgotten, and the next time shows this one. */
export async function markSignedIn(db: Query, id: number, ip: string): Promise<void> {
  await db`update office_user set signed_in_at = now(), signed_in_ip = ${ip}, tries = 0, locked_until = null where id = ${id}`;
}

export async function unlockOfficeUser(db: Query, id: number): Promise<void> {
  await db`update office_user set tries = 0, locked_until = null where id = ${id}`;
}
