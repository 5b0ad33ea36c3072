/** One schedule from its seed: everything is put together, things fail for a while, then they don't, and all is judged. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { chanceOf } from '../../simulation/random.ts';
import { funding, SEAMLESS_KRW, SEAMLESS_USD, type SimCast, simCast } from './cast.ts';
import { type Clock, openClock } from './clock.ts';
import { judge, judgeStore } from './judge.ts';
import { Network } from './network.ts';
import { SimNode } from './node.ts';
import { drawPlan, type Plan } from './plan.ts';
import { Shelf } from './shelf.ts';
import { Staff } from './staff.ts';
import { SimStudio } from './studio.ts';
import { openOperator, type Packet, type SimOperator } from './wallets.ts';

export interface Result {
  readonly plan: Plan;
  /** Null: all holds. */
  readonly failure: Error | null;
  readonly events: number;
  /** From the last fault to the end, in virtual ms. */
  readonly calmMs: number;
  readonly items: number;
  /** How often what happened. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of all rows, for a comparison of two runs. */
  readonly digest: string;
}

/** Four times the longest pause between two tries. */
const CALM_MS_MAX = 20 * 60_000;

interface Stage {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly cast: SimCast;
  readonly shelf: Shelf;
  readonly operators: ReadonlyMap<string, SimOperator>;
  readonly network: Network;
  readonly nodes: readonly SimNode[];
  readonly studio: SimStudio;
  readonly staff: Staff;
  readonly isFaulty: () => boolean;
  readonly isQuiet: () => boolean;
  readonly failure: () => Error | null;
  readonly onBug: (error: unknown) => void;
}

/** Runs one schedule. `write` is told every event, in words; without it nothing is put into words. */
export async function runSchedule(
  seed: number,
  write: ((line: string) => void) | null = null,
): Promise<Result> {
  const stage = setStage(seed, write);
  const { plan, clock, shelf, operators, network, nodes, studio } = stage;
  let failure: Error | null = null;
  try {
    await perform(stage);
    judgeStage(stage);
  } catch (error) {
    failure = stage.failure() ?? (error as Error);
  }
  for (const operator of operators.values()) operator.close();
  const all = [network.counts, shelf.counts, ...nodes.map((node) => node.counts)];
  return {
    plan,
    failure,
    events: clock.events(),
    calmMs: clock.now() - plan.faultsMs,
    items: studio.operations.size,
    counts: added(all),
    digest: shelf.store.transfers.map(({ id, code, amount }) => `${id}:${code}:${amount}`).join(),
  };
}

function judgeStage(stage: Stage): void {
  const { plan, cast, shelf, studio, operators } = stage;
  const { store, wereListed, wereResolved } = shelf;
  judgeStore(store, { wereResolved });
  judgeKnown(stage);
  judge({
    players: cast.players,
    rows: store.transfers,
    rounds: [...store.rounds.values()],
    operations: studio.operations,
    endings: studio.endings,
    opening: plan.opening,
    operatorOf: ({ agentId }) => operators.get(String(agentId))!,
    wereListed,
    wereResolved,
  });
}

/**
 * What the hub believes a player holds is what the operator says, where nothing was paid there meanwhile, and nobody
 * asked for the balance while another was telling: one node, no cash, nothing settled by hand.
 */
function judgeKnown({ plan, cast, shelf, operators }: Stage): void {
  const { nodes, isLaunched, cashEveryMs, staff } = plan;
  if (nodes > 1 || !isLaunched || cashEveryMs > 0 || staff.everyMs > 0 || shelf.wereListed.size > 0) return;
  for (const { walletId, agentId, username } of cast.players) {
    const { known } = shelf.store.accounts.get(walletId)!;
    if (known !== null)
      assert.equal(known, operators.get(String(agentId))!.balance(username), `${username}: known`);
  }
}

function added(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const counts of all)
    for (const [what, count] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + count;
  return sum;
}

