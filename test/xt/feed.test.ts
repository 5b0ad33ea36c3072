/** What a poller may rely on (contract xt §4): windows, pages that stay, order, reach, and ids without gaps. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AgentId } from '../../src/core/ids.ts';
import { feedWindow } from '../../src/db/feed.ts';
import { ensurePartitions } from '../../src/db/partition.ts';
import { foldTransfers } from '../../src/db/rollup.ts';
import { exclusiveEnd } from '../../src/xt/transactions.ts';
import { openWorld, type TestAgent, type World, xtClient } from '../world.ts';

interface Row {
  readonly id: number;
  readonly type: string;
  readonly processed_at: string;
}

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const ALWAYS = { start: '2020-01-01 00:00:00', end: '2099-01-01 00:00:00' };
const ids = (rows: readonly Row[]) => rows.map((row) => row.id);

async function window(agent: TestAgent, values: Record<string, unknown>): Promise<Row[]> {
  const answer = await agent.get('/transactions', { page: 1, perPage: 1000, ...values });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.data;
}

/** An agent whose payments are moved in time, to the second, by SQL: rows at the given instants. */
async function agentWithRowsAt(...instants: string[]): Promise<TestAgent> {
  const agent = await world.agent({ pot: 0n });
  await agent.post('/user/create', { username: 'timed01' });
  for (const at of instants) {
    await agent.post('/user/exchange-point-all', { username: 'timed01' });
    await world.hub
      .sql`update transfer set at = ${at} where agent_id = ${agent.id} and id = (select max(id) from transfer where agent_id = ${agent.id})`;
  }
  return agent;
}

const MINUTE = `${new Date(Date.now() - 600_000).toISOString().slice(0, 16)}:`;
const at = (second: string) => `${MINUTE}${second}Z`;
const asked = (second: string) => `${MINUTE}${second}`.replace('T', ' ');

const WINDOWS: readonly (readonly [start: string, end: string, found: number[]])[] = [
  ['00', '10', [0]],
  ['10', '20', [1, 2]],
  ['20', '30', [3]],
  ['00', '30', [0, 1, 2, 3]],
  ['00', '59', [0, 1, 2, 3, 4]],
  ['10', '59', [1, 2, 3]],
  ['59', '59', []],
];
test('windows are half-open; whole minutes written with seconds mean their last second too', async () => {
  const agent = await agentWithRowsAt(at('00'), at('10'), at('19.999999'), at('20'), at('59.5'));
  const all = ids(await window(agent, ALWAYS));
  for (const [start, end, found] of WINDOWS) {
    const rows = await window(agent, { start: asked(start), end: asked(end) });
    assert.deepEqual(
      ids(rows),
      found.map((index) => all[index]),
      `${start}–${end}`,
    );
  }
  const iso = await window(agent, {
    start: asked('10').replace(' ', 'T'),
    end: `${asked('20').replace(' ', 'T')}Z`,
  });
  assert.equal(iso.length, 2);
  const { body } = await agent.get('/transactions', {
    start: asked('20'),
    end: asked('10'),
    page: 1,
    perPage: 1,
  });
  assert.deepEqual(Object.keys(body.errors), ['end']);
});

const ENDS: readonly (readonly [start: string, end: string, exclusive: string])[] = [
  ['2026-01-31T00:00:00.000Z', '2026-01-31T23:59:59.000Z', '2026-02-01T00:00:00.000Z'],
  ['2026-01-31T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
  ['2026-01-31T00:00:01.000Z', '2026-01-31T23:59:59.000Z', '2026-01-31T23:59:59.000Z'],
  ['2026-01-31T00:00:00.000Z', '2026-01-31T23:59:58.000Z', '2026-01-31T23:59:58.000Z'],
];
for (const [start, end, exclusive] of ENDS) {
  test(`${start} to ${end} ends before ${exclusive}`, () => {
    assert.equal(exclusiveEnd({ start, end }), exclusive);
  });
}

test('rows are searchable for 14 days', async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  for (const days of [13, 15]) await ensurePartitions(world.hub.sql, daysAgo(days));
  const agent = await agentWithRowsAt(daysAgo(15).toISOString(), daysAgo(13.9).toISOString());
  assert.equal((await window(agent, ALWAYS)).length, 1);
  assert.equal((await agent.get('/transaction-list')).body.data.length, 1);
});

