/** One-time links: an upline enters an agent's back office, and whoever was invited sets a password. */
import { Type } from 'typebox';
import { trusted } from '../core/ids.ts';
import { isWeakPassword } from '../core/office/password.ts';
import { AGENT_ROLES, linkRolesOf } from '../core/office/roles.ts';
import { findAgentById } from '../db/agent.ts';
import { findPasswordLink, spendEntryLink, spendPasswordLink } from '../db/office-link.ts';
import { addLinkSession, endSession, endSessionsOf } from '../db/office-session.ts';
import { findOfficeUser, lockOfficeUser, setOfficePassword } from '../db/office-user.ts';
import { readLinkToken } from '../engine/office-token.ts';
import { hashKey } from '../engine/seal.ts';
import { makeEntryLink } from '../office-people.ts';
import { recordAct } from './act.ts';
import { newCookie, withCookie } from './cookie.ts';
import { describeMe, MeShape } from './me.ts';
import { hashOf } from './own-try.ts';
import { principalByCookie } from './principal.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OpenCall, route } from './route.ts';
import { isUplineOf, seesAgent } from './scope.ts';
import { At, Line, Reason } from './shapes.ts';

const Token = Line(1, 200);
const EntryWish = Type.Object(
  { role: Type.Optional(Type.Enum([...AGENT_ROLES])), reason: Reason },
  { additionalProperties: false },
);

export const LINKS = [
  route({
    method: 'POST',
    path: '/links/:agentId',
    operationId: 'makeEntryLink',
    summary: 'A link into the back office of an agent below: good once, for two minutes',
    group: 'links',
    permission: 'auto_login',
    body: EntryWish,
    answer: Type.Object({ link: Type.String(), expiresAt: At }),
    handle: (call, { params, body }) => makeLink(call, Number(params.agentId), body),
  }),
  route({
    method: 'POST',
    path: '/enter',
    operationId: 'enterByLink',
    summary: 'Sign in by such a link; the answer sets the cookie',
    group: 'session',
    permission: 'open',
    body: Type.Object({ token: Token }, { additionalProperties: false }),
    answer: Type.Object({ me: MeShape }),
    handle: (call, { body }) => enter(call, body.token),
  }),
  route({
    method: 'POST',
    path: '/password-by-link',
    operationId: 'setPasswordByLink',
    summary: 'Set a password by the link of an invitation; then sign in',
    group: 'session',
    permission: 'open',
    body: Type.Object(
      { token: Token, password: Type.String({ minLength: 1, maxLength: 256 }) },
      { additionalProperties: false },
    ),
    answer: Type.Object({ ok: Type.Literal(true), name: Type.String({ description: 'to sign in with' }) }),
    handle: (call, { body }) => setPassword(call, body),
  }),
];

async function makeLink(
  call: OfficeCall,
  id: number,
  { role, reason }: { readonly role?: (typeof AGENT_ROLES)[number]; readonly reason: string },
): Promise<OfficeReply> {
  const { principal, sql } = call;
  if (!(await seesAgent(call, id))) return refuse('not_found');
  const agent = await findAgentById(sql, trusted(id));
  if (agent === null) return refuse('not_found');
  if (!(await isUplineOf(call, id))) return refuse('forbidden', { detail: 'only an upline enters' });
  if (agent.blocked) return refuse('refused', { detail: 'the agent is suspended' });
  const roles = linkRolesOf(principal.role);
  const as = role ?? roles[0];
  if (as === undefined || !roles.includes(as)) return refuse('forbidden', { detail: 'as that role' });
  const made = await makeEntryLink(
    call,
    { agentId: agent.id, agentName: agent.username, role: as, person: principal.person, reason },
    call,
  );
  return made.ok ? ok({ link: made.link, expiresAt: made.expiresAt }) : refuse('too_many');
}

async function enter(call: OpenCall, token: string): Promise<OfficeReply> {
  const { sql, vault, ip, browser, principal: former } = call;
  const id = readLinkToken(vault, 'enter', token);
  if (id === null) return refuse('bad_link');
  const cookie = newCookie();
  const isIn = await sql.begin(async (tx) => {
    const link = await spendEntryLink(tx, id, ip);
    if (link === null) return false;
    const { person, agentId, role, agentName: subject } = link;
    await addLinkSession(tx, { hash: hashKey(cookie), person, agentId, role, ip, browser });
    if (typeof former?.sessionId === 'number') await endSession(tx, former.sessionId);
    const more = { role, link: id };
    await recordAct({ principal: { person }, ip }, tx, { action: 'link.enter', subject, agentId, more });
    return true;
  });
  const principal = isIn ? await principalByCookie(sql, cookie) : null;
  if (principal === null) return refuse('bad_link');
  return withCookie(ok({ me: await describeMe(call, principal) }), cookie, call);
}

async function setPassword(
  { sql, vault, ip }: OpenCall,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<OfficeReply> {
  const id = readLinkToken(vault, 'link', token);
  const link = id === null ? null : await findPasswordLink(sql, id);
  const user = link === null ? null : await findOfficeUser(sql, link.userId);
  if (id === null || user === null || user.disabled) return refuse('bad_link');
  // A weak one is refused before the link is used up.
  if (isWeakPassword(password, user.name)) return refuse('weak_password');
  const hash = await hashOf(password);
  if (hash === null) return refuse('overloaded');
  const isSet = await sql.begin(async (tx) => {
    const now = await lockOfficeUser(tx, user.id);
    if (now === null || now.disabled || !(await spendPasswordLink(tx, id, ip))) return false;
    await setOfficePassword(tx, user.id, hash);
    await endSessionsOf(tx, { userId: user.id, person: user.name }, { except: null });
    const { name: subject, agentId } = user;
    const doer = { principal: { person: subject }, ip };
    await recordAct(doer, tx, { action: 'office.password_by_link', subject, agentId });
    return true;
  });
  return isSet ? ok({ ok: true, name: user.name }) : refuse('bad_link');
}
