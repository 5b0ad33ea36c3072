/** Before the first bet: what the operator must say for a game to start, what is shown of it, and what never asks it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AgentId, PlayerId } from '../../src/core/ids.ts';
import { setAgent } from '../../src/db/agent.ts';
import { setLimit } from '../../src/db/limit.ts';
import { coolOff, excludeSelf, setBlocked } from '../../src/db/player.ts';
import { kick } from '../../src/db/session.ts';
import { freePort } from '../callbacks/client-rig.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';
import { seat } from './rig.ts';
import { auditHolds, openStand, type Script, type Stand, untilTold } from './stand.ts';

const POT = 50_000n;

let world: World;
let stand: Stand;
let studio: StudioClient;
before(async () => {
  world = await openWorld({
    outreach: { client: { allowLoopback: true, allowedNetworks: [], questionTimeoutMs: 1500 } },
  });
  stand = await openStand({ openWith: 10_000n });
  studio = await world.studio('evolution', 'netent');
});
after(async () => {
  await auditHolds(world);
  await world.close();
  await stand.close();
});

let prefixes = 0;

async function operator(script: Script | null = null, wish: { currency?: string; pot?: bigint } = {}) {
  const prefix = `launch${prefixes++}`;
  const callbackUrl = stand.under(prefix, script);
  const agent = await world.agent({ pot: POT, wallet: 'seamless', callbackUrl, ...wish });
  const username = `guest-${prefix}`;
  const values = { username, vendor: 'evolution', game_id: 'evolution-game' };
  const becomes = (next: Script | null) => void stand.under(prefix, next);
  return { prefix, agent, username, becomes, launch: () => agent.get('/game-launch-link', values) };
}

const says =
  (body: string, status = 200): Script =>
  (_call, response) =>
    void response.writeHead(status).end(body);

async function sessionsOf(agent: TestAgent): Promise<number> {
  const rows = await world.hub.sql`select 1 from session where agent_id = ${agent.id}`;
  return rows.length;
}

test('the operator is asked by the name as it was given, and what it says is shown', async () => {
  const { prefix, agent, launch } = await operator();
  const username = '홍길동 &=+#%';
  const values = { username, vendor: 'evolution', game_id: 'evolution-game' };
  const launched = await agent.get('/game-launch-link', values);
  assert.equal(launched.status, 200, launched.text);
  assert.equal(launched.body.user.balance, 10_000);
  const [call] = stand.calls.filter((each) => each.prefix === `/${prefix}`);
  assert.equal(call?.method, 'GET');
  assert.equal(call?.url, `/${prefix}/balance?username=${encodeURIComponent(username)}`);
  assert.equal((await agent.get('/user', { username })).body.balance, 10_000);
  const [listed] = (await agent.get('/user-list')).body;
  assert.deepEqual([listed.username, listed.balance], [username, 10_000]);
  assert.equal((await launch()).status, 200);
});

const COVERED: readonly [body: string, currency: string, balance: number][] = [
  ['{"balance":50000}', 'KRW', 50_000],
  ['{"balance":"49999"}', 'KRW', 49_999],
  ['{"balance":"1234.00"}', 'KRW', 1234],
  ['{"balance":1234.9}', 'KRW', 1234],
  ['{"balance":0}', 'KRW', 0],
  ['{"balance":-5}', 'KRW', -5],
  ['\ufeff{"balance":7,"status":"ok"}', 'KRW', 7],
  ['{"balance":"12.34"}', 'USD', 12.34],
  ['{"balance":12.349}', 'USD', 12.34],
];
for (const [body, currency, balance] of COVERED) {
  test(`starts: ${body} ${currency}`, async () => {
    const { launch } = await operator(says(body), { currency });
    const launched = await launch();
    assert.deepEqual([launched.status, launched.body.user?.balance], [200, balance], launched.text);
  });
}

test('more than the POT covers: 403, and no session', async () => {
  const { agent, launch } = await operator(says('{"balance":50001}'));
  const refused = await launch();
  assert.deepEqual([refused.status, refused.body], [403, { message: '에이전트의 잔고가 부족합니다.' }]);
  assert.equal(await sessionsOf(agent), 0);
});

const UNKNOWN: readonly [name: string, script: Script][] = [
  ...[201, 204, 301, 302, 400, 401, 404, 422, 500, 502, 503].map((status): [string, Script] => [
    `${status}`,
    says(status === 204 ? '' : '{"balance":10}', status),
  ]),
  ['no JSON', says('<html>')],
  ['no balance', says('{}')],
  ['a word', says('{"balance":"many"}')],
  ['nothing', says('')],
];
for (const [name, script] of UNKNOWN) {
  test(`an answer that is no balance names the user: ${name}`, async () => {
    const { agent, launch } = await operator(script);
    const refused = await launch();
    assert.equal(refused.status, 422, refused.text);
    assert.deepEqual(Object.keys(refused.body.errors), ['username']);
    assert.equal(await sessionsOf(agent), 0);
  });
}

const SILENT: readonly [name: string, script: Script][] = [
  ['no answer', () => {}],
  ['reset', (_call, response) => void response.socket?.resetAndDestroy()],
];
for (const [name, script] of SILENT) {
  test(`an operator that can not be asked: ${name}`, async () => {
    const { agent, launch } = await operator(script);
    const refused = await launch();
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1'], refused.text);
    assert.deepEqual(Object.keys(refused.body), ['message']);
    assert.equal(await sessionsOf(agent), 0);
  });
}

test('nobody listens, and no callback URL', async () => {
  const { agent, launch } = await operator();
  for (const callbackUrl of [`http://127.0.0.1:${await freePort()}`, null]) {
    await setAgent(world.hub.sql, agent.id as AgentId, { callbackUrl });
    world.hub.directory.forget();
    assert.equal((await launch()).status, 503);
  }
});

test('opening asks again, and spends the token only when the session may start', async () => {
  const { launch, becomes } = await operator();
  const token = new URL((await launch()).body.link).searchParams.get('token');
  const open = () => studio.call('POST', '/sessions/open', { token });
  const refused: readonly [Script, number, string][] = [
    [says('{"balance":50001}'), 403, 'operator_refused'],
    [says('{}', 404), 403, 'operator_refused'],
    [() => {}, 503, 'operator_unavailable'],
  ];
  for (const [script, status, code] of refused) {
    becomes(script);
    const answer = await open();
    assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
    if (status === 503) assert.equal(answer.headers.get('retry-after'), '1');
  }
  becomes(says('{"balance":"777"}'));
  const opened = await open();
  assert.deepEqual([opened.status, opened.body.balance], [200, '777'], opened.text);
  assert.equal((await open()).body.code, 'token_invalid');
});

test('a token of nobody is not a reason to ask anybody', async () => {
  const asked = stand.calls.length;
  const answer = await studio.call('POST', '/sessions/open', { token: 't0123456789' });
  assert.equal(answer.body.code, 'token_invalid');
  assert.equal(stand.calls.length, asked);
});

test('the studio sees what the operator says, or what was last known', async () => {
  const { agent, username, becomes, launch } = await operator();
  await launch();
  const { player, send } = await seat(world, { agent, studio, username });
  const balance = async () => (await studio.call('GET', `/players/${player}/balance`)).body;
  assert.deepEqual(await balance(), { balance: '10000', currency: 'KRW' });
  becomes(says('{"balance":"31337"}'));
  assert.deepEqual(await balance(), { balance: '31337', currency: 'KRW' });
  assert.equal((await agent.get('/user', { username })).body.balance, 31_337);
  becomes(says('', 404));
  assert.deepEqual(await balance(), { balance: '31337', currency: 'KRW' });
  becomes(null);
  assert.equal((await send('b', 'bet', { amount: '1' })).balance, '31336');
});

test('a bet beyond what is known asks for the balance first, and is refused when it is not there', async () => {
  const { prefix, agent, username, becomes } = await operator();
  const { send } = await seat(world, { agent, studio, username });
  const callsOf = () => stand.calls.filter((each) => each.prefix === `/${prefix}`).map((each) => each.method);
  const before = callsOf().length;
  const refused = await send('b1', 'bet', { amount: '10001' });
  assert.deepEqual([refused.code, refused.balance], ['insufficient_funds', '10000']);
  assert.deepEqual(callsOf().slice(before), ['GET']);
  stand.desk.books.cash(username, 30_000n);
  stand.desk.books.cash(username, 5_000n);
  const accepted = await send('b2', 'bet', { amount: '10001' });
  assert.deepEqual([accepted.status, accepted.balance], ['accepted', '24999']);
  assert.deepEqual(callsOf().slice(before), ['GET', 'GET', 'POST']);
  becomes(says('', 500));
  const unasked = await send('b3', 'bet', { amount: '25000' });
  assert.equal(unasked.code, 'operator_unavailable');
});

test('an exhausted POT refuses bets and charges without a word to the operator; wins fill it', async () => {
  const { agent, username, prefix } = await operator(null, { pot: 10_000n });
  const { send } = await seat(world, { agent, studio, username });
  assert.equal((await send('b1', 'bet', { amount: '9990' })).status, 'accepted');
  const known = stand.calls.filter((each) => each.prefix === `/${prefix}`).length;
  stand.desk.books.cash(username, 100_000n);
  for (const type of ['bet', 'charge']) {
    const refused = await send(`no-${type}`, type, { amount: '11', round: 'r2' });
    assert.equal(refused.code, 'insufficient_funds');
  }
  const debit = await send('no-adjust', 'adjust_debit', { amount: '11' });
  assert.equal(debit.code, 'insufficient_funds');
  assert.equal(stand.calls.filter((each) => each.prefix === `/${prefix}`).length, known);
  assert.equal((await send('w1', 'win', { amount: '100' })).status, 'accepted');
  assert.equal((await send('b2', 'bet', { amount: '110', round: 'r2' })).status, 'accepted');
  assert.equal((await agent.get('/my-info')).body.balance, 0);
});

test('the POT is promised while bets are in flight: together they never take more than it holds', async () => {
  const held = Promise.withResolvers<void>();
  const { agent, becomes, prefix } = await operator(null, { pot: 10_000n });
  const seats = await Promise.all(
    ['one', 'two', 'three'].map((name) => seat(world, { agent, studio, username: `${prefix}-${name}` })),
  );
  let asked = 0;
  becomes(async (call, response) => {
    if (++asked === 2) held.resolve();
    await held.promise;
    const { status, headers, body } = await call.process();
    response.writeHead(status, headers).end(body);
  });
  const results = await Promise.all(seats.map(({ send }) => send('b', 'bet', { amount: '4000' })));
  assert.deepEqual(results.map((result) => result.code ?? result.status).sort(), [
    'accepted',
    'accepted',
    'insufficient_funds',
  ]);
  assert.equal(asked, 2);
});

test('a seamless user is neither paid nor charged from here', async () => {
  const { agent, username, launch } = await operator();
  await launch();
  const calls = [
    '/user/add-balance',
    '/user/sub-balance',
    '/user/sub-balance-all',
    '/user/exchange-point-all',
  ];
  for (const path of calls) {
    const refused = await agent.post(path, { username, amount: 10 });
    assert.equal(refused.status, 422, `${path} ${refused.text}`);
    assert.deepEqual(Object.keys(refused.body.errors), ['username'], path);
  }
  assert.equal((await agent.get('/my-info')).body.balance, Number(POT));
});

test('what is refused here is refused before the operator is asked; wins are paid all the same', async () => {
  const { agent, username, prefix } = await operator();
  const { send, player } = await seat(world, { agent, studio, username });
  const id = Number(player) as PlayerId;
  await send('b0', 'bet', { amount: '100' });
  const posts = () =>
    stand.calls.filter((each) => each.prefix === `/${prefix}` && each.packet !== null).length;
  const agentId = agent.id as AgentId;
  const { sql } = world.hub;
  const steps: readonly [code: string, set: () => Promise<unknown>, lift: () => Promise<unknown>][] = [
    [
      'limit_exceeded',
      () => setLimit(sql, { agentId }, { maxBet: 9n }),
      () => setLimit(sql, { agentId }, { maxBet: null }),
    ],
    ['player_blocked', () => setBlocked(sql, id, { reason: 'test' }), () => setBlocked(sql, id, null)],
    [
      'player_blocked',
      () => coolOff(sql, id, soon()),
      () => sql`update player set cooling_until = null where id = ${id}`,
    ],
    [
      'player_blocked',
      () => excludeSelf(sql, id, soon()),
      () => sql`update player set excluded_until = null where id = ${id}`,
    ],
    ['session_ended', () => kick(sql, id), async () => {}],
  ];
  for (const [index, [code, set, lift]] of steps.entries()) {
    await untilTold(world, agent);
    await set();
    const before = posts();
    const bet = await send(`b${index}-no`, 'bet', { amount: '10', round: 'r2' });
    assert.equal(bet.code, code);
    assert.equal(posts(), before, code);
    assert.equal((await send(`w${index}`, 'win', { amount: '1' })).status, 'accepted', code);
    await lift();
  }
  await untilTold(world, agent);
  assert.equal(Number((await stand.desk.wallet.balance(username)).balance), 10_000 - 100 + steps.length);
});

const soon = () => new Date(Date.now() + 3_600_000);
