/** What every call of the operator API has at hand. */
import type { Outreach } from '../callbacks/outreach.ts';
import type { SessionId } from '../core/ids.ts';
import type { AgentRecord } from '../db/agent.ts';
import type { Sql } from '../db/connect.ts';
import type { PlayerRecord } from '../db/player.ts';
import type { Directory } from '../engine/directory.ts';
import type { LedgerWriter } from '../engine/ledger-writer.ts';
import type { Vault } from '../engine/seal.ts';
import type { FeedMarks } from './feed-marks.ts';
import type { Problem, SimpleProblem } from './fields.ts';
import type { Language, XtRefusal } from './replies.ts';

export interface XtDependencies {
  readonly sql: Sql;
  readonly directory: Directory;
  readonly writer: LedgerWriter;
  readonly vault: Vault;
  readonly outreach: Pick<Outreach, 'mayStart'>;
}

export interface Call extends XtDependencies {
  readonly agent: AgentRecord;
  readonly feedMarks: FeedMarks;
  readonly ip: string;
  /** Scheme and host the outside reaches the hub by, without a slash at its end. */
  baseOf(): string;
  readonly language: Language;
}

/** A call's result; the routes give it status, text and language. `empty`: 200 without a body. */
export type CallResult =
  | { readonly body: unknown }
  | { readonly empty: true }
  | { readonly refusal: XtRefusal; readonly retryAfterMs?: number }
  | { readonly problems: Readonly<Record<string, readonly Problem[]>> };

export type Invalid = Extract<CallResult, { problems: unknown }>;

export function invalid(name: string, code: SimpleProblem): Invalid {
  return { problems: { [name]: [{ code }] } };
}

export function userContext(call: Call) {
  const tokenOf = (player: PlayerRecord) =>
    player.tokenSession === null ? null : tokenFor(call, player.tokenSession);
  return { currency: call.agent.currency, tokenOf };
}

export function tokenFor(call: Pick<Call, 'vault'>, session: SessionId): string {
  return call.vault.sign('t', session);
}
