/** The lobby, the games in it, and what became of them. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Catalogue, filterGames } from '../catalogue.ts';
import { amountText } from '../money.ts';
import { historyPage } from '../pages/history.ts';
import { type LobbyShelf, lobbyPage, shelfPart, titleOf } from '../pages/lobby.ts';
import { playFailedPage, playPage } from '../pages/play.ts';
import { historyOf } from '../rounds.ts';
import type { Site } from '../site.ts';
import { memberView, PageError, queryPage, queryText, sendPage, viewOf } from '../visit.ts';

export function gameRoutes(app: FastifyInstance, site: Site): void {
  app.get('/lobby', async (request, reply) => {
    const [view, catalogue] = await Promise.all([
      memberView(site, { request, reply }),
      site.catalogue.read(),
    ]);
    if (view === null) return reply.redirect('/', 303);
    return sendPage(reply, lobbyPage(view, catalogue, shelfOf(catalogue, request)));
  });

  // The grid alone, for web/lobby.ts.
  app.get('/lobby/shelf', async (request, reply) => {
    const view = viewOf(site, { request, reply });
    const catalogue = await site.catalogue.read();
    if (view.member === null || catalogue === null) throw new PageError(503, 'hubAway');
    return sendPage(reply, shelfPart(view, { catalogue, shelf: shelfOf(catalogue, request) }));
  });

  app.get('/play', async (request, reply) => {
    const view = await memberView(site, { request, reply });
    if (view === null) return reply.redirect('/', 303);
    const catalogue = await site.catalogue.read();
    const [vendor, gameId] = [queryText(request, 'vendor'), queryText(request, 'game')];
    const all = catalogue === null ? [] : [...catalogue.games, ...catalogue.lobbies];
    const game = all.find((one) => one.vendor === vendor && one.id === gameId);
    if (game === undefined)
      throw new PageError(catalogue === null ? 503 : 404, catalogue === null ? 'hubAway' : 'notFoundText');
    const answer = await site.xt.launchLink({ username: view.member.name, gameId, vendor });
    if (answer.kind === 'ok')
      return sendPage(reply, playPage(view, { title: titleOf(view, game), link: answer.value }));
    const refused = answer.kind === 'refused';
    site.log.warn({ vendor, gameId, answer }, 'a game was not opened');
    return sendPage(
      reply.status(502),
      playFailedPage(view, { refused, reason: refused ? answer.message : '' }),
    );
  });

  app.get('/history', async (request, reply) => {
    const view = await memberView(site, { request, reply });
    if (view === null) return reply.redirect('/', 303);
    const items = historyOf(site.feed.rowsOf(view.member.name));
    return sendPage(reply, historyPage(view, { items, page: queryPage(request) }));
  });

  app.get('/balance', async (request, reply) => {
    const view = await memberView(site, { request, reply });
    if (view === null) return reply.status(401).send({});
    const games = view.wallet === null ? null : amountText(view.wallet);
    return reply.header('cache-control', 'no-store').send({ site: amountText(view.member.balance), games });
  });
}

function shelfOf(catalogue: Catalogue | null, request: FastifyRequest): LobbyShelf {
  const [vendor, type, search] = [
    queryText(request, 'vendor'),
    queryText(request, 'type'),
    queryText(request, 'q'),
  ];
  const filter = { vendor, type, search };
  return { filter, found: filterGames(catalogue?.games ?? [], filter), page: queryPage(request) };
}
