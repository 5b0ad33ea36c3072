/** The studio's pages, and the pictures of its games, drawn when they are first asked for. */
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { backdropSvg, symbolSvg, thumbnailSvg } from './art/pictures.ts';
import { gameById } from './catalogue/games.ts';
import { SYMBOL_COUNT } from './slot/model.ts';
import { type Asset, assetOf, sendAsset, serveWebFolder } from './web-folder.ts';

const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors *',
].join('; ');
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";
const PICTURES_KEPT_MAX = 2_000;

/** Keeps pictures once drawn; they follow from the game alone. */
function pictureShelf(): (name: string, draw: () => string) => Asset {
  const shelf = new Map<string, Asset>();
  return (name, draw) => {
    const kept = shelf.get(name);
    if (kept !== undefined) return kept;
    if (shelf.size >= PICTURES_KEPT_MAX) shelf.clear();
    const asset = assetOf(draw(), 'svg');
    shelf.set(name, asset);
    return asset;
  };
}

function servePictures(app: FastifyInstance): void {
  const picture = pictureShelf();
  const sendPicture = (
    request: FastifyRequest,
    reply: FastifyReply,
    drawn: { name: string; draw: () => string },
  ): FastifyReply => {
    reply.header('content-security-policy', PICTURE_POLICY);
    reply.header('cache-control', 'public, max-age=86400');
    reply.header('access-control-allow-origin', '*');
    reply.header('cross-origin-resource-policy', 'cross-origin');
    return sendAsset(request, reply, picture(drawn.name, drawn.draw));
  };

  app.get<{ Params: { id: string } }>('/thumb/:id.svg', (request, reply) => {
    const game = gameById(request.params.id);
    if (game === undefined) return reply.callNotFound();
    return sendPicture(request, reply, { name: `thumb ${game.id}`, draw: () => thumbnailSvg(game) });
  });
  app.get<{ Params: { id: string } }>('/backdrop/:id.svg', (request, reply) => {
    const game = gameById(request.params.id);
    if (game === undefined) return reply.callNotFound();
    return sendPicture(request, reply, { name: `backdrop ${game.id}`, draw: () => backdropSvg(game) });
  });
  app.get<{ Params: { id: string; n: string } }>('/symbol/:id/:n.svg', (request, reply) => {
    const game = gameById(request.params.id);
    const symbol = Number(request.params.n);
    const known = Number.isInteger(symbol) && symbol >= 0 && symbol < SYMBOL_COUNT;
    if (game?.kind !== 'slot' || !known) return reply.callNotFound();
    return sendPicture(request, reply, {
      name: `symbol ${game.id} ${symbol}`,
      draw: () => symbolSvg(game, symbol),
    });
  });
}

/** Adds the routes of everything a browser loads. */
export function servePages(app: FastifyInstance): void {
  serveWebFolder(app, { folder: join(import.meta.dirname, 'web'), policy: PAGE_POLICY });
  servePictures(app);
}
