/**
 * The hub outlives its connections. Each way a connection can end is tried on every connection of the hub, idle and
 * in the middle of work; calls are answered again at once, and nothing is done twice.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect, type Sql } from '../../src/db/connect.ts';
import { openWorld, type TestAgent, type World } from '../world.ts';

let world: World;
let admin: Sql;
let agent: TestAgent;
before(async () => {
  world = await openWorld({ logLevel: 'silent' });
  admin = connect(world.databaseUrl, { max: 2, name: 'test admin' });
  agent = await world.agent();
  await agent.post('/user/create', { username: 'steady' });
});
after(async () => {
  await admin.end();
  await world.close();
});

const RECOVERY_MS_MAX = 3000;

/** Ends the hub's connections of that name, and waits until the server has let them go. */
async function endConnections(name: string): Promise<void> {
  await admin`select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and application_name like ${name} and application_name <> 'croupier test admin'`;
}

async function add(uuid: string): Promise<{ status: number; id: number; cached: boolean; ms: number }> {
  const startedAt = performance.now();
  const { status, body } = await agent.post('/user/add-balance', { username: 'steady', amount: 1, uuid });
  return { status, id: body.transaction_id, cached: body.cached, ms: performance.now() - startedAt };
}

test('a ledger connection that ends while idle is replaced without anybody noticing', async () => {
  for (let turn = 0; turn < 5; turn++) {
    const first = await add(`idle-${turn}`);
    await endConnections('croupier ledger');
    const second = await add(`idle-${turn}-after`);
    assert.deepEqual([first.status, second.status], [200, 200]);
    assert.ok(second.ms < RECOVERY_MS_MAX, `answered after ${second.ms} ms`);
  }
});

test('a ledger connection that ends while it waits for a lock: the batch is tried again, and happens once', async () => {
  const before = await balanceOfSteady();
  let answer: ReturnType<typeof add> | undefined;
  await admin.begin(async (tx) => {
    await tx`select 1 from account where id = (select wallet_account_id from player where username = 'steady') for update`;
    answer = add('while-locked');
    await ledgerWaitsForLock();
    await endConnections('croupier ledger');
  });
  assert.equal((await answer)?.status, 200);
  assert.equal(await balanceOfSteady(), before + 1n);
});

async function balanceOfSteady(): Promise<bigint> {
  const [row] =
    await admin`select a.balance from account a join player p on p.wallet_account_id = a.id where p.username = 'steady'`;
  return row?.balance;
}

async function ledgerWaitsForLock(): Promise<void> {
  for (;;) {
    const [row] = await admin`select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and application_name = 'croupier ledger' and wait_event_type = 'Lock'`;
    if (row?.waiting > 0) return;
  }
}

test('every connection of the hub ends at once, again and again, under load', async () => {
  let ended = false;
  const unknown: string[] = [];
  const done = new Map<string, number>();
  const client = async (name: string) => {
    for (let turn = 0; !ended; turn++) {
      const uuid = `${name}-${turn}`;
      const { status, id } = await add(uuid);
      if (status === 200) done.set(uuid, id);
      else unknown.push(uuid);
    }
  };
  const clients = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(client);
  try {
    for (let turn = 0; turn < 12; turn++) {
      const goal = done.size + 60;
      await endConnections('croupier %');
      const deadline = performance.now() + RECOVERY_MS_MAX;
      while (done.size < goal) {
        assert.ok(performance.now() < deadline, `no recovery after end ${turn + 1} of all connections`);
        await admin`select 1`;
      }
    }
  } finally {
    ended = true;
    await Promise.all(clients);
  }
  for (const uuid of unknown) {
    const again = await add(uuid);
    assert.equal(again.status, 200);
    done.set(uuid, again.id);
  }
  for (const [uuid, id] of done) {
    const kept = await add(uuid);
    assert.deepEqual([kept.id, kept.cached], [id, true]);
  }
  const [kept] = await admin`select count(*)::int as count from idempotency where key ~ '^[a-h]-'`;
  assert.equal(kept?.count, done.size);
});
