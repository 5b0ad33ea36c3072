/**
 * The hub's time, as far as its answers tell it, so that a wrong clock on this machine cannot skip rows of the feed.
 * Invariant: the estimate is never ahead of the hub, for its `Date` header is older than the moment we read it.
 */
export interface HubClock {
  /** Takes in the `Date` header of an answer. */
  observe(dateHeader: string | undefined): void;
  /** Milliseconds since 1970 at the hub; null before its first answer. */
  nowMs(): number | null;
}

/** `monotonicMs` is a clock that never jumps, such as `performance.now`. */
export function hubClock(monotonicMs: () => number): HubClock {
  let offsetMs: number | null = null;
  return {
    observe(dateHeader) {
      const dateMs = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
      if (Number.isFinite(dateMs)) offsetMs = dateMs - monotonicMs();
    },
    nowMs: () => (offsetMs === null ? null : Math.floor(monotonicMs() + offsetMs)),
  };
}
