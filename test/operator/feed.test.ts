import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { detailOf } from '../../sim/operator/detail-view.ts';
import { chainBreaks, feedIndex } from '../../sim/operator/feed-index.ts';
import { firstCursor, msOfXtTime, nextWindow, windowMsMax, xtTime } from '../../sim/operator/feed-windows.ts';
import { hubClock } from '../../sim/operator/hub-clock.ts';
import { historyOf } from '../../sim/operator/rounds.ts';
import { type FeedRow, rowOfWire } from '../../sim/operator/xt-wire.ts';

const game = { id: 'g1', type: 'slot', round: 'r1', title: '황금 잉어', vendor: 'v' };

function row(id: number, fill: Partial<FeedRow>): FeedRow {
  const processedAt = `2026-01-01T00:00:${String(id % 60).padStart(2, '0')}.000000Z`;
  return {
    id,
    type: 'bet',
    amount: -10n,
    before: 100n,
    processedAt,
    username: 'Minji',
    game,
    detail: null,
    ...fill,
  };
}

test('consecutive windows meet without gap or overlap, whatever the hours', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 * windowMsMax }), { minLength: 1, maxLength: 30 }),
      (waits) => {
        let nowMs = Date.UTC(2026, 0, 1, 0, 0, 0, 500);
        let cursor = xtTime(nowMs);
        for (const waitMs of waits) {
          nowMs += waitMs;
          const window = nextWindow(cursor, nowMs);
          if (window === null) continue;
          assert.equal(window.start, cursor);
          assert.ok(window.end > window.start && msOfXtTime(window.end) <= nowMs);
          assert.ok(msOfXtTime(window.end) - msOfXtTime(window.start) <= windowMsMax);
          cursor = window.end;
        }
      },
    ),
    { verbose: 1 },
  );
});

test('a new site begins at the birth of its agent, but not before rows can be searched', () => {
  const nowMs = Date.UTC(2026, 5, 30);
  assert.equal(firstCursor('2026-06-29T10:00:00.123456Z', nowMs), '2026-06-29 10:00:00');
  assert.equal(firstCursor('2020-01-01T00:00:00.000000Z', nowMs), '2026-06-16 00:00:00');
});

test('the hub clock follows the hub and is never ahead of it', () => {
  let monotonicMs = 5000;
  const clock = hubClock(() => monotonicMs);
  assert.equal(clock.nowMs(), null);
  clock.observe('Thu, 01 Jan 2026 00:00:10 GMT');
  monotonicMs += 1500;
  assert.equal(clock.nowMs(), Date.UTC(2026, 0, 1, 0, 0, 11, 500));
  clock.observe('nonsense');
  assert.equal(clock.nowMs(), Date.UTC(2026, 0, 1, 0, 0, 11, 500));
});

test('a row is kept once; a detail that comes late is added', () => {
  const index = feedIndex(100);
  assert.equal(index.add(row(1, {})), 'new');
  assert.equal(index.add(row(1, {})), 'known');
  assert.equal(index.add(row(1, { detail: { window: [['A']] } })), 'detail');
  assert.equal(index.add(row(1, {})), 'known');
  assert.deepEqual(index.rowsOf('MINJI')[0]?.detail, { window: [['A']] });
  assert.equal(index.totals().rows, 1);
});

test('totals: stakes less cancels, payouts, GGR; the cashier does not count', () => {
  const index = feedIndex(2);
  index.add(row(1, { type: 'agent.add_balance', amount: 100n, before: 0n, game: null }));
  index.add(row(2, { amount: -50n }));
  index.add(row(3, { type: 'cancel', amount: 20n }));
  index.add(row(4, { type: 'win', amount: 12n }));
  assert.deepEqual(index.totals(), { rows: 4, stakes: 30n, payouts: 12n, ggr: 18n });
  assert.deepEqual(
    index.newest(9).map((one) => one.id),
    [4, 3],
    'memory is bounded',
  );
});

