/** Exports as operators make them: what is read of each, and what is said of those that can't be read. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { csvSplitter } from '../../src/cli/export-csv.ts';
import { type ExportSource, readExport } from '../../src/cli/export-file.ts';
import { jsonLineSplitter, jsonListSplitter } from '../../src/cli/export-json.ts';
import type { Splitter } from '../../src/cli/export-record.ts';
import type { Currency } from '../../src/core/money.ts';
import { seeded } from '../model/seed.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'croupier-export-'));
});
after(() => rm(folder, { recursive: true, force: true }));

interface Given {
  readonly currency?: Currency;
  readonly format?: ExportSource['format'];
  readonly columns?: ExportSource['columns'];
}

/** Rows as `line id amount`. */
async function read(content: string | Buffer, given: Given = {}): Promise<string[]> {
  const file = join(folder, 'export');
  await writeFile(file, content);
  const { currency = 'KRW', format = null, columns = {} } = given;
  const rows = [];
  for await (const batch of readExport({ file, format, currency, columns }))
    rows.push(...batch.map(({ line, id, amount }) => `${line} ${id} ${amount}`));
  return rows;
}

const TWO = ['3000000001 -1000', '3000000003 2500'];
/** The rows every readable table holds, after so many lines. */
const two = (...lines: number[]) => TWO.map((row, index) => `${lines[index]} ${row}`);

