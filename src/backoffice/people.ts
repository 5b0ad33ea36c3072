/** People: who may sign in, as what, and help for those who are locked out. An agent's people see those of their tree. */
import { Type } from 'typebox';
import { isHouseRole, OFFICE_ROLES, type OfficeRole } from '../core/office/roles.ts';
import { findPerson, listPeople, type PersonRow } from '../db/office-people.ts';
import {
  changePerson,
  endPersonSessions,
  invitePerson,
  type PeopleRefusal,
  resetPerson,
} from '../office-people.ts';
import { listRoutes, type OfficeList } from './list.ts';
import { type OfficeRefusal, type OfficeReply, ok, type RefusalMore, refuse } from './replies.ts';
import { type OfficeCall, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, Done, Id, Line, Nullable } from './shapes.ts';

const Filter = Type.Object({
  role: Type.Optional(Type.Enum([...OFFICE_ROLES])),
  agent: Type.Optional(Id),
  name: Type.Optional(Line(0, 64)),
  disabled: Type.Optional(Type.Enum(['true', 'false'])),
});

const PersonShape = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  shownName: Type.String(),
  role: Type.String(),
  agentId: Nullable(Type.Integer({ description: "null: the house's own" })),
  agent: Nullable(Type.String()),
  totp: Type.Boolean(),
  passwordAt: Nullable(At),
  signedInAt: Nullable(At),
  signedInIp: Nullable(Type.String()),
  lockedUntil: Nullable(At),
  sessions: Type.Integer({ description: 'live ones' }),
  createdBy: Type.String(),
  createdAt: At,
  disabledAt: Nullable(At),
});

type Row = PersonRow & Readonly<Record<string, unknown>>;

const PEOPLE_LIST: OfficeList<typeof Filter, Row> = {
  path: '/people',
  name: 'People',
  summary: 'People of the back office',
  group: 'people',
  permission: 'people',
  filter: Filter,
  orders: {
    name: { key: ['text'], descending: false },
    newest: { key: ['bigint'], descending: true },
  },
  row: PersonShape,
  columns: [
    { key: 'id', title: 'id', type: 'number' },
    { key: 'name', title: 'name', type: 'text' },
    { key: 'shownName', title: 'shown name', type: 'text' },
    { key: 'role', title: 'role', type: 'text' },
    { key: 'agent', title: 'agent', type: 'text' },
    { key: 'totp', title: 'authenticator', type: 'flag' },
    { key: 'passwordAt', title: 'password set', type: 'instant' },
    { key: 'signedInAt', title: 'signed in', type: 'instant' },
    { key: 'signedInIp', title: 'from', type: 'text' },
    { key: 'lockedUntil', title: 'locked until', type: 'instant' },
    { key: 'createdBy', title: 'invited by', type: 'text' },
    { key: 'createdAt', title: 'invited', type: 'instant' },
    { key: 'disabledAt', title: 'switched off', type: 'instant' },
  ],
  async read(call, { filter }, page) {
    const { role = null, agent, name = '', disabled } = filter;
    const agents =
      agent === undefined ? await lookedAfter(call) : await agentsOf(call, { agent, below: true });
    if (agents === null && agent !== undefined) return null;
    const given = {
      agents,
      role,
      begins: name === '' ? null : name.toLowerCase(),
      disabled: disabled === undefined ? null : disabled === 'true',
      id: null,
    };
    return (await listPeople(call.sql, given, page)) as Row[];
  },
  keyOf: (row, order) => [order === 'name' ? row.name : String(row.id)],
};

/** Whose people the caller looks after; null: everybody, the house's too. */
async function lookedAfter(call: OfficeCall) {
  return call.principal.scope.kind === 'house' ? null : agentsOf(call);
}

const Invitation = Type.Object(
  {
    name: Line(1, 128),
    shownName: Line(1, 80),
    role: Type.Enum([...OFFICE_ROLES]),
    agentId: Type.Optional(Type.Integer({ minimum: 1, maximum: 999_999_999_999_999 })),
  },
  { additionalProperties: false },
);

