/**
 * What must be true in the end. Written from the contracts, on what each side has in its books: the hub's rows, the
 * operators' packets and balances, the studio's answers.
 */
import assert from 'node:assert/strict';
import type { TransferId } from '../../../src/core/ids.ts';
import type { Transfer } from '../../../src/core/ledger-types.ts';
import { MAX_WIN, type SimCast, type SimPlayer } from './cast.ts';
import type { Shelf } from './shelf.ts';
import type { Operation, Studio } from './studio.ts';
import type { SimOperator } from './wallets.ts';

export interface Trial {
  readonly cast: SimCast;
  readonly shelf: Shelf;
  readonly studio: Studio;
  readonly opening: bigint;
  readonly operators: ReadonlyMap<string, SimOperator>;
}

/** Codes of docs/ledger.md: what the operator is told of them. */
const ROWS: Readonly<Record<number, { readonly type: string; readonly sign: bigint }>> = {
  20: { type: 'bet', sign: -1n },
  21: { type: 'win', sign: 1n },
  22: { type: 'cancel', sign: 1n },
  23: { type: 'charge', sign: -1n },
  24: { type: 'adjust', sign: 1n },
  25: { type: 'adjust', sign: -1n },
  26: { type: 'promo_win', sign: 1n },
  27: { type: 'exceed_credit', sign: -1n },
};
const [BET, WIN, CANCEL, CHARGE, EXCEED_CREDIT] = [20, 21, 22, 23, 27];

const isPlay = ({ code }: Transfer) => ROWS[code] !== undefined;
const signed = (row: Transfer) => ROWS[row.code]!.sign * row.amount;
const sumOf = <T>(list: readonly T[], amount: (each: T) => bigint) =>
  list.reduce((sum, each) => sum + amount(each), 0n);

export function judge(trial: Trial): void {
  const { cast, shelf } = trial;
  const left = [...shelf.store.callbacks.values()].filter(({ state }) => state !== 'resolved');
  assert.deepEqual(left, [], 'nothing is left to be asked or told');
  for (const account of shelf.store.accounts.values())
    assert.equal(account.reserved, 0n, 'nothing is promised');
  judgeAccounts(trial);
  judgeAnswers(trial);
  judgeRounds(trial);
  for (const player of cast.players) if (player.isSeamless) judgeOperator(trial, player);
}

/** Every balance is the sum of its entries, and all of a currency sum to nothing. */
function judgeAccounts({ shelf: { store } }: Trial): void {
  const entries = new Map<number, bigint>();
  for (const { debit, credit, amount } of store.transfers) {
    entries.set(debit, (entries.get(debit) ?? 0n) - amount);
    entries.set(credit, (entries.get(credit) ?? 0n) + amount);
  }
  const sums = new Map<string, bigint>();
  for (const { id, balance, currency } of store.accounts.values()) {
    assert.equal(balance, entries.get(id) ?? 0n, `account ${id}`);
    sums.set(currency, (sums.get(currency) ?? 0n) + balance);
  }
  for (const [currency, sum] of sums) assert.equal(sum, 0n, `the sum of ${currency}`);
}

// ---- the studio's answers and the rows ------------------------------------------------------------------------

/** The cancel the hub made of a bet nobody knew the end of. */
function takenBack({ shelf }: Trial, bet: Transfer): Transfer | undefined {
  const places = [...shelf.store.rounds.values()].flatMap(({ round }) => round.bundles);
  if (places.some(({ firstId }) => firstId === bet.id)) return undefined;
  return shelf.store.transfers.find(
    ({ code, refererId, externalId }) => code === CANCEL && refererId === bet.id && externalId === null,
  );
}

function judgeAnswers(trial: Trial): void {
  const { operations } = trial.studio;
  const rows = trial.shelf.store.transfers.filter(isPlay);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byItem = Map.groupBy(rows, ({ externalId }) => externalId);
  for (const operation of operations.values()) {
    const { answer, id, type } = operation;
    assert.ok(answer !== null && answer.status !== 'pending', `${id} has no answer`);
    const own = byItem.get(id) ?? [];
    if (answer.status === 'accepted') judgeAccepted(operation, own);
    else if (type === 'bet' || type === 'charge') judgeRefused(trial, operation, own);
    else assert.deepEqual(own, [], `${id} was refused`);
  }
  for (const row of byItem.get(null) ?? []) judgeOwn(trial, row, byId);
  const extern = [...byItem.keys()].filter((id) => id !== null && !operations.has(id));
  assert.deepEqual(extern, [], 'rows of nobody');
}

