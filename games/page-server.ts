/**
 * The HTTP border every page of these programs stands behind. Bodies are small and validated; a page's key travels in
 * a header and never in a cookie, so it works inside an operator's frame and no other site can act for the player.
 */
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';

const BODY_BYTES_MAX = 4_096;

/** HTTP status of the refusals both have; what is about the game itself is 409. */
export const STATUS: Readonly<Record<string, number>> = {
  session_unknown: 401,
  token_invalid: 401,
  unauthenticated: 502,
  hub_unreachable: 503,
  busy: 429,
};

export function keyOf(request: FastifyRequest): string {
  const header = request.headers['x-studio-session'];
  return typeof header === 'string' ? header.slice(0, 100) : '';
}

/** A server with health and status and no pages yet; `status` is what is open and cannot be brought to an end. */
export function pageServer(status: () => object): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: 60_000,
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  app.setErrorHandler((error, _request, reply) => {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode !== undefined && statusCode < 500)
      return reply.code(statusCode).send({ code: 'invalid_request' });
    return reply.code(503).send({ code: 'retry' });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'not_found' }));
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/status', async (_request, reply) => reply.header('cache-control', 'no-store').send(status()));
  return app;
}
