/** The rules of contract studio over HTTP: ids, refusals in their order, money owed, cancels, replays, promotions. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AgentId, PlayerId } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { setLimit } from '../../src/db/limit.ts';
import { coolOff, excludeSelf, setBlocked } from '../../src/db/player.ts';
import { countRows, until } from '../http/rig.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';

let world: World;
let agent: TestAgent;
let studio: StudioClient;
before(async () => {
  world = await openWorld();
  agent = await world.agent({ pot: 100_000_000n });
  studio = await world.studio('evolution', 'Asia Gaming', 'CQ9');
});
after(async () => {
  assert.deepEqual(
    (await audit(world.hub.sql)).checks.filter((check) => !check.ok),
    [],
  );
  await world.close();
});

let players = 0;

/** A player with 100,000 at a vendor's game; `send` makes items of its round r1, ids unique to the player. */
async function seat(vendor = 'evolution') {
  const username = `seat${players++}`;
  const { session, player, game } = await world.play(agent, studio, { username, vendor });
  const item = (id: string, type: string, rest: Record<string, unknown> = {}) => ({
    ...{ id: `${username}-${id}`, type, session, game, round: 'r1', currency: 'KRW' },
    ...rest,
  });
  const send = async (id: string, type: string, rest: Record<string, unknown> = {}) => {
    const [result] = await studio.transact(item(id, type, rest));
    return result;
  };
  const balance = async (): Promise<string> =>
    (await studio.call('GET', `/players/${player}/balance`)).body.balance;
  const ref = (id: string) => `${username}-${id}`;
  return { username, session, player, game, item, send, balance, ref, playerId: Number(player) as PlayerId };
}
type Seat = Awaited<ReturnType<typeof seat>>;
const amount = (value: number | string) => ({ amount: String(value) });

// ---- rule 2: refusals of a bet in their order ------------------------------------------------------------------

/** Each step makes one more thing wrong, from the last guard to the first; the code must be the newest's. */
interface Wrong {
  readonly code: string;
  readonly spoil: (at: Seat, bet: Record<string, unknown>) => Promise<unknown> | unknown;
}
const pass = (field: string, value: unknown) => (_at: Seat, bet: Record<string, unknown>) => {
  bet[field] = value;
};
const LADDER: readonly Wrong[] = [
  { code: 'insufficient_funds', spoil: pass('amount', '100001') },
  {
    code: 'limit_exceeded',
    spoil: (at) =>
      setLimit(world.hub.sql, { agentId: agent.id as AgentId, playerId: at.playerId }, { maxBet: 100_000n }),
  },
  {
    code: 'bet_too_soon',
    spoil: async (at) => {
      await at.send('once', 'bet', amount(1));
      assert.equal((await at.send('cancel', 'cancel')).status, 'accepted');
    },
  },
  {
    code: 'cancelled_before',
    spoil: (at) =>
      at.send('early', 'cancel', { reference: at.ref('ladder-cancelled_before'), round: undefined }),
  },
  {
    code: 'round_ended',
    spoil: (at) => studio.call('POST', '/rounds/close', { game: at.game.id, round: 'r1', player: at.player }),
  },
  { code: 'invalid_amount', spoil: pass('amount', '1.5') },
  { code: 'currency_mismatch', spoil: pass('currency', 'USD') },
  { code: 'game_disabled', spoil: pass('game', { id: 'no-such-game' }) },
  { code: 'player_blocked', spoil: (at) => setBlocked(world.hub.sql, at.playerId, { reason: 'test' }) },
  { code: 'session_ended', spoil: (at) => studio.call('POST', '/sessions/close', { session: at.session }) },
  { code: 'unknown_player', spoil: pass('session', 's1-AAAAAAAAAAAAAAAAAAAAAAAA') },
];

test('a bet with more and more wrong is refused for the first reason in the contract’s order', async () => {
  const at = await seat('Asia Gaming');
  const bet: Record<string, unknown> = { ...at.item('ladder', 'bet', amount(1)) };
  for (const { code, spoil } of LADDER) {
    await spoil(at, bet);
    const [result] = await studio.transact({ ...bet, id: at.ref(`ladder-${code}`) });
    assert.deepEqual([result.status, result.code, result.transactionId], ['refused', code, null]);
    // A tombstone belongs to one id: later steps keep it.
    if (code === 'cancelled_before')
      await at.send('early2', 'cancel', { reference: at.ref('ladder-round_ended'), round: undefined });
  }
  assert.equal(await at.balance(), '100000');
});

