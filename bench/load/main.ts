/**
 * The load generator: a process of its own, told over IPC what to send. Every connection sends its next request as
 * soon as it has the answer to the last. Reports rate, latencies and errors of the time measured, and how much of a
 * core it and the server used meanwhile: a generator at 100 % would be measuring itself.
 */
import { type Connection, openConnection } from './connection.ts';
import { cpuSecondsOf } from './cpu.ts';
import { openSource, type Source, type Traffic } from './requests.ts';
import { type LoadWorld, readWorld } from './world.ts';

export interface LoadPlan {
  readonly worldFile: string;
  readonly traffic: Traffic;
  readonly port: number;
  readonly serverPid: number;
  readonly connections: number;
  /** Sent before the measuring begins; errors count here too. */
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Requests a second of all connections together; null: as fast as answers come. */
  readonly ratePerSecond: number | null;
  /** Refused bets are what is wanted: their operator is dead. */
  readonly refusals: boolean;
}

export interface Measured {
  readonly requestsPerSecond: number;
  readonly itemsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The time of answers less what their operator had of it; null where none was asked. */
  readonly addedP50Ms: number | null;
  readonly addedP99Ms: number | null;
  readonly requests: number;
  readonly errors: number;
  /** What the first errors said. */
  readonly errorTexts: readonly string[];
  /** Shares of one core; null where the system doesn't tell. */
  readonly generatorCpu: number;
  readonly serverCpu: number | null;
}

const ANSWER_MS_MAX = 30_000;
const ERROR_TEXTS_MAX = 3;
/** Signed ahead for this rate; beyond it requests are signed as they are sent. */
const PREPARED_PER_SECOND = 12_000;

interface Run {
  readonly source: Source;
  readonly plan: LoadPlan;
  readonly latenciesMs: number[];
  readonly addedMs: number[];
  readonly errorTexts: string[];
  errors: number;
  phase: 'warming' | 'measuring' | 'draining';
}

async function measure(plan: LoadPlan, world: LoadWorld): Promise<Measured> {
  const source = openSource(plan.traffic, world, plan.connections);
  const seconds = (plan.warmUpMs + plan.measureMs) / 1000;
  source.prepare(Math.ceil((PREPARED_PER_SECOND * seconds) / plan.connections));
  const run: Run = {
    plan,
    source,
    latenciesMs: [],
    addedMs: [],
    errorTexts: [],
    errors: 0,
    phase: 'warming',
  };
  const lines = Array.from({ length: plan.connections }, (_, index) => drive(run, index));
  await wait(plan.warmUpMs);
  run.phase = 'measuring';
  const before = usage(plan.serverPid);
  await wait(plan.measureMs);
  run.phase = 'draining';
  const after = usage(plan.serverPid);
  await Promise.all(lines);
  return summarise(run, before, after);
}

/** Keeps one connection busy until the run drains; a lost connection is an error and is opened again. */
async function drive(run: Run, index: number): Promise<void> {
  while (run.phase !== 'draining') await converse(run, index);
}

function converse(run: Run, index: number): Promise<void> {
  const { port, refusals } = run.plan;
  const due = pacer(run.plan, index);
  return new Promise((resolve) => {
    let connection: Connection | null = null;
    const timer = setInterval(() => {
      const sentAtMs = connection?.sentAtMs() ?? null;
      if (sentAtMs !== null && performance.now() - sentAtMs > ANSWER_MS_MAX)
        connection?.close('no answer in time');
    }, 1000);
    const finish = () => {
      clearInterval(timer);
      connection?.close();
      resolve();
    };
    const fail = (why: string) => {
      noteError(run, why);
      finish();
    };
    const send = () => (run.phase === 'draining' ? finish() : connection?.send(run.source.next(index)));
    const go = () => {
      const waitMs = run.phase === 'draining' ? 0 : due();
      if (waitMs <= 0) send();
      else setTimeout(send, waitMs);
    };
    openConnection({
      port,
      onFailure: fail,
      onAnswer({ status, body, elapsedMs, operatorMs }) {
        if (status !== 200 || !(refusals || run.source.accepts(body)))
          noteError(run, `${status} ${body.slice(0, 300)}`);
        else if (run.phase === 'measuring') {
          run.latenciesMs.push(elapsedMs);
          if (operatorMs !== null) run.addedMs.push(elapsedMs - operatorMs);
        }
        go();
      },
    }).then(
      (opened) => {
        connection = opened;
        go();
      },
      (error: Error) => fail(error.message),
    );
  });
}

/** How long the connection has to wait before its next request, in ms; the connections take turns. */
function pacer({ ratePerSecond, connections }: LoadPlan, index: number): () => number {
  if (ratePerSecond === null) return () => 0;
  const everyMs = (1000 * connections) / Math.max(1, ratePerSecond);
  let nextAtMs = performance.now() + (everyMs * index) / connections;
  return () => {
    const waitMs = nextAtMs - performance.now();
    // What came late is not made up for: the rate is a ceiling.
    nextAtMs = Math.max(nextAtMs, performance.now()) + everyMs;
    return waitMs;
  };
}

function noteError(run: Run, why: string): void {
  run.errors++;
  if (run.errorTexts.length < ERROR_TEXTS_MAX) run.errorTexts.push(why);
}

interface Usage {
  readonly atMs: number;
  readonly ownSeconds: number;
  readonly serverSeconds: number | null;
}

function usage(serverPid: number): Usage {
  const { user, system } = process.cpuUsage();
  return {
    atMs: performance.now(),
    ownSeconds: (user + system) / 1e6,
    serverSeconds: cpuSecondsOf(serverPid),
  };
}

function summarise(run: Run, before: Usage, after: Usage): Measured {
  const seconds = (after.atMs - before.atMs) / 1000;
  const sorted = Float64Array.from(run.latenciesMs).sort();
  const quantile = quantilesOf(sorted);
  const added = quantilesOf(Float64Array.from(run.addedMs).sort());
  const hasAdded = run.addedMs.length > 0;
  const { serverSeconds: end } = after;
  const { serverSeconds: start } = before;
  return {
    requestsPerSecond: sorted.length / seconds,
    itemsPerSecond: (sorted.length * run.source.itemsPerRequest) / seconds,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    addedP50Ms: hasAdded ? added(0.5) : null,
    addedP99Ms: hasAdded ? added(0.99) : null,
    requests: sorted.length,
    errors: run.errors,
    errorTexts: run.errorTexts,
    generatorCpu: (after.ownSeconds - before.ownSeconds) / seconds,
    serverCpu: start === null || end === null ? null : (end - start) / seconds,
  };
}

const quantilesOf = (sorted: Float64Array) => (share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

process.on('message', async (plan: LoadPlan) => {
  process.send?.(await measure(plan, await readWorld(plan.worldFile)));
});
process.on('disconnect', () => process.exit(0));
