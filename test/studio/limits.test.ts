/** Bet and win limits at the studio's door: agent, vendor, game, player and upline, exact, also in a running session. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AgentId, GameId, PlayerId, VendorId } from '../../src/core/ids.ts';
import { type LimitTarget, setLimit } from '../../src/db/limit.ts';
import { movePot } from '../../src/office.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';

let world: World;
let root: TestAgent;
let studio: StudioClient;
before(async () => {
  world = await openWorld();
  root = await world.agent({ pot: 100_000_000n });
  studio = await world.studio('evolution', 'CQ9');
});
after(() => world.close());

async function seat(vendor = 'evolution') {
  const agent = await world.agent({ parent: root.username, pot: 0n });
  await movePot(world.office, {
    username: agent.username,
    direction: 'give',
    amount: 1_000_000n,
    actor: 'test',
  });
  const username = 'limited01';
  const { session, player, game } = await world.play(agent, studio, { username, vendor });
  let items = 0;
  const send = async (type: string, amount: number) => {
    const id = `${agent.username}-${items++}`;
    const item = { id, type, session, game, round: 'r1', currency: 'KRW', amount: String(amount) };
    return (await studio.transact(item))[0];
  };
  const launched = async () => {
    const launch = { username, vendor, game_id: `${vendor}-game` };
    const { link } = (await agent.get('/game-launch-link', launch)).body;
    return (await studio.call('POST', '/sessions/open', { token: new URL(link).searchParams.get('token') }))
      .body;
  };
  return { agent, player, send, launched };
}
type Seat = Awaited<ReturnType<typeof seat>>;

const idsOf = async () => {
  const [row] = await world.hub.sql`select g.id as game, v.id as vendor,
    (select id from vendor where name = 'CQ9') as other_vendor, (select id from game where public_id = 'CQ9-game') as other_game,
    (select min(id) from player) as other_player
    from game g join vendor v on v.id = g.vendor_id where g.public_id = 'evolution-game'`;
  return {
    game: row?.game as GameId,
    vendor: row?.vendor as VendorId,
    otherGame: row?.other_game as GameId,
    otherVendor: row?.other_vendor as VendorId,
    otherPlayer: Number(row?.other_player) as PlayerId,
  };
};
type Ids = Awaited<ReturnType<typeof idsOf>>;

const own = (at: Seat) => ({ agentId: at.agent.id as AgentId });
const upline = () => ({ agentId: root.id as AgentId });
const TARGETS: readonly (readonly [string, (at: Seat, ids: Ids) => LimitTarget, boolean])[] = [
  ['the agent', own, true],
  ['the vendor', (at, { vendor: vendorId }) => ({ ...own(at), vendorId }), true],
  ['the game', (at, { game: gameId }) => ({ ...own(at), gameId }), true],
  ['the player', (at) => ({ ...own(at), playerId: Number(at.player) as PlayerId }), true],
  [
    'the player at the game',
    (at, { game: gameId }) => ({ ...own(at), gameId, playerId: Number(at.player) as PlayerId }),
    true,
  ],
  ['the upline’s vendor', (_at, { vendor: vendorId }) => ({ ...upline(), vendorId }), true],
  ['another vendor', (at, { otherVendor: vendorId }) => ({ ...own(at), vendorId }), false],
  ['another game', (at, { otherGame: gameId }) => ({ ...own(at), gameId }), false],
  ['another player', (at, { otherPlayer: playerId }) => ({ ...own(at), playerId }), false],
];
for (const [name, target, binds] of TARGETS) {
  test(`a limit on ${name} ${binds ? 'binds the running session to the unit' : 'does not bind'}`, async () => {
    const at = await seat();
    const where = target(at, await idsOf());
    assert.equal((await at.send('bet', 1001)).status, 'accepted');
    await setLimit(world.hub.sql, where, { maxBet: 1000n, maxWin: 5000n });
    assert.equal((await at.send('bet', 1000)).status, 'accepted');
    assert.equal((await at.send('bet', 1001)).code ?? null, binds ? 'limit_exceeded' : null);
    const before = Number((await at.send('win', 5000)).balance);
    assert.equal(Number((await at.send('win', 5001)).balance), before + (binds ? 5000 : 5001));
    const { limits } = await at.launched();
    assert.deepEqual([limits.betMax, limits.winMax], binds ? ['1000', '5000'] : [null, null]);
    await setLimit(world.hub.sql, where, { maxBet: null, maxWin: null });
    assert.equal((await at.send('bet', 1001)).status, 'accepted', 'lifted');
  });
}

test('of several limits the narrowest holds, for bet and win each by itself', async () => {
  const at = await seat();
  const { vendor: vendorId, game: gameId } = await idsOf();
  await setLimit(world.hub.sql, own(at), { maxBet: 500n, maxWin: 9000n });
  await setLimit(world.hub.sql, { ...own(at), vendorId }, { maxBet: 300n });
  await setLimit(world.hub.sql, { ...own(at), gameId }, { maxBet: 400n, maxWin: 700n });
  const { limits } = await at.launched();
  assert.deepEqual([limits.betMax, limits.winMax], ['300', '700']);
  assert.equal((await at.send('bet', 301)).code, 'limit_exceeded');
  assert.equal((await at.send('bet', 300)).balance, '99700');
  assert.equal((await at.send('win', 9001)).balance, '100400');
});

test('a cut can not take more than the win: a maximum of 0 leaves nothing', async () => {
  const at = await seat();
  await at.send('bet', 100_000);
  await setLimit(world.hub.sql, own(at), { maxWin: 0n });
  assert.equal((await at.send('win', 777)).balance, '0');
});

test('another agent’s limits do not bind', async () => {
  const [mine, other] = [await seat(), await seat()];
  await setLimit(world.hub.sql, own(other), { maxBet: 0n });
  assert.equal((await mine.send('bet', 10)).status, 'accepted');
  assert.equal((await other.send('bet', 1)).code, 'limit_exceeded');
  assert.equal((await other.send('bet', 0)).status, 'accepted');
});
