/**
 * The authenticator: set up, confirmed by a first code, renewed, given up. A new one counts for nothing until it is
 * confirmed in the session that began it, and a session that lacks the second factor can never replace one in force.
 */
import { type Static, Type } from 'typebox';
import { needsSecondFactor } from '../core/office/roles.ts';
import { endSessionsOf, findSessionMore, proveSession, setSessionTotp } from '../db/office-session.ts';
import {
  findOfficeUser,
  lockOfficeUser,
  type OfficeUser,
  setRecoveryCodes,
  setTotp,
} from '../db/office-user.ts';
import { hashKey } from '../engine/seal.ts';
import { newCookie, withCookie } from './cookie.ts';
import { recordMine } from './my.ts';
import { refuseCode, refusePassword } from './own-try.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, route } from './route.ts';
import { Done } from './shapes.ts';
import { describeTotp, hashRecovery, newRecoveryCodes, newTotpSecret, stepOf } from './totp.ts';

const Password = Type.String({ minLength: 1, maxLength: 256 });
const Code = Type.String({ minLength: 1, maxLength: 64 });
const Codes = Type.Object({
  recoveryCodes: Type.Array(Type.String(), { description: 'ten, each good once; shown this once' }),
});

const Begin = Type.Object({ password: Type.Optional(Password) }, { additionalProperties: false });

export const SECOND_FACTOR = [
  route({
    method: 'POST',
    path: '/me/totp',
    operationId: 'beginTotp',
    summary: 'A new authenticator, to be confirmed; in place of one in force: with the password',
    group: 'me',
    permission: 'enrol',
    body: Begin,
    answer: Type.Object({
      secret: Type.String({ description: 'base32, to type in' }),
      uri: Type.String(),
      qr: Type.String({ description: 'the same as a picture: SVG in a data URI' }),
    }),
    handle: (call, { body }) => begin(call, body),
  }),
  route({
    method: 'POST',
    path: '/me/totp/confirm',
    operationId: 'confirmTotp',
    summary: 'A first code of it: from now on it is in force; all other sessions end',
    group: 'me',
    permission: 'enrol',
    body: Type.Object({ code: Code }, { additionalProperties: false }),
    answer: Codes,
    handle: (call, { body }) => confirm(call, body.code),
  }),
  route({
    method: 'POST',
    path: '/me/totp/end',
    operationId: 'endTotp',
    summary: 'Sign in without an authenticator again; not for the house',
    group: 'me',
    permission: 'self',
    body: Type.Object({ password: Password, code: Code }, { additionalProperties: false }),
    answer: Done,
    handle: (call, { body }) => end(call, body),
  }),
  route({
    method: 'POST',
    path: '/me/recovery-codes',
    operationId: 'renewRecoveryCodes',
    summary: 'Ten new recovery codes in place of all before',
    group: 'me',
    permission: 'self',
    body: Type.Object({ code: Code }, { additionalProperties: false }),
    answer: Codes,
    handle: (call, { body }) => renewCodes(call, body.code),
  }),
];

const NO_PERSON = { detail: 'a link or a key has no authenticator' };

interface Self {
  readonly user: OfficeUser;
  readonly sessionId: number;
}

async function selfOf({ sql, principal }: OfficeCall): Promise<Self | null> {
  const { userId, sessionId } = principal;
  const user = userId === null ? null : await findOfficeUser(sql, userId);
  return user === null || sessionId === null ? null : { user, sessionId };
}

async function begin(call: OfficeCall, { password }: Static<typeof Begin>): Promise<OfficeReply> {
  const self = await selfOf(call);
  if (self === null) return refuse('forbidden', NO_PERSON);
  const { user, sessionId } = self;
  const refused = await refuseRenewal(call, user, password);
  if (refused !== null) return refused;
  const secret = newTotpSecret();
  await setSessionTotp(call.sql, sessionId, call.vault.seal(secret));
  return ok({ secret, ...(await describeTotp(secret, user.name)) });
}

async function refuseRenewal(
  call: OfficeCall,
  user: OfficeUser,
  password: string | undefined,
): Promise<OfficeReply | null> {
  if (user.totpSealed === null) return null;
  // Another session of theirs has set one up: sign in with it.
  if (!call.principal.proven) return refuse('conflict');
  return password === undefined ? refuse('bad_credentials') : refusePassword(call, user, password);
}

async function confirm(call: OfficeCall, code: string): Promise<OfficeReply> {
  const { sql, vault, principal } = call;
  const self = await selfOf(call);
  if (self === null) return refuse('forbidden', NO_PERSON);
  const { sessionId } = self;
  const { totpSealed: sealed } = await findSessionMore(sql, sessionId);
  if (sealed === null) return refuse('conflict', { detail: 'begin anew' });
  const step = stepOf(vault.unseal(sealed), code, Date.now());
  if (step === null) return refuse('bad_code');
  const cookie = newCookie();
  const recoveryCodes = newRecoveryCodes();
  const isSet = await sql.begin(async (tx) => {
    const user = await lockOfficeUser(tx, self.user.id);
    // Read again under lock: of two sessions that set one up, the second is too late.
    if (user === null || (!principal.proven && user.totpSealed !== null)) return false;
    if ((await findSessionMore(tx, sessionId)).totpSealed !== sealed) return false;
    await setTotp(tx, user.id, { sealed, step });
    await setRecoveryCodes(tx, user.id, recoveryCodes.map(hashRecovery));
    await endSessionsOf(tx, { userId: user.id, person: user.name }, { except: sessionId });
    await proveSession(tx, sessionId, hashKey(cookie));
    await recordMine(call, tx, {
      action: user.totpSealed === null ? 'office.totp_set' : 'office.totp_renew',
    });
    return true;
  });
  return isSet ? withCookie(ok({ recoveryCodes }), cookie, call) : refuse('conflict');
}

async function end(
  call: OfficeCall,
  { password, code }: { readonly password: string; readonly code: string },
): Promise<OfficeReply> {
  const self = await selfOf(call);
  if (self === null) return refuse('forbidden', NO_PERSON);
  const { user } = self;
  if (needsSecondFactor(user.role))
    return refuse('refused', { detail: "the house's staff sign in by two factors" });
  const refused = (await refusePassword(call, user, password)) ?? (await refuseCode(call, user, code));
  if (refused !== null) return refused;
  await call.sql.begin(async (tx) => {
    await setTotp(tx, user.id, null);
    await endSessionsOf(tx, { userId: user.id, person: user.name }, { except: self.sessionId });
    await recordMine(call, tx, { action: 'office.totp_end' });
  });
  return ok({ ok: true });
}

async function renewCodes(call: OfficeCall, code: string): Promise<OfficeReply> {
  const self = await selfOf(call);
  if (self === null) return refuse('forbidden', NO_PERSON);
  const { user } = self;
  const refused = await refuseCode(call, user, code);
  if (refused !== null) return refused;
  const recoveryCodes = newRecoveryCodes();
  await call.sql.begin(async (tx) => {
    await setRecoveryCodes(tx, user.id, recoveryCodes.map(hashRecovery));
    await recordMine(call, tx, { action: 'office.recovery_codes' });
  });
  return ok({ recoveryCodes });
}
