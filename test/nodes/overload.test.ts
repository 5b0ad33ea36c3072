/** More than the ledger can queue: refused with 503 and Retry-After, nothing done, and all well again afterwards. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect, type Sql } from '../../src/db/connect.ts';
import { type Answer, openWorld, type StudioClient, type TestAgent, type World, xtClient } from '../world.ts';

const QUEUE_MAX = 10;
let world: World;
let agent: TestAgent;
let studio: StudioClient;
let admin: Sql;
before(async () => {
  world = await openWorld({ lanes: 1, writer: { queueMax: QUEUE_MAX } });
  agent = await world.agent();
  studio = await world.studio('evolution');
  admin = connect(world.databaseUrl, { max: 2, name: 'test admin' });
});
after(async () => {
  await admin.end();
  await world.close();
});

test('a full queue refuses, does nothing of what it refused, and recovers', async () => {
  const { session, game } = await world.play(agent, studio, {
    username: 'crowd',
    vendor: 'evolution',
    balance: 1000,
  });
  const add = (uuid: string) => agent.post('/user/add-balance', { username: 'crowd', amount: 1, uuid });
  const waiting: Promise<Answer>[] = [];
  const refused: Answer[] = [];
  let item: Answer | undefined;
  await admin.begin(async (tx) => {
    await tx`select 1 from account where kind < 10 order by id for update`;
    waiting.push(add('crowd-first'));
    await laneWaits();
    for (let each = 0; each < QUEUE_MAX; each++) waiting.push(add(`crowd-${each}`));
    while (world.hub.writer.waiting() < QUEUE_MAX) await admin`select 1`;
    for (let each = 0; each < 5; each++) refused.push(await add(`crowd-refused-${each}`));
    const bet = { id: 'crowd-bet', type: 'bet', session, game, round: 'r', amount: '1', currency: 'KRW' };
    item = await studio.call('POST', '/transactions', { transactions: [bet] });
  });
  for (const answer of [...refused, item]) {
    assert.equal(answer?.status, 503);
    assert.ok(Number(answer?.headers.get('retry-after')) >= 1);
  }
  assert.equal(item?.body.code, 'retry');
  assert.deepEqual(
    (await Promise.all(waiting)).map((answer) => answer.status),
    new Array(QUEUE_MAX + 1).fill(200),
  );
  const rows = await admin`select key from idempotency where key like 'crowd-%' order by key`;
  assert.equal(rows.length, QUEUE_MAX + 1);
  assert.ok(rows.every((row) => !row.key.includes('refused') && row.key !== 'crowd-bet'));
  const again = await add('crowd-refused-0');
  assert.deepEqual([again.status, again.body.cached], [200, false]);
});

test('a lock that is not given back does not keep the ledger: the batch is given up with nothing done', async () => {
  const slow = await world.secondHub({ lanes: 1, writer: { batchTimeoutMs: 300 } });
  await agent.post('/user/create', { username: 'crowd-two' });
  const there = xtClient(slow.url, agent.apiKey);
  let stuck: Answer | undefined;
  await admin.begin(async (tx) => {
    await tx`select 1 from account where id = (select wallet_account_id from player where username = 'crowd-two') for update`;
    stuck = await there.post('/user/add-balance', { username: 'crowd-two', amount: 5, uuid: 'stuck' });
  });
  assert.equal(stuck?.status, 503, stuck?.text);
  assert.match(stuck?.text ?? '', /처리된 것은 없습니다/);
  const again = await there.post('/user/add-balance', { username: 'crowd-two', amount: 5, uuid: 'stuck' });
  assert.deepEqual([again.status, again.body.cached, again.body.balance], [200, false, 5]);
});

async function laneWaits(): Promise<void> {
  for (;;) {
    const [row] = await admin`select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and application_name = 'croupier ledger' and wait_event_type = 'Lock'`;
    if (row?.waiting > 0) return;
  }
}
