/** Two hubs on one database: a seamless player may come to either, and what one leaves undone the other ends. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OutreachOptions } from '../../src/callbacks/outreach.ts';
import { openWorld, type StudioClient, studioClient, type World } from '../world.ts';
import { chainHolds, failing, type Ground, gate, openPlace, type Place, told } from './place.ts';
import { attemptsOf, auditHolds, ofType, openStand, type Stand, until, untilTold } from './stand.ts';

type AtStep = NonNullable<OutreachOptions['atStep']>;

let world: World;
let stand: Stand;
let ground: Ground;
let nodes: readonly StudioClient[];
/** What the second hub does between steps. */
let atStep: AtStep = () => {};
before(async () => {
  world = await openWorld();
  stand = await openStand({ openWith: 10_000n });
  const studio = await world.studio('evolution');
  const client = { allowLoopback: true, allowedNetworks: [] };
  const second = await world.secondHub({ outreach: { client, atStep: (step) => atStep(step) } });
  ground = { world, stand, studio };
  nodes = [studio, studioClient(second.url, studio)];
});
after(async () => {
  await auditHolds(world);
  await world.close();
  await stand.close();
});

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_each, index) => make(index));

/** Sends an item to the node whose turn it is. */
async function sendAt(
  index: number,
  here: Place,
  [id, type, rest]: [string, string, Record<string, unknown>],
) {
  const { username, session } = here;
  const game = { id: 'evolution-game', type: 'slot', title: 't' };
  const item = { id: `${username}-${id}`, type, session, game, round: 'r1', currency: 'KRW', ...rest };
  const [result] = (await nodes[index % nodes.length]?.transact(item)) ?? [];
  return result;
}

/** The second hub stands still at a step until it is let go. */
function standStill(at: Parameters<AtStep>[0]) {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  atStep = (step) => {
    if (step !== at) return;
    reached.resolve();
    return released.promise;
  };
  const letGo = () => {
    atStep = () => {};
    released.resolve();
  };
  return { reached: reached.promise, letGo };
}

/** As if the node that took it on had been silent for the lease. */
const leaseIsOver = ({ agent }: Place) =>
  world.hub.sql`update callback set next_at = now() where agent_id = ${agent.id} and next_at <> 'infinity'`;

test('one bet at both nodes at once: one question, one answer', async () => {
  const here = await openPlace(ground);
  for (const id of times(8, (index) => `b${index}`)) {
    const results = await Promise.all(
      times(4, (index) => sendAt(index, here, [id, 'bet', { amount: '10', round: id }])),
    );
    assert.equal(new Set(results.map((result) => `${result.status} ${result.transactionId}`)).size, 1);
    assert.equal(results.filter((result) => !result.replayed).length, 1);
  }
  assert.equal(here.types().length, 8);
  await chainHolds(here);
});

test('bets of one player at both nodes at once never take more than it has', async () => {
  const here = await openPlace(ground);
  const results = await Promise.all(
    times(14, (index) => sendAt(index, here, [`b${index}`, 'bet', { amount: '1000', round: `r${index}` }])),
  );
  assert.equal(results.filter((result) => result.status === 'accepted').length, 10);
  await chainHolds(here);
  assert.equal(await here.held(), 0);
});

test('items of one player that alternate between nodes keep their order', async () => {
  const here = await openPlace(ground);
  for (const [index, round] of times(6, (n) => `r${n}`).entries()) {
    assert.equal(told(await sendAt(index, here, [`b${round}`, 'bet', { amount: '100', round }])), 'accepted');
    const win = sendAt(index + 1, here, [`w${round}`, 'win', { amount: '30', round }]);
    const charge = sendAt(index, here, [`c${round}`, 'charge', { amount: '1', round }]);
    assert.deepEqual((await Promise.all([win, charge])).map(told), ['accepted', 'accepted']);
  }
  await chainHolds(here);
  assert.equal(await here.held(), 10_000 - 6 * 71);
});

test('messages of many players that both nodes find due are told once', async () => {
  const places = await Promise.all(times(6, () => openPlace(ground)));
  await Promise.all(places.map((here) => sendAt(0, here, ['b', 'bet', { amount: '100' }])));
  for (const here of places) here.becomes(failing);
  await Promise.all(
    places.flatMap((here) => times(3, (n) => sendAt(n, here, [`w${n}`, 'win', { amount: `${n}` }]))),
  );
  await Promise.all(
    places.map((here) =>
      until(async () => (await attemptsOf(world, here.agent)).length > 1, 'tried in vain'),
    ),
  );
  for (const here of places) here.becomes(null);
  for (const here of places) {
    await chainHolds(here);
    const accepted = (await attemptsOf(world, here.agent)).filter((each) => each.class === 'accepted');
    assert.equal(accepted.length, 4);
    assert.equal(new Set(accepted.map((each) => each.callback_id)).size, 4);
  }
});

