/**
 * The judge: a naive model of the money, told only what players were answered, against what the database holds.
 * Every accepted answer is there exactly once, nothing else is, and played over again in the order of ids it gives
 * every balance that was told.
 */
import assert from 'node:assert/strict';
import { audit } from '../../src/db/audit.ts';
import type { Sql } from '../../src/db/connect.ts';
import { isWallet, type Operation, type Player } from './load.ts';

interface Row {
  readonly id: number;
  readonly code: number;
  readonly amount: bigint;
  readonly before: bigint;
  readonly credits: boolean;
  readonly round: string | null;
  readonly externalId: string | null;
  readonly refererId: number | null;
}

interface Bet {
  readonly amount: bigint;
  state: 'open' | 'won' | 'cancelled';
}

const CODES = { add: 10, subtract: 11, subtract_all: 12, bet: 20, win: 21, cancel: 22 } as const;
const EXCEED = 27;

export async function judge(
  sql: Sql,
  players: readonly Player[],
  operations: readonly Operation[],
): Promise<void> {
  const open = operations.filter(({ verdict, bare }) => verdict === null && !bare);
  assert.deepEqual(
    open.map((operation) => operation.id),
    [],
    'everything has a definite answer',
  );
  for (const player of players) {
    const own = operations.filter((operation) => operation.player === player);
    const rows = await rowsOf(sql, player);
    everyAnswerIsThereOnce(own, rows);
    const bets = playOver(own, rows);
    refundsWereGiven(own, bets);
    await balanceIs(sql, player, rows);
  }
  const report = await audit(sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
    'audit',
  );
}

async function rowsOf(sql: Sql, player: Player): Promise<Row[]> {
  const rows =
    await sql`select t.id, t.code, t.amount, coalesce(case when t.credit_account = p.wallet_account_id then t.credit_before else t.debit_before end, 0) as before,
      t.credit_account = p.wallet_account_id as credits, t.round, t.external_id, t.referer_id
    from transfer t join player p on p.id = t.player_id where t.player_id = ${player.id} order by t.id`;
  return rows.map((row) => ({
    id: Number(row.id),
    code: row.code,
    amount: row.amount,
    before: row.before,
    credits: row.credits,
    round: row.round,
    externalId: row.external_id,
    refererId: row.referer_id === null ? null : Number(row.referer_id),
  }));
}

function everyAnswerIsThereOnce(own: readonly Operation[], rows: readonly Row[]): void {
  const unclaimed = new Map(rows.map((row) => [row.id, row]));
  for (const operation of own) {
    const { verdict, kind, amount, id } = operation;
    if (!verdict?.accepted || verdict.transactionId === null) continue;
    const row = unclaimed.get(verdict.transactionId);
    assert.ok(
      row !== undefined,
      `${id}: its transfer ${verdict.transactionId} is missing, or answers another id too`,
    );
    unclaimed.delete(row.id);
    assert.equal(row.code, CODES[kind], id);
    if (amount !== null) assert.equal(row.amount, BigInt(amount), id);
    if (!isWallet(operation)) assert.equal(row.externalId, id);
  }
  const wins = new Set(rows.filter((row) => row.code === CODES.win).map((row) => row.id));
  const unknown = own.filter(({ bare, verdict }) => bare && verdict === null).map(({ amount }) => amount);
  const strangers = [...unclaimed.values()].filter((row) => {
    if (row.code === EXCEED) return !wins.has(row.refererId ?? 0);
    const mayBe = row.code === CODES.add ? unknown.indexOf(Number(row.amount)) : -1;
    if (mayBe >= 0) unknown.splice(mayBe, 1);
    return mayBe < 0;
  });
  assert.deepEqual(strangers, [], 'transfers nobody was told of');
}

/** Replays the rows on an empty wallet; returns what became of each bet, by its id. */
function playOver(own: readonly Operation[], rows: readonly Row[]): Map<string, Bet> {
  const told = new Map(own.map((operation) => [operation.verdict?.transactionId ?? 0, operation]));
  const bets = new Map<string, Bet & { round: string | null }>();
  let balance = 0n;
  for (const [index, row] of rows.entries()) {
    assert.equal(row.before, balance, `transfer ${row.id} does not continue the balance`);
    balance += row.credits ? row.amount : -row.amount;
    assert.ok(balance >= 0n);
    const operation = told.get(row.id);
    if (operation === undefined) continue;
    const cut =
      rows[index + 1]?.code === EXCEED && rows[index + 1]?.refererId === row.id
        ? (rows[index + 1]?.amount ?? 0n)
        : 0n;
    assert.equal(
      operation.verdict?.balance,
      String(balance - cut),
      `${operation.id}: the balance it was told`,
    );
    playRow(operation, row, bets);
  }
  return bets;
}

function playRow(operation: Operation, row: Row, bets: Map<string, Bet & { round: string | null }>): void {
  const inRound = () => [...bets.values()].filter((bet) => bet.round === row.round);
  if (operation.kind === 'bet')
    bets.set(operation.id, { amount: row.amount, state: 'open', round: row.round });
  if (operation.kind === 'win') {
    assert.ok(
      inRound().some((bet) => bet.state !== 'cancelled'),
      `${operation.id}: a win in a round without a bet`,
    );
    for (const bet of inRound()) if (bet.state === 'open') bet.state = 'won';
  }
  if (operation.kind === 'cancel') {
    const bet = bets.get(operation.reference ?? '');
    assert.equal(bet?.state, 'open', `${operation.id}: cancelled a bet that was not open`);
    assert.equal(bet?.amount, row.amount, operation.id);
    if (bet !== undefined) bet.state = 'cancelled';
  }
}

/** An accepted cancel means the bet's money is back, or was never taken; a refused one, that it was settled. */
function refundsWereGiven(own: readonly Operation[], bets: ReadonlyMap<string, Bet>): void {
  for (const { kind, verdict, reference, id } of own) {
    const bet = bets.get(reference ?? '');
    if (kind !== 'cancel') continue;
    if (verdict?.accepted)
      assert.ok(bet === undefined || bet.state === 'cancelled', `${id}: accepted, but ${reference} stands`);
    else {
      assert.equal(verdict?.code, 'already_settled', id);
      assert.equal(bet?.state, 'won', `${id}: refused as settled`);
    }
  }
  for (const { kind, verdict, id } of own) {
    if (kind !== 'bet' || verdict?.code !== 'cancelled_before') continue;
    assert.ok(
      own.some((cancel) => cancel.kind === 'cancel' && cancel.reference === id),
      id,
    );
  }
}

async function balanceIs(sql: Sql, player: Player, rows: readonly Row[]): Promise<void> {
  const [wallet] =
    await sql`select balance, reserved from account a join player p on p.wallet_account_id = a.id where p.id = ${player.id}`;
  const sum = rows.reduce((total, row) => total + (row.credits ? row.amount : -row.amount), 0n);
  assert.deepEqual([wallet?.balance, wallet?.reserved], [sum, 0n], player.username);
}
