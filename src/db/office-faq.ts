/** Questions often asked, with their answers, by language. Those not published are seen by the house alone. */
import type { ThreadCategory } from '../core/office/thread.ts';
import type { Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';
import type { Language } from './office-notice.ts';

export type FaqTexts = Readonly<
  Partial<Record<Language, { readonly question: string; readonly answer: string }>>
>;

export interface Faq {
  readonly id: number;
  readonly category: ThreadCategory;
  readonly rank: number;
  readonly texts: FaqTexts;
  readonly published: boolean;
}

/** So many there may be: all of them are searched. */
export const FAQ_MAX = 1000;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toFaq(row: any): Faq {
  const { category, rank, texts, published } = row;
  return { id: Number(row.id), category, rank, texts, published };
}

export interface FaqFilter {
  readonly category: string | null;
  /** Somewhere in a question or an answer, in any language. */
  readonly contains: string | null;
  readonly onlyPublished: boolean;
}

export async function listFaq(
  db: Query,
  { category, contains, onlyPublished }: FaqFilter,
  page: KeysetPage,
): Promise<Faq[]> {
  const { where, order, limit } = keyset(db, page, [
    { column: db`f.rank`, type: 'bigint' },
    { column: db`f.id`, type: 'bigint' },
  ]);
  const like = `%${(contains ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const rows =
    await db`select f.id, f.category, f.rank, f.texts, f.published from office_faq f where f.removed_at is null
      and (${!onlyPublished} or f.published) and ${category === null ? db`true` : db`f.category = ${category}`}
      and ${contains === null ? db`true` : db`exists (select from jsonb_each(f.texts) t where t.value ->> 'question' ilike ${like} or t.value ->> 'answer' ilike ${like})`}
      and ${where} ${order} ${limit}`;
  return rows.map(toFaq);
}

/** Locked until the transaction ends. */
export async function lockFaq(tx: Query, id: string): Promise<Faq | null> {
  const [row] =
    await tx`select id, category, rank, texts, published from office_faq where id = ${id}::bigint and removed_at is null for update`;
  return row === undefined ? null : toFaq(row);
}

export async function countFaq(db: Query): Promise<number> {
  const [row] = await db`select count(*)::int as all from office_faq where removed_at is null`;
  return row?.all;
}

export type FaqWish = Omit<Faq, 'id'>;

export async function insertFaq(db: Query, wish: FaqWish, madeBy: string): Promise<number> {
  const { category, rank, texts, published } = wish;
  const [row] =
    await db`insert into office_faq (category, rank, texts, published, made_by) values (${category}, ${rank}, ${JSON.stringify(texts)}::text::jsonb, ${published}, ${madeBy}) returning id`;
  return Number(row?.id);
}

export async function updateFaq(db: Query, id: number, wish: FaqWish): Promise<void> {
  const { category, rank, texts, published } = wish;
  await db`update office_faq set category = ${category}, rank = ${rank}, texts = ${JSON.stringify(texts)}::text::jsonb, published = ${published} where id = ${id}`;
}

export async function removeFaq(db: Query, id: number): Promise<void> {
  await db`update office_faq set removed_at = now() where id = ${id}`;
}
