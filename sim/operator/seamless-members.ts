/**
 * The members of a site with a seamless wallet: their names beside the wallet's balances, in the same database.
 * Invariant: a member has its gift, or does not exist: both are one commit.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Members, Person } from './members.ts';
import type { Minor } from './money.ts';
import { foldName } from './seamless.ts';
import type { Books } from './seamless-books.ts';

const SCHEMA = `
  create table if not exists person (
    id text primary key, name text not null, joined_at integer not null
  ) strict, without rowid;`;
const READ = `select person.id, person.name, joined_at, coalesce(balance, 0) as balance
  from person left join member on member.name = person.id`;

export interface MembersParts {
  readonly db: DatabaseSync;
  readonly books: Books;
  readonly gift: Minor;
  readonly membersMax: number;
}

export function openMembers({ db, books, gift, membersMax }: MembersParts): Members {
  db.exec(SCHEMA);
  const one = db.prepare(`${READ} where person.id = ?`);
  const all = db.prepare(`${READ} order by joined_at`);
  const count = db.prepare('select count(*) as n from person');
  const add = db.prepare('insert into person values (?, ?, ?)');
  for (const reading of [one, all]) reading.setReadBigInts(true);
  const member = (id: string) => personOf(one.get(id));
  return {
    member,
    members: () => all.all().flatMap((row) => personOf(row) ?? []),
    async join(name) {
      const id = foldName(name);
      const known = member(id);
      if (known !== null) return known;
      if (Number(count.get()?.n) >= membersMax) return null;
      books.inOneWrite(() => {
        add.run(id, name, Date.now());
        books.cash(name, gift);
      });
      return member(id);
    },
  };
}

function personOf(row: ReturnType<ReturnType<DatabaseSync['prepare']>['get']>): Person | null {
  if (row === undefined) return null;
  const joinedAt = new Date(Number(row.joined_at)).toISOString();
  return { id: String(row.id), name: String(row.name), joinedAt, balance: row.balance as bigint };
}
