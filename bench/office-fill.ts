/**
 * Fills a database as a hub would have after a busy month, for the back office to look through: agents in a tree, their
 * players, rounds of bets with what answered them, payments, POT, callbacks, and what people wrote and did. Straight into
 * the tables, and unlogged where there is much. Balances are not kept, so such a database is for reading only.
 */
import { ACCOUNT, CODE } from '../src/core/chart.ts';
import type { AgentId } from '../src/core/ids.ts';
import { connect, numbers, type Sql } from '../src/db/connect.ts';
import { publishGames } from '../src/db/game.ts';
import { closeHours } from '../src/db/office-statistics-close.ts';
import { createPartition, ensurePartitions } from '../src/db/partition.ts';
import { sums } from '../src/db/rollup.ts';
import type { Hub } from '../src/hub.ts';
import { createAgentWithKey, createStudioWithSecret, openOffice } from '../src/office.ts';
import { withoutIndexes } from './feed-fill.ts';
import { fillDesk } from './office-fill-desk.ts';
import { withHub } from './setup.ts';

export interface FilledOffice {
  readonly url: string;
  /** Of a month, whole days of UTC but the last. */
  readonly from: Date;
  readonly to: Date;
  /** Roots, then those below them, then the leaves. */
  readonly agents: readonly AgentId[];
  /** What closing all hours and days took. */
  readonly closeMs: number;
}

export const AGENTS = { roots: 3, middle: 18, all: 100 };
const PLAYERS = 100_000;
const GAMES = 40;
const VENDORS = 8;
const DAYS = 31;
const DAY_MS = 86_400_000;
const FIRST_ID = 3_000_000_001;
/** Every fourth agent's players have their money at their operator. */
const SEAMLESS_EVERY = 4;

export async function fillOffice(
  url: string,
  rows: number,
  onProgress: (line: string) => void,
): Promise<FilledOffice> {
  const { agents } = await withHub(url, async (hub) => {
    const made = await growTree(hub);
    await makeGames(hub);
    return { agents: made };
  });
  const to = new Date();
  const from = new Date(Math.floor(to.getTime() / DAY_MS - DAYS) * DAY_MS);
  const sql = connect(url, { max: 2, name: 'bench', statementTimeoutMs: 0 });
  try {
    await sql`set synchronous_commit = off`;
    await makePlayers(sql, { agents, from, to });
    for (let at = from.getTime(); at <= to.getTime(); at += DAY_MS) await partitionsOf(sql, new Date(at));
    await ensurePartitions(sql, to);
    const play = { rows, from, stepUs: ((to.getTime() - from.getTime()) / rows) * 1000 };
    await withoutIndexes(sql, async () => {
      const half = Math.ceil(rows / 2);
      await Promise.all([
        insertTransfers(sql, play, [0, half - 1]),
        insertTransfers(sql, play, [half, rows - 1]),
      ]);
    });
    onProgress('rounds');
    await insertRounds(sql, play);
    await sql`select setval('transfer_id_seq', ${FIRST_ID + 2 * rows + 2}::bigint)`;
    onProgress('sums');
    await insertSums(sql, to);
    await fillDesk(sql, to);
    await sql`vacuum analyze`;
    const startedAt = performance.now();
    while ((await closeHours(sql)) > 0);
    const closeMs = performance.now() - startedAt;
    await sql`vacuum analyze`;
    onProgress(`closing every hour and day took ${Math.round(closeMs / 1000)} s`);
    return { url, from, to, agents, closeMs };
  } finally {
    await sql.end();
  }
}

/** Roots, the middle ones below them in turn, and leaves below those. */
async function growTree(hub: Hub): Promise<AgentId[]> {
  const office = openOffice(hub);
  const made: { id: AgentId; username: string }[] = [];
  for (let index = 0; index < AGENTS.all; index++) {
    const level = index < AGENTS.roots ? 0 : index < AGENTS.roots + AGENTS.middle ? 1 : 2;
    const above = level === 1 ? made[index % AGENTS.roots] : made[AGENTS.roots + (index % AGENTS.middle)];
    const wallet = index % SEAMLESS_EVERY === SEAMLESS_EVERY - 1 ? 'seamless' : 'transfer';
    made.push(
      await createAgentWithKey(office, {
        username: `agent${String(index).padStart(3, '0')}`,
        actor: 'bench',
        wallet,
        ...(wallet === 'seamless' ? { callbackUrl: 'http://127.0.0.1:1/' } : {}),
        ...(level === 0 || above === undefined ? {} : { parent: above.username }),
      }),
    );
  }
  return made.map(({ id }) => id);
}