function judgeAccepted(
  { id, type, answer, amount, game, closesRound }: Operation,
  own: readonly Transfer[],
): void {
  const main = own.filter((row) => row.id === answer?.transactionId);
  const rest = own.filter((row) => row.id !== answer?.transactionId);
  if (answer?.transactionId === null) {
    const isNothing = type === 'cancel' || (type === 'win' && amount === 0n && !game.rules.zeroWins);
    assert.ok(isNothing, `${id} was accepted, and has no row`);
  } else {
    assert.equal(main.length, 1, `${id} was accepted: one row`);
    const [row] = main as [Transfer];
    assert.equal(ROWS[row.code]?.type, type.startsWith('adjust') ? 'adjust' : type, `${id}: its row's type`);
    if (type !== 'cancel') assert.equal(row.amount, amount, `${id}: its row's amount`);
  }
  for (const row of rest) {
    if (row.code === EXCEED_CREDIT) {
      assert.equal(row.refererId, answer?.transactionId, `${id}: what is cut is cut of it`);
      assert.equal(row.amount, amount! - MAX_WIN, `${id}: what is cut`);
    } else {
      const isLost = row.code === WIN && row.amount === 0n && closesRound;
      assert.ok(isLost, `${id}: row ${row.id} is of nothing`);
    }
  }
}

/** Refused: no row, or one that was taken back. */
function judgeRefused(trial: Trial, { id, answer }: Operation, own: readonly Transfer[]): void {
  if (own.length === 0) return;
  assert.equal(answer?.code, 'operator_unavailable', `${id} was refused, and has rows`);
  assert.equal(own.length, 1, `${id}: one row to be taken back`);
  const [bet] = own as [Transfer];
  const back = takenBack(trial, bet);
  assert.ok(back !== undefined, `${id} was refused, and its row ${bet.id} stands`);
  assert.equal(back.amount, bet.amount, `${id}: all of it is taken back`);
}

/** A row no item asked for: the hub's own cancel, or what staff did to a round. */
function judgeOwn(trial: Trial, row: Transfer, byId: ReadonlyMap<TransferId, Transfer>): void {
  const bet = row.refererId === null ? undefined : byId.get(row.refererId);
  assert.ok(bet !== undefined, `row ${row.id} refers to nothing`);
  const endings = trial.studio.endings.filter(
    ({ player, game, round }) => player.id === row.playerId && game.id === row.gameId && round === row.round,
  );
  if (row.code === CANCEL && takenBack(trial, bet) === row) {
    const operation = trial.studio.operations.get(bet.externalId ?? '');
    assert.ok(operation?.answer?.status === 'refused', `${bet.externalId} was accepted, and taken back`);
    return;
  }
  if (row.code === EXCEED_CREDIT) {
    assert.equal(row.amount, bet.amount - MAX_WIN, 'what is cut');
    return;
  }
  const fits = endings.some(({ mode, amount }) => {
    if (row.code === CANCEL) return mode === 'void';
    return (
      row.code === WIN && (mode === 'settle' ? row.amount === amount : mode === 'close' && row.amount === 0n)
    );
  });
  assert.ok(fits, `row ${row.id} is nobody's`);
}

