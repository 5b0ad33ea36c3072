/** Signed requests (contract studio, Signing): who is let in, and that every other request is 401 in one form. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { StudioId } from '../../src/core/ids.ts';
import { addStudioSecret } from '../../src/db/studio.ts';
import { newSecret } from '../../src/engine/seal.ts';
import { countRows, rawCall, until } from '../http/rig.ts';
import { type Answer, openWorld, type StudioClient, signStudio, studioClient, type World } from '../world.ts';

let world: World;
let studio: StudioClient;
before(async () => {
  world = await openWorld();
  studio = await world.studio('evolution');
});
after(() => world.close());

interface Signed {
  readonly method: string;
  /** What is signed. */
  readonly path: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly body: string;
  readonly secret: string;
  readonly key: string;
}
interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly without?: string;
}

/** Signs one thing and sends another. */
function send(wish: Partial<Signed>, sent: Sent = {}, url = world.url): Promise<Answer> {
  const signed: Signed = {
    ...{ method: 'GET', path: '/studio/v1/rounds?state=open', body: '', nonce: randomUUID() },
    ...{ timestamp: String(Date.now()), secret: studio.secret, key: studio.key },
    ...wish,
  };
  const headers: Record<string, string> = {
    'x-studio-key': signed.key,
    'x-timestamp': signed.timestamp,
    'x-nonce': signed.nonce,
    'x-signature': signStudio(signed.secret, signed),
    'content-type': 'application/json',
    ...sent.headers,
  };
  if (sent.without !== undefined) delete headers[sent.without];
  const { method = signed.method, path = signed.path, body = signed.body } = sent;
  return rawCall(url, { method, path, headers, ...(body === '' ? {} : { body }) });
}

const refused = (answer: Answer, what: string) => {
  assert.equal(answer.status, 401, `${what}: ${answer.text}`);
  assert.deepEqual(Object.keys(answer.body), ['code', 'message']);
  assert.equal(answer.body.code, 'unauthenticated');
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
};
const PUT = { method: 'PUT', path: '/studio/v1/transactions/none/detail', body: '{"a":1}' };
const ago = (seconds: number) => String(Date.now() - seconds * 1000);

test('a right signature is let in, with a query, a body, and bytes beyond ASCII', async () => {
  assert.equal((await send({})).status, 200);
  assert.equal((await send(PUT)).body.code, 'unknown_transaction');
  assert.equal((await send({ ...PUT, body: '{"이름":"홍길동"}' })).body.code, 'unknown_transaction');
  assert.equal(
    (await send({ path: '/studio/v1/transactions/%EA%B0%80?x=%20&y' })).body.code,
    'unknown_transaction',
  );
  assert.equal((await send({ timestamp: ago(55) })).status, 200);
  assert.equal((await send({ timestamp: ago(-55) })).status, 200);
});

const WRONG: readonly (readonly [string, () => [Partial<Signed>, Sent?]])[] = [
  ['another secret', () => [{ secret: newSecret() }]],
  ['another body', () => [PUT, { body: '{"a":2}' }]],
  ['a body that was not signed', () => [{ ...PUT, body: '' }, { body: '{"a":1}' }]],
  ['a body that was left out', () => [PUT, { body: '' }]],
  ['another query', () => [{}, { path: '/studio/v1/rounds?state=closed' }]],
  ['a query that was left out', () => [{}, { path: '/studio/v1/rounds' }]],
  ['another path', () => [PUT, { path: '/studio/v1/transactions/other/detail' }]],
  ['a path spelled otherwise', () => [PUT, { path: '/studio/v1/transactions/%6Eone/detail' }]],
  ['another method', () => [{ method: 'POST', path: '/studio/v1/games', body: '{}' }, { method: 'PUT' }]],
  ['a timestamp that was not signed', () => [{}, { headers: { 'x-timestamp': ago(1) } }]],
  ['a nonce that was not signed', () => [{}, { headers: { 'x-nonce': randomUUID() } }]],
  ['a stale timestamp', () => [{ timestamp: ago(61) }]],
  ['a timestamp of the future', () => [{ timestamp: ago(-65) }]],
  ['a timestamp in seconds', () => [{ timestamp: ago(0).slice(0, 10) }]],
  ['a timestamp that is no number', () => [{ timestamp: 'now' }]],
  ['a nonce with a space', () => [{ nonce: 'a b' }]],
  ['a long nonce', () => [{ nonce: 'n'.repeat(129) }]],
  ['an unknown key', () => [{ key: 'st_unknown' }]],
  ['a key with bytes beyond ASCII', () => [{ key: 'st_é' }]],
  ['upper-case hex', () => [{}, { headers: { 'x-signature': 'A'.repeat(64) } }]],
  ['a short signature', () => [{}, { headers: { 'x-signature': 'ab' } }]],
  ['no key', () => [{}, { without: 'x-studio-key' }]],
  ['no timestamp', () => [{}, { without: 'x-timestamp' }]],
  ['no nonce', () => [{}, { without: 'x-nonce' }]],
  ['no signature', () => [{}, { without: 'x-signature' }]],
];
for (const [name, make] of WRONG) {
  test(`${name}: 401, and nothing is written`, async () => {
    const before = await countRows(world.hub.sql);
    refused(await send(...make()), name);
    assert.deepEqual(await countRows(world.hub.sql), before);
  });
}

