/** The market's wire (docs/krain.md): what is read of an order, and what is told of one. */

import type { Side } from './makers.ts';
import { marketNameOf } from './market-name.ts';
import { availableOf, type Kept, type MarketState, type Offer, type Order } from './pool.ts';

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export const said = (status: number, message: string): Reply => ({ status, body: { message } });

/** An order as it was sent, or what is wrong with it. */
export function orderOf(value: unknown): Order | string {
  if (typeof value !== 'object' || value === null) return 'an object is needed';
  const { id, market, side, stake, currency, odds, fill, until } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || !/^[\w.:-]{1,64}$/.test(id)) return 'id';
  const name = typeof market === 'string' ? marketNameOf(market) : null;
  if (typeof market !== 'string' || name === null) return 'market';
  if (side !== 'RAIN' && side !== 'NO_RAIN') return 'side';
  if (typeof stake !== 'string' || !/^[1-9]\d{0,14}$/.test(stake)) return 'stake';
  if (currency !== name.currency) return 'currency';
  const least = thousandthsOf(odds);
  if (least === null) return 'odds';
  if (fill !== 'whole' && fill !== 'part') return 'fill';
  if (typeof until !== 'number' || !Number.isSafeInteger(until)) return 'until';
  return { id, market, side, stake: BigInt(stake), currency: name.currency, odds: least, fill, until };
}

/** Decimal odds above 1, three decimals at most. */
function thousandthsOf(odds: unknown): number | null {
  if (typeof odds !== 'number' || !(odds > 1 && odds <= 1000)) return null;
  const thousandths = Math.round(odds * 1000);
  return thousandths / 1000 === odds ? thousandths : null;
}

export function keptBody({ order, answer }: Kept): Reply['body'] {
  const { id, market, side, stake } = order;
  const { state, matched, win, odds, reason, at } = answer;
  return {
    id,
    market,
    side,
    stake: String(stake),
    state,
    matched: String(matched),
    win: String(win),
    odds: odds === null ? null : odds / 1000,
    reason,
    at,
  };
}

export function offerBody(market: string, offer: Offer): Reply['body'] {
  const best = (side: Side) => {
    const [first] = offer.levels[side];
    return first === undefined ? null : first.odds / 1000;
  };
  return {
    market,
    status: offer.state,
    rain: best('RAIN'),
    noRain: best('NO_RAIN'),
    available: { rain: String(availableOf(offer, 'RAIN')), noRain: String(availableOf(offer, 'NO_RAIN')) },
    at: offer.at,
  };
}

export const isState = (value: unknown): value is MarketState =>
  value === 'open' || value === 'suspended' || value === 'closed';
