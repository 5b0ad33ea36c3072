/** What somebody who runs the seller looks at: where players' money is, what does not get on, what waits for a person. */
import type { OpenRound } from '../hub-client.ts';
import type { FeedState } from './feed.ts';
import type { Keeper } from './keeper.ts';
import { isEven } from './stay.ts';
import type { Store } from './store.ts';
import type { Trouble } from './troubles.ts';

/** The latest comparison with the hub's report of open rounds. */
export type Compared = { at: number; reported: number; strangers: readonly string[] };

/** No player and no amount is named: this page is public. */
export type Status = {
  status: 'ok' | 'attention';
  /** Stays with something of the player's in them; at the book; on its way. */
  stays: { open: number; holding: number; moving: number };
  /** Steps the hub or the book will not take as they are. */
  stuck: { round: string | null; op: string; code: string; at: number }[];
  /** What is tried again and again. */
  troubles: ({ round: string | null; op: string } & Trouble)[];
  feed: FeedState;
  compared: Compared | null;
};

/** Fewer tries than these are a network's everyday. */
const TRIES_TOLD = 3;

export function statusOf(by: { store: Store; keeper: Keeper; compared: Compared | null }): Status {
  const { store, keeper, compared } = by;
  const counts = { open: 0, holding: 0, moving: 0 };
  const stuck: Status['stuck'] = [];
  const troubles: Status['troubles'] = [];
  for (const stay of store.stays()) {
    if (!isEven(stay)) counts.open += 1;
    if (stay.holds) counts.holding += 1;
    if (stay.step !== null) counts.moving += 1;
    const place = { round: stay.round?.id ?? stay.lastRound, op: stay.step?.op ?? 'look' };
    if (stay.stuck !== null) stuck.push({ ...place, ...stay.stuck });
    const trouble = keeper.trouble(stay.player);
    if (trouble !== null && trouble.tries >= TRIES_TOLD) troubles.push({ ...place, ...trouble });
  }
  const feed = keeper.feed();
  const strange = (compared?.strangers.length ?? 0) > 0;
  const isDeaf = (feed.failing?.tries ?? 0) >= TRIES_TOLD;
  const isOk = stuck.length + troubles.length === 0 && !isDeaf && !strange;
  return { status: isOk ? 'ok' : 'attention', stays: counts, stuck, troubles, feed, compared };
}

/** Rounds the hub holds open and the journal does not know: somebody has to look, nothing is moved by itself. */
export function strangersOf(store: Store, report: readonly OpenRound[]): string[] {
  return report
    .filter(({ round, player }) => store.stay(player)?.round?.id !== round)
    .map(({ round }) => round);
}
