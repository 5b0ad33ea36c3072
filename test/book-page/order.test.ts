/** One intent, one key: whatever happens on the way, only a definite answer ends the sending. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { PlacedView } from '../../src/kbook/player-wire.ts';
import type { Answer } from '../../web/player/calls.ts';
import { insist, newKey, wireOrder } from '../../web/player/order.ts';
import { load, type SentOrder, save } from '../../web/player/saved.ts';

const ORDER: SentOrder = { key: 'k1', sessionId: 7, side: 'NO_RAIN', odds: 2_010, stake: '1050' };
// Only its being there matters.
const PLACED = { bet: { id: 1 } } as PlacedView;

beforeEach(() => save('order', null));

async function run(answers: Answer<PlacedView>[]) {
  const sent: string[] = [];
  const silences: number[] = [];
  const outcome = await insist(ORDER, {
    send: async (order) => {
      sent.push(order.key);
      assert.deepEqual(load('order'), ORDER, 'kept while nobody has answered');
      return answers.shift()!;
    },
    pause: async () => {},
    silent: (tries) => silences.push(tries),
  });
  assert.equal(load('order'), null, 'forgotten once it is answered');
  return { outcome, sent, silences };
}

const refused = (code: string, data?: unknown): Answer<PlacedView> => ({ kind: 'refused', code, data });

test('silence and troubles of the hub are asked again under the same key', async () => {
  const troubles = ['0', '999', '5002', '6001', '6002'].map((code) => refused(code));
  const { outcome, sent, silences } = await run([
    { kind: 'silent' },
    ...troubles,
    { kind: 'silent' },
    { kind: 'ok', data: PLACED },
  ]);
  assert.deepEqual(outcome, { kind: 'placed', placed: PLACED });
  assert.deepEqual(sent, Array(8).fill('k1'));
  assert.deepEqual(silences, [1, 2, 3, 4, 5, 6, 7]);
});

test('a refusal is definite; where a bet exists under the key, the next one needs another', async () => {
  const table: [code: string, key: 'same' | 'new'][] = [
    ['1001', 'new'],
    ['2001', 'same'],
    ['2003', 'same'],
    ['4001', 'same'],
    ['4002', 'same'],
    ['4003', 'same'],
    ['4004', 'same'],
    ['4005', 'same'],
    ['4006', 'same'],
    ['4008', 'same'],
    ['4007', 'new'],
    ['8001', 'new'],
  ];
  for (const [code, key] of table) {
    const hint = { detail: 'why', limit: 5 };
    const { outcome, sent } = await run([refused(code, hint)]);
    assert.deepEqual(outcome, { kind: 'refused', code, hint, key }, code);
    assert.equal(sent.length, 1);
  }
});

test('the wire carries what the player saw', () => {
  assert.deepEqual(wireOrder(ORDER, 2), {
    key: 'k1',
    sessionId: 7,
    type: 'NO_RAIN',
    odds: 2.01,
    stake: 10.5,
  });
  assert.match(newKey(), /^[0-9a-f]{32}$/);
  assert.notEqual(newKey(), newKey());
});
