/**
 * Bets on the rain over HTTP, through the player API as the page uses it, beside transfers of the operator API on the
 * same hub in the same rounds: bets the pool keeps whole, and bets that wait for K-Rain (a stand-in that answers at
 * once). `node bench/book-section.ts` runs it alone.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../src/db/embedded.ts';
import { openMarket } from '../src/rain/market.ts';
import { fillBook } from './book-fill.ts';
import { type Generator, type ServerProcess, startGenerator, startServer } from './children.ts';
import type { Measured } from './load/main.ts';
import type { Traffic } from './load/requests.ts';
import type { LoadWorld } from './load/world.ts';
import { auditOf, FULL, folded, type LoadOutcome, type LoadPace } from './load-section.ts';
import { createDatabase, SECRET_KEY, setUpAgents, withHub } from './setup.ts';

export interface BookSection {
  readonly serverUrl: string;
  readonly folder: string;
  readonly pace: LoadPace;
  readonly onProgress: (line: string) => void;
}

export interface BookRow {
  readonly name: string;
  readonly title: string;
  readonly traffic: Traffic;
}
export const BOOK_ROWS: readonly BookRow[] = [
  { name: 'book-transfer', title: 'transfer beside the rain book', traffic: 'transfer' },
  { name: 'book-bet', title: 'rain bet, kept in the pool', traffic: 'book-bet' },
  { name: 'book-bet-laid-off', title: 'rain bet, laid off to K-Rain', traffic: 'book-bet-laid-off' },
];

const CONNECTIONS = 128;
const AGENTS = { agents: 100, playersPerAgent: 20 };
const BOOK = { players: 4000, sessions: 4 };
const KRAIN_KEY = 'a key for the benchmark';
/** Odds that stay, and more on offer than anybody takes. */
const KRAIN = { KRAIN_KEY, CLOSES: 'told', SEED: '7', TICK_MS: '100000000000', DEPTH: '100000000000000' };

export type BookOutcome = Omit<LoadOutcome, 'residentMb'>;

export async function runBook(section: BookSection): Promise<BookOutcome> {
  const { serverUrl, folder, onProgress } = section;
  onProgress('setting up players and sessions of the rain book');
  const databaseUrl = await createDatabase(serverUrl, 'bench_book');
  const krain = await startServer({ program: 'sim/krain/main.ts', env: { PORT: '0', ...KRAIN } });
  const krainUrl = `http://127.0.0.1:${krain.port}`;
  const generator = startGenerator();
  let hub: ServerProcess | null = null;
  try {
    const worldFile = join(folder, 'book-world.json');
    await writeFile(worldFile, JSON.stringify(await setUp(databaseUrl, krainUrl)), { mode: 0o600 });
    const env = { DATABASE_URL: databaseUrl, SECRET_KEY, PORT: '0', HOST: '127.0.0.1', DEMO: 'off' };
    hub = await startServer({ program: 'src/main.ts', env: { ...env, KRAIN_URL: krainUrl, KRAIN_KEY } });
    const measured = await runRounds(section, { generator, hub, worldFile, databaseUrl });
    await hub.stop();
    onProgress('audit of the rain book');
    return { ...measured, audit: await auditOf(databaseUrl) };
  } finally {
    await Promise.all([generator.stop(), krain.stop(), hub?.stop()]);
  }
}

async function setUp(databaseUrl: string, krainUrl: string): Promise<LoadWorld> {
  const market = openMarket({ url: krainUrl, key: KRAIN_KEY });
  try {
    return await withHub(databaseUrl, async (hub) => {
      const agents = await setUpAgents(hub, AGENTS);
      const named = agents.map(({ apiKey, players }) => ({
        apiKey,
        players: players.map(({ username }) => username),
      }));
      const nobody = { studio: { key: '', secret: '', game: '' }, sessions: [], seamless: [] };
      return { agents: named, ...nobody, book: await fillBook(hub, BOOK, market) };
    });
  } finally {
    await market.close();
  }
}

interface Stage {
  readonly generator: Generator;
  readonly hub: ServerProcess;
  readonly worldFile: string;
  readonly databaseUrl: string;
}

/** Rows in turn, so that a noisy neighbour on the machine meets all of them. */
async function runRounds(
  { pace, onProgress }: BookSection,
  { generator, hub, worldFile, databaseUrl }: Stage,
): Promise<Pick<LoadOutcome, 'rounds' | 'warmUps'>> {
  const rounds = new Map<string, Measured[]>(BOOK_ROWS.map(({ name }) => [name, []]));
  const warmUps = new Map<string, Measured>();
  for (let round = 0; round <= pace.rounds; round++) {
    for (const { name, traffic } of BOOK_ROWS) {
      const load = { traffic, connections: CONNECTIONS, ratePerSecond: null, refusals: false };
      const measured = await generator.run({
        ...load,
        worldFile,
        port: hub.port,
        serverPid: hub.pid,
        warmUpMs: pace.leadInMs,
        measureMs: round === 0 ? pace.warmUpMs : pace.measureMs,
      });
      await folded(databaseUrl);
      if (round === 0) warmUps.set(name, measured);
      else rounds.get(name)?.push(measured);
      const when = round === 0 ? 'warm-up' : `round ${round}`;
      onProgress(`${when}  ${name.padEnd(17)} ${Math.round(measured.requestsPerSecond)}/s`);
    }
  }
  return { rounds, warmUps };
}

if (import.meta.main) {
  const folder = await mkdtemp(join(tmpdir(), 'croupier-bench-'));
  await chmod(folder, 0o755);
  const server = await startEmbedded({ dataDir: join(folder, 'data') });
  try {
    const onProgress = (line: string) => void process.stdout.write(`  ${line}\n`);
    const { rounds, warmUps, audit } = await runBook({
      serverUrl: server.url,
      folder,
      pace: FULL,
      onProgress,
    });
    const all = [...warmUps.values(), ...[...rounds.values()].flat()];
    for (const { errors, errorTexts } of all) if (errors > 0) onProgress(`${errors} errors: ${errorTexts}`);
    onProgress(`audit ${audit.ok ? 'holds' : JSON.stringify(audit.checks.filter(({ ok }) => !ok))}`);
  } finally {
    await server.stop();
    await rm(server.dataDir, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}
