/** The course of a thread: every state, side and act there is, against a table written by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actsOf,
  afterAct,
  firstState,
  STATES,
  THREAD_ACTS,
  THREAD_KINDS,
  THREAD_STATES,
  type ThreadAct,
  type ThreadSide,
  waitsFor,
} from '../../../src/core/office/thread.ts';

/** kind, state: what the asker, and what the answerer may do, and where it leads. */
const TABLE: Readonly<Record<string, readonly [asker: string, answerer: string]>> = {
  'inquiry open': ['write open, close closed', 'write answered, close closed'],
  'inquiry answered': ['write open, close closed', 'write answered, close closed'],
  'inquiry closed': ['write open', 'write answered'],
  'desk new': [
    'write new, close closed',
    'write waiting, note new, take in_work, solve solved, close closed',
  ],
  'desk in_work': [
    'write in_work, close closed',
    'write waiting, note in_work, take in_work, release new, solve solved, close closed',
  ],
  'desk waiting': [
    'write in_work, close closed',
    'write waiting, note waiting, take waiting, release waiting, solve solved, close closed',
  ],
  'desk solved': ['write in_work, close closed', 'write waiting, note solved, close closed'],
  'desk closed': ['', 'note closed'],
};
const SIDES: readonly ThreadSide[] = ['asker', 'answerer'];

test('every act in every state, by either side', () => {
  for (const kind of THREAD_KINDS)
    for (const state of THREAD_STATES)
      for (const [index, side] of SIDES.entries()) {
        const row = TABLE[`${kind} ${state}`];
        const isKnown = (STATES[kind] as readonly string[]).includes(state);
        assert.equal(row !== undefined, isKnown);
        const expected = new Map(
          (row?.[index] ?? '')
            .split(', ')
            .filter((each) => each !== '')
            .map((each) => each.split(' ') as [ThreadAct, string]),
        );
        for (const act of THREAD_ACTS)
          assert.equal(
            afterAct({ kind, state }, side, act),
            expected.get(act) ?? null,
            `${kind} ${state} ${side} ${act}`,
          );
        assert.deepEqual(actsOf({ kind, state }, side), [...expected.keys()]);
      }
});

test('whoever has not spoken last is waited for; what has ended waits for nobody', () => {
  for (const kind of THREAD_KINDS)
    for (const side of SIDES) {
      const other = side === 'asker' ? 'answerer' : 'asker';
      const at = { kind, state: firstState(kind, side) };
      assert.deepEqual([waitsFor(at, side), waitsFor(at, other)], [false, true], `${kind} by the ${side}`);
      assert.ok(!waitsFor({ kind, state: 'closed' }, side));
    }
});
