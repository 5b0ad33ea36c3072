/** Lists of threads by key. Each side of an agent's is an index read of its own, as long as the page; then merged. */
import type { Fragment } from 'postgres';
import type { AgentId } from '../core/ids.ts';
import { type ThreadKind, type ThreadSide, WAITING } from '../core/office/thread.ts';
import { numbers, type Query, texts } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';
import {
  hasNews,
  newsFrom,
  readMark,
  type Thread,
  threadColumns,
  threadNames,
  toThread,
  type Viewer,
} from './office-thread.ts';

export interface ThreadFilter {
  readonly kind: ThreadKind;
  /** Null: of all agents the viewer sees. */
  readonly agents: readonly AgentId[] | null;
  readonly states: readonly string[] | null;
  readonly category: string | null;
  readonly urgency: number | null;
  readonly playerId: string | null;
  /** Of the subject. */
  readonly begins: string | null;
  /** A person; '' = nobody. */
  readonly assignee: string | null;
  readonly side: ThreadSide | null;
  readonly unread: boolean;
}

export type ThreadOrder = 'activity' | 'opened' | 'urgency';

const keyOf = (db: Query, order: ThreadOrder) => {
  const id = { column: db`t.id`, type: 'bigint' } as const;
  switch (order) {
    case 'activity':
      return [{ column: db`t.activity_at`, type: 'timestamptz' } as const, id];
    // Numbers are given in the order in which threads are opened.
    case 'opened':
      return [id];
    case 'urgency':
      return [
        { column: db`t.urgency`, type: 'bigint' } as const,
        { column: db`t.opened_at`, type: 'timestamptz' } as const,
        id,
      ];
  }
};

/** At most `page.limit` in the page's order. */
export async function listThreads(
  db: Query,
  { viewer, filter }: { readonly viewer: Viewer; readonly filter: ThreadFilter },
  page: KeysetPage & { readonly order: ThreadOrder },
): Promise<Thread[]> {
  const { where, order, limit } = keyset(db, page, keyOf(db, page.order));
  const legs = legsOf(db, viewer, filter);
  if (legs.length === 0) return [];
  const ids = joinedLegs(
    db,
    legs.map(
      (
        leg,
      ) => db`(select t.id, t.urgency, t.opened_at, t.activity_at from ${leg} ${filter.unread ? readMark(db, viewer) : db``}
        where ${matches(db, viewer, filter)} and ${where} ${order} ${limit})`,
    ),
  );
  const rows =
    await db`select ${threadColumns(db, viewer)} from (select t.id from (${ids}) t ${order} ${limit}) l
    join office_thread t on t.id = l.id ${threadNames(db, viewer)} ${readMark(db, viewer)} ${order}`;
  return rows.map(toThread);
}

/** Up to `most`. */
export async function countThreads(
  db: Query,
  { viewer, filter }: { readonly viewer: Viewer; readonly filter: ThreadFilter },
  most: number,
): Promise<{ count: number; more: boolean }> {
  const legs = legsOf(db, viewer, filter).map(
    (leg) =>
      db`(select t.id from ${leg} ${filter.unread ? readMark(db, viewer) : db``} where ${matches(db, viewer, filter)} limit ${most + 1})`,
  );
  if (legs.length === 0) return { count: 0, more: false };
  const [row] =
    await db`select count(*)::int as count from (select from (${joinedLegs(db, legs)}) l limit ${most + 1}) c`;
  return { count: Math.min(row?.count, most), more: row?.count > most };
}

/** No thread is in two legs: nobody is their own upline. */
function joinedLegs(db: Query, legs: readonly Fragment[]): Fragment {
  const [first = db``, ...rest] = legs;
  return rest.reduce((all, leg) => db`${all} union all ${leg}`, first);
}

