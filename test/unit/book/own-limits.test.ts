/** Own limits and self-exclusion, against what they promise: tighter at once, looser after a day, never a way around. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changeOwnLimits,
  excludeUntil,
  LOOSER_AFTER_MS,
  type OwnState,
} from '../../../src/core/book/own-limits.ts';
import { ownLimitsAt } from '../../../src/core/book/place.ts';
import { type Instant, trusted } from '../../../src/core/ids.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (ms: number): Instant => trusted(1_800_000_000_000 + ms);
const NONE: OwnState = { own: { maxBet: null, dayStake: null }, nextOwn: null, nextOwnAt: null };
const own = (maxBet: bigint | null, dayStake: bigint | null = null) => ({ maxBet, dayStake });
const state = (now: OwnState['own'], next: OwnState['own'] | null = null, nextAt = 0): OwnState => ({
  own: now,
  nextOwn: next,
  nextOwnAt: next === null ? null : at(nextAt),
});

type Wish = Parameters<typeof changeOwnLimits>[1];
const WISHES: readonly [why: string, before: OwnState, wish: Wish, now: number, after: OwnState][] = [
  ['nothing wished, nothing changed', NONE, {}, 0, NONE],
  ['a first limit holds at once', NONE, { maxBet: 5n }, 0, state(own(5n))],
  ['a tighter one too', state(own(5n)), { maxBet: 4n }, 0, state(own(4n))],
  ['zero is the tightest', state(own(5n)), { maxBet: 0n }, 0, state(own(0n))],
  ['a looser one waits', state(own(5n)), { maxBet: 6n }, 0, state(own(5n), own(6n), DAY)],
  ['none is the loosest', state(own(5n)), { maxBet: null }, 0, state(own(5n), own(null), DAY)],
  ['the same is no change', state(own(5n)), { maxBet: 5n }, 0, state(own(5n))],
  [
    'one tighter, one looser',
    state(own(5n, 50n)),
    { maxBet: 4n, dayStake: 60n },
    0,
    state(own(4n, 50n), own(4n, 60n), DAY),
  ],
  ['the other stays as it is', state(own(5n, 50n)), { maxBet: 4n }, 0, state(own(4n, 50n))],
  [
    'asked again for what comes, it does not wait anew',
    state(own(5n), own(6n), DAY),
    { maxBet: 6n },
    HOUR,
    state(own(5n), own(6n), DAY),
  ],
  [
    'asked for less than what comes, neither',
    state(own(5n), own(9n), DAY),
    { maxBet: 6n },
    HOUR,
    state(own(5n), own(6n), DAY),
  ],
  [
    'asked for more, it waits a whole day again',
    state(own(5n), own(6n), DAY),
    { maxBet: 7n },
    HOUR,
    state(own(5n), own(7n), DAY + HOUR),
  ],
  ['tighter takes back what was to come', state(own(5n), own(6n), DAY), { maxBet: 5n }, HOUR, state(own(5n))],
  [
    'a wish for the other leaves what comes',
    state(own(5n, 50n), own(6n, 50n), DAY),
    { dayStake: 40n },
    HOUR,
    state(own(5n, 40n), own(6n, 40n), DAY),
  ],
  ['what has come is what holds', state(own(5n), own(9n), DAY), { maxBet: 8n }, DAY, state(own(8n))],
  [
    'and a looser one waits from there',
    state(own(5n), own(9n), DAY),
    { maxBet: 10n },
    DAY,
    state(own(9n), own(10n), 2 * DAY),
  ],
  [
    'nothing wished makes what has come the player’s own',
    state(own(5n), own(9n), DAY),
    {},
    DAY,
    state(own(9n)),
  ],
];

test('a wish, limit by limit', () => {
  for (const [why, before, wish, now, after] of WISHES)
    assert.deepEqual(changeOwnLimits(before, wish, at(now)), after, why);
});

/** As the promise reads: what held is never looser than anything wished within the last day, and never looser than the last wish. */
test('whatever is wished when, nothing looser holds than a day allows', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  let word = seed;
  const draw = (below: number) => {
    word = (Math.imul(word, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((word / 2 ** 32) * below);
  };
  const room = (limit: bigint | null) => limit ?? 1000n;
  for (let run = 0; run < 300; run++) {
    let held = NONE;
    let now = 0;
    /** What was in force just before, at each wish: the naive record. */
    const wishes: { at: number; maxBet: bigint | null }[] = [{ at: Number.NEGATIVE_INFINITY, maxBet: null }];
    for (let step = 0; step < 12; step++) {
      now += draw(30) * HOUR;
      const maxBet = draw(5) === 0 ? null : BigInt(draw(10));
      const before = ownLimitsAt(held, at(now)).maxBet;
      held = changeOwnLimits(held, { maxBet }, at(now));
      wishes.push({ at: now, maxBet });
      const after = ownLimitsAt(held, at(now)).maxBet;
      assert.ok(room(after) <= room(maxBet) && room(after) <= room(before), `SEED=${seed}: looser at once`);
      for (const later of [0, 6, 12, 23]) {
        const holds = room(ownLimitsAt(held, at(now + later * HOUR)).maxBet);
        const asked = wishes
          .filter((wish) => wish.at > now + (later - 24) * HOUR)
          .map((wish) => room(wish.maxBet));
        assert.ok(
          asked.every((each) => holds <= each),
          `SEED=${seed}: ${holds} beside ${asked}`,
        );
      }
      const last = ownLimitsAt(held, at(now + LOOSER_AFTER_MS)).maxBet;
      assert.equal(last, maxBet, `SEED=${seed}: what was wished holds a day later`);
    }
  }
});

test('an exclusion is never shortened', () => {
  const table: [
    Parameters<typeof excludeUntil>[0],
    Parameters<typeof excludeUntil>[1],
    Instant | 'forever',
  ][] = [
    [null, '24h', at(DAY)],
    [null, '7d', at(7 * DAY)],
    [null, '30d', at(30 * DAY)],
    [null, '180d', at(180 * DAY)],
    [null, 'forever', 'forever'],
    [at(-DAY), '24h', at(DAY)],
    [at(2 * DAY), '24h', at(2 * DAY)],
    [at(2 * DAY), '7d', at(7 * DAY)],
    [at(DAY), 'forever', 'forever'],
    ['forever', '24h', 'forever'],
  ];
  for (const [held, wish, until] of table)
    assert.equal(excludeUntil(held, wish, at(0)), until, `${held} ${wish}`);
});