async function makeGames(hub: Hub): Promise<void> {
  const vendors = (await hub.directory.catalogue()).vendors.slice(0, VENDORS);
  const names = vendors.map(({ name }) => name);
  const studio = await createStudioWithSecret(openOffice(hub), {
    name: 'bench',
    vendors: names,
    actor: 'bench',
  });
  const common = { lobby: false, thumbnail: null, thumbnails: {}, rank: null, langs: null, enabled: true };
  const games = Array.from({ length: GAMES }, (_, index) => ({
    ...{
      ...common,
      id: `bench-${index}`,
      title: `Bench ${index}`,
      type: 'slot',
      launchUrl: 'http://127.0.0.1:1/',
    },
    vendorId: vendors[index % VENDORS]?.id ?? vendors[0]!.id,
  }));
  await publishGames(hub.sql, studio.id, games);
}

/** With `bench_player` and `bench_game`, by which rows are made: places from 0 on. */
async function makePlayers(
  sql: Sql,
  { agents, from, to }: { agents: readonly AgentId[]; from: Date; to: Date },
): Promise<void> {
  const stepMs = (to.getTime() - from.getTime()) / PLAYERS;
  await sql`create unlogged table bench_player as
    select p, 10000000 + p as id, a.id as agent_id, 20000000 + 2 * p as wallet, 20000001 + 2 * p as points, a.pot_account_id as pot,
      2000000 + a.id as vendor, a.wallet = 'seamless' as seamless
    from generate_series(0, ${PLAYERS - 1}::int) p join agent a on a.id = (${numbers(agents)}::bigint[])[1 + p % ${AGENTS.all}::int]`;
  await sql`create unlogged table bench_game as select row_number() over (order by id)::int - 1 as g, id, studio_id from game`;
  await sql`insert into account (id, agent_id, kind, owner_id, currency, balance)
    select wallet, agent_id, ${ACCOUNT.wallet}::int, id, 'KRW', case when seamless then 0 else 1000000 end from bench_player
    union all select points, agent_id, ${ACCOUNT.points}::int, id, 'KRW', 500 from bench_player
    union all select distinct vendor, agent_id, ${ACCOUNT.vendor}::int, 1, 'KRW', 0 from bench_player`;
  await sql`insert into player (id, agent_id, username, username_key, nickname, wallet_account_id, points_account_id, created_at, updated_at, last_access_at, blocked_at)
    select id, agent_id, 'player' || lpad(p::text, 6, '0'), 'player' || lpad(p::text, 6, '0'), 'nick ' || p, wallet, points,
      ${from}::timestamptz + p * ${`${stepMs} milliseconds`}::interval, now(), ${to}::timestamptz - p * interval '1 second',
      case when p % 500 = 0 then now() end from bench_player`;
  await sql`select setval('party_id_seq', 20000000), setval('account_id_seq', 40000000)`;
}

async function partitionsOf(sql: Sql, day: Date): Promise<void> {
  const name = day.toISOString().slice(0, 10).replaceAll('-', '');
  for (const table of ['transfer', 'transfer_detail', 'callback_attempt'])
    await createPartition(sql, table, name);
}

export interface Play {
  readonly rows: number;
  readonly from: Date;
  readonly stepUs: number;
}

/** Whose round k is, in which game, and how it went: of twenty one is cancelled, of five thousand one is still open. */
const roundOf = (sql: Sql) => sql`
  cross join lateral (select (k * 7919 % ${PLAYERS}::int)::int as p, (k * 31 % ${GAMES}::int)::int as g, k % 5000 = 0 as is_open, k % 20 = 1 as is_cancelled) who
  join bench_player b using (p) join bench_game m using (g)`;

