/** What a ledger batch writes of the rain book. */
import {
  BET_STATUSES,
  type Bet,
  type BookChanges,
  type BookPlayer,
  type BookSession,
  type Position,
  type TransferRecord,
} from '../core/book/types.ts';
import { booleans, numbers, texts } from './connect.ts';
import { around, type Piece, piece } from './statement.ts';

/** Pieces that write no row another of them writes, but for `settled`, which goes apart: its bets may be of this batch. */
export function writeBook(book: BookChanges, at: string): { as: string; sql: Piece | null }[] {
  const { players, sessions, fresh, transfers } = book;
  const [newPositions, positions] = parted(book.positions, fresh.positions);
  const [newBets, bets] = parted(book.bets, fresh.bets);
  return [
    { as: 'book_players', sql: players.length === 0 ? null : updatePlayers(players) },
    { as: 'book_sessions', sql: sessions.length === 0 ? null : updateSessions(sessions) },
    { as: 'book_new_positions', sql: newPositions.length === 0 ? null : insertPositions(newPositions) },
    { as: 'book_positions', sql: positions.length === 0 ? null : updatePositions(positions) },
    { as: 'book_new_bets', sql: newBets.length === 0 ? null : insertBets(newBets, at) },
    { as: 'book_bets', sql: bets.length === 0 ? null : updateBets(bets, at) },
    { as: 'book_transfers', sql: transfers.length === 0 ? null : insertTransfers(transfers, at) },
  ];
}

function parted<T>(all: readonly T[], fresh: ReadonlySet<T>): [fresh: T[], known: T[]] {
  return [all.filter((each) => fresh.has(each)), all.filter((each) => !fresh.has(each))];
}

const updatePlayers = (players: readonly BookPlayer[]) => piece`
  update book_player p set credit = n.credit, day = n.day, day_stake = n.day_stake
  from unnest(${numbers(players.map((p) => p.id))}::bigint[], ${numbers(players.map((p) => p.credit))}::bigint[],
    ${numbers(players.map((p) => p.day))}::int[], ${numbers(players.map((p) => p.dayStake))}::bigint[]) n (id, credit, day, day_stake)
  where p.id = n.id`;

const updateSessions = (sessions: readonly BookSession[]) => piece`
  update rain_session s set pool_rain = n.pool_rain, pool_dry = n.pool_dry, risk_rain = n.risk_rain, risk_dry = n.risk_dry
  from unnest(${numbers(sessions.map((s) => s.id))}::bigint[], ${numbers(sessions.map((s) => s.pool.rain))}::bigint[],
    ${numbers(sessions.map((s) => s.pool.dry))}::bigint[], ${numbers(sessions.map((s) => s.risk.rain))}::bigint[],
    ${numbers(sessions.map((s) => s.risk.dry))}::bigint[]) n (id, pool_rain, pool_dry, risk_rain, risk_dry)
  where s.id = n.id`;

const positionRows = (positions: readonly Position[]) => piece`
  unnest(${numbers(positions.map((p) => p.sessionId))}::bigint[], ${numbers(positions.map((p) => p.playerId))}::bigint[],
    ${numbers(positions.map((p) => p.accountId))}::bigint[], ${numbers(positions.map((p) => p.operatorId))}::bigint[],
    ${numbers(positions.map((p) => p.bets))}::int[], ${numbers(positions.map((p) => p.pending))}::int[],
    ${numbers(positions.map((p) => p.net.rain))}::bigint[], ${numbers(positions.map((p) => p.net.dry))}::bigint[],
    ${numbers(positions.map((p) => p.risk.rain))}::bigint[], ${numbers(positions.map((p) => p.risk.dry))}::bigint[],
    ${numbers(positions.map((p) => p.hedge.rain))}::bigint[], ${numbers(positions.map((p) => p.hedge.dry))}::bigint[],
    ${numbers(positions.map((p) => p.exposure))}::bigint[], ${numbers(positions.map((p) => p.version))}::int[],
    ${numbers(positions.map((p) => p.settledNet))}::bigint[], ${numbers(positions.map((p) => p.settledHedge))}::bigint[])`;

const POSITION_COLUMNS = `session_id, player_id, account_id, operator_id, bets, pending, net_rain, net_dry, risk_rain, risk_dry,
    hedge_rain, hedge_dry, exposure, version, settled_net, settled_hedge`;

function insertPositions(positions: readonly Position[]): Piece {
  return around(
    `insert into book_position (${POSITION_COLUMNS}) select * from `,
    positionRows(positions),
    '',
  );
}

/** Their keys and owners never change. */
function updatePositions(positions: readonly Position[]): Piece {
  return around(
    `update book_position p set bets = n.bets, pending = n.pending, net_rain = n.net_rain, net_dry = n.net_dry, risk_rain = n.risk_rain, risk_dry = n.risk_dry,
    hedge_rain = n.hedge_rain, hedge_dry = n.hedge_dry, exposure = n.exposure, version = n.version, settled_net = n.settled_net, settled_hedge = n.settled_hedge
    from `,
    positionRows(positions),
    ` n (${POSITION_COLUMNS}) where p.session_id = n.session_id and p.player_id = n.player_id`,
  );
}

const isoOrNull = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