test('the operator’s key is none here', async () => {
  const agent = await world.agent();
  refused(
    await send({}, { without: 'x-signature', headers: { authorization: `Bearer ${agent.apiKey}` } }),
    'bearer',
  );
});

const TRANSACT = { method: 'POST', path: '/studio/v1/transactions' };
const unknownPlayer = JSON.stringify({
  transactions: [
    { id: 'x', type: 'promo_win', player: '1', game: { id: 'g' }, amount: '1', currency: 'KRW', at: 'now' },
  ],
});

/** However a call ends, its nonce is spent with it: with what it does, or before it is turned away. */
const calls: [what: string, call: Partial<Signed>, status: number][] = [
  ['a look', {}, 200],
  ['money', { ...TRANSACT, body: unknownPlayer }, 200],
  ['no items', { ...TRANSACT, body: '{"transactions":[]}' }, 400],
  ['no JSON', { ...TRANSACT, body: '{' }, 400],
];

for (const [what, call, status] of calls) {
  test(`a nonce is spent once: later, at once, and on another node (${what})`, async () => {
    const second = (await world.secondHub()).url;
    const request = { ...call, nonce: randomUUID(), timestamp: String(Date.now()) };
    assert.equal((await send(request)).status, status);
    refused(await send(request), 'later');
    refused(await send(request, {}, second), 'on another node');
    const rushed = { ...call, nonce: randomUUID(), timestamp: String(Date.now()) };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => send(rushed, {}, index % 2 === 0 ? world.url : second)),
    );
    const expected = [status, ...Array.from({ length: 11 }, () => 401)];
    assert.deepEqual(answers.map((each) => each.status).sort(), expected.sort());
  });
}

test('a nonce belongs to its key; a refused signature spends none', async () => {
  const other = await world.studio('CQ9');
  const nonce = randomUUID();
  refused(await send({ nonce, secret: newSecret() }), 'wrong secret');
  assert.equal((await send({ nonce })).status, 200);
  assert.equal((await send({ nonce, key: other.key, secret: other.secret })).status, 200);
});

test('two secrets live side by side while they are rotated; a third ends the first', async () => {
  const rotated = await world.studio('netent');
  const [row] = await world.hub.sql`select studio_id from studio_secret where key = ${rotated.key}`;
  const add = async () => {
    const secret = newSecret();
    const studioId = Number(row?.studio_id) as StudioId;
    await addStudioSecret(world.hub.sql, {
      studioId,
      key: rotated.key,
      sealed: world.hub.vault.seal(secret),
    });
    return secret;
  };
  const works = async (secret: string) =>
    (await studioClient(world.url, { key: rotated.key, secret }).call('GET', '/rounds')).status === 200;
  const second = await add();
  await until('the second lives', () => works(second));
  assert.ok(await works(rotated.secret));
  const third = await add();
  await until('the third lives', () => works(third));
  assert.deepEqual([await works(rotated.secret), await works(second)], [false, true]);
});

test('a disabled studio is 401, and let in again', async () => {
  const paused = await world.studio('redtiger');
  const enable = (on: boolean) =>
    world.hub
      .sql`update studio set enabled = ${on} where id = (select studio_id from studio_secret where key = ${paused.key})`;
  const status = async () => (await paused.call('GET', '/rounds')).status;
  await enable(false);
  await until('disabled', async () => (await status()) === 401);
  refused(await paused.call('GET', '/rounds'), 'disabled');
  await enable(true);
  await until('enabled', async () => (await status()) === 200);
});
