/** What is done in the back office leaves a line in the audit trail: who, what, to whom, before and after, from where. */
import type { AgentId } from '../core/ids.ts';
import { record } from '../db/audit.ts';

/** A call, or whoever does the same in another way: at the terminal there is no address. */
export interface Doer {
  readonly principal: { readonly person: string };
  readonly ip: string | null;
}

export interface Act {
  /** A noun and a verb: `player.block`. */
  readonly action: string;
  /** A name people know it by. */
  readonly subject: string;
  /** Whom it concerns: who sees this agent sees the line. Null: the house alone. */
  readonly agentId: AgentId | null;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly reason?: string | null;
  /** Anything else; never a secret. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** In the transaction that does it, where there is one. */
export async function recordAct(
  { principal, ip }: Doer,
  db: Parameters<typeof record>[0],
  { action, subject, agentId, before, after, reason, more }: Act,
): Promise<void> {
  await record(db, {
    actor: principal.person,
    action,
    subject,
    detail: {
      ...(agentId === null ? {} : { agentId }),
      ...(ip === null ? {} : { ip }),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      ...(reason === undefined || reason === null ? {} : { reason }),
      ...more,
    },
  });
}
