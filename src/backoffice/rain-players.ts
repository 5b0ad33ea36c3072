/** Players of the rain book: who they are at which operator, what they have, their positions and transfers. */
import { Type } from 'typebox';
import { type BookPlayerId, trusted } from '../core/ids.ts';
import {
  type BookPlayerLine,
  findBookPlayerFacts,
  listBookPlayerLines,
  listBookTransferLines,
  listPositions,
  openVisits,
} from '../db/office-rain-player.ts';
import { trailOf } from '../db/office-rain-session.ts';
import { listRoutes } from './list.ts';
import { BookPlayerDetail, BookPlayerRow, BookTransferRow, PositionRow } from './rain-player-wire.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type Params, route } from './route.ts';
import { Id, Line } from './shapes.ts';

const TRAIL_MAX = 100;
const common = { group: 'rain', permission: 'rain_read' } as const;

export const bookPlayerIn = ({ bookPlayerId }: Params): BookPlayerId => trusted(bookPlayerId);

const PLAYER_LIST = listRoutes({
  ...common,
  path: '/rain/players',
  name: 'BookPlayers',
  summary: 'Players of the rain book',
  filter: Type.Object({
    operator: Type.Optional(Id),
    vendorType: Type.Optional(Line(1, 32)),
    user: Type.Optional(Line(1, 15)),
    state: Type.Optional(Type.Enum(['blocked', 'excluded'])),
  }),
  orders: {
    newest: { key: ['bigint'], descending: true },
    oldest: { key: ['bigint'], descending: false },
    user: { key: ['text', 'bigint'], descending: false },
  },
  row: BookPlayerRow,
  columns: [
    { key: 'id', title: 'Player', type: 'text' },
    { key: 'operatorName', title: 'Operator', type: 'text' },
    { key: 'vendorType', title: 'Vendor type', type: 'text' },
    { key: 'userId', title: 'User', type: 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'balance', title: 'Balance', type: 'money' },
    { key: 'exposure', title: 'Exposure', type: 'money' },
    { key: 'minBet', title: 'Least bet', type: 'money' },
    { key: 'maxBet', title: 'Most bet', type: 'money' },
    { key: 'maxExposure', title: 'Most exposure', type: 'money' },
    { key: 'ownMaxBet', title: 'Own most bet', type: 'money' },
    { key: 'ownDayStake', title: 'Own stake a day', type: 'money' },
    { key: 'excludedUntil', title: 'Excluded until', type: 'text' },
    { key: 'blockedAt', title: 'Blocked', type: 'instant' },
    { key: 'createdAt', title: 'Made', type: 'instant' },
  ],
  read: async ({ sql }, { filter }, page) => (await listBookPlayerLines(sql, filter, page)).map(playerRow),
  keyOf: ({ id, userId }, order) => (order === 'user' ? [userId, String(id)] : [String(id)]),
});

export function playerRow(line: BookPlayerLine): BookPlayerRow {
  const { balance, exposure, minBet, maxBet, maxExposure, ownMaxBet, ownDayStake, ...rest } = line;
  return {
    ...rest,
    balance: String(balance),
    exposure: String(exposure),
    minBet: String(minBet),
    maxBet: String(maxBet),
    maxExposure: String(maxExposure),
    ownMaxBet: textOrNull(ownMaxBet),
    ownDayStake: textOrNull(ownDayStake),
  };
}

const textOrNull = (amount: bigint | null) => (amount === null ? null : String(amount));

const PATH = '/rain/players/:bookPlayerId';

