/** What the reference wallet does with each packet, over HTTP, as a table. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from './rig.ts';
import { bodyOf, deskFor, MEMBER, type Sent, signed } from './seamless-rig.ts';

const B = 3_000_000_001; // beyond 2^31, as the hub's ids are
const bet = (id: number, amount: number, more: Partial<Sent> = {}): Sent => ({
  id,
  type: 'bet',
  amount,
  ...more,
});
const cancel = (id: number, amount: number, referer_id: number): Sent => ({
  id,
  type: 'cancel',
  amount,
  referer_id,
});
const win = (id: number, amount: number, referer_id: number | null = null): Sent => ({
  ...{ id, type: 'win', amount, referer_id },
});

/** A member with 1000 won. Each step: what is sent, the status, and what the member has then. */
const CASES: Readonly<Record<string, readonly (readonly [sent: Sent, status: number, balance: number])[]>> = {
  'a bet takes, a win gives': [
    [bet(B, -300), 200, 700],
    [win(B + 1, 450, B), 200, 1150],
  ],
  'a lost round is a win of nothing': [
    [bet(B, -300), 200, 700],
    [win(B + 1, 0, B), 200, 700],
  ],
  'a free spin is a bet of nothing': [[bet(B, 0), 200, 1000]],
  'all there is may be staked, and no more': [
    [bet(B, -1000), 200, 0],
    [bet(B + 1, -1), 402, 0],
    [bet(B + 2, 0), 200, 0],
  ],
  'a refusal is repeated, also when there is money by then': [
    [bet(B, -2000), 402, 1000],
    [win(B + 1, 5000), 200, 6000],
    [bet(B, -2000), 402, 6000],
  ],
  'the same id moves once': [
    [bet(B, -300), 200, 700],
    [bet(B, -300), 200, 700],
    [win(B + 1, 50, B), 200, 750],
    [win(B + 1, 50, B), 200, 750],
  ],
  'the same id with other content is refused': [
    [bet(B, -300), 200, 700],
    [bet(B, -301), 409, 700],
    [win(B, 300), 409, 700],
    [bet(B, -300, { username: 'other' }), 409, 700],
  ],
  'a charge is asked like a bet': [
    [{ id: B, type: 'charge', amount: -400 }, 200, 600],
    [{ id: B + 1, type: 'charge', amount: -601 }, 402, 600],
    [cancel(B + 2, 400, B), 200, 1000],
  ],
  'a cancel gives the bet back, once': [
    [bet(B, -300), 200, 700],
    [cancel(B + 1, 300, B), 200, 1000],
    [cancel(B + 1, 300, B), 200, 1000],
    [cancel(B + 2, 300, B), 200, 1000],
    [bet(B, -300), 200, 1000],
  ],
  'one cancel for several bets names the first and gives the sum': [
    [bet(B, -100), 200, 900],
    [bet(B + 1, -200), 200, 700],
    [bet(B + 2, -300), 200, 400],
    [cancel(B + 3, 600, B), 200, 1000],
    [bet(B + 4, -150), 200, 850],
    [cancel(B + 5, 150, B + 4), 200, 1000],
  ],
  'a cancel of a bet that never came is accepted, and the bet refused when it comes': [
    [cancel(B + 1, 300, B), 200, 1000],
    [bet(B, -300), 410, 1000],
    [bet(B, -300), 410, 1000],
    [cancel(B + 1, 300, B), 200, 1000],
    [cancel(B + 2, 300, B), 200, 1000],
  ],
  'a cancel of a refused bet gives nothing': [
    [bet(B, -2000), 402, 1000],
    [cancel(B + 1, 2000, B), 200, 1000],
  ],
  'a cancel in another name gives nothing': [
    [bet(B, -300), 200, 700],
    [{ ...cancel(B + 1, 300, B), username: 'nobody' }, 200, 700],
    [cancel(B + 2, 300, B), 200, 1000],
  ],
  'a cancel that names a win gives nothing': [
    [win(B, 500), 200, 1500],
    [cancel(B + 1, 500, B), 200, 1500],
  ],
  'what has happened is accepted also without money': [
    [bet(B, -1000), 200, 0],
    [{ id: B + 1, type: 'adjust', amount: -200 }, 200, -200],
    [{ id: B + 2, type: 'exceed_credit', amount: -50, referer_id: B }, 200, -250],
    [bet(B + 3, -1), 402, -250],
    [bet(B + 4, 0), 200, -250],
    [{ id: B + 5, type: 'adjust', amount: 260 }, 200, 10],
    [{ id: B + 6, type: 'promo_win', amount: 5 }, 200, 15],
  ],
  'the largest ids there are': [
    [bet(2 ** 53 - 2, -1), 200, 999],
    [win(2 ** 53 - 1, 1, 2 ** 53 - 2), 200, 1000],
  ],
  'amounts also come as text': [[bet(B, -300, { amount: '-300.00' }), 200, 700]],
  'a name is compared whatever its case and width': [
    [bet(B, -1, { username: 'ｍＩＮｊｉ' }), 200, 999],
    [bet(B + 1, -1, { username: 'MINJI' }), 200, 998],
  ],
};

