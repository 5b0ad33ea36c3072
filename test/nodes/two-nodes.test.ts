/** Two hubs, each its own process, on one database: what is exact on one node is exact on both together. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { revokeApiKey } from '../../src/db/agent.ts';
import { audit } from '../../src/db/audit.ts';
import {
  type Answer,
  openWorld,
  SECRET_KEY,
  type StudioClient,
  signStudio,
  studioClient,
  type TestAgent,
  type World,
  type XtClient,
  xtClient,
} from '../world.ts';
import { type HubProcess, startHubProcess } from './hub-process.ts';

let world: World;
let nodes: readonly HubProcess[] = [];
let studio: StudioClient;
before(async () => {
  world = await openWorld();
  const env = { DATABASE_URL: world.databaseUrl, SECRET_KEY };
  nodes = await Promise.all([startHubProcess(env), startHubProcess(env)]);
  studio = await world.studio('evolution');
});
after(async () => {
  const report = await audit(world.hub.sql);
  await Promise.all(nodes.map((node) => node.end()));
  await world.close();
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
});

/** The operator, or the studio, at the node whose turn it is. */
const at = (index: number): string => nodes[index % nodes.length]?.url ?? '';
const operatorAt = (index: number, agent: { apiKey: string }): XtClient => xtClient(at(index), agent.apiKey);
const studioAt = (index: number): StudioClient => studioClient(at(index), studio);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_each, index) => make(index));
const statuses = (answers: readonly Answer[]) => answers.map((answer) => answer.status);
const countOf = (list: readonly unknown[], value: unknown) => list.filter((each) => each === value).length;

async function withUsers(agent: TestAgent, ...usernames: string[]): Promise<void> {
  for (const username of usernames)
    assert.equal((await agent.post('/user/create', { username })).status, 200);
}

async function within(limitMs: number, holds: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await holds())) assert.ok(performance.now() - startedAt < limitMs, `not within ${limitMs} ms`);
}

test('pacing: one add or sub a second for a user, whichever node is asked', async () => {
  const agent = await world.agent({ pacing: true });
  await withUsers(agent, 'paced-user');
  const startedAt = performance.now();
  const answers = await Promise.all(
    times(24, (index) =>
      operatorAt(index, agent).post(index % 3 === 0 ? '/user/sub-balance-all' : '/user/add-balance', {
        username: 'paced-user',
        amount: 1,
      }),
    ),
  );
  const tookMs = performance.now() - startedAt;
  const rows = await world.hub
    .sql`select at from transfer where agent_id = ${agent.id} and code in (10, 11, 12) order by at`;
  for (const [index, row] of rows.entries())
    assert.ok(index === 0 || row.at - rows[index - 1]?.at >= 1000, 'two of them within a second');
  assert.equal(countOf(statuses(answers), 200), rows.length);
  assert.equal(countOf(statuses(answers), 429), 24 - rows.length);
  if (tookMs < 1000) assert.equal(rows.length, 1);
  assert.ok(
    answers.every((answer) => answer.status === 200 || Number(answer.headers.get('retry-after')) >= 1),
  );
});

test('no double spend: the POT pays for as many transfers as it has money for', async () => {
  const agent = await world.agent({ pot: 700n });
  await withUsers(agent, ...times(40, (index) => `spender-${index}`));
  const answers = await Promise.all(
    times(40, (index) =>
      operatorAt(index, agent).post('/user/add-balance', { username: `spender-${index}`, amount: 100 }),
    ),
  );
  assert.equal(countOf(statuses(answers), 200), 7);
  assert.equal(countOf(statuses(answers), 403), 33);
  assert.equal((await operatorAt(1, agent).get('/my-info')).body.balance, 0);
});

test('no double spend: a wallet pays for as many bets as it has money for', async () => {
  const agent = await world.agent();
  const { session, game } = await world.play(agent, studio, {
    username: 'gambler',
    vendor: 'evolution',
    balance: 500,
  });
  const results = await Promise.all(
    times(30, (index) =>
      studioAt(index).transact({
        id: `gamble-${index}`,
        type: 'bet',
        session,
        game,
        round: `g${index}`,
        amount: '100',
        currency: 'KRW',
      }),
    ),
  );
  assert.equal(
    countOf(
      results.map(([result]) => result.status),
      'accepted',
    ),
    5,
  );
  assert.equal(
    countOf(
      results.map(([result]) => result.code),
      'insufficient_funds',
    ),
    25,
  );
});

test('one uuid at both nodes at once is one transfer with one answer', async () => {
  const agent = await world.agent();
  await withUsers(agent, 'repeated');
  for (const [turn, uuid] of times(15, () => randomUUID()).entries()) {
    const answers = await Promise.all(
      times(6, (index) =>
        operatorAt(index, agent).post('/user/add-balance', { username: 'repeated', amount: 7, uuid }),
      ),
    );
    assert.deepEqual(statuses(answers), new Array(6).fill(200));
    assert.equal(new Set(answers.map((answer) => answer.body.transaction_id)).size, 1);
    assert.deepEqual([...new Set(answers.map((answer) => answer.body.balance))], [7 * (turn + 1)]);
    assert.equal(
      countOf(
        answers.map((answer) => answer.body.cached),
        false,
      ),
      1,
    );
  }
});

test('one uuid for different users: exactly one has it', async () => {
  const agent = await world.agent();
  await withUsers(agent, 'rival-0', 'rival-1');
  for (const uuid of times(15, () => randomUUID())) {
    const answers = await Promise.all(
      times(2, (index) =>
        operatorAt(index, agent).post('/user/add-balance', { username: `rival-${index}`, amount: 7, uuid }),
      ),
    );
    assert.deepEqual(statuses(answers).sort(), [200, 422]);
  }
});

