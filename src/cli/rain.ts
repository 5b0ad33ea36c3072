/** Commands about the rain book's sessions. Each act is a person's; results need two of them. */
import { parseLocalDate } from '../core/book/calendar.ts';
import { isPerson } from '../core/book/finding.ts';
import type { RainAct } from '../core/book/rain-acts.ts';
import { STATED_RESULTS, type StatedResult } from '../core/book/session-machine.ts';
import { GAME_STATUSES, type GameStatus } from '../core/book/types.ts';
import { listSessions } from '../db/rain-session.ts';
import { actOnRain, describeSession, type RainActOutcome } from '../staff/acts.ts';
import { STAFF_ANSWERS } from '../staff/replies.ts';
import { type SessionView, viewOfFinding, viewOfProgress, viewOfSession } from '../staff/views.ts';
import { numberOf, personHere, sessionOf, withBook } from './book-context.ts';
import { CliError, type Json, print, table, withOffice } from './context.ts';

const LIST_MAX = 1000;
const OVER: readonly GameStatus[] = ['SETTLED', 'VOID'];

interface ListOptions extends Json {
  readonly site?: string;
  readonly from?: string;
  readonly to?: string;
  readonly status?: string;
}

export async function sessions(options: ListOptions): Promise<void> {
  const { site, status } = options;
  const [from, to] = [dayOf(options.from, '--from'), dayOf(options.to, '--to')];
  const isNarrow = from !== undefined || to !== undefined;
  const statuses = status === undefined ? (isNarrow ? undefined : notOver()) : statusesOf(status);
  const filter = {
    ...(site === undefined ? {} : { site }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(statuses === undefined ? {} : { statuses }),
  };
  const rows = await withOffice((office) => listSessions(office.sql, filter, { limit: LIST_MAX }));
  print(options, rows.map(viewOfSession), (views) => table(views.map(rowOf)));
}

const notOver = () => GAME_STATUSES.filter((status) => !OVER.includes(status));

function statusesOf(text: string): GameStatus[] {
  return text.split(',').map((name) => {
    const found = GAME_STATUSES.find((status) => status === name.trim().toUpperCase());
    if (found === undefined) throw new CliError(`--status: one of ${GAME_STATUSES.join(', ')}`, 2);
    return found;
  });
}

function dayOf(text: string | undefined, name: string) {
  if (text === undefined) return undefined;
  const day = parseLocalDate(text);
  if (day === null) throw new CliError(`${name} is a day, yyyy-MM-dd, not "${text}"`, 2);
  return day;
}

function rowOf(view: SessionView) {
  const { id, site, gameDate, type, currency, status, market, odds, result, version } = view;
  return {
    id,
    site,
    gameDate,
    type,
    currency,
    status,
    market,
    odds: odds === null ? null : `${odds.rain} / ${odds.noRain}`,
    closesAt: view.closesAt,
    endsAt: view.endsAt,
    result: version === 0 ? null : version === 1 ? result : `${result} (${version})`,
  };
}

export async function show(options: Json & { readonly session: string }): Promise<void> {
  const id = sessionOf(options.session);
  const found = await withOffice((office) => describeSession(office.sql, id));
  if (found === null) throw new CliError(STAFF_ANSWERS.unknown_session.message);
  const view = {
    session: viewOfSession(found.session),
    findings: found.findings.map(viewOfFinding),
    progress: viewOfProgress(found.progress),
  };
  print(options, view, ({ session, findings }) => {
    const { positions, due, pending } = found.progress;
    return [
      table([rowOf(session)]),
      `findings:\n${table(findings)}`,
      `positions: ${positions}, to be posted ${due}, of these waiting for K-Rain ${pending}`,
    ].join('\n\n');
  });
}

interface ActOptions extends Json {
  readonly session: string;
  readonly as?: string;
  readonly reason?: string;
  readonly result?: string;
  readonly rainMm?: string;
}

export function act(kind: RainAct) {
  return async (options: ActOptions): Promise<void> => {
    const wish = {
      act: kind,
      sessionId: sessionOf(options.session),
      by: personHere(options.as),
      reason: options.reason ?? null,
      result: resultOf(options.result),
      rainMm: options.rainMm === undefined ? null : numberOf(options.rainMm, '--rain-mm'),
      waitMs: null,
    };
    const outcome = await withBook((desk) => actOnRain(desk, wish));
    if (!outcome.ok) throw new CliError(refusalText(outcome));
    const { session, counts, findings, progress } = outcome;
    const view = {
      session: viewOfSession(session),
      counts,
      findings: findings.map(viewOfFinding),
      progress: viewOfProgress(progress),
    };
    print(options, view, () => doneText(outcome));
  };
}

function resultOf(text: string | undefined): StatedResult | null {
  if (text === undefined) return null;
  const found = STATED_RESULTS.find((each) => each === text.trim().toUpperCase());
  if (found === undefined) throw new CliError(`--result: one of ${STATED_RESULTS.join(', ')}`, 2);
  return found;
}

function refusalText({ code, session }: RainActOutcome & { ok: false }): string {
  const { message } = STAFF_ANSWERS[code];
  return session === null ? message : `${message} (session ${session.id} is ${session.status})`;
}

function doneText({ session, counts, findings, progress }: RainActOutcome & { ok: true }): string {
  const is = `session ${session.id} is ${session.status}, market ${session.market}`;
  if (progress !== null && progress.due > 0)
    return `${is}; ${progress.due} of ${progress.positions} positions are not posted, ${progress.pending} of them wait for K-Rain`;
  if (counts === null) return is;
  if (counts) return `${is}: the result is ${session.result}; hubs settle it by themselves`;
  const said = findings.map(({ by, result }) => `${by} says ${result}`).join(', ');
  const isDisputed = new Set(findings.filter(({ by }) => isPerson(by)).map(({ result }) => result)).size > 1;
  const next = `rain confirm --session ${session.id}${isDisputed ? ' --result RESULT' : ''} --as NAME`;
  return `${is}: ${said}. A second person must confirm ${isDisputed ? 'one of them' : 'it'}: ${next}`;
}
