/** The site as a process of its own, seen by a browser without scripts. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { request } from 'undici';
import { doubleFor, folderFor } from './rig.ts';
import { browser, sitesFor } from './visitor.ts';
import type { XtDouble } from './xt-double.ts';

async function siteFor(t: TestContext, double: XtDouble): Promise<string> {
  const { sites } = await sitesFor(t, {
    HUB_URL: double.url,
    API_KEY: double.apiKey,
    OPERATOR_DATA_DIR: await folderFor(t),
  });
  return sites[0]?.url ?? '';
}

function stock(double: XtDouble): void {
  double.vendors = { nice: { name: 'nice', enabled: 1 }, gone: { name: 'gone', enabled: 0 } };
  double.games = Array.from({ length: 60 }, (_, n) => ({
    id: n,
    vendor: n === 59 ? 'gone' : 'nice',
    title: n === 0 ? '<script>alert(1)</script>' : `Game ${n}`,
    type: n % 2 === 0 ? 'slot' : 'baccarat',
    thumbnail: n === 1 ? 'javascript:alert(1)' : '/thumb/1/x.svg',
    langs: { ko: n === 0 ? '"><b>x' : `게임 ${n}`, en: `Game ${n}` },
  }));
}

test('a visit: door, lobby, cashier, play, history', async (t) => {
  const double = await doubleFor(t);
  stock(double);
  const visitor = browser(await siteFor(t, double));

  const door = await visitor.get('/');
  assert.match(door.text, /데모 사이트입니다/);
  assert.match(String(door.headers['set-cookie']), /HttpOnly; SameSite=Lax/);
  assert.match(String(door.headers['content-security-policy']), /script-src 'self'.*frame-src \*/);
  assert.equal((await visitor.get('/lobby')).location, '/');
  assert.equal((await visitor.post('/sign-in', { name: 'a' })).status, 422);
  assert.equal((await visitor.post('/sign-in', { name: '민지123' })).location, '/lobby');

  const lobby = await visitor.get('/lobby');
  assert.match(lobby.text, /&quot;&gt;&lt;b&gt;x/, 'titles are escaped');
  assert.ok(!lobby.text.includes('<b>x') && !lobby.text.includes('javascript:'));
  assert.match(lobby.text, /게임 59개/, 'only enabled vendors are counted');
  assert.equal(
    (await visitor.get('/lobby/shelf?q=게임 7&type=baccarat')).text.match(/class="card"/g)?.length,
    6,
  );
  assert.equal((await visitor.get('/lobby/shelf?page=2')).text.match(/class="card"/g)?.length, 11);

  const moved = await visitor.post('/cashier', { direction: 'in', amount: '250,000', back: '/lobby' });
  assert.equal(moved.location, '/lobby');
  assert.equal(double.users.get('민지123')?.balance, 250_000);
  assert.match((await visitor.get('/cashier')).text, /₩750,000/);
  assert.equal((await visitor.post('/cashier', { direction: 'in', amount: '9999999' })).status, 422);

  const play = await visitor.get('/play?vendor=nice&game=7');
  assert.match(play.text, /<iframe[^>]+src="http:\/\/127\.0\.0\.1:\d+\/stage\?token=/);
  assert.equal(
    (await visitor.get('/play?vendor=gone&game=59')).status,
    404,
    'what is not on sale is not opened',
  );
  assert.equal((await visitor.get('/history')).status, 200);

  const pages = [door, lobby, play, await visitor.get('/admin'), await visitor.get('/admin/live')];
  for (const page of pages) assert.ok(!page.text.includes(double.apiKey), 'the key stays on the server');
  assert.match(pages[3]?.text ?? '', /민지123/);
});

test('forms from elsewhere, forged cookies and outside ways back are turned away', async (t) => {
  const double = await doubleFor(t);
  const base = await siteFor(t, double);
  const visitor = browser(base);
  await visitor.get('/');
  assert.equal((await visitor.post('/sign-in', { name: 'minji', csrf: 'x' })).status, 403);
  await visitor.post('/sign-in', { name: 'minji' });
  await visitor.get('/cashier');
  assert.equal((await visitor.post('/cashier', { direction: 'in', amount: '1', csrf: '' })).status, 403);
  assert.equal((await visitor.get('/language?to=en&back=//evil.example')).location, '/lobby');
  assert.match((await visitor.get('/cashier')).text, /Site balance/);

  const forged = await request(`${base}/lobby`, {
    headers: { cookie: 'dalbit_session=a.bWluamk.99999999999999.x' },
  });
  assert.equal(forged.headers.location, '/');
  const outside = await request(`${base}/admin`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
  assert.equal(outside.statusCode, 404);
  const asset = await request(`${base}/assets/..%2fmain.ts`);
  assert.equal(asset.statusCode, 404);
  const script = await request(`${base}/assets/lobby.ts`);
  assert.match(String(script.headers['content-type']), /javascript/);
  assert.ok(!(await script.body.text()).includes('querySelector<HTML'));
});

test('while the hub is away the site stands and says so', async (t) => {
  const double = await doubleFor(t);
  const visitor = browser(await siteFor(t, double));
  await visitor.get('/');
  await visitor.post('/sign-in', { name: 'minji' });
  const down = (path: string) => ({ path, kind: 'status', status: 503 }) as const;
  double.faults.push(down('/game-list'), down('/user'));
  const lobby = await visitor.get('/lobby');
  assert.equal(lobby.status, 200);
  assert.match(lobby.text, /게임 서버에 연결하지 못했습니다/);
  assert.match(lobby.text, /확인 중/);
});
