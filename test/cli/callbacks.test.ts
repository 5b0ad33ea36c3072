/** `croupier callbacks`: what staff see of operators in trouble, and what they do about it, beside a running hub. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LEASE_MS } from '../../src/core/delivery.ts';
import { until } from '../http/rig.ts';
import { type Operator, openOperator, seat } from '../seamless/rig.ts';
import { openTrouble, processed } from '../seamless/trouble.ts';
import { openWorld, type StudioClient, type World } from '../world.ts';
import { croupier, croupierJson } from './command.ts';

let world: World;
let operator: Operator;
let studio: StudioClient;
/** Holds questions back between their commit and the operator. */
let gate: (() => Promise<void>) | null = null;
before(async () => {
  const client = { allowLoopback: true, allowedNetworks: [] };
  const atStep = async (step: string) => (step === 'asked' ? gate?.() : undefined);
  world = await openWorld({ logLevel: 'silent', outreach: { client, atStep } });
  operator = await openOperator();
  studio = await world.studio('evolution');
});
after(async () => {
  await world.close();
  await operator.close();
});

const run = (...args: string[]) => croupier(world.databaseUrl, ['callbacks', ...args]);
const json = (...args: string[]) => croupierJson(world.databaseUrl, ['callbacks', ...args]);
const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);
const auditOf = async (id: number) =>
  world.hub.sql`select actor, action, detail from audit_log where subject = ${`callback ${id}`} order by id`;

test('one that is due is listed and shown with its attempts in words; a resend is delivered by the hub', async () => {
  const { agent, seat: at, lose, stateOf } = await openTrouble(world, operator, { studio });
  const id = await lose('due');
  const [row, ...others] = await json('list', '--agent', agent.username);
  assert.deepEqual(
    [row.id, row.state, row.type, row.amount, row.currency, row.username, others.length],
    [id, 'due', 'win', 250, 'KRW', at.username, 0],
  );
  assert.deepEqual([row.last.class, row.last.status], ['failed', 500]);
  assert.ok(!('walletId' in row));
  const shown = await json('show', String(id));
  const [first] = shown.attempts;
  assert.deepEqual([first.n, first.class, first.status], [1, 'failed', 500]);
  assert.match(first.meaning, /^Answered 5xx/);
  assert.equal(JSON.parse(first.request).transaction.id, id);
  assert.ok(Number.isInteger(first.elapsedMs) && first.answer.includes('fault'));
  // Far away, so that nothing but the resend can bring it.
  await world.hub.sql`update callback set next_at = now() + interval '1 hour' where id = ${id}`;
  operator.fault({});
  const startedAt = performance.now();
  const resent = await json('resend', String(id), '--reason', 'operator says it is back');
  assert.equal(resent.id, id);
  await until('the hub delivers', async () => (await stateOf(id)) === null);
  assert.ok(performance.now() - startedAt < LEASE_MS, 'not by a lease nobody works on');
  assert.ok(processed(operator).includes(id));
  const [line] = await auditOf(id);
  assert.match(line?.actor, /^cli:/);
  assert.equal(line?.action, 'callback.resend');
  assert.equal(line?.detail.reason, 'operator says it is back');
});

test('what was given up is listed; all of an agent are sent again, in order', async () => {
  const trouble = await openTrouble(world, operator, { studio });
  const { agent, lose, stateOf, giveUpSoon } = trouble;
  await giveUpSoon();
  const ids = [await lose('a'), await lose('b'), await lose('c')];
  await until('all are listed', async () =>
    (await Promise.all(ids.map(stateOf))).every((s) => s === 'listed'),
  );
  assert.deepEqual(idsOf(await json('list', '--state', 'listed', '--agent', agent.username)), ids);
  assert.deepEqual(idsOf(await json('list', '--state', 'due', '--agent', agent.username)), []);
  assert.deepEqual(idsOf(await json('list', '--agent', String(agent.id), '--limit', '2')), ids.slice(0, 2));
  assert.deepEqual(await json('list', '--agent', agent.username, '--older-than', '5'), []);
  operator.fault({});
  assert.deepEqual(await json('resend', '--agent', agent.username, '--all-listed'), {
    resent: 3,
    refused: 0,
  });
  await until('all are through', async () => (await Promise.all(ids.map(stateOf))).every((s) => s === null));
  const order = operator.desk.calls().map(({ packet }) => packet?.id);
  assert.deepEqual(order.filter((id) => id !== undefined && ids.includes(id)).slice(0, 3), ids.toReversed());
  for (const id of ids) assert.equal((await auditOf(id)).length, 1);
  assert.deepEqual(await json('resend', '--agent', agent.username, '--all-listed'), {
    resent: 0,
    refused: 0,
  });
});

