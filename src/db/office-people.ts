/** People of the back office as a list, for those who look after them. */
import { type AgentId, trustedOrNull } from '../core/ids.ts';
import type { OfficeRole } from '../core/office/roles.ts';
import { numbers, type Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export interface PersonRow {
  readonly id: number;
  readonly name: string;
  readonly shownName: string;
  readonly role: OfficeRole;
  /** Null: of the house. */
  readonly agentId: AgentId | null;
  readonly agent: string | null;
  readonly totp: boolean;
  /** Null: not set yet. */
  readonly passwordAt: string | null;
  readonly signedInAt: string | null;
  readonly signedInIp: string | null;
  /** Until when wrong tries have shut their door; null: it is open. */
  readonly lockedUntil: string | null;
  /** Live ones. */
  readonly sessions: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly disabledAt: string | null;
}

export interface PeopleFilter {
  /** Null: everybody, the house's too. */
  readonly agents: readonly AgentId[] | null;
  readonly role: string | null;
  /** How the name begins, in lower case. */
  readonly begins: string | null;
  readonly disabled: boolean | null;
  readonly id: number | null;
}

const columns = (
  db: Query,
) => db`u.id, u.name, u.shown_name, u.role, u.agent_id, a.username as agent, u.totp_at is not null as totp, wire_time(u.password_at) as password_at,
  wire_time(u.signed_in_at) as signed_in_at, u.signed_in_ip, wire_time(case when u.locked_until > now() then u.locked_until end) as locked_until,
  (select count(*) from office_session s where s.user_id = u.id and s.ended_at is null and s.expires_at > now() and s.seen_at > now() - interval '30 minutes') as sessions,
  u.created_by, wire_time(u.created_at) as created_at, wire_time(u.disabled_at) as disabled_at`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toPerson(row: any): PersonRow {
  return {
    id: Number(row.id),
    name: row.name,
    shownName: row.shown_name,
    role: row.role,
    agentId: trustedOrNull(row.agent_id),
    agent: row.agent,
    totp: row.totp,
    passwordAt: row.password_at,
    signedInAt: row.signed_in_at,
    signedInIp: row.signed_in_ip,
    lockedUntil: row.locked_until,
    sessions: Number(row.sessions),
    createdBy: row.created_by,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}

/** `order`: name, or id for the newest. */
export async function listPeople(
  db: Query,
  filter: PeopleFilter,
  page: KeysetPage & { readonly order: string },
): Promise<PersonRow[]> {
  const { agents, role, begins, disabled, id } = filter;
  const key = page.order === 'name' ? db`u.name` : db`u.id`;
  const type = page.order === 'name' ? 'text' : 'bigint';
  const { where, order, limit } = keyset(db, page, [{ column: key, type }]);
  const rows = await db`select ${columns(db)} from office_user u left join agent a on a.id = u.agent_id
    where ${agents === null ? db`true` : db`u.agent_id = any(${numbers(agents)}::bigint[])`}
      and ${role === null ? db`true` : db`u.role = ${role}`}
      and ${begins === null ? db`true` : db`u.name like ${`${begins.replace(/[\\%_]/g, '\\$&')}%`}`}
      and ${disabled === null ? db`true` : disabled ? db`u.disabled_at is not null` : db`u.disabled_at is null`}
      and ${id === null ? db`true` : db`u.id = ${id}`} and ${where} ${order} ${limit}`;
  return rows.map(toPerson);
}

const EVERYBODY = { role: null, begins: null, disabled: null };

/** Null: not there, or not for who looks after these agents. */
export async function findPerson(
  db: Query,
  id: number,
  { agents }: Pick<PeopleFilter, 'agents'>,
): Promise<PersonRow | null> {
  const page = { after: null, descending: false, limit: 1, order: 'id' };
  const [person] = await listPeople(db, { ...EVERYBODY, agents, id }, page);
  return person ?? null;
}
