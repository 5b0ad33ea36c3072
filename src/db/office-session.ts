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

/** The live session of that cookie, or null. Marks it as seen, at most once a minute. */
export async function findOfficeSession(db: Query, hash: Buffer): Promise<OfficeSession | null> {
  const [row] = await db`
    select s.id, s.user_id, s.person, coalesce(u.role, s.role) as role, case when u.id is null then s.agent_id else u.agent_id end as agent_id,
      s.proven, coalesce(u.language, 'en') as language, coalesce(u.time_zone, 'UTC') as time_zone, s.seen_at < now() - interval '1 minute' as stale
    from office_session s left join office_user u on u.id = s.user_id
    left join agent a on a.id = coalesce(u.agent_id, s.agent_id)
    where s.hash = ${hash} and s.ended_at is null and s.expires_at > now() and s.seen_at > now() - make_interval(mins => ${IDLE_MIN})
      and u.disabled_at is null and a.blocked_at is null`;
  if (row === undefined) return null;
  if (row.stale) await db`update office_session set seen_at = now() where id = ${row.id}`;
  return {
    id: Number(row.id),
    userId: row.user_id === null ? null : Number(row.user_id),
    person: row.person,
    role: row.role,
    agentId: trustedOrNull(row.agent_id),
    proven: row.proven,
    language: row.language,
    timeZone: row.time_zone,
  };
}
