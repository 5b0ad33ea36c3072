/** How the page is served: small, never stored with its token, and nothing in it runs or is asked that is not ours. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { playerPage } from '../../src/kbook/player-page.ts';

let app: FastifyInstance;

before(async () => {
  app = Fastify();
  await app.register(playerPage, { prefix: '/player' });
});

const get = (url: string, encoding = 'identity') =>
  app.inject({ url, headers: { 'accept-encoding': encoding } });

test('the page forbids everything but itself, may be framed, and is not stored', async () => {
  const page = await get('/player/index.html?token=secret');
  assert.equal(page.statusCode, 200);
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  const policy = String(page.headers['content-security-policy']);
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors \*/);
  assert.doesNotMatch(policy, /unsafe/);
  const inline = [...page.body.matchAll(/<(?:script|style)>([\s\S]*?)<\/(?:script|style)>/g)].map(
    ([, text]) => text!,
  );
  assert.equal(inline.length, 2);
  for (const text of inline) {
    assert.ok(text.length > 100);
    assert.ok(policy.includes(`'sha256-${createHash('sha256').update(text).digest('base64')}'`));
  }
  assert.doesNotMatch(page.body, /https?:\/\//, 'no other address');
});

test('its scripts lie under addresses that change with them, compressed, for ever', async () => {
  const page = await get('/player/index.html');
  const name = /src="(assets\/page-[A-Z0-9]+\.js)"/.exec(page.body)?.[1];
  assert.ok(name);
  const [raw, br, gzip] = await Promise.all(
    ['identity', 'br, gzip', 'gzip'].map((how) => get(`/player/${name}`, how)),
  );
  assert.equal(raw!.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.match(String(raw!.headers['content-type']), /^text\/javascript/);
  assert.equal(brotliDecompressSync(br!.rawPayload).toString(), raw!.body);
  assert.equal(gunzipSync(gzip!.rawPayload).toString(), raw!.body);
  assert.equal(br!.headers.vary, 'accept-encoding');
  const words = /import\("\.\/(ko-[A-Z0-9]+\.js)"\)/.exec(raw!.body)?.[1];
  assert.ok(words, 'other languages come when they are spoken');
  assert.equal((await get(`/player/assets/${words}`)).statusCode, 200);
  assert.equal((await get('/player/assets/page-0.js')).statusCode, 404);
  assert.equal((await get('/player/assets/..%2Fmain.tsx')).statusCode, 404);
});

test('the folder leads to the page and keeps the token with it', async () => {
  const reply = await get('/player/?token=abc');
  assert.equal(reply.statusCode, 302);
  assert.equal(reply.headers.location, '/player/index.html?token=abc');
});
