/** Every code the vendor API can answer, each by what really causes it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Fastify from 'fastify';
import { CODES } from '../../src/kbook/codes.ts';
import { ENDPOINTS } from '../../src/kbook/vendor-calls.ts';
import { vendorRoutes } from '../../src/kbook/vendor-routes.ts';
import { rawCall } from '../http/rig.ts';
import { openWorld, type World } from '../world.ts';
import {
  type BookAnswer,
  type BookGround,
  type BookOperatorClient,
  openBook,
  postRaw,
  type TestPlayer,
  WIDE,
} from './rig.ts';

let world: World;
let book: BookGround;
let operator: BookOperatorClient;
let player: TestPlayer;
before(async () => {
  world = await openWorld();
  book = openBook(world);
  operator = await book.operator();
  player = await operator.player({ credit: 1000 });
});
after(() => world.close());

/** Values with which a call succeeds. */
const values = (): Record<string, unknown> => ({
  certCode: operator.certCode,
  vendorType: 'CPS_USD',
  userId: player.userId,
  betLimit: WIDE,
  tsCode: crypto.randomUUID(),
  depositAmount: 5,
  withdrawAmount: 1,
  updateTime: '20240101000000000',
  startDate: '20240101',
  endDate: '20240131',
});

function is(answer: BookAnswer, code: keyof typeof CODES, ...words: readonly string[]): void {
  assert.equal(answer.code, code, JSON.stringify(answer));
  assert.equal(answer.message, CODES[code]);
  for (const word of words)
    assert.ok(JSON.stringify(answer.data).includes(word), `${word} in ${JSON.stringify(answer)}`);
}

test('code 1: every call with its values', async () => {
  for (const { name } of ENDPOINTS) {
    const given = name === 'getWalletTransferLog' ? await transferred() : values();
    is(await operator.call(name, given), '1');
  }
});

async function transferred(): Promise<Record<string, unknown>> {
  const given = values();
  await operator.done('deposit', given);
  return given;
}

test('code 1001: a field that is missing or ill-formed is named', async () => {
  for (const { name, fields } of ENDPOINTS) {
    for (const [field, { required }] of Object.entries({
      certCode: { required: true },
      vendorType: { required: true },
      ...fields,
    })) {
      for (const absent of [undefined, null, ''])
        if (required)
          is(await operator.call(name, { ...values(), [field]: absent }), '1001', field, 'required');
      const wrong = await operator.call(name, { ...values(), [field]: [{}] });
      const code = /Time|Date/.test(field) ? '1004' : '1001';
      is(wrong, code, field);
      assert.equal(wrong.data.field, field);
    }
  }
});

test('code 1001: a vendor type that is unknown, or one that is switched off', async () => {
  for (const vendorType of ['CPS_EUR', 'cps_usd', '\u0000', ' ', '\ud800', 5, {}])
    is(await operator.call('getCreditBalance', { ...values(), vendorType }), '1001', 'vendorType');
  for (const vendorType of ['CPS_HKD', 'MPS_USD'])
    for (const { name, opens } of ENDPOINTS) {
      const answer = await operator.call(name, { ...values(), vendorType });
      if (opens) is(answer, '1001', 'vendorType', 'not offered');
      else assert.notEqual(answer.code, '1001', name);
    }
});

test('code 1001: a tsCode used for something else', async () => {
  const given = await transferred();
  is(await operator.call('deposit', { ...given, depositAmount: 6 }), '1001', 'tsCode');
  is(await operator.call('withdraw', given), '1001', 'tsCode');
});

test('code 1002: what is not there', async () => {
  const nobody = { ...values(), userId: 'nobody' };
  for (const { name, fields } of ENDPOINTS)
    if ('userId' in fields && name !== 'getLoginUrl') is(await operator.call(name, nobody), '1002', 'userId');
  is(await operator.call('getWalletTransferLog', values()), '1002', 'tsCode');
  const elsewhere = await transferred();
  is(await operator.call('getWalletTransferLog', { ...elsewhere, vendorType: 'CPS2_USD' }), '1002', 'tsCode');
  const other = await book.operator();
  is(await other.call('getWalletTransferLog', { ...elsewhere, certCode: other.certCode }), '1002', 'tsCode');
  is(await other.call('getCreditBalance', { ...values(), certCode: other.certCode }), '1002', 'userId');
});

test('code 1002: no such call, by path or by method', async () => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(values());
  const calls = [
    ...[
      '/vendor/api/nope',
      '/vendor/api',
      '/vendor/api/',
      '/vendor/api/deposit/more',
      '/vendor/api/Deposit',
      '/vendor/api/%zz',
    ].map((path) => ({ method: 'POST', path, headers, body })),
    ...['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => ({
      method,
      path: '/vendor/api/deposit',
      headers,
      body,
    })),
    { method: 'GET', path: '/vendor/api/getCreditBalance?userId=x' },
    { method: 'POST', path: '/vendor/api/nope', headers: { 'content-type': 'text/plain' }, body: 'x' },
  ];
  for (const call of calls) {
    const answer = await rawCall(world.url, call);
    assert.equal(answer.status, 200, `${call.method} ${call.path}`);
    is(answer.body, '1002');
  }
});

test('code 1003: more than can be withdrawn', async () => {
  const poor = await operator.player({ credit: 500 });
  const session = await book.session();
  await book.bet(poor, { session, type: 'RAIN', stake: 30_000n });
  const given = { ...values(), userId: poor.userId };
  is(await operator.call('withdraw', { ...given, withdrawAmount: 200.01 }), '1003');
  is(await operator.call('withdraw', { ...given, withdrawAmount: 200 }), '1');
});

