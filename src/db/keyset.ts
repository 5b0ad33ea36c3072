/**
 * Pages by key: a page begins behind the last row of the one before, found by index, so the thousandth costs what the
 * first does. A key is a few columns that together name one row.
 */
import type { Fragment } from 'postgres';
import type { Query } from './connect.ts';

export interface KeysetPage {
  /** The key of the row the page begins behind; null: from the start. As texts; instants with all six decimals. */
  readonly after: readonly string[] | null;
  readonly descending: boolean;
  readonly limit: number;
}

export interface KeyColumn {
  readonly column: Fragment;
  readonly type: 'bigint' | 'timestamptz' | 'text' | 'date';
}

/** `where`: rows of the page and behind it; `order` and `limit` are whole clauses. */
export function keyset(
  db: Query,
  page: KeysetPage,
  columns: readonly KeyColumn[],
): { readonly where: Fragment; readonly order: Fragment; readonly limit: Fragment } {
  const direction = page.descending ? db`desc` : db`asc`;
  const order = joined(
    db,
    columns.map(({ column }) => db`${column} ${direction}`),
  );
  const limit = db`limit ${page.limit}`;
  const { after } = page;
  if (after === null) return { where: db`true`, order: db`order by ${order}`, limit };
  if (after.length !== columns.length) throw new Error('a key of another list');
  const names = joined(
    db,
    columns.map(({ column }) => column),
  );
  const values = joined(
    db,
    columns.map(({ type }, index) => cast(db, after[index] ?? '', type)),
  );
  const where = page.descending ? db`(${names}) < (${values})` : db`(${names}) > (${values})`;
  return { where, order: db`order by ${order}`, limit };
}

function cast(db: Query, value: string, type: KeyColumn['type']): Fragment {
  switch (type) {
    case 'bigint':
      return db`${value}::bigint`;
    case 'timestamptz':
      return db`${value}::text::timestamptz`;
    case 'date':
      return db`${value}::text::date`;
    case 'text':
      return db`${value}::text`;
  }
}

/** Fragments with commas between them. */
export function joined(db: Query, parts: readonly Fragment[]): Fragment {
  const [first, ...rest] = parts;
  return rest.reduce((all, part) => db`${all}, ${part}`, first ?? db``);
}
