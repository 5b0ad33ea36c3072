/**
 * People of the demo's back office: some of the house, and an owner for each of the demo's agents. Their passwords are
 * kept in DATA_DIR, since the database has only hashes. One that was changed on the page is theirs, and told no more.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OfficeRole } from './core/office/roles.ts';
import { findAgentByName } from './db/agent.ts';
import { findOfficeUserByName } from './db/office-user.ts';
import { hashPassword, isPassword } from './engine/password.ts';
import { newSecret } from './engine/seal.ts';
import type { Office } from './office.ts';
import { givePassword, invitePerson } from './office-people.ts';

const HOUSE: readonly OfficeRole[] = ['owner', 'finance', 'support'];
const PASSWORD_LENGTH = 16;
const DOER = { principal: { person: 'demo' }, ip: null };

interface Person {
  readonly name: string;
  readonly role: OfficeRole;
  /** Null: of the house. */
  readonly agent: string | null;
}

/** Makes them once. Lines to tell: who signs in, and with what. */
export async function demoPeople(
  office: Office,
  { hubUrl, dataDir, agents }: { hubUrl: string; dataDir: string; agents: readonly string[] },
): Promise<readonly string[]> {
  const file = join(dataDir, 'office-people');
  const kept = await readKept(file);
  const people: readonly Person[] = [
    ...HOUSE.map((role) => ({ name: role, role, agent: null })),
    ...agents.map((agent) => ({ name: `${agent}-owner`, role: 'agent_owner' as const, agent })),
  ];
  const known = new Map<string, string | null>();
  for (const person of people)
    known.set(person.name, await passwordOf(office, { ...person, hubUrl, kept: kept[person.name] ?? null }));
  await writeFile(file, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`, { mode: 0o600 });
  const told = ({ name }: Person) => `${name} / ${known.get(name) ?? '(a password of its own)'}`;
  const [house, others] = [
    people.filter(({ agent }) => agent === null),
    people.filter(({ agent }) => agent !== null),
  ];
  return [
    `back office    ${hubUrl}/office/  ${house.map(told).join(', ')}`,
    `agents' people ${others.map(told).join(', ')}`,
  ];
}

async function readKept(file: string): Promise<Readonly<Record<string, string | null>>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text);
}

type Wanted = Person & { readonly hubUrl: string; readonly kept: string | null };

/** Null: it is no longer the one that was given. */
async function passwordOf(
  office: Office,
  { name, role, agent, hubUrl, kept }: Wanted,
): Promise<string | null> {
  const user = await findOfficeUserByName(office.sql, name);
  if (user !== null) {
    const isIt = kept !== null && user.passwordHash !== null && (await isPassword(kept, user.passwordHash));
    return isIt ? kept : null;
  }
  const agentId = agent === null ? null : ((await findAgentByName(office.sql, agent))?.id ?? null);
  const made = await invitePerson(
    { ...office, base: hubUrl },
    { name, shownName: name, role, agentId },
    DOER,
  );
  if (!made.ok) throw new Error(`the demo's ${name} could not be made: ${made.code}`);
  const password = newSecret().replace(/[-_]/g, '').slice(0, PASSWORD_LENGTH);
  await givePassword(office, { id: made.id, hash: await hashPassword(password) }, DOER);
  return password;
}
