/**
 * Fills a database's feed: rows spread evenly over the last 14 days, most of them of one agent. Written straight into
 * the table, since ten million transfers through the front door would take longer than anybody waits. Balances are
 * not kept, so such a database is for reading only: the audit is not run on it.
 */
import { CODE } from '../src/core/chart.ts';
import { connect, numbers, type Sql } from '../src/db/connect.ts';
import { ensurePartitions } from '../src/db/partition.ts';
import { type SetAgentUp, type SetStudioUp, setUpAgents, setUpStudio, withHub } from './setup.ts';

export interface FilledFeed {
  readonly url: string;
  /** Of the agent that has most rows. */
  readonly apiKey: string;
  /** Rows of that agent as its feed shows them. */
  readonly rows: number;
  /** First instant with rows, and one past the last. */
  readonly from: Date;
  readonly to: Date;
  /** The middle of them; details are there for the day that begins here. */
  readonly middle: Date;
}

const AGENTS = 100;
const PLAYERS = 20;
const DAY_MS = 86_400_000;
/** Just within what the feed shows. */
const SPAN_MS = 13.9 * DAY_MS;
const WRITERS = 2;
/** Of every ten rows, those of the agent with most. */
const MAIN_SHARE = 8;
/** Details of a bet as a table game would send it. */
const DETAIL = JSON.stringify({
  data: { gameType: 'slot', result: { reels: [1, 2, 3, 4, 5], lines: [[1, 500]] } },
});

export async function fillFeed(url: string, rows: number): Promise<FilledFeed> {
  const [agents, studio] = await withHub(url, async (hub) => [
    await setUpAgents(hub, { agents: AGENTS, playersPerAgent: PLAYERS }),
    await setUpStudio(hub),
  ]);
  const to = new Date();
  const from = new Date(to.getTime() - SPAN_MS);
  const middle = new Date(from.getTime() + SPAN_MS / 2);
  const sql = connect(url, { max: WRITERS, name: 'bench', statementTimeoutMs: 0 });
  try {
    for (let day = from.getTime(); day <= to.getTime() + DAY_MS; day += DAY_MS)
      await ensurePartitions(sql, new Date(day));
    await withoutIndexes(sql, () => insertRows(sql, { agents, studio, rows, from }));
    await insertDetails(sql, middle);
    // Everything counts as folded: the hub must not start by summing it all up.
    await sql`update fold_cursor set at = ${to}`;
    await sql`select setval('transfer_id_seq', ${3_000_000_001 + 2 * rows}::bigint)`;
    await sql`vacuum analyze`;
    const [main] = agents;
    const [count] = await sql`select count(*) + count(*) filter (where code = ${CODE.addBalance}) as rows
      from transfer where agent_id = ${main?.id ?? 0}`;
    return { url, apiKey: main?.apiKey ?? '', rows: Number(count?.rows), from, to, middle };
  } finally {
    await sql.end();
  }
}

/** Indexes are built after the rows, which takes a fraction of the time; the definitions are the database's own. */
export async function withoutIndexes(sql: Sql, work: () => Promise<void>): Promise<void> {
  const keys = await sql`select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = 'transfer'::regclass and contype = 'p'`;
  for (const { name } of keys) await sql.unsafe(`alter table transfer drop constraint ${name}`);
  const indexes =
    await sql`select indexname as name, indexdef as definition from pg_indexes where tablename = 'transfer'`;
  for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
  // Not logged: this database is thrown away, and the log of so many rows would be most of the work.
  const partitions =
    await sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'transfer'::regclass`;
  for (const { name } of partitions) await sql.unsafe(`alter table ${name} set unlogged`);
  await work();
  await sql.begin(async (tx) => {
    await tx`set local maintenance_work_mem = '512MB'`;
    for (const { name, definition } of keys)
      await tx.unsafe(`alter table transfer add constraint ${name} ${definition}`);
    for (const { definition } of indexes) await tx.unsafe(`${definition}`.replace(' ON ONLY ', ' ON '));
  });
}

interface Fill {
  readonly agents: readonly SetAgentUp[];
  readonly studio: SetStudioUp;
  readonly rows: number;
  readonly from: Date;
}

async function insertRows(sql: Sql, fill: Fill): Promise<void> {
  const share = Math.ceil(fill.rows / WRITERS);
  const parts = Array.from({ length: WRITERS }, (_, writer) =>
    insertRange(sql, fill, [writer * share, Math.min(fill.rows, (writer + 1) * share) - 1]),
  );
  await Promise.all(parts);
}

/** Row n: every tenth a payment in, else bet and win in turn. */
async function insertRange(sql: Sql, fill: Fill, [first, last]: [number, number]): Promise<void> {
  const { agents, studio, rows, from } = fill;
  const players = agents.flatMap((agent) => agent.players);
  const ids = (list: readonly number[]) => sql`${numbers(list)}::bigint[]`;
  await sql`insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before,
      referer_id, game_id, round, opens_round, studio_id, external_id, ip)
    select 3000000001 + 2 * n, ${from}::timestamptz + n * ${`${(SPAN_MS / rows) * 1000} microseconds`}::interval,
      (${ids(agents.map((each) => each.id))})[a], (${ids(players.map((each) => each.id))})[p], code,
      case code when ${CODE.addBalance}::smallint then (${ids(agents.map((each) => each.potId))})[a] when ${CODE.bet}::smallint then wallet else 1 end,
      case code when ${CODE.bet}::smallint then 1 else wallet end, 1000, 1000000, 1000000,
      case code when ${CODE.win}::smallint then 3000000001 + 2 * (n - 1) end,
      case when play then ${studio.gameId}::integer end, case when play then 'round-' || n / 2 end, code = ${CODE.bet}::smallint,
      case when play then ${studio.id}::bigint end, case when play then 'item-' || n end, case when not play then '127.0.0.1' end
    from (
      select n, a, p, code, code <> ${CODE.addBalance}::smallint as play, (${ids(players.map((each) => each.walletId))})[p] as wallet from (
        select n, a, (a - 1) * ${PLAYERS}::int + 1 + n % ${PLAYERS}::int as p,
          case when n % 10 = 0 then ${CODE.addBalance}::smallint when n % 2 = 1 then ${CODE.bet}::smallint else ${CODE.win}::smallint end as code
        from (select n, case when n / 10 % 10 < ${MAIN_SHARE}::int then 1 else 2 + (n / 100 % ${AGENTS - 1}::int)::integer end as a
          from generate_series(${first}::bigint, ${last}::bigint) n) who) what) row`;
}

async function insertDetails(sql: Sql, middle: Date): Promise<void> {
  const end = new Date(middle.getTime() + DAY_MS);
  await sql`insert into transfer_detail (transfer_id, at, detail)
    select id, at, ${DETAIL} from transfer where code = ${CODE.bet} and at >= ${middle} and at < ${end}`;
}
