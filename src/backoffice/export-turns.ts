/**
 * Exports beside everything else a node does: each person has a few under way, and of the connections to the store they
 * hold a few at a time, however many there are. Whoever asks for too many is told; their reads wait for each other.
 */
import { type Bulkhead, createBulkhead } from '../callbacks/bulkhead.ts';
import type { Sql } from '../db/connect.ts';

export const EXPORTS_A_PERSON = 3;
const READS_AT_ONCE = 3;
/** One read of each export there can be; what has waited so long is broken off. */
const READS_WAITING_MAX = 1000;
const READ_WAIT_MS_MAX = 60_000;

export interface ExportTurns {
  /** The turn, to be given back once; null: the person has as many as there may be. */
  begin(person: string): (() => void) | null;
  /** Reads a page when it is its turn. Rejects when that does not come. */
  read<T>(work: () => Promise<T>): Promise<T>;
}

const ofNodes = new WeakMap<Sql, ExportTurns>();

/** Of this node. */
export function exportTurns(sql: Sql): ExportTurns {
  const found = ofNodes.get(sql) ?? openTurns();
  ofNodes.set(sql, found);
  return found;
}

function openTurns(): ExportTurns {
  const underWay = new Map<string, number>();
  const reads: Bulkhead = createBulkhead({
    inFlightMax: READS_AT_ONCE,
    waitingMax: READS_WAITING_MAX,
    waitMsMax: READ_WAIT_MS_MAX,
  });
  const add = (person: string, by: number) => {
    const count = (underWay.get(person) ?? 0) + by;
    if (count === 0) underWay.delete(person);
    else underWay.set(person, count);
  };
  return {
    begin(person) {
      if ((underWay.get(person) ?? 0) >= EXPORTS_A_PERSON) return null;
      add(person, 1);
      let isOver = false;
      return () => {
        if (!isOver) add(person, -1);
        isOver = true;
      };
    },
    async read(work) {
      if (!(await reads.enter())) throw new Error('the export waited too long for its turn');
      try {
        return await work();
      } finally {
        reads.leave();
      }
    },
  };
}
