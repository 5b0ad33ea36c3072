/** What goes over the wire to an operator, and over which connection. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { isSignedBy } from '../../src/callbacks/signature.ts';
import { httpOperator, openClient, SECRET, type Seen, signal, targetOf } from './client-rig.ts';

const OK = '{"balance":"12.50"}';
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

function headersOf({ headers }: Seen, ...names: string[]): (string | string[] | undefined)[] {
  return names.map((name) => headers[name]);
}

test('a POST: path, headers, the body as it was given, signed as it went', async (t) => {
  const operator = await httpOperator(t, (_seen, response) => response.end(OK));
  const client = openClient(t);
  const body = '{"username":"플레이어","amount":-1}';
  const before = Date.now();
  const attempted = await client.changeBalance(targetOf(`${operator.url}/wallet/v1/`), body, 'question');
  assert.deepEqual(attempted.answer, { kind: 'answered', status: 200, body: OK });
  assert.equal(attempted.request, body);
  assert.ok(Number.isInteger(attempted.elapsedMs) && attempted.elapsedMs >= 0);
  const [seen] = operator.seen;
  assert.ok(seen);
  assert.deepEqual([seen.method, seen.url, seen.body], ['POST', '/wallet/v1/changeBalance', body]);
  assert.deepEqual(
    headersOf(seen, 'user-agent', 'content-type', 'accept', 'host', 'content-length', 'connection'),
    [
      'GuzzleHttp/7',
      'application/json',
      'application/json',
      `127.0.0.1:${operator.port}`,
      String(Buffer.byteLength(body)),
      'keep-alive',
    ],
  );
  const timestamp = String(seen.headers['x-timestamp']);
  assert.match(timestamp, /^\d{13}$/);
  assert.ok(Number(timestamp) >= before && Number(timestamp) <= Date.now());
  assert.equal(seen.headers['x-signature'], hmac(SECRET, timestamp + body));
  assert.equal(seen.headers['x-signature-previous'], undefined);
});

test('a GET: the name in the query, the query signed', async (t) => {
  const operator = await httpOperator(t, (_seen, response) => response.end(OK));
  const client = openClient(t);
  for (const [username, query] of [
    ['player01', 'username=player01'],
    ['a b&c=d/é#?', 'username=a%20b%26c%3Dd%2F%C3%A9%23%3F'],
    ['\ud800', 'username=%EF%BF%BD'],
  ] as const) {
    const attempted = await client.balance(targetOf(operator.url), username);
    const seen = operator.seen.at(-1);
    assert.ok(seen);
    assert.deepEqual([seen.method, seen.url, seen.body], ['GET', `/balance?${query}`, '']);
    assert.equal(attempted.request, `GET /balance?${query}`);
    assert.equal(seen.headers['x-signature'], hmac(SECRET, seen.headers['x-timestamp'] + query));
  }
});

test('while a secret is rotated both sign, and an operator that knows either is content', async (t) => {
  const operator = await httpOperator(t, (_seen, response) => response.end());
  const client = openClient(t);
  await client.changeBalance(targetOf(operator.url, { secrets: ['new', 'old'] }), 'body', 'message');
  const [seen] = operator.seen;
  assert.ok(seen);
  const [timestamp = '', signature, previous] = headersOf(
    seen,
    'x-timestamp',
    'x-signature',
    'x-signature-previous',
  ) as string[];
  assert.deepEqual([signature, previous], [hmac('new', `${timestamp}body`), hmac('old', `${timestamp}body`)]);
  const check = (secret: string, payload: string) =>
    isSignedBy(secret, { timestamp, payload }, [signature, previous]);
  assert.deepEqual(
    [check('new', 'body'), check('old', 'body'), check('older', 'body'), check('new', 'other')],
    [true, true, false, false],
  );
  await client.changeBalance(targetOf(operator.url, { secrets: [] }), 'body', 'message');
  assert.deepEqual(headersOf(operator.seen[1] as Seen, 'x-signature', 'x-signature-previous'), [
    undefined,
    undefined,
  ]);
});

test('one connection carries call after call', async (t) => {
  const operator = await httpOperator(t, (_seen, response) => response.end(OK));
  const client = openClient(t);
  for (let n = 0; n < 20; n++) await client.changeBalance(targetOf(operator.url), `${n}`, 'question');
  assert.deepEqual(
    operator.seen.map(({ body }) => body),
    Array.from({ length: 20 }, (_, n) => `${n}`),
  );
  // A connection rests for a turn of the event loop before it is used again.
  assert.ok(operator.connections <= 2, `${operator.connections}`);
});

test('a redirect is an answer, and is not followed', async (t) => {
  const elsewhere = await httpOperator(t, (_seen, response) => response.end(OK));
  const operator = await httpOperator(t, (_seen, response) =>
    response.writeHead(302, { location: `${elsewhere.url}/changeBalance` }).end('moved'),
  );
  const { answer } = await openClient(t).changeBalance(targetOf(operator.url), '{}', 'question');
  assert.deepEqual(answer, { kind: 'answered', status: 302, body: 'moved' });
  assert.deepEqual(elsewhere.seen, []);
});

test('any type and any text is taken as it comes; what is no text is made one', async (t) => {
  const bodies: [sent: Buffer | string, read: string][] = [
    ['', ''],
    ['OK', 'OK'],
    ['\ufeff{"balance":1}', '{"balance":1}'],
    [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), '{\ufffd\ufffd}'],
    ['a\0b', 'a\ufffdb'],
    ['잔액', '잔액'],
  ];
  let next: Buffer | string = '';
  const operator = await httpOperator(t, (_seen, response) =>
    response.setHeader('content-type', 'image/png').end(next),
  );
  const client = openClient(t);
  for (const [sent, read] of bodies) {
    next = sent;
    const { answer } = await client.changeBalance(targetOf(operator.url), '{}', 'question');
    assert.deepEqual(answer, { kind: 'answered', status: 200, body: read });
  }
});

test('a change of settings holds from the next call; a call under way ends where it is', async (t) => {
  const asked = signal();
  const go = signal();
  const former = await httpOperator(t, (_seen, response) => {
    asked.give();
    void go.promise.then(() => response.end('former'));
  });
  const later = await httpOperator(t, (_seen, response) => response.end('later'));
  const client = openClient(t);
  const first = client.changeBalance(targetOf(former.url), '{}', 'question');
  await asked.promise;
  const moved = targetOf(later.url, { userAgent: 'Other/1' });
  assert.equal(bodyOf(await client.changeBalance(moved, '{}', 'question')), 'later');
  assert.equal(later.seen[0]?.headers['user-agent'], 'Other/1');
  go.give();
  assert.equal(bodyOf(await first), 'former');
  const renamed = targetOf(later.url, { userAgent: 'Third/1', secrets: ['fresh'] });
  await client.changeBalance(renamed, 'x', 'question');
  const seen = later.seen[1] as Seen;
  assert.equal(seen.headers['user-agent'], 'Third/1');
  assert.equal(seen.headers['x-signature'], hmac('fresh', `${seen.headers['x-timestamp']}x`));
  assert.equal(later.connections, 1, 'a name and a secret need no other connection');
});

test('without an address, or with one that is none, nothing is sent', async (t) => {
  const client = openClient(t);
  for (const url of [
    null,
    '',
    'ftp://127.0.0.1/',
    'http://',
    'http://user:pass@127.0.0.1/',
    'http://127.0.0.1/?x',
  ])
    assert.deepEqual((await client.changeBalance(targetOf(url), '{}', 'question')).answer, {
      kind: 'not_sent',
      reason: 'no_callback_url',
    });
});

function bodyOf({ answer }: { answer: { kind: string; body?: string } }): string | undefined {
  return answer.body;
}
