/**
 * Folding: transfers up to a moment that is complete (nothing older can appear) are added to the hourly sums and to
 * the balances of accounts without a lock, in one transaction with the cursor. So sums are equal to the ledger by
 * construction, and a crash folds nothing twice.
 */
import { ACCOUNT, CODE } from '../core/chart.ts';
import type { Sql } from './connect.ts';
import { partitionOf } from './partition.ts';
import { writersEnded } from './settle.ts';

const LOCK = 7_203_003;
const SETTLE_MS_MAX = 500;

/** Folds what is new. Returns how many transfers were folded; 0 also when another node is at it. */
export async function foldTransfers(sql: Sql): Promise<number> {
  const before = await completeMoment(sql);
  if (before === null) return 0;
  return sql.begin(async (tx) => {
    const [lock] = await tx`select pg_try_advisory_xact_lock(${LOCK}) as mine`;
    if (!lock?.mine) return 0;
    const [cursor] = await tx`select wire_time(at) as at from fold_cursor for update`;
    // Another node has been here since the moment was taken: going back would count its transfers twice.
    if (cursor?.at >= before) return 0;
    // The narrow range of time is found by its index, also while the planner knows nothing of a new day.
    await tx`set local enable_seqscan = off`;
    const [folded] = await foldRange(tx, cursor?.at, before);
    await tx`update fold_cursor set at = ${before}`;
    return folded?.count ?? 0;
  });
}

/** One pass over the range, and everything that follows from it. */
function foldRange(tx: Tx, after: string, before: string) {
  return tx`
    with fresh as materialized (select * from transfer where at > ${after} and at <= ${before}),
    entries as (
      select id, sum(net) as net from (
        select credit_account as id, amount as net from fresh union all select debit_account, -amount from fresh) e group by id),
    balances as (
      update account a set balance = a.balance + e.net from entries e where a.id = e.id and a.kind >= ${ACCOUNT.vendor}),
    new_players as (
      insert into rollup_player (hour, agent_id, game_id, player_id)
      select distinct date_trunc('hour', at), agent_id, game_id, player_id from fresh
      where code = ${CODE.bet} and game_id is not null and player_id is not null
      on conflict do nothing returning hour, agent_id, game_id),
    counted as (select hour, agent_id, game_id, count(*) as players from new_players group by 1, 2, 3),
    summed as (
      select ${sums(tx)} from fresh t join game g on g.id = t.game_id join agent a on a.id = t.agent_id group by 1, 2, 3, 4, 5),
    hours as (
      insert into rollup_hour as r (hour, agent_id, vendor_id, game_id, currency, bets, bet_sum, wins, win_sum, cancels, cancel_sum, other_sum, rounds, players)
      select s.*, coalesce(c.players, 0) from summed s left join counted c using (hour, agent_id, game_id)
      on conflict (agent_id, hour, game_id, vendor_id, currency) do update set bets = r.bets + excluded.bets, bet_sum = r.bet_sum + excluded.bet_sum,
        wins = r.wins + excluded.wins, win_sum = r.win_sum + excluded.win_sum, cancels = r.cancels + excluded.cancels, cancel_sum = r.cancel_sum + excluded.cancel_sum,
        other_sum = r.other_sum + excluded.other_sum, rounds = r.rounds + excluded.rounds, players = r.players + excluded.players)
    select count(*)::int as count from fresh`;
}

/**
 * Lets the index of time know the pages written since: what it does not know is read whole at every fold.
 * Left to autovacuum that comes late on a busy day.
 */
export async function summarizeToday(sql: Sql, now: Date): Promise<void> {
  await sql`select brin_summarize_new_values(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
    where m.amname = 'brin' and i.indrelid = to_regclass(${partitionOf('transfer', now)})`;
}

type Tx = Parameters<Parameters<Sql['begin']>[1]>[0];

/** The columns of a sum over transfers t joined with game g and agent a. Wins count what the player keeps of them. */
export function sums(tx: Tx | Sql) {
  return tx`date_trunc('hour', t.at) as hour, t.agent_id, g.vendor_id, t.game_id, a.currency,
    count(*) filter (where t.code = ${CODE.bet}), coalesce(sum(t.amount) filter (where t.code = ${CODE.bet}), 0),
    count(*) filter (where t.code in (${CODE.win}, ${CODE.promoWin})),
    coalesce(sum(case t.code when ${CODE.exceedCredit} then -t.amount else t.amount end) filter (where t.code in (${CODE.win}, ${CODE.promoWin}, ${CODE.exceedCredit})), 0),
    count(*) filter (where t.code = ${CODE.cancel}), coalesce(sum(t.amount) filter (where t.code = ${CODE.cancel}), 0),
    coalesce(sum(case t.code when ${CODE.adjustCredit} then -t.amount else t.amount end) filter (where t.code in (${CODE.charge}, ${CODE.adjustDebit}, ${CODE.adjustCredit})), 0),
    count(*) filter (where t.opens_round)`;
}

/** A moment before which nothing can appear any more, or null while a transaction of before is still under way. */
async function completeMoment(sql: Sql): Promise<string | null> {
  const [start] = await sql`select wire_time(clock_timestamp()) as at`;
  return (await writersEnded(sql, SETTLE_MS_MAX)) ? start?.at : null;
}
