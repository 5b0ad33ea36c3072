/** Commands about the staff API's keys. */
import { findOfficeUserByName } from '../db/office-user.ts';
import { listStaffKeys, STAFF_ROLES } from '../db/staff-key.ts';
import { createStaffKey, endStaffKey } from '../staff/keys.ts';
import { personOf } from '../staff/person.ts';
import { actor, CliError, type Json, print, table, withOffice } from './context.ts';

export async function createKey(
  options: Json & { readonly name: string; readonly role: string },
): Promise<void> {
  const name = personOf(options.name);
  if (name === null) throw new CliError(`--name: not the name of a person: ${options.name}`, 2);
  const role = STAFF_ROLES.find((each) => each === options.role);
  if (role === undefined) throw new CliError(`--role: one of ${STAFF_ROLES.join(', ')}`, 2);
  const made = await withOffice(async ({ sql }) => {
    // One name is one person, and what an agent's person does is never the house's doing.
    if (((await findOfficeUserByName(sql, name))?.agentId ?? null) !== null)
      throw new CliError(`${name} is one of an agent's people`);
    return createStaffKey(sql, { name, role, actor: actor() });
  });
  print(options, made, ({ key }) => `staff key of ${name}, ${role}; shown once: ${key}`);
}

export async function listKeys(options: Json): Promise<void> {
  const keys = await withOffice((office) => listStaffKeys(office.sql));
  print(options, keys, (rows) => table(rows.map((row) => ({ ...row }))));
}

export async function revokeKey(id: string, options: Json): Promise<void> {
  if (!/^\d{1,15}$/.test(id)) throw new CliError('the id of a key is a number', 2);
  const ended = await withOffice((office) => endStaffKey(office.sql, { id: Number(id), actor: actor() }));
  if (ended === null) throw new CliError(`no live key ${id}`);
  print(options, ended, ({ name }) => `key ${id} of ${name} is revoked`);
}
