/**
 * The seller killed at every point between a step and its answer, in both directions, and started again: wallet, book
 * and what bets may cost come to the money there was and what the bets came to, and the feed tells the same.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import type { TestAgent } from '../world.ts';
import type { BadLine, Passing } from './bad-line.ts';
import { auditOf, feedOf, type Market, openMarket } from './market.ts';
import { eventually } from './shop.ts';

let market: Market;
let agent: TestAgent;
before(async () => {
  market = await openMarket();
  await market.start();
  agent = await market.world.agent({ currency: 'USD', pot: 100_000_000n });
});
after(() => market.close());

const item = (type: string) => (passing: Passing) =>
  passing.path === '/studio/v1/transactions' && passing.body.includes(`"type":"${type}"`);
const call = (name: string) => (passing: Passing) => passing.path === `/vendor/api/${name}`;

/** What is refused on the way, so that a bet has to be cancelled. */
const NOT_TAKEN = { body: JSON.stringify({ code: '2003', message: 'NOT AUTHORIZED' }) };

const POINTS: readonly {
  name: string;
  line: 'toHub' | 'toBook';
  is: (passing: Passing) => boolean;
  /** The book takes no deposit. */
  shut?: boolean;
}[] = [
  { name: 'login', line: 'toBook', is: call('getLoginUrl') },
  { name: 'balance', line: 'toHub', is: ({ path }) => path.endsWith('/balance') },
  { name: 'bet', line: 'toHub', is: item('bet') },
  { name: 'deposit', line: 'toBook', is: call('deposit') },
  { name: 'cancel', line: 'toHub', is: item('cancel'), shut: true },
  { name: 'logout', line: 'toBook', is: call('logout') },
  { name: 'credit', line: 'toBook', is: call('getCreditBalance') },
  { name: 'withdraw', line: 'toBook', is: call('withdraw') },
  { name: 'win', line: 'toHub', is: item('win') },
  { name: 'close', line: 'toHub', is: ({ path }) => path === '/studio/v1/rounds/close' },
];

/** Kills the seller at the first request that fits: before it arrives, or when it was answered and nobody heard. */
function killAt(
  line: BadLine,
  by: { is: (passing: Passing) => boolean; when: 'before' | 'after' },
): Promise<unknown> {
  const child = market.child();
  const dead = once(child, 'exit');
  const fate = line.fate;
  let found = false;
  line.fate = (passing) => {
    if (found || !by.is(passing)) return fate(passing);
    found = true;
    if (by.when === 'before') child.kill('SIGKILL');
    return by.when === 'before' ? 'drop' : 'deaf';
  };
  line.answered = (passing) => {
    if (found && by.is(passing)) child.kill('SIGKILL');
  };
  return dead;
}

const balanceOf = async (username: string) => (await agent.get('/user', { username })).body.balance as number;

for (const point of POINTS) {
  for (const when of ['before', 'after'] as const) {
    test(`killed ${when} the ${point.name}`, { timeout: 120_000 }, async () => {
      const username = `crash-${point.name}-${when}`;
      await agent.post('/user/create', { username });
      await agent.post('/user/add-balance', { username, amount: 500 });
      const { id: player } = (await agent.get('/user', { username })).body;
      const toBook: BadLine['fate'] = (passing) =>
        point.shut && call('deposit')(passing) ? NOT_TAKEN : 'pass';
      market.toBook.fate = toBook;
      const back = revive(killAt(market[point.line], { is: point.is, when }), toBook);
      const won = await visitThrough(username, { player: String(player), shut: point.shut === true });
      await back;
      await market.quiet();

      const { currentBalance, exposureAmount } = await market.credit(String(player));
      assert.deepEqual([currentBalance, exposureAmount], [0, 0]);
      assert.equal(await balanceOf(username), 500 + won);
      const rows = await feedOf(agent, username);
      assert.equal(
        rows.reduce((sum, row) => sum + row.amount, 0),
        500 + won,
      );
      const count = (type: string) => rows.filter((row) => row.type === type).length;
      assert.equal(count('cancel'), point.shut ? 1 : 0);
      assert.equal(count('bet'), 1);
      assert.deepEqual((await market.status()).stuck, []);
      assert.deepEqual(await auditOf(market.world), []);
    });
  }
}

type Story = { player: string; shut: boolean };

/** Starts the seller again once it is dead, with lines as they should be. */
async function revive(dead: Promise<unknown>, toBook: BadLine['fate']): Promise<void> {
  await dead;
  market.toHub.fate = () => 'pass';
  market.toBook.fate = toBook;
  await market.start();
}

/**
 * Enters, bets 200 on rain, leaves, and it rains; wherever the seller dies, the player's page asks on. What the bet
 * came to.
 */
async function visitThrough(username: string, { player, shut }: Story): Promise<number> {
  const page = await market.visit(agent, username);
  const state = async () => (await page.view().catch(() => null))?.state ?? null;
  await eventually(state, (seen) => seen === (shut ? 'refused' : 'in'));
  if (shut) return 0;
  const session = await market.book.session();
  await market.bet(player, { stake: 20_000n, session });
  // Said until it is heard.
  const leave = async () => {
    await page.post('leave').catch(() => null);
    return state();
  };
  await eventually(leave, (seen) => seen === 'left' || seen === 'leaving');
  await eventually(
    () => market.credit(player),
    ({ currentBalance }) => currentBalance === 200,
  );
  await market.book.settle(session, 'RAIN');
  return 200;
}
