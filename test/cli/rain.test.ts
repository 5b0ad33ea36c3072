/**
 * `croupier rain`, `book` and `staff` as staff use them, beside a running hub with a market: sessions get their odds,
 * bets are laid off, two persons state a result, the hub settles it, and everything can be looked at and corrected.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Krain, startKrain } from '../../sim/krain/krain.ts';
import { type RainSessionId, trusted } from '../../src/core/ids.ts';
import { findSession } from '../../src/db/rain-session.ts';
import { marketIdOf } from '../../src/rain/market.ts';
import { until } from '../http/rig.ts';
import {
  type BookGround,
  type BookOperatorClient,
  openBook,
  postRaw,
  type TestPlayer,
} from '../kbook/rig.ts';
import { openWorld, type World } from '../world.ts';
import { croupier, croupierJson } from './command.ts';

const KEY = 'a key of tests';

let world: World;
let ground: BookGround;
let krain: Krain;
let site: BookOperatorClient;

before(async () => {
  krain = await startKrain({ key: KEY, seed: 7, volatility: 0 });
  world = await openWorld({ rain: { krain: { url: krain.url, key: KEY }, weatherUrl: null } });
  ground = openBook(world);
  site = await ground.operator();
});
after(async () => {
  await world.close();
  await krain.close();
});

const run = (...args: string[]) => croupier(world.databaseUrl, args);
const json = (...args: string[]) => croupierJson(world.databaseUrl, args);

/** A session without odds yet, in a market of its own. */
async function session(): Promise<RainSessionId> {
  const id = await ground.session({ market: 'SUSPEND', oddsValidMs: 0 });
  krain.tell(marketIdOf(await stateOf(id)), { likelihood: 0.5 });
  return id;
}

async function stateOf(id: RainSessionId) {
  const found = await findSession(world.hub.sql, id);
  assert.ok(found !== null);
  return found;
}