for (const [name, steps] of Object.entries(CASES)) {
  test(name, async (t) => {
    const { desk, caller } = await deskFor(t);
    const member = steps.some(([sent]) => /^m/i.test(sent.username?.normalize('NFKC') ?? ''))
      ? 'Minji'
      : MEMBER;
    desk.books.cash(member, 1000n);
    for (const [sent, status, balance] of steps) {
      const told = await caller.send(sent);
      assert.equal(told.status, status, `${JSON.stringify(sent)}: ${told.text}`);
      assert.equal(typeof told.balance, status === 200 ? 'number' : 'object');
      assert.equal((await caller.balance(member)).balance, balance, JSON.stringify(sent));
    }
    assert.equal(desk.books.disagreements(), 0);
  });
}

test('members nobody knows: a bet is refused, a cancel of what never came is not', async (t) => {
  const { caller } = await deskFor(t);
  assert.equal((await caller.balance('nobody')).status, 404);
  assert.equal((await caller.balance('')).status, 404);
  assert.equal((await caller.send(bet(B, -1, { username: 'nobody' }))).status, 404);
  assert.equal((await caller.send({ ...win(B + 1, 1), username: 'nobody' })).status, 404);
  assert.equal((await caller.send({ ...cancel(B + 2, 5, B), username: 'nobody' })).status, 200);
  assert.equal((await caller.send(bet(B, -1, { username: 'nobody' }))).status, 410);
  assert.equal((await caller.balance('nobody')).status, 404, 'a cancel makes no member');
});

test('names nobody knows begin with what the tests ask for', async (t) => {
  const { caller } = await deskFor(t, { openWith: 500n });
  assert.equal((await caller.balance('anybody')).balance, 500);
  assert.equal((await caller.send(bet(B, -501, { username: 'anybody' }))).status, 402);
  assert.equal((await caller.send(bet(B + 1, -200, { username: 'anybody' }))).balance, 300);
  assert.equal((await caller.balance('Anybody')).balance, 300);
});

test('decimals of the currency are exact, more of them are refused', async (t) => {
  const { desk, caller } = await deskFor(t, { currency: 'USD' });
  desk.books.cash(MEMBER, 30n);
  for (let n = 0; n < 3; n++) assert.equal((await caller.send(bet(B + n, -0.1))).status, 200);
  assert.equal((await caller.balance(MEMBER)).balance, 0);
  assert.equal((await caller.send(win(B + 4, 1234.56))).text, '{"balance":1234.56}');
  assert.equal((await caller.send(win(B + 5, 0.001))).status, 400);
  const { desk: three, caller: kuwait } = await deskFor(t, { currency: 'KWD' });
  three.books.cash(MEMBER, 1n);
  assert.equal((await kuwait.balance(MEMBER)).text, '{"balance":0.001}');
});

const good = JSON.parse(bodyOf(bet(B, -5)));
const spoil = (change: object, transaction: object = {}) =>
  JSON.stringify({ ...good, ...change, transaction: { ...good.transaction, ...transaction } });

const MALFORMED: Readonly<Record<string, string>> = {
  'nothing at all': '',
  'no JSON': '{"username":',
  'a list': '[]',
  null: 'null',
  'no transaction': '{"username":"x","amount":1}',
  'no username': spoil({ username: undefined }),
  'an empty username': spoil({ username: '' }),
  'two amounts': spoil({ amount: -6 }),
  'a fraction of the smallest unit': spoil({ amount: -5.5 }, { amount: -5.5 }),
  'an amount beyond exact numbers': spoil({ amount: -1e21 }, { amount: -1e21 }),
  'an amount in words': spoil({ amount: 'five' }, { amount: 'five' }),
  'an amount in a list': spoil({ amount: [-5] }, { amount: [-5] }),
  'a bet that gives': spoil({ amount: 5 }, { amount: 5 }),
  'a win that takes': spoil({}, { type: 'win' }),
  'an unknown type': spoil({}, { type: 'jackpot' }),
  'a type of every object': spoil({}, { type: 'constructor' }),
  'no id': spoil({}, { id: undefined }),
  'an id as text': spoil({}, { id: String(B) }),
  'an id beyond exact numbers': spoil({}, { id: 2 ** 53 }),
  'a cancel of nothing': spoil({ amount: 5 }, { type: 'cancel', amount: 5, referer_id: null }),
  'a cancel of itself': spoil({ amount: 5 }, { type: 'cancel', amount: 5, referer_id: B }),
  'a winning beyond what a balance can be': spoil(
    { amount: 2 ** 53 - 1 },
    { type: 'win', amount: 2 ** 53 - 1, id: B + 1 },
  ),
};

