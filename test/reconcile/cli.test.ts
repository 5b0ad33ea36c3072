/** `croupier reconcile` as a process: exit codes, what it prints and writes, and its memory. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { CliError } from '../../src/cli/context.ts';
import { reconcile } from '../../src/cli/reconcile.ts';
import { type Exported, FIRST_ID, instant, type LedgerRow, shownRows, writeLedger } from './ledger.ts';
import { OWNERS, openRig, type Rig } from './rig.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
let rig: Rig;
let folder: string;
before(async () => {
  rig = await openRig();
  folder = await mkdtemp(join(tmpdir(), 'croupier-reconcile-'));
  await writeLedger(rig.sql, LEDGER, OWNERS.transfer);
});
after(async () => {
  await rig.close();
  await rm(folder, { recursive: true, force: true });
});

const AT_US = (Date.now() - 3_600_000) * 1000;
/** Agent a1003 plays in dollars. */
const LEDGER: readonly LedgerRow[] = (['add', 'bet', 'win', 'bet', 'win'] as const).map((kind, index) => ({
  id: FIRST_ID + 2 * index,
  atUs: AT_US + index,
  step: 0,
  kind,
  amount: 1050n,
  refererId: null,
}));
const SHOWN = shownRows(LEDGER);
const dollars = (cents: bigint) =>
  `${cents < 0n ? '-' : ''}${String(cents < 0n ? -cents : cents)
    .padStart(3, '0')
    .replace(/(..)$/, '.$1')}`;
const csv = (rows: readonly Exported[]) =>
  ['id,amount', ...rows.map(({ id, amount }) => `${id},${dollars(amount)}`), ''].join('\n');

async function run(
  args: readonly string[],
  options: { input?: string | Buffer; node?: readonly string[] } = {},
) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...(options.node ?? []), 'src/cli.ts', 'reconcile', ...args], {
    cwd: ROOT,
    env: { PATH, HOME, DATABASE_URL: rig.url },
    timeout: 120_000,
  });
  child.stdin.end(options.input ?? '');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

async function fileOf(content: string | Buffer): Promise<string> {
  const file = join(folder, 'export');
  await writeFile(file, content);
  return file;
}

test('equal is 0, from a file or the standard input, gzipped or not', async () => {
  const plain = csv(SHOWN);
  const file = await fileOf(plain);
  const said = await run(['--agent', 'a1003', '--file', file]);
  assert.equal(said.code, 0, said.err);
  assert.match(said.out, /matched +6\b.*equal\n$/s);
  for (const input of [plain, gzipSync(plain)]) {
    const { code, out } = await run(['--agent', 'A1003', '--file', '-', '--json'], { input });
    const { equal, matched, window, surplus } = JSON.parse(out);
    assert.deepEqual([code, equal, matched, surplus], [0, true, 6, '0.00']);
    assert.deepEqual(window, { from: instant(AT_US), to: instant(AT_US + 4), toInclusive: true });
  }
});

test('differences are 1, shown up to the limit, written all', async () => {
  const [added, causer, bet, , ...rest] = SHOWN;
  const edited = [
    added!,
    causer!,
    { ...bet!, amount: -2000n },
    ...rest,
    { id: 7n, amount: 5n },
    { id: 8n, amount: 5n },
    rest[0]!,
  ];
  await rig.sql`update player set username = '=1+1,"x"' where id = ${OWNERS.transfer.playerId}`;
  const out = join(folder, 'differences.csv');
  const args = ['--agent', 'a1003', '--file', await fileOf(csv(edited)), '--limit', '1', '--out', out];
  const report = await run([...args, '--json']);
  assert.equal(report.code, 1, report.err);
  const found = JSON.parse(report.out);
  const counts = [
    'missing_there',
    'missing_here',
    'different_amount',
    'duplicates',
    'void_pairs',
    'under_way',
  ].map((key) => [found[key].count, found[key].surplus, found[key].rows.length]);
  assert.deepEqual(counts, [
    [1, '-10.50', 1],
    [2, '0.10', 1],
    [1, '-9.50', 1],
    [1, '-10.50', 1],
    [0, '0.00', 0],
    [0, '0.00', 0],
  ]);
  assert.deepEqual([found.equal, found.matched, found.surplus], [false, 4, '-30.40']);
  const [win, second] = [LEDGER[2]!, LEDGER[3]!];
  assert.deepEqual((await readFile(out, 'utf8')).split('\n'), [
    'kind,id,line,time,type,username,round,here,there,note',
    `different_amount,${bet!.id},4,${instant(AT_US + 1)},bet,"'=1+1,""x""",r${bet!.id},-10.50,-20.00,`,
    `duplicate,${second.id},9,${instant(AT_US + 3)},bet,"'=1+1,""x""",r${second.id},-10.50,-10.50,`,
    'missing_here,7,7,,,,,,0.05,',
    'missing_here,8,8,,,,,,0.05,',
    `missing_there,${win.id},,${instant(AT_US + 2)},win,"'=1+1,""x""",r${win.id},10.50,,`,
    '',
  ]);
  const said = await run(args);
  assert.equal(said.code, 1);
  assert.match(said.out, /missing here: .*\(1 of 2\).*DIFFERENT: .* -30\.40 USD\n$/s);
});

