/**
 * Reads which bets have changed at the book. Its rows are hints alone: whoever they are about is looked at, and a row
 * that was missed is made up for by the look that comes anyway.
 */
import { stirred } from './stay.ts';
import type { House } from './steps.ts';

export type FeedState = {
  readTo: number | null;
  failing: { code: string; since: number; tries: number } | null;
};

export type Feed = ReturnType<typeof openFeed>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** How much of an answer covers when nothing was told. */
const COVERED_MS = 2 * DAY_MS;
/** How far behind its own clock it reads up to: a change may be seen later than it is dated. */
const LATE_MS = 60_000;

/** `stir`: a player's bets have changed. */
export function openFeed(house: House, stir: (player: string) => void) {
  const { store, now } = house;
  let failing: FeedState['failing'] = null;

  async function tell(userId: string): Promise<void> {
    const stay = store.stayOfUser(userId);
    if (stay === undefined) return;
    await store.change(stay.player, stirred);
    stir(stay.player);
  }

  return {
    state: (): FeedState => ({ readTo: store.readTo(), failing }),
    async read(): Promise<void> {
      const from = store.readTo() ?? now() - DAY_MS;
      const answer = await house.book.changes(from);
      if (answer.kind !== 'ok') {
        failing = { code: answer.code, since: failing?.since ?? now(), tries: (failing?.tries ?? 0) + 1 };
        return;
      }
      failing = null;
      for (const userId of new Set(answer.value.map((row) => row.userId))) await tell(userId);
      const readTo = answer.value.at(-1)?.at ?? Math.min(from + COVERED_MS, now() - LATE_MS);
      if (readTo > from) await store.markRead(readTo);
    },
  };
}
