/**
 * kill -9 at every step between a studio's item and its operator: after the next start the operator holds what it
 * should, every id has counted once, its repeat has one definite answer, and the audit holds. The age of leases is set
 * by SQL, so that nobody waits for them.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect } from '../../src/db/connect.ts';
import type { Hub } from '../../src/hub.ts';
import { seat } from '../seamless/rig.ts';
import {
  answer,
  attemptsOf,
  auditHolds,
  closeHub,
  openStand,
  rowsOf,
  type Script,
  type Stand,
  until,
  untilTold,
} from '../seamless/stand.ts';
import {
  openWorld,
  SECRET_KEY,
  type StudioClient,
  studioClient,
  type TestAgent,
  type World,
  xtClient,
} from '../world.ts';

const [POT, OPEN_WITH] = [1_000_000, 10_000];
const BET = { type: 'bet', amount: '100' };
/** The operator takes it, and its answer is lost. */
const LOST = { ...BET };
const CHARGE = { type: 'charge', amount: '100' };
/** Of a bet of 100 before it. */
const WIN = { type: 'win', amount: '40' };

interface End {
  /** What the repeat of the item is told after the next start. */
  readonly told: string;
  readonly rows: readonly string[];
  /** Packets the operator has seen, repeats too. */
  readonly seen: readonly string[];
  /** What it holds for the player. */
  readonly held: number;
}
const taken: End = { told: 'accepted', rows: ['bet'], seen: ['bet'], held: OPEN_WITH - 100 };
const takenBack = (...seen: string[]): End => {
  const rows = [seen[0] === 'charge' ? 'charge' : 'bet', 'cancel'];
  return { told: 'operator_unavailable', rows, seen, held: OPEN_WITH };
};
const won = (...seen: string[]): End => ({
  told: 'accepted',
  rows: ['bet', 'win'],
  seen,
  held: OPEN_WITH - 60,
});

/** The step at which the hub kills itself, or 'operator …': it is killed while its operator has the item. */
type Kill = `writer:${string}` | `outreach:${string}` | 'operator does nothing' | 'operator processes it';
type Item = typeof BET;
const POINTS: readonly (readonly [name: string, item: Item, kill: Kill, end: End])[] = [
  ['a bet: before its promise is committed', BET, 'writer:decided:1', taken],
  ['a bet: promised', BET, 'writer:committed:1', takenBack('cancel')],
  ['a bet: promised, about to be asked', BET, 'outreach:asked:1', takenBack('cancel')],
  ['a bet: asked', BET, 'operator does nothing', takenBack('bet', 'cancel')],
  ['a bet: processed, not answered', BET, 'operator processes it', takenBack('bet', 'cancel')],
  ['a bet: answered', BET, 'outreach:answered:1', takenBack('bet', 'cancel')],
  ['a bet: before its end is committed', BET, 'writer:decided:2', takenBack('bet', 'cancel')],
  ['a bet: settled, its studio not answered', BET, 'outreach:settled:1', taken],
  ['a charge: processed, not answered', CHARGE, 'operator processes it', takenBack('charge', 'cancel')],
  ['a lost bet: its cancel committed', LOST, 'writer:committed:2', takenBack('bet', 'cancel')],
  ['a lost bet: its cancel about to be told', LOST, 'outreach:due:1', takenBack('bet', 'cancel')],
  ['a lost bet: its cancel told', LOST, 'outreach:told:1', takenBack('bet', 'cancel', 'cancel')],
  ['a win: before it is committed', WIN, 'writer:decided:1', won('bet', 'win')],
  ['a win: about to be told', WIN, 'outreach:due:1', won('bet', 'win')],
  ['a win: processed, not answered', WIN, 'operator processes it', won('bet', 'win', 'win')],
  ['a win: told, before that is committed', WIN, 'writer:decided:2', won('bet', 'win', 'win')],
  ['a win: told, and recorded', WIN, 'outreach:done:1', won('bet', 'win')],
];

/** All of one point: its database, its operator, its player. */
interface Scene {
  readonly world: World;
  readonly stand: Stand;
  readonly agent: TestAgent;
  readonly studio: StudioClient;
  readonly username: string;
  /** Sends the item to the hub at `url`; 'cut off' when it died meanwhile. */
  send(url: string, id: string, item: Item): Promise<{ told: string; replayed: boolean }>;
}

const CUT_OFF = { told: 'cut off', replayed: false };

async function openScene(t: TestContext): Promise<Scene> {
  const [world, stand] = await Promise.all([openWorld(), openStand({ openWith: BigInt(OPEN_WITH) })]);
  t.after(() => Promise.all([world.close(), stand.close()]));
  const agent = await world.agent({
    pot: BigInt(POT),
    wallet: 'seamless',
    callbackUrl: stand.under('op', null),
  });
  const studio = await world.studio('evolution');
  const { session, username } = await seat(world, { agent, studio });
  const game = { id: 'evolution-game', type: 'slot', title: 't' };
  const send: Scene['send'] = async (url, id, item) => {
    const whole = { id, session, game, round: 'r1', currency: 'KRW', ...item };
    const [result] = await studioClient(url, studio)
      .transact(whole)
      .catch(() => [null]);
    return result === null ? CUT_OFF : { told: result.code ?? result.status, replayed: result.replayed };
  };
  return { world, stand, agent, studio, username, send };
}

