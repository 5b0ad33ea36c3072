/**
 * `decide` against the naive model: random streams, any split into batches, the same answers and the same money.
 * `SEED=<n>` repeats a run, `RUNS=<n>` makes it so many times longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mayNotGoNegative } from '../../../src/core/chart.ts';
import type { AccountId } from '../../../src/core/ids.ts';
import type { Command, Outcome, Transfer } from '../../../src/core/ledger-types.ts';
import { type Cast, memoryCast } from '../../model/cast.ts';
import { seeded } from '../../model/seed.ts';
import { anyStep, type Performance, perform } from '../../model/steps.ts';
import { MemoryStore } from '../../model/store.ts';

const cast = memoryCast();
const streams = fc.array(anyStep, { minLength: 20, maxLength: 120, size: 'max' });

/** Runs every segment in batches of the given sizes, taken round and round. */
function runSplit(
  { segments }: Performance,
  sizes: readonly number[],
): { store: MemoryStore; outcomes: Outcome[] } {
  const store = new MemoryStore(cast);
  const outcomes: Outcome[] = [];
  let turn = 0;
  for (const { now, commands } of segments) {
    for (let from = 0; from < commands.length; ) {
      const batch = commands.slice(from, from + sizes[turn++ % sizes.length]!);
      outcomes.push(...store.run(batch, now));
      from += batch.length;
    }
  }
  return { store, outcomes };
}

function sumsPerCurrency(of: Cast, balance: (id: AccountId) => bigint): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  const seen = new Set<AccountId>();
  for (const { id, currency } of of.accounts) {
    if (seen.has(id)) continue;
    seen.add(id);
    sums.set(currency, (sums.get(currency) ?? 0n) + balance(id));
  }
  return sums;
}

test('one by one, decide answers what the model answers', (t) => {
  fc.assert(
    fc.property(streams, (steps) => {
      const performance = perform(cast, steps);
      const { store, outcomes } = runSplit(performance, [1]);
      assert.deepEqual(outcomes, performance.expected);
      assert.deepEqual(
        store.transfers.map(({ id, code, debit, credit, amount, refererId }) => ({
          refererId,
          code,
          debit,
          credit,
          amount,
          id,
        })),
        performance.model.rows,
      );
      for (const account of store.accounts.values()) {
        assert.equal(account.balance, performance.model.balance(account.id));
        assert.equal(account.reserved, performance.model.promised.get(account.id) ?? 0n);
      }
    }),
    seeded(t, 500),
  );
});

/** A transfer without its place in its batch: that follows from the split. */
const unplaced = ({ step: _step, ...transfer }: Transfer) => transfer;

test('any split of a stream into batches gives the same outcomes and the same rows', (t) => {
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(streams, sizes, (steps, split) => {
      const performance = perform(cast, steps);
      const { store, outcomes } = runSplit(performance, split);
      assert.deepEqual(outcomes, performance.expected);
      const alone = runSplit(performance, [1]).store;
      assert.deepEqual(store.transfers.map(unplaced), alone.transfers.map(unplaced));
      assert.deepEqual(store.accounts, alone.accounts);
      assert.deepEqual(store.rounds, alone.rounds);
      assert.deepEqual(store.reservations, alone.reservations);
      assert.deepEqual(store.details, alone.details);
    }),
    seeded(t, 300),
  );
});

test('sums are zero, nothing held is negative, replay equals live, every row continues the one before', (t) => {
  fc.assert(
    fc.property(streams, (steps) => {
      const { store } = runSplit(perform(cast, steps), [1, 7, 30]);
      for (const sum of sumsPerCurrency(cast, (id) => store.accounts.get(id)!.balance).values())
        assert.equal(sum, 0n);
      const replayed = new Map<AccountId, bigint>();
      for (const { debit, credit, amount, debitBefore, creditBefore } of store.transfers) {
        for (const [id, delta, before] of [
          [debit, -amount, debitBefore],
          [credit, amount, creditBefore],
        ] as const) {
          const balance = replayed.get(id) ?? 0n;
          const held = mayNotGoNegative(store.accounts.get(id)!.kind);
          assert.equal(before, held ? balance : null);
          replayed.set(id, balance + delta);
          if (held) assert.ok(balance + delta >= 0n);
        }
      }
      for (const { id, kind, balance, reserved } of store.accounts.values()) {
        assert.equal(balance, replayed.get(id) ?? 0n);
        if (mayNotGoNegative(kind)) assert.ok(reserved >= 0n && reserved <= balance);
      }
    }),
    seeded(t, 200),
  );
});

test('repeating every command that has an id answers the same and moves nothing', (t) => {
  fc.assert(
    fc.property(streams, (steps) => {
      const performance = perform(cast, steps);
      const { store, outcomes } = runSplit(performance, [16]);
      const all = performance.segments.flatMap((segment) => segment.commands);
      const last = performance.segments.at(-1)!.now;
      const before = structuredClone([store.transfers, store.accounts, store.rounds, store.reservations]);
      for (const [index, command] of all.entries()) {
        if (!isRepeatable(command, outcomes[index]!)) continue;
        const [again] = store.run([command], last);
        assert.deepEqual(again, asReplay(outcomes[index]!));
      }
      assert.deepEqual([store.transfers, store.accounts, store.rounds, store.reservations], before);
    }),
    seeded(t, 200),
  );
});

/** Answers kept under an id: of items all (but a reused id's), of keyed moves those that moved money. */
function isRepeatable(command: Command, outcome: Outcome): boolean {
  if (!('ok' in outcome || 'answer' in outcome)) throw new Error('no transfer wallet is asked');
  if ('answer' in outcome) return outcome.answer.code !== 'id_reused';
  if (command.kind === 'wallet_transfer' || command.kind === 'move')
    return command.key !== null && outcome.ok;
  return (command.kind === 'post' || command.kind === 'void') && outcome.ok;
}

function asReplay(outcome: Outcome): Outcome {
  return 'replayed' in outcome ? { ...outcome, replayed: true } : outcome;
}
