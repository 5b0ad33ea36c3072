/** The hub as `npm start` runs it, with its demo, and the CLI beside it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openBrowser } from '../browser.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_MS_MAX = 90_000;

export interface DemoHub {
  readonly url: string;
  readonly operatorUrl: string;
  /** The operator's site in US dollars. */
  readonly dollarUrl: string;
  readonly studioUrl: string;
  readonly apiKey: string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts it on a free port and waits until it says it is ready. */
export async function startDemoHub(dataDir: string): Promise<DemoHub> {
  const { DATABASE_URL: _url, NODE_ENV: _env, ...env } = process.env;
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { ...env, PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, DEMO: 'on' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS_MAX);
  const exited = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (line.startsWith('Ready')) break;
  }
  clearTimeout(timer);
  const find = (pattern: RegExp) => {
    const found = pattern.exec(said.join('\n'))?.[1];
    if (found !== undefined) return found;
    child.kill('SIGKILL');
    throw new Error(`the hub did not start:\n${said.join('\n')}`);
  };
  return {
    url: find(/listens on (\S+)/),
    operatorUrl: find(/demo operator\s+(\S+)/),
    dollarUrl: find(/USD site\s+(\S+)/),
    studioUrl: find(/demo studio\s+(\S+)/),
    apiKey: find(/demo API key\s+(\S+)/),
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

/** Runs a CLI command with --json; its parsed answer. Rejects when it fails. */
export async function runCroupier(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly ok?: boolean }> {
  const { stdout } = await promisify(execFile)(process.execPath, ['src/cli.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
  return JSON.parse(stdout);
}

/** The demo in a folder of its own, and a browser; `close` leaves nothing behind. */
export async function openDemo(name: string) {
  const dataDir = await mkdtemp(join(tmpdir(), `croupier-${name}-`));
  await chmod(dataDir, 0o755); // PostgreSQL's own account must get through
  const browser = await openBrowser();
  const hub = await startDemoHub(dataDir).catch(async (error) => {
    await browser.close();
    throw error;
  });
  return {
    dataDir,
    browser,
    hub,
    async close(): Promise<void> {
      await browser.close();
      await hub.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
