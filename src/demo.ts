/**
 * The demo: agents with POT, the built-in studio, the seller of the rain book and the stand-in operator beside the hub,
 * programs of their own that speak only its public API. The operator has two sites in one process, one for each kind of
 * wallet, and a third in US dollars, which is what the rain book is played in.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AgentId } from './core/ids.ts';
import { findAgentByKey, findAgentByName, findOperator, setAgent } from './db/agent.ts';
import { listVendors } from './db/game.ts';
import { findStudioByName } from './db/studio.ts';
import { demoCertCode, demoPlayerLink, startRainSeller } from './demo-book.ts';
import { demoPeople } from './demo-office.ts';
import { startProgram } from './demo-program.ts';
import type { BookDirectory } from './engine/book-directory.ts';
import { hashKey } from './engine/seal.ts';
import { createAgentWithKey, createStudioWithSecret, movePot, type Office } from './office.ts';

const STUDIO = 'croupier-studio';
const SELLER = { name: 'croupier-rain', vendor: 'kbook' };
const POT = 10_000_000_000n;

export interface Demo {
  /** What to tell about it, a line each. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export interface DemoOptions {
  readonly office: Office;
  readonly book: BookDirectory;
  /** Where this machine reaches the hub. */
  readonly hubUrl: string;
  readonly host: string;
  readonly dataDir: string;
}

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { office, hubUrl, book } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const shared = { HUB_URL: hubUrl, HOST: options.host, PORT: '0' };
  const certCode = await demoCertCode({ sql: office.sql, book }, dataDir);
  const seller = await demoStudio(office, SELLER.name, [SELLER.vendor]);
  const studio = await demoStudio(office, STUDIO, await vendorsLeft(office));
  const [games, rain, sites, playerLink] = await Promise.all([
    startProgram('games/main.ts', {
      ...shared,
      STUDIO_KEY: studio.key,
      STUDIO_SECRET: studio.secret,
      STUDIO_DATA_DIR: join(dataDir, 'studio'),
    }),
    startRainSeller({ shared, studio: seller, certCode, dataDir }),
    startSites(office, { shared, dataDir }),
    demoPlayerLink(hubUrl, certCode),
  ]);
  const agents = ['demo', 'demo-seamless', 'demo-usd'];
  const people = await demoPeople(office, { hubUrl, dataDir, agents });
  return {
    lines: [
      ...people,
      ...sites.lines,
      `demo studio    ${games.url}`,
      `rain seller    ${rain.url}/status`,
      `rain book cert ${certCode}  (operator demo-book)`,
      `rain book page ${playerLink}`,
    ],
    async close() {
      await Promise.all([sites.close(), games.stop(), rain.stop()]);
    },
  };
}

/** The operator's three sites, each with an agent of its own. */
async function startSites(
  office: Office,
  { shared, dataDir }: { shared: Readonly<Record<string, string>>; dataDir: string },
): Promise<Demo> {
  const transfer = await demoAgent(office, { username: 'demo', wallet: 'transfer', dataDir });
  const seamless = await demoAgent(office, { username: 'demo-seamless', wallet: 'seamless', dataDir });
  const dollar = await demoAgent(office, {
    username: 'demo-usd',
    wallet: 'transfer',
    currency: 'USD',
    dataDir,
  });
  const [operator, dollarSite] = await Promise.all([
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
    startProgram('sim/operator/main.ts', {
      ...shared,
      API_KEY: dollar.apiKey,
      OPERATOR_DATA_DIR: join(dataDir, 'operator-usd'),
      CURRENCY: 'USD',
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
      `USD site       ${dollarSite.url}  (the rain book: ${dollarSite.url}/play?vendor=kbook&game=rain)`,
      `USD key        ${dollar.apiKey}  (agent demo-usd)`,
    ],
    async close() {
      await Promise.all([operator.stop(), dollarSite.stop()]);
    },
  };
}

interface AgentOfDemo {
  readonly username: string;
  readonly wallet: 'transfer' | 'seamless';
  readonly currency?: string;
  readonly dataDir: string;
}

/** The key is kept in DATA_DIR, since the database has only its hash. A lost one is replaced. */
async function demoAgent(
  office: Office,
  { dataDir, ...wish }: AgentOfDemo,
): Promise<{ id: AgentId; apiKey: string }> {
  const { username } = wish;
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
      ? await createAgentWithKey(office, { ...wish, actor: 'demo' })
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

/** Vendors no studio has. */
async function vendorsLeft({ sql }: Office): Promise<string[]> {
  return (await listVendors(sql)).filter(({ studioId }) => studioId === null).map(({ name }) => name);
}

async function demoStudio(
  office: Office,
  name: string,
  vendors: readonly string[],
): Promise<{ key: string; secret: string }> {
  const known = await findStudioByName(office.sql, name);
  if (known?.key && known.sealed) return { key: known.key, secret: office.vault.unseal(known.sealed) };
  return createStudioWithSecret(office, { name, vendors, actor: 'demo' });
}
