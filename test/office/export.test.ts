/** Lists as files: what a spreadsheet makes of them, what they take while they are made, and how they fail. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Fastify, { type FastifyInstance } from 'fastify';
import { strFromU8, Unzip, UnzipInflate, unzipSync } from 'fflate';
import { exportRows } from '../../src/backoffice/export.ts';
import type { Column } from '../../src/backoffice/list.ts';
import { workbookOf } from '../../src/backoffice/sheet.ts';

interface Row extends Readonly<Record<string, unknown>> {
  readonly name: string | null;
  readonly count: number | string | null;
  readonly sum: string;
  readonly currency: string;
  readonly at: string;
  readonly open: boolean;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'name', title: 'Name', type: 'text' },
  { key: 'count', title: 'Count', type: 'number' },
  { key: 'sum', title: 'Sum', type: 'money' },
  { key: 'currency', title: 'Currency', type: 'text' },
  { key: 'at', title: 'At', type: 'instant' },
  { key: 'open', title: 'Open', type: 'flag' },
];
const PLAIN: Row = {
  name: 'x',
  count: 1,
  sum: '1050',
  currency: 'USD',
  at: '2026-11-21T00:30:00.000001Z',
  open: true,
};

async function* paged(rows: readonly Row[], size = 2): AsyncGenerator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

interface Cell {
  readonly at: string;
  readonly isText: boolean;
  readonly style: number;
  readonly value: string;
}

async function readBook(rows: readonly Row[], rowsPerSheet?: number) {
  const chunks: Uint8Array[] = [];
  const limit = rowsPerSheet === undefined ? {} : { rowsPerSheet };
  for await (const chunk of workbookOf({ name: 'players', columns: COLUMNS, pages: paged(rows), ...limit }))
    chunks.push(chunk);
  const files = unzipSync(Buffer.concat(chunks));
  const textAt = (path: string) => strFromU8(files[path] ?? assert.fail(`no ${path}`));
  return { files, textAt, sheet: (number: number) => cellsOf(textAt(`xl/worksheets/sheet${number}.xml`)) };
}

/** Rows of cells, as a spreadsheet reads them. */
function cellsOf(xml: string): Cell[][] {
  return [...xml.matchAll(/<row r="(\d+)">(.*?)<\/row>/gs)].map(([, number, inside = '']) =>
    [...inside.matchAll(/<c r="([A-Z]+)(\d+)" s="(\d+)"( t="inlineStr")?>(.*?)<\/c>/gs)].map((cell) => {
      const [, column, row, style, text, value = ''] = cell;
      assert.equal(row, number);
      return {
        at: `${column}${row}`,
        isText: text !== undefined,
        style: Number(style),
        value: shown(value.replace(/<[^>]*>/g, '')),
      };
    }),
  );
}

