/**
 * Hostile and broken input at every door: answered in the contract's form, never a 5xx, and nothing is written.
 * What is refused as a whole is compared by the row counts of all tables before and after.
 */
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type Answer, openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';
import { countRows, rawCall } from './rig.ts';

let world: World;
let agent: TestAgent;
let studio: StudioClient;
let seat: { session: string; player: string; game: { id: string } };
let counted: Record<string, number>;
before(async () => {
  world = await openWorld();
  agent = await world.agent();
  studio = await world.studio('evolution');
  seat = await world.play(agent, studio, { username: 'victim01', vendor: 'evolution' });
});
after(() => world.close());
beforeEach(async () => {
  counted = await countRows(world.hub.sql);
});
afterEach(async () => {
  assert.deepEqual(await countRows(world.hub.sql), counted, 'nothing is written');
  assert.equal((await agent.get('/my-info')).status, 200, 'the hub goes on');
});

type Body = Buffer | string;
const xt = (path: string, body: Body, headers: Record<string, string> = {}) =>
  rawCall(world.url, {
    ...{ method: 'POST', path: `/api${path}`, body },
    headers: { authorization: `Bearer ${agent.apiKey}`, 'content-type': 'application/json', ...headers },
  });

/** Sends a signed body exactly as it is, byte for byte. */
function raw(method: string, path: string, body: Body): Promise<Answer> {
  const [timestamp, nonce, full] = [String(Date.now()), randomUUID(), `/studio/v1${path}`];
  const mark = createHmac('sha256', studio.secret)
    .update(`${method}\n${full}\n${timestamp}\n${nonce}\n`)
    .update(body);
  return rawCall(world.url, {
    ...{ method, path: full, body },
    headers: {
      ...{ 'content-type': 'application/json', 'x-studio-key': studio.key, 'x-timestamp': timestamp },
      ...{ 'x-nonce': nonce, 'x-signature': mark.digest('hex') },
    },
  });
}

function refusedByXt(answer: Answer, statuses: readonly number[]): void {
  assert.ok(statuses.includes(answer.status), `${answer.status}: ${answer.text.slice(0, 200)}`);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(typeof answer.body.message, 'string');
}
function refusedByStudio(answer: Answer, statuses: readonly number[], code?: string): void {
  assert.ok(statuses.includes(answer.status), `${answer.status}: ${answer.text.slice(0, 200)}`);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.deepEqual(Object.keys(answer.body), ['code', 'message']);
  if (code !== undefined) assert.equal(answer.body.code, code);
}

