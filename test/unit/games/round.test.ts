import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  beginRespin,
  beginRound,
  betAccepted,
  betFailed,
  betUnknown,
  declineOffer,
  detailOfRound,
  isDone,
  playFree,
  type Round,
  type Step,
  type StepKind,
} from '../../../games/round.ts';
import { seed } from './seed.ts';

function step(kind: StepKind, win: bigint, n = 0): Step {
  return {
    spinId: `spin-${n}`,
    kind,
    cost: kind === 'free' ? 0n : 100n,
    reel: kind === 'respin' ? 2 : null,
    spin: {
      stops: [0, 0, 0, 0, 0],
      window: new Array<number>(15).fill(6),
      scatters: 0,
      scatterWin: 0n,
      lineWins: [],
      multiplier: 1,
      win,
    },
  };
}

const start = { id: 'r1', sessionKey: 's', game: 'g', stake: 100n, touchedAt: 5 };
const NAMES = Array.from({ length: 11 }, (_, n) => `symbol-${n}`);
const plain = { freeSpins: 0, offer: null, zeroWins: true, now: 9 };
const offer = { prices: [null, null, 50n, null, null], until: 100 };

test('a lost round is told by a win of 0 that closes it', () => {
  const round = betAccepted(beginRound(start, step('spin', 0n)), plain);
  assert.deepEqual(round.owed[0], { op: 'win', id: 'r1-w0', amount: 0n, closes: true, at: 9 });
  assert.equal(round.ended, 'settled');
});

test('a vendor without wins of 0 only closes a lost round', () => {
  const round = betAccepted(beginRound(start, step('spin', 0n)), { ...plain, zeroWins: false });
  assert.deepEqual(round.owed[0], { op: 'close' });
});

test('an offer keeps the round open; declining closes it', () => {
  const round = betAccepted(beginRound(start, step('spin', 30n)), { ...plain, offer });
  assert.deepEqual(round.owed[0], { op: 'win', id: 'r1-w0', amount: 30n, closes: false, at: 9 });
  assert.equal(round.ended, null);
  assert.deepEqual(declineOffer(round).owed.at(-1), { op: 'close' });
});

test('a respin is a second bet with a win of its own', () => {
  const first = betAccepted(beginRound(start, step('spin', 0n)), { ...plain, offer });
  const second = betAccepted(beginRespin(first, step('respin', 80n, 1), 20), plain);
  assert.equal(second.staked, 200n);
  assert.equal(second.won, 80n);
  const wins = second.owed.filter((owed) => owed.op === 'win');
  assert.deepEqual(
    wins.map((win) => [win.id, win.closes]),
    [
      ['r1-w0', false],
      ['r1-w1', true],
    ],
  );
});

test('a refused respin leaves the round on offer; a refused first bet ends it', () => {
  const first = betAccepted(beginRound(start, step('spin', 0n)), { ...plain, offer });
  const failed = betFailed(beginRespin(first, step('respin', 80n, 1), 20), {
    code: 'insufficient_funds',
    ended: 'refused',
  });
  assert.equal(failed.steps.length, 1);
  assert.equal(failed.ended, null);
  assert.notEqual(failed.offer, null);
  const refused = betFailed(beginRound(start, step('spin', 9n)), {
    code: 'player_blocked',
    ended: 'refused',
  });
  assert.ok(isDone(refused));
  assert.equal(refused.won, 0n);
});

test('an unknown bet is remembered as one to cancel', () => {
  assert.equal(betUnknown(beginRound(start, step('spin', 9n))).bet?.state, 'cancelling');
});

test('free spins: every course of wins pays each win once, closes once, and the sums agree', () => {
  const courses = fc.array(fc.record({ win: fc.bigInt(0n, 500n), more: fc.nat(2) }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(courses, fc.boolean(), fc.bigInt(0n, 99n), (course, zeroWins, firstWin) => {
      const after = { ...plain, zeroWins };
      let round: Round = betAccepted(beginRound(start, step('spin', firstWin)), { ...after, freeSpins: 3 });
      let n = 0;
      while ((round.free?.left ?? 0) > 0 && n < 200) {
        const turn = course[n % course.length]!;
        const freeSpins = n < 20 ? turn.more : 0;
        n += 1;
        round = playFree(round, step('free', turn.win, n), { ...after, freeSpins });
      }
      const wins = round.owed.filter((owed) => owed.op === 'win');
      const ends = round.owed.filter((owed) => owed.op === 'close' || (owed.op === 'win' && owed.closes));
      assert.equal(ends.length, 1);
      assert.equal(new Set(wins.map((win) => win.id)).size, wins.length);
      assert.equal(
        wins.reduce((sum, win) => sum + win.amount, 0n),
        round.won,
      );
      assert.equal(round.free!.won + firstWin, round.won);
      assert.equal(round.ended, 'settled');
      if (!zeroWins) assert.ok(wins.every((win) => win.amount > 0n));
      assert.ok(JSON.stringify(detailOfRound(round, NAMES)).length < 64 * 1024);
    }),
    { seed },
  );
});
