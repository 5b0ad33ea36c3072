/**
 * What a player of the rain book sees of its own: money, positions, bets, transfers. Every reading names its player;
 * nothing here is found by the id of a bet alone. Amounts are minor units, odds thousandths.
 */
import {
  BET_STATUSES,
  type Bet,
  type BetStatus,
  type OwnLimits,
  type SessionType,
} from '../core/book/types.ts';
import {
  type BetId,
  type BookOperatorId,
  type BookPlayerId,
  type Instant,
  type RainSessionId,
  type TransferId,
  trusted,
  type VisitId,
} from '../core/ids.ts';
import { type Currency, isCurrency } from '../core/money.ts';
import { exclusionOf, limitsIn } from './book-protection.ts';
import { instantOf, numbers, type Query } from './connect.ts';

/** A bet as its player sees it, with what is shown of its session. */
export interface BetRow
  extends Pick<
    Bet,
    | 'id'
    | 'playerId'
    | 'sessionId'
    | 'key'
    | 'type'
    | 'odds'
    | 'stake'
    | 'win'
    | 'status'
    | 'reason'
    | 'payout'
    | 'placedAt'
  > {
  readonly currency: Currency;
  readonly site: string;
  readonly sessionType: SessionType;
  /** dd-MM-yyyy, the site's day. */
  readonly gameDate: string;
  readonly settledAt: Instant | null;
  readonly updatedAt: Instant;
}

export interface PositionRow {
  readonly sessionId: RainSessionId;
  readonly bets: number;
  readonly netRain: bigint;
  readonly netDry: bigint;
  readonly riskRain: bigint;
  readonly riskDry: bigint;
  readonly exposure: bigint;
}

/** What a player has, and its positions that are not settled. */
export interface MoneyRow {
  readonly playerId: BookPlayerId;
  readonly balance: bigint;
  readonly exposure: bigint;
  readonly positions: readonly PositionRow[];
}

export interface TransferRow {
  readonly tsCode: string;
  readonly amount: bigint;
  readonly profitLoss: bigint;
  readonly creditBefore: bigint;
  readonly creditAfter: bigint;
  readonly at: Instant;
}

/** A player's settings, its limits those that hold now: the narrower of the operator's and the vendor type's. */
export interface PlayerRow {
  readonly userId: string;
  readonly vendorType: string;
  readonly currency: Currency;
  readonly language: string | null;
  readonly minBet: bigint;
  readonly maxBet: bigint;
  readonly maxExposure: bigint;
  readonly own: OwnLimits;
  readonly clockMinutes: number | null;
  readonly nextOwn: OwnLimits | null;
  readonly nextOwnAt: Instant | null;
  readonly excludedUntil: Instant | 'forever' | null;
  readonly hasPassword: boolean;
}

export interface PlayerState extends MoneyRow {
  readonly player: PlayerRow;
  readonly openBets: readonly BetRow[];
  /** Net of what was settled since the visit began. */
  readonly settledNet: bigint;
  /** The database's clock. */
  readonly now: Instant;
}

// Numbers of bigint columns come as text through JSON, which has none of their size.
const POSITION = `'sessionId', p.session_id, 'bets', p.bets, 'netRain', p.net_rain::text, 'netDry', p.net_dry::text,
  'riskRain', p.risk_rain::text, 'riskDry', p.risk_dry::text, 'exposure', p.exposure::text`;
const BET = `'id', b.id, 'playerId', b.player_id, 'sessionId', b.session_id, 'key', b.key, 'type', b.type, 'odds', b.odds, 'stake', b.stake::text,
  'win', b.win::text, 'status', b.status, 'reason', b.reason, 'payout', b.payout::text, 'placedAt', b.placed_at, 'settledAt', b.settled_at,
  'updatedAt', b.updated_at, 'currency', s.currency, 'site', s.site, 'sessionType', s.type, 'gameDate', to_char(s.game_date, 'DD-MM-YYYY')`;

/** Not settled, or not fully: these are what the page shows beside a session. */
const LIVE = `(p.version = 0 or p.pending > 0 or p.exposure > 0)`;

