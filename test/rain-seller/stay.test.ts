/** The written state machine alone: every act in every state, by table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stay, Visit } from '../../games/rain/stay.ts';
import * as stays from '../../games/rain/stay.ts';

const NOW = 1_000_000;
const RULES = { idleMs: 1_000, lookMs: 100 };
const IDS = { code: 'ts-1', cancelId: 'cancel-1', now: NOW };

function visit(part: Partial<Visit> = {}): Visit {
  const who = { key: 'k1', opening: 'o1', session: 's1', nickname: 'n', language: 'en' };
  const times = { openedAt: NOW, touchedAt: NOW, since: NOW, leaveAt: null };
  return {
    ...who,
    ...times,
    stakeMax: null,
    state: 'entering',
    shown: false,
    code: null,
    sizings: 0,
    ...part,
  };
}

function stay(part: Partial<Stay> = {}): Stay {
  return { ...stays.newStay({ player: '1', userId: 'r1', currency: 'USD' }), ...part };
}

const round = { id: 'round-1', at: NOW, staked: 500n, paid: 0n };
const bet = { op: 'bet', id: 'b', amount: 500n, session: 's1', visit: 'k1', at: NOW } as const;
const deposit = { op: 'deposit', code: 'ts', amount: 500n, bet: 'b', at: NOW, doubtAt: null } as const;
const withdraw = { op: 'withdraw', code: 'ts', at: NOW, doubtAt: null } as const;
const pay = { op: 'pay', id: 'p', type: 'win', round: 'round-1', amount: 500n, at: NOW } as const;
const close = { op: 'close', round: 'round-1', at: NOW } as const;

const NEXT: readonly [name: string, stay: Stay, act: string, now?: number][] = [
  ['nobody and nothing', stay(), 'rest'],
  ['somebody at the door', stay({ visit: visit() }), 'enter'],
  ['in, and doing something', stay({ visit: visit({ state: 'in' }), holds: true }), 'rest'],
  ['in, and idle', stay({ visit: visit({ state: 'in' }), holds: true }), 'leave', NOW + 1_000],
  ['at the door for too long', stay({ visit: visit() }), 'leave', NOW + 1_000],
  ['the page is away', stay({ visit: visit({ state: 'in', leaveAt: NOW + 10 }) }), 'rest', NOW + 9],
  ['the page stays away', stay({ visit: visit({ state: 'in', leaveAt: NOW + 10 }) }), 'leave', NOW + 10],
  ['left, with money at the book', stay({ visit: visit({ state: 'left' }), holds: true, round }), 'look'],
  ['left, and bets are open', stay({ holds: true, round, lookAt: NOW + 1 }), 'rest'],
  ['left, and nothing is there', stay({ round }), 'close'],
  ['a step comes first', stay({ visit: visit({ leaveAt: 0 }), step: deposit, round }), 'step'],
  [
    'refused, with money at the book',
    stay({ visit: visit({ state: 'refused' }), holds: true, round }),
    'look',
  ],
  ['stuck', stay({ step: pay, round, holds: true, stuck: { code: 'x', at: NOW } }), 'rest'],
];
for (const [name, at, act, now = NOW] of NEXT) {
  test(`next: ${name}: ${act}`, () => assert.equal(stays.nextAct(at, now, RULES).kind, act));
}

test('a stake is a step with its round; nothing in the wallet is no step', () => {
  const at = stay({ visit: visit() });
  const order = { betId: 'b', roundId: 'round-1', now: NOW };
  const staked = stays.stake(at, 'k1', { ...order, amount: 500n });
  assert.deepEqual(staked.step, bet);
  assert.equal(staked.round?.id, 'round-1');
  assert.equal(stays.stake(at, 'k1', { ...order, amount: 0n }).visit?.state, 'in');
  assert.equal(stays.stake(at, 'another', { ...order, amount: 500n }), at);
  const joined = stays.stake({ ...at, round }, 'k1', { ...order, roundId: 'round-2', amount: 500n });
  assert.equal(joined.round?.id, 'round-1');
});

test('a bet whose player has gone is cancelled, another goes on to the book', () => {
  const at = stay({ visit: visit(), step: bet, round: { ...round, staked: 0n } });
  assert.equal(stays.betTaken(at, IDS).step?.op, 'deposit');
  const gone = stays.betTaken(stays.left(at), IDS);
  assert.deepEqual(gone.step, { op: 'cancel', id: 'cancel-1', bet: 'b', amount: 500n, why: null, at: NOW });
  const back = stays.wantIn(gone, NOW);
  const over = stays.cancelled(back);
  assert.deepEqual([over.step, over.round, over.visit?.state], [null, null, 'entering']);
});

test('a refused bet leaves no round; less in the wallet is sized anew, some times', () => {
  const at = stay({ visit: visit(), step: bet, round: { ...round, staked: 0n } });
  const refused = stays.betRefused(at, { code: 'player_blocked', sizingsMax: 3 });
  assert.deepEqual([refused.step, refused.round, refused.visit?.state], [null, null, 'refused']);
  const again = stays.betRefused(at, { code: 'insufficient_funds', sizingsMax: 1 });
  assert.deepEqual([again.visit?.state, again.visit?.sizings], ['entering', 1]);
  const enough = stays.betRefused({ ...again, step: bet }, { code: 'insufficient_funds', sizingsMax: 1 });
  assert.equal(enough.visit?.state, 'refused');
});

test('more that is refused leaves the player in, and tells', () => {
  const at = stays.wantIn(stay({ visit: visit({ state: 'in', shown: true }), holds: true, round }), NOW);
  const refused = stays.betRefused({ ...at, step: bet }, { code: 'limit_exceeded', sizingsMax: 3 });
  assert.deepEqual([refused.visit?.state, refused.visit?.code], ['in', 'limit_exceeded']);
  assert.equal(refused.round?.id, 'round-1');
});

test('what the book has is counted; what it gives is owed, into the round or into the one before', () => {
  const inside = stays.deposited(stay({ visit: visit(), step: deposit, round: { ...round, staked: 0n } }));
  assert.deepEqual([inside.holds, inside.round?.staked, inside.visit?.state], [true, 500n, 'in']);
  const ids = { payId: 'p', now: NOW, lookMs: 100 };
  const owed = stays.withdrawn(stay({ step: withdraw, round }), { amount: 500n, ...ids });
  assert.deepEqual(owed.step, pay);
  const late = stays.withdrawn(stay({ step: withdraw, lastRound: 'round-0' }), { amount: 500n, ...ids });
  assert.deepEqual(late.step, { ...pay, type: 'adjust_credit', round: 'round-0' });
  const none = stays.withdrawn(stay({ step: withdraw, round }), { amount: 0n, ...ids });
  assert.deepEqual([none.step, none.lookAt], [null, NOW + 100]);
  assert.equal(stays.paid(owed).round?.paid, 500n);
  assert.throws(() => stays.withdrawn(stay({ step: withdraw }), { amount: 1n, ...ids }), /never had a round/);
});

test('a look: withdraws what it can, waits for bets, or is done', () => {
  const by = { code: 'ts', now: NOW, lookMs: 100 };
  const at = stay({ holds: true, round });
  const some = stays.looked(at, { balance: 9n, exposure: 4n, withdrawable: 5n }, by);
  assert.deepEqual(some.step, withdraw);
  const open = stays.looked(at, { balance: 4n, exposure: 4n, withdrawable: 0n }, by);
  assert.deepEqual([open.holds, open.lookAt], [true, NOW + 100]);
  const none = stays.looked(at, { balance: -3n, exposure: 0n, withdrawable: 0n }, by);
  assert.equal(none.holds, false);
  const here = { ...at, visit: visit() };
  assert.equal(stays.looked(here, { balance: 9n, exposure: 0n, withdrawable: 9n }, by), here);
});

test('a round closes when nobody is in and nothing is left; then corrections find it', () => {
  const at = stay({ round });
  assert.deepEqual(stays.closing(at, NOW).step, close);
  for (const busy of [
    { ...at, holds: true },
    { ...at, visit: visit() },
    { ...at, step: pay },
  ])
    assert.equal(stays.closing(busy, NOW), busy);
  const over = stays.closed(stay({ round, step: close }));
  assert.deepEqual([over.round, over.lastRound], [null, 'round-1']);
  assert.equal(stays.stirred(over).holds, true);
  assert.equal(stays.stirred(stay()).holds, false);
});

test('a new process doubts what the former one may have sent, and tries again what was stuck', () => {
  for (const step of [deposit, withdraw])
    assert.deepEqual(stays.takenUp(stay({ step }), NOW).step, { ...step, doubtAt: NOW });
  assert.equal(stays.takenUp(stay({ step: pay, stuck: { code: 'x', at: 1 } }), NOW).stuck, null);
});

test('an act on a step that is not there is a bug, and stops', () => {
  for (const wrong of [stays.betTaken, stays.deposited, stays.paid, stays.closed, stays.cancelled])
    assert.throws(
      () => (wrong as (at: Stay, by: typeof IDS) => Stay)(stay({ step: withdraw }), IDS),
      /not at/,
    );
});
