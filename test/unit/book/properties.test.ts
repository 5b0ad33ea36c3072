/**
 * The rain book's part of the ledger against the naive model: random streams, each answer as the model says, and the
 * same money. `SEED=<n>` repeats a run, `RUNS=<n>` makes it so many times longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACCOUNT } from '../../../src/core/chart.ts';
import type { Command, Outcome } from '../../../src/core/ledger-types.ts';
import { openGround } from '../../book/cast.ts';
import { anyStep, type Performance, perform, type Stage, settlingOf, WISH } from '../../book/steps.ts';
import type { BookStore } from '../../book/store.ts';
import { seeded } from '../../model/seed.ts';

const streams = fc.array(anyStep, { minLength: 1, maxLength: 140, size: 'max' });

/** What the model counts anew equals what the rows have summed. */
function assertAgrees({ ground: { store, model, cast } }: Stage): void {
  for (const { id, accountId } of cast.players) {
    const { balance, reserved, overdraft } = store.accounts.get(accountId)!;
    const exposure = model.exposure(id);
    assert.equal(balance, model.balance(id), 'balance');
    assert.equal(reserved, exposure, 'exposure');
    assert.equal(overdraft, exposure > balance ? exposure - balance : 0n, 'the shortage has its name');
    assert.equal(store.players.get(id)!.credit, model.credit(id), 'credit');
  }
  for (const id of cast.sessions) {
    const { pool } = store.sessions.get(id)!;
    assert.deepEqual(pool, { rain: model.poolGain(id, 'RAIN'), dry: model.poolGain(id, 'NO_RAIN') }, 'pool');
  }
  const { players, krain, book } = model.result();
  assert.equal(players + krain + book, 0n);
  assert.equal(store.sumOf(ACCOUNT.rainPool), book, "the book's profit and loss");
  assert.equal(store.sumOf(ACCOUNT.krainClearing), krain, "K-Rain's");
}

test('every answer is the model’s, and so is the money after it', (t) => {
  fc.assert(
    fc.property(streams, (steps) => {
      perform(steps, assertAgrees).store.assertWhole();
    }),
    seeded(t, 500),
  );
});

/** Everything settled twice, so that what depends on when somebody looked is gone. */
function settled({ cast, now }: Performance, store: BookStore): BookStore {
  const all = cast.players.flatMap((player) => cast.sessions.map((session) => settlingOf(player, session)));
  store.run(all, now);
  store.run(all, now);
  return store;
}

/** Runs what happened again, commands between two acts in batches of the given sizes, taken round and round. */
function runSplit(
  { happened }: Performance,
  sizes: readonly number[],
): { store: BookStore; outcomes: Outcome[] } {
  const { store, model } = openGround(WISH);
  const outcomes: Outcome[] = [];
  let turn = 0;
  for (let from = 0; from < happened.length; ) {
    const first = happened[from]!;
    if (first.kind === 'act') {
      first.act({ store, model });
      from += 1;
      continue;
    }
    const batch: Command[] = [];
    for (const each of happened.slice(from, from + sizes[turn++ % sizes.length]!)) {
      if (each.kind !== 'command' || each.now !== first.now) break;
      batch.push(each.command);
    }
    outcomes.push(...store.run(batch, first.now));
    from += batch.length;
  }
  return { store, outcomes };
}

/** Bets are settled by the statement that ends a batch: one told of in that very batch is told as it was before. */
function unsettled(outcome: Outcome): unknown {
  if (!('bet' in outcome)) return outcome;
  const isMatched = ['SETTLED', 'VOID'].includes(outcome.bet.status);
  return isMatched ? { ...outcome, bet: { ...outcome.bet, status: 'ACTIVE', payout: 0n } } : outcome;
}

test('any split of a stream into batches gives the same outcomes and the same rows', (t) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(streams, sizes, (steps, split) => {
      const performance = perform(steps);
      const alone = settled(performance, performance.store);
      const { store, outcomes } = runSplit(performance, split);
      const told = performance.happened.flatMap((each) => (each.kind === 'command' ? [each.outcome] : []));
      assert.deepEqual(outcomes.map(unsettled), told.map(unsettled));
      settled(performance, store);
      for (const rows of ['accounts', 'players', 'sessions', 'positions', 'bets', 'records'] as const)
        assert.deepEqual(store[rows], alone[rows], rows);
    }),
    seeded(t, 300),
  );
});
