/** What the book stands to gain or lose in each session, and how much of it lies at K-Rain. Amounts are minor units. */
import type { ByOutcome, GameResult, GameStatus, MarketStatus, SessionType } from '../core/book/types.ts';
import { type Instant, type RainSessionId, trusted } from '../core/ids.ts';
import type { Query } from './connect.ts';

export interface SessionExposure {
  readonly id: RainSessionId;
  readonly site: string;
  readonly gameDate: string;
  readonly type: SessionType;
  readonly currency: string;
  readonly status: GameStatus;
  readonly market: MarketStatus;
  readonly result: GameResult;
  readonly closesAt: Instant;
  readonly players: number;
  readonly bets: number;
  /** Bets K-Rain has not answered for. */
  readonly pending: number;
  /** What was staked on bets that stand or may yet stand. */
  readonly stake: ByOutcome;
  /** What players' matched bets come to, for the players. */
  readonly net: ByOutcome;
  /** What the part at K-Rain brings the book. */
  readonly krain: ByOutcome;
  readonly krainStake: ByOutcome;
  /** What the book itself gains by its matched bets, and what pending ones may add to that at worst. */
  readonly pool: ByOutcome;
  readonly risk: ByOutcome;
  /** Most the book itself may lose in the session. */
  readonly poolMax: bigint;
}

/** Sessions with bets that are not settled, or one session whatever its state; by their close. */
export async function sessionExposures(
  db: Query,
  only: RainSessionId | null = null,
): Promise<SessionExposure[]> {
  const which = only === null ? db`s.status not in ('READY', 'SETTLED', 'VOID')` : db`s.id = ${only}`;
  const rows = await db`
    select s.id, s.site, s.game_date::text as game_date, s.type, s.currency, s.status, s.market, s.result, s.closes_at,
      s.pool_rain, s.pool_dry, s.risk_rain, s.risk_dry, site.pool_max, p.*, b.*
    from rain_session s join rain_site site on site.name = s.site
    cross join lateral (select count(*)::int as players, coalesce(sum(pending), 0)::int as pending,
        coalesce(sum(net_rain), 0)::bigint as net_rain, coalesce(sum(net_dry), 0)::bigint as net_dry,
        coalesce(sum(hedge_rain), 0)::bigint as hedge_rain, coalesce(sum(hedge_dry), 0)::bigint as hedge_dry
      from book_position where session_id = s.id) p
    cross join lateral (select count(*)::int as bets,
        coalesce(sum(stake) filter (where type = 'RAIN'), 0)::bigint as stake_rain,
        coalesce(sum(stake) filter (where type = 'NO_RAIN'), 0)::bigint as stake_dry,
        coalesce(sum(krain_stake) filter (where type = 'RAIN'), 0)::bigint as krain_rain,
        coalesce(sum(krain_stake) filter (where type = 'NO_RAIN'), 0)::bigint as krain_dry
      from book_position q join book_bet using (session_id, player_id) where q.session_id = s.id and status <> 2) b
    where ${which} order by s.closes_at, s.id`;
  return rows.map(toExposure);
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toExposure(row: any): SessionExposure {
  return {
    id: trusted(row.id),
    site: row.site,
    gameDate: row.game_date,
    type: row.type,
    currency: row.currency,
    status: row.status,
    market: row.market,
    result: row.result,
    closesAt: trusted(row.closes_at.getTime()),
    players: row.players,
    bets: row.bets,
    pending: row.pending,
    stake: { rain: row.stake_rain, dry: row.stake_dry },
    net: { rain: row.net_rain, dry: row.net_dry },
    krain: { rain: row.hedge_rain, dry: row.hedge_dry },
    krainStake: { rain: row.krain_rain, dry: row.krain_dry },
    pool: { rain: row.pool_rain, dry: row.pool_dry },
    risk: { rain: row.risk_rain, dry: row.risk_dry },
    poolMax: row.pool_max,
  };
}
