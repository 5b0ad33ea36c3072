/** Logging in, renewing, leaving: codes 2001, 2002, 2003, 2004, 2006, 2007, each by what causes it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { trusted } from '../../src/core/ids.ts';
import { makeAccess, readAccess } from '../../src/kbook/player-tokens.ts';
import { openWorld, type World } from '../world.ts';
import { callPlayer, openPage } from './player-rig.ts';
import { type BookOperatorClient, openBook, type TestPlayer } from './rig.ts';

let world: World;
let operator: BookOperatorClient;
before(async () => {
  // Addresses as a proxy tells them.
  world = await openWorld({ trustProxy: true });
  operator = await openBook(world).operator();
});
after(() => world.close());

const from = (ip: string) => ({ 'x-forwarded-for': ip });
const login = (token: string, password?: string, ip = '127.0.0.1') =>
  callPlayer(world.url, '/login', {
    body: { token, ...(password === undefined ? {} : { password }) },
    headers: from(ip),
  });
const refresh = (token: string, ip = '127.0.0.1') =>
  callPlayer(world.url, '/refresh', { body: { refresh: token }, headers: from(ip) });
const freshLink = async (player: TestPlayer) => (await operator.player({ userId: player.userId })).token;

test('2001: a login token is good for a quarter of an hour, and none of ours otherwise', async () => {
  assert.equal((await login('0'.repeat(64))).code, '2001');
  const player = await operator.player();
  await world.hub
    .sql`update book_visit set login_expires_at = now() - interval '1 second' where player_id = ${player.id}`;
  const late = await login(player.token);
  assert.deepEqual([late.code, late.message], ['2001', 'TOKEN EXPIRE']);
});

test('2002: a login link belongs to the address that used it first, wrong password or not', async () => {
  const player = await operator.player();
  assert.equal((await login(player.token, undefined, '10.0.0.1')).code, '1');
  assert.equal((await login(player.token, undefined, '10.0.0.2')).code, '2002');
  assert.equal((await login(player.token, undefined, '10.0.0.1')).code, '1');
  const many = await operator.player();
  const all = await Promise.all(
    Array.from({ length: 8 }, (_each, index) => login(many.token, undefined, `10.0.1.${index}`)),
  );
  const codes = all.map(({ code }) => code).sort();
  assert.deepEqual(codes, ['1', ...Array(7).fill('2002')]);
});

test('2002, 2001, 2003: an access token, from another address, too old, of nobody, none', async () => {
  const page = await openPage(world.url, await operator.player());
  const { vault } = world.hub;
  assert.equal((await page.get('/state', from('10.0.0.9'))).code, '2002');
  assert.equal((await page.post('/bets', {}, from('10.0.0.9'))).code, '2002');
  const read = readAccess(vault, page.tokens.access);
  assert.ok(read !== null && read.expiresAt === page.tokens.accessExpiresAt);
  const old = makeAccess(vault, { ...read, expiresAt: Date.now() - 1 });
  const nobody = makeAccess(vault, { visitId: trusted(999_999), expiresAt: Date.now() + 60_000 });
  const forged = `${page.tokens.access.slice(0, -2)}zz`;
  for (const access of [old, nobody, forged, 'x', page.tokens.refresh])
    for (const path of ['/state', '/bets'])
      assert.equal((await callPlayer(world.url, path, { access })).code, '2001', `${path} ${access}`);
  assert.equal((await callPlayer(world.url, '/state')).code, '2003');
  assert.equal((await callPlayer(world.url, '/bets', { body: {} })).code, '2003');
});

test('2003: a player that is blocked, or whose operator is switched off, is not let in', async () => {
  const { sql } = world.hub;
  const [inside, outside] = [await operator.player(), await operator.player()];
  const page = await openPage(world.url, inside);
  await sql`update book_player set blocked_at = now() where id in (${inside.id}, ${outside.id})`;
  assert.equal((await page.get('/state')).code, '2003');
  assert.equal((await login(outside.token)).code, '2003');
  await sql`update book_player set blocked_at = null where id in (${inside.id}, ${outside.id})`;
  assert.equal((await page.get('/state')).code, '1');
  await sql`update book_operator set enabled = false where id = ${operator.id}`;
  assert.equal((await page.get('/state')).code, '2003');
  assert.equal((await login(outside.token)).code, '2003');
  await sql`update book_operator set enabled = true where id = ${operator.id}`;
});

test('2004: the page’s password, five tries, and then another link', async () => {
  const player = await operator.player();
  const page = await openPage(world.url, player);
  const set = await page.post('/password', { current: null, next: 'first secret' });
  assert.equal(set.data.hasPassword, true);
  const [row] = await world.hub.sql`select password_hash from book_player where id = ${player.id}`;
  assert.match(row?.password_hash, /^argon2id\$/);
  const token = await freshLink(player);
  assert.deepEqual((await login(token)).data, { detail: 'asked' });
  for (const triesLeft of [4, 3])
    assert.deepEqual((await login(token, 'wrong')).data, { detail: 'wrong', triesLeft });
  assert.equal((await login(token, 'first secret')).code, '1');
  // A right one gives the tries back; many wrong ones at once are not more than one after another.
  const burst = await Promise.all(Array.from({ length: 12 }, () => login(token, 'wrong')));
  assert.deepEqual(
    new Set(burst.map(({ code }) => code)),
    new Set(['2004', '2001'].slice(0, burst.some(({ code }) => code === '2001') ? 2 : 1)),
  );
  assert.equal(burst.filter(({ data }) => data?.detail === 'wrong').length, 4);
  assert.equal((await login(token, 'first secret')).code, '2001');
  assert.equal((await page.get('/state')).code, '1', 'a visit goes on');
  const again = await freshLink(player);
  assert.equal((await login(again, 'first secret')).code, '1');
});

test('2004: changing it takes the one before, and guessing it inside ends the visit', async () => {
  const player = await operator.player();
  const page = await openPage(world.url, player);
  await page.post('/password', { current: null, next: 'first secret' });
  assert.deepEqual((await page.post('/password', { next: 'second one' })).data, { detail: 'asked' });
  assert.equal((await page.post('/password', { current: 'no', next: 'second one' })).data.detail, 'wrong');
  assert.equal((await page.post('/password', { current: 'first secret', next: 'second one' })).code, '1');
  assert.equal((await page.post('/password', { current: 'second one', next: null })).data.hasPassword, false);
  assert.equal((await login(await freshLink(player))).code, '1');
  await page.post('/password', { current: null, next: 'third one' });
  for (let guess = 0; guess < 4; guess++)
    assert.equal((await page.post('/password', { current: `${guess}`, next: null })).data.detail, 'wrong');
  assert.deepEqual((await page.post('/password', { current: 'x', next: null })).data, { detail: 'locked' });
  assert.equal((await page.get('/state')).code, '2001');
  const trail = await world.hub
    .sql`select action from audit_log where subject = ${`book player ${player.id}`} order by id`;
  const actions = trail.map(({ action }) => action).filter((action) => action.startsWith('book.password'));
  assert.deepEqual(actions, [
    'book.password_set',
    'book.password_set',
    'book.password_removed',
    'book.password_set',
  ]);
});

test('refresh tokens rotate; a lost answer is given again; 2002, 2006, 2007', async () => {
  const page = await openPage(world.url, await operator.player());
  const first = page.tokens.refresh;
  assert.equal((await refresh(first, '10.0.0.9')).code, '2002');
  const renewed = await refresh(first);
  assert.equal(renewed.code, '1');
  const second = renewed.data.refresh;
  assert.notEqual(second, first);
  assert.equal((await callPlayer(world.url, '/state', { access: renewed.data.access })).code, '1');
  // The answer got lost, and the page asks again: the same token, and the visit goes on.
  assert.equal((await refresh(first)).data.refresh, second);
  const third = (await refresh(second)).data.refresh;
  await world.hub
    .sql`update book_visit set refresh_expires_at = now() - interval '1 second' where id = ${readAccess(world.hub.vault, page.tokens.access)?.visitId ?? 0}`;
  assert.equal((await refresh(third)).code, '2006');
  for (const token of ['x', `${third.slice(0, -2)}zz`, page.tokens.access])
    assert.equal((await refresh(token)).code, '2007', token);
});

test('2007: a refresh token that was used before ends the visit', async () => {
  const page = await openPage(world.url, await operator.player());
  const second = (await refresh(page.tokens.refresh)).data.refresh;
  const third = (await refresh(second)).data;
  assert.equal((await refresh(page.tokens.refresh)).code, '2007');
  assert.equal((await refresh(third.refresh)).code, '2007', 'whoever holds the right one as well');
  assert.equal((await callPlayer(world.url, '/state', { access: third.access })).code, '2001');
});

test('2007: the last one again, but long after', async () => {
  const page = await openPage(world.url, await operator.player());
  const renewed = (await refresh(page.tokens.refresh)).data;
  await world.hub.sql`update book_visit set refresh_expires_at = refresh_expires_at - interval '11 seconds'
    where id = ${readAccess(world.hub.vault, page.tokens.access)?.visitId ?? 0}`;
  assert.equal((await refresh(page.tokens.refresh)).code, '2007');
  assert.equal((await refresh(renewed.refresh)).code, '2007');
});

test('one refresh token many times at once: one successor, and the visit goes on', async () => {
  const page = await openPage(world.url, await operator.player());
  const all = await Promise.all(Array.from({ length: 10 }, () => refresh(page.tokens.refresh)));
  assert.equal(new Set(all.map(({ data }) => data.refresh)).size, 1);
  assert.equal((await page.get('/state')).code, '1');
});

test('a logout, of the vendor or of the page, ends every token of the player at once', async () => {
  for (const by of ['vendor', 'page']) {
    const player = await operator.player({ credit: 1000 });
    const [page, other] = [await openPage(world.url, player), await openPage(world.url, player)];
    const unused = await freshLink(player);
    assert.equal((await other.get('/state')).code, '1', 'two windows of one link');
    if (by === 'vendor') await operator.done('logout', { userId: player.userId });
    else assert.equal((await page.post('/logout')).code, '1');
    for (const each of [page, other]) {
      assert.equal((await each.get('/state')).code, '2001', by);
      assert.equal((await each.bet({ sessionId: await openBook(world).session() })).code, '2001', by);
      assert.equal((await refresh(each.tokens.refresh)).code, '2007', by);
    }
    for (const token of [player.token, unused]) assert.equal((await login(token)).code, '2001', by);
    assert.equal((await login(await freshLink(player))).code, '1', by);
  }
});

test('more windows than a player needs end the first', async () => {
  const player = await operator.player();
  const first = await openPage(world.url, player);
  for (let window = 0; window < 10; window++) await openPage(world.url, player);
  assert.equal((await first.get('/state')).code, '2001');
});
