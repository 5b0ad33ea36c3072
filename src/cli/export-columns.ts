/** Finds the id and the amount in the records of an export: by their usual names, or those that were given. */
import type { Currency } from '../core/money.ts';
import { type ExportedRow, quoted, readDelta, readId } from '../core/reconcile.ts';
import { ExportError, type RawRecord } from './export-record.ts';

export interface ColumnWish {
  /** A name, or its place counted from 1. */
  readonly idColumn?: string;
  readonly amountColumn?: string;
}

/** Reads the rows of records; the first record of the file decides where their columns are. */
export interface RowReader<Value> {
  read(records: readonly RawRecord<Value>[]): ExportedRow[];
}

type Cells = readonly string[];

/** Cells of a table with a header or, where there are but two, without. */
export function tableReader(currency: Currency, wish: ColumnWish): RowReader<Cells> {
  let columns: readonly [id: number, amount: number] | null = null;
  return {
    read(records) {
      const [first] = records;
      let rows = records;
      if (columns === null && first !== undefined) {
        const found = columnsOf(first, wish);
        columns = found.places;
        rows = found.isHeader ? records.slice(1) : records;
      }
      const [id, amount] = columns ?? [0, 0];
      return rows.map(({ line, value }) => toRow({ line, id: value[id], amount: value[amount] }, currency));
    },
  };
}

/** Objects of equal shape, also with the wanted fields one level deeper, or pairs. */
export function jsonReader(currency: Currency, wish: ColumnWish): RowReader<unknown> {
  let fields: readonly [id: Path, amount: Path] | null = null;
  return {
    read: (records) =>
      records.map(({ line, value }) => {
        fields ??= fieldsOf({ line, value }, wish);
        const [id, amount] = fields;
        return toRow({ line, id: at(value, id), amount: at(value, amount) }, currency);
      }),
  };
}

function toRow(given: { line: number; id: unknown; amount: unknown }, currency: Currency): ExportedRow {
  const { line } = given;
  const id = readId(given.id);
  if ('problem' in id) throw new ExportError(line, `the id ${id.problem}`);
  const amount = readDelta(given.amount, currency);
  if ('problem' in amount) throw new ExportError(line, `the amount ${amount.problem}`);
  return { line, id: id.value, amount: amount.value };
}

// ---- by name ------------------------------------------------------------------------------------------------------

interface Wanted {
  readonly what: 'id' | 'amount';
  readonly wish: string | undefined;
  /** In order of preference: what is called id may be the operator's own number of the row. As `folded` gives them. */
  readonly usual: readonly string[];
}
const ID_NAMES = [
  'transactionid',
  'transid',
  'txid',
  'txnid',
  'trxid',
  'id',
  '거래번호',
  '거래id',
  '交易編號',
];
const AMOUNT_NAMES = ['amount', 'transactionamount', 'delta', '금액', '거래금액', '金額'];

const wantedOf = ({ idColumn, amountColumn }: ColumnWish): readonly [Wanted, Wanted] => [
  { what: 'id', wish: idColumn, usual: ID_NAMES },
  { what: 'amount', wish: amountColumn, usual: AMOUNT_NAMES },
];

/** How names are compared: letters and digits only, without case. */
const folded = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** The place of the wanted name; −1 = it is not there. Two that may be meant are refused. */
function placeOf(names: readonly string[], { what, wish, usual }: Wanted, line: number): number {
  if (wish !== undefined && names.includes(wish)) return names.indexOf(wish);
  const forms = names.map(folded);
  const name = (wish === undefined ? usual : [folded(wish)]).find((each) => forms.includes(each));
  if (name === undefined) return -1;
  const place = forms.indexOf(name);
  const other = forms.indexOf(name, place + 1);
  if (other < 0) return place;
  const both = `${quoted(names[place] ?? '')} and ${quoted(names[other] ?? '')}`;
  throw new ExportError(line, `${both} may both be the ${what}: choose by --${what}-column`);
}

function notFound(names: readonly string[], { what, wish }: Wanted, line: number): ExportError {
  const wanted = wish === undefined ? `no column of ${what}s` : `no column ${quoted(wish)}`;
  const NAMES_MAX = 12;
  const shown = names.slice(0, NAMES_MAX).map(quoted).join(', ');
  return new ExportError(line, `${wanted} among ${shown}: choose by --${what}-column and its name or number`);
}

const numberOf = ({ wish }: Wanted, width: number) =>
  wish !== undefined && /^[1-9]\d{0,3}$/.test(wish) && Number(wish) <= width ? Number(wish) - 1 : -1;

// ---- in tables ----------------------------------------------------------------------------------------------------

function columnsOf({ line, value: cells }: RawRecord<Cells>, wish: ColumnWish) {
  const wanted = wantedOf(wish);
  const [id, amount] = wanted;
  const named = wanted.map((each) => placeOf(cells, each, line));
  const isBare = cells.length === 2 && named.every((place) => place < 0) && /\d/.test(cells[0] ?? '');
  const places = wanted.map((each, index) => {
    const place = Math.max(named[index] ?? -1, numberOf(each, cells.length));
    return place < 0 && isBare && each.wish === undefined ? index : place;
  });
  const [idPlace = -1, amountPlace = -1] = places;
  if (idPlace < 0) throw notFound(cells, id, line);
  if (amountPlace < 0) throw notFound(cells, amount, line);
  if (idPlace === amountPlace) throw new ExportError(line, 'id and amount are the same column');
  // A first row with neither a name nor a digit where the columns are can only be a header.
  const isHeader =
    named.some((place) => place >= 0) || !places.some((place) => /\d/.test(cells[place] ?? ''));
  return { places: [idPlace, amountPlace] as const, isHeader };
}

// ---- in JSON ------------------------------------------------------------------------------------------------------

type Path = readonly (string | number)[];

function fieldsOf({ line, value }: RawRecord<unknown>, wish: ColumnWish): readonly [id: Path, amount: Path] {
  const wanted = wantedOf(wish);
  if (Array.isArray(value)) {
    const places = wanted.map((each, index) =>
      each.wish === undefined && value.length === 2 ? index : numberOf(each, value.length),
    );
    const [id = -1, amount = -1] = places;
    if (id < 0 || amount < 0)
      throw new ExportError(line, 'not a pair [id, amount]: choose by --id-column and --amount-column');
    return [[id], [amount]];
  }
  const paths = pathsOf(value);
  const names = paths.map((path) => path.join('.'));
  const found = wanted.map((each) => {
    const path = paths[placeOf(names, each, line)];
    if (path === undefined) throw notFound(names, each, line);
    return path;
  });
  const [id = [], amount = []] = found;
  return [id, amount];
}

/** All fields of an object, and of the objects in it. */
function pathsOf(value: unknown): Path[] {
  return entriesOf(value).flatMap(([key, inner]) => [
    [key],
    ...(Array.isArray(inner) ? [] : entriesOf(inner).map(([name]) => [key, name])),
  ]);
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path)
    found =
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string | number, unknown>)[key]
        : undefined;
  return found;
}
