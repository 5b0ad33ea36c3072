/** The proof: what must hold between transfers, balances, reservations and sums, read in one snapshot. */
import { BOOK_CHECKS } from './audit-book.ts';
import { STATISTICS_CHECKS } from './audit-statistics.ts';
import type { Sql } from './connect.ts';
import { sums } from './rollup.ts';

export interface AuditCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What broke it, at most ten. */
  readonly findings: readonly string[];
}

export interface AuditReport {
  readonly ok: boolean;
  readonly transfers: number;
  readonly accounts: number;
  readonly checks: readonly AuditCheck[];
}

export type Tx = Parameters<Parameters<Sql['begin']>[1]>[0];
export type Check = readonly [name: string, find: (tx: Tx) => PromiseLike<readonly { finding: string }[]>];

/** Net of an account's transfers: all for locked accounts, up to the cursor for those that are folded later. */
const entries = (tx: Tx) => tx`select id, sum(net) as net from (
    select credit_account as id, sum(amount) as net from transfer group by 1
    union all select debit_account, -sum(amount) from transfer group by 1) e group by id`;
const unfolded = (tx: Tx) => tx`select id, sum(net) as net from (
    select credit_account as id, sum(amount) as net from transfer where at > (select at from fold_cursor) group by 1
    union all select debit_account, -sum(amount) from transfer where at > (select at from fold_cursor) group by 1) e group by id`;

/** The hourly sums whose transfers are still here: days are detached whole, from the oldest. */
const folded = (
  tx: Tx,
) => tx`select hour, agent_id, vendor_id, game_id, currency, bets, bet_sum, wins, win_sum, cancels, cancel_sum, other_sum, rounds
    from rollup_hour where hour >= (select coalesce(date_trunc('hour', min(at)), 'infinity') from transfer)`;

