/**
 * Style sheets, pictures and the scripts of web/. Scripts are TypeScript whose types are stripped once, at the start.
 * Only the files listed by the folder at the start can be asked for.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

interface Asset {
  readonly type: string;
  readonly body: string;
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  ts: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

export function assetRoutes(app: FastifyInstance): void {
  const assets = readAssets(join(import.meta.dirname, '..', 'web'));
  app.get<{ Params: { name: string } }>('/assets/:name', (request, reply) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) return reply.status(404).send('');
    reply.header('etag', asset.etag).header('cache-control', 'no-cache').type(asset.type);
    return request.headers['if-none-match'] === asset.etag
      ? reply.status(304).send()
      : reply.send(asset.body);
  });
}

function readAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(folder)) {
    const ending = name.split('.').at(-1) ?? '';
    const type = types[ending];
    if (type === undefined) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    const body = ending === 'ts' ? stripTypeScriptTypes(text) : text;
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    assets.set(name, { type, body, etag });
  }
  return assets;
}
