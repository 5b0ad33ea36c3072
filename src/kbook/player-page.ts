/**
 * The player page under /player/: bundled from web/player at the first request and kept, compressed, in memory. The page
 * itself is small and never stored; its script lies under an address that carries a digest of it and may be kept for
 * ever. A site may frame the page, nothing but this hub may be asked by it, and no script runs in it but these two.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { BuildOptions } from 'esbuild';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const FOLDER = fileURLToPath(new URL('../../web/player/', import.meta.url));
const BROWSERS = ['es2022', 'chrome100', 'firefox100', 'safari15.4'];

interface Asset {
  readonly type: string;
  readonly raw: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

interface Built {
  readonly page: Asset;
  readonly policy: string;
  /** By name below assets/. */
  readonly scripts: ReadonlyMap<string, Asset>;
}

/** Serves the page; to be registered under /player. A build that failed is tried again by the next request. */
export async function playerPage(server: FastifyInstance): Promise<void> {
  let building: Promise<Built> | null = null;
  const built = (): Promise<Built> => {
    building ??= build().catch((error: unknown) => {
      building = null;
      throw error;
    });
    return building;
  };
  const hide = { schema: { hide: true } };
  server.get('/', hide, (request, reply) => {
    const { search } = new URL(request.url, 'http://page');
    return reply.header('referrer-policy', 'no-referrer').redirect(`/player/index.html${search}`);
  });
  server.get('/index.html', hide, async (request, reply) => {
    const { page, policy } = await built();
    reply.header('content-security-policy', policy);
    // The address carries the token that opens the visit: nobody is to keep it or to be told of it.
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()');
    return send(request, reply, page);
  });
  server.get<{ Params: { name: string } }>('/assets/:name', hide, async (request, reply) => {
    const script = (await built()).scripts.get(request.params.name);
    if (script === undefined) return reply.callNotFound();
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return send(request, reply, script);
  });
}

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  reply.type(asset.type).header('vary', 'accept-encoding').header('x-content-type-options', 'nosniff');
  const accepts = String(request.headers['accept-encoding'] ?? '');
  if (/\bbr\b/.test(accepts)) return reply.header('content-encoding', 'br').send(asset.br);
  if (/\bgzip\b/.test(accepts)) return reply.header('content-encoding', 'gzip').send(asset.gzip);
  return reply.send(asset.raw);
}

async function build(): Promise<Built> {
  const [html, scripts, first, styles] = await Promise.all([
    readFile(`${FOLDER}page.html`, 'utf8'),
    bundle('main.tsx', {
      format: 'esm',
      splitting: true,
      entryNames: 'page-[hash]',
      chunkNames: '[name]-[hash]',
    }),
    bundle('boot.ts', { format: 'iife' }),
    bundle('style/page.css', {}),
  ]);
  const [boot = '', style = ''] = [...first.values(), ...styles.values()];
  const main = [...scripts.keys()].find((name) => name.startsWith('page-'));
  const head = `<script type="module" src="assets/${main}"></script><script>${boot}</script><style>${style}</style>`;
  const page = html.replace('<!--head-->', () => head);
  return {
    page: await assetOf(page, 'text/html; charset=utf-8'),
    policy: policyOf({ boot, style }),
    scripts: new Map(await Promise.all([...scripts].map(scriptOf))),
  };
}

/** What runs and what styles is named by digest; the hub's own WebSocket is 'self'. */
function policyOf({ boot, style }: { readonly boot: string; readonly style: string }): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${digest(boot)}'`,
    `style-src 'sha256-${digest(style)}'`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    'frame-ancestors *',
  ].join('; ');
}

async function scriptOf([name, text]: readonly [string, string]): Promise<readonly [string, Asset]> {
  return [name, await assetOf(text, 'text/javascript; charset=utf-8')];
}

/** What an entry becomes, minified, by file name. The bundler is loaded only when somebody wants the page. */
async function bundle(entry: string, options: BuildOptions): Promise<ReadonlyMap<string, string>> {
  const esbuild = await import('esbuild');
  const { outputFiles = [] } = await esbuild.build({
    entryPoints: [`${FOLDER}${entry}`],
    bundle: true,
    minify: true,
    write: false,
    outdir: FOLDER,
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

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

async function assetOf(text: string, type: string): Promise<Asset> {
  const raw = Buffer.from(text);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const [br, zipped] = await Promise.all([
    promisify(brotliCompress)(raw, { params }),
    promisify(gzip)(raw, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  return { type, raw, br, gzip: zipped };
}
