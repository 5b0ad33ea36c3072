/**
 * K-Rain, the outside market what the book does not keep is laid off to (docs/krain.md). What came of an order is one
 * of a closed union; the line between `unreachable` and `unknown` is whether a byte may have left. An order is never
 * sent twice from here, and an answer that is not beyond doubt is `unknown`, never a guess.
 */
import type { Breaker } from '../callbacks/breaker.ts';
import type { BetFailure, BetType, ByOutcome, SessionType } from '../core/book/types.ts';
import { type Instant, trusted } from '../core/ids.ts';
import { type MarketReply, type MarketRequest, openMarketLine } from './market-line.ts';
import {
  type OrdersPage,
  oddsPath,
  orderBody,
  orderPath,
  ordersPath,
  readAbsent,
  readFate,
  readOdds,
  readOrders,
  readRecord,
  saysUnknownMarket,
} from './market-wire.ts';

/** A lay-off as it is sent. The same id means the same order for ever. */
export interface MarketOrder {
  /** `bet-<bet id>`. */
  readonly id: string;
  readonly market: string;
  readonly side: BetType;
  /** Minor units. */
  readonly stake: bigint;
  readonly currency: string;
  /** The least that is taken, in thousandths. */
  readonly odds: number;
  /** whole: all of the stake or nothing. */
  readonly fill: 'whole' | 'part';
  /** K-Rain takes it before this instant, by its own clock, or never. */
  readonly until: Instant;
}

/** What has become of an order, by K-Rain's own word. */
export type OrderFate =
  /** `stake` at most the order's; `odds` their average, to be shown; `win` the net in minor units, as K-Rain rounds. */
  | { readonly kind: 'matched'; readonly stake: bigint; readonly odds: number; readonly win: bigint }
  | { readonly kind: 'refused'; readonly reason: BetFailure };

/** Why K-Rain was not asked at all. */
export type NotAsked = 'unreachable' | 'busy' | 'circuit_open' | 'closed';
/** Why its answer says nothing. contradicts: it answers well, but no such answer fits the order. */
export type NoAnswer =
  | 'timed_out'
  | 'connection_lost'
  | 'failed'
  | 'declined'
  | 'conflict'
  | 'garbled'
  | 'contradicts';

export type PlaceResult =
  | OrderFate
  /** Not a byte of it has left: K-Rain will never know of it. */
  | { readonly kind: 'unreachable'; readonly why: NotAsked }
  | { readonly kind: 'unknown'; readonly why: NoAnswer };

export type StatusResult =
  | OrderFate
  /** K-Rain knows no such order, and is at no such, at `now` of the clock that `until` counts by. */
  | { readonly kind: 'absent'; readonly now: Instant }
  | { readonly kind: 'unknown'; readonly why: NotAsked | NoAnswer };

export type MarketState = 'open' | 'suspended' | 'closed';

export type OddsResult =
  | {
      readonly kind: 'odds';
      readonly state: MarketState;
      /** The best on offer, in thousandths; null: nobody offers any. */
      readonly rain: number | null;
      readonly dry: number | null;
      /** Stake that can be laid off now, at these odds or worse. */
      readonly available: ByOutcome;
      readonly at: Instant;
    }
  | { readonly kind: 'unknown_market' }
  | { readonly kind: 'unavailable'; readonly why: NotAsked | NoAnswer };

/** An order as K-Rain has it in its books. */
export interface MarketRecord {
  readonly id: string;
  readonly market: string;
  readonly side: BetType;
  readonly stake: bigint;
  readonly fate: OrderFate;
  readonly at: Instant;
}
/** What K-Rain says of one order, whatever was asked of it. */
export type RecordResult =
  | { readonly kind: 'record'; readonly record: MarketRecord }
  | { readonly kind: 'absent'; readonly now: Instant }
  | { readonly kind: 'unavailable'; readonly why: NotAsked | NoAnswer };
export type OrdersResult =
  | { readonly kind: 'orders'; readonly orders: readonly MarketRecord[] }
  | { readonly kind: 'unavailable'; readonly why: NotAsked | NoAnswer };

/** None of these rejects; each ends within its time. */
export interface Market {
  odds(market: string): Promise<OddsResult>;
  /** Sends it, once. */
  place(order: MarketOrder): Promise<PlaceResult>;
  /** What has become of it: the order as it was sent, since an answer is held against it. */
  status(order: MarketOrder): Promise<StatusResult>;
  /** What K-Rain has in its books under an order's id. For people to look at: it is held against nothing. */
  record(id: string): Promise<RecordResult>;
  /** Everything K-Rain has in its books for a market, in the order of ids. */
  orders(market: string): Promise<OrdersResult>;
  /** Takes no more calls, and ends once those under way have ended. */
  close(): Promise<void>;
}

