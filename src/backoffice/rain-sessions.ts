/** Sessions of the rain book: their list, and everything about one. For the house alone. */
import { Type } from 'typebox';
import { isSame, WEATHER } from '../core/book/finding.ts';
import { RAIN_ACTS, type RainAct } from '../core/book/rain-acts.ts';
import { decideAct, type SessionAct } from '../core/book/session-machine.ts';
import { GAME_STATUSES, type GameStatus, SESSION_TYPES } from '../core/book/types.ts';
import { type RainSessionId, trusted } from '../core/ids.ts';
import { settlementProgress } from '../db/book-settlement.ts';
import {
  findSessionLine,
  lastQuotes,
  listSessionLines,
  positionSums,
  sessionHours,
  sessionStates,
  trailOf,
} from '../db/office-rain-session.ts';
import { databaseNow } from '../db/rain-due.ts';
import { type FindingRecord, listFindings } from '../db/rain-finding.ts';
import { findSession, type RainSession, subjectOf } from '../db/rain-session.ts';
import { findSite } from '../db/rain-site.ts';
import { marketIdOf } from '../rain/market.ts';
import { reconcileSession } from '../rain/reconcile.ts';
import type { RainRefusal } from '../staff/acts.ts';
import { listRoutes } from './list.ts';
import { findingRow, oddsOrNull, sessionRow, statementRow, wireTime } from './rain-views.ts';
import {
  DayGiven,
  OddsHistory,
  RainSessionDetail,
  RainSessionRow,
  SessionFigures,
  SessionHours,
  SessionKrain,
  TrailLines,
} from './rain-wire.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type Params, route } from './route.ts';
import { Line } from './shapes.ts';

const QUOTES_MAX = 2000;
const TRAIL_MAX = 200;

const SESSION_LIST = listRoutes({
  path: '/rain/sessions',
  name: 'RainSessions',
  summary: 'Sessions of the rain book',
  group: 'rain',
  permission: 'rain_read',
  filter: Type.Object({
    site: Type.Optional(Line(1, 32)),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    type: Type.Optional(Type.Enum([...SESSION_TYPES])),
    status: Type.Optional(Type.String({ pattern: '^[A-Z,]{2,100}$', description: 'statuses, by comma' })),
    from: Type.Optional(DayGiven),
    to: Type.Optional(DayGiven),
    waiting: Type.Optional(Type.Enum(['yes'], { description: 'only with a result to confirm' })),
  }),
  orders: {
    newest: { key: ['timestamptz', 'bigint'], descending: true },
    oldest: { key: ['timestamptz', 'bigint'], descending: false },
  },
  row: RainSessionRow,
  columns: [
    { key: 'id', title: 'Session', type: 'text' },
    { key: 'site', title: 'Site', type: 'text' },
    { key: 'gameDate', title: 'Day', type: 'text' },
    { key: 'type', title: 'Hours', type: 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'status', title: 'Status', type: 'text' },
    { key: 'market', title: 'Market', type: 'text' },
    { key: 'oddsRain', title: 'Odds rain', type: 'number' },
    { key: 'oddsDry', title: 'Odds no rain', type: 'number' },
    { key: 'result', title: 'Result', type: 'text' },
    { key: 'rainMm', title: 'Rain mm', type: 'number' },
    { key: 'poolRain', title: 'Pool if it rains', type: 'money' },
    { key: 'poolDry', title: 'Pool if not', type: 'money' },
    { key: 'worst', title: 'Worst', type: 'money' },
    { key: 'poolMax', title: 'Limit', type: 'money' },
    { key: 'opensAt', title: 'Opens', type: 'instant' },
    { key: 'closesAt', title: 'Closes', type: 'instant' },
    { key: 'startsAt', title: 'Starts', type: 'instant' },
    { key: 'endsAt', title: 'Ends', type: 'instant' },
    { key: 'resultedAt', title: 'Result at', type: 'instant' },
  ],
  async read({ sql }, { filter }, page) {
    const { site, currency, type, from, to } = filter;
    const statuses = filter.status === undefined ? undefined : statusesOf(filter.status);
    if (statuses === null || !isDay(from) || !isDay(to)) return [];
    const wish = { site, currency, type, from, to, statuses, waiting: filter.waiting !== undefined };
    return (await listSessionLines(sql, wish, page)).map(sessionRow);
  },
  keyOf: ({ startsAt, id }) => [startsAt, String(id)],
});

