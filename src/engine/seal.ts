/**
 * Secrets. One master key seals what must be read again (AES-256-GCM) and signs what must be recognised (tokens and
 * session handles carry their id and a mark only this key can make, so neither is stored).
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

export interface Vault {
  seal(plain: string): string;
  /** Throws when the text was not sealed with this key. */
  unseal(sealed: string): string;
  /** A text that carries `id` and can't be made without the key. `purpose` keeps kinds apart. */
  sign(purpose: TokenPurpose, id: number): string;
  /** The id, or null when the text is not one of ours. */
  verify(purpose: TokenPurpose, text: string): number | null;
  /** `body`, for anyone to read, with a mark only this key can make. It may hold letters, digits, dots, - and _. */
  stamp(purpose: StampPurpose, body: string): string;
  /** The body, or null when the text is not one of ours. */
  unstamp(purpose: StampPurpose, text: string): string | null;
}

/** t: launch token of a user; s: a studio's handle of a session. */
export type TokenPurpose = 't' | 's';
/** a: access token of a visit of the rain book; r: its refresh token; l: a one-time link of the back office. */
export type StampPurpose = 'a' | 'r' | 'l';

const MARK_BYTES = 18;
/** A game names its session in every item, a page its visit in every call: what was recognised once is remembered. */
const RECOGNISED_MAX = 50_000;

export function openVault(secretKey: string): Vault {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secretKey, 'croupier', purpose, 32));
  const sealing = derive('seal');
  const recognised = new Map<string, number>();
  const bodies = new Map<string, string>();
  const signing = {
    t: derive('token'),
    s: derive('session'),
    a: derive('access'),
    r: derive('refresh'),
    l: derive('link'),
  };
  const markOf = (purpose: TokenPurpose | StampPurpose, id: string) =>
    createHmac('sha256', signing[purpose]).update(id).digest().subarray(0, MARK_BYTES).toString('base64url');
  return {
    seal(plain) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    unseal(sealed) {
      const raw = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', sealing, raw.subarray(0, 12));
      decipher.setAuthTag(raw.subarray(12, 28));
      return Buffer.concat([decipher.update(raw.subarray(28)), decipher.final()]).toString('utf8');
    },
    sign(purpose, id) {
      const text = id.toString(36);
      return `${purpose}${text}-${markOf(purpose, text)}`;
    },
    verify(purpose, text) {
      const known = recognised.get(text);
      if (known !== undefined && text.startsWith(purpose)) return known;
      const match = /^([ts])([0-9a-z]{1,11})-([\w-]{24})$/.exec(text);
      if (match === null || match[1] !== purpose) return null;
      const [, , digits = '', mark = ''] = match;
      if (!sameSecret(mark, markOf(purpose, digits))) return null;
      const id = Number.parseInt(digits, 36);
      if (recognised.size >= RECOGNISED_MAX) recognised.clear();
      recognised.set(text, id);
      return id;
    },
    stamp: (purpose, body) => `${purpose}.${body}.${markOf(purpose, body)}`,
    unstamp(purpose, text) {
      const known = bodies.get(text);
      if (known !== undefined && text.startsWith(`${purpose}.`)) return known;
      const match = /^([arl])\.([\w.-]{1,64})\.([\w-]{24})$/.exec(text);
      if (match === null || match[1] !== purpose) return null;
      const [, , body = '', mark = ''] = match;
      if (!sameSecret(mark, markOf(purpose, body))) return null;
      if (bodies.size >= RECOGNISED_MAX) bodies.clear();
      bodies.set(text, body);
      return body;
    },
  };
}

/** Compares in constant time for texts of one length. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** How API keys are stored. They have 240 bits of their own, so a plain hash is enough. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** A new secret of 40 characters. */
export function newSecret(): string {
  return randomBytes(30).toString('base64url');
}
