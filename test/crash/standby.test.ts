/**
 * With synchronous replication a commit waits for the standby. When that wait is cut short the server calls the commit
 * done, with a warning, though a fail-over would lose it: the hub must not acknowledge it.
 */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setAgent } from '../../src/db/agent.ts';
import { connect, type Sql } from '../../src/db/connect.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openHub } from '../../src/hub.ts';
import { createAgentWithKey, movePot, openOffice } from '../../src/office.ts';
import { SECRET_KEY, startDatabaseServer, type XtClient, xtClient } from '../world.ts';

async function open(t: TestContext): Promise<{ admin: Sql; operator: XtClient }> {
  const server = await startDatabaseServer();
  t.after(() => server.stop());
  const admin = connect(server.url, { max: 1, name: 'test admin' });
  t.after(() => admin.end());
  await migrate(admin);
  const options = { lanes: 1, retentionDays: 1826, trustProxy: false, logLevel: 'silent' };
  const hub = await openHub({ databaseUrl: server.url, secretKey: SECRET_KEY, ...options });
  t.after(() => hub.close());
  const office = openOffice(hub);
  const { id, apiKey } = await createAgentWithKey(office, { username: 'agent', actor: 'test' });
  await setAgent(admin, id, { pacing: false });
  await movePot(office, { username: 'agent', direction: 'give', amount: 1000n, actor: 'test' });
  await hub.server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = hub.server.server.address() as AddressInfo;
  return { admin, operator: xtClient(`http://127.0.0.1:${port}`, apiKey) };
}

test('a commit the standby has not confirmed is not acknowledged', { timeout: 60_000 }, async (t) => {
  const { admin, operator } = await open(t);
  await operator.post('/user/create', { username: 'replicated' });
  const add = () => operator.post('/user/add-balance', { username: 'replicated', amount: 10, uuid: 'once' });
  await admin`alter system set synchronous_standby_names = 'nobody'`;
  await admin`select pg_reload_conf()`;
  const waiting = add();
  await cutWait(admin);
  const answer = await waiting;
  await admin`alter system reset synchronous_standby_names`;
  await admin`select pg_reload_conf()`;
  assert.equal(answer.status, 503, answer.text);
  const again = await add();
  assert.deepEqual([again.status, again.body.cached, again.body.balance], [200, true, 10]);
});

/** Cancels the ledger's wait for the standby, as a statement time-out would. */
async function cutWait(admin: Sql): Promise<void> {
  for (;;) {
    const cut = await admin`select pg_cancel_backend(pid) from pg_stat_activity
      where application_name = 'croupier ledger' and wait_event = 'SyncRep'`;
    if (cut.length > 0) return;
  }
}
