/** Credit over the vendor API: the contract's samples by real bets and settlements, repeats, races, and every cent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { audit } from '../../src/db/audit.ts';
import { seeded } from '../model/seed.ts';
import { openWorld, type World } from '../world.ts';
import { type BookGround, type BookOperatorClient, openBook, postRaw, type TestPlayer } from './rig.ts';

let world: World;
let book: BookGround;
let operator: BookOperatorClient;
before(async () => {
  world = await openWorld();
  book = openBook(world);
  operator = await book.operator();
});
after(async () => {
  const { checks } = await audit(world.hub.sql);
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
  await world.close();
});

const FIELDS = [
  'userId',
  'vendorType',
  'currencyType',
  'tsCode',
  'transferAmount',
  'accountProfitLoss',
  'costExposure',
  'currentCredit',
  'afterCredit',
  'createTime',
];
let codes = 0;
const fresh = () => `ts-${codes++}`;
const deposit = (player: TestPlayer, depositAmount: number) =>
  operator.done('deposit', { userId: player.userId, tsCode: fresh(), depositAmount });
const withdraw = (player: TestPlayer, values: Record<string, unknown> = {}) =>
  operator.call('withdraw', { userId: player.userId, tsCode: fresh(), ...values });
const balance = (player: TestPlayer) => operator.done('getCreditBalance', { userId: player.userId });

/** A bet that brings exactly so many cents: on a session whose odds are made for it. */
async function outcome(player: TestPlayer, cents: bigint): Promise<void> {
  const stake = cents < 0n ? -cents : 10_000n;
  const rain = cents < 0n ? 2000 : Number(1000n + (cents * 1000n) / stake);
  const session = await book.session({ rain });
  await book.bet(player, { session, type: 'RAIN', stake });
  await book.settle(session, cents < 0n ? 'NO_RAIN' : 'RAIN');
}

test("the contract's first sample: a deposit into nothing", async () => {
  const player = await operator.player();
  const before = Date.now();
  const made = await operator.done('deposit', {
    userId: player.userId,
    tsCode: '0cf4fdf2-814a-494e-9348-7286dbee7695',
    depositAmount: 10000,
  });
  assert.deepEqual(Object.keys(made), FIELDS);
  assert.ok(Math.abs(made.createTime - before) < 60_000);
  assert.deepEqual(made, {
    ...{
      userId: player.userId,
      vendorType: 'CPS_USD',
      currencyType: 'USD',
      tsCode: '0cf4fdf2-814a-494e-9348-7286dbee7695',
    },
    ...{ transferAmount: 10000, accountProfitLoss: 0, costExposure: 0, currentCredit: 0, afterCredit: 10000 },
    createTime: made.createTime,
  });
});

test("the contract's second sample: all is withdrawn after a loss", async () => {
  const player = await operator.player({ credit: 11_020 });
  await outcome(player, -47_217n);
  const { data } = await withdraw(player);
  assert.deepEqual(
    [data.currentCredit, data.accountProfitLoss, data.transferAmount, data.afterCredit, data.costExposure],
    [11_020, -472.17, -10_547.83, 0, 0],
  );
});

test("the contract's third sample: all is withdrawn after a win", async () => {
  const player = await operator.player({ credit: 2400 });
  await outcome(player, 6370n);
  const { data } = await withdraw(player);
  assert.deepEqual(
    [data.currentCredit, data.accountProfitLoss, data.transferAmount, data.afterCredit, data.costExposure],
    [2400, 63.7, -2463.7, 0, 0],
  );
  assert.deepEqual(await operator.done('getWalletTransferLog', { tsCode: data.tsCode }), data);
});