/** A bet as the player's page places it: the ledger, K-Rain, the ledger. */
async function bet(player: TestPlayer, id: RainSessionId, stake: bigint) {
  const { quote } = await stateOf(id);
  const [visit] = await world.hub
    .sql`select id from book_visit where player_id = ${player.id} order by id desc limit 1`;
  const placed = await world.hub.rain.placing.place({
    kind: 'book_place',
    player,
    visitId: trusted(visit?.id),
    sessionId: id,
    key: randomBytes(8).toString('hex'),
    type: 'RAIN',
    odds: quote?.rain ?? 0,
    stake,
    ip: null,
    krainMs: 30_000,
  });
  assert.ok(
    placed.ok,
    JSON.stringify(placed, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
  );
  return placed.bet;
}

/** As if its hours had passed. */
async function pass(id: RainSessionId): Promise<void> {
  await world.hub
    .sql`update rain_session set status = 'UNSETTLED', market = 'CLOSE', opens_at = now() - interval '9 hours',
    closes_at = now() - interval '8 hours', starts_at = now() - interval '8 hours', ends_at = now() - interval '1 hour' where id = ${id}`;
}

test('an operator is made, works with its certCode, and is changed', async () => {
  const made = await json('book', 'operator', 'create', '--name', 'rainy place');
  assert.deepEqual(Object.keys(made).sort(), ['certCode', 'id', 'name']);
  const ask = async () => {
    const values = { certCode: made.certCode, vendorType: 'CPS_USD', userId: 'u1' };
    const answer = await postRaw(world.url, '/vendor/api/getCreditBalance', { body: JSON.stringify(values) });
    return answer.body.code;
  };
  assert.equal(await ask(), '1002', 'known, but it has no such player');
  const set = (...args: string[]) => run('book', 'operator', 'set', '--name', 'rainy place', ...args);
  assert.equal((await set('--allowed-ips', '10.9.8.7', '--time-zone', 'Asia/Seoul')).code, 0);
  await until('the hub knows', async () => (await ask()) === '2005');
  assert.equal((await set('--allowed-ips', 'any', '--enabled', 'off')).code, 0);
  await until('the hub knows', async () => (await ask()) === '2003');
  const [row] = (await json('book', 'operator', 'list')).filter(
    (each: { name: string }) => each.name === 'rainy place',
  );
  assert.deepEqual([row.allowedIps, row.timeZone, row.enabled], [[], 'Asia/Seoul', false]);
  const renewed = await json('book', 'operator', 'set', '--name', 'rainy place', '--renew-cert');
  assert.ok(renewed.certCode !== made.certCode && renewed.certCode.startsWith(renewed.certHint));
  const again = await run('book', 'operator', 'create', '--name', 'rainy place');
  assert.deepEqual([again.code, again.err], [1, 'croupier: the name is taken: rainy place\n']);
  assert.equal((await set()).code, 2);
});

test('a session from its first odds to a corrected and a voided result', async () => {
  const id = await session();
  const number = String(id);
  await until('the hub offers odds', async () => (await stateOf(id)).market === 'OPEN');
  const player = await site.player({ credit: 2000 });
  const placed = await bet(player, id, 50_000n);
  assert.equal(placed.status, 'ACTIVE');
  assert.equal(placed.ownStake + placed.krainStake, 50_000n);
  assert.ok(placed.krainStake > 0n);

  const listed = await json('rain', 'sessions', '--status', 'open', '--site', 'CPS');
  const row = listed.find((each: { id: number }) => each.id === Number(id));
  assert.equal(row.odds.rain, placed.odds / 1000);
  const [exposed] = await json('book', 'exposure', '--session', number);
  assert.deepEqual(
    [exposed.players, exposed.bets, exposed.krainStake.rain],
    [1, 1, String(placed.krainStake)],
  );
  assert.match((await run('book', 'exposure')).out, /own pool rain \/ dry/);

  const act = (kind: string, ...args: string[]) => run('rain', kind, '--session', number, ...args);
  assert.equal((await act('suspend', '--as', 'Anna', '--reason', 'thunder')).code, 0);
  const twice = await act('suspend', '--as', 'ben');
  assert.deepEqual([twice.code, twice.err], [1, `croupier: it is so already (session ${id} is SUSPEND)\n`]);
  assert.equal((await act('resume')).code, 0);
  assert.equal((await act('close')).code, 0);
  assert.equal((await act('result', '--result', 'rain', '--as', 'anna')).code, 1, 'its hours are not over');
  await pass(id);

  assert.equal((await act('result', '--as', 'anna')).code, 2, 'which one?');
  assert.equal((await act('result', '--as', 'anna', '--result', 'snow')).code, 2);
  const said = await act('result', '--result', 'RAIN', '--rain-mm', '4.5', '--as', 'anna');
  assert.match(said.out, /anna says RAIN.*A second person/s);
  const same = await act('confirm', '--as', 'ANNA');
  assert.deepEqual([same.code, /second person/.test(same.err)], [1, true]);
  assert.equal((await act('confirm', '--as', 'ben')).code, 0);
  await until('the hub settles', async () => (await stateOf(id)).status === 'SETTLED');
  const balance = async () => (await site.done('getCreditBalance', { userId: player.userId })).currentBalance;
  const won = Number(placed.win) / 100;
  assert.equal(await balance(), 2000 + won);

  assert.equal((await act('resettle', '--result', 'NO_RAIN', '--as', 'ben')).code, 1, 'why?');
  const reason = ['--reason', 'the gauge was somebody’s glass of water'];
  assert.equal((await act('resettle', '--result', 'NO_RAIN', '--as', 'ben', ...reason)).code, 0);
  assert.equal((await act('confirm', '--as', 'anna')).code, 0);
  assert.equal((await act('settle')).code, 0);
  await until('it is corrected', async () => (await stateOf(id)).status === 'SETTLED');
  assert.equal(await balance(), 1500);

  assert.equal((await act('void', '--as', 'ben', ...reason)).code, 0);
  assert.equal((await act('confirm', '--as', 'anna')).code, 0);
  await until('it is called off', async () => (await stateOf(id)).status === 'VOID');
  assert.equal(await balance(), 2000);
  const shown = await json('rain', 'show', '--session', number);
  assert.deepEqual([shown.session.version, shown.findings.length, shown.progress.due], [3, 6, 0]);
  assert.equal((await run('audit')).code, 0);
  const lines = await world.hub
    .sql`select actor, action from audit_log where subject = ${`rain session ${id}`} order by id`;
  const trail = lines.map(({ actor, action }) => `${actor} ${action}`);
  for (const line of [
    'anna rain.suspend',
    'ben rain.suspend',
    'ben rain.result',
    'anna rain.correct',
    'anna rain.void',
  ])
    assert.ok(trail.includes(line), `${line} in ${trail}`);
});

test('where persons differ, a confirmation says which result is meant', async () => {
  const id = await session();
  await pass(id);
  const act = (kind: string, ...args: string[]) => run('rain', kind, '--session', String(id), ...args);
  assert.equal((await act('result', '--result', 'RAIN', '--as', 'anna')).code, 0);
  const other = await act('result', '--result', 'NO_RAIN', '--as', 'ben');
  assert.match(
    other.out,
    /anna says RAIN, ben says NO_RAIN.*confirm one of them: .* --result RESULT --as NAME/,
  );
  const blind = await act('confirm', '--as', 'ben');
  assert.deepEqual([blind.code, /persons differ/.test(blind.err)], [1, true], 'nobody gives in unsaid');
  assert.equal((await act('confirm', '--as', 'ben', '--result', 'RAIN')).code, 0);
  assert.equal((await stateOf(id)).result, 'RAIN');
});

test("our bets against K-Rain's statement: equal, different, missing, extra, and K-Rain away", async () => {
  const id = await session();
  const number = String(id);
  await until('the hub offers odds', async () => (await stateOf(id)).market === 'OPEN');
  const player = await site.player({ credit: 5000 });
  const [first, second, third] = [
    await bet(player, id, 50_000n),
    await bet(player, id, 20_000n),
    await bet(player, id, 30_000n),
  ];
  const settings = { KRAIN_URL: krain.url, KRAIN_KEY: KEY };
  const reconcile = async (changed: Record<string, string> = {}) => {
    const args = ['book', 'reconcile', '--session', number, '--json'];
    const { code, out, err } = await croupier(world.databaseUrl, args, { ...settings, ...changed });
    return { code, err, found: out === '' ? null : JSON.parse(out) };
  };
  const equal = await reconcile();
  assert.deepEqual(
    [equal.code, equal.found?.equal, equal.found?.sessions[0].matched],
    [0, true, 3],
    equal.err,
  );
  const { sql } = world.hub;
  await sql`update book_bet set krain_win = krain_win + 1 where id = ${first.id}`;
  await sql`update book_bet set krain_until = null where id = ${second.id}`;
  await sql`update book_bet set status = 2 where id = ${third.id}`;
  const different = await reconcile();
  const kinds = different.found?.sessions[0].differences.map((each: { kind: string; order: string }) => [
    each.kind,
    each.order,
  ]);
  assert.equal(different.code, 1);
  assert.deepEqual(kinds, [
    ['different', `bet-${first.id}`],
    ['extra', `bet-${third.id}`],
    ['extra', `bet-${second.id}`],
  ]);
  const text = await croupier(world.databaseUrl, ['book', 'reconcile', '--session', number], settings);
  assert.match(text.out, new RegExp(`bet-${first.id} +different`));
  const away = await reconcile({ KRAIN_URL: 'http://127.0.0.1:9' });
  assert.deepEqual([away.code, away.found?.sessions[0].unavailable], [2, 'unreachable'], away.err);
  const none = await croupier(world.databaseUrl, ['book', 'reconcile']);
  assert.deepEqual([none.code, /KRAIN_URL/.test(none.err)], [2, true]);
  // As it was, for the audit of others.
  await sql`update book_bet set krain_win = krain_win - 1 where id = ${first.id}`;
  await sql`update book_bet set status = 1 where id = ${third.id}`;
});

test('a site is changed as a whole or not at all; new hours make new sessions', async () => {
  const set = (...args: string[]) => run('rain', 'site', 'set', '--site', 'CPS2', ...args);
  const changed = await json(
    'rain',
    'site',
    'set',
    '--site',
    'CPS2',
    '--margin-bps',
    '500',
    '--pool-max',
    '1234.56',
  );
  assert.deepEqual([changed.marginBps, changed.poolMax, changed.sessions], [500, '1234.56', null]);
  const refused: [args: string[], code: number, says: RegExp][] = [
    [['--own-min-bps', '9999'], 1, /ownMinBps/],
    [['--calendar', 'NOON'], 2, /JSON/],
    [[], 2, /nothing to change/],
  ];
  for (const [args, code, says] of refused) {
    const answer = await set(...args);
    assert.deepEqual([answer.code, says.test(answer.err)], [code, true], `${args}: ${answer.err}`);
  }
  const calendar = '[{"type":"NOON","from":"07:00","to":"19:00"}]';
  const made = await json('rain', 'site', 'set', '--site', 'CPS2', '--calendar', calendar, '--as', 'Olga');
  assert.ok(made.sessions.added > 0, JSON.stringify(made.sessions));
  assert.deepEqual(made.calendar, [{ type: 'NOON', from: '07:00', to: '19:00' }]);
  const upcoming = await json('rain', 'sessions', '--site', 'CPS2', '--status', 'READY');
  assert.ok(upcoming.length > 0 && upcoming.every((each: { type: string }) => each.type === 'NOON'));
  const rows = await world.hub
    .sql`select actor, action from audit_log where subject = 'rain site CPS2' order by id`;
  assert.deepEqual(rows.map((row) => [row.actor, row.action]).slice(-2), [
    ['olga', 'rain.site.set'],
    ['olga', 'rain.regenerate'],
  ]);
});

test('a key of staff is made, used and revoked', async () => {
  const made = await json('staff', 'key', 'create', '--name', 'Rita Read', '--role', 'read');
  const ask = async () =>
    (await fetch(`${world.url}/staff/v1/rain/sessions`, { headers: { authorization: `Bearer ${made.key}` } }))
      .status;
  assert.equal(await ask(), 200);
  const [listed] = await json('staff', 'key', 'list');
  assert.deepEqual([listed.name, listed.role, 'key' in listed], ['rita read', 'read', false]);
  assert.equal((await run('staff', 'key', 'revoke', String(made.id))).code, 0);
  assert.equal(await ask(), 401);
  assert.equal((await run('staff', 'key', 'revoke', String(made.id))).code, 1);
  assert.equal((await run('staff', 'key', 'create', '--name', 'weather', '--role', 'read')).code, 2);
  assert.equal((await run('staff', 'key', 'create', '--name', 'x', '--role', 'king')).code, 2);
});