test('chains: rows that came in any order are checked in the order of time', () => {
  const index = feedIndex(100);
  index.add(row(3, { type: 'win', amount: 7n, before: 90n }));
  index.add(row(1, { type: 'agent.add_balance', amount: 100n, before: 0n, game: null }));
  index.add(row(2, { before: 100n }));
  index.add(row(4, { type: 'causer.agent.add_balance', amount: -100n, before: 5000n, game: null }));
  assert.deepEqual(chainBreaks(index.rowsOf('minji')), []);
  index.add(row(5, { before: 98n }));
  assert.deepEqual(
    chainBreaks(index.rowsOf('minji')).map(({ next }) => next.id),
    [5],
  );
});

test('rounds: rows of one game and round belong together; the rest stands alone', () => {
  const items = historyOf([
    row(1, { type: 'agent.add_balance', amount: 100n, before: 0n, game: null }),
    row(2, { amount: -10n, before: 100n }),
    row(3, { amount: -20n, before: 90n }),
    row(4, { game: { ...game, round: 'r2' }, amount: -5n, before: 70n }),
    row(5, { type: 'win', amount: 45n, before: 65n }),
  ]);
  assert.deepEqual(
    items.map((item) => item.kind),
    ['round', 'round', 'row'],
  );
  const [open, won] = items.flatMap((item) => (item.kind === 'round' ? [item.round] : []));
  assert.equal(open?.state, 'open');
  assert.deepEqual(
    {
      staked: won?.staked,
      won: won?.won,
      net: won?.net,
      before: won?.before,
      after: won?.after,
      state: won?.state,
    },
    { staked: 30n, won: 45n, net: 15n, before: 100n, after: 110n, state: 'won' },
  );
});

test('details: a slot window, two hands, or the text as it came', () => {
  const spin = {
    window: [
      ['A', '7'],
      ['K', 'Q'],
    ],
    rest: [['lines', '5']],
  };
  assert.deepEqual(
    detailOf({
      data: {
        window: [
          ['A', 7],
          ['K', 'Q'],
        ],
        lines: 5,
      },
    }),
    { kind: 'slot', spins: [spin], rest: [] },
  );
  const steps = [{ kind: 'paid', stops: [9, 8, 7], window: [1, 2, 3, 4, 5, 6] }];
  assert.deepEqual(detailOf({ stake: '100', steps }), {
    kind: 'slot',
    spins: [
      {
        window: [
          ['1', '3', '5'],
          ['2', '4', '6'],
        ],
        rest: [['kind', 'paid']],
      },
    ],
    rest: [['stake', '100']],
  });
  const result = {
    player: { cards: ['TD', '9S'], score: 9 },
    banker: { cards: ['2H', 'KC'], score: 2 },
    outcome: 'Player',
  };
  const cards = detailOf({
    data: { result, participants: [{ bets: [{ code: 'BAC_Player', stake: 10, payout: 20 }] }] },
  });
  assert.equal(cards?.kind, 'baccarat');
  assert.equal(detailOf({ strange: [1] })?.kind, 'other');
  assert.equal(detailOf(null), null);
  fc.assert(fc.property(fc.jsonValue(), (value) => detailOf(value) === null || true));
});

test('rows are parsed as the hub writes them', () => {
  const wire = {
    id: 3_000_000_001,
    type: 'bet',
    amount: -1000,
    before: '5000',
    status: 'success',
    details: { game },
    processed_at: '2026-01-01T00:00:00.000000Z',
    referer_id: null,
    created_at: '2026-01-01T00:00:00.000000Z',
    user: { id: 9, username: 'Minji' },
    external: { id: 'x', detail: { n: 1 } },
  };
  const parsed = rowOfWire(wire);
  assert.equal(parsed.before + parsed.amount, 4000n);
  assert.deepEqual(parsed.detail, { n: 1 });
  assert.deepEqual(rowOfWire({ ...wire, details: { ip: '10.0.0.1' }, external: null }).game, null);
  assert.throws(() => rowOfWire({ ...wire, amount: 0.5 }), /amount/);
});
