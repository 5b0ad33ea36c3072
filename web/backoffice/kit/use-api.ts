/** Reading from the hub: `useApi('/players/12')`. What is acted upon is read again by itself. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, type Query, Refused } from '../api.ts';

export interface Reading<Answer> {
  readonly data: Answer | undefined;
  /** Of the last try; there may be older data beside it. */
  readonly error: Refused | null;
  /** Nothing has come yet. */
  readonly isPending: boolean;
  readonly isFetching: boolean;
  readonly refetch: () => void;
}

export interface ReadingOptions {
  /** Read again every so often, while the page is looked at. */
  readonly everyMs?: number | undefined;
  /** Show what was there until the next is. */
  readonly keep?: boolean | undefined;
}

/** Null as path: nothing is read. */
export function useApi<Answer>(
  path: string | null,
  query: Query = {},
  options: ReadingOptions = {},
): Reading<Answer> {
  const { everyMs, keep } = options;
  const { data, error, isPending, isFetching, refetch } = useQuery<Answer>({
    queryKey: ['api', path, query],
    enabled: path !== null,
    queryFn: ({ signal }) => get<Answer>(path ?? '', query, signal),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  });
  const refused = error instanceof Refused ? error : null;
  return { data, error: refused ?? faultOf(error), isPending, isFetching, refetch: () => void refetch() };
}

function faultOf(error: Error | null): Refused | null {
  return error === null ? null : new Refused({ code: 'internal', status: 0, detail: error.message });
}

/** Reads everything anew that is on the screen. */
export function useRefresh(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['api'] });
}
