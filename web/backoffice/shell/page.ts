/** What a page of the back office is, and which one is looked at. */
import { type ComponentType, createContext, useContext } from 'react';
import type { Permission } from '../../../src/core/office/roles.ts';

/** The menu, in this order. A group with one page in the menu is an entry, with more it folds. */
export const GROUPS = [
  'start',
  'players',
  'bets',
  'pot',
  'bet_limits',
  'win_limits',
  'agents',
  'pot_requests',
  'inquiries',
  'desk',
  'statistics',
  'callbacks',
  'rounds',
  'rain',
  'catalogue',
  'audit',
  'developer',
  'people',
  'my',
] as const;
export type Group = (typeof GROUPS)[number];

export interface Page {
  /** As a route: `/players/:playerId`. */
  readonly path: string;
  readonly group: Group;
  /** Key of its title. */
  readonly title: string;
  /** What the person must hold to see it; absent: being signed in. */
  readonly permission?: Permission;
  /** Only for the house's staff, or only for agents' people; absent: for both. */
  readonly only?: 'house' | 'agent';
  /** Pages about one thing are reached from their list: not in the menu. */
  readonly inMenu?: boolean;
  readonly component: ComponentType;
}

const PageContext = createContext<Page | null>(null);
export const PageProvider = PageContext.Provider;

/** The page that is looked at. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('this is on no page');
  return page;
}

/** Whether a page is there for somebody. */
export function isFor(
  { permission, only }: Pick<Page, 'permission' | 'only'>,
  who: { readonly permissions: readonly Permission[]; readonly agent: object | null },
): boolean {
  if (only !== undefined && (only === 'house') !== (who.agent === null)) return false;
  return permission === undefined || who.permissions.includes(permission);
}