const READABLE: readonly [title: string, content: string | Buffer, lines: number[], given?: Given][] = [
  ['a header', 'id,amount\n3000000001,-1000\n3000000003,2500\n', [2, 3]],
  ['no header', '3000000001,-1000\n3000000003,2500', [1, 2]],
  [
    'a header alone, and other columns',
    'time,Amount,user,Transaction ID\nx,-1000,a,3000000001\ny,2500,b,3000000003\n',
    [2, 3],
  ],
  [
    'the operator’s own id beside ours',
    'id,transaction_id,amount\n1,3000000001,-1000\n2,3000000003,2500\n',
    [2, 3],
  ],
  ['camel case and dots', 'transactionId,transaction.amount\n3000000001,-1000\n3000000003,2500\n', [2, 3]],
  ['semicolons', 'id;amount\n3000000001;-1000\n3000000003;2500\n', [2, 3]],
  ['tabs', 'id\tamount\n3000000001\t-1000\n3000000003\t2500\n', [2, 3]],
  ['CRLF and a BOM', '\ufeffid,amount\r\n3000000001,-1000\r\n3000000003,2500\r\n', [2, 3]],
  ['CR alone', 'id,amount\r3000000001,-1000\r3000000003,2500', [2, 3]],
  ['quotes', '"id","amount"\n"3000000001","-1000"\n"3000000003","2500"\n', [2, 3]],
  [
    'delimiters, quotes and line breaks in quotes',
    'name,id,amount\n"a, ""b""\nc",3000000001,-1000\n"x",3000000003,2500\n',
    [2, 4],
  ],
  [
    'a stray quote joins nothing',
    'id,amount,note\n3000000001,-1000,5" reel\n3000000003,2500,6" reel\n',
    [2, 3],
  ],
  ['blank lines and rows of delimiters', 'id,amount\n\n3000000001,-1000\n,\n3000000003,2500\n\n', [3, 5]],
  ['blanks around', ' id , amount \n 3000000001 , -1000\n 3000000003 , "2500" \n', [2, 3]],
  ['a plus, zeros behind the point', 'id,amount\n3000000001.0,-1000.00\n3000000003,+2500.\n', [2, 3]],
  ['Korean names', '거래번호,금액\n3000000001,-1000\n3000000003,2500\n', [2, 3]],
  [
    'columns by name',
    'our,theirs,sum\n1,3000000001,-1000\n2,3000000003,2500\n',
    [2, 3],
    { columns: { idColumn: 'theirs', amountColumn: 'Sum' } },
  ],
  [
    'columns by number, with a header',
    'a,b,c\nx,-1000,3000000001\ny,2500,3000000003\n',
    [2, 3],
    { columns: { idColumn: '3', amountColumn: '2' } },
  ],
  [
    'columns by number, without',
    'x,-1000,3000000001\ny,2500,3000000003\n',
    [1, 2],
    { columns: { idColumn: '3', amountColumn: '2' } },
  ],
  [
    'EUC-KR in a column nobody needs',
    Buffer.concat([
      Buffer.from('id,amount,name\n3000000001,-1000,'),
      Buffer.from([0xb1, 0xe8]),
      Buffer.from('\n3000000003,2500,x\n'),
    ]),
    [2, 3],
  ],
  ['gzip', gzipSync('id,amount\n3000000001,-1000\n3000000003,2500\n'), [2, 3]],
  [
    'gzip in two members',
    Buffer.concat([gzipSync('id,amount\n3000000001,-1000\n'), gzipSync('3000000003,2500\n')]),
    [2, 3],
  ],
  ['JSON objects', '[{"id":3000000001,"amount":-1000},{"id":"3000000003","amount":"2500"}]', [1, 1]],
  ['JSON pairs', '[[3000000001,-1000],["3000000003","2500"]]', [1, 1]],
  [
    'JSON over many lines',
    '[\n  {\n    "id": 3000000001,\n    "amount": -1000\n  },\n  {"id": 3000000003, "amount": 2500}\n]\n',
    [2, 6],
  ],
  [
    'a page of the feed',
    '{"data":[{"id":3000000001,"type":"bet","amount":-1000,"user":{"id":7}},{"id":3000000003,"type":"win","amount":2500,"user":{"id":7}}]}',
    [1, 1],
  ],
  [
    'pages put together',
    '{"page":1,"data":[{"id":3000000001,"amount":-1000}]}\n{"data":[],"page":2}\n{"data":[{"id":3000000003,"amount":2500}]}',
    [1, 3],
  ],
  [
    'callbacks as they came',
    '[{"username":"a","amount":-1000,"transaction":{"id":3000000001,"amount":-1000}},{"amount":2500,"transaction":{"id":3000000003}}]',
    [1, 1],
  ],
  [
    'brackets, braces and quotes in texts',
    '[{"x":"}]\\"{[","id":3000000001,"amount":-1000},{"x":"\\\\","id":3000000003,"amount":2500}]',
    [1, 1],
  ],
  ['JSON lines', '{"id":3000000001,"amount":-1000}\n\n{"id":3000000003,"amount":2500}\n', [1, 3]],
  ['JSON lines of pairs', '[3000000001,-1000]\n[3000000003,2500]\n', [1, 2]],
  [
    'JSON lines with data of their own',
    '{"id":3000000001,"amount":-1000,"data":[1]}\n{"id":3000000003,"amount":2500}\n',
    [1, 2],
    { format: 'jsonl' },
  ],
  [
    'fields by path',
    '{"t":{"no":3000000001},"sum":-1000}\n{"t":{"no":3000000003},"sum":2500}\n',
    [1, 2],
    { columns: { idColumn: 't.no', amountColumn: 'sum' } },
  ],
];

for (const [title, content, lines, given] of READABLE)
  test(`read: ${title}`, async () => assert.deepEqual(await read(content, given), two(...lines)));

test('read: no rows', async () => {
  for (const content of ['id,amount\n', '[]', '{"data":[]}']) assert.deepEqual(await read(content), []);
});

test('read: amounts to the last digit, in the currency’s unit', async () => {
  const table: [currency: Currency, text: string, minor: string][] = [
    ['KRW', '9007199254740991', '9007199254740991'],
    ['USD', '-90071992547409.91', '-9007199254740991'],
    ['USD', '0.10', '10'],
    ['USD', '-.5', '-50'],
    ['KWD', '1.005', '1005'],
    ['KRW', '-0', '0'],
  ];
  for (const [currency, text, minor] of table)
    assert.deepEqual(await read(`id,amount\n1,${text}\n`, { currency }), [`2 1 ${minor}`]);
  assert.deepEqual(await read('[[1,0.1],[2,-1.1]]', { currency: 'USD' }), ['1 1 10', '1 2 -110']);
});

