/** The stand-in market over HTTP: its calls as docs/krain.md has them, restarts, switches, and the program itself. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startKrain } from '../../sim/krain/krain.ts';
import { KEY, MARKET, openKrain, UNTIL_MS } from './rig.ts';

const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
async function call(url: string, method = 'GET', body?: unknown): Promise<{ status: number; body: any }> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, { method, headers, ...sent, signal: AbortSignal.timeout(30_000) });
  return { status: response.status, body: await response.json() };
}

const order = (id: string, changed: object = {}) => ({
  id,
  market: MARKET,
  side: 'RAIN',
  stake: '10000',
  currency: 'USD',
  odds: 1.5,
  fill: 'part',
  until: Date.now() + UNTIL_MS,
  ...changed,
});

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'croupier-krain-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('odds of a market, and of none', async (t) => {
  const krain = await openKrain(t);
  const { status, body } = await call(`${krain.url}/v1/markets/${MARKET}/odds`);
  assert.equal(status, 200);
  assert.equal(body.market, MARKET);
  assert.equal(body.status, 'open');
  assert.ok(body.rain > 1 && body.noRain > 1 && 1 / body.rain + 1 / body.noRain > 1);
  assert.match(body.available.rain, /^\d+$/);
  const none = await call(`${krain.url}/v1/markets/CPS-NEVER/odds`);
  assert.deepEqual(none, { status: 404, body: { market: 'CPS-NEVER', status: 'unknown' } });
  krain.tell(MARKET, { state: 'closed' });
  const closed = await call(`${krain.url}/v1/markets/${MARKET}/odds`);
  assert.deepEqual([closed.body.status, closed.body.rain, closed.body.available.rain], ['closed', null, '0']);
});

test('an order has one answer, that its status repeats; other content under it is a conflict', async (t) => {
  const krain = await openKrain(t);
  const sent = order('bet-1');
  const { status, body } = await call(`${krain.url}/v1/orders`, 'POST', sent);
  assert.equal(status, 200);
  assert.equal(body.state, 'matched');
  assert.equal(body.matched, '10000');
  assert.deepEqual((await call(`${krain.url}/v1/orders`, 'POST', sent)).body, body);
  assert.deepEqual((await call(`${krain.url}/v1/orders/bet-1`)).body, body);
  const other = await call(`${krain.url}/v1/orders`, 'POST', { ...sent, stake: '10001' });
  assert.equal(other.status, 409);
  const unknown = await call(`${krain.url}/v1/orders/bet-2`);
  assert.equal(unknown.status, 404);
  assert.equal(unknown.body.state, 'unknown');
  assert.ok(Math.abs(unknown.body.now - Date.now()) < 60_000);
});

test('what is no order leaves no trace', async (t) => {
  const krain = await openKrain(t);
  const bad: object[] = [
    { id: '' },
    { id: 7 },
    { market: 'CPS' },
    { side: 'DRY' },
    { stake: 100 },
    { stake: '0' },
    { stake: '1.5' },
    { currency: 'KRW' },
    { odds: 1 },
    { odds: '1.5' },
    { odds: 1.50001 },
    { fill: 'some' },
    { until: null },
  ];
  for (const changed of bad) {
    const { status } = await call(`${krain.url}/v1/orders`, 'POST', order('bet-bad', changed));
    assert.equal(status, 422, JSON.stringify(changed));
  }
  assert.equal((await call(`${krain.url}/v1/orders`, 'POST', 'nonsense')).status, 422);
  assert.equal((await call(`${krain.url}/v1/orders/bet-bad`)).status, 404);
  assert.equal((await call(`${krain.url}/v1/orders`, 'DELETE')).status, 405);
  assert.equal((await call(`${krain.url}/v2/orders/bet-bad`)).status, 404);
});

test('who has no key is not heard', async (t) => {
  const krain = await openKrain(t);
  for (const authorization of ['', 'Bearer ', `Bearer ${KEY}x`, KEY]) {
    const { status } = await fetch(`${krain.url}/v1/orders/bet-1`, { headers: { authorization } });
    assert.equal(status, 401);
  }
  assert.equal((await fetch(`${krain.url}/healthz`)).status, 200);
});

test('the statement of a market, page by page', async (t) => {
  const krain = await openKrain(t, { depth: 1_000_000_000n });
  const ids = Array.from({ length: 620 }, (_, i) => `bet-${String(i).padStart(4, '0')}`);
  const place = (id: string) => call(`${krain.url}/v1/orders`, 'POST', order(id));
  for (let from = 0; from < ids.length; from += 50) await Promise.all(ids.slice(from, from + 50).map(place));
  await call(
    `${krain.url}/v1/orders`,
    'POST',
    order('bet-other', { market: MARKET.replace('NOON', 'NIGHT') }),
  );
  const first = await call(`${krain.url}/v1/orders?market=${MARKET}`);
  assert.equal(first.body.orders.length, 500);
  const second = await call(`${krain.url}/v1/orders?market=${MARKET}&after=${first.body.next}`);
  assert.equal(second.body.next, null);
  const listed = [...first.body.orders, ...second.body.orders].map(({ id }: { id: string }) => id);
  assert.deepEqual(listed, ids);
});

test('orders outlive a restart, and so does what staff has said', async (t) => {
  const path = join(await folder(t), 'krain.db');
  const one = await startKrain({ path, seed: 7 });
  t.after(() => one.close());
  const sent = order('bet-1');
  const { body } = await call(`${one.url}/v1/orders`, 'POST', sent);
  one.tell(MARKET, { state: 'suspended' });
  await one.close();
  const two = await startKrain({ path, seed: 7 });
  t.after(() => two.close());
  assert.deepEqual((await call(`${two.url}/v1/orders/bet-1`)).body, body);
  assert.deepEqual((await call(`${two.url}/v1/orders`, 'POST', sent)).body, body);
  assert.equal((await call(`${two.url}/v1/markets/${MARKET}/odds`)).body.status, 'suspended');
});

test('staff switches faults and markets', async (t) => {
  const krain = await openKrain(t);
  const faults = `${krain.url}/admin/faults`;
  assert.equal((await call(faults, 'PUT', { refuse: 1, only: ['place'] })).body.refuse, 1);
  assert.equal((await call(faults)).body.refuse, 1);
  const refused = await call(`${krain.url}/v1/orders`, 'POST', order('bet-1'));
  assert.deepEqual([refused.body.state, refused.body.reason], ['refused', 'no_liquidity']);
  for (const bad of [{ nothing: 1 }, { lost: 2 }, { only: ['pay'] }, { delayMs: -1 }, []])
    assert.equal((await call(faults, 'PUT', bad)).status, 422);
  assert.equal((await call(faults, 'PUT', {})).body.refuse, 0);
  assert.equal((await call(`${krain.url}/v1/orders`, 'POST', order('bet-1', { stake: '7' }))).status, 409);
  const market = `${krain.url}/admin/markets/${MARKET}`;
  assert.equal((await call(market, 'POST', { status: 'suspended' })).body.status, 'suspended');
  assert.equal((await call(market, 'POST', { status: null })).body.status, 'open');
  assert.equal((await call(market, 'POST', { closesAt: Date.now() - 1 })).body.status, 'closed');
  for (const bad of [{}, { status: 'gone' }, { likelihood: 1 }])
    assert.equal((await call(market, 'POST', bad)).status, 422);
  assert.equal((await call(`${krain.url}/admin/markets/none`)).status, 404);
  const behindProxy = await fetch(faults, { headers: { 'x-forwarded-for': '127.0.0.1' } });
  assert.equal(behindProxy.status, 403);
});

test('the program says when it is ready, keeps its orders over a kill, and prints its seed', async (t) => {
  const env = {
    PATH: process.env.PATH ?? '',
    KRAIN_KEY: KEY,
    KRAIN_DATA_DIR: await folder(t),
    CLOSES: 'told',
    SEED: '11',
  };
  const start = () =>
    new Promise<{ child: ChildProcess; url: string }>((resolve, reject) => {
      const child = fork(new URL('../../sim/krain/main.ts', import.meta.url), {
        env,
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      t.after(() => void child.kill('SIGKILL'));
      child.once('exit', () => reject(new Error('it ended before it was ready')));
      child.once('message', (message: { type: string; url: string; seed: number }) => {
        assert.deepEqual([message.type, message.seed], ['ready', 11]);
        resolve({ child, url: message.url });
      });
    });
  const ended = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const one = await start();
  const sent = order('bet-1');
  const { body } = await call(`${one.url}/v1/orders`, 'POST', sent);
  const killed = ended(one.child);
  one.child.kill('SIGKILL');
  await killed;
  const two = await start();
  assert.deepEqual((await call(`${two.url}/v1/orders/bet-1`)).body, body);
  const stopped = ended(two.child);
  two.child.kill('SIGTERM');
  assert.equal(await stopped, 0);
});
