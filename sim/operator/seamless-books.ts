/**
 * What else an operator does with the wallet's database: its own cash desk, the export for reconciliation, the check
 * of its own books.
 * Invariant: a member's balance = what came and went over the cash desk + what the entries moved, unless a name was
 * opened with a balance, or an entry was forgotten by a fault.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Answer, foldName } from './seamless.ts';

const SCHEMA = `
  create table if not exists cash (
    n integer primary key, name text not null, amount integer not null, balance integer not null, at integer not null
  ) strict;
  create index if not exists cash_name on cash (name, n);`;

export interface Entry {
  readonly id: bigint;
  readonly type: string;
  readonly name: string;
  readonly amount: bigint;
  readonly referer_id: bigint | null;
  readonly moved: bigint;
  readonly status: bigint;
  readonly balance: bigint;
  readonly at: bigint;
}

export interface CashRow {
  readonly n: bigint;
  readonly amount: bigint;
  /** After it. */
  readonly balance: bigint;
  readonly at: bigint;
}

export interface Books {
  /** All of it in one commit, or nothing. Only work that does not wait. */
  inOneWrite<T>(work: () => T): T;
  /** Pays in (+) or out (−), in minor units; makes the member. 402 when the balance does not cover it. */
  cash(username: string, amount: bigint): Answer;
  /** Newest first. */
  cashOf(username: string, countMax: number): readonly CashRow[];
  /** Entries in the order of their ids, 1000 at a time: also of a table that does not fit into memory. */
  pages(): Generator<readonly Entry[]>;
  forget(id: number): void;
  /** How many members' balances are not what cash and entries make of them. */
  disagreements(): number;
}

/** On the database that `openWallet` has prepared. */
export function openBooks(db: DatabaseSync): Books {
  db.exec(SCHEMA);
  const memberRow = db.prepare('select balance from member where name = ?');
  const setMember = db.prepare('insert or replace into member values (?, ?)');
  const addCash = db.prepare('insert into cash (name, amount, balance, at) values (?, ?, ?, ?)');
  const cashRows = db.prepare(
    'select n, amount, balance, at from cash where name = ? order by n desc limit ?',
  );
  const entryRows = db.prepare('select * from entry where id > ? order by id limit 1000');
  // The mark of a bet that never came is no answer.
  const dropEntry = db.prepare(`delete from entry where id = ? and type <> 'never_came'`);
  const wrong = db.prepare(`
    with booked as (
      select name, sum(moved) as sum from (select name, moved from entry union all select name, amount from cash)
      group by name)
    select count(*) as n from member left join booked using (name) where balance <> coalesce(sum, 0)`);
  for (const reading of [memberRow, cashRows, entryRows]) reading.setReadBigInts(true);

  function inOneWrite<T>(work: () => T): T {
    if (db.isTransaction) return work();
    db.exec('begin immediate');
    try {
      const result = work();
      db.exec('commit');
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec('rollback');
      throw error;
    }
  }

  return {
    inOneWrite,
    cash(username, amount) {
      const name = foldName(username);
      const balance = ((memberRow.get(name)?.balance as bigint | undefined) ?? 0n) + amount;
      if (balance < 0n || balance >= 2n ** 53n) return { status: 402, message: 'the balance is too low' };
      inOneWrite(() => {
        setMember.run(name, balance);
        addCash.run(name, amount, balance, Date.now());
      });
      return { status: 200, balance };
    },
    cashOf: (username, countMax) =>
      cashRows.all(foldName(username), countMax) as unknown as readonly CashRow[],
    *pages() {
      for (let last: bigint | undefined = 0n; last !== undefined; ) {
        const page = entryRows.all(last) as unknown as readonly Entry[];
        if (page.length > 0) yield page;
        last = page.at(-1)?.id;
      }
    },
    forget: (id) => void dropEntry.run(id),
    disagreements: () => Number(wrong.get()?.n),
  };
}
