/**
 * `npm run bench`: the hub measured beside its limit (an empty server) and its rival (what most would write), in one
 * run on a database of its own, against the targets in targets.ts. Leaves nothing behind but bench/out/latest.json.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedServer, startEmbedded } from '../src/db/embedded.ts';
import { runBook } from './book-section.ts';
import { stopAll } from './children.ts';
import { runFeed } from './feed-section.ts';
import { runLive } from './live-section.ts';
import { FULL, QUICK, runLoad } from './load-section.ts';
import { runOffice } from './office-section.ts';
import { HELP, type Options, readOptions, SECTIONS } from './options.ts';
import { runReconcile } from './reconcile-section.ts';
import { conclude, printReport, type Results, tableOf, writeReport } from './report.ts';
import { LOAD_ROWS } from './rows.ts';
import { runSettle } from './settle-section.ts';
import { runStart } from './start-section.ts';

const OUT = new URL('out/latest.json', import.meta.url);
const FEED_ROWS = { short: 100_000, long: 10_000_000, longQuick: 1_000_000 };
const LIVE = { sockets: 1000, moves: 30, movesQuick: 10 };
const SETTLE = { bets: 100_000, samples: 3, samplesQuick: 1 };
const OFFICE_ROWS = { full: 10_000_000, quick: 1_000_000 };
const RECONCILE_ROWS = { full: 1_000_000, quick: 200_000 };

const names = [...LOAD_ROWS.map((row) => row.name), ...SECTIONS];
// A reader that goes away (`| head`) must not end the run before it has cleaned up.
process.stdout.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(args, names);
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(`${HELP}${names.join(', ')}\n`);
    return 0;
  }
  const startedAt = performance.now();
  const machine = describeMachine();
  process.stdout.write(`${machine.cpu}, ${machine.cores} cores, load ${machine.loadAverage.toFixed(1)}\n`);
  if (machine.loadAverage > machine.cores / 2)
    process.stdout.write('others work on this machine: figures will be low, and ratios rough\n');
  const results = await measure(options);
  const conclusion = conclude(results);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write('\n');
  printReport(results, conclusion);
  process.stdout.write(`${conclusion.passed ? 'passed' : 'NOT PASSED'} in ${seconds} s\n`);
  const { quick } = options;
  const rows = tableOf(results);
  await writeReport(OUT, {
    at: new Date().toISOString(),
    seconds,
    machine,
    quick,
    ...conclusion,
    rows,
    results,
  });
  return conclusion.passed || !options.gate ? 0 : 1;
}

/** Runs what was asked for, in a folder and on a server that are gone afterwards. */
async function measure(options: Options): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), 'croupier-bench-'));
  // PostgreSQL does not run as root: its own account must be able to pass through to its data.
  await chmod(folder, 0o711);
  const held: Held = { folder, server: null };
  const breakOff = () =>
    void stopAll()
      .then(() => release(held))
      .finally(() => process.exit(130));
  process.once('SIGINT', breakOff).once('SIGTERM', breakOff);
  try {
    return await measureIn(held, options);
  } finally {
    await release(held);
    process.off('SIGINT', breakOff).off('SIGTERM', breakOff);
  }
}

interface Held {
  readonly folder: string;
  server: EmbeddedServer | null;
}

async function release({ folder, server }: Held): Promise<void> {
  await server?.stop();
  if (server !== null) await rm(server.dataDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

async function measureIn(held: Held, { quick, only, profile }: Options): Promise<Results> {
  const { folder } = held;
  const wanted = (name: string) => only === null || only.has(name);
  const onProgress = (line: string) => void process.stdout.write(`  ${line}\n`);
  const start = wanted('start') ? await runStart({ folder, tries: quick ? 1 : 3, onProgress }) : [];
  // What no target needs is left out of a quick run, unless asked for by name.
  const rows = LOAD_ROWS.filter((row) => wanted(row.name) && !(quick && only === null && row.extra));
  if (rows.length === 0 && !['feed', 'reconcile', 'settle', 'live', 'book', 'office'].some(wanted))
    return { load: null, feed: [], reconcile: [], settle: [], live: [], book: null, office: [], start };
  held.server = await startEmbedded({ dataDir: join(folder, 'data') });
  const shared = { serverUrl: held.server.url, folder, onProgress };
  const load =
    rows.length === 0 ? null : await runLoad({ ...shared, rows, pace: quick ? QUICK : FULL, profile });
  const { short: shortRows, long, longQuick } = FEED_ROWS;
  const sizes = { shortRows, longRows: quick ? longQuick : long, samples: quick ? 15 : 40 };
  const feed = wanted('feed') ? await runFeed({ ...shared, ...sizes }) : [];
  const exported = quick ? RECONCILE_ROWS.quick : RECONCILE_ROWS.full;
  const reconcile = wanted('reconcile') ? await runReconcile({ ...shared, rows: exported }) : [];
  const { bets } = SETTLE;
  const settle = wanted('settle')
    ? await runSettle({ ...shared, bets, samples: quick ? SETTLE.samplesQuick : SETTLE.samples })
    : [];
  const { sockets } = LIVE;
  const live = wanted('live')
    ? await runLive({ ...shared, sockets, moves: quick ? LIVE.movesQuick : LIVE.moves })
    : [];
  const book = wanted('book') ? await runBook({ ...shared, pace: quick ? QUICK : FULL }) : null;
  // Filling it takes minutes: in a quick run only when asked for by name.
  const office =
    wanted('office') && !(quick && only === null)
      ? await runOffice({ ...shared, rows: quick ? OFFICE_ROWS.quick : OFFICE_ROWS.full, samples: 3 })
      : [];
  return { load, feed, reconcile, settle, live, book, office, start };
}

function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    loadAverage: loadavg()[0] ?? 0,
  };
}