/** What names a session at K-Rain. */
export interface MarketName {
  readonly site: string;
  /** yyyy-MM-dd, the site's day. */
  readonly gameDate: string;
  readonly type: SessionType;
  readonly currency: string;
}

export function marketIdOf({ site, gameDate, type, currency }: MarketName): string {
  return `${site}-${gameDate}-${type}-${currency}`;
}

export interface MarketLimits {
  /** For all of a call, waiting included. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Orders under way; beside them as many questions as here. */
  readonly placesInFlightMax: number;
  readonly questionsInFlightMax: number;
  /** Of each kind, and for how long. */
  readonly waitingMax: number;
  readonly waitMsMax: number;
  /** So many ills in a row, and K-Rain is left alone for a while. */
  readonly unwellMax: number;
  readonly openMs: number;
  readonly openMsMax: number;
}

export const STANDARD_LIMITS: MarketLimits = {
  timeoutMs: 4000,
  connectTimeoutMs: 1500,
  placesInFlightMax: 32,
  questionsInFlightMax: 8,
  waitingMax: 512,
  waitMsMax: 1000,
  unwellMax: 10,
  openMs: 1000,
  openMsMax: 15_000,
};

export type MarketPurpose = 'odds' | 'place' | 'status' | 'record' | 'orders';
export interface MarketCallSeen {
  readonly purpose: MarketPurpose;
  /** What it came to; of a call without an answer, why. */
  readonly found:
    | 'matched'
    | 'refused'
    | 'absent'
    | 'odds'
    | 'unknown_market'
    | 'orders'
    | 'record'
    | NotAsked
    | NoAnswer;
  /** From the call to its end, waiting included. */
  readonly elapsedMs: number;
}
export interface MarketHealth {
  readonly state: Breaker['state'];
  readonly inFlight: number;
  readonly waiting: number;
}
export interface HttpMarket extends Market {
  health(): MarketHealth;
  /** When this node last had an answer of K-Rain's own, whatever it said; null: not since it began. */
  heardAt(): Instant | null;
}

export interface MarketOptions extends Partial<MarketLimits> {
  /** K-Rain's address, without the /v1. */
  readonly url: string;
  readonly key: string;
  /** Told of every call when it has ended. */
  readonly onCall?: (call: MarketCallSeen) => void;
}

const BODY_BYTES_MAX = 16_384;
const ORDERS_BYTES_MAX = 4_194_304;
const ORDER_PAGES_MAX = 1000;

/** Whether it says that K-Rain is unwell; null: it says nothing of K-Rain. What is missing is well. */
const ILLS: Readonly<Record<NotAsked | NoAnswer, boolean | null>> = {
  unreachable: true,
  busy: null,
  circuit_open: null,
  closed: null,
  timed_out: true,
  connection_lost: true,
  failed: true,
  declined: false,
  conflict: false,
  garbled: true,
  contradicts: false,
};

export function openMarket({ url, key, onCall, ...wished }: MarketOptions): HttpMarket {
  const line = openMarketLine({ url, key, limits: { ...STANDARD_LIMITS, ...wished } });
  let heardAt: Instant | null = null;

  /** Asks, reads, and tells everybody what was found. */
  async function through<Result extends MarketResult>(
    purpose: MarketPurpose,
    request: MarketRequest,
    read: (reply: MarketReply) => Result,
  ): Promise<Result> {
    const startedAt = performance.now();
    const result: Result = read(await line.ask(request));
    const unwell = 'why' in result ? ILLS[result.why] : false;
    if (unwell !== null) line.report({ unwell });
    if (unwell === false) heardAt = trusted(Date.now());
    const found = 'why' in result ? result.why : result.kind;
    onCall?.({ purpose, found, elapsedMs: performance.now() - startedAt });
    return result;
  }

  return {
    odds: (market) => through('odds', question(oddsPath(market)), (reply) => oddsIn(reply, market)),
    place: (order) => through('place', placing(order), (reply) => placedIn(reply, order)),
    status: (order) => through('status', question(orderPath(order.id)), (reply) => statusIn(reply, order)),
    record: (id) => through('record', question(orderPath(id)), (reply) => recordIn(reply, id)),
    async orders(market) {
      const orders: MarketRecord[] = [];
      let after = '';
      for (let pages = 0; pages < ORDER_PAGES_MAX; pages++) {
        const asking = { ...question(ordersPath(market, after)), bodyBytesMax: ORDERS_BYTES_MAX };
        const page = await through('orders', asking, (reply) => ordersIn(reply, market));
        if (page.kind === 'unavailable') return page;
        orders.push(...page.orders);
        if (page.next === null) return { kind: 'orders', orders };
        after = page.next;
      }
      return { kind: 'unavailable', why: 'contradicts' };
    },
    health: line.health,
    heardAt: () => heardAt,
    close: line.close,
  };
}