const POSITION_LIST = listRoutes({
  ...common,
  path: `${PATH}/positions`,
  name: 'BookPositions',
  summary: "A player's bets summed by session",
  filter: Type.Object({}),
  orders: {
    newest: { key: ['bigint'], descending: true },
    oldest: { key: ['bigint'], descending: false },
  },
  row: PositionRow,
  columns: [
    { key: 'session', title: 'Session', type: 'text' },
    { key: 'site', title: 'Site', type: 'text' },
    { key: 'gameDate', title: 'Day', type: 'text' },
    { key: 'sessionType', title: 'Hours', type: 'text' },
    { key: 'status', title: 'Status', type: 'text' },
    { key: 'result', title: 'Result', type: 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'bets', title: 'Bets', type: 'number' },
    { key: 'netRain', title: 'Net if it rains', type: 'money' },
    { key: 'netDry', title: 'Net if not', type: 'money' },
    { key: 'exposure', title: 'Exposure', type: 'money' },
    { key: 'settledNet', title: 'Posted', type: 'money' },
  ],
  async read({ sql }, { params }, page) {
    const id = bookPlayerIn(params);
    if ((await findBookPlayerFacts(sql, id)) === null) return null;
    const lines = await listPositions(sql, id, page);
    return lines.map(
      (line): PositionRow => ({
        ...line,
        netRain: String(line.netRain),
        netDry: String(line.netDry),
        exposure: String(line.exposure),
        settledNet: String(line.settledNet),
      }),
    );
  },
  keyOf: ({ session }) => [String(session)],
});

const TRANSFER_LIST = listRoutes({
  ...common,
  path: `${PATH}/transfers`,
  name: 'BookTransfers',
  summary: "A player's money in and out",
  filter: Type.Object({}),
  orders: {
    newest: { key: ['timestamptz', 'bigint'], descending: true },
    oldest: { key: ['timestamptz', 'bigint'], descending: false },
  },
  row: BookTransferRow,
  columns: [
    { key: 'at', title: 'At', type: 'instant' },
    { key: 'tsCode', title: 'tsCode', type: 'text' },
    { key: 'kind', title: 'Kind', type: 'text' },
    { key: 'currency', title: 'Currency', type: 'text' },
    { key: 'amount', title: 'Amount', type: 'money' },
    { key: 'profitLoss', title: 'Profit and loss before', type: 'money' },
    { key: 'exposure', title: 'Exposure', type: 'money' },
    { key: 'creditBefore', title: 'Credit before', type: 'money' },
    { key: 'creditAfter', title: 'Credit after', type: 'money' },
    { key: 'id', title: 'Transfer', type: 'text' },
  ],
  async read({ sql }, { params }, page) {
    const id = bookPlayerIn(params);
    if ((await findBookPlayerFacts(sql, id)) === null) return null;
    const lines = await listBookTransferLines(sql, id, page);
    return lines.map(
      (line): BookTransferRow => ({
        ...line,
        amount: String(line.amount),
        profitLoss: String(line.profitLoss),
        exposure: String(line.exposure),
        creditBefore: String(line.creditBefore),
        creditAfter: String(line.creditAfter),
      }),
    );
  },
  keyOf: ({ at, id }) => [at, String(id)],
});

export const RAIN_PLAYERS = [
  ...PLAYER_LIST,
  ...POSITION_LIST,
  ...TRANSFER_LIST,
  route({
    ...common,
    method: 'GET',
    path: PATH,
    operationId: 'getBookPlayer',
    summary: 'A player of the rain book, with limits, exclusion and open visits',
    answer: BookPlayerDetail,
    handle: (call, { params }) => showPlayer(call, bookPlayerIn(params)),
  }),
];

/** How the audit trail names a player of the book. */
export const subjectOfPlayer = (id: BookPlayerId): string => `book player ${id}`;

async function showPlayer({ sql }: OfficeCall, id: BookPlayerId) {
  const [facts, visits, trail] = await Promise.all([
    findBookPlayerFacts(sql, id),
    openVisits(sql, id),
    trailOf(sql, subjectOfPlayer(id), TRAIL_MAX),
  ]);
  if (facts === null) return refuse('not_found');
  const { line, credit, nextMaxBet, nextDayStake, dayStake, accountId: _, ...rest } = facts;
  return ok({
    player: playerRow(line),
    credit: String(credit),
    nextMaxBet: textOrNull(nextMaxBet),
    nextDayStake: textOrNull(nextDayStake),
    dayStake: String(dayStake),
    ...rest,
    visits: [...visits],
    trail,
  } satisfies BookPlayerDetail);
}
