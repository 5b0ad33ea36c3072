/**
 * Lists as files, sent while they are read: what the reader has not taken yet is not read from the store either.
 * Instants are UTC, money is in the currency's unit.
 */
import { Readable } from 'node:stream';
import { textOf } from './export-cell.ts';
import type { Column, ListRow } from './list.ts';
import type { Streamed } from './route.ts';
import { workbookOf } from './sheet.ts';

export const EXPORT_FORMATS = ['csv', 'xlsx'] as const;

export interface ExportFile<Row extends ListRow> {
  /** Without its ending. */
  readonly fileName: string;
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly columns: readonly Column<Row>[];
  readonly pages: AsyncIterable<readonly Row[]>;
}

/** A read that fails midway breaks the answer off: a file that arrives is whole. */
export function exportRows<Row extends ListRow>(file: ExportFile<Row>): Streamed {
  const { fileName, format, columns, pages } = file;
  const { type, bytes } = WRITERS[format];
  return {
    stream: Readable.from(bytes({ name: fileName, columns, pages })),
    type,
    headers: { 'content-disposition': `attachment; filename="${fileName}.${format}"` },
  };
}

interface Listing<Row extends ListRow> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly pages: AsyncIterable<readonly Row[]>;
}

const WRITERS = {
  csv: { type: 'text/csv; charset=utf-8', bytes: csvOf },
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', bytes: workbookOf },
} as const satisfies Readonly<Record<(typeof EXPORT_FORMATS)[number], unknown>>;

async function* csvOf<Row extends ListRow>({ columns, pages }: Listing<Row>): AsyncGenerator<string, void> {
  // The mark at the start tells spreadsheets that it is UTF-8.
  yield `\ufeff${columns.map(({ title }) => field(title)).join(',')}\r\n`;
  for await (const rows of pages)
    yield rows.map((row) => `${columns.map((column) => field(textOf(row, column))).join(',')}\r\n`).join('');
}

/** Quoted where needed; what a spreadsheet would take for a formula is made text. */
function field(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) || /^-(?!\d+(\.\d+)?$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
