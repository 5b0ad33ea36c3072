/**
 * The odds sessions offer, as they are kept: which sessions want some, a new quote, one that holds on, a market without
 * odds. What is written is written on the quote it was decided by: when somebody was first, nothing happens.
 */

import type { MarketStatus, SessionType } from '../core/book/types.ts';
import { type RainSessionId, trusted } from '../core/ids.ts';
import type { Query } from './connect.ts';

/** An open session, its site's settings, and what it offers now. Odds are thousandths. */
export interface QuotedSession {
  readonly id: RainSessionId;
  readonly site: string;
  readonly gameDate: string;
  readonly type: SessionType;
  readonly currency: string;
  readonly market: MarketStatus;
  readonly marginBps: number;
  readonly oddsValidMs: number;
  /** Number of the quote; 0 = none yet. */
  readonly quote: number;
  readonly offer: PairOfOdds | null;
  /** How much longer it is good, by the database's clock; below zero: it has run out. Null = none yet. */
  readonly leftMs: number | null;
}
export interface PairOfOdds {
  readonly rain: number;
  readonly dry: number;
}

/** Sessions that take bets now, by the database's clock. */
export async function sessionsToQuote(db: Query): Promise<QuotedSession[]> {
  const rows = await db`
    select r.id, r.site, r.game_date::text as game_date, r.type, r.currency, r.market, s.margin_bps, s.odds_valid_ms, r.quote,
      r.odds_rain, r.odds_dry, extract(epoch from r.quote_until - clock_timestamp()) * 1000 as left_ms
    from rain_session r join rain_site s on s.name = r.site
    where r.status = 'OPEN' and clock_timestamp() >= r.opens_at and clock_timestamp() < r.closes_at order by r.closes_at, r.id`;
  return rows.map((row) => ({
    id: trusted(row.id),
    site: row.site,
    gameDate: row.game_date,
    type: row.type,
    currency: row.currency,
    market: row.market,
    marginBps: row.margin_bps,
    oddsValidMs: row.odds_valid_ms,
    quote: Number(row.quote),
    offer: pairOf(row.odds_rain, row.odds_dry),
    leftMs: row.left_ms === null ? null : Number(row.left_ms),
  }));
}

function pairOf(rain: number | null, dry: number | null): PairOfOdds | null {
  return rain === null || dry === null ? null : { rain, dry };
}

/** The next quote, from now on and good for the site's time. False: the session offers another by now, or is shut. */
export async function putQuote(
  db: Query,
  session: Pick<QuotedSession, 'id' | 'quote' | 'oddsValidMs'>,
  { offer, krain }: { offer: PairOfOdds; krain: PairOfOdds },
): Promise<boolean> {
  const rows = await db`
    with written as (
      update rain_session set quote = quote + 1, market = 'OPEN', odds_rain = ${offer.rain}, odds_dry = ${offer.dry},
        krain_rain = ${krain.rain}, krain_dry = ${krain.dry}, quote_until = ${goodFor(db, session.oddsValidMs)}
      where id = ${session.id} and quote = ${session.quote} and status = 'OPEN' returning id, quote)
    insert into rain_quote (session_id, quote, odds_rain, odds_dry, krain_rain, krain_dry)
    select id, quote, ${offer.rain}, ${offer.dry}, ${krain.rain}, ${krain.dry} from written returning 1`;
  return rows.length > 0;
}

/** The same quote for longer, and offered again if it was taken off. */
export async function extendQuote(
  db: Query,
  { id, quote, oddsValidMs }: Pick<QuotedSession, 'id' | 'quote' | 'oddsValidMs'>,
): Promise<boolean> {
  const rows = await db`
    update rain_session set market = 'OPEN', quote_until = ${goodFor(db, oddsValidMs)}
    where id = ${id} and quote = ${quote} and status = 'OPEN' returning 1`;
  return rows.length > 0;
}

/** No odds until there are some again: the quote ends now, so that nothing reopens the market by it. */
export async function withdrawQuote(
  db: Query,
  { id, quote }: Pick<QuotedSession, 'id' | 'quote'>,
): Promise<boolean> {
  const rows = await db`
    update rain_session set market = 'SUSPEND',
      quote_until = case when quote_until > clock_timestamp() then clock_timestamp() else quote_until end
    where id = ${id} and quote = ${quote} and status = 'OPEN' returning 1`;
  return rows.length > 0;
}

const goodFor = (db: Query, ms: number) => db`clock_timestamp() + ${ms} * interval '1 millisecond'`;
