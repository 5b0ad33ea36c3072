/** Operators that misbehave: each has one answer, in time, and nothing is sent twice. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { OperatorAnswer } from '../../src/core/delivery.ts';
import { freePort, httpOperator, openClient, pem, rawOperator, signal, targetOf } from './client-rig.ts';

const TIMEOUT_MS = 150;
/** For tests that would wait for ever if what they expect did not come. */
const BOUNDED = { timeout: 30_000 };
const lost = (reason: 'timed_out' | 'connection_lost'): OperatorAnswer => ({ kind: 'lost', reason });
const answered = (status: number, body: string): OperatorAnswer => ({ kind: 'answered', status, body });
const notSent = (reason: 'unreachable' | 'address_forbidden'): OperatorAnswer => ({
  kind: 'not_sent',
  reason,
});
const CONNECTION_LOST = lost('connection_lost');

/** What an operator does once a request has begun to arrive. */
type Deed = (socket: Socket) => void;
const says =
  (...parts: string[]): Deed =>
  (socket) => {
    for (const part of parts) socket.write(part);
  };
const saysAndEnds =
  (text: string): Deed =>
  (socket) =>
    socket.end(text);
/** A reset can overtake what was written before it, so it waits until that is read. */
const saysAndResets =
  (text: string): Deed =>
  (socket) =>
    socket.write(text, () => setImmediate(() => setImmediate(() => socket.resetAndDestroy())));

function endless(head: string, piece: string): Deed {
  return (socket) => {
    const write = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', write);
    socket.write(head);
    write();
  };
}

const DEEDS: readonly [name: string, deed: Deed, answer: OperatorAnswer][] = [
  ['resets at the first byte', (socket) => socket.resetAndDestroy(), CONNECTION_LOST],
  ['hangs up at the first byte', (socket) => socket.end(), CONNECTION_LOST],
  ['hangs up within the status line', saysAndEnds('HTTP/1.1 2'), CONNECTION_LOST],
  ['hangs up within the headers', saysAndEnds('HTTP/1.1 200 OK\r\nX: y\r\n'), CONNECTION_LOST],
  ['says garbage', saysAndEnds('SSH-2.0-OpenSSH_9.6\r\n'), CONNECTION_LOST],
  ['says a status line of nonsense', saysAndEnds('HTTP/1.1 abc WHAT\r\n\r\n'), CONNECTION_LOST],
  ['says a status of two digits', saysAndEnds('HTTP/1.1 20 OK\r\n\r\n'), CONNECTION_LOST],
  [
    'says a status nobody knows',
    saysAndEnds('HTTP/1.1 799 X\r\ncontent-length: 0\r\n\r\n'),
    answered(799, ''),
  ],
  [
    'changes the protocol',
    says('HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    CONNECTION_LOST,
  ],
  ['asks for a body it was not offered', says('HTTP/1.1 100 Continue\r\n\r\n'), CONNECTION_LOST],
  [
    'hints before it answers',
    says('HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    answered(200, 'ok'),
  ],
  ['only hints', says('HTTP/1.1 103 Early Hints\r\n\r\n'), lost('timed_out')],
  ['has headers without end', endless('HTTP/1.1 200 OK\r\n', `x: ${'y'.repeat(1000)}\r\n`), CONNECTION_LOST],
  ['says nothing', () => {}, lost('timed_out')],
  ['stops within the headers', says('HTTP/1.1 200 OK\r\nx: y'), lost('timed_out')],
  ['stops before the body', says('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'), answered(200, '')],
  ['stops within the body', says('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"ba'), answered(200, '{"ba')],
  [
    'resets within the body',
    saysAndResets('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"b'),
    answered(200, '{"b'),
  ],
  [
    'hangs up within the body',
    saysAndEnds('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"'),
    answered(200, '{"'),
  ],
  [
    'hangs up within a chunk',
    saysAndEnds('HTTP/1.1 500 X\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n9\r\nde'),
    answered(500, 'abcde'),
  ],
  [
    'says how long a chunk is in no number',
    says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    answered(200, ''),
  ],
  ['speaks HTTP/1.0 until it hangs up', saysAndEnds('HTTP/1.0 200 OK\r\n\r\nold'), answered(200, 'old')],
  [
    'has a body without end',
    endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(1000)),
    answered(200, 'x'.repeat(16_384)),
  ],
  [
    'has a body of just the bound',
    says(`HTTP/1.1 200 OK\r\ncontent-length: 16384\r\n\r\n${'x'.repeat(16_384)}`),
    answered(200, 'x'.repeat(16_384)),
  ],
];
/** What only the deadline ends has a short one; what ends by itself has the time a slow machine needs. */
const isEndless = /^(only hints|says nothing|stops )/;

for (const [name, deed, expected] of DEEDS) {
  const timeoutMs = isEndless.test(name) ? TIMEOUT_MS : 20_000;
  test(`an operator that ${name}`, async (t) => {
    const operator = await rawOperator(t, (socket) => void socket.once('data', () => deed(socket)));
    const client = openClient(t, { questionTimeoutMs: timeoutMs });
    const { answer, elapsedMs } = await client.changeBalance(targetOf(operator.url), '{}', 'question');
    assert.deepEqual(answer, expected);
    assert.ok(elapsedMs < timeoutMs + 2000, `${elapsedMs} ms`);
    assert.equal(operator.connections, 1, 'nothing is sent twice');
    assert.deepEqual(client.health(), [{ key: '1', state: 'closed', inFlight: 0, waiting: 0 }]);
  });
}

test(
  'a body without end is let go once enough of it is read, long before the deadline',
  BOUNDED,
  async (t) => {
    const gone = signal();
    const operator = await rawOperator(t, (socket) => {
      socket.once('data', () => endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(1000))(socket));
      socket.once('close', () => gone.give());
    });
    const client = openClient(t, { questionTimeoutMs: 60_000 });
    const { answer, elapsedMs } = await client.changeBalance(targetOf(operator.url), '{}', 'question');
    assert.deepEqual(answer, answered(200, 'x'.repeat(16_384)));
    assert.ok(elapsedMs < 30_000);
    await gone.promise;
  },
);

