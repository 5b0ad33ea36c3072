/**
 * Results: who stands for what, and when that becomes the session's result. Each call is one transaction under the
 * session's lock: the finding, the result it may have made, and their line in the audit trail. What the result comes to
 * in money is the settlement's business, which finds the session UNSETTLED with a result.
 */
import {
  contradicts,
  decideConfirmation,
  decideStatement,
  decideWeather,
  type FindingDecision,
  type FindingRefusal,
  WEATHER,
} from '../core/book/finding.ts';
import {
  decideAct,
  type SessionAct,
  type SessionRefusal,
  type StatedResult,
} from '../core/book/session-machine.ts';
import type { RainSessionId } from '../core/ids.ts';
import { record } from '../db/audit.ts';
import type { Query, Sql } from '../db/connect.ts';
import { type FindingRecord, listFindings, putFinding } from '../db/rain-finding.ts';
import {
  type LockedSession,
  lockSession,
  type RainSession,
  subjectOf,
  writeAfter,
} from '../db/rain-session.ts';
import { findSite, type RainSite } from '../db/rain-site.ts';

export type ResultRefusal =
  | SessionRefusal
  | FindingRefusal
  | 'unknown_session'
  | 'reason_needed' // voiding and correcting are told why
  | 'rain_mm_contradicts'; // the millimetres are not what the result says, or no millimetres

export type ResultOutcome =
  | {
      readonly ok: true;
      /** True: it is the session's result now. False: it waits for a second person. */
      readonly counts: boolean;
      readonly session: RainSession;
      /** Of this round. */
      readonly findings: readonly FindingRecord[];
      /** Who says otherwise in this round. */
      readonly against: readonly string[];
    }
  | { readonly ok: false; readonly code: ResultRefusal; readonly session: RainSession | null };

export interface Statement {
  readonly sessionId: RainSessionId;
  readonly result: StatedResult;
  /** A person's name. */
  readonly by: string;
  readonly reason: string | null;
  readonly rainMm: number | null;
  /** Where the person sits; absent: not known. */
  readonly ip?: string;
  /** Needed where there is a result already, so that nobody corrects by mistake. VOID needs none. */
  readonly correction?: boolean;
}

/** A person states the result. The second who states the same makes it count. */
export async function stateResult(sql: Sql, statement: Statement): Promise<ResultOutcome> {
  const { sessionId, result, by, reason, rainMm, ip, correction = false } = statement;
  return underLock(sql, sessionId, async (ground) => {
    const act = actOf(result, correction ? 'correct' : 'result');
    const decision = decideStatement(ground.findings, { by, result, rainMm });
    const isReasonMissing = act.kind !== 'result' && (reason ?? '').trim() === '';
    return take(ground, { act, decision, reason, ip, refused: isReasonMissing ? 'reason_needed' : null });
  });
}

export interface Confirmation {
  readonly sessionId: RainSessionId;
  readonly by: string;
  /** What the confirmer believes was stated; null: whatever it is. */
  readonly result: StatedResult | null;
  readonly reason: string | null;
  readonly rainMm?: number | null;
  readonly ip?: string;
}

/** A second person confirms what another has stated. The round is known by the session: also that of a correction. */
export async function confirmResult(sql: Sql, confirmation: Confirmation): Promise<ResultOutcome> {
  const { sessionId, by, result, reason, rainMm = null, ip } = confirmation;
  return underLock(sql, sessionId, async (ground) => {
    const { session } = ground.locked;
    const decision = decideConfirmation(ground.findings, { by, result, rainMm });
    if (!decision.ok) return { ok: false, code: decision.code, session };
    const act = actOf(decision.finding.result, session.version > 0 ? 'correct' : 'result');
    return take(ground, { act, decision, reason, ip });
  });
}

/**
 * What the source's hours come to. Takes the place of its former proposal, and is the result at once where the site is
 * automatic. Once there is a result, `has_result`: what the source says then is only shown.
 */
export async function proposeByWeather(
  sql: Sql,
  proposal: {
    readonly sessionId: RainSessionId;
    readonly result: 'RAIN' | 'NO_RAIN';
    readonly rainMm: number;
  },
): Promise<ResultOutcome> {
  const { sessionId, result, rainMm } = proposal;
  return underLock(sql, sessionId, async (ground) => {
    const { locked, site, findings } = ground;
    const decision = decideWeather(findings, { result, rainMm }, site);
    const said = findings.find(({ by }) => by === WEATHER);
    const isSaid = said?.result === result && said.rainMm === rainMm;
    if (locked.session.version === 0 && isSaid && decision.ok && !decision.counts)
      return { ok: true, counts: false, session: locked.session, findings, against: decision.against };
    return take(ground, { act: { kind: 'result', result }, decision, reason: null });
  });
}

// ---- the steps of each ----------------------------------------------------------------------------------------

/** What a call stands on: all of it read under the session's lock. */
interface Ground {
  readonly tx: Query;
  readonly locked: LockedSession;
  readonly site: RainSite;
  /** Of the round that is open. */
  readonly findings: readonly FindingRecord[];
}

function underLock(
  sql: Sql,
  id: RainSessionId,
  work: (ground: Ground) => Promise<ResultOutcome>,
): Promise<ResultOutcome> {
  return sql.begin(async (tx) => {
    const locked = await lockSession(tx, id);
    if (locked === null) return { ok: false, code: 'unknown_session', session: null };
    const site = await findSite(tx, locked.session.site);
    if (site === null) throw new Error(`session ${id} of no site`);
    return work({ tx, locked, site, findings: await listFindings(tx, id, locked.session.version + 1) });
  });
}

type ResultAct = Extract<SessionAct, { kind: 'result' | 'correct' | 'void' }>;

function actOf(result: StatedResult, kind: 'result' | 'correct'): ResultAct {
  return result === 'VOID' ? { kind: 'void' } : { kind, result };
}

interface Wish {
  readonly act: ResultAct;
  readonly decision: FindingDecision;
  readonly reason: string | null;
  readonly ip?: string | undefined;
  readonly refused?: ResultRefusal | null;
}

/** Keeps the finding, and takes the result when it counts; or refuses, and nothing has changed. */
async function take(ground: Ground, wish: Wish): Promise<ResultOutcome> {
  const { act, decision, reason, ip, refused } = wish;
  const { tx, locked, site } = ground;
  const { session } = locked;
  const after = decideAct(session, act, locked.now);
  if (!after.ok) return { ok: false, code: after.code, session };
  if (refused) return { ok: false, code: refused, session };
  if (!decision.ok) return { ok: false, code: decision.code, session };
  const { finding, counts, against, standing, rainMm } = decision;
  if (contradicts(finding, site.thresholdMm)) return { ok: false, code: 'rain_mm_contradicts', session };
  const round = session.version + 1;
  await putFinding(tx, session.id, { ...finding, round, reason });
  const now = counts ? await writeAfter(tx, locked, { ...after, rainMm }) : session;
  await record(tx, {
    actor: finding.by,
    action: counts ? `rain.${act.kind}` : 'rain.finding',
    subject: subjectOf(session),
    detail: {
      result: finding.result,
      rainMm: counts ? rainMm : finding.rainMm,
      reason,
      round,
      standing,
      against,
      ...(ip === undefined ? {} : { ip }),
    },
  });
  return { ok: true, counts, session: now, findings: await listFindings(tx, session.id, round), against };
}