test('id_reused comes before everything', async () => {
  const at = await seat();
  await at.send('one', 'bet', amount(10));
  const others: Record<string, unknown>[] = [
    { ...amount(11) },
    { type: 'win', ...amount(10) },
    { ...amount(10), round: 'r2' },
    { ...amount(10), game: { id: 'CQ9-game' } },
    { ...amount(10), currency: 'USD' },
    { ...amount(10), session: 'unknown' },
    { ...amount(10), closesRound: true },
    { ...amount(10), reference: 'x' },
  ];
  for (const rest of others)
    assert.equal((await at.send('one', 'bet', rest)).code, 'id_reused', JSON.stringify(rest));
  assert.equal(await at.balance(), '99990');
});

const SAME: readonly Record<string, unknown>[] = [
  {},
  { detail: { late: true } },
  { at: '2026-01-01T00:00:00Z' },
  { skin: 'dark' },
  { game: { id: 'evolution-game', type: 'other', title: 'other' } },
];
test('what may differ in a repeat: detail, time, skin, words about the game, the handle of the player', async () => {
  const at = await seat();
  const first = await at.send('same', 'bet', amount(10));
  for (const rest of [...SAME, { session: undefined, player: at.player }])
    assert.deepEqual(await at.send('same', 'bet', { ...amount(10), ...rest }), { ...first, replayed: true });
});

test('a refusal is an answer for ever too: the repeat is refused although it would pass by now', async () => {
  const at = await seat();
  const big = { ...amount(100_500) };
  assert.equal((await at.send('big', 'bet', big)).code, 'insufficient_funds');
  await agent.post('/user/add-balance', { username: at.username, amount: 1000 });
  const again = await at.send('big', 'bet', big);
  assert.deepEqual([again.code, again.replayed], ['insufficient_funds', true]);
  assert.equal((await at.send('big2', 'bet', big)).status, 'accepted');
});

test('a player unknown when an id was first sent stays unknown for that id', async () => {
  const username = 'unopened01';
  const launch = { username, vendor: 'evolution', game_id: 'evolution-game' };
  const { link, user } = (await agent.get('/game-launch-link', launch)).body;
  const bet = {
    id: 'unopened-1',
    type: 'bet',
    player: String(user.id),
    round: 'r1',
    currency: 'KRW',
    ...amount(1),
  };
  const item = { ...bet, game: { id: 'evolution-game' } };
  assert.equal((await studio.transact(item))[0].code, 'unknown_player');
  await studio.call('POST', '/sessions/open', { token: new URL(link).searchParams.get('token') });
  const [again] = await studio.transact(item);
  assert.deepEqual([again.code, again.replayed], ['unknown_player', true]);
});

const CURRENCIES = ['USD', 'XXX', 'krw', 'KR', '한국'];
test('any currency but the player’s is currency_mismatch, for every type', async () => {
  const at = await seat();
  for (const currency of CURRENCIES)
    for (const type of ['bet', 'win', 'cancel', 'charge', 'adjust_credit', 'adjust_debit', 'promo_win']) {
      const result = await at.send(`${currency}-${type}`, type, { ...amount(1), currency });
      assert.equal(result.code, 'currency_mismatch', `${currency} ${type}`);
    }
});

const AMOUNTS = ['', '-1', '1.0', '1e3', ' 1', '+1', '9007199254740993', '9'.repeat(40), '１'];
for (const bad of AMOUNTS) {
  test(`an amount of ${JSON.stringify(bad)} is invalid_amount for every type`, async () => {
    const at = await seat();
    await at.send('open', 'bet', amount(5));
    for (const type of ['bet', 'win', 'cancel', 'charge', 'adjust_credit', 'adjust_debit', 'promo_win'])
      assert.equal((await at.send(type, type, { amount: bad })).code, 'invalid_amount', type);
    assert.equal(await at.balance(), '99995');
  });
}

test('a bet of 0 is taken; a promotion of 0 is none; an amount that is missing is invalid', async () => {
  const at = await seat();
  assert.equal((await at.send('zero', 'bet', amount(0))).status, 'accepted');
  assert.equal((await at.send('promo', 'promo_win', amount(0))).code, 'invalid_amount');
  for (const type of ['bet', 'win', 'charge', 'promo_win', 'adjust_credit', 'adjust_debit'])
    assert.equal((await at.send(`none-${type}`, type)).code, 'invalid_amount', type);
});

