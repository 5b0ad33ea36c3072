/**
 * Folding: transfers up to a moment that is complete (nothing older can appear) are added to the hourly sums and to
 * the balances of accounts without a lock, in one transaction with the cursor. So sums are equal to the ledger by
 * construction, and a crash folds nothing twice.
 */
import { ACCOUNT, CODE } from '../core/chart.ts';
import type { Sql } from './connect.ts';
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
    const [found] =
      await tx`select count(*)::int as count from transfer where at > ${cursor?.at} and at <= ${before}`;
    if (!found?.count) return 0;
    await tx`update account a set balance = a.balance + n.net from (
        select id, sum(net) as net from (
          select credit_account as id, amount as net from transfer where at > ${cursor?.at} and at <= ${before}
          union all select debit_account, -amount from transfer where at > ${cursor?.at} and at <= ${before}) e group by id) n
      where a.id = n.id and a.kind >= ${ACCOUNT.vendor}`;
    await tx`insert into rollup_player (hour, agent_id, game_id, player_id)
      select distinct date_trunc('hour', at), agent_id, game_id, player_id from transfer
      where at > ${cursor?.at} and at <= ${before} and code = ${CODE.bet} and game_id is not null and player_id is not null on conflict do nothing`;
    await tx`insert into rollup_hour as r (hour, agent_id, vendor_id, game_id, currency, bets, bet_sum, wins, win_sum, cancels, cancel_sum, other_sum, rounds)
      select ${sums(tx)} from transfer t join game g on g.id = t.game_id join agent a on a.id = t.agent_id
      where t.at > ${cursor?.at} and t.at <= ${before} group by 1, 2, 3, 4, 5
      on conflict (agent_id, hour, game_id, vendor_id, currency) do update set bets = r.bets + excluded.bets, bet_sum = r.bet_sum + excluded.bet_sum,
        wins = r.wins + excluded.wins, win_sum = r.win_sum + excluded.win_sum, cancels = r.cancels + excluded.cancels, cancel_sum = r.cancel_sum + excluded.cancel_sum,
        other_sum = r.other_sum + excluded.other_sum, rounds = r.rounds + excluded.rounds`;
    await tx`update rollup_hour r set players = n.players from (
        select hour, agent_id, game_id, count(*) as players from rollup_player
        where (hour, agent_id, game_id) in (select date_trunc('hour', at), agent_id, game_id from transfer where at > ${cursor?.at} and at <= ${before} and code = ${CODE.bet})
        group by 1, 2, 3) n
      where r.hour = n.hour and r.agent_id = n.agent_id and r.game_id = n.game_id`;
    await tx`update fold_cursor set at = ${before}`;
    return found.count;
  });
}

type Tx = Parameters<Parameters<Sql['begin']>[1]>[0];

/** The columns of a sum over transfers t joined with game g and agent a. Wins count what the player keeps of them. */
export function sums(tx: Tx | Sql) {
  return tx`date_trunc('hour', t.at), t.agent_id, g.vendor_id, t.game_id, a.currency,
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
