/**
 * Permits of one operator: so many calls at once, so many waiting behind them, none for longer than a given time. Who
 * waits is served in the order of arrival. A permit is given back exactly once by whoever got it.
 */
export interface BulkheadLimits {
  readonly inFlightMax: number;
  readonly waitingMax: number;
  readonly waitMsMax: number;
}

export interface Bulkhead {
  /** A permit at once, if there is one. */
  tryEnter(): boolean;
  /** Waits for a permit. False: too many wait already, it took too long, or all were sent away. */
  enter(): Promise<boolean>;
  /** Gives a permit back: to the next who waits. */
  leave(): void;
  /** Sends all away who wait. */
  dismiss(): void;
  inFlight(): number;
  waiting(): number;
}

interface Waiter {
  readonly until: number;
  readonly resolve: (entered: boolean) => void;
}

export function createBulkhead({ inFlightMax, waitingMax, waitMsMax }: BulkheadLimits): Bulkhead {
  let inFlight = 0;
  let waiting: Waiter[] = [];
  let timer: NodeJS.Timeout | undefined;

  /** All wait equally long, so the first is always the next whose time is up. */
  function watch(): void {
    clearTimeout(timer);
    const [first] = waiting;
    if (first !== undefined) timer = setTimeout(expire, Math.max(0, first.until - performance.now()));
  }
  function expire(): void {
    // Timers count whole milliseconds: what is less than one from its end is over.
    const now = performance.now() + 1;
    while (waiting[0] !== undefined && waiting[0].until <= now) waiting.shift()?.resolve(false);
    watch();
  }
  function tryEnter(): boolean {
    if (inFlight >= inFlightMax) return false;
    inFlight += 1;
    return true;
  }
  return {
    tryEnter,
    enter() {
      if (tryEnter()) return Promise.resolve(true);
      if (waiting.length >= waitingMax) return Promise.resolve(false);
      return new Promise((resolve) => {
        waiting.push({ until: performance.now() + waitMsMax, resolve });
        if (waiting.length === 1) watch();
      });
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) {
        inFlight -= 1;
        return;
      }
      next.resolve(true);
      if (waiting.length === 0) clearTimeout(timer);
    },
    dismiss() {
      const sent = waiting;
      waiting = [];
      clearTimeout(timer);
      for (const each of sent) each.resolve(false);
    },
    inFlight: () => inFlight,
    waiting: () => waiting.length,
  };
}
