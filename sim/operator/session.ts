/**
 * Who is at the other end of a browser.
 * The cookie carries "<visit>.<member id, base64url>.<expiry>" and a MAC over it, so a restart signs nobody out and
 * nothing has to be stored; the CSRF token of a form is another MAC over the same cookie.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const cookieName = 'dalbit_session';
const lifeMs = 12 * 60 * 60 * 1000;

export interface Session {
  /** Null before sign-in. */
  readonly memberId: string | null;
  /** The cookie's value, as it is to be set or as it came. */
  readonly cookie: string;
  readonly csrf: string;
}

export interface Sessions {
  /** A new visit: at the first page, at sign-in and at sign-out, so that no cookie survives a change of person. */
  begin(memberId: string | null): Session;
  /** The session of a cookie; null when it is missing, forged or over. */
  of(cookieHeader: string | undefined): Session | null;
  isCsrfToken(session: Session, token: string): boolean;
}

/** The key lives in the data folder and is made at the first start. */
export async function sessionKey(folder: string): Promise<Buffer> {
  const path = join(folder, 'cookie.key');
  try {
    await writeFile(path, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const key = await readFile(path);
  if (key.length !== 32) throw new Error('cookie.key is damaged: delete it, everybody has to sign in again');
  return key;
}

export function sessions(key: Buffer, nowMs: () => number): Sessions {
  const mac = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  const sessionOf = (memberId: string | null, cookie: string) => ({
    memberId,
    cookie,
    csrf: mac(`csrf ${cookie}`),
  });

  return {
    begin(memberId) {
      const member = Buffer.from(memberId ?? '').toString('base64url');
      const body = `${randomBytes(12).toString('base64url')}.${member}.${nowMs() + lifeMs}`;
      return sessionOf(memberId, `${body}.${mac(`cookie ${body}`)}`);
    },
    of(cookieHeader) {
      const cookie = cookieValue(cookieHeader, cookieName);
      const [visit, member, expiry, seal] = cookie.split('.');
      if (member === undefined || seal === undefined) return null;
      if (!isSame(seal, mac(`cookie ${visit}.${member}.${expiry}`)) || Number(expiry) <= nowMs()) return null;
      return sessionOf(Buffer.from(member, 'base64url').toString() || null, cookie);
    },
    isCsrfToken: (session, token) => isSame(token, session.csrf),
  };
}

/** The value of a cookie, or an empty text. */
export function cookieValue(header: string | undefined, name: string): string {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return '';
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
