/** What waits for whom: each kind is told to those whose role can deal with it, and to nobody else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

type Waits = Readonly<Record<string, { count: number; more: boolean; oldest: string | null }>>;
const waits = async (client: OfficeClient): Promise<Waits> => {
  const { status, text, body } = await client.get('/waiting');
  assert.equal(status, 200, text);
  return Object.fromEntries(body.waiting.map(({ what, ...rest }: { what: string }) => [what, rest]));
};
const counts = async (client: OfficeClient, what: string) => (await waits(client))[what]?.count ?? null;

test('a role is told of what it can deal with', async () => {
  const kinds = async (client: OfficeClient) => Object.keys(await waits(client)).toSorted();
  const all = ['desk', 'inquiries', 'notices'];
  assert.deepEqual(await kinds(await rig.house('read')), all);
  assert.deepEqual(await kinds(await rig.house('support')), ['callbacks', ...all].toSorted());
  assert.deepEqual(await kinds(await rig.house('trader')), [...all, 'rain_findings'].toSorted());
  assert.deepEqual(
    await kinds(await rig.house('owner')),
    ['callbacks', ...all, 'open_rounds', 'pot_requests', 'rain_findings', 'round_orders'].toSorted(),
  );
  assert.deepEqual(await kinds(await rig.of('a')), ['callbacks', ...all, 'pot_requests'].toSorted());
  assert.deepEqual(await kinds(await rig.of('a', 'agent_staff')), ['callbacks', ...all].toSorted());
});

test('callbacks given up: of the agents in sight, up to a hundred', async () => {
  const give = (branch: 'a1' | 'b', n: number) =>
    rig.sql`insert into callback (id, agent_id, player_id, code, amount, after, at, state, next_at, resolved_by, reason)
      select 5000000000 + ${rig.agents[branch].id} * 1000 + n, ${rig.agents[branch].id}, ${rig.players[branch].id}, 20, 1, 0, now() - n * interval '1 minute',
        case when n = 1 then 3 else 2 end, 'infinity', case when n = 1 then 'x' end, case when n = 1 then 'x' end from generate_series(1, ${n}::int) n`;
  await give('a1', 3);
  await give('b', 150);
  assert.deepEqual(
    [
      await counts(await rig.of('a'), 'callbacks'),
      await counts(await rig.of('a1'), 'callbacks'),
      await counts(await rig.of('other'), 'callbacks'),
    ],
    [2, 2, 0],
  );
  const { count, more, oldest } = (await waits(await rig.house('owner'))).callbacks ?? {};
  assert.deepEqual([count, more], [100, true]);
  assert.ok(oldest !== null && oldest !== undefined);
  await rig.sql`delete from callback`;
});

test('orders and results that another person began; rounds that are open too long', async () => {
  await rig.world.studio('evolution');
  const [game] = await rig.sql`select id, studio_id from game where public_id = 'evolution-game'`;
  const common = {
    agent: rig.agents.a.id,
    player: rig.players.a.id,
    game: game?.id,
    studio: game?.studio_id,
  };
  await rig.sql`insert into round_order (agent_id, player_id, game_id, ref, act, amount, reason, made_by)
    values (${common.agent}, ${common.player}, ${common.game}, 'r1', 'void', 0, 'x', 'olive')`;
  await rig.sql`insert into round (game_id, ref, player_id, agent_id, studio_id, state, opened_at, bundles)
    select ${common.game}, 'r' || n, ${common.player}, ${common.agent}, ${common.studio}, 0, now() - n * interval '50 minutes', '[]' from generate_series(1, 3) n`;
  const [olive, otto] = [await rig.house('owner', 'olive'), await rig.house('owner', 'otto')];
  assert.deepEqual([await counts(olive, 'round_orders'), await counts(otto, 'round_orders')], [0, 1]);
  // The limit is an hour: of 50, 100 and 150 minutes.
  assert.equal(await counts(otto, 'open_rounds'), 2);

  await rig.sql`insert into rain_site (name, station, latitude, longitude, time_zone, calendar) values ('seoul', 'x', 37, 127, 'Asia/Seoul', '[]')`;
  const [session] =
    await rig.sql`insert into rain_session (site, currency, type, game_date, opens_at, closes_at, starts_at, ends_at, status)
      select 'seoul', 'KRW', 'NOON', '2026-01-01', t, t + interval '1 hour', t + interval '1 hour', t + interval '2 hours', 'UNSETTLED' from (select timestamptz '2026-01-01' as t) x returning id`;
  const say = (by: string, round: number) =>
    rig.sql`insert into rain_finding (session_id, round, result, by) values (${session?.id}, ${round}, 'RAIN', ${by})`;
  await say('weather', 1);
  assert.equal(await counts(otto, 'rain_findings'), 0, 'the source is nobody');
  await say('Olive', 1);
  assert.deepEqual([await counts(olive, 'rain_findings'), await counts(otto, 'rain_findings')], [0, 1]);
});

test('threads wait for the side whose turn it is', async () => {
  const [asker, upline] = [await rig.of('b'), await rig.of('root')];
  const before = await counts(upline, 'inquiries');
  const opening = { subject: 'x', category: 'other', text: 'x' };
  const { id } = (await asker.post('/inquiries', opening)).body;
  assert.deepEqual(
    [await counts(upline, 'inquiries'), await counts(asker, 'inquiries')],
    [(before ?? 0) + 1, 0],
  );
  // Nobody answers in the role of staff.
  assert.equal(await counts(await rig.of('root', 'agent_staff'), 'inquiries'), 0);
  await upline.post(`/inquiries/${id}/messages`, { text: 'y' });
  assert.deepEqual([await counts(upline, 'inquiries'), await counts(asker, 'inquiries')], [before, 1]);
  const { inquiries } = await waits(asker);
  assert.match(inquiries?.oldest ?? '', /^\d{4}-.*Z$/);
});
