/**
 * Pages for browsers, bundled from `web/` at the first request and kept in memory: their scripts lie under addresses that
 * carry a digest of them and may be kept for ever, compressed the first time somebody takes them so.
 */
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { BuildOptions } from 'esbuild';
import type { FastifyReply, FastifyRequest } from 'fastify';

const BROWSERS = ['es2022', 'chrome100', 'firefox100', 'safari15.4'];

export interface Asset {
  readonly type: string;
  readonly raw: Buffer;
  readonly br: () => Promise<Buffer>;
  readonly gzip: () => Promise<Buffer>;
}

/** What an entry of a folder becomes, minified, by file name. The bundler is loaded only when somebody wants a page. */
export async function bundle(
  folder: string,
  entry: string,
  options: BuildOptions,
): Promise<ReadonlyMap<string, string>> {
  const esbuild = await import('esbuild');
  const { outputFiles = [] } = await esbuild.build({
    entryPoints: [`${folder}${entry}`],
    bundle: true,
    minify: true,
    write: false,
    outdir: folder,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
    target: BROWSERS,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    ...options,
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text.trim()]));
}

/** `quality` is brotli's: 11 is smallest and ten times as slow as 9. */
export function assetOf(text: string, type: string, quality: number): Asset {
  const raw = Buffer.from(text);
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  return {
    type,
    raw,
    br: once(() => promisify(brotliCompress)(raw, { params })),
    gzip: once(() => promisify(gzip)(raw, { level: constants.Z_BEST_COMPRESSION })),
  };
}

/** The scripts of a page as assets, by name. */
export function scriptsOf(texts: ReadonlyMap<string, string>, quality: number): ReadonlyMap<string, Asset> {
  return new Map(
    [...texts].map(([name, text]) => [name, assetOf(text, 'text/javascript; charset=utf-8', quality)]),
  );
}

/** In the encoding the caller takes. */
export async function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: Asset,
): Promise<FastifyReply> {
  reply.type(asset.type).header('vary', 'accept-encoding').header('x-content-type-options', 'nosniff');
  const accepts = String(request.headers['accept-encoding'] ?? '');
  if (/\bbr\b/.test(accepts)) return reply.header('content-encoding', 'br').send(await asset.br());
  if (/\bgzip\b/.test(accepts)) return reply.header('content-encoding', 'gzip').send(await asset.gzip());
  return reply.send(asset.raw);
}

/** For what carries a digest of itself in its name. */
export async function sendForEver(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: Asset,
): Promise<FastifyReply> {
  reply.header('cache-control', 'public, max-age=31536000, immutable');
  return sendAsset(request, reply, asset);
}

/** Made when it is first asked for, then kept; what failed is tried again by whoever asks next. */
export function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let making: Promise<Made> | null = null;
  return () => {
    making ??= make().catch((error: unknown) => {
      making = null;
      throw error;
    });
    return making;
  };
}
