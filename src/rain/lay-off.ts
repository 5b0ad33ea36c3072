/** A bet's part for K-Rain as the order it is sent as, and K-Rain's word as the ledger takes it. */
import type { Bet, MarketAnswer } from '../core/book/types.ts';
import { type MarketName, type MarketOrder, marketIdOf, type OrderFate } from './market.ts';

/** K-Rain never got it, and never will. */
export const NEVER_SENT: MarketAnswer = { kind: 'refused', reason: 'krain_unreachable' };
export const NOT_KNOWN: MarketAnswer = { kind: 'unknown' };

export type LaidOff = Pick<Bet, 'id' | 'type' | 'krainStake' | 'krainOdds' | 'krainWhole' | 'krainUntil'>;

/** The same for ever while the bet is pending: K-Rain knows it by all of this. */
export function orderOf(bet: LaidOff, session: MarketName): MarketOrder {
  const { id, type: side, krainStake: stake, krainOdds: odds, krainWhole, krainUntil } = bet;
  if (odds === null || krainUntil === null || stake <= 0n) throw new Error(`bet ${id} is not laid off`);
  return {
    id: `bet-${id}`,
    market: marketIdOf(session),
    side,
    stake,
    currency: session.currency,
    odds,
    fill: krainWhole ? 'whole' : 'part',
    until: krainUntil,
  };
}

export function answerOf(fate: OrderFate): MarketAnswer {
  if (fate.kind === 'refused') return { kind: 'refused', reason: fate.reason };
  const { stake, odds, win } = fate;
  return { kind: 'matched', stake, odds, win };
}
