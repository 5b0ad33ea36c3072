/** Which addresses callbacks may reach: tables, every spelling of them, and names that change what they stand for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGuard, parseNetwork } from '../../src/callbacks/guard.ts';
import { parseCallbackUrl } from '../../src/callbacks/url.ts';
import { httpOperator, openClient, pem, targetOf } from './client-rig.ts';

const FORBIDDEN = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.127.255.254',
  '127.0.0.1',
  '127.255.255.255',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::10.0.0.1',
  '::8.8.8.8',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::FFFF:169.254.169.254',
  '::ffff:0:8.8.8.8',
  '64:ff9b::10.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::8.8.8.8',
  '100::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  '2002:c0a8:101::1',
  '3fff:fff::1',
  '4000::1',
  'fc00::1',
  'fd12:3456:789a::1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  'ff02::1',
  'localhost',
  '8.8.8',
  '',
];
const ALLOWED = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.1',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
  '2001:4860:4860::8888',
  '2606:4700:4700::1111',
  '2a00:1450:4001:800::200e',
];

test('what is not public is forbidden, to the edges of each network', () => {
  const guard = createGuard({ allowLoopback: false, allowedNetworks: [] });
  assert.deepEqual(FORBIDDEN.filter(guard.allows), []);
  assert.deepEqual(
    ALLOWED.filter((address) => !guard.allows(address)),
    [],
  );
});

test('development opens loopback, and nothing else', () => {
  const guard = createGuard({ allowLoopback: true, allowedNetworks: [] });
  const opened = ['127.0.0.1', '127.255.255.255', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'];
  assert.deepEqual(FORBIDDEN.filter(guard.allows).sort(), [...opened].sort());
});

test('a network that is named is open, in each spelling of its addresses', () => {
  const guard = createGuard({
    allowLoopback: false,
    allowedNetworks: ['10.1.0.0/16', '192.168.7.7', 'fd00:5::/32'],
  });
  const table: [address: string, allowed: boolean][] = [
    ['10.1.2.3', true],
    ['::ffff:10.1.2.3', true],
    ['10.2.0.0', false],
    ['192.168.7.7', true],
    ['192.168.7.8', false],
    ['fd00:5:1::9', true],
    ['fd00:6::9', false],
    // Behind a translator it is another's network.
    ['64:ff9b::10.1.2.3', false],
    ['2002:a01:203::', false],
  ];
  for (const [address, allowed] of table) assert.equal(guard.allows(address), allowed, address);
});

test('networks are read, and what is none is refused', () => {
  const table: [text: string, read: ReturnType<typeof parseNetwork>][] = [
    ['10.0.0.0/8', { address: '10.0.0.0', bits: 8, family: 'ipv4' }],
    ['10.0.0.1', { address: '10.0.0.1', bits: 32, family: 'ipv4' }],
    ['::1', { address: '::1', bits: 128, family: 'ipv6' }],
    ['fd00::/8', { address: 'fd00::', bits: 8, family: 'ipv6' }],
    ['10.0.0.0/33', null],
    ['10.0.0.0/', null],
    ['10.0.0.0/8/8', null],
    ['10.0.0.0/-1', null],
    ['fe80::1%eth0', null],
    ['example.com', null],
    ['', null],
  ];
  for (const [text, read] of table) assert.deepEqual(parseNetwork(text), read, text);
  assert.throws(() => createGuard({ allowLoopback: false, allowedNetworks: ['intranet'] }), /intranet/);
});

test('callback addresses: what is called, and what is refused', () => {
  const table: [text: string, read: ReturnType<typeof parseCallbackUrl>][] = [
    ['https://a.example', { ok: true, origin: 'https://a.example', path: '' }],
    ['https://a.example/', { ok: true, origin: 'https://a.example', path: '' }],
    ['https://A.example:443/x/y//', { ok: true, origin: 'https://a.example', path: '/x/y' }],
    ['http://[::1]:8080/a b', { ok: true, origin: 'http://[::1]:8080', path: '/a%20b' }],
    ['ftp://a.example', { ok: false, refusal: 'not_http' }],
    ['a.example/x', { ok: false, refusal: 'not_http' }],
    ['', { ok: false, refusal: 'not_http' }],
    [`https://a.example/${'x'.repeat(2000)}`, { ok: false, refusal: 'not_http' }],
    ['https://u@a.example', { ok: false, refusal: 'has_credentials' }],
    ['https://:p@a.example', { ok: false, refusal: 'has_credentials' }],
    ['https://a.example/?x=1', { ok: false, refusal: 'has_query' }],
    ['https://a.example/?', { ok: false, refusal: 'has_query' }],
    ['https://a.example/#', { ok: false, refusal: 'has_fragment' }],
  ];
  for (const [text, read] of table) assert.deepEqual(parseCallbackUrl(text), read, text);
});

const SPELLINGS = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '127.0.0.1.',
  '１２７.0.0.1',
  '%31%32%37.0.0.1',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::1]',
  'localhost',
  'LOCALHOST',
];
for (const host of SPELLINGS) {
  test(`http://${host}/ does not lead to this machine`, async (t) => {
    const operator = await httpOperator(t, (_seen, response) => response.end('ok'));
    const client = openClient(t, { allowLoopback: false });
    const { answer } = await client.changeBalance(
      targetOf(`http://${host}:${operator.port}`),
      '{}',
      'question',
    );
    assert.deepEqual(answer, { kind: 'not_sent', reason: 'address_forbidden' });
    assert.equal(operator.connections, 0);
  });
}

test('the same over TLS', async (t) => {
  const operator = await httpOperator(t, (_seen, response) => response.end('ok'), {
    cert: pem('server'),
    key: pem('server-key'),
  });
  for (const host of ['127.0.0.1', 'localhost']) {
    const target = targetOf(`https://${host}:${operator.port}`, {
      tls: { cert: null, key: null, ca: pem('ca') },
    });
    const { answer } = await openClient(t, { allowLoopback: false }).changeBalance(target, '{}', 'question');
    assert.deepEqual(answer, { kind: 'not_sent', reason: 'address_forbidden' });
  }
  assert.equal(operator.connections, 0);
});

test('a name that changes what it stands for: each connection goes where it was checked, with one look', async (t) => {
  const operator = await httpOperator(t, (_seen, response) =>
    response.setHeader('connection', 'close').end('ok'),
  );
  const says: string[] = [];
  let looks = 0;
  const client = openClient(t, {
    allowLoopback: false,
    allowedNetworks: ['127.0.0.1'],
    resolve: async () => {
      looks += 1;
      return says.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  });
  const target = targetOf(`http://rebinding.test:${operator.port}`);
  const steps: [says: string[], reason: string | null][] = [
    [['127.0.0.1'], null],
    [['127.0.0.2'], 'address_forbidden'],
    [['127.0.0.1'], null],
    [['127.0.0.1', '169.254.169.254'], 'address_forbidden'],
    [['169.254.169.254', '127.0.0.1'], 'address_forbidden'],
    [['127.0.0.1', '::1'], 'address_forbidden'],
    [['::ffff:10.0.0.1'], 'address_forbidden'],
    [['127.0.0.1'], null],
  ];
  for (const [index, [addresses, reason]] of steps.entries()) {
    says.splice(0, says.length, ...addresses);
    const { answer } = await client.changeBalance(target, '{}', 'question');
    assert.equal(answer.kind === 'not_sent' ? answer.reason : null, reason, `step ${index}`);
    assert.equal(looks, index + 1);
  }
  assert.equal(operator.seen.length, 3);
});

test('calls that need the same name at the same time share one look', async (t) => {
  const operator = await httpOperator(t, (_seen, response) => response.end('ok'));
  let looks = 0;
  const client = openClient(t, {
    resolve: async () => {
      looks += 1;
      return [{ address: '127.0.0.1', family: 4 }];
    },
  });
  const target = targetOf(`http://shared.test:${operator.port}`);
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) => client.changeBalance(target, `${n}`, 'question')),
  );
  assert.ok(all.every(({ answer }) => answer.kind === 'answered'));
  assert.equal(looks, 1);
});

test('while the name server is slow or away, a name stands for what it last stood for, checked again', async (t) => {
  const operator = await httpOperator(t, (_seen, response) =>
    response.setHeader('connection', 'close').end('ok'),
  );
  const refusal = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
  const looks: (() => Promise<{ address: string; family: number }[]>)[] = [
    () => refusal('EAI_AGAIN'),
    async () => [{ address: '127.0.0.1', family: 4 }],
    () => refusal('EAI_AGAIN'),
    () => refusal('ENOTFOUND'),
    async () => [{ address: '127.0.0.2', family: 4 }],
    () => refusal('EAI_AGAIN'),
    async () => [{ address: '127.0.0.1', family: 4 }],
    () => new Promise(() => {}),
  ];
  const client = openClient(t, {
    allowLoopback: false,
    allowedNetworks: ['127.0.0.1'],
    resolve: () => looks.shift()?.() ?? refusal('ENOTFOUND'),
  });
  const target = targetOf(`http://named.test:${operator.port}`);
  const expected = [
    'unreachable',
    200,
    200,
    'unreachable',
    'address_forbidden',
    'address_forbidden',
    200,
    200,
  ];
  for (const [index, outcome] of expected.entries()) {
    const { answer } = await client.changeBalance(target, '{}', 'message');
    assert.equal(answer.kind === 'answered' ? answer.status : answer.reason, outcome, `step ${index}`);
  }
});
