/**
 * The rain book's part of the ledger against the naive model: random streams, each answer as the model says, and the
 * same money. `SEED=<n>` repeats a run, `RUNS=<n>` makes it so many times longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BookSession } from '../../../src/core/book/types.ts';
import type { Command, Outcome } from '../../../src/core/ledger-types.ts';
import { assertAgrees } from '../../book/agree.ts';
import { type CastPlayer, openGround, setSession } from '../../book/cast.ts';
import { anyStep, type Performance, perform, Stage, settlingOf, WISH } from '../../book/steps.ts';
import type { BookStore } from '../../book/store.ts';
import { seeded } from '../../model/seed.ts';

type S = BookSession['id'];
const streams = fc.array(anyStep, { minLength: 1, maxLength: 140, size: 'max' });

test('every answer is the model’s, and so is the money after it', (t) => {
  fc.assert(
    fc.property(streams, (steps) => {
      perform(steps, ({ ground }) => assertAgrees(ground)).store.assertWhole();
    }),
    seeded(t, 500),
  );
});

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
  const isMatched = ['ACTIVE', 'SETTLED', 'VOID'].includes(outcome.bet.status);
  const unsettled = { status: 'ACTIVE', payout: 0n, updatedAt: null };
  return isMatched ? { ...outcome, bet: { ...outcome.bet, ...unsettled } } : outcome;
}

test('any split of a stream into batches gives the same outcomes and the same rows', (t) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(streams, sizes, (steps, split) => {
      const performance = perform(steps);
      const alone = performance.store;
      const { store, outcomes } = runSplit(performance, split);
      const told = performance.happened.flatMap((each) => (each.kind === 'command' ? [each.outcome] : []));
      assert.deepEqual(outcomes.map(unsettled), told.map(unsettled));
      for (const rows of ['accounts', 'players', 'sessions', 'positions', 'bets', 'records'] as const)
        assert.deepEqual(store[rows], alone[rows], rows);
    }),
    seeded(t, 300),
  );
});

test('after a correction took more than there was, nothing is bet until that is made good', () => {
  const stage = new Stage(openGround(WISH));
  const [player] = stage.ground.cast.players as [CastPlayer];
  const [, kept, , , other] = stage.ground.cast.sessions as [S, S, S, S, S];
  const bet = (sessionId: S, key: string, type: 'RAIN' | 'NO_RAIN') => {
    const odds = type === 'RAIN' ? 2500 : 1530;
    const { visitId } = player;
    const command = { kind: 'book_place', player, visitId, sessionId, key, type, odds } as const;
    stage.submit({ ...command, stake: 1000n, ip: null, krainMs: 5000 });
    return stage.happened.at(-1);
  };
  const money = (tsCode: string, direction: 'deposit' | 'withdraw', amount: bigint | 'all') =>
    stage.submit({ kind: 'book_transfer', direction, player, outsideId: player.outsideId, tsCode, amount });
  const result = (to: 'RAIN' | 'NO_RAIN', version: number) => {
    stage.act((books) =>
      setSession(books, kept, { status: 'UNSETTLED', market: 'CLOSE', result: to, version }),
    );
    stage.submit(settlingOf(player, kept));
  };
  money('in', 'deposit', 3000n);
  bet(kept, 'one', 'RAIN');
  bet(other, 'two', 'RAIN');
  result('RAIN', 1);
  money('out', 'withdraw', 'all');
  result('NO_RAIN', 2);
  assertAgrees(stage.ground);
  // It costs nothing: were it not for the shortage it would be taken.
  assert.partialDeepStrictEqual(bet(other, 'three', 'NO_RAIN'), {
    outcome: { ok: false, code: 'credit_short' },
  });
  money('in again', 'deposit', 2500n);
  assert.partialDeepStrictEqual(bet(other, 'three', 'NO_RAIN'), { outcome: { ok: true } });
});