function insertBets(bets: readonly Bet[], at: string): Piece {
  const ints = (pick: (bet: Bet) => number | bigint | null) => numbers(bets.map(pick));
  const words = (pick: (bet: Bet) => string | null) => texts(bets.map(pick));
  return piece`
  insert into book_bet (id, operator_id, vendor_type, player_id, session_id, key, type, odds, stake, win, own_stake, krain_stake, krain_odds, krain_win,
    krain_whole, krain_until, status, reason, payout, ip, placed_at, updated_at)
  select n.*, ${at}::timestamptz, ${at}::timestamptz from unnest(${ints((b) => b.id)}::bigint[], ${ints((b) => b.operatorId)}::bigint[], ${words((b) => b.vendorType)}::text[],
    ${ints((b) => b.playerId)}::bigint[], ${ints((b) => b.sessionId)}::bigint[], ${words((b) => b.key)}::text[], ${words((b) => b.type)}::text[],
    ${ints((b) => b.odds)}::int[], ${ints((b) => b.stake)}::bigint[], ${ints((b) => b.win)}::bigint[], ${ints((b) => b.ownStake)}::bigint[],
    ${ints((b) => b.krainStake)}::bigint[], ${ints((b) => b.krainOdds)}::int[], ${ints((b) => b.krainWin)}::bigint[],
    ${booleans(bets.map((b) => b.krainWhole))}::boolean[], ${words((b) => isoOrNull(b.krainUntil))}::timestamptz[],
    ${ints((b) => BET_STATUSES.indexOf(b.status))}::smallint[], ${words((b) => b.reason)}::text[], ${ints((b) => b.payout)}::bigint[], ${words((b) => b.ip)}::text[]) n`;
}

/** A bet's terms never change, only what became of it. */
function updateBets(bets: readonly Bet[], at: string): Piece {
  const ints = (pick: (bet: Bet) => number | bigint | null) => numbers(bets.map(pick));
  return piece`
  update book_bet b set own_stake = n.own_stake, krain_stake = n.krain_stake, krain_odds = n.krain_odds, krain_win = n.krain_win, status = n.status,
    reason = n.reason, updated_at = ${at}::timestamptz
  from unnest(${ints((b) => b.playerId)}::bigint[], ${ints((b) => b.sessionId)}::bigint[], ${ints((b) => b.id)}::bigint[], ${ints((b) => b.ownStake)}::bigint[], ${ints((b) => b.krainStake)}::bigint[], ${ints((b) => b.krainOdds)}::int[],
    ${ints((b) => b.krainWin)}::bigint[], ${ints((b) => BET_STATUSES.indexOf(b.status))}::smallint[], ${texts(bets.map((b) => b.reason))}::text[])
    n (player_id, session_id, id, own_stake, krain_stake, krain_odds, krain_win, status, reason)
  where b.player_id = n.player_id and b.session_id = n.session_id and b.id = n.id`;
}

function insertTransfers(records: readonly TransferRecord[], at: string): Piece {
  const ints = (pick: (record: TransferRecord) => number | bigint) => numbers(records.map(pick));
  return piece`
  insert into book_transfer (operator_id, ts_code, player_id, kind, amount, profit_loss, exposure, credit_before, credit_after, transfer_id, at)
  select n.*, ${at}::timestamptz from unnest(${ints((r) => r.operatorId)}::bigint[], ${texts(records.map((r) => r.tsCode))}::text[], ${ints((r) => r.playerId)}::bigint[],
    ${texts(records.map((r) => r.kind))}::text[], ${ints((r) => r.amount)}::bigint[], ${ints((r) => r.profitLoss)}::bigint[], ${ints((r) => r.exposure)}::bigint[],
    ${ints((r) => r.creditBefore)}::bigint[], ${ints((r) => r.creditAfter)}::bigint[], ${ints((r) => r.transferId)}::bigint[]) n`;
}

/**
 * The matched bets of settled positions become SETTLED or VOID. What each comes to follows from its own terms, fixed
 * when it was placed, so their sum is the position's net. Bets that say so already are left alone.
 */
export function settleBets({ settled }: BookChanges, at: string): Piece {
  return piece`
  with p as (select * from unnest(${numbers(settled.map(({ position }) => position.sessionId))}::bigint[],
    ${numbers(settled.map(({ position }) => position.playerId))}::bigint[], ${texts(settled.map(({ result }) => result))}::text[]) p (session_id, player_id, result)),
  fate as (select b.player_id, b.session_id, b.id, case when p.result = 'VOID' then ${BET_STATUSES.indexOf('VOID')} else ${BET_STATUSES.indexOf('SETTLED')} end::smallint as status,
    case when p.result = 'VOID' then 0 when p.result = b.type then b.win else -b.stake end as payout
    from p join book_bet b using (session_id, player_id) where b.status in (${BET_STATUSES.indexOf('ACTIVE')}, ${BET_STATUSES.indexOf('SETTLED')}, ${BET_STATUSES.indexOf('VOID')})
      and b.id <> all(${numbers(settled.flatMap(({ later }) => [...later]))}::bigint[]))
  update book_bet b set status = f.status, payout = f.payout, settled_at = ${at}::timestamptz, updated_at = ${at}::timestamptz
  from fate f where b.player_id = f.player_id and b.session_id = f.session_id and b.id = f.id and (b.status, b.payout) is distinct from (f.status, f.payout)`;
}
