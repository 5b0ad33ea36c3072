/**
 * A bounded memory of what the database said. Misses of one key share one load. `clear` also voids loads under way,
 * so that an answer from before a change is never kept after it.
 */
export interface Cache<Key, Value> {
  get(key: Key): Promise<Value>;
  clear(): void;
}

export interface CacheOptions {
  readonly sizeMax: number;
  /** How long an answer is good; asked at each use, since it depends on whether changes are being told. */
  readonly ttlMs: () => number;
  /** False = this answer is not kept (something not found may appear any moment). */
  readonly keep?: (value: unknown) => boolean;
}

interface Entry<Value> {
  readonly value: Promise<Value>;
  readonly loadedAt: number;
}

export function createCache<Key, Value>(
  load: (key: Key) => Promise<Value>,
  options: CacheOptions,
): Cache<Key, Value> {
  let entries = new Map<Key, Entry<Value>>();
  return {
    get(key) {
      const known = entries.get(key);
      if (known !== undefined && performance.now() - known.loadedAt < options.ttlMs()) return known.value;
      const mine = entries;
      const entry = { value: load(key), loadedAt: performance.now() };
      mine.delete(key);
      mine.set(key, entry);
      if (mine.size > options.sizeMax) mine.delete(mine.keys().next().value as Key);
      const forget = () => mine.get(key) === entry && mine.delete(key);
      entry.value.then((value) => options.keep?.(value) === false && forget(), forget);
      return entry.value;
    },
    clear() {
      entries = new Map();
    },
  };
}
