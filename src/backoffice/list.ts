/**
 * A list of the back office, described once: its filters, its orders, its columns, and how a page is read by key. From
 * the description come three calls: the page, its totals, and the export, which walks the same pages to the end.
 */
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import type { Permission } from '../core/office/roles.ts';
import type { KeysetPage } from '../db/keyset.ts';
import { type CursorPart, fromCursor, toCursor } from './cursor.ts';
import { EXPORT_FORMATS, exportRows } from './export.ts';
import { EXPORTS_A_PERSON, exportTurns } from './export-turns.ts';
import { ok, refuse } from './replies.ts';
import type { OfficeCall, OfficeRoute, Params } from './route.ts';
import { Nullable } from './shapes.ts';

export interface Column<Row> {
  readonly key: Extract<keyof Row, string>;
  /** Its heading in exports, English. */
  readonly title: string;
  /** money: minor units as text, in the currency the row names; instant: ISO, exported in UTC as it is. */
  readonly type: 'text' | 'number' | 'money' | 'instant' | 'flag';
}

export interface ListOrder {
  readonly key: readonly CursorPart[];
  readonly descending: boolean;
}

export interface ListPage extends KeysetPage {
  readonly order: string;
}

/** A row as it is answered. `currency` where there is money in it. */
export type ListRow = Readonly<Record<string, unknown>>;

export interface OfficeList<Filter extends TObject, Row extends ListRow> {
  /** The last part of the address names the list. */
  readonly path: string;
  /** E.g. `Players`: listPlayers, countPlayers, exportPlayers. */
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  readonly permission: Permission | 'self';
  /** Properties are texts, all optional: they come from an address. */
  readonly filter: Filter;
  /** The first is the one when none is asked for. */
  readonly orders: Readonly<Record<string, ListOrder>>;
  readonly row: TSchema;
  readonly columns: readonly Column<Row>[];
  /** At most `page.limit` rows in the order asked for; null: the filter names something that is not there for the caller. */
  read(call: OfficeCall, given: ListGiven<Filter>, page: ListPage): Promise<readonly Row[] | null>;
  keyOf(row: Row, order: string): readonly string[];
  /** What the whole list comes to under its filters. `more`: it was not counted to the end. */
  readonly totals?: {
    readonly shape: TObject;
    read(call: OfficeCall, given: ListGiven<Filter>): Promise<Readonly<Record<string, unknown>> | null>;
  };
}

export interface ListGiven<Filter extends TObject> {
  readonly params: Params;
  readonly filter: Static<Filter>;
}

export const LIST_LIMIT = 50;
export const LIST_LIMIT_MAX = 500;
const EXPORT_PAGE = 2000;

const Paging = {
  limit: Type.Optional(
    Type.String({ pattern: '^[1-9]\\d{0,2}$', description: `rows a page, ${LIST_LIMIT} when absent` }),
  ),
  after: Type.Optional(Type.String({ maxLength: 1000, description: '`next` of the page before' })),
  before: Type.Optional(Type.String({ maxLength: 1000, description: '`previous` of the page after' })),
};

export function listRoutes<Filter extends TObject, Row extends ListRow>(
  list: OfficeList<Filter, Row>,
): OfficeRoute[] {
  const [standard = ''] = Object.keys(list.orders);
  const order = Type.Optional(
    Type.Enum(Object.keys(list.orders), { description: `${standard} when absent` }),
  );
  const { properties } = list.filter;
  const { group, permission, path } = list;
  const common = { method: 'GET', group, permission } as const;
  const page: OfficeRoute = {
    ...common,
    path,
    operationId: `list${list.name}`,
    summary: list.summary,
    query: Type.Object({ ...properties, ...Paging, order }, { additionalProperties: false }),
    answer: Type.Object({
      rows: Type.Array(list.row),
      next: Nullable(Type.String({ description: 'null: this is the last page' })),
      previous: Nullable(Type.String({ description: 'null: this is the first page' })),
    }),
    handle: (call, input) => readPage(list, call, input),
  };
  const columns = Type.Optional(
    Type.String({ maxLength: 1000, description: 'keys of columns by comma, in order; all when absent' }),
  );
  const exported: OfficeRoute = {
    ...common,
    path: `${path}/export`,
    operationId: `export${list.name}`,
    summary: `${list.summary}: all of them as a file`,
    query: Type.Object(
      { ...properties, order, columns, format: Type.Enum([...EXPORT_FORMATS]) },
      { additionalProperties: false },
    ),
    answer: Type.String({ description: 'the file' }),
    handle: (call, input) => exportList(list, call, input),
  };
  const { totals } = list;
  if (totals === undefined) return [page, exported];
  const counted: OfficeRoute = {
    ...common,
    path: `${path}/totals`,
    operationId: `count${list.name}`,
    summary: `${list.summary}: what they come to`,
    query: Type.Object({ ...properties }, { additionalProperties: false }),
    answer: totals.shape,
    async handle(call, input: Input<Filter>) {
      const { params, query } = input;
      const found = await totals.read(call, { params, filter: query });
      return found === null ? refuse('not_found') : ok(found);
    },
  };
  // Before the page: `/x/:id` must not take `/x/totals` for an id.
  return [counted, exported, page];
}

