/** What every part of the page has at hand: the engine, the slip's actions, and what the page shows. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Betting } from '../betting.ts';
import type { Book } from '../book.ts';
import { now } from '../clock.ts';
import type { Engine } from '../engine.ts';
import type { Page } from '../page.ts';
import { useStore } from '../store.ts';

export interface AtHand {
  readonly engine: Engine;
  readonly betting: Betting;
}

const AtHandContext = createContext<AtHand | null>(null);
export const AtHandProvider = AtHandContext.Provider;

export function useAtHand(): AtHand {
  const found = useContext(AtHandContext);
  if (found === null) throw new Error('no engine above');
  return found;
}

export function usePage<Picked>(pick: (page: Page) => Picked): Picked {
  return useStore(useAtHand().engine.page, pick);
}

/** What a part of the page behind the door shows. */
export function useBook<Picked>(pick: (book: Book) => Picked): Picked {
  return usePage(({ book }) => {
    if (book === null) throw new Error('no book behind the door');
    return pick(book);
  });
}

/** False: what is shown may be old, nothing should be decided by it. */
export function useFresh(): boolean {
  return usePage(({ line }) => line !== 'lost');
}

// ---- the hub's clock, by the second or coarser ----------------------------------------------------------------

const tickers = new Map<number, (told: () => void) => () => void>();

function tickerOf(stepMs: number): (told: () => void) => () => void {
  const known = tickers.get(stepMs);
  if (known !== undefined) return known;
  const watchers = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = () => {
    timer = watchers.size === 0 ? undefined : setTimeout(tick, stepMs - (now() % stepMs) + 5);
    for (const told of [...watchers]) told();
  };
  const watch = (told: () => void) => {
    watchers.add(told);
    if (timer === undefined) timer = setTimeout(tick, stepMs - (now() % stepMs) + 5);
    return () => watchers.delete(told);
  };
  tickers.set(stepMs, watch);
  return watch;
}

/** The hub's time, in steps. */
export function useNow(stepMs: number): number {
  return useSyncExternalStore(tickerOf(stepMs), () => now() - (now() % stepMs));
}

// ---- the width of the window ----------------------------------------------------------------------------------

function matches(query: string) {
  const list = matchMedia(query);
  return {
    watch: (told: () => void) => {
      list.addEventListener('change', told);
      return () => list.removeEventListener('change', told);
    },
    get: () => list.matches,
  };
}
const wide = matches('(min-width: 960px)');

/** There is room for a column beside the sessions. */
export function useWide(): boolean {
  return useSyncExternalStore(wide.watch, wide.get);
}
