/**
 * Threads of the back office: what one is, who sees it, and what is written in it. Both sides see its messages; notes
 * are the house's own, and nothing that an agent's people are shown depends on them.
 */
import type { Fragment } from 'postgres';
import { type AgentId, type PlayerId, trusted, trustedOrNull } from '../core/ids.ts';
import {
  type AboutKind,
  PRIORITIES,
  type ThreadAct,
  type ThreadCategory,
  type ThreadKind,
  type ThreadPriority,
  type ThreadSide,
  type ThreadState,
} from '../core/office/thread.ts';
import type { Query } from './connect.ts';

/** Who looks at threads. */
export interface Viewer {
  readonly person: string;
  /** Null: the house. */
  readonly agentId: AgentId | null;
  /** Whether they answer for their side. */
  readonly answers: boolean;
}

export interface Thread {
  readonly id: number;
  readonly kind: ThreadKind;
  readonly agentId: AgentId;
  readonly agent: string;
  /** Whether the house is the one who answers. */
  readonly withHouse: boolean;
  /** Null: the house; or an upline, for the agent's people below it. */
  readonly answererId: AgentId | null;
  readonly answerer: string | null;
  readonly playerId: PlayerId | null;
  readonly player: string | null;
  readonly aboutKind: AboutKind | null;
  readonly aboutId: string | null;
  readonly subject: string;
  readonly category: ThreadCategory;
  readonly priority: ThreadPriority;
  readonly state: ThreadState;
  /** For the house alone. */
  readonly assignee: string | null;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly answeredAt: string | null;
  readonly activityAt: string;
  /** That both sides see. */
  readonly messages: number;
  readonly unread: boolean;
}

/** News is unread for so long; older than a person's account it never was. */
const NEWS_DAYS = 30;

/** The condition that the viewer's side is asked or asks in thread `t`: then its news are theirs. */
export function isParty(db: Query, { agentId, answers }: Viewer): Fragment {
  if (agentId !== null)
    return db`(t.agent_id = ${agentId} or (${answers} and t.answerer_id is not distinct from ${agentId}::bigint))`;
  return db`(${answers} and t.answerer_id is null)`;
}

/** The condition that the viewer may see thread `t`: the two sides, and the house, who sees everything. */
export function seesThread(db: Query, { agentId }: Viewer): Fragment {
  return agentId === null ? db`true` : db`(t.agent_id = ${agentId} or t.answerer_id = ${agentId})`;
}

/** The condition that thread `t` has news for the viewer; `r` is how far they have read. */
export function hasNews(db: Query, viewer: Viewer): Fragment {
  const last = viewer.agentId === null ? db`t.last_id` : db`t.last_public_id`;
  return db`(${last} > coalesce(r.message_id, 0) and ${isParty(db, viewer)} and t.activity_at > ${newsFrom(db, viewer)})`;
}

export function newsFrom(db: Query, { person }: Viewer): Fragment {
  return db`greatest(now() - make_interval(days => ${NEWS_DAYS}), (select created_at from office_user where name = ${person}))`;
}

export const readMark = (db: Query, { person }: Viewer): Fragment =>
  db`left join office_thread_read r on r.person = ${person} and r.thread_id = t.id`;

/** What is shown of thread `t`, joined with its names. */
export const threadColumns = (
  db: Query,
  viewer: Viewer,
): Fragment => db`t.id, t.kind, t.agent_id, a.username as agent,
  t.answerer_id is null as with_house, up.id as answerer_id, up.username as answerer, t.player_id, p.username as player, t.about_kind, t.about_id::text as about_id, t.subject, t.category,
  t.urgency, t.state, case when ${viewer.agentId === null} then t.assignee end as assignee,
  coalesce((select shown_name from office_user where name = t.opened_by), t.opened_by) as opened_by, wire_time(t.opened_at) as opened_at,
  wire_time(t.answered_at) as answered_at, wire_time(t.activity_at) as activity_at, t.messages, coalesce(${hasNews(db, viewer)}, false) as unread`;

