/** A database with one session that has its result, and bets of many players on it that nobody has settled. */
import { BET_STATUSES } from '../src/core/book/types.ts';
import { ACCOUNT, CODE } from '../src/core/chart.ts';
import { type RainSessionId, trusted } from '../src/core/ids.ts';
import { connect, type Sql } from '../src/db/connect.ts';
import { migrate } from '../src/db/migrate.ts';

export interface SettleSize {
  readonly players: number;
  readonly bets: number;
  /** CLOSE: it has no result yet. */
  readonly status?: 'UNSETTLED' | 'CLOSE';
}

const CREDIT = 100_000_000;
const STAKE = 10_000;

/** Every second bet is on rain at 2.0, of which K-Rain has seven tenths; the others on none at 1.9. It has rained, unless it is only closed. */
export async function fillSession(
  url: string,
  { players, bets, status = 'UNSETTLED' }: SettleSize,
): Promise<RainSessionId> {
  const sql = connect(url, { max: 1, name: 'bench', statementTimeoutMs: 0 });
  try {
    await migrate(sql);
    const operator = await addOperator(sql);
    await addPlayers(sql, operator, players);
    const session = await addSession(sql, status);
    await addBets(sql, session, Math.ceil(bets / players));
    await addPositions(sql, session);
    await sql`select setval('transfer_id_seq', ${4_000_000_001}::bigint)`;
    await sql`vacuum (full, analyze)`;
    return session;
  } finally {
    await sql.end();
  }
}

async function addOperator(sql: Sql): Promise<number> {
  const [row] =
    await sql`insert into book_operator (name, cert_hash, cert_hint) values ('bench', '\\x01', 'x') returning id`;
  const operator = Number(row?.id);
  await sql`insert into account (agent_id, kind, owner_id, currency) values
    (${operator}, ${ACCOUNT.outside}, ${operator}, 'USD'), (null, ${ACCOUNT.rainPool}, 0, 'USD'), (null, ${ACCOUNT.krainClearing}, 0, 'USD')`;
  return operator;
}

/** Each with its credit, and the transfer it came by. */
async function addPlayers(sql: Sql, operator: number, players: number): Promise<void> {
  await sql`with made as (
      insert into book_player (operator_id, vendor_type, user_id, account_id, credit, min_bet, max_bet, max_exposure)
      select ${operator}, 'CPS_USD', 'u' || n, nextval('account_id_seq'), ${CREDIT}, 10000, 1000000, 5000000
      from generate_series(1, ${players}::int) n returning id, account_id)
    insert into account (id, agent_id, kind, owner_id, currency, balance, reserved)
    select account_id, ${operator}, ${ACCOUNT.credit}, id, 'USD', ${CREDIT}, 0 from made`;
  await sql`insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount, credit_before)
    select 3000000001 + 2 * row_number() over (order by p.id), now(), ${operator}, p.id, ${CODE.bookDeposit}, o.id, p.account_id, ${CREDIT}, 0
    from book_player p cross join (select id from account where kind = ${ACCOUNT.outside} and agent_id = ${operator}) o`;
  await sql`insert into book_transfer (operator_id, ts_code, player_id, kind, amount, profit_loss, exposure, credit_before, credit_after, transfer_id, at)
    select ${operator}, 'd' || p.id, p.id, 'deposit', ${CREDIT}, 0, 0, 0, ${CREDIT}, t.id, t.at from book_player p join transfer t on t.player_id = p.id`;
}

async function addSession(sql: Sql, status: 'UNSETTLED' | 'CLOSE'): Promise<RainSessionId> {
  const [row] =
    await sql`insert into rain_session (site, currency, type, game_date, opens_at, closes_at, starts_at, ends_at, status, result, version, resulted_at)
    values ('CPS', 'USD', 'NOON', '2001-01-01', now() - interval '9 hours', now() - interval '8 hours', now() - interval '8 hours', now() - interval '1 hour',
      ${status}, ${status === 'CLOSE' ? 'NOT_AVAILABLE' : 'RAIN'}, ${status === 'CLOSE' ? 0 : 1}, now()) returning id`;
  return trusted(row?.id);
}

/** In the order in which many players bet, not player by player. */
async function addBets(sql: Sql, session: RainSessionId, each: number): Promise<void> {
  const at = `now() - interval '8 hours'`;
  const onRain = (rain: string, dry: string) => `case n % 2 when 0 then ${rain} else ${dry} end`;
  await sql.unsafe(`insert into book_bet (id, operator_id, vendor_type, player_id, session_id, key, type, odds, stake, win, own_stake, krain_stake, krain_odds,
      krain_win, krain_whole, krain_until, status, placed_at, updated_at)
    select 2900000001 + 2 * row_number() over (order by n, p.id), p.operator_id, p.vendor_type, p.id, ${session}, 'k' || n,
      ${onRain("'RAIN'", "'NO_RAIN'")}, ${onRain('2000', '1900')}, ${STAKE}, ${onRain(`${STAKE}`, `${STAKE * 0.9}`)},
      ${onRain(`${STAKE * 0.3}`, `${STAKE}`)}, ${onRain(`${STAKE * 0.7}`, '0')}, ${onRain('2050', 'null')},
      ${onRain(`${STAKE * 0.7 * 1.05}`, '0')}, false, ${onRain(at, 'null')}, ${BET_STATUSES.indexOf('ACTIVE')}, ${at}, ${at}
    from generate_series(0, ${each - 1}) n cross join book_player p`);
}

async function addPositions(sql: Sql, session: RainSessionId): Promise<void> {
  await sql`insert into book_position (session_id, player_id, account_id, operator_id, bets, net_rain, net_dry, hedge_rain, hedge_dry)
    select b.session_id, b.player_id, p.account_id, p.operator_id, count(*), sum(case type when 'RAIN' then win else -stake end),
      sum(case type when 'RAIN' then -stake else win end), sum(case type when 'RAIN' then krain_win else -krain_stake end),
      sum(case type when 'RAIN' then -krain_stake else krain_win end)
    from book_bet b join book_player p on p.id = b.player_id group by 1, 2, 3, 4`;
  await sql`update book_position set exposure = greatest(0, -net_rain) where session_id = ${session}`;
  await sql`update account a set reserved = p.exposure from book_position p where a.id = p.account_id`;
  await sql`update rain_session s set pool_rain = p.rain, pool_dry = p.dry from (select sum(hedge_rain - net_rain) as rain, sum(hedge_dry - net_dry) as dry
    from book_position) p where s.id = ${session}`;
}
