/**
 * What staff do to a session, for the API and the command line alike: each under the name of a person, each with its
 * line in the audit trail, also when it is refused. Results, corrections and voiding need two persons.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { RainAct } from '../core/book/rain-acts.ts';
import type { StatedResult } from '../core/book/session-machine.ts';
import type { RainSessionId } from '../core/ids.ts';
import { record } from '../db/audit.ts';
import { type SettlementProgress, settlementProgress } from '../db/book-settlement.ts';
import type { Sql } from '../db/connect.ts';
import { type FindingRecord, listFindings } from '../db/rain-finding.ts';
import {
  type ActOutcome,
  actOnSession,
  findSession,
  type RainSession,
  type StaffAct,
  subjectOf,
} from '../db/rain-session.ts';
import { confirmResult, type ResultOutcome, type ResultRefusal, stateResult } from '../rain/results.ts';
import type { Settlement } from '../rain/settle.ts';

export interface RainDesk {
  readonly sql: Sql;
  readonly settlement: Pick<Settlement, 'runOne'>;
}

export interface RainWish {
  readonly act: RainAct;
  readonly sessionId: RainSessionId;
  /** The person's name (`personOf`). */
  readonly by: string;
  readonly reason: string | null;
  /** Needed by result and resettle; for confirm what the person believes was stated, null = whatever it is. */
  readonly result: StatedResult | null;
  readonly rainMm: number | null;
  /** Where the person sits, for the audit trail; absent: not known. */
  readonly ip?: string;
  /** How long settle is waited for; it goes on behind. Null: to its end. */
  readonly waitMs: number | null;
}

export type RainRefusal = ResultRefusal | 'result_needed';
export type RainActOutcome =
  | {
      readonly ok: true;
      readonly session: RainSession;
      /** False: the result waits for a second person. Null: the act has to do with no result. */
      readonly counts: boolean | null;
      /** Who says what of the round that is open, or has just ended. */
      readonly findings: readonly FindingRecord[];
      /** Of settle alone. */
      readonly progress: SettlementProgress | null;
    }
  | { readonly ok: false; readonly code: RainRefusal; readonly session: RainSession | null };

export async function actOnRain(desk: RainDesk, wish: RainWish): Promise<RainActOutcome> {
  const outcome = await carryOut(desk, wish);
  if (!outcome.ok) await recordRefusal(desk.sql, wish, outcome.code);
  return outcome;
}

function carryOut(desk: RainDesk, wish: RainWish): Promise<RainActOutcome> {
  const { sql } = desk;
  const { sessionId, reason, result, rainMm } = wish;
  const by = { by: wish.by, ...placeOf(wish) };
  switch (wish.act) {
    case 'open':
    case 'suspend':
    case 'resume':
      return move(sql, wish, { kind: wish.act });
    case 'close':
      return move(sql, wish, { kind: 'close_early' });
    case 'result':
    case 'resettle':
      if (result === null) return Promise.resolve({ ok: false, code: 'result_needed', session: null });
      return stating(
        stateResult(sql, { sessionId, ...by, result, reason, rainMm, correction: wish.act === 'resettle' }),
      );
    case 'void':
      return stating(stateResult(sql, { sessionId, ...by, result: 'VOID', reason, rainMm }));
    case 'confirm':
      return stating(confirmResult(sql, { sessionId, ...by, result, reason, rainMm }));
    case 'settle':
      return settle(desk, wish);
  }
}

const placeOf = ({ ip }: Pick<RainWish, 'ip'>) => (ip === undefined ? {} : { ip });

async function move(sql: Sql, wish: RainWish, act: StaffAct): Promise<RainActOutcome> {
  const { sessionId, by, reason } = wish;
  const outcome: ActOutcome = await actOnSession(sql, sessionId, { act, by, reason, ...placeOf(wish) });
  if (!outcome.ok) return outcome;
  return { ok: true, session: outcome.session, counts: null, findings: [], progress: null };
}

async function stating(said: Promise<ResultOutcome>): Promise<RainActOutcome> {
  const outcome = await said;
  if (!outcome.ok) return outcome;
  const { session, counts, findings } = outcome;
  return { ok: true, session, counts, findings, progress: null };
}

/** Hubs settle by themselves; this one does it now. Where nothing is left to do, that is what it says. */
async function settle({ sql, settlement }: RainDesk, wish: RainWish): Promise<RainActOutcome> {
  const { sessionId, by, waitMs } = wish;
  const before = await findSession(sql, sessionId);
  if (before === null) return { ok: false, code: 'unknown_session', session: null };
  if (before.version === 0) return { ok: false, code: 'no_result', session: before };
  await record(sql, { actor: by, action: 'rain.settle', subject: subjectOf(before), detail: placeOf(wish) });
  const run = settlement.runOne(sessionId);
  if (waitMs === null) await run;
  else await Promise.race([run, delay(waitMs, null, { ref: false })]);
  // What goes on behind is the hub's own work too: its loop meets the same trouble and tells of it.
  run.catch(() => {});
  const session = (await findSession(sql, sessionId)) ?? before;
  const progress = await settlementProgress(sql, session);
  return { ok: true, session, counts: null, findings: [], progress };
}

async function recordRefusal(sql: Sql, wish: RainWish, code: RainRefusal): Promise<void> {
  const { act, sessionId, by, result } = wish;
  const detail = { refused: code, ...(result === null ? {} : { result }), ...placeOf(wish) };
  await record(sql, { actor: by, action: `rain.${act}`, subject: subjectOf({ id: sessionId }), detail });
}

/** A session with everything that was said of its result, the oldest first; null when there is none. */
export async function describeSession(
  sql: Sql,
  id: RainSessionId,
): Promise<{ session: RainSession; findings: FindingRecord[]; progress: SettlementProgress } | null> {
  const session = await findSession(sql, id);
  if (session === null) return null;
  return {
    session,
    findings: await listFindings(sql, id),
    progress: await settlementProgress(sql, session),
  };
}
