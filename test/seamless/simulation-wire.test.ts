/**
 * The seamless wallet over real connections: hubs on PostgreSQL, the reference operator over HTTP, and between them a
 * network that loses and delays. Hubs are closed and abandoned, operators restarted, leases run out early. In the end
 * the same holds as in virtual time, and the audit. `SEED=…` repeats the run, as far as a real clock lets it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { trusted } from '../../src/core/ids.ts';
import { audit } from '../../src/db/audit.ts';
import { setLimit } from '../../src/db/limit.ts';
import { type Chance, chanceOf, seedOfRun } from '../simulation/random.ts';
import { openWorld, type StudioClient, type TestAgent, type World } from '../world.ts';
import { MAX_BET, MAX_WIN, simCast } from './simulation/cast.ts';
import { Fleet } from './simulation/fleet.ts';
import { judge } from './simulation/judge.ts';
import { FAIR, type Network, openProxy } from './simulation/proxy.ts';
import { openSite, type Site } from './simulation/site.ts';
import { roundsOf, rowsOf, VENDORS } from './simulation/wire-books.ts';
import { type WireSeat, WireStudio } from './simulation/wire-studio.ts';

const SCHEDULES = 36;
/** So many at once, each with an agent, an operator and a network of its own. */
const TOGETHER = 9;
const OPENING = 20_000n;
const ACTS_EACH = 6;
/** How long things fail at most. */
const FAULTS_MS = 2500;
const JUMP_MS = 60;
const LAUNCHES_MAX = 30;
const QUIET_MS_MAX = 20_000;
const MESSAGES = ['win', 'cancel', 'adjust', 'promo_win', 'exceed_credit'];

const chance = chanceOf(seedOfRun('seamless wire'));
const counts: Record<string, number> = {};
let world: World;
let studio: StudioClient;
let fleet: Fleet;

const count = (what: string) => {
  counts[what] = (counts[what] ?? 0) + 1;
};

before(async () => {
  fleet = new Fleet(chance.part('fleet'));
  world = await openWorld({ logLevel: 'silent', ...fleet.options() });
  studio = await world.studio(...VENDORS);
  await fleet.begin(world);
});
after(async () => {
  await fleet.close();
  await world.close();
});

interface Stage {
  readonly agentId: number;
  readonly site: Site;
  readonly proxy: Network;
  readonly play: WireStudio;
  readonly seats: readonly WireSeat[];
}

/** `closing`: what is to be done when the stage is done with, or could not be set. */
async function setStage(part: Chance, closing: (() => Promise<void>)[]): Promise<Stage> {
  const site = await openSite({ opening: OPENING, seed: part.below(2 ** 31) });
  closing.push(site.close);
  const proxy = await openProxy(site.port, part.part('network'));
  closing.push(proxy.close);
  const agent = await world.agent({ pot: 1_000_000n, wallet: 'seamless', callbackUrl: proxy.url });
  const [game] = await world.hub
    .sql`select g.id from game g join vendor v on v.id = g.vendor_id where v.name = ${VENDORS[0]}`;
  await setLimit(
    world.hub.sql,
    { agentId: trusted(agent.id), gameId: trusted(game?.id) },
    { maxBet: MAX_BET, maxWin: MAX_WIN },
  );
  const seats: WireSeat[] = [];
  for (const shape of simCast([1 + part.below(3)]).players) {
    const username = `wire-${agent.id}-${seats.length}`;
    const { session, player } = await enter(agent, username);
    seats.push({ session, player: { ...shape, id: trusted(Number(player)), username } });
  }
  const play = new WireStudio({
    chance: part.part('studio'),
    seats,
    client: () => fleet.client(studio),
    gameOf: (vendorId) => `${VENDORS[vendorId - 1]}-game`,
  });
  return { agentId: agent.id, site, proxy, play, seats };
}

/** A launch asks the operator for the balance, in a time that a busy machine may miss. */
async function enter(agent: TestAgent, username: string): Promise<{ session: string; player: string }> {
  for (let tries = 1; ; tries++) {
    try {
      return await world.play(agent, studio, { username, vendor: VENDORS[0], balance: 0 });
    } catch (error) {
      if (tries >= LAUNCHES_MAX) throw error;
      await delay(JUMP_MS);
    }
  }
}

