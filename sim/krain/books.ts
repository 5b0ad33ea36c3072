/**
 * The pool's books: in memory, for what lives only as long as a test, or in a SQLite database, that comes with Node.
 * There an order is on the disk when the transaction around it has been committed (server.ts), before it is answered.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Books, type Kept, type Told, UNTOLD } from './pool.ts';

export function memoryBooks(): Books {
  const orders = new Map<string, Kept>();
  const told = new Map<string, Told>();
  return {
    order: (id) => orders.get(id) ?? null,
    addOrder: (kept) => void orders.set(kept.order.id, kept),
    ordersOf: (market, { after, limit }) =>
      [...orders.values()]
        .filter(({ order }) => order.market === market && order.id > after)
        .sort((a, b) => (a.order.id < b.order.id ? -1 : 1))
        .slice(0, limit),
    told: (market) => told.get(market) ?? UNTOLD,
    setTold: (market, said) => void told.set(market, said),
  };
}

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = full; -- a commit is on the disk when it returns
  create table if not exists customer_order (
    id text primary key, market text not null, kept text not null
  ) strict, without rowid;
  create index if not exists order_market on customer_order (market, id);
  create table if not exists market (id text primary key, told text not null) strict, without rowid;`;

export function sqliteBooks(db: DatabaseSync): Books {
  db.exec(SCHEMA);
  const orderRow = db.prepare('select kept from customer_order where id = ?');
  const addOrder = db.prepare('insert into customer_order values (?, ?, ?)');
  const orderRows = db.prepare(
    'select kept from customer_order where market = ? and id > ? order by id limit ?',
  );
  const toldRow = db.prepare('select told from market where id = ?');
  const setTold = db.prepare('insert or replace into market values (?, ?)');
  return {
    order(id) {
      const row = orderRow.get(id);
      return row === undefined ? null : fromText(String(row.kept));
    },
    addOrder: (kept) => void addOrder.run(kept.order.id, kept.order.market, toText(kept)),
    ordersOf: (market, { after, limit }) =>
      orderRows.all(market, after, limit).map((row) => fromText(String(row.kept))),
    told(market) {
      const row = toldRow.get(market);
      return row === undefined ? UNTOLD : JSON.parse(String(row.told));
    },
    setTold: (market, said) => void setTold.run(market, JSON.stringify(said)),
  };
}

const toText = (kept: Kept): string =>
  JSON.stringify(kept, (_name, value) => (typeof value === 'bigint' ? String(value) : value));

function fromText(text: string): Kept {
  const { order, answer } = JSON.parse(text);
  return {
    order: { ...order, stake: BigInt(order.stake) },
    answer: { ...answer, matched: BigInt(answer.matched), win: BigInt(answer.win) },
  };
}