/** A round holds what was accepted in it; a bundle is given back whole, once, or not at all. */
function judgeRounds({ shelf: { store }, studio }: Trial): void {
  const bets = [...studio.operations.values()].filter(
    ({ type, answer }) => type === 'bet' && answer?.status === 'accepted',
  );
  for (const known of store.rounds.values()) {
    const own = bets.filter(
      ({ player, game, round }) =>
        player.id === known.playerId && game.id === known.gameId && round === known.ref,
    );
    const { bundles, closed } = known.round;
    const count = bundles.reduce((sum, each) => sum + each.bets, 0);
    assert.equal(count, own.length, `round ${known.ref}: its bets`);
    assert.equal(
      sumOf(bundles, ({ sum }) => sum),
      sumOf(own, ({ amount }) => amount!),
      `round ${known.ref}: its stakes`,
    );
    if (closed)
      assert.ok(!bundles.some(({ state }) => state === 'open'), `round ${known.ref} is closed, and open`);
    for (const { firstId, sum, state } of bundles) {
      const back = store.transfers.filter(({ code, refererId }) => code === CANCEL && refererId === firstId);
      // One cancel of several bundles refers to the first of them.
      if (state !== 'cancelled') assert.deepEqual(back, [], `${firstId} is ${state}, and was given back`);
      else if (back.length > 0) assert.ok(back[0]!.amount >= sum, `${firstId}: what was given back`);
    }
    const given = store.transfers.filter(
      (row) => row.code === CANCEL && bundles.some(({ firstId }) => firstId === row.refererId),
    );
    const cancelled = bundles.filter(({ state }) => state === 'cancelled');
    assert.equal(
      sumOf(given, ({ amount }) => amount),
      sumOf(cancelled, ({ sum }) => sum),
      `round ${known.ref}: what was given back`,
    );
  }
}

// ---- the operator's books and the rows ------------------------------------------------------------------------

function judgeOperator(trial: Trial, player: SimPlayer): void {
  const { shelf, opening, operators } = trial;
  const operator = operators.get(String(player.agentId))!;
  const { username } = player;
  const rows = shelf.store.transfers.filter((row) => isPlay(row) && row.playerId === player.id);
  const effects = operator.effects.filter(({ packet }) => packet.username === username);
  const moved = new Map<number, bigint>();
  for (const { packet, moved: amount } of effects) {
    if (amount !== 0n) assert.ok(!moved.has(packet.id), `${packet.id} moved the money twice`);
    if (amount !== 0n) moved.set(packet.id, amount);
  }
  judgePackets(trial, rows, effects);
  const isOpen = (row: Transfer) => shelf.wereResolved.has(row.id) && !operator.hasTaken(row.id);
  const expected = sumOf(rows, (row) => {
    if (isOpen(row)) return 0n;
    const back = row.code === BET || row.code === CHARGE ? takenBack(trial, row) : undefined;
    // Settled by hand: what the operator knows of the bet is all there is.
    return back !== undefined && isOpen(back) ? (moved.get(row.id) ?? 0n) : signed(row);
  });
  const balance = operator.balance(username);
  assert.equal(balance - opening - operator.cashOf(username), expected, `${username}: balance ${balance}`);
}

/** Each packet is its row; what had to be told was told, in order but for what was given up. */
function judgePackets(
  { shelf, operators }: Trial,
  rows: readonly Transfer[],
  effects: SimOperator['effects'],
): void {
  const byId = new Map<number, Transfer>(rows.map((row) => [row.id, row]));
  const operator = [...operators.values()].find((each) => each.effects.includes(effects[0]!));
  let last = 0;
  const seen = new Set<number>();
  for (const { packet, status } of effects) {
    const row = byId.get(packet.id);
    if (row === undefined) {
      assert.ok(status !== 200, `${packet.id} was processed, and has no row`);
      continue;
    }
    assert.equal(packet.amount, signed(row), `${packet.id}: what was sent`);
    assert.equal(packet.type, ROWS[row.code]!.type, `${packet.id}: what was sent`);
    assert.equal(packet.refererId, row.refererId, `${packet.id}: what it refers to`);
    const isQuestion = row.code === BET || row.code === CHARGE;
    if (seen.has(packet.id) || isQuestion || shelf.wereListed.has(row.id) || shelf.wereResolved.has(row.id))
      continue;
    seen.add(packet.id);
    assert.ok(packet.id > last, `${packet.id} came after ${last}`);
    last = packet.id;
  }
  for (const row of rows) {
    const isQuestion = row.code === BET || row.code === CHARGE;
    if (!isQuestion && !shelf.wereResolved.has(row.id))
      assert.ok(operator?.hasTaken(row.id), `${row.id} was never told`);
  }
}