interface Victim {
  readonly child: ChildProcess;
  /** Null when it died before it listened. */
  readonly url: Promise<string | null>;
  /** Rejects when it ended in any other way. */
  killed(): Promise<void>;
}

function startVictim(t: TestContext, { databaseUrl }: World, kill: Kill): Victim {
  const { PATH = '', HOME = '' } = process.env;
  const file = fileURLToPath(new URL('./seamless-hub.ts', import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    env: { PATH, HOME, DATABASE_URL: databaseUrl, SECRET_KEY, KILL_AT: kill },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const url = Promise.race([
    once(child.stdout, 'data').then(([chunk]) => String(chunk).trim()),
    exited.then(() => null),
  ]);
  return {
    child,
    url,
    async killed() {
      const [, signal] = await exited;
      assert.equal(signal, 'SIGKILL');
    },
  };
}

/** Starts the hub anew, as if the lease of whoever was killed were over. */
async function restart({ world }: Scene): Promise<{ hub: Hub; url: string }> {
  const next = await world.secondHub();
  await ageLeases(next.hub);
  return next;
}

const ageLeases = ({ sql }: Pick<Hub, 'sql'>) =>
  sql`update callback set next_at = now() where next_at <> 'infinity'`;

async function checkEnd(scene: Scene, hub: Hub, { rows, seen, held }: End) {
  const { stand, username } = scene;
  const world = { ...scene.world, hub };
  await untilTold(world, scene.agent);
  const { port } = hub.server.server.address() as AddressInfo;
  const agent = { ...scene.agent, ...xtClient(`http://127.0.0.1:${port}`, scene.agent.apiKey) };
  const shown = await rowsOf(agent);
  assert.deepEqual(
    shown.map((row) => row.type),
    rows,
  );
  const packets = stand.packetsOf(username).map(({ transaction }) => transaction);
  assert.deepEqual(
    packets.map((packet) => packet.type),
    seen,
  );
  const ids = new Set(shown.map((row) => row.id));
  assert.ok(
    packets.every((packet) => ids.has(packet.id)),
    'what the operator has seen is in the feed',
  );
  assert.equal(Number((await stand.desk.wallet.balance(username)).balance), held);
  assert.equal((await agent.get('/my-info')).body.balance, POT + held - OPEN_WITH);
  assert.equal((await agent.get('/user', { username })).body.balance, held);
  await auditHolds(world);
}

describe('the hub is killed', { concurrency: 3 }, () => {
  for (const [name, item, kill, end] of POINTS) {
    test(name, async (t) => {
      const scene = await openScene(t);
      const { world, stand, send } = scene;
      if (item === WIN) assert.equal((await send(world.url, 'before', BET)).told, 'accepted');
      await closeHub(world.hub);
      const victim = startVictim(t, world, kill);
      const url = (await victim.url) ?? '';
      stand.under('op', scriptOf({ item, kill }, victim));
      const first = await send(url, 'item', item);
      await victim.killed();
      stand.under('op', null);
      const { hub, url: next } = await restart(scene);
      const repeat = await send(next, 'item', item);
      assert.equal(repeat.told, end.told);
      // What is told after the studio's answer may have let it through.
      if (first.told !== 'cut off') assert.deepEqual(repeat, { told: first.told, replayed: true });
      assert.deepEqual(await send(next, 'item', item), { told: end.told, replayed: true });
      await checkEnd(scene, hub, end);
    });
  }

  test('a callback found by the sweep, not told yet', async (t) => {
    const scene = await openScene(t);
    const { world, stand, agent, send } = scene;
    await send(world.url, 'before', BET);
    stand.under('op', (_call, response) => void response.writeHead(500).end());
    assert.equal((await send(world.url, 'item', WIN)).told, 'accepted');
    await until(async () => (await attemptsOf(world, agent)).length === 2, 'tried in vain');
    await closeHub(world.hub);
    stand.under('op', null);
    const tries = stand.calls.length;
    await startVictim(t, world, 'outreach:due:1').killed();
    assert.equal(stand.calls.length, tries);
    const { hub, url } = await restart(scene);
    assert.deepEqual(await send(url, 'item', WIN), { told: 'accepted', replayed: true });
    await checkEnd(scene, hub, won('bet', 'win', 'win'));
  });

  test('a bet in flight found by the sweep, not ended yet', async (t) => {
    const scene = await openScene(t);
    const { world, send } = scene;
    await closeHub(world.hub);
    const victim = startVictim(t, world, 'outreach:asked:1');
    assert.equal((await send((await victim.url) ?? '', 'item', BET)).told, 'cut off');
    await victim.killed();
    const sql = connect(world.databaseUrl, { max: 1, name: 'test' });
    await ageLeases({ sql });
    await sql.end();
    await startVictim(t, world, 'writer:decided:1').killed();
    const { hub, url } = await restart(scene);
    assert.equal((await send(url, 'item', BET)).told, 'operator_unavailable');
    await checkEnd(scene, hub, takenBack('cancel'));
  });
});

function scriptOf({ item, kill }: { item: Item; kill: Kill }, { child }: Victim): Script {
  return async (call, response) => {
    if (call.packet?.transaction.type !== item.type) return answer(call, response);
    if (item !== LOST && !kill.startsWith('operator')) return answer(call, response);
    if (kill !== 'operator does nothing') await call.process();
    if (item === LOST) response.destroy();
    else child.kill('SIGKILL');
  };
}
