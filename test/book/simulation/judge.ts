/**
 * What must be true in the end, on what each side has in its own books: the ledger's rows, K-Rain's orders, what pages
 * and operators were told, and the naive model, which was told of every commit.
 */
import assert from 'node:assert/strict';
import type { Kept } from '../../../sim/krain/pool.ts';
import type { Bet, BookSession } from '../../../src/core/book/types.ts';
import { ACCOUNT } from '../../../src/core/chart.ts';
import type { Instant } from '../../../src/core/ids.ts';
import { assertAgrees } from '../agree.ts';
import type { Ground } from '../cast.ts';
import type { BetWish, MoneyWish } from './people.ts';

/** What every side has in its books at the end. */
export interface Books {
  readonly ground: Ground;
  readonly orders: ReadonlyMap<string, Kept>;
  readonly bets: readonly BetWish[];
  readonly moneys: readonly MoneyWish[];
  readonly resultedAt: ReadonlyMap<BookSession['id'], Instant>;
}

export function judge(books: Books): void {
  assertAgrees(books.ground);
  for (const bet of books.ground.store.bets.values()) judgeBet(books, bet);
  for (const wish of books.bets) judgeWish(books, wish);
  judgeKRain(books);
  judgeMoney(books);
  judgeRest(books);
}

/** Every bet is at its end, was placed while it could be, and comes to what its terms and the result say. */
function judgeBet({ ground, resultedAt }: Books, bet: Bet): void {
  const { closesAt, result } = ground.store.sessions.get(bet.sessionId)!;
  const name = `bet ${bet.id} (${bet.key} of ${bet.playerId})`;
  const end = bet.status === 'FAILED' ? 'FAILED' : result === 'VOID' ? 'VOID' : 'SETTLED';
  assert.equal(bet.status, end, name);
  assert.ok(bet.placedAt < closesAt, `${name} was placed after the close`);
  assert.ok(bet.placedAt <= resultedAt.get(bet.sessionId)!, `${name} was placed after the result`);
  const payout = end !== 'SETTLED' ? 0n : bet.type === result ? bet.win : -bet.stake;
  assert.equal(bet.payout, payout, name);
  assert.equal(bet.reason !== null, end === 'FAILED', `${name}: a reason for a failure alone`);
}

/** A page has what it was told: the bet once, on the terms it saw; a refusal means that there is none. */
function judgeWish({ ground }: Books, { command, answer, sent }: BetWish): void {
  const { key, player, sessionId, type, odds, stake } = command;
  const made = [...ground.store.bets.values()].filter((bet) => bet.playerId === player.id && bet.key === key);
  assert.ok(answer !== null && made.length <= 1, key);
  if (answer.ok) {
    const [bet] = made;
    assert.ok(bet !== undefined, `${key} was taken, and is gone`);
    assert.equal(bet.id, answer.bet.id);
    assert.deepEqual([bet.sessionId, bet.type, bet.odds, bet.stake], [sessionId, type, odds, stake], key);
    if (answer.bet.status === 'FAILED') assert.equal(bet.status, 'FAILED', key);
    if (answer.bet.status === 'ACTIVE') assert.notEqual(bet.status, 'FAILED', key);
  } else if (sent === 1) assert.deepEqual(made, [], `${key} was refused, and is there`);
}

/** K-Rain's own statement against our parts: the same orders, the same amounts, the same profit and loss. */
function judgeKRain({ ground, orders }: Books): void {
  const { store } = ground;
  let owed = 0n;
  for (const { order, answer } of orders.values()) {
    const bet = [...store.bets.values()].find(({ id }) => order.id === `bet-${id}`);
    assert.ok(bet !== undefined, `${order.id} is at K-Rain, and we don't know it`);
    if (answer.state === 'refused') {
      assert.equal(bet.status, 'FAILED', `${order.id} was refused by K-Rain`);
      continue;
    }
    assert.notEqual(bet.status, 'FAILED', `${order.id} is matched at K-Rain`);
    assert.deepEqual(
      [bet.krainStake, bet.krainWin, bet.type],
      [answer.matched, answer.win, order.side],
      order.id,
    );
    const { result } = store.sessions.get(bet.sessionId)!;
    if (result !== 'VOID') owed += order.side === result ? answer.win : -answer.matched;
  }
  for (const bet of store.bets.values())
    if (bet.krainUntil !== null && bet.status !== 'FAILED')
      assert.ok(orders.has(`bet-${bet.id}`), `bet ${bet.id} is laid off, and K-Rain has no order of it`);
  assert.equal(store.sumOf(ACCOUNT.krainClearing), -owed, 'K-Rain’s profit and loss');
}

/** What operators were told adds up with what the bets came to. */
function judgeMoney({ ground, moneys, bets }: Books): void {
  const { store, cast } = ground;
  for (const { id, accountId } of cast.players) {
    let balance = 0n;
    for (const { command, answer } of moneys)
      if (command.player.id === id && answer?.ok === true) balance += answer.record.amount;
    for (const { command, answer } of bets) {
      if (command.player.id !== id || answer?.ok !== true) continue;
      const { result } = store.sessions.get(command.sessionId)!;
      const isFailed = store.bets.get(answer.bet.id)!.status === 'FAILED';
      if (!isFailed && result !== 'VOID')
        balance += command.type === result ? answer.bet.win : -command.stake;
    }
    // A request that was doubled may have been taken after its sender was told no.
    const isSure = [...moneys, ...bets].every((wish) => wish.sent <= 1 || wish.answer?.ok === true);
    if (isSure) assert.equal(store.accounts.get(accountId)!.balance, balance, `player ${id}`);
  }
}

/** Nothing is left, and everything together comes to nothing. */
function judgeRest({ ground: { store } }: Books): void {
  let players = 0n;
  for (const { kind, balance, reserved, overdraft } of store.accounts.values()) {
    if (kind !== ACCOUNT.credit) continue;
    assert.equal(reserved, 0n, 'exposure is left');
    assert.equal(overdraft, balance < 0n ? -balance : 0n, 'a shortage is what is below nothing');
  }
  for (const { payout } of store.bets.values()) players += payout;
  const [book, krain] = [store.sumOf(ACCOUNT.rainPool), store.sumOf(ACCOUNT.krainClearing)];
  assert.equal(players + book + krain, 0n, 'what players win somebody loses');
  for (const position of store.positions.values())
    assert.deepEqual([position.pending, position.risk], [0, { rain: 0n, dry: 0n }], 'nothing is pending');
  for (const { risk } of store.sessions.values())
    assert.deepEqual(risk, { rain: 0n, dry: 0n }, 'nor at risk');
}