function setStage(seed: number, write: ((line: string) => void) | null): Stage {
  const chance = chanceOf(seed);
  const plan = drawPlan(seed, chance.part('plan'));
  const clock = openClock(chance.part('clock'));
  const log = (line: () => string) => write?.(`${(clock.now() / 1000).toFixed(3).padStart(8)} ${line()}`);
  const cast = simCast(plan.players);
  const shelf = new Shelf({ cast, clock, chance: chance.part('shelf'), log });
  let failure: Error | null = null;
  const onBug = (error: unknown) => {
    failure ??= error as Error;
  };
  const isFaulty = () => clock.now() < plan.faultsMs;
  const operators = new Map(
    [SEAMLESS_KRW, SEAMLESS_USD].map((agentId) => {
      const usernames = cast.players
        .filter((each) => each.agentId === agentId)
        .map(({ username }) => username);
      return [
        String(agentId),
        openOperator({ kind: plan.wallet, usernames, opening: plan.opening }),
      ] as const;
    }),
  );
  const onPut = (packet: Packet, purpose: string) => {
    if (purpose === 'question') assertTurn({ cast, shelf, operators }, packet);
  };
  const common = { clock, plan, isFaulty, onBug, log };
  const network = new Network({ ...common, chance: chance.part('network'), operators, onPut });
  const nodes = Array.from(
    { length: plan.nodes },
    (_, index) =>
      new SimNode(`n${index + 1}`, { ...common, chance: chance.part(`node${index}`), cast, shelf, network }),
  );
  const studio = new SimStudio({
    ...common,
    chance: chance.part('studio'),
    players: cast.players,
    shelf,
    nodes,
  });
  const staff = new Staff({ ...common, chance: chance.part('staff'), cast, shelf, operators, nodes });
  write?.(inspect(plan, { breakLength: Number.POSITIVE_INFINITY, depth: 4 }));
  return {
    plan,
    clock,
    cast,
    shelf,
    operators,
    network,
    nodes,
    studio,
    staff,
    isFaulty,
    onBug,
    failure: () => failure,
    isQuiet: () => studio.isThrough() && network.inFlight() === 0 && shelf.isEmpty(),
  };
}

/** Before a bet is put: the operator has everything older of the player, but for what was given up. */
function assertTurn(
  { cast, shelf, operators }: Pick<Stage, 'cast' | 'shelf' | 'operators'>,
  packet: Packet,
): void {
  const player = cast.players.find(({ username }) => username === packet.username)!;
  const operator = operators.get(String(player.agentId))!;
  for (const { id, code, playerId } of shelf.store.transfers) {
    if (playerId !== player.id || id >= packet.id || code === 20 || code === 23) continue;
    const isOff = shelf.wereListed.has(id) || shelf.wereResolved.has(id);
    if (!isOff && !operator.hasTaken(id)) throw new Error(`bet ${packet.id} is put before ${id} has arrived`);
  }
}

async function perform(stage: Stage): Promise<void> {
  const { plan, clock, cast, shelf, studio, staff, nodes, isQuiet, isFaulty } = stage;
  const office = { name: 'office', delivers: false };
  shelf.commit(funding(cast, { pot: plan.pot, wallet: plan.opening }), office);
  const launched = cast.players.filter(({ isSeamless }) => isSeamless && plan.isLaunched);
  shelf.commit(
    launched.map((player) => ({ kind: 'learn_balance', player, balance: plan.opening })),
    office,
  );
  const run = (isOver: () => boolean) =>
    clock.run(() => {
      const failure = stage.failure();
      if (failure !== null) throw failure;
      return isOver();
    }, plan.faultsMs + CALM_MS_MAX);
  const until = async (work: Promise<void>) => {
    let isDone = false;
    work.then(() => {
      isDone = true;
    }, stage.onBug);
    await run(() => isDone && isQuiet());
  };
  studio.begin();
  staff.begin();
  await run(() => !isFaulty());
  await run(() => nodes.every((node) => node.isUp()) && isQuiet());
  await until(staff.resendAll());
  await until(studio.askAgain());
}
