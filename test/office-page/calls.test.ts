/** What the page asks the hub with, and what becomes of the answers. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  addressOf,
  ask,
  del,
  get,
  getStream,
  onSignedOut,
  patch,
  post,
  Refused,
} from '../../web/backoffice/api.ts';
import { receive } from '../../web/backoffice/kit/download.ts';
import { nameOfBrowser } from '../../web/backoffice/my/browser-name.ts';
import { badgesOf } from '../../web/backoffice/shell/badges.ts';

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

/** A hub that answers so, and what it was asked. */
function hub(status: number, body: unknown): Asked[] {
  const asked: Asked[] = [];
  globalThis.fetch = async (url, init = {}) => {
    asked.push({ url: String(url), init });
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  };
  return asked;
}

const refusal = (promise: Promise<unknown>): Promise<Refused> =>
  promise.then(
    () => assert.fail('it was not refused'),
    (error) => (error instanceof Refused ? error : Promise.reject(error)),
  );

test('what changes something carries the header of the page; what reads does not', async () => {
  const asked = hub(200, { ok: true });
  await get('/players', { agent: 3, begins: '', state: undefined, blocked: false });
  await post('/people', { name: 'kim' });
  await patch('/me', { language: 'ko' });
  await del('/session');
  await ask('/attachments', { method: 'POST', body: new Blob(['x'], { type: 'image/png' }) });
  const header = (at: number, name: string) => new Headers(asked[at]!.init.headers).get(name);
  assert.equal(asked[0]!.url, '/office/v1/players?agent=3&blocked=false');
  assert.equal(header(0, 'x-croupier-office'), null);
  for (const at of [1, 2, 3, 4]) assert.equal(header(at, 'x-croupier-office'), '1');
  assert.equal(header(1, 'content-type'), 'application/json');
  assert.equal(asked[1]!.init.body, '{"name":"kim"}');
  assert.equal(header(4, 'content-type'), 'image/png');
  assert.ok(asked.every(({ init }) => init.credentials === 'same-origin' && init.redirect === 'error'));
  assert.equal(addressOf('/x', { a: 'b c&d' }), '/office/v1/x?a=b+c%26d');
});

test('a refusal is told with all it says', async () => {
  hub(429, { code: 'locked', message: 'wait', retryAfterMs: 60_000 });
  const locked = await refusal(post('/session', {}));
  assert.deepEqual([locked.code, locked.status, locked.retryAfterMs], ['locked', 429, 60_000]);
  hub(422, { code: 'invalid_request', detail: 'name is short', fields: { name: 'is short' } });
  const wrong = await refusal(post('/people', {}));
  assert.deepEqual([wrong.detail, wrong.fields], ['name is short', { name: 'is short' }]);
});

test('whoever is not known any more is told to sign in, and nobody else', async () => {
  let times = 0;
  onSignedOut(() => {
    times += 1;
  });
  hub(403, { code: 'forbidden' });
  await refusal(get('/audit'));
  hub(401, { code: 'bad_credentials' });
  await refusal(post('/session', {}));
  assert.equal(times, 0);
  hub(401, { code: 'unauthenticated' });
  await refusal(get('/audit'));
  assert.equal(times, 1);
});

test('no answer, and answers that are none, are told apart', async () => {
  hub(502, '<html>bad gateway</html>');
  assert.equal((await refusal(get('/me'))).code, 'garbled');
  hub(200, 'not json');
  assert.equal((await refusal(get('/me'))).code, 'garbled');
  globalThis.fetch = async () => {
    throw new TypeError('fetch failed');
  };
  assert.equal((await refusal(get('/me'))).code, 'offline');
  globalThis.fetch = async () => {
    throw new DOMException('late', 'TimeoutError');
  };
  assert.equal((await refusal(get('/me'))).code, 'timeout');
  const controller = new AbortController();
  controller.abort(new Error('left'));
  globalThis.fetch = async (_url, init) => {
    throw init?.signal?.reason;
  };
  await assert.rejects(get('/me', {}, controller.signal), /left/);
});

test('a file is counted while it comes; half of one is none', async () => {
  const told: { bytes: number; rows: number | null }[] = [];
  const csv = (end: (controller: ReadableStreamDefaultController) => void) =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const part of ['name\r\n', 'kim\r\nl', 'ee\r\n'])
            controller.enqueue(new TextEncoder().encode(part));
          end(controller);
        },
      }),
      { headers: { 'content-type': 'text/csv; charset=utf-8' } },
    );
  const file = await receive(
    csv((controller) => controller.close()),
    (received) => told.push(received),
  );
  assert.equal(await file.text(), 'name\r\nkim\r\nlee\r\n');
  assert.deepEqual(told.at(-1), { bytes: 16, rows: 2 });
  const broken = csv((controller) => controller.error(new TypeError('terminated')));
  await assert.rejects(
    receive(broken, () => {}),
    /terminated/,
  );
  hub(404, { code: 'not_found' });
  assert.equal((await refusal(getStream('/x/export', {}, new AbortController().signal))).code, 'not_found');
});

test('badges stand at their groups, and not for what one does not want to be told of', () => {
  const unread = { pot: 2, inquiries: 1, desk: 3, notices: 4 };
  assert.deepEqual(badgesOf(unread, {}), { pot_requests: 2, inquiries: 1, desk: 7 });
  assert.deepEqual(badgesOf(unread, { notices: false, inquiries: false, desk: true }), {
    pot_requests: 2,
    inquiries: 0,
    desk: 3,
  });
  assert.deepEqual(badgesOf({}, {}), { pot_requests: 0, inquiries: 0, desk: 0 });
});

test('browsers are called by their names', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0';
  const safari =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
  const table: [said: string, name: string | null][] = [
    [`${chrome} Safari/537.36`, 'Chrome 143, Windows'],
    [`${chrome} Safari/537.36 Edg/143.0.0.0`, 'Edge 143, Windows'],
    [safari, 'Safari 18, iOS'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox 140, Linux'],
    ['curl/8.5.0', null],
    ['', null],
  ];
  for (const [said, name] of table) assert.equal(nameOfBrowser(said), name, said);
});
