/** What /metrics tells of operators, and that agents are labels only while in trouble. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OperatorHealth } from '../../src/callbacks/client.ts';
import { trusted } from '../../src/core/ids.ts';
import type { Outstanding } from '../../src/db/callback-health.ts';
import { inTrouble } from '../../src/http/operator-metrics.ts';
import { type Operator, openOperator } from '../seamless/rig.ts';
import { FAILING, openTrouble } from '../seamless/trouble.ts';
import { openWorld, type StudioClient, type World } from '../world.ts';
import { rawCall, until } from './rig.ts';

let world: World;
let operator: Operator;
let studio: StudioClient;
before(async () => {
  const client = {
    allowLoopback: true,
    allowedNetworks: [],
    unwellMax: 2,
    openMs: 60_000,
    openMsMax: 60_000,
  };
  world = await openWorld({ logLevel: 'silent', outreach: { client } });
  operator = await openOperator();
  studio = await world.studio('evolution');
});
after(async () => {
  await world.close();
  await operator.close();
});

/** Reads a scrape into values by line. */
async function scrape(url = world.url): Promise<Map<string, number>> {
  const { status, text } = await rawCall(url, { method: 'GET', path: '/metrics' });
  assert.equal(status, 200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

test('a quiet hub names no agent, and every state and class at zero', async () => {
  const found = await scrape();
  for (const state of ['asking', 'due', 'listed']) {
    assert.equal(found.get(`croupier_callbacks_outstanding{state="${state}"}`), 0);
    assert.equal(found.get(`croupier_callback_oldest_seconds{state="${state}"}`), 0);
  }
  assert.equal(found.get('croupier_callback_attempts_total{class="timed_out"}'), 0);
  assert.equal(found.get('croupier_seamless_waiting'), 0);
  assert.ok(![...found.keys()].some((line) => line.includes('agent=')));
});

test('an operator in trouble: what is outstanding and how old, its circuit, its attempts and their times', async () => {
  const { agent, lose, seat: at, stateOf } = await openTrouble(world, operator, { studio });
  const id = await lose('m1');
  operator.fault(FAILING);
  // The circuit opens when the last attempt has failed; that it is due again is written a little later.
  let found = await scrape();
  await until('its circuit opens and what it was told is due', async () => {
    found = await scrape();
    const isOpen = found.get(`croupier_operator_circuit{agent="${agent.id}",state="open"}`) === 1;
    return isOpen && found.get('croupier_callbacks_outstanding{state="due"}') === 1;
  });
  assert.equal(await stateOf(id), 'due');
  assert.ok((found.get('croupier_callback_oldest_seconds{state="due"}') ?? 0) > 0);
  assert.equal(found.get(`croupier_operator_circuit{agent="${agent.id}",state="closed"}`), 0);
  assert.ok((found.get('croupier_callback_attempts_total{class="accepted"}') ?? 0) >= 1);
  assert.ok((found.get('croupier_callback_attempts_total{class="failed"}') ?? 0) >= 2);
  for (const purpose of ['question', 'message', 'balance'])
    assert.ok((found.get(`croupier_operator_call_seconds_count{purpose="${purpose}"}`) ?? 0) >= 1, purpose);
  assert.equal((await at.send('off', 'bet', { amount: '1', round: 'm2' })).code, 'operator_unavailable');
});

test('without the database the rest is still told', async () => {
  const { hub, url } = await world.secondHub();
  await hub.sql.end({ timeout: 0 });
  const found = await scrape(url);
  assert.ok(found.has('croupier_ledger_waiting') && found.has('croupier_seamless_waiting'));
  assert.ok(![...found.keys()].some((line) => line.startsWith('croupier_callbacks_outstanding')));
});

const line = (agent: number, state: OperatorHealth['state']): OperatorHealth => ({
  ...{ key: String(agent), state, inFlight: 0, waiting: 0 },
});
const due = (agent: number, count: number, state: Outstanding['state'] = 'due'): Outstanding => ({
  ...{ agentId: trusted(agent), state, count, oldestSeconds: 1 },
});

test('the worst are named first, the well not at all, and never more than a hundred', () => {
  const lines = [line(1, 'closed'), line(2, 'open'), line(3, 'half_open'), line(4, 'closed')];
  const named = inTrouble(lines, [due(4, 2), due(5, 3), due(4, 2, 'listed')]);
  assert.deepEqual(
    named.map(({ agent, state }) => `${agent} ${state}`),
    ['2 open', '3 half_open', '4 closed', '5 closed'],
  );
  const crowd = Array.from({ length: 5000 }, (_each, index) => due(index + 10, index));
  const worst = inTrouble([line(7, 'open')], crowd);
  assert.deepEqual([worst.length, worst[0]?.agent, worst[1]?.agent], [100, '7', '5009']);
});
