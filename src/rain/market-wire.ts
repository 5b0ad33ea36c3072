/**
 * K-Rain's wire: what is written, and what is read of an answer. An answer is held against what was asked: its names
 * must be ours, its sums must fit the order. What is read is either whole and right, or says why it is not.
 */
import { winOf } from '../core/book/odds.ts';
import { BET_TYPES, type BetFailure, type BetType } from '../core/book/types.ts';
import { type Instant, trusted } from '../core/ids.ts';
import { parseMinor } from '../core/money.ts';
import type { MarketOrder, MarketRecord, MarketState, OddsResult, OrderFate } from './market.ts';

/** garbled: it can't be read, or is no answer to this. contradicts: it is one, and what it says can't be. */
export type Misread = { readonly kind: 'misread'; readonly why: 'garbled' | 'contradicts' };
const GARBLED: Misread = { kind: 'misread', why: 'garbled' };
const CONTRADICTS: Misread = { kind: 'misread', why: 'contradicts' };

/** K-Rain's reasons, and what the book calls them. */
const REASONS = {
  odds_moved: 'krain_odds_moved',
  no_liquidity: 'krain_refused',
  market_closed: 'krain_market_closed',
  too_late: 'krain_refused',
  limit: 'krain_refused',
} as const satisfies Readonly<Record<string, BetFailure>>;

const STATES: readonly MarketState[] = ['open', 'suspended', 'closed'];

export const orderPath = (id: string) => `/v1/orders/${encodeURIComponent(id)}`;
export const oddsPath = (market: string) => `/v1/markets/${encodeURIComponent(market)}/odds`;
/** Orders of a market whose ids come behind `after`. */
export const ordersPath = (market: string, after: string) =>
  `/v1/orders?${new URLSearchParams(after === '' ? { market } : { market, after })}`;

export function orderBody({ odds, stake, ...order }: MarketOrder): string {
  return JSON.stringify({ ...order, stake: String(stake), odds: odds / 1000 });
}

type Fields = Readonly<Record<string, unknown>>;

/** The answer to an order that was placed, or asked about. */
export function readFate(body: string, order: MarketOrder): OrderFate | Misread {
  const fields = fieldsOf(body);
  if (fields === null || fields.id !== order.id) return GARBLED;
  const record = recordOf(fields);
  if (record === null) return GARBLED;
  const isOurs = record.market === order.market && record.side === order.side && record.stake === order.stake;
  return isOurs && (record.fate.kind === 'refused' || isWithin(record.fate, order))
    ? record.fate
    : CONTRADICTS;
}

/** What K-Rain may take: not more than the order, not a part of a whole, at no worse odds, and money that adds up. */
function isWithin(
  { stake, odds, win }: OrderFate & { kind: 'matched' },
  order: Pick<MarketOrder, 'stake' | 'fill' | 'odds'>,
): boolean {
  if (stake > order.stake || (order.fill === 'whole' && stake !== order.stake)) return false;
  if (odds < order.odds || win < winOf(stake, order.odds)) return false;
  // The average is rounded to thousandths, whichever way.
  return win >= winOf(stake, odds - 1) && win <= winOf(stake, odds + 1) + 1n;
}

/** What K-Rain says of an order, held against nothing but its name: it may be what cannot be. Null: no such answer. */
export function readRecord(body: string, id: string): MarketRecord | null {
  const fields = fieldsOf(body);
  return fields === null || fields.id !== id ? null : recordOf(fields);
}

/** The answer about an order K-Rain does not know; null = it is something else. */
export function readAbsent(body: string, { id }: Pick<MarketOrder, 'id'>): Instant | null {
  const fields = fieldsOf(body);
  return fields?.id === id && fields.state === 'unknown' ? instantIn(fields.now) : null;
}

