/** Users in the back office: who sees whom, and what can be done to a user, with its line in the audit trail. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { trusted } from '../../src/core/ids.ts';
import { setLimit } from '../../src/db/limit.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let support: OfficeClient;
before(async () => {
  rig = await openRig();
  support = await rig.house('support');
});
after(() => rig.close());

const at = (branch: keyof OfficeRig['players'], rest = '') => `/players/${rig.players[branch].id}${rest}`;
const names = (answer: { body: { rows: { username: string }[] } }) =>
  answer.body.rows.map(({ username }) => username).toSorted();

/** The newest line of the audit trail about a user. */
async function lastLine(branch: keyof OfficeRig['players']) {
  const subject = `${rig.agents[branch].id}/${rig.players[branch].username}`;
  const [line] =
    await rig.sql`select actor, action, detail from audit_log where subject = ${subject} order by n desc limit 1`;
  return line as { actor: string; action: string; detail: Record<string, Record<string, unknown>> };
}

test('everybody sees the users of their part of the tree, and nobody else’s', async () => {
  const all = ['player-a', 'player-a1', 'player-b', 'player-other', 'player-root'];
  assert.deepEqual(names(await support.get('/players')), all);
  const owner = await rig.of('a');
  assert.deepEqual(names(await owner.get('/players')), ['player-a', 'player-a1']);
  assert.deepEqual(names(await owner.get('/players', { agent: rig.agents.a1.id })), ['player-a1']);
  for (const foreign of ['root', 'b', 'other'] as const) {
    assert.equal((await owner.get('/players', { agent: rig.agents[foreign].id })).status, 404);
    for (const path of ['', '/sessions', '/notes', '/limits', '/audit'])
      assert.equal((await owner.get(at(foreign, path))).status, 404, `${foreign}${path}`);
    assert.equal((await owner.post(at(foreign, '/block'), { reason: 'x' })).status, 404);
  }
  assert.deepEqual(names(await support.get('/players', { agent: rig.agents.root.id })), [
    'player-a',
    'player-a1',
    'player-b',
    'player-root',
  ]);
  const found = await owner.get('/player-names', { begins: 'PLAYER-A1' });
  assert.deepEqual(
    found.body.players.map((each: { username: string; agentName: string }) => [
      each.username,
      each.agentName,
    ]),
    [['player-a1', rig.agents.a1.username]],
  );
});

test('a user is created under the rules of the operator’s API', async () => {
  const owner = await rig.of('a', 'agent_staff');
  const made = await owner.post('/players', {
    agent: String(rig.agents.a1.id),
    username: 'Made01',
    nickname: '만든이',
  });
  assert.equal(made.status, 200);
  const page = (await owner.get(`/players/${made.body.id}`)).body;
  assert.deepEqual(
    [page.username, page.nickname, page.agentName, page.balance, page.points, page.state, page.mayPlay],
    ['Made01', '만든이', rig.agents.a1.username, '0', '0', 'active', true],
  );
  const again = await owner.post('/players', { agent: String(rig.agents.a1.id), username: 'made01' });
  assert.deepEqual([again.status, again.body.code], [409, 'taken']);
  for (const username of ['ab', ' a ', 'a\u200b\u200bb'])
    assert.equal((await owner.post('/players', { agent: String(rig.agents.a.id), username })).status, 422);
  const foreign = { agent: String(rig.agents.b.id), username: 'made02' };
  assert.equal((await owner.post('/players', foreign)).status, 404);
  const seen = await rig.agents.a1.get('/user', { username: 'made01' });
  assert.equal(seen.body.username, 'Made01');
});

test('a block says who, why and since when; it is made once and lifted once', async () => {
  assert.equal((await support.post(at('a', '/block'), { reason: '' })).status, 422);
  assert.equal((await support.post(at('a', '/block'), { reason: 'two accounts' })).status, 200);
  const page = (await support.get(at('a'))).body;
  assert.deepEqual([page.state, page.mayPlay, page.blockReason], ['blocked', false, 'two accounts']);
  const line = await lastLine('a');
  assert.deepEqual(
    [line.actor, line.action, line.detail.reason, line.detail.agentId],
    [support.person, 'player.block', 'two accounts', rig.agents.a.id],
  );
  assert.deepEqual([line.detail.before?.blockedAt, line.detail.after?.blockReason], [null, 'two accounts']);
  assert.equal((await support.post(at('a', '/block'), { reason: 'again' })).body.code, 'conflict');
  assert.deepEqual(names(await support.get('/players', { blocked: 'true' })), ['player-a']);
  assert.ok(!names(await support.get('/players', { blocked: 'false' })).includes('player-a'));
  const launched = await rig.agents.a.get('/game-launch-link', {
    username: 'player-a',
    vendor: 'x',
    game_id: 'y',
  });
  assert.notEqual(launched.status, 200);
  assert.equal((await support.post(at('a', '/unblock'), { reason: 'one person' })).status, 200);
  assert.equal((await support.post(at('a', '/unblock'), { reason: 'one person' })).body.code, 'conflict');
  assert.equal((await support.get(at('a'))).body.state, 'active');
});

