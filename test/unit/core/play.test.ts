/** Game money as stories (contract studio, rules 1–7; xt §3), and the order in which an item is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE } from '../../../src/core/chart.ts';
import { type Answered, ITEM_REFUSALS, type StudioItem } from '../../../src/core/ledger-types.ts';
import { itemOf } from '../../model/cast.ts';
import {
  blocked,
  bundles,
  cast,
  disabled,
  dollars,
  limited,
  noZeroWins,
  plain,
  Rig,
  seamless,
  single,
  type Wish,
} from './rig.ts';

const { bet: BET, win: WIN, cancel: CANCEL, exceedCredit: CUT } = CODE;

test('bundle: bet, bet, win', () => {
  const rig = new Rig();
  const common = { game: bundles, round: 'b1' };
  assert.equal(rig.say({ ...common, type: 'bet', amount: 1000n }), 'accepted');
  assert.equal(rig.say({ ...common, type: 'bet', amount: 500n }), 'accepted');
  assert.equal(rig.say({ ...common, type: 'win', amount: 2000n }), 'accepted');
  assert.deepEqual(rig.rows(), [
    [BET, 1000n, null],
    [BET, 500n, null],
    [WIN, 2000n, 0],
  ]);
  assert.equal(rig.say({ ...common, type: 'cancel' }), 'already_settled');
});

test('bundle: bet, bet, cancel gives the sum back against the first bet; a second cancel moves nothing', () => {
  const rig = new Rig();
  const common = { game: bundles, round: 'b1' };
  rig.play({ ...common, type: 'bet', amount: 1000n });
  rig.play({ ...common, type: 'bet', amount: 500n, id: 'second' });
  assert.equal(rig.say({ ...common, type: 'cancel', amount: 1000n }), 'amount_mismatch');
  assert.equal(rig.say({ ...common, type: 'cancel', amount: 1500n, reference: 'second' }), 'accepted');
  assert.equal(rig.say({ ...common, type: 'cancel' }), 'nothing');
  assert.equal(rig.say({ ...common, type: 'win' }), 'unknown_round');
  assert.deepEqual(rig.rows().at(-1), [CANCEL, 1500n, 0]);
  assert.equal(rig.balance(), 15_000n);
});

test('bundle: (bet, cancel), (bet, win): a cancelled bundle has no effect on the later one', () => {
  const rig = new Rig();
  const common = { game: bundles, round: 'b1' };
  rig.play({ ...common, type: 'bet', amount: 1000n });
  rig.play({ ...common, type: 'cancel' });
  assert.equal(rig.say({ ...common, type: 'bet', amount: 700n }), 'bet_too_soon');
  rig.wait(10_000);
  assert.equal(rig.say({ ...common, type: 'bet', amount: 700n }), 'accepted');
  assert.equal(rig.say({ ...common, type: 'win', amount: 900n }), 'accepted');
  assert.deepEqual(rig.rows(), [
    [BET, 1000n, null],
    [CANCEL, 1000n, 0],
    [BET, 700n, null],
    [WIN, 900n, 2],
  ]);
});

test('bundle: a betting time of 50 s and a pause of 10 s leave room for five cancels', () => {
  const rig = new Rig();
  const common = { game: bundles, round: 'b1' };
  for (let count = 0; count < 5; count++) {
    assert.equal(rig.say({ ...common, type: 'bet' }), 'accepted', `bet ${count}`);
    rig.wait(100);
    assert.equal(rig.say({ ...common, type: 'cancel' }), 'accepted', `cancel ${count}`);
    rig.wait(9_999);
    assert.equal(rig.say({ ...common, type: 'bet' }), count < 4 ? 'bet_too_soon' : 'round_ended');
    rig.wait(1);
  }
  assert.equal(rig.say({ ...common, type: 'bet' }), 'round_ended');
  assert.equal(rig.balance(), 15_000n);
});

test('single bets: a win and a cancel settle the bet they refer to, the others stay open', () => {
  const rig = new Rig();
  for (const id of ['a', 'b', 'c']) rig.play({ type: 'bet', id });
  assert.equal(rig.say({ type: 'win', reference: 'b', amount: 5n }), 'accepted');
  assert.equal(rig.say({ type: 'cancel', reference: 'c', amount: 1000n }), 'accepted');
  assert.equal(rig.say({ type: 'cancel', reference: 'b' }), 'already_settled');
  assert.equal(rig.say({ type: 'win', reference: 'c' }), 'unknown_round');
  assert.equal(rig.say({ type: 'win', amount: 7n }), 'accepted');
  assert.deepEqual(rig.rows().slice(3), [
    [WIN, 5n, 1],
    [CANCEL, 1000n, 2],
    [WIN, 7n, 0],
  ]);
});

test('free spins: more wins in a round that is not closed refer to the bet that was won', () => {
  const rig = new Rig();
  rig.play({ type: 'bet' });
  for (const amount of [10n, 0n, 30n]) assert.equal(rig.say({ type: 'win', amount }), 'accepted');
  assert.equal(rig.say({ type: 'win', amount: 1n, closesRound: true }), 'accepted');
  assert.equal(rig.say({ type: 'win', amount: 1n }), 'unknown_round');
  assert.deepEqual(
    rig
      .rows()
      .slice(1)
      .map((row) => row[2]),
    [0, 0, 0, 0],
  );
});

test('a lost round is a win of 0, without a row for vendors that send none', () => {
  const rig = new Rig();
  rig.play({ type: 'bet' });
  rig.play({ type: 'bet', game: noZeroWins });
  assert.equal(rig.say({ type: 'win', amount: 0n }), 'accepted');
  assert.equal(rig.say({ type: 'win', amount: 0n, game: noZeroWins }), 'nothing');
  assert.equal(rig.say({ type: 'cancel', game: noZeroWins }), 'already_settled');
  assert.deepEqual(rig.rows().slice(2), [[WIN, 0n, 0]]);
});

test('a win beyond the maximum is paid whole and the excess taken by a row of its own', () => {
  const rig = new Rig();
  const common = { player: limited, game: bundles };
  rig.play({ ...common, type: 'bet', amount: 3000n });
  assert.equal(rig.say({ ...common, type: 'win', amount: 9001n }), 'accepted');
  assert.deepEqual(rig.rows().slice(1), [
    [WIN, 9001n, 0],
    [CUT, 1n, 1],
  ]);
  assert.equal(rig.balance(limited), 15_000n - 3000n + 9000n);
});

test('a cancel that overtakes its bet leaves a mark, by id or by round', () => {
  const rig = new Rig();
  assert.equal(rig.say({ type: 'cancel', reference: 'late' }), 'nothing');
  assert.equal(rig.say({ type: 'bet', id: 'late' }), 'cancelled_before');
  assert.equal(rig.say({ type: 'bet', id: 'late' }), 'cancelled_before');
  assert.equal(rig.say({ type: 'cancel', round: 'r9' }), 'nothing');
  assert.equal(rig.say({ type: 'bet', round: 'r9' }), 'cancelled_before');
  assert.equal(rig.say({ type: 'cancel', reference: 'late', round: 'r9' }), 'nothing');
  assert.equal(rig.say({ type: 'promo_win', id: 'later' }), 'accepted');
  assert.equal(rig.balance(), 16_000n);
});

test('a reference to a bet of another round leaves both rounds as they are', () => {
  const rig = new Rig();
  rig.play({ type: 'bet', id: 'one', round: 'r1' });
  rig.play({ type: 'bet', id: 'two', round: 'r2', amount: 200n });
  assert.equal(rig.say({ type: 'bet', round: 'r2', reference: 'one', amount: 300n }), 'accepted');
  assert.equal(rig.say({ type: 'win', round: 'r2', reference: 'one' }), 'accepted');
  assert.equal(rig.say({ type: 'cancel', round: 'r2' }), 'already_settled');
  assert.equal(rig.say({ type: 'cancel', round: 'r1', amount: 1000n }), 'accepted');
  assert.deepEqual(rig.rows().slice(3), [
    [WIN, 1000n, 1],
    [CANCEL, 1000n, 0],
  ]);
});

test('a cancel finds the round of its bet, also when it names none or another', () => {
  for (const round of [null, 'r7']) {
    const rig = new Rig();
    rig.play({ type: 'bet', id: 'one', round: 'r1' });
    assert.equal(rig.say({ type: 'cancel', reference: 'one', round }), 'accepted');
    assert.equal(rig.balance(), 15_000n);
  }
});

test('another player’s bet can be neither cancelled nor won', () => {
  const rig = new Rig();
  rig.play({ type: 'bet', id: 'mine' });
  assert.equal(rig.say({ type: 'cancel', reference: 'mine', player: limited }), 'nothing');
  assert.equal(rig.say({ type: 'win', reference: 'mine', player: limited }), 'unknown_round');
  assert.equal(rig.say({ type: 'win', reference: 'mine' }), 'accepted');
});

test('the same id gives the same answer, with other content it is refused', () => {
  const rig = new Rig();
  const first = rig.play({ type: 'bet', id: 'x', amount: 400n });
  rig.play({ type: 'bet' });
  assert.deepEqual(rig.play({ type: 'bet', id: 'x', amount: 400n }), { ...first, replayed: true });
  for (const other of [{ amount: 401n }, { type: 'win' as const }, { round: 'r2' }, { player: limited }])
    assert.equal(rig.say({ type: 'bet', amount: 400n, ...other, id: 'x' }), 'id_reused');
  assert.equal(rig.say({ type: 'bet', id: 'poor', amount: 5000n, game: bundles }), 'accepted');
  assert.equal(rig.say({ type: 'bet', id: 'refused', amount: 5001n }), 'limit_exceeded');
  assert.equal(rig.play({ type: 'bet', id: 'refused', amount: 5001n }).replayed, true);
});

/**
 * Each wish has one fault more than the next: what is refused first wins. Read from the contract's list: dropping
 * a fault must show the next refusal, so every one is reachable and their order is the contract's.
 */
