/**
 * The lists of rounds and of movements, walked forwards and backwards over weeks of rows with many of one instant: they
 * are what a plain reading of the table gives.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { numbers } from '../../src/db/connect.ts';
import { createPartition } from '../../src/db/partition.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';
import { walk } from './walk.ts';

const DAYS = 45;
const ROWS = 3000;

let rig: OfficeRig;
let house: OfficeClient;
let owner: OfficeClient;
let rare = 0;
before(async () => {
  rig = await openRig();
  house = await rig.house('read');
  owner = await rig.of('a');
  await rig.world.studio('evolution', 'netent');
  await fill();
});
after(() => rig.close());

/** Bets and wins of three players, fifty an hour on some days and one a day on others, eight to an instant. */
async function fill(): Promise<void> {
  const { sql, players } = rig;
  const [often, seldom] = await sql`select id from game order by id`;
  rare = seldom?.id;
  for (let day = 0; day <= DAYS; day++) {
    const at = new Date(Date.now() - day * 86_400_000);
    await createPartition(sql, 'transfer', at.toISOString().slice(0, 10).replaceAll('-', ''));
  }
  const who = numbers([players.a.id, players.a1.id, players.b.id]);
  await sql`insert into transfer (id, at, agent_id, player_id, code, debit_account, credit_account, amount, debit_before, credit_before, referer_id, game_id, round, opens_round, step)
    select 5000000001 + 2 * n, date_trunc('hour', now()) - interval '1 hour' * floor(power(i / 8 * 16.0 / ${ROWS}::int, 2) * ${DAYS * 24 - 2}::int) - interval '1 second' * (i / 8 % 50),
      p.agent_id, p.id, case when bet then 20 else 21 end, p.wallet_account_id, 1, 100 + n % 7, 1000, 1000,
      case when not bet then 5000000001 + 2 * (n - 1) end, game, 'r' || i, bet, 15 - n % 16
    from (select n, n / 2 as i, n % 2 = 0 as bet, case when n / 2 % 97 = 0 then ${rare}::int else ${often?.id}::int end as game,
        (${who}::bigint[])[1 + n / 2 % 3] as player from generate_series(0, ${ROWS - 1}) n) x
    join player p on p.id = x.player`;
  await sql`insert into round (game_id, ref, player_id, agent_id, studio_id, state, opened_at, bundles)
    select t.game_id, t.round, t.player_id, t.agent_id, g.studio_id, case when t.id % 5 = 0 then 2 when t.id % 31 = 0 then 0 else 1 end, date_trunc('milliseconds', t.at),
      jsonb_build_array(jsonb_build_array(t.id, t.amount::text, 1, case when t.id % 5 = 0 then 'cancelled' when t.id % 31 = 0 then 'open' else 'won' end))
    from transfer t join game g on g.id = t.game_id where opens_round`;
  await sql`update fold_cursor set at = now()`;
  await sql`insert into rollup_hour (hour, agent_id, vendor_id, game_id, currency, rounds)
    select date_trunc('hour', t.at), t.agent_id, g.vendor_id, t.game_id, 'KRW', count(*) from transfer t join game g on g.id = t.game_id where opens_round group by 1, 2, 3, 4
    on conflict do nothing`;
}

const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);

async function plain(where: string, order: string): Promise<number[]> {
  const rows = await rig.sql.unsafe(
    `select t.id from transfer t left join round r on r.game_id = t.game_id and r.ref = t.round and r.player_id = t.player_id where ${where} order by ${order}`,
  );
  return rows.map((row) => Number(row.id));
}

const NEWEST = 't.at desc, t.id desc';