test('what a user asked for itself is only ever made longer', async () => {
  assert.equal((await support.post(at('b', '/cool-off'), { hours: 24, reason: 'asked' })).status, 200);
  assert.equal((await support.get(at('b'))).body.state, 'cooling');
  const shorter = await support.post(at('b', '/cool-off'), { hours: 1, reason: 'changed mind' });
  assert.deepEqual([shorter.status, shorter.body.code], [409, 'refused']);
  assert.equal((await support.post(at('b', '/exclude'), { days: 30, reason: 'asked' })).status, 200);
  const until = (await support.get(at('b'))).body.excludedUntil;
  assert.equal((await support.post(at('b', '/exclude'), { days: 7, reason: 'x' })).body.code, 'refused');
  assert.equal((await support.get(at('b'))).body.excludedUntil, until);
  assert.equal((await support.post(at('b', '/exclude'), { days: null, reason: 'for good' })).status, 200);
  assert.equal((await support.get(at('b'))).body.excludedUntil, 'for good');
  assert.equal((await support.post(at('b', '/exclude'), { days: null, reason: 'x' })).body.code, 'refused');
  assert.deepEqual(names(await support.get('/players', { excluded: 'true' })), ['player-b']);
  // A block and its end do not touch it.
  await support.post(at('b', '/block'), { reason: 'x' });
  await support.post(at('b', '/unblock'), { reason: 'x' });
  assert.equal((await support.get(at('b'))).body.mayPlay, false);
});

test('points are given once for a key, by the house alone', async () => {
  const finance = await rig.house('finance');
  const key = 'a key of the page';
  const given = { amount: '5000', reason: 'a birthday', key };
  const [first, second] = await Promise.all([
    finance.post(at('a1', '/points'), given),
    finance.post(at('a1', '/points'), given),
  ]);
  assert.deepEqual([first.status, second.status], [200, 200]);
  assert.equal(first.body.transferId, second.body.transferId);
  assert.equal((await finance.get(at('a1'))).body.points, '5000');
  const other = await finance.post(at('a1', '/points'), { ...given, amount: '6000' });
  assert.equal(other.body.code, 'conflict');
  const line = await lastLine('a1');
  assert.deepEqual([line.action, line.detail.after?.points], ['player.points', '5000']);
  const lines = await rig.sql`select 1 from audit_log where action = 'player.points'`;
  assert.equal(lines.length, 1);
  assert.equal((await support.post(at('a1', '/points'), given)).status, 403);
  assert.equal((await (await rig.of('a')).post(at('a1', '/points'), given)).status, 403);
  assert.equal((await finance.post(at('a1', '/points'), { ...given, amount: '0' })).status, 422);
});

test('notes stay, in order, and the house’s own are not told to agents', async () => {
  const owner = await rig.of('a');
  assert.equal((await owner.post(at('a', '/notes'), { text: 'called about a win' })).status, 200);
  assert.equal((await support.post(at('a', '/notes'), { text: 'watch him', houseOnly: true })).status, 200);
  assert.equal((await owner.post(at('a', '/notes'), { text: 'x', houseOnly: true })).status, 403);
  assert.equal((await owner.post(at('a', '/notes'), { text: '  ' })).status, 422);
  const texts = async (client: OfficeClient) =>
    (await client.get(at('a', '/notes'))).body.rows.map((note: { text: string }) => note.text);
  assert.deepEqual(await texts(support), ['watch him', 'called about a win']);
  assert.deepEqual(await texts(owner), ['called about a win']);
  const lines = JSON.stringify((await owner.get(at('a', '/audit'))).body);
  assert.ok(!lines.includes('watch'), 'the audit trail keeps it, too');
  const told = (await owner.get(at('a', '/audit'))).body.rows.map((line: { action: string }) => line.action);
  assert.equal(told.filter((action: string) => action === 'player.note').length, 1);
});

test('sessions are listed and all ended at once', async () => {
  const studio = await rig.world.studio('evolution');
  await rig.world.play(rig.agents.a1, studio, { username: 'player-a1', vendor: 'evolution' });
  const open = (await support.get(at('a1', '/sessions'), { open: 'true' })).body.rows;
  assert.deepEqual([open.length, open[0].state, open[0].vendor], [1, 'open', 'evolution']);
  assert.equal((await support.get(at('a1'))).body.openSessions, 1);
  assert.deepEqual((await support.post(at('a1', '/kick'), { reason: 'asked' })).body, { sessions: 1 });
  const [ended] = (await support.get(at('a1', '/sessions'))).body.rows;
  assert.deepEqual([ended.state, ended.endReason], ['ended', 'kicked']);
  assert.equal((await support.get(at('a1', '/sessions'), { open: 'true' })).body.rows.length, 0);
});

test('all limits that bind are told, and which is the narrowest; an upline above stays unnamed', async () => {
  const agentId = (branch: 'root' | 'a1') => trusted<never>(rig.agents[branch].id);
  await setLimit(rig.sql, { agentId: agentId('root') }, { maxBet: 500n, maxWin: 9000n });
  await setLimit(rig.sql, { agentId: agentId('a1') }, { maxBet: 800n });
  await setLimit(
    rig.sql,
    { agentId: agentId('a1'), playerId: trusted<never>(rig.players.a1.id) },
    { maxWin: 7000n },
  );
  const seen = (await (await rig.of('a')).get(at('a1', '/limits'))).body;
  assert.deepEqual([seen.maxBet, seen.maxWin], ['500', '7000']);
  assert.deepEqual(
    seen.rows.map((row: Record<string, unknown>) => [row.agentName, row.own, row.bindsBet, row.bindsWin]),
    [
      [null, false, true, false],
      [rig.agents.a1.username, false, false, false],
      [rig.agents.a1.username, true, false, true],
    ],
  );
  const [root] = (await support.get(at('a1', '/limits'))).body.rows;
  assert.equal(root.agentName, rig.agents.root.username);
});

test('what they hold is summed by currency', async () => {
  const { body } = await support.get('/players/totals', { agent: rig.agents.a1.id });
  assert.equal(body.count, 2);
  assert.deepEqual(body.sums, [{ currency: 'KRW', count: 2, balance: '100000', points: '5000' }]);
});