test('a resend that fails again is given up again', async () => {
  const { agent, lose, stateOf, giveUpSoon } = await openTrouble(world, operator, { studio });
  await giveUpSoon();
  const id = await lose('again');
  await until('it is listed', async () => (await stateOf(id)) === 'listed');
  await json('resend', String(id));
  await until('it was tried', async () => (await json('show', String(id))).attempts.length === 2);
  assert.equal((await json('show', String(id), '--agent', agent.username)).state, 'listed');
});

test('resolving needs a reason, lets the next in line go, and moves no money', async () => {
  const { seat: at, lose, stateOf } = await openTrouble(world, operator, { studio });
  const id = await lose('stuck');
  await world.hub.sql`update callback set next_at = now() + interval '1 hour' where id = ${id}`;
  const next = await at.send('promo', 'promo_win', { amount: '7' });
  const before = await world.hub
    .sql`select id, balance, reserved, known from account where kind < 10 order by id`;
  assert.equal((await run('resolve', String(id))).code, 2);
  assert.equal((await run('resolve', String(id), '--reason', ' ')).code, 2);
  operator.fault({});
  const resolved = await json('resolve', String(id), '--reason', 'paid by hand');
  assert.deepEqual([resolved.state, resolved.resolution.reason], ['resolved', 'paid by hand']);
  await until('the next is told', async () => (await stateOf(next.transactionId)) === null);
  const after = await world.hub
    .sql`select id, balance, reserved, known from account where kind < 10 order by id`;
  assert.deepEqual([...after], [...before]);
  assert.ok(!processed(operator).includes(id));
  for (const act of ['resend', 'resolve']) {
    const refused = await run(act, String(id), '--reason', 'again');
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.err, /was resolved by hand before/);
  }
  const [line] = await auditOf(id);
  assert.equal(line?.action, 'callback.resolve');
  assert.deepEqual(idsOf(await json('list', '--state', 'resolved')), [id]);
});

test('what has ended is shown by its transfer and its attempts', async () => {
  const { agent, seat: at } = await openTrouble(world, operator, { studio });
  operator.fault({});
  const ended = async (id: number) => (await json('show', String(id))).state;
  const bet = await at.send('b1', 'bet', { amount: '100' });
  const win = await at.send('w1', 'win', { amount: '300' });
  await until('the win is told', async () => (await json('show', String(win.transactionId))).state !== 'due');
  assert.equal(await ended(bet.transactionId), 'accepted');
  const shown = await json('show', String(win.transactionId));
  assert.deepEqual(
    [shown.state, shown.amount, shown.after, shown.game.round, shown.attempts.length, shown.agentId],
    ['delivered', 300, 100_200, 'r1', 1, agent.id],
  );
  operator.fault({ redirect: 1 }, { only: ['bet'] });
  assert.equal((await at.send('b2', 'bet', { amount: '100' })).code, 'operator_refused');
  operator.fault({ oddStatus: 1 }, { only: ['bet'] });
  assert.equal((await at.send('b3', 'bet', { amount: '100' })).code, 'operator_unavailable');
  operator.fault({});
  const attempts = await world.hub
    .sql`select callback_id, class from callback_attempt where agent_id = ${agent.id} and class = any('{redirected,other_success}') order by callback_id`;
  const [refused, unknown] = attempts.map((row) => Number(row.callback_id));
  assert.deepEqual([await ended(refused!), await ended(unknown!)], ['refused', 'taken_back']);
  await world.hub.sql`delete from callback_attempt where callback_id = ${win.transactionId}`;
  const old = await json('show', String(win.transactionId));
  assert.deepEqual([old.state, old.amount, old.attempts], ['delivered', 300, []]);
  const acted = await run('resend', String(win.transactionId));
  assert.equal(acted.code, 1);
  assert.match(acted.err, /has ended/);
});

