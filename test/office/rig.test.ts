/** The ground of the other tests is what it says it is. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

const seenBy = async (client: { get(path: string): Promise<{ body: { agents: { username: string }[] } }> }) =>
  (await client.get('/agent-names')).body.agents.map(({ username }) => username).toSorted();

test('everybody sees their part of the tree', async () => {
  assert.deepEqual(await seenBy(await rig.house('read')), [
    'branch-a',
    'branch-a1',
    'branch-b',
    'trunk-other',
    'trunk-root',
  ]);
  assert.deepEqual(await seenBy(await rig.of('root')), ['branch-a', 'branch-a1', 'branch-b', 'trunk-root']);
  assert.deepEqual(await seenBy(await rig.of('a')), ['branch-a', 'branch-a1']);
  assert.deepEqual(await seenBy(await rig.of('b', 'agent_staff')), ['branch-b']);
  const nobody = await rig.stranger().get('/agent-names');
  assert.deepEqual([nobody.status, nobody.body.code], [401, 'unauthenticated']);
});
