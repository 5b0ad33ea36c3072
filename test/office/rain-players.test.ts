/** Players of the rain book in the back office: found, blocked, limited, excluded, let in again, each act audited. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callPlayer, openPage } from '../kbook/player-rig.ts';
import type { BookOperatorClient, TestPlayer } from '../kbook/rig.ts';
import { codeOf, openRainRig, type RainRig } from './rain-rig.ts';
import type { OfficeClient } from './rig.ts';

let rig: RainRig;
let anna: OfficeClient;
let operator: BookOperatorClient;

before(async () => {
  rig = await openRainRig(null);
  anna = await rig.house('trader', 'anna');
  operator = await rig.ground.operator();
});
after(() => rig.close());

const reason = 'asked for by mail';
const act = (who: OfficeClient, { id }: TestPlayer, kind: string, body: object = { reason }) =>
  who.post(`/rain/players/${id}/${kind}`, body);
const look = async ({ id }: TestPlayer) => (await anna.get(`/rain/players/${id}`)).body;
const userIds = (rows: readonly { userId: string }[]) => rows.map(({ userId }) => userId);
const lines = async ({ id }: TestPlayer) =>
  (await rig.trail(`book player ${id}`)).map(({ actor, action }) => [actor, action]);

test('the list: by operator, by the beginning of a user, by state, in order, page by page', async () => {
  const own = await rig.ground.operator();
  const made: TestPlayer[] = [];
  for (const userId of ['mia-1', 'mia-2', 'Mia-3', 'mib%1', 'zoe'])
    made.push(await own.player({ userId, credit: 50 }));
  const list = async (query: Record<string, string | number>) =>
    (await anna.get('/rain/players', { operator: own.id, ...query })).body;
  assert.deepEqual(userIds((await list({})).rows), ['zoe', 'mib%1', 'Mia-3', 'mia-2', 'mia-1']);
  assert.deepEqual(userIds((await list({ order: 'user' })).rows), [
    'Mia-3',
    'mia-1',
    'mia-2',
    'mib%1',
    'zoe',
  ]);
  assert.deepEqual(userIds((await list({ user: 'mia', order: 'oldest' })).rows), ['mia-1', 'mia-2']);
  assert.deepEqual(userIds((await list({ user: 'mib%' })).rows), ['mib%1'], 'a sign of patterns is a sign');
  const first = await list({ order: 'user', limit: 2 });
  const second = await list({ order: 'user', limit: 2, after: first.next });
  assert.deepEqual(userIds(second.rows), ['mia-2', 'mib%1']);
  const [zoe] = (await list({})).rows;
  assert.deepEqual(
    [zoe.balance, zoe.exposure, zoe.currency, zoe.vendorType],
    ['5000', '0', 'USD', 'CPS_USD'],
  );
  assert.deepEqual((await list({ vendorType: 'CPS2_USD' })).rows, []);
  await act(anna, made[4] as TestPlayer, 'block');
  assert.deepEqual(userIds((await list({ state: 'blocked' })).rows), ['zoe']);
  await act(anna, made[0] as TestPlayer, 'exclude', { for: '7d', reason });
  assert.deepEqual(userIds((await list({ state: 'excluded' })).rows), ['mia-1']);
});

test('blocked: its visit is over, it is not let in, and then it is again', async () => {
  const player = await operator.player();
  const page = await openPage(rig.url, player);
  assert.equal((await look(player)).visits.length, 1);
  assert.equal((await act(anna, player, 'block')).status, 200);
  assert.deepEqual(codeOf(await act(anna, player, 'block')), [409, 'already']);
  assert.notEqual((await page.get('/state')).code, '1');
  const shown = await look(player);
  assert.deepEqual([shown.visits.length, shown.player.blockedAt === null], [0, false]);
  const link = (await operator.player({ userId: player.userId })).token;
  assert.equal((await callPlayer(rig.url, '/login', { body: { token: link } })).code, '2003');
  assert.equal((await act(anna, player, 'unblock')).status, 200);
  assert.deepEqual(codeOf(await act(anna, player, 'unblock')), [409, 'already']);
  assert.equal((await callPlayer(rig.url, '/login', { body: { token: link } })).code, '1');
  assert.deepEqual(await lines(player), [
    ['anna', 'book.player.block'],
    ['anna', 'book.player.unblock'],
  ]);
  const [line] = await rig.trail(`book player ${player.id}`);
  assert.deepEqual(line?.detail, { ip: '127.0.0.1', reason, visitsEnded: 1 });
});

test('a forgotten password is taken away: nothing else lets in whoever does not know it', async () => {
  const player = await operator.player();
  const page = await openPage(rig.url, player);
  assert.equal((await page.post('/password', { current: null, next: 'what was it' })).code, '1');
  assert.equal((await look(player)).hasPassword, true);
  const fresh = async () => (await operator.player({ userId: player.userId })).token;
  const login = async (token: string) => (await callPlayer(rig.url, '/login', { body: { token } })).code;
  assert.notEqual(await login(await fresh()), '1');
  assert.deepEqual(codeOf(await act(anna, player, 'password/reset', {})), [422, 'invalid_request']);
  const sue = await rig.house('support', 'sue');
  assert.deepEqual(codeOf(await act(sue, player, 'password/reset')), [403, 'forbidden']);
  assert.equal((await act(anna, player, 'password/reset')).status, 200);
  assert.notEqual((await page.get('/state')).code, '1', 'the visit that was open is over');
  assert.equal((await look(player)).hasPassword, false);
  assert.equal(await login(await fresh()), '1');
  assert.deepEqual(codeOf(await act(anna, player, 'password/reset')), [409, 'already']);
  assert.deepEqual((await lines(player)).at(-1), ['anna', 'book.player.password_reset']);
});

test('visits: one is ended, then all; not by the address of another player', async () => {
  const [player, other] = [await operator.player(), await operator.player()];
  const one = await openPage(rig.url, player);
  const again = await openPage(rig.url, await operator.player({ userId: player.userId }));
  const { visits } = await look(player);
  assert.equal(visits.length, 2);
  const [last] = visits;
  assert.deepEqual(codeOf(await act(anna, other, `visits/${last.id}/end`)), [404, 'not_found']);
  assert.equal((await act(anna, player, `visits/${last.id}/end`)).status, 200);
  assert.deepEqual(codeOf(await act(anna, player, `visits/${last.id}/end`)), [404, 'not_found']);
  const codes = [(await one.get('/state')).code, (await again.get('/state')).code];
  assert.deepEqual(
    codes.map((code) => code === '1'),
    [true, false],
  );
  assert.equal((await act(anna, player, 'visits/end')).status, 200);
  assert.notEqual((await one.get('/state')).code, '1');
  assert.deepEqual((await look(player)).visits, []);
});

test('limits: set, kept from nonsense, held by the next bet', async () => {
  const player = await operator.player({ credit: 10_000 });
  const session = await rig.ground.session();
  const limits = { minBet: '10000', maxBet: '20000', maxExposure: '50000' };
  const set = (body: object) => anna.put(`/rain/players/${player.id}/limits`, body);
  assert.deepEqual(codeOf(await set({ ...limits, maxBet: '5000', reason })), [422, 'invalid_request']);
  assert.deepEqual(codeOf(await set({ ...limits, minBet: '-1', reason })), [422, 'invalid_request']);
  assert.equal((await set({ ...limits, reason })).status, 200);
  await assert.rejects(rig.ground.bet(player, { session, type: 'RAIN', stake: 20_001n }), /bet_limit/);
  await rig.ground.bet(player, { session, type: 'RAIN', stake: 20_000n });
  const shown = await look(player);
  assert.deepEqual([shown.player.maxBet, shown.player.exposure, shown.dayStake], ['20000', '20000', '20000']);
  const { detail } = (await rig.trail(`book player ${player.id}`)).at(-1) ?? {};
  assert.deepEqual(
    [detail?.before, detail?.after],
    [{ minBet: '10000', maxBet: '1000000', maxExposure: '5000000' }, limits],
  );
  const { rows } = (await anna.get(`/rain/players/${player.id}/positions`)).body;
  assert.deepEqual(
    rows.map(
      (row: { session: number; netRain: string; netDry: string; exposure: string; posted: boolean }) => [
        row.session,
        row.netRain,
        row.netDry,
        row.exposure,
        row.posted,
      ],
    ),
    [[Number(session), '20000', '-20000', '20000', false]],
  );
});

test('an exclusion holds in every vendor type, and only ever gets longer', async () => {
  const player = await operator.player({ credit: 1000 });
  const kin = await operator.player({ userId: player.userId, vendorType: 'CPS2_USD' });
  assert.equal((await act(anna, player, 'exclude', { for: '30d', reason })).status, 200);
  const until = (await look(player)).player.excludedUntil;
  assert.ok(Date.parse(until) > Date.now() + 29 * 86_400_000);
  assert.equal((await look(kin)).player.excludedUntil, until);
  await act(anna, player, 'exclude', { for: '24h', reason });
  assert.equal((await look(player)).player.excludedUntil, until);
  await act(anna, kin, 'exclude', { for: 'forever', reason });
  assert.equal((await look(player)).player.excludedUntil, 'forever');
  const session = await rig.ground.session();
  await assert.rejects(rig.ground.bet(player, { session, type: 'RAIN', stake: 10_000n }), /not_allowed/);
  assert.deepEqual(codeOf(await act(anna, player, 'exclude', { for: '1h', reason })), [
    422,
    'invalid_request',
  ]);
  const { detail } = (await rig.trail(`book player ${player.id}`))[0] ?? {};
  assert.deepEqual(
    [detail?.for, detail?.before, detail?.reason, detail?.ip],
    ['30d', null, reason, '127.0.0.1'],
  );
});

test('transfers: all of them, each once, in order', async () => {
  const player = await operator.player();
  for (const amount of [10, 20, 30])
    await operator.done('deposit', {
      userId: player.userId,
      tsCode: `t-${player.id}-${amount}`,
      depositAmount: amount,
    });
  await operator.done('withdraw', { userId: player.userId, tsCode: `w-${player.id}`, withdrawAmount: 5 });
  const path = `/rain/players/${player.id}/transfers`;
  const seen: string[] = [];
  let page = (await anna.get(path, { limit: 3 })).body;
  for (; page.next !== null; page = (await anna.get(path, { limit: 3, after: page.next })).body)
    seen.push(...page.rows.map((row: { amount: string }) => row.amount));
  seen.push(...page.rows.map((row: { amount: string }) => row.amount));
  assert.deepEqual(seen, ['-500', '3000', '2000', '1000']);
  const file = await anna.get(`${path}/export`, { format: 'csv', columns: 'kind,amount,creditAfter' });
  assert.equal(file.text.split('\r\n')[1], 'withdraw,-5.00,55.00');
  for (const each of ['', '/transfers', '/positions'])
    assert.deepEqual(codeOf(await anna.get(`/rain/players/99999999${each}`)), [404, 'not_found'], each);
});