test('code 1004: a time or a day there is not', async () => {
  for (const updateTime of [0, 20240231000000000n, '20241301000000000', 'now'])
    is(
      await raw(
        'getVendorTransactionByUpdateTime',
        `{"updateTime":${typeof updateTime === 'string' ? `"${updateTime}"` : updateTime}}`,
      ),
      '1004',
      'updateTime',
    );
  for (const field of ['startDate', 'endDate'])
    is(await operator.call('getSummaryTxnByGameDate', { ...values(), [field]: '20240230' }), '1004', field);
});

/** Sends literal fields, which a serializer would change. */
async function raw(name: string, literal: string): Promise<BookAnswer> {
  const { certCode, vendorType } = values();
  const body = `{"certCode":"${certCode}","vendorType":"${vendorType}",${literal.slice(1)}`;
  return (await postRaw(world.url, `/vendor/api/${name}`, { body })).body;
}

test('code 2003: a certCode that is unknown, or one that is switched off', async () => {
  for (const { name } of ENDPOINTS)
    is(await operator.call(name, { ...values(), certCode: 'x'.repeat(40) }), '2003');
  const off = await book.operator({ enabled: false });
  for (const { name } of ENDPOINTS) is(await off.call(name, { ...values(), certCode: off.certCode }), '2003');
});

test('code 2005: called from elsewhere than the list says', async () => {
  const elsewhere = await book.operator({ allowedIps: ['192.0.2.1', '2001:db8::/32'] });
  for (const { name } of ENDPOINTS)
    is(await elsewhere.call(name, { ...values(), certCode: elsewhere.certCode }), '2005', '127.0.0.1');
  const here = await book.operator({ allowedIps: ['192.0.2.1', '127.0.0.0/8'] });
  is(await here.call('getCreditBalance', { ...values(), certCode: here.certCode }), '1002');
});

test('code 4004: limits outside the bounds', async () => {
  for (const name of ['getLoginUrl', 'updateBetLimit']) {
    const wrong = { ...WIDE, maxBet: 10_001 };
    for (const betLimit of [wrong, JSON.stringify(wrong)])
      is(await operator.call(name, { ...values(), betLimit }), '4004', 'maxBet must be at most 10000');
  }
});

test('code 5001: a body that is no JSON object, or too large', async () => {
  const bodies = [
    ...[
      '',
      ' ',
      '{',
      'certCode=x',
      '[]',
      '"x"',
      '5',
      'null',
      '{"a":1}x',
      `{"a":"${'x'.repeat(70_000)}"}`,
    ].map((text) => Buffer.from(text)),
    Buffer.from([0x7b, 0x22, 0xc7, 0xd1, 0x22, 0x3a, 0x31, 0x7d]),
  ];
  for (const body of bodies) {
    const answer = await postRaw(world.url, '/vendor/api/deposit', { body: new Uint8Array(body) });
    assert.equal(answer.status, 200);
    is(answer.body, '5001');
  }
});

test('code 5003: any content type but JSON', async () => {
  const body = JSON.stringify(values());
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'x',
    ';;;',
    'application/xml',
  ]) {
    const answer = await postRaw(world.url, '/vendor/api/getCreditBalance', {
      body,
      headers: { 'content-type': type },
    });
    assert.equal(answer.status, 200);
    is(answer.body, '5003');
  }
  const bare = { method: 'POST', path: '/vendor/api/getCreditBalance' };
  is((await rawCall(world.url, { ...bare, body })).body, '5003');
  is((await rawCall(world.url, bare)).body, '5003');
  for (const type of [
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/json ;charset=UTF-8',
  ]) {
    const answer = await postRaw(world.url, '/vendor/api/getCreditBalance', {
      body,
      headers: { 'content-type': type },
    });
    is(answer.body, '1');
  }
});

test('code 0: nothing was done, since too much waits for the ledger', async () => {
  const full = await world.secondHub({ writer: { queueMax: 0 } });
  const given = values();
  for (const name of ['deposit', 'withdraw'])
    is(await operator.call(name, given, full.url), '0', 'nothing was done');
  is(await operator.call('getWalletTransferLog', given), '1002');
});

test('code 6002: a transfer whose outcome is not known is made once, by a repeat', async () => {
  let lose = true;
  const atStep = (step: string) => {
    if (step !== 'committed' || !lose) return;
    lose = false;
    throw new Error('the connection ended before the answer');
  };
  const lossy = await world.secondHub({ writer: { atStep }, logLevel: 'silent' });
  const before = await operator.done('getCreditBalance', values());
  const given = { ...values(), depositAmount: 12.34 };
  is(await operator.call('deposit', given, lossy.url), '6002', 'same tsCode');
  const repeated = await operator.call('deposit', given, lossy.url);
  is(repeated, '1');
  const now = await operator.done('getCreditBalance', values());
  assert.equal(now.currentBalance, Number((before.currentBalance + 12.34).toFixed(2)));
  assert.equal(repeated.data.afterCredit, now.currentBalance);
});

test('code 999: a bug is told as one, and logged', async () => {
  const failures: unknown[] = [];
  const bug = new TypeError('cannot read properties of undefined');
  const { sql, writer, book: directory } = world.hub;
  const buggy = { ...directory, player: () => Promise.reject(bug) };
  const server = Fastify();
  await server.register(vendorRoutes, {
    prefix: '/vendor/api',
    ...{ sql, writer, book: buggy, publicUrl: null, onFailure: (error: unknown) => failures.push(error) },
  });
  const answer = await server.inject({
    method: 'POST',
    url: '/vendor/api/getCreditBalance',
    payload: values(),
  });
  assert.equal(answer.statusCode, 200);
  is(answer.json(), '999');
  assert.deepEqual(failures, [bug]);
  await server.close();
});
