/** Sessions of the back office, and whose they are. A person is read with each call: who was switched off is out at once. */
import { type AgentId, trustedOrNull } from '../core/ids.ts';
import type { OfficeRole } from '../core/office/roles.ts';
import type { Query } from './connect.ts';

/** Without a call for so long a session ends. */
export const IDLE_MIN = 30;

export interface OfficeSession {
  readonly id: number;
  readonly userId: number | null;
  readonly person: string;
  readonly role: OfficeRole;
  readonly agentId: AgentId | null;
  /** False: the second factor is still missing. */
  readonly proven: boolean;
  readonly language: 'en' | 'ko' | 'zh';
  readonly timeZone: string;
}

/**
 * The live session of that cookie, or null. Marks it as seen, at most once a minute, and from where (null: that is not
 * known). `movedFrom`: where it was seen before, when that is another address.
 */
export async function findOfficeSession(
  db: Query,
  hash: Buffer,
  ip: string | null,
): Promise<(OfficeSession & { readonly movedFrom: string | null }) | null> {
  const [row] = await db`
    select s.id, s.user_id, s.person, coalesce(u.role, s.role) as role, case when u.id is null then s.agent_id else u.agent_id end as agent_id,
      s.proven, coalesce(u.language, 'en') as language, coalesce(u.time_zone, 'UTC') as time_zone, s.ip, s.seen_at < now() - interval '1 minute' as stale
    from office_session s left join office_user u on u.id = s.user_id
    left join agent a on a.id = coalesce(u.agent_id, s.agent_id)
    where s.hash = ${hash} and s.ended_at is null and s.expires_at > now() and s.seen_at > now() - make_interval(mins => ${IDLE_MIN})
      and u.disabled_at is null and a.blocked_at is null`;
  if (row === undefined) return null;
  // Of calls at once one is the first.
  const marked = row.stale
    ? await db`update office_session set seen_at = now(), ip = coalesce(${ip}, ip)
        where id = ${row.id} and seen_at < now() - interval '1 minute' returning id`
    : [];
  return {
    id: Number(row.id),
    userId: row.user_id === null ? null : Number(row.user_id),
    person: row.person,
    role: row.role,
    agentId: trustedOrNull(row.agent_id),
    proven: row.proven,
    language: row.language,
    timeZone: row.time_zone,
    movedFrom: marked.length > 0 && ip !== null && row.ip !== ip ? row.ip : null,
  };
}

/** Whatever is done, a session ends after so long; one that came by a link sooner. */
const HOURS = 12;
const LINK_HOURS = 2;
/** More at a time have no use: the oldest ends. */
const SESSIONS_MAX = 20;

export interface NewSession {
  readonly hash: Buffer;
  readonly userId: number;
  readonly proven: boolean;
  readonly ip: string;
  readonly browser: string;
}

/** A person's session. What they see of the sign-in before is what stands at the person now: mark it after. */
export async function addOfficeSession(db: Query, session: NewSession): Promise<number> {
  const { hash, userId, proven, ip, browser } = session;
  await db`update office_session set ended_at = now() where ended_at is null and user_id = ${userId} and id not in (
    select id from office_session where ended_at is null and user_id = ${userId} order by id desc limit ${SESSIONS_MAX - 1})`;
  const [row] =
    await db`insert into office_session (hash, user_id, person, proven, expires_at, ip, browser, previous_at, previous_ip)
    select ${hash}, id, name, ${proven}, now() + make_interval(hours => ${HOURS}), ${ip}, ${browser}, signed_in_at, signed_in_ip
    from office_user where id = ${userId} returning id`;
  return Number(row?.id);
}

export interface NewLinkSession {
  readonly hash: Buffer;
  readonly person: string;
  readonly agentId: AgentId;
  readonly role: OfficeRole;
  readonly ip: string;
  readonly browser: string;
}

export async function addLinkSession(db: Query, session: NewLinkSession): Promise<number> {
  const { hash, person, agentId, role, ip, browser } = session;
  const [row] =
    await db`insert into office_session (hash, person, agent_id, role, proven, expires_at, ip, browser)
    values (${hash}, ${person}, ${agentId}, ${role}, true, now() + make_interval(hours => ${LINK_HOURS}), ${ip}, ${browser}) returning id`;
  return Number(row?.id);
}

/** A new cookie for a session whose rights have grown: the one before is worth nothing. */
export async function proveSession(db: Query, id: number, hash: Buffer): Promise<void> {
  await db`update office_session set hash = ${hash}, proven = true, totp_sealed = null where id = ${id}`;
}

/** A second factor that is being set up here; null: no longer. */
export async function setSessionTotp(db: Query, id: number, sealed: string | null): Promise<void> {
  await db`update office_session set totp_sealed = ${sealed} where id = ${id}`;
}

export interface SessionMore {
  readonly totpSealed: string | null;
  readonly previousAt: string | null;
  readonly previousIp: string | null;
}

export async function findSessionMore(db: Query, id: number): Promise<SessionMore> {
  const [row] =
    await db`select totp_sealed, wire_time(previous_at) as previous_at, previous_ip from office_session where id = ${id}`;
  return {
    totpSealed: row?.totp_sealed ?? null,
    previousAt: row?.previous_at ?? null,
    previousIp: row?.previous_ip ?? null,
  };
}

export interface SessionRow {
  readonly id: number;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly ip: string;
  readonly browser: string;
  readonly proven: boolean;
  readonly byLink: boolean;
}

const live = (db: Query) =>
  db`ended_at is null and expires_at > now() and seen_at > now() - make_interval(mins => ${IDLE_MIN})`;
/** A person's own, and those they have come to by links they made. */
const ofPerson = (db: Query, { userId, person }: Whose) =>
  db`(user_id = ${userId} or (user_id is null and person = ${person}))`;

export interface Whose {
  readonly userId: number;
  readonly person: string;
}

/** Live ones, the newest first. */
export async function listOfficeSessions(db: Query, whose: Whose): Promise<SessionRow[]> {
  const rows =
    await db`select id, wire_time(created_at) as created_at, wire_time(seen_at) as seen_at, ip, browser, proven,
    user_id is null as by_link from office_session where ${ofPerson(db, whose)} and ${live(db)} order by id desc limit 100`;
  return rows.map((row) => ({
    id: Number(row.id),
    createdAt: row.created_at,
    seenAt: row.seen_at,
    ip: row.ip,
    browser: row.browser,
    proven: row.proven,
    byLink: row.by_link,
  }));
}

/** False when the person has no such live session. */
export async function endPersonsSession(db: Query, whose: Whose, id: number): Promise<boolean> {
  const rows = await db`update office_session set ended_at = now(), totp_sealed = null
    where id = ${id} and ${ofPerson(db, whose)} and ended_at is null returning id`;
  return rows.length > 0;
}

export async function endSession(db: Query, id: number): Promise<void> {
  await db`update office_session set ended_at = now(), totp_sealed = null where id = ${id} and ended_at is null`;
}

/** All of a person but `except`, those by links too. Returns how many were live. */
export async function endSessionsOf(
  db: Query,
  whose: Whose,
  { except }: { readonly except: number | null },
): Promise<number> {
  const rows = await db`update office_session set ended_at = now(), totp_sealed = null
    where ${ofPerson(db, whose)} and ended_at is null and id is distinct from ${except} returning id`;
  return rows.length;
}

/** Those that ended a week ago. What was done in them is in the audit trail. */
export async function forgetOfficeSessions(db: Query): Promise<void> {
  await db`delete from office_session where expires_at < now() - interval '7 days'`;
}
