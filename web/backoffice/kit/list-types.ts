/** What a list of the back office is described by. The page, its filters, paging and export follow from it. */
import type { ReactNode } from 'react';
import type { Query } from '../api.ts';
import type { Fact } from './facts.tsx';
import type { Choice } from './fields.tsx';

export interface ListColumn<R> {
  /** The property of the row, and the column of the export. */
  readonly key: string;
  /** Key of its heading. */
  readonly label: string;
  /** money: minor units, in the row's `currency` unless `currency` says which. */
  readonly type: 'text' | 'number' | 'money' | 'instant' | 'flag';
  /** Of an amount, where it isn't the row's `currency`. */
  readonly currency?: (row: R) => string;
  /** An amount that is somebody's result: above zero is green. */
  readonly result?: boolean;
  /** Shown otherwise than by its type. */
  readonly render?: (row: R) => ReactNode;
  /** Names of the API's orders by this column, for the directions there are. */
  readonly order?: { readonly ascending?: string; readonly descending?: string };
  /** Only shown when somebody chooses it. */
  readonly hidden?: boolean;
  /** Not a column of the API's: left out of exports. */
  readonly notExported?: boolean;
}

export type ListFilter =
  | { readonly type: 'text'; readonly key: string; readonly label: string }
  /** A calendar's day, whatever the zone: `2026-11-21`. */
  | { readonly type: 'day'; readonly key: string; readonly label: string }
  | {
      readonly type: 'choice';
      readonly key: string;
      readonly label: string;
      readonly choices: readonly Choice[];
    }
  | { readonly type: 'flag'; readonly key: string; readonly label: string }
  /** `agent` and `player` unless another key is said. */
  | { readonly type: 'agent'; readonly key?: string; readonly label?: string }
  | { readonly type: 'player'; readonly key?: string; readonly label?: string }
  /** Gives the API `from` and `to`. */
  | { readonly type: 'instants' };

/** R: a row as the API answers it. */
export interface ListDescription<R, Totals = unknown> {
  /** Of the API, below /office/v1: the page; `/totals` and `/export` are below it. */
  readonly path: string;
  readonly columns: readonly ListColumn<R>[];
  readonly filters?: readonly ListFilter[];
  /** The order when none is asked for, so that its column shows it; the API's first. */
  readonly standardOrder?: string;
  /** Always asked for, never shown. */
  readonly fixed?: Query;
  /** What tells rows apart; `id` unless said otherwise. */
  readonly rowKey?: (row: R) => string | number;
  /** Where a row leads; null: nowhere. */
  readonly rowLink?: (row: R) => string | null;
  /** Buttons at the end of a row. */
  readonly rowActions?: (row: R) => ReactNode;
  /** Asks the API for totals, and says what is shown of them. */
  readonly totals?: (totals: Totals) => readonly Fact[];
  /** Key of what is said when there are none. */
  readonly empty?: string;
  /** False: the API has no export of it. */
  readonly exported?: boolean;
  /** Read again every so often. */
  readonly everyMs?: number;
}

/** Keys of the address a filter uses. */
export function keysOf(filter: ListFilter): readonly string[] {
  if (filter.type === 'instants') return ['from', 'to'];
  return [filter.key ?? filter.type];
}
