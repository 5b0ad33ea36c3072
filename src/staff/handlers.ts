/** What each call of the staff API does. The caller is a person with a role that allows it: routes.ts has seen to that. */
import { parseLocalDate } from '../core/book/calendar.ts';
import type { RainAct } from '../core/book/rain-acts.ts';
import { GAME_STATUSES, type GameStatus } from '../core/book/types.ts';
import { type RainSessionId, trusted } from '../core/ids.ts';
import { sessionExposures } from '../db/book-exposure.ts';
import { sessionsWithStatement } from '../db/book-laid-off.ts';
import type { Sql } from '../db/connect.ts';
import { findSession, listSessions, type RainSession } from '../db/rain-session.ts';
import { OfficeError } from '../office.ts';
import {
  type BookOffice,
  bookOperators,
  changeBookOperator,
  createBookOperatorWithCert,
} from '../office-book.ts';
import type { Market } from '../rain/market.ts';
import { reconcileSession, type SessionStatement } from '../rain/reconcile.ts';
import { actOnRain, describeSession, type RainDesk } from './acts.ts';
import { refuse, type StaffReply } from './replies.ts';
import { viewOfExposure, viewOfFinding, viewOfProgress, viewOfSession, viewOfStatement } from './views.ts';
import { checks, SESSIONS_MAX } from './wire.ts';

export interface StaffDependencies extends RainDesk {
  readonly sql: Sql;
  readonly book: BookOffice['book'];
  /** K-Rain; null when none is configured. */
  readonly market: Pick<Market, 'orders'> | null;
}
export interface StaffCall extends StaffDependencies {
  /** Whose key it is. */
  readonly person: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** How long a request waits for a settlement, which goes on behind it. */
const SETTLE_WAIT_MS = 5000;
const RECONCILE_DAYS = 7;

export async function listRainSessions({ sql, query }: StaffCall): Promise<StaffReply> {
  if (!checks.sessionsQuery.Check(query))
    return refuse('invalid_request', firstBad(checks.sessionsQuery, query));
  const [from, to] = [dayOf(query.from), dayOf(query.to)];
  if (from === null || to === null) return refuse('invalid_request', 'from and to are days, yyyy-MM-dd');
  const statuses = statusesOf(query.status);
  if (statuses === null) return refuse('invalid_request', `status is one of ${GAME_STATUSES.join(', ')}`);
  const filter = {
    ...(query.site === undefined ? {} : { site: query.site }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(statuses === undefined ? {} : { statuses }),
  };
  const rows = await listSessions(sql, filter, { limit: SESSIONS_MAX + 1 });
  const sessions = rows.slice(0, SESSIONS_MAX).map(viewOfSession);
  return { status: 200, body: { sessions, more: rows.length > SESSIONS_MAX } };
}

/** Undefined: not asked for. Null: not a day. */
const dayOf = (text: string | undefined) => (text === undefined ? undefined : parseLocalDate(text));

function statusesOf(text: string | undefined): GameStatus[] | null | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim().toUpperCase());
  const known = GAME_STATUSES.filter((status) => names.includes(status));
  return known.length === names.length ? known : null;
}

export async function showRainSession({ sql, params }: StaffCall): Promise<StaffReply> {
  const id = sessionIdOf(params.id);
  const found = id === null ? null : await describeSession(sql, id);
  if (found === null) return refuse('unknown_session');
  const { session, findings, progress } = found;
  return {
    status: 200,
    body: {
      session: viewOfSession(session),
      findings: findings.map(viewOfFinding),
      progress: viewOfProgress(progress),
    },
  };
}