const GONE: readonly { at: 'asked' | 'answered'; sent: string[]; ends: string[] }[] = [
  { at: 'asked', sent: [], ends: ['cancel'] },
  { at: 'answered', sent: ['bet'], ends: ['bet', 'cancel'] },
];
for (const { at, sent, ends } of GONE) {
  test(`a node that is gone when its bet was ${at}: the other ends it as unknown and cancels it`, async () => {
    const here = await openPlace(ground);
    const still = standStill(at);
    const silent = sendAt(1, here, ['b1', 'bet', { amount: '100' }]);
    await still.reached;
    assert.deepEqual(here.types(), sent);
    const [promised] = await world.hub
      .sql`select reserved::text from account where id = (select pot_account_id from agent where id = ${here.agent.id})`;
    assert.equal(promised?.reserved, '100');
    const repeat = sendAt(0, here, ['b1', 'bet', { amount: '100' }]);
    await leaseIsOver(here);
    assert.equal(told(await repeat), 'operator_unavailable');
    await untilTold(world, here.agent);
    assert.deepEqual(here.types(), ends);
    assert.equal(await here.held(), 10_000);
    assert.equal(told(await sendAt(0, here, ['b2', 'bet', { amount: '10', round: 'r2' }])), 'accepted');
    still.letGo();
    const late = await silent;
    assert.deepEqual(
      [told(late), late.replayed],
      ['operator_unavailable', true],
      'it was only slow: the same answer',
    );
    assert.equal(await here.held(), 10_000 - 10);
    await untilTold(world, here.agent);
    const known = (await here.agent.get('/user', { username: here.username })).body.balance;
    assert.equal(known, 10_000 - 10);
  });
}

test('a node that is gone before it told: the other tells; told twice it counts once', async () => {
  const here = await openPlace(ground);
  await sendAt(0, here, ['b1', 'bet', { amount: '100' }]);
  const still = standStill('due');
  assert.equal(told(await sendAt(1, here, ['w1', 'win', { amount: '40' }])), 'accepted');
  await still.reached;
  await sendAt(0, here, ['w2', 'win', { amount: '3' }]);
  assert.deepEqual(here.types(), ['bet']);
  const isTold = async () => {
    // Again and again: the one that stands still takes part in looking for what is due.
    await leaseIsOver(here);
    return here.types().length >= 3;
  };
  await until(isTold, 'the other tells');
  await untilTold(world, here.agent);
  const before = here.types().length;
  still.letGo();
  await until(() => here.types().length > before, 'the slow one tells it again');
  await chainHolds(here);
  assert.equal(await here.held(), 10_000 - 100 + 43);
});

test('a bet at one node waits for what the other is telling', async () => {
  const here = await openPlace(ground);
  await sendAt(0, here, ['b1', 'bet', { amount: '100' }]);
  const wins = gate((type) => type === 'win');
  here.becomes(wins.script);
  await sendAt(1, here, ['w1', 'win', { amount: '40' }]);
  await stand.arrived(ofType('win', here.username));
  const bet = sendAt(0, here, ['b2', 'bet', { amount: '9940', round: 'r2' }]);
  wins.open();
  assert.equal(told(await bet), 'accepted');
  await chainHolds(here);
  assert.deepEqual(here.types(), ['bet', 'win', 'bet']);
});

test('what comes to one node waits for the bet the other has in flight', async () => {
  const here = await openPlace(ground);
  const flight = async (id: string, amount: string, round: string) => {
    const bets = gate((type) => type === 'bet');
    here.becomes(bets.script);
    const bet = sendAt(1, here, [id, 'bet', { amount, round }]);
    await stand.arrived(
      (call) => ofType('bet', here.username)(call) && call.packet?.amount === -Number(amount),
    );
    return { bet, land: bets.open };
  };
  const first = await flight('b1', '100', 'r1');
  const cancel = sendAt(0, here, ['c1', 'cancel', { reference: `${here.username}-b1` }]);
  const promotion = sendAt(0, here, ['p1', 'promo_win', { amount: '7' }]);
  // By the time another player's item is through, both have been looked at.
  const other = await openPlace(ground);
  assert.equal(told(await sendAt(0, other, ['b1', 'bet', { amount: '1' }])), 'accepted');
  first.land();
  assert.deepEqual(
    (await Promise.all([first.bet, cancel, promotion])).map(told),
    new Array(3).fill('accepted'),
  );
  await chainHolds(here);
  assert.equal(await here.held(), 10_007);
  await sendAt(0, here, ['b2', 'bet', { amount: '10', round: 'r2' }]);
  const second = await flight('b3', '20', 'r2');
  const closing = nodes[0]?.call('POST', '/rounds/close', {
    game: 'evolution-game',
    round: 'r2',
    player: here.player,
  });
  second.land();
  assert.deepEqual([told(await second.bet), (await closing)?.status], ['accepted', 200]);
  await chainHolds(here);
});