test('a connection that dies at its second call: the call is lost, and not sent again', async (t) => {
  let calls = 0;
  const operator = await rawOperator(t, (socket) => {
    socket.on('data', () => {
      calls += 1;
      if (calls === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nkeep-alive: timeout=60\r\n\r\n');
      else socket.resetAndDestroy();
    });
  });
  const client = openClient(t);
  const target = targetOf(operator.url);
  assert.deepEqual((await client.changeBalance(target, '1', 'message')).answer, answered(200, ''));
  await rested();
  assert.deepEqual((await client.changeBalance(target, '2', 'message')).answer, CONNECTION_LOST);
  assert.deepEqual([calls, operator.connections], [2, 1]);
  assert.deepEqual((await client.balance(target, 'x')).answer, CONNECTION_LOST);
  assert.deepEqual([calls, operator.connections], [3, 2], 'the next call has a connection of its own');
});

/** A connection rests for a turn of the event loop before it is used again. */
async function rested(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
}

test('an answer nobody asked for ends the connection, not the next call', async (t) => {
  const spoilt = signal();
  let calls = 0;
  const operator = await rawOperator(t, (socket) => {
    socket.on('data', () => {
      calls += 1;
      const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n';
      socket.write(calls === 1 ? `${ok}1${ok}X` : `${ok}2`);
    });
    socket.on('close', () => spoilt.give());
  });
  const client = openClient(t);
  assert.deepEqual(
    (await client.changeBalance(targetOf(operator.url), '1', 'question')).answer,
    answered(200, '1'),
  );
  await spoilt.promise;
  assert.deepEqual(
    (await client.changeBalance(targetOf(operator.url), '2', 'question')).answer,
    answered(200, '2'),
  );
});

test('nobody listens: not sent', async (t) => {
  const target = targetOf(`http://127.0.0.1:${await freePort()}`);
  assert.deepEqual(
    (await openClient(t).changeBalance(target, '{}', 'question')).answer,
    notSent('unreachable'),
  );
});

test('a name nobody knows, and a name with no address: not sent', async (t) => {
  for (const resolve of [async () => [], () => Promise.reject(new Error('ENOTFOUND'))]) {
    const client = openClient(t, { resolve });
    const { answer } = await client.changeBalance(targetOf('http://operator.test/'), '{}', 'question');
    assert.deepEqual(answer, notSent('unreachable'));
  }
});

test('given up before it was written: not a byte of it goes out later', BOUNDED, async (t) => {
  const bytes: Buffer[] = [];
  const gone = signal();
  const operator = await rawOperator(t, (socket) => {
    socket.on('data', (chunk: Buffer) => bytes.push(chunk));
    socket.on('close', () => gone.give());
  });
  const resolved = signal<{ address: string; family: number }[]>();
  const client = openClient(t, { questionTimeoutMs: 50, resolve: () => resolved.promise });
  const target = targetOf(`http://operator.test:${operator.port}`);
  assert.deepEqual((await client.changeBalance(target, '{}', 'question')).answer, notSent('unreachable'));
  resolved.give([{ address: '127.0.0.1', family: 4 }]);
  await gone.promise;
  assert.deepEqual(bytes, []);
});

const CA = { cert: null, key: null, ca: pem('ca') } as const;
const SERVER = { cert: pem('server'), key: pem('server-key') };
const TLS_CASES: readonly [
  name: string,
  server: Parameters<typeof httpOperator>[2],
  tls: Parameters<typeof targetOf>[1],
  host: string,
  answer: OperatorAnswer,
][] = [
  ['an authority of its own, by address', SERVER, { tls: CA }, '127.0.0.1', answered(200, 'ok')],
  ['an authority of its own, by name', SERVER, { tls: CA }, 'localhost', answered(200, 'ok')],
  ['an authority nobody told us of', SERVER, {}, '127.0.0.1', notSent('unreachable')],
  [
    "another name's certificate",
    { cert: pem('elsewhere'), key: pem('elsewhere-key') },
    { tls: CA },
    'localhost',
    notSent('unreachable'),
  ],
  [
    'a certificate by nobody',
    { cert: pem('stranger'), key: pem('stranger-key') },
    { tls: CA },
    '127.0.0.1',
    notSent('unreachable'),
  ],
  [
    'a protocol long broken',
    { ...SERVER, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
    { tls: CA },
    '127.0.0.1',
    notSent('unreachable'),
  ],
  [
    'a certificate of ours it asks for',
    { ...SERVER, requestCert: true, rejectUnauthorized: true, ca: pem('ca') },
    { tls: { cert: pem('client'), key: pem('client-key'), ca: pem('ca') } },
    '127.0.0.1',
    answered(200, 'ok'),
  ],
  [
    'no certificate of ours, in a handshake that ends with its yes',
    { ...SERVER, requestCert: true, rejectUnauthorized: true, ca: pem('ca'), maxVersion: 'TLSv1.2' },
    { tls: CA },
    '127.0.0.1',
    notSent('unreachable'),
  ],
  [
    // TLS 1.3 lets us write before the server has looked at our certificate: it may have read it.
    'no certificate of ours, in a handshake that ends before its yes',
    { ...SERVER, requestCert: true, rejectUnauthorized: true, ca: pem('ca'), minVersion: 'TLSv1.3' },
    { tls: CA },
    '127.0.0.1',
    CONNECTION_LOST,
  ],
  [
    'settings that are no PEM',
    SERVER,
    { tls: { cert: null, key: null, ca: 'nonsense' } },
    '127.0.0.1',
    notSent('unreachable'),
  ],
];
for (const [name, server, changed, host, expected] of TLS_CASES) {
  test(`TLS: ${name}`, async (t) => {
    const operator = await httpOperator(t, (_seen, response) => response.end('ok'), server);
    const target = targetOf(`https://${host}:${operator.port}`, changed);
    assert.deepEqual((await openClient(t).changeBalance(target, '{}', 'question')).answer, expected);
    assert.equal(operator.seen.length, expected.kind === 'answered' ? 1 : 0);
  });
}

test('TLS to a server that speaks plainly: not sent', async (t) => {
  const operator = await httpOperator(t, (_seen, response) => response.end('ok'));
  const target = targetOf(operator.url.replace('http:', 'https:'), { tls: CA });
  assert.deepEqual(
    (await openClient(t).changeBalance(target, '{}', 'question')).answer,
    notSent('unreachable'),
  );
});

test('TLS is verified whatever the process is told', async (t) => {
  await withEnvironment(t, 'NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const operator = await httpOperator(t, (_seen, response) => response.end('ok'), SERVER);
  const { answer } = await openClient(t).changeBalance(targetOf(operator.url), '{}', 'question');
  assert.deepEqual(answer, notSent('unreachable'));
});

async function withEnvironment(t: TestContext, name: string, value: string): Promise<void> {
  const before = process.env[name];
  process.env[name] = value;
  t.after(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}
