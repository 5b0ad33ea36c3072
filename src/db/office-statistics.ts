/**
 * Figures of agents over any whole hours, read in one snapshot: closed days as far as they go, closed hours at the ends,
 * and hours that are not closed as they stand. Players are counted once, whatever the time is put together from.
 */
import type { Fragment } from 'postgres';
import { type AgentId, trusted, type VendorId } from '../core/ids.ts';
import type { Sums } from '../core/office/statistics.ts';
import type { Piece, PieceGgr } from '../core/office/statistics-share.ts';
import { numbers, type Query, type Sql } from './connect.ts';
import { closedDays, closedHours, hourNumber, type Level, openHours } from './office-statistics-rows.ts';

interface Filter {
  readonly vendorId: number | null;
  readonly gameId: number | null;
  readonly currency: string | null;
}

export interface FiguresWanted extends Filter {
  readonly agents: readonly AgentId[];
  /** Hours since 1970 at which what is told apart by time begins; otherwise the first alone. */
  readonly starts: readonly number[];
  readonly end: number;
  readonly by: 'all' | 'time' | 'vendor' | 'game' | 'agent';
}

export interface FiguresRow extends Sums {
  /** An hour of `starts`, or the id of what it is told of. 0: all. */
  readonly key: number;
  readonly currency: string;
}

/** A snapshot to read figures in. `asOf`: what was folded until then is in them. */
export function inSnapshot<T>(sql: Sql, read: (db: Query, asOf: string) => Promise<T>): Promise<T> {
  // What the driver gives back is what `read` does.
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    // Compiling costs more than it saves on anything this short.
    await tx`set local jit = off`;
    const [cursor] = await tx`select wire_time(at) as at from fold_cursor`;
    return read(tx, cursor?.at);
  }) as Promise<T>;
}

/** Rows without anything in them are not there. By key, then currency. */
export async function readFigures(db: Query, wanted: FiguresWanted): Promise<FiguresRow[]> {
  const { by, starts } = wanted;
  const [first = 0] = starts;
  const start = by === 'time' ? startOf(db, starts) : db`${first}::int`;
  const key = {
    all: db`0`,
    time: start,
    vendor: db`r.vendor_id`,
    game: db`r.game_id`,
    agent: db`r.agent_id`,
  };
  const rows = await db`
    with ${segments(db, spansOf(db, wanted), by === 'time' ? 'hours' : 'days')}
    select ${key[by]} as key, r.currency, sum(r.bets) as bets, sum(r.bet_sum)::text as bet_sum, sum(r.wins) as wins, sum(r.win_sum)::text as win_sum,
      sum(r.cancels) as cancels, sum(r.cancel_sum)::text as cancel_sum, sum(r.other_sum)::text as other_sum, sum(r.rounds) as rounds,
      sum(width_bucket(${start} - 1, r.before)) as players
    from (${rowsOf(db, levelOf(wanted), wanted)}) r group by 1, 2 order by 1, 2`;
  return rows.map((row) => ({
    key: Number(row.key),
    currency: row.currency,
    bets: Number(row.bets),
    betSum: BigInt(row.bet_sum),
    wins: Number(row.wins),
    winSum: BigInt(row.win_sum),
    cancels: Number(row.cancels),
    cancelSum: BigInt(row.cancel_sum),
    other: BigInt(row.other_sum),
    rounds: Number(row.rounds),
    players: Number(row.players),
  }));
}

/** What each agent's players brought at each vendor in each of the pieces of time. */
export async function readPieces(db: Query, pieces: readonly Piece[], filter: Filter): Promise<PieceGgr[]> {
  const list = (pick: (piece: Piece) => number) => numbers(pieces.map(pick));
  const spans = db`select * from unnest(${list(({ agentId }) => agentId)}::bigint[], ${list(({ since }) => since)}::int[],
    ${list(({ until }) => until)}::int[]) s (agent_id, since, until)`;
  const level = filter.gameId === null ? 'vendor' : 'game';
  const rows = await db`
    with ${segments(db, spans, 'days')}
    select r.agent_id, r.vendor_id, r.since, r.currency, sum(r.bet_sum - r.cancel_sum - r.win_sum + r.other_sum)::text as ggr
    from (${rowsOf(db, level, filter)}) r group by 1, 2, 3, 4`;
  return rows.map((row) => ({
    agentId: trusted<AgentId>(row.agent_id),
    vendorId: trusted<VendorId>(row.vendor_id),
    since: row.since,
    currency: row.currency,
    ggr: BigInt(row.ggr),
  }));
}

/** The last of the hours that is not after the row's. */
function startOf(db: Query, starts: readonly number[]): Fragment {
  const all = db`${numbers(starts)}::int[]`;
  return db`(${all})[width_bucket(${hourNumber(db, db`r.at`)}, ${all})]`;
}

const spansOf = (db: Query, { agents, starts, end }: FiguresWanted) =>
  db`select agent_id, ${starts[0] ?? end}::int as since, ${end}::int as until from unnest(${numbers(agents)}::bigint[]) agent_id`;

/**
 * Times of each agent, cut where days that are closed begin and end; without a whole one all is hours. `spans` has
 * agent_id and the hours since and until.
 */
function segments(db: Query, spans: Fragment, mayTakeDays: 'days' | 'hours'): Fragment {
  const days = mayTakeDays === 'days' ? db`day_from < day_to` : db`false`;
  return db`
    span as materialized (
      select agent_id, since, from_at, to_at, hour, case when ${days} then day_from else to_at end as day_from, case when ${days} then day_to else to_at end as day_to
      from (select agent_id, since, to_timestamp(since * 3600::bigint) as from_at, to_timestamp(until * 3600::bigint) as to_at from (${spans}) s) s
      cross join close_cursor c
      cross join lateral (select date_trunc('day', from_at + interval '23 hours') as day_from, least(date_trunc('day', to_at), c.day) as day_to) d)`;
}

function rowsOf(db: Query, level: Level, filter: Filter): Fragment {
  const narrow = narrowTo(level, filter);
  const days = db`select agent_id, day_from as from_at, day_to as to_at, since from span where day_from < day_to`;
  const ends = db`
    select agent_id, from_at, least(day_from, hour) as to_at, since from span where from_at < least(day_from, hour)
    union all select agent_id, day_to, least(to_at, hour), since from span where day_to < least(to_at, hour)`;
  const open = db`select agent_id, greatest(from_at, hour) as from_at, to_at, since from span where hour < to_at`;
  return db`
    ${closedDays(db, level, { spans: days, narrow })}
    union all ${closedHours(db, level, { spans: ends, narrow })}
    union all ${openHours(db, level, { spans: open, narrow })}`;
}

/** The coarsest rows that tell it. */
function levelOf({ by, vendorId, gameId }: FiguresWanted): Level {
  if (by === 'game' || gameId !== null) return 'game';
  return by === 'vendor' || vendorId !== null ? 'vendor' : 'agent';
}

function narrowTo(level: Level, { vendorId, gameId, currency }: Filter) {
  return (db: Query) => {
    const vendor = level === 'agent' || vendorId === null ? db`true` : db`r.vendor_id = ${vendorId}`;
    const game = gameId === null ? db`true` : db`r.game_id = ${gameId}`;
    const money = currency === null ? db`true` : db`r.currency = ${currency}`;
    return db`${vendor} and ${game} and ${money}`;
  };
}