const CHECKS: readonly Check[] = [
  [
    'every balance equals its entries',
    (tx) => tx`
    select format('account %s (kind %s): balance %s, entries %s', a.id, a.kind, a.balance, a.archived + coalesce(e.net, 0) - case when a.kind >= 10 then coalesce(u.net, 0) else 0 end) as finding
    from account a left join (${entries(tx)}) e on e.id = a.id left join (${unfolded(tx)}) u on u.id = a.id
    where a.balance <> a.archived + coalesce(e.net, 0) - case when a.kind >= 10 then coalesce(u.net, 0) else 0 end limit 10`,
  ],
  [
    'the sum over everything is zero per currency',
    (tx) => tx`
    select format('%s: %s', currency, sum(balance + coalesce(u.net, 0))) as finding
    from account a left join (select id, net from (${unfolded(tx)}) x) u on u.id = a.id and a.kind >= 10
    group by currency having sum(balance + coalesce(u.net, 0)) <> 0`,
  ],
  [
    'no held money is below zero',
    (tx) => tx`
    select format('account %s: %s reserved %s', id, balance, reserved) as finding from account where kind < 10 and (balance + overdraft < 0 or reserved > balance + overdraft) limit 10`,
  ],
  [
    'every transfer names known accounts of one currency',
    (tx) => tx`
    select format('transfer %s', t.id) as finding from transfer t left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
    where d.id is null or c.id is null or d.currency <> c.currency limit 10`,
  ],
  [
    'every row continues its account: before + amount = next before',
    // Materialized: for the sake of the limit the planner would read all transfers once an account.
    (tx) => tx`
    with c as materialized (
      select account, e.id, before, coalesce(lag(before + delta) over (partition by account order by at, step, e.id), a.archived) as expected from (
        select debit_account as account, at, step, id, debit_before as before, -amount as delta from transfer where debit_before is not null
        union all select credit_account, at, step, id, credit_before, amount from transfer where credit_before is not null) e join account a on a.id = account)
    select format('account %s at transfer %s: expected %s, found %s', account, id, expected, before) as finding from c
    where before <> expected limit 10`,
  ],
  [
    'public ids are unique',
    // A transfer owns its odd id and the even one after it.
    (tx) =>
      tx`select format('id %s', min(id)) as finding from transfer group by (id + 1) / 2 having count(*) > 1 limit 10`,
  ],
  [
    'reservations equal what accounts promise',
    (tx) => tx`
    select format('account %s: reserved %s, held %s', a.id, a.reserved, coalesce(r.held, 0)) as finding from account a
    left join (select debit_account, sum(amount) as held from reservation where state = 0 group by 1) r on r.debit_account = a.id
    where a.kind <> 4 and a.reserved <> coalesce(r.held, 0) limit 10`,
  ],
  [
    'every question to an operator has its promise and its mark',
    (tx) => tx`
    with asked as (select id, studio_id, external_id from callback where state = 0),
    held as (select id from reservation where state = 0 and owner = 'callback'),
    marks as (select scope, key from idempotency where outcome like '{"status":"pending"%')
    (select format('callback %s without a promise', id) as finding from asked left join held h using (id) where h.id is null limit 10)
    union all (select format('promise %s without a callback', id) from held left join asked a using (id) where a.id is null limit 10)
    union all (select format('callback %s without a mark', a.id) from asked a left join marks m on m.scope = a.studio_id and m.key = a.external_id where m.key is null limit 10)
    union all (select format('mark %s %s without a callback', m.scope, m.key) from marks m left join asked a on m.scope = a.studio_id and m.key = a.external_id where a.id is null limit 10)`,
  ],
  [
    'every message to an operator is of a transfer, and somebody looks after its line',
    (tx) => tx`
    (select format('callback %s of no transfer', c.id) as finding from callback c left join transfer t on t.agent_id = c.agent_id and t.id = c.id and t.at = c.at
      where c.state > 0 and t.id is null and c.at >= (select coalesce(min(at), 'infinity') from transfer) limit 10)
    union all (select format('callback %s is nobody''s', c.id) from callback c where state = 1 and next_at = 'infinity'
      and not exists (select from callback e where e.player_id = c.player_id and e.state < 2 and e.id < c.id) limit 10)`,
  ],
  [
    'every accepted answer has its transfer',
    (tx) => tx`
    select format('%s %s', i.scope, i.key) as finding from idempotency i left join transfer t on t.id = i.transfer_id and t.at = i.at
    where i.transfer_id is not null and t.id is null and i.at >= (select coalesce(min(at), 'infinity') from transfer) limit 10`,
  ],
  [
    'hourly sums equal the transfers',
    (tx) => tx`
    with folded as (${folded(tx)}), transfers as (
      select ${sums(tx)} from transfer t join game g on g.id = t.game_id join agent a on a.id = t.agent_id
        where t.at <= (select at from fold_cursor) group by 1, 2, 3, 4, 5)
    select format('agent %s game %s at %s', agent_id, game_id, hour) as finding from (
      (table folded except table transfers) union all (table transfers except table folded)) d (hour, agent_id, vendor_id, game_id) limit 10`,
  ],
  [
    'the audit trail is one unbroken chain',
    (tx) => tx`
    select format('line %s of %s (%s)', n, wire_time(at), action) as finding from (
      select a.*, audit_hash(lag(a.hash) over w, a) as expected, coalesce(lag(a.n) over w, 0) + 1 as place from audit_log a window w as (order by n)) a
    where hash <> expected or n <> place order by n limit 10`,
  ],
  ...STATISTICS_CHECKS,
  ...BOOK_CHECKS,
];

/** Runs every check in one snapshot. `onProgress` is told how many are done. */
export async function audit(
  sql: Sql,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<AuditReport> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    // Every check joins whole tables. A planner that knows them from when they were small would take one row by one.
    await tx`set local enable_nestloop = off`;
    const checks: AuditCheck[] = [];
    for (const [name, find] of CHECKS) {
      const findings = (await find(tx)).map((row) => row.finding);
      checks.push({ name, ok: findings.length === 0, findings });
      onProgress(checks.length, CHECKS.length);
    }
    const [counts] =
      await tx`select (select count(*) from transfer)::text as transfers, (select count(*) from account)::text as accounts`;
    return {
      ok: checks.every((check) => check.ok),
      transfers: Number(counts?.transfers),
      accounts: Number(counts?.accounts),
      checks,
    };
  });
}

/** Writes a line of the audit trail: who did what to whom. */
export async function record(
  sql: Sql | Tx,
  entry: { actor: string; action: string; subject: string; detail?: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { actor, action, subject, detail = {} } = entry;
  await sql`insert into audit_log (actor, action, subject, detail) values (${actor}, ${action}, ${subject}, ${JSON.stringify(detail)}::text::jsonb)`;
}
