/** Files that people of the back office send each other. Who sees the message sees its files. */
import type { AgentId } from '../core/ids.ts';
import type { FileType } from '../core/office/sniff.ts';
import { numbers, type Query, type Sql } from './connect.ts';
import { seesThread, type Viewer } from './office-thread.ts';

export interface NewAttachment {
  readonly person: string;
  /** In whose back office; null: the house's. */
  readonly agentId: AgentId | null;
  readonly name: string;
  readonly type: FileType;
  readonly bytes: Buffer;
}

/** Keeps a file until it is sent; null: the person has put `bytesMaxDay` in a day. */
export async function insertAttachment(
  sql: Sql,
  { person, agentId, name, type, bytes }: NewAttachment,
  bytesMaxDay: number,
): Promise<number | null> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${`attachment ${person}`}, 0))`;
    const [used] =
      await tx`select coalesce(sum(size), 0)::bigint as bytes from office_attachment where person = ${person} and at > now() - interval '1 day'`;
    if (Number(used?.bytes) + bytes.length > bytesMaxDay) return null;
    const [row] = await tx`insert into office_attachment (person, agent_id, name, type, size, bytes)
      values (${person}, ${agentId}, ${name}, ${type}, ${bytes.length}, ${bytes}) returning id`;
    return Number(row?.id);
  });
}

/** Takes away what was put a day ago and sent with nothing. Returns how many. */
export async function forgetLooseAttachments(db: Query): Promise<number> {
  const rows = await db`delete from office_attachment where id in
    (select id from office_attachment where message_id is null and at < now() - interval '1 day' limit 1000) returning 1`;
  return rows.length;
}

/** Sends files with a message: all of them, or none (false) where one is not the person's own or was sent before. */
export async function bindAttachments(
  tx: Query,
  { person, agentId }: Pick<Viewer, 'person' | 'agentId'>,
  { ids, messageId }: { ids: readonly number[]; messageId: number },
): Promise<boolean> {
  if (ids.length === 0) return true;
  const rows =
    await tx`update office_attachment set message_id = ${messageId} where id = any(${numbers(ids)}::bigint[])
      and message_id is null and person = ${person} and agent_id is not distinct from ${agentId}::bigint returning 1`;
  return rows.length === new Set(ids).size;
}

export interface Attachment {
  readonly name: string;
  readonly type: FileType;
  readonly bytes: Buffer;
}

/** Null: not there for the viewer. What is not sent yet is there for whoever put it. */
export async function findAttachment(db: Query, viewer: Viewer, id: string): Promise<Attachment | null> {
  const { person, agentId } = viewer;
  const [row] = await db`select f.name, f.type, f.bytes from office_attachment f
    left join office_message m on m.id = f.message_id left join office_thread t on t.id = m.thread_id
    where f.id = ${id}::bigint and case when f.message_id is null
      then f.person = ${person} and f.agent_id is not distinct from ${agentId}::bigint
      else ${seesThread(db, viewer)} and (${agentId === null} or not m.internal) end`;
  return row === undefined ? null : { name: row.name, type: row.type, bytes: row.bytes };
}
