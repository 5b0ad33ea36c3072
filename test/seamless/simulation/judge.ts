/**
 * What must be true in the end. Written from the contracts, on what each side has in its books: the hub's rows, the
 * operators' packets and balances, the studio's answers.
 */
import assert from 'node:assert/strict';
import type { TransferId } from '../../../src/core/ids.ts';
import type { KnownRound, Transfer } from '../../../src/core/ledger-types.ts';
import type { MemoryStore } from '../../model/store.ts';
import type { Ending, Operation } from './acts.ts';
import { MAX_WIN, type SimPlayer } from './cast.ts';
import type { Effect, OperatorBooks } from './wallets.ts';

/** What every side has in its books at the end. */
export interface Books {
  readonly players: readonly SimPlayer[];
  readonly rows: readonly Transfer[];
  readonly rounds: readonly KnownRound[];
  readonly operations: ReadonlyMap<string, Operation>;
  readonly endings: readonly Ending[];
  /** What each player had at its operator. */
  readonly opening: bigint;
  readonly operatorOf: (player: SimPlayer) => OperatorBooks;
  /** Callbacks that were given up, or settled by hand, at any time. */
  readonly wereListed: ReadonlySet<TransferId>;
  readonly wereResolved: ReadonlySet<TransferId>;
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

const isQuestion = ({ code }: Transfer) => code === BET || code === CHARGE;
const isPlay = ({ code }: Transfer) => ROWS[code] !== undefined;
const signed = (row: Transfer) => ROWS[row.code]!.sign * row.amount;
const sumOf = <T>(list: readonly T[], amount: (each: T) => bigint) =>
  list.reduce((sum, each) => sum + amount(each), 0n);

export function judge(books: Books): void {
  judgeAnswers(books);
  for (const operation of books.operations.values()) judgeCancel(books, operation);
  for (const known of books.rounds) judgeRound(books, known);
  for (const player of books.players) if (player.isSeamless) judgeOperator(books, player);
}

/** Nothing is left to do, every balance is the sum of its entries, and all of a currency sum to nothing. */
export function judgeStore(
  { accounts, transfers, callbacks }: MemoryStore,
  { wereResolved }: Pick<Books, 'wereResolved'>,
): void {
  for (const { id, state } of callbacks.values()) assert.equal(state, 'resolved', `${id} is left`);
  assert.deepEqual(new Set(callbacks.keys()), wereResolved, 'what was settled by hand is kept');
  const entries = new Map<number, bigint>();
  for (const { debit, credit, amount } of transfers) {
    entries.set(debit, (entries.get(debit) ?? 0n) - amount);
    entries.set(credit, (entries.get(credit) ?? 0n) + amount);
  }
  const sums = new Map<string, bigint>();
  for (const { id, balance, reserved, currency } of accounts.values()) {
    assert.equal(reserved, 0n, `account ${id} promises something`);
    assert.equal(balance, entries.get(id) ?? 0n, `account ${id}`);
    sums.set(currency, (sums.get(currency) ?? 0n) + balance);
  }
  for (const [currency, sum] of sums) assert.equal(sum, 0n, `the sum of ${currency}`);
}

// ---- the studio's answers and the rows ------------------------------------------------------------------------

/** The cancel the hub made of a bet nobody knew the end of. */
function takenBack({ rounds, rows }: Books, bet: Transfer): Transfer | undefined {
  if (rounds.some(({ round }) => round.bundles.some(({ firstId }) => firstId === bet.id))) return undefined;
  return rows.find(
    ({ code, refererId, externalId }) => code === CANCEL && refererId === bet.id && externalId === null,
  );
}

function judgeAnswers(books: Books): void {
  const { operations } = books;
  const rows = books.rows.filter(isPlay);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byItem = Map.groupBy(rows, ({ externalId }) => externalId);
  for (const operation of operations.values()) {
    const { answer, id, type } = operation;
    assert.ok(answer !== null && answer.status !== 'pending', `${id} has no answer`);
    const own = byItem.get(id) ?? [];
    if (answer.status === 'accepted') judgeAccepted(operation, own);
    else if (type === 'bet' || type === 'charge') judgeRefused(books, operation, own);
    else assert.deepEqual(own, [], `${id} was refused`);
  }
  for (const row of byItem.get(null) ?? []) judgeOwn(books, row, byId);
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
function judgeRefused(books: Books, { id, answer }: Operation, own: readonly Transfer[]): void {
  if (own.length === 0) return;
  assert.equal(answer?.code, 'operator_unavailable', `${id} was refused, and has rows`);
  assert.equal(own.length, 1, `${id}: one row to be taken back`);
  const [bet] = own as [Transfer];
  const back = takenBack(books, bet);
  assert.ok(back !== undefined, `${id} was refused, and its row ${bet.id} stands`);
  assert.equal(back.amount, bet.amount, `${id}: all of it is taken back`);
}

/** A row no item asked for: the hub's own cancel, or what staff did to a round. */
function judgeOwn(books: Books, row: Transfer, byId: ReadonlyMap<TransferId, Transfer>): void {
  const bet = row.refererId === null ? undefined : byId.get(row.refererId);
  assert.ok(bet !== undefined, `row ${row.id} refers to nothing`);
  const endings = books.endings.filter(
    ({ player, game, round }) => player.id === row.playerId && game.id === row.gameId && round === row.round,
  );
  if (row.code === CANCEL && takenBack(books, bet) === row) {
    const operation = books.operations.get(bet.externalId ?? '');
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

/** A cancel that was accepted, of a bet that was: it is cancelled. One that came first would have kept the bet out. */
function judgeCancel({ operations, rounds }: Books, { id, type, answer, reference }: Operation): void {
  const bet = reference === null ? undefined : operations.get(reference);
  if (type !== 'cancel' || answer?.status !== 'accepted' || bet?.answer?.status !== 'accepted') return;
  const betId = bet.answer.transactionId!;
  const known = rounds.find(
    ({ playerId, gameId, ref }) => playerId === bet.player.id && gameId === bet.game.id && ref === bet.round,
  );
  const bundle = known?.round.bundles.findLast(({ firstId }) => firstId <= betId);
  assert.equal(bundle?.state, 'cancelled', `${id} was accepted: ${reference}`);
}

/** A round holds what was accepted in it; a bundle is given back whole, once, or not at all. */
function judgeRound({ rows, operations }: Books, { playerId, gameId, ref, round }: KnownRound): void {
  const own = [...operations.values()].filter(
    (each) =>
      each.type === 'bet' &&
      each.answer?.status === 'accepted' &&
      each.player.id === playerId &&
      each.game.id === gameId &&
      each.round === ref,
  );
  const { bundles, closed } = round;
  assert.equal(
    bundles.reduce((count, { bets }) => count + bets, 0),
    own.length,
    `round ${ref}: its bets`,
  );
  assert.equal(
    sumOf(bundles, ({ sum }) => sum),
    sumOf(own, ({ amount }) => amount!),
    `round ${ref}: its stakes`,
  );
  if (closed) assert.ok(!bundles.some(({ state }) => state === 'open'), `round ${ref} is closed, and open`);
  const backOf = (id: TransferId) =>
    rows.filter(({ code, refererId }) => code === CANCEL && refererId === id);
  const kept = bundles.filter(({ state }) => state !== 'cancelled');
  const cancelled = bundles.filter(({ state }) => state === 'cancelled');
  for (const { firstId, state } of kept)
    assert.deepEqual(backOf(firstId), [], `${firstId} is ${state}, and was given back`);
  // One cancel of several bundles refers to the first of them.
  const given = cancelled.flatMap(({ firstId }) => backOf(firstId));
  const sums = [sumOf(given, ({ amount }) => amount), sumOf(cancelled, ({ sum }) => sum)];
  assert.equal(sums[0], sums[1], `round ${ref}: what was given back`);
}

// ---- the operator's books and the rows ------------------------------------------------------------------------

function judgeOperator(books: Books, player: SimPlayer): void {
  const { opening, wereResolved } = books;
  const { username } = player;
  const operator = books.operatorOf(player);
  const rows = books.rows.filter((row) => isPlay(row) && row.playerId === player.id);
  const effects = operator.effects.filter(({ packet }) => packet.username === username);
  const moved = new Map<number, bigint>();
  for (const { packet, moved: amount } of effects) {
    if (amount === 0n) continue;
    assert.ok(!moved.has(packet.id), `${packet.id} moved the money twice`);
    moved.set(packet.id, amount);
  }
  judgePackets(books, rows, effects);
  for (const row of rows)
    if (!isQuestion(row) && !wereResolved.has(row.id))
      assert.ok(operator.hasTaken(row.id), `${row.id} was never told`);
  const isOpen = (row: Transfer) => wereResolved.has(row.id) && !operator.hasTaken(row.id);
  const expected = sumOf(rows, (row) => {
    if (isOpen(row)) return 0n;
    const back = isQuestion(row) ? takenBack(books, row) : undefined;
    // Settled by hand: what the operator knows of the bet is all there is.
    return back !== undefined && isOpen(back) ? (moved.get(row.id) ?? 0n) : signed(row);
  });
  const balance = operator.balance(username);
  assert.equal(balance - opening - operator.cashOf(username), expected, `${username}: balance ${balance}`);
}

/** Each packet is its row; messages came in order, but for those that were given up. */
function judgePackets(
  { wereListed, wereResolved }: Books,
  rows: readonly Transfer[],
  effects: readonly Effect[],
): void {
  const byId = new Map<number, Transfer>(rows.map((row) => [row.id, row]));
  const seen = new Set<number>();
  let last = 0;
  for (const { packet, status } of effects) {
    const row = byId.get(packet.id);
    if (row === undefined) {
      assert.ok(status !== 200, `${packet.id} was processed, and has no row`);
      continue;
    }
    assert.equal(packet.amount, signed(row), `${packet.id}: what was sent`);
    assert.equal(packet.type, ROWS[row.code]!.type, `${packet.id}: what was sent`);
    assert.equal(packet.refererId, row.refererId, `${packet.id}: what it refers to`);
    const isFree = isQuestion(row) || wereListed.has(row.id) || wereResolved.has(row.id);
    if (isFree || seen.has(packet.id)) continue;
    seen.add(packet.id);
    assert.ok(packet.id > last, `${packet.id} came after ${last}`);
    last = packet.id;
  }
}
