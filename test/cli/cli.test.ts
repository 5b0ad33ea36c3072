/** The CLI as its users run it: a process, its output, its exit code, on the database of a hub that is running. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from '../../src/db/connect.ts';
import { createEmptyDatabase, openWorld, studioClient, type World, xtClient } from '../world.ts';
import { croupier, croupierJson } from './command.ts';

let world: World;
let folder: string;
before(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'croupier-cli-'));
});
after(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], settings: Record<string, string> = {}) =>
  croupier(world.databaseUrl, args, settings);
const json = (...args: string[]) => croupierJson(world.databaseUrl, args);

test('an agent made by the CLI calls the running hub; its settings hold at once', async () => {
  const made = await json('agent', 'create', '--username', 'cli-agent', '--pot', '1000000');
  assert.deepEqual(Object.keys(made), ['id', 'username', 'apiKey']);
  const agent = xtClient(world.url, made.apiKey);
  assert.equal((await agent.get('/my-info')).body.balance, 1_000_000);
  await agent.post('/user/create', { username: 'cli-user' });
  const paid = await agent.post('/user/add-balance', { username: 'cli-user', amount: 100 });
  assert.equal(paid.status, 200);
  assert.equal((await agent.post('/user/add-balance', { username: 'cli-user', amount: 100 })).status, 429);
  assert.equal((await json('agent', 'set', '--username', 'cli-agent', '--pacing', 'off')).pacing, false);
  assert.equal((await agent.post('/user/add-balance', { username: 'cli-user', amount: 100 })).status, 200);
  await json('agent', 'set', '--username', 'cli-agent', '--allowed-ips', '10.0.0.0/8,192.0.2.7');
  assert.equal((await agent.get('/my-info')).status, 403);
  await json('agent', 'set', '--username', 'cli-agent', '--allowed-ips', 'none');
  assert.equal((await agent.get('/my-info')).status, 200);
});

test('POT moves down the tree and back; what is not there is refused with 1', async () => {
  await json('agent', 'create', '--username', 'upline', '--pot', '1000');
  await json('agent', 'create', '--username', 'downline', '--parent', 'upline');
  assert.equal((await json('agent', 'pot', '--username', 'downline', '--give', '700')).balance, 700);
  const refused = await run(['agent', 'pot', '--username', 'downline', '--give', '301', '--json']);
  assert.deepEqual([refused.code, refused.out], [1, '']);
  assert.match(refused.err, /POT of upline is too low/);
  assert.equal((await json('agent', 'pot', '--username', 'downline', '--take', '200')).balance, 500);
  const list = await json('agent', 'list');
  assert.deepEqual(
    list
      .filter((each: { username: string }) => each.username.endsWith('line'))
      .map((each: { pot: number }) => each.pot),
    [500, 500],
  );
});

test('keys: a second one works beside the first, a revoked one dies', async () => {
  await json('agent', 'create', '--username', 'keyed');
  const { apiKey, keys } = await json('agent', 'keys', '--username', 'keyed', '--add', 'second');
  assert.equal(keys.length, 2);
  const client = xtClient(world.url, apiKey);
  assert.equal((await client.get('/my-info')).status, 200);
  await json('agent', 'keys', '--username', 'keyed', '--revoke', String(keys[1].id));
  assert.equal((await client.get('/my-info')).status, 401);
});

test('a studio made by the CLI signs; a rotated secret works beside the former one', async () => {
  const made = await json('studio', 'create', '--name', 'cli-studio', '--vendors', 'netent,redtiger');
  const first = studioClient(world.url, made);
  assert.equal((await first.call('GET', '/rounds?state=open')).status, 200);
  const second = studioClient(world.url, await json('studio', 'rotate', '--name', 'cli-studio'));
  assert.deepEqual(
    [(await first.call('GET', '/rounds')).status, (await second.call('GET', '/rounds')).status],
    [200, 200],
  );
  await json('studio', 'rotate', '--name', 'cli-studio');
  assert.deepEqual(
    [(await first.call('GET', '/rounds')).status, (await second.call('GET', '/rounds')).status],
    [401, 200],
  );
  assert.equal((await run(['studio', 'create', '--name', 'other', '--vendors', 'netent'])).code, 1);
});

test('players: block, unblock, exclusion that only grows, points', async () => {
  const agent = await world.agent({ username: 'player-agent' });
  await agent.post('/user/create', { username: 'guarded' });
  const named = ['--username', 'guarded', '--agent', 'player-agent'];
  assert.deepEqual(
    pick(await json('player', 'block', ...named, '--reason', 'test'), 'blocked', 'mayPlay', 'blockReason'),
    [true, false, 'test'],
  );
  assert.equal((await json('player', 'unblock', ...named)).mayPlay, true);
  const long = await json('player', 'exclude', ...named, '--days', '30');
  const shorter = await json('player', 'exclude', ...named, '--days', '1');
  assert.equal(shorter.excludedUntil, long.excludedUntil);
  assert.equal((await json('player', 'unblock', ...named)).mayPlay, false);
  assert.equal((await json('player', 'exclude', ...named)).excludedUntil, 'for good');
  assert.equal((await json('player', 'points', ...named, '--give', '250')).points, 250);
});

test('an open round is listed, and voided with a reason', async () => {
  const studio = await world.studio('Habanero');
  const agent = await world.agent();
  const { session, player, game } = await world.play(agent, studio, {
    username: 'stuck-user',
    vendor: 'Habanero',
    balance: 1000,
  });
  await studio.transact({
    id: 'stuck',
    type: 'bet',
    session,
    game,
    round: 'r-stuck',
    amount: '400',
    currency: 'KRW',
  });
  const name = (await json('studio', 'list')).find((each: { vendors: string[] }) =>
    each.vendors.includes('Habanero'),
  ).name;
  const [open] = await json('round', 'list', '--studio', name);
  assert.deepEqual([open.round, open.stake, open.player], ['r-stuck', '400', player]);
  const target = [
    '--game',
    game.id,
    '--vendor',
    'Habanero',
    '--round',
    'r-stuck',
    '--player',
    player,
    '--reason',
    'game crashed',
  ];
  assert.ok((await json('round', 'void', ...target)).transactionId > 2 ** 31);
  assert.equal((await run(['round', 'settle', ...target, '--amount', '5', '--json'])).code, 1);
  assert.equal((await studio.call('GET', `/players/${player}/balance`)).body.balance, '1000');
});

test('limits: the narrowest of agent, vendor and player', async () => {
  const studio = await world.studio('Boongo');
  const agent = await world.agent({ username: 'limited' });
  const { session, game } = await world.play(agent, studio, {
    username: 'careful',
    vendor: 'Boongo',
    balance: 1000,
  });
  await json('agent', 'set', '--username', 'limited', '--max-bet', '500');
  await json('agent', 'limit', '--username', 'limited', '--vendor', 'Boongo', '--max-bet', '300');
  await json(
    'agent',
    'limit',
    '--username',
    'limited',
    '--player',
    'careful',
    '--max-bet',
    '200',
    '--max-win',
    '50',
  );
  const bet = (id: string, amount: string) => ({
    id,
    type: 'bet',
    session,
    game,
    round: id,
    amount,
    currency: 'KRW',
  });
  const [over, within] = await studio.transact(bet('l1', '201'), bet('l2', '200'));
  assert.deepEqual([over.code, within.status], ['limit_exceeded', 'accepted']);
  const [win] = await studio.transact({
    id: 'l3',
    type: 'win',
    session,
    game,
    round: 'l2',
    amount: '80',
    currency: 'KRW',
  });
  assert.equal(win.balance, '850');
});

test('backup goes to a file, restore into an empty database gives the same ledger', async () => {
  const file = join(folder, 'backup.gz');
  const written = await json('backup', file);
  const empty = await createEmptyDatabase();
  try {
    const env = { DATABASE_URL: empty.url };
    const damaged = join(folder, 'damaged.gz');
    await writeFile(damaged, (await readFile(file)).subarray(0, 5000));
    assert.equal((await run(['restore', damaged], env)).code, 1);
    const restored = await run(['restore', file, '--json'], env);
    assert.equal(restored.code, 0, restored.err);
    assert.equal(JSON.parse(restored.out).rows, written.rows);
    assert.equal((await run(['audit', '--json'], env)).code, 0);
    assert.deepEqual(await ledgerOf(empty.url), await ledgerOf(world.databaseUrl));
    assert.equal((await run(['restore', file], env)).code, 1, 'never over something');
  } finally {
    await empty.drop();
  }
});

async function ledgerOf(url: string) {
  const sql = connect(url, { max: 1, name: 'test' });
  const transfers =
    await sql`select id, code, amount, debit_account, credit_account, wire_time(at) as at from transfer order by id`;
  const accounts = await sql`select id, kind, balance, reserved from account where kind < 10 order by id`;
  await sql.end();
  return { transfers: [...transfers], accounts: [...accounts] };
}

test('audit says what does not hold, with exit code 1', async () => {
  const agent = await world.agent();
  await agent.post('/user/create', { username: 'richer' });
  await world.hub
    .sql`update account set balance = balance + 1 where id = (select wallet_account_id from player where username_key = 'richer')`;
  const result = await run(['audit', '--json']);
  assert.equal(result.code, 1);
  const broken = JSON.parse(result.out)
    .checks.filter((check: { ok: boolean }) => !check.ok)
    .map((check: { name: string }) => check.name);
  assert.deepEqual(broken, [
    'every balance equals its entries',
    'the sum over everything is zero per currency',
  ]);
  await world.hub
    .sql`update account set balance = balance - 1 where id = (select wallet_account_id from player where username_key = 'richer')`;
});

test('wrong usage is 2 and says what is missing; help is 0', async () => {
  for (const args of [
    ['agent', 'create'],
    ['agent', 'pot', '--username', 'x'],
    ['nonsense'],
    ['agent', 'set', '--username', 'x', '--pacing', 'maybe'],
  ]) {
    const result = await run(args);
    assert.equal(result.code, 2, args.join(' '));
    assert.notEqual(result.err, '');
  }
  for (const args of [['--help'], ['agent', '--help'], ['agent', 'create', '--help']]) {
    const result = await run(args);
    assert.equal(result.code, 0);
    assert.match(result.out, /Usage: croupier/);
  }
});

function pick(object: Record<string, unknown>, ...keys: string[]): unknown[] {
  return keys.map((key) => object[key]);
}
