/** A fair share for everyone: so many calls at once, then so many a second. Per node, and forgotten when full again. */

export interface Pace {
  /** 0: go on. Otherwise how many milliseconds to wait. */
  take(who: string | number): number;
}

export interface PaceRule {
  readonly atOnce: number;
  readonly perSecond: number;
}

const KNOWN_MAX = 50_000;

export function createPace(
  { atOnce, perSecond }: PaceRule,
  now: () => number = () => performance.now(),
): Pace {
  /** When each one's share is whole again. */
  const wholeAt = new Map<string | number, number>();
  const costMs = 1000 / perSecond;
  return {
    take(who) {
      const at = now();
      const whole = Math.max(wholeAt.get(who) ?? at, at);
      const waitMs = whole + costMs - at - atOnce * costMs;
      if (waitMs > 0) return Math.ceil(waitMs);
      wholeAt.delete(who);
      wholeAt.set(who, whole + costMs);
      if (wholeAt.size > KNOWN_MAX) forget(wholeAt, at);
      return 0;
    },
  };
}

/** Those whose share is whole again; if all are busy, those that came first. */
function forget(wholeAt: Map<string | number, number>, at: number): void {
  for (const [who, whole] of wholeAt) if (whole <= at) wholeAt.delete(who);
  for (const who of wholeAt.keys()) {
    if (wholeAt.size <= KNOWN_MAX) return;
    wholeAt.delete(who);
  }
}
