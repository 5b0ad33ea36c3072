/**
 * Lists as Excel workbooks, written while the list is read: what the reader has not taken yet is not made either.
 * Every text is a string cell, so nothing in it can be a formula. Numbers are numbers while a double holds them.
 */
import { Zip, ZipDeflate } from 'fflate';
import { decimalsOf, isCurrency } from '../core/money.ts';
import { textOf } from './export-cell.ts';
import type { Column, ListRow } from './list.ts';

export interface Workbook<Row extends ListRow> {
  /** Of its sheets. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly pages: AsyncIterable<readonly Row[]>;
  readonly rowsPerSheet?: number;
}

/** Excel itself ends at 1,048,576. */
const SHEET_ROWS = 1_000_000;
/** A file in an archive, and the archive, end at four gigabytes: past it the download breaks instead of lying. */
const BYTES_MAX = 4_000_000_000;
const TEXT_MAX = 32_767;
/** Of a digit more than these, a double keeps something else. */
const DIGITS_MAX = 15;
const COMPRESSION = 4;
const WIDTHS: Readonly<Record<Column<ListRow>['type'], number>> = {
  text: 22,
  number: 14,
  money: 18,
  instant: 28,
  flag: 10,
};

/** The bytes of the workbook. Throws what reading the pages throws. */
export async function* workbookOf<Row extends ListRow>(
  workbook: Workbook<Row>,
): AsyncGenerator<Uint8Array, void> {
  const { columns, pages, rowsPerSheet = SHEET_ROWS } = workbook;
  const archive = openArchive();
  let sheets = 1;
  let rows = 0;
  let sheet = beginSheet(archive, sheets, columns);
  for await (const page of pages) {
    for (let start = 0; start < page.length; ) {
      if (rows === rowsPerSheet || sheet.bytes() > BYTES_MAX / 2) {
        sheet.write(SHEET_END, 'last');
        sheets += 1;
        rows = 0;
        sheet = beginSheet(archive, sheets, columns);
      }
      const part = page.slice(start, start + rowsPerSheet - rows);
      sheet.write(part.map((row, index) => rowXml(row, columns, rows + index + 2)).join(''));
      rows += part.length;
      start += part.length;
    }
    yield archive.taken();
  }
  sheet.write(SHEET_END, 'last');
  for (const [path, text] of Object.entries(workbookParts(workbook.name, sheets)))
    archive.file(path).write(text, 'last');
  archive.end();
  yield archive.taken();
}

interface ArchiveFile {
  write(text: string, last?: 'last'): void;
  /** So many were written, before compression. */
  bytes(): number;
}

/** Files are written one after another; what came of them is taken from time to time. */
function openArchive() {
  let made: Uint8Array[] = [];
  let total = 0;
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    total += chunk.length;
    if (total > BYTES_MAX) throw new Error('a workbook ends at four gigabytes');
    made.push(chunk);
  });
  return {
    file(path: string): ArchiveFile {
      const entry = new ZipDeflate(path, { level: COMPRESSION });
      zip.add(entry);
      let bytes = 0;
      return {
        write(text, last) {
          const chunk = Buffer.from(text);
          bytes += chunk.length;
          entry.push(chunk, last === 'last');
        },
        bytes: () => bytes,
      };
    },
    end: () => zip.end(),
    taken(): Uint8Array {
      const all = Buffer.concat(made);
      made = [];
      return all;
    },
  };
}

type Archive = ReturnType<typeof openArchive>;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const SHEET_END = '</sheetData></worksheet>';

/** The header row is bold, and stays when the rows are scrolled. */
function beginSheet<Row extends ListRow>(
  archive: Archive,
  number: number,
  columns: readonly Column<Row>[],
): ArchiveFile {
  const widths = columns.map(
    ({ type }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${WIDTHS[type]}" customWidth="1"/>`,
  );
  const titles = columns.map(({ title }, index) => textCell(title, `${columnName(index)}1`, STYLE.bold));
  const file = archive.file(`xl/worksheets/sheet${number}.xml`);
  file.write(
    `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${titles.join('')}</row>`,
  );
  return file;
}

function rowXml<Row extends ListRow>(row: Row, columns: readonly Column<Row>[], number: number): string {
  const cells = columns.map((column, index) => cellXml(row, column, `${columnName(index)}${number}`));
  return `<row r="${number}">${cells.join('')}</row>`;
}

/** Indexes of the styles in `xl/styles.xml`; money by the decimals of its currency. */
const STYLE = { plain: 0, bold: 1, whole: 2, money: [3, 4, 4, 5] } as const;

function cellXml<Row extends ListRow>(row: Row, column: Column<Row>, at: string): string {
  const text = textOf(row, column);
  if (text === '') return '';
  const { type } = column;
  if (type !== 'number' && type !== 'money') return textCell(text, at, STYLE.plain);
  const digits = text.replace(/[-.]/g, '').replace(/^0+/, '');
  if (!/^-?\d+(\.\d+)?$/.test(text) || digits.length > DIGITS_MAX) return textCell(text, at, STYLE.plain);
  return `<c r="${at}" s="${type === 'money' ? moneyStyle(row) : numberStyle(text)}"><v>${text}</v></c>`;
}

function moneyStyle(row: ListRow): number {
  const currency = String(row.currency);
  return isCurrency(currency) ? (STYLE.money[decimalsOf(currency)] ?? STYLE.plain) : STYLE.plain;
}

const numberStyle = (text: string) => (text.includes('.') ? STYLE.plain : STYLE.whole);

function textCell(text: string, at: string, style: number): string {
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text.slice(0, TEXT_MAX))}</t></is></c>`;
}

/** What XML cannot hold is shown as the sign for what cannot be shown; `_x0041_` stays those seven signs. */
function escaped(text: string): string {
  return text
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replace(UNFIT, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const UNFIT = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** 0 is A, 26 is AA. */
function columnName(index: number): string {
  const before = index < 26 ? '' : columnName(Math.floor(index / 26) - 1);
  return before + String.fromCharCode(65 + (index % 26));
}

/** Everything of the package but its sheets: known when they are written. */
function workbookParts(name: string, sheets: number): Readonly<Record<string, string>> {
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  const each = (xml: (number: number) => string) => numbers.map(xml).join('');
  const styles = sheets + 1;
  return {
    'xl/styles.xml': STYLES,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${each(
      (number) => `<sheet name="${sheetName(name, number)}" sheetId="${number}" r:id="rId${number}"/>`,
    )}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships">${each(
      (number) =>
        `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
    )}<Relationship Id="rId${styles}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/>${each(
      (number) =>
        `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`,
    )}</Types>`,
  };
}

/** At most 31 signs, and none of those that mean something in a reference. */
function sheetName(name: string, number: number): string {
  const plain = name.replace(/[^\p{L}\p{N} -]/gu, ' ').slice(0, 24);
  return number === 1 ? plain : `${plain} ${number}`;
}

/** Cell formats by their order: plain, bold, whole, money of no, two and three decimals (STYLE). */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.000"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>${[1, 3, 4, 164].map((format) => `<xf numFmtId="${format}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`).join('')}</cellXfs></styleSheet>`;
