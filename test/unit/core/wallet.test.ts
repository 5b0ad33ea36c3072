/** Wallet transfers, single moves, reservations and the back office's round ends: refusals, repeats, amounts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AccountId, type TransferId, trusted } from '../../../src/core/ids.ts';
import type {
  Command,
  EndReservation,
  EndReservationOutcome,
  MoveOutcome,
  ReserveOutcome,
  RoundEnd,
  RoundEndOutcome,
  WalletOutcome,
} from '../../../src/core/ledger-types.ts';
import { potMove, walletMove } from '../../model/steps.ts';
import { bundles, cast, noZeroWins, paced, plain, Rig, seamless, single } from './rig.ts';

const [, sub] = cast.agents;
const pot = (rig: Rig, id: AccountId) => rig.store.accounts.get(id)!;

type WalletWish = { direction?: 'add' | 'subtract' | 'subtract_all'; amount?: bigint; key?: string | null };
function move(rig: Rig, wish: WalletWish, player = plain): WalletOutcome {
  return rig.run(
    walletMove(cast, player, { direction: 'add', amount: 100n, key: null, ...wish }),
  ) as WalletOutcome;
}
const said = (outcome: { ok: boolean; code?: string }) => (outcome.ok ? 'ok' : outcome.code);

test('a wallet transfer is refused in this order', () => {
  const rig = new Rig();
  move(rig, { key: 'k', amount: 5n }, paced);
  rig.wait(999);
  assert.equal(said(move(rig, { key: 'k', amount: 10n ** 9n }, paced)), 'key_reused');
  assert.equal(said(move(rig, { amount: 10n ** 9n }, seamless)), 'wallet_is_seamless');
  const soon = move(rig, { amount: 10n ** 9n }, paced);
  assert.deepEqual(soon, { ok: false, code: 'too_soon', retryAfterMs: 1 });
  rig.wait(1);
  assert.equal(said(move(rig, { amount: 10n ** 9n }, paced)), 'agent_balance_too_low');
  assert.equal(said(move(rig, { direction: 'subtract', amount: 10n ** 9n })), 'user_balance_too_low');
});

test('a repeat is answered at once, is not paced, and a refusal is not kept', () => {
  const rig = new Rig();
  assert.equal(said(move(rig, { key: 'big', amount: 10n ** 9n })), 'agent_balance_too_low');
  const first = move(rig, { key: 'big', amount: 7n }, paced);
  assert.deepEqual(move(rig, { key: 'big', amount: 7n }, paced), { ...first, replayed: true });
  assert.equal(said(move(rig, { key: 'big', amount: 7n })), 'ok', 'another agent’s key is another key');
});

test('subtract_all takes what is free: nothing of what is promised, and zero of an empty wallet', () => {
  const rig = new Rig();
  hold(rig, 400n);
  const all = move(rig, { direction: 'subtract_all', key: 'all' });
  assert.ok(all.ok);
  assert.deepEqual([all.amount, all.balance], [-14_600n, 400n]);
  const nothing = move(rig, { direction: 'subtract_all' });
  assert.ok(nothing.ok);
  assert.deepEqual([nothing.amount, nothing.balance], [0n, 400n]);
  assert.equal(said(move(rig, { direction: 'subtract', amount: 1n })), 'user_balance_too_low');
});

test('POT moves up and down the tree', () => {
  const rig = new Rig();
  const [top] = cast.agents;
  const give = (amount: bigint | 'all', giving: boolean) =>
    rig.run(potMove(cast, { agent: sub!, giving, amount, root: false })) as MoveOutcome;
  const before = [top!, sub!].map(({ potId }) => pot(rig, potId).balance) as [bigint, bigint];
  const given = give(500n, true);
  assert.ok(given.ok);
  assert.deepEqual([given.debitBalance, given.creditBalance], [before[0] - 500n, before[1] + 500n]);
  assert.equal(said(give(0n, true)), 'invalid_amount');
  assert.equal(said(give(-1n, true)), 'invalid_amount');
  assert.equal(said(give(10n ** 9n, true)), 'balance_too_low');
  const emptied = give('all', false);
  assert.ok(emptied.ok);
  assert.deepEqual([emptied.amount, emptied.debitBalance], [before[1] + 500n, 0n]);
  assert.equal(said(give('all', false)), 'ok');
});

function hold(rig: Rig, amount: bigint): ReserveOutcome {
  const credit = plain.vendorAccounts.get(1)!;
  const { agentId, walletId: debit } = plain;
  const wanted: Command = { kind: 'reserve', agentId, debit, credit, amount, code: 20, owner: 'a bet' };
  return rig.run(wanted) as ReserveOutcome;
}

function end(
  rig: Rig,
  id: TransferId,
  wish: { how: 'post' | 'void'; amount?: bigint },
): EndReservationOutcome {
  const { how: kind, amount = null } = wish;
  const command: EndReservation = { kind, reservationId: id, locked: [plain.walletId], amount };
  return rig.run(command) as EndReservationOutcome;
}

test('a reservation keeps money from being spent until it is posted or void', () => {
  const rig = new Rig();
  assert.equal(said(hold(rig, 0n)), 'invalid_amount');
  assert.equal(said(hold(rig, 15_001n)), 'balance_too_low');
  const held = hold(rig, 15_000n);
  assert.ok(held.ok);
  assert.equal(said(hold(rig, 1n)), 'balance_too_low');
  assert.equal(rig.say({ type: 'bet', amount: 1n }), 'insufficient_funds');
  assert.deepEqual([rig.balance(), pot(rig, plain.walletId).reserved], [15_000n, 15_000n]);
  assert.equal(said(end(rig, held.reservationId, { how: 'post', amount: 15_001n })), 'invalid_amount');
  assert.equal(said(end(rig, held.reservationId, { how: 'post', amount: -1n })), 'invalid_amount');
  const posted = end(rig, held.reservationId, { how: 'post', amount: 9_000n });
  assert.ok(posted.ok && !posted.replayed && posted.transferId !== null);
  assert.deepEqual([rig.balance(), pot(rig, plain.walletId).reserved], [6_000n, 0n]);
  assert.deepEqual(rig.rows(), [[20, 9_000n, null]]);
});

test('a reservation ends once: the same end again answers the same, the other end is refused', () => {
  const rig = new Rig();
  const ids = [hold(rig, 10n), hold(rig, 10n)].map((held) => {
    assert.ok(held.ok);
    return held.reservationId;
  }) as [TransferId, TransferId];
  const posted = end(rig, ids[0], { how: 'post' });
  assert.deepEqual(end(rig, ids[0], { how: 'post', amount: 3n }), { ...posted, replayed: true });
  assert.equal(said(end(rig, ids[0], { how: 'void' })), 'already_posted');
  assert.deepEqual(end(rig, ids[1], { how: 'void' }), { ok: true, transferId: null, replayed: false });
  assert.deepEqual(end(rig, ids[1], { how: 'void' }), { ok: true, transferId: null, replayed: true });
  assert.equal(said(end(rig, ids[1], { how: 'post' })), 'already_void');
  assert.equal(said(end(rig, trusted(1), { how: 'void' })), 'unknown_reservation');
  assert.equal(rig.balance(), 14_990n);
});

function endRound(rig: Rig, wish: Partial<RoundEnd> & Pick<RoundEnd, 'mode'>, game = single): string {
  const outcome = rig.run({
    kind: 'round_end',
    key: { gameId: game.id, ref: 'r1', playerId: plain.id },
    studioId: cast.studioId,
    agentId: plain.agentId,
    walletId: plain.walletId,
    fundsId: plain.walletId,
    vendorAccount: plain.vendorAccounts.get(game.vendorId)!,
    game,
    amount: 0n,
    ...wish,
  }) as RoundEndOutcome;
  return !outcome.ok ? outcome.code : outcome.transferId === null ? 'no row' : 'a row';
}

test('rounds ended without a vendor’s win: closed, voided, settled', () => {
  const table: [
    mode: RoundEnd['mode'],
    game: typeof single,
    first: string,
    again: string,
    balance: bigint,
  ][] = [
    ['close', single, 'a row', 'no row', 14_000n],
    ['close', noZeroWins, 'no row', 'no row', 14_000n],
    ['void', bundles, 'a row', 'round_not_open', 15_000n],
    ['settle', single, 'a row', 'round_not_open', 14_050n],
  ];
  for (const [mode, game, first, again, balance] of table) {
    const rig = new Rig();
    assert.equal(endRound(rig, { mode }, game), 'unknown_round');
    rig.play({ type: 'bet', game });
    assert.equal(endRound(rig, { mode, amount: 50n }, game), first, mode);
    assert.equal(endRound(rig, { mode, amount: 50n }, game), again, mode);
    assert.equal(rig.say({ type: 'win', game }), 'unknown_round');
    assert.equal(rig.say({ type: 'bet', game }), 'round_ended');
    assert.equal(rig.balance(), balance);
  }
});
