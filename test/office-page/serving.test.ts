/** How the page is served: small enough to begin with, kept for ever, and nothing in it that is not ours. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { officePage } from '../../src/backoffice/page.ts';

/** Everything fetched for the sign-in page and then for the first list. */
const FIRST_BYTES_MAX = 350_000;

let app: FastifyInstance;
before(async () => {
  app = Fastify();
  await app.register(officePage, { prefix: '/office' });
});

const get = (url: string, encoding = 'br') => app.inject({ url, headers: { 'accept-encoding': encoding } });

test('nothing runs but its own scripts, nothing is styled but by this answer, nobody frames it', async () => {
  const [page, next] = [await get('/office/'), await get('/office/')];
  assert.equal(page.statusCode, 200);
  const policy = String(page.headers['content-security-policy']);
  const nonce = /'nonce-([\w-]{20,})'/.exec(policy)?.[1];
  assert.ok(nonce);
  assert.match(policy, /default-src 'none'; script-src 'self'; /);
  for (const rule of [
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "connect-src 'self'",
  ])
    assert.ok(policy.includes(rule), rule);
  assert.doesNotMatch(policy.replace("style-src-attr 'unsafe-inline'", ''), /unsafe/);
  assert.doesNotMatch(next.body, new RegExp(nonce), 'another number each time');
  assert.equal(page.headers['cache-control'], 'no-store');
  assert.equal(page.headers['x-frame-options'], 'DENY');
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.ok(page.headers['permissions-policy']);
  assert.doesNotMatch(page.body, /https?:\/\//, 'no other address');
  assert.doesNotMatch(page.body, /<script>|NONCE/);
});

/** The script whose text has the words, by name. */
async function scriptWith(words: RegExp, names: readonly string[]): Promise<string> {
  for (const name of names)
    if (words.test((await get(`/office/assets/${name}`, 'identity')).body)) return name;
  return assert.fail(`no script says ${words}`);
}

/** All scripts a script needs before it runs, itself included. */
async function needed(name: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(name)) return found;
  found.add(name);
  const { body } = await get(`/office/assets/${name}`, 'identity');
  for (const [, next] of body.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) await needed(next!, found);
  return found;
}

async function lazyOf(name: string): Promise<string[]> {
  const { body } = await get(`/office/assets/${name}`, 'identity');
  return [...body.matchAll(/import\("\.\/([\w.-]+\.js)"\)/g)].map(([, next]) => next!);
}

test('signing in and a first list take at most 350 kB', async (t) => {
  const page = await get('/office/');
  const main = /src="\/office\/assets\/(office-[A-Z0-9]+\.js)"/.exec(page.body)?.[1];
  assert.ok(main);
  const preloaded = [...page.body.matchAll(/modulepreload" href="\/office\/assets\/([\w.-]+)"/g)].map(
    ([, name]) => name!,
  );
  assert.deepEqual(
    [main, ...preloaded].sort(),
    [...(await needed(main))].sort(),
    'what it begins with is fetched at once',
  );
  const later = await lazyOf(main);
  const all = new Set<string>(await needed(main));
  const catalogue = (await lazyOf(main)).concat(...(await Promise.all([...all].map(lazyOf))));
  const english = await scriptWith(/Skip to content/, catalogue);
  const signIn = await scriptWith(/entry\.code_help/, later);
  const shell = await scriptWith(/frame\.previous/, later);
  const people = await scriptWith(/people\.invite_title/, await lazyOf(shell));
  for (const name of [english, signIn, shell, people]) await needed(name, all);
  let bytes = page.rawPayload.length;
  for (const name of all) bytes += (await get(`/office/assets/${name}`)).rawPayload.length;
  t.diagnostic(`${bytes} bytes in ${all.size} scripts`);
  assert.ok(bytes < FIRST_BYTES_MAX, `${bytes} bytes`);
  const drawn = await Promise.all(
    [...all].map(async (name) => (await get(`/office/assets/${name}`, 'identity')).body),
  );
  assert.ok(!drawn.some((text) => /zrender|echarts/.test(text)), 'drawings come with what is drawn');
});

test('scripts lie under addresses that change with them, compressed, for ever', async () => {
  const page = await get('/office/');
  const name = /(office-[A-Z0-9]+\.js)/.exec(page.body)?.[1];
  const [raw, br] = [await get(`/office/assets/${name}`, 'identity'), await get(`/office/assets/${name}`)];
  assert.equal(br.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(br.rawPayload).toString(), raw.body);
  assert.equal(br.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal((await get('/office/assets/nothing.js')).statusCode, 404);
  assert.equal((await get('/office/assets/..%2Fmain.tsx')).statusCode, 404);
});
