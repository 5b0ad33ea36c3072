/** What a ledger batch loads of the rain book: sessions under lock, everything else under the lock of its account. */
import {
  BET_STATUSES,
  type Bet,
  type BookPicture,
  type BookPlayer,
  type BookSession,
  betKeyText,
  type OwnLimits,
  type Position,
  positionKeyText,
  type Quote,
  type TransferRecord,
  tsCodeText,
} from '../core/book/types.ts';
import { type Instant, type RainSessionId, trusted } from '../core/ids.ts';
import type { BookNames } from './book-names.ts';
import { type Connection, instantOf, numbers, texts } from './connect.ts';
import { around, type Piece, piece } from './statement.ts';

/** Locked in the order of their ids, after the accounts: a session's pool is one for all who bet on it. */
export const lockRainSessions = (db: Connection, ids: readonly RainSessionId[]) => db`
  select s.*, site.own_bps, site.own_min_bps, site.pool_max from rain_session s join rain_site site on site.name = s.site
  where s.id = any(${numbers(ids)}::bigint[]) order by s.id for update of s`;

/** Lists that nothing names are not asked for. */
export function loadBook(names: BookNames): { as: keyof BookRows; sql: Piece | null }[] {
  const { players, positions, bets, keys, tsCodes, visits } = names;
  return [
    { as: 'book_players', sql: players.size === 0 ? null : loadPlayers([...players]) },
    { as: 'book_positions', sql: positions.size === 0 ? null : loadPositions([...positions.values()]) },
    { as: 'book_bets', sql: bets.size + keys.size === 0 ? null : loadBets(names) },
    { as: 'book_transfers', sql: tsCodes.size === 0 ? null : loadTransfers([...tsCodes.values()]) },
    { as: 'book_visits', sql: visits.size === 0 ? null : loadVisits([...visits]) },
  ];
}

// biome-ignore lint/suspicious/noExplicitAny: database rows, typed by the parsers below
type Row = any;

export type BookRows = Partial<
  Record<'book_players' | 'book_positions' | 'book_bets' | 'book_transfers' | 'book_visits', Row[] | null>
>;

/**
 * Rows of figures as one text each, in the order of a list: of what a bet loads, half went into naming columns in JSON.
 * Absent figures are empty.
 */
const PLAYER_FIGURES = [
  'p.id',
  'p.operator_id',
  'p.account_id',
  'p.credit',
  'greatest(p.min_bet, v.min_bet)',
  'least(p.max_bet, v.max_bet)',
  'p.max_exposure',
  'p.own_max_bet',
  'p.own_day_stake',
  'p.day',
  'p.day_stake',
  '(p.blocked_at is null and o.enabled and v.enabled)::int',
] as const;
const POSITION_FIGURES = [
  'session_id',
  'player_id',
  'account_id',
  'operator_id',
  'bets',
  'pending',
  'net_rain',
  'net_dry',
  'risk_rain',
  'risk_dry',
  'hedge_rain',
  'hedge_dry',
  'exposure',
  'version',
  'settled_net',
  'settled_hedge',
] as const;
const figures = (columns: readonly string[]) =>
  columns.map((column) => `coalesce(${column}::text, '')`).join(` || ' ' || `);

const loadPlayers = (ids: readonly number[]): Piece =>
  around(
    `select ${figures(PLAYER_FIGURES)} as figures, p.next_limits, p.next_limits_at, p.excluded_until::text as excluded_until
  from book_player p join book_operator o on o.id = p.operator_id join book_vendor_type v on v.name = p.vendor_type where p.id = any(`,
    piece`${numbers(ids)}::bigint[]`,
    ')',
  );

const loadPositions = (keys: readonly { sessionId: number; playerId: number }[]): Piece =>
  around(
    `select ${figures(POSITION_FIGURES)} as figures from `,
    piece`unnest(${numbers(keys.map((k) => k.sessionId))}::bigint[], ${numbers(keys.map((k) => k.playerId))}::bigint[])`,
    ' k (session_id, player_id) join book_position using (session_id, player_id)',
  );