export function act(kind: RainAct) {
  return async (call: StaffCall): Promise<StaffReply> => {
    const body = call.body ?? {};
    if (!checks.act.Check(body)) return refuse('invalid_request', firstBad(checks.act, body));
    const sessionId = sessionIdOf(call.params.id);
    if (sessionId === null) return refuse('unknown_session');
    const { result = null, rainMm = null, reason = null } = body;
    const wish = { act: kind, sessionId, by: call.person, result, rainMm, reason, waitMs: SETTLE_WAIT_MS };
    const outcome = await actOnRain(call, wish);
    if (!outcome.ok) return refuse(outcome.code);
    const { session, counts, findings, progress } = outcome;
    return {
      status: 200,
      body: {
        session: viewOfSession(session),
        counts,
        findings: findings.map(viewOfFinding),
        progress: viewOfProgress(progress),
      },
    };
  };
}

/** Ids are below 2^53; null for everything else. */
export function sessionIdOf(text: string | undefined): RainSessionId | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? trusted<RainSessionId>(text) : null;
}

export async function showExposure({ sql }: StaffCall): Promise<StaffReply> {
  return { status: 200, body: { sessions: (await sessionExposures(sql)).map(viewOfExposure) } };
}

export async function reconcileBook({ sql, market, query }: StaffCall): Promise<StaffReply> {
  if (!checks.reconcileQuery.Check(query))
    return refuse('invalid_request', firstBad(checks.reconcileQuery, query));
  if (market === null) return refuse('no_market');
  const sessions = await sessionsToReconcile(sql, {
    id: query.session === undefined ? null : sessionIdOf(query.session),
    days: Number(query.days ?? RECONCILE_DAYS),
  });
  if (sessions === null) return refuse('unknown_session');
  const statements: SessionStatement[] = [];
  for (const session of sessions) statements.push(await reconcileSession({ sql, market }, session));
  const equal = statements.every((each) => each.unavailable === null && each.differences.length === 0);
  return { status: 200, body: { equal, sessions: statements.map(viewOfStatement) } };
}

/** One session, or all of the last days; null when there is no such session. */
export async function sessionsToReconcile(
  sql: Sql,
  { id, days }: { readonly id: RainSessionId | null; readonly days: number },
): Promise<readonly RainSession[] | null> {
  if (id === null) return sessionsWithStatement(sql, days);
  const session = await findSession(sql, id);
  return session === null ? null : [session];
}

export async function listOperators({ sql }: StaffCall): Promise<StaffReply> {
  const operators = await bookOperators({ sql });
  return { status: 200, body: { operators } };
}

export async function createOperator(call: StaffCall): Promise<StaffReply> {
  const { sql, book, person, body } = call;
  if (!checks.newOperator.Check(body)) return refuse('invalid_request', firstBad(checks.newOperator, body));
  return told(async () => {
    const { id, name, certCode } = await createBookOperatorWithCert(
      { sql, book },
      { ...body, actor: person },
    );
    return { id: Number(id), name, certCode };
  });
}

export async function setOperator(call: StaffCall): Promise<StaffReply> {
  const { sql, book, person, params, body } = call;
  if (!checks.operatorChange.Check(body))
    return refuse('invalid_request', firstBad(checks.operatorChange, body));
  const id = sessionIdOf(params.id);
  const operator = (await bookOperators({ sql })).find((each) => Number(each.id) === Number(id));
  if (operator === undefined) return refuse('unknown_operator');
  return told(() => changeBookOperator({ sql, book }, { ...body, name: operator.name, actor: person }));
}

/** What the office refuses is told in its own words. */
async function told(work: () => Promise<unknown>): Promise<StaffReply> {
  try {
    return { status: 200, body: await work() };
  } catch (error) {
    if (error instanceof OfficeError) return refuse('refused', error.message);
    throw error;
  }
}

interface Checker {
  Errors(value: unknown): Iterable<{ readonly instancePath: string; readonly message: string }>;
}

/** Where the first thing is that does not fit, and why. */
export function firstBad(check: Checker, value: unknown): string {
  const [first] = check.Errors(value);
  return first === undefined ? 'unreadable' : `${first.instancePath.slice(1) || 'the body'} ${first.message}`;
}
