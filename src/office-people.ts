/**
 * Who may sign in to the back office: people are invited, changed and helped back in, and agents' back offices entered,
 * by the API and the command line alike. Each act is one transaction with its line in the audit trail; what a person
 * loses (a role, a password, the place) ends all they have open.
 */
import { type Doer, recordAct } from './backoffice/act.ts';
import type { AgentId } from './core/ids.ts';
import { type AgentRole, isHouseRole, type OfficeRole } from './core/office/roles.ts';
import type { Query, Sql } from './db/connect.ts';
import { addEntryLink, addPasswordLink, dropEntryLinks, dropPasswordLinks } from './db/office-link.ts';
import { endSessionsOf } from './db/office-session.ts';
import {
  addOfficeUser,
  changeOfficeUser,
  countOfficeUsers,
  lockOfficeUser,
  lockOtherOwners,
  type OfficeUser,
  setOfficePassword,
  setTotp,
  unlockOfficeUser,
} from './db/office-user.ts';
import { linkTo } from './engine/office-token.ts';
import type { Vault } from './engine/seal.ts';
import { personOf } from './staff/person.ts';

export interface PeopleDesk {
  readonly sql: Sql;
  readonly vault: Vault;
  /** Where the back office is reached; without a slash at its end. */
  readonly base: string;
}

const INVITATION_HOURS = 72;
const ENTRY_MINUTES = 2;
const ENTRIES_AT_ONCE_MAX = 50;
/** Of an agent, or of the house. */
const PEOPLE_MAX = 1000;

export type PeopleRefusal =
  /** Not the name of a person. */
  | 'bad_name'
  | 'taken'
  /** A role of the house is not for agents' people, nor the other way round. */
  | 'other_kind'
  | 'not_found'
  /** Done to oneself. */
  | 'oneself'
  /** Nobody would be left who may do everything. */
  | 'last_owner'
  /** Of people, or of links that are out. */
  | 'too_many';
type Refused = { readonly ok: false; readonly code: PeopleRefusal };
export interface SentLink {
  readonly link: string;
  readonly expiresAt: string;
}
const refused = (code: PeopleRefusal): Refused => ({ ok: false, code });

export interface Invitation {
  readonly name: string;
  readonly shownName: string;
  readonly role: OfficeRole;
  readonly agentId: AgentId | null;
}

/** Makes a person, who sets their password by the link. */
export async function invitePerson(
  desk: PeopleDesk,
  { name, shownName, role, agentId }: Invitation,
  doer: Doer,
): Promise<({ readonly ok: true; readonly id: number; readonly name: string } & SentLink) | Refused> {
  const person = personOf(name);
  if (person === null) return refused('bad_name');
  if (isHouseRole(role) !== (agentId === null)) return refused('other_kind');
  const by = doer.principal.person;
  return desk.sql.begin(async (tx) => {
    if ((await countOfficeUsers(tx, agentId)) >= PEOPLE_MAX) return refused('too_many');
    const id = await addOfficeUser(tx, { name: person, shownName, role, agentId, by });
    if (id === null) return refused('taken');
    const sent = await sendPasswordLink(desk, tx, { userId: id, by });
    await recordAct(doer, tx, { action: 'person.invite', subject: person, agentId, after: { role } });
    return { ok: true, id, name: person, ...sent } as const;
  });
}

async function sendPasswordLink(
  desk: PeopleDesk,
  tx: Query,
  { userId, by }: { readonly userId: number; readonly by: string },
): Promise<SentLink> {
  const made = await addPasswordLink(tx, { userId, by, hours: INVITATION_HOURS });
  return { link: linkTo(desk, 'link', made), expiresAt: made.expiresAt };
}

export interface PersonChange {
  readonly role?: OfficeRole;
  readonly shownName?: string;
  readonly disabled?: boolean;
}

/** Nobody changes their own role or shuts themselves out, and one owner of the house always stays. */
export async function changePerson(
  { sql }: Pick<PeopleDesk, 'sql'>,
  { id, ...change }: PersonChange & { readonly id: number },
  doer: Doer,
): Promise<{ readonly ok: true } | Refused> {
  return sql.begin(async (tx) => {
    // Owners first and in order: two who shut each other out must not both succeed.
    const owners = await lockOtherOwners(tx, id);
    const user = await lockOfficeUser(tx, id);
    if (user === null) return refused('not_found');
    const why = whyNot(user, change, { owners, doer });
    if (why !== null) return refused(why);
    await changeOfficeUser(tx, id, change);
    if (losesAnything(user, change)) await shutOut(tx, user);
    if (change.disabled === true) await dropPasswordLinks(tx, id);
    const { role, shownName, disabledAt } = user;
    await recordAct(doer, tx, {
      action:
        change.disabled === undefined
          ? 'person.change'
          : change.disabled
            ? 'person.disable'
            : 'person.enable',
      subject: user.name,
      agentId: user.agentId,
      before: { role, shownName, disabled: disabledAt !== null },
      after: { role, shownName, disabled: disabledAt !== null, ...change },
    });
    return { ok: true } as const;
  });
}

