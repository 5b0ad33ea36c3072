/** Notices: from the house, or from an agent to those below it. Each person reads, and where asked confirms, for themselves. */
import type { Fragment } from 'postgres';
import { type AgentId, trustedOrNull } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';

export const LANGUAGES = ['en', 'ko', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Audience = 'all' | 'subtree' | 'staff';

export type NoticeTexts = Readonly<
  Partial<Record<Language, { readonly title: string; readonly text: string }>>
>;

/** Who reads; agentId null: of the house. */
export interface Reader {
  readonly person: string;
  readonly agentId: AgentId | null;
  readonly language: Language;
}

export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly text: string;
  /** What it is shown in: the reader's language, or the writer's. */
  readonly language: Language;
  /** Whose it is, as the reader sees it. */
  readonly by: 'house' | 'upline' | 'own';
  readonly pinned: boolean;
  readonly mustConfirm: boolean;
  readonly fromAt: string;
  readonly untilAt: string | null;
  readonly readAt: string | null;
  readonly confirmedAt: string | null;
  /** Not read, or not confirmed where that is asked. */
  readonly unread: boolean;
}

/** The condition that notice `n` is in force and for the reader. */
function isFor(db: Query, { agentId }: Reader): Fragment {
  const audience =
    agentId === null
      ? db`n.audience in ('all', 'staff')`
      : db`(n.audience = 'all' or n.target_id = any(coalesce((select path from agent where id = ${agentId}), '{}')))`;
  return db`n.withdrawn_at is null and n.from_at <= now() and (n.until_at is null or n.until_at > now()) and ${audience}`;
}

const unreadNotice = (db: Query) => db`(r.person is null or (n.must_confirm and r.confirmed_at is null))`;

const shown = (db: Query, { language, agentId }: Reader) => db`
  coalesce(n.texts -> ${language}, n.texts -> n.language) ->> 'title' as title, coalesce(n.texts -> ${language}, n.texts -> n.language) ->> 'text' as text,
  case when n.texts ? ${language} then ${language} else n.language end as language, n.id, case when n.agent_id is null then 'house' when n.agent_id = ${agentId} then 'own' else 'upline' end as by, n.pinned, n.must_confirm,
  wire_time(n.from_at) as from_at, wire_time(n.until_at) as until_at, wire_time(r.read_at) as read_at, wire_time(r.confirmed_at) as confirmed_at, ${unreadNotice(db)} as unread`;

const joins = (db: Query, { person }: Reader) =>
  db`left join office_notice_read r on r.notice_id = n.id and r.person = ${person}`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toNotice(row: any): Notice {
  return {
    id: Number(row.id),
    title: row.title,
    text: row.text,
    language: row.language,
    by: row.by,
    pinned: row.pinned === 1,
    mustConfirm: row.must_confirm,
    fromAt: row.from_at,
    untilAt: row.until_at,
    readAt: row.read_at,
    confirmedAt: row.confirmed_at,
    unread: row.unread,
  };
}

const KEY = (db: Query) =>
  [
    { column: db`n.pinned`, type: 'bigint' },
    { column: db`n.from_at`, type: 'timestamptz' },
    { column: db`n.id`, type: 'bigint' },
  ] as const;

/** What is in force for the reader. */
export async function listNotices(
  db: Query,
  { reader, unread }: { readonly reader: Reader; readonly unread: boolean },
  page: KeysetPage,
): Promise<Notice[]> {
  const { where, order, limit } = keyset(db, page, KEY(db));
  const rows = await db`select ${shown(db, reader)} from office_notice n ${joins(db, reader)}
    where ${isFor(db, reader)} and (${!unread} or ${unreadNotice(db)}) and ${where} ${order} ${limit}`;
  return rows.map(toNotice);
}

export async function findNotice(db: Query, reader: Reader, id: string): Promise<Notice | null> {
  const [row] =
    await db`select ${shown(db, reader)} from office_notice n ${joins(db, reader)} where n.id = ${id}::bigint and ${isFor(db, reader)}`;
  return row === undefined ? null : toNotice(row);
}

/** Marks a notice the reader sees as read, or as confirmed as well; the first time of each stays. */
export async function markNotice(
  db: Query,
  { person, id, confirms }: { person: string; id: string; confirms: boolean },
): Promise<void> {
  await db`insert into office_notice_read (notice_id, person, confirmed_at) values (${id}::bigint, ${person}, case when ${confirms} then now() end)
    on conflict (notice_id, person) do update set confirmed_at = coalesce(office_notice_read.confirmed_at, excluded.confirmed_at)`;
}

/** Counted up to `most`. */
export async function unreadNotices(
  db: Query,
  reader: Reader,
  most: number,
): Promise<{ count: number; more: boolean; oldest: string | null }> {
  const [row] = await db`select count(*)::int as count, wire_time(min(from_at)) as oldest from (
      select n.from_at from office_notice n ${joins(db, reader)} where ${isFor(db, reader)} and ${unreadNotice(db)}
      order by n.from_at limit ${most + 1}) n`;
  return { count: Math.min(row?.count, most), more: row?.count > most, oldest: row?.oldest };
}

// ---- writing them ---------------------------------------------------------------------------------------------

