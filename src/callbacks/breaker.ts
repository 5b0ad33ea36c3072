/**
 * The circuit breaker of one operator, as a value. Closed: it is asked. Enough unwell answers in a row open it: for a
 * while nothing is sent, each time twice as long. Then one call goes as a probe (half open); its answer decides. Pure:
 * instants are arguments, milliseconds of any clock that only goes forward.
 */
export type Breaker =
  | { readonly state: 'closed'; readonly unwellInRow: number }
  | { readonly state: 'open'; readonly until: number; readonly openMs: number }
  | {
      readonly state: 'half_open';
      readonly probedAt: number;
      readonly isBack: boolean;
      readonly openMs: number;
    };

export interface BreakerLimits {
  /** So many unwell answers in a row open it. */
  readonly unwellMax: number;
  /** How long it stays open at first, and at most. */
  readonly openMs: number;
  readonly openMsMax: number;
  /** A probe that said nothing for so long is taken for lost, and another may go. */
  readonly probeMsMax: number;
}

export const CLOSED: Breaker = { state: 'closed', unwellInRow: 0 };

/** Whether a call may go now. */
export function mayAsk(breaker: Breaker, now: number, { probeMsMax }: BreakerLimits): boolean {
  if (breaker.state === 'closed') return true;
  return breaker.state === 'open' ? now >= breaker.until : now >= breaker.probedAt + probeMsMax;
}

/** After a call that was let through has gone: while it was not closed, that call is the probe. */
export function asked(breaker: Breaker, now: number): Breaker {
  if (breaker.state === 'closed') return breaker;
  return { state: 'half_open', probedAt: now, isBack: false, openMs: breaker.openMs };
}

/** After the call that had gone at `askedAt` has ended: if it was the probe, what is heard next is of it. */
export function ended(breaker: Breaker, askedAt: number): Breaker {
  return breaker.state === 'half_open' && breaker.probedAt === askedAt
    ? { ...breaker, isBack: true }
    : breaker;
}

/** After what came of a call. Being well closes it in any state; until the probe is back, others' ills are old news. */
export function heard(
  breaker: Breaker,
  { unwell, now }: { unwell: boolean; now: number },
  { unwellMax, openMs, openMsMax }: BreakerLimits,
): Breaker {
  if (!unwell) return breaker.state === 'closed' && breaker.unwellInRow === 0 ? breaker : CLOSED;
  if (breaker.state === 'open' || (breaker.state === 'half_open' && !breaker.isBack)) return breaker;
  if (breaker.state === 'closed') {
    const unwellInRow = breaker.unwellInRow + 1;
    return unwellInRow < unwellMax
      ? { state: 'closed', unwellInRow }
      : { state: 'open', until: now + openMs, openMs };
  }
  const longerMs = Math.min(breaker.openMs * 2, openMsMax);
  return { state: 'open', until: now + longerMs, openMs: longerMs };
}