const BET_COLUMNS = `b.id, b.operator_id, b.vendor_type, b.player_id, b.session_id, b.key, b.type, b.odds, b.stake::text, b.win::text, b.own_stake::text,
  b.krain_stake::text, b.krain_odds, b.krain_win::text, b.krain_whole, b.krain_until, b.status, b.reason, b.payout::text, b.ip, b.placed_at, b.updated_at`;

function loadBets(names: Pick<BookNames, 'bets' | 'keys'>): Piece {
  const [ids, places, keys] = [[...names.bets.keys()], [...names.bets.values()], [...names.keys.values()]];
  const byId = piece`join unnest(${numbers(places.map((p) => p.playerId))}::bigint[], ${numbers(places.map((p) => p.sessionId))}::bigint[],
    ${numbers(ids)}::bigint[]) k (player_id, session_id, id) using (player_id, session_id, id)`;
  const byKey = piece`where (b.player_id::text || '/' || b.key) collate "C" = any(${texts(keys.map(({ playerId, key }) => betKeyText(playerId, key)))}::text[])`;
  const select = `select ${BET_COLUMNS} from book_bet b `;
  const wanted = [...(ids.length === 0 ? [] : [byId]), ...(keys.length === 0 ? [] : [byKey])];
  const strings = [''];
  for (const [index, { strings: own }] of wanted.entries()) {
    strings[strings.length - 1] += `${index === 0 ? '' : ' union all '}${select}${own[0]}`;
    strings.push(...own.slice(1));
  }
  return { strings, values: wanted.flatMap(({ values }) => values) };
}

const loadTransfers = (keys: readonly { operatorId: number; tsCode: string }[]) => piece`
  select operator_id, ts_code, player_id, kind, amount::text, profit_loss::text, exposure::text, credit_before::text, credit_after::text, transfer_id, at
  from unnest(${numbers(keys.map((k) => k.operatorId))}::bigint[], ${texts(keys.map((k) => k.tsCode))}::text[]) k (operator_id, ts_code)
  join book_transfer using (operator_id, ts_code)`;

const loadVisits = (ids: readonly number[]) => piece`
  select id from book_visit where id = any(${numbers(ids)}::bigint[]) and ended_at is null`;

export function toBookPicture(sessions: readonly Row[], rows: BookRows): BookPicture {
  const bets = (rows.book_bets ?? []).map(toBet);
  return {
    players: new Map((rows.book_players ?? []).map(toPlayer).map((each) => [each.id, each])),
    sessions: new Map(sessions.map(toSession).map((each) => [each.id, each])),
    positions: new Map(
      (rows.book_positions ?? [])
        .map(toPosition)
        .map((each) => [positionKeyText(each.sessionId, each.playerId), each]),
    ),
    bets: new Map(bets.map((bet) => [bet.id, bet])),
    betsByKey: new Map(bets.map((bet) => [betKeyText(bet.playerId, bet.key), bet])),
    transfers: new Map(
      (rows.book_transfers ?? [])
        .map(toTransferRecord)
        .map((each) => [tsCodeText(each.operatorId, each.tsCode), each]),
    ),
    visits: new Set((rows.book_visits ?? []).map(({ id }) => trusted(id))),
  };
}

const bigOrNull = (value: string | number | null | undefined) =>
  value === null || value === undefined || value === '' ? null : BigInt(value);
const instant = (value: string | Date): Instant => trusted(new Date(value).getTime());