test('desc is asc turned round, and pages of either cover every row once', async () => {
  const agent = await world.agent();
  await agent.post('/user/create', { username: 'ordered01' });
  for (let count = 0; count < 8; count++)
    await agent.post('/user/add-balance', { username: 'ordered01', amount: 1 });
  const whole = ids(await window(agent, ALWAYS));
  assert.equal(whole.length, 17);
  assert.deepEqual(ids(await window(agent, { ...ALWAYS, order: 'DESC' })), whole.toReversed());
  for (const [order, expected] of [
    ['asc', whole],
    ['desc', whole.toReversed()],
  ] as const) {
    const pages: number[] = [];
    for (let page = 1; page <= 4; page++)
      pages.push(...ids(await window(agent, { ...ALWAYS, order, page, perPage: 5 })));
    assert.deepEqual(pages, expected);
  }
  assert.deepEqual((await agent.get('/transactions', { ...ALWAYS, page: 99, perPage: 5 })).body, {
    data: [],
  });
  const standard = await agent.get('/transactions', ALWAYS);
  assert.equal(standard.body.data.length, 17, 'page and perPage have defaults');
});

// ---- while others write ---------------------------------------------------------------------------------------

const WRITERS = 6;
const PAYMENTS = 40;

/** Payments by several users on two nodes, at once; resolves when all are done. */
async function writeOn(agent: TestAgent, users: readonly string[]): Promise<void> {
  const nodes = [world.url, (await world.secondHub()).url].map((url) => xtClient(url, agent.apiKey));
  await Promise.all(
    users.map(async (username, index) => {
      for (let count = 0; count < PAYMENTS; count++) {
        const paid = await nodes[(index + count) % 2]?.post('/user/add-balance', { username, amount: 1 });
        assert.equal(paid?.status, 200);
      }
    }),
  );
}

async function writtenAgent(): Promise<{ agent: TestAgent; users: string[] }> {
  const agent = await world.agent();
  const users = Array.from({ length: WRITERS }, (_, index) => `writer0${index}`);
  for (const username of users) await agent.post('/user/create', { username });
  return { agent, users };
}

test('/transaction-list polled while two nodes write shows every row once, in the order of ids', async () => {
  const { agent, users } = await writtenAgent();
  let done = false;
  const writing = writeOn(agent, users).finally(() => {
    done = true;
  });
  const read: number[] = [];
  for (let last = false; !last || read.length === 0; ) {
    last = done;
    for (;;) {
      const rows: Row[] = (
        await agent.get('/transaction-list', { start_transaction_id: read.at(-1) ?? 0, perPage: 50 })
      ).body.data;
      read.push(...ids(rows));
      if (rows.length < 50) break;
    }
  }
  await writing;
  assert.equal(read.length, 1 + 2 * WRITERS * PAYMENTS);
  assert.deepEqual(
    read,
    read.toSorted((a, b) => a - b),
  );
  assert.deepEqual(new Set(read), new Set(ids(await window(agent, ALWAYS))));
});

test('consecutive windows polled while two nodes write show every row once', async () => {
  const { agent, users } = await writtenAgent();
  let done = false;
  const writing = writeOn(agent, users).finally(() => {
    done = true;
  });
  // Windows go to the second on the wire; the poller's own clock cuts them as fine as it can.
  const read: number[] = [];
  let from = '2020-01-01T00:00:00.000000Z';
  for (let last = false; !last; ) {
    last = done;
    const [clock] = await world.hub.sql`select wire_time(clock_timestamp()) as now`;
    const cut = { agentId: agent.id as AgentId, start: from, end: clock?.now, offset: 0, limit: 1000 };
    read.push(
      ...(await feedWindow(world.hub.sql, { ...cut, descending: false, withDetails: false })).map(
        (r) => r.id,
      ),
    );
    from = clock?.now;
  }
  await writing;
  assert.equal(new Set(read).size, read.length);
  assert.equal(read.length, 1 + 2 * WRITERS * PAYMENTS);
});

