import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastStake, winOf } from '../../../src/core/book/odds.ts';

test('the smallest stake that wins anything: with one unit less it wins nothing', () => {
  for (const odds of [1001, 1010, 1500, 1999, 2000, 49_000]) {
    const least = leastStake(odds);
    assert.deepEqual([winOf(least, odds) > 0n, winOf(least - 1n, odds)], [true, 0n], `odds ${odds}`);
  }
});
