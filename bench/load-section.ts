/** The rows under load: sets the database and the servers up, runs the rounds, and proves the books afterwards. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditReport, audit } from '../src/db/audit.ts';
import { connect } from '../src/db/connect.ts';
import { type Generator, type ServerProcess, startGenerator, startServer } from './children.ts';
import { residentMbOf } from './load/cpu.ts';
import type { Measured } from './load/main.ts';
import type { LoadRow, ServerName } from './rows.ts';
import { createDatabase, SECRET_KEY, setUpLoad, setUpNaive } from './setup.ts';

export interface LoadPace {
  readonly rounds: number;
  /** Before the first round, every row once, so that no row pays for another's compiling. */
  readonly warmUpMs: number;
  readonly leadInMs: number;
  readonly measureMs: number;
}

export const FULL: LoadPace = { rounds: 3, warmUpMs: 2000, leadInMs: 500, measureMs: 3500 };
export const QUICK: LoadPace = { rounds: 3, warmUpMs: 700, leadInMs: 200, measureMs: 800 };

const CONNECTIONS = 128;
const WORLD = {
  agents: 100,
  playersPerAgent: 100,
  sessions: CONNECTIONS * 50,
  seamless: { agents: 10, playersPerAgent: 200 },
};
/** Players of the dead operator: as many as any other has, pressing the button once a second. */
const DEAD = { connections: 64, ratePerSecond: 64 };
/** What a player of the stand-in has: more than a run can lose. */
const OPEN_WITH = '1000000';
const RESIDENT_POLL_MS = 200;
const FOLD_MS_MAX = 20_000;
const AUDIT_STATEMENT_MS_MAX = 120_000;

export interface LoadOutcome {
  /** By row, in the order of the rounds. */
  readonly rounds: ReadonlyMap<string, readonly Measured[]>;
  /** What went wrong before the first round counts too. */
  readonly warmUps: ReadonlyMap<string, Measured>;
  readonly residentMb: number | null;
  readonly audit: AuditReport;
}

export interface LoadSection {
  readonly serverUrl: string;
  /** A folder for files of the run. */
  readonly folder: string;
  readonly rows: readonly LoadRow[];
  readonly pace: LoadPace;
  /** A folder for CPU profiles of the hub, or null. */
  readonly profile: string | null;
  readonly onProgress: (line: string) => void;
}

interface Stage {
  readonly section: LoadSection;
  readonly worldFile: string;
  readonly hubUrl: string;
  readonly servers: ReadonlyMap<ServerName, ServerProcess>;
  readonly generator: Generator;
  /** Plays beside the measured load, and is not measured. */
  readonly besides: Generator;
}

export async function runLoad(section: LoadSection): Promise<LoadOutcome> {
  const { serverUrl, folder, onProgress } = section;
  onProgress('setting up agents, players and sessions');
  const hubUrl = await createDatabase(serverUrl, 'bench_hub');
  const naiveUrl = await createDatabase(serverUrl, 'bench_naive');
  const operators = await startOperators();
  const world = await setUpLoad(hubUrl, WORLD, {
    answering: urlOf(operators.answering),
    blackHole: urlOf(operators.blackHole),
  });
  await setUpNaive(naiveUrl, world);
  const worldFile = join(folder, 'world.json');
  await writeFile(worldFile, JSON.stringify(world), { mode: 0o600 });
  const generator = startGenerator();
  const besides = startGenerator();
  const servers = new Map<ServerName, ServerProcess>();
  try {
    for (const name of new Set(section.rows.map((row) => row.server)))
      servers.set(
        name,
        await startNamed(name, {
          hubUrl,
          naiveUrl,
          profile: section.profile,
          proxy: { WORLD: worldFile, OPERATOR_URL: urlOf(operators.answering) },
        }),
      );
    const measured = await runRounds({ section, worldFile, hubUrl, servers, generator, besides });
    // The hub ends before the audit: what it had folded by then is what must be right.
    for (const server of servers.values()) await server.stop();
    onProgress('audit');
    return { ...measured, audit: await auditOf(hubUrl) };
  } finally {
    const programs = [generator, besides, operators.answering, operators.blackHole, ...servers.values()];
    await Promise.all(programs.map((program) => program.stop()));
  }
}

const urlOf = ({ port }: ServerProcess) => `http://127.0.0.1:${port}`;

/** The stand-in operator, and one that never answers. */
async function startOperators() {
  const env = { PORT: '0', IN_MEMORY: 'on', OPEN_WITH };
  const [answering, blackHole] = await Promise.all([
    startServer({ program: 'sim/operator/seamless-main.ts', env }),
    startServer({ program: 'bench/servers/black-hole.ts', env: {} }),
  ]);
  return { answering, blackHole };
}

