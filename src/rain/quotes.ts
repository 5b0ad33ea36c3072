/**
 * The odds of every session that takes bets: K-Rain is asked every few seconds, its odds less the site's margin are
 * what the session offers. A new quote is written only when odds have changed, since pages follow each; one that
 * stays is made to last when half of its time is gone.
 *
 * Without odds the market is suspended, and offers again when they are back. K-Rain's own word for it counts at once,
 * its silence only after a few tries. Whether the session itself takes bets is not decided here, so what staff have
 * suspended stays so.
 */
import { offerOf } from '../core/book/odds.ts';
import type { RainSessionId } from '../core/ids.ts';
import type { Query } from '../db/connect.ts';
import {
  extendQuote,
  type PairOfOdds,
  putQuote,
  type QuotedSession,
  sessionsToQuote,
  withdrawQuote,
} from '../db/rain-quote.ts';
import { type Market, marketIdOf, type OddsResult } from './market.ts';

export interface QuoteOptions {
  readonly sql: Query;
  readonly market: Pick<Market, 'odds'>;
}

/** What was done to a session's offer. */
export type QuoteDeed = 'written' | 'extended' | 'kept' | 'withdrawn' | 'overtaken';

export interface Quotes {
  /** One look at every session that takes bets; rejects when the database does not answer. */
  run(): Promise<ReadonlyMap<RainSessionId, QuoteDeed>>;
}

const AT_ONCE_MAX = 8;
/** Tries in a row that went unanswered after which the odds are called gone. */
const SILENT_TRIES_MAX = 3;

export function openQuotes({ sql, market }: QuoteOptions): Quotes {
  const silent = new Map<RainSessionId, number>();

  async function look(session: QuotedSession): Promise<QuoteDeed> {
    const said = await market.odds(marketIdOf(session));
    const tries = said.kind === 'unavailable' ? (silent.get(session.id) ?? 0) + 1 : 0;
    silent.set(session.id, tries);
    const step = nextStep(session, said, tries);
    switch (step.kind) {
      case 'keep':
        return 'kept';
      case 'put':
        return (await putQuote(sql, session, step)) ? 'written' : 'overtaken';
      case 'extend':
        return (await extendQuote(sql, session)) ? 'extended' : 'overtaken';
      case 'withdraw':
        return (await withdrawQuote(sql, session)) ? 'withdrawn' : 'overtaken';
    }
  }

  return {
    async run() {
      const sessions = await sessionsToQuote(sql);
      const open = new Set(sessions.map(({ id }) => id));
      for (const id of silent.keys()) if (!open.has(id)) silent.delete(id);
      const deeds = new Map<RainSessionId, QuoteDeed>();
      const waiting = sessions.values();
      const work = async () => {
        for (const session of waiting) deeds.set(session.id, await look(session));
      };
      await Promise.all(Array.from({ length: AT_ONCE_MAX }, work));
      return deeds;
    },
  };
}

export type QuoteStep =
  | { readonly kind: 'put'; readonly offer: PairOfOdds; readonly krain: PairOfOdds }
  | { readonly kind: 'extend' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'withdraw' };

/** What K-Rain's answer makes of a session's offer. `tries`: how often in a row it was silent, this time included. */
export function nextStep(session: QuotedSession, said: OddsResult, tries: number): QuoteStep {
  const { market, leftMs, oddsValidMs } = session;
  const isGood = leftMs !== null && leftMs > 0;
  const withdraw: QuoteStep = { kind: market === 'OPEN' || isGood ? 'withdraw' : 'keep' };
  if (said.kind === 'unavailable') return isGood && tries < SILENT_TRIES_MAX ? { kind: 'keep' } : withdraw;
  const krain = oddsOf(said);
  const offer = krain === null ? null : offerOf(krain, session.marginBps);
  if (krain === null || offer === null) return withdraw;
  if (!areSame(offer, session.offer)) return { kind: 'put', offer, krain };
  return { kind: market === 'OPEN' && isGood && leftMs >= oddsValidMs / 2 ? 'keep' : 'extend' };
}

/** K-Rain's odds, when both sides can be laid off. */
function oddsOf(said: OddsResult): PairOfOdds | null {
  if (said.kind !== 'odds' || said.state !== 'open') return null;
  const { rain, dry } = said;
  return rain === null || dry === null ? null : { rain, dry };
}

function areSame(a: PairOfOdds, b: PairOfOdds | null): boolean {
  return b !== null && a.rain === b.rain && a.dry === b.dry;
}
