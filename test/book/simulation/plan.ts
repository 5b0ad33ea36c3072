/**
 * The plan of one schedule, drawn from its seed: who bets on what, how long things fail, and how often each of them
 * does. Most schedules see a few faults often rather than all of them now and then: that is where the stories are.
 */
import type { HedgeRules } from '../../../src/core/book/types.ts';
import { BATCH_FAULTS, type BatchFault, type Rates } from '../../seamless/simulation/plan.ts';
import type { Chance } from '../../simulation/random.ts';
import { RULES } from '../cast.ts';

/** What can become of a call to K-Rain. */
export const CALL_FAULTS = [
  'unreachable', // not a byte was sent
  'lost_before', // it never arrives, and nothing is heard
  'lost_after', // it is done, and nothing is heard
  'failed_before', // an answer that says nothing, and nothing is done
  'failed_after', // the same, but it is done
  'late', // it arrives long after the hub gave it up
  'twice', // it arrives a second time, later
  'slow', // its answer comes late, but it comes
] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

/** What can become of a request of a page or an operator. */
export const REQUEST_FAULTS = ['lost_request', 'lost_answer', 'doubled'] as const;
export type RequestFault = (typeof REQUEST_FAULTS)[number];

/** What can happen between the steps of a bet. */
export const STEP_FAULTS = ['crash', 'stall'] as const;
export type StepFault = (typeof STEP_FAULTS)[number];

export interface SessionPlan {
  readonly rules: HedgeRules;
  readonly closesMs: number;
  /** From the close to the end of its hours. */
  readonly hoursMs: number;
  /** In order: the first result, then corrections; so long after the end of its hours, or after the one before. */
  readonly results: readonly { readonly result: 'RAIN' | 'NO_RAIN' | 'VOID'; readonly afterMs: number }[];
  /** It is called off while it is being bet on. */
  readonly voidedAtMs: number | null;
}

export interface Plan {
  readonly seed: number;
  readonly nodes: number;
  readonly lanes: number;
  /** Of each operator. */
  readonly players: readonly number[];
  readonly sessions: readonly SessionPlan[];
  readonly tabsPerPlayer: number;
  readonly betsPerTab: number;
  /** Between two bets of a tab, at most. */
  readonly pauseMsMax: number;
  readonly transfersPerPlayer: number;
  /** Until then things fail. */
  readonly faultsMs: number;
  readonly krainMs: number;
  /** What K-Rain's clock is ahead of the database's. */
  readonly skewMs: number;
  /** What K-Rain's makers offer on a side, and how much their odds move. */
  readonly depth: bigint;
  readonly volatility: number;
  readonly quoteEveryMs: number;
  readonly staffEveryMs: number;
  readonly chunk: number;
  readonly call: Rates<CallFault>;
  readonly batch: Rates<BatchFault>;
  readonly step: Rates<StepFault>;
  readonly request: Rates<RequestFault>;
  readonly crashes: readonly { readonly node: number; readonly at: number; readonly downMs: number }[];
}

export function drawPlan(seed: number, chance: Chance): Plan {
  const faultsMs = chance.pick([20_000, 40_000, 90_000]);
  const nodes = chance.pick([1, 2, 2, 3]);
  const isWild = chance.happens(50);
  return {
    seed,
    nodes,
    lanes: chance.pick([1, 2]),
    players: [1 + chance.below(3), chance.below(3)],
    sessions: times(1 + chance.below(3), () => drawSession(chance, faultsMs)),
    tabsPerPlayer: chance.pick([1, 1, 2, 3]),
    betsPerTab: chance.pick([3, 6, 10]),
    pauseMsMax: chance.pick([200, 2000, 8000]),
    transfersPerPlayer: chance.pick([2, 5, 10]),
    faultsMs,
    krainMs: chance.pick([500, 5000, 8000, 20_000]),
    skewMs: chance.pick([0, 0, -2000, 2500]),
    depth: chance.pick([3000n, 20_000n, 1_000_000n]),
    volatility: chance.pick([0, 1, 4]),
    quoteEveryMs: chance.pick([500, 2000]),
    staffEveryMs: chance.pick([0, 2000, 7000]),
    chunk: chance.pick([1, 2, 100]),
    call: drawRates(CALL_FAULTS, chance, isWild ? [40, 150, 350] : [20, 80]),
    batch: drawRates(BATCH_FAULTS, chance, isWild ? [10, 40, 100] : [5, 20]),
    step: drawRates(STEP_FAULTS, chance, isWild ? [20, 80, 200] : [5, 30]),
    request: drawRates(REQUEST_FAULTS, chance, [50, 200]),
    crashes: times(chance.happens(60) ? chance.below(5) : 0, () => ({
      node: chance.below(nodes),
      at: chance.below(faultsMs),
      downMs: chance.pick([0, 50, 3000, 25_000]),
    })),
  };
}

function drawSession(chance: Chance, faultsMs: number): SessionPlan {
  const outcomes = ['RAIN', 'RAIN', 'NO_RAIN', 'NO_RAIN', 'VOID'] as const;
  return {
    rules: chance.pick(RULES),
    closesMs: faultsMs / 4 + chance.below(faultsMs),
    hoursMs: chance.pick([1, 1000, 10_000]),
    results: times(1 + chance.pick([0, 0, 1, 3]), () => ({
      result: chance.pick(outcomes),
      afterMs: chance.pick([0, 20, 500, 5000, 20_000]),
    })),
    voidedAtMs: chance.happens(10) ? chance.below(faultsMs) : null,
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

const times = <T>(count: number, make: (nth: number) => T): T[] =>
  Array.from({ length: count }, (_, nth) => make(nth));
