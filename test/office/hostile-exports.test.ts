/** Exports by the dozen: everybody has a few, the store's connections are not theirs alone, and who leaves makes room. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EXPORTS_A_PERSON } from '../../src/backoffice/export-turns.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let path: string;
const NOTES = 6000;
before(async () => {
  rig = await openRig();
  const { id } = rig.players.a;
  path = `/players/${id}/notes`;
  // More than the sockets between take of an export that nobody reads.
  await rig.sql`insert into player_note (player_id, person, house_only, text)
    select ${id}, 'test', false, repeat('x', 2000) from generate_series(1, ${NOTES})`;
});
after(() => rig.close());

const read = (client: OfficeClient, query: Record<string, string> = {}) =>
  client.get(`${path}/export`, { format: 'csv', ...query });

function begin(client: OfficeClient, signal: AbortSignal): Promise<Response> {
  return fetch(`${rig.url}/office/v1${path}/export?format=csv`, {
    headers: { cookie: `croupier_office=${client.cookie()}` },
    signal,
  });
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a person has a few under way; whoever leaves one may begin another', async () => {
  const owner = await rig.of('a');
  const slow = new AbortController();
  const begun = await Promise.all(Array.from({ length: EXPORTS_A_PERSON }, () => begin(owner, slow.signal)));
  assert.ok(begun.every(({ status }) => status === 200));
  const more = await read(owner);
  assert.deepEqual([more.status, more.body.code], [429, 'too_many']);
  const other = await rig.of('a', 'agent_owner', 'another of a');
  const whole = await read(other);
  assert.equal(whole.text.trimEnd().split('\r\n').length, NOTES + 1, 'another person has their own');
  slow.abort();
  await until('nobody is told that they left', async () => (await read(owner)).status === 200);
  // Neither what is read to its end nor what is refused stays in the count.
  for (let n = 0; n <= EXPORTS_A_PERSON; n++) {
    assert.equal((await read(other)).status, 200);
    assert.equal((await other.get('/players/export', { format: 'csv', agent: '99999' })).status, 404);
    assert.equal(
      (await other.get('/players/export', { format: 'csv', createdFrom: '2026-02-31' })).status,
      422,
    );
  }
});

test('fifty at once, read by nobody: lists and the API go on, and all of them end', async () => {
  const people = await Promise.all(
    Array.from({ length: 17 }, (_, n) => rig.of('a', 'agent_staff', `who exports ${n}`)),
  );
  const leave = new AbortController();
  const exports = people.flatMap((client) => Array.from({ length: 3 }, () => begin(client, leave.signal)));
  const owner = await rig.of('a');
  for (let n = 0; n < 10; n++) {
    assert.equal((await owner.get('/me')).status, 200);
    assert.equal((await rig.agents.a.post('/user/create', { username: `meanwhile-${n}` })).status, 200);
  }
  const begun = await Promise.all(exports);
  assert.deepEqual([...new Set(begun.map(({ status }) => status))], [200]);
  leave.abort();
  const busy = async () => {
    const [row] = await rig.sql`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name = 'croupier hub' and state <> 'idle' and pid <> pg_backend_pid()`;
    return row?.count === 0;
  };
  await until('statements of exports nobody reads go on', busy);
});