const HEADER = 'id,amount\n1,1\n';
const UNREADABLE: readonly [content: string | Buffer, problem: RegExp, given?: Given][] = [
  ['', /the file is empty/],
  [' \n\n', /the file is empty/],
  [`${HEADER}x,1\n`, /line 3: the id "x" is no transaction id/],
  [`${HEADER},1\n`, /line 3: the id is missing/],
  [`${HEADER}2\n`, /line 3: the amount is missing/],
  [`${HEADER}-2,1\n`, /line 3: the id "-2" is no transaction id/],
  [`${HEADER}99999999999999999999,1\n`, /line 3: the id "9+" is no transaction id/],
  [`${HEADER}3.00E+09,1\n`, /line 3: the id 3\.00E\+09 was rounded by a spreadsheet/],
  [`${HEADER}2,abc\n`, /line 3: the amount "abc" is no decimal number/],
  [`${HEADER}2,"1,000"\n`, /line 3: the amount "1,000" is no decimal number/],
  [`${HEADER}2,-\n`, /line 3: the amount "-" is no decimal number/],
  [`${HEADER}2,1.5\n`, /line 3: the amount 1\.5 has more decimals than KRW has/],
  [`${HEADER}2,9007199254740992\n`, /line 3: the amount 9007199254740992 is too large/],
  [`${HEADER}\nTotal,2\n`, /line 4: the id "Total"/],
  [`${HEADER}"2,1\n3,1\n`, /line 3: a quote is never closed/],
  [`${HEADER}"2"x,1\n`, /line 3: something follows a closing quote/],
  [`${HEADER}"${'x'.repeat(2 ** 21)}`, /line 3: the row is longer than a megabyte/],
  ['time,sum\n1,2\n', /line 1: no column of ids among "time", "sum"/],
  ['id,sum\n1,2\n', /line 1: no column of amounts/],
  ['1,2,3\n', /line 1: no column of ids/],
  ['id,amount,Amount\n1,2,3\n', /line 1: "amount" and "Amount" may both be the amount/],
  [HEADER, /line 1: no column "nr"/, { columns: { idColumn: 'nr' } }],
  [HEADER, /id and amount are the same column/, { columns: { idColumn: '2' } }],
  [HEADER, /line 1: neither a list nor an object/, { format: 'json' }],
  [HEADER, /line 1: this is no JSON/, { format: 'jsonl' }],
  ['{"id":1}', /line 1: no column of amounts among "id"/],
  ['[{"id":1,"amount":1},{"id":2}]', /line 1: the amount is missing/],
  [
    '[{"id":1,"amount":1},\n{"id":9007199254740993,"amount":2}]',
    /line 2: the id 9007199254740992 is no whole number/,
  ],
  ['[{"id":1,"amount":1},\n{"id":1.5,"amount":2}]', /line 2: the id 1.5 is no whole number/],
  ['[{"id":1,"amount":90071992547409.91}]', /more than a JSON number carries exactly/, { currency: 'USD' }],
  ['[{"id":1,"amount":0.30000000000000004}]', /has more decimals than USD/, { currency: 'USD' }],
  ['[{"id":1,"amount":null}]', /line 1: the amount is missing/],
  ['[{"id":1,"amount":{"x":1}}]', /line 1: the amount is neither a number nor text/],
  ['[[1,2,3]]', /line 1: not a pair/],
  ['[{"id":1,"amount":1},\n7]', /line 2: neither an object nor a pair/],
  ['[{"id":1,"amount":1},\n"x"]', /line 2: neither an object nor a pair/],
  ['[{"id":1,"amount":1}\n{"id":2,"amount":1}]', /line 2: a comma is missing/],
  ['[{"id":1,"amount":1},\n]', /line 2: the list is closed wrongly/],
  ['[,{"id":1,"amount":1}]', /line 1: a comma too many/],
  ['[{"id":1,"amount":1},\n{"id":2,"amount":', /line 2: the file ends before its list does/],
  ['[{"id":1,"amount":1}', /the file ends before its list does/],
  ['{"data":[{"id":1,"amount":1}]', /the file ends before its list does/],
  ['[{"id":1,"amount":1}]]', /line 1: a bracket closes nothing/],
  ['[{"id":1,"amount":1}] x', /line 1: neither a list nor an object/],
  ['[{"id":1,\n"amount":1x}]', /line 1: this is no JSON/],
  [`[{"x":"${'x'.repeat(2 ** 21)}`, /line 1: longer than a megabyte/],
  ['{"rows":\n{}}', /there is no list of transactions/],
  ['{"id":1,"amount":1}\n{"id":2,"amount"\n', /line 2: this is no JSON/],
  ['{"id":1,"amount"1}\n{"id":2,"amount":1}\n', /line 1: this is no JSON/],
  [Buffer.from([0xff, 0xfe, 0x69, 0x00]), /UTF-16/],
  [Buffer.from('PK\x03\x04workbook'), /save it as CSV/],
  [gzipSync(HEADER).subarray(0, 20), /can't be read to its end/],
  [Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(30)]), /can't be read to its end/],
];

