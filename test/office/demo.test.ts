/** The demo's people: made once, their passwords kept where only the owner of the folder reads them. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { demoPeople } from '../../src/demo-office.ts';
import { openOffice } from '../../src/office.ts';
import { knock } from './cast.ts';
import { type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let dataDir: string;
before(async () => {
  rig = await openRig({ demo: true });
  dataDir = await mkdtemp(join(tmpdir(), 'croupier-demo-people-'));
});
after(async () => {
  await rig.close();
  await rm(dataDir, { recursive: true, force: true });
});

const people = () =>
  demoPeople(openOffice(rig.world.hub), { hubUrl: rig.url, dataDir, agents: ['branch-a'] });

test('people of the demo sign in with what is printed, also after a start anew', async () => {
  const lines = await people();
  assert.match(
    lines.join('\n'),
    /^back office {4}http:\S+\/office\/ {2}owner \/ \w{16}, finance \/ \w{16}, support \/ \w{16}\nagents' people branch-a-owner \/ \w{16}$/,
  );
  assert.deepEqual(await people(), lines);
  const kept = JSON.parse(await readFile(join(dataDir, 'office-people'), 'utf8'));
  assert.equal((await stat(join(dataDir, 'office-people'))).mode & 0o777, 0o600);
  const owner = await knock(rig.stranger(), { name: 'owner', password: kept.owner });
  assert.deepEqual([owner.body.me?.stage, owner.body.me?.demo], ['enrol', true], owner.text);
  const agent = await knock(rig.stranger(), { name: 'branch-a-owner', password: kept['branch-a-owner'] });
  assert.deepEqual([agent.body.me?.stage, agent.body.me?.agent.username], ['in', 'branch-a']);
});

test('a password that was changed is told no more', async () => {
  const kept = JSON.parse(await readFile(join(dataDir, 'office-people'), 'utf8'));
  const client = rig.stranger();
  await knock(client, { name: 'branch-a-owner', password: kept['branch-a-owner'] });
  const change = { current: kept['branch-a-owner'], next: 'a horse of its own' };
  assert.equal((await client.post('/me/password', change)).status, 200);
  const [, agents] = await people();
  assert.equal(agents, "agents' people branch-a-owner / (a password of its own)");
  assert.equal((await client.get('/me')).status, 200);
});
