import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { summarizeToday } from '../../src/db/rollup.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

test('a bet and its win move the wallet and show in the feed', async () => {
  const agent = await world.agent();
  const studio = await world.studio('evolution');
  const { session, player, game } = await world.play(agent, studio, {
    username: 'smoke01',
    vendor: 'evolution',
    balance: 5000,
  });
  const common = { session, player, game, round: 'r1', currency: 'KRW' };
  const [bet] = await studio.transact({ ...common, id: 'b1', type: 'bet', amount: '1000' });
  assert.deepEqual([bet.status, bet.balance, bet.replayed], ['accepted', '4000', false]);
  const [win] = await studio.transact({
    ...common,
    id: 'w1',
    type: 'win',
    amount: '2500',
    closesRound: true,
  });
  assert.equal(win.balance, '6500');
  const feed = await agent.get('/transaction-list', { start_transaction_id: 0 });
  assert.deepEqual(
    feed.body.data
      .slice(-2)
      .map((row: { type: string; amount: number; before: number }) => [row.type, row.amount, row.before]),
    [
      ['bet', -1000, 5000],
      ['win', 2500, 4000],
    ],
  );
  assert.equal(feed.body.data.at(-1).referer_id, feed.body.data.at(-2).id);
});

test('a refreshed token opens no game for a user who is blocked meanwhile', async () => {
  const agent = await world.agent();
  await world.studio('netent');
  await agent.post('/user/create', { username: 'smoke02' });
  const { token } = (await agent.call('PATCH', '/user/refresh-token', { username: 'smoke02' })).body;
  const target = { token, vendor: 'netent', game_id: 'netent-game' };
  assert.equal((await agent.get('/get-game-url', target)).status, 200);
  await world.hub.sql`update player set blocked_at = now() where username_key = 'smoke02'`;
  assert.equal((await agent.get('/get-game-url', target)).status, 422);
});

test('the index of time is brought up to date for the day of an instant, and is at peace with a day that has none', async () => {
  await summarizeToday(world.hub.sql, new Date());
  await summarizeToday(world.hub.sql, new Date('2001-01-01'));
});