/** An agent's people are not told who is above them. */
export const threadNames = (db: Query, { agentId }: Viewer): Fragment => db`join agent a on a.id = t.agent_id
  left join agent up on up.id = t.answerer_id and (${agentId === null} or up.id = ${agentId}::bigint) left join player p on p.id = t.player_id`;

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
export function toThread(row: any): Thread {
  return {
    id: Number(row.id),
    kind: row.kind,
    agentId: trusted(row.agent_id),
    agent: row.agent,
    withHouse: row.with_house,
    answererId: trustedOrNull(row.answerer_id),
    answerer: row.answerer,
    playerId: trustedOrNull(row.player_id),
    player: row.player,
    aboutKind: row.about_kind,
    aboutId: row.about_id,
    subject: row.subject,
    category: row.category,
    priority: PRIORITIES[row.urgency] ?? 'normal',
    state: row.state,
    assignee: row.assignee,
    openedBy: row.opened_by,
    openedAt: row.opened_at,
    answeredAt: row.answered_at,
    activityAt: row.activity_at,
    messages: row.messages,
    unread: row.unread,
  };
}

export interface ThreadKey {
  readonly kind: ThreadKind;
  readonly id: number | string;
}

/** Null: not there for the viewer. */
export async function findThread(db: Query, viewer: Viewer, { kind, id }: ThreadKey): Promise<Thread | null> {
  const [row] =
    await db`select ${threadColumns(db, viewer)} from office_thread t ${threadNames(db, viewer)} ${readMark(db, viewer)}
      where t.id = ${id}::bigint and t.kind = ${kind} and ${seesThread(db, viewer)}`;
  return row === undefined ? null : toThread(row);
}

/** The same, and nobody else acts on it until the transaction ends. */
export async function lockThread(tx: Query, viewer: Viewer, key: ThreadKey): Promise<Thread | null> {
  await tx`select from office_thread t where t.id = ${key.id}::bigint and ${seesThread(tx, viewer)} for update`;
  return findThread(tx, viewer, key);
}

export interface NewThread {
  readonly kind: ThreadKind;
  readonly agentId: AgentId;
  readonly answererId: AgentId | null;
  readonly playerId: PlayerId | null;
  readonly about: { readonly kind: AboutKind; readonly id: string } | null;
  readonly subject: string;
  readonly category: ThreadCategory;
  readonly priority: ThreadPriority;
  readonly state: ThreadState;
  readonly openedBy: string;
}

export async function insertThread(db: Query, thread: NewThread): Promise<number> {
  const { kind, agentId, answererId, playerId, about, subject, category, state, openedBy } = thread;
  const urgency = PRIORITIES.indexOf(thread.priority);
  const [row] =
    await db`insert into office_thread (kind, agent_id, answerer_id, player_id, about_kind, about_id, subject, category, urgency, state, opened_by)
      values (${kind}, ${agentId}, ${answererId}, ${playerId}, ${about?.kind ?? null}, ${about?.id ?? null}::bigint, ${subject}, ${category}, ${urgency}, ${state}, ${openedBy})
      returning id`;
  return Number(row?.id);
}

/** How many threads of an agent are not at their end; counted up to `most`. */
export async function countLive(
  db: Query,
  { agentId, kind }: { agentId: AgentId; kind: ThreadKind },
  most: number,
): Promise<number> {
  const [row] = await db`select count(*)::int as live from (select from office_thread
    where agent_id = ${agentId} and kind = ${kind} and state not in ('solved', 'closed') limit ${most}) l`;
  return row?.live;
}

export interface NewMessage {
  readonly threadId: number;
  readonly person: string;
  readonly side: ThreadSide;
  readonly act: ThreadAct;
  readonly text: string;
  /** The state it leads to. */
  readonly state: ThreadState;
  /** For the house alone: a note, or who looks after it. */
  readonly internal: boolean;
  /** Who looks after it from now on; undefined: as before. */
  readonly assignee?: string | null;
}