type Asked = {
  readonly limit?: string;
  readonly after?: string;
  readonly before?: string;
  readonly order?: string;
  readonly columns?: string;
  readonly format?: (typeof EXPORT_FORMATS)[number];
};
type Input<Filter extends TObject> = { readonly params: Params; readonly query: Static<Filter> & Asked };

const ASKED = ['limit', 'after', 'before', 'order', 'columns', 'format'];

function givenOf<Filter extends TObject>({ params, query }: Input<Filter>): ListGiven<Filter> {
  const filter = Object.fromEntries(Object.entries(query).filter(([name]) => !ASKED.includes(name)));
  return { params, filter: filter as Static<Filter> };
}

async function readPage<Filter extends TObject, Row extends ListRow>(
  list: OfficeList<Filter, Row>,
  call: OfficeCall,
  input: Input<Filter>,
) {
  const { query } = input;
  const { name, order } = orderOf(list, query);
  const backwards = query.before !== undefined;
  const cursor = query.before ?? query.after;
  const after = cursor === undefined ? null : fromCursor(cursor, order.key);
  if (cursor !== undefined && after === null) return refuse('invalid_request', { detail: 'after or before' });
  const limit = Math.min(Number(query.limit ?? LIST_LIMIT), LIST_LIMIT_MAX);
  const read = await list.read(call, givenOf(input), {
    after,
    limit: limit + 1,
    descending: order.descending !== backwards,
    order: name,
  });
  if (read === null) return refuse('not_found');
  const more = read.length > limit;
  const rows = backwards ? read.slice(0, limit).reverse() : read.slice(0, limit);
  const cursorAt = (row: Row | undefined) => (row === undefined ? null : toCursor(list.keyOf(row, name)));
  return ok({
    rows,
    next: backwards || more ? cursorAt(rows.at(-1)) : null,
    previous: (backwards && more) || (!backwards && after !== null) ? cursorAt(rows[0]) : null,
  });
}

function orderOf<Filter extends TObject, Row extends ListRow>(
  list: OfficeList<Filter, Row>,
  { order }: Asked,
) {
  const [standard = ''] = Object.keys(list.orders);
  const name = order ?? standard;
  const found = list.orders[name];
  if (found === undefined) throw new Error(`no such order: ${name}`);
  return { name, order: found };
}

async function exportList<Filter extends TObject, Row extends ListRow>(
  list: OfficeList<Filter, Row>,
  call: OfficeCall,
  input: Input<Filter>,
) {
  const { query } = input;
  const keys = query.columns?.split(',') ?? list.columns.map(({ key }) => key);
  const columns = keys.flatMap((key) => list.columns.filter((column) => column.key === key));
  if (columns.length !== keys.length) return refuse('invalid_request', { detail: 'columns' });
  const { name, order } = orderOf(list, query);
  const turns = exportTurns(call.sql);
  const pageAfter = (after: readonly string[] | null) => {
    const page = { after, limit: EXPORT_PAGE, descending: order.descending, order: name };
    return turns.read(() => list.read(call, givenOf(input), page));
  };
  const end = turns.begin(call.principal.person);
  if (end === null) return refuse('too_many', { detail: `${EXPORTS_A_PERSON} exports are the most` });
  // The first page before anything is sent: what is refused is refused as such.
  const first = await pageAfter(null).catch((error: unknown) => {
    end();
    throw error;
  });
  if (first === null) {
    end();
    return refuse('not_found');
  }
  const fileName = list.path.split('/').findLast((part) => !part.startsWith(':')) ?? list.name;
  const file = exportRows({ fileName, format: query.format ?? 'csv', columns, pages: walk(first) });
  file.stream.once('close', end);
  return file;

  async function* walk(begin: readonly Row[]): AsyncGenerator<readonly Row[]> {
    let rows = begin;
    while (rows.length > 0) {
      yield rows;
      const last = rows.at(-1);
      if (rows.length < EXPORT_PAGE || last === undefined) return;
      rows = (await pageAfter(list.keyOf(last, name))) ?? [];
    }
  }
}
