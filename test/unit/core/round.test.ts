/** Every transition of a round, and every refusal of one (contract studio, rules 2–8). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Instant, type TransferId, trusted } from '../../../src/core/ids.ts';
import {
  addBet,
  addWin,
  BUNDLES_PER_ROUND_MAX,
  type BundleState,
  cancelBets,
  closeRound,
  mayNotBet,
  newRound,
  type Round,
  roundState,
  tooSoonAfterCancel,
} from '../../../src/core/round.ts';
import { RULES, T0 } from '../../model/cast.ts';

const id = (value: number) => trusted<TransferId>(value);
const after = (ms: number) => trusted<Instant>(T0 + ms);

/** A round whose bundles are in these states; bundle n holds one bet of 100·(n+1) with id n+1. */
function roundOf(states: readonly BundleState[], over: Partial<Round> = {}): Round {
  const bundles = states.map((state, n) => ({
    firstId: id(n + 1),
    sum: BigInt(100 * (n + 1)),
    bets: 1,
    state,
  }));
  return { ...newRound(T0), bundles, ...over };
}
const states = (round: Round) => round.bundles.map((bundle) => bundle.state).join(' ');

test('the state of a round follows from its bundles', () => {
  const table: [BundleState[], closed: boolean, string][] = [
    [[], false, 'cancelled'],
    [[], true, 'settled'],
    [['open'], false, 'open'],
    [['won', 'open'], false, 'open'],
    [['won'], false, 'settled'],
    [['lost'], true, 'settled'],
    [['cancelled'], false, 'cancelled'],
    [['cancelled'], true, 'cancelled'],
    [['cancelled', 'won'], false, 'settled'],
    [['won', 'cancelled'], true, 'settled'],
  ];
  for (const [bundles, closed, expected] of table)
    assert.equal(roundState(roundOf(bundles, { closed })), expected, `${bundles} ${closed}`);
});

test('a bet opens a bundle, or joins the open one of a multi-bet vendor', () => {
  const bet = { id: id(99), amount: 7n };
  const table: [keyof typeof RULES, BundleState[], bundle: number, after: string, sum: bigint][] = [
    ['single', [], 0, 'open', 7n],
    ['single', ['open'], 1, 'open open', 7n],
    ['bundles', [], 0, 'open', 7n],
    ['bundles', ['open'], 0, 'open', 107n],
    ['bundles', ['cancelled'], 1, 'cancelled open', 7n],
    ['bundles', ['cancelled', 'open'], 1, 'cancelled open', 207n],
    ['bundles', ['won'], 1, 'won open', 7n],
  ];
  for (const [rules, bundles, bundle, expected, sum] of table) {
    const joined = addBet(roundOf(bundles), RULES[rules], bet);
    assert.deepEqual([joined.bundle, states(joined.round)], [bundle, expected], `${rules} ${bundles}`);
    const grown = joined.round.bundles[bundle]!;
    assert.equal(grown.sum, sum);
    assert.equal(grown.firstId, sum === 7n ? 99 : bundle + 1);
  }
});

test('when a bet may not join', () => {
  const many = Array.from({ length: BUNDLES_PER_ROUND_MAX }, (): BundleState => 'won');
  const table: [why: string, Round, keyof typeof RULES, ms: number, string | null][] = [
    ['open', roundOf(['open']), 'single', 1, null],
    ['closed', roundOf(['won'], { closed: true }), 'single', 1, 'round_ended'],
    ['within the 50 s of betting', roundOf(['open']), 'bundles', 50_000, null],
    ['after them', roundOf(['open']), 'bundles', 50_001, 'round_ended'],
    ['the first bet is never late', roundOf([]), 'bundles', 50_001, null],
    ['no betting time', roundOf(['open']), 'single', 10_000_000, null],
    ['room for one more', roundOf(many.slice(1)), 'single', 1, null],
    ['full', roundOf(many), 'single', 1, 'round_ended'],
  ];
  for (const [why, round, rules, ms, expected] of table)
    assert.equal(mayNotBet(round, RULES[rules], after(ms)), expected, why);
});

