/** The calls that every kind of thread has: listed, opened, shown, sorted, written in, read and closed. */
import { Type } from 'typebox';
import type { ThreadKind } from '../core/office/thread.ts';
import {
  actOnThread,
  type Between,
  openThread,
  readThread,
  showThread,
  sortThread,
} from './inquiries-acts.ts';
import { threadList } from './inquiries-list.ts';
import { Category, Files, IdNumber, Opening, Priority, ThreadDetail, ThreadText } from './inquiries-view.ts';
import type { OfficeReply } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { Done } from './shapes.ts';

interface ThreadRoutes {
  readonly kind: ThreadKind;
  readonly path: string;
  readonly group: string;
  /** What lists are called by, and in operation ids one of them: `DeskThreads`, `DeskThread`. */
  readonly names: { readonly all: string; readonly one: string };
  /** What each call is for. */
  readonly summaries: Readonly<Record<'list' | 'open' | 'show' | 'write' | 'close', string>>;
  /** Whom one is between that the caller opens; `agent` as given. */
  readonly betweenOf: (call: OfficeCall, agent: number | undefined) => Promise<Between | OfficeReply>;
}

export const ThreadMessage = Type.Object(
  { text: ThreadText, attachments: Files },
  { additionalProperties: false },
);

export function threadRoutes({
  kind,
  path,
  group,
  names: { all, one },
  summaries,
  betweenOf,
}: ThreadRoutes): OfficeRoute[] {
  return [
    ...threadList(kind, { path, name: all, summary: summaries.list, group }),
    route({
      method: 'POST',
      path,
      operationId: `open${one}`,
      summary: summaries.open,
      group,
      permission: 'ask',
      body: Type.Object({ ...Opening, agent: Type.Optional(IdNumber) }, { additionalProperties: false }),
      answer: Type.Object({ id: Type.Integer() }),
      async handle(call, { body: { agent, ...opening } }) {
        const between = await betweenOf(call, agent);
        return 'status' in between ? between : openThread(call, between, opening);
      },
    }),
    route({
      method: 'GET',
      path: `${path}/:threadId`,
      operationId: `get${one}`,
      summary: summaries.show,
      group,
      permission: 'look',
      answer: ThreadDetail,
      handle: (call, { params }) => showThread(call, kind, params.threadId),
    }),
    route({
      method: 'PATCH',
      path: `${path}/:threadId`,
      operationId: `sort${one}`,
      summary: 'Another category or priority',
      group,
      permission: 'answer',
      body: Type.Object(
        { category: Type.Optional(Category), priority: Type.Optional(Priority) },
        { additionalProperties: false },
      ),
      answer: Done,
      handle: (call, { params, body }) => sortThread(call, { kind, id: params.threadId }, body),
    }),
    ...courseRoutes({ kind, path, group, one, summaries }),
  ];
}

/** What takes a thread further. */
function courseRoutes({
  kind,
  path,
  group,
  one,
  summaries,
}: Pick<ThreadRoutes, 'kind' | 'path' | 'group' | 'summaries'> & { readonly one: string }): OfficeRoute[] {
  return [
    route({
      method: 'POST',
      path: `${path}/:threadId/messages`,
      operationId: `write${one}`,
      summary: summaries.write,
      group,
      permission: 'ask',
      body: ThreadMessage,
      answer: Done,
      handle: (call, { params, body: { text, attachments: files } }) =>
        actOnThread(call, { kind, id: params.threadId, act: 'write', text, files }),
    }),
    route({
      method: 'POST',
      path: `${path}/:threadId/read`,
      operationId: `read${one}`,
      summary: 'The caller has read up to that message',
      group,
      permission: 'look',
      body: Type.Object({ messageId: IdNumber }, { additionalProperties: false }),
      answer: Done,
      handle: (call, { params, body }) => readThread(call, { kind, id: params.threadId }, body.messageId),
    }),
    route({
      method: 'POST',
      path: `${path}/:threadId/close`,
      operationId: `close${one}`,
      summary: summaries.close,
      group,
      permission: 'ask',
      answer: Done,
      handle: (call, { params }) => actOnThread(call, { kind, id: params.threadId, act: 'close' }),
    }),
  ];
}
