/**
 * Who is called back, and how: agents with their secrets opened. Kept as long as the directory keeps what it was made
 * of, so that a change of settings is seen by the next call.
 */
import type { AgentId } from '../core/ids.ts';
import type { Currency } from '../core/money.ts';
import type { OperatorRecord } from '../db/agent.ts';
import { ensureCallbackSecret } from '../db/callback-secret.ts';
import type { Sql } from '../db/connect.ts';
import type { Directory } from '../engine/directory.ts';
import { newSecret, type Vault } from '../engine/seal.ts';
import type { OperatorTarget } from './client.ts';
import { readTls } from './tls.ts';

export interface Operator {
  readonly agentId: AgentId;
  readonly username: string;
  readonly currency: Currency;
  readonly wallet: 'transfer' | 'seamless';
  /** Its answers must carry the balance, which is then believed. */
  readonly slotBooster: boolean;
  /** How long a callback is tried. */
  readonly cutoffMs: number;
  /** The same object as long as nothing has changed. */
  readonly target: OperatorTarget;
}

export interface OperatorsParts {
  readonly sql: Sql;
  readonly directory: Pick<Directory, 'operatorOf' | 'forget'>;
  readonly vault: Vault;
}

export interface Operators {
  /**
   * An agent as the operator it is. One that is called back and has no secret is given one. Throws for an id that is
   * none, and when something was sealed with another master key.
   */
  of(agentId: AgentId): Promise<Operator>;
}

export function openOperators({ sql, directory, vault }: OperatorsParts): Operators {
  const opened = new WeakMap<OperatorRecord, Operator>();

  async function recordOf(agentId: AgentId): Promise<OperatorRecord> {
    const record = await directory.operatorOf(agentId);
    if (record === null) throw new Error(`no such agent: ${agentId}`);
    return record;
  }
  async function withSecret(agentId: AgentId): Promise<OperatorRecord> {
    const record = await recordOf(agentId);
    if (record.agent.wallet !== 'seamless' || record.sealed.length > 0) return record;
    await ensureCallbackSecret(sql, { agentId, sealed: vault.seal(newSecret()) });
    directory.forget();
    return recordOf(agentId);
  }
  return {
    async of(agentId) {
      const record = await withSecret(agentId);
      const known = opened.get(record);
      if (known !== undefined) return known;
      const operator = open(record, vault);
      opened.set(record, operator);
      return operator;
    },
  };
}

function open({ agent, sealed }: OperatorRecord, vault: Vault): Operator {
  const { id, username, currency, wallet, slotBooster, callbackCutoffMs, callbackUrl, userAgent } = agent;
  return {
    agentId: id,
    username,
    currency,
    wallet,
    slotBooster,
    cutoffMs: callbackCutoffMs,
    target: {
      key: String(id),
      callbackUrl,
      userAgent,
      secrets: sealed.slice(0, 2).map((each) => vault.unseal(each)),
      tls: agent.callbackTls === null ? null : readTls(vault.unseal(agent.callbackTls)),
    },
  };
}
