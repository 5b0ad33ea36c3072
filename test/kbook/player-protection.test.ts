/** Own limits and self-exclusion where they count: in the ledger, at once, across vendor types; and the pages of history. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorld, type World } from '../world.ts';
import { newKey, openPage, type TestPage } from './player-rig.ts';
import { type BookGround, type BookOperatorClient, openBook, type TestPlayer } from './rig.ts';

let world: World;
let ground: BookGround;
let operator: BookOperatorClient;
before(async () => {
  world = await openWorld();
  ground = openBook(world);
  operator = await ground.operator();
  await world.hub.sql`update rain_site set own_bps = 10000, own_min_bps = 10000, pool_max = 100000000`;
});
after(() => world.close());

async function enter(
  wish: Parameters<BookOperatorClient['player']>[0] = {},
): Promise<{ player: TestPlayer; page: TestPage }> {
  const player = await operator.player({ credit: 10_000, ...wish });
  return { player, page: await openPage(world.url, player) };
}
const codeOf = async (page: TestPage, sessionId: number, stake: number) => {
  const { code, data } = await page.bet({ sessionId, stake });
  return code === '1' ? code : [code, data.limit];
};

test('a tighter limit holds for the next bet, a looser one a day later', async () => {
  const [{ player, page }, session] = [await enter(), await ground.session()];
  const { data } = await page.post('/limits', { maxBet: 150, dayStake: null, clockMinutes: 30 });
  assert.deepEqual(data.own, { maxBet: 150, dayStake: null, clockMinutes: 30 });
  assert.deepEqual(await codeOf(page, session, 151), ['4004', 150]);
  const looser = (await page.post('/limits', { maxBet: 400 })).data;
  assert.deepEqual([looser.own.maxBet, looser.nextOwn.maxBet, looser.own.clockMinutes], [150, 400, 30]);
  const waitMs = looser.nextOwnAt - (await page.state()).serverTime;
  assert.ok(Math.abs(waitMs - 86_400_000) < 60_000, `${waitMs} ms`);
  assert.deepEqual(await codeOf(page, session, 151), ['4004', 150]);
  await world.hub
    .sql`update book_player set next_limits_at = now() - interval '1 second' where id = ${player.id}`;
  const due = (await page.state()).player;
  assert.deepEqual([due.own.maxBet, due.maxBet, due.nextOwn, due.nextOwnAt], [400, 400, null, null]);
  assert.equal(await codeOf(page, session, 151), '1');
  assert.deepEqual(await codeOf(page, session, 401), ['4004', 400]);
  const lines = await world.hub
    .sql`select detail from audit_log where action = 'book.own_limits' and subject = ${`book player ${player.id}`} order by id`;
  assert.deepEqual(
    lines.map(({ detail }) => [detail.own.maxBet, detail.next?.maxBet ?? null]),
    [
      ['15000', null],
      ['15000', '40000'],
    ],
  );
});

test('a limit of the day counts what was staked before it was set; what failed or was void does not', async () => {
  const [{ player, page }, session] = [await enter(), await ground.session()];
  assert.equal(await codeOf(page, session, 300), '1');
  const [other, lost] = [await ground.session(), await ground.session()];
  assert.equal(await codeOf(page, other, 200), '1');
  await ground.settle(other, 'VOID');
  assert.equal(await codeOf(page, lost, 100), '1');
  await world.hub.sql`update book_bet set status = 2 where player_id = ${player.id} and session_id = ${lost}`;
  // Yesterday's is yesterday's.
  const old = await ground.session();
  assert.equal(await codeOf(page, old, 250), '1');
  await world.hub
    .sql`update book_bet set placed_at = date_trunc('day', now()) - interval '1 millisecond' where player_id = ${player.id} and session_id = ${old}`;
  await page.post('/limits', { dayStake: 500 });
  assert.deepEqual(await codeOf(page, session, 201), ['4004', 200]);
  assert.equal(await codeOf(page, session, 150), '1');
  assert.deepEqual(await codeOf(page, session, 100), ['4004', 50]);
});

test('a limit set while bets are placed: what is taken after it keeps to it', async () => {
  const [{ page }, session] = [await enter(), await ground.session()];
  const bets = Array.from({ length: 15 }, () => page.bet({ sessionId: session, stake: 100 }));
  const set = page.post('/limits', { dayStake: 600 });
  const all = await Promise.all(bets);
  assert.equal((await set).code, '1');
  const taken = all.filter(({ code }) => code === '1').length;
  const later = (await codeOf(page, session, 100)) === '1' ? 1 : 0;
  const [row] = await world.hub
    .sql`select sum(b.stake)::bigint as staked, max(p.day_stake) as counted from book_bet b join book_player p on p.id = b.player_id
    where b.session_id = ${session}`;
  assert.equal(row?.staked, row?.counted, 'the count is the sum');
  assert.equal(row?.staked, BigInt(taken + later) * 10_000n);
  assert.ok(taken + later >= 6);
});

test('self-exclusion: at once, in every vendor type, also in those entered later; open bets are settled', async () => {
  const userId = newKey().slice(0, 12);
  const [{ page }, session] = [await enter({ userId }), await ground.session()];
  const far = await ground.session({ site: 'CPS2' });
  const other = await enter({ userId, vendorType: 'CPS2_USD' });
  assert.equal(await codeOf(page, session, 100), '1');
  assert.equal(await codeOf(other.page, far, 100), '1');
  const excluded = (await page.post('/exclude', { for: '7d' })).data;
  const { serverTime } = await page.state();
  assert.ok(Math.abs(excluded.excludedUntil - serverTime - 7 * 86_400_000) < 60_000);
  assert.equal((await page.bet({ sessionId: session })).code, '2003');
  assert.equal((await other.page.bet({ sessionId: far })).code, '2003');
  assert.equal((await other.page.state()).player.excludedUntil, excluded.excludedUntil);
  // Not shortened, but made longer, from either side.
  assert.equal(
    (await other.page.post('/exclude', { for: '24h' })).data.excludedUntil,
    excluded.excludedUntil,
  );
  assert.equal((await other.page.post('/exclude', { for: 'forever' })).data.excludedUntil, 'forever');
  assert.equal((await page.post('/exclude', { for: '180d' })).data.excludedUntil, 'forever');
  assert.equal((await page.bet({ sessionId: session })).code, '2003');
  await ground.settle(session, 'RAIN');
  assert.equal((await page.state()).balance.balance, 10_100);
  // Another operator's user of the same name is somebody else.
  const stranger = await (await ground.operator()).player({ userId, credit: 1000 });
  assert.equal(await codeOf(await openPage(world.url, stranger), await ground.session(), 100), '1');
  const lines = await world.hub
    .sql`select detail->>'for' as wish from audit_log where action = 'book.exclude_self' and actor = ${`player ${operator.id}/${userId}`} order by id`;
  assert.deepEqual(
    lines.map(({ wish }) => wish),
    ['7d', '24h', 'forever', '180d'],
  );
});

test('whoever is excluded is so in a vendor type it enters later', async () => {
  const userId = newKey().slice(0, 12);
  const { page } = await enter({ userId });
  const { excludedUntil } = (await page.post('/exclude', { for: '30d' })).data;
  const later = await enter({ userId, vendorType: 'CPS2_USD' });
  assert.equal((await later.page.state()).player.excludedUntil, excludedUntil);
  assert.equal((await later.page.bet({ sessionId: await ground.session({ site: 'CPS2' }) })).code, '2003');
});

test('an exclusion that is over no longer holds, nor shows', async () => {
  const { player, page } = await enter();
  await page.post('/exclude', { for: '24h' });
  await world.hub
    .sql`update book_player set excluded_until = now() - interval '1 second' where id = ${player.id}`;
  assert.equal((await page.state()).player.excludedUntil, null);
  assert.equal(await codeOf(page, await ground.session(), 100), '1');
});

test('pages of bets and transfers: all of them, each once, in order', async () => {
  const { player, page } = await enter();
  const session = await ground.session();
  for (let bet = 0; bet < 5; bet++) await page.bet({ sessionId: session });
  const others = Array.from({ length: 6 }, () =>
    operator.done('deposit', { userId: player.userId, tsCode: newKey(), depositAmount: 1 }),
  );
  await Promise.all(others);
  for (const [path, count] of [
    ['/bets?state=open&limit=2', 5],
    ['/transfers?limit=2', 7],
  ] as const) {
    const ids: string[] = [];
    for (let before = ''; ; ) {
      const { rows, next } = (await page.get(`${path}&before=${before}`)).data;
      ids.push(...rows.map((row: { id?: number; tsCode?: string }) => String(row.id ?? row.tsCode)));
      if (next === null) break;
      before = next;
    }
    assert.deepEqual([ids.length, new Set(ids).size], [count, count], path);
  }
  const { rows } = (await page.get('/transfers')).data;
  for (const [index, row] of rows.entries()) {
    assert.equal(row.creditAfter, row.creditBefore + row.profitLoss + row.amount);
    if (index > 0) assert.ok(rows[index - 1].at >= row.at);
  }
  assert.equal((await page.post('/language', { language: 'ko' })).data.language, 'ko');
  assert.equal((await page.state()).player.language, 'ko');
});