/** Of ten rows one is a payment or POT, the others are three rounds: two bets of one bundle, and what answers it. */
async function insertTransfers(
  sql: Sql,
  { from, stepUs }: Play,
  [first, last]: [number, number],
): Promise<void> {
  const id = (n: 'n' | 'opening') =>
    n === 'n' ? sql`${FIRST_ID}::bigint + 2 * n` : sql`${FIRST_ID}::bigint + 2 * (n - step)`;
  await sql`insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before, player_before,
      referer_id, game_id, round, opens_round, studio_id, external_id, ip)
    select ${id('n')}, ${from}::timestamptz + n * ${`${stepUs} microseconds`}::interval, b.agent_id, b.id, code,
      case when code in (${CODE.bet}, ${CODE.charge}) then home else b.vendor end, case when code in (${CODE.bet}, ${CODE.charge}) then b.vendor else home end,
      case when code = ${CODE.bet} then 1000 + k % 7 * 500 when code = ${CODE.cancel} then 2 * (1000 + k % 7 * 500) else k % 11 * 900 end,
      case when code in (${CODE.bet}, ${CODE.charge}) then 1000000 end, case when code not in (${CODE.bet}, ${CODE.charge}) then 1000000 end,
      case when b.seamless then 500000 end, case when step = 2 and code <> ${CODE.bet} then ${id('opening')} end,
      m.id, 'r' || k, step = 0, m.studio_id, 'item-' || n, null
    from (select n, n / 10 * 3 + (n % 10 - 1) / 3 as k, (n % 10 - 1) % 3 as step from generate_series(${first}::bigint, ${last}::bigint) n where n % 10 > 0) play
    ${roundOf(sql)} cross join lateral (
      select case when b.seamless then b.pot else b.wallet end as home,
        case when step < 2 or is_open then ${CODE.bet}::int when is_cancelled then ${CODE.cancel}::int else ${CODE.win}::int end as code) row`;
  await sql`insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before, ip)
    select ${id('n')}, ${from}::timestamptz + n * ${`${stepUs} microseconds`}::interval, b.agent_id, case when code >= 10 then b.id end, code,
      case code when ${CODE.addBalance} then b.pot when ${CODE.subBalance} then b.wallet when ${CODE.potGive} then 1 else b.pot end,
      case code when ${CODE.addBalance} then b.wallet when ${CODE.subBalance} then b.pot when ${CODE.potGive} then b.pot else 1 end,
      10000, 1000000, 1000000, '127.0.0.1'
    from (select n, (n / 10 * 7919 % ${PLAYERS}::int)::int as p, case when n % 1000 = 0 then case when n % 3000 = 0 then ${CODE.potTake}::int else ${CODE.potGive}::int end
        when n % 30 = 0 then ${CODE.subBalance}::int else ${CODE.addBalance}::int end as code
      from generate_series(${first}::bigint, ${last}::bigint) n where n % 10 = 0) pay join bench_player b using (p)`;
}

async function insertRounds(sql: Sql, { rows, from, stepUs }: Play): Promise<void> {
  await sql`alter table round set unlogged`;
  await sql`insert into round (game_id, ref, player_id, agent_id, studio_id, state, closed, opened_at, cancelled_at, bundles)
    select m.id, 'r' || k, b.id, b.agent_id, m.studio_id, case when is_open then 0 when is_cancelled then 2 else 1 end, not is_open, opened_at,
      case when is_cancelled then opened_at end,
      jsonb_build_array(jsonb_build_array(${FIRST_ID}::bigint + 2 * n, (2 * (1000 + k % 7 * 500))::text, 2, case when is_open then 0 when is_cancelled then 2 else 1 end))
    from (select k, n, ${from}::timestamptz + n * ${`${stepUs} microseconds`}::interval as opened_at
      from (select k, k / 3 * 10 + 1 + k % 3 * 3 as n from generate_series(0, ${Math.floor(rows / 10) * 3 - 1}::bigint) k) row) play ${roundOf(sql)}`;
}

/** As folding would, without doing it second by second. */
async function insertSums(sql: Sql, to: Date): Promise<void> {
  await sql`alter table rollup_hour set unlogged`;
  await sql`alter table rollup_player set unlogged`;
  await sql`alter table rollup_closed set unlogged`;
  await sql`insert into rollup_hour (hour, agent_id, vendor_id, game_id, currency, bets, bet_sum, wins, win_sum, cancels, cancel_sum, other_sum, rounds)
    select ${sums(sql)} from transfer t join game g on g.id = t.game_id join agent a on a.id = t.agent_id group by 1, 2, 3, 4, 5`;
  await sql`insert into rollup_player (hour, agent_id, game_id, player_id)
    select distinct date_trunc('hour', at), agent_id, game_id, player_id from transfer where code = ${CODE.bet}`;
  await sql`update rollup_hour r set players = p.players from (select hour, agent_id, game_id, count(*) as players from rollup_player group by 1, 2, 3) p
    where p.hour = r.hour and p.agent_id = r.agent_id and p.game_id = r.game_id`;
  await sql`update fold_cursor set at = ${to}`;
}