test('pages of a closed window do not shift while rows are written', async () => {
  const { agent, users } = await writtenAgent();
  for (const username of users) await agent.post('/user/add-balance', { username, amount: 1 });
  const closed = ids(await window(agent, ALWAYS));
  const [clock] = await world.hub.sql`select wire_time(clock_timestamp()) as now`;
  const writing = writeOn(agent, users);
  const page = { agentId: agent.id as AgentId, start: '2020-01-01T00:00:00Z', end: clock?.now, limit: 5 };
  for (let round = 0; round < 5; round++) {
    const read: number[] = [];
    for (let offset = 0; offset < closed.length; offset += 5) {
      const query = { ...page, offset, descending: round % 2 === 1, withDetails: false };
      read.push(...(await feedWindow(world.hub.sql, query)).map((row) => row.id));
    }
    assert.deepEqual(read, round % 2 === 1 ? closed.toReversed() : closed);
  }
  await writing;
});

test('pages in any order, begun from the end of one before or counted, are the same rows', async () => {
  const { agent, users } = await writtenAgent();
  for (let count = 0; count < 6; count++)
    for (const username of users) await agent.post('/user/add-balance', { username, amount: 1 });
  // Rows of an hour ago stand in a closed window; moved together, they keep their order.
  await world.hub.sql`update transfer set at = at - interval '1 hour' where agent_id = ${agent.id}`;
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  const closed = { start: day(Date.now() - 86_400_000), end: day(Date.now() - 1_800_000) };
  for (const order of ['asc', 'desc']) {
    const all = ids(await window(agent, { ...closed, order }));
    assert.ok(all.length > 20);
    for (const perPage of [3, 4]) {
      // Upwards, then a jump back, a jump over, and beyond the end.
      const last = Math.ceil(all.length / perPage);
      const pages = [...Array.from({ length: last }, (_, at) => at + 1), 2, 5, 1, 6, last, last + 1];
      for (const page of pages) {
        const rows = ids(await window(agent, { ...closed, order, perPage, page }));
        assert.deepEqual(
          rows,
          all.slice((page - 1) * perPage, page * perPage),
          `${order} ${perPage} ${page}`,
        );
      }
    }
  }
});

test('a page read upwards in an open window is followed by what was written since', async () => {
  const { agent, users } = await writtenAgent();
  const open = {
    start: new Date(Date.now() - 60_000).toISOString().slice(0, 19).replace('T', ' '),
    end: ALWAYS.end,
  };
  const read: number[] = [];
  for (let page = 1; page <= 5; page++) {
    for (const username of users) await agent.post('/user/add-balance', { username, amount: 1 });
    read.push(...ids(await window(agent, { ...open, perPage: 2, page })));
  }
  assert.deepEqual(read, ids(await window(agent, open)).slice(0, read.length));
  assert.equal(read.length, 10);
});

test('a reader waits for a transaction under way, also for the youngest of all', async () => {
  const agent = await world.agent();
  let answered = false;
  const reads: Promise<unknown>[] = [];
  await world.hub.sql.begin(async (writer) => {
    await writer`select pg_current_xact_id()`;
    for (const path of ['/transaction-list', '/transactions'])
      reads.push(
        agent.get(path, ALWAYS).then(() => {
          answered = true;
        }),
      );
    for (let count = 0; count < 20; count++) await agent.get('/my-info');
    assert.equal(answered, false);
  });
  await Promise.all(reads);
  assert.equal(answered, true);
});

test('folding leaves out what a transaction under way may still add', async () => {
  await world.hub.sql.begin(async (writer) => {
    await writer`select pg_current_xact_id()`;
    await world.agent({ pot: 5n });
    assert.equal(await foldTransfers(world.hub.sql), 0);
  });
});

test('/transaction-list starts after an id, within a twin too, and not before an instant', async () => {
  const agent = await world.agent();
  await agent.post('/user/create', { username: 'after01' });
  for (let count = 0; count < 3; count++)
    await agent.post('/user/add-balance', { username: 'after01', amount: 1 });
  const all = ids(await window(agent, ALWAYS));
  for (const [index, id] of all.entries()) {
    const { data } = (await agent.get('/transaction-list', { start_transaction_id: id, perPage: 1000 })).body;
    assert.deepEqual(ids(data), all.slice(index + 1));
  }
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19);
  assert.deepEqual((await agent.get('/transaction-list', { start: tomorrow })).body, { data: [] });
  assert.equal((await agent.get('/transaction-list', { perPage: 2 })).body.data.length, 2);
  assert.equal((await agent.get('/transaction-list', { perPage: 1001 })).status, 422);
});
