/** What does not get on: how often it was tried, since when, and how long to wait before the next attempt. */
import type { House } from './steps.ts';

/** `code`: what the latest attempt came to. */
export type Trouble = { code: string; since: number; tries: number };

const TELL_AT_TRY = 5;
const DOUBLINGS_MAX = 20;

export function openTroubles({ log, now }: House, retryMs: { first: number; most: number }) {
  const known = new Map<string, Trouble>();
  return {
    /** Notes an attempt that came to nothing definite; the pause after it in ms. */
    note(player: string, code: string): number {
      const before = known.get(player);
      const tries = (before?.tries ?? 0) + 1;
      known.set(player, { code, since: before?.since ?? now(), tries });
      if (tries === TELL_AT_TRY) log.warn({ code }, 'a stay does not get on; it is tried on');
      return Math.min(retryMs.first * 2 ** Math.min(tries - 1, DOUBLINGS_MAX), retryMs.most);
    },
    end: (player: string): void => void known.delete(player),
    of: (player: string): Trouble | null => known.get(player) ?? null,
  };
}
