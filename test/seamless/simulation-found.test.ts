/** What the simulation has found, each as a course of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Callback, CallbackAct, CallbackDone, SettleAsked } from '../../src/core/callback-types.ts';
import { type Instant, trusted } from '../../src/core/ids.ts';
import type { Command, ItemType, OutcomeOf, StudioItem } from '../../src/core/ledger-types.ts';
import { T0 } from '../model/cast.ts';
import { MemoryStore } from '../model/store.ts';
import { commandOf, funding, GAMES, simCast } from './simulation/cast.ts';

const CUTOFF_MS = 1000;
const cast = simCast([1]);
const player = cast.players[0]!;
const attempt = { class: 'accepted', status: 200, elapsedMs: 1, request: '', answer: '' } as const;

type Rest = { readonly amount?: bigint; readonly reference?: string };

const itemOf = (id: string, type: ItemType, rest: Rest = {}): StudioItem =>
  commandOf({ id, type, player, game: GAMES[0]!, round: 'r1', ...rest });
const of = ({ id, playerId, walletId }: Callback) => ({ id, player: { id: playerId, walletId } });
const actOf = (callback: Callback, act: CallbackAct['act']): CallbackAct => {
  return { kind: 'callback_act', act, ...of(callback), by: 'staff', reason: 'test' };
};
const doneOf = (callback: Callback, delivered: boolean): CallbackDone => {
  const rest = { delivered, balance: null, retryInMs: 500, cutoffMs: CUTOFF_MS, attempt };
  return { kind: 'callback_done', ...of(callback), ...rest };
};
function settleOf(callback: Callback): SettleAsked {
  const key = callback.externalId!;
  const item = itemOf(key, 'bet', { amount: callback.amount });
  const question = { id: callback.id, player: item.player!, item, scope: item.studioId, key };
  return { kind: 'settle_asked', verdict: 'accepted', ...question, balance: null, attempt };
}

/** A seamless player with money, a bet, and four wins its operator has not been told of. */
function openCourse() {
  const store = new MemoryStore(cast);
  let now = T0;
  const together = (...commands: Command[]) => store.run(commands, now);
  const run = <C extends Command>(command: C) => together(command)[0] as OutcomeOf<C>;
  const ask = (id: string) => {
    const outcome = run(itemOf(id, 'bet', { amount: 100n }));
    assert.equal(outcome.kind, 'ask');
    return outcome.callback;
  };
  together(...funding(cast, { pot: 100_000n, wallet: 0n }));
  run({ kind: 'learn_balance', player, balance: 50_000n });
  run(settleOf(ask('bet1')));
  for (const id of ['win1', 'win2', 'win3', 'win4']) run(itemOf(id, 'win', { amount: 10n }));
  return {
    store,
    together,
    run,
    ask,
    wait(ms: number) {
      now = trusted<Instant>(now + ms);
    },
    those: (state: Callback['state']) => [...store.callbacks.values()].filter((each) => each.state === state),
  };
}

test('what staff sends again does not hide a bet in flight: a cancel waits for its end', () => {
  const { run, ask, wait, those } = openCourse();
  wait(CUTOFF_MS);
  for (const callback of those('due')) assert.deepEqual(run(doneOf(callback, false)), { fate: 'listed' });
  const asked = ask('bet2');
  for (const callback of those('listed')) run(actOf(callback, 'resend'));
  assert.deepEqual(run(itemOf('cancel2', 'cancel', { reference: 'bet2' })), { kind: 'wait' });
  run(settleOf(asked));
  for (const callback of those('listed')) assert.deepEqual(run(actOf(callback, 'resend')), { ok: true });
});

test('the one behind several that leave in one commit is looked after, and no bet is put before it', () => {
  const { store, together, those } = openCourse();
  const [first, second, third, fourth] = those('due') as [Callback, Callback, Callback, Callback];
  const outcomes = together(
    doneOf(first, true),
    actOf(second, 'resolve'),
    actOf(third, 'resolve'),
    itemOf('bet2', 'bet', { amount: 100n }),
  );
  assert.deepEqual(outcomes.at(-1), { kind: 'wait' });
  assert.notEqual(store.callbacks.get(fourth.id)?.nextAt, null);
});