function whyNot(
  user: OfficeUser,
  { role, disabled }: PersonChange,
  { owners, doer }: { readonly owners: number; readonly doer: Doer },
): PeopleRefusal | null {
  if (role !== undefined && isHouseRole(role) !== isHouseRole(user.role)) return 'other_kind';
  const change = role !== undefined && role !== user.role;
  if (user.name === doer.principal.person && (change || disabled === true)) return 'oneself';
  const leaves = user.role === 'owner' && user.disabledAt === null && (change || disabled === true);
  return leaves && owners === 0 ? 'last_owner' : null;
}

function losesAnything(user: OfficeUser, { role, disabled }: PersonChange): boolean {
  return disabled === true || (role !== undefined && role !== user.role);
}

/** Out everywhere, also where they came by a link of their own. */
async function shutOut(
  tx: Query,
  { id: userId, name: person }: Pick<OfficeUser, 'id' | 'name'>,
): Promise<number> {
  await dropEntryLinks(tx, person);
  return endSessionsOf(tx, { userId, person }, { except: null });
}

/** A password lost, an authenticator lost, or a door shut by wrong tries. */
export type PersonReset = 'password' | 'totp' | 'lock';

/** Only others can help: what one may do to oneself needs the password (My page). */
export async function resetPerson(
  desk: PeopleDesk,
  { id, what }: { readonly id: number; readonly what: PersonReset },
  doer: Doer,
): Promise<({ readonly ok: true } & Partial<SentLink>) | Refused> {
  return desk.sql.begin(async (tx) => {
    const user = await lockOfficeUser(tx, id);
    if (user === null) return refused('not_found');
    if (user.name === doer.principal.person) return refused('oneself');
    await recordAct(doer, tx, {
      action: `person.reset.${what}`,
      subject: user.name,
      agentId: user.agentId,
    });
    if (what === 'lock') await unlockOfficeUser(tx, id);
    else await shutOut(tx, user);
    if (what === 'totp') await setTotp(tx, id, null);
    if (what !== 'password') return { ok: true } as const;
    await setOfficePassword(tx, id, null);
    const sent = await sendPasswordLink(desk, tx, { userId: id, by: doer.principal.person });
    return { ok: true, ...sent } as const;
  });
}

/** Returns how many were open. */
export async function endPersonSessions(
  { sql }: Pick<PeopleDesk, 'sql'>,
  id: number,
  doer: Doer,
): Promise<{ readonly ok: true; readonly ended: number } | Refused> {
  return sql.begin(async (tx) => {
    const user = await lockOfficeUser(tx, id);
    if (user === null) return refused('not_found');
    const ended = await shutOut(tx, user);
    const { name: subject, agentId } = user;
    await recordAct(doer, tx, { action: 'person.sign_out', subject, agentId, more: { ended } });
    return { ok: true, ended } as const;
  });
}

export interface EntryWish {
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly role: AgentRole;
  /** Who comes by it. */
  readonly person: string;
  readonly reason: string | null;
}

/** A link into an agent's back office, good once and for two minutes. */
export async function makeEntryLink(
  desk: PeopleDesk,
  { agentName, reason, ...wish }: EntryWish,
  doer: Doer,
): Promise<({ readonly ok: true } & SentLink) | Refused> {
  return desk.sql.begin(async (tx) => {
    const link = { ...wish, by: doer.principal.person };
    const made = await addEntryLink(tx, link, { minutes: ENTRY_MINUTES, atOnceMax: ENTRIES_AT_ONCE_MAX });
    if (made === null) return refused('too_many');
    const { role, agentId } = wish;
    await recordAct(doer, tx, {
      action: 'link.make',
      subject: agentName,
      agentId,
      reason,
      more: { role, link: made.id },
    });
    return { ok: true, link: linkTo(desk, 'enter', made), expiresAt: made.expiresAt } as const;
  });
}

/** Gives a password directly, in place of a link: at the terminal, and for the demo. `hash`: of src/engine/password.ts. */
export async function givePassword(
  { sql }: Pick<PeopleDesk, 'sql'>,
  { id, hash }: { readonly id: number; readonly hash: string },
  doer: Doer,
): Promise<{ readonly ok: true } | Refused> {
  return sql.begin(async (tx) => {
    const user = await lockOfficeUser(tx, id);
    if (user === null) return refused('not_found');
    await setOfficePassword(tx, id, hash);
    await dropPasswordLinks(tx, id);
    await shutOut(tx, user);
    const { name: subject, agentId } = user;
    await recordAct(doer, tx, { action: 'person.password', subject, agentId });
    return { ok: true } as const;
  });
}
