/**
 * What could not be told at once: tried again with pauses that grow, over restarts too, until the cut-off; then kept
 * on a list for people.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CallbackAct } from '../../src/core/callback-types.ts';
import { openWorld, type World } from '../world.ts';
import {
  chainHolds,
  closeGround,
  failing,
  type Ground,
  gate,
  openGround,
  openPlace,
  type Place,
  told,
} from './place.ts';
import { seat } from './rig.ts';
import {
  attemptsOf,
  auditHolds,
  closeHub,
  ofType,
  openStand,
  type Stand,
  until,
  untilTold,
} from './stand.ts';

let world: World;
let stand: Stand;
let ground: Ground;
before(async () => {
  ground = await openGround();
  ({ world, stand } = ground);
});
after(() => closeGround(ground));

/** Due now, whatever the backoff and the lease say. */
const hurry = ({ agent }: Pick<Place, 'agent'>) =>
  world.hub
    .sql`update callback set next_at = now() where agent_id = ${agent.id} and state < 2 and next_at <> 'infinity'`;

test('tries that fail are further and further apart, and each is recorded', async () => {
  const here = await openPlace(ground);
  await here.send('b1', 'bet', { amount: '100' });
  here.becomes(failing);
  const { transactionId } = await here.send('w1', 'win', { amount: '50' });
  const wins = async () =>
    (await attemptsOf(world, here.agent)).filter((each) => Number(each.callback_id) === transactionId);
  for (let n = 1; n <= 5; n++) {
    await until(async () => (await wins()).length === n, `attempt ${n}`);
    await until(async () => {
      const [row] = await world.hub
        .sql`select attempts, extract(epoch from next_at - now()) * 1000 as wait_ms from callback where id = ${transactionId}`;
      if (row?.attempts !== n) return false;
      const wholeMs = 1000 * 2 ** (n - 1);
      assert.ok(row.wait_ms <= wholeMs, `${row.wait_ms} after ${n}`);
      assert.ok(row.wait_ms > wholeMs * 0.5 - 1500, `${row.wait_ms} after ${n}`);
      return true;
    }, 'the next is planned');
    await hurry(here);
  }
  here.becomes(null);
  await hurry(here);
  await chainHolds(here);
  assert.deepEqual(
    (await wins()).map(({ n }) => n),
    (await wins()).map((_each, index) => index + 1),
  );
});

type Act = CallbackAct['act'];

async function act(here: Place, id: number, what: Act) {
  const [row] = await world.hub
    .sql`select p.id, p.wallet_account_id from player p where p.id = ${here.player}`;
  const player = { id: Number(row?.id), walletId: Number(row?.wallet_account_id) } as CallbackAct['player'];
  const command = {
    kind: 'callback_act',
    act: what,
    id,
    player,
    by: 'test',
    reason: 'because',
  } as CallbackAct;
  return world.hub.writer.submit(command);
}

async function listed(here: Place): Promise<number[]> {
  const rows = await world.hub
    .sql`select id from callback where agent_id = ${here.agent.id} and state = 2 order by id`;
  return rows.map((row) => Number(row.id));
}

test('past the cut-off a callback waits on the list, out of the way; staff sends it again or settles it by hand', async () => {
  const here = await openPlace(ground, { callbackCutoffMs: 1 });
  await here.send('b1', 'bet', { amount: '100' });
  here.becomes(failing);
  const first = (await here.send('w1', 'win', { amount: '50' })).transactionId;
  await until(async () => (await listed(here)).length === 1, 'given up');
  const second = (await here.send('w2', 'win', { amount: '20' })).transactionId;
  const third = (await here.send('w3', 'win', { amount: '3' })).transactionId;
  await until(async () => (await listed(here)).length === 3, 'given up');
  assert.deepEqual(await listed(here), [first, second, third]);
  here.becomes(null);
  const bet = await here.send('b2', 'bet', { amount: '10', round: 'r2' });
  assert.equal(told(bet), 'accepted', 'what is on the list does not stop the player');
  assert.deepEqual(await act(here, bet.transactionId, 'resend'), { ok: false, code: 'unknown_callback' });
  assert.deepEqual(await act(here, first, 'resend'), { ok: true });
  assert.deepEqual(await act(here, second, 'resolve'), { ok: true });
  assert.deepEqual(await act(here, second, 'resolve'), { ok: false, code: 'already_resolved' });
  assert.deepEqual(await act(here, second, 'resend'), { ok: false, code: 'already_resolved' });
  await untilTold(world, here.agent);
  assert.deepEqual(await listed(here), [third]);
  assert.equal(await here.held(), 10_000 - 100 + 50 - 10);
  assert.equal((await here.agent.get('/my-info')).body.balance, 1_000_000 - 100 + 50 + 20 + 3 - 10);
  const [kept] = await world.hub.sql`select resolved_by, reason from callback where id = ${second}`;
  assert.deepEqual({ ...kept }, { resolved_by: 'test', reason: 'because' });
});

