/** API keys as developers see them, and keys to try calls with, which end by themselves. */
import type { AgentId } from '../core/ids.ts';
import type { Query } from './connect.ts';

export interface ApiKeySeen {
  readonly id: number;
  readonly hint: string;
  readonly label: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  /** Null: lives until it is revoked. */
  readonly expiresAt: string | null;
}

const SHOWN_MAX = 200;

/** Live keys first, then the newest of the others. */
export async function apiKeysOf(db: Query, agentId: AgentId): Promise<ApiKeySeen[]> {
  const rows =
    await db`select id, hint, label, wire_time(created_at) as created, wire_time(last_used_at) as used, wire_time(revoked_at) as revoked,
      wire_time(expires_at) as expires from api_key where agent_id = ${agentId} order by revoked_at is not null, id desc limit ${SHOWN_MAX}`;
  return rows.map((row) => ({
    id: Number(row.id),
    hint: row.hint,
    label: row.label,
    createdAt: row.created,
    lastUsedAt: row.used,
    revokedAt: row.revoked,
    expiresAt: row.expires,
  }));
}

export async function countLiveKeys(db: Query, agentId: AgentId): Promise<number> {
  const [row] =
    await db`select count(*)::integer as count from api_key where agent_id = ${agentId} and revoked_at is null`;
  return row?.count ?? 0;
}

/** Makes a key end after so many minutes. Returns when. */
export async function limitKey(db: Query, keyId: number, minutes: number): Promise<string> {
  const [row] =
    await db`update api_key set expires_at = now() + make_interval(mins => ${minutes}) where id = ${keyId} returning wire_time(expires_at) as expires`;
  return row?.expires;
}

/** Revokes keys whose time is over: nodes that still remember one are told. */
export async function endTryKeys(db: Query): Promise<void> {
  // A statement that changes nothing would tell the nodes all the same.
  const [due] = await db`select from api_key where revoked_at is null and expires_at <= now() limit 1`;
  if (due === undefined) return;
  await db`update api_key set revoked_at = now() where revoked_at is null and expires_at <= now()`;
}
