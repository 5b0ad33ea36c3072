/** The audit can fail: one thing corrupted per check, and that check reports it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TransactionSql } from 'postgres';
import { type AuditReport, audit, record } from '../../src/db/audit.ts';
import type { Sql } from '../../src/db/connect.ts';
import { closeHours } from '../../src/db/office-statistics-close.ts';
import { foldTransfers } from '../../src/db/rollup.ts';
import { itemOf } from '../model/cast.ts';
import { funding } from '../model/steps.ts';
import { openBookGround } from '../rain/ground.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
before(async () => {
  stage = await openStage({ lanes: 1 });
  const { cast, writer, sql } = stage;
  const [player] = cast.players;
  const [game] = cast.games;
  const say = { player: player!, game: game!, round: 'r1', amount: 100n };
  await writer.submitAll(funding(cast));
  await writer.submitAll([
    itemOf(cast.studioId, { ...say, id: 'b1', type: 'bet' }),
    itemOf(cast.studioId, { ...say, id: 'w1', type: 'win', amount: 250n }),
  ]);
  const { agentId, walletId: debit } = player!;
  const credit = player!.vendorAccounts.get(1)!;
  await writer.submit({ kind: 'reserve', agentId, debit, credit, amount: 30n, code: 20, owner: 'a bet' });
  await playTheBook(stage);
  for (const action of ['first', 'second', 'third'])
    await record(sql, { actor: 'test', action, subject: 'audit' });
  await foldTransfers(sql);
  // As if two days had passed: the hour and the day are closed.
  await sql`update fold_cursor set at = at + interval '2 days'`;
  while ((await closeHours(sql)) > 0);
});

/** One player's credit with a settled session behind it, an open one, and a bet K-Rain has not answered. */
async function playTheBook({ sql, writer }: Stage): Promise<void> {
  // The cast has taken the first ids without drawing them.
  await sql`select setval('account_id_seq', 100000), setval('party_id_seq', 100000)`;
  const ground = await openBookGround({ sql, writer });
  const player = await ground.seat();
  await ground.deposit(player, 'd1', 1_000_000n);
  for (const key of ['settled', 'open', 'asked']) {
    const session = await ground.session();
    const placed = await ground.place(player, session, { type: 'RAIN', stake: 20_000n, key });
    assert.ok(placed.ok);
    if (key === 'asked') continue;
    await ground.answer(player, placed.bet, { kind: 'matched', stake: 14_000n, odds: 2050, win: 14_700n });
    if (key === 'open') continue;
    await ground.result(session, 'RAIN');
    await ground.settle(player, session);
    await sql`update rain_session set status = 'SETTLED' where id = ${session}`;
  }
}
after(() => stage.close());

class RolledBack extends Error {}

