/** State somebody watches. A component that uses it draws again only when what it picked has become another thing. */
import { useSyncExternalStore } from 'react';

export interface Store<State> {
  get(): State;
  /** Takes the state that follows; the same one tells nobody. */
  turn(next: (state: State) => State): void;
  watch(told: () => void): () => void;
}

export function createStore<State>(first: State): Store<State> {
  let state = first;
  const watchers = new Set<() => void>();
  return {
    get: () => state,
    turn(next) {
      const following = next(state);
      if (following === state) return;
      state = following;
      for (const told of [...watchers]) told();
    },
    watch(told) {
      watchers.add(told);
      return () => watchers.delete(told);
    },
  };
}

export function useStore<State, Picked>(store: Store<State>, pick: (state: State) => Picked): Picked {
  return useSyncExternalStore(store.watch, () => pick(store.get()));
}
