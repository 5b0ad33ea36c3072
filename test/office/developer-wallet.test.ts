/** The test page and certification: what goes to an operator's wallet at a person's wish, and what the hub makes of it. */
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { CHECKS } from '../../src/callbacks/certify/checks.ts';
import { isSignedBy } from '../../src/callbacks/signature.ts';
import { isTestId } from '../../src/callbacks/try-out.ts';
import { type Habits, tinyOperator } from '../certify/tiny-operator.ts';
import { until } from '../http/rig.ts';
import type { Answer } from '../world.ts';
import { type OfficeClient, type OfficeRig, officeClient, openRig } from './rig.ts';

const IMPATIENT = {
  ...{ allowLoopback: true, allowedNetworks: [] },
  ...{ questionTimeoutMs: 400, messageTimeoutMs: 500 },
};
const USER = 'tester01';

let rig: OfficeRig;
let owner: OfficeClient;
let secret: string;
let path: string;
/** What the operator was sent: headers and payload. */
const received: { headers: Record<string, unknown>; payload: string }[] = [];
let habits: Partial<Habits> = {};
let operator: RequestListener;
const server = createServer((request, response) => operator(request, response));

before(async () => {
  rig = await openRig({ outreach: { client: IMPATIENT } });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wallet`;
  await rig.sql`update agent set wallet = 'seamless', callback_url = ${url} where id = ${rig.agents.b.id}`;
  rig.world.hub.directory.forget();
  owner = await rig.of('b');
  path = `/developer/${rig.agents.b.id}`;
  secret = (await owner.post(`${path}/callback-secrets`)).body.secret;
  opens({});
});
after(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rig.close();
});

/** An operator with these habits, and a user who has 1000. */
function opens(different: Partial<Habits>): void {
  habits = different;
  operator = tinyOperator(
    { [USER]: 1000 },
    {
      ...habits,
      turnAway(request, payload) {
        received.push({ headers: request.headers, payload });
        return habits.turnAway?.(request, payload) ?? null;
      },
    },
  );
}

/** Sends one as soon as its turn has come. */
async function send(body: Record<string, unknown>): Promise<Answer> {
  let answer: Answer | null = null;
  await until('a turn', async () => {
    answer = await owner.post(`${path}/test-packets`, { username: USER, ...body });
    return answer.status !== 429;
  });
  assert.ok(answer !== null);
  return answer;
}

test('every packet goes out signed, and moves at the operator what it says', async () => {
  opens({});
  received.length = 0;
  const balance = await send({ packet: 'balance' });
  assert.deepEqual(
    [balance.body.sent.balance, balance.body.sent.verdict, balance.body.id],
    ['1000', 'accepted', null],
  );
  const bet = await send({ packet: 'bet', amount: '100' });
  assert.equal(bet.status, 200, bet.text);
  const table: [packet: string, amount: string | undefined, moves: number, refers: boolean][] = [
    ['win', '250', 250, true],
    ['win_zero', undefined, 0, true],
    ['charge', '10', -10, false],
    ['adjust_plus', '7', 7, false],
    ['adjust_minus', '3', -3, false],
    ['promo_win', '50', 50, false],
    ['exceed_credit', '20', -20, true],
    ['cancel', '100', 100, true],
  ];
  const moved = (answer: Answer) => Number(answer.body.after.balance) - Number(answer.body.before.balance);
  assert.equal(moved(bet), -100);
  for (const [packet, amount, moves, refers] of table) {
    const answer = await send({
      packet,
      ...(amount === undefined ? {} : { amount }),
      ...(refers ? { refererId: bet.body.id } : {}),
    });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(moved(answer), moves, packet);
    const { sent, id } = answer.body;
    assert.equal(sent.verdict, packet === 'charge' ? 'accepted' : 'delivered');
    assert.equal(sent.class, 'accepted');
    assert.ok(isTestId(id) && id !== bet.body.id && String(id).startsWith('5') && String(id).length === 16);
    const told = JSON.parse(sent.request.body);
    assert.deepEqual([told.transaction.id, told.transaction.referer_id], [id, refers ? bet.body.id : null]);
    assert.equal(told.transaction.target.balance, Number(answer.body.before.balance) + moves);
    assert.match(told.transaction.details.game.round, /^test-5/);
  }
  const packets = received.filter(({ payload }) => payload.startsWith('{'));
  assert.equal(packets.length, table.length + 1);
  for (const { headers, payload } of packets) {
    const timestamp = String(headers['x-timestamp']);
    assert.ok(isSignedBy(secret, { timestamp, payload }, [String(headers['x-signature'])]));
  }
  const shown = Object.fromEntries(bet.body.sent.request.headers);
  assert.equal(shown['X-Signature'], packets[0]?.headers['x-signature']);
  assert.equal(bet.body.sent.request.body, packets[0]?.payload);
  assert.ok(bet.body.sent.headers.some(([name]: [string]) => name === 'date'));
  assert.ok(!bet.text.includes(secret));
  const again = await send({ packet: 'bet', amount: '100', again: bet.body.id });
  assert.deepEqual([again.body.id, moved(again)], [bet.body.id, 0]);
  const [line] =
    await rig.sql`select count(*)::integer as count from audit_log where action = 'developer.test_packet' and detail->>'username' = ${USER}`;
  assert.equal(line?.count, table.length + 3);
  const [booked] =
    await rig.sql`select count(*)::integer as count from transfer where agent_id = ${rig.agents.b.id} and code not in (1, 2)`;
  assert.equal(booked?.count, 0);
});

test('what the hub would conclude is told for every kind of answer', async () => {
  const away = (status: number) => ({ turnAway: () => status });
  const table: [habits: Partial<Habits>, packet: string, found: string, verdict: string][] = [
    [away(402), 'bet', 'refused', 'refused'],
    [away(500), 'bet', 'failed', 'refused'],
    [away(500), 'promo_win', 'failed', 'again'],
    [away(202), 'bet', 'other_success', 'unknown'],
    [away(302), 'bet', 'redirected', 'refused'],
    [{ think: () => new Promise(() => {}) }, 'bet', 'timed_out', 'unknown'],
    [{ think: () => new Promise(() => {}) }, 'promo_win', 'timed_out', 'again'],
  ];
  for (const [different, packet, found, verdict] of table) {
    opens(different);
    const { body } = await send({ packet, amount: '5' });
    assert.deepEqual([body.sent.class, body.sent.verdict], [found, verdict], `${packet} ${found}`);
    assert.equal(body.sent.status === null, found === 'timed_out');
  }
  opens({});
  await rig.sql`update agent set slot_booster = true where id = ${rig.agents.b.id}`;
  rig.world.hub.directory.forget();
  opens({ bodyOf: () => 'OK' });
  const { body } = await send({ packet: 'bet', amount: '5' });
  assert.deepEqual([body.sent.class, body.sent.verdict], ['accepted_without_balance', 'unknown']);
  await rig.sql`update agent set slot_booster = false where id = ${rig.agents.b.id}`;
  rig.world.hub.directory.forget();
});

test('a black hole costs no more than the time-outs, and real calls are not held up', async () => {
  operator = () => {};
  const startedAt = performance.now();
  const { body } = await send({ packet: 'promo_win', amount: '5' });
  const tookMs = performance.now() - startedAt;
  assert.deepEqual(
    [body.before.class, body.sent.class, body.after.class],
    ['timed_out', 'timed_out', 'timed_out'],
  );
  assert.ok(tookMs < 3500, `${tookMs} ms`);
  assert.deepEqual(rig.world.hub.server.hasRoute({ method: 'GET', url: '/healthz' }), true);
  opens({});
});

test('wishes that make no sense are refused and send nothing', async () => {
  opens({});
  received.length = 0;
  for (const [body, field] of [
    [{ packet: 'bet' }, 'amount'],
    [{ packet: 'win', amount: '5' }, 'refererId'],
    [{ packet: 'cancel', amount: '5', refererId: 3_000_000_001 }, 'refererId'],
    [{ packet: 'bet', amount: '5', again: 3_000_000_001 }, 'again'],
  ] as const) {
    const answer = await owner.post(`${path}/test-packets`, { username: USER, ...body });
    assert.deepEqual([answer.status, Object.keys(answer.body.fields ?? {})], [422, [field]], answer.text);
  }
  for (const body of [
    { packet: 'refund' },
    { packet: 'bet', amount: '-5' },
    { packet: 'bet', amount: '1.5' },
    { username: 'ab' },
  ])
    assert.equal(
      (await owner.post(`${path}/test-packets`, { username: USER, packet: 'bet', amount: '5', ...body }))
        .status,
      422,
    );
  assert.equal(received.length, 0);
  const both = await Promise.all(
    [1, 2].map(() => owner.post(`${path}/test-packets`, { username: USER, packet: 'balance' })),
  );
  const slow = both.filter(({ status }) => status === 429);
  assert.ok(
    slow.length >= 1 &&
      slow.every(({ body, headers }) => body.code === 'too_many' && headers.has('retry-after')),
  );
  const { a } = rig.agents;
  const transfer = await (await rig.of('a')).post(`/developer/${a.id}/test-packets`, {
    username: USER,
    packet: 'balance',
  });
  assert.equal(transfer.body.code, 'refused');
  for (const branch of ['root', 'a'] as const)
    assert.equal(
      (await (await rig.of(branch)).post(`${path}/test-packets`, { username: USER, packet: 'balance' }))
        .status,
      404,
    );
});

test('an internal address is not reached outside of development', async () => {
  const { url } = await rig.world.secondHub({ outreach: { client: { ...IMPATIENT, allowLoopback: false } } });
  received.length = 0;
  let body: Answer['body'] = null;
  await until('a turn', async () => {
    const response = await fetch(`${url}/office/v1${path}/test-packets`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-croupier-office': '1',
        cookie: `croupier_office=${owner.cookie()}`,
      },
      body: JSON.stringify({ username: USER, packet: 'bet', amount: '5' }),
    });
    body = await response.json();
    return response.status === 200;
  });
  assert.deepEqual(
    [body.sent.class, body.sent.verdict, received.length],
    ['address_forbidden', 'unavailable', 0],
  );
});

// ---- certification --------------------------------------------------------------------------------------------

/** So that a run can be seen under way. */
const slowly = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const runs = async () => (await owner.get(`${path}/certifications`)).body.runs;
const run = async (id: number) => (await owner.get(`${path}/certifications/${id}`)).body;
const ended = (id: number) =>
  untilLong('the run has ended', async () => (await run(id)).run.state !== 'running');

async function untilLong(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not happen in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a certification runs by itself, tells how far it is, and keeps its report', {
  timeout: 180_000,
}, async () => {
  opens({ think: () => slowly(5) });
  const started = await owner.post(`${path}/certifications`, { username: USER });
  assert.equal(started.status, 200, started.text);
  const { id } = started.body;
  const second = await owner.post(`${path}/certifications`, { username: USER });
  assert.deepEqual([second.status, second.body.code], [409, 'conflict']);
  const other = await rig.world.secondHub({ outreach: { client: IMPATIENT } });
  assert.equal((await start(other.url)).status, 409);
  await untilLong('it has begun', async () => (await run(id)).run.done > 0);
  assert.notEqual((await run(id)).run.title, null);
  await ended(id);
  const { run: seen, report } = await run(id);
  assert.deepEqual([seen.state, seen.done, seen.ofAll], ['done', CHECKS.length, CHECKS.length]);
  assert.equal(report.checks.length, CHECKS.length);
  assert.deepEqual(report.balance.before, report.balance.after);
  const failed = report.checks.filter(
    ({ result, severity }: { result: string; severity: string }) =>
      result === 'failed' && severity === 'must',
  );
  // The stub takes any signature: that is what a certification finds of it.
  assert.ok(failed.length > 0 && seen.ok === false);
  const passed = report.checks.find(
    ({ id: check, result }: { id: string; result: string }) => result === 'passed' && check.startsWith('bet'),
  );
  assert.match(passed.curl[0], /^curl -i .*changeBalance/);
  assert.ok(!JSON.stringify(report).includes(secret));
  const json = await owner.get(`${path}/certifications/${id}/report`, { format: 'json' });
  assert.deepEqual(json.body.seed, report.seed);
  const md = await owner.get(`${path}/certifications/${id}/report`, { format: 'md' });
  assert.match(md.text, /^# Certification of .*NOT CERTIFIED/s);
  assert.match(md.headers.get('content-disposition') ?? '', /certification-\d+\.md/);
  assert.equal((await (await rig.of('root')).get(`${path}/certifications/${id}`)).status, 404);
  assert.equal((await owner.get(`/developer/${rig.agents.b.id}/certifications/${id + 1000}`)).status, 404);
});

/** Starts one at another node. */
async function start(url: string): Promise<Answer> {
  const there = officeClient(url, {
    person: owner.person,
    userId: owner.userId,
    cookie: owner.cookie() ?? '',
  });
  return there.post(`${path}/certifications`, { username: USER });
}

test('one that is told to stop puts the balance back', { timeout: 120_000 }, async () => {
  opens({ think: () => slowly(50) });
  const { id } = (await owner.post(`${path}/certifications`, { username: USER })).body;
  await untilLong('it has begun', async () => (await run(id)).run.done > 2);
  assert.equal((await owner.post(`${path}/certifications/${id}/stop`)).status, 200);
  await ended(id);
  const { run: seen, report } = await run(id);
  assert.equal(seen.state, 'stopped');
  assert.deepEqual(report.balance.before, report.balance.after);
  assert.equal((await owner.post(`${path}/certifications/${id}/stop`)).body.code, 'conflict');
});

test('of a node that died the run is shown as broken off, and another may start', {
  timeout: 120_000,
}, async () => {
  await rig.sql`insert into certification (agent_id, username, started_by, beat_at) values (${rig.agents.b.id}, 'gone', 'somebody', now() - interval '1 minute')`;
  const [broken] = await runs();
  assert.deepEqual([broken.username, broken.state, broken.ok], ['gone', 'broken', null]);
  assert.ok(broken.endedAt !== null);
  const next = await owner.post(`${path}/certifications`, { username: USER });
  assert.equal(next.status, 200);
  await owner.post(`${path}/certifications/${next.body.id}/stop`);
  await ended(next.body.id);
});

test('only the last are kept', async () => {
  await rig.sql`insert into certification (agent_id, username, started_by, state, ended_at) select ${rig.agents.b.id}, 'old', 'somebody', 'broken', now() from generate_series(1, 30)`;
  const { id } = (await owner.post(`${path}/certifications`, { username: USER })).body;
  await owner.post(`${path}/certifications/${id}/stop`);
  await ended(id);
  assert.equal((await runs()).length, 20);
});

test('a hub that closes stops what it runs', { timeout: 60_000 }, async () => {
  opens({ think: () => slowly(50) });
  const other = await rig.world.secondHub({ outreach: { client: IMPATIENT } });
  const { id } = (await start(other.url)).body;
  await untilLong('it has begun', async () => (await run(id)).run.done > 0);
  await other.hub.close();
  const { run: seen } = await run(id);
  assert.equal(seen.state, 'stopped');
});
