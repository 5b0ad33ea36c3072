/** Our bets at K-Rain against its statement, order by order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trusted } from '../../src/core/ids.ts';
import type { LaidOffBet } from '../../src/db/book-laid-off.ts';
import type { MarketRecord } from '../../src/rain/market.ts';
import { compare } from '../../src/rain/reconcile.ts';

const BASE = { session: trusted<LaidOffSession>(1), market: 'm' };
type LaidOffSession = Parameters<typeof compare>[0]['session'];

const bet = (id: number, changed: Partial<LaidOffBet> = {}): LaidOffBet => ({
  id: trusted(id),
  status: 'ACTIVE',
  type: 'RAIN',
  krainStake: 100n,
  krainWin: 90n,
  ...changed,
});
const order = (id: number | string, changed: Partial<MarketRecord> = {}): MarketRecord => ({
  id: typeof id === 'number' ? `bet-${id}` : id,
  market: 'm',
  side: 'RAIN',
  stake: 100n,
  fate: { kind: 'matched', stake: 100n, odds: 1900, win: 90n },
  at: trusted(0),
  ...changed,
});
const REFUSED = { kind: 'refused', reason: 'krain_odds_moved' } as const;

const TABLE: readonly [
  name: string,
  bets: LaidOffBet[],
  orders: MarketRecord[],
  found: [number, number, string[]],
][] = [
  ['nothing on either side', [], [], [0, 0, []]],
  [
    'alike',
    [bet(1), bet(3, { status: 'SETTLED' }), bet(5, { status: 'VOID' })],
    [order(1), order(3), order(5)],
    [3, 0, []],
  ],
  ['ours alone', [bet(1)], [], [0, 0, ['missing bet-1']]],
  ['ours, which K-Rain has refused', [bet(1)], [order(1, { fate: REFUSED })], [0, 0, ['missing bet-1']]],
  ['theirs alone', [], [order(1), order('stranger')], [0, 0, ['extra bet-1', 'extra stranger']]],
  [
    'theirs, which we call failed',
    [bet(1, { status: 'FAILED', krainStake: 0n })],
    [order(1)],
    [0, 0, ['extra bet-1']],
  ],
  [
    'refused on both sides',
    [bet(1, { status: 'FAILED', krainStake: 0n })],
    [order(1, { fate: REFUSED })],
    [0, 0, []],
  ],
  ['failed here, never got there', [bet(1, { status: 'FAILED', krainStake: 0n })], [], [0, 0, []]],
  [
    'open yet, whatever K-Rain has',
    [bet(1, { status: 'CHECK' }), bet(3, { status: 'TEMP' })],
    [order(1)],
    [0, 2, []],
  ],
  ['another stake', [bet(1, { krainStake: 99n })], [order(1)], [0, 0, ['different bet-1']]],
  ['another win', [bet(1, { krainWin: 91n })], [order(1)], [0, 0, ['different bet-1']]],
  ['the other side', [bet(1)], [order(1, { side: 'NO_RAIN' })], [0, 0, ['different bet-1']]],
];
for (const [name, bets, orders, [matched, pending, different]] of TABLE)
  test(`statement: ${name}`, () => {
    const found = compare(BASE, { bets, orders });
    const kinds = found.differences.map((each) => `${each.kind} ${each.order}`);
    assert.deepEqual([found.matched, found.pending, kinds], [matched, pending, different]);
  });
