/** What one operator can hold of the hub: so much and no more, and nothing of another's. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { Attempted } from '../../src/callbacks/client.ts';
import { MEANING, type OperatorAnswer } from '../../src/core/delivery.ts';
import { freePort, httpOperator, openClient, targetOf } from './client-rig.ts';

const kindOf = ({ answer }: Attempted) => (answer.kind === 'answered' ? answer.body : answer.reason);

/** An operator that answers when told to; `arrived` waits for so many calls to be held. */
async function holdingOperator(t: TestContext) {
  const held: ServerResponse[] = [];
  let onArrival = () => {};
  const operator = await httpOperator(t, (_seen, response) => {
    held.push(response);
    onArrival();
  });
  return {
    url: operator.url,
    seen: operator.seen,
    arrived: (count: number) =>
      new Promise<void>((resolve) => {
        onArrival = () => held.length >= count && resolve();
        onArrival();
      }),
    release: (count: number) => {
      for (const response of held.splice(0, count)) response.end('ok');
    },
  };
}

test('so many at once, so many waiting, the rest is turned away; who waits goes in order', async (t) => {
  const operator = await holdingOperator(t);
  const client = openClient(t, {
    questionsInFlightMax: 1,
    waitingMax: 3,
    waitMsMax: 60_000,
    questionTimeoutMs: 60_000,
  });
  const target = targetOf(operator.url);
  const calls = ['a', 'b', 'c', 'd', 'e'].map((body) => client.changeBalance(target, body, 'question'));
  assert.deepEqual(client.health(), [{ key: '1', state: 'closed', inFlight: 1, waiting: 3 }]);
  assert.equal(kindOf((await calls[4]) as Attempted), 'busy');
  for (let round = 0; round < 4; round++) {
    await operator.arrived(1);
    operator.release(1);
  }
  const answers = (await Promise.all(calls)).map(kindOf);
  assert.deepEqual(answers, ['ok', 'ok', 'ok', 'ok', 'busy']);
  assert.deepEqual(
    operator.seen.map(({ body }) => body),
    ['a', 'b', 'c', 'd'],
  );
  assert.deepEqual(client.health(), [{ key: '1', state: 'closed', inFlight: 0, waiting: 0 }]);
});

test('nobody waits longer than the bound', async (t) => {
  const operator = await holdingOperator(t);
  const client = openClient(t, { questionsInFlightMax: 1, waitMsMax: 30 });
  const target = targetOf(operator.url);
  const first = client.changeBalance(target, 'a', 'question');
  const others = await Promise.all([
    client.changeBalance(target, 'b', 'question'),
    client.balance(target, 'c'),
  ]);
  assert.deepEqual(others.map(kindOf), ['busy', 'busy']);
  operator.release(1);
  assert.equal(kindOf(await first), 'ok');
  assert.equal(operator.seen.length, 1);
});

test('messages have permits of their own', async (t) => {
  const operator = await holdingOperator(t);
  const client = openClient(t, { questionsInFlightMax: 2, messagesInFlightMax: 2, waitingMax: 0 });
  const target = targetOf(operator.url);
  const call = (purpose: 'question' | 'message') => client.changeBalance(target, purpose, purpose);
  const messages = [call('message'), call('message'), call('message')];
  await operator.arrived(2);
  const questions = [call('question'), call('question'), call('question')];
  await operator.arrived(4);
  operator.release(4);
  assert.deepEqual((await Promise.all(messages)).map(kindOf), ['ok', 'ok', 'busy']);
  assert.deepEqual((await Promise.all(questions)).map(kindOf), ['ok', 'ok', 'busy']);
});

test('time spent waiting counts: a call whose time is over is not sent', async (t) => {
  let now = 0;
  const operator = await holdingOperator(t);
  const client = openClient(t, { questionsInFlightMax: 1, waitMsMax: 60_000, now: () => now });
  const target = targetOf(operator.url);
  const [first, second] = [client.balance(target, 'a'), client.balance(target, 'b')];
  await operator.arrived(1);
  now = 2000;
  operator.release(1);
  assert.deepEqual([kindOf(await first), kindOf(await second)], ['ok', 'busy']);
  assert.equal(operator.seen.length, 1);
});

test('a dead operator costs another nothing', async (t) => {
  const [dead, alive] = [await holdingOperator(t), await holdingOperator(t)];
  const client = openClient(t, {
    questionsInFlightMax: 2,
    waitingMax: 2,
    waitMsMax: 60_000,
    questionTimeoutMs: 400,
  });
  const stuck = Array.from({ length: 8 }, () =>
    client.changeBalance(targetOf(dead.url, { key: 'dead' }), '{}', 'question'),
  );
  const served = client.changeBalance(targetOf(alive.url, { key: 'alive' }), '{}', 'question');
  await alive.arrived(1);
  alive.release(1);
  assert.equal(kindOf(await served), 'ok');
  assert.ok((await Promise.all(stuck)).every(({ answer }) => answer.kind !== 'answered'));
});

