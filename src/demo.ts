/**
 * The demo: two agents with POT, the built-in studio and the stand-in operator beside the hub, programs of their own
 * that speak only its public API. The operator has two sites in one process, one for each kind of wallet.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AgentId } from './core/ids.ts';
import { findAgentByKey, findAgentByName, findOperator, setAgent } from './db/agent.ts';
import { listVendors } from './db/game.ts';
import { findStudioByName } from './db/studio.ts';
import { hashKey } from './engine/seal.ts';
import { createAgentWithKey, createStudioWithSecret, movePot, type Office } from './office.ts';

const STUDIO = 'croupier-studio';
const POT = 10_000_000_000n;
const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;

export interface Demo {
  /** What to tell about it, a line each. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export interface DemoOptions {
  readonly office: Office;
  readonly hubUrl: string;
  readonly host: string;
  readonly dataDir: string;
}

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { office } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const studio = await demoStudio(office);
  const transfer = await demoAgent(office, { username: 'demo', wallet: 'transfer', dataDir });
  const seamless = await demoAgent(office, { username: 'demo-seamless', wallet: 'seamless', dataDir });
  const shared = { HUB_URL: options.hubUrl, HOST: options.host, PORT: '0' };
  const [games, operator] = await Promise.all([
    startProgram('games/main.ts', {
      ...shared,
      STUDIO_KEY: studio.key,
      STUDIO_SECRET: studio.secret,
      STUDIO_DATA_DIR: join(dataDir, 'studio'),
    }),
    startProgram('sim/operator/main.ts', {
      ...shared,
      API_KEY: transfer.apiKey,
      OPERATOR_DATA_DIR: join(dataDir, 'operator'),
      SECOND_API_KEY: seamless.apiKey,
      SECOND_PORT: '0',
      SECOND_OPERATOR_DATA_DIR: join(dataDir, 'operator-seamless'),
      SECOND_WALLET: 'seamless',
      SECOND_CALLBACK_SECRET: await callbackSecretOf(office, seamless.id),
    }),
  ]);
  const [, second] = operator.sites;
  await setAgent(office.sql, seamless.id, { callbackUrl: second?.callbackUrl ?? null });
  return {
    lines: [
      `demo operator  ${operator.url}`,
      `demo API key   ${transfer.apiKey}  (agent demo)`,
      `seamless site  ${second?.url}`,
      `seamless key   ${seamless.apiKey}  (agent demo-seamless)`,
      `demo studio    ${games.url}`,
    ],
    async close() {
      await Promise.all([operator.stop(), games.stop()]);
    },
  };
}

interface AgentOfDemo {
  readonly username: string;
  readonly wallet: 'transfer' | 'seamless';
  readonly dataDir: string;
}

/** The key is kept in DATA_DIR, since the database has only its hash. A lost one is replaced. */
async function demoAgent(
  office: Office,
  { username, wallet, dataDir }: AgentOfDemo,
): Promise<{ id: AgentId; apiKey: string }> {
  const file = join(dataDir, `${username}-key`);
  const kept = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
  const known = kept === null ? null : await findAgentByKey(office.sql, hashKey(kept));
  if (kept !== null && known !== null) return { id: known.agent.id, apiKey: kept };
  const agent = await findAgentByName(office.sql, username);
  const { id, apiKey } =
    agent === null
      ? await createAgentWithKey(office, { username, wallet, actor: 'demo' })
      : { id: agent.id, apiKey: await office.addKey(agent.id, 'demo') };
  if (agent === null) await movePot(office, { username, direction: 'give', amount: POT, actor: 'demo' });
  await writeFile(file, `${apiKey}\n`, { mode: 0o600 });
  return { id, apiKey };
}

async function callbackSecretOf({ sql, vault }: Office, id: AgentId): Promise<string> {
  const [sealed] = (await findOperator(sql, id))?.sealed ?? [];
  if (sealed === undefined) throw new Error(`agent ${id} has no callback secret`);
  return vault.unseal(sealed);
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
  /** Of a program that is several. */
  readonly sites: readonly Site[];
  stop(): Promise<void>;
}

interface Site {
  readonly url: string;
  readonly callbackUrl: string | null;
}

const portOf = (site: Pick<Site, 'url'> | undefined) => (site === undefined ? '0' : new URL(site.url).port);

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
    const start = (ports: { PORT: string; SECOND_PORT?: string }) => {
      const { PATH = '', HOME = '', LANG = '', LOG_LEVEL = '' } = process.env;
      child = fork(new URL(`../${path}`, import.meta.url), {
        env: { PATH, HOME, LANG, ...(LOG_LEVEL === '' ? {} : { LOG_LEVEL }), ...env, ...ports },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      // It comes back where it was: its addresses are known outside.
      let again = ports;
      child.on('message', (message: { type?: string; url?: string; sites?: readonly Site[] }) => {
        const { type, url, sites = [] } = message;
        if (type !== 'ready' || typeof url !== 'string') return;
        again = { PORT: portOf({ url }), SECOND_PORT: portOf(sites[1]) };
        clearTimeout(timer);
        ready({ url, sites, stop });
      });
      child.once('exit', () => {
        if (!stopping) setTimeout(() => !stopping && start(again), 1000);
      });
    };
    start({ PORT: env.PORT ?? '0' });
  });
}