// ---- rule 3: money owed ---------------------------------------------------------------------------------------

const ENDINGS: readonly (readonly [string, (at: Seat) => Promise<unknown>])[] = [
  ['kicked', (at) => agent.post('/user/kick', { username: at.username })],
  ['closed', (at) => studio.call('POST', '/sessions/close', { session: at.session })],
  ['expired', (at) => world.hub.sql`update session set expires_at = now() where player_id = ${at.playerId}`],
  ['blocked', (at) => setBlocked(world.hub.sql, at.playerId, { reason: 'test' })],
  ['self-excluded', (at) => excludeSelf(world.hub.sql, at.playerId, null)],
  ['cooling off', (at) => coolOff(world.hub.sql, at.playerId, new Date(Date.now() + 60_000))],
  [
    'limited to nothing',
    (at) => setLimit(world.hub.sql, { agentId: agent.id as AgentId, playerId: at.playerId }, { maxBet: 0n }),
  ],
];
for (const [name, end] of ENDINGS) {
  test(`a player who is ${name} bets no more, and is paid all the same`, async () => {
    const at = await seat();
    for (const round of ['r1', 'r2']) await at.send(`bet-${round}`, 'bet', { ...amount(1000), round });
    await end(at);
    const refused = await at.send('more', 'bet', { ...amount(1), round: 'r3' });
    assert.match(refused.code, /^(session_ended|player_blocked|limit_exceeded)$/);
    const owed = [
      at.item('win', 'win', { ...amount(1500) }),
      at.item('cancel', 'cancel', { round: 'r2' }),
      at.item('credit', 'adjust_credit', amount(7)),
      at.item('promo', 'promo_win', amount(5)),
      at.item('zero', 'win', amount(0)),
    ];
    const results = await studio.transact(...owed);
    assert.deepEqual(
      results.map((each) => each.status),
      owed.map(() => 'accepted'),
    );
    assert.equal(await at.balance(), String(100_000 - 2000 + 1500 + 1000 + 7 + 5));
    if (name !== 'limited to nothing')
      assert.equal((await at.send('charge', 'charge', amount(1))).code, refused.code, 'a charge is spending');
  });
}

// ---- rules 4 and 5: cancels -----------------------------------------------------------------------------------

test('a cancel refunds its bet once; a second with another id is accepted and moves nothing', async () => {
  const at = await seat();
  await at.send('bet', 'bet', amount(300));
  const cancel = { reference: at.ref('bet'), round: undefined };
  assert.equal((await at.send('wrong', 'cancel', { ...cancel, ...amount(299) })).code, 'amount_mismatch');
  const first = await at.send('c1', 'cancel', { ...cancel, ...amount(300) });
  assert.deepEqual([first.status, first.balance], ['accepted', '100000']);
  const second = await at.send('c2', 'cancel', cancel);
  assert.deepEqual([second.status, second.transactionId, second.balance], ['accepted', null, '100000']);
  assert.equal((await at.send('win', 'win', amount(1))).code, 'unknown_round');
});

test('a cancel by another round’s name or another game still finds its bet', async () => {
  const at = await seat();
  await at.send('bet', 'bet', amount(300));
  const elsewhere = { reference: at.ref('bet'), round: 'r9', game: { id: 'CQ9-game' } };
  const cancelled = await at.send('c1', 'cancel', elsewhere);
  assert.deepEqual([cancelled.status, cancelled.balance], ['accepted', '100000']);
});

test('a cancel that overtakes its bet leaves a mark: by reference, and by round', async () => {
  const at = await seat();
  const early = await at.send('c1', 'cancel', { reference: at.ref('late'), round: undefined });
  assert.deepEqual([early.status, early.transactionId], ['accepted', null]);
  assert.equal((await at.send('late', 'bet', amount(10))).code, 'cancelled_before');
  assert.equal((await at.send('late', 'bet', amount(10))).replayed, true);
  await at.send('c2', 'cancel', { round: 'r2' });
  assert.equal((await at.send('late2', 'bet', { ...amount(10), round: 'r2' })).code, 'cancelled_before');
  assert.equal((await at.send('other', 'bet', { ...amount(10), round: 'r3' })).status, 'accepted');
});

