/** Statistics: figures of play by time, vendor, game or agent, beside those of another period; and today's. */
import assert from 'node:assert/strict';
import { type Static, Type } from 'typebox';
import { addDays, localDateOf, parseLocalDate, parseTimeZone } from '../core/book/calendar.ts';
import { type Instant, trusted } from '../core/ids.ts';
import {
  DAYS_MAX,
  DAYS_MAX_BY_HOUR,
  HOUR_MS,
  hoursOf,
  lengthOf,
  minutesLate,
  movedTo,
  type Period,
  yearBefore,
} from '../core/office/statistics.ts';
import { inSnapshot, readFigures } from '../db/office-statistics.ts';
import { EXPORT_FORMATS, exportRows } from './export.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf } from './scope.ts';
import { At, DAY_PATTERN, Id, Nullable } from './shapes.ts';
import { type Asked, BY, type Told, tellStatistics } from './statistics-read.ts';
import {
  ComparedShape,
  exportColumns,
  exportLine,
  FiguresShape,
  figuresWire,
  LineShape,
  lineWire,
} from './statistics-wire.ts';

/** More lines than these are told by the export alone. */
const LINES_MAX = 2000;
const group = 'statistics';
const permission = 'look';
const Day = Type.String({ pattern: `^${DAY_PATTERN}$`, examples: ['2026-11-21'] });

const Query = Type.Object(
  {
    from: Day,
    to: Type.String({ pattern: `^${DAY_PATTERN}$`, description: 'the last day, which counts' }),
    zone: Type.Optional(Type.String({ maxLength: 64, description: "whose days; the person's when absent" })),
    by: Type.Enum([...BY]),
    agent: Type.Optional(Id),
    below: Type.Optional(
      Type.Enum(['yes', 'no'], { description: 'with the agents below it; yes when absent' }),
    ),
    vendor: Type.Optional(Id),
    game: Type.Optional(Id),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    compare: Type.Optional(
      Type.Union([Type.Enum(['previous', 'year']), Day], {
        description: 'the days before, those of a year before, or those from a day on',
      }),
    ),
  },
  { additionalProperties: false },
);
type Given = Static<typeof Query>;

/** What is asked for, or why it cannot be told. */
async function readAsked(call: OfficeCall, given: Given): Promise<Asked | OfficeReply> {
  const period = periodOf(given, call.principal.timeZone);
  if ('status' in period) return period;
  const compared = comparedTo(given.compare, period);
  if (compared === 'unreadable') return refuse('invalid_request', { fields: { compare: 'is no day' } });
  const { agent, below, vendor = null, game = null, currency = null } = given;
  const agents = await agentsOf(call, agent === undefined ? {} : { agent, below: below !== 'no' });
  if (agents === null) return refuse('not_found');
  const [vendorId, gameId] = [vendor, game].map((id) => (id === null ? null : Number(id)));
  if ([vendorId, gameId].some((id) => id != null && id > 2 ** 31 - 1)) return refuse('not_found');
  return {
    ...{ by: given.by, period, compared, agents, currency },
    vendorId: vendorId ?? null,
    gameId: gameId ?? null,
  };
}

function periodOf(given: Given, personsZone: string): Period | OfficeReply {
  const [from, to] = [parseLocalDate(given.from), parseLocalDate(given.to)];
  const zone = parseTimeZone(given.zone ?? personsZone);
  if (from === null) return refuse('invalid_request', { fields: { from: 'is no day' } });
  if (to === null || to < from)
    return refuse('invalid_request', { fields: { to: 'is no day from the first on' } });
  if (zone === null) return refuse('invalid_request', { fields: { zone: 'is no time zone' } });
  const most = given.by === 'hour' ? DAYS_MAX_BY_HOUR : DAYS_MAX;
  if (lengthOf({ from, to }) > most)
    return refuse('invalid_request', { fields: { to: `is more than ${most} days from the first` } });
  return { from, to, zone };
}

function comparedTo(compare: string | undefined, period: Period): Period | null | 'unreadable' {
  if (compare === undefined) return null;
  if (compare === 'previous') return movedTo(period, addDays(period.from, -lengthOf(period)));
  if (compare === 'year') return movedTo(period, yearBefore(period.from));
  const from = parseLocalDate(compare);
  return from === null ? 'unreadable' : movedTo(period, from);
}

const spanWire = (period: Period | null) => {
  if (period === null) return null;
  const { days, end } = hoursOf(period);
  const at = (hour: number) => new Date(hour * HOUR_MS).toISOString().replace('Z', '000Z');
  return { from: period.from, to: period.to, fromAt: at(days[0] ?? end), toAt: at(end) };
};

/** Lines by what they come to, but times in their order and agents as a tree. */
function inOrder(told: Told, { by }: Asked): Told['lines'] {
  if (by !== 'vendor' && by !== 'game') return told.lines;
  const stakes = (line: Told['lines'][number]) => line.now.betSum;
  return told.lines.toSorted(
    (a, b) =>
      (a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0) ||
      (stakes(a) > stakes(b) ? -1 : stakes(a) < stakes(b) ? 1 : 0) ||
      (a.name < b.name ? -1 : 1),
  );
}

