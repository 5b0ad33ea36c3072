/** A run of certification beside its checks: ids, money, what is in the way, stopping, the packets to repeat. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { type Progress, runCertification } from '../../src/callbacks/certify/certify.ts';
import { CHECKS, needOf } from '../../src/callbacks/certify/checks.ts';
import { idsOf } from '../../src/callbacks/certify/ids.ts';
import { reportText } from '../../src/callbacks/certify/report.ts';
import { percentile } from '../../src/callbacks/certify/times.ts';
import { certified, findings, idsBy, serving, standard } from './rig.ts';
import { type Habits, tinyOperator } from './tiny-operator.ts';

const execute = promisify(execFile);

test('ids rise, are whole, lie far above the hub’s, and come from the seed', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (seed, other) => {
      const ids = Array.from({ length: 50 }, idsOf(seed));
      const again = Array.from({ length: 50 }, idsOf(seed));
      assert.deepEqual(ids, again);
      assert.ok(ids.every((id, n) => Number.isSafeInteger(id) && (n === 0 || id === ids[n - 1]! + 1)));
      // The hub would have to book a million transactions a second for two centuries to get there.
      assert.ok(ids[0]! > 2 ** 52 + 2 ** 51);
      if (seed !== other) assert.notEqual(idsOf(other)(), ids[0]);
    }),
  );
});

test('the share of values that is not exceeded', () => {
  const table: [values: number[], share: number, expected: number][] = [
    [[], 0.95, 0],
    [[7], 0.5, 7],
    [[3, 1, 2], 0.5, 2],
    [Array.from({ length: 20 }, (_each, n) => n + 1), 0.95, 19],
    [[1, 2, 100], 1, 100],
  ];
  for (const [values, share, expected] of table) assert.equal(percentile(values, share), expected);
});

/** An operator that writes down what it is sent. */
function listening(habits: Partial<Habits> = {}, balance = 10_000) {
  const bodies: string[] = [];
  const operator = tinyOperator(
    { player01: balance },
    {
      ...habits,
      decode(bytes) {
        const text = bytes.toString('utf8');
        bodies.push(text);
        return text;
      },
    },
  );
  return { operator, bodies };
}

test('the same seed sends the same transactions', async () => {
  const transactions = async (seed: string) => {
    const { operator, bodies } = listening();
    const report = await certified(operator, { seed });
    assert.equal(report.seed, seed);
    // Those that go out at once arrive in any order.
    return bodies
      .map((body) => JSON.parse(body))
      .map(({ username, amount, transaction: { id, type, referer_id } }) =>
        [username, amount, id, type, referer_id].join(' '),
      )
      .toSorted();
  };
  const first = await transactions('a');
  assert.deepEqual(await transactions('a'), first);
  assert.notDeepEqual(await transactions('b'), first);
});

test('packets have the contract’s fields in the contract’s order', async () => {
  const { operator, bodies } = listening();
  await certified(operator, { only: ['bet-exact', 'win-exact', 'details-null', 'bundle-cancel'], seed: 'c' });
  const shape = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, inner]) => [key, shape(inner)])
      : typeof value;
  const target = [
    'target',
    [
      ['id', 'number'],
      ['username', 'string'],
      ['balance', 'number'],
      ['point', 'string'],
    ],
  ];
  const game = ['id', 'type', 'round', 'title', 'vendor'].map((key) => [key, 'string']);
  for (const body of bodies) {
    const packet = JSON.parse(body);
    const { details, referer_id } = packet.transaction;
    const head = [
      ['id', 'number'],
      ['type', 'string'],
      ['referer_id', typeof referer_id],
    ].map(([key, kind]) => [key, kind === 'object' ? 'object' : kind]);
    const told = details === null ? ['details', 'object'] : ['details', [['game', game]]];
    assert.deepEqual(shape(packet), [
      ['username', 'string'],
      ['amount', 'number'],
      ['transaction', [...head, ['amount', 'number'], ['processed_at', 'string'], told, target]],
    ]);
    assert.match(packet.transaction.processed_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.equal(packet.amount, packet.transaction.amount);
  }
});

test('what a check needs is what it takes the account down to', () => {
  const need = (id: string) => needOf(CHECKS.find((check) => check.id === id)!);
  const table: [id: string, minor: bigint][] = [
    ['balance-known', 0n],
    ['cancel-unknown', 0n],
    ['win-zero', 500n],
    ['bundle-cancel', 600n],
    ['bets-at-once', 2020n],
    ['bet-whole-balance', 1n],
    ['latency', 20n],
  ];
  for (const [id, minor] of table) assert.equal(need(id), minor, id);
});

test('with exactly what is needed everything runs', async () => {
  const most = CHECKS.map(needOf).reduce((a, b) => (a > b ? a : b));
  const report = await certified(tinyOperator({ player01: Number(most) / 100 }));
  assert.ok(report.ok, findings(report));
});