function toPlayer(row: Row): BookPlayer {
  const [id = '', operatorId = '', accountId = '', credit = '', minBet = '', maxBet = '', ...rest] =
    row.figures.split(' ');
  const [maxExposure = '', ownMaxBet = '', ownDayStake = '', day = '', dayStake = '', mayBet] = rest;
  const next = row.next_limits;
  const nextOwn: OwnLimits | null =
    next === null ? null : { maxBet: bigOrNull(next.maxBet), dayStake: bigOrNull(next.dayStake) };
  const forEver = row.excluded_until === 'infinity';
  return {
    id: trusted(id),
    operatorId: trusted(operatorId),
    accountId: trusted(accountId),
    credit: BigInt(credit),
    minBet: BigInt(minBet),
    maxBet: BigInt(maxBet),
    maxExposure: BigInt(maxExposure),
    own: { maxBet: bigOrNull(ownMaxBet), dayStake: bigOrNull(ownDayStake) },
    nextOwn,
    nextOwnAt: instantOf(row.next_limits_at),
    day: Number(day),
    dayStake: BigInt(dayStake),
    mayBet: mayBet === '1',
    excludedUntil: forEver ? trusted<Instant>(Number.MAX_SAFE_INTEGER) : instantOf(row.excluded_until),
  };
}

/** A session's row with its site's rules, as the ledger sees it. */
export function toSession(row: Row): BookSession {
  return {
    id: trusted(row.id),
    opensAt: instant(row.opens_at),
    closesAt: instant(row.closes_at),
    status: row.status,
    market: row.market,
    quote: toQuote(row),
    result: row.result,
    version: row.version,
    pool: { rain: BigInt(row.pool_rain), dry: BigInt(row.pool_dry) },
    risk: { rain: BigInt(row.risk_rain), dry: BigInt(row.risk_dry) },
    rules: { ownBps: row.own_bps, ownMinBps: row.own_min_bps, poolMax: BigInt(row.pool_max) },
  };
}

export function toQuote(row: Row): Quote | null {
  if (row.odds_rain === null || row.odds_dry === null || row.quote_until === null) return null;
  return {
    id: Number(row.quote),
    rain: row.odds_rain,
    dry: row.odds_dry,
    krainRain: row.krain_rain,
    krainDry: row.krain_dry,
    until: instant(row.quote_until),
  };
}

function toPosition(row: Row): Position {
  const read = row.figures.split(' ').values();
  const number = () => Number(read.next().value);
  const amount = () => BigInt(read.next().value);
  // In the order of POSITION_FIGURES, which is that in which an object's fields are evaluated.
  return {
    sessionId: trusted(number()),
    playerId: trusted(number()),
    accountId: trusted(number()),
    operatorId: trusted(number()),
    bets: number(),
    pending: number(),
    net: { rain: amount(), dry: amount() },
    risk: { rain: amount(), dry: amount() },
    hedge: { rain: amount(), dry: amount() },
    exposure: amount(),
    version: number(),
    settledNet: amount(),
    settledHedge: amount(),
  };
}

/** A row of book_bet, as the driver or as JSON gives it. */
export function toBet(row: Row): Bet {
  return {
    id: trusted(row.id),
    operatorId: trusted(row.operator_id),
    vendorType: row.vendor_type,
    playerId: trusted(row.player_id),
    sessionId: trusted(row.session_id),
    key: row.key,
    type: row.type,
    odds: row.odds,
    stake: BigInt(row.stake),
    win: BigInt(row.win),
    ownStake: BigInt(row.own_stake),
    krainStake: BigInt(row.krain_stake),
    krainOdds: row.krain_odds,
    krainWin: BigInt(row.krain_win),
    krainWhole: row.krain_whole,
    krainUntil: instantOf(row.krain_until),
    status: BET_STATUSES[row.status as 0 | 1 | 2 | 3 | 4 | 5],
    reason: row.reason,
    payout: BigInt(row.payout),
    ip: row.ip,
    placedAt: instant(row.placed_at),
    updatedAt: instant(row.updated_at),
  };
}

/** A row of book_transfer. */
export function toTransferRecord(row: Row): TransferRecord {
  return {
    operatorId: trusted(row.operator_id),
    tsCode: row.ts_code,
    playerId: trusted(row.player_id),
    kind: row.kind,
    amount: BigInt(row.amount),
    profitLoss: BigInt(row.profit_loss),
    exposure: BigInt(row.exposure),
    creditBefore: BigInt(row.credit_before),
    creditAfter: BigInt(row.credit_after),
    transferId: trusted(row.transfer_id),
    at: instant(row.at),
  };
}
