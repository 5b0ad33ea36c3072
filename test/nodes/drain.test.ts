/** SIGTERM drains: what was accepted is answered, the balancer is told, nothing of the hub is left. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect, type Sql } from '../../src/db/connect.ts';
import { findEmbedded } from '../../src/db/embedded.ts';
import { openWorld, SECRET_KEY, type TestAgent, type World, xtClient } from '../world.ts';
import { isRunning, makeFolder, spawnHub, startHubProcess } from './hub-process.ts';

let world: World;
let agent: TestAgent;
let admin: Sql;
before(async () => {
  world = await openWorld();
  agent = await world.agent();
  admin = connect(world.databaseUrl, { max: 2, name: 'test admin' });
  for (const username of ['drain-0', 'drain-1', 'drain-2', 'drain-3'])
    await agent.post('/user/create', { username });
});
after(async () => {
  await admin.end();
  await world.close();
});

const EXIT_MS_MAX = 8000;
const startNode = () => startHubProcess({ DATABASE_URL: world.databaseUrl, SECRET_KEY });

interface Plain {
  readonly status: number;
  readonly text: string;
}

/** A request over a connection of this agent, kept open as clients do. Rejects when it is cut off. */
function send(
  connections: Agent,
  url: string,
  wish: { method: string; path: string; body?: unknown },
): Promise<Plain> {
  return new Promise((resolve, reject) => {
    const type = wish.body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${agent.apiKey}`, ...type };
    const sent = request(
      `${url}${wish.path}`,
      { method: wish.method, agent: connections, headers },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(wish.body === undefined ? undefined : JSON.stringify(wish.body));
  });
}

const add = (uuid: string, username = 'drain-0') => ({
  method: 'POST',
  path: '/api/user/add-balance',
  body: { username, amount: 1, uuid },
});

async function waitForLocks(count: number): Promise<void> {
  for (;;) {
    const [row] = await admin`select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and application_name = 'croupier ledger' and wait_event_type = 'Lock'`;
    if (row?.waiting >= count) return;
  }
}

test('a call under way is answered, readiness says no meanwhile, and the process ends well', {
  timeout: 60_000,
}, async () => {
  const node = await startNode();
  const connections = new Agent({ keepAlive: true });
  const waiting: Promise<Plain>[] = [];
  let readiness: Plain | undefined;
  let liveness: Plain | undefined;
  let signalledAt = 0;
  try {
    // A connection that has been used and is idle when the signal comes must not hold anything up.
    assert.equal((await send(connections, node.url, { method: 'GET', path: '/readyz' })).status, 200);
    await admin.begin(async (tx) => {
      await tx`select 1 from account where kind < 10 order by id for update`;
      for (let each = 0; each < 20; each++)
        waiting.push(send(connections, node.url, add(`under-way-${each}`)));
      await waitForLocks(1);
      node.signal('SIGTERM');
      signalledAt = performance.now();
      while (readiness?.status !== 503) {
        readiness = await send(new Agent(), node.url, { method: 'GET', path: '/readyz' });
        assert.ok(performance.now() - signalledAt < 2000, 'readiness still says yes');
      }
      liveness = await send(new Agent(), node.url, { method: 'GET', path: '/healthz' });
    });
    assert.deepEqual(
      (await Promise.all(waiting)).map((answer) => answer.status),
      new Array(20).fill(200),
    );
    assert.match(readiness?.text ?? '', /draining/);
    assert.equal(liveness?.status, 200);
    assert.deepEqual(await node.exited, { code: 0, signal: null }, node.errors());
    assert.ok(performance.now() - signalledAt < EXIT_MS_MAX);
    const [kept] = await admin`select count(*)::int as count from idempotency where key like 'under-way-%'`;
    assert.equal(kept?.count, 20);
  } finally {
    connections.destroy();
    await node.end();
  }
});

test('under load nobody is cut off in the middle: answered, or turned away with nothing done', {
  timeout: 60_000,
}, async () => {
  const node = await startNode();
  const turnedAway: string[] = [];
  let answered = 0;
  const client = async (index: number) => {
    const connections = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = 0; ; turn++) {
      const outcome = await send(
        connections,
        node.url,
        add(`load-${index}-${turn}`, `drain-${index % 4}`),
      ).then(
        (answer) => answer.status,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      );
      if (outcome === 200) answered++;
      else {
        if (outcome !== 'ECONNREFUSED') turnedAway.push(`load-${index}-${turn}: ${outcome}`);
        break;
      }
    }
    connections.destroy();
  };
  try {
    const clients = Array.from({ length: 24 }, (_each, index) => client(index));
    while (answered < 300) await admin`select 1`;
    node.signal('SIGTERM');
    const signalledAt = performance.now();
    await Promise.all(clients);
    assert.deepEqual(await node.exited, { code: 0, signal: null }, node.errors());
    assert.ok(performance.now() - signalledAt < EXIT_MS_MAX);
    const [kept] = await admin`select count(*)::int as count from idempotency where key like 'load-%'`;
    // A connection that waited at the door when it was shut is reset: then its call was not begun.
    assert.equal(kept?.count, answered, turnedAway.join(', '));
  } finally {
    await node.end();
  }
});

test('the embedded PostgreSQL is stopped with the hub', { timeout: 90_000 }, async () => {
  const folder = await makeFolder();
  const node = await startHubProcess({ DATA_DIR: join(folder, 'data') });
  try {
    const pid = await postmasterBelow(join(folder, 'data'));
    assert.ok(isRunning(pid));
    node.signal('SIGTERM');
    assert.deepEqual(await node.exited, { code: 0, signal: null }, node.errors());
    assert.equal(isRunning(pid), false);
  } finally {
    await node.end();
    await rm(folder, { recursive: true, force: true });
  }
});

async function postmasterBelow(dataDir: string): Promise<number> {
  const url = await findEmbedded(dataDir);
  assert.ok(url !== null);
  const sql = connect(url, { max: 1, name: 'test' });
  const [row] = await sql`select current_setting('data_directory') as dir`;
  await sql.end();
  return Number((await readFile(join(row?.dir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

test('a signal during the start leaves nothing behind either', { timeout: 30_000 }, async () => {
  const folder = await makeFolder();
  const dataDir = join(folder, 'data');
  let output = '';
  const child = spawnHub({ DATA_DIR: dataDir });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  try {
    const exited = once(child, 'exit');
    // The file is there before its first line is.
    let pid = 0;
    while (pid === 0) {
      await nextTurn();
      const file = join(dataDir, 'pg', 'postmaster.pid');
      if (existsSync(file)) pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
    }
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null], output);
    assert.equal(isRunning(pid), false);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});

test('an operator client can start on the next node at once', { timeout: 60_000 }, async () => {
  const [first, second] = await Promise.all([startNode(), startNode()]);
  try {
    first.signal('SIGTERM');
    const answer = await xtClient(second.url, agent.apiKey).post('/user/add-balance', {
      username: 'drain-0',
      amount: 1,
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(await first.exited, { code: 0, signal: null });
  } finally {
    await Promise.all([first.end(), second.end()]);
  }
});
