/** The web server: what holds for every answer, and the list of all routes. */
import { createServer, type RequestListener } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { errorPage } from './pages/error.ts';
import { adminRoutes } from './routes/admin.ts';
import { assetRoutes } from './routes/assets.ts';
import { doorRoutes } from './routes/door.ts';
import { gameRoutes } from './routes/games.ts';
import { moneyRoutes } from './routes/money.ts';
import { seamlessRoutes } from './routes/seamless.ts';
import { isStaffPath } from './seamless-admin.ts';
import type { Site } from './site.ts';
import { PageError, sendPage, viewOf } from './visit.ts';

/** No inline script or style anywhere; games come from whatever address the hub names, so frames are free. */
const securityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src * data:',
  "connect-src 'self'",
  'frame-src *',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function siteServer(site: Site): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: 16_384,
    serverFactory: (pages) => {
      const server = createServer(listenerOf(site, pages));
      server.keepAliveTimeout = 120_000;
      return server;
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );

  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', securityPolicy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'same-origin');
    reply.header('cross-origin-opener-policy', 'same-origin');
  });

  app.setErrorHandler((error, request, reply) => {
    const known = error instanceof PageError ? error : null;
    const isClientFault =
      typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode !== 500;
    const status = known?.status ?? (isClientFault ? Number(error.statusCode) : 500);
    if (status === 500) site.log.error({ err: error }, 'a page failed');
    return sendPage(
      reply.status(status),
      errorPage(viewOf(site, { request, reply }), known?.word ?? 'errorText'),
    );
  });
  app.setNotFoundHandler((request, reply) =>
    sendPage(reply.status(404), errorPage(viewOf(site, { request, reply }), 'notFoundText')),
  );

  assetRoutes(app);
  doorRoutes(app, site);
  gameRoutes(app, site);
  if (site.money.kind === 'transfer') moneyRoutes(app, { ...site, money: site.money });
  else seamlessRoutes(app, { ...site, money: site.money });
  adminRoutes(app, site);
  return app;
}

/** What the hub calls, and tests and staff beside it, takes JSON and no cookie: it does not pass through the pages. */
function listenerOf({ money }: Site, pages: RequestListener): RequestListener {
  if (money.kind === 'transfer') return pages;
  const { desk } = money;
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (!path.startsWith('/seamless/')) return pages(request, response);
    return isStaffPath.test(path) ? desk.admin(request, response) : desk.callbacks(request, response);
  };
}
