/**
 * How long it takes to match an operator's export of a million rows, and how much memory: `croupier reconcile` as a
 * process, on a database whose feed is that long. `node bench/reconcile-section.ts [rows]` runs it alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { CODE } from '../src/core/chart.ts';
import { connect, type Sql } from '../src/db/connect.ts';
import { startEmbedded } from '../src/db/embedded.ts';
import { fillFeed } from './feed-fill.ts';
import { createDatabase } from './setup.ts';

export interface ReconcileSection {
  readonly serverUrl: string;
  readonly folder: string;
  /** Rows of the export, roughly. */
  readonly rows: number;
  readonly onProgress: (line: string) => void;
}

export interface ReconcileRow {
  readonly name: string;
  readonly title: string;
  readonly rows: number;
  readonly elapsedMs: number;
  /** The most memory the process had, above what it had at its start, in MB. */
  readonly peakMb: number;
  /** 1 when it did not find exactly what was planted. */
  readonly errors: number;
}

/** Of the filled feed's rows those of its largest agent, which is the first. */
const SHARE = 0.8;
const AGENT = 'agent000000';
/** Of so many rows one is left out of the export, and another changed. */
const PLANTED_EVERY = 50_000;

export async function runReconcile(section: ReconcileSection): Promise<ReconcileRow[]> {
  const { serverUrl, folder, rows, onProgress } = section;
  onProgress(`filling a feed for an export of ${rows.toLocaleString('en')} rows`);
  const { url } = await fillFeed(await createDatabase(serverUrl, 'bench_reconcile'), Math.ceil(rows / SHARE));
  const sql = connect(url, { max: 1, name: 'bench', statementTimeoutMs: 0 });
  const done: ReconcileRow[] = [];
  try {
    // Drawn by the hub before the feed was filled: their ids are in it once more.
    await sql`delete from transfer where code in (${CODE.potGive}, ${CODE.potTake})`;
    for (const kind of KINDS) {
      const file = join(folder, `export.${kind.name}`);
      const planted = await writeExport(sql, file, kind);
      done.push(await measure({ url, file, planted, kind }));
      await rm(file);
      onProgress(lineOf(done.at(-1)));
    }
    return done;
  } finally {
    await sql.end();
  }
}

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly header: string;
  /** SQL of a line, of `id` and `amount`; plain text of COPY. */
  readonly line: string;
  readonly footer: string;
}

const KINDS: readonly Kind[] = [
  {
    name: 'csv',
    title: 'reconcile an export of 1,000,000 rows, CSV',
    header: 'id,amount,username,round,processed_at\n',
    line: `concat_ws(',', id, amount, 'player' || player_id, round, wire_time(at))`,
    footer: '',
  },
  {
    name: 'json',
    title: 'the same as JSON',
    header: '{"data":[{"id":"1","amount":0}\n',
    line: `concat(',{"id":', id, ',"amount":', amount, ',"user":{"id":', player_id, '},"processed_at":"', wire_time(at), '"}')`,
    footer: ']}\n',
  },
];

interface Planted {
  readonly exported: number;
  readonly missing: number;
  readonly different: number;
}

/** Everything an operator would have of its users, but for what is planted. */
async function writeExport(sql: Sql, file: string, kind: Kind): Promise<Planted> {
  const own = `from transfer t join agent a on a.id = t.agent_id and a.username_key = '${AGENT}'`;
  const debits = `t.code in (${CODE.bet}, ${CODE.subBalance}, ${CODE.subBalanceAll})`;
  const every = `t.id / 2 % ${PLANTED_EVERY}`;
  const amount = `case when ${debits} then -t.amount else t.amount end + case when ${every} = 8 then 1 else 0 end`;
  const rows = `select t.id, ${amount} as amount, t.player_id, t.round, t.at ${own} where ${every} <> 7`;
  const out = createWriteStream(file);
  out.write(kind.header);
  const lines = await sql.unsafe(`copy (select ${kind.line} from (${rows}) e) to stdout`).readable();
  await pipeline(lines, out, { end: false });
  out.end(kind.footer);
  await once(out, 'close');
  const [counts] = await sql.unsafe(`select count(*) filter (where ${every} <> 7) as exported,
    count(*) filter (where ${every} = 7) as missing, count(*) filter (where ${every} = 8) as different ${own}`);
  return {
    exported: Number(counts?.exported),
    missing: Number(counts?.missing),
    different: Number(counts?.different),
  };
}

/** Told as the process ends. */
const PEAK = `data:text/javascript,const start = process.memoryUsage.rss();
  process.on('exit', () => process.stderr.write('peak ' + (process.resourceUsage().maxRSS * 1024 - start)));`;

interface Measured {
  readonly url: string;
  readonly file: string;
  readonly planted: Planted;
  readonly kind: Kind;
}

async function measure({ url, file, planted, kind }: Measured): Promise<ReconcileRow> {
  const startedAt = performance.now();
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    PEAK,
    'src/cli.ts',
    'reconcile',
    '--json',
  ];
  const child = spawn(process.execPath, [...args, '--agent', AGENT, '--file', file], {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const elapsedMs = performance.now() - startedAt;
  const peakMb = Number(/peak (\d+)/.exec(err)?.[1]) / 1e6;
  const isRight = out !== '' && foundExactly(JSON.parse(out), planted);
  if (!isRight) process.stderr.write(`  reconcile: ${err.slice(0, 400)}${out.slice(0, 400)}\n`);
  const { name, title } = kind;
  const rows = planted.exported;
  return { name: `reconcile-${name}`, title, rows, elapsedMs, peakMb, errors: isRight ? 0 : 1 };
}

interface Counted {
  readonly count: number;
}
type Found = Readonly<Record<'missing_there' | 'missing_here' | 'different_amount', Counted>> & {
  readonly matched: number;
};

/** The list of JSON begins with a row of nobody's. */
function foundExactly(found: Found, { exported, missing, different }: Planted): boolean {
  const { missing_there, missing_here, different_amount, matched } = found;
  return (
    missing_there.count === missing &&
    missing_here.count <= 1 &&
    different_amount.count === different &&
    matched === exported - different
  );
}

function lineOf(row: ReconcileRow | undefined): string {
  if (row === undefined) return '';
  const { title, rows, elapsedMs, peakMb, errors } = row;
  const verdict = errors === 0 ? '' : ', NOT WHAT WAS PLANTED';
  return `${title}: ${rows.toLocaleString('en')} rows, ${(elapsedMs / 1000).toFixed(1)} s, peak +${Math.round(peakMb)} MB${verdict}`;
}

if (import.meta.main) {
  const folder = await mkdtemp(join(tmpdir(), 'croupier-bench-'));
  await chmod(folder, 0o755);
  const server = await startEmbedded({ dataDir: join(folder, 'data') });
  try {
    const onProgress = (line: string) => void process.stdout.write(`  ${line}\n`);
    const rows = Number(process.argv[2] ?? 1_000_000);
    await runReconcile({ serverUrl: server.url, folder, rows, onProgress });
  } finally {
    await server.stop();
    await rm(server.dataDir, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}
