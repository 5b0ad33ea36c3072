/**
 * The market's calls over the pool and its books. What is asked for in one turn of the event loop is decided and
 * written by one commit, and answered after it: nothing is told of an order that is not on the disk. What a failed
 * commit has taken out of the pool is put back by its makers in time; the orders in it were never placed.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Answer, Books, Order, Pool, Reason } from './pool.ts';
import { keptBody, offerBody, orderOf, type Reply, said } from './wire.ts';

const PAGE_SIZE = 500;

type Decision = Answer | 'conflict';

export interface DeskParts {
  readonly pool: Pool;
  readonly books: Books;
  /** Null: the books are in memory. */
  readonly db: DatabaseSync | null;
  readonly now: () => number;
}

export interface Desk {
  odds(market: string): Reply;
  /** `reason`: the order is refused for it, whatever it is. Rejects when nothing is certain. */
  place(body: unknown, reason: Reason | null): Promise<Reply>;
  status(id: string): Reply;
  orders(market: string, after: string): Reply;
}

export function openDesk({ pool, books, db, now }: DeskParts): Desk {
  const inGroup = groupedWrites(db);
  return {
    odds(market) {
      const offer = pool.offer(market, now());
      return offer === null
        ? { status: 404, body: { market, status: 'unknown' } }
        : { status: 200, body: offerBody(market, offer) };
    },
    async place(body, reason) {
      const order = orderOf(body);
      if (typeof order === 'string') return said(422, `this is no order: ${order}`);
      const decide = (): Decision =>
        reason === null ? pool.place(order, now()) : pool.refuse(order, reason, now());
      return replyTo(order, await inGroup(decide));
    },
    status(id) {
      const kept = books.order(id);
      return kept === null
        ? { status: 404, body: { id, state: 'unknown', now: pool.clock(now()) } }
        : { status: 200, body: keptBody(kept) };
    },
    orders(market, after) {
      const page = books.ordersOf(market, { after, limit: PAGE_SIZE });
      const next = page.length < PAGE_SIZE ? null : (page.at(-1)?.order.id ?? null);
      return { status: 200, body: { orders: page.map(keptBody), next } };
    },
  };
}

function replyTo(order: Order, answer: Decision): Reply {
  return answer === 'conflict'
    ? said(409, 'this id stands for another order')
    : { status: 200, body: keptBody({ order, answer }) };
}

function groupedWrites(db: DatabaseSync | null): (work: () => Decision) => Promise<Decision> {
  let waiting: { work: () => Decision; done: PromiseWithResolvers<Decision> }[] = [];
  function flush(): void {
    const batch = waiting;
    waiting = [];
    try {
      db?.exec('begin immediate');
      const decisions = batch.map(({ work }) => work());
      db?.exec('commit');
      for (const [i, decision] of decisions.entries()) batch[i]?.done.resolve(decision);
    } catch (error) {
      if (db?.isOpen && db.isTransaction) db.exec('rollback');
      for (const { done } of batch) done.reject(error);
    }
  }
  return (work) => {
    const done = Promise.withResolvers<Decision>();
    if (waiting.push({ work, done }) === 1) setImmediate(flush);
    return done.promise;
  };
}
