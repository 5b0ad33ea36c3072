/** What staff and operators may do about callbacks: a command each to the ledger, and a line each in the audit trail. */
import type { CallbackAct, CallbackActOutcome } from '../core/callback-types.ts';
import { type CallbackSeen, recordActs } from '../db/callback-view.ts';
import type { Query } from '../db/connect.ts';
import type { LedgerWriter } from '../engine/ledger-writer.ts';

export interface ActParts {
  readonly sql: Query;
  readonly writer: Pick<LedgerWriter, 'submitAll'>;
}

export interface Act extends Pick<CallbackAct, 'act' | 'by' | 'reason'> {
  /** Kept in the audit trail beside the reason. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export type Acted = Pick<CallbackSeen, 'id' | 'playerId' | 'walletId'>;

/** Does the same to all; outcomes in their order. Those that were refused leave no line. Rejects with a LedgerFault. */
export async function actOnCallbacks(
  { sql, writer }: ActParts,
  callbacks: readonly Acted[],
  { act, by, reason, detail = {} }: Act,
): Promise<CallbackActOutcome[]> {
  const commands = callbacks.map(({ id, playerId, walletId }): CallbackAct => {
    return { kind: 'callback_act', act, id, player: { id: playerId, walletId }, by, reason };
  });
  const outcomes = await writer.submitAll(commands);
  const done = callbacks.filter((_each, place) => outcomes[place]?.ok).map(({ id }) => id);
  const line = { actor: by, action: `callback.${act}`, detail: { ...detail, reason } };
  if (done.length > 0) await recordActs(sql, done, line);
  return outcomes;
}
