/** A password or a code asked for in a session. Wrong ones count as those at the door: a session left open is one too. */
import { LOCKS_MS } from '../core/office/lockout.ts';
import { countNameTry, takeBackTry } from '../db/office-try.ts';
import type { OfficeUser } from '../db/office-user.ts';
import { hashPassword, isPassword, PasswordsBusy } from '../engine/password.ts';
import { type OfficeReply, refuse } from './replies.ts';
import type { OfficeCall } from './route.ts';
import { spendCode } from './totp.ts';

/** The refusal; null: it is their password. */
export function refusePassword(
  call: Pick<OfficeCall, 'sql'>,
  user: OfficeUser,
  password: string,
): Promise<OfficeReply | null> {
  const { passwordHash } = user;
  const isRight = async () => passwordHash !== null && isPassword(password, passwordHash);
  return refuseTry(call, user, { isRight, code: 'bad_credentials' });
}

/** The refusal; null: it was a code of the authenticator in force, or for recovery, and is used up. */
export async function refuseCode(
  call: Pick<OfficeCall, 'sql' | 'vault'>,
  user: OfficeUser,
  code: string,
): Promise<OfficeReply | null> {
  const { totpSealed } = user;
  if (totpSealed === null) return refuse('conflict', { detail: 'no authenticator is in force' });
  const factor = { userId: user.id, secret: call.vault.unseal(totpSealed) };
  const isRight = async () => (await spendCode(call.sql, factor, code)) !== null;
  return refuseTry(call, user, { isRight, code: 'bad_code' });
}

async function refuseTry(
  { sql }: Pick<OfficeCall, 'sql'>,
  user: OfficeUser,
  { isRight, code }: { isRight: () => Promise<boolean>; code: 'bad_credentials' | 'bad_code' },
): Promise<OfficeReply | null> {
  const counted = await countNameTry(sql, { name: user.name, hash: '', locksMs: LOCKS_MS });
  if (!('locksForMs' in counted)) return refuse('locked', { retryAfterMs: counted.lockedMs });
  const takeBack = () => takeBackTry(sql, user.id, { locked: counted.locksForMs > 0 });
  try {
    if (!(await isRight())) return refuse(code);
  } catch (error) {
    if (!(error instanceof PasswordsBusy)) throw error;
    await takeBack();
    return refuse('overloaded');
  }
  await takeBack();
  return null;
}

/** Null: too many wait for theirs. */
export function hashOf(password: string): Promise<string | null> {
  return hashPassword(password).catch((error) => {
    if (error instanceof PasswordsBusy) return null;
    throw error;
  });
}
