/** The server every API hangs on: error border, limits, health, metrics, documentation. */
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { Gauge, Histogram, Registry } from 'prom-client';
import type { Sql } from '../db/connect.ts';

/** How each API knows its callers, for the documentation. */
export const SECURITY_SCHEMES = {
  key: { type: 'http', scheme: 'bearer', description: 'API key of the agent' },
  staff: { type: 'http', scheme: 'bearer', description: "a person's key: croupier staff key create" },
  office: {
    type: 'apiKey',
    in: 'cookie',
    name: 'croupier_office',
    description:
      'a person signed in to the back office; calls that change something also carry X-Croupier-Office: 1',
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Signature',
    description:
      'HMAC-SHA-256 of the request, with X-Studio-Key, X-Timestamp and X-Nonce: docs/integrate-studio.md',
  },
} as const;

export interface ServerOptions {
  readonly sql: Sql;
  readonly trustProxy: boolean;
  readonly waitingCommands: () => number;
  readonly isDraining: () => boolean;
}

export interface Metrics {
  readonly registry: Registry;
  readonly batchSize: Histogram;
  readonly batchSeconds: Histogram;
  readonly requestSeconds: Histogram<'api' | 'status'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    batchSize: new Histogram({
      name: 'croupier_ledger_batch_commands',
      help: 'commands in a ledger batch',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 256],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'croupier_ledger_batch_seconds',
      help: 'time of a ledger batch',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'croupier_request_seconds',
      help: 'time to answer',
      labelNames: ['api', 'status'],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    }),
  };
}

const UNREADABLE = '{"code":"invalid_request","message":"The address could not be read."}';
/** The rain book's APIs answer 200 to everything (src/kbook/codes.ts). */
const BOOK_UNREADABLE = '{"code":"1002","message":"SOURCE NOT FOUND"}';

const REQUEST_MS_MAX = 60_000;

export async function createServer(options: ServerOptions, metrics: Metrics): Promise<FastifyInstance> {
  const server = Fastify({
    trustProxy: options.trustProxy,
    bodyLimit: 1024 * 1024,
    requestTimeout: REQUEST_MS_MAX,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // Before any route is found, so in a form that every API's clients can read.
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      const ofTheBook = /^\/(vendor|player)\/api\//.test(request.url);
      return reply
        .code(ofTheBook ? 200 : 400)
        .type('application/json; charset=utf-8')
        .send(ofTheBook ? BOOK_UNREADABLE : UNREADABLE);
    },
  });
  // Clients send JSON bodies with GET (contract xt §1).
  server.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'Not found.' }));
  new Gauge({
    name: 'croupier_ledger_waiting',
    help: 'commands that wait for the ledger',
    registers: [metrics.registry],
    collect() {
      this.set(options.waitingCommands());
    },
  });
  server.addHook('onResponse', (request, reply, done) => {
    const api = request.routeOptions.url?.split('/')[1] ?? '';
    metrics.requestSeconds.observe({ api, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('x-content-type-options', 'nosniff');
    if (options.isDraining()) reply.header('connection', 'close');
    done();
  });
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: '', version: '' },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
  });
  server.get('/healthz', { schema: { hide: true } }, async () => ({ ok: true }));
  server.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    if (options.isDraining()) return reply.code(503).send({ ready: false, reason: 'draining' });
    const ready = await answersWithin(options.sql, 2000);
    return reply
      .code(ready ? 200 : 503)
      .send(ready ? { ready } : { ready, reason: 'the database does not answer' });
  });
  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  return server;
}

async function answersWithin(sql: Sql, limitMs: number): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, limitMs, false).unref());
  return Promise.race([
    sql`select 1`.then(
      () => true,
      () => false,
    ),
    late,
  ]);
}
