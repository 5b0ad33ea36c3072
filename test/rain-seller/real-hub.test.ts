/** The seller at a real hub, which is its book as well: a visit from the launch link to the last cent settled. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOperator, seamlessAgent } from '../seamless/rig.ts';
import type { TestAgent } from '../world.ts';
import { auditOf, feedOf, type Market, openMarket } from './market.ts';
import { eventually, type Page } from './shop.ts';

let market: Market;
let agent: TestAgent;
before(async () => {
  market = await openMarket();
  await market.start();
  agent = await market.world.agent({ currency: 'USD', pot: 100_000_000n });
});
after(() => market.close());

/** Pays in and enters; the player's id at the hub. */
async function enter(username: string, amount: number): Promise<{ page: Page; player: string }> {
  await agent.post('/user/create', { username });
  if (amount > 0) await agent.post('/user/add-balance', { username, amount });
  const page = await market.visit(agent, username);
  await page.until('in');
  return { page, player: await playerOf(username) };
}

const balanceOf = async (username: string) => (await agent.get('/user', { username })).body.balance as number;
const playerOf = async (username: string) => String((await agent.get('/user', { username })).body.id);

test('enter, bet, leave with what is free, settle, and the rest comes; the feed tells one round', async () => {
  const { page, player } = await enter('rain-one', 1000.5);
  assert.equal(await balanceOf('rain-one'), 0);
  assert.deepEqual((await page.view()).book, { balance: '100050', exposure: '0' });
  const session = await market.book.session();
  await market.bet(player, { stake: 20_000n, session });
  await page.post('leave');
  await page.until('left');
  await eventually(
    () => balanceOf('rain-one'),
    (balance) => balance === 800.5,
  );
  assert.equal((await market.credit(player)).exposureAmount, 200);
  await market.book.settle(session, 'RAIN');
  await eventually(
    () => balanceOf('rain-one'),
    (balance) => balance === 1200.5,
  );
  await market.quiet();
  const rows = await feedOf(agent, 'rain-one');
  assert.deepEqual(
    rows.map(({ type, amount }) => [type, amount]),
    [
      ['agent.add_balance', 1000.5],
      ['bet', -1000.5],
      ['win', 800.5],
      ['win', 400],
    ],
  );
  assert.deepEqual(await auditOf(market.world), []);
});

test('a lost stay is told by a win of nothing', async () => {
  const { page, player } = await enter('rain-two', 100);
  const session = await market.book.session();
  await market.bet(player, { stake: 10_000n, session });
  await page.post('leave');
  await page.until('left');
  await market.book.settle(session, 'NO_RAIN');
  await market.quiet();
  assert.deepEqual((await feedOf(agent, 'rain-two')).at(-1), { type: 'win', amount: 0 });
  // A correction is money of the same round, though it is over.
  await market.book.settle(session, 'RAIN');
  await eventually(
    () => balanceOf('rain-two'),
    (balance) => balance === 200,
  );
  await market.quiet();
  assert.deepEqual(await auditOf(market.world), []);
});

test('a seamless wallet: asked for the stake, told of what comes back; its no is told plainly', async (t) => {
  const operator = await openOperator({ currency: 'USD', openWith: 50_000n });
  t.after(() => operator.close());
  const seamless = await seamlessAgent(market.world, operator, { currency: 'USD' });
  const page = await market.visit(seamless, 'rain-far');
  await page.until('in');
  assert.equal((await page.view()).book?.balance, '50000');
  await page.post('leave');
  await page.until('left');
  await eventually(
    () => page.view(),
    (view) => view.wallet === '50000',
  );
  operator.fault({ error: 1 }, { only: ['bet'] });
  await page.post('enter');
  const refused = await page.until('refused');
  assert.match(refused.code ?? '', /^operator_|^insufficient/);
  operator.fault({});
  await page.post('enter');
  await page.until('in');
  await page.post('leave');
  await page.until('left');
  await market.quiet();
});

test('two visits at once, from two links', async () => {
  const username = 'rain-twice';
  await agent.post('/user/create', { username });
  await agent.post('/user/add-balance', { username, amount: 300 });
  const first = await market.visit(agent, username);
  const second = await market.visit(agent, username);
  await second.until('in');
  assert.equal((await first.view()).state, 'replaced');
  await second.post('leave');
  await second.until('left');
  await eventually(
    () => balanceOf(username),
    (balance) => balance === 300,
  );
});
