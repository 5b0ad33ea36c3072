/** A hub as its own process, as an operator runs it: started, watched, killed. Nothing of it outlives `end`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface HubProcess {
  readonly url: string;
  readonly pid: number;
  /** From spawn to the printed address. */
  readonly startedInMs: number;
  /** Code and signal of its end. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it wrote on stderr so far. */
  errors(): string;
  signal(signal: NodeJS.Signals): void;
  /** Kills it at once if it still runs. */
  end(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const READY_MS_MAX = 60_000;
const TAIL = 20_000;

/** A folder for DATA_DIR that PostgreSQL's own account can reach, so that the data stays in it and goes with it. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'croupier-node-'));
  await chmod(folder, 0o755);
  return folder;
}

/** `src/main.ts` as a child, just begun. */
export function spawnHub(env: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts'], {
    cwd: ROOT,
    env: { PATH, HOME, PORT: '0', DEMO: 'off', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts `src/main.ts` and waits until it is ready. Rejects with its stderr when it ends before. */
export async function startHubProcess(env: Readonly<Record<string, string>>): Promise<HubProcess> {
  const startedAt = performance.now();
  const child = spawnHub(env);
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk).slice(-TAIL);
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const url = await readAddress(child, () => errors);
  return {
    url,
    pid: child.pid ?? 0,
    startedInMs: performance.now() - startedAt,
    exited,
    errors: () => errors,
    signal: (signal) => void child.kill(signal),
    async end() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}

function readAddress(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`the hub ${why}:\n${errors()}`));
    };
    const timer = setTimeout(() => fail('did not get ready'), READY_MS_MAX);
    const early = () => fail('ended before it was ready');
    child.once('exit', early);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk;
      const address = /listens on (\S+)/.exec(output)?.[1];
      if (address === undefined || !output.includes('Ready.')) return;
      clearTimeout(timer);
      child.off('exit', early);
      resolve(address);
    });
  });
}

/** True while a process of that id runs; one that has ended and only waits to be noticed does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const status = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return !/\) Z /.test(status);
  } catch {
    return false;
  }
}
