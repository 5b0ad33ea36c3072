/** The engine room on several nodes: one does what is done for all, and another goes on when it leaves. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Krain, startKrain } from '../../sim/krain/krain.ts';
import type { RainSessionId } from '../../src/core/ids.ts';
import { holdLease, releaseLease } from '../../src/db/lease.ts';
import { findSession } from '../../src/db/rain-session.ts';
import { startPulse } from '../../src/engine/pulse.ts';
import { marketIdOf } from '../../src/rain/market.ts';
import { until } from '../http/rig.ts';
import { openBook } from '../kbook/rig.ts';
import { openWorld, type World } from '../world.ts';

const KEY = 'a key of tests';

async function open(t: TestContext): Promise<{ world: World; krain: Krain; settings: object }> {
  const krain = await startKrain({ key: KEY, seed: 7, volatility: 0 });
  t.after(() => krain.close());
  const settings = { rain: { krain: { url: krain.url, key: KEY }, weatherUrl: null } };
  const world = await openWorld(settings);
  t.after(() => world.close());
  return { world, krain, settings };
}

async function stateOf(world: World, id: RainSessionId) {
  const session = await findSession(world.hub.sql, id);
  assert.ok(session !== null);
  return session;
}

/** A session in a market that K-Rain knows. */
async function addSession(world: World, krain: Krain): Promise<RainSessionId> {
  const id = await openBook(world).session({ market: 'SUSPEND', oddsValidMs: 0 });
  krain.tell(marketIdOf(await stateOf(world, id)), { likelihood: 0.4 });
  return id;
}

test('sessions, odds and settlement go on when the node that did them leaves', async (t) => {
  const { world, krain, settings } = await open(t);
  const { sql } = world.hub;
  const holders = async () => (await sql`select distinct holder from lease`).map((row) => row.holder);
  const first = await addSession(world, krain);
  await until('odds', async () => (await stateOf(world, first)).market === 'OPEN');
  await until('the calendar is kept', async () => {
    const [row] =
      await sql`select count(*)::int as sessions from rain_session where site = 'CPS2' and status in ('READY', 'OPEN')`;
    return row?.sessions > 0;
  });
  const { hub: second } = await world.secondHub(settings);
  assert.equal((await holders()).length, 1, 'one node holds everything');
  const [former] = await holders();
  // Leaves the hub itself open: its server, ledger and database are the world's to close.
  await world.hub.rain.close();
  const then = await addSession(world, krain);
  await until('odds by the other node', async () => (await stateOf(world, then)).market === 'OPEN');
  await until('another holds everything', async () => !(await holders()).includes(former));
  await sql`update rain_session set status = 'UNSETTLED', market = 'CLOSE', result = 'RAIN', version = 1, resulted_at = now() where id = ${then}`;
  await until('settled by the other node', async () => (await stateOf(world, then)).status === 'SETTLED');
  const shown = await second.server.inject({ url: '/metrics' });
  for (const name of [
    'croupier_krain_calls_total{',
    'croupier_rain_positions_due 0',
    'croupier_krain_circuit{',
  ])
    assert.ok(shown.body.includes(name), name);
});

test('a lease is one holder’s until it lets go or lapses', async (t) => {
  const { world } = await open(t);
  const { sql } = world.hub;
  const hold = (holder: string, forMs: number) => holdLease(sql, { name: 'test', holder, forMs });
  assert.equal(await hold('a', 60_000), true);
  assert.equal(await hold('b', 60_000), false);
  assert.equal(await hold('a', 60_000), true, 'it may hold on');
  await releaseLease(sql, { name: 'test', holder: 'b' });
  assert.equal(await hold('b', 60_000), false, 'nobody lets go for another');
  await releaseLease(sql, { name: 'test', holder: 'a' });
  assert.equal(await hold('b', 1), true);
  await until('it lapses', () => hold('a', 60_000));
});

test('a pulse beats as its work says, is woken, survives errors, and ends behind its work', async () => {
  const errors: string[] = [];
  const gates: PromiseWithResolvers<number>[] = [];
  const pulse = startPulse({
    name: 'test',
    run: () => {
      const gate = Promise.withResolvers<number>();
      gates.push(gate);
      return gate.promise;
    },
    restAfterErrorMs: 0,
    onError: (loop, error) => errors.push(`${loop}: ${error}`),
  });
  const begun = (count: number) => until(`run ${count}`, async () => gates.length === count);
  await begun(1);
  gates[0]?.resolve(0);
  await begun(2);
  gates[1]?.reject('broken');
  await begun(3);
  assert.deepEqual(errors, ['test: broken']);
  pulse.wake();
  gates[2]?.resolve(3_600_000);
  await begun(4);
  gates[3]?.resolve(3_600_000);
  await new Promise((resolve) => setImmediate(resolve));
  pulse.wake();
  await begun(5);
  const closed = pulse.close();
  gates[4]?.resolve(0);
  await closed;
  pulse.wake();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(gates.length, 5);
});
