/** Operators for tests of the outgoing client: real servers on loopback that count what reaches them. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import {
  type OperatorClient,
  type OperatorClientOptions,
  type OperatorTarget,
  openOperatorClient,
} from '../../src/callbacks/client.ts';

/** Certificates made for these tests alone: an authority, and what it has signed. */
export const pem = (name: string) => readFileSync(new URL(`./pems/${name}.pem`, import.meta.url), 'utf8');

export const SECRET = 'a secret for tests';

export function targetOf(callbackUrl: string | null, changed: Partial<OperatorTarget> = {}): OperatorTarget {
  return { key: '1', callbackUrl, userAgent: 'GuzzleHttp/7', secrets: [SECRET], tls: null, ...changed };
}

export function openClient(t: TestContext, options: Partial<OperatorClientOptions> = {}): OperatorClient {
  const client = openOperatorClient({ allowLoopback: true, allowedNetworks: [], ...options });
  t.after(() => client.close());
  return client;
}

/** An event that is waited for. */
export function signal<T = void>() {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, give: resolve };
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestOperator {
  readonly port: number;
  /** Ends with no slash. */
  readonly url: string;
  readonly seen: Seen[];
  connections: number;
}

type Answer = (seen: Seen, response: ServerResponse) => void;

/** Answers once a request has been read whole. */
export async function httpOperator(
  t: TestContext,
  answer: Answer,
  tls?: ServerOptions,
): Promise<TestOperator> {
  const seen: Seen[] = [];
  const onRequest: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(one);
      answer(one, response);
    });
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  return listen(t, server, { seen, scheme: tls === undefined ? 'http' : 'https' });
}

/** Speaks bytes. */
export async function rawOperator(t: TestContext, onSocket: (socket: Socket) => void): Promise<TestOperator> {
  const server = createRawServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  return listen(t, server, { seen: [], scheme: 'http' });
}

async function listen(
  t: TestContext,
  server: Server,
  { seen, scheme }: { seen: Seen[]; scheme: string },
): Promise<TestOperator> {
  const sockets = new Set<Socket>();
  const operator = { port: 0, url: '', seen, connections: 0 };
  server.on('connection', (socket: Socket) => {
    operator.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  operator.port = (server.address() as AddressInfo).port;
  operator.url = `${scheme}://127.0.0.1:${operator.port}`;
  return operator;
}

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createRawServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
