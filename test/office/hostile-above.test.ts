/**
 * What those above an agent do to it, from where, and what they write among themselves: nothing of that is in whatever
 * the agent's people can read.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { IdName, OfficeRoute } from '../../src/backoffice/route.ts';
import { OFFICE_ROUTES } from '../../src/backoffice/tables.ts';
import { permissionsOf } from '../../src/core/office/roles.ts';
import type { Answer } from '../world.ts';
import { SHARED, THINGS } from './isolation-things.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';
import { sampleOf } from './samples.ts';

const HOUSE_IP = '198.51.100.77';
const UPLINE_IP = '198.51.100.88';
const WHY = 'why-it-was-done';
const AMONG = 'said-among-themselves';

let rig: OfficeRig;
let agent: OfficeClient;
const things = new Map<string, string>();

/** Acts from an address of its own. */
const from = (client: OfficeClient, ip: string) => async (method: string, path: string, body: unknown) => {
  const headers = { 'x-croupier-office': '1', 'x-forwarded-for': ip };
  const answer: Answer = await client.call(method, path, { body, headers });
  assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
  return answer.body;
};

before(async () => {
  rig = await openRig({ trustProxy: true });
  agent = await rig.of('a');
  for (const [name, make] of Object.entries(THINGS)) things.set(name, String(await make(rig, 'a')));
  for (const [name, find] of Object.entries(SHARED)) things.set(name, String(await find(rig)));
  const house = from(await rig.house('owner'), HOUSE_IP);
  const upline = from(await rig.of('root'), UPLINE_IP);
  const { id } = rig.agents.a;
  const player = rig.players.a.id;
  const key = () => randomUUID();
  await house('POST', `/agents/${rig.agents.root.id}/rates`, { bps: 200, reason: WHY });
  for (const act of [house, upline]) {
    await act('POST', `/players/${player}/kick`, { reason: WHY });
    await act('PATCH', `/agents/${id}`, { feedIntervalMs: 2000, reason: WHY });
    await act('POST', `/agents/${id}/pot`, { direction: 'give', amount: '1', key: key() });
    await act('PUT', '/limits', { agent: id, maxBet: '900000', reason: WHY });
    await act('PUT', `/agents/${id}/games/${things.get('gameId')}`, { on: false, reason: WHY });
    await act('POST', `/links/${id}`, { reason: WHY });
    await act('POST', `/callbacks/${things.get('callbackId')}/resend`, { reason: WHY });
    await act('POST', `/agents/${id}/rates`, { bps: 100, reason: WHY });
  }
  await house('POST', `/players/${player}/points`, { amount: '5', reason: WHY, key: key() });
  await house('POST', `/players/${player}/notes`, { text: AMONG, houseOnly: true });
  const desk = await from(agent, '127.0.0.1')('POST', '/desk', {
    ...{ subject: 'a question', category: 'other', text: 'what now?' },
  });
  await house('POST', `/desk/${desk.id}/notes`, { text: AMONG });
  await house('POST', `/desk/${desk.id}/take`, {});
  things.set('threadId', String(desk.id));
});
after(() => rig.close());

const allowed = permissionsOf('agent_owner', { byLink: false });
const READS = OFFICE_ROUTES.filter(
  ({ method, permission }) =>
    method === 'GET' && (permission === 'self' || allowed.some((each) => each === permission)),
);

function read(route: OfficeRoute): Promise<Answer> {
  const path = route.path.replace(/:(\w+)/g, (_all, name: IdName) =>
    encodeURIComponent(things.get(name) ?? '1'),
  );
  return agent.get(
    path,
    (route.query === undefined ? {} : (sampleOf(route.query) ?? {})) as Record<string, string>,
  );
}

describe('nothing of it is told', () => {
  for (const route of READS)
    test(route.operationId, async () => {
      const answer = await read(route);
      for (const told of [HOUSE_IP, UPLINE_IP, WHY, AMONG])
        assert.ok(!answer.text.includes(told), `${told}: ${answer.text.slice(0, 2000)}`);
    });
});

test('but that it was done is', async () => {
  const { rows } = (await agent.get('/audit', { limit: 200 })).body;
  const actions = rows.map((row: { action: string }) => row.action);
  for (const action of ['player.kick', 'agent.set', 'agent.limit', 'link.make', 'player.points'])
    assert.ok(actions.includes(action), `${action} of ${actions}`);
  const house = await rig.house('owner');
  const all = JSON.stringify((await house.get('/audit', { limit: 200 })).body);
  for (const told of [HOUSE_IP, UPLINE_IP, WHY]) assert.ok(all.includes(told), told);
});
