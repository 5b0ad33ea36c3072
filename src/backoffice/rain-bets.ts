/** Bets of the rain book: their list over all sessions, one of them, and what becomes of one in CHECK. */
import { Type } from 'typebox';
import { RULED_FATES, type Ruling } from '../core/book/ruling.ts';
import { BET_STATUSES, BET_TYPES, type BetStatus } from '../core/book/types.ts';
import { type BetId, trusted } from '../core/ids.ts';
import type { PendingBet } from '../db/book-pending.ts';
import { findBet, listRulings } from '../db/book-ruling.ts';
import { findBetLine, listBetLines, settlementTransfers } from '../db/office-rain-bet.ts';
import { trailOf } from '../db/office-rain-session.ts';
import { marketIdOf, type RecordResult } from '../rain/market.ts';
import { askKrain, type KrainWord, mayRule, ruleOnBet } from '../rain/ruling.ts';
import { listRoutes } from './list.ts';
import { isDay } from './rain-sessions.ts';
import { betRow, oddsOrNull, wireTime } from './rain-views.ts';
import { BetAtKrain, DayGiven, RainBetDetail, RainBetRow } from './rain-wire.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type Params, route } from './route.ts';
import { Id, Line, Minor, Reason } from './shapes.ts';

const TRAIL_MAX = 100;

const BET_LIST = listRoutes({
  path: '/rain/bets',
  name: 'RainBets',
  summary: 'Bets of the rain book',
  group: 'rain',
  permission: 'rain_read',
  filter: Type.Object({
    session: Type.Optional(Id),
    bookPlayer: Type.Optional(Id),
    operator: Type.Optional(Id),
    site: Type.Optional(Line(1, 32)),
    status: Type.Optional(Type.String({ pattern: '^[A-Z,]{2,100}$', description: 'states, by comma' })),
    type: Type.Optional(Type.Enum([...BET_TYPES])),
    from: Type.Optional(DayGiven),
    to: Type.Optional(DayGiven),
  }),
  orders: {
    newest: { key: ['bigint'], descending: true },
    oldest: { key: ['bigint'], descending: false },
  },
  row: RainBetRow,
  columns: [
    { key: 'id', title: 'Bet', type: 'text' },
    { key: 'session', title: 'Session', type: 'text' },
    { key: 'site', title: 'Site', type: 'text' },
    { key: 'gameDate', title: 'Day', type: 'text' },
    { key: 'sessionType', title: 'Hours', type: 'text' },
    { key: 'operatorName', title: 'Operator', type: 'text' },
    { key: 'userId', title: 'User', type: 'text' },
    { key: 'bookPlayer', title: 'Player', type: 'text' },
    { key: 'vendorType', title: 'Vendor type', type: 'text' },
    { key: 'type', title: 'Side', type: 'text' },
    { key: 'status', title: 'State', type: 'text' },
    { key: 'reason', title: 'Reason', type: 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'odds', title: 'Odds', type: 'number' },
    { key: 'stake', title: 'Stake', type: 'money' },
    { key: 'win', title: 'Win', type: 'money' },
    { key: 'payout', title: 'Payout', type: 'money' },
    { key: 'ownStake', title: 'Kept', type: 'money' },
    { key: 'krainStake', title: 'At K-Rain', type: 'money' },
    { key: 'krainOdds', title: 'K-Rain odds', type: 'number' },
    { key: 'krainWin', title: 'K-Rain win', type: 'money' },
    { key: 'placedAt', title: 'Placed', type: 'instant' },
    { key: 'settledAt', title: 'Settled', type: 'instant' },
    { key: 'updatedAt', title: 'Changed', type: 'instant' },
  ],
  async read({ sql }, { filter }, page) {
    const { bookPlayer: player, status, ...rest } = filter;
    const statuses = status === undefined ? undefined : statesOf(status);
    if (statuses === null || !isDay(rest.from) || !isDay(rest.to)) return [];
    return (await listBetLines(sql, { ...rest, player, statuses }, page)).map(betRow);
  },
  keyOf: ({ id }) => [String(id)],
});

/** Null: one of them is none. */
function statesOf(text: string): BetStatus[] | null {
  const names = text.split(',');
  const known = BET_STATUSES.filter((status) => names.includes(status));
  return known.length === names.length ? known : null;
}

const PATH = '/rain/bets/:betId';
const common = { group: 'rain', permission: 'rain_read' } as const;
const betIdIn = ({ betId }: Params): BetId => trusted(betId);

const RulingGiven = Type.Object(
  {
    fate: Type.Enum([...RULED_FATES]),
    reason: Reason,
    stake: Type.Optional(
      Type.String({ pattern: '^\\d{1,16}$', description: 'taken: as the statement says' }),
    ),
    odds: Type.Optional(Type.Number({ exclusiveMinimum: 1, maximum: 1_000_000 })),
    win: Type.Optional(Type.String({ pattern: '^\\d{1,16}$' })),
  },
  { additionalProperties: false },
);

