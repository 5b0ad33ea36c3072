/** Second factors: codes of an authenticator by time, and recovery codes for when it is lost. Each is good once. */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { toString as toQr } from 'qrcode';
import type { Query } from '../db/connect.ts';
import { spendRecoveryCode, spendTotpStep } from '../db/office-user.ts';
import { hashKey } from '../engine/seal.ts';

const ISSUER = 'Croupier';
const SECRET_BYTES = 20;
const PERIOD_S = 30;
/** Clocks of phones differ: the step before and the one after are good too. */
const STEPS_ASIDE = 1;
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

/** Base32, as people type it into their authenticator. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

function totpOf(secret: string, person: string): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label: person,
    secret: Secret.fromBase32(secret),
    digits: 6,
    period: PERIOD_S,
  });
}

/** What an authenticator reads, as an address and as a picture of it. */
export async function describeTotp(
  secret: string,
  person: string,
): Promise<{ readonly uri: string; readonly qr: string }> {
  const uri = totpOf(secret, person).toString();
  const svg = await toQr(uri, { type: 'svg', margin: 2 });
  return { uri, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
}

/** The step a code belongs to; null when it is wrong now. */
export function stepOf(secret: string, code: string, nowMs: number): number | null {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const delta = totpOf(secret, '').validate({ token, timestamp: nowMs, window: STEPS_ASIDE });
  return delta === null ? null : Math.floor(nowMs / 1000 / PERIOD_S) + delta;
}

export interface SecondFactor {
  readonly userId: number;
  /** Null: none is in force. */
  readonly secret: string | null;
}

/** Uses up a code, of the authenticator or for recovery. Null: it is wrong, or was used before. */
export async function spendCode(
  db: Query,
  { userId, secret }: SecondFactor,
  code: string,
): Promise<'totp' | 'recovery' | null> {
  if (secret === null) return null;
  const step = stepOf(secret, code, Date.now());
  if (step !== null) return (await spendTotpStep(db, userId, step)) ? 'totp' : null;
  return (await spendRecoveryCode(db, userId, hashRecovery(code))) ? 'recovery' : null;
}

/** Ten, each of 80 bits, to be shown once. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => grouped(randomBytes(RECOVERY_BYTES)));
}

function grouped(bytes: Buffer): string {
  const text = new Secret({ buffer: new Uint8Array(bytes).buffer }).base32.toLowerCase();
  return text.match(/.{4}/g)?.join('-') ?? text;
}

/** However it is written: letters, spaces and dashes as people copy them. */
export function hashRecovery(code: string): Buffer {
  return hashKey(code.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
