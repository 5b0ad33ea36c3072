/**
 * The feed while two nodes write, and commit slowly and out of order: one poller by consecutive windows, one by id,
 * each asking the nodes in turn. In the end each has seen every row of the table, exactly once.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  openWorld,
  SECRET_KEY,
  type StudioClient,
  studioClient,
  type TestAgent,
  type World,
  xtClient,
} from '../world.ts';
import { type HubProcess, startHubProcess } from './hub-process.ts';

const WRITE_MS = 8000;
let world: World;
let agent: TestAgent;
let studio: StudioClient;
let nodes: readonly HubProcess[] = [];
before(async () => {
  world = await openWorld();
  const env = { DATABASE_URL: world.databaseUrl, SECRET_KEY, LEDGER_LANES: '3' };
  nodes = await Promise.all([startHubProcess(env), startHubProcess(env)]);
  agent = await world.agent({ pot: 10_000_000n });
  studio = await world.studio('evolution');
  // A row's id and time are drawn before it is written: a slow write is what would let it appear behind a reader.
  await world.hub.sql.unsafe(`create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(random() * 0.04); return new; end $$;
    create trigger slow before insert on transfer for each row when (new.amount % 3 = 0) execute function slow()`);
});
after(async () => {
  await Promise.all(nodes.map((node) => node.end()));
  await world.close();
});

interface Player {
  readonly username: string;
  readonly session: string;
  readonly game: { readonly id: string };
}

interface Row {
  readonly id: number;
  readonly created_at: string;
}

const operator = (index: number) => xtClient(nodes[index % nodes.length]?.url ?? '', agent.apiKey);

async function rowsOf(index: number, path: string, values: Record<string, unknown>): Promise<Row[]> {
  const answer = await operator(index).get(path, values);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.data;
}

/** Bets lock nothing but the player's own wallet: so those of different players commit in any order. */
async function write(player: Player, index: number, until: () => boolean): Promise<void> {
  for (let turn = 0; !until(); turn++) {
    const node = studioClient(nodes[(index + turn) % nodes.length]?.url ?? '', studio);
    const id = `${player.username}-${turn}`;
    const amount = String(1 + ((turn * 7 + index) % 11));
    const { session, game } = player;
    const [result] = await node.transact({
      id,
      type: 'bet',
      session,
      game,
      round: id,
      amount,
      currency: 'KRW',
    });
    assert.equal(result.status, 'accepted');
    if (turn % 10 === 9)
      await operator(turn).post('/user/add-balance', { username: player.username, amount: 1 });
  }
}

/** Reads forward by id until it has come to the end after writing has ended. */
async function pollById(ended: () => boolean): Promise<number[]> {
  const seen: number[] = [];
  for (let turn = 0; ; turn++) {
    const last = ended();
    const rows = await rowsOf(turn, '/transaction-list', {
      start_transaction_id: seen.at(-1) ?? 0,
      perPage: 50 + (turn % 3) * 100,
    });
    seen.push(...rows.map((row) => row.id));
    if (last && rows.length === 0) return seen;
  }
}

/** Reads window after window, each beginning where the last ended; ends lie before the database's now, in whole seconds. */
async function pollByWindow(start: string, ended: () => boolean): Promise<number[]> {
  const seen: number[] = [];
  for (let turn = 0; ; turn++) {
    const last = ended();
    const end = await secondOfNow();
    // A window from :00 to :59 means its last second too (contract xt): the next would begin inside it.
    if (end > start && !(start.endsWith(':00') && end.endsWith(':59'))) {
      for (let page = 1; ; page++) {
        const rows = await rowsOf(turn + page, '/transactions', { start, end, page, perPage: 200 });
        seen.push(...rows.map((row) => row.id));
        if (rows.length < 200) break;
      }
      start = end;
      if (last && (await newestRow()) < end) return seen;
    }
  }
}

async function secondOfNow(): Promise<string> {
  const [row] = await world.hub
    .sql`select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS') as now`;
  return row?.now;
}

async function newestRow(): Promise<string> {
  const [row] = await world.hub
    .sql`select to_char(max(at) at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US') as newest from transfer where agent_id = ${agent.id}`;
  return row?.newest;
}

test('two pollers see every row exactly once', { timeout: 60_000 }, async () => {
  const players: Player[] = [];
  for (let index = 0; index < 12; index++) {
    const username = `writer-${index}`;
    players.push({
      username,
      ...(await world.play(agent, studio, { username, vendor: 'evolution', balance: 50_000 })),
    });
  }
  let writing = true;
  const [{ start } = { start: '' }] = await world.hub
    .sql`select to_char((min(at) - interval '1 second') at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS') as start from transfer where agent_id = ${agent.id}`;
  const byId = pollById(() => !writing);
  const byWindow = pollByWindow(start, () => !writing);
  const stopAt = performance.now() + WRITE_MS;
  await Promise.all(players.map((player, index) => write(player, index, () => performance.now() > stopAt)));
  writing = false;
  const rows = await world.hub.sql`select t.id + twin as id from transfer t, (values (0), (1)) v (twin)
    where t.agent_id = ${agent.id} and (twin = 0 or t.code in (10, 11, 12)) order by 1`;
  const all = rows.map((row) => Number(row.id));
  assert.ok(all.length > 200, `only ${all.length} rows`);
  assert.deepEqual(await byId, all);
  assert.deepEqual(
    (await byWindow).toSorted((a, b) => a - b),
    all,
  );
});
