/** Who is signed in, as the page needs to know it. */
import { type Static, Type } from 'typebox';
import { findAgentById } from '../db/agent.ts';
import { findSessionMore } from '../db/office-session.ts';
import { countRecoveryCodes, findOfficeUser } from '../db/office-user.ts';
import type { OfficeCall, Principal } from './route.ts';
import { At, Nullable } from './shapes.ts';

export const MeShape = Type.Object({
  name: Type.String({ description: 'as the audit trail keeps it' }),
  shownName: Type.String(),
  role: Type.String(),
  permissions: Type.Array(Type.String()),
  agent: Nullable(Type.Object({ id: Type.Integer(), username: Type.String(), currency: Type.String() })),
  stage: Type.Enum(['in', 'enrol'], { description: 'enrol: set up an authenticator first' }),
  language: Type.String(),
  timeZone: Type.String(),
  notify: Type.Record(Type.String(), Type.Boolean()),
  previous: Nullable(Type.Object({ at: At, ip: Type.String() })),
  byLink: Type.Boolean({ description: 'came by a link into the back office of the agent' }),
  totp: Type.Boolean({ description: 'an authenticator is in force' }),
  recoveryCodes: Type.Integer({ description: 'how many are left' }),
  passwordAt: Nullable(At),
  demo: Type.Boolean(),
});
type Me = Static<typeof MeShape>;

type Parts = Pick<OfficeCall, 'sql' | 'demo'>;

export async function describeMe({ sql, demo }: Parts, principal: Principal): Promise<Me> {
  const { person, role, permissions, scope, proven, userId, sessionId, language, timeZone } = principal;
  const user = userId === null ? null : await findOfficeUser(sql, userId);
  const agent = scope.kind === 'house' ? null : await findAgentById(sql, scope.agentId);
  return {
    name: person,
    shownName: user?.shownName ?? person,
    role,
    permissions: [...permissions],
    agent: agent === null ? null : { id: agent.id, username: agent.username, currency: agent.currency },
    stage: proven ? 'in' : 'enrol',
    language,
    timeZone,
    notify: user?.notify ?? {},
    previous: await previousOf(sql, sessionId),
    byLink: userId === null && sessionId !== null,
    totp: user !== null && user.totpSealed !== null,
    recoveryCodes: userId === null ? 0 : await countRecoveryCodes(sql, userId),
    passwordAt: user?.passwordAt ?? null,
    demo,
  };
}

async function previousOf(sql: Parts['sql'], sessionId: Principal['sessionId']): Promise<Me['previous']> {
  if (sessionId === null) return null;
  const { previousAt: at, previousIp: ip } = await findSessionMore(sql, sessionId);
  return at === null || ip === null ? null : { at, ip };
}
