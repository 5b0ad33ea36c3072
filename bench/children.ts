/** Programs the benchmark starts beside itself: servers that print where they listen, and the load generator. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, Measured } from './load/main.ts';

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
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
  const port = await listeningPort(child, program);
  return { pid: child.pid ?? 0, port, stop: () => stop(child) };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value !== ''),
  );
}

function listeningPort(child: ChildProcess, program: string): Promise<number> {
  let said = '';
  let told = 0;
  return new Promise((resolve, reject) => {
    let listening = false;
    const fail = (why: string) => {
      clearTimeout(timer);
      if (!listening) reject(new Error(`${program} ${why}\n${said.slice(-2000)}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('did not listen in time');
    }, START_MS_MAX);
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      // The hub speaks of its database as it starts; from then on it only speaks when something is wrong.
      if (listening && told++ < COMPLAINTS_MAX)
        process.stderr.write(`  ${program}: ${chunk.toString().slice(0, COMPLAINT_LENGTH_MAX)}\n`);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
      if (listening || found === null) return;
      listening = true;
      clearTimeout(timer);
      resolve(Number(found[1]));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(force);
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
