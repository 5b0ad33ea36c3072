/** What is done with threads, the same for inquiries and for the service desk: opened, written in, closed, read. */
import type { AgentId } from '../core/ids.ts';
import {
  afterAct,
  firstState,
  PRIORITIES,
  type ThreadAct,
  type ThreadCategory,
  type ThreadKind,
  type ThreadPriority,
  type ThreadSide,
} from '../core/office/thread.ts';
import type { Query } from '../db/connect.ts';
import { bindAttachments } from '../db/office-attachment.ts';
import {
  countLive,
  countNotes,
  findThread,
  insertMessage,
  insertThread,
  lockThread,
  MESSAGES_MAX,
  markRead,
  messagesOf,
  NOTES_MAX,
  playerBelow,
  type Thread,
} from '../db/office-thread.ts';
import { recordAct } from './act.ts';
import { type OpeningGiven, sideOf, threadDetail, viewerOf } from './inquiries-view.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import type { OfficeCall } from './route.ts';

/** Of one agent, not at their end. */
const LIVE_MAX = 200;

/** Undoes the transaction it is thrown in. */
class Refused extends Error {
  readonly reply: OfficeReply;
  constructor(reply: OfficeReply) {
    super('refused');
    this.reply = reply;
  }
}

/** In one transaction; what was refused is undone. */
export async function atOnce(
  call: OfficeCall,
  work: (tx: Parameters<Parameters<OfficeCall['sql']['begin']>[1]>[0]) => Promise<OfficeReply>,
): Promise<OfficeReply> {
  try {
    return await call.sql.begin(async (tx) => {
      const reply = await work(tx);
      if (reply.status !== 200) throw new Refused(reply);
      return reply;
    });
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

export interface Between {
  readonly kind: ThreadKind;
  readonly agentId: AgentId;
  readonly answererId: AgentId | null;
  /** Who opens it. */
  readonly side: ThreadSide;
}

/** Opens a thread between two sides the caller may speak for, with its first message. */
export async function openThread(
  call: OfficeCall,
  { kind, agentId, answererId, side }: Between,
  given: OpeningGiven,
): Promise<OfficeReply> {
  const { subject, category, priority = 'normal', player, about = null, text } = given;
  const { person } = call.principal;
  if (text.trim() === '') return refuse('invalid_request', { fields: { text: 'is empty' } });
  return atOnce(call, async (tx) => {
    if ((await countLive(tx, { agentId, kind }, LIVE_MAX)) >= LIVE_MAX) return refuse('too_many');
    const member = player === undefined ? null : await playerBelow(tx, String(player), agentId);
    if (player !== undefined && member === null) return refuse('not_found');
    const state = firstState(kind, side);
    const wish = { kind, agentId, answererId, about, subject, category, priority, state, openedBy: person };
    const threadId = await insertThread(tx, { ...wish, playerId: member?.id ?? null });
    const said = await say(call, tx, { threadId, side, state, act: 'write', text, files: given.attachments });
    if (said !== null) return said;
    await recordAct(call, tx, {
      action: `${kind}.open`,
      subject: `${kind} ${threadId}`,
      agentId,
      after: { category, priority, state },
    });
    return ok({ id: threadId });
  });
}

interface Said {
  readonly threadId: number;
  readonly side: ThreadSide;
  readonly state: Thread['state'];
  readonly act: ThreadAct;
  readonly text: string;
  readonly files: readonly number[] | undefined;
  readonly internal?: boolean;
  readonly assignee?: string | null;
}

/** Null: said. The thread is locked. */
async function say(call: OfficeCall, tx: Query, { files = [], internal = false, ...said }: Said) {
  const { person } = call.principal;
  const messageId = await insertMessage(tx, { ...said, internal, person });
  const isBound = await bindAttachments(tx, viewerOf(call.principal), { ids: files, messageId });
  return isBound
    ? null
    : refuse('not_found', { fields: { attachments: 'no such file, or it was sent before' } });
}

export interface ActGiven {
  readonly kind: ThreadKind;
  readonly id: string;
  readonly act: ThreadAct;
  readonly text?: string;
  readonly files?: readonly number[] | undefined;
  /** Take: who. */
  readonly assignee?: string | null;
}

/** What only the house knows of. */
const HOUSE_ACTS: readonly ThreadAct[] = ['note', 'take', 'release'];

/** Does it if the thread is there for the caller and its course allows it. */
export async function actOnThread(call: OfficeCall, given: ActGiven): Promise<OfficeReply> {
  const { kind, id, act, text = '', files = [], assignee } = given;
  const viewer = viewerOf(call.principal);
  const isSpoken = act === 'write' || act === 'note';
  if (isSpoken && text.trim() === '' && files.length === 0)
    return refuse('invalid_request', { fields: { text: 'is empty' } });
  return atOnce(call, async (tx) => {
    const thread = await lockThread(tx, viewer, { kind, id });
    if (thread === null) return refuse('not_found');
    const side = sideOf(viewer, thread);
    const internal = HOUSE_ACTS.includes(act);
    if (side === null || (internal && viewer.agentId !== null)) return refuse('forbidden');
    const state = afterAct(thread, side, act);
    if (state === null) return refuse('conflict', { detail: `it is ${thread.state}` });
    if (await isFull(tx, thread, act)) return refuse('too_many');
    const taker = assigneeAfter(thread, { act, side, person: viewer.person, assignee });
    const refused = await say(call, tx, {
      ...{ threadId: thread.id, side, state, act, text, files, internal },
      ...(taker === undefined ? {} : { assignee: taker }),
    });
    if (refused !== null) return refused;
    if (act !== 'write') await recordThreadAct(call, tx, { thread, act, after: { state, assignee: taker } });
    return ok({ ok: true });
  });
}

const isFull = async (tx: Query, thread: Thread, act: ThreadAct) =>
  HOUSE_ACTS.includes(act) ? (await countNotes(tx, thread.id)) >= NOTES_MAX : thread.messages >= MESSAGES_MAX;

/** Undefined: as before. Whoever answers what nobody looks after, looks after it. */
function assigneeAfter(
  thread: Thread,
  {
    act,
    side,
    person,
    assignee,
  }: { act: ThreadAct; side: ThreadSide; person: string; assignee: ActGiven['assignee'] },
): string | null | undefined {
  if (act === 'take') return assignee ?? person;
  if (act === 'release') return null;
  if (thread.kind === 'inquiry' || side === 'asker' || act === 'note') return undefined;
  return thread.assignee ?? person;
}

/** Lines about what only the house knows of are the house's. */
async function recordThreadAct(
  call: OfficeCall,
  tx: Parameters<typeof recordAct>[1],
  {
    thread,
    act,
    after,
  }: { thread: Thread; act: ThreadAct; after: { state: string; assignee?: string | null | undefined } },
): Promise<void> {
  const { kind, id, state, assignee, agentId } = thread;
  const isHouses = HOUSE_ACTS.includes(act);
  await recordAct(call, tx, {
    action: `${kind}.${act}`,
    subject: `${kind} ${id}`,
    agentId: isHouses ? null : agentId,
    before: isHouses ? { state, assignee } : { state },
    after: isHouses ? { state: after.state, assignee: after.assignee ?? assignee } : { state: after.state },
  });
}

export async function showThread(call: OfficeCall, kind: ThreadKind, id: string): Promise<OfficeReply> {
  const viewer = viewerOf(call.principal);
  const thread = await findThread(call.sql, viewer, { kind, id });
  if (thread === null) return refuse('not_found');
  return ok(threadDetail(viewer, thread, await messagesOf(call.sql, viewer, thread.id)));
}

/** The caller has read so far. Looking on from outside counts for nobody. */
export async function readThread(
  call: OfficeCall,
  { kind, id }: { kind: ThreadKind; id: string },
  upTo: number,
): Promise<OfficeReply> {
  const viewer = viewerOf(call.principal);
  const thread = await findThread(call.sql, viewer, { kind, id });
  if (thread === null) return refuse('not_found');
  const seen = await messagesOf(call.sql, viewer, thread.id);
  const last = seen.findLast((message) => message.id <= upTo);
  if (last !== undefined)
    await markRead(call.sql, { person: viewer.person, threadId: thread.id, messageId: last.id });
  return ok({ ok: true });
}

/** Another category or priority, by the side that answers. */
export async function sortThread(
  call: OfficeCall,
  { kind, id }: { kind: ThreadKind; id: string },
  wish: { readonly category?: ThreadCategory; readonly priority?: ThreadPriority },
): Promise<OfficeReply> {
  const viewer = viewerOf(call.principal);
  return atOnce(call, async (tx) => {
    const thread = await lockThread(tx, viewer, { kind, id });
    if (thread === null) return refuse('not_found');
    if (sideOf(viewer, thread) !== 'answerer') return refuse('forbidden');
    const { category = thread.category, priority = thread.priority } = wish;
    await tx`update office_thread set category = ${category}, urgency = ${PRIORITIES.indexOf(priority)} where id = ${thread.id}`;
    await recordAct(call, tx, {
      action: `${kind}.sort`,
      subject: `${kind} ${thread.id}`,
      agentId: thread.agentId,
      before: { category: thread.category, priority: thread.priority },
      after: { category, priority },
    });
    return ok({ ok: true });
  });
}
