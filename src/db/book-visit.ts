/** Visits of the player page: a login link, then the tokens it became. Only hashes of tokens are kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { BookPlayerId } from '../core/ids.ts';
import type { Query } from './connect.ts';

/** A login link not used within this time is dead. */
export const LOGIN_MINUTES = 15;

/** How tokens are stored. They are random, 256 bits and more, so a plain hash is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Issues a login token: 64 hexadecimal digits, good once. */
export async function issueLogin(db: Query, playerId: BookPlayerId): Promise<string> {
  const token = randomBytes(32).toString('hex');
  await db`insert into book_visit (player_id, login_hash, login_expires_at)
    values (${playerId}, ${hashToken(token)}, now() + make_interval(mins => ${LOGIN_MINUTES}))`;
  return token;
}

/** Ends all visits of a player, those not begun among them. Returns how many. */
export async function endVisits(db: Query, playerId: BookPlayerId): Promise<number> {
  const rows =
    await db`update book_visit set ended_at = now() where player_id = ${playerId} and ended_at is null returning id`;
  return rows.length;
}
