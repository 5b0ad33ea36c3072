/** Keys of the staff API: whose they are and what they may do. */
import type { Query } from './connect.ts';

/** What each role may do more than the next. */
export const STAFF_ROLES = ['owner', 'trader', 'read'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

export interface StaffKey {
  readonly id: number;
  /** The person, in lower case: two keys of one name are one person. */
  readonly name: string;
  readonly role: StaffRole;
}

export async function addStaffKey(
  db: Query,
  key: { name: string; role: StaffRole; hash: Buffer; hint: string },
): Promise<number> {
  const { name, role, hash, hint } = key;
  const [row] =
    await db`insert into staff_key (name, role, hash, hint) values (${name}, ${role}, ${hash}, ${hint}) returning id`;
  return Number(row?.id);
}

/** Null when nobody's, or revoked. */
export async function findStaffKey(db: Query, hash: Buffer): Promise<StaffKey | null> {
  const [row] = await db`select id, name, role from staff_key where hash = ${hash} and revoked_at is null`;
  return row === undefined ? null : { id: Number(row.id), name: row.name, role: row.role };
}

export interface StaffKeyRow extends StaffKey {
  readonly hint: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export async function listStaffKeys(db: Query): Promise<StaffKeyRow[]> {
  const rows = await db`select id, name, role, hint, created_at, revoked_at from staff_key order by id`;
  return rows.map((row) => ({
    id: Number(row.id),
    name: row.name,
    role: row.role,
    hint: row.hint,
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}

/** Null when there is no such live key. */
export async function revokeStaffKey(db: Query, id: number): Promise<StaffKey | null> {
  const [row] = await db`
    update staff_key set revoked_at = now() where id = ${id} and revoked_at is null returning id, name, role`;
  return row === undefined ? null : { id: Number(row.id), name: row.name, role: row.role };
}
