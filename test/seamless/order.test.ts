/**
 * One player's items in order, whatever happens at once: the operator hears of each after what was before it, and an id
 * has one answer also while it is pending.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StudioClient, World } from '../world.ts';
import { chainHolds, closeGround, failing, type Ground, gate, openGround, openPlace, told } from './place.ts';
import { attemptsOf, ofType, type Stand, until } from './stand.ts';

let world: World;
let stand: Stand;
let studio: StudioClient;
let ground: Ground;
before(async () => {
  ground = await openGround();
  ({ world, stand, studio } = ground);
});
after(() => closeGround(ground));

test('two tabs bet at once: one after the other, and not more than there is', async () => {
  const here = await openPlace(ground);
  const results = await Promise.all(
    Array.from({ length: 12 }, (_each, index) =>
      here.send(`b${index}`, 'bet', { amount: '1000', round: `r${index}` }),
    ),
  );
  assert.equal(results.filter((result) => result.status === 'accepted').length, 10);
  assert.deepEqual([...new Set(results.filter((r) => r.code).map((r) => r.code))], ['insufficient_funds']);
  assert.equal(await here.held(), 0);
  await chainHolds(here);
});

test('a win sent while a bet is in flight waits for it', async () => {
  const here = await openPlace(ground);
  await here.send('b1', 'bet', { amount: '100' });
  const bets = gate((type) => type === 'bet');
  here.becomes(bets.script);
  const second = here.send('b2', 'bet', { amount: '200' });
  await stand.arrived((call) => ofType('bet', here.username)(call) && call.packet?.amount === -200);
  const win = here.send('w1', 'win', { amount: '50' });
  bets.open();
  assert.deepEqual((await Promise.all([second, win])).map(told), ['accepted', 'accepted']);
  await chainHolds(here);
  assert.deepEqual(here.types(), ['bet', 'bet', 'win']);
});

test('a bet right after a win waits until the operator has been told of it', async () => {
  const here = await openPlace(ground);
  await here.send('b1', 'bet', { amount: '100' });
  const wins = gate((type) => type === 'win');
  here.becomes(wins.script);
  assert.equal(told(await here.send('w1', 'win', { amount: '50' })), 'accepted');
  await stand.arrived(ofType('win', here.username));
  let isAnswered = false;
  const bet = here.send('b2', 'bet', { amount: '9950', round: 'r2' }).then((result) => {
    isAnswered = true;
    return result;
  });
  await until(() => world.hub.writer.waiting() === 0, 'the bet is decided upon');
  assert.ok(!isAnswered);
  assert.deepEqual(here.types(), ['bet', 'win']);
  wins.open();
  assert.equal(told(await bet), 'accepted');
  assert.deepEqual(here.types(), ['bet', 'win', 'bet']);
  await chainHolds(here);
});

test('a bet after a win that fails is refused at once, as is a charge; all else is booked and told in order', async () => {
  const here = await openPlace(ground);
  await here.send('b1', 'bet', { amount: '100' });
  here.becomes(failing);
  await here.send('w1', 'win', { amount: '50' });
  await until(async () => (await attemptsOf(world, here.agent)).length === 2, 'it has failed');
  const startedAt = performance.now();
  assert.equal(told(await here.send('b2', 'bet', { amount: '1', round: 'r2' })), 'operator_unavailable');
  assert.equal(told(await here.send('c2', 'charge', { amount: '1' })), 'operator_unavailable');
  assert.ok(performance.now() - startedAt < 2000);
  const more: [string, string, string][] = [
    ['w2', 'win', '0'],
    ['p1', 'promo_win', '7'],
    ['a1', 'adjust_debit', '3'],
    ['a2', 'adjust_credit', '2'],
  ];
  for (const [id, type, amount] of more)
    assert.equal(told(await here.send(id, type, { amount })), 'accepted');
  here.becomes(null);
  await chainHolds(here);
  const distinct = [...new Map(stand.packetsOf(here.username).map((p) => [p.transaction.id, p])).values()];
  assert.deepEqual(
    distinct.map(({ transaction }) => transaction.type),
    ['bet', 'win', 'win', 'promo_win', 'adjust', 'adjust'],
  );
  assert.equal(told(await here.send('b3', 'bet', { amount: '1', round: 'r3' })), 'accepted');
});

test('repeats of an id while its operator is asked: one answer, one question', async () => {
  const here = await openPlace(ground);
  const bets = gate((type) => type === 'bet');
  here.becomes(bets.script);
  const repeats = Array.from({ length: 6 }, () => here.send('b1', 'bet', { amount: '100' }));
  await stand.arrived(ofType('bet', here.username));
  const definite = studio.call('GET', `/transactions/${encodeURIComponent(`${here.username}-b1`)}`);
  const other = here.send('b1', 'bet', { amount: '101' });
  bets.open();
  const results = await Promise.all(repeats);
  assert.equal(results.filter(({ replayed }) => !replayed).length, 1);
  assert.equal(new Set(results.map(({ transactionId }) => transactionId)).size, 1);
  const shown = (await definite).body;
  assert.deepEqual(shown, { ...results[0], replayed: true });
  assert.equal(told(await other), 'id_reused');
  assert.equal(here.types().length, 1);
});

test('a batch of players of slow operators, quick ones, and of wallets that are here: results in its order', async () => {
  const [slow, quick] = [await openPlace(ground), await openPlace(ground)];
  const transfer = await world.agent();
  const here = await world.play(transfer, studio, { username: 'has-a-wallet', vendor: 'evolution' });
  const bets = gate((type) => type === 'bet');
  slow.becomes(bets.script);
  const item = (id: string, type: string, { session, amount }: { session: string; amount: string }) => ({
    ...{ id: `batch-${id}`, type, session, amount, game: here.game, round: 'r1', currency: 'KRW' },
  });
  const batch = studio.transact(
    item('0', 'bet', { session: slow.session, amount: '100' }),
    item('1', 'bet', { session: here.session, amount: '7' }),
    item('2', 'bet', { session: quick.session, amount: '200' }),
    item('3', 'win', { session: slow.session, amount: '1' }),
    item('4', 'win', { session: quick.session, amount: '2' }),
    item('5', 'win', { session: here.session, amount: '3' }),
    item('6', 'bet', { session: quick.session, amount: '300' }),
    item('7', 'bet', { session: 'nobody', amount: '1' }),
    item('8', 'bet', { session: slow.session, amount: '99999' }),
  );
  await stand.arrived(ofType('bet', slow.username));
  await until(() => quick.types().length === 3, 'the quick one does not wait for the slow one');
  bets.open();
  const results = await batch;
  assert.deepEqual(
    results.map(({ id, balance, ...rest }) => [id, told(rest), balance]),
    [
      ['batch-0', 'accepted', '9900'],
      ['batch-1', 'accepted', '99993'],
      ['batch-2', 'accepted', '9800'],
      ['batch-3', 'accepted', '9901'],
      ['batch-4', 'accepted', '9802'],
      ['batch-5', 'accepted', '99996'],
      ['batch-6', 'accepted', '9502'],
      ['batch-7', 'unknown_player', null],
      ['batch-8', 'insufficient_funds', '9901'],
    ],
  );
  await Promise.all([chainHolds(slow), chainHolds(quick)]);
});

test('a cancel and the end of a round come behind the bet in flight', async () => {
  const here = await openPlace(ground);
  const flight = async (round: string, amount: string) => {
    const bets = gate((type) => type === 'bet');
    here.becomes(bets.script);
    const bet = here.send(`b-${round}-${amount}`, 'bet', { amount, round });
    await stand.arrived(
      (call) => ofType('bet', here.username)(call) && call.packet?.amount === -Number(amount),
    );
    return { bet, open: bets.open };
  };
  const first = await flight('r1', '100');
  const cancel = here.send('c1', 'cancel', {});
  first.open();
  assert.deepEqual((await Promise.all([first.bet, cancel])).map(told), ['accepted', 'accepted']);
  await here.send('b2', 'bet', { amount: '10', round: 'r2' });
  const last = await flight('r2', '20');
  const closing = studio.call('POST', '/rounds/close', {
    game: 'evolution-game',
    round: 'r2',
    player: here.player,
  });
  last.open();
  assert.equal(told(await last.bet), 'accepted');
  assert.equal((await closing).status, 200);
  assert.equal(told(await here.send('b4', 'bet', { amount: '1', round: 'r2' })), 'round_ended');
  const only = await flight('r3', '30');
  let isClosed = false;
  const ending = studio
    .call('POST', '/rounds/close', { game: 'evolution-game', round: 'r3', player: here.player })
    .finally(() => {
      isClosed = true;
    });
  const detail = await studio.call('PUT', `/transactions/${here.username}-b-r3-30/detail`, { table: 1 });
  assert.equal(detail.status, 503, 'whether there will be a transaction is not known yet');
  assert.equal(isClosed, false, 'a round whose first bet is in flight is waited for');
  only.open();
  assert.equal(told(await only.bet), 'accepted');
  assert.equal((await ending).status, 200);
  assert.equal(told(await here.send('b5', 'bet', { amount: '1', round: 'r3' })), 'round_ended');
  await chainHolds(here);
  assert.deepEqual(here.types(), ['bet', 'cancel', 'bet', 'bet', 'win', 'bet', 'win']);
});