/** Writes what was said or done, with what it makes of the thread. The thread is locked. Returns the message's id. */
export async function insertMessage(db: Query, message: NewMessage): Promise<number> {
  const { threadId, person, side, act, text, state, internal, assignee } = message;
  const [row] =
    await db`insert into office_message (thread_id, person, side, internal, act, text) values (${threadId}, ${person}, ${side}, ${internal}, ${act}, ${text}) returning id, at`;
  const id = Number(row?.id);
  const isAnswer = side === 'answerer' && act === 'write';
  await db`update office_thread set state = ${state}, last_id = ${id},
      assignee = case when ${assignee !== undefined} then ${assignee ?? null} else assignee end,
      last_public_id = case when ${internal} then last_public_id else ${id} end,
      activity_at = case when ${internal} then activity_at else (select at from office_message where id = ${id}) end,
      messages = messages + case when ${act === 'write'} then 1 else 0 end,
      answered_at = case when ${isAnswer} then coalesce(answered_at, clock_timestamp()) else answered_at end
    where id = ${threadId}`;
  await markRead(db, { person, threadId, messageId: id });
  return id;
}

/** Never back. */
export async function markRead(
  db: Query,
  { person, threadId, messageId }: { person: string; threadId: number; messageId: number },
): Promise<void> {
  await db`insert into office_thread_read (person, thread_id, message_id) values (${person}, ${threadId}, ${messageId})
    on conflict (person, thread_id) do update set message_id = greatest(office_thread_read.message_id, excluded.message_id)`;
}

export interface ShownMessage {
  readonly id: number;
  readonly at: string;
  readonly by: string;
  readonly mine: boolean;
  readonly side: ThreadSide;
  readonly internal: boolean;
  readonly act: ThreadAct;
  readonly text: string;
  readonly attachments: readonly {
    readonly id: number;
    readonly name: string;
    readonly type: string;
    readonly size: number;
  }[];
}

/** What the viewer is shown of a thread they see, the oldest first. */
export async function messagesOf(db: Query, viewer: Viewer, threadId: number): Promise<ShownMessage[]> {
  const rows =
    await db`select m.id, wire_time(m.at) as at, coalesce(u.shown_name, m.person) as by, m.person = ${viewer.person} as mine, m.side, m.internal, m.act, m.text,
      (select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size) order by f.id), '[]')
        from office_attachment f where f.message_id = m.id) as attachments
    from office_message m left join office_user u on u.name = m.person
    where m.thread_id = ${threadId} and (${viewer.agentId === null} or not m.internal) order by m.id limit ${MESSAGES_MAX + NOTES_MAX}`;
  return rows.map((row) => ({ ...(row as unknown as ShownMessage), id: Number(row.id) }));
}

/** A thread's messages, and the house's notes beside them: what is longer goes on in another. */
export const MESSAGES_MAX = 300;
export const NOTES_MAX = 300;

export async function countNotes(db: Query, threadId: number): Promise<number> {
  const [row] =
    await db`select count(*)::int as notes from office_message where thread_id = ${threadId} and internal`;
  return row?.notes;
}

/** People of the house who may be handed a thread. */
export async function answerersOfHouse(
  db: Query,
  roles: readonly string[],
): Promise<{ name: string; shownName: string }[]> {
  const rows = await db`select name, shown_name from office_user
    where agent_id is null and disabled_at is null and role = any(${`{${roles.join(',')}}`}::text[]) order by name limit 500`;
  return rows.map((row) => ({ name: row.name, shownName: row.shown_name }));
}

/** Of which agent a player is, when `agentId` is that agent or above it; the house (null) is above all. */
export async function playerBelow(
  db: Query,
  playerId: string,
  agentId: AgentId | null,
): Promise<{ id: PlayerId; path: readonly AgentId[] } | null> {
  const [row] = await db`select p.id, to_json(a.path) as path from player p join agent a on a.id = p.agent_id
    where p.id = ${playerId}::bigint and (${agentId}::bigint is null or a.path @> array[${agentId}::bigint])`;
  return row === undefined
    ? null
    : { id: trusted(row.id), path: (row.path as number[]).map((id) => trusted<AgentId>(id)) };
}