for (const [content, problem, given] of UNREADABLE)
  test(`refused: ${problem.source}`, () => assert.rejects(read(content, given), problem));

test('refused: no such file, a folder', async () => {
  const source = { format: null, currency: 'KRW', columns: {} } as const;
  await assert.rejects(readExport({ ...source, file: join(folder, 'none') }).next(), /ENOENT/);
  await assert.rejects(readExport({ ...source, file: folder }).next(), /is a folder/);
});

// ---- chunks -------------------------------------------------------------------------------------------------------

function recordsOf(splitter: Splitter<unknown>, chunks: readonly string[]) {
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

function cut(text: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
}

const words = fc.string({
  unit: fc.constantFrom('a', '1', ',', '"', '\n', '[', ']', '{', '}', '\\', ' ', '한'),
  maxLength: 8,
});
const places = fc.array(fc.nat(), { maxLength: 12 });

test('CSV: whatever a cell holds, and wherever the chunks are cut, the cells come back', (t) => {
  const cell = words.map((text) => text.trim());
  const tables = fc.array(fc.tuple(cell, cell, fc.boolean()), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(tables, places, (table, at) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = table.map(([a, b, bare]) => `${bare ? 'plain' : quote(a)},${quote(b)},end\n`).join('');
      const records = recordsOf(csvSplitter('a,b,c\n'), cut(text, at));
      assert.deepEqual(
        records.map(({ value }) => value),
        table.map(([a, b, bare]) => [bare ? 'plain' : a, b, 'end']),
      );
      const lines = table.map(([a, b, bare]) => (bare ? b : a + b).split('\n').length);
      const starts = lines.map((_, index) => 1 + lines.slice(0, index).reduce((sum, each) => sum + each, 0));
      assert.deepEqual(
        records.map(({ line }) => line),
        starts,
      );
    }),
    seeded(t, 300),
  );
});

test('JSON: whatever an element holds, and wherever the chunks are cut, the elements come back', (t) => {
  const elements = fc.array(fc.oneof(fc.dictionary(words, fc.jsonValue()), fc.array(fc.jsonValue())), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(elements, places, fc.constantFrom(0, 2), (list, at, indent) => {
      const values = list.map((each) => JSON.parse(JSON.stringify(each)));
      const wrapped = JSON.stringify({ page: { of: ['data'] }, data: values, next: null }, null, indent);
      for (const text of [JSON.stringify(values, null, indent), wrapped, `${wrapped}\n${wrapped}`]) {
        const records = recordsOf(jsonListSplitter(), cut(text, at));
        const times = text.startsWith('{') && text.length > wrapped.length ? [...values, ...values] : values;
        assert.deepEqual(
          records.map(({ value }) => value),
          times,
        );
      }
      const lines = values.map((each) => `${JSON.stringify(each)}\n`).join('');
      assert.deepEqual(
        recordsOf(jsonLineSplitter(), cut(lines, at)).map(({ value, line }) => [line, value]),
        values.map((value, index) => [index + 1, value]),
      );
    }),
    seeded(t, 300),
  );
});
