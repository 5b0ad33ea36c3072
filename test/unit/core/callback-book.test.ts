/** Who looks after a callback that staff has put back, or that has come to the head of its line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallbackBook } from '../../../src/core/callback-book.ts';
import type { Callback, CallbackState } from '../../../src/core/callback-types.ts';
import { CODE } from '../../../src/core/chart.ts';
import { LEASE_MS } from '../../../src/core/delivery.ts';
import { type TransferId, trusted } from '../../../src/core/ids.ts';
import { T0 } from '../../model/cast.ts';

function callback(id: number, state: CallbackState): Callback {
  return {
    ...{ id: trusted(id), agentId: trusted(1), playerId: trusted(2), walletId: trusted(3) },
    ...{ code: CODE.win, amount: 5n, refererId: null, gameId: null, round: null, studioId: null },
    ...{ externalId: null, after: 5n, at: '', atMs: trusted(T0 - 1000), state, attempts: 0, nextAt: null },
    resolution: null,
  };
}

function bookOf(states: readonly CallbackState[], delivers?: boolean) {
  const all = states.map((state, index) => callback(index + 1, state));
  const known = new Map<TransferId, Callback>(all.map((each) => [each.id, each]));
  const rest = delivers === undefined ? {} : { delivers };
  return { all, book: new CallbackBook(known, { now: T0, at: '', ...rest }) };
}

const TABLE: readonly (readonly [delivers: boolean | undefined, nextAt: number, due: number[]])[] = [
  [undefined, T0 + LEASE_MS, [1]],
  [true, T0 + LEASE_MS, [1]],
  [false, T0, []],
];
for (const [delivers, nextAt, due] of TABLE) {
  test(`put back where delivers is ${delivers}: due in ${nextAt - T0} ms, taken on here: ${due.length}`, () => {
    const { all, book } = bookOf(['listed', 'due'], delivers);
    book.putBack(all[0]!);
    assert.deepEqual([all[0]!.state, all[0]!.nextAt, all[1]!.nextAt], ['due', nextAt, null]);
    assert.deepEqual(
      book.changes().due.map(({ id }) => id),
      due,
    );
  });

  test(`the next in line where delivers is ${delivers}: due in ${nextAt - T0} ms`, () => {
    const { all, book } = bookOf(['due', 'due'], delivers);
    book.leave(all[0]!, 'kept');
    assert.deepEqual([all[0]!.nextAt, all[1]!.nextAt], [null, nextAt]);
    assert.equal(book.changes().due.length, due.length);
  });
}

test('a question keeps its lease wherever it is asked', () => {
  const { book } = bookOf([], false);
  const { state: _state, attempts: _attempts, nextAt: _nextAt, ...wanted } = callback(7, 'asking');
  assert.deepEqual([book.ask(wanted).nextAt, book.changes().due], [T0 + LEASE_MS, []]);
});