const positions = (db: Query) =>
  db.unsafe(`(select coalesce(json_agg(json_build_object(${POSITION}) order by p.session_id), '[]')
  from book_position p where p.player_id = pl.id and ${LIVE})`);
const openBets = (db: Query) =>
  db.unsafe(`(select coalesce(json_agg(json_build_object(${BET}) order by b.id desc), '[]') from book_position p
  join rain_session s on s.id = p.session_id join book_bet b on b.session_id = p.session_id and b.player_id = p.player_id
  where p.player_id = pl.id and ${LIVE} and b.status in (0, 1, 3))`);

/** Everything the page starts with, in one reading; null when there is no such visit. */
export async function readPlayerState(db: Query, visitId: VisitId): Promise<PlayerState | null> {
  const [row] = await db`
    select pl.*, pl.excluded_until::text as excluded, greatest(pl.min_bet, t.min_bet) as least, least(pl.max_bet, t.max_bet) as most, t.currency,
      a.balance, a.reserved, ${positions(db)} as positions, ${openBets(db)} as open_bets, clock_timestamp() as now,
      (select coalesce(sum(b.payout), 0)::bigint from book_position p join rain_session s on s.id = p.session_id and s.resulted_at >= v.opened_at
        join book_bet b on b.session_id = p.session_id and b.player_id = p.player_id
        where p.player_id = pl.id and b.settled_at >= v.opened_at) as settled_net
    from book_visit v join book_player pl on pl.id = v.player_id join book_vendor_type t on t.name = pl.vendor_type
    join account a on a.id = pl.account_id where v.id = ${visitId}`;
  if (row === undefined) return null;
  return {
    ...toMoney(row),
    player: toPlayer(row),
    openBets: row.open_bets.map(toBet),
    settledNet: row.settled_net,
    now: trusted(row.now.getTime()),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toPlayer(row: any): PlayerRow {
  if (!isCurrency(row.currency)) throw new Error(`player ${row.id}: unknown currency ${row.currency}`);
  return {
    userId: row.user_id,
    vendorType: row.vendor_type,
    currency: row.currency,
    language: row.language,
    minBet: row.least,
    maxBet: row.most,
    maxExposure: row.max_exposure,
    own: { maxBet: row.own_max_bet, dayStake: row.own_day_stake },
    clockMinutes: row.own_clock_min,
    nextOwn: limitsIn(row.next_limits),
    nextOwnAt: instantOf(row.next_limits_at),
    excludedUntil: exclusionOf(row.excluded),
    hasPassword: row.password_hash !== null,
  };
}

/** Money and open positions of these players. */
export async function readMoney(db: Query, playerIds: readonly BookPlayerId[]): Promise<MoneyRow[]> {
  const rows = await db`select pl.id, a.balance, a.reserved, ${positions(db)} as positions
    from book_player pl join account a on a.id = pl.account_id where pl.id = any(${numbers(playerIds)}::bigint[])`;
  return rows.map(toMoney);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toMoney(row: any): MoneyRow {
  return {
    playerId: trusted(row.id),
    balance: row.balance,
    exposure: row.reserved,
    positions: row.positions.map(toPosition),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toPosition(row: any): PositionRow {
  return {
    sessionId: trusted(row.sessionId),
    bets: row.bets,
    netRain: BigInt(row.netRain),
    netDry: BigInt(row.netDry),
    riskRain: BigInt(row.riskRain),
    riskDry: BigInt(row.riskDry),
    exposure: BigInt(row.exposure),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toBet(row: any): BetRow {
  if (!isCurrency(row.currency)) throw new Error(`bet ${row.id}: unknown currency ${row.currency}`);
  return {
    id: trusted(row.id),
    playerId: trusted(row.playerId),
    sessionId: trusted(row.sessionId),
    key: row.key,
    type: row.type,
    odds: row.odds,
    stake: BigInt(row.stake),
    win: BigInt(row.win),
    status: BET_STATUSES[row.status as 0] satisfies BetStatus,
    reason: row.reason,
    payout: BigInt(row.payout),
    placedAt: instantOf(row.placedAt) as Instant,
    settledAt: instantOf(row.settledAt),
    updatedAt: instantOf(row.updatedAt) as Instant,
    currency: row.currency,
    site: row.site,
    sessionType: row.sessionType,
    gameDate: row.gameDate,
  };
}

// ---- pages ----------------------------------------------------------------------------------------------------

const bet = (db: Query) => db.unsafe(`json_build_object(${BET}) as bet`);

export interface BetPage {
  readonly state: 'open' | 'settled';
  /** Bets with lower ids: of older bets. Null = from the newest on. */
  readonly before: BetId | null;
  readonly limit: number;
}

/** A player's bets, newest first. */
export async function listPlayerBets(db: Query, playerId: BookPlayerId, page: BetPage): Promise<BetRow[]> {
  const before = page.before ?? Number.MAX_SAFE_INTEGER;
  const isOpen = db`b.status in (0, 1, 3)`;
  const rows = await db`select ${bet(db)} from book_bet b join rain_session s on s.id = b.session_id
    where b.player_id = ${playerId} and b.id < ${before} and ${page.state === 'open' ? isOpen : db`not ${isOpen}`}
    order by b.id desc limit ${page.limit}`;
  return rows.map((row) => toBet(row.bet));
}

/** One of the player's bets, by its id and its owner. */
export async function findPlayerBet(db: Query, playerId: BookPlayerId, id: BetId): Promise<BetRow | null> {
  const [row] = await db`select ${bet(db)} from book_bet b join rain_session s on s.id = b.session_id
    where b.id = ${id} and b.player_id = ${playerId}`;
  return row === undefined ? null : toBet(row.bet);
}

/** Where a page of transfers ended: microseconds since 1970, and the row's own id, since two may be of one batch. */
export interface TransferCursor {
  readonly atUs: bigint;
  readonly id: number;
}

/** A player's transfers, newest first, and where the next page begins. */
export async function listPlayerTransfers(
  db: Query,
  playerId: BookPlayerId,
  page: { readonly before: TransferCursor | null; readonly limit: number },
): Promise<{ readonly rows: readonly TransferRow[]; readonly next: TransferCursor | null }> {
  const { before, limit } = page;
  const isBefore =
    before === null
      ? db`true`
      : db`(at, transfer_id) < ('epoch'::timestamptz + ${before.atUs} * interval '1 microsecond', ${before.id}::bigint)`;
  const rows = await db`select *, (extract(epoch from at) * 1000000)::bigint as at_us from book_transfer
    where player_id = ${playerId} and ${isBefore} order by at desc, transfer_id desc limit ${limit}`;
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    rows: rows.map((row) => ({
      tsCode: row.ts_code,
      amount: row.amount,
      profitLoss: row.profit_loss,
      creditBefore: row.credit_before,
      creditAfter: row.credit_after,
      at: trusted(row.at.getTime()),
    })),
    next: last === undefined ? null : { atUs: last.at_us, id: Number(last.transfer_id) },
  };
}

// ---- what changed ---------------------------------------------------------------------------------------------

/** Bets and transfers of these players written in the last seconds, in that order. */
export interface RecentChanges {
  readonly bets: readonly BetRow[];
  readonly transfers: readonly { readonly playerId: BookPlayerId; readonly transferId: TransferId }[];
}

export async function recentChanges(
  db: Query,
  who: { readonly operatorIds: readonly BookOperatorId[]; readonly playerIds: readonly BookPlayerId[] },
  seconds: number,
): Promise<RecentChanges> {
  const players = numbers(who.playerIds);
  const since = db`clock_timestamp() - make_interval(secs => ${seconds})`;
  const [bets, transfers] = await Promise.all([
    db`select ${bet(db)} from unnest(${numbers(who.operatorIds)}::bigint[]) o (id)
      join book_bet b on b.operator_id = o.id and b.updated_at > ${since} join rain_session s on s.id = b.session_id
      where b.player_id = any(${players}::bigint[]) order by b.updated_at, b.id`,
    db`select player_id, transfer_id from book_transfer where at > ${since} and player_id = any(${players}::bigint[])`,
  ]);
  return {
    bets: bets.map((row) => toBet(row.bet)),
    transfers: transfers.map((row) => ({
      playerId: trusted(row.player_id),
      transferId: trusted(row.transfer_id),
    })),
  };
}