/** What a spreadsheet shows for what is written. */
function shown(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

test('a workbook: a bold row that stays, texts as texts, numbers and money as numbers', async () => {
  const { files, textAt, sheet } = await readBook([PLAIN, { ...PLAIN, sum: '-5', name: null }]);
  const [head = [], first = [], second = []] = sheet(1);
  assert.deepEqual(
    head.map(({ at, value, style }) => [at, value, style]),
    COLUMNS.map(({ title }, index) => [`${'ABCDEF'[index]}1`, title, 1]),
  );
  assert.deepEqual(
    first.map(({ value, isText }) => [value, isText]),
    [
      ['x', true],
      ['1', false],
      ['10.50', false],
      ['USD', true],
      ['2026-11-21T00:30:00.000001Z', true],
      ['true', true],
    ],
  );
  assert.deepEqual([second[0]?.at, second[1]?.value], ['B3', '-0.05'], 'what is empty has no cell');
  assert.match(textAt('xl/worksheets/sheet1.xml'), /<pane ySplit="1" topLeftCell="A2"[^>]*state="frozen"/);
  assert.deepEqual(Object.keys(files).toSorted(), [
    '[Content_Types].xml',
    '_rels/.rels',
    'xl/_rels/workbook.xml.rels',
    'xl/styles.xml',
    'xl/workbook.xml',
    'xl/worksheets/sheet1.xml',
  ]);
});

test('money has the decimals of its currency; what a double would change is text', async () => {
  const table: [given: Partial<Row>, count: [string, boolean], sum: [string, boolean], style: number][] = [
    [{ currency: 'KRW', sum: '1050' }, ['1', false], ['1050', false], 3],
    [{ currency: 'USD', sum: '1050' }, ['1', false], ['10.50', false], 4],
    [{ currency: 'KWD', sum: '1050' }, ['1', false], ['1.050', false], 5],
    [{ currency: 'KRW', sum: '999999999999999' }, ['1', false], ['999999999999999', false], 3],
    [{ currency: 'KRW', sum: '1000000000000001' }, ['1', false], ['1000000000000001', true], 0],
    [{ currency: 'USD', sum: '-999999999999999' }, ['1', false], ['-9999999999999.99', false], 4],
    [{ currency: 'USD', sum: '1000000000000001' }, ['1', false], ['10000000000000.01', true], 0],
    [{ count: '9007199254740993' }, ['9007199254740993', true], ['10.50', false], 4],
    [{ count: '12.34' }, ['12.34', false], ['10.50', false], 4],
    [{ count: '1e5' }, ['1e5', true], ['10.50', false], 4],
    [{ count: '=1+1' }, ['=1+1', true], ['10.50', false], 4],
  ];
  const { sheet } = await readBook(table.map(([given]) => ({ ...PLAIN, ...given })));
  const [, ...rows] = sheet(1);
  for (const [index, [given, count, sum, style]] of table.entries()) {
    const row = rows[index] ?? [];
    const found = (column: number) => [row[column]?.value, row[column]?.isText];
    assert.deepEqual([found(1), found(2), row[2]?.style], [count, sum, style], JSON.stringify(given));
  }
});

test('any text comes out as it went in, and none is a formula', async () => {
  const texts = [
    '=1+1',
    '@SUM(A1)',
    '-2+3',
    '+1',
    '\t=1',
    '<b>&"\'</b>',
    ']]>',
    '_x0041_',
    '_x005F_',
    '빗썸 降雨 🎰',
    ' two  spaces ',
    'line\nbreak',
  ];
  const { textAt, sheet } = await readBook(texts.map((name) => ({ ...PLAIN, name })));
  const [, ...rows] = sheet(1);
  assert.deepEqual(
    rows.map(([cell]) => [cell?.value, cell?.isText]),
    texts.map((text) => [text, true]),
  );
  assert.doesNotMatch(textAt('xl/worksheets/sheet1.xml'), /<f[ >]/);
  const unfit = await readBook([{ ...PLAIN, name: 'a\u0000\u0007\ud800b\ufffe' }]);
  assert.equal(unfit.sheet(1)[1]?.[0]?.value, 'a\ufffd\ufffd\ufffdb\ufffd');
  const long = await readBook([{ ...PLAIN, name: 'y'.repeat(40_000) }]);
  assert.equal(long.sheet(1)[1]?.[0]?.value.length, 32_767, 'a longer text and Excel refuses the whole file');
});

test('a further sheet where one is full', async () => {
  const rows = Array.from({ length: 7 }, (_, index) => ({ ...PLAIN, count: index }));
  const { textAt, sheet } = await readBook(rows, 3);
  const counts = [1, 2, 3].map((number) => sheet(number).map((cells) => cells[1]?.value));
  assert.deepEqual(counts, [
    ['Count', '0', '1', '2'],
    ['Count', '3', '4', '5'],
    ['Count', '6'],
  ]);
  assert.match(textAt('xl/workbook.xml'), /name="players".*name="players 2".*name="players 3"/s);
  const full = await readBook(rows.slice(0, 6), 3);
  assert.equal(full.files['xl/worksheets/sheet3.xml'], undefined, 'no empty sheet behind a full one');
});

test('nothing at all is a workbook with headings', async () => {
  assert.deepEqual(
    (await readBook([])).sheet(1).map((cells) => cells.length),
    [COLUMNS.length],
  );
});

// ---- on the way to somebody ------------------------------------------------------------------------------------

const ROWS = 200_000;
const PAGE = 2000;
let server: FastifyInstance;
let pulled = 0;
let ended = false;
/** Most that was in use at the start of a page, without what nothing holds any more. */
let mostBytes = 0;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const inUse = () => {
  collect();
  // Buffers that the first found to be nobody's are given back by the second.
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** Rows that hardly shrink, so that what is not taken would have to be held. */
async function* manyRows(breakAt = Number.POSITIVE_INFINITY): AsyncGenerator<readonly Row[]> {
  pulled = 0;
  ended = false;
  mostBytes = 0;
  try {
    for (let page = 0; page < ROWS / PAGE; page++) {
      if (page === breakAt) throw new Error('the store went away');
      pulled += 1;
      if (page % 10 === 0) mostBytes = Math.max(mostBytes, inUse());
      yield Array.from({ length: PAGE }, (_, index) => ({
        ...PLAIN,
        count: page * PAGE + index,
        name: randomBytes(150).toString('base64'),
      }));
    }
  } finally {
    ended = true;
  }
}

before(async () => {
  server = Fastify();
  server.get('/:format/:breakAt', (request, reply) => {
    const { format, breakAt } = request.params as { format: 'csv' | 'xlsx'; breakAt: string };
    const { stream, type, headers } = exportRows({
      fileName: 'players',
      format,
      columns: COLUMNS,
      pages: manyRows(Number(breakAt)),
    });
    return reply.headers(headers).type(type).send(stream);
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
});
after(() => server.close());

const port = () => (server.server.address() as AddressInfo).port;
const download = (path: string) =>
  fetch(`http://127.0.0.1:${port()}${path}`, { signal: AbortSignal.timeout(120_000) });

/** Waits until it is as wanted. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, 'waited too long');
    await setTimeout(5);
  }
}

/** Waits until no further page is made. */
async function standstill(): Promise<number> {
  let last = -1;
  let same = 0;
  await until(() => {
    same = pulled === last ? same + 1 : 0;
    last = pulled;
    return pulled > 0 && same >= 60;
  });
  return pulled;
}

for (const format of ['csv', 'xlsx'] as const) {
  test(`${format}: a reader that does not read stops the making, and its leaving ends it`, async () => {
    const socket = connect({ host: '127.0.0.1', port: port() });
    await once(socket, 'connect');
    socket.pause();
    socket.write(`GET /${format}/no HTTP/1.1\r\nhost: x\r\n\r\n`);
    assert.ok((await standstill()) < ROWS / PAGE, `${pulled} pages of ${ROWS / PAGE} were made for nobody`);
    socket.destroy();
    await until(() => ended);
  });

  test(`${format}: a read that fails midway is a download that fails`, async () => {
    const response = await download(`/${format}/40`);
    assert.equal(response.status, 200, 'the beginning was sent before');
    await assert.rejects(response.arrayBuffer());
  });
}

test('200,000 rows as a workbook arrive whole, in little memory', async (context) => {
  const start = inUse();
  const startedAt = performance.now();
  const response = await download('/xlsx/no');
  assert.match(String(response.headers.get('content-disposition')), /filename="players\.xlsx"/);
  assert.match(String(response.headers.get('content-type')), /spreadsheetml\.sheet$/);
  let rows = 0;
  let last = '';
  let wasRead = false;
  const unzip = new Unzip((file) => {
    if (!file.name.startsWith('xl/worksheets/')) return;
    let rest = '';
    file.ondata = (error, chunk, final) => {
      assert.equal(error, null);
      const parts = (rest + strFromU8(chunk, true)).split('</row>');
      rest = parts.pop() ?? '';
      rows += parts.length;
      last = parts.at(-1) ?? last;
      wasRead ||= final;
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    unzip.push(chunk);
  }
  assert.ok(wasRead);
  assert.equal(rows, ROWS + 1);
  assert.match(last, new RegExp(`<v>${ROWS - 1}</v>`));
  const grownMb = (mostBytes - start) / 2 ** 20;
  const seconds = (performance.now() - startedAt) / 1000;
  context.diagnostic(
    `${(bytes / 2 ** 20).toFixed(0)} MB in ${seconds.toFixed(1)} s, ${grownMb.toFixed(1)} MB in use at most`,
  );
  assert.ok(bytes > 30e6);
  assert.ok(grownMb < 16, `${grownMb} MB`);
});