test('a cancel on its way together with its bet undoes it, in whichever order they arrive', async () => {
  const at = await seat();
  for (let count = 0; count < 15; count++) {
    const bet = at.item(`race${count}`, 'bet', { ...amount(100), round: `race${count}` });
    const cancel = at.item(`undo${count}`, 'cancel', { reference: bet.id, round: undefined });
    await Promise.all(
      count % 2 === 0
        ? [studio.transact(bet), studio.transact(cancel)]
        : [studio.transact(cancel), studio.transact(bet)],
    );
    assert.equal(await at.balance(), '100000');
  }
});

test('a bundle that was won, or lost by the round’s end, can’t be cancelled', async () => {
  const at = await seat();
  await at.send('b1', 'bet', amount(100));
  await at.send('w1', 'win', amount(0));
  assert.equal((await at.send('c1', 'cancel', { reference: at.ref('b1') })).code, 'already_settled');
  await at.send('b2', 'bet', { ...amount(100), round: 'r2', closesRound: true });
  assert.equal((await at.send('c2', 'cancel', { round: 'r2' })).code, 'already_settled');
  assert.equal(await at.balance(), '99800');
});

// ---- rule 6: wins ---------------------------------------------------------------------------------------------

test('a win needs a round with a bet; free spins pay more until the round is closed', async () => {
  const at = await seat();
  assert.equal((await at.send('w0', 'win', amount(5))).code, 'unknown_round');
  await at.send('b1', 'bet', amount(100));
  for (const id of ['w1', 'w2', 'w3'])
    assert.equal((await at.send(id, 'win', amount(50))).status, 'accepted');
  assert.equal((await at.send('w4', 'win', { ...amount(50), closesRound: true })).status, 'accepted');
  assert.equal((await at.send('w5', 'win', amount(50))).code, 'unknown_round');
  assert.equal((await at.send('b2', 'bet', amount(1))).code, 'round_ended');
  const otherGame = { ...amount(50), game: { id: 'CQ9-game' } };
  assert.equal((await at.send('w6', 'win', otherGame)).code, 'unknown_round');
  assert.equal(await at.balance(), '100100');
});

test('a debit takes what is there and no more', async () => {
  const at = await seat();
  for (const type of ['charge', 'adjust_debit']) {
    assert.equal((await at.send(`much-${type}`, type, amount(100_001))).code, 'insufficient_funds');
    assert.equal((await at.send(type, type, amount(50_000))).status, 'accepted');
  }
  assert.equal(await at.balance(), '0');
});

test('a whole request repeated, also at once, answers the same and moves nothing more', async () => {
  const at = await seat();
  const batch = [
    at.item('b1', 'bet', amount(100)),
    at.item('b2', 'bet', amount(999_999)),
    at.item('w1', 'win', amount(70)),
    at.item('c1', 'cancel', { reference: at.ref('unheard') }),
    at.item('p1', 'promo_win', amount(9)),
  ];
  const first = await studio.transact(...batch);
  const before = await countRows(world.hub.sql);
  const replays = await Promise.all(Array.from({ length: 5 }, () => studio.transact(...batch)));
  for (const replay of replays)
    assert.deepEqual(
      replay,
      first.map((each) => ({ ...each, replayed: true })),
    );
  assert.deepEqual(await countRows(world.hub.sql), before);
  const fresh = batch.map((each) => ({ ...each, id: `${each.id}-again`, round: 'r2' }));
  const rush = await Promise.all(Array.from({ length: 6 }, () => studio.transact(...fresh)));
  const ids = new Set(rush.map((results) => JSON.stringify(results.map((each) => each.transactionId))));
  assert.equal(ids.size, 1);
  assert.equal(rush.filter((results) => results[0].replayed === false).length, 1);
});

test('a game switched off is refused on the next bet, and its wins are paid', async () => {
  const game = {
    id: 'switch-game',
    title: 'Switch',
    type: 'slot',
    vendor: 'CQ9',
    launchUrl: 'https://play.test/',
  };
  await studio.call('PUT', '/games', { games: [game] });
  const at = await seat();
  const here = { game: { id: game.id } };
  await at.send('b1', 'bet', { ...amount(10), ...here });
  await world.hub.sql`update game set enabled = false where public_id = ${game.id}`;
  let tries = 0;
  await until(
    'told',
    async () => (await at.send(`try${tries++}`, 'bet', { ...amount(0), ...here })).code === 'game_disabled',
  );
  assert.equal((await at.send('w1', 'win', { ...amount(30), ...here })).status, 'accepted');
});