test('an operator that is unwell is left alone, then asked by one call; being well brings it back', async (t) => {
  let now = 0;
  let status = 503;
  const operator = await httpOperator(t, (_seen, response) => response.writeHead(status).end());
  const client = openClient(t, { unwellMax: 2, now: () => now });
  const target = targetOf(operator.url);
  const told = async (purpose: 'question' | 'message') => {
    const attempted = await client.changeBalance(target, '{}', purpose);
    const { answer } = attempted;
    if (answer.kind === 'answered') client.report(target, answer.status >= 500);
    return answer.kind === 'answered' ? answer.status : answer.reason;
  };
  assert.equal(client.mayAsk(target), true);
  assert.deepEqual([await told('question'), await told('message')], [503, 503]);
  assert.equal(client.mayAsk(target), false);
  assert.deepEqual([await told('question'), await told('message')], ['circuit_open', 'circuit_open']);
  now = 1000;
  assert.equal(client.mayAsk(target), true);
  assert.deepEqual(await Promise.all([told('message'), told('question'), told('message')]), [
    503,
    'circuit_open',
    'circuit_open',
  ]);
  now = 2999;
  assert.equal(await told('question'), 'circuit_open');
  [now, status] = [3000, 200];
  assert.deepEqual(await Promise.all([told('question'), told('question')]), [200, 'circuit_open']);
  assert.deepEqual(await Promise.all([told('question'), told('question')]), [200, 200]);
  assert.deepEqual(client.health(), [{ key: '1', state: 'closed', inFlight: 0, waiting: 0 }]);
  assert.equal(client.mayAsk(targetOf(operator.url, { key: 'unheard of' })), true);
});

test('who waits when it opens is told so at once', async (t) => {
  const operator = await holdingOperator(t);
  const client = openClient(t, {
    questionsInFlightMax: 1,
    waitMsMax: 60_000,
    unwellMax: 1,
    questionTimeoutMs: 60_000,
  });
  const target = targetOf(operator.url);
  const [first, second] = [client.balance(target, 'a'), client.balance(target, 'b')];
  client.report(target, true);
  assert.equal(kindOf(await second), 'circuit_open');
  await operator.arrived(1);
  operator.release(1);
  assert.equal(kindOf(await first), 'ok');
});

test('what an operator answers by nobody listening opens it too', async (t) => {
  const client = openClient(t, { unwellMax: 3 });
  const target = targetOf(`http://127.0.0.1:${await freePort()}`);
  const reasons: string[] = [];
  for (let n = 0; n < 5; n++) {
    const attempted = await client.balance(target, 'x');
    const reason = kindOf(attempted) as Extract<OperatorAnswer, { kind: 'not_sent' }>['reason'];
    reasons.push(reason);
    const { unwell } = MEANING[reason];
    if (unwell !== null) client.report(target, unwell);
  }
  assert.deepEqual(reasons, ['unreachable', 'unreachable', 'unreachable', 'circuit_open', 'circuit_open']);
});

test('another address is another chance', async (t) => {
  const operator = await httpOperator(t, (_seen, response) => response.end('ok'));
  const client = openClient(t, { unwellMax: 1 });
  const former = targetOf(`http://127.0.0.1:${await freePort()}`);
  await client.balance(former, 'x');
  client.report(former, true);
  assert.equal(kindOf(await client.balance(former, 'x')), 'circuit_open');
  assert.equal(kindOf(await client.balance(targetOf(operator.url), 'x')), 'ok');
});

test('so many operators have a line: one nobody uses makes room, else the next is turned away', async (t) => {
  const operator = await holdingOperator(t);
  const client = openClient(t, { linesMax: 2 });
  const call = (key: string) => client.balance(targetOf(operator.url, { key }), 'x');
  const calls = [call('1'), call('2'), call('3')];
  assert.equal(kindOf((await calls[2]) as Attempted), 'busy');
  await operator.arrived(2);
  operator.release(2);
  assert.deepEqual((await Promise.all(calls)).map(kindOf), ['ok', 'ok', 'busy']);
  const next = call('3');
  await operator.arrived(1);
  operator.release(1);
  assert.equal(kindOf(await next), 'ok');
  assert.deepEqual(
    client.health().map(({ key }) => key),
    ['3'],
  );
});

test('a line whose breaker is open is kept until that has passed', async (t) => {
  let now = 0;
  const operator = await httpOperator(t, (_seen, response) => response.end('ok'));
  const client = openClient(t, { linesMax: 1, unwellMax: 1, openMsMax: 5000, now: () => now });
  const call = async (key: string) => kindOf(await client.balance(targetOf(operator.url, { key }), 'x'));
  assert.equal(await call('1'), 'ok');
  client.report(targetOf(operator.url, { key: '1' }), true);
  now = 4999;
  assert.equal(await call('2'), 'busy');
  now = 5000;
  assert.equal(await call('2'), 'ok');
  assert.deepEqual(
    client.health().map(({ key }) => key),
    ['2'],
  );
});

test('closing ends what waits, lets what is under way end, and takes no more', async (t) => {
  const operator = await holdingOperator(t);
  const client = openClient(t, { questionsInFlightMax: 1, waitMsMax: 60_000 });
  const target = targetOf(operator.url);
  const [first, second] = [client.balance(target, 'a'), client.balance(target, 'b')];
  await operator.arrived(1);
  let isClosed = false;
  const closed = client.close().then(() => {
    isClosed = true;
  });
  assert.equal(kindOf(await second), 'busy');
  assert.equal(kindOf(await client.balance(target, 'c')), 'busy');
  assert.equal(client.mayAsk(target), false);
  assert.equal(isClosed, false);
  operator.release(1);
  assert.equal(kindOf(await first), 'ok');
  await closed;
});