test('a callback that is resolved while it waits lets the next go; one in flight can not be acted on', async () => {
  const here = await openPlace(ground);
  await here.send('b1', 'bet', { amount: '100' });
  here.becomes(failing);
  const first = (await here.send('w1', 'win', { amount: '50' })).transactionId;
  await here.send('w2', 'win', { amount: '20' });
  await until(async () => (await attemptsOf(world, here.agent)).length > 1, 'it has failed');
  here.becomes(null);
  assert.deepEqual(await act(here, first, 'resolve'), { ok: true });
  await untilTold(world, here.agent);
  assert.equal(await here.held(), 10_000 - 100 + 20);
  const bets = gate((type) => type === 'bet');
  here.becomes(bets.script);
  const bet = here.send('b2', 'bet', { amount: '1', round: 'r2' });
  const asked = await stand.arrived(
    (call) => ofType('bet', here.username)(call) && call.packet?.amount === -1,
  );
  const id = asked.packet?.transaction.id ?? 0;
  for (const what of ['resend', 'resolve'] as const)
    assert.deepEqual(await act(here, id, what), { ok: false, code: 'bet_in_flight' });
  bets.open();
  assert.equal(told(await bet), 'accepted');
});

test('what is not told before a restart is told after it, in order', async (t) => {
  const [away, theirs] = await Promise.all([openWorld(), openStand({ openWith: 10_000n })]);
  t.after(() => Promise.all([away.close(), theirs.close()]));
  const callbackUrl = theirs.under('restart', null);
  const agent = await away.agent({ pot: 1_000_000n, wallet: 'seamless', callbackUrl });
  const { send, username } = await seat(away, { agent, studio: await away.studio('evolution') });
  await send('b1', 'bet', { amount: '100' });
  theirs.under('restart', failing);
  for (const [index, amount] of ['5', '0', '6'].entries())
    assert.equal(told(await send(`w${index}`, 'win', { amount })), 'accepted');
  await until(async () => (await attemptsOf(away, agent)).length > 1, 'tried in vain');
  await closeHub(away.hub);
  theirs.under('restart', null);
  const { hub } = await away.secondHub();
  await untilTold({ ...away, hub }, agent);
  const distinct = new Map(
    theirs.packetsOf(username).map((packet) => [packet.transaction.id, packet.amount]),
  );
  assert.deepEqual([...distinct.values()], [-100, 5, 0, 6]);
  assert.equal((await theirs.desk.wallet.balance(username)).balance, 10_000n - 100n + 11n);
  await auditHolds({ ...away, hub });
});

test('a line of which one commit takes out more than it sees still has a head', async () => {
  const here = await openPlace(ground);
  await here.send('b1', 'bet', { amount: '100' });
  here.becomes(failing);
  const ids: number[] = [];
  for (let n = 1; n <= 6; n++) {
    const { transactionId } = await here.send(`w${n}`, 'win', { amount: String(n) });
    ids.push(transactionId);
  }
  const [owner] = await world.hub.sql`select id, wallet_account_id from player where id = ${here.player}`;
  const player = { id: Number(owner?.id), walletId: Number(owner?.wallet_account_id) };
  const resolved = ids.slice(0, 5).map((id) => ({
    ...{ kind: 'callback_act', act: 'resolve', id, player, by: 'test', reason: 'settled by hand' },
  })) as unknown as CallbackAct[];
  const outcomes = await world.hub.writer.submitAll(resolved);
  assert.ok(outcomes.every(({ ok }) => ok));
  const [left] = await world.hub
    .sql`select id, next_at < 'infinity' as cared_for from callback where player_id = ${here.player} and state < 2`;
  assert.deepEqual([Number(left?.id), left?.cared_for], [ids[5], true]);
});
