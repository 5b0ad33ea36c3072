/** What the simulation has found, each as a course of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Callback, CallbackAct } from '../../src/core/callback-types.ts';
import { type Instant, trusted } from '../../src/core/ids.ts';
import type { Command, ItemType, OutcomeOf } from '../../src/core/ledger-types.ts';
import { T0 } from '../model/cast.ts';
import { MemoryStore } from '../model/store.ts';
import { commandOf, funding, GAMES, simCast } from './simulation/cast.ts';

const CUTOFF_MS = 1000;

/** One seamless player with money, and the commands of a course. */
function openCourse() {
  const cast = simCast([1]);
  const player = cast.players[0]!;
  const store = new MemoryStore(cast);
  let now = T0;
  const run = <C extends Command>(command: C) => store.run([command], now)[0] as OutcomeOf<C>;
  store.run(funding(cast, { pot: 100_000n, wallet: 0n }), now);
  run({ kind: 'learn_balance', player, balance: 50_000n });
  const attempt = { class: 'accepted', status: 200, elapsedMs: 1, request: '', answer: '' } as const;
  const of = ({ id, playerId, walletId }: Callback) => ({ id, player: { id: playerId, walletId } });
  return {
    store,
    wait(ms: number) {
      now = trusted<Instant>(now + ms);
    },
    item(id: string, type: ItemType, rest: { amount?: bigint; reference?: string } = {}) {
      return run(commandOf({ id, type, player, game: GAMES[0]!, round: 'r1', ...rest }));
    },
    settle(id: string, callback: Callback) {
      const item = commandOf({
        id,
        type: 'bet',
        player,
        game: GAMES[0]!,
        round: 'r1',
        amount: callback.amount,
      });
      const { studioId: scope } = item;
      const end = {
        kind: 'settle_asked',
        id: callback.id,
        verdict: 'accepted',
        player: item.player!,
      } as const;
      return run({ ...end, item, scope, key: id, balance: null, attempt });
    },
    fail(callback: Callback) {
      const done = { delivered: false, balance: null, retryInMs: 500, cutoffMs: CUTOFF_MS, attempt };
      return run({ kind: 'callback_done', ...of(callback), ...done });
    },
    act: (callback: Callback, act: CallbackAct['act']) =>
      run({ kind: 'callback_act', act, ...of(callback), by: 'staff', reason: 'test' }),
    listed: () => [...store.callbacks.values()].filter(({ state }) => state === 'listed'),
    due: () => [...store.callbacks.values()].filter(({ state }) => state === 'due'),
  };
}

test('what staff sends again does not hide a bet in flight: a cancel waits for its end', () => {
  const course = openCourse();
  const first = course.item('bet1', 'bet', { amount: 100n });
  assert.equal(first.kind, 'ask');
  course.settle('bet1', first.callback);
  for (const id of ['win1', 'win2', 'win3', 'win4']) course.item(id, 'win', { amount: 10n });
  course.wait(CUTOFF_MS);
  for (const callback of course.due()) assert.deepEqual(course.fail(callback), { fate: 'listed' });
  const asked = course.item('bet2', 'bet', { amount: 100n });
  assert.equal(asked.kind, 'ask');
  for (const callback of course.listed()) course.act(callback, 'resend');
  assert.deepEqual(course.item('cancel2', 'cancel', { reference: 'bet2' }), { kind: 'wait' });
  course.settle('bet2', asked.callback);
  for (const callback of course.listed()) assert.deepEqual(course.act(callback, 'resend'), { ok: true });
});
