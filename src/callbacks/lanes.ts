/**
 * Lanes of play: what is asked for one player on this node goes one after another; different players don't wait for
 * each other. Bounded, in all and for one player: beyond it work is refused as overloaded and nothing has happened.
 */
import type { PlayerId } from '../core/ids.ts';
import { LedgerFault } from '../engine/ledger-writer.ts';

const WAITING_MAX = 20_000;
const WAITING_PER_PLAYER_MAX = 500;

export interface Lanes {
  /** Runs the work behind what the player has under way. */
  run<T>(playerId: PlayerId, work: () => Promise<T>): Promise<T>;
  /** Work that waits or is under way. */
  waiting(): number;
}

interface Lane {
  tail: Promise<unknown>;
  waiting: number;
}

export function openLanes(): Lanes {
  const lanes = new Map<PlayerId, Lane>();
  let waiting = 0;
  return {
    async run(playerId, work) {
      const lane = lanes.get(playerId) ?? { tail: Promise.resolve(), waiting: 0 };
      if (waiting >= WAITING_MAX || lane.waiting >= WAITING_PER_PLAYER_MAX)
        throw new LedgerFault('overloaded');
      lanes.set(playerId, lane);
      lane.waiting += 1;
      waiting += 1;
      const done = lane.tail.then(work);
      lane.tail = done.catch(() => {});
      try {
        return await done;
      } finally {
        waiting -= 1;
        lane.waiting -= 1;
        if (lane.waiting === 0) lanes.delete(playerId);
      }
    },
    waiting: () => waiting,
  };
}