test('what is malformed is refused and moves nothing', async (t) => {
  const { desk, caller } = await deskFor(t);
  desk.books.cash(MEMBER, 1000n);
  for (const [name, body] of Object.entries(MALFORMED))
    assert.equal((await caller.post(body)).status, 400, name);
  assert.equal((await caller.post('x'.repeat(70_000))).status, 0, 'a body without end is not read');
  for (const [method, path] of [
    ['GET', '/changeBalance'],
    ['POST', '/balance'],
    ['GET', '/'],
  ] as const)
    assert.equal((await caller.call(method, path)).status, 404);
  assert.equal((await caller.balance(MEMBER)).balance, 1000);
  assert.deepEqual([...desk.books.pages()], []);
});

test('signatures: by the one secret, in either header, of now', async (t) => {
  const { desk, caller } = await deskFor(t);
  desk.books.cash(MEMBER, 1000n);
  const body = bodyOf(win(B, 0));
  const by = signed(body);
  const older = {
    ...signed(body, { secret: 'the next one' }),
    'x-signature-previous': by['x-signature'] ?? '',
  };
  const rows: readonly [name: string, headers: Record<string, string>, status: number][] = [
    ['none', {}, 401],
    ['right', by, 200],
    ['while secrets change', { ...older, 'x-timestamp': by['x-timestamp'] ?? '' }, 200],
    ['another secret', signed(body, { secret: 'another' }), 401],
    ['another body', signed(`${body} `), 401],
    ['an hour ago', signed(body, { at: Date.now() - 3_600_000 }), 401],
    ['in an hour', signed(body, { at: Date.now() + 3_600_000 }), 401],
    ['no time', { 'x-signature': by['x-signature'] ?? '' }, 401],
    ['cut short', { ...by, 'x-signature': by['x-signature']?.slice(0, 32) ?? '' }, 401],
  ];
  for (const [name, headers, status] of rows)
    assert.equal((await caller.call('POST', '/changeBalance', { body, headers })).status, status, name);
  const query = `username=${encodeURIComponent(MEMBER)}`;
  assert.equal((await caller.call('GET', `/balance?${query}`)).status, 401);
  assert.equal((await caller.call('GET', `/balance?${query}`, { headers: signed('') })).status, 401);
  const { desk: open, caller: anyone } = await deskFor(t, { secret: null });
  open.books.cash(MEMBER, 1n);
  assert.equal((await anyone.call('GET', `/balance?${query}`)).status, 200);
});

test('calls that come together: one effect an id, and never below zero', async (t) => {
  const { desk, caller } = await deskFor(t);
  desk.books.cash(MEMBER, 1000n);
  const same = await Promise.all(Array.from({ length: 40 }, () => caller.send(bet(B, -100))));
  assert.deepEqual(new Set(same.map(({ text }) => text)), new Set(['{"balance":900}']));
  const rush = await Promise.all(
    Array.from({ length: 60 }, (_, n) => caller.send(bet(B + 1 + (n % 20), -90))),
  );
  const taken = new Set(rush.flatMap(({ status }, n) => (status === 200 ? [n % 20] : [])));
  assert.equal(taken.size, 10, 'ten bets of 90 fit into 900');
  assert.equal((await caller.balance(MEMBER)).balance, 0);
  const race = await Promise.all([caller.send(cancel(B + 90, 50, B + 91)), caller.send(win(B + 92, 50))]);
  assert.deepEqual(
    race.map(({ status }) => status),
    [200, 200],
  );
  assert.equal(desk.books.disagreements(), 0);
});

test('a closed wallet opened again knows every id', async (t) => {
  const path = join(await folderFor(t), 'wallet.db');
  const first = await deskFor(t, { path });
  first.desk.books.cash(MEMBER, 1000n);
  await first.caller.send(bet(B, -300));
  await first.caller.send(bet(B + 1, -3000));
  await first.caller.send(cancel(B + 3, 10, B + 2));
  const { caller } = await deskFor(t, { path });
  assert.equal((await caller.send(bet(B, -300))).balance, 700);
  assert.equal((await caller.send(bet(B + 1, -3000))).status, 402);
  assert.equal((await caller.send(bet(B + 2, -10))).status, 410);
  assert.equal((await caller.balance(MEMBER)).balance, 700);
  const { synchronous } = first.desk.db.prepare('pragma synchronous').get() ?? {};
  assert.equal(synchronous, 2, 'a commit is on the disk when it returns');
});
