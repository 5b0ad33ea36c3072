/** Notices to the reader, in their language or the writer's. */
import { Type } from 'typebox';
import {
  findNotice,
  LANGUAGES,
  listNotices,
  markNotice,
  type Notice,
  type Reader,
} from '../db/office-notice.ts';
import { type Column, listRoutes } from './list.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeRoute, type Principal, route } from './route.ts';
import { At, Done, Nullable } from './shapes.ts';

const group = 'notices';

const NoticeShape = Type.Object({
  id: Type.Integer(),
  title: Type.String(),
  text: Type.String({ description: 'plain' }),
  language: Type.Enum([...LANGUAGES], { description: 'it is shown in: the reader’s, or the writer’s' }),
  by: Type.Enum(['house', 'upline', 'own'], { description: 'whose it is' }),
  pinned: Type.Boolean(),
  mustConfirm: Type.Boolean(),
  fromAt: At,
  untilAt: Nullable(At),
  readAt: Nullable(At),
  confirmedAt: Nullable(At),
  unread: Type.Boolean(),
});

type Row = Notice & Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column<Row>[] = [
  { key: 'id', title: 'No.', type: 'number' },
  { key: 'fromAt', title: 'From', type: 'instant' },
  { key: 'untilAt', title: 'Until', type: 'instant' },
  { key: 'by', title: 'By', type: 'text' },
  { key: 'title', title: 'Title', type: 'text' },
  { key: 'text', title: 'Text', type: 'text' },
  { key: 'pinned', title: 'Pinned', type: 'flag' },
  { key: 'mustConfirm', title: 'To be confirmed', type: 'flag' },
  { key: 'readAt', title: 'Read', type: 'instant' },
  { key: 'confirmedAt', title: 'Confirmed', type: 'instant' },
];

export function readerOf({ person, scope, language }: Principal): Reader {
  return { person, language, agentId: scope.kind === 'agent' ? scope.agentId : null };
}

const Filter = Type.Object({ unread: Type.Optional(Type.Enum(['yes'])) });

export const NOTICES: readonly OfficeRoute[] = [
  ...listRoutes<typeof Filter, Row>({
    path: '/notices',
    name: 'Notices',
    summary: 'Notices in force for the caller, the pinned first',
    group,
    permission: 'self',
    filter: Filter,
    orders: { newest: { key: ['bigint', 'timestamptz', 'bigint'], descending: true } },
    row: NoticeShape,
    columns: COLUMNS,
    async read({ sql, principal }, { filter }, page) {
      const reader = readerOf(principal);
      return (await listNotices(sql, { reader, unread: filter.unread === 'yes' }, page)) as Row[];
    },
    keyOf: ({ pinned, fromAt, id }) => [pinned ? '1' : '0', fromAt, String(id)],
  }),
  route({
    method: 'GET',
    path: '/notices/:noticeId',
    operationId: 'getNotice',
    summary: 'A notice in force for the caller',
    group,
    permission: 'self',
    answer: NoticeShape,
    async handle({ sql, principal }, { params }) {
      const notice = await findNotice(sql, readerOf(principal), params.noticeId);
      return notice === null ? refuse('not_found') : ok(notice);
    },
  }),
  route({
    method: 'POST',
    path: '/notices/:noticeId/read',
    operationId: 'readNotice',
    summary: 'The caller has read it, and says so where that is asked',
    group,
    permission: 'self',
    body: Type.Object({ confirm: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    answer: Done,
    async handle({ sql, principal }, { params, body }) {
      const reader = readerOf(principal);
      const notice = await findNotice(sql, reader, params.noticeId);
      if (notice === null) return refuse('not_found');
      const confirms = body.confirm === true && notice.mustConfirm;
      await markNotice(sql, { person: reader.person, id: params.noticeId, confirms });
      return ok({ ok: true });
    },
  }),
];
