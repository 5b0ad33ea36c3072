/**
 * All pages there are: one line each. A page is fetched when it is opened; the menu shows what the person may see
 * (shell/page.ts says what the fields mean).
 */
import { lazy } from 'react';
import type { Page } from './shell/page.ts';

export const PAGES: readonly Page[] = [
  { path: '/', group: 'start', title: 'start.title', component: lazy(() => import('./start/start.tsx')) },
  {
    path: '/audit',
    group: 'audit',
    title: 'audit.title',
    permission: 'audit',
    component: lazy(() => import('./audit/list.tsx')),
  },
  {
    path: '/people',
    group: 'people',
    title: 'people.title',
    permission: 'people',
    component: lazy(() => import('./people/list.tsx')),
  },
  {
    path: '/people/:userId',
    group: 'people',
    title: 'people.one',
    permission: 'people',
    inMenu: false,
    component: lazy(() => import('./people/one.tsx')),
  },
  { path: '/my', group: 'my', title: 'my.title', component: lazy(() => import('./my/my.tsx')) },
];