test('a window: half-open, and what lies outside of it is only counted', async () => {
  const file = await fileOf(csv(SHOWN.filter(({ id }) => id !== BigInt(LEDGER[1]!.id))));
  const [from, to] = [instant(AT_US + 2), instant(AT_US + 4)];
  const { code, out } = await run(['--agent', 'a1003', '--file', file, '--from', from, '--to', to, '--json']);
  const { matched, outside_window, window } = JSON.parse(out);
  assert.deepEqual([code, matched, outside_window, window], [0, 2, 3, { from, to, toInclusive: false }]);
  const all = await run(['--agent', 'a1003', '--file', '-', '--from', from, '--to', to, '--json'], {
    input: 'id,amount\n',
  });
  assert.deepEqual([all.code, JSON.parse(all.out).missing_there.count], [1, 2]);
});

test('what cannot be found out is 2, says why, and leaves no file', async () => {
  const out = join(folder, 'out.csv');
  const input = 'id,amount\n1,2\n3,x\n';
  const { code, out: said, err } = await run(['--agent', 'a1003', '--file', '-', '--out', out], { input });
  assert.deepEqual([code, said], [2, '']);
  assert.match(err, /line 3: the amount "x" is no decimal number/);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('out.csv')),
    [],
  );
  for (const args of [[], ['--agent', 'a1003']]) assert.equal((await run(args)).code, 2);
});

test('what is wrong with the question is said by name', async () => {
  const file = await fileOf(csv(SHOWN));
  const empty = join(folder, 'empty');
  await writeFile(empty, 'id,amount\n');
  const table: [change: Partial<Parameters<typeof reconcile>[0]>, words: RegExp][] = [
    [{ agent: 'nobody' }, /no such agent: nobody/],
    [{ file: join(folder, 'none') }, /no such file/],
    [{ file: empty }, /has no rows/],
    [{ format: 'xml' }, /--format must be one of csv, json, jsonl/],
    [{ limit: '-1' }, /--limit/],
    [{ from: 'yesterday' }, /--from must be an instant/],
    [{ to: '2026-02-30' }, /--to must be an instant/],
    [{ from: '2026-01-02', to: '2026-01-01T24:00:00Z' }, /--from must be before --to/],
    [{ from: instant(7), to: instant(6) }, /--from must be before --to/],
    [{ out: file }, /--out would overwrite the export/],
    [{ out: join(folder, 'none', 'out.csv') }, /ENOENT/],
  ];
  process.env.DATABASE_URL = rig.url;
  for (const [change, words] of table)
    await assert.rejects(
      reconcile({ agent: 'a1003', file, limit: '20', json: true, ...change }),
      (error) => error instanceof CliError && error.exitCode === 2 && words.test(error.message),
      words.source,
    );
});

/** Told as the process ends: the most memory it had, and what it had at its start. */
const PEAK = `data:text/javascript,const start = process.memoryUsage.rss();
  process.on('exit', () => process.stderr.write('peak ' + (process.resourceUsage().maxRSS * 1024 - start)));`;
const ROWS = 50_000;
const PEAK_BYTES_MAX = 250e6;

test(`${ROWS} rows: all compared, within bounded memory`, async () => {
  await rig.sql`insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount)
    select ${FIRST_ID}::bigint + 2 * n, ${instant(AT_US)}::timestamptz + n * interval '1 microsecond', ${OWNERS.seamless.agentId}, ${OWNERS.seamless.playerId},
      20 + n % 2, 1, 2, n % 1000 from generate_series(1, ${ROWS}::bigint) n`;
  const lines = Array.from({ length: ROWS }, (_, index) => {
    const n = index + 1;
    const padding = 'what operators keep beside it '.repeat(10);
    return `{"id":${FIRST_ID + 2 * n},"amount":${n % 2 === 0 ? -(n % 1000) : n % 1000},"note":"${padding}"}`;
  });
  const changed = lines.with(7, lines[7]!.replace('"amount":-8', '"amount":-9')).toSpliced(100, 2);
  const file = await fileOf(`[${changed.join(',\n')}]`);
  const { code, out, err } = await run(['--agent', 'a1005', '--file', file, '--json'], {
    node: ['--import', PEAK],
  });
  assert.equal(code, 1, err);
  const found = JSON.parse(out);
  assert.deepEqual(
    [found.matched, found.missing_there.count, found.different_amount.count],
    [ROWS - 3, 2, 1],
  );
  const peak = Number(/peak (\d+)/.exec(err)?.[1]);
  assert.ok(peak > 0 && peak < PEAK_BYTES_MAX, `${peak} bytes`);
});
