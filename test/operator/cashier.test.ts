import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balanceOfMovements } from '../../sim/operator/site-ledger.ts';
import { clientFor, counterFor, doubleFor, folderFor } from './rig.ts';

test('there and back: both sides agree at every step', async (t) => {
  const double = await doubleFor(t);
  const { cashier, stop } = await counterFor(clientFor(t, double), await folderFor(t));
  await cashier.join('Minji');
  for (const order of [
    { memberId: 'minji', direction: 'in', amount: 300_000n },
    { memberId: 'minji', direction: 'out', amount: 100_000n },
    { memberId: 'minji', direction: 'out-all', amount: 0n },
    { memberId: 'minji', direction: 'out-all', amount: 0n },
  ] as const) {
    const begun = await cashier.move(order);
    assert.ok(typeof begun !== 'string');
    await begun.decided;
    const inGames = BigInt(double.users.get('minji')?.balance ?? 0);
    assert.equal((cashier.member('minji')?.balance ?? 0n) + inGames, 1_000_000n);
  }
  assert.equal(cashier.member('minji')?.balance, 1_000_000n);
  await stop();
});

test('a lost answer is asked for again with the same uuid, and moves nothing twice', async (t) => {
  const double = await doubleFor(t);
  const { cashier, stop } = await counterFor(clientFor(t, double), await folderFor(t));
  await cashier.join('minji');
  double.faults.push({ path: '/add-balance', kind: 'lost' });
  const begun = await cashier.move({ memberId: 'minji', direction: 'in', amount: 5000n });
  assert.ok(typeof begun !== 'string');
  await begun.decided;
  const uuids = double.calls
    .filter((call) => call.path.endsWith('add-balance'))
    .map((call) => call.params.uuid);
  assert.deepEqual(uuids, [begun.uuid, begun.uuid]);
  assert.equal(double.users.get('minji')?.balance, 5000);
  assert.equal(cashier.member('minji')?.balance, 995_000n);
  await stop();
});

test('the hub is called only after the intent is on the disk, and a restart finishes what was open', async (t) => {
  const double = await doubleFor(t);
  const xt = clientFor(t, double);
  const folder = await folderFor(t);
  const first = await counterFor(xt, folder);
  await first.cashier.join('minji');
  double.faults.push({ path: '/add-balance', kind: 'lost' });
  const begun = await first.cashier.move({ memberId: 'minji', direction: 'in', amount: 5000n });
  assert.ok(typeof begun !== 'string');
  await first.stop();
  assert.equal(first.cashier.movement(begun.uuid)?.state, 'pending');

  const second = await counterFor(xt, folder);
  assert.equal(second.cashier.member('minji')?.balance, 995_000n, 'held over the restart');
  while (second.cashier.movement(begun.uuid)?.state === 'pending') await new Promise(setImmediate);
  await second.stop();
  assert.equal(second.cashier.movement(begun.uuid)?.state, 'done');
  assert.equal(double.users.get('minji')?.balance, 5000);

  const third = await counterFor(xt, folder);
  const member = third.cashier.member('minji');
  assert.ok(member);
  assert.equal(member.balance, 995_000n);
  assert.equal(balanceOfMovements(member), 995_000n);
  await third.stop();
});

test('a refusal gives the money back; after a lost attempt it counts only while the door is open', async (t) => {
  const double = await doubleFor(t);
  double.pot = 1000;
  const { cashier, stop } = await counterFor(clientFor(t, double), await folderFor(t));
  await cashier.join('minji');
  const short = await cashier.move({ memberId: 'minji', direction: 'in', amount: 5000n });
  assert.ok(typeof short !== 'string');
  await short.decided;
  assert.equal(cashier.movement(short.uuid)?.reason, '에이전트의 잔고가 부족합니다.');
  assert.equal(cashier.member('minji')?.balance, 1_000_000n);

  // Goes through unseen; the next attempt is turned away at the door: that must not count as refused.
  double.faults.push({ path: '/add-balance', kind: 'lost' });
  double.faults.push(
    { path: '/add-balance', kind: 'status', status: 401 },
    { path: '/my-info', kind: 'status', status: 401 },
  );
  const begun = await cashier.move({ memberId: 'minji', direction: 'in', amount: 400n });
  assert.ok(typeof begun !== 'string');
  while (double.faults.length > 0) await new Promise(setImmediate);
  assert.equal(cashier.movement(begun.uuid)?.state, 'pending');
  assert.equal(cashier.member('minji')?.balance, 999_600n);
  await stop();
});

test('429 is waited for as Retry-After says, then the same call is made again', async (t) => {
  const double = await doubleFor(t);
  const { cashier, stop } = await counterFor(clientFor(t, double), await folderFor(t));
  await cashier.join('minji');
  double.faults.push({
    path: '/add-balance',
    kind: 'status',
    status: 429,
    headers: { 'retry-after': '0.05' },
  });
  const begun = await cashier.move({ memberId: 'minji', direction: 'in', amount: 5000n });
  assert.ok(typeof begun !== 'string');
  await begun.decided;
  assert.equal(cashier.movement(begun.uuid)?.state, 'done');
  await stop();
});

test('one movement at a time, and no more members than fit', async (t) => {
  const double = await doubleFor(t);
  const { cashier, stop } = await counterFor(clientFor(t, double), await folderFor(t));
  await cashier.join('minji');
  const order = { memberId: 'minji', direction: 'in', amount: 600_000n } as const;
  const [one, two] = await Promise.all([cashier.move(order), cashier.move(order)]);
  assert.ok(typeof one !== 'string');
  assert.equal(two, 'move_pending');
  await one.decided;
  assert.equal(await cashier.move(order), 'site_balance_short');
  for (const name of ['aaa', 'bbb', 'ccc', 'ddd']) assert.ok(await cashier.join(name));
  assert.equal(await cashier.join('eee'), null);
  assert.equal((await cashier.join('MINJI'))?.id, 'minji', 'names do not mind their case');
  await stop();
});
