/** Rounds over HTTP (contract studio, rules 4–8): closing for one and all, the report of open ones, bundles and pauses. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keysOf, sorted } from '../http/rig.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';

// A time without a zone means UTC, wherever the hub stands.
process.env.TZ = 'Asia/Seoul';

let world: World;
let agent: TestAgent;
let studio: StudioClient;
before(async () => {
  world = await openWorld();
  agent = await world.agent({ pot: 100_000_000n });
  studio = await world.studio('evolution', 'DreamGame', 'onetouch');
});
after(() => world.close());

let players = 0;
async function seat(vendor = 'evolution') {
  const username = `round${players++}`;
  const { session, player, game } = await world.play(agent, studio, { username, vendor });
  const send = async (id: string, type: string, rest: Record<string, unknown> = {}) => {
    const item = { id: `${username}-${id}`, type, session, game, round: 'shared', currency: 'KRW', ...rest };
    return (await studio.transact(item))[0];
  };
  const wins = async () => {
    const { data } = (await agent.get('/transaction-list', { perPage: 1000 })).body;
    return data
      .filter(
        (row: { user: { username: string }; type: string }) =>
          row.user.username === username && row.type === 'win',
      )
      .map((row: { amount: number; referer_id: number }) => [row.amount, row.referer_id]);
  };
  return { username, session, player, game, send, wins, ref: (id: string) => `${username}-${id}` };
}

const close = (body: Record<string, unknown>) => studio.call('POST', '/rounds/close', body);
const open = async (query = '?state=open') => {
  const answer = await studio.call('GET', `/rounds${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.rounds;
};
const passPause = (ms: number) =>
  world.hub
    .sql`update round set cancelled_at = cancelled_at - make_interval(secs => ${ms / 1000}) where cancelled_at is not null`;

test('closing ends the round for one player: what is open is lost, told by a win of 0', async () => {
  const [one, two] = [await seat(), await seat()];
  const bets = [await one.send('b1', 'bet', { amount: '10' }), await two.send('b1', 'bet', { amount: '10' })];
  const answer = await close({ game: one.game.id, round: 'shared', player: one.player });
  assert.deepEqual([answer.status, answer.body], [200, {}]);
  assert.deepEqual(await one.wins(), [[0, bets[0].transactionId]]);
  assert.deepEqual(await two.wins(), []);
  assert.equal((await one.send('b2', 'bet', { amount: '1' })).code, 'round_ended');
  assert.equal((await two.send('w1', 'win', { amount: '15' })).status, 'accepted');
});

test('closing without a player ends it for all; closing again, or what nobody played, changes nothing', async () => {
  const seats = [await seat(), await seat()];
  const apart = await seat('onetouch');
  for (const each of [...seats, apart]) await each.send('b1', 'bet', { amount: '10', round: 'all' });
  for (let count = 0; count < 2; count++)
    assert.deepEqual((await close({ game: 'evolution-game', round: 'all' })).body, {});
  for (const each of seats) {
    assert.equal((await each.wins()).length, 1);
    assert.equal((await each.send('b2', 'bet', { amount: '1', round: 'all' })).code, 'round_ended');
  }
  assert.equal((await apart.send('b2', 'bet', { amount: '1', round: 'all' })).status, 'accepted');
  await close({ game: 'onetouch-game', round: 'all' });
  assert.deepEqual(await apart.wins(), []);
  assert.deepEqual((await close({ game: 'evolution-game', round: 'never' })).body, {});
  assert.equal((await close({ game: 'no-such', round: 'all' })).body.code, 'unknown_game');
  assert.equal((await close({ game: 'evolution-game' })).body.code, 'invalid_request');
});

test('closesRound on a bet, a win or a cancel ends the round with it', async () => {
  for (const [type, code] of [
    ['bet', 'round_ended'],
    ['win', 'round_ended'],
    ['cancel', 'round_ended'],
  ]) {
    const at = await seat();
    const last = { closesRound: true };
    await at.send('b1', 'bet', { amount: '10', ...(type === 'bet' ? last : {}) });
    if (type === 'win') await at.send('w1', 'win', { amount: '5', ...last });
    if (type === 'cancel') await at.send('c1', 'cancel', last);
    assert.equal((await at.send('b2', 'bet', { amount: '1' })).code, code, type);
  }
});

test('the report lists open rounds with what is at stake, oldest first, and settled ones no more', async () => {
  const at = await seat();
  await at.send('b1', 'bet', { amount: '70', round: 'old' });
  await world.hub.sql`update round set opened_at = opened_at - interval '2 hours' where ref = 'old'`;
  await at.send('b2', 'bet', { amount: '30', round: 'young' });
  await at.send('b3', 'bet', { amount: '5', round: 'young' });
  const mine = (await open()).filter((round: { player: string }) => round.player === at.player);
  assert.deepEqual(
    mine.map((each: object) => keysOf(each))[0],
    sorted(['game', 'vendor', 'round', 'player', 'openedAt', 'stake', 'overdue']),
  );
  assert.deepEqual(
    mine.map((each: { round: string; stake: string; overdue: boolean }) => [
      each.round,
      each.stake,
      each.overdue,
    ]),
    [
      ['old', '70', true],
      ['young', '35', false],
    ],
  );
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const olderThan of [
    hourAgo.toISOString(),
    String(hourAgo.getTime()),
    hourAgo.toISOString().slice(0, 19),
  ])
    assert.deepEqual(
      (await open(`?olderThan=${olderThan}`)).map((each: { round: string }) => each.round),
      ['old'],
    );
  await at.send('w1', 'win', { amount: '0', round: 'old' });
  await at.send('w2', 'win', { amount: '0', round: 'young', reference: at.ref('b2') });
  const left = (await open('')).filter((round: { player: string }) => round.player === at.player);
  assert.deepEqual(
    left.map((each: { round: string; stake: string }) => [each.round, each.stake]),
    [['young', '5']],
  );
  for (const query of [
    '?state=closed',
    '?olderThan=yesterday',
    '?olderThan=',
    '?olderThan=99999-01-01T00:00:00Z',
  ]) {
    const answer = await studio.call('GET', `/rounds${query}`);
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], query);
  }
});

test('bundles: bet and cancel may repeat, ten seconds apart, within fifty seconds of betting', async () => {
  const at = await seat('DreamGame');
  for (let count = 0; count < 4; count++) {
    const first = await at.send(`a${count}`, 'bet', { amount: '10' });
    assert.equal(first.status, 'accepted');
    await at.send(`b${count}`, 'bet', { amount: '20' });
    assert.equal((await at.send(`x${count}`, 'cancel', { amount: '29' })).code, 'amount_mismatch');
    const byEither = count % 2 === 0 ? {} : { reference: at.ref(`b${count}`), round: undefined };
    const cancelled = await at.send(`c${count}`, 'cancel', byEither);
    assert.equal(cancelled.balance, '100000');
    assert.equal((await at.send(`soon${count}`, 'bet', { amount: '1' })).code, 'bet_too_soon');
    await passPause(9000);
    assert.equal((await at.send(`still${count}`, 'bet', { amount: '1' })).code, 'bet_too_soon');
    await passPause(1000);
  }
  const last = await at.send('last', 'bet', { amount: '40' });
  await at.send('win', 'win', { amount: '80' });
  assert.deepEqual(await at.wins(), [[80, last.transactionId]], 'the cancelled bundles have no effect on it');
  await world.hub
    .sql`update round set opened_at = opened_at - interval '51 seconds' where player_id = ${Number(at.player)}`;
  assert.equal((await at.send('late', 'bet', { amount: '1' })).code, 'round_ended');
});

test('without bundles every bet has its own win or cancel', async () => {
  const at = await seat();
  const bets = [];
  for (const id of ['b1', 'b2', 'b3']) bets.push(await at.send(id, 'bet', { amount: '10' }));
  await at.send('w3', 'win', { amount: '30', reference: at.ref('b3') });
  const cancelled = await at.send('c2', 'cancel', { reference: at.ref('b2') });
  assert.equal(cancelled.balance, String(100_000 - 30 + 30 + 10));
  assert.equal((await at.send('c3', 'cancel', { reference: at.ref('b3') })).code, 'already_settled');
  await at.send('w1', 'win', { amount: '0' });
  assert.deepEqual(await at.wins(), [
    [30, bets[2].transactionId],
    [0, bets[0].transactionId],
  ]);
});
