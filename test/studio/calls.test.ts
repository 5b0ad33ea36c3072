/** Every call of contract studio: its answer's exact keys, its refusals of whole requests, and what other studios see. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keysOf, sorted } from '../http/rig.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';

let world: World;
let agent: TestAgent;
let studio: StudioClient;
let stranger: StudioClient;
before(async () => {
  world = await openWorld();
  agent = await world.agent({ pot: 100_000_000n });
  studio = await world.studio('evolution', 'CQ9');
  stranger = await world.studio('netent');
});
after(() => world.close());

const play = (username: string, vendor = 'evolution') => world.play(agent, studio, { username, vendor });
const bet = (
  played: { session: string; game: { id: string } },
  id: string,
  rest: Record<string, unknown> = {},
) => {
  const { session, game } = played;
  return { id, type: 'bet', amount: '10', currency: 'KRW', round: 'r1', session, game, ...rest };
};
const RESULT = ['balance', 'id', 'replayed', 'status', 'transactionId'];

test('a session opens with everything the game needs', async () => {
  const launch = { username: 'open01', nickname: '손님하나', vendor: 'evolution', game_id: 'evolution-game' };
  const { link } = (await agent.get('/game-launch-link', launch)).body;
  await agent.post('/user/add-balance', { username: 'open01', amount: 1234 });
  const { status, body } = await studio.call('POST', '/sessions/open', {
    token: new URL(link).searchParams.get('token'),
  });
  assert.equal(status, 200);
  const keys = [
    'session',
    'player',
    'nickname',
    'currency',
    'country',
    'language',
    'balance',
    'game',
    'limits',
    'skin',
  ];
  assert.deepEqual(keysOf(body), sorted(keys));
  assert.deepEqual(
    [body.nickname, body.currency, body.country, body.balance],
    ['손님하나', 'KRW', 'KOR', '1234'],
  );
  assert.deepEqual(body.limits, { betMin: null, betMax: null, winMax: null });
  assert.equal(body.game.id, 'evolution-game');
});

test('a session closes once and for all; closing again, or what is not one’s own, is accepted and changes nothing', async () => {
  const mine = await play('close01');
  assert.deepEqual((await stranger.call('POST', '/sessions/close', { session: mine.session })).body, {});
  const [still] = await studio.transact(bet(mine, 'close-1'));
  assert.equal(still.status, 'accepted');
  for (let count = 0; count < 2; count++) {
    const closed = await studio.call('POST', '/sessions/close', { session: mine.session });
    assert.deepEqual([closed.status, closed.body], [200, {}]);
  }
  const [after] = await studio.transact(bet(mine, 'close-2'));
  assert.equal(after.code, 'session_ended');
});

test('a balance is told in minor units', async () => {
  const { player } = await play('balance01');
  assert.deepEqual((await studio.call('GET', `/players/${player}/balance`)).body, {
    balance: '100000',
    currency: 'KRW',
  });
  for (const id of [
    '1',
    '0',
    '-1',
    'abc',
    '9'.repeat(15),
    '9'.repeat(40),
    '%00',
    player.replace(/^/, '0x'),
  ]) {
    const answer = await studio.call('GET', `/players/${id}/balance`);
    assert.deepEqual([answer.status, answer.body.code], [404, 'unknown_player'], id);
  }
});

test('what another studio holds is unknown: sessions, players, transactions, games, details', async () => {
  const mine = await play('foreign01');
  await studio.transact(bet(mine, 'foreign-1'));
  const item = (id: string, rest: object) => ({ ...bet(mine, id), ...rest });
  const results = await stranger.transact(
    item('f1', {}),
    item('f2', { session: undefined, player: mine.player }),
    item('f3', { type: 'win', round: 'r1' }),
    item('f4', { type: 'cancel', reference: 'foreign-1' }),
    item('f5', { type: 'promo_win' }),
  );
  assert.deepEqual(
    results.map((each) => each.code),
    Array.from({ length: 5 }, () => 'unknown_player'),
  );
  assert.ok(results.every((each) => each.balance === null));
  const calls: readonly (readonly [string, string, unknown, number, string])[] = [
    ['GET', `/players/${mine.player}/balance`, undefined, 404, 'unknown_player'],
    ['GET', '/transactions/foreign-1', undefined, 404, 'unknown_transaction'],
    ['PUT', '/transactions/foreign-1/detail', { a: 1 }, 404, 'unknown_transaction'],
    ['POST', '/rounds/close', { game: 'evolution-game', round: 'r1' }, 404, 'unknown_game'],
  ];
  for (const [method, path, body, status, code] of calls) {
    const answer = await stranger.call(method, path, body);
    assert.deepEqual([answer.status, answer.body.code], [status, code], path);
  }
  assert.deepEqual((await stranger.call('GET', '/rounds')).body, { rounds: [] });
  const launch = { username: 'foreign01', vendor: 'evolution', game_id: 'evolution-game' };
  const { link } = (await agent.get('/game-launch-link', launch)).body;
  const token = new URL(link).searchParams.get('token');
  assert.equal((await stranger.call('POST', '/sessions/open', { token })).body.code, 'token_invalid');
  assert.equal(
    (await studio.call('POST', '/sessions/open', { token })).status,
    200,
    'the token is still good',
  );
});

// ---- transactions ---------------------------------------------------------------------------------------------

test('500 items of one player are applied in order, each answered in its place; 501 and 0 are refused whole', async () => {
  const mine = await play('many01');
  const items = Array.from({ length: 500 }, (_, index) =>
    bet(mine, `many-${index}`, { amount: '1', round: `m${index}` }),
  );
  const results = await studio.transact(...items);
  assert.deepEqual(
    results.map((each) => each.id),
    items.map((each) => each.id),
  );
  assert.deepEqual(
    results.map((each) => each.balance),
    items.map((_, index) => String(100_000 - 1 - index)),
  );
  const ids = results.map((each) => each.transactionId);
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => a - b),
  );
  const again = await studio.transact(...items);
  assert.deepEqual(
    again,
    results.map((each) => ({ ...each, replayed: true })),
  );
  const much = await studio.call('POST', '/transactions', { transactions: [...items, bet(mine, 'many-x')] });
  assert.deepEqual([much.status, much.body.code], [400, 'too_many_items']);
  const none = await studio.call('POST', '/transactions', { transactions: [] });
  assert.deepEqual([none.status, none.body.code], [400, 'invalid_request']);
});

test('a refused item harms only itself; a win right after its bet is paid in the same request', async () => {
  const mine = await play('partial01');
  const results = await studio.transact(
    bet(mine, 'p1', { amount: '60000' }),
    bet(mine, 'p2', { amount: '50000' }),
    bet(mine, 'p3', { type: 'win', amount: '15000' }),
    bet(mine, 'p4', { amount: '55000', round: 'r2' }),
    bet(mine, 'p5', { session: 'unknown' }),
    bet(mine, 'p1', { amount: '60000' }),
    bet(mine, 'p1', { amount: '1' }),
  );
  assert.deepEqual(
    results.map((each) => [each.status, each.code ?? null, each.balance, each.replayed]),
    [
      ['accepted', null, '40000', false],
      ['refused', 'insufficient_funds', '40000', false],
      ['accepted', null, '55000', false],
      ['accepted', null, '0', false],
      ['refused', 'unknown_player', null, false],
      ['accepted', null, '40000', true],
      ['refused', 'id_reused', '0', false],
    ],
  );
  for (const each of results)
    assert.deepEqual(keysOf(each), each.code === undefined ? RESULT : sorted([...RESULT, 'code']));
});

test('a stored result is told for ever; a tombstone is none', async () => {
  const mine = await play('stored01');
  const [accepted, refused] = await studio.transact(
    bet(mine, 's1'),
    bet(mine, 's2', { amount: '999999999' }),
  );
  await studio.transact(bet(mine, 's3', { type: 'cancel', amount: undefined, reference: 'not yet/한글?&' }));
  const look = async (id: string) =>
    (await studio.call('GET', `/transactions/${encodeURIComponent(id)}`)).body;
  assert.deepEqual(await look('s1'), { ...accepted, replayed: true });
  assert.deepEqual(await look('s2'), { ...refused, replayed: true });
  assert.equal((await look('s3')).transactionId, null);
  for (const id of [
    'unheard',
    'not yet/한글?&',
    '\u0000',
    `'; drop table transfer; --`,
    '가'.repeat(128),
    'x'.repeat(2000),
  ])
    assert.match((await look(id)).code, /^(unknown_transaction|invalid_request)$/);
});

test('an id of 128 characters of any script is taken, told back, and detailed', async () => {
  const mine = await play('script01');
  for (const id of [
    '가'.repeat(128),
    '🎰'.repeat(64),
    ' leading and trailing ',
    '%25 100%/..?#',
    'ﷺ"\\\'`$1',
  ]) {
    const [result] = await studio.transact(bet(mine, id, { round: id }));
    assert.deepEqual([result.status, result.id], ['accepted', id]);
    const path = `/transactions/${encodeURIComponent(id)}`;
    assert.equal((await studio.call('GET', path)).body.transactionId, result.transactionId, id);
    assert.equal((await studio.call('PUT', `${path}/detail`, { id })).status, 200);
    assert.equal((await studio.transact(bet(mine, id, { round: id })))[0].replayed, true);
  }
});

const MB = 1024;
const DETAILS: readonly (readonly [string, unknown, number])[] = [
  ['an object', { a: [1, 'x', null] }, 200],
  ['a text', 'text', 200],
  ['null', null, 200],
  ['a NUL in a text', { a: 'x\u0000y' }, 200],
  ['half a surrogate pair', { a: '\ud800' }, 200],
  ['64 KiB exactly', 'x'.repeat(64 * MB - 2), 200],
  ['one byte more than 64 KiB', 'x'.repeat(64 * MB - 1), 413],
  ['64 KiB of Korean', '가'.repeat(22 * MB), 413],
];
for (const [name, detail, status] of DETAILS) {
  test(`a late detail that is ${name} is answered ${status}`, async () => {
    const id = `detail ${name}`;
    const mine = await play('detail01');
    const [result] = await studio.transact(bet(mine, id, { round: id }));
    const answer = await studio.call('PUT', `/transactions/${encodeURIComponent(id)}/detail`, detail);
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(
      status === 200 ? answer.body : keysOf(answer.body),
      status === 200 ? {} : ['code', 'message'],
    );
    const read = await agent.get('/transaction-detail', { transaction_id: result.transactionId });
    if (status === 200) assert.deepEqual(read.body, { data: detail });
    else assert.equal(read.text, '');
  });
}

test('a detail replaces the one before; refused and rowless items have none', async () => {
  const mine = await play('detail02');
  const first = bet(mine, 'd1', { round: 'd', detail: { version: 1 } });
  const [result] = await studio.transact(first, bet(mine, 'd2', { amount: '99999999', detail: {} }));
  await studio.call('PUT', '/transactions/d1/detail', { version: 2 });
  const read = await agent.get('/transaction-detail', { transaction_id: result.transactionId });
  assert.deepEqual(read.body, { data: { version: 2 } });
  assert.equal((await studio.transact({ ...first, detail: { version: 3 } }))[0].replayed, true);
  assert.equal((await studio.call('PUT', '/transactions/d2/detail', {})).body.code, 'unknown_transaction');
  const missing = await studio.call('PUT', '/transactions/d1/detail');
  assert.deepEqual([missing.status, missing.body.code], [400, 'invalid_request']);
});

// ---- games ----------------------------------------------------------------------------------------------------

const GAME = { id: 'pub-1', title: 'One', type: 'slot', vendor: 'CQ9', launchUrl: 'https://play.test/one' };
const publish = (...games: unknown[]) => studio.call('PUT', '/games', { games });

test('publishing counts what is new and what is changed; a published id never changes its game', async () => {
  assert.deepEqual((await publish(GAME)).body, { created: 1, updated: 0, refused: [] });
  const renamed = { ...GAME, title: '하나', rank: 7, thumbnails: { '300x300': 'https://img.test/1' } };
  assert.deepEqual((await publish(renamed, { ...GAME, id: 'pub-2' })).body, {
    created: 1,
    updated: 1,
    refused: [],
  });
  const other = [
    { ...GAME, vendor: 'evolution' },
    { ...GAME, type: 'baccarat' },
    { ...GAME, lobby: true },
  ];
  for (const game of other) {
    const answer = await publish({ ...game, title: 'stolen' });
    assert.deepEqual(answer.body, { created: 0, updated: 0, refused: ['pub-1'] });
  }
  const list = (await agent.get('/game-list', { vendor: 'CQ9' })).body;
  const shown = list.find((game: { id: string }) => game.id === 'pub-1');
  assert.deepEqual([shown.title, shown.type, shown.vendor, shown.rank], ['하나', 'slot', 'CQ9', 7]);
});

test('a studio of one vendor need not name it, one of several must; another’s vendor is unknown', async () => {
  const { vendor: _, ...nameless } = GAME;
  const own = await stranger.call('PUT', '/games', { games: [{ ...nameless, id: 'single-1' }] });
  assert.deepEqual(own.body, { created: 1, updated: 0, refused: [] });
  for (const game of [nameless, { ...GAME, vendor: 'netent' }, { ...GAME, vendor: 'no-such' }]) {
    const answer = await publish({ ...game, id: 'vendor-1' });
    assert.deepEqual([answer.status, answer.body.code], [400, 'unknown_vendor']);
  }
});