async function startNamed(
  name: ServerName,
  {
    hubUrl,
    naiveUrl,
    profile,
    proxy,
  }: { hubUrl: string; naiveUrl: string; profile: string | null; proxy: Readonly<Record<string, string>> },
): Promise<ServerProcess> {
  switch (name) {
    case 'echo':
      return startServer({ program: 'bench/servers/echo.ts', env: {} });
    case 'naive':
      return startServer({ program: 'bench/servers/naive.ts', env: { NAIVE_DATABASE_URL: naiveUrl } });
    case 'proxy':
      return startServer({ program: 'bench/servers/proxy.ts', env: proxy });
    case 'hub':
      return startHub(hubUrl, profile);
  }
}

/** The hub as a user runs it, on a database of the benchmark's. */
export async function startHub(databaseUrl: string, profile: string | null = null): Promise<ServerProcess> {
  if (profile !== null) await mkdir(profile, { recursive: true });
  return startServer({
    program: 'src/main.ts',
    env: { DATABASE_URL: databaseUrl, SECRET_KEY, PORT: '0', HOST: '127.0.0.1', DEMO: 'off' },
    nodeOptions: profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
  });
}

async function runRounds(stage: Stage): Promise<Omit<LoadOutcome, 'audit'>> {
  const { rows, pace, onProgress } = stage.section;
  const rounds = new Map<string, Measured[]>(rows.map((row) => [row.name, []]));
  const warmUps = new Map<string, Measured>();
  let residentMb: number | null = null;
  for (let round = 0; round <= pace.rounds; round++) {
    for (const row of rows) {
      const former =
        round === 0 ? warmUps.get(row.pacedBy?.row ?? '') : rounds.get(row.pacedBy?.row ?? '')?.at(-1);
      const ratePerSecond =
        row.pacedBy === undefined ? null : (former?.requestsPerSecond ?? 1000) * row.pacedBy.share;
      const { measured, mostMb } = await runRow(stage, { row, ratePerSecond, warmingUp: round === 0 });
      if (row.traffic.startsWith('transfer') && row.server === 'hub' && mostMb !== null)
        residentMb = Math.max(residentMb ?? 0, mostMb);
      if (round === 0) warmUps.set(row.name, measured);
      else rounds.get(row.name)?.push(measured);
      onProgress(
        `${round === 0 ? 'warm-up' : `round ${round}`}  ${row.name.padEnd(14)} ${Math.round(measured.requestsPerSecond)}/s`,
      );
    }
  }
  return { rounds, warmUps, residentMb };
}

async function runRow(
  { section, worldFile, hubUrl, servers, generator, besides }: Stage,
  { row, ratePerSecond, warmingUp }: { row: LoadRow; ratePerSecond: number | null; warmingUp: boolean },
): Promise<{ measured: Measured; mostMb: number | null }> {
  const server = servers.get(row.server);
  if (server === undefined) throw new Error(`the server of ${row.name} does not run`);
  const { pace } = section;
  let mostMb: number | null = null;
  const look = setInterval(() => {
    const now = residentMbOf(server.pid);
    if (now !== null) mostMb = Math.max(mostMb ?? 0, now);
  }, RESIDENT_POLL_MS);
  try {
    const plan = {
      worldFile,
      port: server.port,
      serverPid: server.pid,
      warmUpMs: pace.leadInMs,
      measureMs: warmingUp ? pace.warmUpMs : pace.measureMs,
    };
    const dead = row.besideBlackHole
      ? besides.run({ ...plan, ...DEAD, traffic: 'seamless-dead', refusals: true })
      : null;
    const load = { traffic: row.traffic, connections: CONNECTIONS, ratePerSecond, refusals: false };
    const measured = await generator.run({ ...plan, ...load });
    await dead;
    if (row.server === 'hub') await folded(hubUrl);
    return { measured, mostMb };
  } finally {
    clearInterval(look);
  }
}

/** Waits until the hub has folded what it wrote, so that the work of one row is not done during the next. */
export async function folded(hubUrl: string): Promise<void> {
  const sql = connect(hubUrl, { max: 1, name: 'bench' });
  const deadline = performance.now() + FOLD_MS_MAX;
  for (let done = false; !done && performance.now() < deadline; ) {
    const [row] =
      await sql`select not exists (select from transfer where at > (select at from fold_cursor)) as done`;
    done = row?.done === true;
    if (!done) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await sql.end();
}

/** An audit that does not end in time, or fails, does not hold. */
export async function auditOf(url: string): Promise<AuditReport> {
  const sql = connect(url, { max: 1, name: 'bench', statementTimeoutMs: AUDIT_STATEMENT_MS_MAX });
  try {
    return await audit(sql);
  } catch (error) {
    const findings = [error instanceof Error ? error.message : String(error)];
    return {
      ok: false,
      transfers: 0,
      accounts: 0,
      checks: [{ name: 'the audit ends', ok: false, findings }],
    };
  } finally {
    await sql.end();
  }
}
