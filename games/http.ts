/**
 * The studio's own HTTP: the page's calls, pages, pictures. Bodies are small and validated; the session key
 * travels in a header and never in a cookie, so the page works inside an operator's frame and no other site can
 * act for the player.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Acted, Refusal } from './house.ts';
import { keyOf, pageServer, STATUS } from './page-server.ts';
import { servePages } from './pages.ts';
import type { Parlour } from './parlour.ts';
import type { Status } from './status.ts';

const ID = { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' } as const;
const AMOUNT = { type: 'string', pattern: '^[0-9]{1,18}$' } as const;

const bodyOf = (properties: Record<string, unknown>) => ({
  schema: {
    body: { type: 'object', required: Object.keys(properties), properties, additionalProperties: false },
  },
});

function answer(reply: FastifyReply, acted: Acted | Refusal): FastifyReply {
  if (acted.ok) return reply.send(acted.view);
  const status = STATUS[acted.code] ?? 409;
  return reply.code(status).send({ code: acted.code, ...('view' in acted ? { view: acted.view } : {}) });
}

function playRoutes(app: FastifyInstance, parlour: Parlour): void {
  app.get('/api/state', async (request, reply) => answer(reply, await parlour.state(keyOf(request))));

  app.post<{ Body: { token: string; opening: string; language: string } }>(
    '/api/open',
    bodyOf({
      token: { type: 'string', minLength: 1, maxLength: 512 },
      opening: ID,
      language: { type: 'string', maxLength: 16 },
    }),
    async (request, reply) => {
      const opened = await parlour.open(request.body);
      return opened.ok ? reply.send({ key: opened.key, view: opened.view }) : answer(reply, opened);
    },
  );

  app.post<{ Body: { game: string | null } }>(
    '/api/choose',
    bodyOf({ game: { type: ['string', 'null'], maxLength: 120 } }),
    async (request, reply) => answer(reply, await parlour.choose(keyOf(request), request.body.game)),
  );

  app.post<{ Body: { spinId: string; stake: string } }>(
    '/api/spin',
    bodyOf({ spinId: ID, stake: AMOUNT }),
    async (request, reply) => {
      const { spinId, stake } = request.body;
      return answer(reply, await parlour.spin(keyOf(request), { spinId, stake: BigInt(stake) }));
    },
  );

  app.post<{ Body: { spinId: string; round: string; reel: number; price: string } }>(
    '/api/respin',
    bodyOf({ spinId: ID, round: ID, reel: { type: 'integer', minimum: 0, maximum: 4 }, price: AMOUNT }),
    async (request, reply) => {
      const { spinId, round, reel, price } = request.body;
      const order = { spinId, round, reel, price: BigInt(price) };
      return answer(reply, await parlour.respin(keyOf(request), order));
    },
  );

  app.post<{ Body: { spinId: string; round: string } }>(
    '/api/free',
    bodyOf({ spinId: ID, round: ID }),
    async (request, reply) => answer(reply, await parlour.free(keyOf(request), request.body)),
  );

  app.post('/api/decline', async (request, reply) => answer(reply, await parlour.decline(keyOf(request))));

  app.post('/api/close', async (request, reply) => answer(reply, await parlour.close(keyOf(request))));
}

/** Builds the server; the caller listens and closes. */
export function studioServer(parlour: Parlour, status: () => Status): FastifyInstance {
  const app = pageServer(status);
  playRoutes(app, parlour);
  servePages(app);
  return app;
}
