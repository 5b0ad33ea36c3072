/** The stand-in market for tests, with the client of src/rain in front of it, and orders that fit. */
import type { TestContext } from 'node:test';
import { type Krain, type KrainOptions, startKrain } from '../../sim/krain/krain.ts';
import { trusted } from '../../src/core/ids.ts';
import { type HttpMarket, type MarketOptions, type MarketOrder, openMarket } from '../../src/rain/market.ts';

export const MARKET = 'CPS-2026-11-21-NOON-USD';
export const KEY = 'a key of tests';
/** Far more than a call takes: who must not be late has time. */
export const UNTIL_MS = 120_000;

export async function openKrain(t: TestContext, options: KrainOptions = {}): Promise<Krain> {
  const krain = await startKrain({ key: KEY, seed: 7, volatility: 0, ...options });
  t.after(() => krain.close());
  krain.tell(MARKET, { likelihood: 0.5 });
  return krain;
}

export function openClient(t: TestContext, url: string, options: Partial<MarketOptions> = {}): HttpMarket {
  const market = openMarket({ url, key: KEY, ...options });
  t.after(() => market.close());
  return market;
}

let orders = 0;

export function orderOf(changed: Partial<MarketOrder> = {}): MarketOrder {
  return {
    id: `bet-${process.pid}-${orders++}`,
    market: MARKET,
    side: 'RAIN',
    stake: 10_000n,
    currency: 'USD',
    odds: 1500,
    fill: 'part',
    until: trusted(Date.now() + UNTIL_MS),
    ...changed,
  };
}
