/**
 * The plan of one schedule, drawn from its seed: who plays, for how long things fail, and how often each of them does.
 * Most schedules see a few faults often rather than all of them now and then: that is where the stories are.
 */
import type { Chance } from '../../simulation/random.ts';
import { SEAMLESS_KRW, SEAMLESS_USD } from './cast.ts';

/** What can become of a call to an operator. */
export const CALL_FAULTS = [
  'unreachable', // not a byte was sent
  'busy', // the hub itself had no room to send it
  'lost_before', // the connection ends, and it never arrives
  'lost_after', // it is done, and the connection ends
  'timeout_before', // it never arrives, and nothing is heard
  'timeout_after', // it is done, and the answer comes too late
  'late', // it arrives long after the hub gave it up
  'refusal', // an answer that says no, and nothing is done
  'odd_after', // it is done, and the answer says nothing of it
  'twice', // the packet arrives a second time, later
] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

/** What can become of a batch of the ledger. */
export const BATCH_FAULTS = [
  'overloaded', // refused, nothing written
  'lost', // nothing written, and nobody knows
  'doubtful', // written, and nobody knows
  'slow', // written, and the node hears of it seconds later
  'crash_before', // the node dies before the commit
  'crash_after', // after the commit, before it has told anybody
  'crash_told', // after deliveries have begun, before anybody is answered
] as const;
export type BatchFault = (typeof BATCH_FAULTS)[number];

/** What can happen between the steps of a question or a delivery. */
export const STEP_FAULTS = ['crash', 'throw', 'stall'] as const;
export type StepFault = (typeof STEP_FAULTS)[number];

/** What can become of a studio's request. */
export const REQUEST_FAULTS = ['lost_request', 'lost_answer', 'doubled'] as const;
export type RequestFault = (typeof REQUEST_FAULTS)[number];

/** In a thousand. */
export type Rates<Fault extends string> = Readonly<Record<Fault, number>>;

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Plan {
  readonly seed: number;
  /** 'reference': the operator is the wallet of sim/operator. */
  readonly wallet: 'naive' | 'reference';
  readonly nodes: number;
  readonly lanes: number;
  /** Of each agent. */
  readonly players: readonly number[];
  readonly tabsPerPlayer: number;
  readonly actsPerTab: number;
  /** Between two acts of a tab, at most. */
  readonly pauseMsMax: number;
  readonly pot: bigint;
  readonly opening: bigint;
  readonly cutoffMs: number;
  /** Until then things fail. */
  readonly faultsMs: number;
  readonly call: Rates<CallFault>;
  /** In a thousand: messages, not bets, that are refused besides. */
  readonly deafness: number;
  readonly batch: Rates<BatchFault>;
  readonly step: Rates<StepFault>;
  readonly request: Rates<RequestFault>;
  /** When an operator is not there; by agent. */
  readonly outages: ReadonlyMap<number, readonly Span[]>;
  /** When an operator ends and begins anew at once. */
  readonly operatorRestarts: readonly number[];
  readonly stops: readonly {
    readonly node: number;
    readonly at: number;
    readonly downMs: number;
    readonly graceful: boolean;
  }[];
  /** In a thousand, of acts. */
  readonly staff: { readonly everyMs: number; readonly resolves: number };
  readonly cashEveryMs: number;
  /** The hub has asked for everybody's balance before the first bet, as a launch does. */
  readonly isLaunched: boolean;
}

const MINUTE_MS = 60_000;

export function drawPlan(seed: number, chance: Chance): Plan {
  const plan = drawUsual(seed, chance);
  return chance.happens(12) ? { ...plan, ...DEAF } : plan;
}

/**
 * One player at an operator that takes bets, some of them slowly, and hardly anything else: what has happened is given
 * up by the dozen, and sent again, while the player plays on at several nodes.
 */
const DEAF: Partial<Plan> = {
  nodes: 3,
  players: [1, 0, 0],
  tabsPerPlayer: 4,
  actsPerTab: 5,
  pauseMsMax: 3000,
  cutoffMs: 1500,
  call: { ...noneOf(CALL_FAULTS), timeout_after: 150 },
  outages: new Map(),
  stops: [],
  deafness: 850,
  staff: { everyMs: 150, resolves: 0 },
};

function drawUsual(seed: number, chance: Chance): Plan {
  const faultsMs = chance.pick([15_000, 40_000, 40_000, 90_000]);
  const nodes = chance.pick([1, 2, 2, 3]);
  const isWild = chance.happens(50);
  return {
    seed,
    wallet: chance.happens(40) ? 'reference' : 'naive',
    nodes,
    lanes: chance.pick([1, 2]),
    players: [1 + chance.below(3), chance.below(3), chance.below(2)],
    tabsPerPlayer: chance.pick([1, 1, 2, 3]),
    actsPerTab: chance.pick([2, 3, 4]),
    pauseMsMax: chance.pick([300, 4000, 12_000]),
    pot: chance.pick([6000n, 100_000n, 100_000n]),
    opening: chance.pick([3000n, 20_000n, 20_000n]),
    cutoffMs: chance.pick([3000, 20_000, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS]),
    faultsMs,
    call: drawRates(CALL_FAULTS, chance, isWild ? [40, 150, 350] : [20, 80]),
    deafness: 0,
    batch: drawRates(BATCH_FAULTS, chance, isWild ? [10, 40, 100] : [5, 20]),
    step: drawRates(STEP_FAULTS, chance, isWild ? [10, 30, 80] : [5, 20]),
    request: drawRates(REQUEST_FAULTS, chance, [50, 200]),
    outages: new Map(
      [SEAMLESS_KRW, SEAMLESS_USD].map((agentId) => [agentId as number, drawOutages(chance, faultsMs)]),
    ),
    operatorRestarts: times(chance.below(4), () => chance.below(faultsMs)),
    stops: times(chance.happens(60) ? chance.below(5) : 0, () => ({
      node: chance.below(nodes),
      at: chance.below(faultsMs),
      downMs: chance.pick([0, 50, 3000, 25_000]),
      graceful: chance.happens(40),
    })),
    staff: { everyMs: chance.pick([0, 300, 1500, 8000]), resolves: chance.pick([0, 300]) },
    cashEveryMs: chance.pick([0, 700, 5000]),
    isLaunched: chance.happens(80),
  };
}

function drawRates<Fault extends string>(
  faults: readonly Fault[],
  chance: Chance,
  rates: readonly number[],
): Rates<Fault> {
  const drawn = faults.map((fault) => [fault, chance.happens(60) ? 0 : chance.pick(rates)] as const);
  return Object.fromEntries(drawn) as Record<Fault, number>;
}

function noneOf<Fault extends string>(faults: readonly Fault[]): Rates<Fault> {
  return Object.fromEntries(faults.map((fault) => [fault, 0])) as Record<Fault, number>;
}

function drawOutages(chance: Chance, faultsMs: number): Span[] {
  return times(chance.happens(35) ? 1 + chance.below(3) : 0, () => {
    const from = chance.below(faultsMs);
    return { from, to: from + chance.pick([300, 4000, 30_000, 120_000]) };
  });
}

const times = <T>(count: number, make: (nth: number) => T): T[] =>
  Array.from({ length: count }, (_, nth) => make(nth));

/** The fault that strikes by these rates; null = none. */
export function strike<Fault extends string>(chance: Chance, rates: Rates<Fault>): Fault | null {
  let drawn = chance.below(1000);
  for (const [fault, rate] of Object.entries(rates) as [Fault, number][]) {
    if (drawn < rate) return fault;
    drawn -= rate;
  }
  return null;
}
