/**
 * A world for tests: a hub on a database of its own, with clients that speak as operators and studios do.
 * The databases live in one embedded server a test run (test/run.ts); a file run by itself starts its own.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setAgent } from '../src/db/agent.ts';
import { connect } from '../src/db/connect.ts';
import { type EmbeddedServer, startEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';
import { type Hub, type HubOptions, openHub } from '../src/hub.ts';
import {
  type AgentWish,
  createAgentWithKey,
  createStudioWithSecret,
  movePot,
  type Office,
  openOffice,
} from '../src/office.ts';

export const SECRET_KEY = 'a key for tests, of thirty-two characters';
const TEMPLATE = 'croupier_template';

/** A PostgreSQL server for tests; `stop` removes every trace of it. */
export async function startDatabaseServer(): Promise<{
  url: string;
  dataDir: string;
  stop(): Promise<void>;
}> {
  const dataDir = await mkdtemp(join(tmpdir(), 'croupier-test-'));
  // The account PostgreSQL runs as when started by root must get through, or the data goes elsewhere.
  await chmod(dataDir, 0o755);
  // Else, started by root, the data would go where PostgreSQL's own account can reach it, and stay there.
  await chmod(dataDir, 0o755);
  const server: EmbeddedServer = await startEmbedded({ dataDir: join(dataDir, 'data') });
  return {
    url: server.url,
    dataDir: server.dataDir,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Makes the migrated database that all test databases are copied from. */
export async function prepareTemplate(serverUrl: string): Promise<void> {
  const admin = connect(serverUrl, { max: 1, name: 'test' });
  await admin.unsafe(`create database ${TEMPLATE}`);
  await admin.end();
  const sql = connect(withDatabase(serverUrl, TEMPLATE), { max: 1, name: 'test' });
  await migrate(sql);
  await sql.end();
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh migrated database. */
export const createDatabase = (): Promise<TestDatabase> => createFrom(TEMPLATE);

/** A database with nothing in it. */
export const createEmptyDatabase = (): Promise<TestDatabase> => createFrom('template0');

async function createFrom(template: string): Promise<TestDatabase> {
  const own = process.env.TEST_SERVER_URL === undefined ? await startDatabaseServer() : null;
  const serverUrl = own?.url ?? process.env.TEST_SERVER_URL ?? '';
  if (own !== null) await prepareTemplate(serverUrl);
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = connect(serverUrl, { max: 1, name: 'test' });
  await admin.unsafe(`create database ${name} template ${template}`);
  return {
    url: withDatabase(serverUrl, name),
    async drop() {
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
      await own?.stop();
    },
  };
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  readonly body: any;
  readonly headers: Headers;
  readonly text: string;
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // an empty or plain body stays text
  }
  return { status: response.status, body, headers: response.headers, text };
}

const TIMEOUT_MS = 30_000;

/** Speaks the operator API. GET carries parameters in the query, the others as JSON. */
export interface XtClient {
  readonly apiKey: string;
  call(
    method: string,
    path: string,
    values?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  get(path: string, values?: Record<string, unknown>): Promise<Answer>;
  post(path: string, values?: Record<string, unknown>): Promise<Answer>;
}

export function xtClient(url: string, apiKey: string): XtClient {
  const call: XtClient['call'] = async (method, path, values = {}, headers = {}) => {
    const query =
      method === 'GET'
        ? `?${new URLSearchParams(Object.entries(values).map(([k, v]): [string, string] => [k, String(v)]))}`
        : '';
    const response = await fetch(`${url}/api${path}${query}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: 'application/json',
        'content-type': 'application/json',
        ...headers,
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(values) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return toAnswer(response);
  };
  return {
    apiKey,
    call,
    get: (path, values) => call('GET', path, values),
    post: (path, values) => call('POST', path, values),
  };
}

/** Speaks the studio API, signed. */
export interface StudioClient {
  readonly key: string;
  readonly secret: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Sends items; returns their results. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  transact(...items: Record<string, unknown>[]): Promise<any[]>;
}

export function signStudio(
  secret: string,
  request: { method: string; path: string; timestamp: string; nonce: string; body: string },
): string {
  const { method, path, timestamp, nonce, body } = request;
  return createHmac('sha256', secret)
    .update(`${method}\n${path}\n${timestamp}\n${nonce}\n`)
    .update(body)
    .digest('hex');
}

export function studioClient(url: string, { key, secret }: { key: string; secret: string }): StudioClient {
  const call: StudioClient['call'] = async (method, path, value, headers = {}) => {
    const [timestamp, nonce, body] = [
      String(Date.now()),
      randomUUID(),
      value === undefined ? '' : JSON.stringify(value),
    ];
    const full = `/studio/v1${path}`;
    const response = await fetch(`${url}${full}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-studio-key': key,
        'x-timestamp': timestamp,
        'x-nonce': nonce,
        'x-signature': signStudio(secret, { method, path: full, timestamp, nonce, body }),
        ...headers,
      },
      ...(value === undefined ? {} : { body }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return toAnswer(response);
  };
  return {
    key,
    secret,
    call,
    async transact(...items) {
      const answer = await call('POST', '/transactions', { transactions: items });
      if (answer.status !== 200) throw new Error(`studio answered ${answer.status}: ${answer.text}`);
      return answer.body.results;
    },
  };
}

export interface TestAgent extends XtClient {
  readonly id: number;
  readonly username: string;
}

export interface World {
  readonly databaseUrl: string;
  readonly hub: Hub;
  readonly office: Office;
  /** http://127.0.0.1:port of the hub. */
  readonly url: string;
  /** A new agent with POT; pacing is off unless asked for. */
  agent(wish?: Partial<AgentWish> & { pot?: bigint; pacing?: boolean }): Promise<TestAgent>;
  /** A new studio that owns these vendors and publishes one enabled game for each: id `<vendor>-game`, type slot. */
  studio(...vendors: string[]): Promise<StudioClient>;
  /** Creates the user, pays it `balance`, launches the vendor's test game and opens it at the studio. */
  play(
    agent: TestAgent,
    studio: StudioClient,
    options: { username: string; vendor: string; balance?: number },
  ): Promise<{ session: string; player: string; game: { id: string; type: string; title: string } }>;
  /** A further hub on the same database. */
  secondHub(options?: Partial<HubOptions>): Promise<{ hub: Hub; url: string }>;
  close(): Promise<void>;
}

export async function openWorld(options: Partial<HubOptions> = {}): Promise<World> {
  const database = await createDatabase();
  const opened: Hub[] = [];
  const start = async (extra: Partial<HubOptions>) => {
    const hub = await openHub({
      databaseUrl: database.url,
      secretKey: SECRET_KEY,
      lanes: 2,
      retentionDays: 1826,
      trustProxy: false,
      logLevel: 'error',
      outreach: { client: { allowLoopback: true, allowedNetworks: [] } },
      ...extra,
    });
    opened.push(hub);
    await hub.server.listen({ port: 0, host: '127.0.0.1' });
    return { hub, url: `http://127.0.0.1:${(hub.server.server.address() as AddressInfo).port}` };
  };
  const { hub, url } = await start(options);
  const office = openOffice(hub);
  return {
    databaseUrl: database.url,
    hub,
    office,
    url,
    async agent({ pot = 1_000_000n, pacing = false, ...wish } = {}) {
      const made = await createAgentWithKey(office, {
        username: `agent-${randomBytes(5).toString('hex')}`,
        actor: 'test',
        ...wish,
      });
      await setAgent(hub.sql, made.id, { pacing });
      if (pot > 0n)
        await movePot(office, { username: made.username, direction: 'give', amount: pot, actor: 'test' });
      return { ...xtClient(url, made.apiKey), id: made.id, username: made.username };
    },
    async studio(...vendors) {
      const made = await createStudioWithSecret(office, {
        name: `studio-${randomBytes(5).toString('hex')}`,
        vendors,
        actor: 'test',
      });
      const client = studioClient(url, made);
      const games = vendors.map((vendor) => ({
        id: `${vendor}-game`,
        title: `${vendor} test`,
        type: 'slot',
        vendor,
        launchUrl: 'http://127.0.0.1:1/play',
      }));
      const answer = await client.call('PUT', '/games', { games });
      if (answer.status !== 200) throw new Error(`publishing failed: ${answer.text}`);
      return client;
    },
    async play(agent, studio, { username, vendor, balance = 100_000 }) {
      const launched = await agent.get('/game-launch-link', { username, vendor, game_id: `${vendor}-game` });
      if (launched.status !== 200) throw new Error(`launch failed: ${launched.text}`);
      if (balance > 0) {
        const paid = await agent.post('/user/add-balance', { username, amount: balance });
        if (paid.status !== 200) throw new Error(`paying failed: ${paid.text}`);
      }
      const token = new URL(launched.body.link).searchParams.get('token');
      const session = await studio.call('POST', '/sessions/open', { token });
      if (session.status !== 200) throw new Error(`opening failed: ${session.text}`);
      return session.body;
    },
    secondHub: (extra = {}) => start(extra),
    async close() {
      for (const each of opened) await each.close();
      await database.drop();
    },
  };
}
