/**
 * Signing in and out. A try is counted before it is looked at, the hash is made whether or not there is such a person,
 * and what is wrong with a name and with its password is told in the same words.
 */
import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { ADDRESS_TRIES_MAX, ADDRESS_WINDOW_MS, LOCKS_MS } from '../core/office/lockout.ts';
import { needsSecondFactor } from '../core/office/roles.ts';
import { addOfficeSession, endSession } from '../db/office-session.ts';
import { countAddressTry, countNameTry, takeBackAddressTry, takeBackTry } from '../db/office-try.ts';
import { findOfficeUserByName, lockOfficeUser, markSignedIn, type OfficeUser } from '../db/office-user.ts';
import { hashPassword, isPassword, PasswordsBusy } from '../engine/password.ts';
import { hashKey } from '../engine/seal.ts';
import { personOf } from '../staff/person.ts';
import { recordAct } from './act.ts';
import { newCookie, withCookie } from './cookie.ts';
import { describeMe, MeShape } from './me.ts';
import { principalByCookie } from './principal.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OpenCall, route } from './route.ts';
import { Done } from './shapes.ts';
import { spendCode } from './totp.ts';

const Given = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 128 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
    code: Type.Optional(
      Type.String({ maxLength: 64, description: 'of the authenticator, or a recovery code' }),
    ),
  },
  { additionalProperties: false },
);
type Given = Static<typeof Given>;

export const SIGN_IN = [
  route({
    method: 'POST',
    path: '/session',
    operationId: 'signIn',
    summary: 'Sign in; the answer sets the cookie',
    group: 'session',
    permission: 'open',
    body: Given,
    answer: Type.Object({ me: MeShape }),
    handle: (call, { body }) => signIn(call, body),
  }),
  route({
    method: 'DELETE',
    path: '/session',
    operationId: 'signOut',
    summary: 'Sign out',
    group: 'session',
    permission: 'enrol',
    answer: Done,
    async handle(call) {
      const { principal, sql } = call;
      if (principal.sessionId !== null) {
        await endSession(sql, principal.sessionId);
        const agentId = principal.scope.kind === 'house' ? null : principal.scope.agentId;
        await recordAct(call, sql, { action: 'office.sign_out', subject: principal.person, agentId });
      }
      return withCookie(ok({ ok: true }), null, call);
    },
  }),
];

async function signIn(call: OpenCall, given: Given): Promise<OfficeReply> {
  const { sql, ip } = call;
  const address = await countAddressTry(sql, {
    ip,
    triesMax: ADDRESS_TRIES_MAX,
    windowMs: ADDRESS_WINDOW_MS,
  });
  if (address.first)
    await recordAct(doerOf('nobody', ip), sql, {
      action: 'office.address_locked',
      subject: ip,
      agentId: null,
    });
  if (address.lockedMs > 0) return refuse('locked', { retryAfterMs: address.lockedMs });
  const name = personOf(given.name) ?? '';
  const hash = createHash('sha256').update(name).digest('hex');
  const counted = await countNameTry(sql, { name, hash, locksMs: LOCKS_MS });
  // The door is shut whatever the password is: nothing was tried.
  if (!('locksForMs' in counted)) {
    await takeBackAddressTry(sql, ip);
    return refuse('locked', { retryAfterMs: counted.lockedMs });
  }
  const user = await findOfficeUserByName(sql, name);
  const { locksForMs } = counted;
  try {
    if (await isRight(user, given.password))
      return await withPassword(call, user as OfficeUser, { given, locksForMs });
  } catch (error) {
    if (!(error instanceof PasswordsBusy)) throw error;
    if (user !== null) await takeBackTry(sql, user.id, { locked: locksForMs > 0 });
    await takeBackAddressTry(sql, ip);
    return refuse('overloaded');
  }
  return wrong(call, user, { code: 'bad_credentials', locksForMs });
}

const doerOf = (person: string, ip: string) => ({ principal: { person }, ip });

/** Made once, of nothing anybody knows: what a password is held against when there is none. */
let nobodysHash: Promise<string> | null = null;

async function isRight(user: OfficeUser | null, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword(newCookie());
  const isSame = await isPassword(password, user?.passwordHash ?? (await nobodysHash));
  return isSame && user !== null && user.passwordHash !== null && !user.disabled;
}

async function wrong(
  { sql, ip }: OpenCall,
  user: OfficeUser | null,
  { code, locksForMs }: { readonly code: 'bad_credentials' | 'bad_code'; readonly locksForMs: number },
): Promise<OfficeReply> {
  // Names nobody has are not written down: they may be passwords in the wrong field.
  if (user !== null && locksForMs > 0)
    await recordAct(doerOf(user.name, ip), sql, {
      action: 'office.locked',
      subject: user.name,
      agentId: user.agentId,
      more: { forMs: locksForMs },
    });
  return refuse(code);
}

interface Right {
  readonly given: Given;
  readonly locksForMs: number;
}

async function withPassword(
  call: OpenCall,
  user: OfficeUser,
  { given, locksForMs }: Right,
): Promise<OfficeReply> {
  const { sql, ip, vault } = call;
  const code = given.code?.trim() ?? '';
  const { id: userId, totpSealed } = user;
  if (totpSealed !== null && code === '') {
    await takeBackTry(sql, userId, { locked: locksForMs > 0 });
    await takeBackAddressTry(sql, ip);
    return refuse('second_factor_needed');
  }
  const secret = totpSealed === null ? null : vault.unseal(totpSealed);
  const by = secret === null ? 'password' : await spendCode(sql, { userId, secret }, code);
  if (by === null) return wrong(call, user, { code: 'bad_code', locksForMs });
  await takeBackAddressTry(sql, ip);
  return openSession(call, user, by);
}

async function openSession(call: OpenCall, seen: OfficeUser, by: string): Promise<OfficeReply> {
  const { sql, ip, browser, principal: former } = call;
  const cookie = newCookie();
  const isIn = await sql.begin(async (tx) => {
    // Whoever was switched off, or given another password or factor, between the look and now is not in.
    const user = await lockOfficeUser(tx, seen.id);
    if (user === null || user.disabled || user.passwordHash !== seen.passwordHash) return false;
    if (user.totpSealed !== seen.totpSealed) return false;
    const proven = user.totpSealed !== null || !needsSecondFactor(user.role);
    const id = await addOfficeSession(tx, { hash: hashKey(cookie), userId: user.id, proven, ip, browser });
    await markSignedIn(tx, user.id, ip);
    // The browser forgets its former cookie: nobody else is to find a use for it.
    if (typeof former?.sessionId === 'number') await endSession(tx, former.sessionId);
    const { name: subject, agentId } = user;
    await recordAct(doerOf(subject, ip), tx, {
      action: 'office.sign_in',
      subject,
      agentId,
      more: { by, session: id },
    });
    return true;
  });
  const principal = isIn ? await principalByCookie(sql, cookie) : null;
  if (principal === null) return refuse('bad_credentials');
  return withCookie(ok({ me: await describeMe(call, principal) }), cookie, call);
}