export interface WrittenNotice {
  readonly id: number;
  readonly agentId: AgentId | null;
  readonly agent: string | null;
  readonly audience: Audience;
  readonly targetId: AgentId | null;
  readonly target: string | null;
  readonly texts: NoticeTexts;
  readonly language: Language;
  readonly fromAt: string;
  readonly untilAt: string | null;
  readonly pinned: boolean;
  readonly mustConfirm: boolean;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly withdrawnAt: string | null;
  /** People. */
  readonly reads: number;
  readonly confirmations: number;
}

const written = (
  db: Query,
) => db`n.id, n.agent_id, a.username as agent, n.audience, n.target_id, g.username as target, n.texts, n.language,
  wire_time(n.from_at) as from_at, wire_time(n.until_at) as until_at, n.pinned, n.must_confirm, n.made_by, wire_time(n.made_at) as made_at, wire_time(n.withdrawn_at) as withdrawn_at,
  (select count(*)::int from office_notice_read r where r.notice_id = n.id) as reads,
  (select count(confirmed_at)::int from office_notice_read r where r.notice_id = n.id) as confirmations`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toWritten(row: any): WrittenNotice {
  return {
    id: Number(row.id),
    agentId: trustedOrNull(row.agent_id),
    agent: row.agent,
    audience: row.audience,
    targetId: trustedOrNull(row.target_id),
    target: row.target,
    texts: row.texts,
    language: row.language,
    fromAt: row.from_at,
    untilAt: row.until_at,
    pinned: row.pinned === 1,
    mustConfirm: row.must_confirm,
    madeBy: row.made_by,
    madeAt: row.made_at,
    withdrawnAt: row.withdrawn_at,
    reads: row.reads,
    confirmations: row.confirmations,
  };
}

const writtenNames = (db: Query) =>
  db`left join agent a on a.id = n.agent_id left join agent g on g.id = n.target_id`;

/** Those written by these agents; null: by anybody, the house too. */
const isBy = (db: Query, agents: readonly AgentId[] | null) =>
  agents === null ? db`true` : db`n.agent_id = any(${numbers(agents)}::bigint[])`;

export async function listWritten(
  db: Query,
  agents: readonly AgentId[] | null,
  page: KeysetPage,
): Promise<WrittenNotice[]> {
  const { where, order, limit } = keyset(db, page, [{ column: db`n.id`, type: 'bigint' }]);
  const rows =
    await db`select ${written(db)} from office_notice n ${writtenNames(db)} where ${isBy(db, agents)} and ${where} ${order} ${limit}`;
  return rows.map(toWritten);
}

/** Locked until the transaction ends. */
export async function lockWritten(
  tx: Query,
  agents: readonly AgentId[] | null,
  id: string,
): Promise<WrittenNotice | null> {
  await tx`select from office_notice where id = ${id}::bigint for update`;
  const [row] =
    await tx`select ${written(tx)} from office_notice n ${writtenNames(tx)} where n.id = ${id}::bigint and ${isBy(tx, agents)}`;
  return row === undefined ? null : toWritten(row);
}

export interface NoticeWish {
  readonly texts: NoticeTexts;
  readonly language: Language;
  /** ISO; null: from now on. */
  readonly fromAt: string | null;
  readonly untilAt: string | null;
  readonly pinned: boolean;
  readonly mustConfirm: boolean;
}

export interface NewNotice extends NoticeWish {
  readonly agentId: AgentId | null;
  readonly audience: Audience;
  readonly targetId: AgentId | null;
  readonly madeBy: string;
}

export async function insertNotice(db: Query, notice: NewNotice): Promise<number> {
  const { agentId, audience, targetId, texts, language, fromAt, untilAt, pinned, mustConfirm, madeBy } =
    notice;
  const [row] =
    await db`insert into office_notice (agent_id, audience, target_id, texts, language, from_at, until_at, pinned, must_confirm, made_by)
      values (${agentId}, ${audience}, ${targetId}, ${JSON.stringify(texts)}::text::jsonb, ${language}, coalesce(${fromAt}::text::timestamptz, now()), ${untilAt}::text::timestamptz,
        ${pinned ? 1 : 0}, ${mustConfirm}, ${madeBy}) returning id`;
  return Number(row?.id);
}

/** Other words are to be read, and confirmed, anew. */
export async function updateNotice(
  db: Query,
  id: number,
  { wish, isReworded }: { readonly wish: NoticeWish; readonly isReworded: boolean },
): Promise<void> {
  const { texts, language, fromAt, untilAt, pinned, mustConfirm } = wish;
  await db`update office_notice set texts = ${JSON.stringify(texts)}::text::jsonb, language = ${language}, from_at = coalesce(${fromAt}::text::timestamptz, from_at),
    until_at = ${untilAt}::text::timestamptz, pinned = ${pinned ? 1 : 0}, must_confirm = ${mustConfirm} where id = ${id}`;
  if (isReworded) await db`delete from office_notice_read where notice_id = ${id}`;
}

export async function withdrawNotice(db: Query, id: number): Promise<void> {
  await db`update office_notice set withdrawn_at = now() where id = ${id} and withdrawn_at is null`;
}