for (const balance of [0, 4.99]) {
  test(`an account with ${balance}: what needs more is skipped, and the report says how much`, async () => {
    const report = await certified(tinyOperator({ player01: balance }));
    assert.deepEqual(idsBy(report, 'failed'), [], findings(report));
    const skipped = CHECKS.filter((check) => needOf(check) > BigInt(Math.round(balance * 100)))
      .filter(({ always }) => !always)
      .map(({ id }) => id);
    const reported = idsBy(report, 'skipped');
    assert.ok(skipped.length > 0 && skipped.every((id) => reported.includes(id)));
    assert.equal(report.ok, false);
    assert.match(report.problems.join(), /too little money: 21\.00 USD are needed, there are \d\.\d\d USD/);
  });
}

test('nobody listens: the report says so', async () => {
  const callbackUrl = await serving(tinyOperator({}), async (url) => url);
  const report = await runCertification(standard(callbackUrl));
  assert.equal(report.ok, false);
  assert.match(report.problems.join(), /player01 can't be read: no connection/);
  assert.deepEqual(idsBy(report, 'passed'), []);
});

test('an internal address is not called', async () => {
  let calls = 0;
  const listener: RequestListener = (_request, response) => {
    calls += 1;
    response.end();
  };
  const client = { allowLoopback: false, allowedNetworks: ['10.0.0.0/8'] };
  const report = await certified(listener, { client });
  assert.equal(report.ok, false);
  assert.match(report.problems.join(), /the address is an internal one/);
  assert.equal(calls, 0);
});

test('an operator that dies in the middle is not knocked at for ever', async () => {
  const operator = tinyOperator({ player01: 10_000 });
  let calls = 0;
  const report = await certified((request, response) => {
    calls += 1;
    if (calls > 100) request.socket.destroy();
    else operator(request, response);
  });
  assert.equal(report.ok, false);
  assert.ok(calls < 160, `${calls} calls`);
  assert.match(report.problems.join(), /can't be read any more/);
  assert.match(report.problems.join(), /put it right by hand/);
  assert.equal(report.balance.after, null);
});

test('a run that is stopped puts the balance back and says what is missing', async () => {
  const stop = new AbortController();
  const { operator, bodies } = listening({
    changeOf({ amount, transaction }) {
      // In the middle of the first check that moves money,.
      if (transaction.type === 'bet') stop.abort();
      return amount * (transaction.type === 'bet' ? 0.5 : 1);
    },
  });
  const report = await certified(operator, { signal: stop.signal });
  assert.equal(report.ok, false);
  assert.deepEqual(idsBy(report, 'failed'), ['username-case'], 'the check under way ends');
  assert.equal(report.balance.after, report.balance.before);
  assert.ok(report.checks.filter(({ why }) => why === 'the run was stopped').length > 50);
  assert.ok(report.problems.includes('the run was stopped'));
  assert.ok(bodies.length < 20);
});

test('progress goes from nothing to all', async () => {
  const seen: Progress[] = [];
  const only = ['bet-exact', 'win-exact'];
  await certified(tinyOperator({ player01: 10_000 }), {
    only,
    onProgress: (progress) => seen.push(progress),
  });
  assert.deepEqual(
    seen.map(({ done, all, title }) => [done, all, title !== null]),
    [
      [0, 2, true],
      [1, 2, true],
      [2, 2, false],
    ],
  );
});

/** A shell's own reading of a command: the words that curl would get. */
async function wordsOf(command: string): Promise<string[]> {
  const { stdout } = await execute('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; ${command}`]);
  return stdout.split('\0').slice(0, -1);
}

test('the packets of a failed check, repeated at an operator like it, show the failure again', async () => {
  const habits: Partial<Habits> = {
    isRepeat: ({ transaction }, { seen }) => transaction.type !== 'win' && seen.has(transaction.id),
    turnAway: ({ headers }) => (headers['x-signature']?.length === 64 ? null : 401),
  };
  const report = await certified(tinyOperator({ "o'neil 홍": 10_000 }, habits), {
    username: "O'Neil 홍",
    secret: "it's a secret",
  });
  const check = report.checks.find(({ id }) => id === 'win-repeat')!;
  assert.equal(check.got, '10025.00 USD');
  assert.ok(!JSON.stringify(report).includes('a secret') && !reportText(report).includes('a secret'));
  await serving(tinyOperator({ "o'neil 홍": 10_000 }, habits), async (url) => {
    let last = '';
    for (const command of check.curl) {
      const words = await wordsOf(command);
      const headers = words.flatMap((word, n) => (words[n - 1] === '-H' ? [word.split(': ')] : []));
      const at = words.indexOf('--data-binary');
      const { pathname, search } = new URL(words.at(-1)!);
      const response = await fetch(url.replace('/wallet', pathname) + search, {
        headers: headers as [string, string][],
        ...(at < 0 ? {} : { method: 'POST', body: words[at + 1]! }),
      });
      assert.equal(response.status, 200);
      last = await response.text();
    }
    assert.equal(last, '{"balance":10025}');
  });
});
