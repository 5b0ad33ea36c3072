/** Who calls: a person by the cookie of a session, or a script by a person's staff key. */
import type { FastifyRequest } from 'fastify';
import { type OfficeRole, permissionsOf } from '../core/office/roles.ts';
import type { Sql } from '../db/connect.ts';
import { findOfficeSession } from '../db/office-session.ts';
import { hashKey } from '../engine/seal.ts';
import { staffByKey } from '../staff/keys.ts';
import { recordAct } from './act.ts';
import type { Principal } from './route.ts';

export const COOKIE = 'croupier_office';

export interface Caller {
  readonly principal: Principal;
  readonly by: 'cookie' | 'key';
}

/** Null: nobody, or somebody whose session has ended. A key goes before a cookie. */
export async function callerOf(sql: Sql, request: FastifyRequest): Promise<Caller | null> {
  const [, key] = /^Bearer\s+(\S{1,256})$/i.exec(request.headers.authorization ?? '') ?? [];
  if (key !== undefined) return callerByKey(sql, key);
  const cookie = cookieOf(request);
  const principal = cookie === null ? null : await principalByCookie(sql, cookie, request.ip);
  return principal === null ? null : { principal, by: 'cookie' };
}

/**
 * Null: the session has ended, or never was. `ip`: from where it is used; when that changes there is a line in the audit
 * trail, since a cookie may have been taken away.
 */
export async function principalByCookie(
  sql: Sql,
  cookie: string,
  ip: string | null = null,
): Promise<Principal | null> {
  const session = await findOfficeSession(sql, hashKey(cookie), ip);
  if (session === null) return null;
  const { id: sessionId, agentId, movedFrom, ...rest } = session;
  if (movedFrom !== null)
    await recordAct({ principal: rest, ip }, sql, {
      ...{ action: 'office.session_moved', subject: rest.person, agentId },
      more: { session: sessionId, from: movedFrom },
    });
  return {
    ...rest,
    permissions: permissionsOf(rest.role, { byLink: rest.userId === null }),
    scope: agentId === null ? { kind: 'house' } : { kind: 'agent', agentId },
    sessionId,
  };
}

async function callerByKey(sql: Sql, key: string): Promise<Caller | null> {
  const staff = await staffByKey(sql, key);
  if (staff === null) return null;
  // Roles of keys are roles of the house by the same names.
  const role: OfficeRole = staff.role;
  return {
    principal: {
      person: staff.name,
      role,
      permissions: permissionsOf(role, { byLink: false }),
      scope: { kind: 'house' },
      proven: true,
      userId: null,
      sessionId: null,
      language: 'en',
      timeZone: 'UTC',
    },
    by: 'key',
  };
}

function cookieOf(request: FastifyRequest): string | null {
  const [, value] =
    /(?:^|;\s*)croupier_office=([\w-]{20,100})(?:;|$)/.exec(request.headers.cookie ?? '') ?? [];
  return value ?? null;
}