const Span = Type.Object({ from: Day, to: Day, fromAt: At, toAt: At });

const statistics = route({
  method: 'GET',
  path: '/statistics',
  operationId: 'readStatistics',
  summary: 'Figures of play by time, vendor, game or agent; currencies are never added to each other',
  group,
  permission,
  query: Query,
  answer: Type.Object({
    asOf: Type.String({ description: 'what happened until then is in the figures' }),
    zone: Type.String(),
    minutesLate: Type.Integer({
      description: 'after midnight, at which days of this zone are told from; 0 nearly everywhere',
    }),
    period: Span,
    compared: Nullable(Span),
    rows: Type.Array(LineShape),
    more: Type.Boolean({ description: `there are more than ${LINES_MAX} rows: the export has them` }),
    totals: Type.Array(ComparedShape),
  }),
  async handle(call, { query }) {
    const asked = await readAsked(call, query);
    if ('status' in asked) return asked;
    return inSnapshot(call.sql, async (db, asOf) => {
      const told = await tellStatistics(db, asked);
      const lines = inOrder(told, asked);
      return ok({
        asOf,
        zone: asked.period.zone,
        minutesLate: minutesLate(asked.period),
        period: spanWire(asked.period),
        compared: spanWire(asked.compared),
        rows: lines.slice(0, LINES_MAX).map(lineWire),
        more: lines.length > LINES_MAX,
        totals: told.totals.map((total) => ({ currency: total.currency, ...figuresWire(total) })),
      });
    });
  },
});

const exported = route({
  method: 'GET',
  path: '/statistics/export',
  operationId: 'exportStatistics',
  summary: 'The same figures as a file',
  group,
  permission,
  query: Type.Object(
    {
      ...Query.properties,
      format: Type.Enum([...EXPORT_FORMATS]),
      columns: Type.Optional(
        Type.String({ maxLength: 1000, description: 'keys of columns by comma, in order; all when absent' }),
      ),
    },
    { additionalProperties: false },
  ),
  answer: Type.String({ description: 'the file' }),
  async handle(call, { query: { format, columns, ...query } }) {
    const asked = await readAsked(call, query as Given);
    if ('status' in asked) return asked;
    const all = exportColumns(asked);
    const keys = columns?.split(',') ?? all.map(({ key }) => key);
    const chosen = keys.flatMap((key) => all.filter((column) => column.key === key));
    if (chosen.length !== keys.length) return refuse('invalid_request', { detail: 'columns' });
    const told = await inSnapshot(call.sql, (db) => tellStatistics(db, asked));
    const lines = inOrder(told, asked).map(exportLine);
    const { from, to } = asked.period;
    return exportRows({
      fileName: `statistics-${asked.by}-${from}-${to}`,
      format: format ?? 'csv',
      columns: chosen,
      pages: (async function* () {
        yield lines;
      })(),
    });
  },
});

const today = route({
  method: 'GET',
  path: '/statistics/today',
  operationId: 'readToday',
  summary: "Today's figures in the person's time zone, and yesterday's until the same full hour",
  group,
  permission,
  query: Type.Object({}, { additionalProperties: false }),
  answer: Type.Object({
    asOf: At,
    comparedUntil: Type.String({ description: "yesterday's figures end a day before it" }),
    currencies: Type.Array(
      Type.Object({
        currency: Type.String(),
        today: FiguresShape,
        todayUntil: FiguresShape,
        yesterday: FiguresShape,
      }),
    ),
  }),
  async handle(call) {
    const agents = (await agentsOf(call)) ?? [];
    return inSnapshot(call.sql, async (db, asOf) => {
      const at: Instant = trusted(Date.parse(asOf));
      const zone = parseTimeZone(call.principal.timeZone);
      assert(zone !== null, 'people have zones that are');
      const day = localDateOf(zone, at);
      const { days } = hoursOf({ from: addDays(day, -1), to: day, zone });
      const [yesterday = 0, begin = 0] = days;
      const full = Math.max(begin, Math.floor(at / HOUR_MS));
      const read = (start: number, end: number) =>
        readFigures(db, {
          ...{ agents, vendorId: null, gameId: null, currency: null, by: 'all' as const },
          ...{ starts: [start], end: Math.max(start, end) },
        });
      const [now, until, before] = [
        await read(begin, full + 1),
        await read(begin, full),
        await read(yesterday, Math.min(begin, yesterday + full - begin)),
      ];
      const of = (rows: typeof now, currency: string) =>
        rows.find((row) => row.currency === currency) ?? null;
      const currencies = [...new Set([...now, ...before].map(({ currency }) => currency))].sort();
      return ok({
        asOf,
        comparedUntil: new Date(full * HOUR_MS).toISOString().replace('Z', '000Z'),
        currencies: currencies.map((currency) => ({
          currency,
          today: figuresWire({ now: of(now, currency) }).now,
          todayUntil: figuresWire({ now: of(until, currency) }).now,
          yesterday: figuresWire({ now: of(before, currency) }).now,
        })),
      });
    });
  },
});

export const STATISTICS: readonly OfficeRoute[] = [today, exported, statistics];
