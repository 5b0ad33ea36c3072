/** Writing notices: the house to all, to its own staff or to a part of the tree; an agent to itself and those below. */
import { type Static, Type } from 'typebox';
import { type AgentId, trusted } from '../core/ids.ts';
import type { Query } from '../db/connect.ts';
import {
  type Audience,
  insertNotice,
  LANGUAGES,
  type Language,
  listWritten,
  lockWritten,
  type NoticeTexts,
  type NoticeWish,
  updateNotice,
  type WrittenNotice,
  withdrawNotice,
} from '../db/office-notice.ts';
import { recordAct } from './act.ts';
import { atOnce } from './inquiries-acts.ts';
import { IdNumber } from './inquiries-view.ts';
import { type Column, listRoutes } from './list.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { agentsOf, seesAgent } from './scope.ts';
import { At, AtGiven, Done, Line, Nullable, Text } from './shapes.ts';

const group = 'notices';

const Words = Type.Object({ title: Line(1, 200), text: Text(1, 10_000) }, { additionalProperties: false });
const Texts = Type.Object(
  { en: Type.Optional(Words), ko: Type.Optional(Words), zh: Type.Optional(Words) },
  { additionalProperties: false, minProperties: 1, description: 'one language at least' },
);
const Wish = {
  texts: Texts,
  language: Type.Enum([...LANGUAGES], {
    description: 'one of the texts: for readers of a language that is not there',
  }),
  fromAt: Type.Optional(Nullable(AtGiven)),
  untilAt: Type.Optional(Nullable(AtGiven)),
  pinned: Type.Optional(Type.Boolean()),
  mustConfirm: Type.Optional(Type.Boolean()),
};
const WishShape = Type.Object(Wish, { additionalProperties: false });
const NewShape = Type.Object(
  {
    ...Wish,
    audience: Type.Enum(['all', 'subtree', 'staff']),
    agent: Type.Optional(IdNumber),
  },
  { additionalProperties: false },
);

const WrittenShape = Type.Object({
  id: Type.Integer(),
  agentId: Nullable(Type.Integer()),
  agent: Nullable(Type.String({ description: 'whose notice it is; null: the house' })),
  audience: Type.Enum(['all', 'subtree', 'staff']),
  targetId: Nullable(Type.Integer()),
  target: Nullable(Type.String({ description: 'subtree: this agent and those below' })),
  texts: Texts,
  language: Type.Enum([...LANGUAGES]),
  title: Type.String(),
  fromAt: At,
  untilAt: Nullable(At),
  pinned: Type.Boolean(),
  mustConfirm: Type.Boolean(),
  madeBy: Type.String(),
  madeAt: At,
  withdrawnAt: Nullable(At),
  reads: Type.Integer({ description: 'people' }),
  confirmations: Type.Integer(),
});

type Row = WrittenNotice & { readonly title: string } & Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column<Row>[] = [
  { key: 'id', title: 'No.', type: 'number' },
  { key: 'agent', title: 'By', type: 'text' },
  { key: 'audience', title: 'For', type: 'text' },
  { key: 'target', title: 'Agent', type: 'text' },
  { key: 'title', title: 'Title', type: 'text' },
  { key: 'fromAt', title: 'From', type: 'instant' },
  { key: 'untilAt', title: 'Until', type: 'instant' },
  { key: 'pinned', title: 'Pinned', type: 'flag' },
  { key: 'mustConfirm', title: 'To be confirmed', type: 'flag' },
  { key: 'reads', title: 'Read by', type: 'number' },
  { key: 'confirmations', title: 'Confirmed by', type: 'number' },
  { key: 'madeBy', title: 'Written by', type: 'text' },
  { key: 'madeAt', title: 'Written', type: 'instant' },
  { key: 'withdrawnAt', title: 'Withdrawn', type: 'instant' },
];

/** Whose notices the caller looks after: the house everybody's, an agent its own and those of the agents below. */
const writersOf = async (call: OfficeCall): Promise<readonly AgentId[] | null> =>
  call.principal.scope.kind === 'house' ? null : ((await agentsOf(call)) ?? []);

const toRow = (notice: WrittenNotice): Row =>
  ({ ...notice, title: notice.texts[notice.language]?.title ?? '' }) as Row;

/** What is wrong with it; null = nothing. */
function problemOf(wish: Static<typeof WishShape>): OfficeReply | null {
  const { texts, language, fromAt = null, untilAt = null } = wish;
  if (texts[language] === undefined)
    return refuse('invalid_request', { fields: { language: 'there is no text in it' } });
  if (untilAt !== null && Date.parse(untilAt) <= (fromAt === null ? Date.now() : Date.parse(fromAt)))
    return refuse('invalid_request', { fields: { untilAt: 'is over before it begins' } });
  return null;
}

const wishOf = (given: Static<typeof WishShape>): NoticeWish => ({
  texts: given.texts as NoticeTexts,
  language: given.language as Language,
  fromAt: given.fromAt ?? null,
  untilAt: given.untilAt ?? null,
  pinned: given.pinned ?? false,
  mustConfirm: given.mustConfirm ?? false,
});