export function readOdds(body: string, market: string): (OddsResult & { kind: 'odds' }) | Misread {
  const fields = fieldsOf(body);
  if (fields === null || fields.market !== market) return GARBLED;
  const [state, at, available] = [stateIn(fields.status), instantIn(fields.at), asFields(fields.available)];
  const [rain, dry] = [oddsOrNull(fields.rain), oddsOrNull(fields.noRain)];
  const [rainStake, dryStake] = [minorIn(available?.rain), minorIn(available?.noRain)];
  if (state === null || at === null || rain === undefined || dry === undefined) return GARBLED;
  if (rainStake === null || dryStake === null) return GARBLED;
  return { kind: 'odds', state, rain, dry, available: { rain: rainStake, dry: dryStake }, at };
}

/** That the market is not known there. A page of somebody in between says no such thing. */
export function saysUnknownMarket(body: string, market: string): boolean {
  const fields = fieldsOf(body);
  return fields?.market === market && fields.status === 'unknown';
}

/** One page of a market's orders, and behind which id the next begins; null = that was all. */
export interface OrdersPage {
  readonly kind: 'orders';
  readonly orders: readonly MarketRecord[];
  readonly next: string | null;
}
export function readOrders(body: string, market: string): OrdersPage | Misread {
  const fields = fieldsOf(body);
  if (fields === null || !Array.isArray(fields.orders)) return GARBLED;
  const orders = fields.orders.map((each) => recordOf(asFields(each) ?? {}));
  const isWhole = orders.every((each): each is MarketRecord => each?.market === market);
  const { next } = fields;
  if (!isWhole || (next !== null && typeof next !== 'string')) return GARBLED;
  return { kind: 'orders', orders, next };
}

function recordOf(fields: Fields): MarketRecord | null {
  const { id, market } = fields;
  const [side, stake, at, fate] = [
    sideIn(fields.side),
    minorIn(fields.stake),
    instantIn(fields.at),
    fateIn(fields),
  ];
  if (typeof id !== 'string' || typeof market !== 'string' || side === null) return null;
  return stake === null || at === null || fate === null ? null : { id, market, side, stake, fate, at };
}

function fateIn({ state, matched, win, odds, reason }: Fields): OrderFate | null {
  const [stake, net] = [minorIn(matched), minorIn(win)];
  if (stake === null || net === null) return null;
  if (state === 'refused') {
    const isKnown = typeof reason === 'string' && Object.hasOwn(REASONS, reason);
    return isKnown && stake === 0n && net === 0n
      ? { kind: 'refused', reason: REASONS[reason as keyof typeof REASONS] }
      : null;
  }
  const average = oddsIn(odds);
  const isMatched = state === 'matched' && reason === null && stake > 0n && average !== null;
  return isMatched ? { kind: 'matched', stake, odds: average, win: net } : null;
}

// ---- fields ---------------------------------------------------------------------------------------------------

function fieldsOf(body: string): Fields | null {
  try {
    return asFields(JSON.parse(body));
  } catch {
    return null;
  }
}

const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

const minorIn = (value: unknown): bigint | null => (typeof value === 'string' ? parseMinor(value) : null);

const sideIn = (value: unknown): BetType | null => BET_TYPES.find((each) => each === value) ?? null;

const stateIn = (value: unknown): MarketState | null => STATES.find((each) => each === value) ?? null;

function instantIn(value: unknown): Instant | null {
  return Number.isSafeInteger(value) && Number(value) > 0 ? trusted<Instant>(Number(value)) : null;
}

const ODDS_MAX = 1_000_000;

/** A decimal number above 1 with three decimals at most, in thousandths. */
function oddsIn(value: unknown): number | null {
  if (typeof value !== 'number' || !(value > 1 && value <= ODDS_MAX)) return null;
  const thousandths = Math.round(value * 1000);
  return thousandths / 1000 === value ? thousandths : null;
}

/** undefined: it is neither odds nor none. */
const oddsOrNull = (value: unknown): number | null | undefined =>
  value === null ? null : (oddsIn(value) ?? undefined);
