/** Commands about the back office: who may sign in, and a way in for who keeps the terminal. */
import { isWeakPassword } from '../core/office/password.ts';
import { AGENT_ROLES, isOfficeRole, OFFICE_ROLES, type OfficeRole } from '../core/office/roles.ts';
import { findAgentByName } from '../db/agent.ts';
import { listPeople } from '../db/office-people.ts';
import { findOfficeUserByName, type OfficeUser } from '../db/office-user.ts';
import { hashPassword } from '../engine/password.ts';
import { agentNamed, type Office } from '../office.ts';
import {
  changePerson,
  givePassword,
  invitePerson,
  makeEntryLink,
  type PeopleDesk,
  type PeopleRefusal,
  type PersonReset,
  resetPerson,
} from '../office-people.ts';
import { personOf } from '../staff/person.ts';
import { actor, CliError, type Json, print, settings, table, withOffice } from './context.ts';

const PEOPLE_MAX = 10_000;
const RESETS = ['password', 'totp', 'lock'] as const satisfies readonly PersonReset[];

const REFUSALS: Readonly<Record<PeopleRefusal, string>> = {
  bad_name: 'that is not the name of a person',
  taken: 'the name is taken',
  other_kind: "roles of the house are without --agent, those of an agent's people with it",
  not_found: 'no such person',
  oneself: 'nobody does this to themselves',
  last_owner: 'the house would be left without an owner',
  too_many: 'too many people, or too many links that are still out: they are good for two minutes',
};

const doer = () => ({ principal: { person: actor() }, ip: null });

/** Links lead where the hub is reached by people. */
function deskOf({ sql, vault }: Office): PeopleDesk {
  return { sql, vault, base: settings().publicUrl ?? `http://127.0.0.1:${settings().port || 8080}` };
}

function done<Result extends { readonly ok: true }>(
  outcome: Result | { readonly ok: false; readonly code: PeopleRefusal },
): Result {
  if (!outcome.ok) throw new CliError(REFUSALS[outcome.code]);
  return outcome as Result;
}

async function personNamed({ sql }: Office, text: string): Promise<OfficeUser> {
  const name = personOf(text);
  const user = name === null ? null : await findOfficeUserByName(sql, name);
  if (user === null) throw new CliError(`no such person: ${text}`);
  return user;
}

interface Create extends Json {
  readonly name: string;
  readonly role: string;
  readonly shownName?: string;
  readonly agent?: string;
  readonly passwordStdin?: boolean;
}

export async function createUser(options: Create): Promise<void> {
  const { role, name } = options;
  if (!isOfficeRole(role)) throw new CliError(`--role: one of ${OFFICE_ROLES.join(', ')}`, 2);
  const hash = options.passwordStdin ? await passwordFromInput(name) : null;
  const made = await withOffice((office) => invite(office, { options, role, hash }));
  print(options, made, ({ link }) =>
    link === undefined
      ? `${made.name} may sign in as ${role}`
      : `${made.name} may sign in as ${role} with a password set by this link, good once and for three days: ${link}`,
  );
}

async function invite(
  office: Office,
  { options, role, hash }: { options: Create; role: OfficeRole; hash: string | null },
) {
  const agentId = options.agent === undefined ? null : (await agentNamed(office, options.agent)).id;
  const desk = deskOf(office);
  const wish = { name: options.name, shownName: options.shownName ?? options.name, role, agentId };
  const { id, name, link, expiresAt } = done(await invitePerson(desk, wish, doer()));
  if (hash === null) return { id, name, role, link, expiresAt };
  done(await givePassword(desk, { id, hash }, doer()));
  return { id, name, role };
}

/** The first line of standard input: what stands on a command line is seen by everybody on the machine. */
async function passwordFromInput(name: string): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  const [password = ''] = text.split(/\r?\n/);
  if (isWeakPassword(password, personOf(name) ?? ''))
    throw new CliError('the password is too short or too well known', 2);
  return hashPassword(password);
}

export async function listUsers(options: Json): Promise<void> {
  const page = { after: null, descending: false, limit: PEOPLE_MAX, order: 'name' };
  const all = { agents: null, role: null, begins: null, disabled: null, id: null };
  const people = await withOffice((office) => listPeople(office.sql, all, page));
  print(options, people, (rows) =>
    table(
      rows.map(({ id, name, role, agent, totp, passwordAt, signedInAt, lockedUntil, disabledAt }) => ({
        ...{ id, name, role, agent, totp, passwordAt, signedInAt, lockedUntil, disabledAt },
      })),
    ),
  );
}

export async function resetUser(
  options: Json & { readonly name: string; readonly what: string },
): Promise<void> {
  const what = RESETS.find((each) => each === options.what);
  if (what === undefined) throw new CliError(`--what: one of ${RESETS.join(', ')}`, 2);
  const reset = await withOffice(async (office) => {
    const { id, name } = await personNamed(office, options.name);
    const { link, expiresAt } = done(await resetPerson(deskOf(office), { id, what }, doer()));
    return link === undefined ? { id, name, what } : { id, name, what, link, expiresAt };
  });
  print(options, reset, ({ name, link }) =>
    link === undefined ? `${name}: ${what} is reset` : `${name} sets a new password by this link: ${link}`,
  );
}

export const switchUser =
  (verb: 'disable' | 'enable') => async (options: Json & { readonly name: string }) => {
    const switched = await withOffice(async (office) => {
      const { id, name } = await personNamed(office, options.name);
      done(await changePerson(office, { id, disabled: verb === 'disable' }, doer()));
      return { id, name, disabled: verb === 'disable' };
    });
    print(
      options,
      switched,
      ({ name, disabled }) => `${name} is ${disabled ? 'out, and stays out' : 'let in again'}`,
    );
  };

export async function link(
  options: Json & { readonly agent: string; readonly role: string; readonly reason: string },
): Promise<void> {
  const role = AGENT_ROLES.find((each) => each === options.role);
  if (role === undefined) throw new CliError(`--role: one of ${AGENT_ROLES.join(', ')}`, 2);
  const made = await withOffice(async (office) => {
    const agent = await findAgentByName(office.sql, options.agent);
    if (agent === null) throw new CliError(`no such agent: ${options.agent}`);
    const { id: agentId, username: agentName } = agent;
    const wish = { agentId, agentName, role, person: actor(), reason: options.reason };
    const { link: address, expiresAt } = done(await makeEntryLink(deskOf(office), wish, doer()));
    return { agent: agentName, role, link: address, expiresAt };
  });
  print(
    options,
    made,
    ({ agent, link: address }) => `into ${agent}'s back office, once, within two minutes: ${address}`,
  );
}