export const RAIN_BETS = [
  ...BET_LIST,
  route({
    ...common,
    method: 'GET',
    path: PATH,
    operationId: 'getRainBet',
    summary: 'A bet: its order at K-Rain, what was ruled of it, the money its settlement moved',
    answer: RainBetDetail,
    handle: (call, { params }) => showBet(call, betIdIn(params)),
  }),
  route({
    ...common,
    method: 'GET',
    path: `${PATH}/krain`,
    operationId: 'getRainBetAtKrain',
    summary: "Asks K-Rain now what it says of a bet's order",
    answer: BetAtKrain,
    handle: (call, { params }) => askAboutBet(call, betIdIn(params)),
  }),
  route({
    method: 'POST',
    path: `${PATH}/ruling`,
    operationId: 'ruleOnRainBet',
    summary:
      "Say what became of a bet in CHECK that K-Rain's answers contradict; it counts when two persons say the same",
    group: 'rain',
    permission: 'rain',
    body: RulingGiven,
    answer: Type.Object({
      counts: Type.Boolean({ description: 'false: waits for a second person' }),
      standing: Type.Array(Type.String()),
      against: Type.Array(Type.String()),
      status: Type.Enum([...BET_STATUSES]),
      stake: Minor,
    }),
    async handle({ sql, writer, rain: { market }, principal: { person: by }, ip }, { params, body }) {
      const ruling = rulingOf(body);
      if (ruling === null)
        return refuse('invalid_request', { fields: { stake: 'taken names stake, odds and win as read' } });
      const wish = { betId: betIdIn(params), by, ip, ruling, reason: body.reason };
      const outcome = await ruleOnBet({ sql, writer, market }, wish);
      if (!outcome.ok) return refuse(outcome.code);
      const { counts, standing, against, bet } = outcome;
      return ok({ counts, standing, against, status: bet.status, stake: String(bet.stake) });
    },
  }),
];

/** Null: something of what was taken is missing. */
function rulingOf({
  fate,
  stake,
  odds,
  win,
}: {
  readonly fate: Ruling['fate'];
  readonly stake?: string;
  readonly odds?: number;
  readonly win?: string;
}): Ruling | null {
  if (fate === 'failed') return { fate };
  if (stake === undefined || odds === undefined || win === undefined) return null;
  return { fate, stake: BigInt(stake), odds: Math.round(odds * 1000), win: BigInt(win) };
}

async function showBet({ sql }: OfficeCall, id: BetId) {
  const [line, found] = await Promise.all([findBetLine(sql, id), findBet(sql, id)]);
  if (line === null || found === null) return refuse('unknown_bet');
  const { bet, session } = found;
  const [rulings, transfers, trail] = await Promise.all([
    listRulings(sql, id),
    settlementTransfers(sql, line),
    trailOf(sql, `book bet ${id}`, TRAIL_MAX),
  ]);
  return ok({
    bet: betRow(line),
    key: bet.key,
    ip: bet.ip,
    order:
      bet.krainUntil === null
        ? null
        : {
            id: `bet-${id}`,
            market: marketIdOf(session),
            fill: bet.krainWhole ? 'whole' : 'part',
            until: wireTime(bet.krainUntil),
          },
    rulings: rulings.map(({ by, ruling, reason, at }) => ({
      by,
      fate: ruling.fate,
      stake: ruling.fate === 'taken' ? String(ruling.stake) : null,
      odds: ruling.fate === 'taken' ? ruling.odds / 1000 : null,
      win: ruling.fate === 'taken' ? String(ruling.win) : null,
      reason,
      at: wireTime(at),
    })),
    transfers: transfers.map((each) => ({ ...each, currency: line.currency })),
    trail,
  } satisfies RainBetDetail);
}

async function askAboutBet({ sql, rain: { market } }: OfficeCall, id: BetId) {
  const found = await findBet(sql, id);
  if (found === null) return refuse('unknown_bet');
  if (market === null) return refuse('no_market');
  if (found.bet.krainUntil === null) return refuse('refused', { detail: 'nothing of it was for K-Rain' });
  const word = found.bet.status === 'CHECK' ? await askKrain(market, found) : null;
  const record = word?.record ?? (await market.record(`bet-${id}`));
  return ok(viewOfWord(found, { word, record }));
}

function viewOfWord(
  { bet, session }: PendingBet,
  { word, record }: { readonly word: KrainWord | null; readonly record: RecordResult },
): BetAtKrain {
  const said = record.kind === 'record' ? record.record : null;
  const taken: Ruling | null =
    said?.fate.kind === 'matched'
      ? { fate: 'taken', stake: said.fate.stake, odds: said.fate.odds, win: said.fate.win }
      : null;
  const refusal = (ruling: Ruling | null) => {
    if (word === null) return 'not_in_check';
    return ruling === null
      ? (mayRule(word, { fate: 'failed' }) ?? 'cannot_be_booked')
      : mayRule(word, ruling);
  };
  return {
    order: `bet-${bet.id}`,
    currency: session.currency,
    meaning: meaningOf(word, record),
    record: said === null ? null : viewOfRecord(said),
    unavailable: record.kind === 'unavailable' ? record.why : null,
    taken: refusal(taken),
    failed: refusal({ fate: 'failed' }),
  };
}

function meaningOf(word: KrainWord | null, record: RecordResult): string {
  if (word !== null) return word.status.kind === 'unknown' ? word.status.why : word.status.kind;
  if (record.kind === 'record') return record.record.fate.kind;
  return record.kind === 'absent' ? 'absent' : record.why;
}

function viewOfRecord({
  market,
  side,
  stake,
  fate,
  at,
}: Extract<RecordResult, { kind: 'record' }>['record']): NonNullable<BetAtKrain['record']> {
  const isMatched = fate.kind === 'matched';
  return {
    market,
    side,
    stake: String(stake),
    state: fate.kind,
    matched: isMatched ? String(fate.stake) : '0',
    odds: oddsOrNull(isMatched ? fate.odds : null),
    win: isMatched ? String(fate.win) : '0',
    reason: isMatched ? null : fate.reason,
    at: wireTime(at),
  };
}