test('the pause after a cancel is ten seconds for vendors so configured', () => {
  const cancelled = roundOf(['cancelled'], { cancelledAt: T0 });
  const table: [Round, keyof typeof RULES, ms: number, boolean][] = [
    [cancelled, 'bundles', 0, true],
    [cancelled, 'bundles', 9_999, true],
    [cancelled, 'bundles', 10_000, false],
    [cancelled, 'single', 0, false],
    [roundOf(['won']), 'bundles', 0, false],
  ];
  for (const [round, rules, ms, expected] of table)
    assert.equal(tooSoonAfterCancel(round, RULES[rules], after(ms)), expected);
});

test('a win settles the referenced bundle, else all that are open, else it is a further win', () => {
  const table: [BundleState[], bundle: number | null, expected: string, referer: number][] = [
    [['open'], null, 'won', 1],
    [['open', 'open'], null, 'won won', 1],
    [['cancelled', 'open'], null, 'cancelled won', 2],
    [['won', 'open'], null, 'won won', 2],
    [['open', 'open'], 1, 'open won', 2],
    [['won'], null, 'won', 1],
    [['won', 'won'], null, 'won won', 2],
    [['won', 'cancelled'], null, 'won cancelled', 1],
    [['won', 'open'], 0, 'won open', 1],
  ];
  for (const [bundles, bundle, expected, referer] of table) {
    const settled = addWin(roundOf(bundles), bundle);
    assert.ok(settled !== 'unknown_round', `${bundles} ${bundle}`);
    assert.deepEqual([states(settled.round), settled.refererId], [expected, referer]);
  }
  const refused: [Round, number | null][] = [
    [roundOf([]), null],
    [roundOf(['cancelled']), null],
    [roundOf(['cancelled']), 0],
    [roundOf(['won', 'cancelled']), 1],
    [roundOf(['won'], { closed: true }), null],
    [roundOf(['won'], { closed: true }), 0],
    [roundOf(['lost'], { closed: true }), 0],
  ];
  for (const [round, bundle] of refused)
    assert.equal(addWin(round, bundle), 'unknown_round', `${states(round)} ${bundle}`);
});

test('a cancel refunds the bundle’s sum, moves nothing twice, and undoes no win', () => {
  const table: [BundleState[], bundle: number | null, amount: bigint | null, expected: string][] = [
    [['open'], null, null, 'cancelled, 100 of 1'],
    [['open'], 0, 100n, 'cancelled, 100 of 1'],
    [['open'], 0, 99n, 'amount_mismatch'],
    [['open', 'open'], null, null, 'cancelled cancelled, 300 of 1'],
    [['open', 'open'], 1, null, 'open cancelled, 200 of 2'],
    [['open', 'open'], null, 200n, 'amount_mismatch'],
    [['cancelled', 'open'], null, 200n, 'cancelled cancelled, 200 of 2'],
    [['cancelled'], null, null, 'nothing'],
    [['cancelled'], 0, 1n, 'nothing'],
    [['won', 'cancelled'], null, null, 'nothing'],
    [['won', 'cancelled'], 1, null, 'nothing'],
    [['won'], null, null, 'already_settled'],
    [['won', 'open'], 0, null, 'already_settled'],
    [['lost'], null, null, 'already_settled'],
    [['cancelled', 'won'], null, null, 'already_settled'],
  ];
  for (const [bundles, bundle, amount, expected] of table) {
    const result = cancelBets(roundOf(bundles), { bundle, amount, now: after(5) });
    const said =
      result.kind === 'refund'
        ? `${states(result.round)}, ${result.sum} of ${result.refererId}`
        : result.kind === 'refused'
          ? result.code
          : 'nothing';
    assert.equal(said, expected, `${bundles} ${bundle} ${amount}`);
    if (result.kind === 'refund') assert.equal(result.round.cancelledAt, after(5));
  }
});

test('closing a round loses what is open and names the first bets of it', () => {
  const { round, lost } = closeRound(roundOf(['won', 'open', 'cancelled', 'open']));
  assert.deepEqual([states(round), lost, round.closed], ['won lost cancelled lost', [2, 4], true]);
  assert.equal(roundState(round), 'settled');
});
