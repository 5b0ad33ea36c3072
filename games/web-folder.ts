/**
 * A folder of a page, its scripts and styles. Browser scripts are TypeScript with its types stripped, made once and
 * kept compressed in memory under an address that carries a digest of all of them, so browsers may keep them for ever
 * and a new version is a new address.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export type Asset = { type: string; raw: Buffer; br: Buffer; gzip: Buffer };

const TYPES: Readonly<Record<string, string>> = {
  ts: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

/** A text as it goes out, compressed once. */
export function assetOf(text: string, extension: string): Asset {
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

/** Sends it as the browser likes it best. */
export function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
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

/** Adds `/play/:id`, which is the folder's page.html, and the scripts and styles it names. */
export function serveWebFolder(app: FastifyInstance, by: { folder: string; policy: string }): void {
  const { folder, policy } = by;
  const assets = readScripts(folder);
  const version = digestOfAll(assets);
  const html = readFileSync(join(folder, 'page.html'), 'utf8').replaceAll('{{version}}', version);
  const page = assetOf(html, 'html');

  app.get('/play/:id', (request, reply) => {
    reply.header('content-security-policy', policy);
    reply.header('cache-control', 'no-store');
    return sendAsset(request, reply, page);
  });
  app.get<{ Params: { version: string; name: string } }>('/web/:version/:name', (request, reply) => {
    const asset = request.params.version === version ? assets.get(request.params.name) : undefined;
    if (asset === undefined) return reply.callNotFound();
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return sendAsset(request, reply, asset);
  });
}
