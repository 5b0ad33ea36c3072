/** What can be wrong with a weather source, by switches. Each spoils so many answers, or all until it is taken back. */

export const FAULTS = [
  'status_500',
  'status_429',
  'slow', // answers after `slowMs`
  'hang', // never
  'cut', // the connection ends in the middle of the body
  'null_hours', // hours that are over are unknown
  'missing_hours', // every third one is left out
  'garbage', // not JSON
  'html', // a proxy's page, with status 200
  'wrong_unit', // inches
  'local_time', // not UTC
  'short_list', // one value less than there are times
] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultWish {
  readonly fault: Fault;
  /** null: until it is taken back. */
  readonly times: number | null;
  readonly slowMs: number;
}

export interface Faults {
  set(wish: FaultWish | null): void;
  /** The fault of the next answer, if it has one. */
  next(): FaultWish | null;
}

const SLOW_MS = 15_000;

export function createFaults(): Faults {
  let wish: FaultWish | null = null;
  return {
    set(next) {
      wish = next;
    },
    next() {
      const now = wish;
      if (now !== null && now.times !== null) wish = now.times > 1 ? { ...now, times: now.times - 1 } : null;
      return now;
    },
  };
}

/** Reads {"fault":"slow","times":3,"slowMs":2000}; {"fault":null} takes it back. Throws a text that says what is wrong. */
export function parseFault(value: unknown): FaultWish | null {
  const { fault: name, times = null, slowMs = SLOW_MS } = (value ?? {}) as Record<string, unknown>;
  if (name === null) return null;
  const fault = FAULTS.find((each) => each === name);
  if (fault === undefined) throw new RangeError(`fault must be null or one of ${FAULTS.join(', ')}`);
  if (times !== null && !isWhole(times, 1))
    throw new RangeError('times must be a whole number above 0, or null');
  if (!isWhole(slowMs, 0)) throw new RangeError('slowMs must be a whole number');
  return { fault, times, slowMs };
}

export function isWhole(value: unknown, min: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min;
}
