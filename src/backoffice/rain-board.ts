/** What the rain book may lose, its bets at K-Rain against K-Rain's statement, and how K-Rain is. */
import { Type } from 'typebox';
import { type RainSessionId, trusted } from '../core/ids.ts';
import { sessionsWithStatement } from '../db/book-laid-off.ts';
import { pendingSummary } from '../db/office-rain-bet.ts';
import { liveSessions, liveSums } from '../db/office-rain-session.ts';
import { findSession, type RainSession } from '../db/rain-session.ts';
import { marketIdOf } from '../rain/market.ts';
import { reconcileSession } from '../rain/reconcile.ts';
import { exportRows } from './export.ts';
import type { Column } from './list.ts';
import { sessionRow, statementRow, wireTime } from './rain-views.ts';
import { ExposureBoard, ExposurePositions, KrainHealth, StatementRow } from './rain-wire.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, route } from './route.ts';
import { At, Id } from './shapes.ts';

const common = { group: 'rain', permission: 'rain_read' } as const;
const SESSIONS_MAX = 500;
const DAYS = 7;
const Days = Type.Optional(
  Type.String({ pattern: '^\\d{1,3}$', description: `how far back; ${DAYS} by itself` }),
);

export const RAIN_BOARD = [
  route({
    ...common,
    method: 'GET',
    path: '/rain/exposure',
    operationId: 'showOfficeExposure',
    summary: 'What the book may gain and lose in sessions that are not over, and together by currency',
    answer: ExposureBoard,
    handle: showBoard,
  }),
  route({
    ...common,
    method: 'GET',
    path: '/rain/exposure/positions',
    operationId: 'showOfficeExposurePositions',
    summary: 'Players, open bets and the part at K-Rain in the same sessions: summed over all positions',
    answer: ExposurePositions,
    async handle({ sql }) {
      const sums = await liveSums(sql, SESSIONS_MAX);
      const sessions = sums.map(({ id, players, pending, hedgeRain, hedgeDry }) => ({
        id,
        players,
        pending,
        krainNetRain: hedgeRain,
        krainNetDry: hedgeDry,
      }));
      return ok({ sessions } satisfies ExposurePositions);
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/rain/krain',
    operationId: 'showKrain',
    summary: 'How K-Rain is: the circuit, when it was heard last, what it still owes',
    answer: KrainHealth,
    handle: showKrain,
  }),
  route({
    ...common,
    method: 'GET',
    path: '/rain/reconcile/sessions',
    operationId: 'listSessionsToReconcile',
    summary: 'Sessions that opened and are over since no longer than so many days',
    query: Type.Object({ days: Days }, { additionalProperties: false }),
    answer: Type.Object({
      sessions: Type.Array(
        Type.Object({
          id: Type.Integer(),
          market: Type.String(),
          currency: Type.String(),
          status: Type.String(),
          endsAt: At,
        }),
      ),
    }),
    async handle({ sql }, { query }) {
      const sessions = await sessionsWithStatement(sql, Number(query.days ?? DAYS));
      return ok({ sessions: sessions.map(toReconcile) });
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/rain/reconcile',
    operationId: 'reconcileRainSession',
    summary: "A session's bets at K-Rain against K-Rain's statement, asked for now",
    query: Type.Object({ session: Id }, { additionalProperties: false }),
    answer: StatementRow,
    async handle({ sql, rain: { market } }, { query }) {
      const session = await findSession(sql, trusted<RainSessionId>(query.session));
      if (session === null) return refuse('unknown_session');
      if (market === null) return refuse('no_market');
      return ok(statementRow(await reconcileSession({ sql, market }, session), session.currency));
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/rain/reconcile/export',
    operationId: 'exportRainReconciliation',
    summary: 'What differs in the sessions of the last days, as a file; K-Rain is asked while it is sent',
    query: Type.Object({ days: Days, format: Type.Enum(['csv', 'xlsx']) }, { additionalProperties: false }),
    answer: Type.String({ description: 'the file' }),
    async handle(call, { query }) {
      if (call.rain.market === null) return refuse('no_market');
      const sessions = await sessionsWithStatement(call.sql, Number(query.days ?? DAYS));
      const pages = statementsOf(call, sessions);
      return exportRows({ fileName: 'rain-reconciliation', format: query.format, columns: COLUMNS, pages });
    },
  }),
];

const toReconcile = (session: RainSession) => ({
  id: Number(session.id),
  market: marketIdOf(session),
  currency: session.currency,
  status: session.status,
  endsAt: wireTime(session.endsAt),
});

async function showBoard({ sql }: OfficeCall) {
  const lines = await liveSessions(sql, SESSIONS_MAX + 1);
  const sessions = lines.slice(0, SESSIONS_MAX).map(sessionRow);
  const currencies = [...new Set(sessions.map(({ currency }) => currency))].toSorted();
  const totals = currencies.map((currency) => {
    const own = sessions.filter((each) => each.currency === currency);
    const sum = (pick: (session: (typeof own)[number]) => string) =>
      String(own.reduce((all, each) => all + BigInt(pick(each)), 0n));
    return {
      currency,
      sessions: own.length,
      worst: sum(({ worst }) => worst),
      poolMax: sum(({ poolMax }) => poolMax),
    };
  });
  return ok({ sessions, totals, more: lines.length > SESSIONS_MAX } satisfies ExposureBoard);
}

const CIRCUITS = { closed: 'closed', open: 'open', half_open: 'half_open' } as const;

async function showKrain({ sql, rain: { market } }: OfficeCall) {
  const { pending, oldestS } = await pendingSummary(sql);
  const health = market?.health();
  const heardAt = market?.heardAt() ?? null;
  return ok({
    configured: market !== null,
    circuit: health === undefined ? null : CIRCUITS[health.state],
    inFlight: health?.inFlight ?? 0,
    waiting: health?.waiting ?? 0,
    heardAt: heardAt === null ? null : wireTime(heardAt),
    pending,
    pendingOldestS: oldestS,
  } satisfies KrainHealth);
}

// ---- the reconciliation as a file -----------------------------------------------------------------------------

interface DifferenceRow extends Readonly<Record<string, unknown>> {
  readonly session: number;
  readonly market: string;
  readonly kind: string;
  readonly order: string;
  readonly currency: string;
  readonly ourSide: string | null;
  readonly ourStake: string | null;
  readonly ourWin: string | null;
  readonly theirSide: string | null;
  readonly theirStake: string | null;
  readonly theirWin: string | null;
}

const COLUMNS: readonly Column<DifferenceRow>[] = [
  { key: 'session', title: 'Session', type: 'text' },
  { key: 'market', title: 'Market', type: 'text' },
  { key: 'kind', title: 'Difference', type: 'text' },
  { key: 'order', title: 'Order', type: 'text' },
  { key: 'currency', title: 'Currency', type: 'text' },
  { key: 'ourSide', title: 'Our side', type: 'text' },
  { key: 'ourStake', title: 'Our stake', type: 'money' },
  { key: 'ourWin', title: 'Our win', type: 'money' },
  { key: 'theirSide', title: 'Their side', type: 'text' },
  { key: 'theirStake', title: 'Their stake', type: 'money' },
  { key: 'theirWin', title: 'Their win', type: 'money' },
];

/** One page a session. A session alike on both sides has no row; one K-Rain did not tell of has one that says so. */
async function* statementsOf(
  { sql, rain: { market } }: OfficeCall,
  sessions: readonly RainSession[],
): AsyncGenerator<readonly DifferenceRow[]> {
  if (market === null) return;
  for (const session of sessions) {
    const statement = statementRow(await reconcileSession({ sql, market }, session), session.currency);
    const { unavailable, differences } = statement;
    const base = { session: statement.session, market: statement.market, currency: statement.currency };
    if (unavailable !== null)
      yield [{ ...base, kind: `unavailable: ${unavailable}`, order: '', ...sidesOf(null, null) }];
    else
      yield differences.map(({ kind, order, ours, theirs }) => ({
        ...base,
        kind,
        order,
        ...sidesOf(ours, theirs),
      }));
  }
}

type Side = StatementRow['differences'][number]['ours'];

function sidesOf(ours: Side, theirs: Side) {
  return {
    ourSide: ours?.side ?? null,
    ourStake: ours?.stake ?? null,
    ourWin: ours?.win ?? null,
    theirSide: theirs?.side ?? null,
    theirStake: theirs?.stake ?? null,
    theirWin: theirs?.win ?? null,
  };
}
