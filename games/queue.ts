/** Work done one at a time per key, in order, with a bound on how much may wait. */

export type KeyedQueue = {
  /** Runs the work when all earlier work of the key is done; null when too much waits already. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> | null;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
};

/** A queue with at most `waitingMax` pieces of work per key, the running one included. */
export function keyedQueue(waitingMax: number): KeyedQueue {
  const tails = new Map<string, { done: Promise<unknown>; waiting: number }>();
  return {
    run(key, work) {
      const before = tails.get(key) ?? { done: Promise.resolve(), waiting: 0 };
      if (before.waiting >= waitingMax) return null;
      const result = before.done.then(work);
      const entry = { done: result.catch(() => undefined), waiting: before.waiting + 1 };
      tails.set(key, entry);
      entry.done.then(() => {
        const last = tails.get(key);
        if (last === entry) tails.delete(key);
        else if (last !== undefined) last.waiting -= 1;
      });
      return result;
    },
    async idle() {
      while (tails.size > 0) await Promise.all([...tails.values()].map((entry) => entry.done));
    },
  };
}