const ladder: [refusal: string, cure: Partial<Wish> & { stranger?: boolean }][] = [
  ['id_reused', { id: 'fresh' }],
  ['unknown_player', { stranger: false }],
  ['session_ended', { sessionId: blocked.sessionId }],
  ['player_blocked', { player: plain, sessionId: plain.sessionId }],
  ['game_disabled', { game: bundles }],
  ['currency_mismatch', { currency: 'KRW' }],
  ['invalid_amount', { amount: 60_000n }],
  ['round_ended', { round: 'cancelled', id: 'tombstoned' }],
  ['cancelled_before', { id: 'fresh' }],
  ['bet_too_soon', { round: 'new' }],
  ['limit_exceeded', { amount: 5000n }],
  ['insufficient_funds', { type: 'promo_win' }],
];

/** A round that was closed, one with a cancelled bundle just now, an empty wallet, a tombstone, a used id. */
function readyForLadder(): Rig {
  const rig = new Rig();
  rig.play({ type: 'bet', game: bundles, round: 'closed', closesRound: true });
  rig.play({ type: 'bet', game: bundles, round: 'cancelled' });
  rig.play({ type: 'bet', amount: 1n, id: 'used' });
  rig.play({ type: 'cancel', reference: 'tombstoned', round: null });
  rig.play({ type: 'adjust_debit', amount: 10_500n });
  rig.play({ type: 'cancel', game: bundles, round: 'cancelled' });
  return rig;
}

