/** Filters, order and place of a list, as they stand in the address: whoever gets the link sees the same. */
import { useSearchParams } from 'react-router';
import { keysOf, type ListFilter } from './list-types.ts';

export type Filled = Readonly<Record<string, string>>;

export interface ListAddress {
  /** Filters that are set, as the API takes them. */
  readonly filled: Filled;
  readonly order: string | undefined;
  readonly cursor: { readonly after?: string; readonly before?: string };
  /** '' takes one off. Leads to the first page. */
  readonly fill: (changes: Filled) => void;
  readonly clear: () => void;
  readonly sort: (order: string) => void;
  readonly turn: (to: { readonly after?: string; readonly before?: string }) => void;
}

const PLACE = ['after', 'before'];

export function useListAddress(filters: readonly ListFilter[]): ListAddress {
  const [search, setSearch] = useSearchParams();
  const keys = filters.flatMap(keysOf);
  const change = (changes: Filled) => {
    setSearch((before) => {
      const next = new URLSearchParams(before);
      for (const key of PLACE) next.delete(key);
      for (const [key, value] of Object.entries(changes)) {
        if (value === '') next.delete(key);
        else next.set(key, value);
      }
      return next;
    });
  };
  const given = (key: string) => {
    const value = search.get(key);
    return value === null || value === '' ? [] : [[key, value] as const];
  };
  return {
    filled: Object.fromEntries(keys.flatMap(given)),
    order: search.get('order') ?? undefined,
    cursor: Object.fromEntries(PLACE.flatMap(given)),
    fill: change,
    clear: () => change(Object.fromEntries(keys.map((key) => [key, '']))),
    sort: (order) => change({ order }),
    turn: (to) => change(Object.fromEntries(Object.entries(to))),
  };
}