test('exposure is told, and stays', async () => {
  const player = await operator.player({ credit: 1000 });
  const session = await book.session();
  await book.bet(player, { session, type: 'NO_RAIN', stake: 30_050n });
  const { queryTime, ...seen } = await balance(player);
  assert.ok(Number.isSafeInteger(queryTime));
  assert.deepEqual(seen, {
    ...{ userId: player.userId, vendorType: 'CPS_USD', currentBalance: 1000, withdrawableAmount: 699.5 },
    ...{ availableBetAmount: 699.5, exposureAmount: 300.5 },
  });
  assert.equal((await withdraw(player, { withdrawAmount: 699.51 })).code, '1003');
  const { data } = await withdraw(player);
  assert.deepEqual([data.transferAmount, data.costExposure, data.afterCredit], [-699.5, 300.5, 300.5]);
  const again = await withdraw(player);
  assert.deepEqual(
    [again.code, again.data.transferAmount],
    ['1', 0],
    'nothing is left to be taken, which is no error',
  );
  await book.settle(session, 'NO_RAIN');
  // 300.50 at 49.0 bring 14424 net.
  assert.equal((await balance(player)).withdrawableAmount, 14_724.5);
});

test('a correction that takes what was withdrawn leaves a debt, which deposits cover', async () => {
  const player = await operator.player({ credit: 1000 });
  const session = await book.session();
  await book.bet(player, { session, type: 'RAIN', stake: 100_000n });
  await book.settle(session, 'RAIN');
  assert.equal((await withdraw(player)).data.transferAmount, -2000);
  await book.settle(session, 'NO_RAIN');
  const short = await balance(player);
  assert.deepEqual([short.currentBalance, short.withdrawableAmount, short.availableBetAmount], [-2000, 0, 0]);
  assert.equal((await withdraw(player, { withdrawAmount: 0.01 })).code, '1003');
  const covered = await deposit(player, 2500);
  assert.deepEqual([covered.currentCredit, covered.accountProfitLoss, covered.afterCredit], [0, -2000, 500]);
  assert.equal((await balance(player)).withdrawableAmount, 500);
});

test('the same tsCode gives the same answer for ever, whatever happens between', async () => {
  const player = await operator.player({ credit: 100 });
  const given = { userId: player.userId, tsCode: fresh(), depositAmount: '50.50' };
  const first = await operator.call('deposit', given);
  await deposit(player, 1);
  await withdraw(player);
  assert.deepEqual(await operator.call('deposit', { ...given, depositAmount: 50.5 }), first);
  const all = { userId: player.userId, tsCode: fresh() };
  const nothing = await operator.call('withdraw', all);
  await deposit(player, 3);
  assert.deepEqual(await operator.call('withdraw', all), nothing);
  assert.equal(
    (await operator.call('withdraw', { ...all, withdrawAmount: 3 })).code,
    '1001',
    'all is not an amount',
  );
  assert.equal((await balance(player)).currentBalance, 3);
});

test('what was refused is not remembered: the same tsCode may come again', async () => {
  const player = await operator.player({ credit: 5 });
  const given = { userId: player.userId, tsCode: fresh(), withdrawAmount: 8 };
  assert.equal((await operator.call('withdraw', given)).code, '1003');
  await deposit(player, 3);
  assert.equal((await operator.call('withdraw', given)).code, '1');
});

test("a tsCode is an operator's own", async () => {
  const other = await book.operator();
  const [mine, theirs] = [await operator.player(), await other.player()];
  const tsCode = fresh();
  await operator.done('deposit', { userId: mine.userId, tsCode, depositAmount: 1 });
  await other.done('deposit', { userId: theirs.userId, tsCode, depositAmount: 2 });
  const second = await operator.player();
  const taken = await operator.call('deposit', { userId: second.userId, tsCode, depositAmount: 1 });
  assert.deepEqual(
    [taken.code, taken.data],
    ['1001', { detail: 'tsCode was used for another transfer', field: 'tsCode' }],
  );
});