/** For whom: null and a refusal where the caller may not speak to them. */
async function targetOf(
  call: OfficeCall,
  { audience, agent }: { audience: Audience; agent: number | undefined },
): Promise<{ readonly targetId: AgentId | null } | OfficeReply> {
  const { scope } = call.principal;
  if (scope.kind === 'agent' && audience !== 'subtree') return refuse('forbidden');
  if (audience !== 'subtree') return { targetId: null };
  if (agent === undefined)
    return scope.kind === 'agent'
      ? { targetId: scope.agentId }
      : refuse('invalid_request', { fields: { agent: 'say which agent' } });
  return (await seesAgent(call, agent)) ? { targetId: trusted(agent) } : refuse('not_found');
}

async function create(call: OfficeCall, given: Static<typeof NewShape>): Promise<OfficeReply> {
  const { audience, agent, ...wish } = given;
  const wrong = problemOf(wish);
  if (wrong !== null) return wrong;
  const target = await targetOf(call, { audience: audience as Audience, agent });
  if ('status' in target) return target;
  const { person, scope } = call.principal;
  const agentId = scope.kind === 'agent' ? scope.agentId : null;
  return atOnce(call, async (tx) => {
    const notice = { ...wishOf(wish), ...target, agentId, audience: audience as Audience, madeBy: person };
    const id = await insertNotice(tx, notice);
    await recordNotice(call, tx, { id, agentId, act: 'write', after: notice });
    return ok({ id });
  });
}

interface NoticeAct {
  readonly id: number;
  readonly agentId: AgentId | null;
  readonly act: 'write' | 'change' | 'withdraw';
  readonly before?: NoticeWish;
  readonly after?: NoticeWish;
}

const toldOf = ({ texts, fromAt, untilAt, pinned, mustConfirm }: NoticeWish) => ({
  titles: Object.values(texts).map(({ title }) => title),
  ...{ fromAt, untilAt, pinned, mustConfirm },
});

async function recordNotice(
  call: OfficeCall,
  tx: Parameters<typeof recordAct>[1],
  { id, agentId, act, before, after }: NoticeAct,
): Promise<void> {
  await recordAct(call, tx, {
    action: `notice.${act}`,
    subject: `notice ${id}`,
    agentId,
    ...(before === undefined ? {} : { before: toldOf(before) }),
    ...(after === undefined ? {} : { after: toldOf(after) }),
  });
}

/** A notice the caller looks after, to be changed; one that was withdrawn stays as it is. */
async function withNotice(
  call: OfficeCall,
  id: string,
  work: (tx: Query, notice: WrittenNotice) => Promise<NoticeAct>,
): Promise<OfficeReply> {
  const writers = await writersOf(call);
  return atOnce(call, async (tx) => {
    const notice = await lockWritten(tx, writers, id);
    if (notice === null) return refuse('not_found');
    if (notice.withdrawnAt !== null) return refuse('conflict', { detail: 'it is withdrawn' });
    await recordNotice(call, tx, await work(tx, notice));
    return ok({ ok: true });
  });
}

export const WRITTEN_NOTICES: readonly OfficeRoute[] = [
  ...listRoutes<ReturnType<typeof Type.Object>, Row>({
    path: '/written-notices',
    name: 'WrittenNotices',
    summary: 'Notices the caller looks after, with how many have read them',
    group,
    permission: 'answer',
    filter: Type.Object({}),
    orders: { newest: { key: ['bigint'], descending: true } },
    row: WrittenShape,
    columns: COLUMNS,
    async read(call, _given, page) {
      return (await listWritten(call.sql, await writersOf(call), page)).map(toRow);
    },
    keyOf: ({ id }) => [String(id)],
  }),
  route({
    method: 'POST',
    path: '/notices',
    operationId: 'writeNotice',
    summary: 'Write a notice',
    group,
    permission: 'answer',
    body: NewShape,
    answer: Type.Object({ id: Type.Integer() }),
    handle: (call, { body }) => create(call, body),
  }),
  route({
    method: 'PUT',
    path: '/notices/:noticeId',
    operationId: 'changeNotice',
    summary: 'Change a notice; other words are to be read anew',
    group,
    permission: 'answer',
    body: WishShape,
    answer: Done,
    async handle(call, { params, body }) {
      const wrong = problemOf(body);
      if (wrong !== null) return wrong;
      const wish = wishOf(body);
      return withNotice(call, params.noticeId, async (tx, before) => {
        const isReworded = JSON.stringify(sorted(before.texts)) !== JSON.stringify(sorted(wish.texts));
        await updateNotice(tx, before.id, { wish, isReworded });
        return { id: before.id, agentId: before.agentId, act: 'change', before, after: wish };
      });
    },
  }),
  route({
    method: 'POST',
    path: '/notices/:noticeId/withdraw',
    operationId: 'withdrawNotice',
    summary: 'Nobody sees it any more',
    group,
    permission: 'answer',
    answer: Done,
    handle: (call, { params }) =>
      withNotice(call, params.noticeId, async (tx, before) => {
        await withdrawNotice(tx, before.id);
        return { id: before.id, agentId: before.agentId, act: 'withdraw', before };
      }),
  }),
];

/** The store keeps the keys of JSON in an order of its own. */
const sorted = (texts: NoticeTexts) =>
  LANGUAGES.map((language) => [texts[language]?.title, texts[language]?.text]);