/** The audit's report of the database with the corruption in it, which is then undone. */
async function auditAfter(corrupt: string): Promise<AuditReport> {
  let report: AuditReport | undefined;
  try {
    await stage.sql.begin(async (tx) => {
      await tx.unsafe(corrupt).simple();
      report = await audit(within(tx));
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
  return report!;
}

/** Lets the audit read inside this very transaction. */
function within(tx: TransactionSql<{ bigint: bigint }>): Sql {
  return { begin: (_mode: string, work: (inner: typeof tx) => unknown) => work(tx) } as unknown as Sql;
}

/** The bet of the stage is the only transfer with code 20. */
const table: [check: string, corrupt: string][] = [
  ['every balance equals its entries', 'update account set balance = balance + 1 where id = 210'],
  ['every balance equals its entries', 'update account set balance = balance + 1 where kind = 12'],
  ['every balance equals its entries', 'update transfer set amount = amount + 1 where code = 20'],
  ['every balance equals its entries', 'delete from transfer where code = 21'],
  ['the sum over everything is zero per currency', 'update account set balance = balance - 1 where id = 210'],
  [
    'no held money is below zero',
    'alter table account drop constraint account_check; update account set balance = -1 where id = 210',
  ],
  [
    'no held money is below zero',
    'alter table account drop constraint account_check; update account set reserved = balance + 1 where id = 210',
  ],
  [
    'every transfer names known accounts of one currency',
    'update transfer set credit_account = 999999 where code = 20',
  ],
  [
    'every transfer names known accounts of one currency',
    "update transfer set credit_account = (select id from account where currency = 'USD' limit 1) where code = 20",
  ],
  [
    'every row continues its account: before + amount = next before',
    'update transfer set debit_before = debit_before + 1 where code = 20',
  ],
  [
    'every row continues its account: before + amount = next before',
    'update transfer set credit_before = 1 where code = 1 and credit_account = 101',
  ],
  [
    'public ids are unique',
    "insert into transfer select id, at + interval '1 microsecond', 1, player_id, code, debit_account, credit_account, 0 from transfer where code = 20",
  ],
  [
    'public ids are unique',
    'insert into transfer select id + 1, at, agent_id, player_id, code, debit_account, credit_account, 0 from transfer where code = 20',
  ],
  ['reservations equal what accounts promise', 'update account set reserved = 29 where id = 210'],
  ['reservations equal what accounts promise', 'delete from reservation'],
  [
    'every question to an operator has its promise and its mark',
    `insert into callback (id, agent_id, player_id, code, amount, after, at, state, next_at) values (5, 1, 1, 20, 1, 0, now(), 0, now())`,
  ],
  ['every question to an operator has its promise and its mark', `update reservation set owner = 'callback'`],
  [
    'every question to an operator has its promise and its mark',
    `update idempotency set outcome = '{"status":"pending"}' where key = 'w1'`,
  ],
  [
    'every message to an operator is of a transfer, and somebody looks after its line',
    `insert into callback (id, agent_id, player_id, code, amount, after, at, state, next_at) values (5, 1, 1, 21, 1, 0, now(), 1, now())`,
  ],
  [
    'every message to an operator is of a transfer, and somebody looks after its line',
    `insert into callback (id, agent_id, player_id, code, amount, after, at, state, next_at)
       select id, agent_id, player_id, code, amount, 0, at, 1, 'infinity' from transfer where code = 21`,
  ],
  ['every accepted answer has its transfer', 'delete from transfer where code = 20'],
  [
    'every accepted answer has its transfer',
    "update idempotency set transfer_id = transfer_id + 2000 where key = 'b1'",
  ],
  ['hourly sums equal the transfers', 'update rollup_hour set bet_sum = bet_sum + 1'],
  ['hourly sums equal the transfers', 'delete from rollup_hour'],
  ['hourly sums equal the transfers', 'update transfer set game_id = 12 where code = 21'],
  [
    'closed hours and days equal the hourly sums',
    'update rollup_closed set bet_sum = bet_sum + 1 where kind = 1',
  ],
  [
    'closed hours and days equal the hourly sums',
    'update rollup_closed set win_sum = win_sum - 1 where kind = 5',
  ],
  ['closed hours and days equal the hourly sums', 'delete from rollup_closed where kind = 2'],
  [
    'players of closed hours and days equal the transfers',
    "update rollup_closed set before = '{}' where kind = 1",
  ],
  [
    'players of closed hours and days equal the transfers',
    "update rollup_closed set before = '{0, 0}' where kind = 4",
  ],
  ['players of closed hours and days equal the transfers', 'update rollup_hour set before = null'],
  [
    'players of hours that are not closed equal the transfers, and so do their last hours',
    'insert into rollup_player select now(), agent_id, game_id, player_id from transfer where code = 20',
  ],
  [
    'players of hours that are not closed equal the transfers, and so do their last hours',
    'update rollup_last set hour = hour + 1 where game_id > 0',
  ],
  [
    'players of hours that are not closed equal the transfers, and so do their last hours',
    'delete from rollup_last where vendor_id = 0',
  ],
  [
    'the audit trail is one unbroken chain',
    "alter table audit_log disable trigger audit_kept; update audit_log set detail = '{}', action = 'other' where action = 'second'",
  ],
  [
    'the audit trail is one unbroken chain',
    "alter table audit_log disable trigger audit_kept; delete from audit_log where action = 'second'",
  ],
  [
    'the audit trail is one unbroken chain',
    "insert into audit_log (n, hash, actor, action, subject) select n + 1, hash, 'test', 'fourth', 'audit' from audit_log where action = 'third'",
  ],
  ['every position is the sum of its bets', "update book_bet set status = 2 where key = 'open'"],
  ['every position is the sum of its bets', 'update book_position set pending = pending + 1'],
  ['every position is the sum of its bets', 'delete from book_position where pending > 0'],
  [
    'exposure is the worst that can still come',
    'update book_position set exposure = exposure - 1 where exposure > 0',
  ],
  ['exposure is the worst that can still come', 'update book_position set exposure = 1 where version > 0'],
  [
    'credit promises its exposure, and is short by what corrections took alone',
    'update account set reserved = reserved - 1 where kind = 4',
  ],
  [
    'credit promises its exposure, and is short by what corrections took alone',
    'update account set overdraft = 1 where kind = 4',
  ],
  [
    'credit is what came in, went out and was settled',
    'update account set balance = balance + 1 where kind = 4',
  ],
  ['credit is what came in, went out and was settled', 'delete from book_transfer'],
  ['settled bets come to what was posted', 'update book_bet set payout = payout - 1 where status = 4'],
  [
    "a session's pool is what its positions leave to the book",
    "update rain_session set pool_rain = 0 where status = 'OPEN'",
  ],
  [
    "a session's pool is what its positions leave to the book",
    "update rain_session set risk_rain = -1 where status = 'SETTLED'",
  ],
  [
    'every settled session has nothing left to settle',
    "update rain_session set status = 'SETTLED', result = 'RAIN', version = 1 where pool_rain <> 0",
  ],
];

test('the stage itself holds, and every check of the audit is in the table', async () => {
  const report = await audit(stage.sql);
  assert.deepEqual(
    report.checks.filter((check) => !check.ok),
    [],
  );
  assert.equal(report.ok, true);
  assert.ok(report.transfers > 10 && report.accounts > 10);
  assert.deepEqual(new Set(report.checks.map((check) => check.name)), new Set(table.map(([name]) => name)));
});

for (const [name, corrupt] of table) {
  test(`found by “${name}”: ${corrupt}`, async () => {
    const report = await auditAfter(corrupt);
    const check = report.checks.find((each) => each.name === name);
    assert.equal(report.ok, false);
    assert.equal(
      check?.ok,
      false,
      `reported by ${report.checks.filter((each) => !each.ok).map((each) => each.name)}`,
    );
    assert.ok(check.findings.length > 0 && check.findings.every((finding) => finding !== ''));
  });
}

test('nothing of it stays', async () => {
  assert.equal((await audit(stage.sql)).ok, true);
});
