/**
 * The demo: an agent with POT, the built-in studio and the stand-in operator beside the hub, each a program of its
 * own that speaks only its public API.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findAgentByKey, findAgentByName } from './db/agent.ts';
import { listVendors } from './db/game.ts';
import { findStudioByName } from './db/studio.ts';
import { hashKey } from './engine/seal.ts';
import { createAgentWithKey, createStudioWithSecret, movePot, type Office } from './office.ts';

const AGENT = 'demo';
const STUDIO = 'croupier-studio';
const POT = 10_000_000_000n;
const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;

export interface Demo {
  readonly apiKey: string;
  readonly operatorUrl: string;
  readonly studioUrl: string;
  close(): Promise<void>;
}

export interface DemoOptions {
  readonly office: Office;
  readonly hubUrl: string;
  readonly host: string;
  readonly dataDir: string;
}

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const dataDir = resolve(options.dataDir);
  const [apiKey, studio] = [await demoKey(options.office, dataDir), await demoStudio(options.office)];
  const shared = { HUB_URL: options.hubUrl, HOST: options.host, PORT: '0' };
  const games = await startProgram('games/main.ts', {
    ...shared,
    STUDIO_KEY: studio.key,
    STUDIO_SECRET: studio.secret,
    STUDIO_DATA_DIR: join(dataDir, 'studio'),
  });
  const operator = await startProgram('sim/operator/main.ts', {
    ...shared,
    API_KEY: apiKey,
    OPERATOR_DATA_DIR: join(dataDir, 'operator'),
  });
  return {
    apiKey,
    operatorUrl: operator.url,
    studioUrl: games.url,
    async close() {
      await Promise.all([operator.stop(), games.stop()]);
    },
  };
}

/** The key is kept in DATA_DIR, since the database has only its hash. A lost one is replaced. */
async function demoKey(office: Office, dataDir: string): Promise<string> {
  const file = join(dataDir, 'demo-key');
  const kept = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
  if (kept !== null && (await findAgentByKey(office.sql, hashKey(kept))) !== null) return kept;
  const agent = await findAgentByName(office.sql, AGENT);
  const apiKey =
    agent === null
      ? (await createAgentWithKey(office, { username: AGENT, actor: 'demo' })).apiKey
      : await office.addKey(agent.id, 'demo');
  if (agent === null)
    await movePot(office, { username: AGENT, direction: 'give', amount: POT, actor: 'demo' });
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, `${apiKey}\n`, { mode: 0o600 });
  return apiKey;
}

async function demoStudio(office: Office): Promise<{ key: string; secret: string }> {
  const known = await findStudioByName(office.sql, STUDIO);
  if (known?.key && known.sealed) return { key: known.key, secret: office.vault.unseal(known.sealed) };
  const free = (await listVendors(office.sql))
    .filter((vendor) => vendor.studioId === null)
    .map((vendor) => vendor.name);
  return createStudioWithSecret(office, { name: STUDIO, vendors: free, actor: 'demo' });
}

interface Program {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a program beside the hub, waits until it says it is ready, and starts it again should it die. */
function startProgram(path: string, env: Readonly<Record<string, string>>): Promise<Program> {
  let child: ChildProcess;
  let stopping = false;
  return new Promise((ready, fail) => {
    const timer = setTimeout(() => fail(new Error(`${path} did not get ready`)), READY_MS_MAX);
    const stop = async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await exited;
      clearTimeout(force);
    };
    const start = (port: string) => {
      const { PATH = '', HOME = '', LANG = '', LOG_LEVEL = '' } = process.env;
      child = fork(new URL(`../${path}`, import.meta.url), {
        env: { PATH, HOME, LANG, ...(LOG_LEVEL === '' ? {} : { LOG_LEVEL }), ...env, PORT: port },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      let url = '';
      child.on('message', (message: { type?: string; url?: string }) => {
        if (message.type !== 'ready' || typeof message.url !== 'string') return;
        url = message.url;
        clearTimeout(timer);
        ready({ url, stop });
      });
      child.once('exit', () => {
        if (!stopping) setTimeout(() => !stopping && start(url === '' ? port : new URL(url).port), 1000);
      });
    };
    start(env.PORT ?? '0');
  });
}