test('a bet is refused in the contract’s order', () => {
  let wish: Wish & { stranger?: boolean } = {
    type: 'bet',
    id: 'used',
    stranger: true,
    player: blocked,
    sessionId: blocked.endedSessionId,
    game: disabled,
    currency: 'EUR',
    amount: null,
    round: 'closed',
  };
  for (const [step, [refusal, cure]] of ladder.entries()) {
    const rig = readyForLadder();
    const { stranger, ...said } = wish;
    const full = { id: '', player: plain, game: single, round: null, ...said };
    const command: StudioItem = itemOf(cast.studioId, full);
    const outcome = rig.run(stranger ? { ...command, player: null, sessionId: null } : command) as Answered;
    assert.equal(outcome.answer.code, refusal, `step ${step}`);
    wish = { ...wish, ...cure };
  }
  const order = ladder.map(([refusal]) => refusal);
  assert.deepEqual(order, ITEM_REFUSALS.slice(0, order.length));
});

test('money owed is paid to a blocked player, out of session, in a disabled game, beyond every limit', () => {
  const rig = new Rig();
  rig.play({ type: 'bet', player: limited, game: bundles });
  const late = { player: limited, sessionId: limited.endedSessionId, amount: 100_000n };
  assert.equal(rig.say({ ...late, type: 'win', game: bundles }), 'accepted');
  for (const type of ['adjust_credit', 'promo_win'] as const)
    assert.equal(rig.say({ ...late, type, player: blocked, game: disabled }), 'accepted');
  assert.equal(rig.say({ ...late, type: 'cancel', amount: null, game: disabled }), 'nothing');
});

