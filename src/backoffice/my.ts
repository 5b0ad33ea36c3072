/** My page: what people change about themselves. Whoever came by a link, or with a key, has none. */
import { type Static, Type } from 'typebox';
import { isWeakPassword } from '../core/office/password.ts';
import { dropPasswordLinks } from '../db/office-link.ts';
import { endPersonsSession, endSessionsOf, listOfficeSessions, type Whose } from '../db/office-session.ts';
import { changeOfficeUser, findOfficeUser, lockOfficeUser, setOfficePassword } from '../db/office-user.ts';
import { recordAct } from './act.ts';
import { describeMe, MeShape } from './me.ts';
import { hashOf, refusePassword } from './own-try.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, route } from './route.ts';
import { At, Done, Line } from './shapes.ts';

const NOTIFY_MAX = 50;

const Settings = Type.Object(
  {
    shownName: Type.Optional(Line(1, 80)),
    language: Type.Optional(Type.Enum(['en', 'ko', 'zh'])),
    timeZone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA name' })),
    notify: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z_.]{1,40}$' }), Type.Boolean(), {
        maxProperties: NOTIFY_MAX,
        additionalProperties: false,
        description: 'what the person wants to be told of',
      }),
    ),
  },
  { additionalProperties: false },
);

const SessionShape = Type.Object({
  id: Type.Integer(),
  createdAt: At,
  seenAt: At,
  ip: Type.String(),
  browser: Type.String(),
  current: Type.Boolean(),
  proven: Type.Boolean(),
  byLink: Type.Boolean({ description: "in an agent's back office, by a link this person made" }),
});

export const MINE = [
  route({
    method: 'GET',
    path: '/me',
    operationId: 'showMe',
    summary: 'Who is signed in, and what they may do',
    group: 'me',
    permission: 'enrol',
    answer: MeShape,
    handle: async (call) => ok(await describeMe(call, call.principal)),
  }),
  route({
    method: 'PATCH',
    path: '/me',
    operationId: 'changeMe',
    summary: 'Shown name, language, time zone, notifications',
    group: 'me',
    permission: 'self',
    body: Settings,
    answer: MeShape,
    handle: (call, { body }) => changeMe(call, body),
  }),
  route({
    method: 'POST',
    path: '/me/password',
    operationId: 'changeMyPassword',
    summary: 'Another password; ends all other sessions',
    group: 'me',
    permission: 'self',
    body: Type.Object(
      {
        current: Type.String({ minLength: 1, maxLength: 256 }),
        next: Type.String({ minLength: 1, maxLength: 256 }),
      },
      { additionalProperties: false },
    ),
    answer: Done,
    handle: (call, { body }) => changePassword(call, body),
  }),
  route({
    method: 'GET',
    path: '/me/sessions',
    operationId: 'listMySessions',
    summary: 'Where I am signed in',
    group: 'me',
    permission: 'self',
    answer: Type.Object({ sessions: Type.Array(SessionShape) }),
    async handle({ sql, principal }) {
      const whose = mine(principal);
      const sessions = whose === null ? [] : await listOfficeSessions(sql, whose);
      return ok({
        sessions: sessions.map((each) => ({ ...each, current: each.id === principal.sessionId })),
      });
    },
  }),
  route({
    method: 'DELETE',
    path: '/me/sessions/:sessionId',
    operationId: 'endMySession',
    summary: 'Sign out there',
    group: 'me',
    permission: 'self',
    answer: Done,
    handle: (call, { params }) => endMine(call, Number(params.sessionId)),
  }),
  route({
    method: 'DELETE',
    path: '/me/sessions',
    operationId: 'endMyOtherSessions',
    summary: 'Sign out everywhere else',
    group: 'me',
    permission: 'self',
    answer: Type.Object({ ok: Type.Literal(true), ended: Type.Integer() }),
    async handle(call) {
      const { sql, principal } = call;
      const whose = mine(principal);
      if (whose === null) return ok({ ok: true, ended: 0 });
      const ended = await sql.begin(async (tx) => {
        const count = await endSessionsOf(tx, whose, { except: principal.sessionId });
        await recordMine(call, tx, { action: 'office.sessions_end', more: { ended: count } });
        return count;
      });
      return ok({ ok: true, ended });
    },
  }),
];

const mine = ({ userId, person }: OfficeCall['principal']): Whose | null =>
  userId === null ? null : { userId, person };

/** A line of one's own. */
export async function recordMine(
  call: OfficeCall,
  db: Parameters<typeof recordAct>[1],
  act: Pick<Parameters<typeof recordAct>[2], 'action' | 'before' | 'after' | 'more'>,
): Promise<void> {
  const { person, scope } = call.principal;
  await recordAct(call, db, {
    subject: person,
    agentId: scope.kind === 'house' ? null : scope.agentId,
    ...act,
  });
}

async function changeMe(call: OfficeCall, change: Static<typeof Settings>): Promise<OfficeReply> {
  const { sql, principal } = call;
  const { userId } = principal;
  if (userId === null) return refuse('forbidden', { detail: 'a link or a key has no settings' });
  if (change.timeZone !== undefined && !isTimeZone(change.timeZone))
    return refuse('invalid_request', { fields: { timeZone: 'is no time zone' } });
  await sql.begin(async (tx) => {
    const before = await lockOfficeUser(tx, userId);
    if (before === null) throw new Error('a session of nobody');
    await changeOfficeUser(tx, userId, change);
    const { shownName, language, timeZone, notify } = before;
    const all = { shownName, language, timeZone, notify };
    await recordMine(call, tx, { action: 'office.settings', before: all, after: { ...all, ...change } });
  });
  const { language, timeZone } = { ...principal, ...change };
  return ok(await describeMe(call, { ...principal, language, timeZone }));
}

function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

async function changePassword(
  call: OfficeCall,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<OfficeReply> {
  const { sql, principal } = call;
  const user = principal.userId === null ? null : await findOfficeUser(sql, principal.userId);
  if (user === null) return refuse('forbidden', { detail: 'a link or a key has no password' });
  const refused = await refusePassword(call, user, current);
  if (refused !== null) return refused;
  if (isWeakPassword(next, user.name)) return refuse('weak_password');
  const hash = await hashOf(next);
  if (hash === null) return refuse('overloaded');
  const isSet = await sql.begin(async (tx) => {
    const now = await lockOfficeUser(tx, user.id);
    if (now?.passwordHash !== user.passwordHash) return false;
    await setOfficePassword(tx, user.id, hash);
    await dropPasswordLinks(tx, user.id);
    const whose = { userId: user.id, person: user.name };
    const ended = await endSessionsOf(tx, whose, { except: principal.sessionId });
    await recordMine(call, tx, { action: 'office.password', more: { ended } });
    return true;
  });
  return isSet ? ok({ ok: true }) : refuse('conflict');
}

async function endMine(call: OfficeCall, id: number): Promise<OfficeReply> {
  const { sql, principal } = call;
  const whose = mine(principal);
  if (whose === null || !(await endPersonsSession(sql, whose, id))) return refuse('not_found');
  await recordMine(call, sql, { action: 'office.session_end', more: { session: id } });
  return ok({ ok: true });
}
