/** The cookie of a session: for this page alone, unreadable to scripts, and gone with the browser. */
import { newSecret } from '../engine/seal.ts';
import { COOKIE } from './principal.ts';
import type { OfficeReply } from './replies.ts';

/** A new one: 240 bits. The store keeps its hash. */
export const newCookie = newSecret;

/** The answer, with the cookie the browser is to keep; null takes it away. */
export function withCookie(
  reply: OfficeReply,
  cookie: string | null,
  { base }: { base: string },
): OfficeReply {
  const secure = base.startsWith('https:') ? '; Secure' : '';
  const end = cookie === null ? '; Max-Age=0' : '';
  const value = `${COOKIE}=${cookie ?? ''}; Path=/office; HttpOnly; SameSite=Strict${secure}${end}`;
  return { ...reply, headers: { ...reply.headers, 'set-cookie': value } };
}
