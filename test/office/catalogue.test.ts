/** Vendors and games: what the house says of them, and what is switched off for agents, where it matters. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type StudioClient, studioClient, type TestAgent } from '../world.ts';
import { type Branch, type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let studio: StudioClient;
const vendorIds = new Map<string, number>();
const gameIds = new Map<string, number>();
before(async () => {
  rig = await openRig();
  studio = await rig.world.studio('evolution', 'EVOPLAY');
  const rows =
    await rig.sql`select v.id, v.name, g.id as game from vendor v join game g on g.vendor_id = v.id`;
  for (const { id, name, game } of rows) {
    vendorIds.set(name, id);
    gameIds.set(name, game);
  }
});
after(() => rig.close());

const vendorPath = (branch: Branch, vendor: string) =>
  `/agents/${rig.agents[branch].id}/vendors/${vendorIds.get(vendor)}`;
const gamePath = (branch: Branch, vendor: string) =>
  `/agents/${rig.agents[branch].id}/games/${gameIds.get(vendor)}`;

async function gamesAt(agent: TestAgent): Promise<string[]> {
  const { body } = await agent.get('/game-list');
  return body.map((game: { vendor: string }) => game.vendor).toSorted();
}

async function launches(agent: TestAgent, vendor: string): Promise<number> {
  const given = { username: 'launcher', vendor, game_id: `${vendor}-game` };
  return (await agent.get('/game-launch-link', given)).status;
}

let rounds = 0;
async function bet(session: string, vendor: string, round = `round-${++rounds}`): Promise<string> {
  const [result] = await studio.transact({
    ...{ id: randomUUID(), type: 'bet', session, game: { id: `${vendor}-game`, type: 'slot' } },
    ...{ round, amount: '100', currency: 'KRW' },
  });
  return result.code ?? result.status;
}

test('a vendor switched off for an agent is off for those below it, wherever it matters', async () => {
  const { root, a, a1, b } = rig.agents;
  const played = await rig.world.play(a1, studio, { username: 'runner', vendor: 'evolution' });
  const atB = await rig.world.play(b, studio, { username: 'runner', vendor: 'evolution' });
  assert.equal(await bet(played.session, 'evolution', 'running'), 'accepted');
  const upline = await rig.of('root');
  assert.equal((await upline.put(vendorPath('a', 'evolution'), { on: false })).status, 200);
  for (const agent of [a, a1]) {
    assert.deepEqual(await gamesAt(agent), ['EVOPLAY']);
    assert.equal((await agent.get('/vendor-list')).body.evolution.enabled, 0);
    assert.equal((await agent.get('/vendor-list')).body.EVOPLAY.enabled, 1);
    assert.equal(await launches(agent, 'evolution'), 422);
    assert.equal(await launches(agent, 'EVOPLAY'), 200);
  }
  for (const agent of [root, b]) {
    assert.deepEqual(await gamesAt(agent), ['EVOPLAY', 'evolution']);
    assert.equal(await launches(agent, 'evolution'), 200);
  }
  // A token of another game does not open it either.
  const { token } = (
    await a1.get('/game-launch-link', { username: 'runner', vendor: 'EVOPLAY', game_id: 'EVOPLAY-game' })
  ).body.user;
  const open = await a1.get('/open', { game_id: 'evolution-game', token, vendor: 'evolution' });
  assert.deepEqual([open.status, Object.keys(open.body.errors ?? {})], [422, ['game_id']]);
  // The ledger refuses new stakes and pays what is owed.
  assert.equal(await bet(played.session, 'evolution'), 'game_disabled');
  assert.equal(await bet(atB.session, 'evolution'), 'accepted');
  const [win] = await studio.transact({
    ...{
      id: randomUUID(),
      type: 'win',
      session: played.session,
      game: { id: 'evolution-game', type: 'slot' },
    },
    ...{ round: 'running', amount: '250', currency: 'KRW' },
  });
  assert.equal(win.status, 'accepted');
  const [back] = await studio.transact({
    ...{
      id: randomUUID(),
      type: 'cancel',
      session: played.session,
      game: { id: 'evolution-game', type: 'slot' },
    },
    ...{ round: 'unheard of', currency: 'KRW' },
  });
  assert.equal(back.status, 'accepted');
  assert.equal((await upline.put(vendorPath('a', 'evolution'), { on: true })).status, 200);
  assert.equal(await bet(played.session, 'evolution'), 'accepted');
  const lines =
    await rig.sql`select actor, action, detail from audit_log where action like 'catalogue.%' order by n`;
  assert.deepEqual(
    lines.map(({ actor, action, detail }) => [actor, action, detail.what, detail.agentId]),
    [
      [upline.person, 'catalogue.off', 'evolution', a.id],
      [upline.person, 'catalogue.on', 'evolution', a.id],
    ],
  );
});

test('another node knows at once', async () => {
  const { hub, url } = await rig.world.secondHub();
  const there = studioClient(url, studio);
  const played = await rig.world.play(rig.agents.b, studio, { username: 'nodes', vendor: 'EVOPLAY' });
  const upline = await rig.of('root');
  const item = () => ({
    ...{ id: randomUUID(), type: 'bet', session: played.session, game: { id: 'EVOPLAY-game', type: 'slot' } },
    ...{ round: `far-${++rounds}`, amount: '1', currency: 'KRW' },
  });
  const [before] = await there.transact(item());
  assert.equal(before.status, 'accepted');
  await upline.put(gamePath('root', 'EVOPLAY'), { on: false });
  const until = Date.now() + 5000;
  let code = '';
  while (code !== 'game_disabled' && Date.now() < until) code = (await there.transact(item()))[0].code ?? '';
  assert.equal(code, 'game_disabled');
  await upline.put(gamePath('root', 'EVOPLAY'), { on: true });
  await hub.directory.catalogue();
});

test('switches: who sees what, and nobody switches on what is off above', async () => {
  const [root, a, a1] = [await rig.of('root'), await rig.of('a'), await rig.of('a1')];
  type Seen = { name: string; on: boolean; off: unknown; gamesOff: number };
  const seen = async (client: OfficeClient, branch: Branch): Promise<Seen> => {
    const { body } = await client.get(`/agents/${rig.agents[branch].id}/vendors`);
    return body.vendors.find(({ name }: Seen) => name === 'evolution');
  };
  assert.deepEqual([(await seen(a1, 'a1')).on, (await seen(a1, 'a1')).off], [true, null]);
  await root.put(vendorPath('a', 'evolution'), { on: false });
  await a1.put(gamePath('a1', 'evolution'), { on: false });
  const below = await seen(a1, 'a1');
  const unseen = { mine: false, side: null, through: null, person: null, at: '' };
  assert.deepEqual({ ...(below.off as object), at: '' }, unseen);
  assert.deepEqual([below.on, below.gamesOff], [false, 1]);
  // What its upline has switched off for it, an agent cannot switch on.
  assert.deepEqual({ ...((await seen(a, 'a')).off as object), at: '' }, unseen);
  assert.equal((await a.put(vendorPath('a', 'evolution'), { on: true })).status, 200);
  assert.equal((await seen(a, 'a')).on, false);
  const fromAbove = { mine: true, side: 'trunk-root', through: null, person: root.person, at: '' };
  assert.deepEqual({ ...((await seen(root, 'a')).off as object), at: '' }, fromAbove);
  assert.deepEqual(
    { ...((await seen(root, 'a1')).off as object), at: '' },
    {
      ...fromAbove,
      mine: false,
      through: 'branch-a',
    },
  );
  // Each side has its own switch: the agent's stays when the upline's goes, and an upline may lift both.
  await a.put(vendorPath('a', 'evolution'), { on: false });
  assert.equal(((await seen(a, 'a')).off as { mine: boolean }).mine, true);
  await a.put(vendorPath('a', 'evolution'), { on: true });
  assert.equal((await seen(a, 'a')).on, false);
  // Switching it on below changes nothing: it was not switched off there.
  assert.equal((await a1.put(vendorPath('a1', 'evolution'), { on: true })).status, 200);
  assert.equal((await seen(a1, 'a1')).on, false);
  assert.equal((await a.put(gamePath('a1', 'evolution'), { on: true })).status, 200, 'an upline may');
  const { body } = await a1.get(vendorPath('a1', 'evolution'));
  assert.deepEqual(
    body.games.map((game: { publicId: string; on: boolean; sold: boolean }) => [
      game.publicId,
      game.on,
      game.sold,
    ]),
    [['evolution-game', false, true]],
  );
  await root.put(vendorPath('a', 'evolution'), { on: true });
  const b = await rig.of('b');
  for (const path of [vendorPath('a', 'evolution'), gamePath('root', 'evolution')])
    assert.equal((await b.put(path, { on: false })).status, 404);
  assert.equal((await b.get(`/agents/${rig.agents.a.id}/vendors`)).status, 404);
  assert.equal((await b.get(vendorPath('root', 'evolution'))).status, 404);
  assert.equal(
    (await (await rig.of('b', 'agent_staff')).put(vendorPath('b', 'evolution'), { on: false })).status,
    403,
  );
  assert.equal((await root.put(`/agents/${rig.agents.a.id}/vendors/99999`, { on: false })).status, 404);
  assert.deepEqual(await rig.sql`select 1 as one from agent_vendor_off`.then((rows) => rows.length), 0);
});

test('the house: games off, ordered and with a picture of its own, whatever their studio publishes', async () => {
  const house = await rig.house('owner');
  const id = gameIds.get('evolution');
  assert.equal((await (await rig.house('support')).get('/games')).status, 403);
  assert.equal((await (await rig.of('root')).patch(`/games/${id}`, { on: false })).status, 403);
  const https = (path: string) => `https://cdn.example/${path}.png`;
  const changed = await house.patch(`/games/${id}`, {
    on: false,
    rank: 3,
    thumbnails: { '*': https('all'), en: https('en') },
  });
  assert.deepEqual([changed.body.on, changed.body.sold, changed.body.rank], [false, false, 3]);
  assert.deepEqual(await gamesAt(rig.agents.b), ['EVOPLAY']);
  const published = await studio.call('PUT', '/games', {
    games: [
      {
        ...{ id: 'evolution-game', title: 'evolution test', type: 'slot', vendor: 'evolution', rank: 9 },
        ...{ thumbnail: 'https://studio.example/x.png', enabled: true, launchUrl: 'http://127.0.0.1:1/play' },
      },
    ],
  });
  assert.equal(published.status, 200);
  assert.deepEqual(await gamesAt(rig.agents.b), ['EVOPLAY']);
  await house.patch(`/games/${id}`, { on: true });
  const shown = async (language: string) => {
    const { body } = await rig.agents.b.call(
      'GET',
      '/game-list',
      { vendor: 'evolution' },
      { 'accept-language': language },
    );
    return [body[0].rank, body[0].thumbnail];
  };
  assert.deepEqual(await shown('en'), [3, https('en')]);
  assert.deepEqual(await shown('ko'), [3, https('all')]);
  await house.patch(`/games/${id}`, { rank: null, thumbnails: {} });
  assert.deepEqual(await shown('en'), [9, 'https://studio.example/x.png']);
  for (const bad of ['http://cdn.example/x.png', 'javascript:alert(1)', 'https://a b'])
    assert.equal((await house.patch(`/games/${id}`, { thumbnails: { '*': bad } })).status, 422, bad);
  const list = await house.get('/games', { limit: 1 });
  const next = await house.get('/games', { limit: 1, after: list.body.next });
  assert.deepEqual(
    [list.body.rows[0].vendor, next.body.rows[0].vendor, next.body.next],
    ['evolution', 'EVOPLAY', null],
  );
  assert.deepEqual((await house.get('/games', { begins: 'evop', order: 'newest' })).body.rows.length, 1);
  assert.equal((await house.patch('/games/99999', { on: false })).status, 404);
});

test('the house: vendors and how they behave', async () => {
  const house = await rig.house('owner');
  const path = `/vendors/${vendorIds.get('evolution')}`;
  const changed = await house.patch(path, { enabled: false, bettingMs: 25_000, reason: 'contract ends' });
  assert.deepEqual([changed.body.enabled, changed.body.bettingMs, changed.body.sold], [false, 25_000, 0]);
  assert.deepEqual(await gamesAt(rig.agents.b), ['EVOPLAY']);
  await house.patch(path, { enabled: true });
  assert.deepEqual(await gamesAt(rig.agents.b), ['EVOPLAY', 'evolution']);
  const [line] = await rig.sql`select detail from audit_log where action = 'vendor.set' order by n limit 1`;
  assert.deepEqual(
    [line?.detail.before, line?.detail.after, line?.detail.reason],
    [{ enabled: true, bettingMs: 0 }, { enabled: false, bettingMs: 25_000 }, 'contract ends'],
  );
  const { vendors } = (await house.get('/vendors')).body;
  assert.equal(vendors.length > 60, true);
  assert.equal((await house.patch('/vendors/99999', { enabled: false })).status, 404);
  assert.equal((await house.patch(path, { bettingMs: -1 })).status, 422);
});

test('the house: studios, their secrets shown once, off and on', async () => {
  const house = await rig.house('owner');
  const made = await house.post('/studios', { name: 'fresh studio', vendors: ['netent'] });
  assert.equal(made.status, 200);
  const client = studioClient(rig.url, made.body);
  assert.equal((await client.call('GET', '/games')).status !== 401, true);
  assert.equal((await house.post('/studios', { name: 'thief', vendors: ['netent'] })).body.code, 'refused');
  const rotated = await house.post(`/studios/${made.body.id}/secret`);
  assert.equal(rotated.body.key, made.body.key);
  assert.notEqual(rotated.body.secret, made.body.secret);
  const { studios } = (await house.get('/studios')).body;
  const shown = studios.find((each: { id: number }) => each.id === made.body.id);
  assert.deepEqual([shown.secrets, shown.vendors, shown.enabled], [2, ['netent'], true]);
  assert.ok(!JSON.stringify(studios).includes(rotated.body.secret));
  assert.equal(
    (await house.patch(`/studios/${made.body.id}`, { enabled: false, reason: 'stolen key' })).status,
    200,
  );
  const put = (secret: string) =>
    studioClient(rig.url, { key: made.body.key, secret }).call('PUT', '/games', { games: [] });
  assert.equal((await put(rotated.body.secret)).status, 401);
  await house.patch(`/studios/${made.body.id}`, { enabled: true, reason: 'found' });
  assert.notEqual((await put(rotated.body.secret)).status, 401);
  const text = JSON.stringify(await rig.sql`select detail from audit_log`);
  assert.ok(!text.includes(rotated.body.secret) && !text.includes(made.body.secret));
});