const Change = Type.Object(
  {
    role: Type.Optional(Type.Enum([...OFFICE_ROLES])),
    shownName: Type.Optional(Line(1, 80)),
    disabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
);

const group = 'people';
const permission = 'people';

export const PEOPLE = [
  ...listRoutes(PEOPLE_LIST),
  route({
    method: 'POST',
    path: '/people',
    operationId: 'invitePerson',
    summary: 'Invite a person: the link, shown once and good for three days, sets their password',
    group,
    permission,
    body: Invitation,
    answer: Type.Object({ id: Type.Integer(), link: Type.String(), expiresAt: At }),
    handle: (call, { body }) => invite(call, body),
  }),
  route({
    method: 'GET',
    path: '/people/:userId',
    operationId: 'showPerson',
    summary: 'One person',
    group,
    permission,
    answer: PersonShape,
    handle: (call, { params }) => withPerson(call, params.userId, async (person) => ok(person)),
  }),
  route({
    method: 'PATCH',
    path: '/people/:userId',
    operationId: 'changePerson',
    summary: 'Another role or shown name, or switched off; nobody does so to themselves',
    group,
    permission,
    body: Change,
    answer: PersonShape,
    handle: (call, { params, body }) =>
      withPerson(call, params.userId, async ({ id }) => {
        const done = await changePerson(call, { id, ...body }, call);
        return done.ok ? withPerson(call, id, async (person) => ok(person)) : answerTo(done.code);
      }),
  }),
  route({
    method: 'POST',
    path: '/people/:userId/reset',
    operationId: 'resetPerson',
    summary: 'A new password by link, sign-in without the lost authenticator, or an end to a lock',
    group,
    permission,
    body: Type.Object({ what: Type.Enum(['password', 'totp', 'lock']) }, { additionalProperties: false }),
    answer: Type.Object({
      ok: Type.Literal(true),
      link: Type.Optional(Type.String()),
      expiresAt: Type.Optional(At),
    }),
    handle: (call, { params, body }) =>
      withPerson(call, params.userId, async ({ id }) => {
        const done = await resetPerson(call, { id, what: body.what }, call);
        return done.ok ? ok(done) : answerTo(done.code);
      }),
  }),
  route({
    method: 'DELETE',
    path: '/people/:userId/sessions',
    operationId: 'endPersonSessions',
    summary: 'Sign a person out everywhere',
    group,
    permission,
    answer: Type.Object({ ...Done.properties, ended: Type.Integer() }),
    handle: (call, { params }) =>
      withPerson(call, params.userId, async ({ id }) => {
        const done = await endPersonSessions(call, id, call);
        return done.ok ? ok(done) : answerTo(done.code);
      }),
  }),
];

/** Refusals of what is done to people, as they are answered. */
const ANSWERS: Readonly<Record<PeopleRefusal, readonly [OfficeRefusal, RefusalMore?]>> = {
  bad_name: ['invalid_request', { fields: { name: 'is not the name of a person' } }],
  taken: ['taken'],
  other_kind: ['invalid_request', { fields: { role: 'is not for this kind of person' } }],
  not_found: ['not_found'],
  oneself: ['refused', { detail: 'nobody does this to themselves' }],
  last_owner: ['refused', { detail: 'the house would be left without an owner' }],
  too_many: ['too_many'],
};
const answerTo = (code: PeopleRefusal): OfficeReply => refuse(...ANSWERS[code]);

async function withPerson(
  call: OfficeCall,
  id: string | number,
  act: (person: PersonRow) => Promise<OfficeReply>,
): Promise<OfficeReply> {
  const person = await findPerson(call.sql, Number(id), { agents: await lookedAfter(call) });
  return person === null ? refuse('not_found') : act(person);
}

interface Invited {
  readonly name: string;
  readonly shownName: string;
  readonly role: OfficeRole;
  readonly agentId?: number;
}

async function invite(call: OfficeCall, { agentId, ...wish }: Invited): Promise<OfficeReply> {
  const { scope } = call.principal;
  if (scope.kind === 'agent' && isHouseRole(wish.role)) return refuse('forbidden', { detail: wish.role });
  const own = scope.kind === 'agent' ? String(scope.agentId) : undefined;
  const named = agentId === undefined ? own : String(agentId);
  const found = named === undefined ? [] : await agentsOf(call, { agent: named });
  if (found === null) return refuse('not_found');
  const made = await invitePerson(call, { ...wish, agentId: found[0] ?? null }, call);
  if (!made.ok) return answerTo(made.code);
  return ok({ id: made.id, link: made.link, expiresAt: made.expiresAt });
}
