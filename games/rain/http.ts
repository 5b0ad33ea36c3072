/**
 * The seller's own HTTP: the page's calls and the page. Bodies are small and validated; the key travels in a header
 * and never in a cookie, so the page works inside an operator's frame and no other site can act for the player. Only
 * the word that a page goes away has its key in the body: what a browser sends then has no headers of ours.
 */

import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { keyOf, pageServer, STATUS } from '../page-server.ts';
import { assetOf, sendAsset, serveWebFolder } from '../web-folder.ts';
import type { Desk, Viewed } from './desk.ts';
import { RAIN } from './seller-game.ts';
import type { Status } from './status.ts';
import { thumbnailSvg } from './thumbnail.ts';

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  'frame-src http: https:',
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors *',
].join('; ');

const OPEN_BODY = {
  type: 'object',
  required: ['token', 'opening', 'language'],
  additionalProperties: false,
  properties: {
    token: { type: 'string', minLength: 1, maxLength: 512 },
    opening: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' },
    language: { type: 'string', maxLength: 16 },
  },
};

const STATUSES: typeof STATUS = { ...STATUS, book_unreachable: 503 };

function refuse(reply: FastifyReply, code: string): FastifyReply {
  return reply.code(STATUSES[code] ?? 409).send({ code });
}

function answer(reply: FastifyReply, viewed: Viewed): FastifyReply {
  return viewed.ok ? reply.send(viewed.view) : refuse(reply, viewed.code);
}

function visitRoutes(app: FastifyInstance, desk: Desk): void {
  app.post<{ Body: { token: string; opening: string; language: string } }>(
    '/api/open',
    { schema: { body: OPEN_BODY } },
    async (request, reply) => {
      const opened = await desk.open(request.body);
      return opened.ok ? reply.send({ key: opened.key, view: opened.view }) : refuse(reply, opened.code);
    },
  );
  app.get('/api/view', async (request, reply) => answer(reply, await desk.view(keyOf(request))));
  app.post('/api/enter', async (request, reply) => answer(reply, await desk.enter(keyOf(request))));
  app.post('/api/touch', async (request, reply) => answer(reply, await desk.touch(keyOf(request))));
  app.post('/api/leave', async (request, reply) => answer(reply, await desk.leave(keyOf(request))));
  app.post<{ Body: unknown }>('/api/away', async (request, reply) => {
    if (typeof request.body === 'string') await desk.away(request.body.slice(0, 100));
    return reply.code(204).send();
  });
  app.post('/api/login', async (request, reply) => {
    const login = await desk.login(keyOf(request));
    return login.ok ? reply.send({ url: login.url }) : refuse(reply, login.code);
  });
}

function pictureRoute(app: FastifyInstance): void {
  const picture = assetOf(thumbnailSvg(), 'svg');
  app.get(`/thumb/${RAIN.id}.svg`, (request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    reply.header('cache-control', 'public, max-age=86400');
    reply.header('access-control-allow-origin', '*');
    reply.header('cross-origin-resource-policy', 'cross-origin');
    return sendAsset(request, reply, picture);
  });
}

/** Builds the server; the caller listens and closes. */
export function sellerServer(desk: Desk, status: () => Status): FastifyInstance {
  const app = pageServer(status);
  visitRoutes(app, desk);
  pictureRoute(app);
  serveWebFolder(app, { folder: join(import.meta.dirname, 'web'), policy: PAGE_POLICY });
  return app;
}