/** Things fail while all play; then nothing fails any more, until all is answered and told. */
async function perform(stages: readonly Stage[]): Promise<void> {
  fleet.isFaulty = true;
  let isOver = false;
  const disturbing = disturb(stages, () => isOver);
  const playing = Promise.all(stages.map(({ play }) => play.play(1 + chance.below(2), ACTS_EACH)));
  try {
    await Promise.race([delay(FAULTS_MS), playing]);
  } finally {
    isOver = true;
    await disturbing;
    fleet.isFaulty = false;
  }
  for (const { proxy, site } of stages) {
    proxy.set(FAIR);
    site.fault({});
  }
  const isPlayed = playing.then(() => true);
  while (!(await Promise.race([isPlayed, delay(JUMP_MS, false)]))) await fleet.jump({ askingToo: false });
  await quiet(stages);
  await Promise.all(stages.map(({ play }) => play.askAgain()));
}

async function quiet(stages: readonly Stage[]): Promise<void> {
  const until = performance.now() + QUIET_MS_MAX;
  for (;;) {
    const [left] = await world.hub.sql`select count(*)::int as count from callback`;
    if (left?.count === 0 && stages.every(({ proxy }) => proxy.isClear())) return;
    assert.ok(performance.now() < until, `${left?.count} callbacks are left`);
    await fleet.jump({ askingToo: false });
    await delay(JUMP_MS);
  }
}

/** Operators and their networks on one hand, hubs and their database on the other, until it is over. */
async function disturb(stages: readonly Stage[], isOver: () => boolean): Promise<void> {
  const keepDoing = async (acts: readonly (() => Promise<void> | void)[]) => {
    while (!isOver()) {
      await chance.pick(acts)();
      await delay(chance.below(60));
    }
  };
  const some = () => chance.pick(stages);
  for (const stage of stages) changeWeather(stage);
  await Promise.all([
    keepDoing([
      () => changeWeather(some()),
      () => changeFaults(some()),
      () => some().site.restart(),
      () => fleet.jump({ askingToo: chance.happens(30) }),
    ]),
    keepDoing([() => fleet.replace(), () => fleet.cut(), () => fleet.cut(), () => fleet.hold()]),
  ]);
}

function changeWeather({ proxy }: Stage): void {
  count('weather');
  const rate = () => (chance.happens(50) ? 0 : chance.pick([10, 50, 150]));
  const lateMsMax = chance.pick([100, 300, 600]);
  proxy.set({ cutBefore: rate(), cutAfter: rate(), late: rate(), lateMsMax, isOut: chance.happens(10) });
}

/** What was done and is answered by an error is a bet lost by contract: only messages are answered so. */
function changeFaults({ site }: Stage): void {
  count('operator faults');
  const rate = () => (chance.happens(50) ? 0 : chance.pick([0.05, 0.2]));
  if (chance.happens(50)) site.fault({ errorAfter: rate(), redirect: rate(), delay: rate() }, MESSAGES);
  else site.fault({ delay: rate(), dropBefore: rate(), error: rate(), dropAfter: rate(), oddStatus: rate() });
}

async function judgeStage({ agentId, site, play, seats }: Stage): Promise<void> {
  const { sql } = world.hub;
  judge({
    players: seats.map(({ player }) => player),
    rows: await rowsOf(sql, agentId),
    rounds: await roundsOf(sql, agentId),
    operations: play.operations,
    endings: play.endings,
    opening: OPENING,
    operatorOf: () => site,
    wereListed: new Set(),
    wereResolved: new Set(),
  });
  for (const { status } of site.effects) if (status === 410) count('bets that came after their cancel');
  for (const { answer, type } of play.operations.values()) {
    count('items');
    if (type === 'bet' && answer?.status === 'accepted') count('bets accepted');
    if (answer?.code === 'operator_unavailable') count('operator unavailable');
  }
}

test(`${SCHEDULES} schedules over real connections`, { timeout: 240_000 }, async () => {
  for (let nth = 0; nth < SCHEDULES; nth += TOGETHER) {
    const stages: Stage[] = [];
    const closing: (() => Promise<void>)[] = [];
    try {
      for (let place = 0; place < TOGETHER; place++)
        stages.push(await setStage(chance.part(`schedule ${nth + place}`), closing));
      await perform(stages);
      for (const stage of stages) await judgeStage(stage);
      const report = await audit(world.hub.sql);
      const broken = report.checks.filter(({ ok }) => !ok);
      assert.deepEqual(broken, []);
    } finally {
      for (const { play } of stages) play.stop();
      for (const close of closing.reverse()) await close();
    }
  }
  const all: Record<string, number> = { ...counts, ...fleet.counts };
  process.stdout.write(`seamless wire: ${JSON.stringify(all)}\n`);
  for (const what of [
    'bets accepted',
    'operator unavailable',
    'hubs abandoned',
    'hubs closed',
    'connections cut',
  ])
    assert.ok((all[what] ?? 0) > 0, `${what}: it must happen to prove anything`);
});
