/**
 * Pages, scripts and pictures. Browser scripts are the TypeScript of `web/` with its types stripped, made once
 * and kept compressed in memory under an address that carries a digest of all of them, so browsers may keep
 * them for ever and a new version is a new address.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { backdropSvg, symbolSvg, thumbnailSvg } from './art/pictures.ts';
import { gameById } from './catalogue/games.ts';
import { SYMBOL_COUNT } from './slot/model.ts';

type Asset = { type: string; raw: Buffer; br: Buffer; gzip: Buffer };

const TYPES: Readonly<Record<string, string>> = {
  ts: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

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

function assetOf(text: string, extension: string): Asset {
  const raw = Buffer.from(text);
  return {
    type: TYPES[extension]!,
    raw,
    br: brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
    gzip: gzipSync(raw),
  };
}

function scriptOf(source: string): string {
  return stripTypeScriptTypes(source).replace(/[ \t]+$/gm, '');
}

function readScripts(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(folder).sort()) {
    const source = readFileSync(join(folder, name), 'utf8');
    if (name.endsWith('.ts')) assets.set(name, assetOf(scriptOf(source), 'ts'));
    if (name.endsWith('.css')) assets.set(name, assetOf(source, 'css'));
  }
  return assets;
}

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  reply.type(asset.type).header('vary', 'accept-encoding');
  const accepts = String(request.headers['accept-encoding'] ?? '');
  if (/\bbr\b/.test(accepts)) return reply.header('content-encoding', 'br').send(asset.br);
  if (/\bgzip\b/.test(accepts)) return reply.header('content-encoding', 'gzip').send(asset.gzip);
  return reply.send(asset.raw);
}

function digestOfAll(assets: ReadonlyMap<string, Asset>): string {
  const hash = createHash('sha256');
  for (const [name, asset] of assets) hash.update(name).update(asset.raw);
  return hash.digest('hex').slice(0, 12);
}

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
    return send(request, reply, picture(drawn.name, drawn.draw));
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
  const folder = join(import.meta.dirname, 'web');
  const assets = readScripts(folder);
  const version = digestOfAll(assets);
  const html = readFileSync(join(folder, 'page.html'), 'utf8').replaceAll('{{version}}', version);
  const page = assetOf(html, 'html');

  app.get('/play/:id', (request, reply) => {
    reply.header('content-security-policy', PAGE_POLICY);
    reply.header('cache-control', 'no-store');
    return send(request, reply, page);
  });
  app.get<{ Params: { version: string; name: string } }>('/web/:version/:name', (request, reply) => {
    const asset = request.params.version === version ? assets.get(request.params.name) : undefined;
    if (asset === undefined) return reply.callNotFound();
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return send(request, reply, asset);
  });
  servePictures(app);
}
