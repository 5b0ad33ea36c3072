/** Questions often asked. All read what is published; the house writes, and answers with what is not published too. */
import { type Static, Type } from 'typebox';
import { CATEGORIES } from '../core/office/thread.ts';
import {
  countFaq,
  FAQ_MAX,
  type Faq,
  type FaqWish,
  insertFaq,
  listFaq,
  lockFaq,
  removeFaq,
  updateFaq,
} from '../db/office-faq.ts';
import { recordAct } from './act.ts';
import { atOnce } from './inquiries-acts.ts';
import { type Column, listRoutes } from './list.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { Done, Line, Text } from './shapes.ts';

const group = 'service desk';

const Words = Type.Object(
  { question: Line(1, 300), answer: Text(1, 10_000) },
  { additionalProperties: false },
);
const Wish = Type.Object(
  {
    category: Type.Enum([...CATEGORIES]),
    rank: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'the smaller the earlier' }),
    texts: Type.Object(
      { en: Type.Optional(Words), ko: Type.Optional(Words), zh: Type.Optional(Words) },
      { additionalProperties: false, minProperties: 1, description: 'one language at least' },
    ),
    published: Type.Boolean(),
  },
  { additionalProperties: false },
);

const Filter = Type.Object({
  category: Type.Optional(Type.Enum([...CATEGORIES])),
  contains: Type.Optional(Line(1, 100)),
});

type Row = Faq & { readonly question: string; readonly answer: string } & Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column<Row>[] = [
  { key: 'id', title: 'No.', type: 'number' },
  { key: 'category', title: 'Category', type: 'text' },
  { key: 'question', title: 'Question', type: 'text' },
  { key: 'answer', title: 'Answer', type: 'text' },
  { key: 'published', title: 'Published', type: 'flag' },
];

/** In the reader's language, or else in one there is. */
function toRow(faq: Faq, language: 'en' | 'ko' | 'zh'): Row {
  const words = faq.texts[language] ?? faq.texts.en ?? faq.texts.ko ?? faq.texts.zh;
  return { ...faq, question: words?.question ?? '', answer: words?.answer ?? '' } as Row;
}

/** Only the house writes; for others an entry that is not published is not there. */
async function write(call: OfficeCall, id: string, wish: FaqWish | null): Promise<OfficeReply> {
  if (call.principal.scope.kind !== 'house') return refuse('forbidden');
  return atOnce(call, async (tx) => {
    const before = await lockFaq(tx, id);
    if (before === null) return refuse('not_found');
    if (wish === null) await removeFaq(tx, before.id);
    else await updateFaq(tx, before.id, wish);
    await recordAct(call, tx, {
      action: wish === null ? 'faq.remove' : 'faq.change',
      subject: `faq ${before.id}`,
      agentId: null,
      before: { ...before },
      ...(wish === null ? {} : { after: { ...wish } }),
    });
    return ok({ ok: true });
  });
}

async function create(call: OfficeCall, wish: FaqWish): Promise<OfficeReply> {
  if (call.principal.scope.kind !== 'house') return refuse('forbidden');
  return atOnce(call, async (tx) => {
    if ((await countFaq(tx)) >= FAQ_MAX) return refuse('too_many');
    const id = await insertFaq(tx, wish, call.principal.person);
    await recordAct(call, tx, {
      action: 'faq.write',
      subject: `faq ${id}`,
      agentId: null,
      after: { ...wish },
    });
    return ok({ id });
  });
}

const given = (body: Static<typeof Wish>): FaqWish => body as FaqWish;

export const FAQ: readonly OfficeRoute[] = [
  ...listRoutes<typeof Filter, Row>({
    path: '/faq',
    name: 'Faq',
    summary: 'Questions often asked',
    group,
    permission: 'self',
    filter: Filter,
    orders: { rank: { key: ['bigint', 'bigint'], descending: false } },
    row: Type.Object({
      id: Type.Integer(),
      ...Wish.properties,
      question: Type.String({ description: 'in the reader’s language, or else in one there is' }),
      answer: Type.String(),
    }),
    columns: COLUMNS,
    async read({ sql, principal }, { filter }, page) {
      const { category = null, contains = null } = filter;
      const onlyPublished = principal.scope.kind !== 'house';
      const rows = await listFaq(sql, { category, contains, onlyPublished }, page);
      return rows.map((row) => toRow(row, principal.language));
    },
    keyOf: ({ rank, id }) => [String(rank), String(id)],
  }),
  route({
    method: 'POST',
    path: '/faq',
    operationId: 'writeFaq',
    summary: 'A question with its answer',
    group,
    permission: 'answer',
    body: Wish,
    answer: Type.Object({ id: Type.Integer() }),
    handle: (call, { body }) => create(call, given(body)),
  }),
  route({
    method: 'PUT',
    path: '/faq/:faqId',
    operationId: 'changeFaq',
    summary: 'Change a question, its answer or its place',
    group,
    permission: 'answer',
    body: Wish,
    answer: Done,
    handle: (call, { params, body }) => write(call, params.faqId, given(body)),
  }),
  route({
    method: 'DELETE',
    path: '/faq/:faqId',
    operationId: 'removeFaq',
    summary: 'Take a question away',
    group,
    permission: 'answer',
    answer: Done,
    handle: (call, { params }) => write(call, params.faqId, null),
  }),
];
