/** Secrets that sign what the hub tells an operator. Sealed; at most two of an agent are live. */
import type { AgentId } from '../core/ids.ts';
import type { Query, Sql } from './connect.ts';

/** Adds a secret; of the former ones only the newest stays live (rotation). */
export async function addCallbackSecret(
  db: Query,
  { agentId, sealed }: { agentId: AgentId; sealed: string },
): Promise<void> {
  await db`update callback_secret set revoked_at = now() where agent_id = ${agentId} and revoked_at is null
    and id < (select max(id) from callback_secret where agent_id = ${agentId} and revoked_at is null)`;
  await db`insert into callback_secret (agent_id, sealed) values (${agentId}, ${sealed})`;
}

/** Adds a secret unless one is live. Of nodes that do so at the same time one succeeds. */
export async function ensureCallbackSecret(
  sql: Sql,
  { agentId, sealed }: { agentId: AgentId; sealed: string },
): Promise<void> {
  await sql.begin(async (tx) => {
    // The insert is a statement of its own, so that it sees what was added while the lock was waited for.
    await tx`select from agent where id = ${agentId} for no key update`;
    await tx`insert into callback_secret (agent_id, sealed) select ${agentId}, ${sealed}
      where not exists (select from callback_secret where agent_id = ${agentId} and revoked_at is null)`;
  });
}

/** Ends all live secrets but the newest. Returns how many. */
export async function revokePreviousSecrets(db: Query, agentId: AgentId): Promise<number> {
  const rows =
    await db`update callback_secret set revoked_at = now() where agent_id = ${agentId} and revoked_at is null
    and id < (select max(id) from callback_secret where agent_id = ${agentId} and revoked_at is null) returning id`;
  return rows.length;
}

/** What may be shown of them: the newest first. */
export async function listCallbackSecrets(db: Query, agentId: AgentId) {
  const rows =
    await db`select id, wire_time(created_at) as created_at, wire_time(revoked_at) as revoked_at from callback_secret
    where agent_id = ${agentId} order by id desc`;
  return rows.map((row) => ({
    id: Number(row.id),
    createdAt: row.created_at as string,
    revokedAt: row.revoked_at as string | null,
  }));
}
