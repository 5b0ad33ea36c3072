/**
 * The player page under /player/: bundled from web/player at the first request and kept, compressed, in memory. The page
 * itself is small and never stored; its script lies under an address that carries a digest of it and may be kept for
 * ever. A site may frame the page, nothing but this hub may be asked by it, and no script runs in it but these two.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { constants } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { type Asset, assetOf, bundle, once, scriptsOf, sendAsset, sendForEver } from '../http/bundle.ts';

const FOLDER = fileURLToPath(new URL('../../web/player/', import.meta.url));
const QUALITY = constants.BROTLI_MAX_QUALITY;

interface Built {
  readonly page: Asset;
  readonly policy: string;
  /** By name below assets/. */
  readonly scripts: ReadonlyMap<string, Asset>;
}

/** Serves the page; to be registered under /player. A build that failed is tried again by the next request. */
export async function playerPage(server: FastifyInstance): Promise<void> {
  const built = once(build);
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
    return sendAsset(request, reply, page);
  });
  server.get<{ Params: { name: string } }>('/assets/:name', hide, async (request, reply) => {
    const script = (await built()).scripts.get(request.params.name);
    if (script === undefined) return reply.callNotFound();
    return sendForEver(request, reply, script);
  });
}

async function build(): Promise<Built> {
  const [html, scripts, first, styles] = await Promise.all([
    readFile(`${FOLDER}page.html`, 'utf8'),
    bundle(FOLDER, 'main.tsx', {
      format: 'esm',
      splitting: true,
      entryNames: 'page-[hash]',
      chunkNames: '[name]-[hash]',
    }),
    bundle(FOLDER, 'boot.ts', { format: 'iife' }),
    bundle(FOLDER, 'style/page.css', {}),
  ]);
  const [boot = '', style = ''] = [...first.values(), ...styles.values()];
  const main = [...scripts.keys()].find((name) => name.startsWith('page-'));
  const head = `<script type="module" src="assets/${main}"></script><script>${boot}</script><style>${style}</style>`;
  const page = html.replace('<!--head-->', () => head);
  return {
    page: assetOf(page, 'text/html; charset=utf-8', QUALITY),
    policy: policyOf({ boot, style }),
    scripts: scriptsOf(scripts, QUALITY),
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

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