test('a bet in flight can be neither sent again nor resolved', async () => {
  const { seat: at } = await openTrouble(world, operator, { studio });
  operator.fault({});
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  gate = async () => {
    asked.resolve();
    await answer.promise;
  };
  const bet = at.send('slow', 'bet', { amount: '100' });
  await asked.promise;
  const [row] = await world.hub.sql`select id from callback where state = 0`;
  for (const act of ['resend', 'resolve']) {
    const refused = await run(act, String(row?.id), '--reason', 'impatience');
    assert.deepEqual([refused.code, refused.out], [1, '']);
    assert.match(refused.err, /being asked about just now/);
  }
  gate = null;
  answer.resolve();
  assert.equal((await bet).status, 'accepted');
});

test('health: outstanding, the last success, failures and times', async () => {
  const { agent, lose } = await openTrouble(world, operator, { studio });
  await lose('health');
  const [health] = await json('health', '--agent', agent.username);
  assert.equal(health.agent, agent.username);
  assert.deepEqual([health.asking, health.due, health.listed], [0, 1, 0]);
  assert.ok(health.attempts >= 2 && health.failed >= 1 && health.failureRate > 0 && health.failureRate < 1);
  assert.ok(health.oldestSeconds >= 0 && health.p50Ms >= 0 && health.p95Ms >= health.p50Ms);
  assert.match(health.lastSuccessAt, /^\d{4}-/);
  operator.fault({});
  const all = await run('health');
  assert.equal(all.code, 0);
  assert.match(all.out, new RegExp(`${agent.username}.*%`));
  const quiet = await openTrouble(world, operator, { studio });
  await world.hub.sql`delete from callback_attempt where agent_id = ${quiet.agent.id}`;
  const [still] = await json('health', '--agent', quiet.agent.username);
  assert.deepEqual(
    [still.attempts, still.failureRate, still.p50Ms, still.oldestSeconds, still.lastSuccessAt],
    [0, null, null, null, null],
  );
});

test('a page for people: words for each attempt, and nothing that steers the terminal', async () => {
  const { lose, seat: at, agent } = await openTrouble(world, operator, { studio });
  const id = await lose('page');
  await world.hub
    .sql`update callback_attempt set answer = ${'\u001b[2J<b>boo</b>\r\n'} where callback_id = ${id}`;
  const { code, out } = await run('show', String(id));
  assert.equal(code, 0);
  assert.match(out, /Answered 5xx: the operator's server failed\./);
  assert.match(out, /<b>boo<\/b>/);
  assert.ok(!out.includes('\u001b') && !out.includes('\r'));
  const listed = await run('list', '--player', at.username, '--agent', agent.username);
  assert.match(listed.out, new RegExp(`${id} .*failed \\(500\\)`));
  operator.fault({});
});

test('users are found by id, by name at their agent, or by a name only one has', async () => {
  const first = await openTrouble(world, operator, { studio });
  const id = await first.lose('named');
  const other = await seat(world, { agent: first.agent, studio });
  assert.deepEqual(idsOf(await json('list', '--player', first.seat.username)), [id]);
  assert.deepEqual(idsOf(await json('list', '--player', first.seat.player)), [id]);
  assert.deepEqual(idsOf(await json('list', '--player', other.username)), []);
  operator.fault({});
});

const WRONG: readonly (readonly [code: number, ...args: string[]])[] = [
  [2, 'list', '--state', 'lost'],
  [2, 'list', '--limit', '0'],
  [2, 'list', '--older-than', 'yesterday'],
  [1, 'list', '--agent', 'nobody-at-all'],
  [1, 'list', '--player', 'nobody-at-all'],
  [2, 'show', 'abc'],
  [2, 'show'],
  [1, 'show', '4999999999'],
  [2, 'resend'],
  [2, 'resend', '--all-listed'],
  [2, 'resend', '5', '--all-listed', '--agent', 'x'],
  [1, 'resend', '4999999999'],
  [1, 'resolve', '4999999999', '--reason', 'x'],
  [1, 'health', '--agent', 'nobody-at-all'],
];
for (const [code, ...args] of WRONG) {
  test(`callbacks ${args.join(' ')}: exit code ${code}`, async () => {
    const result = await run(...args);
    assert.deepEqual([result.code, result.out], [code, ''], result.err);
    assert.notEqual(result.err, '');
  });
}