const question = (path: string): MarketRequest => ({
  gate: 'questions',
  method: 'GET',
  path,
  body: null,
  bodyBytesMax: BODY_BYTES_MAX,
});

const placing = (order: MarketOrder): MarketRequest => ({
  gate: 'places',
  method: 'POST',
  path: '/v1/orders',
  body: orderBody(order),
  bodyBytesMax: BODY_BYTES_MAX,
});

// ---- what an answer means -------------------------------------------------------------------------------------

type Reached = MarketReply & { kind: 'answered' | 'lost' };
type PageResult = OrdersPage | (OrdersResult & { kind: 'unavailable' });
type MarketResult = PlaceResult | StatusResult | OddsResult | RecordResult | PageResult;

function placedIn(reply: MarketReply, order: MarketOrder): PlaceResult {
  if (reply.kind === 'not_asked') return { kind: 'unreachable', why: reply.why };
  return fateIn(reply, order);
}

function statusIn(reply: MarketReply, order: MarketOrder): StatusResult {
  if (reply.kind === 'not_asked') return { kind: 'unknown', why: reply.why };
  const isNotFound = reply.kind === 'answered' && reply.status === 404;
  const now = isNotFound ? readAbsent(reply.body, order) : null;
  return now === null ? fateIn(reply, order) : { kind: 'absent', now };
}

function recordIn(reply: MarketReply, id: string): RecordResult {
  if (reply.kind === 'not_asked') return { kind: 'unavailable', why: reply.why };
  const isNotFound = reply.kind === 'answered' && reply.status === 404;
  const now = isNotFound ? readAbsent(reply.body, { id }) : null;
  if (now !== null) return { kind: 'absent', now };
  if (reply.kind === 'lost' || reply.status !== 200) return { kind: 'unavailable', why: whyNot(reply) };
  const record = readRecord(reply.body, id);
  return record === null ? { kind: 'unavailable', why: 'garbled' } : { kind: 'record', record };
}

function fateIn(
  reply: Reached,
  order: MarketOrder,
): OrderFate | { readonly kind: 'unknown'; readonly why: NoAnswer } {
  if (reply.kind === 'lost' || reply.status !== 200) return { kind: 'unknown', why: whyNot(reply) };
  const fate = readFate(reply.body, order);
  return fate.kind === 'misread' ? { kind: 'unknown', why: fate.why } : fate;
}

function oddsIn(reply: MarketReply, market: string): OddsResult {
  if (reply.kind === 'not_asked') return { kind: 'unavailable', why: reply.why };
  if (reply.kind === 'answered' && reply.status === 404 && saysUnknownMarket(reply.body, market))
    return { kind: 'unknown_market' };
  if (reply.kind === 'lost' || reply.status !== 200) return { kind: 'unavailable', why: whyNot(reply) };
  const odds = readOdds(reply.body, market);
  return odds.kind === 'misread' ? { kind: 'unavailable', why: odds.why } : odds;
}

function ordersIn(reply: MarketReply, market: string): PageResult {
  if (reply.kind === 'not_asked') return { kind: 'unavailable', why: reply.why };
  if (reply.kind === 'lost' || reply.status !== 200) return { kind: 'unavailable', why: whyNot(reply) };
  const page = readOrders(reply.body, market);
  return page.kind === 'misread' ? { kind: 'unavailable', why: page.why } : page;
}

/** Of a reply that is no 200. An order K-Rain has declined is not taken for refused: it may be somebody in between. */
function whyNot(reply: Reached): NoAnswer {
  if (reply.kind === 'lost') return reply.why;
  if (reply.status === 409) return 'conflict';
  return reply.status >= 500 || reply.status === 429 ? 'failed' : 'declined';
}
