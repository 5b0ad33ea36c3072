/** The breaker as a table of events, without a clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, type Breaker, CLOSED, ended, heard, mayAsk } from '../../src/callbacks/breaker.ts';

const LIMITS = { unwellMax: 3, openMs: 1000, openMsMax: 5000, probeMsMax: 6000 };

/** at ms: an event, and whether a call may go after it. */
type Step = readonly [at: number, event: Event, mayAsk: boolean];
type Event =
  | 'well'
  | 'unwell'
  | 'look'
  /** A call goes. */
  | 'ask'
  /** The call that went at that time has come back. */
  | readonly ['back', askedAt: number];

function after(breaker: Breaker, at: number, event: Event): Breaker {
  if (event === 'look') return breaker;
  if (event === 'ask') return asked(breaker, at);
  if (typeof event !== 'string') return ended(breaker, event[1]);
  return heard(breaker, { unwell: event === 'unwell', now: at }, LIMITS);
}

const STORIES: readonly [name: string, steps: readonly Step[], state: Breaker['state']][] = [
  [
    'well stays closed',
    [
      [0, 'well', true],
      [1, 'ask', true],
      [2, 'well', true],
    ],
    'closed',
  ],
  [
    'fewer than the limit in a row',
    [
      [0, 'unwell', true],
      [1, 'unwell', true],
      [2, 'well', true],
      [3, 'unwell', true],
      [4, 'unwell', true],
    ],
    'closed',
  ],
  [
    'the limit in a row opens it, for its time',
    [
      [0, 'unwell', true],
      [1, 'unwell', true],
      [2, 'unwell', false],
      [1001, 'look', false],
      [1002, 'look', true],
    ],
    'open',
  ],
  [
    'what is heard while it is open does not lengthen it',
    [
      [0, 'unwell', true],
      [0, 'unwell', true],
      [0, 'unwell', false],
      [900, 'unwell', false],
      [1000, 'look', true],
    ],
    'open',
  ],
  [
    'one probe goes, no other',
    [
      [0, 'unwell', true],
      [0, 'unwell', true],
      [0, 'unwell', false],
      [1000, 'ask', false],
      [5000, 'look', false],
    ],
    'half_open',
  ],
  [
    'a probe that is well closes it',
    [
      [0, 'unwell', true],
      [0, 'unwell', true],
      [0, 'unwell', false],
      [1000, 'ask', false],
      [1100, ['back', 1000], false],
      [1100, 'well', true],
    ],
    'closed',
  ],
  [
    'a probe that is unwell opens it for twice as long',
    [
      [0, 'unwell', true],
      [0, 'unwell', true],
      [0, 'unwell', false],
      [1000, 'ask', false],
      [1100, ['back', 1000], false],
      [1100, 'unwell', false],
      [3099, 'look', false],
      [3100, 'look', true],
    ],
    'open',
  ],
  [
    'what went before the probe says nothing against it',
    [
      [0, 'unwell', true],
      [0, 'unwell', true],
      [0, 'unwell', false],
      [1000, 'ask', false],
      [1050, ['back', 10], false],
      [1050, 'unwell', false],
    ],
    'half_open',
  ],
  [
    'a probe that never comes back is replaced',
    [
      [0, 'unwell', true],
      [0, 'unwell', true],
      [0, 'unwell', false],
      [1000, 'ask', false],
      [6999, 'look', false],
      [7000, 'look', true],
      [7000, 'ask', false],
    ],
    'half_open',
  ],
  [
    'an early one that was well after all closes it',
    [
      [0, 'unwell', true],
      [0, 'unwell', true],
      [0, 'unwell', false],
      [10, 'well', true],
    ],
    'closed',
  ],
  [
    'closed, it counts anew',
    [
      [0, 'unwell', true],
      [0, 'unwell', true],
      [0, 'unwell', false],
      [10, 'well', true],
      [11, 'unwell', true],
      [12, 'unwell', true],
      [13, 'unwell', false],
      [1012, 'look', false],
      [1013, 'look', true],
    ],
    'open',
  ],
];
for (const [name, steps, state] of STORIES) {
  test(name, () => {
    let breaker = CLOSED;
    for (const [at, event, expected] of steps) {
      breaker = after(breaker, at, event);
      assert.equal(mayAsk(breaker, at, LIMITS), expected, `at ${at}: ${event}`);
    }
    assert.equal(breaker.state, state);
  });
}

test('it stays open twice as long each time, up to a bound', () => {
  let breaker: Breaker = { state: 'open', until: 1000, openMs: 1000 };
  const lasted: number[] = [];
  for (let round = 0; round < 5; round++) {
    const at = breaker.state === 'open' ? breaker.until : 0;
    breaker = heard(ended(asked(breaker, at), at), { unwell: true, now: at }, LIMITS);
    lasted.push(breaker.state === 'open' ? breaker.until - at : 0);
  }
  assert.deepEqual(lasted, [2000, 4000, 5000, 5000, 5000]);
});
