/** Results on a real database: two persons, the weather, corrections; what each leaves in the row and in the trail. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StatedResult } from '../../src/core/book/session-machine.ts';
import { type RainSessionId, trusted } from '../../src/core/ids.ts';
import { listFindings } from '../../src/db/rain-finding.ts';
import { markSettled } from '../../src/db/rain-session.ts';
import { confirmResult, proposeByWeather, type ResultOutcome, stateResult } from '../../src/rain/results.ts';
import { type Ground, OVER, openGround } from './sessions.ts';

let ground: Ground;
before(async () => {
  ground = await openGround();
});
after(() => ground.close());

function said(outcome: ResultOutcome): string {
  if (!outcome.ok) return outcome.code;
  const { status, market, result, version, rainMm } = outcome.session;
  return `${outcome.counts ? 'counts' : 'waits'} ${status} ${market} ${result} ${version} ${rainMm ?? '-'}`;
}
interface Words {
  readonly reason?: string | null;
  readonly rainMm?: number | null;
  readonly correction?: boolean;
}
async function state(
  id: RainSessionId,
  by: string,
  result: StatedResult,
  words: Words = {},
): Promise<string> {
  return said(
    await stateResult(ground.sql, { sessionId: id, by, result, reason: null, rainMm: null, ...words }),
  );
}
async function confirm(id: RainSessionId, by: string, result: StatedResult | null = null): Promise<string> {
  return said(await confirmResult(ground.sql, { sessionId: id, by, result, reason: null }));
}
async function weather(id: RainSessionId, result: 'RAIN' | 'NO_RAIN', rainMm: number): Promise<string> {
  return said(await proposeByWeather(ground.sql, { sessionId: id, result, rainMm }));
}

test('one states, another confirms', async () => {
  const id = await ground.session(OVER);
  assert.equal(await confirm(id, 'ben'), 'nothing_to_confirm');
  assert.equal(await state(id, 'anna', 'RAIN', { rainMm: 2.5 }), 'waits CLOSE CLOSE NOT_AVAILABLE 0 -');
  assert.equal(await confirm(id, 'anna'), 'same_person');
  assert.equal(await state(id, 'ANNA', 'RAIN', { rainMm: 2.6 }), 'waits CLOSE CLOSE NOT_AVAILABLE 0 -');
  assert.equal(await confirm(id, 'ben', 'NO_RAIN'), 'other_result');
  assert.equal(await confirm(id, 'ben', 'RAIN'), 'counts UNSETTLED CLOSE RAIN 1 2.6');
  assert.ok((await ground.look(id)).resultedAt !== null);
  assert.equal(await confirm(id, 'carl'), 'nothing_to_confirm');
  assert.equal(await state(id, 'carl', 'RAIN'), 'has_result');
  assert.deepEqual(await ground.lines(id), ['anna rain.finding', 'ANNA rain.finding', 'ben rain.result']);
  const findings = await listFindings(ground.sql, id);
  assert.deepEqual(
    findings.map(({ by, result, round }) => `${by} ${result} ${round}`),
    ['ANNA RAIN 1', 'ben RAIN 1'],
  );
});

test('two who state the same are enough; two who differ wait for a third or for one to give in', async () => {
  const id = await ground.session(OVER);
  await state(id, 'anna', 'RAIN');
  const outcome = await stateResult(ground.sql, {
    sessionId: id,
    by: 'ben',
    result: 'NO_RAIN',
    reason: null,
    rainMm: 0,
  });
  assert.ok(outcome.ok && !outcome.counts);
  assert.deepEqual(outcome.against, ['anna']);
  assert.equal(await confirm(id, 'carl'), 'other_result');
  assert.equal(await state(id, 'carl', 'NO_RAIN'), 'counts UNSETTLED CLOSE NO_RAIN 1 0');
  const other = await ground.session(OVER);
  await state(other, 'anna', 'RAIN');
  await state(other, 'ben', 'NO_RAIN');
  assert.equal(await confirm(other, 'anna'), 'other_result');
  assert.equal(await confirm(other, 'anna', 'NO_RAIN'), 'counts UNSETTLED CLOSE NO_RAIN 1 -');
});

test('two persons at the same moment make one result', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await ground.session(OVER);
    const outcomes = await Promise.all(['anna', 'ben', 'carl'].map((by) => state(id, by, 'RAIN')));
    assert.deepEqual(outcomes.map((each) => each.split(' ')[0]).toSorted(), [
      'counts',
      'has_result',
      'waits',
    ]);
    assert.equal((await ground.look(id)).version, 1);
  }
});

test('what is refused changes nothing', async () => {
  const open = await ground.session();
  const over = await ground.session(OVER);
  assert.equal(await state(trusted(1), 'anna', 'RAIN'), 'unknown_session');
  assert.equal(await confirm(trusted(1), 'anna'), 'unknown_session');
  assert.equal(await state(open, 'anna', 'RAIN'), 'too_early');
  assert.equal(await state(over, 'weather', 'RAIN'), 'not_a_person');
  assert.equal(await state(over, ' ', 'RAIN'), 'not_a_person');
  assert.equal(await state(over, 'anna', 'RAIN', { rainMm: 0.05 }), 'rain_mm_contradicts');
  assert.equal(await state(over, 'anna', 'NO_RAIN', { rainMm: 0.1 }), 'rain_mm_contradicts');
  assert.equal(await state(over, 'anna', 'RAIN', { correction: true, reason: 'typo' }), 'no_result');
  assert.equal(await state(over, 'anna', 'VOID'), 'reason_needed');
  for (const id of [open, over]) {
    assert.deepEqual(await listFindings(ground.sql, id), []);
    assert.deepEqual(await ground.lines(id), []);
  }
});

test('void: at any time, and betting is over at once', async () => {
  const id = await ground.session();
  assert.equal(
    await state(id, 'anna', 'VOID', { reason: 'gauge broken' }),
    'waits OPEN CLOSE NOT_AVAILABLE 0 -',
  );
  assert.equal(await confirm(id, 'ben', 'VOID'), 'counts UNSETTLED CLOSE VOID 1 -');
  const settled = await markSettled(ground.sql, id, { version: 1, by: 'settlement' });
  assert.ok(settled.ok && settled.session.status === 'VOID');
  assert.equal(await state(id, 'anna', 'VOID', { reason: 'again' }), 'same_result');
  assert.deepEqual(await ground.lines(id), ['anna rain.finding', 'ben rain.void', 'settlement rain.settled']);
});

test('a correction takes two persons again, and the next version', async () => {
  const id = await ground.session(OVER);
  await state(id, 'anna', 'RAIN', { rainMm: 1 });
  await confirm(id, 'ben');
  await markSettled(ground.sql, id, { version: 1, by: 'settlement' });
  const first = await ground.look(id);
  assert.equal(first.status, 'SETTLED');
  assert.equal(await state(id, 'anna', 'NO_RAIN'), 'has_result');
  assert.equal(await state(id, 'anna', 'NO_RAIN', { correction: true }), 'reason_needed');
  assert.equal(await state(id, 'anna', 'RAIN', { correction: true, reason: 'x' }), 'same_result');
  const words = { correction: true, reason: 'the gauge was wet by dew', rainMm: 0 };
  assert.equal(await state(id, 'anna', 'NO_RAIN', words), 'waits SETTLED CLOSE RAIN 1 1');
  // That ben stood for the first result is another round.
  assert.equal(await confirm(id, 'anna', 'NO_RAIN'), 'same_person');
  assert.equal(await confirm(id, 'ben', 'NO_RAIN'), 'counts UNSETTLED CLOSE NO_RAIN 2 0');
  const corrected = await ground.look(id);
  assert.ok(corrected.resultedAt! >= first.resultedAt!);
  assert.ok(corrected.revision > first.revision);
  // Wrong once more, before it is even settled.
  await state(id, 'anna', 'VOID', { reason: 'nobody knows' });
  assert.equal(await confirm(id, 'carl'), 'counts UNSETTLED CLOSE VOID 3 -');
  assert.deepEqual((await ground.lines(id)).slice(-3), [
    'ben rain.correct',
    'anna rain.finding',
    'carl rain.void',
  ]);
});

test('the weather proposes: replaced while it waits, only shown afterwards', async () => {
  const id = await ground.session(OVER);
  assert.equal(await weather(id, 'NO_RAIN', 0), 'waits CLOSE CLOSE NOT_AVAILABLE 0 -');
  assert.equal(await weather(id, 'NO_RAIN', 0), 'waits CLOSE CLOSE NOT_AVAILABLE 0 -');
  assert.equal(await weather(id, 'RAIN', 3.4), 'waits CLOSE CLOSE NOT_AVAILABLE 0 -');
  assert.deepEqual(await ground.lines(id), ['weather rain.finding', 'weather rain.finding']);
  assert.equal(await confirm(id, 'anna'), 'nothing_to_confirm');
  assert.equal(await state(id, 'anna', 'RAIN'), 'waits CLOSE CLOSE NOT_AVAILABLE 0 -');
  assert.equal(await confirm(id, 'ben'), 'counts UNSETTLED CLOSE RAIN 1 3.4');
  assert.equal(await weather(id, 'NO_RAIN', 0), 'has_result');
  assert.deepEqual(
    (await listFindings(ground.sql, id)).map(({ by, result }) => `${by} ${result}`),
    ['weather RAIN', 'anna RAIN', 'ben RAIN'],
  );
});

test('an automatic site settles by the weather, never against a person', async () => {
  await ground.sql`update rain_site set automatic = true where name = 'CPS2'`;
  const site = { ...OVER, site: 'CPS2' };
  const id = await ground.session(site);
  assert.equal(await weather(id, 'RAIN', 0.4), 'counts UNSETTLED CLOSE RAIN 1 0.4');
  assert.deepEqual(await ground.lines(id), ['weather rain.result']);
  const disputed = await ground.session(site);
  await state(disputed, 'anna', 'NO_RAIN');
  assert.equal(await weather(disputed, 'RAIN', 0.4), 'waits CLOSE CLOSE NOT_AVAILABLE 0 -');
  assert.equal(await confirm(disputed, 'ben'), 'counts UNSETTLED CLOSE NO_RAIN 1 -');
  assert.equal(await weather(disputed, 'RAIN', 0.4), 'has_result');
  const early = await ground.session({ site: 'CPS2' });
  assert.equal(await weather(early, 'RAIN', 0.4), 'too_early');
  // Proposed while it was not automatic yet: the next step takes it, though nothing is new.
  const turned = await ground.session(OVER);
  await weather(turned, 'NO_RAIN', 0);
  await ground.sql`update rain_site set automatic = true where name = 'CPS'`;
  assert.equal(await weather(turned, 'NO_RAIN', 0), 'counts UNSETTLED CLOSE NO_RAIN 1 0');
  await ground.sql`update rain_site set automatic = false`;
});
