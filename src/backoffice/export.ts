/**
 * Lists as files, sent while they are read: what the reader has not taken yet is not read from the store either.
 * Instants are UTC, money is in the currency's unit.
 */
import { Readable } from 'node:stream';
import { type Currency, isCurrency, toDecimal } from '../core/money.ts';
import type { Column, ListRow } from './list.ts';
import type { Streamed } from './route.ts';

export const EXPORT_FORMATS = ['csv'] as const;

export interface ExportFile<Row extends ListRow> {
  /** Without its ending. */
  readonly fileName: string;
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly columns: readonly Column<Row>[];
  readonly pages: AsyncIterable<readonly Row[]>;
}

export function exportRows<Row extends ListRow>({ fileName, columns, pages }: ExportFile<Row>): Streamed {
  return {
    stream: Readable.from(csvOf(columns, pages)),
    type: 'text/csv; charset=utf-8',
    headers: { 'content-disposition': `attachment; filename="${fileName}.csv"` },
  };
}

async function* csvOf<Row extends ListRow>(
  columns: readonly Column<Row>[],
  pages: AsyncIterable<readonly Row[]>,
) {
  // The mark at the start tells spreadsheets that it is UTF-8.
  yield `\ufeff${columns.map(({ title }) => field(title)).join(',')}\r\n`;
  for await (const rows of pages)
    yield rows.map((row) => `${columns.map((column) => field(textOf(row, column))).join(',')}\r\n`).join('');
}

/** What stands in a cell. */
export function textOf<Row extends ListRow>(row: Row, { key, type }: Column<Row>): string {
  const value = row[key];
  if (value === null || value === undefined) return '';
  if (type !== 'money') return String(value);
  const currency = String(row.currency);
  return isCurrency(currency) ? toDecimal(BigInt(String(value)), currency as Currency) : String(value);
}

/** Quoted where needed; what a spreadsheet would take for a formula is made text. */
function field(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) || /^-(?!\d+(\.\d+)?$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