test('what else an item is refused for', () => {
  const table: [Wish, string][] = [
    [{ type: 'win', round: 'never' }, 'unknown_round'],
    [{ type: 'win', game: null }, 'unknown_round'],
    [{ type: 'win', player: dollars, currency: 'KRW' }, 'currency_mismatch'],
    [{ type: 'win', currency: 'XXX' }, 'currency_mismatch'],
    [{ type: 'win', amount: null }, 'invalid_amount'],
    [{ type: 'promo_win', amount: 0n }, 'invalid_amount'],
    [{ type: 'adjust_credit', amount: 0n }, 'accepted'],
    [{ type: 'adjust_debit', amount: 15_001n }, 'insufficient_funds'],
    [{ type: 'adjust_debit', amount: 15_000n }, 'accepted'],
    [{ type: 'charge', amount: 15_001n }, 'insufficient_funds'],
    [{ type: 'charge', sessionId: plain.endedSessionId }, 'session_ended'],
    [{ type: 'charge', player: blocked }, 'player_blocked'],
    [{ type: 'charge', game: disabled }, 'game_disabled'],
    [{ type: 'charge', amount: 15_000n }, 'accepted'],
    [{ type: 'bet', amount: 0n }, 'accepted'],
    [{ type: 'bet', player: seamless, amount: 1n }, 'insufficient_funds'],
  ];
  for (const [wish, expected] of table)
    assert.equal(new Rig().say(wish), expected, JSON.stringify(wish.type));
});

test('an adjustment refers to the row it corrects', () => {
  const rig = new Rig();
  rig.play({ type: 'bet', id: 'b' });
  rig.play({ type: 'adjust_credit', reference: 'b', amount: 3n });
  rig.play({ type: 'adjust_debit', reference: 'unknown', amount: 3n });
  assert.deepEqual(rig.rows().slice(1), [
    [CODE.adjustCredit, 3n, 0],
    [CODE.adjustDebit, 3n, null],
  ]);
});

test('a detail is kept with the row of an accepted item', () => {
  const rig = new Rig();
  const { answer } = rig.play({ type: 'bet', detail: '{"table":1}' });
  rig.play({ type: 'bet', amount: 9_999n, detail: '{}' });
  assert.deepEqual([...rig.store.details], [[answer.transactionId, '{"table":1}']]);
});
