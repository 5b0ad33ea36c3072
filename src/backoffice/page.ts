/**
 * The back office's page under /office/: bundled from web/backoffice at the first request. The page itself is small and
 * never stored; nothing runs in it but its own scripts, nothing is asked by it but this hub, nobody may frame it, and
 * styles are those that carry the number of this one answer.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { type Asset, bundle, once, scriptsOf, sendForEver } from '../http/bundle.ts';

const FOLDER = fileURLToPath(new URL('../../web/backoffice/', import.meta.url));
const QUALITY = 9;

interface Built {
  /** With NONCE where the number goes. */
  readonly html: string;
  /** By name below assets/. */
  readonly scripts: ReadonlyMap<string, Asset>;
}

/** Once for all hubs of the process: it is the same for each. */
const built = once(build);

/** Serves the page; to be registered under /office. */
export async function officePage(server: FastifyInstance): Promise<void> {
  const hide = { schema: { hide: true } };
  server.get('/', hide, async (_request, reply) => {
    const { html } = await built();
    const nonce = randomBytes(16).toString('base64url');
    return reply
      .headers({
        'content-security-policy': policyOf(nonce),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      })
      .type('text/html; charset=utf-8')
      .send(html.replaceAll('NONCE', nonce));
  });
  server.get<{ Params: { name: string } }>('/assets/:name', hide, async (request, reply) => {
    const script = (await built()).scripts.get(request.params.name);
    if (script === undefined) return reply.callNotFound();
    return sendForEver(request, reply, script);
  });
}

/** `style-src-attr`: drawings carry their measures as attributes. Pictures of games come from wherever studios keep them. */
function policyOf(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob: https:",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

async function build(): Promise<Built> {
  const [page, scripts] = await Promise.all([
    readFile(`${FOLDER}page.html`, 'utf8'),
    bundle(FOLDER, 'main.tsx', {
      format: 'esm',
      splitting: true,
      entryNames: 'office-[hash]',
      chunkNames: '[name]-[hash]',
    }),
  ]);
  const main = [...scripts.keys()].find((name) => name.startsWith('office-')) ?? '';
  const links = importedBy(scripts, main).map(
    (name) => `<link rel="modulepreload" href="/office/assets/${name}">`,
  );
  const head = `${links.join('')}<script type="module" src="/office/assets/${main}"></script>`;
  return { html: page.replace('<!--head-->', () => head), scripts: scriptsOf(scripts, QUALITY) };
}

/** What a script cannot begin without, to be fetched beside it instead of behind it. */
function importedBy(scripts: ReadonlyMap<string, string>, main: string): readonly string[] {
  const found = new Set<string>([main]);
  for (const name of found) {
    const text = scripts.get(name) ?? '';
    for (const [, next = ''] of text.matchAll(/(?:import|from)\s*"\.\/([\w.-]+\.js)"/g)) found.add(next);
  }
  found.delete(main);
  return [...found];
}
