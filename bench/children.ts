/** Programs the benchmark starts beside itself: servers that print where they listen, and the load generator. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, Measured } from './load/main.ts';

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Resolves when it has printed this text. */
  said(text: RegExp): Promise<void>;
  /** Ends it and waits for its end. */
  stop(): Promise<void>;
}

export interface ServerWish {
  /** Path of the program from the root of the project. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

const ROOT = new URL('../', import.meta.url);
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 20_000;
/** What a server complains of is shown, but not all of it: a failing batch complains hundreds of times a second. */
const COMPLAINTS_MAX = 3;
const COMPLAINT_LENGTH_MAX = 400;
const INHERITED = ['PATH', 'HOME', 'LANG', 'TMPDIR'] as const;

/** Starts a server; resolves when it listens, rejects with what it said when it ends before. */
export async function startServer({ program, env, nodeOptions = [] }: ServerWish): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...nodeOptions, fileURLToPath(new URL(program, ROOT))],
    { cwd: fileURLToPath(ROOT), env: { ...inherited(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  track(child);
  const output = transcriptOf(child, program);
  try {
    const [, port] = await output.until(/http:\/\/127\.0\.0\.1:(\d+)/);
    output.complain();
    return {
      pid: child.pid ?? 0,
      port: Number(port),
      said: async (text) => void (await output.until(text)),
      stop: () => stop(child),
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value !== ''),
  );
}

const running = new Set<ChildProcess>();

function track(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

interface Transcript {
  /** Resolves when the program has printed this; rejects when it ends before, or takes too long. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** From here on what it says on stderr is passed on: the hub speaks of its database only as it starts. */
  complain(): void;
}

function transcriptOf(child: ChildProcess, program: string): Transcript {
  const [output, watchers] = [{ printed: '', errors: '' }, new Set<() => void>()];
  let complaints = Number.POSITIVE_INFINITY;
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.printed += chunk.toString();
    wake();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output.errors = (output.errors + chunk.toString()).slice(-COMPLAINT_LENGTH_MAX * COMPLAINTS_MAX);
    if (complaints++ < COMPLAINTS_MAX)
      process.stderr.write(`  ${program}: ${chunk.toString().slice(0, COMPLAINT_LENGTH_MAX)}\n`);
  });
  child.once('exit', wake);
  return {
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output.printed);
          const ended = child.exitCode !== null || child.signalCode !== null;
          if (found === null && !ended) return;
          clearTimeout(timer);
          watchers.delete(look);
          if (found === null) reject(new Error(`${program} ended: ${output.errors}`));
          else resolve(found);
        };
        const timer = setTimeout(() => reject(new Error(`${program} took too long`)), START_MS_MAX);
        watchers.add(look);
        look();
      }),
    complain() {
      complaints = 0;
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(force);
}

/** Ends everything that was started and still runs: for a run that is broken off. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(stop));
}

export interface Generator {
  run(plan: LoadPlan): Promise<Measured>;
  stop(): Promise<void>;
}

/** Starts the load generator. It takes one plan at a time. */
export function startGenerator(): Generator {
  const child = fork(fileURLToPath(new URL('load/main.ts', import.meta.url)), {
    env: inherited(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  track(child);
  return {
    async run(plan) {
      const answer = new Promise<Measured>((resolve, reject) => {
        const fail = () => reject(new Error('the load generator ended'));
        child.once('exit', fail);
        child.once('message', (measured) => {
          child.off('exit', fail);
          resolve(measured as Measured);
        });
      });
      child.send(plan);
      return answer;
    },
    stop: () => stop(child),
  };
}
