/** One schedule from its seed: everything is put together, things fail for a while, then they don't, and all is judged. */
import { inspect } from 'node:util';
import { type Clock, openClock, WORLD } from '../../seamless/simulation/clock.ts';
import { chanceOf } from '../../simulation/random.ts';
import { assertAgrees } from '../agree.ts';
import { type Ground, openGround } from '../cast.ts';
import { judge } from '../judge.ts';
import { closeMarkets, Desk } from './desk.ts';
import { KRain } from './krain.ts';
import { BookNode } from './node.ts';
import { People } from './people.ts';
import { drawPlan, type Plan } from './plan.ts';
import { BookShelf } from './shelf.ts';

export interface Result {
  readonly plan: Plan;
  /** Null: all holds. */
  readonly failure: Error | null;
  readonly events: number;
  /** How often what happened. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of all rows, for a comparison of two runs. */
  readonly digest: string;
}

const CALM_MS_MAX = 10 * 60_000;

interface Stage {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly ground: Ground;
  readonly shelf: BookShelf;
  readonly krain: KRain;
  readonly nodes: readonly BookNode[];
  readonly people: People;
  readonly desk: Desk;
  readonly failure: () => Error | null;
}

/** Runs one schedule. `write` is told every event, in words; without it nothing is put into words. */
export async function runSchedule(
  seed: number,
  write: ((line: string) => void) | null = null,
): Promise<Result> {
  const stage = setStage(seed, write);
  const { plan, clock, ground, shelf, krain, nodes, people, desk } = stage;
  let failure: Error | null = null;
  try {
    await perform(stage);
    const { orders } = krain;
    const { bets, moneys } = people;
    assertAgrees(ground);
    const { store: rows, cast } = ground;
    judge({ rows, players: cast.players, orders, bets, moneys, resultedAt: desk.resultedAt });
  } catch (error) {
    failure = stage.failure() ?? (error as Error);
  }
  const counts = [shelf.counts, krain.counts, desk.counts, ...nodes.map((node) => node.counts)];
  const rows = ground.store.transfers.map(({ id, code, amount }) => `${id}:${code}:${amount}`);
  return { plan, failure, events: clock.events(), counts: added(counts), digest: rows.join() };
}

function setStage(seed: number, write: ((line: string) => void) | null): Stage {
  const chance = chanceOf(seed);
  const plan = drawPlan(seed, chance.part('plan'));
  const clock = openClock(chance.part('clock'));
  const log = (line: () => string) => write?.(`${(clock.now() / 1000).toFixed(3).padStart(8)} ${line()}`);
  const ground = openGround({ players: plan.players, sessions: plan.sessions });
  closeMarkets(ground);
  let failure: Error | null = null;
  const onBug = (error: unknown) => {
    failure ??= error as Error;
  };
  const isFaulty = () => clock.now() < plan.faultsMs;
  const common = { clock, plan, ground, isFaulty, onBug, log };
  const shelf = new BookShelf(common);
  const krain = new KRain({ ...common, chance: chance.part('krain') });
  const nodes = Array.from(
    { length: plan.nodes },
    (_, index) =>
      new BookNode(`n${index + 1}`, { ...common, chance: chance.part(`node${index}`), shelf, krain }),
  );
  const people = new People({ ...common, chance: chance.part('people'), nodes });
  const desk = new Desk({ ...common, chance: chance.part('desk'), shelf, krain });
  write?.(inspect(plan, { breakLength: Number.POSITIVE_INFINITY, depth: 5 }));
  return { plan, clock, ground, shelf, krain, nodes, people, desk, failure: () => failure };
}

async function perform({ plan, clock, ground, krain, nodes, people, desk, failure }: Stage): Promise<void> {
  desk.begin();
  people.begin();
  for (const { node, at, downMs } of plan.crashes) clock.after(at, WORLD, () => nodes[node]!.crash(downMs));
  const isQuiet = () =>
    people.isThrough() &&
    desk.isThrough() &&
    krain.isQuiet() &&
    [...ground.store.sessions.values()].every(({ status }) => status === 'SETTLED' || status === 'VOID');
  await clock.run(() => {
    const broken = failure();
    if (broken !== null) throw broken;
    return clock.now() > plan.faultsMs && isQuiet();
  }, plan.faultsMs + CALM_MS_MAX);
}

function added(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const counts of all)
    for (const [what, count] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + count;
  return sum;
}