/** Where to read: `t` by an index that begins with what is equal. */
function legsOf(db: Query, { agentId }: Viewer, { kind, agents, side }: ThreadFilter): Fragment[] {
  const of = (condition: Fragment) =>
    db`(select * from office_thread t where t.kind = ${kind} and ${condition}) t`;
  const among = agents === null ? db`true` : db`t.agent_id = any(${numbers(agents)}::bigint[])`;
  if (agentId === null) {
    if (side === 'asker') return [];
    return [of(side === null ? among : db`${among} and t.answerer_id is null`)];
  }
  const legs = {
    asker: of(db`t.agent_id = ${agentId} and ${among}`),
    answerer: of(db`t.answerer_id = ${agentId} and ${among}`),
  };
  if (kind === 'desk') return side === 'answerer' ? [] : [legs.asker];
  return side === null ? [legs.asker, legs.answerer] : [legs[side]];
}

function matches(db: Query, viewer: Viewer, filter: ThreadFilter): Fragment {
  const { states, category, urgency, playerId, begins, assignee, unread } = filter;
  const like = `${(begins ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return db`${states === null ? db`true` : db`t.state = any(${texts(states)}::text[])`}
    and ${category === null ? db`true` : db`t.category = ${category}`}
    and ${urgency === null ? db`true` : db`t.urgency = ${urgency}`}
    and ${playerId === null ? db`true` : db`t.player_id = ${playerId}::bigint`}
    and ${begins === null ? db`true` : db`lower(t.subject) like ${like}`}
    and ${assignee === null ? db`true` : db`coalesce(t.assignee, '') = ${assignee}`}
    and ${unread ? hasNews(db, viewer) : db`true`}`;
}

export interface Waiting {
  readonly count: number;
  readonly more: boolean;
  readonly oldest: string | null;
}

/** Threads with news for the viewer. Of the desk, the house's people hear of their own and of what nobody has taken. */
export async function countNews(
  db: Query,
  { viewer, kind }: { readonly viewer: Viewer; readonly kind: ThreadKind },
  most: number,
): Promise<number> {
  const mine = isMine(db, viewer, kind);
  const filter = { ...NO_FILTER, kind };
  const legs = legsOf(db, viewer, filter).map(
    (leg) => db`(select t.id from ${leg} ${readMark(db, viewer)}
      where t.activity_at > ${newsFrom(db, viewer)} and ${hasNews(db, viewer)} and ${mine} limit ${most})`,
  );
  const [row] =
    await db`select count(*)::int as count from (select from (${joinedLegs(db, legs)}) l limit ${most}) c`;
  return row?.count;
}

const isMine = (db: Query, { agentId, person }: Viewer, kind: ThreadKind) =>
  kind === 'desk' && agentId === null ? db`coalesce(t.assignee, ${person}) = ${person}` : db`true`;

export const NO_FILTER: Omit<ThreadFilter, 'kind'> = {
  agents: null,
  states: null,
  category: null,
  urgency: null,
  playerId: null,
  begins: null,
  assignee: null,
  side: null,
  unread: false,
};

/** Threads in which it is the viewer's turn; counted up to `most`, the oldest first. */
export async function waitingThreads(
  db: Query,
  { viewer, kind }: { readonly viewer: Viewer; readonly kind: ThreadKind },
  most: number,
): Promise<Waiting> {
  const sides: readonly ThreadSide[] = viewer.answers ? ['asker', 'answerer'] : ['asker'];
  const mine = isMine(db, viewer, kind);
  const legs = sides.flatMap((side) => {
    // What is solved waits for nobody: the agent may look or not.
    const states = WAITING[kind][side].filter((state) => state !== 'solved');
    return legsOf(db, viewer, { ...NO_FILTER, kind, side }).map(
      (leg) => db`(select t.activity_at from ${leg} where t.state = any(${texts(states)}::text[]) and ${mine}
        order by t.activity_at limit ${most + 1})`,
    );
  });
  if (legs.length === 0) return { count: 0, more: false, oldest: null };
  const [row] =
    await db`select count(*)::int as count, wire_time(min(activity_at)) as oldest from (${joinedLegs(db, legs)}) l`;
  return { count: Math.min(row?.count, most), more: row?.count > most, oldest: row?.oldest };
}
