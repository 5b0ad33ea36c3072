/** Keys of the staff API: made, listed and ended by who holds the terminal. A key is shown once and kept as its hash. */
import { record } from '../db/audit.ts';
import type { Sql } from '../db/connect.ts';
import { addStaffKey, findStaffKey, revokeStaffKey, type StaffKey, type StaffRole } from '../db/staff-key.ts';
import { hashKey, newSecret } from '../engine/seal.ts';

const HINT_CHARACTERS = 6;

export async function createStaffKey(
  sql: Sql,
  { name, role, actor }: { readonly name: string; readonly role: StaffRole; readonly actor: string },
): Promise<StaffKey & { readonly key: string }> {
  const key = newSecret();
  return sql.begin(async (tx) => {
    const id = await addStaffKey(tx, { name, role, hash: hashKey(key), hint: key.slice(0, HINT_CHARACTERS) });
    await record(tx, { actor, action: 'staff.key.create', subject: name, detail: { id, role } });
    return { id, name, role, key };
  });
}

/** Null when there is no such live key. */
export async function endStaffKey(
  sql: Sql,
  { id, actor }: { readonly id: number; readonly actor: string },
): Promise<StaffKey | null> {
  return sql.begin(async (tx) => {
    const ended = await revokeStaffKey(tx, id);
    if (ended !== null)
      await record(tx, { actor, action: 'staff.key.revoke', subject: ended.name, detail: { id } });
    return ended;
  });
}

/** Whose key it is; null when nobody's. Asked of the database each time: a revoked key is dead at once. */
export function staffByKey(sql: Sql, key: string): Promise<StaffKey | null> {
  return findStaffKey(sql, hashKey(key));
}