test('players of two vendor types have nothing in common but the name', async () => {
  const userId = 'both';
  await operator.player({ userId, credit: 10 });
  await operator.player({ userId, credit: 20, vendorType: 'CPS2_USD' });
  const seen = await Promise.all(
    ['CPS_USD', 'CPS2_USD'].map((vendorType) => operator.done('getCreditBalance', { userId, vendorType })),
  );
  assert.deepEqual(
    seen.map(({ vendorType, currentBalance }) => [vendorType, currentBalance]),
    [
      ['CPS_USD', 10],
      ['CPS2_USD', 20],
    ],
  );
});

test('at once, on two nodes: one of equal transfers, and never more than there is', async () => {
  const { url } = await world.secondHub();
  const player = await operator.player({ credit: 100 });
  const nodes = [world.url, url];
  const { userId } = player;
  const same = { userId, tsCode: fresh(), depositAmount: 11.11 };
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => operator.call('deposit', same, nodes[index % 2])),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal((await balance(player)).currentBalance, 111.11);
  const taken = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      operator.call('withdraw', { userId, tsCode: fresh(), withdrawAmount: 30 }, nodes[index % 2]),
    ),
  );
  assert.deepEqual(taken.map(({ code }) => code).toSorted(), [
    ...Array(3).fill('1'),
    ...Array(9).fill('1003'),
  ]);
  assert.equal((await balance(player)).currentBalance, 21.11);
});

test('a player is made once, however many ask for its page at once', async () => {
  const { url } = await world.secondHub();
  const wish = { userId: 'at-once', betLimit: { minBet: 100, maxBet: 200, maxExposure: 300 } };
  const urls = await Promise.all(
    Array.from({ length: 10 }, (_, index) => operator.call('getLoginUrl', wish, [world.url, url][index % 2])),
  );
  assert.equal(new Set(urls.map(({ data }) => data)).size, 10, 'everybody has a link');
  const [counts] = await world.hub.sql`
    select count(*)::int as players, (select count(*)::int from account where kind = 4 and owner_id = min(p.id)) as accounts
    from book_player p where user_id = 'at-once'`;
  assert.deepEqual(counts, { players: 1, accounts: 1 });
});

test('every cent: the sum of all transfers, however they are written, is the balance', async (t) => {
  const player = await operator.player();
  let cents = 0n;
  const money = fc.bigInt({ min: 1n, max: 99_999_999_999n });
  await fc.assert(
    fc.asyncProperty(
      money,
      fc.constantFrom('number', 'text', 'exponent'),
      fc.boolean(),
      async (minor, how, out) => {
        const plain = `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
        const literal = { number: plain, text: `"${plain}"`, exponent: `${minor}e-2` }[how];
        const taking = out && minor <= cents;
        const [call, field] = taking ? ['withdraw', 'withdrawAmount'] : ['deposit', 'depositAmount'];
        const body = `{"certCode":"${operator.certCode}","vendorType":"CPS_USD","userId":"${player.userId}","tsCode":"${fresh()}","${field}":${literal}}`;
        const answer = await postRaw(world.url, `/vendor/api/${call}`, { body });
        const before = cents;
        cents += taking ? -minor : minor;
        assert.equal(answer.body.code, '1', answer.text);
        assert.deepEqual(
          ['currentCredit', 'transferAmount', 'afterCredit'].map((key) => literalOf(answer.text, key)),
          [before, cents - before, cents],
        );
      },
    ),
    seeded(t, 150),
  );
  const [row] = await world.hub.sql`select balance from account where id = ${player.accountId}`;
  assert.equal(row?.balance, cents);
});

/** Cents of a number as it stands in the text of an answer, read digit by digit. */
function literalOf(text: string, key: string): bigint {
  const [, sign, whole, fraction = ''] =
    new RegExp(`"${key}":(-?)(\\d+)(?:\\.(\\d{1,2}))?[,}]`).exec(text) ?? [];
  const value = BigInt(`${whole}${fraction.padEnd(2, '0')}`);
  return sign === '-' ? -value : value;
}
