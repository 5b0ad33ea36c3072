/** One player never sees another's: every call with the other's ids, and nothing of it on the live line. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorld, type World } from '../world.ts';
import { newKey, openPage } from './player-rig.ts';
import { type BookGround, type BookOperatorClient, openBook } from './rig.ts';

let world: World;
let ground: BookGround;
let operator: BookOperatorClient;
before(async () => {
  world = await openWorld();
  ground = openBook(world);
  operator = await ground.operator();
  await world.hub.sql`update rain_site set own_bps = 10000, own_min_bps = 10000`;
});
after(() => world.close());

test('other players’ bets, money and transfers are nobody else’s', async () => {
  const session = await ground.session();
  const userId = newKey().slice(0, 12);
  const mine = await openPage(world.url, await operator.player({ userId, credit: 1000 }));
  const key = newKey();
  const own = (await mine.bet({ sessionId: session, key })).data.bet;
  const strangers = [
    await operator.player({ credit: 700 }),
    await (await ground.operator()).player({ userId, credit: 700 }),
    await operator.player({ userId, vendorType: 'CPS2_USD', credit: 700 }),
  ];
  for (const stranger of strangers) {
    const page = await openPage(world.url, stranger);
    const state = await page.state();
    assert.deepEqual([state.openBets, state.positions, state.balance.balance], [[], [], 700]);
    for (const path of ['/bets?state=open', `/bets?state=open&before=${own.id + 1}`, '/bets?state=settled'])
      assert.deepEqual((await page.get(path)).data.rows, [], path);
    const { rows } = (await page.get(`/transfers?before=${Date.now() + 60_000}`)).data;
    assert.deepEqual([rows.length, rows[0].amount], [1, 700]);
    // The other's key is a key like any other.
    const bet = await page.bet({ sessionId: session, key, stake: 150 });
    if (stranger.vendorType === 'CPS_USD') {
      assert.equal(bet.code, '1');
      assert.notEqual(bet.data.bet.id, own.id);
    } else assert.equal(bet.code, '1002', 'a session of another site is none');
  }
  const { openBets, balance } = await mine.state();
  assert.deepEqual([openBets.length, openBets[0].id, balance.exposure], [1, own.id, 100]);
});

test('sessions of the player’s own site and currency alone', async () => {
  const { sql } = world.hub;
  await sql`update book_vendor_type set enabled = true where name = 'CPS_HKD'`;
  world.hub.book.forget();
  const ids = {
    CPS_USD: await ground.session(),
    CPS2_USD: await ground.session({ site: 'CPS2' }),
    CPS_HKD: await ground.session({ currency: 'HKD' }),
  };
  const pages = await Promise.all(
    Object.keys(ids).map(async (vendorType) => ({
      vendorType,
      page: await openPage(world.url, await operator.player({ vendorType, credit: 1000 })),
    })),
  );
  // New sessions show within a second, or at once when asked for.
  const lines = await Promise.all(pages.map(({ page }) => page.live(0)));
  for (const [index, { vendorType }] of pages.entries())
    await lines[index]?.until(
      (message) => message.type === 'session' && message.session.id === ids[vendorType as 'CPS_USD'],
    );
  for (const { vendorType, page } of pages) {
    const shown = (await page.state()).sessions.map((each: { id: number }) => each.id);
    for (const [other, id] of Object.entries(ids)) {
      assert.equal(shown.includes(id), other === vendorType, `${vendorType} ${other}`);
      const { code } = await page.bet({ sessionId: id, stake: 100 });
      assert.equal(code, other === vendorType ? '1' : '1002', `${vendorType} ${other}`);
    }
    assert.equal(
      (await page.get(`/weather?site=${vendorType.startsWith('CPS2') ? 'CPS' : 'CPS2'}`)).code,
      '1002',
    );
  }
  const marks = Object.values(ids);
  await sql`update rain_session set odds_rain = 2345 where id = any(${`{${marks.join(',')}}`}::bigint[])`;
  for (const [index, { vendorType }] of pages.entries()) {
    const line = lines[index];
    const id = ids[vendorType as 'CPS_USD'];
    await line?.until(
      ({ type, session }) => type === 'session' && session.id === id && session.odds.rain === 2.345,
    );
    const strange = line?.heard.filter(
      ({ type, session }) => type === 'session' && session.id !== id && marks.includes(session.id),
    );
    assert.deepEqual(strange, [], vendorType);
    line?.close();
  }
});

test('the live line tells of nobody else', async () => {
  const session = await ground.session();
  const [one, two] = [await operator.player({ credit: 1000 }), await operator.player({ credit: 500 })];
  const [mine, theirs] = [await openPage(world.url, one), await openPage(world.url, two)];
  const [line, other] = [await mine.live(), await theirs.live()];
  await Promise.all([line, other].map((each) => each.until(({ type }) => type === 'money')));
  const { bet } = (await theirs.bet({ sessionId: session })).data;
  await operator.done('deposit', { userId: two.userId, tsCode: newKey(), depositAmount: 11 });
  await other.until(({ type, bet: told }) => type === 'bet' && told.id === bet.id);
  await other.until(({ type, balance }) => type === 'money' && balance.balance === 511);
  await ground.settle(session, 'RAIN');
  await other.until(({ type, bet: told }) => type === 'bet' && told.status === 'SETTLED');
  assert.deepEqual(
    line.heard.filter(({ type }) => type === 'bet'),
    [],
  );
  const money = line.heard.filter(({ type }) => type === 'money');
  assert.ok(money.length > 0 && money.every(({ balance }) => balance.balance === 1000));
  line.close();
  other.close();
});
