/**
 * What must be true in the end, on what each side has in its own books: the ledger's rows, K-Rain's orders, what pages
 * and operators were told.
 */
import assert from 'node:assert/strict';
import type { Kept } from '../../sim/krain/pool.ts';
import type { Bet, BookPlace, BookSession, BookTransfer, Position } from '../../src/core/book/types.ts';
import { ACCOUNT } from '../../src/core/chart.ts';
import type { AccountId, BetId, Instant } from '../../src/core/ids.ts';
import type { Account } from '../../src/core/ledger-types.ts';

/** The rows that are judged: of the store in memory, or of the database. */
export interface JudgedRows {
  readonly accounts: ReadonlyMap<AccountId, Pick<Account, 'kind' | 'balance' | 'reserved' | 'overdraft'>>;
  readonly bets: ReadonlyMap<BetId, Bet>;
  readonly sessions: ReadonlyMap<BookSession['id'], Pick<BookSession, 'closesAt' | 'result' | 'risk'>>;
  readonly positions: ReadonlyMap<string, Pick<Position, 'pending' | 'risk'>>;
}

/** A bet as a page wished it, and what it was told of it last. */
export interface HeardBet {
  readonly command: Pick<BookPlace, 'key' | 'sessionId' | 'type' | 'odds' | 'stake'> & {
    readonly player: { readonly id: BookPlace['player']['id'] };
  };
  /** How often it may have arrived. */
  readonly sent: number;
  readonly answer:
    | { readonly ok: true; readonly bet: Pick<Bet, 'id' | 'status'> }
    | { readonly ok: false }
    | null;
}
export interface HeardMoney {
  readonly command: { readonly player: { readonly id: BookTransfer['player']['id'] } };
  readonly sent: number;
  readonly answer:
    | { readonly ok: true; readonly record: { readonly amount: bigint } }
    | { readonly ok: false }
    | null;
}

/** What every side has in its books at the end. */
export interface Books {
  readonly rows: JudgedRows;
  readonly players: readonly { readonly id: BookPlace['player']['id']; readonly accountId: AccountId }[];
  readonly orders: ReadonlyMap<string, Kept>;
  readonly bets: readonly HeardBet[];
  readonly moneys: readonly HeardMoney[];
  /** When each session had its first result. */
  readonly resultedAt: ReadonlyMap<BookSession['id'], Instant>;
}

export function judge(books: Books): void {
  for (const bet of books.rows.bets.values()) judgeBet(books, bet);
  for (const wish of books.bets) judgeWish(books, wish);
  judgeKRain(books);
  for (const player of books.players) judgeMoney(books, player);
  judgeRest(books.rows);
}

function sumOf({ accounts }: JudgedRows, kind: Account['kind']): bigint {
  let sum = 0n;
  for (const account of accounts.values()) if (account.kind === kind) sum += account.balance;
  return sum;
}

/** Every bet is at its end, was placed while it could be, and comes to what its terms and the result say. */
function judgeBet({ rows, resultedAt }: Books, bet: Bet): void {
  const { closesAt, result } = rows.sessions.get(bet.sessionId)!;
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
function judgeWish({ rows }: Books, { command, answer, sent }: HeardBet): void {
  const { key, player, sessionId, type, odds, stake } = command;
  const made = [...rows.bets.values()].filter((bet) => bet.playerId === player.id && bet.key === key);
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
function judgeKRain({ rows, orders }: Books): void {
  let owed = 0n;
  for (const { order, answer } of orders.values()) {
    const bet = [...rows.bets.values()].find(({ id }) => order.id === `bet-${id}`);
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
    const { result } = rows.sessions.get(bet.sessionId)!;
    if (result !== 'VOID') owed += order.side === result ? answer.win : -answer.matched;
  }
  for (const bet of rows.bets.values())
    if (bet.krainUntil !== null && bet.status !== 'FAILED')
      assert.ok(orders.has(`bet-${bet.id}`), `bet ${bet.id} is laid off, and K-Rain has no order of it`);
  assert.equal(sumOf(rows, ACCOUNT.krainClearing), -owed, 'K-Rain’s profit and loss');
}

/** What operators were told adds up with what the bets came to. */
function judgeMoney({ rows, moneys, bets }: Books, { id, accountId }: Books['players'][number]): void {
  const mine = <Wish extends HeardBet | HeardMoney>(list: readonly Wish[]) =>
    list.filter(({ command }) => command.player.id === id);
  // What was doubled may have been taken after its sender was told no.
  if ([...mine(moneys), ...mine(bets)].some(({ sent, answer }) => sent > 1 && answer?.ok !== true)) return;
  let balance = 0n;
  for (const { answer } of mine(moneys)) if (answer?.ok === true) balance += answer.record.amount;
  for (const { command, answer } of mine(bets)) {
    if (answer?.ok !== true) continue;
    const { result } = rows.sessions.get(command.sessionId)!;
    if (result === 'VOID' || rows.bets.get(answer.bet.id)!.status === 'FAILED') continue;
    const win = (command.stake * BigInt(command.odds - 1000)) / 1000n;
    balance += command.type === result ? win : -command.stake;
  }
  assert.equal(rows.accounts.get(accountId)!.balance, balance, `player ${id}`);
}

/** Nothing is left, and everything together comes to nothing. */
function judgeRest(rows: JudgedRows): void {
  let players = 0n;
  for (const { kind, balance, reserved, overdraft } of rows.accounts.values()) {
    if (kind !== ACCOUNT.credit) continue;
    assert.equal(reserved, 0n, 'exposure is left');
    assert.equal(overdraft, balance < 0n ? -balance : 0n, 'a shortage is what is below nothing');
  }
  for (const { payout } of rows.bets.values()) players += payout;
  const [book, krain] = [sumOf(rows, ACCOUNT.rainPool), sumOf(rows, ACCOUNT.krainClearing)];
  assert.equal(players + book + krain, 0n, 'what players win somebody loses');
  for (const position of rows.positions.values())
    assert.deepEqual([position.pending, position.risk], [0, { rain: 0n, dry: 0n }], 'nothing is pending');
  for (const { risk } of rows.sessions.values()) assert.deepEqual(risk, { rain: 0n, dry: 0n }, 'nor at risk');
}
