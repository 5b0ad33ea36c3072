/**
 * What can go wrong at the market, on demand. A switched-off fault draws no number, so that one seed and one order of
 * calls give one course of events; the pool inside never knows.
 */
import { drawn } from './drift.ts';

/** In the order in which they are drawn, with what each does. */
export const FAULTS = {
  delay: 'waits delayMs, and only then looks at the call',
  down: 'breaks the connection and does nothing',
  error: 'answers 500 and does nothing',
  busy: 'answers 429 and does nothing',
  refuse: 'refuses the order for want of liquidity, whatever is on offer',
  lost: 'does it, then breaks the connection',
  errorAfter: 'does it, then answers 500',
  late: 'does it, and answers delayMs later',
  slow: 'does it, and takes delayMs to write the answer, piece by piece',
  cut: 'does it, then breaks the connection in the middle of the answer',
  garbage: 'does it, then answers 200 with a page in place of JSON',
  moved: 'does it, then answers 302',
  lostBooks: 'does it, then answers 404 with a page',
  stranger: 'does it, then answers about something else',
  tooMuch: 'does it, and tells of more than was asked for',
  duplicate: 'does it, and writes the answer twice',
} as const;
export type Fault = keyof typeof FAULTS;
export const faultNames = Object.keys(FAULTS).filter((name): name is Fault => name in FAULTS);

export const CALLS = ['odds', 'place', 'status', 'orders'] as const;
export type Call = (typeof CALLS)[number];

export interface FaultSettings {
  /** How often each strikes, 0 (off) … 1 (always). */
  readonly rates: Readonly<Record<Fault, number>>;
  readonly delayMs: number;
  readonly seed: number;
  /** Only calls of these kinds; empty = all. */
  readonly only: readonly Call[];
}

export interface FaultSwitches {
  settings(): FaultSettings;
  /** Takes effect with the next call, and begins the seed anew. */
  set(settings: FaultSettings): void;
  /** The faults that strike a call of this kind. */
  draw(call: Call): ReadonlySet<Fault>;
}

export const NO_FAULTS: FaultSettings = {
  rates: Object.fromEntries(faultNames.map((name) => [name, 0])) as Record<Fault, number>,
  delayMs: 6000,
  seed: 1,
  only: [],
};

/**
 * Reads settings as the environment and PUT /admin/faults carry them: {"lost":0.1,"delay":1,"delayMs":3000,"seed":7,
 * "only":["place"]}. What is absent is off. A text says what is wrong.
 */
export function faultSettingsOf(value: unknown): FaultSettings | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'an object is needed';
  const fields = value as Readonly<Record<string, unknown>>;
  const { delayMs = NO_FAULTS.delayMs, seed = 1, only = [], ...rates } = fields;
  for (const [name, rate] of Object.entries(rates)) {
    if (!Object.hasOwn(FAULTS, name)) return `there is no fault ${name}: ${faultNames.join(', ')}`;
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) return `${name} must be 0 … 1`;
  }
  if (!isCount(delayMs) || delayMs > 600_000) return 'delayMs must be 0 … 600000';
  if (!isCount(seed)) return 'seed must be a whole number';
  if (!Array.isArray(only) || !only.every((call) => CALLS.includes(call)))
    return `only must list ${CALLS.join(', ')}`;
  return { rates: { ...NO_FAULTS.rates, ...rates }, delayMs, seed, only };
}

/** As PUT /admin/faults takes them. */
export function faultSettingsBody({ rates, ...rest }: FaultSettings): Readonly<Record<string, unknown>> {
  return { ...rates, ...rest };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const NONE: ReadonlySet<Fault> = new Set();

export function faultSwitches(first: FaultSettings): FaultSwitches {
  let settings = first;
  let draws = 0;
  let switchedOn = onIn(first);
  return {
    settings: () => settings,
    set(next) {
      settings = next;
      draws = 0;
      switchedOn = onIn(next);
    },
    draw(call) {
      const { rates, only, seed } = settings;
      if (switchedOn.length === 0 || (only.length > 0 && !only.includes(call))) return NONE;
      return new Set(switchedOn.filter((name) => drawn(seed, draws++) < rates[name]));
    },
  };
}

const onIn = ({ rates }: FaultSettings) => faultNames.filter((name) => rates[name] > 0);