const DEEP = 100_000;
const deepArray = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`;
const shallow = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

// ---- the operator API -----------------------------------------------------------------------------------------

const BODIES: readonly (readonly [string, Body, number[]])[] = [
  ['cut JSON', '{"username":"new', [422]],
  ['a JSON text', '"new00001"', [422]],
  ['a JSON number', '12345', [422]],
  ['a JSON array', '["username","new00001"]', [422]],
  ['two objects', '{"username":"new00001"}{"username":"new00002"}', [422]],
  ['UTF-16', Buffer.from('{"username":"new00001"}', 'utf16le'), [422]],
  ['gzip', Buffer.from('1f8b08000000000000ff', 'hex'), [422]],
  ['random bytes', Buffer.from('00ff80c0fe3d41', 'hex'), [422]],
  ['deep arrays', deepArray, [413, 422]],
  ['deep arrays that fit', shallow(30_000), [422]],
  ['a deep username', `{"username":${shallow(30_000)}}`, [422]],
  ['an object for a username', '{"username":{"toString":1}}', [422]],
  ['an array for a username', '{"username":["new00001"]}', [422]],
  ['a boolean for a username', '{"username":true}', [422]],
  ['a username set by __proto__', '{"__proto__":{"username":"new00001"}}', [422]],
  ['100 KB', JSON.stringify({ username: 'x'.repeat(100_000) }), [413]],
  ['a form with a broken escape', 'username=%E0%A4%A&nickname=abc', [422]],
];
for (const [name, body, statuses] of BODIES) {
  test(`operator: a body of ${name} is refused`, async () => {
    refusedByXt(await xt('/user/create', body), statuses);
  });
}

const NAMES: readonly (readonly [string, string])[] = [
  ['a NUL', 'vic\u0000tim'],
  ['a line break', 'vic\r\ntim'],
  ['a zero-width space', 'victim\u200b01'],
  ['a zero-width joiner', 'victim\u200d01'],
  ['a byte order mark inside', 'victim\ufeff01'],
  ['a soft hyphen', 'vic\u00adtim01'],
  ['a right-to-left override', '\u202e10mitciv'],
  ['a lone surrogate', 'victim\ud800'],
  ['a private character', 'victim\ue000'],
  ['an unassigned character', 'victim\u0378'],
  ['a line separator', 'vic\u2028tim'],
  ['a Hangul filler', 'victim\u3164'],
  ['only Hangul fillers', '\u3164\u3164\u3164'],
  ['a halfwidth Hangul filler', 'victim\uffa0'],
  ['a variation selector', 'victim\ufe0f01'],
  ['a grapheme joiner', 'victim\u034f01'],
  ['a tag character', 'victim\u{e0041}'],
  ['another case', 'VICTIM01'],
  ['full width', 'ｖｉｃｔｉｍ０１'],
  ['mathematical letters', '𝐯𝐢𝐜𝐭𝐢𝐦𝟎𝟏'],
  ['circled digits', 'victim0①'],
];
for (const [name, username] of NAMES) {
  test(`operator: the name of another user with ${name} is refused`, async () => {
    const answer = await xt('/user/create', JSON.stringify({ username }));
    refusedByXt(answer, [422]);
    assert.deepEqual(Object.keys(answer.body.errors), ['username']);
  });
}

const INJECTIONS = [
  "victim01' or '1'='1",
  "'; drop table transfer; --",
  'victim01"}],"x":[{"',
  '{1,2}',
  '\\x00',
  '$1',
  '%27%20or%201=1',
  '../../etc/passwd',
  '{{7*7}}',
  '\\',
  '","NULL","',
];
for (const text of INJECTIONS) {
  test(`operator: ${JSON.stringify(text)} finds nobody, wherever it is put`, async () => {
    const values = { username: text, vendor: text, game_id: text, token: text, uuid: text, amount: text };
    const window = { start: text, end: text, page: text, perPage: text, order: text, transaction_id: text };
    for (const path of [
      '/user',
      '/game-list',
      '/open',
      '/transactions',
      '/transaction-detail',
      '/transaction-list?start=x',
    ]) {
      const query = new URLSearchParams(Object.entries({ ...values, ...window })).toString();
      const answer = await rawCall(world.url, {
        ...{ method: 'GET', path: `/api${path}${path.includes('?') ? '&' : '?'}${query}` },
        headers: { authorization: `Bearer ${agent.apiKey}` },
      });
      refusedByXt(answer, [422]);
    }
    for (const path of [
      '/user/kick',
      '/user/add-balance',
      '/user/sub-balance-all',
      '/user/exchange-point-all',
    ])
      refusedByXt(await xt(path, JSON.stringify(values)), [422]);
  });
}

const HEADERS: readonly (readonly [string, Record<string, string>, number[]])[] = [
  ['a content type that is none', { 'content-type': 'nonsense' }, [422]],
  ['an empty content type', { 'content-type': '' }, [422]],
  ['a multipart content type', { 'content-type': 'multipart/form-data; boundary=x' }, [422]],
  ['bytes in the key', { authorization: 'Bearer \u00ff\u00fe' }, [401]],
  ['a language of junk', { 'accept-language': ';;;q=,*,\u00ff' }, [422]],
  ['an override of junk', { 'x-http-method-override': 'GET /x HTTP/1.1' }, [405]],
  ['a foreign host', { host: 'evil.test' }, [422]],
];
for (const [name, headers, statuses] of HEADERS) {
  test(`operator: ${name} is answered in form`, async () => {
    refusedByXt(await xt('/user/create', '{"username":"x"}', headers), statuses);
  });
}

test('operator: nothing a caller says comes back as a header', async () => {
  const answer = await xt('/user/create', JSON.stringify({ username: 'a\r\nSet-Cookie: x=1' }), {
    'idempotency-key': 'a%0d%0aSet-Cookie: x=1',
  });
  assert.equal(answer.headers.get('set-cookie'), null);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
});

// ---- the studio API -------------------------------------------------------------------------------------------

const good = () => ({
  ...{ id: randomUUID(), type: 'bet', round: 'r1', currency: 'KRW', amount: '1' },
  ...seat,
});
const item = (rest: Record<string, unknown>) => {
  const { session, game, id, type, round, currency, amount } = good();
  return JSON.stringify({ transactions: [{ session, game, id, type, round, currency, amount, ...rest }] });
};
const game = (rest: Record<string, unknown>) =>
  JSON.stringify({
    games: [{ id: 'new-1', title: 'New', type: 'slot', launchUrl: 'https://play.test/', ...rest }],
  });

const UNREAD: readonly (readonly [string, string, string, () => Body])[] = [
  ['cut JSON', 'POST', '/transactions', () => '{"transactions":['],
  [
    'bytes that are not UTF-8',
    'POST',
    '/transactions',
    () => Buffer.from('{"transactions":[{"id":"\xff"}]}', 'latin1'),
  ],
  ['no body', 'POST', '/transactions', () => ''],
  ['no list', 'POST', '/transactions', () => '{"transactions":{}}'],
  ['a deep list', 'POST', '/transactions', () => `{"transactions":${deepArray}}`],
  ['an item that is none', 'POST', '/transactions', () => '{"transactions":[null]}'],
  [
    'one bad item among good ones',
    'POST',
    '/transactions',
    () => JSON.stringify({ transactions: [good(), {}] }),
  ],
  ['an unknown type', 'POST', '/transactions', () => item({ type: 'steal' })],
  ['an id that is a number', 'POST', '/transactions', () => item({ id: 1 })],
  ['an empty id', 'POST', '/transactions', () => item({ id: '' })],
  ['an id of 129 characters', 'POST', '/transactions', () => item({ id: 'x'.repeat(129) })],
  ['a NUL in an id', 'POST', '/transactions', () => item({ id: 'a\u0000b' })],
  ['a line break in an id', 'POST', '/transactions', () => item({ id: 'a\nb' })],
  ['half a pair in an id', 'POST', '/transactions', () => item({ id: 'a\ud800' })],
  ['half a pair in a round', 'POST', '/transactions', () => item({ round: '\udfff' })],
  ['half a pair in a reference', 'POST', '/transactions', () => item({ reference: '\ud800x' })],
  ['a NUL in a round', 'POST', '/transactions', () => item({ round: '\u0000' })],
  ['a bet without a round', 'POST', '/transactions', () => item({ round: undefined })],
  ['a cancel of nothing', 'POST', '/transactions', () => item({ type: 'cancel', round: undefined })],
  ['nobody’s item', 'POST', '/transactions', () => item({ session: undefined, player: undefined })],
  ['an amount that is a number', 'POST', '/transactions', () => item({ amount: 1 })],
  ['a player that is a number', 'POST', '/transactions', () => item({ player: 1 })],
  ['a detail of 65 KiB', 'POST', '/transactions', () => item({ detail: 'x'.repeat(65 * 1024) })],
  [
    'a deep detail',
    'POST',
    '/transactions',
    () => item({}).replace('"currency"', `"detail":${shallow(30_000)},"currency"`),
  ],
  [
    'a detail a little deep',
    'POST',
    '/transactions',
    () => item({}).replace('"currency"', `"detail":${shallow(5000)},"currency"`),
  ],
  ['a deep late detail', 'PUT', '/transactions/x/detail', () => shallow(30_000)],
  ['no token', 'POST', '/sessions/open', () => '{}'],
  ['a token that is an array', 'POST', '/sessions/open', () => '{"token":["x"]}'],
  ['no session', 'POST', '/sessions/close', () => '[]'],
  ['a round that is a number', 'POST', '/rounds/close', () => '{"game":"evolution-game","round":1}'],
  [
    'half a pair in a closed round',
    'POST',
    '/rounds/close',
    () => '{"game":"evolution-game","round":"\\ud800"}',
  ],
  ['no games', 'PUT', '/games', () => '{"games":[]}'],
  ['a game without a title', 'PUT', '/games', () => game({ title: undefined })],
  ['a NUL in a title', 'PUT', '/games', () => game({ title: 'a\u0000' })],
  ['half a pair in a title', 'PUT', '/games', () => game({ title: '\ud800' })],
  ['a NUL in an address', 'PUT', '/games', () => game({ launchUrl: 'https://play.test/\u0000' })],
  ['half a pair in an address', 'PUT', '/games', () => game({ thumbnail: 'https://play.test/\ud800' })],
  ['an address that is none', 'PUT', '/games', () => game({ launchUrl: 'https://' })],
  ['an address no browser opens', 'PUT', '/games', () => game({ launchUrl: 'https://[' })],
  ['a script for an address', 'PUT', '/games', () => game({ launchUrl: 'javascript:alert(1)' })],
  ['a NUL in a picture’s name', 'PUT', '/games', () => game({ thumbnails: { 'a\u0000': 'x' } })],
  ['a NUL in a picture', 'PUT', '/games', () => game({ thumbnails: { a: 'x\u0000' } })],
  ['half a pair in a language', 'PUT', '/games', () => game({ langs: { ko: '\udc00' } })],
  ['a rank that is no number', 'PUT', '/games', () => game({ rank: '1' })],
  ['a rank beyond the store', 'PUT', '/games', () => game({ rank: 2 ** 40 })],
  ['an unknown vendor', 'PUT', '/games', () => game({ vendor: '__proto__' })],
];
for (const [name, method, path, make] of UNREAD) {
  test(`studio: ${name} is refused as a whole`, async () => {
    refusedByStudio(await raw(method, path, make()), [400, 413]);
  });
}

test('studio: more than 4 MB are 413', async () => {
  refusedByStudio(
    await raw('POST', '/transactions', `{"transactions":["${'x'.repeat(4_200_000)}"]}`),
    [413],
    'too_large',
  );
});

test('studio: unsigned junk of any kind is 401', async () => {
  for (const body of ['', '{', deepArray, Buffer.from([0xff, 0xfe])])
    refusedByStudio(
      await rawCall(world.url, { method: 'POST', path: '/studio/v1/transactions', body }),
      [401, 413],
    );
});

const FOREIGN = ["' or 1=1 --", '\\"}', '{NULL}', '99999999999999999999', 'constructor', '__proto__'];
test('studio: odd names in good items name nobody', async () => {
  for (const text of FOREIGN) {
    const answer = await raw('POST', '/sessions/open', JSON.stringify({ token: text }));
    assert.equal(answer.body.code, 'token_invalid');
    assert.equal((await raw('POST', '/sessions/close', JSON.stringify({ session: text }))).status, 200);
    const closed = await raw('POST', '/rounds/close', JSON.stringify({ game: text, round: text }));
    assert.equal(closed.body.code, 'unknown_game');
    assert.equal(
      (await raw('GET', `/transactions/${encodeURIComponent(text)}`, '')).body.code,
      'unknown_transaction',
    );
  }
});

// ---- addresses and raw bytes ----------------------------------------------------------------------------------

const PATHS: readonly (readonly [string, number[]])[] = [
  ['/api/%zz', [400, 404]],
  ['/api/%ff', [400, 404]],
  ['/api/../studio/v1/rounds', [401, 404]],
  [`/api/${'x'.repeat(10_000)}`, [404]],
  ['/studio/v1/%ff', [400, 404]],
  ['/studio/v1/transactions/%ff', [400, 401]],
  [`/studio/v1/transactions/${'x'.repeat(3000)}`, [400, 401]],
  ['/studio/v1', [404]],
  ['/studio/v2/rounds', [404]],
  ['/nowhere', [404]],
  ['//api//user', [404]],
  ['/api/user/create/', [401]],
  ['/developer/../../etc/passwd', [404]],
];
for (const [path, statuses] of PATHS) {
  test(`${path.slice(0, 40)} is answered with an object`, async () => {
    const answer = await rawCall(world.url, { method: 'GET', path });
    refusedByXt(answer, statuses);
  });
}

/** Writes bytes to the socket; resolves with what came back until the hub closed it. */
function speak(bytes: string): Promise<string> {
  const { hostname, port } = new URL(world.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let heard = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('the hub kept the connection')));
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.on('error', reject).on('close', () => resolve(heard));
    socket.end(bytes, 'latin1');
  });
}

const LINES: readonly (readonly [string, string])[] = [
  ['no HTTP', 'hello\r\n\r\n'],
  ['a header without a colon', 'GET /api/my-info HTTP/1.1\r\nhost: x\r\nbroken\r\n\r\n'],
  [
    'two lengths',
    'POST /api/user/create HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
  ],
  [
    'length and chunks',
    'POST /api/user/create HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a negative length', 'POST /api/user/create HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
  ['headers of 40 KB', `GET /api/my-info HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`],
];
for (const [name, bytes] of LINES) {
  test(`${name} is turned away with 4xx`, async () => {
    assert.match(await speak(bytes), /^HTTP\/1\.1 4\d\d /);
  });
}
