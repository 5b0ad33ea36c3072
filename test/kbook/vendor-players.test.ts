/** Players, their limits and their pages over the vendor API; and what staff do about operators. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  bookOperators,
  changeBookOperator,
  createBookOperatorWithCert,
  renewCertCode,
} from '../../src/office-book.ts';
import { openWorld, type World } from '../world.ts';
import { type BookGround, type BookOperatorClient, eventually, openBook, postRaw, WIDE } from './rig.ts';

let world: World;
let book: BookGround;
let operator: BookOperatorClient;
before(async () => {
  world = await openWorld();
  book = openBook(world);
  operator = await book.operator();
});
after(() => world.close());

const limitsOf = async (userId: string) => {
  const [row] = await world.hub
    .sql`select min_bet::int, max_bet::int, max_exposure::int from book_player where operator_id = ${operator.id} and user_id = ${userId}`;
  return row === undefined ? null : Object.values(row);
};

test('the page is where the hub is reached, or where it says it is', async () => {
  const values = { userId: 'page', betLimit: WIDE };
  const here = await operator.done('getLoginUrl', values);
  assert.match(here, new RegExp(`^${world.url}/player/index\\.html\\?token=[0-9a-f]{64}$`));
  const named = await world.secondHub({ publicUrl: 'https://rain.test/base' });
  const { data } = await operator.call('getLoginUrl', values, named.url);
  assert.match(data, /^https:\/\/rain\.test\/base\/player\/index\.html\?token=[0-9a-f]{64}$/);
});

test('a link is kept as a hash, for fifteen minutes', async () => {
  const player = await operator.player();
  const rows = await world.hub.sql`
    select encode(login_hash, 'hex') as hash, round(extract(epoch from login_expires_at - now()) / 60)::int as minutes
    from book_visit where player_id = ${player.id}`;
  assert.equal(rows.length, 1);
  assert.equal(rows[0]?.minutes, 15);
  assert.notEqual(rows[0]?.hash, player.token);
});

test('limits are those of the last call that named them', async () => {
  const userId = 'limits';
  await operator.done('getLoginUrl', { userId, betLimit: { minBet: 100, maxBet: 200, maxExposure: 300 } });
  assert.deepEqual(await limitsOf(userId), [10_000, 20_000, 30_000]);
  await operator.done('updateBetLimit', {
    userId,
    betLimit: '{"minBet":"150.50","maxBet":1e3,"maxExposure":50000}',
  });
  assert.deepEqual(await limitsOf(userId), [15_050, 100_000, 5_000_000]);
  await operator.done('getLoginUrl', { userId, betLimit: WIDE });
  assert.deepEqual(await limitsOf(userId), [10_000, 1_000_000, 5_000_000]);
  assert.equal((await operator.call('updateBetLimit', { userId, betLimit: {} })).code, '4004');
  assert.deepEqual(await limitsOf(userId), [10_000, 1_000_000, 5_000_000]);
});

test("a bet must fit the player's limit and the vendor type's range", async () => {
  const narrow = await operator.player({
    credit: 50_000,
    betLimit: { minBet: 200, maxBet: 300, maxExposure: 50_000 },
  });
  const wide = await operator.player({ credit: 50_000 });
  const bet = async (player: typeof wide, stake: bigint) =>
    book.bet(player, { session: await book.session(), type: 'RAIN', stake }).then(
      () => 'taken',
      (error: Error) => error.message.replace('the bet was refused: ', ''),
    );
  assert.deepEqual(
    [
      await bet(narrow, 19_999n),
      await bet(narrow, 20_000n),
      await bet(narrow, 30_000n),
      await bet(narrow, 30_001n),
    ],
    ['bet_limit', 'taken', 'taken', 'bet_limit'],
  );
  // 10000 by the player's limit, 5000 by the vendor type.
  assert.deepEqual([await bet(wide, 500_000n), await bet(wide, 500_001n)], ['taken', 'bet_limit']);
});

test('userIds are told apart by case', async () => {
  await operator.player({ userId: 'Case', credit: 1 });
  await operator.player({ userId: 'case', credit: 2 });
  assert.equal((await operator.done('getCreditBalance', { userId: 'Case' })).currentBalance, 1);
  assert.equal((await operator.call('getCreditBalance', { userId: 'CASE' })).code, '1002');
});

test('logout ends every visit of the player, begun or not, and nobody else', async () => {
  const [player, other] = [await operator.player(), await operator.player()];
  await operator.done('getLoginUrl', { userId: player.userId, betLimit: WIDE });
  assert.equal(await operator.done('logout', { userId: player.userId }), undefined);
  const rows = await world.hub.sql`
    select player_id::int as player, count(*)::int as visits, count(ended_at)::int as ended from book_visit
    where player_id in (${player.id}, ${other.id}) group by 1 order by 1`;
  assert.deepEqual(
    rows.map((row) => [row.player, row.visits, row.ended]),
    [
      [player.id, 2, 2],
      [other.id, 1, 0],
    ],
  );
});

test('answers without data have none', async () => {
  const player = await operator.player();
  assert.deepEqual(await operator.call('logout', { userId: player.userId }), {
    code: '1',
    message: 'SUCCESS',
  });
  const { body, headers } = await postRaw(world.url, '/vendor/api/logout', { body: '{}' });
  assert.match(headers.get('content-type') ?? '', /^application\/json/);
  assert.deepEqual(Object.keys(body), ['code', 'message', 'data']);
});

test('a vendor type switched off still pays out', async () => {
  const vendorType = 'CPS2_USD';
  const other = await book.operator();
  const player = await other.player({ vendorType, credit: 10 });
  const { sql } = world.hub;
  await sql`update book_vendor_type set enabled = false where name = ${vendorType}`;
  const given = { vendorType, userId: player.userId };
  const deposit = () => other.call('deposit', { ...given, tsCode: crypto.randomUUID(), depositAmount: 1 });
  await eventually('the hub has heard of it', async () => (await deposit()).code === '1001');
  const { withdrawableAmount } = await other.done('getCreditBalance', given);
  const taken = await other.done('withdraw', { ...given, tsCode: 'out' });
  assert.equal(taken.transferAmount, -withdrawableAmount);
  assert.equal((await other.done('getWalletTransferLog', { vendorType, tsCode: 'out' })).afterCredit, 0);
  await sql`update book_vendor_type set enabled = true where name = ${vendorType}`;
  await eventually('the hub has heard of that too', async () => (await deposit()).code === '1');
});

test('staff: what is changed about an operator holds on every node', async () => {
  const { url } = await world.secondHub();
  const site = await book.operator();
  const { name } = site;
  const code = async () =>
    Promise.all(
      [world.url, url].map(async (each) => (await site.call('getCreditBalance', { userId: 'x' }, each)).code),
    );
  const becomes = (expected: string) =>
    eventually(`both nodes answer ${expected}`, async () =>
      (await code()).every((each) => each === expected),
    );
  await becomes('1002');
  await changeBookOperator(world.hub, { name, actor: 'test', allowedIps: ['192.0.2.0/24'] });
  await becomes('2005');
  await changeBookOperator(world.hub, { name, actor: 'test', allowedIps: [] });
  await becomes('1002');
  await changeBookOperator(world.hub, { name, actor: 'test', enabled: false });
  await becomes('2003');
  const kept = await changeBookOperator(world.hub, {
    name,
    actor: 'test',
    enabled: true,
    timeZone: 'Asia/Seoul',
  });
  await becomes('1002');
  assert.deepEqual([kept.timeZone, kept.enabled, kept.allowedIps], ['Asia/Seoul', true, []]);
  const { certCode } = await renewCertCode(world.hub, { name, actor: 'test' });
  await becomes('2003');
  const answer = await site.call('getCreditBalance', { userId: 'x', certCode });
  assert.equal(answer.code, '1002');
});

test('staff: a certCode is shown once, and nothing of it is kept but its hash and how it begins', async () => {
  const made = await createBookOperatorWithCert(world.hub, {
    name: 'shown once',
    actor: 'anna',
    timeZone: 'UTC',
  });
  assert.match(made.certCode, /^[\w-]{40}$/);
  const [row] = await world.hub
    .sql`select row_to_json(o)::text as row from book_operator o where id = ${made.id}`;
  const [line] = await world.hub
    .sql`select actor, action, detail::text as detail from audit_log where subject = 'shown once'`;
  for (const text of [row?.row, line?.detail]) assert.ok(!text.includes(made.certCode));
  assert.deepEqual([line?.actor, line?.action], ['anna', 'book.operator.create']);
  const listed = (await bookOperators(world.hub)).find((each) => each.id === made.id);
  assert.deepEqual([listed?.name, listed?.certHint], ['shown once', made.certCode.slice(0, 6)]);
});

test('staff: what is no name, address or zone is refused', async () => {
  const make = (wish: object) =>
    createBookOperatorWithCert(world.hub, { name: 'refused', actor: 'test', ...wish });
  await assert.rejects(make({ name: 'ab' }), /3 to 64/);
  await assert.rejects(make({ name: operator.name }), /taken/);
  await assert.rejects(
    make({ allowedIps: ['10.0.0.0/8', 'localhost'] }),
    /not an address or a network: localhost/,
  );
  await assert.rejects(make({ timeZone: 'Mars/Base' }), /no such time zone/);
  await assert.rejects(
    changeBookOperator(world.hub, { name: 'nobody', actor: 'test' }),
    /no such book operator/,
  );
  assert.ok((await bookOperators(world.hub)).every((each) => each.name !== 'refused'));
});
