/**
 * A stand: the reference wallet behind scripts. Every call is kept as its bytes came; then the script of its prefix
 * says what becomes of it, and without one the wallet answers. One stand serves many agents, each below a prefix.
 */
import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { type Desk, openDesk } from '../../sim/operator/seamless-desk.ts';
import { noFaults } from '../../sim/operator/seamless-faults.ts';
import { audit } from '../../src/db/audit.ts';
import type { Hub } from '../../src/hub.ts';
import type { TestAgent, World } from '../world.ts';

/** What the wallet would answer. */
export interface Processed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

export interface Packet {
  readonly username: string;
  readonly amount: number;
  readonly transaction: {
    readonly id: number;
    readonly type: string;
    readonly referer_id: number | null;
    readonly amount: number;
    readonly processed_at: string;
    readonly details: { readonly game: Readonly<Record<string, string>> } | null;
    readonly target: { readonly balance: number };
  };
}

export interface Call {
  readonly method: string;
  /** What stands before /balance or /changeBalance. */
  readonly prefix: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Null for a question about the balance. */
  readonly packet: Packet | null;
  /** Lets the wallet act. */
  process(): Promise<Processed>;
}

export type Script = (call: Call, response: ServerResponse) => void | Promise<void>;

export interface Stand {
  readonly url: string;
  readonly desk: Desk;
  readonly calls: readonly Call[];
  /** Gives a prefix its script, now and later; null = the wallet answers. Returns the callback URL. */
  under(prefix: string, script: Script | null): string;
  /** The first call that matches, also one still to come. */
  arrived(matches: (call: Call) => boolean): Promise<Call>;
  /** Packets of a user in the order of their arrival, repeats too. */
  packetsOf(username: string): Packet[];
  close(): Promise<void>;
}

export const ofType =
  (type: string, username?: string) =>
  ({ packet }: Call): boolean =>
    packet?.transaction.type === type && (username === undefined || packet.username === username);

export const answer: Script = async (call, response) => {
  const { status, headers, body } = await call.process();
  response.writeHead(status, headers).end(body);
};

/** Names nobody knows have `openWith` minor units. */
export async function openStand({ openWith = 100_000n, currency = 'KRW' } = {}): Promise<Stand> {
  const desk = openDesk({ path: ':memory:', currency, secret: null, openWith, faults: noFaults });
  const calls: Call[] = [];
  const scripts = new Map<string, Script>();
  const waiting = new Set<(call: Call) => void>();
  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    readCall(desk, request).then(
      async (call) => {
        calls.push(call);
        for (const each of waiting) each(call);
        await (scripts.get(call.prefix) ?? answer)(call, response);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    desk,
    calls,
    under(prefix, script) {
      if (script === null) scripts.delete(`/${prefix}`);
      else scripts.set(`/${prefix}`, script);
      return `${url}/${prefix}`;
    },
    arrived(matches) {
      const known = calls.find(matches);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => {
        const look = (call: Call) => {
          if (!matches(call)) return;
          waiting.delete(look);
          resolve(call);
        };
        waiting.add(look);
      });
    },
    packetsOf: (username) =>
      calls.flatMap(({ packet }) => (packet !== null && packet.username === username ? [packet] : [])),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      desk.close();
    },
  };
}

async function readCall(desk: Desk, request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const { method = '', url = '', headers } = request;
  const [path = ''] = url.split('?');
  return {
    method,
    prefix: path.slice(0, path.lastIndexOf('/')),
    url,
    headers,
    body: bytes.toString(),
    packet: method === 'POST' ? JSON.parse(bytes.toString()) : null,
    process: () => process(desk, { method, url, headers, bytes }),
  };
}

/** The wallet's listener on a request read before, with a response that only remembers. */
function process(
  desk: Desk,
  { bytes, ...rest }: Pick<Call, 'method' | 'url' | 'headers'> & { readonly bytes: Buffer },
): Promise<Processed> {
  const request = Object.assign(Readable.from(bytes.length === 0 ? [] : [bytes]), rest);
  return new Promise((resolve, reject) => {
    const response = {
      writeHead: (status: number, headers: Processed['headers']) => ({
        end: (body: string) => resolve({ status, headers, body }),
      }),
      destroy: () => reject(new Error('the wallet is not certain')),
    };
    desk.callbacks(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
}

// ---- looking at the hub ---------------------------------------------------------------------------------------

const HOLDS_MS_MAX = 20_000;

/** Asks until it holds. Rejects when it does not in time. */
export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const startedAt = performance.now();
  while (!(await holds())) {
    assert.ok(performance.now() - startedAt < HOLDS_MS_MAX, `in time: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Until the agent's operator has been told of everything. */
export function untilTold(world: World, agent: Pick<TestAgent, 'id'>): Promise<void> {
  return until(async () => {
    const rows = await world.hub.sql`select 1 from callback where agent_id = ${agent.id} and state < 2`;
    return rows.length === 0;
  }, 'everything is told');
}

export interface Attempt {
  readonly callback_id: bigint;
  readonly n: number;
  readonly class: string;
  readonly status: number | null;
  readonly request: string;
  readonly answer: string;
}

export async function attemptsOf(world: World, agent: Pick<TestAgent, 'id'>): Promise<Attempt[]> {
  const rows = await world.hub
    .sql`select callback_id, n, class, status, request, answer from callback_attempt where agent_id = ${agent.id} order by callback_id, n`;
  return rows.map((row) => ({ ...row })) as unknown as Attempt[];
}

/** Rows of the feed as `/transactions` shows them. */
export interface Row {
  readonly id: number;
  readonly type: string;
  readonly amount: number;
  readonly before: number;
  readonly processed_at: string;
  readonly referer_id: number | null;
  readonly details: { readonly game: Readonly<Record<string, string>> } | null;
  readonly user: { readonly id: number; readonly username: string };
}

const WINDOW = { start: '2020-01-01 00:00:00', end: '2099-01-01 00:00:00', page: 1, perPage: 1000 };

/** The agent's rows about its users. */
export async function rowsOf(agent: TestAgent): Promise<Row[]> {
  const found = await agent.get('/transactions', WINDOW);
  assert.equal(found.status, 200, found.text);
  return found.body.data.filter((row: Row) => row.user.id !== agent.id);
}

/** Closes a hub before its world is: a hub is closed once. */
export async function closeHub(hub: Hub): Promise<void> {
  await hub.close();
  Object.assign(hub, { close: async () => {} });
}

export async function auditHolds(world: World): Promise<void> {
  const report = await audit(world.hub.sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
}