/** Null: one of them is none. */
function statusesOf(text: string): GameStatus[] | null {
  const names = text.split(',');
  const known = GAME_STATUSES.filter((status) => names.includes(status));
  return known.length === names.length ? known : null;
}

/** A day that is none has no rows. */
export function isDay(text: string | undefined): boolean {
  return text === undefined || new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}

const common = { group: 'rain', permission: 'rain_read' } as const;
const PATH = '/rain/sessions/:rainSessionId';
export const sessionIdIn = ({ rainSessionId }: Params): RainSessionId => trusted(rainSessionId);

export const RAIN_SESSIONS = [
  ...SESSION_LIST,
  route({
    ...common,
    method: 'GET',
    path: PATH,
    operationId: 'getRainSession',
    summary: 'A session as it is now: who said what of its result, how far it is settled, what may be done',
    answer: RainSessionDetail,
    handle: (call, { params }) => showSession(call, sessionIdIn(params)),
  }),
  route({
    ...common,
    method: 'GET',
    path: `${PATH}/figures`,
    operationId: 'getRainSessionFigures',
    summary: "A session's bets by state and side, and what they come to",
    answer: SessionFigures,
    async handle({ sql }, { params }) {
      const id = sessionIdIn(params);
      const session = await findSession(sql, id);
      if (session === null) return refuse('unknown_session');
      const [states, sums] = await Promise.all([sessionStates(sql, id), positionSums(sql, id)]);
      return ok({
        currency: session.currency,
        players: sums.players,
        states,
        playersRain: sums.netRain,
        playersDry: sums.netDry,
        krainNetRain: sums.hedgeRain,
        krainNetDry: sums.hedgeDry,
      } satisfies SessionFigures);
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: `${PATH}/odds`,
    operationId: 'getRainSessionOdds',
    summary: `The last ${QUOTES_MAX} odds a session has offered, beside K-Rain's`,
    answer: OddsHistory,
    async handle({ sql }, { params }) {
      const id = sessionIdIn(params);
      if ((await findSession(sql, id)) === null) return refuse('unknown_session');
      const last = await lastQuotes(sql, id, QUOTES_MAX + 1);
      const quotes = last.slice(-QUOTES_MAX).map(({ at, rain, dry, krainRain, krainDry }) => ({
        at,
        rain: rain / 1000,
        dry: dry / 1000,
        krainRain: krainRain / 1000,
        krainDry: krainDry / 1000,
      }));
      return ok({ quotes, more: last.length > QUOTES_MAX } satisfies OddsHistory);
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: `${PATH}/hours`,
    operationId: 'getRainSessionHours',
    summary: "Rain in the session's hours, as the weather source told it",
    answer: SessionHours,
    async handle({ sql }, { params }) {
      const id = sessionIdIn(params);
      const session = await findSession(sql, id);
      const site = session === null ? null : await findSite(sql, session.site);
      if (session === null || site === null) return refuse('unknown_session');
      const hours = await sessionHours(sql, id);
      const [startsAt, endsAt] = [wireTime(session.startsAt), wireTime(session.endsAt)];
      return ok({ thresholdMm: site.thresholdMm, startsAt, endsAt, hours } satisfies SessionHours);
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: `${PATH}/trail`,
    operationId: 'getRainSessionTrail',
    summary: 'Who did what to a session, the last first',
    answer: TrailLines,
    async handle({ sql }, { params }) {
      const id = sessionIdIn(params);
      if ((await findSession(sql, id)) === null) return refuse('unknown_session');
      return ok({ lines: await trailOf(sql, subjectOf({ id }), TRAIL_MAX) } satisfies TrailLines);
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: `${PATH}/krain`,
    operationId: 'getRainSessionAtKrain',
    summary: "Asks K-Rain now: its odds, and its statement against the book's bets",
    answer: SessionKrain,
    handle: (call, { params }) => askAboutSession(call, sessionIdIn(params)),
  }),
];

async function showSession({ sql, principal }: OfficeCall, id: RainSessionId) {
  const [session, line, now] = await Promise.all([
    findSession(sql, id),
    findSessionLine(sql, id),
    databaseNow(sql),
  ]);
  const site = session === null ? null : await findSite(sql, session.site);
  if (session === null || line === null || site === null) return refuse('unknown_session');
  const [findings, progress] = await Promise.all([
    listFindings(sql, id),
    // Counted over all positions: only once there is something to post.
    session.version === 0 ? null : settlementProgress(sql, session),
  ]);
  const { station, timeZone, thresholdMm, marginBps, ownBps, ownMinBps, oddsValidMs, automatic } = site;
  const refusal = (act: RainAct) => refusalOf({ session, findings, by: principal.person }, act, now);
  return ok({
    now: wireTime(now),
    session: sessionRow(line),
    site: { station, timeZone, thresholdMm, marginBps, ownBps, ownMinBps, oddsValidMs, automatic },
    findings: findings.map(findingRow),
    progress,
    acts: RAIN_ACTS.map((act) => ({ act, refusal: refusal(act) })),
  } satisfies RainSessionDetail);
}

interface Standing {
  readonly session: RainSession;
  readonly findings: readonly FindingRecord[];
  /** Who looks at it. */
  readonly by: string;
}

/** Why the person could not do it now, as far as can be told before it is said what; null = it could. */
export function refusalOf(
  { session, findings, by }: Standing,
  act: RainAct,
  now: Parameters<typeof decideAct>[2],
): RainRefusal | null {
  const others = findings.filter((each) => each.round === session.version + 1 && !isSame(each.by, WEATHER));
  if (act === 'settle') return session.version === 0 ? 'no_result' : settleRefusal(session);
  if (act === 'confirm') {
    if (others.length === 0) return 'nothing_to_confirm';
    return others.every((each) => isSame(each.by, by)) ? 'same_person' : null;
  }
  const decided = decideAct(session, actOf(session, act), now);
  return decided.ok ? null : decided.code;
}

const settleRefusal = ({ status }: RainSession): RainRefusal | null =>
  status === 'UNSETTLED' ? null : 'already';

function actOf({ result }: RainSession, act: Exclude<RainAct, 'settle' | 'confirm'>): SessionAct {
  switch (act) {
    case 'close':
      return { kind: 'close_early' };
    case 'result':
      return { kind: 'result', result: 'RAIN' };
    case 'resettle':
      return { kind: 'correct', result: result === 'RAIN' ? 'NO_RAIN' : 'RAIN' };
    default:
      return { kind: act };
  }
}

async function askAboutSession({ sql, rain: { market } }: OfficeCall, id: RainSessionId) {
  const session = await findSession(sql, id);
  if (session === null) return refuse('unknown_session');
  if (market === null) return refuse('no_market');
  const [odds, statement] = await Promise.all([
    market.odds(marketIdOf(session)),
    reconcileSession({ sql, market }, session),
  ]);
  const { currency } = session;
  const isHeard = odds.kind === 'odds';
  return ok({
    market: statement.market,
    state: isHeard ? odds.state : odds.kind === 'unknown_market' ? 'unknown_market' : null,
    rain: oddsOrNull(isHeard ? odds.rain : null),
    dry: oddsOrNull(isHeard ? odds.dry : null),
    availableRain: isHeard ? String(odds.available.rain) : null,
    availableDry: isHeard ? String(odds.available.dry) : null,
    currency,
    unavailable: odds.kind === 'unavailable' ? odds.why : null,
    statement: statementRow(statement, currency),
  } satisfies SessionKrain);
}