test('rounds, under every kind of filter', async () => {
  const { players, agents } = rig;
  const from = new Date(Date.now() - 20 * 86_400_000).toISOString();
  const to = new Date(Date.now() - 86_400_000).toISOString();
  const table: [query: Record<string, string | number>, where: string][] = [
    [{}, 'true'],
    [{ agent: agents.a.id }, `t.agent_id in (${agents.a.id}, ${agents.a1.id})`],
    [{ player: players.b.id }, `t.player_id = ${players.b.id}`],
    [{ game: rare }, `t.game_id = ${rare}`],
    [{ from, to }, `t.at >= '${from}' and t.at < '${to}'`],
    [{ from, to, game: rare }, `t.at >= '${from}' and t.at < '${to}' and t.game_id = ${rare}`],
    [{ state: 'open' }, 'r.state = 0'],
    [{ state: 'cancelled' }, 'r.state = 2'],
    [{ state: 'settled', agent: agents.b.id }, `r.state = 1 and t.agent_id = ${agents.b.id}`],
    [{ minStake: '106', player: players.a.id }, `t.amount >= 106 and t.player_id = ${players.a.id}`],
    [{ round: 'r97' }, `t.round = 'r97'`],
  ];
  for (const [query, where] of table) {
    const expected = await plain(`t.opens_round and ${where}`, NEWEST);
    assert.ok(expected.length > 0, where);
    for (const limit of [Math.ceil(expected.length / 7), 400])
      assert.deepEqual(
        idsOf(await walk(house, { path: '/rounds', query, limit })),
        expected,
        JSON.stringify(query),
      );
  }
  const mine = await plain(`t.opens_round and t.agent_id in (${agents.a.id}, ${agents.a1.id})`, NEWEST);
  assert.deepEqual(idsOf(await walk(owner, { path: '/rounds', limit: 123 })), mine);
});

test('movements, under every kind of filter', async () => {
  const { players, agents } = rig;
  const order = 't.at desc, t.step desc, t.id desc';
  const table: [path: string, query: Record<string, string | number>, where: string][] = [
    ['/statement', {}, 't.player_id is not null'],
    ['/statement', { agent: agents.a.id }, `t.agent_id in (${agents.a.id}, ${agents.a1.id})`],
    ['/statement', { player: players.b.id, type: 'win' }, `t.player_id = ${players.b.id} and t.code = 21`],
    ['/statement', { type: 'bet', minAmount: '105' }, 't.code = 20 and t.amount >= 105'],
    [`/statement/player/${players.a.id}`, {}, `t.player_id = ${players.a.id}`],
  ];
  for (const [path, query, where] of table) {
    const expected = await plain(`t.code > 2 and ${where}`, order);
    assert.ok(expected.length > 100);
    for (const limit of [Math.ceil(expected.length / 7), 500])
      assert.deepEqual(
        idsOf(await walk(house, { path, query, limit })),
        expected,
        `${path} ${JSON.stringify(query)}`,
      );
  }
  const path = `/statement/player/${players.b.id}`;
  const oldest = await plain(`t.player_id = ${players.b.id}`, 't.at, t.step, t.id');
  assert.deepEqual(idsOf(await walk(house, { path, query: { order: 'oldest' }, limit: 61 })), oldest);
});

test('users, by id and by name', async () => {
  const { sql, agents } = rig;
  await sql`insert into player (agent_id, username, username_key, wallet_account_id, points_account_id)
    select case when n % 3 = 0 then ${agents.a.id}::bigint when n % 3 = 1 then ${agents.a1.id} else ${agents.b.id} end, 'Walk' || n, 'walk' || n,
      nextval('account_id_seq'), nextval('account_id_seq') from generate_series(1, 1200) n`;
  await sql`insert into account (id, agent_id, kind, owner_id, currency)
    select wallet_account_id, agent_id, 2, id, 'KRW' from player where username_key like 'walk%'
    union all select points_account_id, agent_id, 3, id, 'KRW' from player where username_key like 'walk%'`;
  const expected = async (where: string, order: string) =>
    (await sql.unsafe(`select id from player where ${where} order by ${order}`)).map((row) => Number(row.id));
  const tree = `agent_id in (${agents.a.id}, ${agents.a1.id})`;
  const name = 'username_key collate "C", id';
  for (const limit of [113, 500]) {
    assert.deepEqual(
      idsOf(await walk(house, { path: '/players', limit })),
      await expected('true', 'id desc'),
    );
    assert.deepEqual(
      idsOf(await walk(owner, { path: '/players', limit, query: { order: 'username' } })),
      await expected(tree, name),
    );
    assert.deepEqual(
      idsOf(await walk(owner, { path: '/players', limit, query: { order: 'oldest' } })),
      await expected(tree, 'id'),
    );
    assert.deepEqual(
      idsOf(
        await walk(house, { path: '/players', limit: 40, query: { order: 'username', begins: 'WALK1' } }),
      ),
      await expected(`username_key like 'walk1%'`, name),
    );
  }
});