test('one item id at both nodes at once is one transfer with one answer', async () => {
  const agent = await world.agent();
  const { session, game } = await world.play(agent, studio, { username: 'item-twin', vendor: 'evolution' });
  for (const id of times(15, () => randomUUID())) {
    const item = { id, type: 'bet', session, game, round: id, amount: '10', currency: 'KRW' };
    const results = (await Promise.all(times(6, (index) => studioAt(index).transact(item)))).flat();
    assert.equal(
      new Set(results.map((result) => `${result.status} ${result.transactionId} ${result.balance}`)).size,
      1,
    );
    assert.equal(
      countOf(
        results.map((result) => result.replayed),
        false,
      ),
      1,
    );
  }
});

test('one item id for different players: exactly one has it', async () => {
  const agent = await world.agent();
  const players = [
    await world.play(agent, studio, { username: 'item-rival-0', vendor: 'evolution' }),
    await world.play(agent, studio, { username: 'item-rival-1', vendor: 'evolution' }),
  ];
  for (const id of times(15, () => randomUUID())) {
    const results = await Promise.all(
      players.map(({ session, game }, index) =>
        studioAt(index).transact({
          id,
          type: 'bet',
          session,
          game,
          round: id,
          amount: '10',
          currency: 'KRW',
        }),
      ),
    );
    const told = results.flat().map((result) => result.code ?? result.status);
    assert.deepEqual(told.sort(), ['accepted', 'id_reused']);
  }
});

test('an id whose cancel came first is still one answer, whoever uses it then', async () => {
  const agent = await world.agent();
  const players = [
    await world.play(agent, studio, { username: 'ghost-0', vendor: 'evolution' }),
    await world.play(agent, studio, { username: 'ghost-1', vendor: 'evolution' }),
  ];
  const [first] = players;
  for (const id of times(15, () => randomUUID())) {
    const cancel = {
      id: `cancel-${id}`,
      type: 'cancel',
      reference: id,
      session: first?.session,
      game: first?.game,
    };
    const [left] = await studioAt(0).transact({ ...cancel, currency: 'KRW' });
    assert.deepEqual([left.status, left.transactionId], ['accepted', null]);
    const results = await Promise.all(
      players.map(({ session, game }, index) =>
        studioAt(index).transact({ id, type: 'promo_win', session, game, amount: '10', currency: 'KRW' }),
      ),
    );
    const told = results.flat().map((result) => result.code ?? result.status);
    assert.deepEqual(told.sort(), ['accepted', 'id_reused']);
  }
});

test('a nonce is spent for both nodes', async () => {
  const path = '/studio/v1/rounds?state=open';
  const timestamp = String(Date.now());
  const sendTo = async (index: number, nonce: string) => {
    const signature = signStudio(studio.secret, { method: 'GET', path, timestamp, nonce, body: '' });
    const headers = {
      'x-studio-key': studio.key,
      'x-timestamp': timestamp,
      'x-nonce': nonce,
      'x-signature': signature,
    };
    const response = await fetch(`${at(index)}${path}`, { headers, signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    return response.status;
  };
  assert.deepEqual(
    [await sendTo(0, 'first'), await sendTo(1, 'first'), await sendTo(0, 'first')],
    [200, 401, 401],
  );
  for (let turn = 0; turn < 10; turn++) {
    const answers = await Promise.all(times(6, (index) => sendTo(index, `raced-${turn}`)));
    assert.equal(countOf(answers, 200), 1);
  }
});

test('a token of one node opens at the other, once', async () => {
  const agent = await world.agent();
  const launched = await operatorAt(0, agent).get('/game-launch-link', {
    username: 'traveller',
    vendor: 'evolution',
    game_id: 'evolution-game',
  });
  const token = new URL(launched.body.link).searchParams.get('token');
  const opened = await Promise.all(
    times(4, (index) => studioAt(index + 1).call('POST', '/sessions/open', { token })),
  );
  assert.deepEqual(statuses(opened).sort(), [200, 401, 401, 401]);
});

test('a key revoked on one node is dead on the others', async () => {
  const agent = await world.agent();
  for (const index of [0, 1]) assert.equal((await operatorAt(index, agent).get('/my-info')).status, 200);
  const [key] = await world.hub.sql`select id from api_key where agent_id = ${agent.id}`;
  assert.ok(await revokeApiKey(world.hub.sql, agent.id as never, Number(key?.id)));
  for (const index of [0, 1])
    await within(3000, async () => (await operatorAt(index, agent).get('/my-info')).status === 401);
});

test('a change of the catalogue on one node is seen on the other', async () => {
  const agent = await world.agent();
  const titles = async (index: number) =>
    (await operatorAt(index, agent).get('/game-list', { vendor: 'evolution' })).body.map(
      (game: { title: string }) => game.title,
    );
  assert.deepEqual([...(await titles(0)), ...(await titles(1))], ['evolution test', 'evolution test']);
  const renamed = {
    id: 'evolution-game',
    title: 'renamed',
    type: 'slot',
    vendor: 'evolution',
    launchUrl: 'http://127.0.0.1:1/play',
  };
  assert.equal((await studioAt(0).call('PUT', '/games', { games: [renamed] })).status, 200);
  for (const index of [0, 1]) await within(3000, async () => (await titles(index)).includes('renamed'));
});
